"""What authors write that neither parser makes anything of: HTML, and directives that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from docutils import nodes

from sphinxcontrib_designnote.capture.texts import Places, source_and_line
from sphinxcontrib_designnote.grammar.blocks import Block, Form, plain

#: Tags of lists and tables, whose form says what is in them.
_FORMED = re.compile(r'<(?:table|t[rdh]|[uod]l|li|d[td]|pre)\b', re.IGNORECASE)


def html_blocks(node: nodes.raw, places: Places) -> Iterator[Block]:
    """Yield what raw HTML shows: as text, or as what cannot be read where it is a list or a table."""
    html = node.astext()
    if text := ' '.join(_shown(html).split()) if 'html' in node.get('format', '') else '':
        is_formed = _FORMED.search(html) or '<!--' in text  # a comment without an end hides what follows
        source, line = source_and_line(node)
        form = Form.FOREIGN if is_formed else Form.PARAGRAPH
        yield Block(form=form, text=plain(text), line=line, path=places.path_of(source), node=node)


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


def unknown_directives(message: nodes.system_message, places: Places) -> Iterator[Block]:
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
