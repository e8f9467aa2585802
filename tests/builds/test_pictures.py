"""Pictures on pages, in real builds: in both syntaxes, in every format, with and without Graphviz, and never stale."""

from __future__ import annotations

import importlib.util
import re
import shutil
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

NOTE = """\
# Design Note: One

```{design-note}
:status: draft
```

```{endpoint} POST /x
:change: new
:roles: editor
```

```{test-case} Test x
:level: unit
:verifies: POST /x
```
"""
GRAPH_MD = """\
# Pictures

```{traceability-graph} POST /x
:title: Around x
```
"""
GRAPH_RST = """\
Pictures
========

.. traceability-graph:: POST /x
   :title: Around x
"""
INDEX = 'Home\n====\n\n.. toctree::\n   :glob:\n\n   *\n   notes/*\n'
FORMATS = ('html', 'dirhtml', 'singlehtml', 'latex', 'text', 'man', 'texinfo', 'epub', 'xml', 'gettext')
SVG = '{http://www.w3.org/2000/svg}'
TEXT = """\
Pictures
********


Around x
^^^^^^^^

+---------------+-------------+----------------------+
| Kind          | Name        | Links                |
|===============|=============|======================|
| Endpoint      | "POST /x"   |                      |
+---------------+-------------+----------------------+
| Test case     | "Test x"    | verifies POST /x     |
+---------------+-------------+----------------------+
"""
NO_DOT = (
    "'no-such-dot' is no program, so pictures are tables; install Graphviz, or let graphviz_dot say where it is "
    '[designnote.picture]'
)

needs_dot = pytest.mark.skipif(shutil.which('dot') is None, reason='needs Graphviz (dot)')


def pages(picture: dict[str, str], note: str = NOTE) -> dict[str, str]:
    return {'index.rst': INDEX, 'notes/one.md': note, **picture}


def drawn(html: str) -> ET.Element:
    """Return the only picture of a page."""
    (svg,) = re.findall(r'<svg.*?</svg>', html, re.DOTALL)
    return ET.fromstring(svg)


def links(html: str) -> list[tuple[str, str]]:
    """Return address and name of what can be clicked in the only picture of a page."""
    return [(a.get('href', ''), a.findtext(f'{SVG}title', '')) for a in drawn(html).iter(f'{SVG}a')]


@needs_dot
@pytest.mark.parametrize('picture', [{'p.md': GRAPH_MD}, {'p.rst': GRAPH_RST}], ids=['md', 'rst'])
def test_both_syntaxes_show_the_same_picture_with_links(build: BuildProject, picture: dict[str, str]) -> None:
    built = build(pages(picture), 'html')
    assert built.warnings == []
    assert links(built.read('p.html')) == [
        ('notes/one.html#notes--one-endpoint-post-x-new', 'Endpoint POST /x'),
        ('notes/one.html#notes--one-test-case-unit-test-x', 'Test case Test x'),
    ]
    assert drawn(built.read('p.html')).findtext(f'{SVG}title') == 'Around x'


@pytest.mark.parametrize('picture', [{'p.md': GRAPH_MD}, {'p.rst': GRAPH_RST}], ids=['md', 'rst'])
def test_where_nothing_can_be_drawn_a_table_says_the_same(build: BuildProject, picture: dict[str, str]) -> None:
    built = build(pages(picture), 'text')
    assert built.warnings == []
    assert built.read('p.txt') == TEXT


@needs_dot
@pytest.mark.parametrize('builder', FORMATS)
def test_every_writer_knows_what_a_picture_is_made_of(build: BuildProject, builder: str) -> None:
    conf = {'copyright': 'x', 'version': '1'} if builder == 'epub' else {}
    assert build(pages({'p.md': GRAPH_MD}), builder, conf=conf).warnings == []


