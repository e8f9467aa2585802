"""Roles: ``:dn:endpoint:`POST /x```, with the usual ``title <target>``, ``!`` and ``~``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.roles import XRefRole

from sphinxcontrib_designnote.capture.page import current_page
from sphinxcontrib_designnote.model.records import Mention

if TYPE_CHECKING:
    from docutils.nodes import Element, Node, system_message
    from sphinx.environment import BuildEnvironment


class ItemRole(XRefRole):
    """A role that names an item, and lets the rules know that the page does."""

    #: White space must stand before ``<``: a path has ``<id>`` in it.
    explicit_title_re = re.compile(r'^(.+?)\s+(?<!\x00)<(.*)>$', re.DOTALL)

    def __init__(self, kind: str | None) -> None:
        """Make the role of *kind*; ``None`` names any item."""
        super().__init__(innernodeclass=nodes.inline)
        self.kind = kind

    def process_link(
        self, env: BuildEnvironment, refnode: Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Shorten the title of a ``~target`` to its last part."""
        target = ' '.join(target.split())
        if not has_explicit_title and target.startswith('~'):
            target = target[1:].strip()
            title = re.split(r'[/.]', target.rstrip('/'))[-1]
        return title, target

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: Element, is_ref: bool
    ) -> tuple[list[Node], list[system_message]]:
        """Remember what the page names. A rule reports what nothing answers to, so Sphinx need not."""
        if is_ref:
            node['refwarn'] = False
            page = current_page(env)
            source, line = self.get_source_info()
            mention = Mention(kind=self.kind, target=node['reftarget'], location=page.location(source, line))
            page.draft.mentions.append(mention)
        return [node], []
