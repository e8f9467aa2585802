"""Whatever happened before: a build leaves what a clean build of the same sources leaves, byte for byte.

``HYPOTHESIS_PROFILE=nightly`` runs many and long histories, other ones each time.
"""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from sphinxcontrib_designnote.store.written import FILE_NAME
from tests.conftest import CONF, Built, run_sphinx
from tests.properties.interruption import Interruption, break_off, interruptions
from tests.properties.sources import FILES, FIXED, NAMES, READ_WITH, VALUES, Page, choice, first, pages

#: Few and always the same ones: each step builds a project, and mostly a clean one beside it. None is made smaller.
FEW = settings(
    max_examples=6,
    stateful_step_count=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NIGHTLY = settings(
    FEW,
    max_examples=100,
    stateful_step_count=40,
    derandomize=False,
    phases=[Phase.generate, Phase.shrink],
    print_blob=True,
)
_BODY = re.compile(rb'<div class="body" role="main">.*<div class="sphinxsidebar"', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class How:
    """How a project is built."""

    builder: str
    jobs: int
    interruption: Interruption | None


#: Builder to how the files end that it writes of pages.
BUILDERS = {'html': '.html', 'designnote': '.json', 'text': '.txt'}


def _builds(builder: str) -> st.SearchStrategy[How]:
    return st.builds(How, builder=st.just(builder), jobs=st.sampled_from((1, 2)), interruption=st.none())


def _broken_off(builder: str) -> st.SearchStrategy[How]:
    """Builds in one process: with two, nobody knows how far the other one is."""
    interruption = interruptions(BUILDERS[builder], FILE_NAME)
    return st.builds(How, builder=st.just(builder), jobs=st.just(1), interruption=interruption)


BROKEN_OFF = st.sampled_from(sorted(BUILDERS)).flatmap(_broken_off)
COMPLETE = st.sampled_from(sorted(BUILDERS)).flatmap(_builds)
HOW = COMPLETE | COMPLETE | BROKEN_OFF


class Builds(RuleBasedStateMachine):
    """A project, and what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name)
        self.srcdir = self.root / 'src'
        self.sources: dict[str, str] = {**FIXED, **first(FILES)}
        self.conf = first(VALUES)
        #: Sources and configuration as they were built last, and before they became that.
        self.last = self.before = self.sources, self.conf
        #: What differs from what is on disk.
        self.changes: dict[str, str | None] = dict(self.sources)
        self.clean: dict[object, Mapping[str, object]] = {}

    def teardown(self) -> None:
        """Look at what there is at last, whatever the last builds came to."""
        for builder in ('designnote', 'html'):
            self.build(How(builder=builder, jobs=1, interruption=None))
        assert_loads_alone(self.root / 'doctrees' / 'environment.pickle')
        self._folder.cleanup()

    @rule(how=HOW)
    def build_again(self, how: How) -> None:
        self.build(how)

    @rule(how=HOW)
    def take_back(self, how: How) -> None:
        """What the last change has changed is as it was before it."""
        sources, self.conf = self.before
        for path in self.sources.keys() | sources.keys():
            self.change(path, sources.get(path))
        self.build(how)

    @rule(to=choice({name: {**FILES, **VALUES}[name] for name in READ_WITH}), broken_off=BROKEN_OFF, how=COMPLETE)
    def change_in_vain(self, to: tuple[str, Any], broken_off: How, how: How) -> None:
        self.build(how)
        if to[0] in FILES:
            self.change_file(to, broken_off)
        else:
            self.configure(to, broken_off)
        self.take_back(how)

    @rule(path=st.sampled_from(sorted(FIXED)), how=HOW)
    def build_one_page(self, path: str, how: How) -> None:
        self.run(how, only=[path])

    @rule(name=st.sampled_from(NAMES), page=pages(), how=HOW)
    def write_page(self, name: str, page: Page, how: How) -> None:
        for path in self.note_files():
            if path.rpartition('.')[0] == name:
                self.change(path, None)
        self.change(f'{name}.{page.suffix}', page.text())
        self.build(how)

    @precondition(lambda self: self.note_files())
    @rule(at=st.integers(0, len(NAMES) - 1), how=HOW)
    def delete_page(self, at: int, how: How) -> None:
        self.change(self.note_file(at), None)
        self.build(how)

    @precondition(lambda self: 0 < len(self.note_files()) < len(NAMES))
    @rule(at=st.integers(0, len(NAMES) - 1), to=st.integers(0, len(NAMES) - 1), how=HOW)
    def rename_page(self, at: int, to: int, how: How) -> None:
        old = self.note_file(at)
        free = [name for name in NAMES if not {f'{name}.md', f'{name}.rst'} & self.sources.keys()]
        self.change(f'{free[to % len(free)]}{Path(old).suffix}', self.sources[old])
        self.change(old, None)
        self.build(how)

    @precondition(lambda self: len(self.note_files()) > 1)
    @rule(at=st.integers(0, len(NAMES) - 1), how=HOW)
    def exchange_pages(self, at: int, how: How) -> None:
        """What two pages of the same format say moves to the other one."""
        one = self.note_file(at)
        other = next((path for path in self.note_files() if path != one and path[-3:] == one[-3:]), one)
        text = self.sources[one]
        self.change(one, self.sources[other])
        self.change(other, text)
        self.build(how)

    @rule(to=choice(FILES), how=HOW)
    def change_file(self, to: tuple[str, str], how: How) -> None:
        self.change(*to)
        self.build(how)

    @rule(to=choice(VALUES), how=HOW)
    def configure(self, to: tuple[str, Any], how: How) -> None:
        name, value = to
        self.conf = {**self.conf, name: value}
        self.build(how)

    def note_files(self) -> list[str]:
        return sorted(self.sources.keys() - FIXED.keys() - FILES.keys())

    def note_file(self, at: int) -> str:
        files = self.note_files()
        return files[at % len(files)]

    def change(self, path: str, text: str | None) -> None:
        if self.sources.get(path) == text:
            return
        self.sources = {name: old for name, old in self.sources.items() if name != path}
        if text is not None:
            self.sources[path] = text
        self.changes[path] = text

    def build(self, how: How) -> None:
        """Build what has changed; unless that is broken off, all is as a clean build makes it."""
        built = self.run(how)
        if built is None:
            return
        assert_holds_records_only(built)
        expected = self.clean_build(how.builder)
        assert what_it_says(built) == expected['says']
        files = files_of(built)
        for name, content in expected['files'].items():  # and not what an earlier build has left of pages that are gone
            assert lines(files.get(name, b'')) == lines(content), name

    def run(self, how: How, only: Sequence[str] = ()) -> Built | None:
        time.sleep(0.01)  # Sphinx compares times of files, and not each moment has one of its own
        known = {path.relative_to(self.srcdir).as_posix() for path in self.srcdir.rglob('*')}
        changes = {path: text for path, text in self.changes.items() if text is not None or path in known}
        self.changes = {}
        if self.last != (self.sources, self.conf):
            self.before, self.last = self.last, (self.sources, self.conf)

        def build() -> Built:
            return run_sphinx(self.root, changes, how.builder, CONF | self.conf, parallel=how.jobs, only=only)

        if how.interruption is None:
            return build()
        break_off(how.interruption, (str(self.root / how.builder), str(self.root / 'doctrees')), build)
        return None

    def clean_build(self, builder: str) -> Mapping[str, Any]:
        state = builder, tuple(sorted(self.sources.items())), repr(sorted(self.conf.items()))
        if state not in self.clean:
            with tempfile.TemporaryDirectory() as folder:
                built = run_sphinx(Path(folder), self.sources, builder, CONF | self.conf)
                self.clean[state] = {'says': what_it_says(built), 'files': files_of(built)}
        return self.clean[state]


def what_it_says(built: Built) -> dict[str, object]:
    domain = built.domain
    said: dict[str, object] = {
        'records': built.notes,
        'links': domain.graph.links,
        'dangling': domain.graph.dangling,
        'subjects': domain.graph.subjects,
        'findings': domain.findings,
        'objects': sorted(domain.get_objects()),
    }
    if built.app.builder.name == 'designnote':  # the others warn of a page when they read it
        said['warnings'] = [warning for warning in built.warnings if '[designnote.' in warning]
    return said


def files_of(built: Built) -> dict[str, bytes]:
    """What readers of the output see: whole files, and of a page in HTML its body."""
    found: dict[str, bytes] = {}
    for path in sorted(built.outdir.rglob('*')):
        name = path.relative_to(built.outdir).as_posix()
        if built.app.builder.name != 'html':
            if path.is_file() and not path.name.startswith('.'):
                found[name] = path.read_bytes()
        elif path.suffix == '.html':
            body = _BODY.search(path.read_bytes())
            found[name] = body[0] if body else path.read_bytes()
        elif name == 'objects.inv':
            found[name] = path.read_bytes()
    return found


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def assert_holds_records_only(built: Built) -> None:
    """What the environment keeps of ours is made of our records, and of what Python has."""
    modules: set[str] = set()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            modules.add(module.partition('.')[0])
            return super().find_class(module, name)

    Reader(io.BytesIO(pickle.dumps(built.domain.data))).load()
    assert modules <= {'sphinxcontrib_designnote', 'builtins', 'copyreg', 'datetime', 'types'}, modules


def assert_loads_alone(environment: Path) -> None:
    """A process that knows nothing of the build reads the stored environment."""
    program = 'import pickle, sys; print(len(pickle.load(open(sys.argv[1], "rb")).domaindata["dn"]["notes"]))'
    subprocess.run([sys.executable, '-c', program, environment], check=True, capture_output=True)


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='a build is broken off in a process that is forked')
def test_a_build_leaves_what_a_clean_one_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('SOURCE_DATE_EPOCH', '1767225600')
    nightly = os.environ.get('HYPOTHESIS_PROFILE') == 'nightly'
    run_state_machine_as_test(Builds, settings=NIGHTLY if nightly else FEW)  # type: ignore[no-untyped-call]
