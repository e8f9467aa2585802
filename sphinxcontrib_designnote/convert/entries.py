"""Text and lists of a plain note, in either syntax, and the same as the blocks that the grammar reads."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from sphinxcontrib_designnote.convert.markdown import read_markdown
from sphinxcontrib_designnote.convert.pieces import Form as PieceForm
from sphinxcontrib_designnote.convert.pieces import Piece
from sphinxcontrib_designnote.convert.restructured import read_restructured
from sphinxcontrib_designnote.convert.writing import CannotWriteError
from sphinxcontrib_designnote.grammar.blocks import Block, Form, nested


@dataclass(kw_only=True, slots=True)
class Entry:
    """An entry of a list, or a line of text above one."""

    #: As the grammar sees it: code in single backticks.
    text: str
    #: ``-``, ``1.``; empty for a paragraph. Bold for a label.
    mark: str = '-'
    is_bold: bool = False
    #: Words in bold with which the text begins.
    lead: str = ''
    children: list[Entry] = field(default_factory=list)
    #: Lines of the source that stand in it, behind its children.
    body: list[str] = field(default_factory=list)


def block_of(entry: Entry, line: int = 1, *, markdown: bool = True) -> Block:
    """Return what the reader would see of *entry*."""
    form = Form.BOLD if entry.is_bold else Form.PARAGRAPH if not entry.mark else Form.BULLET
    form = Form.STEP if entry.mark[:1].isdigit() else form
    children = [block_of(child, line + 1 + at, markdown=markdown) for at, child in enumerate(entry.children)]
    children += blocks_of_source(entry.body, line + 1 + len(children), markdown=markdown)
    lead = entry.text.rstrip(':') if entry.is_bold else entry.lead
    return Block(form=form, text=entry.text, line=line, children=nested(children), lead=lead)


def blocks_of_source(lines: Sequence[str], line: int, *, markdown: bool) -> list[Block]:
    """Return what the reader would see of *lines* of a source, roughly: links and roles are left as they are."""
    pieces = read_markdown(lines) if markdown else read_restructured(lines)
    return [block for piece in pieces for block in _source_blocks(piece, lines, line)]


def _source_blocks(piece: Piece, lines: Sequence[str], line: int) -> Iterator[Block]:
    at = line + piece.start
    if piece.form is PieceForm.LIST:
        for entry in piece.children:
            start, end = entry.own()
            own = [lines[start][entry.first :], *lines[start + 1 : end]]
            children = tuple(block for child in entry.children for block in _source_blocks(child, lines, line))
            form = Form.STEP if piece.level else Form.BULLET
            yield Block(form=form, text=_seen(own), line=line + start, children=nested(children))
    elif piece.form is PieceForm.PARAGRAPH:
        yield Block(form=Form.PARAGRAPH, text=_seen(lines[piece.start : piece.end]), line=at)
    elif piece.form is PieceForm.CODE:
        start, end = piece.inner
        yield Block(form=Form.CODE, text='\n'.join(lines[start:end]), line=at, language=piece.name)


def _seen(lines: Sequence[str]) -> str:
    text = '\n'.join(line.strip() for line in lines).strip()
    return re.sub(r'\*\*([^*]+)\*\*', r'\1', re.sub(r'``([^`]+)``', r'`\1`', text))


def lines_of_entries(entries: Sequence[Entry], *, markdown: bool) -> list[str]:
    """Return the lines of a list, or of text.

    :raises CannotWriteError: where the syntax has no words for a text.
    """
    lines: list[str] = []
    was_entry = False
    for entry in entries:
        written = _lines(entry, markdown=markdown)
        is_next = was_entry and bool(entry.mark)
        # reST wants a blank line around what is nested.
        if lines and (not is_next or (not markdown and (len(written) > 1 or lines[-1][:1] == ' '))):
            lines.append('')
        lines += written
        was_entry = bool(entry.mark)
    return lines


def _lines(entry: Entry, *, markdown: bool) -> list[str]:
    text = written_text(
        entry.text.rstrip(':') if entry.is_bold else entry.text, markdown=markdown, in_list=bool(entry.mark)
    )
    if entry.lead:
        rest = entry.text[len(entry.lead) :]
        text = f'**{written_text(entry.lead, markdown=markdown)}**{rest}'
    if entry.is_bold:
        text = f'**{text}:**' if entry.text.endswith(':') else f'**{text}**'
        if not markdown and '``' in text:
            raise CannotWriteError(text)
    indent = ' ' * (len(entry.mark) + 1) if entry.mark else ''
    lines = [f'{entry.mark} {text}' if entry.mark else text]
    if entry.children:
        if not markdown or not entry.mark:
            lines.append('')
        below = lines_of_entries(entry.children, markdown=markdown)
        lines += [f'{indent}{line}' if line else '' for line in below]
    if entry.body:
        lines += ['', *(f'{indent}{line}' if line else '' for line in entry.body)]
    return lines


def written_text(text: str, *, markdown: bool, in_list: bool = True) -> str:
    """Return *text* in words of the syntax that are read as it.

    :raises CannotWriteError: where there are none.
    """
    if '\n' in text or text != text.strip() or not text:
        raise CannotWriteError(text)
    return _markdown_text(text, in_list) if markdown else _restructured_text(text)


_CODE = re.compile(r'`[^`]+`')
_SPECIAL = re.compile(r'([\\*_\[\]<>&~|#+\-={}()!$@:.^"\'`])')
_LIST_MARK = re.compile(r'(?:[-*+>#=~]|\d+[.)]|\|)')


def _markdown_text(text: str, in_list: bool) -> str:
    escaped = _outside_code(text, lambda piece: _SPECIAL.sub(r'\\\1', piece))
    light = _outside_code(text, lambda piece: re.sub(r'([\\*_\[\]<>&~`])', r'\\\1', piece))
    for written in (text, light, '\\' + text, escaped):
        if _read_markdown(written, in_list) == text:
            return written
    raise CannotWriteError(text)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    return ''.join(part if is_code else change(part) for part, is_code in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text, and whether each is code."""
    at = 0
    for match in _CODE.finditer(text):
        yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    yield text[at:], False


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt('commonmark').enable(['table', 'strikethrough'])


