"""MyST source as pieces, by the tokens of the parser that reads it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from sphinxcontrib_designnote.convert.pieces import Form, Piece, end_of

_MARK = re.compile(r'\s*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)')
_INFO = re.compile(r'\{(?P<name>[^\s{}]+)\}\s*(?P<text>.*)')
_FORMS = {
    'heading_open': Form.HEADING,
    'paragraph_open': Form.PARAGRAPH,
    'bullet_list_open': Form.LIST,
    'ordered_list_open': Form.LIST,
    'list_item_open': Form.ENTRY,
    'table_open': Form.TABLE,
    'fence': Form.CODE,
    'colon_fence': Form.CODE,
    'code_block': Form.CODE,
    'front_matter': Form.FRONT_MATTER,
    'myst_line_comment': Form.COMMENT,
    'myst_target': Form.TARGET,
}


def read_markdown(lines: Sequence[str], extensions: Collection[str] = ()) -> list[Piece]:
    """Return the pieces of a page.

    :param extensions: the syntax extensions of MyST that the project has switched on.
    """
    config = MdParserConfig(enable_extensions={*extensions} - {'linkify'})
    parser = create_md_parser(config, RendererHTML)
    tokens = parser.parse('\n'.join(lines) + '\n', {})
    pieces, _ = _pieces(tokens, 0, lines)
    return pieces


def _pieces(tokens: Sequence[Token], at: int, lines: Sequence[str]) -> tuple[list[Piece], int]:
    """Return the pieces up to the end of the block that the token before *at* opened, and the token behind it."""
    found: list[Piece] = []
    while at < len(tokens) and tokens[at].nesting >= 0:
        token = tokens[at]
        at += 1
        children: list[Piece] = []
        if token.nesting > 0:
            children, at = _pieces(tokens, at, lines)
            at += 1  # the token that closes
        if token.map is not None and token.type != 'inline':
            content = tokens[at - 2].content if token.type == 'heading_open' else ''
            found.append(_piece(token, children, content, lines))
    return found, at


def _piece(token: Token, children: list[Piece], content: str, lines: Sequence[str]) -> Piece:
    start, stop = token.map or [0, 0]
    end = end_of(lines, start, min(stop, len(lines)))
    form = _FORMS.get(token.type, Form.OTHER)
    column = len(lines[start]) - len(lines[start].lstrip()) if start < len(lines) else 0
    if form is Form.ENTRY:
        match = _MARK.match(lines[start])
        first = match.end() if match else column
        below = children[0].column if children and children[0].form is not Form.PARAGRAPH else first
        inside = tuple(_behind_text(children, start))
        return Piece(form=form, start=start, end=end, column=min(first, below), first=first, children=inside)
    if form is Form.HEADING:
        return Piece(form=form, start=start, end=end, text=content, level=int(token.tag[1:]))
    if form is Form.LIST:
        level = int(token.type.startswith('ordered'))
        return Piece(form=form, start=start, end=end, column=column, children=tuple(children), level=level)
    if form is Form.CODE:
        return _code(token, start, end, column, lines)
    if token.type == 'html_block' and lines[start].lstrip().startswith('<!--'):
        form = Form.COMMENT
    if form is Form.TABLE:
        rows = tuple(Piece(form=Form.ROW, start=i, end=i + 1) for i in range(start + 2, end))
        return Piece(form=form, start=start, end=end, column=column, children=rows)
    return Piece(form=form, start=start, end=end, column=column)


def _behind_text(children: Sequence[Piece], start: int) -> Sequence[Piece]:
    """Drop the paragraph that is an entry's own text."""
    is_text = bool(children) and children[0].form is Form.PARAGRAPH and children[0].start == start
    return children[1:] if is_text else children


def _code(token: Token, start: int, end: int, column: int, lines: Sequence[str]) -> Piece:
    info = (token.info or '').strip()
    closed = token.type != 'code_block' and end > start + 1 and lines[end - 1].strip().startswith(token.markup or '`')
    inner = (start + 1, end - 1 if closed else end)
    match = _INFO.match(info)
    if match is None or token.type == 'code_block':
        return Piece(form=Form.CODE, start=start, end=end, column=column, name=info.partition(' ')[0], inner=inner)
    name = match['name'].removeprefix('dn:')
    return Piece(
        form=Form.DIRECTIVE, start=start, end=end, column=column, name=name, text=match['text'].strip(), inner=inner
    )
