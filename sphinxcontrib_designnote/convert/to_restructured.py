"""MyST as reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import yaml
from docutils.utils import column_width

from sphinxcontrib_designnote.convert.inline_markdown import InlineMarkdown
from sphinxcontrib_designnote.convert.known_directives import CONTAINERS, LITERAL
from sphinxcontrib_designnote.convert.markdown import read_markdown
from sphinxcontrib_designnote.convert.pieces import Form, Piece, dedented, trimmed
from sphinxcontrib_designnote.convert.snapshot import Snapshot
from sphinxcontrib_designnote.convert.writing import CannotWriteError, Directive, lines_of
from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.schema import NOTE

_ADORNMENTS = '=-~^"\''
_DEFINITION = re.compile(r'\s{0,3}\[(?P<name>[^\]^]+)\]:\s*<?(?P<url>\S+?)>?(?:\s+["\'(].*)?$')
_FOOTNOTE = re.compile(r'\s{0,3}\[\^(?P<name>[\w-]+)\]:\s*(?P<text>\S.*)$')
_BAR = re.compile(r'(?<!\\)\|')
_RULE = re.compile(r'\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$')


class RestructuredWriter:
    """Writes the pieces of a page."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.untranslated: list[str] = []
        self.inline = InlineMarkdown(self.untranslated)
        #: Levels of the headings above, outermost first.
        self._levels: list[int] = []

    def page(self) -> list[str]:
        """Return the lines of the page."""
        pieces = list(self.snapshot.pieces)
        marker: list[str] = []
        if pieces and pieces[0].form is Form.FRONT_MATTER:
            marker = self._front_matter(self.snapshot.lines[pieces[0].start + 1 : pieces[0].end - 1])
            pieces = pieces[1:]
        first = self.snapshot.pieces[0].end if pieces != list(self.snapshot.pieces) else 0
        blocks = list(self._blocks(pieces, self.snapshot.lines, first))
        title = next(
            (at for at, (piece, _) in enumerate(blocks) if piece is not None and piece.form is Form.HEADING), -1
        )
        written = [lines for _, lines in blocks]
        if marker:
            written.insert(title + 1, marker)
        return [*_joined(written), '']

    def body(self, lines: Sequence[str]) -> list[str]:
        """Return markup that stands in something in the other syntax."""
        pieces = read_markdown(lines)
        return _joined([written for _, written in self._blocks(pieces, lines, 0)])

    # --- Blocks

    def _blocks(
        self, pieces: Sequence[Piece], lines: Sequence[str], at: int
    ) -> Iterator[tuple[Piece | None, list[str]]]:
        """Yield what *lines* hold from *at* on, each block with its piece, if it is one."""
        for piece in pieces:
            yield from ((None, written) for written in self._gap(lines[at : piece.start]))
            written = self._piece(piece, lines)
            if written:
                yield piece, written
            at = piece.end
        yield from ((None, written) for written in self._gap(lines[at:]))

    def _gap(self, lines: Sequence[str]) -> Iterator[list[str]]:
        """Write what is no block to Markdown: definitions of links."""
        for line in lines:
            if not line.strip():
                continue
            if match := _DEFINITION.match(line):
                yield [f'.. _{match["name"]}: {match["url"]}']
            elif match := _FOOTNOTE.match(line):
                yield [f'.. [#{match["name"]}] {" ".join(self.inline.lines(match["text"]))}']
            else:
                yield self._kept([line])

    def _kept(self, lines: Sequence[str]) -> list[str]:
        self.untranslated.append(next((line.strip() for line in lines if line.strip()), '')[:80])
        return [
            '.. Markdown that has no counterpart here:', '', '.. code-block:: markdown', '', *_indented(lines),
        ]  # fmt: skip

    def _piece(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        source = dedented(lines[piece.start : piece.end], piece.column)
        if piece.form is Form.HEADING:
            text = ' '.join(self.inline.lines(piece.text))
            return [text, self._adornment(piece.level) * max(column_width(text), 4)]
        if piece.form is Form.PARAGRAPH:
            return self._paragraph(source)
        if piece.form is Form.LIST:
            return self._list(piece, lines)
        if piece.form is Form.TABLE:
            return self._table(source)
        if piece.form is Form.CODE:
            return self._code(piece, lines)
        if piece.form is Form.DIRECTIVE:
            return self._directive(piece, lines)
        if piece.form is Form.COMMENT:
            return self._comment(source)
        if piece.form is Form.TARGET:
            return [f'.. _{source[0].strip()[1:].rstrip("=").rstrip(")")}:']
        return self._other(source)

    def _adornment(self, level: int) -> str:
        """Return the mark of a heading: by how deep it stands, as reST lets no level be left out."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return _ADORNMENTS[min(len(self._levels), len(_ADORNMENTS)) - 1]

    def _paragraph(self, source: Sequence[str]) -> list[str]:
        image = re.fullmatch(r'!\[(?P<alt>[^\]]*)\]\((?P<src>[^\s)]+)\)', '\n'.join(source).strip())
        if image:
            return [f'.. image:: {image["src"]}', *([f'   :alt: {image["alt"]}'] if image['alt'] else [])]
        written = self.inline.lines('\n'.join(source))
        return [*written, *self.inline.taken_after()]

    def _list(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        written: list[list[str]] = []
        number = re.match(r'\s*(\d+)', lines[piece.start])
        count = int(number[1]) if number else 1
        for entry in piece.children:
            mark = f'{count}. ' if piece.level else '- '
            count += 1
            start, end = entry.own()
            own = [lines[start][entry.first :], *(line.strip() for line in lines[start + 1 : end])]
            if entry.children and entry.children[0].start == start:
                own = []
            text = self.inline.lines('\n'.join(trimmed(own))) if own else []
            blocks = [text, self.inline.taken_after(), *(self._piece(child, lines) for child in entry.children)]
            inside = _joined([block for block in blocks if block])
            first, *rest = inside or ['']
            written.append([mark + first, *(' ' * len(mark) + line if line else '' for line in rest)])
        tight = all(all(block) for block in written)
        gaps = [any(not line.strip() for line in lines[a.end : b.start]) for a, b in pairwise(piece.children)]
        result = list(written[0])
        for block, gap in zip(written[1:], gaps, strict=True):
            result += ['', *block] if gap or not tight else block
        return result

    def _table(self, source: Sequence[str]) -> list[str]:
        rows = [_cells(line) for number, line in enumerate(source) if number != 1]
        width = len(rows[0])
        result = ['.. list-table::', '   :header-rows: 1', '']
        if len(rows) == 1:
            rows.append([])  # docutils refuses a table of nothing but headings
        for row in rows:
            for column, cell in enumerate((row + [''] * width)[:width]):
                written = self.inline.lines(cell) if cell else ['']
                first, *rest = written
                result.append(f'   {"*" if column == 0 else " "} - {first}'.rstrip())
                result += [f'       {line}' for line in rest]
        return result

    def _code(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        inner = dedented(lines[piece.inner[0] : piece.inner[1]], piece.column)
        if piece.start == piece.inner[0] - 1 and not _is_fence(lines[piece.start]):
            inner = dedented(lines[piece.start : piece.end], 4)
        opening = f'.. code-block:: {piece.name}' if piece.name else '::'
        if not any(line.strip() for line in inner):
            return [opening] if piece.name else []
        return [opening, '', *_indented(inner)]

    def _comment(self, source: Sequence[str]) -> list[str]:
        text = '\n'.join(line.lstrip('% ') if line.lstrip().startswith('%') else line for line in source)
        text = text.strip().removeprefix('<!--').removesuffix('-->')
        lines = trimmed(text.split('\n'))
        lines = [lines[0].strip(), *dedented(lines[1:], _least(lines[1:]))] if lines else []
        if len(lines) == 1 and not re.match(r'(?:_|\[|\||[\w:.+-]+::)', lines[0]):
            return [f'.. {lines[0]}']
        return ['..', *_indented(lines)]

    def _other(self, source: Sequence[str]) -> list[str]:
        if all(line.lstrip().startswith('>') for line in source):
            inner = self.body([re.sub(r'^\s*> ?', '', line) for line in source])
            return ['..', '', *_indented(inner)] if inner else []
        if match := _FOOTNOTE.match(source[0]):
            text = '\n'.join([match['text'], *(line.strip() for line in source[1:])])
            return [f'.. [#{match["name"]}] {" ".join(self.inline.lines(text))}']
        if len(source) == 1 and _RULE.match(source[0]):
            return ['----']
        if source and source[0].lstrip().startswith('<'):
            return ['.. raw:: html', '', *_indented(source)]
        return self._kept(source)

    # --- Directives

    def _directive(self, piece: Piece, lines: Sequence[str]) -> list[str]:
        inner = dedented(lines[piece.inner[0] : piece.inner[1]], piece.column)
        kind = self.snapshot.kinds.get(piece.name)
        if piece.name == 'eval-rst':
            return trimmed(inner)
        head = [piece.text, *inner] if piece.text else inner
        if kind is None:
            return self._foreign(piece, inner)
        read = read_directive(head, has_argument=bool(piece.text), markdown=True, known=kind.options)
        options = [(name, option.value) for name, option in read.options.items()]
        body = self.body(head[read.body :])
        directive = Directive(kind=kind, argument=read.argument, options=options, body=[body] if body else [])
        try:
            return lines_of(directive, markdown=False, prefixed=self.snapshot.prefixed)
        except CannotWriteError:
            return self._kept(lines[piece.start : piece.end])

    def _foreign(self, piece: Piece, inner: Sequence[str]) -> list[str]:
        if piece.name not in CONTAINERS and piece.name not in LITERAL:
            return self._kept([f'```{{{piece.name}}} {piece.text}'.rstrip(), *inner, '```'])
        head = [piece.text, *inner] if piece.text else list(inner)
        read = read_directive(head, has_argument=bool(piece.text), markdown=True, known=())
        body = trimmed(head[read.body :])
        body = self.body(body) if piece.name in CONTAINERS or piece.name == 'list-table' else body
        options = [f'   :{name}: {option.value}'.rstrip() for name, option in read.options.items()]
        text = (
            ' '.join(self.inline.lines(piece.text)) if piece.name in ('admonition', 'topic', 'rubric') else piece.text
        )
        opening = f'.. {piece.name}:: {text}'.rstrip()
        return [opening, *options, *(['', *_indented(body)] if body else [])]

    def _front_matter(self, lines: Sequence[str]) -> list[str]:
        """Return the directive that says what the front matter says of the note; other keys become a comment."""
        try:
            read = yaml.load('\n'.join(lines), Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings only
        except yaml.YAMLError:
            read = None
        if not isinstance(read, Mapping):
            return self._kept(lines) if any(line.strip() for line in lines) else []
        rest = {key: value for key, value in read.items() if key != NOTE}
        kept = yaml.safe_dump(rest, allow_unicode=True, sort_keys=False).split('\n') if rest else []
        written = self._kept(trimmed(kept)) if kept else []
        said = read.get(NOTE)
        if said is None or str(said).casefold() in ('false', 'no', 'off'):
            return written
        fields = said if isinstance(said, Mapping) else {}
        title = str(fields.get('title', ''))
        options = [
            (str(name).replace('_', '-'), ', '.join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in fields.items()
            if name != 'title'
        ]
        directive = Directive(kind=self.snapshot.kinds[NOTE], argument=title, options=options)
        try:
            marker = lines_of(directive, markdown=False, prefixed=self.snapshot.prefixed)
        except CannotWriteError:
            marker = self._kept(lines)
        return _joined([marker, written] if written else [marker])


def _joined(blocks: Sequence[list[str]]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += ['', *block] if lines else block
    return lines


def _indented(lines: Sequence[str]) -> list[str]:
    return [f'   {line}'.rstrip() for line in lines]


def _least(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _cells(line: str) -> list[str]:
    cells = _BAR.split(line.strip())
    cells = cells[1:] if cells and not cells[0].strip() else cells
    cells = cells[:-1] if cells and not cells[-1].strip() else cells
    return [cell.strip().replace('\\|', '|') for cell in cells]


def _is_fence(line: str) -> bool:
    return line.lstrip().startswith(('```', '~~~', ':::'))
