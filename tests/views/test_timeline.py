"""What an impact-timeline shows: the history of a thing, and the steps of all open notes."""

from __future__ import annotations

import datetime

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.views.content import Paragraph, Part, Picture, Sources, TimeLine
from sphinxcontrib_designnote.views.graph import MOST_THINGS
from sphinxcontrib_designnote.views.timeline import check_timeline, make_timeline
from tests.unit.make import VOCABULARY, graph, item, page

RELEASES = {'26.1': datetime.date(2026, 1, 15), '26.2': datetime.date(2026, 2, 15), '26.3': datetime.date(2026, 3, 15)}
HERE = page('index', marked=False)
FIRST = page(
    'first',
    item('endpoint', 'GET /a', change='new'),
    item('entity', 'Job', item('field', 'name: text'), change='new'),
    item('feature-flag', 'fast', default='off', remove_by='2026-06-30'),
    item('migration', 'Add jobs', entities='Job'),
    item('rollout-step', 'Migrate', action='migrate', runs='Add jobs'),
    item('rollout-step', 'Enable fast', action='enable', flag='fast', done='2026-01-20'),
    status='implemented',
    release='26.1',
)
SECOND = page(
    'second',
    item('endpoint', 'GET /a', change='deprecated', sunset='2026-12-31'),
    item('entity', 'Job', item('field', 'size: int', change='add'), change='modified'),
    item('breaking-change', 'No more a', affects='GET /a', sunset='2026-12-31'),
    status='accepted',
    release='26.2',
)
THIRD = page(
    'third',
    item('endpoint', 'GET /a', change='removed', sunset='2026-12-31'),
    item('field', 'Job.name', change='drop'),
    item('rollout-step', 'Remove a', action='remove', removes='GET /a'),
    status='draft',
    created='2026-02-20',
    depends_on='second',
)
DEAD = page('dead', item('endpoint', 'GET /a', change='changed'), status='rejected')


def shown(argument: str = '', *notes: Note, **options: str) -> list[Part]:
    view = View(
        name='impact-timeline',
        argument=argument,
        options=options,
        location=SourceLocation(path='index.md', line=1),
    )
    related = graph(HERE, *(notes or (FIRST, SECOND, THIRD, DEAD)), releases=tuple(RELEASES))
    return list(make_timeline(view, HERE, Sources(related, releases=RELEASES)))


def lines(part: Part) -> list[str]:
    if isinstance(part, Paragraph):
        return [''.join(cell.text for cell in part.cells)]
    table = part.table if isinstance(part, TimeLine | Picture) else part
    assert isinstance(table, Table)
    rows = ('|'.join('+'.join(cell.text for cell in cells) for cells in row.cells) for row in table.rows)
    return [table.title, '|'.join(column.title for column in table.columns), *rows]


def moments(part: Part) -> list[str]:
    assert isinstance(part, TimeLine)
    return [f'{moment.date} {"x" if moment.done else "o"} {moment.text}' for moment in part.moments]


def test_an_endpoint_is_shown_with_all_that_happens_to_it() -> None:
    line, state = shown('GET /a')
    assert lines(line) == [
        'GET /a',
        'Date|Release|What|Change|Note|State',
        '2026-01-15|26.1|GET /a|new|First|implemented',
        '2026-02-15|26.2|GET /a|deprecated|Second|accepted',
        '2026-12-31||GET /a|sunset|Second|open',
        '2026-12-31||No more a|sunset|Second|open',
        '2026-02-20||GET /a|removed|Third|draft',
        '||Remove a|remove|Third|planned',
    ]
    assert lines(state) == ['Now: new. When all open notes are implemented: removed.']


def test_what_has_a_date_stands_on_a_line_the_earliest_first() -> None:
    assert moments(shown('GET /a')[0]) == [
        '2026-01-15 x new · First',
        '2026-02-15 o deprecated · Second (accepted)',
        '2026-02-20 o removed · Third (draft)',
        '2026-12-31 o sunset · Second (open)',
        '2026-12-31 o sunset No more a · Second (open)',
    ]


def test_an_entity_is_shown_with_its_columns_and_what_migrates_it() -> None:
    assert lines(shown('entity:Job')[0])[2:] == [
        '2026-01-15|26.1|Job|new|First|implemented',
        '2026-01-15|26.1|Job.name|add|First|implemented',
        '2026-01-15|26.1|Migrate|migrate|First|done',
        '2026-02-15|26.2|Job|modified|Second|accepted',
        '2026-02-15|26.2|Job.size|add|Second|accepted',
        '2026-02-20||Job.name|drop|Third|draft',
    ]


def test_a_column_is_shown_alone() -> None:
    line, state = shown('Job.name', title='The name')
    assert lines(line) == [
        'The name',
        'Date|Release|What|Change|Note|State',
        '2026-01-15|26.1|Job.name|add|First|implemented',
        '2026-02-20||Job.name|drop|Third|draft',
    ]
    assert lines(state) == ['Now: add. When all open notes are implemented: drop.']


def test_a_flag_is_shown_with_what_switches_it() -> None:
    line, state = shown('fast')
    assert lines(line)[2:] == [
        '2026-01-15|26.1|fast|new|First|implemented',
        '2026-06-30||fast|remove by|First|open',
        '2026-01-20|26.1|Enable fast|enable|First|done',
    ]
    assert lines(state) == ['Now: new.']


