"""The transform that makes references of the names in the prose of notes, when a page is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_designnote.capture.links import link_names, prose, stands_in
from sphinxcontrib_designnote.capture.rendering import DOMAIN, MEANT
from sphinxcontrib_designnote.model.records import Item

if TYPE_CHECKING:
    from sphinxcontrib_designnote.store.domain import DesignNoteDomain

#: What the LaTeX writer labels.
_LABELLED = (nodes.section, nodes.table, nodes.figure, nodes.term, nodes.target, addnodes.desc_signature)
#: Of more names than this not each is looked for in each paragraph.
_MANY = 100


class LinkNames(SphinxPostTransform):
    """Makes a reference of each name in the prose of a note that means something there.

    What means nothing is not touched: a reference without a target would leave a text cut in pieces, and some writers
    write those differently.
    """

    #: Before references are resolved: the page is then as it was when its names were found.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Link the names of this page, and of the pages that were put into it."""
        domain = cast('DesignNoteDomain', self.env.get_domain(DOMAIN))
        if not domain.settings.link_mentions:
            return
        linkers: dict[str, _Linker] = {}
        for docname, parent in list(prose(self.document, self.env.docname)):
            if docname not in linkers:
                linkers[docname] = _Linker(docname, domain.meanings(docname))
            if linkers[docname].may_link(parent.astext()):
                link_names(parent, linkers[docname])


class LabelItems(SphinxPostTransform):
    """Gives LaTeX a place to link to where an item is a bullet or a cell: it labels sections and descriptions only."""

    default_priority = LinkNames.default_priority
    formats = ('latex',)

    def run(self, **kwargs: Any) -> None:
        """Put a target into the text of each such item."""
        domain = cast('DesignNoteDomain', self.env.get_domain(DOMAIN))
        anchors = {item.anchor for note in domain.notes.values() for item in note.items}
        for node in list(self.document.findall(nodes.Element)):
            ids = node['ids'] if not anchors.isdisjoint(node['ids']) and not isinstance(node, _LABELLED) else ()
            text = (node if isinstance(node, nodes.paragraph) else node.next_node(nodes.paragraph)) if ids else None
            if text is not None:
                text.insert(0, nodes.target('', '', ids=ids))


class _Linker:
    """Makes the references of a page."""

    def __init__(self, docname: str, named: Mapping[str, Item]) -> None:
        self.docname = docname
        self.named = named
        #: A part of each name as it stands in the text.
        self.parts = {_part(name) for name in named}

    def may_link(self, text: str) -> bool:
        """Whether to look for names in *text*; finding out is cheaper than looking, unless there are very many."""
        return len(self.parts) > _MANY or any(part in text for part in self.parts)

    def __call__(self, name: str, parent: nodes.Element, content: nodes.Node) -> nodes.Element | None:
        item = self.named.get(name)
        if item is None or (item.docname == self.docname and stands_in(parent, item.anchor)):
            return None
        return addnodes.pending_xref(
            '',
            content,
            refdomain=DOMAIN,
            refdoc=self.docname,
            reftype='item',
            reftarget=item.id,
            refexplicit=True,
            **{MEANT: (item.docname, item.anchor, item.title)},
        )


def _part(name: str) -> str:
    if '/' in name and not name.startswith('`'):
        return name.rpartition(' ')[2].partition('#')[0]
    return name.strip('`').partition(' ')[0]