def _read_markdown(written: str, in_list: bool) -> str | None:
    """Return the text of a paragraph or of an entry as the reader sees it; ``None`` where it is something else."""
    parts = list(_parts(written))
    for number, (part, is_code) in enumerate(parts):
        before_code = number + 1 < len(parts) and _ROLE.search(part)
        if not is_code and (before_code or _EXTENDED.search(part)):
            return None
    tokens = _parser().parse(f'- {written}' if in_list else written)
    if [token.type for token in tokens if token.nesting > 0] != (
        ['bullet_list_open', 'list_item_open', 'paragraph_open'] if in_list else ['paragraph_open']
    ):
        return None
    inline = [token for token in tokens if token.type == 'inline']
    if len(inline) != 1:
        return None
    text = ''
    for token in inline[0].children or ():
        if token.type not in ('code_inline', 'text', 'text_special'):
            return None
        text += f'`{token.content}`' if token.type == 'code_inline' else token.content
    return text


#: A role of MyST ends so, before its code; and what its extensions take for math, a substitution or a footnote.
_ROLE = re.compile(r'(?<!\\)\{[\w:+-]+\}$')
_EXTENDED = re.compile(r'(?<!\\)(?:\$|\{\{|\[\^)')


def _restructured_text(text: str) -> str:
    written = ''
    parts = list(_parts(text))
    for number, (part, is_code) in enumerate(parts):
        if not is_code:
            written += _MARKUP.sub(r'\\\1', part)
            continue
        if part[1:-1] != part[1:-1].strip() or part.endswith('\\`'):
            raise CannotWriteError(text)
        # Code must not touch a word: an escaped blank stands between the two and is not seen.
        before, after = written[-1:], parts[number + 1][0][:1]
        written += '\\ ' if before and not (before.isspace() or before in '([{<-/:\'"') else ''
        written += f'`{part}`'
        written += '\\ ' if after and not (after.isspace() or after in ')]}>-/:\'".,;!?\\') else ''
    if _LIST_MARK.match(written) or _BLOCK.match(written):
        written = '\\' + written
    return written[:-2] + '\\::' if written.endswith('::') else written


#: What could be markup: not an underscore inside a word.
_MARKUP = re.compile(r'([\\*|`]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_)')
_BLOCK = re.compile(r'\.\.(?:\s|$)|[A-Za-z#][.)]\s|\(\w+\)\s|:[^:]+:|__\s|>>>')
