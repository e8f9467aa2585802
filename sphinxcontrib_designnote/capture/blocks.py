"""Parsed content as blocks, the form that the grammar reads; the same for both parsers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.foreign import html_blocks, unknown_directives
from sphinxcontrib_designnote.capture.rendering import DOMAIN
from sphinxcontrib_designnote.capture.tables import table_block
from sphinxcontrib_designnote.capture.texts import (
    LISTS,
    SILENT,
    Places,
    inline_text,
    source_and_line,
    texts_of,
    told_by,
)
from sphinxcontrib_designnote.grammar.blocks import Block, Form, nested, plain

#: Deeper than this lists are text; docutils itself gives up not much later.
_DEPTH = 50
#: What may stand before words in bold with which a text begins: a checkbox.
_NOTHING = frozenset({'', '[ ]', '[x]', '[X]'})
#: Lists in reStructuredText that lack the blank line before them.
_LIST_MARK = re.compile(r'\s*(?:[-*+]|(?P<number>\d{1,3}[.)]|#\.))\s+(?=\S)')


def bullets_of(elements: Iterable[nodes.Node], places: Places) -> list[Block]:
    """Return the entries of the lists that stand directly in a body."""
    return [block for element in elements if isinstance(element, LISTS) for block in _blocks(element, places, 0)]


def blocks_of(elements: Iterable[nodes.Node], places: Places, depth: int = 0) -> tuple[Block, ...]:
    """Return what stands in a section, each block with what belongs to it. Sub-sections are headings."""
    return nested([block for element in elements for block in _blocks(element, places, depth)])


def _blocks(node: nodes.Node, places: Places, depth: int) -> Iterator[Block]:
    if isinstance(node, nodes.paragraph):  # first, as most are one; then lists
        yield from _paragraph(node, places)
    elif isinstance(node, LISTS) and depth <= _DEPTH:
        form = Form.BULLET if isinstance(node, nodes.bullet_list) else Form.STEP
        for entry in node.children:
            if isinstance(entry, nodes.list_item) and (entry.children or not places.reports_dropped(entry)):
                yield _entry(form, entry, entry.children, places, depth)
    elif isinstance(node, nodes.raw):
        yield from html_blocks(node, places)
    elif isinstance(node, addnodes.desc):
        if node.get('domain') == DOMAIN:
            yield Block(form=Form.STATED, text='', line=int(node.line or 1), language=node['objtype'], node=node)
        else:
            yield from _inside(node, places, depth)
    elif isinstance(node, addnodes.desc_signature):
        yield _block(Form.PARAGRAPH, node.astext(), node, places)
    elif isinstance(node, addnodes.versionmodified):
        # Sphinx puts "Added in version 2.0" first: before the text of the directive, or into the list that it holds.
        label = next(iter(node.findall(nodes.paragraph)), None)
        if label is not None:
            yield _block(Form.BOLD, inline_text(label), node, places)
        yield from _inside(node, places, depth, besides=label)
    elif isinstance(node, (nodes.footnote, nodes.citation)):
        yield _block(Form.NOTE, '\n'.join(texts_of(node)), node, places)
    elif isinstance(node, nodes.image):
        yield _block(Form.PARAGRAPH, told_by(node), node, places)
    elif isinstance(node, nodes.system_message):
        yield from unknown_directives(node, places)
    elif isinstance(node, SILENT) or not isinstance(node, nodes.Element):
        return
    elif depth > _DEPTH:
        yield _block(Form.PARAGRAPH, ' '.join(texts_of(node)), node, places)
    elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
        yield _code(node, places)
    elif isinstance(node, nodes.TextElement):
        yield from _paragraph(node, places)
    elif isinstance(node, nodes.table):
        yield table_block(node, places)
    elif isinstance(node, nodes.field):
        yield _field(node, places, depth)
    elif isinstance(node, nodes.definition_list_item):
        # ``name : type`` of reStructuredText is a term and its classifier
        term = ': '.join(inline_text(child) for child in node.children if isinstance(child, nodes.TextElement))
        below = [child for child in node.children if isinstance(child, nodes.definition)]
        yield _block(Form.BOLD, term, node, places, blocks_of(below, places, depth + 1))
    elif isinstance(node, nodes.section):
        yield _heading(node, places, depth)
    elif node.children:  # quotes, admonitions, containers: what stands in them counts as if it stood beside them
        yield from _inside(node, places, depth)
    elif isinstance(node, nodes.block_quote):
        places.reports_dropped(node)


def _inside(node: nodes.Element, places: Places, depth: int, besides: nodes.Node | None = None) -> Iterator[Block]:
    for child in node.children:
        if child is not besides:
            yield from _blocks(child, places, depth + 1)


def _block(
    form: Form, text: str, node: nodes.Element, places: Places, children: tuple[Block, ...] = (), lead: str = ''
) -> Block:
    source, line = source_and_line(node)
    text, lead, path = plain(text), lead and plain(lead), places.path_of(source)
    return Block(form=form, text=text, line=line, path=path, children=children, lead=lead, node=node)


def _heading(node: nodes.section, places: Places, depth: int) -> Block:
    title = node.children[0] if node.children else None
    if not isinstance(title, nodes.title):
        return _block(Form.HEADING, '', node, places, blocks_of(node.children, places, depth + 1))
    return Block(
        form=Form.HEADING,
        text=plain(inline_text(title)),
        line=places.line_of_title(title),
        path=places.path_of(title.source),
        children=blocks_of(node.children[1:], places, depth + 1),
        node=node,
    )


def _paragraph(node: nodes.TextElement, places: Places) -> Iterator[Block]:
    text, listed = _text_and_list(node, places)
    if text:
        lead = _lead(node)
        is_label = lead and (_is_label(text, lead) or _is_all_bold(node)) and _is_bold(node)
        yield _block(Form.BOLD if is_label else Form.PARAGRAPH, text, node, places, lead=lead)
        yield from listed


def _text_and_list(node: nodes.TextElement, places: Places) -> tuple[str, tuple[Block, ...]]:
    """Return the text of a paragraph, and the list in it: one without a blank line before it is text to reST."""
    text = inline_text(node)
    if not text.strip():
        return ' '.join(told_by(image) for image in node.findall(nodes.image)), ()
    lines = text.split('\n') if '\n' in text else []
    marks = [i for i, line in enumerate(lines) if _LIST_MARK.match(line)]
    if not (marks and marks[0]):
        return text, ()
    source, at = source_and_line(node)
    path = places.path_of(source)
    listed: list[Block] = []
    for start, end in zip(marks, [*marks[1:], len(lines)], strict=True):
        mark = _LIST_MARK.match(lines[start])
        first = lines[start][mark.end() :] if mark else lines[start]
        form = Form.STEP if mark and mark['number'] else Form.BULLET
        entry = '\n'.join([first, *lines[start + 1 : end]])
        listed.append(Block(form=form, text=plain(entry), line=at + start, path=path, node=node))
    return '\n'.join(lines[: marks[0]]), tuple(listed)


def _is_bold(node: nodes.TextElement) -> bool:
    return any(isinstance(child, nodes.strong) for child in node.children)


def _lead(node: nodes.TextElement) -> str:
    """Return the words in bold or italics with which a text begins."""
    for child in node.children:
        if isinstance(child, (nodes.strong, nodes.emphasis)):
            return child.astext().replace('``', '').strip()
        if not isinstance(child, nodes.Text) or child.strip() not in _NOTHING:
            break
    return ''


def _is_label(text: str, lead: str) -> bool:
    """Whether a paragraph is a heading in all but markup: bold as a whole, or up to a colon at its end."""
    return text.replace('`', '').strip().rstrip(' :.') == lead.rstrip(' :.')


def _is_all_bold(node: nodes.TextElement) -> bool:
    """Whether nothing but a word stands between words in bold: ``**POST /a** and **POST /b**``."""
    plain_text = [str(child).strip(' ,+&/:') for child in node.children if isinstance(child, nodes.Text)]
    rest = [child for child in node.children if not isinstance(child, (nodes.Text, nodes.strong))]
    return not rest and all(text in ('', 'and', 'or') for text in plain_text)


def _entry(form: Form, entry: nodes.Element, children: Sequence[nodes.Node], places: Places, depth: int) -> Block:
    """Make a list entry: its first paragraph is its text, what follows stands in it."""
    text, lead, more = '', '', tuple[Block, ...]()
    rest = list(children)
    while rest and not text:
        head = rest[0]
        if isinstance(head, nodes.raw):
            made = list(html_blocks(head, places))
            if made and made[0].form is Form.FOREIGN:
                break
            text = made[0].text if made else ''
        elif isinstance(head, nodes.TextElement) and not isinstance(head, nodes.literal_block):
            text, more = _text_and_list(head, places)
            text, lead = plain(text), _lead(head)
        elif not isinstance(head, SILENT):
            break
        rest.pop(0)
    below = (*more, *blocks_of(rest, places, depth + 1)) if rest else more
    return _block(form, text, entry, places, below, lead)


def _field(node: nodes.field, places: Places, depth: int) -> Block:
    """Make ``:Name: value`` of a field list the text ``Name: value``."""
    name = inline_text(node.children[0])
    body = _entry(Form.FIELD, node, node.children[1].children, places, depth) if len(node.children) > 1 else None
    text = f'{name}: {body.text if body else ""}'.strip()
    return _block(Form.FIELD, text, node, places, body.children if body else ())


def _code(node: nodes.Element, places: Places) -> Block:
    at = places.location(*source_and_line(node))
    text = plain(node.astext()).rstrip('\n')
    first = next((line for line in text.split('\n') if line.strip()), '')
    skipped = text[: text.find(first)].count('\n') if first else 0
    return Block(
        form=Form.CODE,
        text=text,
        line=places.line_of(first, at) - skipped,
        path=at.path,
        language=str(node.get('language', '')).lower(),
        node=node,
    )
