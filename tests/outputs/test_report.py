from __future__ import annotations

import base64
import datetime
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from output_records import NoteMaker, context_of, example_findings, finding_of, graph_of, quick_deploy, tables_of

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.schema import ValueType, builtin_vocabulary, extended_vocabulary
from sphinxcontrib_designnote.outputs.report import report
from sphinxcontrib_designnote.outputs.summary import summary_lines
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import STYLESHEET

VOID = {'meta', 'link', 'input', 'br', 'hr', 'img', 'wbr'}
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(2)>"\'><b>&lt;i&gt; {{ 7*7 }} {% raw %} javascript:alert(3) '
    '\x00\x1b\ud800'
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Every element of a page with the text in it, and the elements that are not closed in order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.misnested: list[str] = []
        self.feed(data.decode('utf-8'))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.misnested.append(tag)
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            e for e in self.elements if e.tag == tag and all(e.attributes.get(k) == v for k, v in attributes.items())
        ]

    def texts(self, tag: str, **attributes: str) -> list[str]:
        return [' '.join(''.join(e.text).split()) for e in self.all(tag, **attributes)]

    def named(self, id_: str) -> Element:
        (element,) = [e for e in self.elements if e.attributes.get('id') == id_]
        return element

    @property
    def ids(self) -> list[str]:
        return [e.attributes['id'] or '' for e in self.elements if 'id' in e.attributes]


def page_of(graph: Graph, findings: Sequence[Finding] = (), **settings: object) -> Page:
    context = context_of(**settings)
    return Page(report(graph, findings, tables_of(graph, findings, context), context))


def hostile_note() -> tuple[Graph, list[Finding]]:
    """A note in which every text of every kind is hostile, and the project's own kind too."""
    vocabulary = extended_vocabulary({'promise': {'label': HOSTILE, 'subject': True, 'options': {'about': {}}}})
    note = NoteMaker('n', HOSTILE, path=f'{HOSTILE}.md', status='draft', owners=(HOSTILE,), tracking=HOSTILE)
    for kind in vocabulary.kinds.values():
        if kind.name == 'design-note':
            continue
        fields: dict[str, object] = {'kind': HOSTILE, 'method': HOSTILE, 'path': HOSTILE, 'type': HOSTILE}
        for option in kind.options.values():
            if option.type in (ValueType.NAMES, ValueType.REFERENCES):
                fields[option.key] = (HOSTILE, f'other {HOSTILE}')
            elif option.type is ValueType.BOOLEAN:
                fields[option.key] = True
            elif option.type is ValueType.DATE:
                fields[option.key] = datetime.date(2027, 1, 1)
            else:
                fields[option.key] = HOSTILE
        item = note.add(
            kind.name, f'{kind.name} {HOSTILE}', body=HOSTILE, release=HOSTILE, service=HOSTILE, id=kind.name
        )
        note.items[-1] = replace(
            item, change=HOSTILE, fields=fields, anchor=HOSTILE, key=HOSTILE, id=f'{kind.name}{HOSTILE}'
        )
    graph = graph_of(note, vocabulary=vocabulary, releases=(HOSTILE,))
    elsewhere = SourceLocation(path=HOSTILE, line=3)
    about = note.items[0]
    return graph, [
        finding_of('DN301', HOSTILE, Severity.ERROR, HOSTILE, about, related=(elsewhere,)),
        finding_of(HOSTILE, HOSTILE, Severity.INFO, HOSTILE, about, suppressed=HOSTILE),
        Finding(code='DN990', name='x', severity=Severity.ERROR, message=HOSTILE, location=elsewhere, docname=HOSTILE),
    ]


def test_nothing_that_an_author_wrote_becomes_markup() -> None:
    graph, findings = hostile_note()
    page = page_of(
        graph, findings, project=HOSTILE, version=HOSTILE, package_version=HOSTILE, releases=(HOSTILE,),
        source_url='https://host/{path}#L{line}', page_url='https://docs/{docname}.html#{anchor}',
    )  # fmt: skip
    assert page.misnested == []
    assert page.open == []
    assert len(page.all('script')) == 1
    assert not page.all('img')
    assert not page.all('b')
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith('on')]
        href = element.attributes.get('href') or '#'
        assert href.startswith(('#', 'https://host/', 'https://docs/')), href
    assert not re.search('[\x00-\x08\x1b\ud800-\udfff]', ''.join(page.elements[0].text))
    assert '<script>alert(1)</script>' in page.texts('h1')[0]
    assert '{{ 7*7 }}' in page.texts('h1')[0]


def test_only_the_script_of_the_report_may_run() -> None:
    page = page_of(graph_of(quick_deploy()))
    (script,) = page.all('script')
    digest = base64.b64encode(hashlib.sha256(''.join(script.text).encode()).digest()).decode()
    (policy,) = [e.attributes['content'] for e in page.all('meta') if 'http-equiv' in e.attributes]
    assert policy is not None
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_report_needs_nothing_but_itself(example: Graph) -> None:
    page = page_of(example, example_findings(example))
    assert not [e for e in page.elements if e.tag in ('link', 'iframe', 'object') or 'src' in e.attributes]
    css = ''.join(page.all('style')[0].text)
    assert 'url(' not in css
    assert '@import' not in css


