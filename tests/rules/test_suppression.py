"""What is silenced where it stands, and suppressions that silence nothing (DN111)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.rules import Severity
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.engine import run
from tests.support import graph_of, note, rule_of, said, settings

ALL = 'DN105 DN111 DN301 DN601 DN602'


def ran(*notes: Note, codes: str = ALL, **facts: object) -> list[tuple[str, int, str | None]]:
    """Return code, line and reason of each finding."""
    rules = [rule_of(code) for code in codes.split()]
    return [(f.code, f.location.line, f.suppressed) for f in run(rules, graph_of(*notes), settings(**facts))]


def endpoint(ignore: str = '', **options: str) -> Note:
    return note('n', said('endpoint', 'GET /health', change='new', **options, **({'ignore': ignore} if ignore else {})))


class TestSilenced:
    def test_by_code_or_by_name_with_its_reason(self) -> None:
        for name in ('DN301', 'endpoint-without-authorization'):
            assert ran(endpoint(f'{name} (public, by design)')) == [('DN301', 2, 'public, by design')]
        assert ran(endpoint('DN301')) == [('DN301', 2, 'no reason given')]

    def test_on_the_owner_and_on_the_whole_note(self) -> None:
        flag = said('feature-flag', 'f', change='new', default='off')
        assert ran(note('n', flag, ignore='DN602 (ops owns all)')) == [('DN602', 3, 'ops owns all')]

    def test_the_innermost_suppression_counts_and_the_outer_one_is_unused(self) -> None:
        flag = said('feature-flag', 'f', change='new', default='off', ignore='DN602 (mine)')
        assert ran(note('n', flag, ignore='DN602 (all)')) == [('DN111', 2, None), ('DN602', 3, 'mine')]


class TestDN111:
    def test_what_silences_nothing_is_reported_at_its_own_line(self) -> None:
        page = endpoint('DN301 (public)', auth='public')
        assert ran(page) == [('DN111', 5, None)]
        (finding,) = run([rule_of('DN111'), rule_of('DN301')], graph_of(page), settings())
        assert finding.message == "'DN301' has nothing to silence on GET /health; delete the suppression"
        assert finding.item == page.items[0].id

    def test_on_a_note(self) -> None:
        page = note('n', ignore='DN301 (public)')
        (finding,) = run([rule_of('DN111'), rule_of('DN301')], graph_of(page), settings())
        assert finding.message == "'DN301' has nothing to silence on the note; delete the suppression"
        assert (finding.location.line, finding.item) == (2, None)

    @pytest.mark.parametrize(
        ('name', 'hint'),
        [
            ('DN301x', "; did you mean 'DN301'?"),
            ('endpoint-without-authorisation', "; did you mean 'endpoint-without-authorization'?"),
            ('public', '; write the code or the name of one'),
        ],
    )
    def test_what_is_no_rule_is_reported_with_the_nearest_name(self, name: str, hint: str) -> None:
        (finding,) = run([rule_of('DN111')], graph_of(endpoint(f'{name} (x)')), settings())
        assert finding.message == f"'{name}', which is to be silenced, is no rule{hint}"

    def test_each_of_several_is_one_finding_with_a_fingerprint_of_its_own(self) -> None:
        page = endpoint('DN601 (a), DN301 (b), DN602 (c), DN9 (d), DN9 (e)')
        found = run([rule_of(code) for code in ALL.split()], graph_of(page), settings())
        assert [(f.code, f.message.partition("'")[2][:5]) for f in found if f.suppressed is None] == [
            ('DN111', "DN601"), ('DN111', 'DN602'), ('DN111', "DN9',"),
        ]  # fmt: skip
        assert len({f.fingerprint for f in found}) == len(found)

    def test_one_that_stands_on_several_items_is_used_when_one_of_them_needs_it(self) -> None:
        page = note('n', said('endpoint', 'GET, POST /x', change='new', ignore='DN301 (public), DN601 (x)'))
        first, second = page.items
        second = replace(second, ignore=first.ignore)
        page = replace(page, items=(replace(first, fields={**first.fields, 'auth': 'any'}), second))
        assert [code for code, _, suppressed in ran(page) if suppressed is None] == ['DN111']
        assert ('DN301', 5, 'public') in ran(page)

    def test_nothing_is_said_of_rules_that_did_not_run(self) -> None:
        assert ran(endpoint('DN601 (x), DN602 (y)', auth='any'), codes='DN111 DN301') == []

    def test_nor_of_rules_that_are_off_everywhere_or_there(self) -> None:
        page = endpoint('DN301 (public)', auth='any')
        off = {'DN301': Severity.OFF}
        assert ran(page, severities=off) == []
        assert ran(page, severities_by_path=(('n*', off),)) == []
        assert ran(page, severities_by_path=(('m*', off),)) == [('DN111', 5, None)]

    def test_nor_of_rules_that_crashed_or_that_depend_on_the_day(self) -> None:
        def crash(_: object) -> None:
            raise ValueError

        page = endpoint('DN301 (public)', auth='any')
        for odd in (replace(rule_of('DN301'), check=crash), replace(rule_of('DN301'), clock=True)):
            assert 'DN111' not in [f.code for f in run([rule_of('DN111'), odd], graph_of(page), settings())]

    def test_nor_of_items_of_which_something_is_lost(self) -> None:
        page = note('n', said('endpoint', 'GET /x', change='new', ignore='DN301 (public)', incomplete=True))
        assert ran(page) == []

    @pytest.mark.parametrize('status', ['implemented', 'rejected', 'withdrawn', 'superseded'])
    def test_nobody_rewrites_notes_that_are_done_or_dead(self, status: str) -> None:
        page = note('n', said('endpoint', 'GET /x', ignore='DN301 (a), DN105 (b), DN9 (c)'), status=status)
        assert ran(page) == []

    def test_it_can_be_silenced_and_that_is_never_reported(self) -> None:
        assert ran(endpoint('DN301 (public), DN111 (for the next release)', auth='any')) == [
            ('DN111', 5, 'for the next release')
        ]
        assert ran(endpoint('DN111 (nothing)', auth='any')) == []

    def test_it_can_be_turned_off(self) -> None:
        assert ran(endpoint('DN301 (public)', auth='any'), severities={'DN111': Severity.OFF}) == []

    def test_all_rules_are_known_whichever_are_run(self) -> None:
        names = ', '.join(f'{each.code} (x), {each.name} (y)' for each in RULES)
        assert ran(endpoint(names, auth='any'), codes='DN111') == []
