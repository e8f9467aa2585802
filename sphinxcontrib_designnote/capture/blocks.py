"""Parsed content as text and blocks, the forms that the grammar reads; the same for both parsers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Protocol

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.rendering import DOMAIN
from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.blocks import Block, Form, nested, plain

#: What says nothing for itself: comments (raw HTML in Markdown), what other directives show, what Sphinx complains of.
_SILENT = (
    nodes.comment,
    nodes.raw,
    nodes.Invisible,
    nodes.system_message,
    nodes.image,
    nodes.label,  # of a footnote
    addnodes.desc,
    addnodes.toctree,
    addnodes.index,
)
_LISTS = (nodes.bullet_list, nodes.enumerated_list)
#: Tags of lists and tables, whose form says what is in them.
_FORMED = re.compile(r'<(?:table|t[rdh]|[uod]l|li|d[td]|pre)\b', re.IGNORECASE)
_TAG = re.compile(r'<(?P<name>[a-z]\w*)>', re.IGNORECASE)
#: Any other name in such brackets is a placeholder, as in ``/jobs/<id>``.
_TAGS = frozenset(
    {
        *(
            'a',
            'abbr',
            'b',
            'bdi',
            'bdo',
            'big',
            'br',
            'cite',
            'code',
            'data',
            'del',
            'details',
            'dfn',
            'div',
            'em',
            'font',
        ),
        *(
            'h1',
            'h2',
            'h3',
            'h4',
            'h5',
            'h6',
            'hr',
            'i',
            'img',
            'ins',
            'kbd',
            'label',
            'li',
            'mark',
            'meter',
            'ol',
            'p',
        ),
        *(
            'pre',
            'q',
            'rp',
            'rt',
            'ruby',
            's',
            'samp',
            'small',
            'span',
            'strike',
            'strong',
            'sub',
            'summary',
            'sup',
            'svg',
        ),
        *('table', 'tbody', 'td', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'),
    }
)
#: Deeper than this lists are text; docutils itself gives up not much later.
_DEPTH = 50
#: What may stand before words in bold with which a text begins: a checkbox.
_NOTHING = frozenset({'', '[ ]', '[x]', '[X]'})
#: Lists in reStructuredText that lack the blank line before them.
_LIST_MARK = re.compile(r'\s*(?:[-*+]|(?P<number>\d{1,3}[.)]|#\.))\s+(?=\S)')


class Places(Protocol):
    """Where things stand in the sources."""

    def location(self, source: str | None, line: int | None) -> SourceLocation:
        """Return the location of what docutils says is at *source* and *line*."""

    def note_comment(self, comment: nodes.Element) -> None:
        """Take note of a comment, which states nothing."""

    def reports_dropped(self, empty: nodes.Element) -> bool:
        """Report what should stand in a list entry or quotation that is empty; whether the parser has dropped it."""

    def line_of_title(self, title: nodes.Element) -> int:
        """Return the line of a heading's words."""

    def line_of(self, text: str, at: SourceLocation) -> int:
        """Return the first line not above *at* on which *text* stands; that of *at* where none is near."""


def inline_text(node: nodes.Node) -> str:
    """Return the text of an inline node, code in backticks, line breaks as in the source."""
    if isinstance(node, nodes.Text):
        text = node.astext() if '\0' in node else str(node)  # escapes of reST; unescaping each text costs more
        return text.replace('``', '`') if '``' in text else text  # reST has no code in bold: its marks are text
    if isinstance(node, nodes.literal):
        return f'`{node.astext()}`'
    if isinstance(node, nodes.raw):  # a task list of Markdown is drawn as HTML
        html = node.astext()
        if html.startswith('<br'):
            return '\n\n'
        if 'checkbox' in html:
            return '[x] ' if 'checked=' in html else '[ ] '
        tag = _TAG.match(html)
        return html if tag and tag['name'].casefold() not in _TAGS else ''
    if isinstance(node, (nodes.comment, nodes.system_message, nodes.image, nodes.footnote_reference)):
        return ''
    children = node.children
    return inline_text(children[0]) if len(children) == 1 else ''.join(map(inline_text, children))


