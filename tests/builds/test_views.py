"""Tables on pages, in real builds: in both syntaxes, in every format, and never stale."""

from __future__ import annotations

import re
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
```

```{endpoint} GET /y
:change: changed
:purpose: Some <b>words</b> & more
```
"""
TABLE_MD = """\
# Traceability

```{traceability-table} endpoints
:columns: Method, Path, Change
:filter: change == "new"
```
"""
TABLE_RST = """\
Traceability
============

.. traceability-table:: endpoints
   :columns: Method, Path, Change
   :filter: change == "new"
"""
INDEX = 'Home\n====\n\n.. toctree::\n   :glob:\n\n   *\n   notes/*\n'
FORMATS = ('html', 'dirhtml', 'singlehtml', 'latex', 'text', 'man', 'texinfo', 'epub', 'xml', 'gettext')


def pages(table: dict[str, str], note: str = NOTE) -> dict[str, str]:
    return {'index.rst': INDEX, 'notes/one.md': note, **table}


def page_of(built: Built, name: str = 'table') -> str:
    return (built.outdir / f'{name}.txt').read_text('utf-8')


TEXT = """\
Traceability
************


Endpoints
^^^^^^^^^

+------------+----------+------------+
| Method     | Path     | Change     |
|============|==========|============|
| POST       | "/x"     | new        |
+------------+----------+------------+
"""


@pytest.mark.parametrize('table', [{'table.md': TABLE_MD}, {'table.rst': TABLE_RST}], ids=['md', 'rst'])
def test_both_syntaxes_show_the_same_table(build: BuildProject, table: dict[str, str]) -> None:
    built = build(pages(table), 'text')
    assert built.warnings == []
    assert page_of(built) == TEXT


@pytest.mark.parametrize('builder', FORMATS)
def test_every_writer_knows_what_a_view_is_made_of(build: BuildProject, builder: str) -> None:
    conf = {'copyright': 'x', 'version': '1'} if builder == 'epub' else {}
    assert build(pages({'table.md': TABLE_MD}), builder, conf=conf).warnings == []


def test_a_row_leads_to_the_item(build: BuildProject) -> None:
    html = (build(pages({'table.md': TABLE_MD}), 'html').outdir / 'table.html').read_text('utf-8')
    assert (
        '<td class="dn-code"><p><a class="reference internal" href="notes/one.html#notes--one-endpoint-post-x-new" '
        'title="POST /x"><code class="docutils literal notranslate"><span class="pre">/x</span></code></a></p></td>'
    ) in html


def test_what_authors_write_is_escaped(build: BuildProject) -> None:
    table = '# T\n\n```{traceability-table} endpoints\n:columns: Purpose\n:title: A <i>title</i>\n```\n'
    html = (build(pages({'table.md': table}), 'html').outdir / 'table.html').read_text('utf-8')
    assert 'Some &lt;b&gt;words&lt;/b&gt; &amp; more' in html
    assert 'A &lt;i&gt;title&lt;/i&gt;' in html


MISTAKES = """\
# T

```{traceability-table} endpointts
```

```{traceability-table} endpoints
:colums: Path
:columns: Path
:sort: Pathh

Some text.
```

```{traceability-table}
```
"""


def test_mistakes_are_findings_at_their_line_and_the_rest_is_shown(build: BuildProject) -> None:
    built = build(pages({'table.md': MISTAKES}), 'text')
    assert [w.partition(' (accepted')[0] for w in built.warnings] == [
        "table.md:3: 'endpointts' is neither a table nor a kind of item; did you mean 'endpoints'?",
        "table.md:7: 'colums' is no option of traceability-table; did you mean 'columns'?",
        "table.md:9: 'Pathh' is no column of endpoints; did you mean 'Path'?",
        'table.md:11: traceability-table takes no text; what it shows is made from the notes [designnote.DN105]',
        'table.md:14: no table is named',
    ]
    assert page_of(built).count('"/x"') == 1


CHANGES = {
    'an item is edited': {'notes/one.md': NOTE.replace('POST /x', 'PUT /x')},
    'an item is added': {'notes/one.md': NOTE + '\n```{endpoint} GET /z\n:change: new\n```\n'},
    'an item that is not shown is edited': {'notes/one.md': NOTE.replace('more', 'less')},
    'a note is added': {'notes/two.md': NOTE.replace('/x', '/w').replace('One', 'Two')},
    'a note is deleted': {'notes/one.md': None},
    'a note is renamed': {'notes/one.md': None, 'notes/uno.md': NOTE},
    'the table is edited': {'table.md': TABLE_MD.replace('"new"', '"changed"')},
    'a note is rejected': {'notes/one.md': NOTE.replace('draft', 'rejected')},
}


@pytest.mark.parametrize('change', CHANGES)
def test_a_table_is_what_a_clean_build_makes_of_it(build: BuildProject, change: str) -> None:
    before = pages({'table.md': TABLE_MD})
    after = {name: text for name, text in (before | CHANGES[change]).items() if text is not None}
    warm = build(before, 'text').again(CHANGES[change])
    assert page_of(warm) == page_of(build(after, 'text'))


def test_a_page_is_written_again_only_when_what_it_shows_has_changed(build: BuildProject) -> None:
    built = build(pages({'table.md': TABLE_MD}), 'text')
    path = built.outdir / 'table.txt'
    path.write_text('kept')
    built = built.again({'notes/one.md': NOTE.replace('more', 'less')})
    assert path.read_text() == 'kept'
    built = built.again({'notes/one.md': NOTE.replace('POST /x', 'PUT /x')})
    assert '| PUT ' in path.read_text()


MOVED = '\n```{test-case} Test x\n:id: t1\n:verifies: POST /x\n:level: unit\n```\n'


def test_a_link_follows_what_it_leads_to_to_another_page(build: BuildProject) -> None:
    table = TABLE_MD.replace('Method, Path, Change', 'Path, Tests')
    two = NOTE.replace('/x', '/w').replace('One', 'Two')
    built = build(pages({'table.md': table, 'notes/two.md': two}, NOTE + MOVED), 'html')
    assert 'href="notes/one.html#t1"' in built.read('table.html')
    built = built.again({'notes/one.md': NOTE, 'notes/two.md': two + MOVED})
    assert 'href="notes/two.html#t1"' in built.read('table.html')


def test_builders_that_share_an_environment_each_write_what_has_changed(build: BuildProject) -> None:
    built = build(pages({'table.md': TABLE_MD}), 'text')
    built = built.again({'notes/one.md': NOTE.replace('POST /x', 'PUT /x')}, builder='designnote')
    assert '| PUT ' in page_of(built.again(builder='text'))


@pytest.mark.parametrize(('builder', 'page', 'loaded'), [
    ('html', 'table.html', True), ('html', 'index.html', False), ('dirhtml', 'table/index.html', True),
    ('singlehtml', 'index.html', True), ('epub', 'table.xhtml', False),
])  # fmt: skip
def test_only_a_page_with_a_table_loads_what_sorts_it(
    builder: str, page: str, loaded: bool, build: BuildProject
) -> None:
    text = build(pages({'table.md': TABLE_MD}), builder).read(page)
    wanted = ['vendor/datatables/dataTables.min.js', 'tables.js'] if loaded else []
    assert re.findall(r'<script defer="defer" src="(?:\.\./)?_static/((?:vendor|tables)[^?"]*)', text) == wanted
    assert ('tables.js' in text) == loaded
