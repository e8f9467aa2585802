"""The source of a note as pieces: what stands on which lines.

The parsers say where a block begins, seldom where it ends. A converter replaces lines, so it needs both; a piece is
therefore read from the source, by :mod:`.markdown` and :mod:`.restructured`, and paired by line with what was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What a piece is."""

    FRONT_MATTER = 'front matter'
    HEADING = 'heading'
    PARAGRAPH = 'paragraph'
    LIST = 'list'
    ENTRY = 'entry'
    TABLE = 'table'
    ROW = 'row'
    CODE = 'code'
    DIRECTIVE = 'directive'
    COMMENT = 'comment'
    TARGET = 'target'
    OTHER = 'other'


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some lines of the source, and the pieces in them."""

    form: Form
    #: 0-based, half open; blank lines around it do not count.
    start: int
    end: int
    #: Column in which its text begins: behind the mark of an entry.
    column: int = 0
    #: Column of the text on the first line of an entry: that of a term, or of the name of a field, stands further left.
    first: int = 0
    children: tuple[Piece, ...] = ()
    #: Of a directive, without ``dn:``; the language of code.
    name: str = ''
    #: What follows the name of a directive, or is the text of a heading.
    text: str = ''
    #: Of a heading, from 1; of an ordered list 1, else 0.
    level: int = 0
    #: First line behind the opening line of a directive, and the line behind its last one.
    inner: tuple[int, int] = (0, 0)

    def own(self) -> tuple[int, int]:
        """Return the lines of an entry's own text, before what stands in it."""
        return self.start, self.children[0].start if self.children else self.end


def dedented(lines: Sequence[str], column: int) -> list[str]:
    """Return *lines* without *column* columns of indentation, as far as they have it."""
    return [line[min(column, len(line) - len(line.lstrip())) :].rstrip() for line in lines]


def trimmed(lines: Sequence[str]) -> list[str]:
    """Return *lines* without blank ones at either end."""
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return list(lines[start:end])


def end_of(lines: Sequence[str], start: int, end: int) -> int:
    """Return *end* without the blank lines before it."""
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def walk(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield *pieces* and all in them, in order."""
    for piece in pieces:
        yield piece
        yield from walk(piece.children)
