"""What a traceability-matrix shows, and what it says of options that it cannot follow."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import View
from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.views.content import Paragraph, Part, Sources
from sphinxcontrib_designnote.views.matrix import check_matrix, make_matrix
from tests.unit.make import VOCABULARY, graph, item, page

JOBS = page(
    'jobs',
    item('endpoint', 'POST /jobs', change='new', roles='editor'),
    item('endpoint', 'GET /jobs', change='new', roles='editor, viewer'),
    item('endpoint', 'GET /jobs/{id}', change='new'),
    item('test-plan', 'unit', body='- Test POST /jobs and GET /jobs\n- Test GET /jobs'),
    status='draft',
)


def shown(argument: str, **options: str) -> list[Part]:
    view = View(
        name='traceability-matrix',
        argument=argument,
        options={name.replace('_', '-'): value for name, value in options.items()},
        location=SourceLocation(path='index.md', line=1),
    )
    return list(make_matrix(view, JOBS, Sources(graph(JOBS))))


def lines(part: Part) -> list[str]:
    if isinstance(part, Paragraph):
        return [''.join(cell.text for cell in part.cells)]
    assert isinstance(part, Table)
    rows = ('|'.join('+'.join(cell.text for cell in cells) for cells in row.cells) for row in part.rows)
    return [part.title, '|'.join(column.title for column in part.columns), *rows]


def test_a_grid_counts_links_and_totals() -> None:
    table, summary, types = shown('endpoint x test')
    assert lines(table) == [
        'Endpoint × Test case',
        'Endpoint|Test GET /jobs|Test POST /jobs and GET /jobs|In all',
        'GET /jobs|1|1|2',
        'POST /jobs||1|1',
        'GET /jobs/{id}|||0',
        'In all|1 (33 %)|2 (66 %)|',
    ]
    assert lines(summary) == ['Endpoint: 3 in all; test case for 2 (66 %).']
    assert lines(types) == ['Links that count: verifies.']


def test_a_list_names_what_a_row_leads_to() -> None:
    table, *_ = shown('endpoint x test', format='list', title='Tested')
    assert lines(table) == [
        'Tested',
        'Endpoint|Test case|Number',
        'GET /jobs|Test GET /jobs+Test POST /jobs and GET /jobs|2',
        'POST /jobs|Test POST /jobs and GET /jobs|1',
        'GET /jobs/{id}||0',
    ]


def test_a_chain_has_a_row_for_each_way_to_the_last_kind_but_one() -> None:
    table, summary, types = shown('role x endpoint x test', min_coverage='50 %')
    assert lines(table) == [
        'Role × Endpoint × Test case',
        'Role|Endpoint|Test case|Number',
        'editor|GET /jobs|Test GET /jobs+Test POST /jobs and GET /jobs|2',
        'editor|POST /jobs|Test POST /jobs and GET /jobs|1',
        'viewer|GET /jobs|Test GET /jobs+Test POST /jobs and GET /jobs|2',
    ]
    assert lines(summary) == [
        'Role: 2 in all; endpoint for 2 (100 %); test case for 2 (100 %). At least 50 % are asked for.'
    ]
    assert lines(types) == ['Links that count: role, verifies.']


def test_a_way_that_ends_early_has_a_row_too() -> None:
    table, *_ = shown('endpoint x flag x test')
    assert lines(table)[2:] == ['GET /jobs|||0', 'POST /jobs|||0', 'GET /jobs/{id}|||0']


def test_holes_are_the_rows_that_lead_to_nothing() -> None:
    table, summary, _ = shown('endpoint x test', show='holes', format='list')
    assert lines(table)[2:] == ['GET /jobs/{id}||0']
    assert lines(summary) == ['Endpoint: 3 in all; test case for 2 (66 %).']


def test_a_filter_leaves_things_of_the_first_kind_out() -> None:
    table, *_ = shown('endpoint x test', filter='change == "changed"')
    assert lines(table) == ['Nothing to show.']


def test_many_columns_are_a_list() -> None:
    tests = ''.join(f'- Test GET /a number {number}\n' for number in range(11))
    note = page('n', item('endpoint', 'GET /a', change='new'), item('test-plan', 'unit', body=tests))
    view = View(
        name='m', argument='endpoint x test', options={}, location=SourceLocation(path='index.md', line=1)
    )  # fmt: skip
    table = make_matrix(view, note, Sources(graph(note)))[0]
    assert lines(table)[1] == 'Endpoint|Test case|Number'


def said(argument: str, **options: str) -> list[tuple[str | None, str]]:
    return list(check_matrix(argument, {name.replace('_', '-'): v for name, v in options.items()}, VOCABULARY))


def test_what_can_be_followed_is_not_complained_of() -> None:
    assert said('endpoint x test', via='verifies', filter='status == "draft"', show='holes', min_coverage='100') == []
    assert said('endpoint x test', format='grid') == []


@pytest.mark.parametrize(
    ('option', 'value', 'message'),
    [
        ('via', 'verify', "'verify' is no type of link; did you mean 'verifies'?"),
        ('filter', 'status = 1', None),
        ('filter', 'method == "GET"', "'method' is no name of a filter"),
        ('show', 'all of it', "'all of it' is nothing to show"),
        ('format', 'gird', "'gird' is no form of a matrix; did you mean 'grid'?"),
        ('min_coverage', '0', "'0' is no percentage; write a whole number from 1 to 100"),
        ('min_coverage', '101', "'101' is no percentage; write a whole number from 1 to 100"),
        ('min_coverage', '0.8', "'0.8' is no percentage; write a whole number from 1 to 100"),
    ],
)
def test_what_cannot_be_followed_is_said(option: str, value: str, message: str | None) -> None:
    ((name, found),) = said('endpoint x test', **{option: value})
    assert name == option.replace('_', '-')
    if message is not None:
        assert found.partition(' (accepted')[0] == message


def test_a_grid_of_three_kinds_is_refused() -> None:
    assert said('role x endpoint x test', format='grid') == [('format', 'a grid has two kinds; leave the option out')]
