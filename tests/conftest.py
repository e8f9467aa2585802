"""Builds of small projects, in this process, for tests that need Sphinx."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import pytest
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.store.domain import DesignNoteDomain

_COLOURS = re.compile(r'\x1b\[[0-9;]*m')
_WARNING = re.compile(r'(?P<where>.*?)(?:WARNING|ERROR|CRITICAL|SEVERE): (?P<message>.*)')

#: ``conf.py`` of every project, unless the test says otherwise.
CONF: Mapping[str, object] = {
    'project': 'Serving',
    'extensions': ['myst_parser', 'sphinxcontrib_designnote'],
    'myst_enable_extensions': ['colon_fence'],
    'html_theme': 'basic',
    'exclude_patterns': ['_*'],
    'suppress_warnings': ['toc.not_included'],
}


@dataclass(kw_only=True)
class Built:
    """A project after a build."""

    root: Path
    app: Sphinx
    #: ``path:line: message [type]`` in the order in which they were raised; the path relative to the source directory.
    warnings: list[str]
    #: What the build printed.
    output: str
    _conf: dict[str, object] = field(default_factory=dict)

    @property
    def srcdir(self) -> Path:
        """Where the sources are."""
        return Path(self.app.srcdir)

    @property
    def outdir(self) -> Path:
        """Where the output is."""
        return Path(self.app.outdir)

    @property
    def domain(self) -> DesignNoteDomain:
        """The domain ``dn``."""
        return cast('DesignNoteDomain', self.app.env.get_domain('dn'))

    @property
    def notes(self) -> dict[str, Note]:
        """Page name to what the page states."""
        return dict(sorted(self.domain.notes.items()))

    @property
    def note(self) -> Note:
        """What the only page that states anything states."""
        (note,) = self.notes.values()
        return note

    def items(self, *kinds: str) -> list[Item]:
        """All items (of *kinds*), by page and then as they stand on it."""
        return [item for note in self.notes.values() for item in note.items if not kinds or item.kind in kinds]

    def item(self, kind: str) -> Item:
        """The only item of *kind*."""
        (item,) = self.items(kind)
        return item

    def read(self, name: str) -> str:
        """Text of a file of the output."""
        return (self.outdir / name).read_text('utf-8')

    def again(
        self, files: Mapping[str, str | bytes | None] | None = None, builder: str | None = None, **changes: Any
    ) -> Built:
        """Build once more where this build left off; a file that is ``None`` is deleted."""
        conf = self._conf | changes.pop('conf', {})
        return run_sphinx(self.root, files or {}, builder or self.app.builder.name, conf, **changes)


class BuildProject(Protocol):
    """The type of the fixtures below."""

    def __call__(
        self,
        files: Mapping[str, str | bytes] | str,
        builder: str = ...,
        *,
        conf: Mapping[str, object] = ...,
        **how: Any,
    ) -> Built: ...


def run_sphinx(
    root: Path,
    files: Mapping[str, str | bytes | None],
    builder: str,
    conf: Mapping[str, object],
    *,
    parallel: int = 1,
    tags: Sequence[str] = (),
    fresh: bool = False,
    only: Sequence[str] = (),
) -> Built:
    """Write *files* below ``root/src`` and build them, or *only* some of them, into ``root/BUILDER``."""
    srcdir, outdir = root / 'src', root / builder
    srcdir.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = srcdir / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode('utf-8', 'surrogatepass'))
    lines = [f'{name} = {value!r}' for name, value in conf.items() if name != 'code']
    (srcdir / 'conf.py').write_text('\n'.join([*lines, str(conf.get('code', '')), '']), 'utf-8')
    status, warning = io.StringIO(), io.StringIO()
    # Labels such as "Note:" stay in the language of the project before, unless their translations are dropped.
    locale.translators.clear()
    # Without the namespace the short names of one project would be "another extension's" in the next.
    with patch_docutils(str(srcdir)), docutils_namespace():
        app = Sphinx(
            srcdir,
            srcdir,
            outdir,
            root / 'doctrees',
            builder,
            status=status,
            warning=warning,
            parallel=parallel,
            tags=tags,
            freshenv=fresh,
        )
        app.build(filenames=[srcdir / name for name in only])
    printed = _COLOURS.sub('', warning.getvalue())
    return Built(
        root=root, app=app, warnings=list(_warnings(printed, srcdir)), output=_COLOURS.sub('', status.getvalue()),
        _conf=dict(conf),
    )  # fmt: skip


def _warnings(printed: str, srcdir: Path) -> Iterator[str]:
    found: list[str] = []
    for line in printed.replace(f'{srcdir}/', '').splitlines():
        match = _WARNING.match(line)
        if match is not None:
            found.append(match['where'] + match['message'])
        elif found and line.strip():
            found[-1] += '\n' + line
    yield from found


def _project(
    root: Path, files: Mapping[str, str | bytes] | str, builder: str, conf: Mapping[str, object], how: Any
) -> Built:
    pages: Mapping[str, str | bytes] = {'index.rst': files} if isinstance(files, str) else files
    if not {'index.rst', 'index.md'} & pages.keys():
        pages = {'index.rst': 'Home\n====\n', **pages}
    return run_sphinx(root, pages, builder, {**CONF, **conf}, **how)


@pytest.fixture
def build(tmp_path: Path) -> BuildProject:
    """Build *files* (a text is ``index.rst``) with *builder*; each call is a project of its own."""
    count = 0

    def build_project(
        files: Mapping[str, str | bytes] | str,
        builder: str = 'dummy',
        *,
        conf: Mapping[str, object] | None = None,
        **how: Any,
    ) -> Built:
        nonlocal count
        count += 1
        return _project(tmp_path / f'project-{count}', files, builder, conf or {}, how)

    return build_project


@pytest.fixture(scope='module')
def build_once(tmp_path_factory: pytest.TempPathFactory) -> BuildProject:
    """As ``build``, for projects that all tests of a module only look at."""

    def build_project(
        files: Mapping[str, str | bytes] | str,
        builder: str = 'dummy',
        *,
        conf: Mapping[str, object] | None = None,
        **how: Any,
    ) -> Built:
        return _project(tmp_path_factory.mktemp('project'), files, builder, conf or {}, how)

    return build_project
