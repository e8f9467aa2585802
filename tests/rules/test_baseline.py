"""The baseline silences what it lists, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.rules.baseline import Baseline, read_baseline, write_baseline
from sphinxcontrib_designnote.rules.engine import run
from tests.support import graph_of, note, rule_of, said, settings


def finding(code: str, severity: Severity = Severity.WARNING, line: int = 3, **more: Any) -> Finding:
    location = SourceLocation(path=more.pop('path', 'a.md'), line=line)
    facts = {'name': 'x', 'message': f'{code} says', 'note': 'a', **more}
    return Finding(code=code, severity=severity, location=location, **facts)


def listed(*findings: Finding) -> list[dict[str, str]]:
    entries = json.loads(write_baseline(findings))['findings']
    assert isinstance(entries, list)
    return entries


def test_the_file_tells_people_what_is_listed_and_holds_no_lines() -> None:
    first, second = finding('DN301'), finding('DN105', Severity.ERROR, path='b.md', item='i')
    assert listed(second, first) == [
        {'fingerprint': first.fingerprint, 'code': 'DN301', 'path': 'a.md', 'message': 'DN301 says'},
        {'fingerprint': second.fingerprint, 'code': 'DN105', 'path': 'b.md', 'message': 'DN105 says'},
    ]
    moved = [finding('DN301', line=9), finding('DN105', Severity.ERROR, line=1, path='b.md', item='i')]
    assert write_baseline(moved) == write_baseline([second, first])
    lines = write_baseline(moved).decode().splitlines()
    assert [line.count('fingerprint') for line in lines] == [0, 0, 0, 0, 1, 1, 0, 0]


def test_only_what_somebody_should_act_on_is_listed() -> None:
    kept = finding('DN301')
    info = finding('DN602', Severity.INFO)
    silenced = finding('DN303', suppressed='agreed with all clients')
    crashed = finding('DN990', Severity.ERROR, note=None)
    assert [entry['code'] for entry in listed(kept, kept, info, silenced, crashed)] == ['DN301']


def test_what_is_listed_is_silenced_wherever_it_has_moved() -> None:
    baseline = read_baseline(write_baseline([finding('DN301'), finding('DN303')]))
    marked = baseline.silenced(finding('DN301', line=40))
    assert (marked.suppressed, marked.in_baseline) == ('in the baseline', True)
    assert baseline.silenced(finding('DN301', Severity.INFO)).in_baseline
    other = finding('DN301', item='another')
    assert baseline.silenced(other) is other
    assert baseline.unmatched([finding('DN301'), other]) == 1


def test_what_its_author_silences_stays_the_authors() -> None:
    ours = finding('DN301', suppressed='public')
    assert read_baseline(write_baseline([finding('DN301')])).silenced(ours) is ours


def test_a_rule_that_crashes_is_never_silenced() -> None:
    crashed = finding('DN990', Severity.ERROR, note=None)
    assert Baseline(fingerprints=frozenset({crashed.fingerprint})).silenced(crashed) is crashed


def test_the_engine_marks_what_is_listed() -> None:
    graph = graph_of(note('a', said('feature-flag', 'f', change='new'), said('feature-flag', 'g', change='new')))
    rules = [rule_of('DN601')]
    first, second = run(rules, graph, settings())
    again = run(rules, graph, settings(baseline=read_baseline(write_baseline([first]))))
    assert again == (replace(first, suppressed='in the baseline', in_baseline=True), second)


GOOD = json.loads(write_baseline([finding('DN301')]))


@pytest.mark.parametrize(
    ('written', 'message'),
    [
        (b'', 'it is no JSON'),
        (b'{"format": "designnote-baseline", "vers', 'it is no JSON'),
        (b'\xff\xfe\x00', 'it is no JSON'),
        (b'[' * 100_000, 'it is no JSON'),
        (b'9' * 10_000, 'it is no JSON'),
        (b'[]', 'its "format" is not "designnote-baseline"'),
        (b'{"format": "designnote", "findings": []}', 'its "format" is not "designnote-baseline"'),
        (GOOD | {'version': 2}, 'its "version" is \'2\', and this release reads 1'),
        ({'format': 'designnote-baseline', 'version': 1}, 'its "findings" are no list'),
        (GOOD | {'findings': {'fingerprint': 'x'}}, 'its "findings" are no list'),
        (GOOD | {'findings': [*GOOD['findings'], 'x']}, 'entry 2 of its "findings" has no fingerprint'),
        (GOOD | {'findings': [{'fingerprint': 7}]}, 'entry 1 of its "findings" has no fingerprint'),
        (GOOD | {'findings': [{'fingerprint': 'DN301'}]}, 'entry 1 of its "findings" has no fingerprint'),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_baseline_is_refused(written: Any, message: str) -> None:
    data = written if isinstance(written, bytes) else json.dumps(written).encode()
    with pytest.raises(DeclarationError) as caught:
        read_baseline(data)
    assert str(caught.value) == message