@needs_dot
def test_in_a_single_page_a_picture_leads_to_places_on_it(build: BuildProject) -> None:
    html = build(pages({'p.md': GRAPH_MD}), 'singlehtml').read('index.html')
    assert [href for href, _ in links(html)] == [
        '#notes--one-endpoint-post-x-new',
        '#notes--one-test-case-unit-test-x',
    ]
    assert 'id="notes--one-endpoint-post-x-new"' in html


@needs_dot
def test_in_a_book_a_picture_leads_to_its_pages(build: BuildProject) -> None:
    page = build(pages({'p.md': GRAPH_MD}), 'epub', conf={'copyright': 'x', 'version': '1'}).read('p.xhtml')
    ET.fromstring(page)
    assert [href for href, _ in links(page)] == [
        'notes/one.xhtml#notes--one-endpoint-post-x-new',
        'notes/one.xhtml#notes--one-test-case-unit-test-x',
    ]


@needs_dot
def test_in_latex_a_picture_stands_above_its_table(build: BuildProject) -> None:
    latex = build(pages({'p.md': GRAPH_MD}), 'latex').read('serving.tex')
    picture, table = latex.index('\\sphinxincludegraphics[]{graphviz-'), latex.index('\\caption{Around x')
    assert picture < table


@needs_dot
def test_beside_a_picture_in_html_its_table_can_be_unfolded(build: BuildProject) -> None:
    html = build(pages({'p.md': GRAPH_MD}), 'html').read('p.html')
    (inside,) = re.findall(
        r'</svg></div></figure><details class="dn-alternative"><summary>.*?</details>', html, re.DOTALL
    )
    assert '<td class="dn-text"><p><a class="reference internal" href="notes/one.html#notes--one-endpoint' in inside


@pytest.mark.parametrize('parallel', [1, 2])
@pytest.mark.parametrize('builder', ['html', 'latex'])
def test_without_graphviz_there_is_one_warning_and_the_table(build: BuildProject, builder: str, parallel: int) -> None:
    more = {f'p{number}.md': GRAPH_MD for number in range(12)}
    built = build(pages(more), builder, conf={'graphviz_dot': 'no-such-dot'}, parallel=parallel)
    assert built.warnings == [NO_DOT]
    if builder == 'html':
        html = built.read('p1.html')
        assert '<svg' not in html
        assert '<details' not in html
        assert '<span class="caption-text">Around x</span>' in html


def test_that_warning_can_be_silenced(build: BuildProject) -> None:
    silenced = ['toc.not_included', 'designnote.picture']
    conf = {'graphviz_dot': 'no-such-dot', 'suppress_warnings': silenced}
    assert build(pages({'p.md': GRAPH_MD}), 'html', conf=conf).warnings == []


def test_where_graphviz_fails_there_is_a_warning_and_the_table(build: BuildProject) -> None:
    built = build(pages({'p.md': GRAPH_MD}), 'html', conf={'graphviz_dot': 'false'})
    (warning,) = built.warnings
    assert warning.startswith('p.md:3: no picture: dot exited with error')
    assert warning.endswith('[designnote.picture]')
    assert '<details' not in built.read('p.html')


NAMES = ['"><script>alert(1)</script>', '</svg></div><b>x</b>', '\\N"]; n0 [URL="javascript:alert(1)"', '&lt;i&gt; ]]>']


@needs_dot
@pytest.mark.parametrize('name', NAMES)
@pytest.mark.parametrize('builder', ['html', 'latex'])
def test_what_authors_call_things_is_text(build: BuildProject, builder: str, name: str) -> None:
    note = f'{NOTE}\n```{{test-case}} {name}\n:level: unit\n:verifies: POST /x\n```\n'
    built = build(pages({'p.md': GRAPH_MD.replace('Around x', f'Around {name}')}, note), builder)
    assert built.warnings == []
    if builder == 'html':
        html = built.read('p.html')
        assert f'Test case {name}' in [text for _, text in links(html)]
        assert drawn(html).findtext(f'{SVG}title') == f'Around {name}'
        assert {href.partition('#')[0] for href, _ in links(html)} == {'notes/one.html'}
        assert not re.search('<script>alert|<b>x|<i>', html)


