"""reStructuredText as MyST."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from docutils.parsers.rst.tableparser import GridTableParser, SimpleTableParser, TableMarkupError
from docutils.statemachine import StringList

from sphinxcontrib_designnote.convert.inline_restructured import markdown_lines
from sphinxcontrib_designnote.convert.known_directives import CONTAINERS, LITERAL
from sphinxcontrib_designnote.convert.pieces import Form, Piece, dedented, trimmed
from sphinxcontrib_designnote.convert.restructured import read_restructured
from sphinxcontrib_designnote.convert.snapshot import Snapshot
from sphinxcontrib_designnote.convert.writing import CannotWriteError, Directive, lines_of
from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.schema import NOTE

_URL = re.compile(r'\.\.[ \t]+_(?:`(?P<quoted>[^`]+)`|(?P<name>[^:]+)):\s+(?P<url>\S+)\s*$')
_LABEL = re.compile(r'\.\.[ \t]+_(?:`(?P<quoted>[^`]+)`|(?P<name>[^:]+)):\s*$')
_FOOTNOTE = re.compile(r'\.\.[ \t]+\[(?P<name>#?[\w-]+)\][ \t]+')
_PLAIN_YAML = re.compile(r'[A-Za-z0-9][^:#\[\]{},&*!|>\'"%@`]*[^:#\[\]{},&*!|>\'"%@`\s]|[A-Za-z0-9]|\d{4}-\d\d-\d\d')


class MarkdownWriter:
    """Writes the pieces of a page."""

    def __init__(self, snapshot: Snapshot, kept: frozenset[int] = frozenset()) -> None:
        self.snapshot = snapshot
        #: 0-based lines of what would be read otherwise in Markdown.
        self.kept = kept
        self.untranslated: list[str] = []
        self.page_lines = snapshot.lines
        self.urls = {
            ' '.join((match['quoted'] or match['name']).casefold().split()): match['url']
            for line in snapshot.lines
            if (match := _URL.match(line.strip()))
        }

    def page(self) -> list[str]:
        """Return the lines of the page."""
        pieces = list(self.snapshot.pieces)
        marker = next((p for p in pieces if p.form is Form.DIRECTIVE and p.name == NOTE), None)
        front = self._front_matter(marker) if marker is not None else []
        if front:
            pieces.remove(marker) if marker is not None else None
        return [*_joined([front, *self._blocks(pieces, self.page_lines)]), '']

    def body(self, lines: Sequence[str]) -> list[str]:
        """Return markup that stands in something in the other syntax."""
        return _joined(list(self._blocks(read_restructured(lines), lines)))

    def _blocks(self, pieces: Sequence[Piece], lines: Sequence[str]) -> Iterator[list[str]]:
        is_page = lines is self.page_lines
        for piece in pieces:
            if (
                is_page
                and piece.form is not Form.HEADING
                and any(n in self.kept for n in range(piece.start, piece.end))
            ):
                yield self._kept(lines[piece.start : piece.end])
            elif written := self._piece(piece, lines):
                yield written

    def _kept(self, lines: Sequence[str]) -> list[str]:
        """Keep what Markdown has no words for in the directive with which MyST reads reStructuredText."""
        self.untranslated.append(next((line.strip() for line in lines if line.strip()), '')[:80])
        return _fenced('{eval-rst}', lines)

    def _piece(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        source = dedented(lines[piece.start : piece.end], piece.column)
        if piece.form is Form.HEADING:
            return [f'{"#" * min(piece.level, 6)} {" ".join(markdown_lines(piece.text, self.urls))}']
        if piece.form is Form.PARAGRAPH:
            return self._paragraph(source)
        if piece.form is Form.LIST:
            return self._list(piece, lines)
        if piece.form is Form.TABLE:
            return self._table(piece, source)
        if piece.form is Form.CODE:
            return self._code(piece, lines)
        if piece.form is Form.DIRECTIVE:
            return self._directive(piece, lines)
        if piece.form is Form.COMMENT:
            return self._comment(source)
        if piece.form is Form.TARGET:
            return self._target(source)
        if piece.column and source and source[0].strip() and not source[0].startswith(('| ', '>>>')):
            inner = self.body(dedented(source, len(source[0]) - len(source[0].lstrip())))
            return [f'> {line}'.rstrip() for line in inner]
        if source[0].startswith('>>>'):
            return _fenced('pycon', source)
        return self._kept(source)

    def _paragraph(self, source: Sequence[str]) -> list[str]:
        if len(source) == 1 and re.fullmatch(r'([=\-~^"\'#*+`_])\1{3,}', source[0].strip()):
            return ['---']
        text = '\n'.join(source)
        if text.rstrip().endswith('::'):
            text = text.rstrip()[:-2].rstrip() if text.rstrip()[:-2].endswith((' ', '\n')) else text.rstrip()[:-1]
            if not text.strip():
                return []
        return markdown_lines(text, self.urls)

    def _list(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        written: list[list[str]] = []
        number = re.match(r'\s*\(?(\d+)', lines[piece.start])
        count = int(number[1]) if number else 1
        is_terms = piece.children[0].first == piece.column
        for entry in piece.children:
            start, end = entry.own()
            own = trimmed([lines[start][entry.first :], *(line.strip() for line in lines[start + 1 : end])])
            children = [block for child in entry.children if (block := self._piece(child, lines))]
            if is_terms:
                written.append(_joined([[f'**{" ".join(self._paragraph(own))}**'], *children]))
                continue
            if entry.first == piece.column + 1:  # a field
                own = [own[0].replace(':', ': ', 1).replace(':  ', ': ', 1), *own[1:]]
            mark = f'{count}. ' if piece.level else '- '
            count += 1
            text = self._paragraph(own) if own else []
            is_glued = bool(entry.children) and entry.children[0].form is Form.LIST and bool(text)
            inside = _joined([text, *children]) if not is_glued else [*text, *_joined(children)]
            first, *rest = inside or ['']
            written.append([(mark + first).rstrip(), *(' ' * len(mark) + line if line else '' for line in rest)])
        result = list(written[0])
        for (before, after), block in zip(pairwise(piece.children), written[1:], strict=True):
            gap = is_terms or any(not line.strip() for line in lines[before.end : after.start])
            result += ['', *block] if gap and (is_terms or not _is_nested_gap(before)) else block
        return result

    def _code(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        inner = lines[piece.inner[0] : piece.inner[1]]
        at = 0
        while at < len(inner) and re.match(r'\s+:[\w-]+:', inner[at]):
            at += 1
        options, code = [line.strip() for line in inner[:at]], trimmed(inner[at:])
        code = dedented(code, _least(code))
        if options:
            return _fenced(f'{{code-block}} {piece.name}'.rstrip(), [*options, '', *code])
        return _fenced(piece.name, code)

    def _comment(self, source: Sequence[str]) -> list[str]:
        inner = trimmed([source[0][2:].strip(), *source[1:]])
        if not inner:
            return []
        inner = [inner[0].strip(), *dedented(inner[1:], _least(inner[1:]))]
        if any('-->' in line or line.startswith('>') for line in inner):
            return [f'% {line}'.rstrip() for line in inner]
        return [f'<!-- {inner[0]} -->'] if len(inner) == 1 else ['<!--', *inner, '-->']

    def _target(self, source: Sequence[str]) -> list[str]:
        if match := _URL.match(source[0]):
            return [f'[{match["quoted"] or match["name"]}]: {match["url"]}']
        if (match := _LABEL.match(source[0])) and len(source) == 1:
            return [f'({match["quoted"] or match["name"]})=']
        if match := _FOOTNOTE.match(source[0]):
            text = [source[0][match.end() :], *(line.strip() for line in source[1:])]
            return [f'[^{match["name"].lstrip("#")}]: {" ".join(markdown_lines(chr(10).join(text), self.urls))}']
        return self._kept(source)

    def _table(self, piece: Piece, source: Sequence[str]) -> list[str]:
        if piece.name == 'list-table':
            cells = [re.sub(r'^(\s*(?:[*-]\s+)*)(.*)$', self._in_row, line) for line in source[1:]]
            return self._foreign(piece, cells)
        if piece.name:
            return self._foreign(piece, source[1:])
        parser = SimpleTableParser() if source[0].lstrip().startswith('=') else GridTableParser()
        try:
            _, heads, rows = parser.parse(StringList([line.rstrip() for line in source], 'table'))
        except TableMarkupError:
            return self._kept(source)
        table = [[self._cell(cell) for cell in row] for row in (*heads, *rows)]
        if len(heads) != 1 or any(cell is None for row in table for cell in row):
            return self._kept(source)
        written = [f'| {" | ".join(cell or "" for cell in row)} |' for row in table]
        return [written[0], f'|{"---|" * len(table[0])}', *written[1:]]

    def _in_row(self, line: re.Match[str]) -> str:
        is_option = line[2].startswith(':') and not line[1].strip()
        return line[0] if is_option or not line[2] else line[1] + ' '.join(markdown_lines(line[2], self.urls))

    def _cell(self, cell: object) -> str | None:
        """Return a cell on one line; ``None`` where it spans others or holds more than a paragraph."""
        if not isinstance(cell, (list, tuple)) or cell[0] or cell[1]:
            return None
        lines = trimmed([line.rstrip() for line in cell[3]])
        if any(not line.strip() for line in lines) or any(
            piece.form is not Form.PARAGRAPH for piece in read_restructured(lines)
        ):
            return None
        return ' '.join(markdown_lines('\n'.join(lines), self.urls)).replace('|', '\\|') if lines else ''

    # --- Directives

    def _directive(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        inner = dedented(lines[piece.inner[0] : piece.inner[1]], _least(lines[piece.inner[0] : piece.inner[1]]))
        kind = self.snapshot.kinds.get(piece.name)
        if kind is None:
            return self._foreign(piece, inner)
        head = [piece.text, *inner] if piece.text else list(inner)
        read = read_directive(head, has_argument=bool(piece.text), markdown=False, known=kind.options)
        options = [(name, option.value) for name, option in read.options.items()]
        body = self.body(head[read.body :])
        directive = Directive(kind=kind, argument=read.argument, options=options, body=[body] if body else [])
        try:
            return lines_of(directive, markdown=True, prefixed=self.snapshot.prefixed)
        except CannotWriteError:
            return self._kept(dedented(lines[piece.start : piece.end], piece.column))

    def _foreign(self, piece: Piece, inner: Sequence[str]) -> list[str]:
        inner = dedented(inner, _least(inner))
        if piece.name not in CONTAINERS and piece.name not in LITERAL:
            opening = f'.. {piece.name}:: {piece.text}'.rstrip()
            return self._kept([opening, *(f'   {line}'.rstrip() for line in inner)])
        at = 0
        while at < len(inner) and re.match(r':[\w-]+:(?:\s|$)', inner[at]):
            at += 1
        options, body = list(inner[:at]), trimmed(inner[at:])
        body = self.body(body) if piece.name in CONTAINERS else body
        return _fenced(
            f'{{{piece.name}}} {piece.text}'.rstrip(), [*options, *(['', *body] if options and body else body)]
        )

    def _front_matter(self, marker: Piece) -> list[str]:
        """Return what marks the note; nothing where the directive has a body, which front matter has not."""
        lines = self.snapshot.lines[marker.inner[0] : marker.inner[1]]
        inner = dedented(lines, _least(lines))
        head = [marker.text, *inner] if marker.text else list(inner)
        known = self.snapshot.kinds[NOTE].options
        read = read_directive(head, has_argument=bool(marker.text), markdown=False, known=known)
        if any(line.strip() for line in head[read.body :]) or read.lost:
            return []
        fields = [('title', read.argument)] if read.argument else []
        fields += [(name, option.value) for name, option in read.options.items()]
        written = [f'  {name}: {_yaml(value)}' for name, value in fields]
        return ['---', 'design-note:' if written else 'design-note: true', *written, '---']


def _yaml(value: str) -> str:
    return value if _PLAIN_YAML.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _fenced(info: str, lines: Sequence[str]) -> list[str]:
    mark = '~' if '`' in info else '`'
    runs = [len(match[0]) for line in lines if (match := re.match(rf'{mark}{{3,}}', line.strip()))]
    fence = mark * max([3, *(run + 1 for run in runs)])
    return [f'{fence}{info}', *lines, fence]


def _is_nested_gap(entry: Piece) -> bool:
    """Whether the blank line behind an entry is only there because reST needs it around what is nested."""
    return any(child.form is Form.LIST for child in entry.children)


def _joined(blocks: Sequence[list[str]]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if block:
            lines += ['', *block] if lines else block
    return lines


def _least(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
