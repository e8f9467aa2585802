"""What a plain note states, by the lines of its source."""

from __future__ import annotations

from collections.abc import Iterable

from sphinxcontrib_designnote.convert.pieces import Form, Piece, dedented, trimmed
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Statement
from sphinxcontrib_designnote.grammar.blocks import Block
from sphinxcontrib_designnote.model.values import IGNORES


class PageIndex:
    """Pairs the pieces of a page with what the reader saw of them; lines are 0-based."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.lines = snapshot.lines
        self._path = snapshot.note.location.path
        self.stated: dict[int, list[Statement]] = {}
        for statement in snapshot.statements:
            if statement.block is not None and snapshot.is_own(statement):
                self.stated.setdefault(statement.line, []).append(statement)
        self.blocks: dict[int, list[Block]] = {}
        self._add(snapshot.blocks)
        #: Lines of what could not be read.
        self.unread = {p.location.line - 1 for p in snapshot.note.problems if p.code == 'DN108'}

    def _add(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block.path == self._path:
                self.blocks.setdefault(block.line - 1, []).append(block)
            self._add(block.children)

    def block_of(self, piece: Piece) -> Block | None:
        """Return what the reader saw of *piece*; code begins below its first line."""
        lines = range(piece.start, piece.end if piece.form is Form.CODE else piece.start + 1)
        return next((block for line in lines for block in self.blocks.get(line, ())), None)

    def own(self, piece: Piece) -> list[Statement]:
        """Return what the piece states, without what stands in it."""
        start, end = piece.own() if piece.form is Form.ENTRY else (piece.start, piece.end)
        return [statement for line in range(start, end) for statement in self.stated.get(line, ())]

    def inside(self, piece: Piece) -> list[Statement]:
        """Return what the piece states, with what stands in it."""
        return [statement for line in range(piece.start, piece.end) for statement in self.stated.get(line, ())]

    def source(self, piece: Piece) -> list[str]:
        """Return the lines of a piece, marks included, without indentation."""
        first = self.lines[piece.start]
        column = len(first) - len(first.lstrip()) if piece.form is Form.ENTRY else piece.column
        return dedented(self.lines[piece.start : piece.end], column)

    def own_source(self, entry: Piece) -> list[str]:
        """Return the own text of an entry, without its mark, and without a comment that has become an option."""
        start, end = entry.own()
        first = _without_ignore(self.lines[start][entry.first :])
        return trimmed([first.rstrip(), *(_without_ignore(line).strip() for line in self.lines[start + 1 : end])])


def _without_ignore(line: str) -> str:
    before, opened, behind = line.partition('<!--')
    comment, closed, rest = behind.partition('-->')
    return before + rest if opened and closed and IGNORES.match(comment.strip()) else line
