"""The second id of each item on its page: that of its need, which other tools link to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_designnote.bridges.need_records import need_ids
from sphinxcontrib_designnote.capture.rendering import DOMAIN
from sphinxcontrib_designnote.store.links import LabelItems

if TYPE_CHECKING:
    from sphinxcontrib_designnote.store.domain import DesignNoteDomain


class AddNeedAnchors(SphinxPostTransform):
    """Gives each node that shows a note or an item the id of its need, too; the stored page stays as it is.

    Before :class:`LabelItems`, which labels for LaTeX whatever has the id of an item.
    """

    default_priority = LabelItems.default_priority - 1

    def run(self, **kwargs: Any) -> None:
        """Look at the nodes of this page, and of those that were put into it."""
        domain = cast('DesignNoteDomain', self.env.get_domain(DOMAIN))
        anchors = domain.derive(_need_anchors)
        if not anchors:
            return
        open_: list[tuple[str, nodes.Element]] = [(self.env.docname, self.document)]
        while open_:
            docname, node = open_.pop()
            if isinstance(node, addnodes.start_of_file):
                docname = node['docname']
            if own := node.attributes['ids']:  # few nodes have one
                here = anchors.get(docname, {})
                own += [here[id_] for id_ in own if id_ in here and here[id_] not in own]
            open_ += [(docname, child) for child in node.children if isinstance(child, nodes.Element)]


def shown_anchors(domain: DesignNoteDomain) -> Iterator[tuple[str, str]]:
    """Yield for each page the ids of its needs: of things with one id on two pages only one is a need."""
    for docname, anchors in domain.derive(_need_anchors).items():
        yield docname, str(anchors)


def ids_of(domain: DesignNoteDomain) -> Mapping[str, str]:
    """Return :func:`need_ids`, for :meth:`DesignNoteDomain.derive`; empty where items are no needs."""
    shape = domain.settings.need_shape
    return {} if shape is None else need_ids(domain.graph, shape)


def _need_anchors(domain: DesignNoteDomain) -> Mapping[str, Mapping[str, str]]:
    """Return page to what stands on it: anchor to id of the need."""
    graph = domain.graph
    anchors: dict[str, dict[str, str]] = {}
    for id_, need_id in domain.derive(ids_of).items():
        thing = graph.items.get(id_) or graph.notes[id_]
        anchors.setdefault(thing.docname, {}).setdefault(thing.anchor, need_id)
    return anchors