def test_a_name_that_nothing_has_is_a_finding_at_its_line(build: BuildProject) -> None:
    unknown = GRAPH_MD.replace('POST /x', 'nothing like it')
    built = build(pages({'p.md': unknown}), 'text')
    assert built.warnings == [
        "p.md:3: the text refers to 'nothing like it', and no item has that name; write the title or id of one that "
        'exists [designnote.DN201]'
    ]
    assert built.read('p.txt') == "Pictures\n********\n\nNo note states anything about 'nothing like it'.\n"


def test_a_mistake_in_an_option_is_a_finding_and_the_rest_is_shown(build: BuildProject) -> None:
    built = build(pages({'p.md': GRAPH_MD.replace(':title: Around x', ':depth: ten\n:title: Around x')}), 'text')
    assert built.warnings == ["p.md:4: 'ten' is no depth; write a number from 0 to 5 [designnote.DN105]"]
    assert built.read('p.txt') == TEXT


MERMAID = GRAPH_MD.replace(':title:', ':engine: mermaid\n:title:')


def test_mermaid_needs_its_extension(build: BuildProject) -> None:
    built = build(pages({'p.md': MERMAID}), 'html')
    assert built.warnings == [
        "p.md:3: ':engine: mermaid' needs the extension sphinxcontrib.mermaid; add it to extensions, or leave the "
        'option out [designnote.picture]'
    ]
    assert '<span class="caption-text">Around x</span>' in built.read('p.html')


@pytest.mark.skipif(importlib.util.find_spec('sphinxcontrib.mermaid') is None, reason='needs sphinxcontrib-mermaid')
def test_mermaid_draws_where_a_project_has_it(build: BuildProject) -> None:
    extensions = ['myst_parser', 'sphinxcontrib_designnote', 'sphinxcontrib.mermaid']
    built = build(pages({'p.md': MERMAID}), 'html', conf={'extensions': extensions})
    assert built.warnings == []
    html = built.read('p.html')
    assert 'n1([&quot;Test case&lt;br/&gt;Test x&quot;])' in html
    assert '<details' not in html  # as there are no links in the picture


TIMELINES = """\
# Time lines

```{impact-timeline} POST /x
```

```{impact-timeline}
:title: All rollouts
```
"""
DATED = NOTE.replace(':status: draft', ':status: draft\n:created: 2026-01-02').replace(
    ':change: new', ':change: deprecated\n:sunset: 2026-09-01'
)
STEPS = '\n```{rollout-step} Deploy x <b>\n```\n\n```{rollout-step} Remove x\n:removes: POST /x\n```\n'


@needs_dot
@pytest.mark.parametrize('builder', FORMATS)
def test_every_writer_knows_what_a_time_line_is_made_of(build: BuildProject, builder: str) -> None:
    conf = {'copyright': 'x', 'version': '1'} if builder == 'epub' else {}
    built = build(pages({'p.md': TIMELINES}, DATED + STEPS), builder, conf=conf)
    assert built.warnings == []
    if builder == 'epub':
        ET.fromstring(built.read('p.xhtml'))


@needs_dot
def test_a_time_line_leads_to_what_says_so_and_stands_above_its_table(build: BuildProject) -> None:
    html = build(pages({'p.md': TIMELINES}, DATED + STEPS), 'html').read('p.html')
    line, plan = (ET.fromstring(svg) for svg in re.findall(r'<svg.*?</svg>', html, re.DOTALL))
    endpoint = 'notes/one.html#notes--one-endpoint-post-x-deprecated'
    assert [(a.get('href'), a.findtext(f'{SVG}title')) for a in line.iter(f'{SVG}a')] == [
        (endpoint, '2026-01-02 deprecated \u00b7 One (draft)'),
        (endpoint, '2026-09-01 sunset \u00b7 One (open)'),
    ]
    assert [a.findtext(f'{SVG}title') for a in plan.iter(f'{SVG}a')] == [
        '1, deploy Deploy x <b>',
        '2, remove, irreversible Remove x',
    ]
    assert '<details' not in html
    assert html.index('<svg') < html.index('<span class="caption-text">POST /x</span>')


