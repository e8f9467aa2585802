"""Requirements: what no note states and items implement."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Note, Requirement
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.chains import chain_of, read_kinds
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.names import Naming
from sphinxcontrib_designnote.rules.baseline import Baseline
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import RuleSettings
from sphinxcontrib_designnote.rules.engine import run
from sphinxcontrib_designnote.tables.coverage import coverage
from sphinxcontrib_designnote.tables.gather import Gathered
from sphinxcontrib_designnote.tables.standard import tables
from tests.support import VOCABULARY, note, said

#: Of no matter to these rules.
TODAY = datetime.date(2026, 7, 1)


def required(id_: str, title: str = 'Fast', *, wanted: bool = True, url: str | None = None) -> Requirement:
    place = None if url else SourceLocation(path='reqs.rst', line=7)
    return Requirement(
        id=id_, type='req', title=title, docname=None if url else 'reqs', location=place, url=url, wanted=wanted
    )


def graph_of(*notes: Note, requirements: Mapping[str, Requirement]) -> Graph:
    return relate(notes, Naming(vocabulary=VOCABULARY).with_requirements(requirements))


def check(graph: Graph, *codes: str, **settings: object) -> tuple[Finding, ...]:
    rules = RuleSettings(today=TODAY, rules=RULES, **settings)  # type: ignore[arg-type]
    return run([rule for rule in RULES if rule.code in codes], graph, rules)


JOBS = note(
    'jobs',
    said('endpoint', 'POST /jobs', change='new', implements='REQ_FAST'),
    said('test-case', 'It starts', verifies='POST /jobs'),
    title='Jobs',
)


def test_a_link_to_a_requirement_is_resolved() -> None:
    graph = graph_of(JOBS, requirements={'REQ_FAST': required('REQ_FAST')})
    assert [(link.type, link.target, link.resolved) for link in graph.links if link.type == 'implements'] == [
        ('implements', 'REQ_FAST', True)
    ]
    assert check(graph, 'DN201') == ()


def test_an_unknown_requirement_is_a_dangling_reference_with_the_nearest_one() -> None:
    graph = graph_of(JOBS, requirements={'REQ_FASTER': required('REQ_FASTER')})
    (finding,) = check(graph, 'DN201')
    assert finding.message == (
        "'implements' names 'REQ_FAST', and no item or requirement has that name; did you mean 'REQ_FASTER'?"
    )


def test_an_option_that_takes_notes_only_takes_no_requirement() -> None:
    graph = graph_of(note('jobs', depends_on='REQ_FAST'), requirements={'REQ_FAST': required('REQ_FAST')})
    assert [finding.code for finding in check(graph, 'DN201')] == ['DN201']


def test_an_item_with_the_id_of_a_requirement_goes_first() -> None:
    item = said('endpoint', 'GET /jobs', id='REQ_FAST', change='new')
    graph = graph_of(JOBS, note('other', item), requirements={'REQ_FAST': required('REQ_FAST')})
    (link,) = (link for link in graph.links if link.type == 'implements')
    assert graph.items[link.target].key == 'GET /jobs'
    assert [finding.code for finding in check(graph, 'DN808')] == ['DN808']


def test_a_requirement_goes_before_a_note_that_is_called_nearly_so() -> None:
    graph = graph_of(JOBS, note('req-fast', title='Req fast'), requirements={'REQ_FAST': required('REQ_FAST')})
    assert [link.target for link in graph.links if link.type == 'implements'] == ['REQ_FAST']


def rows(graph: Graph) -> list[list[str]]:
    (table,) = (table for table in tables(Gathered(graph, tuple)) if table.name == 'requirements')
    return [['; '.join(part.text for part in cell) for cell in row.cells] for row in table.rows]


def test_the_table_shows_the_way_from_requirement_to_item_to_test() -> None:
    direct = note('load', said('test-case', 'A thousand a second', implements='REQ_FAST'), title='Load')
    requirements = {
        'REQ_FAST': required('REQ_FAST'),
        'REQ_SAFE': required('REQ_SAFE', 'Safe'),
        'REQ_SEEN': required('REQ_SEEN', 'Seen', wanted=False),
        'REQ_ELSEWHERE': required('REQ_ELSEWHERE', 'Elsewhere', url='https://example.org/#REQ_ELSEWHERE'),
    }
    assert rows(graph_of(JOBS, direct, requirements=requirements)) == [
        ['REQ_ELSEWHERE', 'Elsewhere', 'req', '', '', '', ''],
        ['REQ_FAST', 'Fast', 'req', '', 'POST /jobs', 'It starts; A thousand a second', 'Jobs'],
        ['REQ_SAFE', 'Safe', 'req', '', '', '', ''],
    ]


def test_a_part_of_a_requirement_counts_for_the_whole() -> None:
    whole = required('REQ_FAST')
    part = note('jobs', said('endpoint', 'POST /jobs', implements='REQ_FAST.p99'), title='Jobs')
    graph = graph_of(part, requirements={'REQ_FAST': whole, 'REQ_FAST.p99': whole})
    assert rows(graph) == [['REQ_FAST', 'Fast', 'req', '', 'POST /jobs', '', 'Jobs']]
    assert check(graph, 'DN201', 'DN808') == ()
    chain = chain_of(graph, read_kinds('requirement x endpoint', VOCABULARY))
    assert [(entry.name, sorted(entry.ids)) for entry in chain.entries[0]] == [
        ('REQ_FAST', ['REQ_FAST', 'REQ_FAST.p99'])
    ]
    assert chain.covered(1) == {0}


def test_coverage_counts_what_is_to_be_implemented() -> None:
    requirements = {id_: required(id_) for id_ in ('REQ_FAST', 'REQ_SAFE')}
    requirements['REQ_SEEN'] = required('REQ_SEEN', wanted=False)
    assert coverage(graph_of(JOBS, requirements=requirements))['requirement'] == {'total': 2, 'item': 1, 'test': 1}
    assert 'requirement' not in coverage(graph_of(JOBS, requirements={'REQ_SEEN': requirements['REQ_SEEN']}))


def test_a_matrix_has_a_row_for_a_requirement_that_nothing_implements() -> None:
    requirements = {id_: required(id_) for id_ in ('REQ_FAST', 'REQ_SAFE')}
    chain = chain_of(graph_of(JOBS, requirements=requirements), read_kinds('requirement x endpoint x test', VOCABULARY))
    assert [entry.name for entry in chain.entries[0]] == ['REQ_FAST', 'REQ_SAFE']
    assert chain.covered(2) == {0}


def test_the_finding_stands_where_the_requirement_does() -> None:
    (finding,) = check(graph_of(note('a'), requirements={'REQ_FAST': required('REQ_FAST')}), 'DN808')
    assert (finding.location, finding.docname) == (SourceLocation(path='reqs.rst', line=7), 'reqs')
    assert (finding.note, finding.item, finding.severity) == (None, None, Severity.WARNING)
    assert finding.message == (
        "no item implements the requirement 'Fast'; write ':implements: REQ_FAST' on one that does"
    )


def test_two_findings_on_one_page_have_two_fingerprints_that_no_line_changes() -> None:
    requirements = {id_: required(id_) for id_ in ('REQ_FAST', 'REQ_SAFE')}
    found = check(graph_of(note('a'), requirements=requirements), 'DN808')
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_page_may_have_a_severity_of_its_own() -> None:
    graph = graph_of(note('a'), requirements={'REQ_FAST': required('REQ_FAST')})
    by_path = (('reqs*', {'DN808': Severity.ERROR}),)
    (finding,) = check(graph, 'DN808', severities_by_path=by_path)
    assert finding.severity is Severity.ERROR
    assert check(graph, 'DN808', severities_by_path=(('reqs*', {'DN808': Severity.OFF}),)) == ()


def test_a_baseline_can_list_it() -> None:
    graph = graph_of(note('a'), requirements={'REQ_FAST': required('REQ_FAST')})
    (finding,) = check(graph, 'DN808')
    (silenced,) = check(graph, 'DN808', baseline=Baseline(fingerprints=frozenset({finding.fingerprint})))
    assert silenced.in_baseline


def test_a_requirement_of_another_project_is_no_finding() -> None:
    graph = graph_of(note('a'), requirements={'R_1': required('R_1', url='https://example.org')})
    assert check(graph, 'DN808') == ()
