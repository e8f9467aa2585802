"""Pictures in docutils: SVG in HTML, Graphviz's own node in LaTeX, and everywhere a table that says the same."""

from __future__ import annotations

import importlib
import shutil
import xml.etree.ElementTree as ET
from html import escape
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.ext.graphviz import GraphvizError, graphviz, render_dot
from sphinx.util import logging

from sphinxcontrib_designnote.views.content import Drawn, Picture, TimeLine
from sphinxcontrib_designnote.views.dot import dot, mermaid
from sphinxcontrib_designnote.views.rendering import Refer, render_table
from sphinxcontrib_designnote.views.svg import inlined, time_line

if TYPE_CHECKING:
    from sphinx.builders import Builder

logger = logging.getLogger(__name__)
_MERMAID = 'sphinxcontrib.mermaid'
_FOLDED = '<details class="dn-alternative"><summary>The same as a table</summary>', '</details>'


def draw(part: Drawn, refer: Refer, anchor: str, at: str, builder: Builder) -> list[nodes.Node]:
    """Make what *builder* can show of *part*.

    :param at: path and line of the directive, for warnings.
    """
    table = render_table(part.table, refer, anchor)
    picture = _picture(part, refer, anchor, at, builder)
    if picture is None:
        return [table]
    if isinstance(picture, nodes.raw) and isinstance(part, Picture) and part.folded:
        opening, closing = (nodes.raw('', text, format='html') for text in _FOLDED)
        return [picture, opening, table, closing]
    return [picture, table]


def _picture(part: Drawn, refer: Refer, anchor: str, at: str, builder: Builder) -> nodes.Node | None:
    """Draw *part* in the way that *builder* has for it; ``None`` where it has none."""
    if isinstance(part, TimeLine):
        things = [(moment.id, f'{moment.date} {moment.text}') for moment in part.moments]
        return (
            _in_page(time_line(part.moments), part.title, things, refer, anchor) if builder.format == 'html' else None
        )
    if builder.format not in ('html', 'latex'):
        return None
    if part.engine == 'mermaid':
        return _mermaid(part, at, builder)
    if not _has_dot(builder):
        return None
    if builder.format == 'latex':
        return graphviz('', code=dot(part), options={}, alt=part.title)
    svg = _run_dot(part, at, builder)
    things = [(thing.id, f'{thing.label} {thing.name}') for thing in part.things]
    return _in_page(svg, part.title, things, refer, anchor, caption=part.folded) if svg is not None else None


def _in_page(
    svg: str, title: str, things: list[tuple[str, str]], refer: Refer, anchor: str, *, caption: bool = False
) -> nodes.raw:
    """Put *svg* into the page; *things* are id and name of what can be clicked in it, by their numbers."""
    id_ = f'{anchor}-picture'
    links = [(_address(refer(thing, nodes.Text(name))), name) for thing, name in things]
    told = f'{len(things)} things, each of which leads to where it is stated. The table below says the same.'
    drawn = inlined(svg, id_=id_, title=title, description=told, links=links)
    above = f'<figcaption>{escape(title)}</figcaption>' if caption else ''
    box = f'<div class="dn-canvas" role="group" tabindex="0" aria-labelledby="{id_}-title">{drawn}</div>'
    return nodes.raw('', f'<figure class="dn-picture">{above}{box}</figure>', format='html')


def _address(link: nodes.Node) -> str:
    """Return where *link* leads; in a page that holds all others, ``#page#anchor`` is the anchor."""
    if not isinstance(link, nodes.reference):
        return ''
    uri: str = link.get('refuri') or f'#{link["refid"]}'
    return f'#{uri.rpartition("#")[2]}' if uri.startswith('#') else uri


def _mermaid(picture: Picture, at: str, builder: Builder) -> nodes.Node | None:
    if _MERMAID not in builder.config.extensions:
        message = f"':engine: mermaid' needs the extension {_MERMAID}; add it to extensions, or leave the option out"
        logger.warning(message, type='designnote', subtype='picture', location=at)
        return None
    node = importlib.import_module(_MERMAID).mermaid
    return cast('nodes.Node', node('', code=mermaid(picture), options={}, alt=picture.title))


def _has_dot(builder: Builder) -> bool:
    program = builder.config.graphviz_dot
    if shutil.which(program) is not None:
        return True
    message = (
        f'{program!r} is no program, so pictures are tables; install Graphviz, or let graphviz_dot say where it is'
    )
    logger.warning(message, type='designnote', subtype='picture', once=True)
    return False


def _run_dot(picture: Picture, at: str, builder: Builder) -> str | None:
    writer: Any = SimpleNamespace(builder=builder)  # of the writer, nothing but its builder is asked for
    try:
        _, path = render_dot(writer, dot(picture), {}, 'svg', 'designnote')
        return path.read_text('utf-8') if path is not None else None
    except (GraphvizError, OSError, ET.ParseError) as error:
        logger.warning('no picture: %s', error, type='designnote', subtype='picture', location=at)
        return None
