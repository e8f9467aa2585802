"""Chains of links between kinds: what stands in them, and what leads where."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.chains import Chain, chain_of, read_kinds
from tests.unit.make import VOCABULARY, graph, item, page

JOBS = page(
    'jobs',
    item('endpoint', 'POST /jobs', change='new', roles='editor, admin'),
    item('endpoint', 'GET /jobs', change='new', auth='Requires viewer role'),
    item('endpoint', 'GET /free', change='new'),
    item('authorization', 'GET /jobs', roles='admin'),
    item('entity', 'jobs', item('field', 'state: text')),
    item('test-plan', 'unit', body='- Test POST /jobs\n- Test that POST /jobs refuses\n- Test `jobs.state`'),
    status='draft',
)
LATER = page(
    'later',
    item('endpoint', 'POST /jobs', change='changed'),
    item('endpoint', 'GET /free', change='removed'),
    item('test-case', 'Again', level='unit', verifies='POST /jobs'),
    status='draft',
    depends_on='jobs',
)
DEAD = page('dead', item('test-case', 'Never', level='unit', verifies='GET /jobs'), status='rejected')


def chain(text: str, *notes: Note, **how: object) -> Chain:
    return chain_of(graph(*(notes or (JOBS, LATER, DEAD))), read_kinds(text, VOCABULARY), **how)  # type: ignore[arg-type]


def names(found: Chain) -> list[list[str]]:
    return [[entry.name for entry in entries] for entries in found.entries]


def ways(found: Chain) -> dict[str, dict[str, int]]:
    """First to last kind, with the number of ways."""
    last = len(found.steps)
    return {
        entry.name: {found.entries[-1][index].name: count for index, count in found.reached(row, last).items()}
        for row, entry in enumerate(found.entries[0])
    }


def test_things_count_once_and_what_is_gone_does_not() -> None:
    assert names(chain('endpoint x test')) == [
        ['GET /jobs', 'POST /jobs'],
        ['Again', 'Test `jobs.state`', 'Test POST /jobs', 'Test that POST /jobs refuses'],
    ]


def test_a_link_to_any_statement_counts_and_those_of_dead_notes_do_not() -> None:
    assert ways(chain('endpoint x test')) == {
        'GET /jobs': {},
        'POST /jobs': {'Again': 1, 'Test POST /jobs': 1, 'Test that POST /jobs refuses': 1},
    }


def test_it_can_be_read_from_either_end() -> None:
    assert ways(chain('test x endpoint')) == {
        'Again': {'POST /jobs': 1},
        'Test POST /jobs': {'POST /jobs': 1},
        'Test `jobs.state`': {},
        'Test that POST /jobs refuses': {'POST /jobs': 1},
    }


def test_a_column_counts_for_its_table_unless_the_chain_names_columns() -> None:
    assert ways(chain('table x test')) == {'jobs': {'Test `jobs.state`': 1}}
    assert ways(chain('column x test')) == {'jobs.state': {'Test `jobs.state`': 1}}


def test_roles_are_those_of_an_endpoint_and_of_what_guards_it() -> None:
    assert ways(chain('endpoint x role')) == {
        'GET /jobs': {'admin': 1, 'viewer': 1},
        'POST /jobs': {'admin': 1, 'editor': 1},
    }
    assert ways(chain('role x endpoint')) == {
        'admin': {'GET /jobs': 1, 'POST /jobs': 1},
        'editor': {'POST /jobs': 1},
        'viewer': {'GET /jobs': 1},
    }


def test_a_chain_of_three_counts_the_ways() -> None:
    found = chain('role x endpoint x test')
    assert ways(found)['admin'] == {'Again': 1, 'Test POST /jobs': 1, 'Test that POST /jobs refuses': 1}
    assert ways(found)['viewer'] == {}
    assert found.types == ('role', 'verifies')
    assert found.covered(1) == {0, 1, 2}
    assert found.covered(2) == {0, 1}


def test_types_of_link_can_be_chosen() -> None:
    assert ways(chain('endpoint x test', via=('guards',))) == {'GET /jobs': {}, 'POST /jobs': {}}


def test_only_things_of_the_first_kind_are_left_out() -> None:
    def keep(each: Item) -> bool:
        return each.note == 'later'

    assert ways(chain('endpoint x test', keep=keep)) == {'POST /jobs': {'Again': 1}}


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('endpoint', "'endpoint' is no chain of 2 to 4 kinds; write 'endpoint x test'"),
        ('', "'' is no kind of item"),
        ('endpoint x endpoint', "'endpoint x endpoint' names a kind twice"),
        ('flag x feature-flag', "'flag x feature-flag' names a kind twice"),
        ('endpoint x tst', "'tst' is no kind of item; did you mean 'test'?"),
        ('endpoint x test x role x flag x table', None),
    ],
)
def test_what_is_no_chain_is_said(text: str, message: str | None) -> None:
    with pytest.raises(ValueError) as error:
        read_kinds(text, VOCABULARY)
    if message is not None:
        assert str(error.value).partition(' (accepted')[0] == message


def test_both_signs_and_any_case_are_read() -> None:
    assert read_kinds('Endpoint \u00d7 TEST', VOCABULARY) == ('endpoint', 'test-case')
