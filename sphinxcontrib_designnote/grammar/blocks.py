"""The text of a page in the one form that the grammar reads, whatever it was written in.

A :class:`Block` owns what belongs to it: a heading its section, a bullet its nested ones, a line in bold or a paragraph
the lists, tables and code that follow it. Every carrier of a statement (bullet, table row, bold line, code line, pair
of fields) is thereby a text with details below it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sphinxcontrib_designnote.diagnostics import SourceLocation

#: A statement is read so far; what stands behind is explanation.
LIMIT = 400


class Form(StrEnum):
    """What a block is on the page."""

    HEADING = 'heading'
    BOLD = 'bold'
    PARAGRAPH = 'paragraph'
    BULLET = 'bullet'
    STEP = 'step'
    FIELD = 'field'
    TABLE = 'table'
    ROW = 'row'
    CODE = 'code'
    #: A directive of ours, whose kind is the block's language: what it says has been read.
    STATED = 'stated'
    #: A footnote: text, whatever it says.
    NOTE = 'note'
    #: HTML that has a form, or a directive that nobody knows: its text, which cannot be read.
    FOREIGN = 'foreign'


@dataclass(kw_only=True, slots=True, eq=False)
class Block:
    """A piece of a page and what belongs to it. Compared by identity: comparing all that stands in it is slow.

    Nothing changes a block once it is made. It is not declared frozen because making one would then take three times
    as long, and a page has hundreds.
    """

    #: Its own text, without its children's: code in backticks, line breaks as in the source. A row's is empty.
    text: str
    #: 1-based.
    line: int
    #: File, relative to the source directory.
    path: str = ''
    form: Form = Form.BULLET
    children: tuple[Block, ...] = ()
    #: A row's cells, and the titles of a table's columns, which may be absent.
    cells: tuple[str, ...] = ()
    #: Language of code, lower case; empty when not said.
    language: str = ''
    #: Words in bold with which the text begins.
    lead: str = ''
    #: What shows it on the page: opaque here, handed back with what is read from the block.
    node: object = None

    @property
    def location(self) -> SourceLocation:
        """Its place in the sources."""
        return SourceLocation(path=self.path, line=self.line)

    def over(self, children: tuple[Block, ...], form: Form | None = None) -> Block:
        """Return the block above other *children*. Several times as fast as ``dataclasses.replace``."""
        return Block(
            text=self.text,
            line=self.line,
            path=self.path,
            form=form or self.form,
            children=children,
            cells=self.cells,
            language=self.language,
            lead=self.lead,
            node=self.node,
        )


#: Invisible characters (zero width, direction, soft hyphen, byte order mark) go; a space that does not break is one.
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
) | {0xA0: ' ', 0x202F: ' '}


def plain(text: str) -> str:
    """Return *text* composed (NFC) and without what nobody sees, so that two ways of typing a name are one name."""
    return text if text.isascii() else unicodedata.normalize('NFC', text.translate(_INVISIBLE))


#: Siblings that take no part of what follows them.
_OWNED = frozenset({Form.BULLET, Form.STEP, Form.FIELD, Form.TABLE, Form.CODE})


def nested(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Let each line in bold own its siblings up to the next one, and each paragraph the lists and code behind it."""
    if len(blocks) < 2:  # most lists of details are
        return tuple(blocks)
    return tuple(_under_bold(list(_under_paragraphs(blocks))))


def _under_paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    owner: Block | None = None
    owned: list[Block] = []
    for block in blocks:
        if owner is not None and block.form in _OWNED:
            owned.append(block)
            continue
        if owner is not None:
            yield _owning(owner, owned)
        owner, owned = (block, []) if block.form in (Form.PARAGRAPH, Form.BOLD) else (None, [])
        if owner is None:
            yield block
    if owner is not None:
        yield _owning(owner, owned)


def _owning(paragraph: Block, owned: Sequence[Block]) -> Block:
    """Hand *owned* to the paragraph above it; one that is nothing but code is then a label, as one in bold is."""
    if not owned:
        return paragraph
    form = Form.BOLD if _ONLY_CODE.fullmatch(paragraph.text) else paragraph.form
    return paragraph.over((*paragraph.children, *owned), form)


_ONLY_CODE = re.compile(r'\s*`[^`\n]{1,200}`(?:\s+(?:table|entity|model|collection))?\s*+:?\s*')


#: Behind words in bold: ``**New endpoint.** `POST /jobs` ``.
_ENDPOINT = re.compile(r'[^`/\n]{0,40}`?[A-Z]{3,7}`?\s+`?/')


def _names_another(block: Block) -> bool:
    """Whether a paragraph that begins in bold is about an endpoint, and so not about what stands in bold above it."""
    return block.form is Form.PARAGRAPH and bool(block.lead) and _ENDPOINT.match(block.text) is not None


#: ``Changed endpoints:`` above others.
_CHANGE = re.compile(
    r'\W*(?:new|added|changed|modified|updated|deprecated|removed|deleted|dropped|existing|unchanged)'
    r'(?: \w{1,30}){0,2}\s*:\W*',
    re.IGNORECASE,
)


def is_label_of_change(block: Block) -> bool:
    """Whether a paragraph only says what happens to those that follow it."""
    return block.form is Form.PARAGRAPH and not block.children and _CHANGE.fullmatch(block.text[:80]) is not None


def _under_bold(blocks: Sequence[Block]) -> Iterator[Block]:
    owner: Block | None = None
    owned: list[Block] = []
    for block in blocks:
        if (
            block.form is Form.HEADING
            or (block.form is Form.BOLD and block.lead)
            or _names_another(block)
            or is_label_of_change(block)
        ):
            if owner is not None:
                yield owner.over((*owner.children, *owned)) if owned else owner
            owner, owned = (block, []) if block.form is Form.BOLD else (None, [])
            if owner is None:
                yield block
        elif owner is not None:
            owned.append(block)
        else:
            yield block
    if owner is not None:
        yield owner.over((*owner.children, *owned)) if owned else owner


def directives_in(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the directives of ours that stand among *blocks* or in one of them."""
    for block in blocks:
        if block.form is Form.STATED:
            yield block
        yield from directives_in(block.children)


def hold_directive(blocks: Iterable[Block]) -> bool:
    """Whether there is any of :func:`directives_in`."""
    return any(True for _ in directives_in(blocks))


def without_directives(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return *blocks* without the directives among them and below their headings."""
    if not any(block.form is Form.STATED or block.form is Form.HEADING for block in blocks):
        return blocks
    kept = (block for block in blocks if block.form is not Form.STATED)
    return [b.over(tuple(without_directives(b.children))) if b.form is Form.HEADING else b for b in kept]


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the texts of *blocks* and of all that stands in them, in order; a row as its cells."""
    for block in blocks:
        if block.form is Form.ROW:
            yield ' | '.join(cell for cell in block.cells if cell)
        elif block.text:
            yield block.text
        yield from texts(block.children)


_MARKER = re.compile(
    r'\s*(?:\[[ xX]\]\s+|(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]|\d{1,3}(?:\.\d{1,3}){1,3}|[a-z]\)|\(\d{1,3}\))\s+'
    r'|[^\w\s`/(\[{<\'"#*~$@%&+.-]{1,4}\s*)'
)


def unmarked(text: str) -> str:
    """Return *text* without the checkbox, numbering, dash or emoji before it."""
    if text[:1].isalpha() and text[1:2] != ')':  # most begin with a word
        return text.strip()
    for _ in range(4):
        match = _MARKER.match(text)
        if match is None:
            break
        text = text[match.end() :]
    return text.strip()
