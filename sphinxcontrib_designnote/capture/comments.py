"""Comments that silence rules: ``<!-- designnote: ignore DN301 reason -->``, and the items that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from docutils import nodes

from sphinxcontrib_designnote.capture.page import Page
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation
from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.values import IGNORE_EXAMPLE, IGNORES, ignore_of_comment

#: Blocks that own what follows them.
_OWNING = frozenset({Form.PARAGRAPH, Form.BOLD})
#: What may stand between a comment and the block that owns it.
_BETWEEN = (nodes.comment, nodes.raw, nodes.Invisible, nodes.system_message)

#: Node, by its id, to its block and the blocks in which that stands, innermost first.
_Places = Mapping[int, tuple[Block, ...]]


def read_ignores(document: nodes.document, page: Page, found: Sequence[tuple[Draft, Block]] = ()) -> None:
    """Let comments on *page* silence rules: on the item in which one stands, or on the note, at the page's top.

    :param found: the items that the grammar has read, with their blocks.

    One that cannot be read, or stands elsewhere, is reported (DN105).
    """
    written = [(comment, text) for comment in page.comments for text in _texts(comment)]
    if not written:
        return
    places = dict(_places(page.blocks, ()))
    drafts = page.drafts_by_node(found)
    for comment, text in written:
        at = _location(comment, text, page)
        ignores = ignore_of_comment(text, at)
        if isinstance(ignores, str):
            page.draft.problems.append(Problem(code='DN105', message=ignores, location=at))
        elif silenced := _item_around(comment, places, drafts):
            for draft in silenced:
                draft.ignore += ignores
        elif _is_on_top(comment, document, page, places):
            page.draft.ignore += ignores
        else:
            message = f"'{IGNORE_EXAMPLE}' silences rules inside an item, indented as its details are, or below the "
            message += 'title for the whole note; move the comment there'
            page.draft.problems.append(Problem(code='DN105', message=message, location=at))


def _texts(comment: nodes.Element) -> Iterator[str]:
    """Yield those comments of a node that are meant for us; raw HTML may hold several."""
    text = comment.astext()
    if IGNORES.search(text) is None:
        return
    if not isinstance(comment, nodes.raw):
        texts = [text]
    elif comment.get('format') == 'html':
        texts = [piece.partition('-->')[0] for piece in text.split('<!--')[1:]]
    else:
        texts = []
    yield from (each for each in texts if IGNORES.match(each.strip()))


def _places(blocks: Sequence[Block], inside: tuple[Block, ...]) -> Iterator[tuple[int, tuple[Block, ...]]]:
    for block in blocks:
        here = (block, *inside)
        yield id(block.node), here
        yield from _places(block.children, here)


def _item_around(comment: nodes.Element, places: _Places, drafts: Mapping[int, list[Draft]]) -> list[Draft]:
    """Return the innermost items in which a comment stands."""
    node: nodes.Node = comment
    while node.parent is not None:
        blocks = _above(node, places) or places.get(id(node.parent), ())
        for block in blocks:
            if id(block.node) in drafts:
                return drafts[id(block.node)]
        if blocks:
            return []
        if id(node.parent) in drafts:
            return drafts[id(node.parent)]
        node = node.parent
    return []


def _above(node: nodes.Node, places: _Places) -> tuple[Block, ...]:
    """Return the block above *node* that owns what follows it, and those in which that stands."""
    siblings = node.parent.children
    for before in reversed(siblings[: siblings.index(node)]):
        if isinstance(before, _BETWEEN):
            continue
        inner = chain((before,), reversed(before.children))  # a list is no block, its entries are
        blocks = next((places[id(each)] for each in inner if id(each) in places), ())
        return blocks if not blocks or blocks[0].form in _OWNING else blocks[1:]
    return ()


def _is_on_top(comment: nodes.Element, document: nodes.document, page: Page, places: _Places) -> bool:
    """Whether a comment stands above all sections but the one that holds the title, which is no block, and the rest."""
    title = page.title
    below_title = title is not None and comment.parent is title.parent and id(title.parent) not in places
    return comment.parent is document or below_title


def _location(comment: nodes.Element, text: str, page: Page) -> SourceLocation:
    """Return the line on which the words of a comment begin."""
    first = next(line for line in text.splitlines() if line.strip())
    if comment.line and page.restructured:  # docutils tells the line behind a comment
        at = page.location(comment.source, comment.line)
        return SourceLocation(path=at.path, line=page.line_up_to(first, at))
    at = page.location(*_source_and_line_above(comment))
    return SourceLocation(path=at.path, line=page.line_of(first, at))


def _source_and_line_above(comment: nodes.Element) -> tuple[str | None, int]:
    """Return the nearest line, not below *comment*, that the parser tells: of most comments it tells none."""
    inner = comment
    while not inner.line and isinstance(inner.parent, nodes.Element):
        siblings = inner.parent.children
        for before in reversed(siblings[: siblings.index(inner)]):
            if lines := [each.line for each in before.findall(nodes.Element) if each.line]:
                return before.source or inner.parent.source, max(lines)
        inner = inner.parent
    return inner.source, inner.line or 1
