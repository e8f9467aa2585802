"""DN1xx."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.diagnostics import Problem, Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Note, SlotState
from sphinxcontrib_designnote.rules.engine import run
from tests.support import SLOTS, check, findings, graph_of, note, rule_of, said, settings

ALL_PROSE: dict[str, SlotState] = dict.fromkeys(SLOTS, 'prose')


def without(*slots: str) -> dict[str, SlotState]:
    return {slot: state for slot, state in ALL_PROSE.items() if slot not in slots}


def with_problem(code: str, *, status: str = 'in-review', of_item: bool = True) -> Note:
    stated = note('n', said('endpoint', 'GET /x'))
    problem = Problem(
        code=code,
        message='what is wrong',
        location=SourceLocation(path='n.md', line=7),
        item=stated.items[0].id if of_item else None,
    )
    return note('n', said('endpoint', 'GET /x'), problems=[problem], status=status)


class TestDN101:
    def test_a_section_with_neither_heading_nor_item_nor_none_is_missing(self) -> None:
        assert check('DN101', note('n', headings=without('audit'))) == [('DN101', 1)]

    def test_each_missing_section_is_a_finding_in_the_order_of_the_template(self) -> None:
        found = findings('DN101', note('n', headings=without('audit', 'approach')))
        assert sorted(f.message for f in found) == [
            'the note says nothing about approach; '
            "add the section, or the directive 'no-impact' with 'approach' and the reason",
            'the note says nothing about audit; '
            "add the section, or the directive 'no-impact' with 'audit' and the reason",
        ]
        assert len({f.fingerprint for f in found}) == 2

    @pytest.mark.parametrize('state', ['items', 'none', 'prose', 'empty'])
    def test_a_heading_of_any_state_is_not_missing(self, state: SlotState) -> None:
        assert check('DN101', note('n', headings=without('audit') | {'audit': state})) == []

    def test_an_item_or_a_none_makes_up_for_the_heading(self) -> None:
        headings = without('audit', 'security')
        items = (said('audit-event', 'job.started'), said('no-impact', 'security'))
        assert check('DN101', note('n', *items, headings=headings)) == []

    def test_an_item_fills_the_slot_of_its_change_only(self) -> None:
        headings = without('new-endpoints', 'changed-endpoints')
        stated = note('n', said('endpoint', 'GET /x', change='new'), headings=headings)
        assert [f.detail for f in findings('DN101', stated)] == ['changed-endpoints']

    def test_an_optional_section_may_be_missing(self) -> None:
        assert check('DN101', note('n', headings=without('interfaces'))) == []

    def test_a_page_that_is_no_note_misses_nothing(self) -> None:
        assert check('DN101', note('n', marked=False)) == []

    def test_an_unreadable_option_of_the_note_hides_no_missing_section(self) -> None:
        assert check('DN101', note('n', headings=without('audit'), incomplete=True)) == [('DN101', 1)]


class TestProblems:
    @pytest.mark.parametrize('code', ['DN105', 'DN106', 'DN108', 'DN112'])
    def test_what_could_not_be_read_is_reported_at_its_line_and_on_its_item(self, code: str) -> None:
        found = findings(code, with_problem(code))
        assert [(f.code, f.location.line, f.item, f.message) for f in found] == [
            (code, 7, 'n-endpoint-get-x', 'what is wrong')
        ]

    @pytest.mark.parametrize('code', ['DN102', 'DN105', 'DN106', 'DN107', 'DN108', 'DN112'])
    def test_a_problem_of_the_note_itself_is_reported_on_the_note(self, code: str) -> None:
        found = findings(code, with_problem(code, of_item=False))
        assert [(f.code, f.location.line, f.note, f.item) for f in found] == [(code, 7, 'n', None)]

    @pytest.mark.parametrize('code', ['DN102', 'DN105', 'DN106', 'DN107', 'DN108', 'DN112'])
    def test_a_problem_is_reported_by_its_own_rule_only(self, code: str) -> None:
        assert [c for c, _ in check('DN102 DN105 DN106 DN107 DN108 DN112', with_problem(code, of_item=False))] == [code]

    @pytest.mark.parametrize(('code', 'count'), [('DN105', 1), ('DN106', 1), ('DN112', 1), ('DN108', 0), ('DN102', 0)])
    def test_only_broken_directives_are_reported_in_dead_notes(self, code: str, count: int) -> None:
        assert len(check(code, with_problem(code, status='withdrawn'))) == count
        assert len(check(code, with_problem(code, status='implemented'))) == count


class TestDN103:
    def test_a_bare_none_is_reported(self) -> None:
        assert check('DN103', note('n', said('no-impact', 'audit'))) == [('DN103', 'audit')]

    def test_a_none_with_a_reason_is_content(self) -> None:
        assert check('DN103', note('n', said('no-impact', 'audit', body='Only reads.'))) == []

    def test_a_none_of_which_something_was_lost_is_left_alone(self) -> None:
        assert check('DN103', note('n', said('no-impact', 'audit', body=' \n', incomplete=True))) == []

    def test_a_body_of_white_space_is_no_reason(self) -> None:
        assert check('DN103', note('n', said('no-impact', 'audit', body=' \n '))) == [('DN103', 'audit')]


class TestDN104:
    def test_a_none_and_an_item_of_the_slot_contradict(self) -> None:
        stated = note('n', said('no-impact', 'audit'), said('audit-event', 'job.started'))
        assert check('DN104', stated) == [('DN104', 'audit')]

    def test_the_items_are_related_and_counted(self) -> None:
        stated = note('n', said('no-impact', 'audit'), said('audit-event', 'a'), said('audit-event', 'b'))
        (found,) = findings('DN104', stated)
        assert found.message == (
            "'audit' says None, and the note states audit event 'a' and 1 more; remove the one that is wrong"
        )
        assert [at.line for at in found.related] == [3, 4]

    def test_an_item_of_another_slot_of_its_kind_does_not_contradict(self) -> None:
        stated = note(
            'n',
            said('no-impact', 'new-entities', body='Using existing tables.'),
            said('entity', 'Deployment', change='modified'),
        )
        assert check('DN104', stated) == []

    def test_what_is_stated_as_existing_does_not_contradict(self) -> None:
        stated = note('n', said('no-impact', 'changed-endpoints'), said('endpoint', 'GET /x', change='existing'))
        assert check('DN104', stated) == []

    def test_an_existing_entity_with_a_new_column_is_modified(self) -> None:
        column = said('field', 'a: int', change='add')
        stated = note('n', said('no-impact', 'modified-entities'), said('entity', 'Job', column, change='existing'))
        assert check('DN104', stated) == [('DN104', 'modified-entities')]

    def test_an_item_without_a_change_contradicts_only_where_it_could_stand_nowhere(self) -> None:
        endpoint = said('endpoint', 'GET /x')
        one, both = said('no-impact', 'new-endpoints'), said('no-impact', 'changed-endpoints')
        assert check('DN104', note('n', one, endpoint)) == []
        assert check('DN104', note('n', one, both, endpoint)) == [('DN104', 'new-endpoints')]

    def test_words_do_not_contradict(self) -> None:
        stated = note('n', said('no-impact', 'audit'), said('approach', body='We add an audit event.'))
        assert check('DN104', stated) == []


class TestDN107:
    def test_an_empty_section_is_reported_at_its_heading(self) -> None:
        stated = note('n', headings={'audit': 'empty', 'approach': 'prose'}, heading_lines={'audit': 30, 'approach': 3})
        assert check('DN107', stated) == [('DN107', 30)]

    def test_a_section_whose_items_stand_elsewhere_is_not_empty(self) -> None:
        stated = note('n', said('audit-event', 'a'), headings={'audit': 'empty'}, heading_lines={'audit': 30})
        assert check('DN107', stated) == []

    def test_an_empty_section_is_not_missing_too(self) -> None:
        stated = note('n', headings=ALL_PROSE | {'audit': 'empty'}, heading_lines={'audit': 30})
        assert check('DN101 DN107', stated) == [('DN107', 30)]

    def test_a_section_that_capture_reported_is_not_reported_twice(self) -> None:
        problem = Problem(code='DN107', message='empty', location=SourceLocation(path='n.md', line=30))
        stated = note('n', headings={'audit': 'empty'}, heading_lines={'audit': 30}, problems=[problem])
        assert [f.message for f in findings('DN107', stated)] == ['empty']


class TestDN110:
    def test_a_note_of_more_words_than_it_may_have_is_too_long(self) -> None:
        shown = [settings(severities={'DN110': Severity.WARNING}, thresholds=own) for own in ({}, {'max-words': 1001})]
        graph = graph_of(note('n', words=1001), note('m', words=1000), note('page', words=5000, marked=False))
        found = [[(f.note, f.message) for f in run([rule_of('DN110')], graph, each)] for each in shown]
        fix = 'cut it, or move the details to a page of their own and link to it'
        assert found == [[('n', f'the note has 1001 words, and may have 1000; {fix}')], []]

    def test_it_is_off_by_default(self) -> None:
        assert check('DN110', note('n', words=5000)) == []
