"""``designnote acknowledge``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, Write
from tests.repository import TestRepository

API = '# Design Note: Orders\n\n### New Endpoints\n- GET /orders: what is open\n  - Roles: clerk\n'
TESTS = '# Design Note: Tests\r\n\r\n### Testing\r\n- The newest comes first\r\n  - Verifies: GET /orders\r\n'
DAY = ('--today', '2026-05-20')
ID = 'tests-test-case-the-newest-comes-first'
CONF = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\nroot_doc = 'api'\n"


def test_what_was_acknowledged_is_suspect_no_more_until_the_next_change(tmp_path: Path, run: Run, write: Write) -> None:
    def suspects() -> int:
        return sum('DN207' in line for line in run('check', 'docs', '--history', '--verbose').lines)

    made = TestRepository(tmp_path)
    made.commit('2026-01-01', {'docs/api.md': API, 'docs/tests.md': TESTS.replace('\r', '')})
    made.commit('2026-02-01', {'docs/api.md': API.replace('clerk', 'manager')})
    before = suspects()
    assert run('acknowledge', ID, 'docs', *DAY).lines == [
        "docs/tests.md:4: 'The newest comes first' was reviewed on 2026-05-20"
    ]
    assert (before, suspects()) == (1, 0)
    made.commit('2026-05-20')
    assert suspects() == 0
    made.commit('2026-06-01', {'docs/api.md': API})
    assert suspects() == 1
    run('acknowledge', ID, 'docs', '--today', '2026-06-02')
    assert suspects() == 0


def test_only_its_line_is_new_and_line_ends_stay(run: Run, write: Write) -> None:
    folder = write({'docs/api.md': API})
    (folder / 'docs' / 'tests.md').write_bytes(TESTS.encode())
    assert run('acknowledge', 'The newest comes first', 'docs', *DAY).status == 0
    written = (folder / 'docs' / 'tests.md').read_bytes().decode()
    assert written == TESTS.replace('  - Verifies', '  - Reviewed: 2026-05-20\r\n  - Verifies')
    assert (folder / 'docs' / 'api.md').read_text('utf-8') == API
    assert run('acknowledge', ID, 'docs', *DAY).lines == [
        "docs/tests.md:4: 'The newest comes first' was reviewed on 2026-05-20 already"
    ]
    assert (folder / 'docs' / 'tests.md').read_bytes().decode() == written


def test_the_project_is_that_of_the_current_folder(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write({'docs/conf.py': f"{CONF}designnote_today = '2026-05-21'\n", 'docs/api.md': API, 'docs/x/y.md': ''})
    monkeypatch.chdir(folder / 'docs' / 'x')
    ran = run('acknowledge', 'GET /orders')
    assert (ran.status, '  - Reviewed: 2026-05-21\n' in (folder / 'docs' / 'api.md').read_text('utf-8')) == (0, True)


def test_a_note_is_acknowledged_as_a_whole(run: Run, write: Write) -> None:
    folder = write({'docs/api.md': API})
    assert run('acknowledge', 'Orders', 'docs', *DAY).status == 0
    text = (folder / 'docs' / 'api.md').read_text('utf-8')
    assert text == f'---\ndesign-note:\n  reviewed: "2026-05-20"\n---\n\n{API}'


@pytest.mark.parametrize(
    ('item', 'message'),
    [
        ('GET /order', "nothing has the id or the name 'GET /order'; did you mean 'GET /orders'?"),
        (
            'The newest comes first',
            "'The newest comes first' is said by several items; give the id of one: "
            'more-test-case-the-newest-comes-first, tests-test-case-the-newest-comes-first',
        ),
        (
            'GET /table',
            "docs/table.md:7: there is no place to write it for 'GET /table'; edit what it says, or around it",
        ),
    ],
)
def test_what_cannot_be_acknowledged_is_said_and_nothing_is_written(
    run: Run, write: Write, item: str, message: str
) -> None:
    table = '# Design Note: Table\n\n### New Endpoints\n\n| Endpoint | Roles |\n|---|---|\n| GET /table | clerk |\n'
    tests = TESTS.replace('\r', '')
    files = {'docs/api.md': API, 'docs/tests.md': tests, 'docs/more.md': tests, 'docs/table.md': table}
    folder = write(files)
    ran = run('acknowledge', item, 'docs', *DAY)
    assert (ran.status, ran.lines, ran.errors) == (2, [], [f'designnote: {message}'])
    assert {name: (folder / name).read_text('utf-8') for name in files} == files


def test_an_item_in_a_folder_below_is_found_by_its_id(run: Run, write: Write) -> None:
    folder = write({'docs/api/v1.md': API})
    assert run('acknowledge', 'api--v1-endpoint-get-orders-new', 'docs', *DAY).status == 0
    assert '  - Reviewed: 2026-05-20\n' in (folder / 'docs' / 'api' / 'v1.md').read_text('utf-8')


def test_what_stands_in_an_included_file_is_edited_by_hand(run: Run, write: Write) -> None:
    part = '```{endpoint} GET /orders\n```\n'
    folder = write({'docs/conf.py': CONF, 'docs/api.md': '# Design Note: X\n\n```{include} part.txt\n```\n'})
    (folder / 'docs' / 'part.txt').write_text(part, 'utf-8')
    ran = run('acknowledge', 'GET /orders', 'docs', *DAY)
    assert (ran.status, 'docs/part.txt:1: there is no place to write it' in ran.errors[0]) == (2, True)
    assert (folder / 'docs' / 'part.txt').read_text('utf-8') == part


def test_a_folder_without_notes_is_told(run: Run, write: Write) -> None:
    write({'docs/read-me.txt': 'x'})
    ran = run('acknowledge', 'GET /x', 'docs')
    assert ran.status == 2
    assert ran.errors == ["designnote: there is no design note in 'docs'; name the folder behind the item"]
