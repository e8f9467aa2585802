"""DN302, DN304, DN305, DN310, DN311: what the examples in ``cases/`` can't show."""

from __future__ import annotations

import datetime

import pytest

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.rules.engine import run
from tests.support import check, findings, graph_of, note, rule_of, said, settings

DATES = {'26.02': '2026-02-17', '26.05': '2026-05-19', '26.08': '2026-08-18'}


def dated(code: str, *notes: Note, **changes: object) -> list[Finding]:
    """Run one rule where releases have dates."""
    days = {name: datetime.date.fromisoformat(day) for name, day in DATES.items()}
    graph = graph_of(*notes, releases=tuple(DATES))
    return list(run([rule_of(code)], graph, settings(release_dates=days, **changes)))


class TestDN302:
    def test_the_message_tells_all_that_breaks_and_the_rest_is_related(self) -> None:
        stated = note(
            'n',
            said(
                'endpoint',
                'GET /jobs',
                said('field', 'state', change='drop', in_='response'),
                said('field', 'number', change='rename', renamed_from='id', in_='response'),
                change='changed',
                uses='Job.state',
            ),
            said('entity', 'Job', said('field', 'state', change='drop'), change='modified'),
        )
        (found,) = findings('DN302', stated)
        assert (found.message, found.location.line, [at.line for at in found.related]) == (
            'GET /jobs drops the field state, renames the field id, uses Job.state, which is dropped here, and no '
            "breaking change of this note says so; add one that affects it, or say ':breaking: no'",
            5,
            [8, 2, 14],
        )

    def test_what_is_named_is_not_told_again(self) -> None:
        fields = [said('field', name, change='drop', in_='response', id=name) for name in ('state', 'owner')]
        stated = note(
            'n',
            said('endpoint', 'GET /jobs', *fields, change='changed'),
            said('breaking-change', 'No state', affects='state'),
        )
        assert check('DN302', stated) == [('DN302', 'GET /jobs.owner')]

    def test_a_dropped_column_breaks_only_what_the_note_changes(self) -> None:
        entity = said('entity', 'Job', said('field', 'state', change='drop'), change='modified')
        found = [
            check('DN302', note('n', entity, said('endpoint', 'GET /jobs', change=change, uses='Job.state')))
            for change in ('existing', 'new', 'deprecated')
        ]
        assert found == [[], [], [('DN302', 'GET /jobs')]]

    def test_what_an_endpoint_uses_the_latest_note_to_say_so_tells(self) -> None:
        entity = said('entity', 'Job', said('field', 'state', change='drop'), said('field', 'owner'), change='modified')
        for later, expected in (({}, ['d']), ({'uses': 'Job.owner'}, [])):
            notes = [
                note('a', said('endpoint', 'GET /jobs', change='new', uses='Job.state'), created='2026-01-01'),
                note('b', said('endpoint', 'GET /jobs', change='changed'), created='2026-01-02'),
                note('c', said('endpoint', 'GET /jobs', change='changed', **later), created='2026-01-03'),
                note('d', said('endpoint', 'GET /jobs', change='changed'), entity, created='2026-01-04'),
            ]
            assert [f.note for f in findings('DN302', *notes)] == expected

    def test_a_none_with_a_reason_answers_for_the_fields_of_what_is_removed_too(self) -> None:
        field = said('field', 'state', change='drop', in_='response')
        reason = said('no-impact', 'breaking-changes', body='Nobody has called it since May.')
        assert check('DN302', note('n', said('endpoint', 'GET /jobs', field, change='removed'), reason)) == []

    @pytest.mark.parametrize(
        ('method', 'field', 'breaks'),
        [
            ('POST', {'required': 'yes'}, False),
            ('POST', {'required': 'yes', 'change': 'add'}, True),
            ('DELETE', {'required': 'yes', 'change': 'add'}, False),
            ('DELETE', {'required': 'yes', 'change': 'add', 'in_': 'header'}, True),
            ('GET', {'change': 'drop'}, True),
            ('POST', {'change': 'drop'}, False),
            ('GET', {'change': 'drop', 'in_': 'query'}, False),
        ],
    )
    def test_where_a_field_travels_is_told_by_the_method_if_nothing_else_does(
        self, method: str, field: dict[str, str], breaks: bool
    ) -> None:
        stated = note('n', said('endpoint', f'{method} /x', said('field', 'a', **field), change='changed'))
        assert bool(check('DN302', stated)) == breaks

    def test_where_a_field_travels_an_earlier_note_may_tell(self) -> None:
        told = said('endpoint', 'POST /x', said('field', 'a', change='add', in_='response'), change='new')
        dropped = said('endpoint', 'POST /x', said('field', 'a', change='drop'), change='changed')
        assert check('DN302', note('a', told), note('b', dropped, depends_on='a')) == [('DN302', 'POST /x.a')]

    def test_a_none_without_a_reason_answers_for_nothing(self) -> None:
        removed = said('endpoint', 'GET /jobs', change='removed')
        assert check('DN302', note('n', removed, said('no-impact', 'breaking-changes'))) == [('DN302', 'GET /jobs')]

    def test_a_breaking_change_of_another_note_does_not_count_and_one_with_a_wrong_name_may_mean_anything(self) -> None:
        removed = said('endpoint', 'GET /jobs', change='removed')
        elsewhere = note('other', said('breaking-change', 'Gone', affects='GET /jobs'))
        assert check('DN302', note('n', removed), elsewhere) == [('DN302', 'GET /jobs')]
        wrong = said('breaking-change', 'Gone', affects='GET /job')
        assert check('DN209 DN302', note('n', removed, wrong)) == [('DN209', 'Gone')]

    def test_it_may_be_silenced_on_the_field_that_breaks(self) -> None:
        field = said('field', 'state', change='drop', in_='response', ignore='DN302 (never documented)')
        assert check('DN302', note('n', said('endpoint', 'GET /jobs', field, change='changed'))) == []

    @pytest.mark.parametrize('status', ['implemented', 'rejected'])
    def test_nobody_rewrites_history(self, status: str) -> None:
        assert check('DN302', note('n', said('endpoint', 'GET /jobs', change='removed'), status=status)) == []

    def test_a_required_field_that_was_required_before_breaks_nobody(self) -> None:
        required = said('field', 'state: int', change='modify', in_='request', required='yes')
        notes = [
            note(name, said('endpoint', 'POST /jobs', required, change='changed'), created=f'2026-01-0{day}')
            for day, name in enumerate('ab', 1)
        ]
        assert [f.note for f in findings('DN302', *notes)] == ['a']


