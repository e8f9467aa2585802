"""What a run has read is kept in the user's cache folder, so that the next one reads only what has changed since.

A page is taken from there when its bytes, those of every file it includes, the configuration and the code that read it
are the same as then, and Sphinx had nothing to say about it: what it says it says only while it reads. Times of files
count for nothing: a file that is moved or unpacked brings an old one along.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Set
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import platformdirs
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinxcontrib_designnote.outputs.files import write_atomically

_RECORD = 'designnote-read.json'
_UNUSED_SECONDS = 30 * 24 * 3600


class Kept:
    """The folder of doctrees of a run, and which pages in it can be relied on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: The pages that were read, in this run.
        self.read: tuple[str, ...] = ()
        self._started = time.time_ns()
        self._code = ''
        self._before: dict[str, Any] = {}

    def connect(self, app: Sphinx) -> None:
        """Have *app* read again what cannot be relied on; from now on the run must end well."""
        self._before = _take_record(self.folder / _RECORD)
        self._code = _code_of(app)
        app.connect('env-get-outdated', self._outdated)
        app.connect('env-before-read-docs', self._note_what_is_read)

    def keep(self, env: BuildEnvironment, spoken_of: Collection[str]) -> None:
        """Remember what the run has read, unless it changed meanwhile.

        :param spoken_of: paths, relative to the sources, about which Sphinx said something.
        """
        pages = {}
        for docname in env.all_docs:
            files = _files_of(env, docname)
            shown = {os.path.relpath(file, env.srcdir).replace(os.sep, '/') for file in files}
            digest = _digest_of(files, before=self._started)
            if digest and shown.isdisjoint(spoken_of):
                pages[docname] = digest
        record = {'code': self._code, 'pages': dict(sorted(pages.items()))}
        with contextlib.suppress(OSError):
            write_atomically(self.folder / _RECORD, json.dumps(record).encode())

    def _outdated(
        self, app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
    ) -> list[str]:
        if self._before.get('code') != self._code:
            return sorted(env.found_docs)
        pages = self._before.get('pages', {})
        known = sorted(env.found_docs - added)
        return [docname for docname in known if pages.get(docname) != _digest_of(_files_of(env, docname))]

    def _note_what_is_read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        self.read = tuple(docnames)


@contextlib.contextmanager
def kept_doctrees(srcdir: Path, scratch: Path, *, enabled: bool) -> Iterator[Kept]:
    """Yield the folder of what earlier runs have read of *srcdir*.

    It is *scratch* where that is not *enabled*, where the cache folder cannot be used, and while another run uses it.
    """
    with contextlib.ExitStack() as stack:
        folder = scratch
        if enabled:
            with contextlib.suppress(OSError):
                folder = _take(srcdir, stack) or scratch
        yield Kept(folder)


def _take(srcdir: Path, stack: contextlib.ExitStack) -> Path | None:
    root = platformdirs.user_cache_path('designnote', appauthor=False)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform != 'win32' and root.stat().st_uid != os.getuid():
        return None  # what somebody else has pickled is code of theirs
    _drop_unused(root)
    name = hashlib.sha256('\0'.join((str(srcdir), *_versions())).encode('utf-8', 'surrogatepass')).hexdigest()[:24]
    lock = root / f'{name}.lock'
    file = stack.enter_context(lock.open('ab'))
    if not _lock(file):
        return None
    os.utime(lock)
    folder = root / name
    folder.mkdir(exist_ok=True)
    return folder


def _lock(file: IO[bytes]) -> bool:
    """Take the lock that *file* stands for, until it is closed or the process ends; never waits."""
    try:
        if sys.platform == 'win32':
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _drop_unused(root: Path) -> None:
    """Delete what no run has used for a month."""
    for lock in root.glob('*.lock'):
        if time.time() - lock.stat().st_mtime > _UNUSED_SECONDS and lock.with_suffix('').is_dir():
            with lock.open('ab') as file:
                if _lock(file):
                    shutil.rmtree(lock.with_suffix(''), ignore_errors=True)


def _take_record(path: Path) -> dict[str, Any]:
    """Read and delete the record: a run that does not end well leaves none, and nothing is relied on then."""
    try:
        record = json.loads(path.read_bytes())
        path.unlink()
    except (OSError, ValueError, RecursionError):
        return {}
    is_record = isinstance(record, dict) and isinstance(record.get('pages'), dict)
    return record if is_record else {}


def _versions() -> Iterator[str]:
    """Yield what decides whether a pickle can be read, and what is read from a page."""
    yield platform.python_version()
    for name in ('sphinx', 'docutils', 'myst-parser'):
        yield metadata.version(name)
    package = Path(__file__).parent.parent  # while somebody works on it, its version says nothing
    yield from _stamps(path for path in package.rglob('*') if path.suffix in ('.py', '.toml'))


def _code_of(app: Sphinx) -> str:
    """Return a digest of the configuration and of the code, besides ours, that takes part in reading a page.

    Of code that is installed the version tells; what stands beside ``conf.py`` changes from one run to the next.
    """
    confdir = Path(app.confdir)
    conf = confdir / 'conf.py'
    parts = [hashlib.sha256(conf.read_bytes()).hexdigest() if conf.is_file() else '']
    parts += sorted(f'{extension.name} {extension.version}' for extension in app.extensions.values())
    extensions = (sys.modules.get(name) for name in app.extensions)
    files = {module.__file__ for module in extensions if module is not None and module.__file__}
    root = next((each for each in (confdir, *confdir.parents) if (each / '.git').exists()), confdir.parent)
    loaded = (getattr(module, '__file__', None) for module in tuple(sys.modules.values()))
    paths = (Path(file) for file in loaded if file)
    files |= {str(path) for path in paths if path.is_relative_to(root) and 'site-packages' not in path.parts}
    parts += _stamps(Path(file) for file in files)
    return hashlib.sha256('\0'.join(parts).encode('utf-8', 'surrogatepass')).hexdigest()


def _stamps(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append(f'{path} {status.st_mtime_ns} {status.st_size}')
    return sorted(found)


def _files_of(env: BuildEnvironment, docname: str) -> list[Path]:
    """Return the page's file, and those that were read with it."""
    others = sorted(str(name) for name in env.dependencies.get(docname, ()))
    return [Path(env.doc2path(docname)), *(Path(env.srcdir, name) for name in others)]


def _digest_of(files: Iterable[Path], before: int | None = None) -> str:
    """Return a digest of what *files* hold; empty where one has changed since *before* (nanoseconds)."""
    digest = hashlib.sha256()
    for path in files:
        try:
            content = path.read_bytes()
            status = path.stat()
        except OSError:
            digest.update(b'-')
            continue
        if before is not None and max(status.st_mtime_ns, status.st_ctime_ns) >= before:
            return ''
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