def body_text(elements: Iterable[nodes.Node], *, lists: bool = True) -> str:
    """Return the text of a body, a line for each block, without what nested items say for themselves.

    :param lists: whether lists belong to the text; not where each of their entries is an item.
    """
    return '\n'.join(
        text for element in elements if lists or not isinstance(element, _LISTS) for text in _texts(element)
    )


def _texts(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, _SILENT):
        return
    if isinstance(node, nodes.literal_block):
        yield node.astext()
    elif isinstance(node, nodes.TextElement):
        yield inline_text(node)
    else:
        for child in node.children:
            yield from _texts(child)


def bullets_of(elements: Iterable[nodes.Node], places: Places) -> list[Block]:
    """Return the entries of the lists that stand directly in a body."""
    return [block for element in elements if isinstance(element, _LISTS) for block in _blocks(element, places, 0)]


def blocks_of(elements: Iterable[nodes.Node], places: Places, depth: int = 0) -> tuple[Block, ...]:
    """Return what stands in a section, each block with what belongs to it. Sub-sections are headings."""
    return nested([block for element in elements for block in _blocks(element, places, depth)])


def _blocks(node: nodes.Node, places: Places, depth: int) -> Iterator[Block]:
    if isinstance(node, nodes.paragraph):  # first, as most are
        yield from _paragraph(node, places)
    elif isinstance(node, (nodes.comment, nodes.raw)):
        places.note_comment(node)
        if isinstance(node, nodes.raw):
            yield from _html(node, places)
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
        yield _block(Form.NOTE, '\n'.join(_texts(node)), node, places)
    elif isinstance(node, nodes.image):
        yield _block(Form.PARAGRAPH, _told_by(node), node, places)
    elif isinstance(node, nodes.system_message):
        yield from _unknown(node, places)
    elif isinstance(node, _SILENT) or not isinstance(node, nodes.Element):
        return
    elif depth > _DEPTH:
        yield _block(Form.PARAGRAPH, ' '.join(_texts(node)), node, places)
    elif isinstance(node, (nodes.literal_block, nodes.doctest_block)):
        yield _code(node, places)
    elif isinstance(node, nodes.TextElement):
        yield from _paragraph(node, places)
    elif isinstance(node, _LISTS):
        form = Form.BULLET if isinstance(node, nodes.bullet_list) else Form.STEP
        for entry in node.children:
            if isinstance(entry, nodes.list_item) and (entry.children or not places.reports_dropped(entry)):
                yield _entry(form, entry, entry.children, places, depth)
    elif isinstance(node, nodes.table):
        yield _table(node, places)
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


def _html(node: nodes.raw, places: Places) -> Iterator[Block]:
    """Yield what raw HTML shows: as text, or as what cannot be read where it is a list or a table."""
    html = node.astext()
    if text := ' '.join(_shown(html).split()) if 'html' in node.get('format', '') else '':
        is_formed = _FORMED.search(html) or '<!--' in text  # a comment without an end hides what follows
        yield _block(Form.FOREIGN if is_formed else Form.PARAGRAPH, text, node, places)


def _shown(html: str) -> str:
    """Return the text between the tags of *html*, without comments, scripts and styles; what has no end is text."""
    if html.lstrip()[:7].casefold().startswith(('<script', '<style')):
        return ''
    pieces, at = list[str](), 0
    while (start := html.find('<', at)) >= 0:
        pieces.append(html[at:start])
        mark, more = ('-->', 3) if html.startswith('<!--', start) else ('>', 1)
        end = html.find(mark, start)
        if end < 0:
            at = start
            break
        at = end + more
    return unescape(' '.join((*pieces, html[at:])))


