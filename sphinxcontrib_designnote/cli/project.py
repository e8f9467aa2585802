"""Which project a path belongs to, and what its ``conf.py`` says."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util.tags import Tags

from sphinxcontrib_designnote.cli.exits import UsageError
from sphinxcontrib_designnote.conf_values import CONFIG_VALUES
from sphinxcontrib_designnote.config import Settings
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule

PAGE_SUFFIXES = ('.md', '.rst')
_CONF = 'conf.py'
#: Folders that hold no notes of anybody; neither do those whose name begins with a dot, and virtual environments.
_SKIPPED = frozenset({'_build', 'node_modules', '__pycache__', 'venv', 'site-packages'})


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A project to read, and what of it was asked for."""

    srcdir: Path
    #: It is a Sphinx project; else a folder with pages.
    has_conf: bool
    #: Pages that were named, relative to *srcdir*; ``None`` for all.
    files: frozenset[str] | None = None
    #: Pages that are notes because they were named, where there is no ``conf.py`` that says which are.
    notes: frozenset[str] = frozenset()

    @property
    def prefix(self) -> str:
        """What stands before a path of the project when it is shown: nothing, or it ends with a slash."""
        return '' if self.srcdir == Path.cwd() else f'{shown(self.srcdir)}/'


def shown(path: Path) -> str:
    """Return a path as a person would write it here."""
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


def targets_of(paths: Sequence[str], *, notes_only: bool = False) -> list[Target]:
    """Return the projects that *paths* belong to, in the order in which they are named.

    :param notes_only: a page is no note because it is named.
    :raises UsageError: when a path does not exist.
    """
    whole: dict[Path, Target] = {}
    named: dict[Path, set[Path]] = {}
    loose: list[Path] = []
    for written in paths:
        path = Path(written).resolve()
        if path.is_dir():
            whole[path] = Target(srcdir=path, has_conf=(path / _CONF).is_file())
        elif not path.exists():
            raise UsageError(f'{written!r} does not exist')
        elif (conf := find_conf(path.parent)) is not None:
            named.setdefault(conf, set()).add(path)
        else:
            loose.append(path)
    common = Path(os.path.commonpath([path.parent for path in loose])) if loose else Path()
    for path in loose:
        named.setdefault(path.parent if is_wide(common) else common, set()).add(path)
    parts = [_part(folder, files, notes_only) for folder, files in named.items() if folder not in whole]
    return [*whole.values(), *parts]


def _part(folder: Path, files: Iterable[Path], notes_only: bool) -> Target:
    pages = _relative(files, folder)
    has_conf = (folder / _CONF).is_file()
    return Target(srcdir=folder, has_conf=has_conf, files=pages, notes=frozenset() if notes_only else pages)


def _relative(files: Iterable[Path], folder: Path) -> frozenset[str]:
    return frozenset(file.relative_to(folder).as_posix() for file in files)


def find_conf(folder: Path) -> Path | None:
    """Return the nearest folder, from *folder* upwards and within the repository, that has a ``conf.py``."""
    for above in (folder, *folder.parents):
        if (above / _CONF).is_file():
            return above
        if (above / '.git').exists():
            return None
    return None


def is_wide(folder: Path) -> bool:
    """Whether a folder holds the whole home of somebody: what stands below it is no project."""
    return Path.home().is_relative_to(folder)


def pages_below(folder: Path, *, deep: bool = True) -> tuple[list[str], list[str]]:
    """Return the pages of a folder, sorted, and the folders in it that are left out, both relative to it."""
    pages: list[str] = []
    skipped: list[str] = []
    for where, folders, names in os.walk(folder):
        here = Path(where)
        left_out = [name for name in folders if not deep or _is_skipped(here / name)]
        skipped += [(here / name).relative_to(folder).as_posix() for name in left_out]
        folders[:] = sorted(set(folders).difference(left_out))
        pages += [(here / name).relative_to(folder).as_posix() for name in names if name.endswith(PAGE_SUFFIXES)]
    return sorted(pages), sorted(skipped)


def _is_skipped(folder: Path) -> bool:
    """Whether a folder holds no notes: packages, environments, hidden things, and the report of an earlier run.

    A link may lead back to where it stands, or out of the folder; Sphinx would follow it.
    """
    holds = ('pyvenv.cfg', 'designnote.json')
    hidden = folder.name in _SKIPPED or folder.name.startswith('.') or folder.is_symlink()
    return hidden or any((folder / name).exists() for name in holds)


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Send to the standard error what the project's own code prints: the standard output is what the command says."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


@aside()
def read_settings(confdir: Path) -> Settings:
    """Return what the ``conf.py`` of a folder says about design notes. Runs it; loads no extension.

    :raises UsageError: when there is a mistake in it.
    """
    try:
        return Settings.from_config(_read_config(confdir), confdir)
    except SphinxError as error:
        raise UsageError(one_line(error)) from None


@aside()
def baseline_of(confdir: Path) -> str:
    """Return the name that ``conf.py`` gives to the baseline, which need not be there yet; empty for none.

    :raises UsageError: when there is a mistake in it.
    """
    try:
        name = _read_config(confdir).designnote_baseline
    except SphinxError as error:
        raise UsageError(one_line(error)) from None
    return name if isinstance(name, str) else ''


def settings_of_project(folder: str | None) -> Settings | None:
    """Return what the project says to which *folder* belongs; nothing where it belongs to none.

    :raises UsageError: when there is no such folder, or a mistake in ``conf.py``.
    """
    if folder is None:
        return None
    if not Path(folder).is_dir():
        raise UsageError(f'--project: {folder!r} is no folder')
    confdir = find_conf(Path(folder).resolve())
    return read_settings(confdir) if confdir is not None else None


def rules_of(folder: str | None) -> tuple[Rule, ...]:
    """Return the rules of the project to which *folder* belongs; those that ship where there is none."""
    settings = settings_of_project(folder)
    return RULES if settings is None else settings.rules.rules


def _read_config(confdir: Path) -> Config:
    config = Config.read(confdir, overrides={}, tags=Tags())
    for value in CONFIG_VALUES:
        config.add(value.name, value.default, value.rebuild, value.types)
    return config


def one_line(error: Exception) -> str:
    """Return what an error says, on one line; of a traceback only where it ends."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    if any(line.startswith('Traceback') for line in lines):
        lines = [lines[0], lines[-1]]
    return ' '.join(' '.join(lines).split()) or type(error).__name__
