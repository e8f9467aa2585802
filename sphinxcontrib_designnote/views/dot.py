"""Pictures as source for Graphviz and for Mermaid. What stands in them is text of authors: all of it is escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from sphinxcontrib_designnote.views.content import Picture, Thing

#: Kind to shape in Graphviz, and to what stands around a label in Mermaid, so that not colour alone tells kinds apart.
_SHAPES: Mapping[str, tuple[str, str, str]] = {
    'entity': ('cylinder', '[(', ')]'),
    'field': ('cylinder', '[(', ')]'),
    'feature-flag': ('hexagon', '{{', '}}'),
    'migration': ('component', '[/', '/]'),
    'rollout-step': ('box style=rounded', '(', ')'),
    'test-case': ('note', '([', '])'),
    'breaking-change': ('octagon', '{', '}'),
    'authorization': ('box peripheries=2', '[[', ']]'),
    'design-note': ('tab', '>', ']'),
}
_RECTANGLE = ('box', '[', ']')
#: Characters of a line, and lines, of a label.
_WIDTH, _LINES = 28, 4
#: Curves around so many labels take Graphviz seconds.
_MOST_CURVES = 150


def dot(picture: Picture) -> str:
    """Return *picture* as source for Graphviz; a thing has the id ``n`` and its number, and its kind for a class."""
    return '\n'.join(_dot(picture))


def _dot(picture: Picture) -> Iterator[str]:
    yield 'digraph {'
    # The limits are those of the simplex method, which may take minutes to find a little better places.
    yield 'graph [bgcolor=transparent nodesep=0.25 ranksep=0.5 nslimit=1 nslimit1=1 mclimit=0.3];'
    yield f'graph [rankdir={picture.direction} splines={"line" if len(picture.arrows) > _MOST_CURVES else "true"}];'
    yield 'node [fontname="Helvetica,Arial,sans-serif" fontsize=10 margin="0.15,0.06" height=0.3];'
    yield 'edge [fontname="Helvetica,Arial,sans-serif" fontsize=9 arrowsize=0.7];'
    number = {thing.id: f'n{index}' for index, thing in enumerate(picture.things)}
    for thing in picture.things:
        shape = _SHAPES.get(thing.kind, _RECTANGLE)[0]
        classes = f'dn-{thing.kind} dn-central' if thing.central else f'dn-{thing.kind}'
        label = '\\n'.join(map(_in_dot, _lines(thing)))
        width = 2.5 if thing.central else 1
        node = number[thing.id]
        yield f'{node} [id="{node}" class="{classes}" shape={shape} penwidth={width} label="{label}"];'
    for arrow in picture.arrows:
        yield f'{number[arrow.source]} -> {number[arrow.target]} [label="{_in_dot(arrow.label)}"];'
    yield '}'


def mermaid(picture: Picture) -> str:
    """Return *picture* as source for Mermaid."""
    return '\n'.join(_mermaid(picture))


def _mermaid(picture: Picture) -> Iterator[str]:
    yield f'flowchart {picture.direction}'
    number = {thing.id: f'n{index}' for index, thing in enumerate(picture.things)}
    for thing in picture.things:
        _, opening, closing = _SHAPES.get(thing.kind, _RECTANGLE)
        label = '<br/>'.join(map(_in_mermaid, _lines(thing)))
        yield f'{number[thing.id]}{opening}"{label}"{closing}'
        if thing.central:
            yield f'style {number[thing.id]} stroke-width:3px'
    for arrow in picture.arrows:
        said = f'|"{_in_mermaid(arrow.label)}"|' if arrow.label else ''
        yield f'{number[arrow.source]} -->{said} {number[arrow.target]}'


def _lines(thing: Thing) -> list[str]:
    """Return what stands in a thing: what it is, and its name on as many lines as that takes."""
    name = textwrap.wrap(thing.name, _WIDTH, break_on_hyphens=False, max_lines=_LINES, placeholder='…')
    return [thing.label, *name]


def _in_dot(text: str) -> str:
    r"""Escape for a quoted string of Graphviz, in which ``\N`` is the name of a node and ``&lt;`` is ``<``."""
    return text.replace('\\', '\\\\').replace('"', '\\"').replace('&', '&amp;')


def _in_mermaid(text: str) -> str:
    """Write all that might mean something to Mermaid or to HTML as an entity, in the form that Mermaid has for them."""
    return ''.join(c if c.isalnum() or c in ' -_/,' else f'#{ord(c)};' for c in text)