def test_a_time_line_is_a_table_where_nothing_can_be_drawn(build: BuildProject) -> None:
    text = build(pages({'p.md': TIMELINES}, DATED + STEPS), 'text').read('p.txt')
    rows = [[cell.strip() for cell in line.split('|')[1:-1]] for line in text.splitlines() if line.startswith('| ')]
    assert rows == [
        ['Date', 'Release', 'What', 'Change', 'Note', 'State'],
        ['2026-01-02', '', '"POST /x"', 'deprecated', 'One', 'draft'],
        ['2026-09-01', '', '"POST /x"', 'sunset', 'One', 'open'],
        ['', '', '"Remove x"', 'remove', 'One', 'planned'],
        ['#', 'Release', 'Step', 'Action', 'Waits for', 'Way back', 'State', 'Note'],
        ['1', '', 'Deploy x <b>', 'deploy', '', '', 'planned', 'One'],
        ['2', '', 'Remove x', 'remove', 'Deploy x <b> (as written)', 'irreversible', 'planned', 'One'],
    ]
    assert 'Now: not there, as far as notes say. When all open notes are\nimplemented: deprecated.\n' in text


def test_a_time_line_follows_the_dates_of_releases(build: BuildProject) -> None:
    note = DATED.replace(':sunset:', ':release: 26.08\n:sunset:')
    conf = {'designnote_releases': {'26.08': '2026-08-18'}}
    built = build(pages({'p.md': TIMELINES}, note), 'text', conf=conf)
    assert '| 2026-08-18 ' in built.read('p.txt')
    built = built.again(conf={'designnote_releases': {'26.08': '2026-08-25'}})
    assert '| 2026-08-25 ' in built.read('p.txt')


CHANGES = {
    'an item is edited': {'notes/one.md': NOTE.replace('Test x', 'Check x')},
    'an item is added': {
        'notes/one.md': NOTE + '\n```{test-case} Test x twice\n:level: unit\n:verifies: POST /x\n```\n'
    },
    'an item that is not shown is edited': {'notes/one.md': NOTE.replace('editor', 'viewer')},
    'a note is added': {'notes/two.md': NOTE.replace('Test x', 'Test more').replace('One', 'Two')},
    'a note is deleted': {'notes/one.md': None},
    'a note is renamed': {'notes/one.md': None, 'notes/uno.md': NOTE},
    'the picture is edited': {'p.md': GRAPH_MD.replace(':title: Around x', ':depth: 0')},
    'a note is rejected': {'notes/one.md': NOTE.replace('draft', 'rejected')},
}


def picture_of(built: Built, builder: str) -> object:
    if builder == 'text':
        return built.read('p.txt')
    page = built.read('p.html')
    return ET.tostring(drawn(page)) if '<svg' in page else None


@needs_dot
@pytest.mark.parametrize('builder', ['html', 'text'])
@pytest.mark.parametrize('change', CHANGES)
def test_a_picture_is_what_a_clean_build_makes_of_it(build: BuildProject, change: str, builder: str) -> None:
    before = pages({'p.md': GRAPH_MD})
    after = {name: text for name, text in (before | CHANGES[change]).items() if text is not None}
    warm = build(before, builder).again(CHANGES[change])
    assert picture_of(warm, builder) == picture_of(build(after, builder), builder)


def test_a_page_is_written_again_only_when_what_it_shows_has_changed(build: BuildProject) -> None:
    built = build(pages({'p.md': GRAPH_MD}), 'text')
    path = built.outdir / 'p.txt'
    path.write_text('kept')
    built = built.again({'notes/one.md': NOTE.replace('editor', 'viewer')})
    assert path.read_text() == 'kept'
    built = built.again({'notes/one.md': NOTE.replace('Test x', 'Check x')})
    assert 'Check x' in path.read_text()
