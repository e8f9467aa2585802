"""What the engine decides: how bad a finding is, what a crash does, and that fingerprints stay what they are."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.rules import Report, Rule, Scope, Severity, rule
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.engine import run
from tests.support import graph_of, note, rule_of, said, settings

NOTE = note('n', said('endpoint', 'POST /jobs', change='new'))
OTHER = note('elsewhere', said('endpoint', 'GET /x'))


class TestSeverity:
    def severity_in(self, docname: str, **facts: Any) -> list[str]:
        page = note('n', said('feature-flag', 'f', change='new'), docname=docname)
        return [str(f.severity) for f in run([rule_of('DN601')], graph_of(page), settings(**facts))]

    def test_a_path_counts_for_more_than_the_rest_of_the_configuration(self) -> None:
        facts = {
            'severities': {'DN601': Severity.ERROR},
            'severities_by_path': (('legacy/**', {'DN601': Severity.INFO}),),
        }
        assert self.severity_in('new/note', **facts) == ['error']
        assert self.severity_in('legacy/deep/note', **facts) == ['info']
        assert self.severity_in('old-legacy/note', **facts) == ['error']

    def test_a_glob_may_be_one_of_files(self) -> None:
        facts = {'severities_by_path': (('legacy/*.md', {'DN601': Severity.INFO}),)}
        assert [self.severity_in(f'{page}/note', **facts) for page in ('legacy', 'new')] == [['info'], ['warning']]

    def test_of_several_globs_the_last_one_that_names_the_rule_counts(self) -> None:
        facts = {
            'severities_by_path': (
                ('legacy/*', {'DN601': Severity.OFF}),
                ('*', {'DN601': Severity.INFO}),
                ('legacy/kept/*', {'DN602': Severity.ERROR}),
            )
        }
        assert self.severity_in('legacy/kept/note', **facts) == ['info']
        assert self.severity_in('legacy/kept/note', severities_by_path=facts['severities_by_path'][::-1]) == []

    def test_a_rule_may_be_on_in_one_folder_only(self) -> None:
        facts = {
            'severities': {'DN601': Severity.OFF},
            'severities_by_path': (('new/*', {'DN601': Severity.WARNING}),),
        }
        assert self.severity_in('new/note', **facts) == ['warning']
        assert self.severity_in('old/note', **facts) == []


def made(*reports: Any, raises: BaseException | None = None, scope: Scope = Scope.NOTE) -> Rule:
    """Make a rule that gives *reports*, and then raises."""

    @rule('ORD001', 'odd', Severity.WARNING, scope)
    def odd(*_: object) -> Iterator[Any]:
        """Be odd."""
        yield from reports
        if raises is not None:
            raise raises

    return odd


def returning(result: Any) -> Rule:
    return replace(made(), check=lambda *_: result)


class TestCrash:
    """DN990."""

    def messages(self, odd: Rule) -> list[str]:
        found = run([odd, rule_of('DN301')], graph_of(NOTE), settings())
        assert [f.code for f in found if f.code not in ('DN990', 'ORD001')] == ['DN301']
        return [f.message.partition(' (')[2].partition(' (')[0] for f in found if f.code == 'DN990']

    @pytest.mark.parametrize('scope', [Scope.ITEM, Scope.NOTE, Scope.SUBJECT, Scope.PROJECT])
    def test_a_rule_that_raises_names_itself_and_the_others_still_run(self, scope: Scope) -> None:
        odd = made(raises=ZeroDivisionError('by zero'), scope=scope)
        assert self.messages(odd) == ['odd) crashed: ZeroDivisionError: by zero']

    def test_what_it_said_before_stays(self) -> None:
        odd = made(Report(message='m', about=NOTE), raises=ValueError('late'))
        assert [f.code for f in run([odd], graph_of(NOTE), settings())] == ['DN990', 'ORD001']

    @pytest.mark.parametrize(
        ('result', 'message'),
        [
            (None, "odd) crashed: TypeError: 'NoneType' object is not iterable"),
            (5, "odd) crashed: TypeError: 'int' object is not iterable"),
            ('text', 'odd) crashed: TypeError: it gave str where a Report was expected'),
            ([None], 'odd) crashed: TypeError: it gave NoneType where a Report was expected'),
            ([Report], 'odd) crashed: TypeError: it gave type where a Report was expected'),
        ],
        ids=str,
    )
    def test_a_rule_that_gives_no_reports_is_a_crash(self, result: Any, message: str) -> None:
        assert self.messages(returning(result)) == [message]

    @pytest.mark.parametrize(
        ('about', 'message'),
        [
            (OTHER, "odd) crashed: LookupError: it speaks about 'elsewhere', which no note states"),
            (OTHER.items[0], f'odd) crashed: LookupError: it speaks about {OTHER.items[0].id!r}, which no note states'),
            (
                None,
                'odd) crashed: TypeError: its Report has no text for a message, or is about neither an item nor a note',
            ),
            (
                'n',
                'odd) crashed: TypeError: its Report has no text for a message, or is about neither an item nor a note',
            ),
        ],
        ids=['note', 'item', 'none', 'id'],
    )
    def test_a_report_about_what_no_note_states_is_a_crash(self, about: Any, message: str) -> None:
        assert self.messages(made(Report(message='m', about=about))) == [message]

    def test_a_message_that_is_no_text_is_a_crash(self) -> None:
        (message,) = self.messages(made(Report(message=b'm', about=NOTE)))  # type: ignore[arg-type]  # that is the case
        assert message.startswith('odd) crashed: TypeError: its Report has no text')

    @pytest.mark.parametrize(
        ('facts', 'message'),
        [
            ({'detail': 5}, 'the detail of its Report is 5, and no text'),
            ({'at': 'n.md'}, "its Report names the place 'n.md', which is no SourceLocation of a line of a file"),
            ({'related': ('x',)}, "its Report names the place 'x', which is no SourceLocation of a line of a file"),
        ],
    )
    def test_a_report_that_outputs_could_not_write_is_a_crash(self, facts: dict[str, Any], message: str) -> None:
        assert self.messages(made(Report(message='m', about=NOTE, **facts))) == [f'odd) crashed: TypeError: {message}']

    @pytest.mark.parametrize('place', [('n.md', 0), ('n.md', -4), ('n.md', 'x'), (5, 1)])
    def test_so_is_one_on_no_line(self, place: tuple[Any, Any]) -> None:
        at = SourceLocation(path=place[0], line=place[1])
        for facts in ({'at': at}, {'related': (at,)}):
            odd = made(Report(message='m', about=NOTE, **facts))
            (message,) = (f.message for f in run([odd], graph_of(NOTE), settings()) if f.code == 'DN990')
            assert f'its Report names the place {at!r}, which is no SourceLocation' in message

    def test_places_may_be_a_list(self) -> None:
        odd = made(Report(message='m', about=NOTE, related=[NOTE.location]))  # type: ignore[arg-type]  # that is the case
        assert [(f.code, f.related) for f in run([odd], graph_of(NOTE), settings())] == [('ORD001', (NOTE.location,))]

    def test_a_rule_that_ends_the_process_ends_only_itself(self) -> None:
        assert self.messages(made(raises=SystemExit(3))) == ['odd) crashed: SystemExit: 3']

    def test_configuration_says_how_bad_it_is(self) -> None:
        def severities(**configured: Severity) -> list[Severity]:
            found = run([made(raises=ValueError('x'))], graph_of(NOTE), settings(severities=configured))
            return [finding.severity for finding in found]

        assert severities() == [Severity.ERROR]
        assert severities(DN990=Severity.WARNING) == [Severity.WARNING]
        assert severities(DN990=Severity.OFF) == []

    def test_two_rules_that_raise_are_two_findings(self) -> None:
        odd = made(raises=ValueError('x'))
        found = run([odd, replace(odd, code='ORD002', name='odder')], graph_of(NOTE), settings())
        assert len({f.fingerprint for f in found}) == 2


def test_reports_on_one_item_that_nothing_tells_apart_have_fingerprints_of_their_own() -> None:
    lines = [SourceLocation(path='n.md', line=line) for line in (4, 9)]
    odd = made(*(Report(message='m', about=NOTE, at=at) for at in lines))
    assert len({f.fingerprint for f in run([odd], graph_of(NOTE), settings())}) == 2


NAMES = st.sampled_from(['jobs', 'runs', 'users', 'orders', 'keys'])
CHANGES = st.sampled_from(['new', 'changed', 'removed', 'existing'])
IGNORES = st.sampled_from(['', '', 'DN301 (no)', 'DN601, DN602 (no)', 'DN9', 'note-too-long'])


@st.composite
def said_things(draw: st.DrawFn) -> list[Any]:
    """Generate items of a note, whose order says nothing; no two of one kind have one name."""
    things: list[Any] = []
    for name in draw(st.lists(NAMES, unique=True, max_size=5)):
        options = {'change': draw(CHANGES)} | ({'ignore': ignore} if (ignore := draw(IGNORES)) else {})
        kind = draw(
            st.sampled_from(['endpoint', 'entity', 'feature-flag', 'test-case', 'no-impact', 'breaking-change'])
        )
        match kind:
            case 'endpoint':
                method = draw(st.sampled_from(['GET', 'POST']))
                things.append(said(kind, f'{method} /{name}', flag=f'{draw(NAMES)}_flag', **options))
            case 'entity':
                change = {'change': 'modified' if options['change'] == 'changed' else options['change']}
                things.append(
                    said(kind, name, said('field', 'state: text'), said('constraint', 'index on state'), **change)
                )
            case 'feature-flag':
                things.append(said(kind, f'{name}_flag', requires=f'{draw(NAMES)}_flag', **options))
            case 'test-case':
                things.append(
                    said(kind, f'Test POST /{name} and `{draw(NAMES)}.state`', verifies=f'GET /{draw(NAMES)}')
                )
            case 'no-impact':
                things.append(said(kind, draw(st.sampled_from(['audit', 'authorization', 'testing']))))
            case _:
                things.append(said(kind, f'Break {name}', affects=f'GET /{draw(NAMES)}'))
    return things


def moved(page: Note, by: int) -> Note:
    """Return *page* as if *by* lines had been written above all that it says."""

    def down(at: SourceLocation) -> SourceLocation:
        return SourceLocation(path=at.path, line=at.line + by)

    def item(each: Item) -> Item:
        lines = {name: line + by for name, line in each.lines.items()}
        ignore = tuple(replace(one, location=down(one.location)) for one in each.ignore)
        return replace(each, location=down(each.location), lines=lines, ignore=ignore)

    return replace(page, location=down(page.location), items=tuple(map(item, page.items)))


def fingerprints(pages: Iterable[Note]) -> list[tuple[str, str]]:
    found = run(RULES, graph_of(*pages), settings())
    assert [f.message for f in found if f.code == 'DN990'] == []
    return sorted((f.code, f.fingerprint) for f in found)


@given(things=st.lists(said_things(), min_size=1, max_size=3), seed=st.integers(0, 99), by=st.integers(0, 9))
@limits(max_examples=150, deadline=None)
def test_fingerprints_survive_moved_lines_and_reordered_items_and_are_distinct(
    things: list[list[Any]], seed: int, by: int
) -> None:
    before = fingerprints(note(f'n{number}', *said_in) for number, said_in in enumerate(things))
    assert len(set(before)) == len(before)
    shuffled = [random.Random(seed).sample(said_in, len(said_in)) for said_in in things]  # noqa: S311 - no secret
    after = fingerprints(moved(note(f'n{number}', *said_in), by) for number, said_in in enumerate(shuffled))
    assert after == before