def test_every_anchor_is_unique_and_every_link_within_the_page_arrives(example: Graph) -> None:
    for graph, findings in ((example, example_findings(example)), hostile_note()):
        page = page_of(graph, findings)
        assert len(page.ids) == len(set(page.ids))
        wanted = {
            (e.attributes['href'] or '')[1:] for e in page.all('a') if (e.attributes['href'] or '').startswith('#')
        }
        assert wanted <= set(page.ids)


def test_every_note_item_and_subject_has_an_anchor(example: Graph) -> None:
    ids = page_of(example).ids
    assert len([i for i in ids if i.startswith('note-')]) == 1 + ('note-by-note' in ids)
    assert len([i for i in ids if i.startswith('item-')]) == len(example.items)
    assert len([i for i in ids if i.startswith('subject-')]) == len(example.subjects)


def test_names_that_differ_in_punctuation_only_have_two_anchors() -> None:
    note = NoteMaker('n', 'N')
    note.add('feature-flag', 'a_b', id='a_b', gates=('a-b',))
    note.add('feature-flag', 'a-b', id='a-b')
    ids = page_of(graph_of(note)).ids
    assert {'item-a-b', 'item-a-b-2'} <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_row_leads_to_the_rows_of_what_it_names_and_to_its_source(example: Graph) -> None:
    data = report(
        example, [], tables_of(example, [], c := context_of(source_url='https://host/{path}#L{line}')), c
    ).decode()
    row = data[data.index('<tr id="item-quick-deploy-endpoint-post-api-v1-serving-auto-config-new"') :].split('</tr>')[
        0
    ]
    for id_ in ('feature-flag-quick-deploy-enabled-new', 'audit-event-deployment-auto-config'):
        assert f'href="#item-quick-deploy-{id_}"' in row
    assert '<a href="https://host/notes/quick-deploy.md#L17">notes/quick-deploy.md:17</a>' in row
    assert '>page<' not in row


def test_a_row_leads_to_its_page_where_pages_are_known(example: Graph) -> None:
    anchor = 'quick-deploy-feature-flag-quick-deploy-enabled-new'
    links = {e.attributes['href'] for e in page_of(example, pages={'notes/quick-deploy': '../html/q.html'}).all('a')}
    assert f'../html/q.html#{anchor}' in links
    links = {e.attributes['href'] for e in page_of(example, page_url='https://docs/base/').all('a')}
    assert f'https://docs/base/notes/quick-deploy.html#{anchor}' in links


def test_the_summary_counts_notes_items_and_findings(example: Graph) -> None:
    page = page_of(example, example_findings(example))
    tiles = dict(zip(page.texts('dt')[:5], [t for t in page.texts('dd') if t.isdigit()][:5], strict=True))
    assert tiles == {'Notes': '1', 'Items': '30', 'Errors': '1', 'Warnings': '1', 'Infos': '1'}
    assert page.texts('h1') == ['Serving 25.11']


@pytest.mark.parametrize(
    ('severities', 'verdict'),
    [
        ([Severity.ERROR, Severity.INFO], '✕ Inconsistent: errors to mend'),
        ([Severity.WARNING], '! Consistent, with warnings to look at'),
        ([Severity.INFO], '✓ Consistent: no errors, no warnings'),
        ([], '✓ Consistent: no errors, no warnings'),
    ],
)
def test_the_verdict_is_told_in_words(example: Graph, severities: list[Severity], verdict: str) -> None:
    item = next(iter(example.items.values()))
    findings = [finding_of('DN301', 'x', severity, 'm', item) for severity in severities]
    assert verdict in page_of(example, findings).texts('p')


def test_a_silenced_error_does_not_make_the_notes_inconsistent(example: Graph) -> None:
    item = next(iter(example.items.values()))
    page = page_of(example, [finding_of('DN301', 'x', Severity.ERROR, 'm', item, suppressed='known and accepted')])
    assert '✓ Consistent: no errors, no warnings' in page.texts('p')
    assert 'Silenced: known and accepted' in page.texts('p')


def test_coverage_is_told_in_figures_and_not_by_bars_alone(example: Graph) -> None:
    page = page_of(example)
    figures = page.texts('dd')
    assert '2 of 2' in figures
    assert '1 of 2' in figures
    assert all(e.attributes.get('aria-hidden') == 'true' for e in page.all('span', **{'class': 'bar'}))


def test_tables_have_captions_and_scoped_headers(example: Graph) -> None:
    page = page_of(example, example_findings(example))
    assert len(page.all('caption')) == len(page.all('table'))
    assert all(e.attributes.get('scope') in ('col', 'row') for e in page.all('th'))
    assert {'header', 'nav', 'main', 'footer'} <= {e.tag for e in page.elements}
    assert page.all('a')[0].attributes['href'] == '#main'


