"""The parsed body of a directive as text and bullets, the forms that the grammar reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.bullets import Bullet

Locate = Callable[[str | None, int | None], SourceLocation]


def inline_text(node: nodes.Node) -> str:
    """Return the text of an inline node, code in backticks, line breaks as in the source."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.literal):
        return f'`{node.astext()}`'
    if isinstance(node, (nodes.raw, nodes.comment, nodes.system_message)):
        return ''
    return ''.join(inline_text(child) for child in node.children)


def body_text(elements: list[nodes.Node], *, lists: bool = True) -> str:
    """Return the text of a body, a line for each block, without what nested items say for themselves.

    :param lists: whether lists belong to the text; not where each of their entries is an item.
    """
    return '\n'.join(
        text
        for element in elements
        if lists or not isinstance(element, (nodes.bullet_list, nodes.enumerated_list))
        for text in _blocks(element)
    )


def _blocks(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, (addnodes.desc, nodes.raw, nodes.comment, nodes.system_message, nodes.substitution_definition)):
        return
    if isinstance(node, nodes.literal_block):
        yield node.astext()
    elif isinstance(node, nodes.TextElement):
        yield inline_text(node)
    else:
        for child in node.children:
            yield from _blocks(child)


def bullets_of(elements: list[nodes.Node], locate: Locate) -> Iterator[tuple[Bullet, nodes.list_item]]:
    """Yield the entries of the lists that stand directly in a body.

    :param locate: makes a location of source and line as docutils gives them.
    """
    for element in elements:
        if isinstance(element, (nodes.bullet_list, nodes.enumerated_list)):
            for entry in element.children:
                if isinstance(entry, nodes.list_item):
                    yield _bullet(entry, locate, 0), entry


def _bullet(entry: nodes.list_item, locate: Locate, depth: int) -> Bullet:
    texts: list[str] = []
    children: list[Bullet] = []
    for child in entry.children:
        if isinstance(child, (nodes.bullet_list, nodes.enumerated_list)):
            if depth < 50:
                children += [_bullet(c, locate, depth + 1) for c in child.children if isinstance(c, nodes.list_item)]
        else:
            texts += _blocks(child)
    location = locate(*_source_and_line(entry))
    return Bullet(text='\n'.join(texts), line=location.line, path=location.path, children=tuple(children))


def _source_and_line(node: nodes.Element) -> tuple[str | None, int]:
    """Return source and 1-based line of a node: its own, or its first descendant's that knows a line."""
    for inner in node.findall(nodes.Element):
        if inner.line:
            return inner.source, int(inner.line)
    return node.source, 1