def _unknown(message: nodes.system_message, places: Places) -> Iterator[Block]:
    """Yield a directive that Sphinx does not know or that fails, of which it only complains; MyST tells its name."""
    for child in message.children:
        text = child.astext().strip()
        if text.endswith('[myst.directive_unknown]') and "'" in text:
            text = '{' + text.split("'")[1] + '}'
        elif not (isinstance(child, nodes.literal_block) and text.startswith('.. ')):
            text = ''
        if text:
            at = places.location(message.get('source'), message.get('line'))
            yield Block(form=Form.FOREIGN, text=plain(text), line=at.line, path=at.path, node=message)


def _told_by(image: nodes.image) -> str:
    """Return what an image says to those who do not see it: its description, else the name of its file."""
    return str(image.get('alt') or image.get('uri', ''))


def _block(
    form: Form, text: str, node: nodes.Element, places: Places, children: tuple[Block, ...] = (), lead: str = ''
) -> Block:
    at = places.location(*_source_and_line(node))
    return Block(
        form=form, text=plain(text), line=at.line, path=at.path, children=children, lead=plain(lead), node=node
    )


def _heading(node: nodes.section, places: Places, depth: int) -> Block:
    title = node.children[0] if node.children else None
    if not isinstance(title, nodes.title):
        return _block(Form.HEADING, '', node, places, blocks_of(node.children, places, depth + 1))
    return Block(
        form=Form.HEADING,
        text=plain(inline_text(title)),
        line=places.line_of_title(title),
        path=places.location(title.source, title.line).path,
        children=blocks_of(node.children[1:], places, depth + 1),
        node=node,
    )


def _paragraph(node: nodes.TextElement, places: Places) -> Iterator[Block]:
    text = inline_text(node)
    if not text.strip():
        text = ' '.join(_told_by(image) for image in node.findall(nodes.image))
        if not text:
            return
    lines = text.split('\n') if '\n' in text else []
    marks = [i for i, line in enumerate(lines) if _LIST_MARK.match(line)]
    if marks and marks[0]:
        # A list without a blank line before it is text to reST; its author meant a list.
        text = '\n'.join(lines[: marks[0]])
    lead = _lead(node)
    block = _block(
        Form.BOLD if lead and (_is_label(text, lead) or _is_all_bold(node)) and _is_bold(node) else Form.PARAGRAPH,
        text,
        node,
        places,
        lead=lead,
    )
    yield block
    if marks and marks[0]:
        for start, end in zip(marks, [*marks[1:], len(lines)], strict=True):
            mark = _LIST_MARK.match(lines[start])
            first = lines[start][mark.end() :] if mark else lines[start]
            form = Form.STEP if mark and mark['number'] else Form.BULLET
            entry = '\n'.join([first, *lines[start + 1 : end]])
            yield Block(form=form, text=plain(entry), line=block.line + start, path=block.path, node=block.node)


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
        if isinstance(rest[0], nodes.TextElement) and not isinstance(rest[0], nodes.literal_block):
            head = rest[0]
            made = list(_html(head, places) if isinstance(head, nodes.raw) else _paragraph(head, places))
            if made and made[0].form is Form.FOREIGN:
                break
            if made:
                text, lead, more = made[0].text, made[0].lead, tuple(made[1:])
        elif not isinstance(rest[0], _SILENT):
            break
        rest.pop(0)
    below = (*more, *blocks_of(rest, places, depth + 1)) if rest else more
    return _block(form, text, entry, places, below, lead)


def _field(node: nodes.field, places: Places, depth: int) -> Block:
    """Make ``:Name: value`` of a field list the text ``Name: value``."""
    name = inline_text(node.children[0])
    body = _entry(Form.FIELD, node, node.children[1].children, places, depth) if len(node.children) > 1 else None
    at = places.location(*_source_and_line(node))
    text = plain(f'{name}: {body.text if body else ""}'.strip())
    return Block(
        form=Form.FIELD, text=text, line=at.line, path=at.path, children=body.children if body else (), node=node
    )


