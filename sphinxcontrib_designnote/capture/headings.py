"""Which slots of the template have a heading on a page, and whether anything but items stands below."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.body import line_of
from sphinxcontrib_designnote.grammar.profile import Profile
from sphinxcontrib_designnote.model.drafts import PageDraft


def read_headings(document: nodes.document, page: PageDraft, profile: Profile) -> None:
    """Record the state of every slot whose heading stands on the page: ``prose`` or ``empty``."""
    for section in document.findall(nodes.section):
        title = section.next_node(nodes.title)
        slot = profile.slot_of(title.astext()) if title is not None and title.parent is section else None
        if slot is None or title is None:
            continue
        state = 'prose' if any(_says_something(child) for child in section.children[1:]) else 'empty'
        if page.headings.get(slot) != 'prose':
            page.headings[slot] = 'prose' if state == 'prose' else 'empty'
        page.heading_lines.setdefault(slot, line_of(title))


def _says_something(node: nodes.Node) -> bool:
    if isinstance(node, (nodes.comment, nodes.raw, nodes.Invisible, nodes.system_message, addnodes.desc, nodes.section)):
        return False
    return bool(node.astext().strip())