def test_what_is_only_planned_is_not_there_now() -> None:
    assert lines(shown('Job.size')[1]) == [
        'Now: not there, as far as notes say. When all open notes are implemented: add.'
    ]


def test_one_day_makes_no_line() -> None:
    assert isinstance(shown('Job.size')[0], Table)


def test_a_filter_leaves_statements_out() -> None:
    assert lines(shown('GET /a', filter='status == "draft"')[0])[2:] == [
        '2026-02-20||GET /a|removed|Third|draft',
        '||Remove a|remove|Third|planned',
    ]
    assert [lines(part) for part in shown('GET /a', filter='status == "rejected"')] == [['Nothing to show.']]


def test_what_nobody_states_anything_about_is_said() -> None:
    assert [lines(part) for part in shown('GET /b')] == [["No note states anything about 'GET /b'."]]


ONE = page(
    'one',
    item('rollout-step', 'Done', action='deploy', done='2026-01-03'),
    item('rollout-step', 'Migrate one', action='migrate', rollback='migrate down'),
    item('rollout-step', 'Remove old', action='remove'),
    status='accepted',
    release='26.2',
)
TWO = page('two', item('rollout-step', 'Deploy two'), status='draft', depends_on='one')


def test_without_a_thing_the_steps_of_all_open_notes_are_shown_with_what_they_wait_for() -> None:
    (picture,) = shown('', ONE, TWO, FIRST)
    assert lines(picture) == [
        'Rollout',
        '#|Release|Step|Action|Waits for|Way back|State|Note',
        '1|26.2|Done|deploy|||done 2026-01-03|One',
        '2|26.2|Migrate one|migrate||migrate down|planned|One',
        '3|26.2|Remove old|remove|Migrate one (as written)|irreversible|planned|One',
        "4||Deploy two|deploy|Migrate one ('Two' depends on 'One')||planned|Two",
    ]


def test_the_picture_of_the_plan_has_what_is_still_to_be_done() -> None:
    (picture,) = shown('', ONE, TWO)
    assert isinstance(picture, Picture)
    assert [(thing.label, thing.name) for thing in picture.things] == [
        ('2, migrate', 'Migrate one (One)'),
        ('3, remove, irreversible', 'Remove old (One)'),
        ('4, deploy', 'Deploy two (Two)'),
    ]
    names = {thing.id: thing.name for thing in picture.things}
    assert [(names[arrow.source], names[arrow.target], arrow.label) for arrow in picture.arrows] == [
        ('Migrate one (One)', 'Remove old (One)', ''),
        ('Migrate one (One)', 'Deploy two (Two)', "'Two' depends on 'One'"),
    ]
    assert (picture.direction, picture.folded) == ('TB', False)


def test_a_plan_can_be_cut_down_to_some_notes() -> None:
    (table,) = shown('', ONE, TWO, filter='note == "two"')
    assert lines(table)[2:] == ["1||Deploy two|deploy|Migrate one ('Two' depends on 'One')||planned|Two"]


def test_what_admits_no_order_is_said() -> None:
    one = page('one', item('rollout-step', 'A', after='B'), status='draft', release='26.1')
    two = page('two', item('rollout-step', 'B'), status='draft', release='26.2')
    said = shown('', one, two)[-1]
    assert lines(said) == [
        "These admit no order (DN612): 'A' before 'B' (release 26.1 before 26.2); 'B' before 'A' ('after')."
    ]


def test_of_very_many_steps_the_first_are_drawn() -> None:
    steps = [item('rollout-step', f'Step {number}') for number in range(MOST_THINGS + 10)]
    picture, said = shown('', page('many', *steps, status='draft'))
    assert isinstance(picture, Picture)
    assert (len(picture.things), len(picture.table.rows)) == (MOST_THINGS, MOST_THINGS + 10)
    assert lines(said) == [
        'The picture shows 200 of 210 things and 199 of 209 links; a filter would show fewer. The table has them all.'
    ]


def test_nothing_to_do_is_said() -> None:
    assert [lines(part) for part in shown('', FIRST)] == [['Nothing to show.']]


@pytest.mark.parametrize(
    ('argument', 'option', 'value', 'message'),
    [
        ('', 'engine', 'dot', "'dot' is no engine"),
        ('', 'filter', 'date > "2026"', "'date' is no name of a filter"),
        ('GET /a', 'direction', 'TB', "what happens to one thing is drawn along its dates; leave 'direction' out"),
    ],
)
def test_what_cannot_be_followed_is_said(argument: str, option: str, value: str, message: str) -> None:
    ((name, found),) = check_timeline(argument, {option: value}, VOCABULARY)
    assert (name, found.partition(' (accepted')[0].partition(';')[0]) == (option, message.partition(';')[0])


def test_what_can_be_followed_is_not_complained_of() -> None:
    assert list(check_timeline('', {'engine': 'mermaid', 'direction': 'LR'}, VOCABULARY)) == []
    assert list(check_timeline('GET /a', {'filter': 'status == "draft"', 'title': 'x'}, VOCABULARY)) == []
