"""Names in the prose of a page: found when the page is read, made links when it is written.

The page that is kept holds no trace of them. What they mean is known only when all pages are read, and where nothing
has the name, the author's text must come out as if nobody had looked at it: in message catalogues, in every writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.card import CARD
from sphinxcontrib_designnote.relations.words import name_in_code, names_in_text

#: From a name, the node in which it stands and its text to a link; ``None`` where there is nothing to link to.
Link = Callable[[str, nodes.Element, nodes.Node], nodes.Element | None]
#: What holds none: titles, terms, signatures, code, comments.
_NOT_PROSE = (nodes.TextElement, nodes.Invisible, nodes.system_message)
#: Where running text stands: all cells, entries of lists and bodies hold paragraphs; titles and terms are none.
_PROSE = (nodes.paragraph, nodes.line)
#: What a role with ``!`` leaves, whose author wants no link.
_MARKED = 'xref'
#: Inline nodes that lead somewhere already, or are not text.
_NOT_TEXT = (
    nodes.reference,
    nodes.footnote_reference,
    nodes.citation_reference,
    nodes.target,
    nodes.image,
    nodes.math,
    nodes.raw,
    nodes.problematic,
    nodes.Invisible,
    nodes.system_message,
    addnodes.pending_xref,
    addnodes.index,
    addnodes.download_reference,
)
#: Children of running text in which there is no more of it.
_NOT_INLINE = (nodes.Text, nodes.literal, *_NOT_TEXT)
#: Stands between two pieces of text as the end of a sentence does.
_APART = '\n.\n'


def names_in(document: nodes.Element) -> tuple[str, ...]:
    """Return the distinct names that the prose of *document* may hold, sorted. One pass.

    All text is searched at once, which is a seventh faster than piece by piece; no name reaches over a full stop.
    """
    names: set[str] = set()
    pieces: list[str] = []
    for _, parent in prose(document, ''):
        before = ''
        for child in parent.children:
            if isinstance(child, nodes.Text):
                pieces.append(child)
                before = child
                continue
            if (name := _name_of_code(child, before)) is not None:
                names.add(name)
            before = ''
    names.update(name for _, _, name in names_in_text(_APART.join(pieces)))
    return tuple(sorted(names))


def prose(root: nodes.Element, docname: str) -> Iterator[tuple[str, nodes.Element]]:
    """Yield every node that holds running text directly, with its page; other pages may have been put into *root*."""
    blocks = [(docname, root)]
    while blocks:
        docname, block = blocks.pop()
        for child in block.children:
            if isinstance(child, _PROSE):
                for parent in _inline(child):
                    yield docname, parent
            elif (
                isinstance(child, nodes.Element) and not isinstance(child, _NOT_PROSE) and CARD not in child['classes']
            ):
                page = child['docname'] if isinstance(child, addnodes.start_of_file) else docname
                blocks.append((page, child))


def _inline(block: nodes.Element) -> Iterator[nodes.Element]:
    parents = [block]
    while parents:
        parent = parents.pop()
        yield parent
        for child in parent.children:
            if not isinstance(child, _NOT_INLINE) and isinstance(child, nodes.Element):
                parents += [child] if _MARKED not in child['classes'] else []


def _names(parent: nodes.Element) -> Iterator[tuple[nodes.Node, list[tuple[int, int, str]]]]:
    """Yield each child of *parent* with where in its text names start and end, and the names."""
    before = ''
    for child in parent.children:
        if isinstance(child, nodes.Text):
            yield child, names_in_text(child)
            before = child
            continue
        name = _name_of_code(child, before)
        yield child, [] if name is None else [(0, len(child.astext()), name)]
        before = ''


def _name_of_code(node: nodes.Node, before: str) -> str | None:
    """Return the name that a code span is; a literal that is more than that has markup in it."""
    if not isinstance(node, nodes.literal) or _MARKED in node['classes'] or len(node.children) != 1:
        return None
    code = node.children[0]
    return name_in_code(code, before) if isinstance(code, nodes.Text) else None


def link_names(parent: nodes.Element, link: Link) -> None:
    """Make links of the names that stand directly in *parent*."""
    children: list[nodes.Node] = []
    linked = False
    for child, names in _names(parent):
        last = 0
        for start, end, name in names:
            text = child if isinstance(child, nodes.Text) else ''
            reference = link(name, parent, nodes.Text(text[start:end]) if text else child)
            if reference is None:
                continue
            if text[last:start]:
                children.append(nodes.Text(text[last:start]))
            children.append(reference)
            last, linked = end, True
        if not last:
            children.append(child)
        elif isinstance(child, nodes.Text) and child[last:]:
            children.append(nodes.Text(child[last:]))
    if linked:
        parent.children = []
        parent += children


def stands_in(node: nodes.Node | None, anchor: str) -> bool:
    """Whether *node* is part of what shows the item with this *anchor*; its heading or signature may bear the id."""
    while node is not None:
        if isinstance(node, nodes.Element):
            if anchor in node['ids']:
                return True
            for child in node.children:
                if not isinstance(child, (nodes.title, nodes.term, addnodes.desc_signature)):
                    break
                if anchor in child['ids']:
                    return True
        node = node.parent
    return False
