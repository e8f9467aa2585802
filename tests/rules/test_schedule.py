"""The steps of all open notes in one order, and what keeps them from having one."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.rules.engine import run
from sphinxcontrib_designnote.rules.precedence import Precedence
from sphinxcontrib_designnote.rules.schedule import Schedule, schedule, waits
from tests.support import Said, graph_of, note, rule_of, said, settings

DATES = {f'26.{n}': datetime.date(2026, n, 1) for n in range(1, 7)}
RELEASES = tuple(DATES)


def step(title: str, **options: str) -> Said:
    return said('rollout-step', title, **{'action': 'deploy', **options})


def planned(*notes: Note) -> Schedule:
    return schedule(graph_of(*notes, releases=RELEASES), RELEASES)


def order(*notes: Note) -> list[str]:
    merged = planned(*notes)
    assert merged.is_consistent
    return [each.step.title for each in merged.planned]


def circles(*notes: Note) -> list[list[str]]:
    return [[before.first.title for before in circle] for circle in planned(*notes).contradictions]


def found(*notes: Note, codes: str = 'DN204 DN607 DN608 DN612') -> list[Finding]:
    rules = [rule_of(code) for code in codes.split()]
    return [*run(rules, graph_of(*notes, releases=RELEASES), settings(release_dates=DATES))]


class TestOrder:
    def test_where_nothing_else_decides_history_and_writing_do(self) -> None:
        late = note('a', step('a1'), step('a2'), created='2026-02-01')
        assert order(late, note('b', step('b1'), created='2026-01-01')) == ['b1', 'a1', 'a2']

    def test_earlier_releases_come_first_and_what_has_none_last(self) -> None:
        notes = note('a', step('a1')), note('b', step('b1'), release='26.2'), note('c', step('c1'), release='26.1')
        assert order(*notes) == ['c1', 'b1', 'a1']

    def test_after_frees_a_step_from_what_stands_above_it(self) -> None:
        assert order(note('a', step('a1'), step('a2'), step('a3', after='a1'), release='26.2')) == ['a1', 'a2', 'a3']
        freed = note('a', step('a1', release='26.1'), step('a2', release='26.3'), step('a3', after='a1'), step('a4'))
        other = note('b', step('b1'), release='26.2')
        assert order(freed, other) == ['a1', 'b1', 'a2', 'a3', 'a4']

    def test_what_follows_is_behind_all_that_stands_above_it(self) -> None:
        # a3 may come before a2, but a4 follows both.
        notes = note('a', step('a1'), step('a2', after='b1'), step('a3', after='a1'), step('a4')), note('b', step('b1'))
        assert order(*notes) == ['a1', 'a3', 'b1', 'a2', 'a4']

    def test_after_a_step_of_another_note_keeps_its_place_where_it_can(self) -> None:
        notes = note('a', step('a1', release='26.2'), step('a2', after='b1', release='26.2')), note('b', step('b1'))
        assert order(*notes) == ['a1', 'b1', 'a2']
        early = note('a', step('a1', release='26.2'), step('a2', after='b1', release='26.1'))
        assert order(early, note('b', step('b1'), release='26.1')) == ['b1', 'a2', 'a1']

    def test_it_keeps_its_place_though_it_would_be_ready_before(self) -> None:
        waiting = note('a', step('a1', after='c1'), step('a2', after='b1'), created='2026-01-01')
        assert order(waiting, note('b', step('b1')), note('c', step('c1'))) == ['b1', 'c1', 'a1', 'a2']

    def test_a_note_waits_for_what_another_brings_and_not_for_its_cleaning_up(self) -> None:
        first = note('b', step('b1'), step('b2', action='enable'), step('b3', action='remove'), release='26.2')
        assert order(note('a', step('a1'), depends_on='b'), first) == ['b1', 'b2', 'b3', 'a1']
        waits = note('b', step('b1'), step('b2', action='remove', after='a1, b1'))
        assert order(note('a', step('a1'), depends_on='b'), waits) == ['b1', 'a1', 'b2']

    def test_it_waits_through_a_note_without_steps(self) -> None:
        notes = note('a', step('a1'), depends_on='b'), note('b', depends_on='c'), note('c', step('c1'))
        assert order(*notes) == ['c1', 'a1']

    def test_steps_that_name_steps_of_the_other_note_say_more_exactly_what_waits(self) -> None:
        notes = (
            note('a', step('a1'), step('a2', after='b1'), depends_on='b', release='26.1'),
            note('b', step('b1', after='a1')),
        )
        assert order(*notes) == ['a1', 'b1', 'a2']

    def test_a_note_waits_for_what_it_supersedes(self) -> None:
        assert order(note('a', step('a1'), supersedes='b'), note('b', step('b1'))) == ['b1', 'a1']
        assert order(note('a', step('a1')), note('b', step('b1'), superseded_by='a')) == ['b1', 'a1']

    def test_what_uses_a_column_waits_for_the_migration_of_the_other_note(self) -> None:
        adding = note(
            'z',
            said('entity', 'Job', said('field', 'state: text', change='add'), change='modified'),
            said('migration', 'Add state'),
            step('prepare', action='verify'),
            step('Run the migration', action='migrate'),
        )
        using = note('a', said('endpoint', 'GET /jobs', change='new', uses='Job.state'), step('web client'), step('x'))
        assert order(using, adding) == ['web client', 'prepare', 'Run the migration', 'x']

    def test_a_new_table_is_needed_where_code_is_deployed_with_its_flag_on(self) -> None:
        adding = note(
            'z',
            said('entity', 'Task', said('field', 'id: int'), change='new'),
            said('migration', 'Create Task'),
            step('Create it', action='migrate'),
        )
        off, loud = step('x', flag_state='off'), step('y')
        using = note('a', said('endpoint', 'GET /tasks', change='new', uses='Task'), off, loud)
        assert order(using, adding) == ['x', 'Create it', 'y']

    def test_a_migration_waits_for_the_table_of_another_note(self) -> None:
        adding = note(
            'z',
            said('entity', 'Job', said('field', 'id: int'), change='new'),
            said('migration', 'Create Job'),
            step('Create it', action='migrate'),
        )
        column = said('field', 'state: text', change='add')
        changing = note(
            'a',
            said('entity', 'Job', column, change='modified'),
            said('migration', 'Add state'),
            step('a1', action='migrate'),
            step('a2'),
        )
        assert order(replace(changing), adding) == ['Create it', 'a1', 'a2']

    def test_a_required_flag_is_turned_on_first_and_off_last(self) -> None:
        flag = said('feature-flag', 'f', default='off', requires='g')
        on = note('a', flag, step('f on', action='enable', flag='f', flag_state='on'))
        first = note('b', said('feature-flag', 'g'), step('g on', action='enable', flag='g', flag_state='on'))
        assert order(on, first) == ['g on', 'f on']
        off = note('c', step('g off', action='disable', flag='g'))
        last = note('d', step('f off', action='disable', flag='f'))
        assert order(on, first, off, last) == ['g on', 'f on', 'f off', 'g off']

    def test_only_undone_steps_of_open_notes_are_planned(self) -> None:
        notes = (
            note('a', step('a1', done='2026-01-01'), step('a2')),
            note('b', step('b1'), status='implemented'),
            note('c', step('c1'), status='withdrawn'),
        )
        assert order(*notes) == ['a2']

    def test_a_step_goes_out_no_earlier_than_what_stands_above_it(self) -> None:
        merged = planned(note('a', step('a1', release='26.3'), step('a2'), step('a3', release='26.4'), release='26.1'))
        assert [(each.step.title, each.release) for each in merged.planned] == [
            ('a1', '26.3'), ('a2', '26.3'), ('a3', '26.4'),
        ]  # fmt: skip

    def test_cleaning_up_may_be_later_than_the_release_of_the_note(self) -> None:
        notes = (
            note('a', step('a1'), step('a2', action='remove', after='b1, a1'), release='26.1'),
            note('b', step('b1'), release='26.2'),
        )
        assert order(*notes) == ['a1', 'b1', 'a2']


class TestContradictions:
    def test_a_dependency_against_a_step(self) -> None:
        notes = note('a', step('a1'), step('a2', after='b1')), note('b', step('b0'), step('b1'), depends_on='a')
        (finding,) = found(*notes)
        assert (finding.code, finding.location.path, finding.location.line, finding.item) == (
            'DN612', 'a.md', 6, 'a-rollout-step-a2',
        )  # fmt: skip
        assert finding.message == (
            "the rollout has no order: 'a2' of 'a' before 'b1' of 'b' ('b' depends on 'a'), "
            "'b1' of 'b' before 'a2' of 'a' ('after'); change one of these"
        )
        assert [(at.path, at.line) for at in finding.related] == [('a.md', 4), ('b.md', 2), ('b.md', 5)]

    def test_a_dependency_against_releases(self) -> None:
        notes = note('a', step('a1'), release='26.2'), note('b', step('b1'), depends_on='a', release='26.1')
        (finding,) = found(*notes)
        assert (finding.location.path, finding.location.line, finding.item) == ('b.md', 2, None)
        assert finding.message == (
            "the rollout has no order: 'b1' of 'b' before 'a1' of 'a' (release 26.1 before 26.2), "
            "'a1' of 'a' before 'b1' of 'b' ('b' depends on 'a'); change one of these"
        )

    def test_a_dependency_over_a_note_that_only_checks(self) -> None:
        checking = note('b', step('b1', action='verify'), depends_on='c')
        assert circles(note('a', step('a1'), depends_on='b'), checking, note('c', step('c1', after='a1'))) == [
            ['c1', 'a1']
        ]

    def test_a_release_between_in_which_nothing_is_brought_is_still_between(self) -> None:
        notes = (
            note('a', step('a1'), release='26.3'),
            note('b', step('b1', after='a1'), release='26.1'),
            note('c', step('c1', action='verify'), release='26.2'),
        )
        assert circles(*notes) == [['b1', 'a1']]

    def test_releases_against_the_order_of_writing(self) -> None:
        (finding,) = found(note('a', step('a1', release='26.2'), step('a2', release='26.1')))
        assert finding.message == (
            "the rollout has no order: 'a2' before 'a1' (release 26.1 before 26.2), 'a1' before 'a2' (as written); "
            'change one of these'
        )

    def test_a_migration_in_a_later_release_than_what_uses_its_column(self) -> None:
        adding = note(
            'z',
            said('entity', 'Job', said('field', 'state: text', change='add'), change='modified'),
            said('migration', 'Add state'),
            step('Run the migration', action='migrate'),
            release='26.2',
        )
        endpoint = said('endpoint', 'GET /jobs', change='new', uses='Job.state', flag='f')
        flag = said('feature-flag', 'f', default='off')
        using = note('a', endpoint, flag, step('deploy it'), release='26.1')
        (finding,) = found(using, adding)
        assert (finding.location.path, finding.item) == ('a.md', 'a-rollout-step-deploy-it')
        assert finding.message == (
            'the rollout has no order: '
            "'deploy it' of 'a' before 'Run the migration' of 'z' (release 26.1 before 26.2), "
            "'Run the migration' of 'z' before 'deploy it' of 'a' (needs Job.state); change one of these"
        )
        client = note('a', endpoint, flag, step('web client'), release='26.1')
        assert found(client, adding) == []
        later = note('a', endpoint, flag, step('client'), step('on', action='enable', flag='f'), release='26.1')
        assert [f.item for f in found(later, adding)] == ['a-rollout-step-on']

    def test_something_done_before_what_it_has_to_wait_for(self) -> None:
        (finding,) = found(note('a', step('a1'), step('a2', after='a1', done='2026-01-01')))
        assert finding.message == (
            "the rollout has no order: 'a2' before 'a1' (done), 'a1' before 'a2' ('after'); change one of these"
        )

    @pytest.mark.parametrize(
        'notes',
        [
            (note('a', step('a1'), step('a2', done='yes')),),
            (note('a', step('a1', done='yes'), depends_on='b'), note('b', step('b1'))),
            (note('a', step('a1', done='yes'), release='26.2'), note('b', step('b1'), release='26.1')),
        ],
    )
    def test_else_what_is_done_is_done(self, notes: tuple[Note, ...]) -> None:
        assert found(*notes) == []

    @pytest.mark.parametrize(
        'notes',
        [
            (note('a', step('a1', after='a2'), step('a2', after='a1')),),
            (note('a', step('a1'), depends_on='b'), note('b', step('b1'), depends_on='a')),
        ],
    )
    def test_a_circle_of_one_type_is_that_of_another_rule_and_yet_there_is_no_order(
        self, notes: tuple[Note, ...]
    ) -> None:
        assert [finding.code for finding in found(*notes)] == ['DN204']
        assert not planned(*notes).is_consistent
        assert len(planned(*notes).planned) == 2

    def test_a_circle_of_one_type_hides_no_contradiction_beside_it(self) -> None:
        notes = (
            note('a', step('a1', after='a2'), step('a2', after='a1'), step('a3', after='b1')),
            note('b', step('b1'), depends_on='a'),
        )
        assert sorted(finding.code for finding in found(*notes)) == ['DN204', 'DN612']

    def test_the_shortest_is_shown(self) -> None:
        notes = (
            note('a', step('a1'), step('a2', after='b4, a1'), step('a3', after='a2')),
            note('b', step('b1', after='a3'), step('b2'), step('b3'), step('b4'), depends_on='c'),
            note('c', step('c1', after='b4')),
        )
        # What stands between two steps of a note is not told.
        assert circles(*notes) == [['c1', 'b4'], ['a2', 'a3', 'b1', 'b4']]

    def test_two_that_share_only_the_order_of_releases_are_two(self) -> None:
        notes = (
            note('a', step('a1', release='26.2')),
            note('b', step('b1', after='a1', release='26.1')),
            note('c', step('c1', release='26.2')),
            note('d', step('d1', after='c1', release='26.1')),
        )
        assert circles(*notes) == [['b1', 'a1'], ['d1', 'c1']]
        assert len({finding.fingerprint for finding in found(*notes)}) == 2

    def test_notes_that_depend_on_and_supersede_each_other(self) -> None:
        notes = note('a', step('a1'), depends_on='b'), note('b', step('b1'), supersedes='a')
        assert circles(*notes) == [['b1', 'a1']] or circles(*notes) == [['a1', 'b1']]
        assert circles(note('a', depends_on='b'), note('b', supersedes='a')) == []

    def test_a_long_one_is_cut(self) -> None:
        notes = [note(f'n{at}', step(f's{at}'), depends_on=f'n{at + 1}') for at in range(9)]
        (finding,) = found(*notes, note('n9', step('s9', after='s0')))
        assert finding.message.count(' before ') == 5
        assert finding.message.endswith(', and 5 more; change one of these')

    def test_the_rest_is_in_the_best_order_there_is(self) -> None:
        notes = (
            note('a', step('a1', release='26.2'), step('a2', release='26.1')),
            note('b', step('b2', after='b1'), step('b1')),
        )
        assert [each.step.title for each in planned(*notes).planned] == ['a2', 'a1', 'b1', 'b2']


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[list[Note], dict[str, int]]:
    """Notes whose statements all agree with one hidden order, and that order."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    titles = [f's{at}' for at in range(sum(sizes))]
    hidden = draw(st.permutations(titles))
    place = {title: at for at, title in enumerate(hidden)}
    notes, used = [], 0
    groups: list[list[str]] = []
    for number, size in enumerate(sizes):
        own = sorted(titles[used : used + size], key=place.__getitem__)
        used += size
        steps = []
        for title in own:
            options = {}
            before = hidden[: place[title]]
            if before and draw(st.booleans()):
                options['after'] = ', '.join(draw(st.lists(st.sampled_from(before), min_size=1, max_size=3)))
            if draw(st.booleans()):
                options['release'] = RELEASES[place[title] * len(RELEASES) // len(titles)]
            steps.append(step(title, **options))
        earlier = [f'n{at}' for at, group in enumerate(groups) if place[group[-1]] < place[own[0]]]
        depends_on = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        notes.append(note(f'n{number}', *steps, **({'depends_on': ', '.join(depends_on)} if depends_on else {})))
        groups.append(own)
    return notes, place


def violated(notes: list[Note], merged: list[str]) -> list[tuple[str, str]]:
    """Pairs that stand the wrong way round, found by comparing all with all and knowing nothing of the solver."""
    at = {title: number for number, title in enumerate(merged)}
    wrong = []
    steps = [(each, n) for n in notes for each in n.items]
    for (first, its_note), (then, other) in combinations(steps, 2):
        for early, late, early_note, late_note in ((first, then, its_note, other), (then, first, other, its_note)):
            named = late.names('after')
            exact = {n.id for n in notes for item in n.items for s in late_note.items if item.title in s.names('after')}
            must = early.title in named
            must |= early_note is late_note and early.location < late.location and not named
            must |= early_note.id in late_note.names('depends_on') and early_note.id not in exact
            must |= bool(early.release and late.release) and RELEASES.index(early.release) < RELEASES.index(
                late.release
            )
            if must and at[early.title] > at[late.title]:
                wrong.append((early.title, late.title))
    return wrong


#: Always the same examples.
SAME = how(derandomize=True, deadline=None, database=None)


class TestAnyNotes:
    @SAME
    @given(acyclic(), st.randoms(use_true_random=False))
    def test_what_agrees_is_respected_whatever_the_order_of_pages(
        self, made: tuple[list[Note], dict[str, int]], chance: random.Random
    ) -> None:
        notes, place = made
        merged = order(*notes)
        assert sorted(merged) == sorted(place)
        assert violated(notes, merged) == []
        assert found(*notes) == []
        chance.shuffle(notes)
        assert order(*notes) == merged

    @SAME
    @given(acyclic(), st.data())
    def test_a_planted_circle_is_named_and_cannot_be_shortened(
        self, made: tuple[list[Note], dict[str, int]], data: st.DataObject
    ) -> None:
        """The first note is made to wait for the end of a chain of notes of which each waits for the one before."""
        notes, _ = made
        ways = data.draw(st.lists(st.sampled_from(['depends_on', 'supersedes', 'after']), min_size=1, max_size=5))
        if set(ways) == {'after'}:  # DN204 says that
            ways[0] = 'depends_on'
        length = len(ways)
        chain = [
            note(f'c{at}', step(f'c{at}', after=f'c{at - 1}'))
            if way == 'after'
            else note(f'c{at}', step(f'c{at}'), **{way: f'c{at - 1}'})
            for at, way in enumerate(ways, 1)
        ]
        head = note('c0', step('c0', after=f'c{length}'))
        finding = next(iter(found(*notes, head, *chain)))
        assert finding.code == 'DN612'
        (circle,) = circles(*notes, head, *chain)
        assert sorted(circle) == [f'c{at}' for at in range(length + 1)]
        assert [int(title[1:]) for title in circle[1:]] == [
            (int(title[1:]) + 1) % (length + 1) for title in circle[:-1]
        ]


def waiting(*notes: Note) -> dict[str, list[tuple[str, str]]]:
    graph = graph_of(*notes, releases=RELEASES)
    return {
        graph.items[then].title: [(each.first.title, each.because) for each in befores]
        for then, befores in waits(graph, RELEASES).items()
    }


class TestWaits:
    def test_a_step_waits_for_the_one_above_it_only(self) -> None:
        assert waiting(note('a', step('a1'), step('a2'), step('a3'))) == {
            'a2': [('a1', 'as written')],
            'a3': [('a2', 'as written')],
        }

    def test_a_note_waits_for_what_the_other_brings_last(self) -> None:
        first = note('a', step('a1'), step('a2'), step('a3', action='announce'))
        assert waiting(first, note('b', step('b1'), step('b2'), depends_on='a')) == {
            'a2': [('a1', 'as written')],
            'a3': [('a2', 'as written')],
            'b1': [('a2', "'b' depends on 'a'")],
            'b2': [('b1', 'as written')],
        }

    def test_a_release_waits_for_all_that_nothing_else_waits_for(self) -> None:
        early = [note(name, step(f'{name}1'), step(f'{name}2'), release='26.1') for name in 'ab']
        late = note('c', step('c1', release='26.2'))
        assert waiting(*early, late)['c1'] == [('a2', 'release 26.1 before 26.2'), ('b2', 'release 26.1 before 26.2')]

    def test_nothing_waits_for_what_is_done_and_what_is_done_for_nothing(self) -> None:
        notes = note('a', step('a1', done='2026-01-01'), step('a2')), note('b', step('b1', after='a1'))
        assert waiting(*notes) == {}

    def test_what_contradicts_the_rest_is_left_out(self) -> None:
        notes = note('a', step('a1', after='b1')), note('b', step('b1', after='a1'), step('b2'))
        assert waiting(*notes) == {'b2': [('b1', 'as written')]}

    @SAME
    @given(acyclic())
    def test_it_says_all_that_must_come_before_and_nothing_twice(self, made: tuple[list[Note], dict[str, int]]) -> None:
        graph = graph_of(*made[0], releases=RELEASES)
        wanted = Precedence(graph, RELEASES)
        ids = {node: step.id for node, step in enumerate(wanted.steps)}
        all_after = {ids[node]: {ids[n] for n in reached(wanted.edges, node) if n >= 0} for node in ids}
        direct = [(each.first.id, then) for then, befores in waits(graph, RELEASES).items() for each in befores]
        told: dict[str, set[str]] = {id_: set() for id_ in ids.values()}
        for first, then in direct:
            told[first].add(then)
        assert {id_: reached(told, id_) for id_ in told} == all_after
        for first, then in direct:
            assert then not in set().union(*(all_after[other] for other in told[first] if other != then))
        assert all(each.because for befores in waits(graph, RELEASES).values() for each in befores)


def reached(edges: Mapping[Any, Iterable[Any]], start: Any) -> set[Any]:
    found: set[Any] = set()
    left = [start]
    while left:
        new = set(edges[left.pop()]) - found
        found |= new
        left += new
    return found


class TestSize:
    @pytest.mark.parametrize(
        'shape',
        [
            lambda n: [note(f'n{at}', *(step(f's{at}-{k}') for k in range(4)), release='26.1') for at in range(n)],
            lambda n: [note('n', *(step(f's{k}', release=RELEASES[k * 6 // n]) for k in range(n)))],
            lambda n: [
                note('a', *(step(f'a{k}') for k in range(n))),
                note('b', *(step(f'b{k}') for k in range(n)), depends_on='a'),
            ],
            lambda n: [note('a', step('s0'), *(step(f's{k}', after='s0') for k in range(1, n)), step('last'))],
            lambda n: [
                note(
                    'a',
                    said('feature-flag', 'f', requires='g'),
                    said('feature-flag', 'g'),
                    *(step(f'{flag}{k}', action='enable', flag=flag) for flag in 'fg' for k in range(n)),
                )
            ],
        ],
        ids=['notes of a release', 'releases', 'a note that depends on another', 'after one step', 'required flags'],
    )
    def test_twice_the_steps_take_twice_the_edges(self, shape: object) -> None:
        def edges(size: int) -> int:
            wanted = Precedence(graph_of(*shape(size), releases=RELEASES), RELEASES)
            return sum(map(len, wanted.edges.values())) + len(wanted.wishes)

        small, large = edges(30), edges(60)
        assert small > 30
        assert large <= 2 * small + 4