class TestDN304:
    def test_the_sunset_of_the_removal_itself_is_no_deprecation(self) -> None:
        removed = said('endpoint', 'GET /a', change='removed', sunset='2026-12-31')
        assert check('DN304', note('n', removed)) == [('DN304', 'GET /a')]

    def test_what_the_same_note_introduces_was_never_out(self) -> None:
        both = [said('endpoint', 'GET /a', change=change) for change in ('new', 'removed')]
        assert check('DN304', note('n', *both)) == []
        assert check('DN304', note('a', both[0]), note('b', both[1], depends_on='a')) == [('DN304', 'GET /a')]

    def test_what_a_rejected_note_says_of_it_does_not_count(self) -> None:
        removed = note('n', said('endpoint', 'GET /a', change='removed'))
        held = said('compatibility', 'It warns', mechanism='deprecation', covers='GET /a')
        assert check('DN304', removed, note('r', held, status='rejected')) == [('DN304', 'GET /a')]
        assert check('DN304', removed, note('r', held)) == []


class TestDN305:
    def test_ninety_days_are_enough_and_count_from_the_first_deprecation(self) -> None:
        first = said('endpoint', 'GET /a', change='deprecated', release='26.02', sunset='2026-05-18')
        assert dated('DN305', note('a', first)) == []
        again = said('endpoint', 'GET /a', change='deprecated', release='26.05', sunset='2026-06-30')
        assert dated('DN305', note('a', first), note('b', again, depends_on='a')) == []

    def test_the_messages_tell_days(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='deprecated', release='26.05', sunset='2026-06-01'),
            said('endpoint', 'GET /b', change='deprecated', release='26.05', sunset='2026-01-01'),
            said('endpoint', 'GET /c', change='removed', release='26.02', sunset='2026-03-01'),
        )
        assert [f.message for f in dated('DN305', stated)] == [
            'GET /a may be gone on 2026-06-01, 13 days after its deprecation; give clients 90 days',
            'GET /b may be gone on 2026-01-01, 138 days before its deprecation; give clients 90 days',
            'GET /c is removed in 26.02, on 2026-02-17, before its sunset 2026-03-01; remove it in a later release',
        ]

    def test_a_sunset_in_a_note_that_is_history_leaves_the_removal_to_be_told(self) -> None:
        deprecated = said('endpoint', 'GET /a', change='deprecated', release='26.05', sunset='2026-06-01')
        removed = note('b', said('endpoint', 'GET /a', change='removed', release='26.08'), depends_on='a')
        found = [
            [f.note for f in dated('DN305', note('a', deprecated, status=status), removed, thresholds=own)]
            for own in ({}, {'deprecation-days': 100})  # the removal comes 91 days after the deprecation
            for status in ('accepted', 'implemented')
        ]
        assert found == [['a'], [], ['a'], ['b']]