def _code(node: nodes.Element, places: Places) -> Block:
    at = places.location(*_source_and_line(node))
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


def _table(node: nodes.table, places: Places) -> Block:
    at = places.location(*_source_and_line(node))
    header: tuple[str, ...] = ()
    rows: list[Block] = []
    line = _line_above(node) + 1
    if at.line < line:  # of a csv table docutils knows no line
        at = SourceLocation(path=at.path, line=line)
    groups = [part for child in node.children if isinstance(child, nodes.tgroup) for part in child.children]
    for group in groups:
        above: list[tuple[str, int]] = []
        for row in group.children:
            if not isinstance(row, nodes.row):
                continue
            cells = _cells(row, above)
            if isinstance(group, nodes.thead):
                header = cells
            first = next((text for entry in row.children for text in _texts(entry) if text.strip()), '').lstrip()
            line = places.line_of(first, SourceLocation(path=at.path, line=_row_line(row, line)))
            if isinstance(group, nodes.tbody):
                rows.append(Block(form=Form.ROW, text='', line=line, path=at.path, cells=cells, node=row))
            line += 1
    title = next((child.astext() for child in node.children if isinstance(child, nodes.title)), '')
    return Block(
        form=Form.TABLE, text=plain(title), line=at.line, path=at.path, cells=header, children=tuple(rows), node=node
    )


def _line_above(node: nodes.Element) -> int:
    """Return the last line that is known of what stands before *node*; 0 where none is."""
    inner: nodes.Element | None = node
    source = _source_and_line(node)[0]  # what is included has lines of its own
    while inner is not None and inner.parent is not None:
        siblings = inner.parent.children
        for before in reversed(siblings[: siblings.index(inner)]):
            lines = [each.line for each in before.findall(nodes.Element) if each.line and each.source == source]
            if lines:
                return int(max(lines))
        inner = inner.parent
        if inner.line and inner.source == source:
            return int(inner.line)
    return 0


def _row_line(row: nodes.row, at_least: int) -> int:
    """Return the line of the first paragraph that knows a credible one: MyST is off by some, csv tables by many."""
    for paragraph in row.findall(nodes.paragraph):
        if paragraph.line and paragraph.line >= at_least:
            return int(paragraph.line)
    return at_least


def _cells(row: nodes.row, above: list[tuple[str, int]]) -> tuple[str, ...]:
    """Return the cells of a row: one that spans several rows in each of them, of several columns in the first.

    :param above: by column the text that still reaches down, and for how many rows; changed for the next row.
    """
    cells: list[str] = []
    entries = [entry for entry in row.children if isinstance(entry, nodes.entry)]
    column = 0
    reach: dict[int, tuple[str, int]] = {i: (text, left) for i, (text, left) in enumerate(above) if left > 0}
    below: list[tuple[str, int]] = []
    while entries or column in reach:
        if column in reach:
            text, left = reach[column]
            cells.append(text)
            below.append((text, left - 1))
            column += 1
            continue
        entry = entries.pop(0)
        parts = (part for inner in _texts(entry) for part in inner.split('\n\n'))
        text = plain('\n'.join(' '.join(part.split()) for part in parts)).strip()
        text = text or ' '.join(_told_by(image) for image in entry.findall(nodes.image))
        for at in range(min(int(entry.get('morecols', 0)), 200) + 1):
            cells.append('' if at else text)
            below.append((cells[-1], int(entry.get('morerows', 0))))
            column += 1
    above[:] = below
    return tuple(cells)


def _source_and_line(node: nodes.Element) -> tuple[str | None, int]:
    """Return source and 1-based line of a node: its own, or its first descendant's that knows a line."""
    if node.line:
        return node.source, int(node.line)
    for inner in node.findall(nodes.Element):
        if inner.line:
            return inner.source, int(inner.line)
    return node.source, 1
