"""What a traceability-graph shows, and what it says of options that it cannot follow."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.views.content import Paragraph, Part, Picture, Sources
from sphinxcontrib_designnote.views.graph import MOST_ARROWS, MOST_THINGS, check_graph, make_graph
from tests.unit.make import VOCABULARY, graph, item, page

JOBS = page(
    'jobs',
    item('endpoint', 'POST /jobs', change='new', uses='Job.name'),
    item('entity', 'Job', item('field', 'name: text'), change='new'),
    item('authorization', 'POST /jobs', roles='editor'),
    item('feature-flag', 'jobs_on', gates='POST /jobs'),
    item('rollout-step', 'Enable jobs_on', action='enable', flag='jobs_on'),
    item('test-plan', 'unit', body='- Test POST /jobs'),
    item('no-impact', 'compatibility', body='nothing runs'),
    status='accepted',
)
LATER = page(
    'later',
    item('endpoint', 'POST /jobs', change='changed'),
    item('test-case', 'Test the queue', level='unit', verifies='POST /jobs'),
    status='draft',
    depends_on='jobs',
)
DEAD = page('dead', item('test-case', 'Test never', level='unit', verifies='POST /jobs'), status='rejected')


def shown(argument: str = '', note: Note = JOBS, **options: str) -> tuple[Part, ...]:
    view = View(
        name='traceability-graph',
        argument=argument,
        options=options,
        location=SourceLocation(path='index.md', line=1),
    )
    return make_graph(view, note, Sources(graph(JOBS, LATER, DEAD, note)))


def picture(argument: str = '', note: Note = JOBS, **options: str) -> Picture:
    (part,) = shown(argument, note, **options)
    assert isinstance(part, Picture)
    return part


def things(part: Picture) -> list[str]:
    return [('*' if thing.central else '') + thing.name for thing in part.things]


def arrows(part: Picture) -> list[str]:
    names = {thing.id: thing.name for thing in part.things}
    return [f'{names[arrow.source]} {arrow.label} {names[arrow.target]}' for arrow in part.arrows]


def lines(part: Part) -> list[str]:
    if isinstance(part, Paragraph):
        return [''.join(cell.text for cell in part.cells)]
    assert isinstance(part, Table)
    rows = ('|'.join('+'.join(cell.text for cell in cells) for cells in row.cells) for row in part.rows)
    return [part.title, '|'.join(column.title for column in part.columns), *rows]


def test_a_note_is_shown_with_all_that_it_states_and_the_links_between_that() -> None:
    assert things(picture()) == ['POST /jobs', 'Job', 'editor', 'jobs_on', 'Enable jobs_on', 'Test POST /jobs']
    assert arrows(picture()) == [
        'POST /jobs uses Job',
        'editor guards POST /jobs',
        'jobs_on gates POST /jobs',
        'Enable jobs_on switches jobs_on',
        'Test POST /jobs verifies POST /jobs',
    ]
    assert picture().title == 'Jobs'


def test_a_table_says_what_the_picture_shows() -> None:
    assert lines(picture(kinds='endpoint, entity, test-case').table) == [
        'Jobs',
        'Kind|Name|Links',
        'Endpoint|POST /jobs|uses Job',
        'Entity|Job|',
        'Test case|Test POST /jobs|verifies POST /jobs',
    ]


def test_an_item_is_shown_with_what_all_notes_link_to_it() -> None:
    found = picture('POST /jobs', title='What hangs on it')
    assert things(found) == ['*POST /jobs', 'Job', 'editor', 'jobs_on', 'Test POST /jobs', 'Test the queue']
    assert found.title == 'What hangs on it'
    assert things(picture('POST /jobs', LATER)) == things(found)


def test_depth_is_how_many_links_it_goes() -> None:
    assert things(picture('jobs_on', depth='0')) == ['*jobs_on']
    assert things(picture('jobs_on')) == ['*jobs_on', 'POST /jobs', 'Enable jobs_on']
    assert 'Test the queue' in things(picture('jobs_on', depth='2'))


def test_a_column_is_shown_as_itself_where_it_is_asked_for_and_as_its_entity_elsewhere() -> None:
    assert arrows(picture('Job.name')) == ['Job.name part of Job', 'POST /jobs uses Job.name']
    assert arrows(picture(kinds='entity, field')) == ['Job.name part of Job']
    assert arrows(picture('entity:Job')) == ['POST /jobs uses Job']


def test_notes_are_linked_with_notes() -> None:
    assert things(picture(note=LATER)) == ['POST /jobs', 'Test the queue']
    found = picture('later', depth='1', kinds='design-note')
    assert arrows(found) == ['Later depends on Jobs']
    assert [thing.label for thing in found.things] == ['Design note', 'Design note']


def test_only_links_that_are_asked_for_are_followed() -> None:
    assert arrows(picture('POST /jobs', links='gates, guards')) == [
        'editor guards POST /jobs',
        'jobs_on gates POST /jobs',
    ]


def test_a_filter_leaves_statements_out_but_not_what_the_picture_is_about() -> None:
    assert things(picture('POST /jobs', filter='status == "draft"')) == ['*POST /jobs', 'Test the queue']


def test_what_holds_others_stands_for_what_it_holds() -> None:
    assert things(picture('test-plan:unit', depth='1')) == ['Test POST /jobs', 'POST /jobs']


def test_a_dead_note_is_shown_on_its_own_page_only() -> None:
    assert things(picture(note=DEAD, depth='1')) == ['Test never', 'POST /jobs']


def test_several_links_between_two_things_are_one_arrow() -> None:
    test = item('test-case', 'T', verifies='GET /a', implements='GET /a')
    note = page('two', item('endpoint', 'GET /a', change='new'), test)
    assert arrows(picture(note=note)) == ['T implements, verifies GET /a']


def test_what_nobody_states_anything_about_is_said() -> None:
    (part,) = shown('GET /nothing')
    assert lines(part) == ["No note states anything about 'GET /nothing'."]
    (part,) = shown(note=page('index', marked=False))
    assert lines(part) == ['Nothing to show.']


def test_of_very_many_things_the_nearest_are_shown() -> None:
    tests = [item('test-case', f'Test {number}', level='unit', verifies='GET /a') for number in range(MOST_THINGS + 50)]
    note = page('many', item('endpoint', 'GET /a', change='new'), *tests)
    part, said = shown('GET /a', note)
    assert isinstance(part, Picture)
    assert (len(part.things), len(part.arrows)) == (MOST_THINGS, MOST_THINGS - 1)
    assert len(part.table.rows) == MOST_THINGS + 51
    assert things(part)[0] == '*GET /a'
    assert lines(said) == [
        'The picture shows 200 of 251 things and 199 of 250 links; a smaller depth, kinds, links or a filter would '
        'show fewer. The table has them all.'
    ]


def test_of_very_many_links_some_are_shown() -> None:
    endpoints = [item('endpoint', f'GET /a{number}', change='new') for number in range(100)]
    names = ', '.join(f'GET /a{number}' for number in range(100))
    tests = [item('test-case', f'T{number}', level='unit', verifies=names) for number in range(5)]
    part, _ = shown(note=page('many', *endpoints, *tests))
    assert isinstance(part, Picture)
    assert (len(part.things), len(part.arrows)) == (105, MOST_ARROWS)


def said(**options: str) -> list[tuple[str | None, str]]:
    return list(check_graph('', options, VOCABULARY))


def test_what_can_be_followed_is_not_complained_of() -> None:
    assert said(depth='3', kinds='endpoint, design-note', links='verifies, part-of', filter='kind == "endpoint"') == []
    assert said(engine='mermaid', direction='TB', title='x') == []


@pytest.mark.parametrize(
    ('option', 'value', 'message'),
    [
        ('depth', '6', "'6' is no depth; write a number from 0 to 5"),
        ('depth', '-1', "'-1' is no depth; write a number from 0 to 5"),
        ('depth', '²', "'²' is no depth; write a number from 0 to 5"),
        ('kinds', 'endpoints', "'endpoints' is no kind of item; did you mean 'endpoint'?"),
        ('links', 'verify', "'verify' is no type of link; did you mean 'verifies'?"),
        ('filter', 'method == "GET"', "'method' is no name of a filter"),
        ('engine', 'dot', "'dot' is no engine"),
        ('direction', 'RL', "'RL' is no direction"),
    ],
)
def test_what_cannot_be_followed_is_said(option: str, value: str, message: str) -> None:
    ((name, found),) = said(**{option: value})
    assert (name, found.partition(' (accepted')[0]) == (option, message)
