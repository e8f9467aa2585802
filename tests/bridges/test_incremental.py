"""After an edit, in parallel, with nothing changed, twice in one process: the needs of a clean build, on every page."""

from __future__ import annotations

import pickle
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.bridges.conftest import needs_in, needs_of
from tests.conftest import BuildProject, Built

INDEX = """\
Home
====

.. toctree::
   :glob:

   notes/*
   table

.. req:: Fast
   :id: REQ_FAST
"""
TABLE = """\
Table
=====

.. needtable::
   :types: endpoint, test-case, design-note
   :columns: id, title, status, verifies, verifies_back, implements

:need_count:`type == "endpoint"`
"""


def jobs(*more: str) -> str:
    lines = ('.. endpoint:: POST /jobs', '   :id: start-job', '   :change: new', '   :implements: REQ_FAST', '', *more)
    return '\n'.join(('Design note: Jobs', '=================', '', *lines, ''))


TESTS = """\
Design note: Tests
==================

.. test-case:: A job starts
   :id: job-starts
   :verifies: POST /jobs
"""
FILES: Mapping[str, str] = {
    'index.rst': INDEX, 'table.rst': TABLE, 'notes/jobs.rst': jobs(), 'notes/tests.rst': TESTS,
}  # fmt: skip
#: What is done to the project, and the files that are then other than above.
CHANGES: Mapping[str, Mapping[str, str | None]] = {
    'nothing': {},
    'a title': {'notes/tests.rst': TESTS.replace('A job starts', 'A job is started')},
    'an id': {'notes/jobs.rst': jobs().replace('start-job', 'begin-job')},
    'an item more': {'notes/jobs.rst': jobs('.. endpoint:: GET /jobs', '   :change: new', '')},
    'a status': {'notes/jobs.rst': jobs('.. design-note::', '   :status: accepted', '')},
    'a page less': {'notes/tests.rst': None},
    'a page more': {'notes/lists.rst': TESTS.replace('job-starts', 'jobs-end').replace('starts', 'ends')},
    'a page renamed': {'notes/tests.rst': None, 'notes/proof.rst': TESTS},
    'an item moved': {'notes/jobs.rst': 'Jobs\n====\n', 'notes/tests.rst': TESTS + '\n' + jobs().partition('\n\n')[2]},
    'a need': {'index.rst': INDEX.replace(':id: REQ_FAST', ':id: REQ_FASTER')},
}


def pages(built: Built) -> dict[str, str]:
    """Return the body of each page, without the ids that sphinx-needs draws by lot."""
    found = {}
    for path in sorted(built.outdir.rglob('*.html')):
        body = path.read_text('utf-8').partition('<div class="body"')[2].partition('<div class="sphinxsidebar"')[0]
        found[path.relative_to(built.outdir).as_posix()] = re.sub(r'SNCB-[0-9a-f]+', '', body)
    return found


@pytest.mark.parametrize('change', CHANGES)
def test_a_build_after_a_change_is_as_a_clean_one(needs: BuildProject, change: str) -> None:
    again = needs(FILES, 'html').again(CHANGES[change])
    after: dict[str, str] = {name: text for name, text in (FILES | CHANGES[change]).items() if text is not None}
    clean = needs(after, 'html')
    assert needs_of(again) == needs_of(clean)
    assert {name: text for name, text in pages(again).items() if name in pages(clean)} == pages(clean)


def test_a_build_in_parallel_is_as_a_serial_one(needs: BuildProject) -> None:
    many = {f'notes/n{number}.rst': TESTS.replace('job-starts', f'job-{number}') for number in range(12)}
    serial, parallel = needs(FILES | many, 'html'), needs(FILES | many, 'html', parallel=2)
    assert parallel.warnings == serial.warnings == []
    assert needs_of(parallel) == needs_of(serial)
    assert pages(parallel) == pages(serial)
    edited = {'notes/n3.rst': TESTS.replace('job-starts', 'job-three')}
    assert needs_of(parallel.again(edited, parallel=2)) == needs_of(serial.again(edited))


def test_only_pages_with_needs_are_written_again_and_only_when_ours_have_changed(needs: BuildProject) -> None:
    built = needs({**FILES, 'plain.rst': 'Plain\n=====\n'}, 'html')
    written = {path: path.stat().st_mtime_ns for path in built.outdir.rglob('*.html')}

    def rewritten() -> set[str]:
        return {path.name for path, time in written.items() if path.exists() and path.stat().st_mtime_ns != time}

    built = built.again({'notes/jobs.rst': jobs('Some prose.')})
    assert rewritten() & {'table.html', 'plain.html'} == set()
    built.again({'notes/jobs.rst': jobs('Some prose.').replace('POST', 'PUT')})
    assert rewritten() & {'table.html', 'plain.html'} == {'table.html'}


def test_our_builder_between_two_others_hides_no_change(needs: BuildProject) -> None:
    built = needs(FILES, 'html')
    built.again({'notes/tests.rst': TESTS.replace('A job starts', 'A job is started')}, builder='designnote')
    assert 'A job is started' in built.again().read('table.html')


def test_two_builds_in_one_process_are_as_two_in_two(needs: BuildProject) -> None:
    built = needs(FILES, 'html')
    for change in ('an id', 'a page renamed', 'nothing'):
        clean = needs({n: t for n, t in (FILES | CHANGES[change]).items() if t is not None}, 'html')
        found = _two_builds(built.root / change.replace(' ', '-'), built, CHANGES[change])
        assert found == needs_of(clean), change


def _two_builds(root: Path, built: Built, change: Mapping[str, str | None]) -> dict[str, object]:
    srcdir = root / 'src'
    for name, text in (FILES | {'conf.py': (built.srcdir / 'conf.py').read_text('utf-8')}).items():
        (srcdir / name).parent.mkdir(parents=True, exist_ok=True)
        (srcdir / name).write_text(text, 'utf-8')
    with patch_docutils(str(srcdir)), docutils_namespace():
        app = Sphinx(srcdir, srcdir, root / 'out', root / 'doctrees', 'html', status=None, warning=None)
        app.build()
        for name, text in change.items():
            (srcdir / name).unlink() if text is None else (srcdir / name).write_text(text, 'utf-8')
        app.build()
    with (root / 'doctrees' / 'environment.pickle').open('rb') as file:
        env = pickle.load(file)  # noqa: S301 - written above
    assert [id_ for id_ in env._needs_all_needs if id_ != 'REQ_FAST'] == [], 'no need of ours is stored'
    return dict(needs_in((root / 'out' / 'needs.json').read_text('utf-8')))


def test_nothing_of_ours_is_stored_twice(needs: BuildProject) -> None:
    pickled = Path('doctrees/environment.pickle')
    with_needs = needs(FILES, 'html')
    without = needs(FILES, 'html', conf={'designnote_needs': False})
    growth = [(built.root / pickled).stat().st_size for built in (with_needs, without)]
    many = {f'notes/n{number}.rst': TESTS.replace('job-starts', f'job-{number}') for number in range(100)}
    with_needs = needs(FILES | many, 'html')
    without = needs(FILES | many, 'html', conf={'designnote_needs': False})
    more = [(built.root / pickled).stat().st_size for built in (with_needs, without)]
    # Types and fields take their place once; a hundred notes and items add nothing to it but a few bytes of padding.
    assert abs((more[0] - more[1]) - (growth[0] - growth[1])) < 200
