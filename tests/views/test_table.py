"""What a traceability-table shows, and what it says of options that it cannot follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import View
from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.views.content import Paragraph, Part, Sources
from sphinxcontrib_designnote.views.table import check_table, make_table
from tests.unit.make import VOCABULARY, graph, item, page

if TYPE_CHECKING:
    from sphinxcontrib_designnote.model.records import Note

JOBS = page(
    'jobs',
    item('endpoint', 'POST /jobs', change='new', purpose='Start', flag='jobs_on', roles='editor'),
    item('endpoint', 'GET /jobs/10', change='new'),
    item('endpoint', 'GET /jobs/9', change='changed'),
    item('feature-flag', 'jobs_on', default='off', owner='team-a', remove_by='2027-01-31'),
    item('test-plan', 'unit', body='- Test POST /jobs'),
    status='draft',
    components='web, api',
    release='26.08',
)
USERS = page('users', item('entity', 'users', item('field', 'email: text')), status='accepted', title='Users of old')
DEAD = page('dead', item('endpoint', 'GET /never', change='new'), status='rejected')


def shown(argument: str, **options: str) -> list[Part]:
    view = View(
        name='traceability-table',
        argument=argument,
        options={name.replace('_', '-'): value for name, value in options.items()},
        location=SourceLocation(path='index.md', line=1),
    )
    notes: list[Note] = [JOBS, USERS, DEAD]
    return list(make_table(view, JOBS, Sources(graph(*notes))))


def rows(part: Part) -> list[str]:
    assert isinstance(part, Table)
    return ['|'.join('+'.join(cell.text for cell in cells) for cells in row.cells) for row in part.rows]


def titles(part: Part) -> list[str]:
    assert isinstance(part, Table)
    return [part.title, *(column.title for column in part.columns)]


def test_a_table_shows_the_columns_that_say_something() -> None:
    (table,) = shown('endpoints')
    assert titles(table) == [
        'Endpoints', 'Method', 'Path', 'Change', 'Purpose', 'Authorization', 'Flag', 'Tests', 'Release', 'Note',
    ]  # fmt: skip


def test_columns_are_shown_in_the_order_asked_for_whether_they_say_something_or_not() -> None:
    (table,) = shown('endpoints', columns='path, audit, METHOD', title='All')
    assert titles(table) == ['All', 'Path', 'Audit', 'Method']
    assert rows(table) == ['/jobs||POST', '/jobs/10||GET', '/jobs/9||GET']


@pytest.mark.parametrize(
    ('sort', 'expected'),
    [
        ('path', ['/jobs|POST', '/jobs/9|GET', '/jobs/10|GET']),
        ('-path', ['/jobs/10|GET', '/jobs/9|GET', '/jobs|POST']),
        ('method, -path', ['/jobs/10|GET', '/jobs/9|GET', '/jobs|POST']),
        ('purpose', ['/jobs|POST', '/jobs/10|GET', '/jobs/9|GET']),
        ('-purpose', ['/jobs|POST', '/jobs/10|GET', '/jobs/9|GET']),
    ],
)
def test_sorting_knows_numbers_and_leaves_what_is_empty_at_the_end(sort: str, expected: list[str]) -> None:
    (table,) = shown('endpoints', columns='path, method', sort=sort)
    assert rows(table) == expected


@pytest.mark.parametrize(
    ('filter_', 'expected'),
    [
        ('change == "changed"', ['/jobs/9']),
        ('flag == "jobs_on"', ['/jobs']),
        ('"web" in component and method == "get"', ['/jobs/10', '/jobs/9']),
        ('note == "jobs" and status == "draft" and release == "26.08"', ['/jobs', '/jobs/10', '/jobs/9']),
        ('tests', ['/jobs']),
        ('kind == "endpoint" and not purpose and not service', ['/jobs/10', '/jobs/9']),
    ],
)
def test_a_filter_asks_the_note_the_item_and_the_columns(filter_: str, expected: list[str]) -> None:
    (table,) = shown('endpoints', columns='path', filter=filter_)
    assert rows(table) == expected


def test_notes_can_be_filtered_too() -> None:
    (table,) = shown('notes', columns='note', filter='status in ("accepted", "rejected") and not component')
    assert rows(table) == ['Dead', 'Users of old']


def test_groups_are_tables_and_what_has_no_group_comes_last() -> None:
    found = shown('endpoints', columns='path', group_by='flag')
    assert [titles(table)[0] for table in found] == ['Endpoints: jobs_on', 'Endpoints: not stated']
    assert [rows(table) for table in found] == [['/jobs'], ['/jobs/10', '/jobs/9']]


def test_what_is_no_column_groups_too() -> None:
    assert [titles(table)[0] for table in shown('endpoints', group_by='component')] == ['Endpoints: web, api']


def test_a_kind_shows_its_items_in_the_table_that_has_them() -> None:
    (table,) = shown('field')
    assert rows(table) == ['users|email|text|add|Users of old']
    (table,) = shown('test-case', columns='test, level')
    assert rows(table) == ['Test POST /jobs|unit']


def test_holes_are_what_nothing_covers() -> None:
    (table,) = shown('endpoints', columns='path, tests', show='holes')
    # POST /jobs has a test, roles and a flag, but no audit event.
    assert rows(table) == ['/jobs|Test POST /jobs', '/jobs/10|', '/jobs/9|']
    (table,) = shown('field', columns='column-or-constraint', show='holes')
    assert rows(table) == ['email']


def test_nothing_to_show_is_said() -> None:
    (part,) = shown('audit')
    assert isinstance(part, Paragraph)
    assert part.cells[0].text == 'Nothing to show.'
    (part,) = shown('migrations', show='holes')
    assert isinstance(part, Paragraph)
    assert part.cells[0].text == 'No holes: everything is covered.'


def said(argument: str, **options: str) -> list[tuple[str | None, str]]:
    return list(check_table(argument, {name.replace('_', '-'): v for name, v in options.items()}, VOCABULARY))


def test_what_can_be_followed_is_not_complained_of() -> None:
    assert (
        said('endpoints', columns='method, Path', sort='-path', group_by='status', filter='tests', show='holes') == []
    )
    assert said('permissions', columns='operation, editor') == []
    assert said('security-consideration', columns='topic') == []


PROMISES = 'Date, What, Promise, State, Owner, Note'
FACTS = 'note, status, owner, component, kind, change, service, release, flag'


@pytest.mark.parametrize(
    ('option', 'value', 'message'),
    [
        ('columns', 'Date, Wat', f"'Wat' is no column of promises; did you mean 'What'? (accepted: {PROMISES})"),
        ('sort', '-datum', f"'datum' is no column of promises; did you mean 'Date'? (accepted: {PROMISES})"),
        ('group_by', 'xyzzy', f"'xyzzy' is no column of promises (accepted: {PROMISES}, {FACTS})"),
        ('filter', 'statu', None),
        ('show', 'hols', "'hols' is nothing to show; did you mean 'holes'? (accepted: all, holes)"),
        (
            'show',
            'holes',
            'nothing has to cover what promises shows'
            ' (tables with holes: endpoints, interfaces, entities, migrations, flags, permissions)',
        ),
    ],
)
def test_what_cannot_be_followed_is_said_with_what_can(option: str, value: str, message: str | None) -> None:
    ((name, found),) = said('promises', **{option: value})
    assert name == option.replace('_', '-')
    if message is not None:
        assert found == message


def test_an_unknown_table_is_said_and_nothing_else() -> None:
    ((name, message),) = said('endpoitns', columns='x')
    assert name is None
    assert message.startswith("'endpoitns' is neither a table nor a kind of item; did you mean 'endpoint")
