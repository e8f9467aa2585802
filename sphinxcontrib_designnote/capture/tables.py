"""Tables as blocks: their rows with the cells of each, and the lines that the parsers do not tell."""

from __future__ import annotations

from docutils import nodes

from sphinxcontrib_designnote.capture.texts import Places, source_and_line, texts_of, told_by
from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.blocks import Block, Form, plain


def table_block(node: nodes.table, places: Places) -> Block:
    """Return a table with its rows, each at the line on which its first text stands."""
    at = places.location(*source_and_line(node))
    header: tuple[str, ...] = ()
    rows: list[Block] = []
    line = _line_above(node) + 1
    if at.line < line:  # of a csv table docutils knows no line
        at = SourceLocation(path=at.path, line=line)
    groups = [part for child in node.children if isinstance(child, nodes.tgroup) for part in child.children]
    for group in groups:
        above: list[tuple[str, int]] = []
        for row in group.children:
            if not isinstance(row, nodes.row):
                continue
            cells = _cells(row, above)
            if isinstance(group, nodes.thead):
                header = cells
            first = next((text for entry in row.children for text in texts_of(entry) if text.strip()), '').lstrip()
            line = places.line_of(first, SourceLocation(path=at.path, line=_row_line(row, line)))
            if isinstance(group, nodes.tbody):
                rows.append(Block(form=Form.ROW, text='', line=line, path=at.path, cells=cells, node=row))
            line += 1
    title = next((child.astext() for child in node.children if isinstance(child, nodes.title)), '')
    return Block(
        form=Form.TABLE, text=plain(title), line=at.line, path=at.path, cells=header, children=tuple(rows), node=node
    )


def _line_above(node: nodes.Element) -> int:
    """Return the last line that is known of what stands before *node*; 0 where none is."""
    inner: nodes.Element | None = node
    source = source_and_line(node)[0]  # what is included has lines of its own
    while inner is not None and inner.parent is not None:
        siblings = inner.parent.children
        for before in reversed(siblings[: siblings.index(inner)]):
            lines = [each.line for each in before.findall(nodes.Element) if each.line and each.source == source]
            if lines:
                return int(max(lines))
        inner = inner.parent
        if inner.line and inner.source == source:
            return int(inner.line)
    return 0


def _row_line(row: nodes.row, at_least: int) -> int:
    """Return the line of the first paragraph that knows a credible one: MyST is off by some, csv tables by many."""
    for paragraph in row.findall(nodes.paragraph):
        if paragraph.line and paragraph.line >= at_least:
            return int(paragraph.line)
    return at_least


def _cells(row: nodes.row, above: list[tuple[str, int]]) -> tuple[str, ...]:
    """Return the cells of a row: one that spans several rows in each of them, of several columns in the first.

    :param above: by column the text that still reaches down, and for how many rows; changed for the next row.
    """
    cells: list[str] = []
    entries = [entry for entry in row.children if isinstance(entry, nodes.entry)]
    column = 0
    reach: dict[int, tuple[str, int]] = {i: (text, left) for i, (text, left) in enumerate(above) if left > 0}
    below: list[tuple[str, int]] = []
    while entries or column in reach:
        if column in reach:
            text, left = reach[column]
            cells.append(text)
            below.append((text, left - 1))
            column += 1
            continue
        entry = entries.pop(0)
        parts = (part for inner in texts_of(entry) for part in inner.split('\n\n'))
        text = plain('\n'.join(' '.join(part.split()) for part in parts)).strip()
        text = text or ' '.join(told_by(image) for image in entry.findall(nodes.image))
        for at in range(min(int(entry.get('morecols', 0)), 200) + 1):
            cells.append('' if at else text)
            below.append((cells[-1], int(entry.get('morerows', 0))))
            column += 1
    above[:] = below
    return tuple(cells)
