"""What a view shows, as docutils nodes that every writer knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docutils import nodes

from sphinxcontrib_designnote.capture.card import CARD
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.tables import Cell, Column, Table
from sphinxcontrib_designnote.views.content import Fields, Paragraph

#: Marks the tables, for the stylesheet and the script.
TABLE = 'dn-table'
#: Puts a reference to what has an id around a node; hands the node back where there is nothing to link to.
Refer = Callable[[str, nodes.Node], nodes.Node]

#: Characters to which a column of text is as wide as its widest cell; and to which no word is broken.
_WIDTH, _WORD = 36, 24
#: What is longer than this many characters stands on a line of its own, where a cell holds several things.
_NAME = 40


def render(part: Table | Paragraph | Fields, refer: Refer, anchor: str) -> nodes.Element:
    """Make nodes of *part*; *anchor* is the id of a table."""
    if isinstance(part, Paragraph):
        return nodes.paragraph('', '', *_texts(Column(title=''), part.cells, refer))
    if isinstance(part, Fields):
        return _fields(part, refer)
    return render_table(part, refer, anchor)


def _fields(part: Fields, refer: Refer) -> nodes.container:
    """Make a list of fields in the look of a note's card."""
    listed = nodes.field_list()
    for field in part.fields:
        body = nodes.field_body()
        for line in field.lines:
            lead = [nodes.Text(f'{line.lead}: ')] if line.lead else []
            body += nodes.paragraph('', '', *lead, *_texts(Column(title='', style=line.style), line.cells, refer))
        listed += nodes.field('', nodes.field_name('', field.label), body)
    return nodes.container('', listed, classes=[CARD])


def render_table(table: Table, refer: Refer, anchor: str) -> nodes.container:
    """Make a table, in a box that scrolls where it is too wide. Linear in its cells.

    Nothing in it has a source: translators are not to find what is made among what authors wrote.
    """
    group = nodes.tgroup(cols=len(table.columns))
    group += [nodes.colspec(colwidth=width) for width in _widths(table)]
    head = nodes.row()
    # A title is no badge and no code, whatever stands below it.
    head += [_entry(column, [nodes.Text(column.title)]) for column in table.columns]
    group += nodes.thead('', head)
    body = nodes.tbody()
    for row in table.rows:
        shown = nodes.row()
        for column, cells in zip(table.columns, row.cells, strict=True):
            shown += _entry(column, *_lines(column, cells, refer))
        body += shown
    group += body
    title = nodes.title('', table.title)
    made = nodes.table('', title, group, ids=[anchor], classes=[TABLE, 'longtable', 'colwidths-auto'])
    return nodes.container('', made, classes=['dn-scroll'])


def _widths(table: Table) -> list[int]:
    """Return how many characters wide the columns are, for writers that cannot find out: text, manual pages."""
    widths = []
    for index, column in enumerate(table.columns):
        texts = [column.title, *(', '.join(cell.text for cell in row.cells[index]) for row in table.rows)]
        whole = max(map(len, texts))
        word = max((len(word) for text in texts for word in text[: 4 * _WIDTH].split()), default=1)
        widths.append(max(min(whole, _WIDTH), min(word, _WORD)) + 4)
    return widths


def _entry(column: Column, *lines: Sequence[nodes.Node]) -> nodes.entry:
    return nodes.entry('', *[nodes.paragraph('', '', *line) for line in lines], classes=[f'dn-{column.style}'])


def _lines(column: Column, cells: Sequence[Cell], refer: Refer) -> list[list[nodes.Node]]:
    """Make what stands in a cell: names stand side by side, what is longer has a line of its own."""
    if any(len(cell.text) > _NAME for cell in cells):
        return [_texts(column, [cell], refer) for cell in cells]
    return [_texts(column, cells, refer)] if cells else []


def _texts(column: Column, cells: Sequence[Cell], refer: Refer) -> list[nodes.Node]:
    shown: list[nodes.Node] = []
    for cell in cells:
        if shown:
            shown.append(nodes.Text(', '))
        text: nodes.Node = nodes.Text(cell.text)
        if column.style == 'code':
            text = nodes.literal('', '', text)
        elif column.is_badge(cell.text):
            text = nodes.inline('', '', text, classes=['dn-badge', f'dn-{slug(cell.text)}'])
        shown.append(refer(cell.target, text) if cell.target is not None else text)
    return shown
