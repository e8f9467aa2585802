"""``designnote convert``."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.cli import convert as command
from sphinxcontrib_designnote.convert.note import Result

from .conftest import Run, Write

PLAIN = '# Design Note: Jobs\n\nWhy.\n\n## New Endpoints\n\n- POST /jobs - start\n'
DIRECTIVES = (
    '---\ndesign-note:\n  id: jobs\n---\n\n# Design Note: Jobs\n\nWhy.\n\n## New Endpoints\n\n'
    '```{endpoint} POST /jobs\n:change: new\n:purpose: start\n```\n'
)
RESTRUCTURED = (
    'Design Note: Jobs\n=================\n\n.. design-note::\n   :id: jobs\n\nWhy.\n\nNew Endpoints\n-------------\n\n'
    '- POST /jobs - start\n'
)


def test_a_plain_note_is_printed_with_directives_and_an_id(run: Run, write: Write) -> None:
    folder = write({'jobs.md': PLAIN})
    ran = run('convert', 'jobs.md', '--to', 'directives')
    assert (ran.status, ran.errors) == (0, [])
    assert ran.lines == DIRECTIVES.splitlines()
    assert (folder / 'jobs.md').read_text() == PLAIN
    assert [path.name for path in folder.iterdir()] == ['jobs.md']


def test_in_place_writes_over_the_note_and_keeps_its_line_ends(run: Run, write: Write) -> None:
    folder = write({})
    (folder / 'jobs.md').write_bytes(PLAIN.replace('\n', '\r\n').encode())
    assert run('convert', 'jobs.md', '--to', 'directives', '--in-place').lines == ['wrote jobs.md']
    assert (folder / 'jobs.md').read_bytes() == DIRECTIVES.replace('\n', '\r\n').encode()


def test_the_other_syntax_goes_to_a_file_that_is_not_there_yet(run: Run, write: Write) -> None:
    folder = write({'jobs.md': PLAIN})
    ran = run('convert', 'jobs.md', '--to', 'rst', '--output', 'jobs.rst')
    assert (ran.status, ran.lines) == (0, ['wrote jobs.rst'])
    assert (folder / 'jobs.rst').read_text() == RESTRUCTURED
    ran = run('convert', 'jobs.md', '--to', 'rst', '--output', 'jobs.rst')
    assert (ran.status, ran.errors) == (2, ["designnote: 'jobs.rst' exists; give --force to write over it"])
    assert run('convert', 'jobs.md', '--to', 'plain', '--syntax', 'rst', '--output', 'jobs.rst', '--force').status == 0


@pytest.mark.parametrize(
    ('argv', 'error'),
    [
        (['none.md', '--to', 'plain'], "'none.md' is no file"),
        (['conf.py', '--to', 'plain'], "'conf.py' is neither Markdown (.md) nor reStructuredText (.rst)"),
        (
            ['page.md', '--to', 'plain'],
            "'page.md' is no design note; begin its title with 'Design Note:', or write the directive 'design-note' "
            'below it',
        ),
        (['jobs.md', '--to', 'rst', '--syntax', 'myst'], '--to rst and --syntax myst contradict each other; give one'),
        (
            ['jobs.md', '--to', 'rst', '--in-place'],
            '--in-place cannot change the syntax, which needs another file name; use --output',
        ),
        (['jobs.md', '--to', 'plain', '--output', 'folder'], "'folder' is a folder; give --output the name of a file"),
        (['latin.md', '--to', 'plain'], 'is not UTF-8; save it in that encoding'),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(run: Run, write: Write, argv: list[str], error: str) -> None:
    folder = write({'conf.py': CONF, 'page.md': '# Page\n', 'jobs.md': PLAIN, 'folder/x': ''})
    (folder / 'latin.md').write_bytes(b'\xe9')
    ran = run('convert', *argv)
    assert ran.status == 2
    assert len(ran.errors) == 1
    assert ran.errors[0].endswith(error)


CONF = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\n"


def test_the_project_gives_vocabulary_and_profile(run: Run, write: Write) -> None:
    conf = (
        CONF + "designnote_kinds = {'dashboard': {'headings': ['Dashboards'], 'options': {'team': {}}}}\n"
        "designnote_global_directives = False\nexclude_patterns = ['notes']\n"
    )
    write({'conf.py': conf, 'notes/a.md': '# Design Note: A\n\n## Dashboards\n\n- Latency\n  - Team: ops\n'})
    ran = run('convert', 'notes/a.md', '--to', 'directives')
    assert ran.status == 0
    assert '  id: notes/a' in ran.lines
    assert ran.lines[-3:] == ['```{dn:dashboard} Latency', ':team: ops', '```']


def test_a_project_without_the_extension_is_refused(run: Run, write: Write) -> None:
    write({'conf.py': "extensions = ['myst_parser']\n", 'a.md': PLAIN})
    ran = run('convert', 'a.md', '--to', 'plain')
    assert ran.status == 2
    assert ran.errors[0].endswith("conf.py' does not list 'sphinxcontrib_designnote' among its extensions")


def test_what_stays_as_it_is_is_listed(run: Run, write: Write) -> None:
    write({'a.md': PLAIN + '- `/jobs/{id}` - without a method\n'})
    ran = run('convert', 'a.md', '--to', 'directives')
    assert ran.status == 0
    assert ran.errors == [
        'designnote: 1 item stays plain, as no directive says the same:',
        '  line 17: endpoint /jobs/{id}',
    ]


def test_nothing_is_written_when_the_result_says_something_else(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({'a.md': PLAIN})
    wrong = Result(text='wrong', markdown=True, differences=('endpoint a is lost',))
    monkeypatch.setattr(command, 'convert_note', lambda *_, **__: wrong)
    ran = run('convert', 'a.md', '--to', 'directives', '--in-place')
    assert ran.status == 1
    assert ran.errors == [
        "designnote: 'a.md' would not say the same any more, so nothing is written:",
        '  endpoint a is lost',
    ]
    assert (folder / 'a.md').read_text() == PLAIN


def test_nothing_beside_the_note_is_touched(run: Run, write: Write) -> None:
    folder = write({'conf.py': CONF, 'index.md': '# I\n', 'sub/deep/x.txt': 'x', 'a.md': PLAIN})
    before = {path: path.stat().st_mtime_ns for path in folder.rglob('*')}
    assert run('convert', 'a.md', '--to', 'rst').status == 0
    after = {path: path.stat().st_mtime_ns for path in folder.rglob('*') if '__pycache__' not in path.parts}
    assert after == before