class TestDN310:
    def test_where_nobody_has_fixed_the_date_it_is_info(self) -> None:
        stated = note('n', said('endpoint', 'GET /a', change='deprecated', sunset='2025-06-01'))
        found = [dated('DN310', stated, today_is_fixed=fixed) for fixed in (True, False)]
        assert [[str(f.severity) for f in each] for each in found] == [['warning'], ['info']]

    def test_a_statement_about_two_endpoints_is_one_promise(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='changed'),
            said('endpoint', 'GET /b', change='changed'),
            said('compatibility', 'Both forms', covers='GET /a, GET /b', until='2025-06-01'),
        )
        assert [f.message for f in dated('DN310', stated)] == [
            "compatibility 'Both forms' was to end on 2025-06-01, and nothing implemented or done has removed it; "
            'do so and state the step as done, or give a new date'
        ]

    def test_a_step_that_will_be_done_has_done_nothing(self) -> None:
        stated = [
            note(
                'n',
                said('endpoint', 'GET /a', change='deprecated', sunset='2025-06-01'),
                said('rollout-step', 'Remove it', action='remove', removes='GET /a', done=day),
                status='implemented',
            )
            for day in ('2025-12-31', '2026-01-02')
        ]
        assert [check('DN310', each) for each in stated] == [[], [('DN310', 'GET /a')]]

    @pytest.mark.parametrize(
        ('change', 'status', 'overdue'),
        [('changed', 'accepted', True), ('changed', 'implemented', False), ('deprecated', 'implemented', True)],
    )
    def test_a_break_has_come_when_its_note_is_implemented(self, change: str, status: str, overdue: bool) -> None:
        broken = said('breaking-change', 'Gone', affects='GET /a', sunset='2025-06-01')
        stated = note('n', said('endpoint', 'GET /a', change=change), broken, status=status)
        assert bool(dated('DN310', stated)) == overdue

    def test_a_break_that_another_note_has_brought_is_not_that_of_the_deprecation(self) -> None:
        broken = said('breaking-change', 'Gone', affects='GET /a', sunset='2025-06-01')
        deprecated = note('a', said('endpoint', 'GET /a', change='deprecated'), status='implemented')
        assert dated('DN310', deprecated, note('b', broken, status='implemented')) == []

    def test_of_an_entity_only_statements_of_compatibility_count(self) -> None:
        entity = said('entity', 'Job', change='modified')
        broken = said('breaking-change', 'Gone', affects='Job', sunset='2025-06-01')
        held = said('compatibility', 'A view', covers='Job', until='2025-06-01')
        assert dated('DN310', note('n', entity, broken)) == []
        assert [f.item for f in dated('DN310', note('n', entity, held))] == ['n-compatibility-a-view']
        longer = said('compatibility', 'A view for good', covers='Job', until='2030-01-01')
        found = dated('DN310', note('n', entity, held), note('r', longer, status='rejected'))
        assert [f.item for f in found] == ['n-compatibility-a-view']

    def test_a_step_may_remove_what_was_promised_or_any_statement_on_the_endpoint(self) -> None:
        done = {'action': 'remove', 'done': 'yes'}
        held = said('compatibility', 'Both forms', covers='GET /a', until='2025-06-01')
        changed = said('endpoint', 'GET /a', change='changed')
        assert (
            dated('DN310', note('n', changed, held, said('rollout-step', 'Stop', removes='Both forms', **done))) == []
        )
        deprecated = note('a', said('endpoint', 'GET /a', change='deprecated', sunset='2025-06-01'))
        removal = [said('endpoint', 'GET /a', change='removed'), said('rollout-step', 'Go', removes='GET /a', **done)]
        assert dated('DN310', deprecated, note('b', *removal, depends_on='a')) == []

    @pytest.mark.parametrize(
        ('change', 'status', 'kept'),
        [('changed', 'implemented', True), ('changed', 'accepted', False), ('existing', 'implemented', False)],
    )
    def test_a_later_change_that_is_implemented_ends_a_promise_to_hold(
        self, change: str, status: str, kept: bool
    ) -> None:
        held = said('compatibility', 'Both forms', covers='GET /a', until='2025-06-01')
        first = note('a', said('endpoint', 'GET /a', change='changed'), held, status='implemented')
        later = note('b', said('endpoint', 'GET /a', change=change), status=status, depends_on='a')
        assert (dated('DN310', first, later) == []) == kept

    def test_a_later_change_does_not_remove_what_was_deprecated(self) -> None:
        first = note('a', said('endpoint', 'GET /a', change='deprecated', sunset='2025-06-01'), status='implemented')
        later = note('b', said('endpoint', 'GET /a', change='changed'), status='implemented', depends_on='a')
        assert [f.note for f in dated('DN310', first, later)] == ['a']


