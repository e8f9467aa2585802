"""reStructuredText source as pieces, by indentation and blank lines.

docutils tells no ends. Its block structure is regular enough to be read from the lines; what is not known here (a block
quote, a definition list) is a piece of its own that nobody changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sphinxcontrib_designnote.convert.pieces import Form, Piece, end_of

_BULLET = re.compile(r'(?P<mark>[-*+•])(?:\s+|$)')
_NUMBER = re.compile(r'\(?(?:\d{1,9}|#|[A-Za-z]|[ivxlcIVXLC]{1,6})[.)](?:\s+|$)')
_DIRECTIVE = re.compile(r'\.\.[ \t]+(?P<name>[A-Za-z][\w:.+-]*)[ ]?::(?:[ \t]+(?P<text>.*)|$)')
_TARGET = re.compile(r'(?:\.\.[ \t]+(?:_|\[|\|)|__[ \t])')
_COMMENT = re.compile(r'\.\.(?:[ \t]|$)')
_FIELD = re.compile(r':(?![: ])[^:]*(?<! ):(?:[ \t]|$)')
_ADORNMENT = re.compile(r'([!-/:-@\[-`{-~])\1*\s*$')
_GRID = re.compile(r'\+[-=+]{2,}\+\s*$')
_SIMPLE = re.compile(r'=+(?:[ \t]+=+)+\s*$')
#: A list without a blank line before it, which the reader takes for one.
_GLUED = re.compile(r'\s*(?:[-*+]|\d{1,3}[.)]|#\.)\s+\S')
_CODE_NAMES = frozenset({'code-block', 'code', 'sourcecode', 'parsed-literal'})


def read_restructured(lines: Sequence[str]) -> list[Piece]:
    """Return the pieces of a page."""
    levels: list[str] = []
    return _Reader(lines, levels).read(0, len(lines), 0)


class _Reader:
    """Reads the lines of one page; *levels* are the adornments seen so far, outermost first."""

    def __init__(self, lines: Sequence[str], levels: list[str]) -> None:
        self.lines = lines
        self.levels = levels

    def read(self, at: int, end: int, column: int) -> list[Piece]:
        """Return the pieces of the lines from *at* to *end*, which are indented by *column*."""
        found: list[Piece] = []
        literal = False
        while at < end:
            if not self.lines[at].strip():
                at += 1
                continue
            if self._indentation(at) > column:
                stop = end_of(self.lines, at, self._dedent(at, end, column))
                form = Form.CODE if literal else Form.OTHER
                piece = Piece(form=form, start=at, end=stop, column=self._indentation(at), inner=(at, stop))
            else:
                piece = self._piece(at, end, column)
            text = self.lines[piece.end - 1].rstrip()
            literal = piece.form in (Form.PARAGRAPH, Form.LIST) and text.endswith('::')
            found.append(piece)
            at = max(piece.end, at + 1)
        return found

    def _indentation(self, at: int) -> int:
        return len(self.lines[at]) - len(self.lines[at].lstrip())

    def _dedent(self, at: int, end: int, column: int) -> int:
        """Return the first line from *at* on that is indented by no more than *column*; blank ones do not count."""
        while at < end and (not self.lines[at].strip() or self._indentation(at) > column):
            at += 1
        return at

    def _blank(self, at: int, end: int) -> int:
        while at < end and self.lines[at].strip():
            at += 1
        return at

    def _piece(self, at: int, end: int, column: int) -> Piece:
        text = self.lines[at][column:]
        if column == 0 and (heading := self._heading(at, end)) is not None:
            return heading
        if match := _DIRECTIVE.match(text):
            return self._directive(at, end, column, match)
        if _TARGET.match(text) or _COMMENT.match(text):
            stop = end_of(self.lines, at, self._dedent(at + 1, end, column))
            form = Form.TARGET if _TARGET.match(text) else Form.COMMENT
            return Piece(form=form, start=at, end=stop, column=column)
        if _BULLET.match(text) or self._is_number(at, end, column):
            return self._list(at, end, column)
        if _GRID.match(text) or _SIMPLE.match(text):
            return self._table(at, end, column)
        if _FIELD.match(text):
            return self._fields(at, end, column)
        if text.startswith(('| ', '>>>')):
            stop = at + 1
            while stop < end and self.lines[stop].strip():
                stop += 1
            return Piece(form=Form.OTHER, start=at, end=stop, column=column)
        return self._paragraph(at, end, column)

    def _heading(self, at: int, end: int) -> Piece | None:
        lines = self.lines
        over = _ADORNMENT.match(lines[at])
        if over and at + 2 < end and lines[at + 2].rstrip() == lines[at].rstrip() and lines[at + 1].strip():
            return self._headed(at, at + 3, lines[at + 1], lines[at].strip()[0] * 2)
        if over or at + 1 >= end or lines[at][:1].isspace():
            return None
        under = _ADORNMENT.match(lines[at + 1])
        length = len(lines[at + 1].strip())
        if under and length >= min(len(lines[at].rstrip()), 4):  # docutils takes a short one too, and warns
            return self._headed(at, at + 2, lines[at], lines[at + 1].strip()[0])
        return None

    def _headed(self, start: int, end: int, text: str, adornment: str) -> Piece:
        if adornment not in self.levels:
            self.levels.append(adornment)
        level = self.levels.index(adornment) + 1
        return Piece(form=Form.HEADING, start=start, end=end, text=text.strip(), level=level)

    def _directive(self, at: int, end: int, column: int, match: re.Match[str]) -> Piece:
        stop = end_of(self.lines, at, self._dedent(at + 1, end, column))
        name = match['name'].removeprefix('dn:')
        text = (match['text'] or '').strip()
        if name in _CODE_NAMES:
            return Piece(form=Form.CODE, start=at, end=stop, column=column, name=text, inner=(at + 1, stop))
        form = Form.TABLE if name in ('list-table', 'csv-table', 'table') else Form.DIRECTIVE
        return Piece(form=form, start=at, end=stop, column=column, name=name, text=text, inner=(at + 1, stop))

    def _is_number(self, at: int, end: int, column: int) -> bool:
        """Whether a numbered entry begins here; a sentence that begins so goes on without indentation."""
        match = _NUMBER.match(self.lines[at][column:])
        if match is None:
            return False
        below = at + 1
        if below >= end or not self.lines[below].strip() or self._indentation(below) > column:
            return True
        return _NUMBER.match(self.lines[below][column:]) is not None

    def _list(self, at: int, end: int, column: int) -> Piece:
        start, entries = at, list[Piece]()
        pattern = _BULLET if _BULLET.match(self.lines[at][column:]) else _NUMBER
        while at < end and self._indentation(at) == column:
            match = pattern.match(self.lines[at][column:])
            if match is None or (pattern is _BULLET and entries and match[0][:1] != self.lines[start][column]):
                break
            inner = column + match.end()
            stop = self._dedent(at + 1, end, column)
            last = end_of(self.lines, at, stop)
            text_end = at + 1
            while text_end < last and self.lines[text_end].strip() and self._indentation(text_end) == inner:
                if _GLUED.match(self.lines[text_end]):
                    break
                text_end += 1
            children = tuple(self.read(text_end, last, inner))
            entries.append(Piece(form=Form.ENTRY, start=at, end=last, column=inner, first=inner, children=children))
            at = stop
        stop = entries[-1].end
        level = int(pattern is _NUMBER)
        return Piece(form=Form.LIST, start=start, end=stop, column=column, children=tuple(entries), level=level)

    def _fields(self, at: int, end: int, column: int) -> Piece:
        """Read a field list: what is indented below a field stands in it, its further lines are its text."""
        start, entries = at, list[Piece]()
        while at < end and self._indentation(at) == column and _FIELD.match(self.lines[at][column:]):
            stop = self._dedent(at + 1, end, column)
            last = end_of(self.lines, at, stop)
            has_text = self.lines[at].rstrip()[-1:] != ':' or self.lines[at].count(':') > 2
            text_end = self._blank(at + 1, last) if has_text else at + 1
            inner = self._indentation(at + 1) if at + 1 < last and self.lines[at + 1].strip() else column + 4
            if text_end < last:
                following = next((i for i in range(text_end, last) if self.lines[i].strip()), text_end)
                inner = self._indentation(following)
            children = tuple(self.read(text_end, last, inner))
            entries.append(
                Piece(form=Form.ENTRY, start=at, end=last, column=inner, first=column + 1, children=children)
            )
            at = stop
            while at < end and not self.lines[at].strip():
                at += 1
        return Piece(form=Form.LIST, start=start, end=entries[-1].end, column=column, children=tuple(entries))

    def _definitions(self, at: int, end: int, column: int) -> Piece:
        """Read a list of terms, each with its definition indented on the next line."""
        start, entries = at, list[Piece]()
        while (
            at + 1 < end
            and self._indentation(at) == column
            and self.lines[at].strip()
            and self.lines[at + 1].strip()
            and self._indentation(at + 1) > column
        ):
            inner = self._indentation(at + 1)
            stop = self._dedent(at + 1, end, column)
            last = end_of(self.lines, at, stop)
            children = tuple(self.read(at + 1, last, inner))
            entries.append(Piece(form=Form.ENTRY, start=at, end=last, column=inner, first=column, children=children))
            at = stop
        return Piece(form=Form.LIST, start=start, end=entries[-1].end, column=column, children=tuple(entries))

    def _table(self, at: int, end: int, column: int) -> Piece:
        stop = self._blank(at, end)
        if _SIMPLE.match(self.lines[at][column:]):
            borders = [i for i in range(at, end) if _SIMPLE.match(self.lines[i][column:])]
            while stop < end and len([i for i in borders if i < stop]) < 2:
                stop = self._blank(stop + 1, end)
        return Piece(form=Form.TABLE, start=at, end=end_of(self.lines, at, stop), column=column)

    def _paragraph(self, at: int, end: int, column: int) -> Piece:
        stop = at + 1
        while stop < end and self.lines[stop].strip() and self._indentation(stop) == column:
            if _GLUED.match(self.lines[stop]):
                break
            stop += 1
        if stop == at + 1 and stop < end and self.lines[stop].strip() and self._indentation(stop) > column:
            return self._definitions(at, end, column)
        if self.lines[stop - 1].strip() == '::' and stop == at + 1:
            inner = self._dedent(stop, end, column)
            last = end_of(self.lines, at, inner)
            return Piece(form=Form.CODE, start=at, end=last, column=column, inner=(min(at + 1, last), last))
        return Piece(form=Form.PARAGRAPH, start=at, end=stop, column=column)
