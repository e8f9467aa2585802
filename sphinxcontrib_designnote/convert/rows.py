"""The rows of a table, each with what it states and what it says besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.convert.pieces import Piece
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Statement
from sphinxcontrib_designnote.convert.words import lost_words, squash
from sphinxcontrib_designnote.convert.writing import Directive
from sphinxcontrib_designnote.grammar.blocks import Block, Form

_BAR = re.compile(r'(?<!\\)\|')


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a table."""

    block: Block
    headings: Sequence[str]
    statements: Sequence[Statement]
    #: Each cell as it stands in the source; none where that cannot be told.
    sources: Sequence[str]
    markdown: bool

    def is_told(self, statements: Sequence[Statement]) -> bool:
        """Whether what the row says, which states nothing itself, is text of an item."""
        said = [cell for cell in self.block.cells if cell.strip()]
        return all(any(cell in statement.draft.body for statement in statements) for cell in said)

    def body(self, made: Sequence[Directive]) -> list[str] | None:
        """Return what the row says besides its directive and the one around it; ``None`` where there are no words."""
        lines: list[str] = []
        kept = self.statements[0].draft.body.split('\n')
        for index, cell in enumerate(self.block.cells):
            heading = self.headings[index] if index < len(self.headings) else ''
            if not (text := squash(cell)):
                continue
            source = self.sources[index] if index < len(self.sources) else None
            has_markup = source is not None and squash(source) != text
            is_body = any(squash(line) in (text, squash(f'{heading}: {cell}')) for line in kept)
            if not (is_body or has_markup or lost_words(cell, made, lines)):
                continue
            if source is None and ('\n' in cell or _MARKUP.search(cell)):
                return None
            written = source if source is not None else self._code(text)
            lines.append(f'{heading}: {written}' if heading else written)
        return lines

    def _code(self, text: str) -> str:
        return text if self.markdown else re.sub(r'`([^`]+)`', r'``\1``', text)


_MARKUP = re.compile(r'[*\\|_]\B|\B[*_|]')


def rows_of_table(
    piece: Piece,
    lines: Sequence[str],
    snapshot: Snapshot,
    blocks: Mapping[int, Sequence[Block]],
    stated: Mapping[int, Sequence[Statement]],
) -> Iterator[Row]:
    """Yield the rows of a table, its header left out."""
    found = [block for line in range(piece.start, piece.end) for block in blocks.get(line, ())]
    table = next((block for block in found if block.form is Form.TABLE), None)
    if table is None:
        return
    for row in table.children:
        line = row.line - 1
        sources: list[str] = []
        if snapshot.markdown:
            cells = _BAR.split(lines[line].strip())
            cells = cells[1:] if cells and not cells[0].strip() else cells
            cells = cells[:-1] if cells and not cells[-1].strip() and len(cells) > len(row.cells) else cells
            sources = [cell.strip().replace('\\|', '|') for cell in cells]
        yield Row(
            block=row,
            headings=table.cells,
            statements=stated.get(line, ()),
            sources=sources if len(sources) == len(row.cells) else [],
            markdown=snapshot.markdown,
        )