class TestDN311:
    def test_one_wrong_breaking_change_is_one_finding(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='deprecated', sunset='2026-09-01'),
            said('breaking-change', 'Gone', affects='GET /a', sunset='2026-10-01'),
            said('compatibility', 'Held', covers='Gone', until='2026-09-01'),
        )
        assert check('DN311', stated) == [('DN311', 'Gone')]

    def test_a_statement_on_two_breaking_changes_is_told_once(self) -> None:
        broken = [said('breaking-change', title, sunset='2026-10-01') for title in ('One', 'Two')]
        held = said('compatibility', 'Held', covers='One, Two', until='2026-09-01')
        (found,) = findings('DN311', note('n', *broken, held))
        assert found.item == 'n-compatibility-held'

    def test_what_covers_a_breaking_change_without_a_day_must_have_the_endpoints(self) -> None:
        endpoint = said('endpoint', 'GET /a', change='deprecated', sunset='2026-09-01')
        held = said('compatibility', 'Held', covers='Gone', until='2026-10-01')
        assert check('DN311', note('n', endpoint, said('breaking-change', 'Gone', affects='GET /a'), held)) == [
            ('DN311', 'Held')
        ]

    def test_what_covers_a_breaking_change_with_a_day_must_have_that(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='deprecated', sunset='2026-09-01'),
            said('breaking-change', 'Leaner', affects='GET /a', sunset='2026-10-01'),
            said('breaking-change', 'Gone', affects='GET /a', sunset='2026-09-01'),
            said('compatibility', 'Held', covers='Leaner', until='2026-09-01'),
        )
        assert check('DN311', stated) == [('DN311', 'Held')]

    def test_a_day_that_stands_alone_contradicts_nothing(self) -> None:
        held = said('compatibility', 'Held', covers='GET /a', until='2026-10-01', mechanism='shim')
        assert check('DN311', note('n', said('endpoint', 'GET /a', change='changed'), held)) == []

    def test_all_that_differ_are_related(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='deprecated', sunset='2026-09-01'),
            said('breaking-change', 'Gone', affects='GET /a', sunset='2026-10-01'),
            said('compatibility', 'Held', covers='GET /a', until='2026-11-01'),
        )
        (found,) = findings('DN311', stated)
        assert (found.message, found.location.line, [at.line for at in found.related]) == (
            "breaking change 'Gone' says 2026-10-01, and GET /a 2026-09-01; state one day", 7, [4, 10],
        )  # fmt: skip