def test_empty_tables_are_left_out_and_named_in_one_line(example: Graph) -> None:
    page = page_of(example)
    assert 'Nothing is stated for: Interfaces, Promises, Breaking changes, Decisions.' in page.texts('p')
    assert 'Interfaces' not in page.texts('h2')
    assert 'Endpoints' in page.texts('h2')


def test_a_column_that_no_row_fills_is_left_out(example: Graph) -> None:
    (endpoints,) = [e for e in page_of(example).all('table') if 'Authorization' in ''.join(e.text)][:1]
    assert 'Release' not in ''.join(endpoints.text)


def test_a_project_without_notes_says_so() -> None:
    page = page_of(graph_of())
    assert '– No design note was found' in page.texts('p')
    assert page.misnested == []
    assert page.texts('table') == []


def test_a_later_statement_on_a_subject_leads_to_the_one_that_introduces_it() -> None:
    first, later = NoteMaker('a', 'A'), NoteMaker('b', 'B', depends_on=('a',))
    first.add('endpoint', 'GET /x', change='new')
    later.add('endpoint', 'GET /x', change='changed')
    page = page_of(graph_of(later, first))
    assert page.texts('a', **{'class': 'history'}) == ['1 of 2 statements', '2 of 2 statements']
    rows = {e.attributes.get('id'): e for e in page.all('tr')}
    assert 'subject-endpoint-get-x' in page.ids
    assert 'item-a-endpoint-get-x-new' in rows


def test_a_slot_shows_what_the_note_says_in_it(example: Graph) -> None:
    texts = page_of(example).texts('dd')
    assert 'None: All changes are additive.' in texts
    assert 'Missing' in texts
    assert 'Not used' in texts
    assert 'Compatibility New endpoint is additive' in texts


def test_a_huge_title_is_cut_in_the_report() -> None:
    note = NoteMaker('a', 'N' * 100_000)
    for number in range(50):
        note.add('test-case', f'{number}' + 't' * 100_000, id=f't{number}')
    graph = graph_of(note)
    assert len(report(graph, [], tables_of(graph, [], context_of()), context_of())) < 300_000


def test_the_same_notes_give_the_same_bytes_in_any_order() -> None:
    notes = [quick_deploy(), *(NoteMaker(f'n{number}', 'Same') for number in range(6))]
    for note in notes[1:]:
        note.add('endpoint', 'GET /same', change='changed')
        note.add('audit-event', 'same')
    findings = example_findings(graph_of(*notes))

    def written(order: Sequence[NoteMaker], found: Sequence[Finding]) -> bytes:
        graph = graph_of(*order)
        return report(graph, found, tables_of(graph, found, context_of()), context_of())

    expected = written(notes, findings)
    assert written(notes, findings) == expected
    assert written(notes[::-1], findings[::-1]) == expected


def test_times_stand_in_the_report_only_where_they_are_given(example: Graph) -> None:
    assert not page_of(example).all('time')
    page = page_of(example, generated=datetime.datetime(2025, 9, 1, 8, 30, tzinfo=datetime.UTC))
    assert page.texts('time') == ['2025-09-01 08:30 UTC']


def test_the_summary_groups_by_note_and_ends_with_the_sum(example: Graph) -> None:
    other = NoteMaker('other', 'Other')
    item = other.add('endpoint', 'GET /x')
    graph = graph_of(quick_deploy(), other, NoteMaker('clean', 'Clean'))
    findings = [
        *example_findings(graph),
        finding_of('DN301', 'x', Severity.WARNING, 'm', item),
        finding_of('DN301', 'x', Severity.WARNING, 'm', item),
    ]
    assert summary_lines(findings, graph) == [
        'notes/other.md: 0 errors, 2 warnings (DN301)',
        'notes/quick-deploy.md: 1 error, 1 warning (DN410, DN607)',
        '1 error, 3 warnings in 2 of 3 notes; 1 info in the report',
    ]


def test_the_summary_of_clean_notes_is_one_line(example: Graph) -> None:
    assert summary_lines([], example) == ['0 errors, 0 warnings in 0 of 1 note']


def test_a_finding_on_no_note_is_summed_up_under_the_project(example: Graph) -> None:
    place = SourceLocation(path='conf.py', line=1)
    crash = Finding(code='DN990', name='rule-crashed', severity=Severity.ERROR, message='m', location=place)
    assert summary_lines([crash], example) == [
        'the project: 1 error, 0 warnings (DN990)',
        '1 error, 0 warnings in 0 of 1 note',
    ]


def test_the_stylesheet_knows_every_change_and_status() -> None:
    kinds = builtin_vocabulary().kinds
    words = {
        word for kind in kinds.values() for word in (kind.options['change'].values if 'change' in kind.options else ())
    }
    words |= set(kinds['design-note'].options['status'].values)
    coloured = set(
        re.findall(
            r'\.dn-([a-z-]+)[,)]', (files('sphinxcontrib_designnote') / 'static' / STYLESHEET).read_text('utf-8')
        )
    )
    assert words - {'existing', 'draft'} <= coloured
