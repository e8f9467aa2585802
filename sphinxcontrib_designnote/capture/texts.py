"""What stands on a page as text, and where: for both parsers, and for all that makes blocks of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.diagnostics import SourceLocation

#: What says nothing for itself: comments (raw HTML in Markdown), what other directives show, what Sphinx complains of.
SILENT = (
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
#: Where no words are read; code blocks are looked at.
_UNREAD = (nodes.Invisible, nodes.literal_block, nodes.system_message)
LISTS = (nodes.bullet_list, nodes.enumerated_list)
#: A word in such brackets that is no tag of HTML, as in ``/jobs/<id>``.
_PLACEHOLDER = re.compile(
    r'<(?!(?:'
    r'a|abbr|b|bdi|bdo|big|br|cite|code|data|del|details|dfn|div|em|font|h1|h2|h3|h4|h5|h6|hr|i|img|ins'
    r'|kbd|label|li|mark|meter|ol|p|pre|q|rp|rt|ruby|s|samp|small|span|strike|strong|sub|summary|sup|svg'
    r'|table|tbody|td|th|thead|time|tr|tt|u|ul|var|wbr'
    r')>)[a-z]\w*>',
    re.IGNORECASE,
)


class Places(Protocol):
    """Where things stand in the sources."""

    def path_of(self, source: str | None) -> str:
        """Return the path, relative to the source directory, of what docutils says is in *source*."""

    def location(self, source: str | None, line: int | None) -> SourceLocation:
        """Return the location of what docutils says is at *source* and *line*."""

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
        return html if _PLACEHOLDER.match(html) else ''
    if isinstance(node, (nodes.comment, nodes.system_message, nodes.image, nodes.footnote_reference)):
        return ''
    children = node.children
    return inline_text(children[0]) if len(children) == 1 else ''.join(map(inline_text, children))


def body_text(elements: Iterable[nodes.Node], *, lists: bool = True) -> str:
    """Return the text of a body, a line for each block, without what nested items say for themselves.

    :param lists: whether lists belong to the text; not where each of their entries is an item.
    """
    return '\n'.join(
        text for element in elements if lists or not isinstance(element, LISTS) for text in texts_of(element)
    )


def texts_of(node: nodes.Node) -> Iterator[str]:
    """Yield the text of each block in *node*."""
    if isinstance(node, SILENT):
        return
    if isinstance(node, nodes.literal_block):
        yield node.astext()
    elif isinstance(node, nodes.TextElement):
        yield inline_text(node)
    else:
        for child in node.children:
            yield from texts_of(child)


def comments_and_words(document: nodes.document) -> tuple[list[nodes.Element], int]:
    """Return the comments of a page in their order, raw HTML among them, and how many words its reader reads."""
    comments: list[nodes.Element] = []
    said: list[str] = []
    _gather(document, comments, said)
    return comments, len('\n'.join(said).split())


def _gather(node: nodes.Element, comments: list[nodes.Element], said: list[str]) -> None:
    for child in node.children:
        if isinstance(child, nodes.Text):
            said.append(child)
        elif isinstance(child, (nodes.comment, nodes.raw)):
            comments.append(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, _UNREAD):
            _gather(child, comments, said)


def told_by(image: nodes.image) -> str:
    """Return what an image says to those who do not see it: its description, else the name of its file."""
    return str(image.get('alt') or image.get('uri', ''))


def source_and_line(node: nodes.Element) -> tuple[str | None, int]:
    """Return source and 1-based line of a node: its own, or its first descendant's that knows a line."""
    if node.line:
        return node.source, int(node.line)
    return _first_line(node) or (node.source, 1)


def _first_line(node: nodes.Element) -> tuple[str | None, int] | None:
    for child in node.children:
        if isinstance(child, nodes.Element):
            found = (child.source, int(child.line)) if child.line else _first_line(child)
            if found is not None:
                return found
    return None
