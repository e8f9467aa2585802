"""In which order notes and their statements came, and what they add up to."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from tests.unit.make import dangling, graph, item, page


def _order(of: Graph) -> list[str]:
    return list(of.notes)


def _subject(of: Graph, kind: str) -> Subject:
    (found,) = (subject for subject in of.subjects if subject.kind == kind)
    return found


def _history(of: Graph, kind: str = 'endpoint') -> list[str]:
    return [each.note for each in _subject(of, kind).impacts]


def test_notes_run_by_release_first() -> None:
    notes = [
        page('a', release='25.12', created='2025-01-01'),
        page('b', release='25.10', created='2025-03-01'),
        page('c', release='25.11', created='2025-02-01'),
    ]
    assert _order(graph(*notes, releases=('25.10', '25.11', '25.12'))) == ['b', 'c', 'a']


def test_notes_without_release_run_by_what_they_depend_on_or_supersede() -> None:
    notes = [
        page('a', depends_on='b', created='2025-01-01'),
        page('b', created='2025-03-01'),
        page('c', supersedes='a', created='2024-01-01'),
        page('d', superseded_by='b', created='2026-01-01'),
    ]
    assert _order(graph(*notes)) == ['d', 'b', 'a', 'c']


def test_notes_that_say_nothing_else_run_by_day_then_by_page_name() -> None:
    notes = [page('c', created='2025-01-01'), page('b'), page('a'), page('d', created='2024-12-31')]
    assert _order(graph(*notes)) == ['d', 'c', 'a', 'b']


def test_notes_on_a_circle_do_not_hang_and_are_all_kept() -> None:
    notes = [
        page('a', depends_on='b'),
        page('b', depends_on='c'),
        page('c', depends_on='a'),
        page('d', depends_on='a'),
        page('e'),
    ]
    assert sorted(_order(graph(*notes))) == ['a', 'b', 'c', 'd', 'e']


def test_a_note_that_depends_on_itself_keeps_its_place() -> None:
    assert _order(graph(page('b', depends_on='b'), page('a'))) == ['a', 'b']


def test_a_long_chain_of_notes_is_sorted() -> None:
    notes = [page(f'n{at:04}', depends_on=f'n{at + 1:04}') for at in range(1999)] + [page('n1999')]
    assert _order(graph(*notes)) == [f'n{at:04}' for at in range(1999, -1, -1)]


def test_notes_that_build_on_one_another_are_related_over_any_number_of_steps() -> None:
    of = graph(page('a'), page('b', depends_on='a'), page('c', supersedes='b'), page('d', superseded_by='c'), page('e'))
    related = {(x, y) for x in of.notes for y in of.notes if x != y and of.lineage.are_related(x, y)}
    both_ways = {('a', 'b'), ('a', 'c'), ('b', 'c'), ('d', 'c')}
    assert related == both_ways | {(y, x) for x, y in both_ways}


_EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


@settings(deadline=None)
@given(_EDGES, st.permutations(range(12)))
def test_relatives_are_those_that_a_walk_along_the_links_finds(edges: list[tuple[int, int]], names: list[int]) -> None:
    earlier = {at: {b for a, b in edges if a == at and b < at} for at in range(12)}
    notes = [
        page(f'n{names[at]}', **({'depends_on': ', '.join(f'n{names[b]}' for b in before)} if before else {}))
        for at, before in earlier.items()
    ]
    of = graph(*notes)

    def reached(at: int) -> set[int]:
        return {at}.union(*(reached(before) for before in earlier[at]))

    for one in range(12):
        for other in range(one):
            assert of.lineage.are_related(f'n{names[one]}', f'n{names[other]}') == (other in reached(one))
            assert of.lineage.are_related(f'n{names[other]}', f'n{names[one]}') == (other in reached(one))


def test_the_history_of_a_subject_runs_by_the_release_of_each_statement() -> None:
    notes = [
        page('a', item('endpoint', 'GET /x', change='removed', release='3')),
        page('b', item('endpoint', 'GET /x', change='deprecated'), release='2'),
        page('c', item('endpoint', 'GET /x', change='new'), release='1'),
    ]
    of = graph(*notes, releases=('1', '2', '3'))
    assert (_history(of), _subject(of, 'endpoint').current) == (['c', 'b', 'a'], 'removed')


def test_a_release_that_nobody_dates_gives_no_order() -> None:
    notes = [
        page('a', item('endpoint', 'GET /x', change='changed', release='9'), created='2025-02-01'),
        page('b', item('endpoint', 'GET /x', change='new', release='10'), created='2025-01-01'),
    ]
    assert _history(graph(*notes)) == ['b', 'a']


def test_several_statements_of_one_note_keep_their_order() -> None:
    note = page('a', item('endpoint', 'GET /x', change='new'), item('endpoint', 'GET /x', change='deprecated'))
    of = graph(note)
    assert [each.change for each in _subject(of, 'endpoint').impacts] == ['new', 'deprecated']


@pytest.mark.parametrize(
    ('changes', 'current', 'introduction'),
    [
        (['new', 'changed', 'deprecated'], 'deprecated', 0),
        (['existing'], 'existing', 0),
        (['changed', 'existing'], 'changed', 0),
        (['existing', 'new'], 'new', 1),
        (['new', ''], 'new', 0),
        ([''], None, 0),
    ],
)
def test_the_current_state_is_the_last_change_that_is_stated(
    changes: list[str], current: str | None, introduction: int
) -> None:
    notes = [
        page(
            f'n{at}',
            item('endpoint', 'GET /x', change=change) if change else item('endpoint', 'GET /x'),
            created=f'2025-01-0{at + 1}',
        )
        for at, change in enumerate(changes)
    ]
    subject = _subject(graph(*notes), 'endpoint')
    assert (subject.current, subject.introduction.note) == (current, f'n{introduction}')


def test_where_a_note_does_not_say_the_first_statement_introduces_and_later_ones_change() -> None:
    notes = [page(name, item('endpoint', 'GET /x'), item('entity', 'T', item('field', 'a'))) for name in ('a', 'b')]
    of = graph(*notes)
    assert [[of.change(each) for each in note.items] for note in notes] == [
        ['new', 'new', 'add'],
        ['changed', 'modified', 'modify'],
    ]


def test_dead_notes_declare_nothing() -> None:
    notes = [
        page('a', item('endpoint', 'GET /x', change='new'), status='rejected'),
        page('b', item('endpoint', 'GET /x', change='changed')),
        page('c', item('endpoint', 'GET /y', change='new'), status='superseded'),
        page('d', item('feature-flag', 'f', change='new'), status='withdrawn'),
    ]
    of = graph(*notes)
    assert [(subject.key, [each.note for each in subject.impacts]) for subject in of.subjects] == [('GET /x', ['b'])]


def _subjects(*notes: Note) -> list[tuple[str, str, str | None, int]]:
    return [(subject.kind, subject.key, subject.service, len(subject.impacts)) for subject in graph(*notes).subjects]


def test_one_thing_written_in_several_ways_is_one_subject() -> None:
    notes = [
        page('a', item('endpoint', 'GET /jobs/{id}'), item('entity', 'Deployment', item('field', 'x: int'))),
        page('b', item('endpoint', 'GET /jobs/:job/'), item('entity', 'deployment table', item('field', '`x`'))),
        page('c', item('endpoint', 'GET /api/jobs/<id>'), base_path='/api'),
        page('d', item('endpoint', 'GET /jobs/[id]'), base_path='/api'),
    ]
    assert _subjects(*notes) == [
        ('endpoint', 'GET /api/jobs/<id>', None, 2),
        ('endpoint', 'GET /jobs/{id}', None, 2),
        ('entity', 'Deployment', None, 2),
        ('field', 'Deployment.x', None, 2),
    ]


def test_a_constraint_is_known_by_its_kind_and_columns_whatever_its_title() -> None:
    notes = [
        page('a', item('entity', 'T', item('constraint', 'unique on a, b'))),
        page('b', item('entity', 'T', item('constraint', 'one a a b', kind='unique', columns='a, b'))),
    ]
    assert _subjects(*notes) == [('constraint', 'T unique on a, b', None, 2), ('entity', 'T', None, 2)]


def test_an_interface_is_known_by_service_kind_and_name() -> None:
    note = page('a', item('interface', 'orders', kind='event'), item('interface', 'orders', kind='rpc'))
    assert _subjects(note) == [('interface', 'orders', None, 1), ('interface', 'orders', None, 1)]


def test_the_service_is_part_of_the_identity_of_all_but_flags() -> None:
    items = (item('endpoint', 'GET /healthz'), item('entity', 'T'), item('feature-flag', 'f'), item('audit-event', 'e'))
    notes = [page('a', *items, service='one'), page('b', *items, service='two')]
    assert _subjects(*notes) == [
        ('audit-event', 'e', 'one', 1),
        ('audit-event', 'e', 'two', 1),
        ('endpoint', 'GET /healthz', 'one', 1),
        ('endpoint', 'GET /healthz', 'two', 1),
        ('entity', 'T', 'one', 1),
        ('entity', 'T', 'two', 1),
        ('feature-flag', 'f', None, 2),
    ]


def test_an_alias_makes_two_entities_one() -> None:
    notes = [
        page('a', item('entity', 'Deployment', item('field', 'x'))),
        page('b', item('entity', 'deployments', item('field', 'x'))),
    ]
    of = graph(*notes, aliases={'deployments': 'deployment'})
    assert [(subject.key, len(subject.impacts)) for subject in of.subjects] == [('Deployment', 2), ('Deployment.x', 2)]


def test_two_notes_with_one_id_both_declare() -> None:
    notes = [
        page('dup', item('endpoint', 'GET /a'), item('test-case', 'GET /a'), docname='p'),
        page('dup', item('endpoint', 'GET /b'), item('test-case', 'GET /b'), docname='q'),
    ]
    of = graph(*notes)
    assert ([subject.key for subject in of.subjects], dangling(of)) == (['GET /a', 'GET /b'], [])


_NAMES = st.sampled_from(['a', 'b', 'c', 'd'])
_ITEMS = st.sampled_from(
    [
        item('endpoint', 'POST /x', change='new', flag='f', uses='T.x'),
        item('endpoint', 'POST /x', change='changed', auth='any'),
        item('endpoint', 'GET /x/{id}', service='other'),
        item('entity', 'T', item('field', 'x: int'), change='new'),
        item('feature-flag', 'f', gates='POST /x, missing', body='When on, GET /x/1 and /x work'),
        item('migration', 'Add x', entities='T, T.x'),
        item('rollout', body='1. Run the migration\n2. Enable feature flag\n3. Remove T'),
        item('test-plan', 'unit', body='- Test POST /x\n- T.x and `x` of b\n- the endpoint'),
        item('audit-event', 'thing.x'),
        item('authorization', 'POST /x'),
    ]
)


_OPTIONS = {
    'depends-on': _NAMES,
    'supersedes': _NAMES,
    'release': st.sampled_from(['1', '2', '3']),
    'status': st.sampled_from(['draft', 'rejected', 'implemented']),
    'service': st.sampled_from(['s', 't']),
}


@st.composite
def _projects(draw: st.DrawFn) -> list[Note]:
    notes = []
    for name in draw(st.lists(_NAMES, unique=True, min_size=1)):
        options = {key: draw(values) for key, values in _OPTIONS.items() if draw(st.booleans())}
        items = draw(st.lists(_ITEMS, max_size=5))
        notes.append(page(name, *items, title=draw(_NAMES), options=options))
    return notes


@settings(deadline=None)
@given(_projects(), st.randoms(use_true_random=False))
def test_the_graph_does_not_depend_on_the_order_in_which_notes_come(notes: list[Note], random: Random) -> None:
    shuffled = list(notes)
    random.shuffle(shuffled)
    one, other = graph(*notes, releases=('1', '2')), graph(*shuffled, releases=('1', '2'))
    assert one == other
    assert (list(one.notes), list(one.items)) == (list(other.notes), list(other.items))


@settings(deadline=None)
@given(_projects())
def test_every_note_and_item_stays_in_the_graph_and_every_resolved_link_leads_somewhere(notes: list[Note]) -> None:
    of = graph(*notes)
    assert set(of.notes) == {note.id for note in notes}
    assert set(of.items) == {each.id for note in notes for each in note.items}
    assert [link for link in of.links if link.source not in of.items and link.source not in of.notes] == []
    assert [link for link in of.links if link.resolved and link.target not in {*of.items, *of.notes}] == []
