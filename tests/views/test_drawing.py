"""How pictures are written for Graphviz, for Mermaid and as SVG: whatever authors call things."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.views.content import Arrow, Moment, Picture, Thing
from sphinxcontrib_designnote.views.dot import dot, mermaid
from sphinxcontrib_designnote.views.svg import inlined, time_line

TABLE = Table(name='links', title='', columns=(), rows=())
SVG = '{http://www.w3.org/2000/svg}'
HOSTILE = [
    'x"]; n9 [label="y',
    r'a\N b\n c\\',
    '<script>alert(1)</script>',
    '&lt;b&gt; &amp; &#x41;',
    '<<b>bold</b>>',
    "it's `code` #35; %%{init}%% \U0001f600 ümläut",
    '1. not a list',
    ']] --> n0 click n0 "javascript:alert(1)"',
]


def picture(*names: str, kind: str = 'endpoint', label: str = '', central: bool = False) -> Picture:
    things = tuple(
        Thing(id=f'i{number}', name=name, kind=kind, label='Endpoint', central=central)
        for number, name in enumerate(names)
    )
    arrows = tuple(Arrow(source='i0', target=thing.id, label=label) for thing in things[1:])
    return Picture(title='T', things=things, arrows=arrows, table=TABLE)


def test_source_for_graphviz() -> None:
    assert dot(picture('GET /a', 'GET /b', label='uses')).splitlines()[2:] == [
        'graph [rankdir=LR splines=true];',
        'node [fontname="Helvetica,Arial,sans-serif" fontsize=10 margin="0.15,0.06" height=0.3];',
        'edge [fontname="Helvetica,Arial,sans-serif" fontsize=9 arrowsize=0.7];',
        'n0 [id="n0" class="dn-endpoint" shape=box penwidth=1 label="Endpoint\\nGET /a"];',
        'n1 [id="n1" class="dn-endpoint" shape=box penwidth=1 label="Endpoint\\nGET /b"];',
        'n0 -> n1 [label="uses"];',
        '}',
    ]


def test_a_kind_has_a_shape_and_what_it_is_about_a_thick_frame() -> None:
    assert 'class="dn-entity dn-central" shape=cylinder penwidth=2.5' in dot(picture('a', kind='entity', central=True))
    assert 'class="dn-mine" shape=box ' in dot(picture('a', kind='mine'))
    assert mermaid(picture('a', kind='entity', central=True)).splitlines() == [
        'flowchart LR',
        'n0[("Endpoint<br/>a")]',
        'style n0 stroke-width:3px',
    ]


def test_source_for_mermaid() -> None:
    assert mermaid(picture('GET /a', 'GET /b', label='uses')).splitlines() == [
        'flowchart LR',
        'n0["Endpoint<br/>GET /a"]',
        'n1["Endpoint<br/>GET /b"]',
        'n0 -->|"uses"| n1',
    ]
    assert mermaid(picture('a', 'b')).splitlines()[-1] == 'n0 --> n1'


@pytest.mark.parametrize('name', HOSTILE)
def test_mermaid_reads_no_name_as_its_own_language(name: str) -> None:
    written = mermaid(picture(name))
    inside = written.removeprefix('flowchart LR\nn0["Endpoint<br/>').removesuffix('"]').replace('<br/>', '')
    assert not set(inside) & set('"<>[](){}`%&\\:.\n')


@pytest.mark.skipif(shutil.which('dot') is None, reason='needs Graphviz (dot)')
@pytest.mark.parametrize('name', HOSTILE)
def test_graphviz_shows_what_authors_write(name: str) -> None:
    source = dot(picture(name, 'GET /b', label=name))
    svg = subprocess.run(['dot', '-Tsvg'], input=source.encode(), capture_output=True, check=True).stdout
    first, second, arrow = (g for g in ET.fromstring(svg).iter(f'{SVG}g') if g.get('class') != 'graph')
    assert ''.join(texts(first)[1:]).replace(' ', '') == name.replace(' ', '')
    assert texts(second) == ['Endpoint', 'GET /b']
    assert texts(arrow) == [name]


def texts(group: ET.Element) -> list[str]:
    return [text.text or '' for text in group.iter(f'{SVG}text')]


DRAWN = """\
<svg viewBox="0.00 0.00 100.00 50.00" width="100pt" xmlns="http://www.w3.org/2000/svg">
<g id="graph0"><title>%3</title><g id="n0" class="node"><title>n0</title><path fill="none" stroke="black"/></g>
<g id="n1"><title>n1</title><text>b</text></g></g></svg>"""


def element() -> ET.Element:
    links = [('a.html#x', 'Endpoint "a"'), ('', '<b>')]
    return ET.fromstring(inlined(DRAWN, id_='p1', title='A & <b>', description='Says it.', links=links))


def test_a_picture_in_a_page_has_a_name_and_a_description() -> None:
    root = element()
    assert [(root.get('role'), root.get('aria-labelledby'), root.get('aria-describedby'))] == [
        ('group', 'p1-title', 'p1-desc')
    ]
    assert [(child.get('id'), child.text) for child in root[:2]] == [('p1-title', 'A & <b>'), ('p1-desc', 'Says it.')]


def test_a_thing_leads_to_the_item_and_is_called_as_it_is() -> None:
    (link,) = element().iter(f'{SVG}a')
    assert link.get('href') == 'a.html#x'
    assert [child.text for child in link.iter(f'{SVG}title')] == ['Endpoint "a"']
    assert [title.text for title in element().iter(f'{SVG}title')] == ['A & <b>', 'Endpoint "a"', '<b>']


def test_a_picture_has_the_colour_of_the_text_around_it_and_no_ids_but_its_own() -> None:
    root = element()
    (path,) = root.iter(f'{SVG}path')
    assert (root.get('fill'), path.get('stroke'), path.get('fill')) == ('currentColor', 'currentColor', 'none')
    assert [each.get('id') for each in root.iter() if each.get('id')] == ['p1-title', 'p1-desc']


def moment(date: str, text: str, *, done: bool = True) -> Moment:
    return Moment(date=datetime.date.fromisoformat(date), text=text, id='x', done=done)


def test_a_time_line_puts_days_in_proportion() -> None:
    planned = moment('2026-07-02', 'changed', done=False)
    root = ET.fromstring(time_line([moment('2026-01-01', 'new'), planned, moment('2027-01-01', 'gone')]))
    circles = [(each.get('cx'), each.get('cy'), each.get('fill')) for each in root.iter('circle')]
    assert circles == [('10.0', '36', 'black'), ('369.0', '60', 'none'), ('730.0', '84', 'black')]
    assert [text.text for text in root.findall('text')] == ['2026-01', '2026-04', '2026-07', '2026-10', '2027-01']
    assert [group.findtext('text') for group in root.iter('g')] == [
        '2026-01-01 new',
        '2026-07-02 changed',
        '2027-01-01 gone',
    ]
    assert [group.get('id') for group in root.iter('g')] == ['n0', 'n1', 'n2']


@pytest.mark.parametrize(
    ('first', 'last', 'marks'),
    [
        ('2026-01-31', '2026-02-01', ['2026-02']),
        ('2026-01-02', '2026-01-30', []),
        ('2020-05-01', '2026-04-01', ['2021-01', '2022-01', '2023-01', '2024-01', '2025-01', '2026-01']),
        ('0001-01-01', '9999-12-31', None),
    ],
)
def test_the_axis_has_a_few_marks_at_round_months(first: str, last: str, marks: list[str] | None) -> None:
    root = ET.fromstring(time_line([moment(first, 'a'), moment(last, 'b')]))
    shown = [text.text for text in root.findall('text')]
    assert shown == marks if marks is not None else len(shown) < 10
