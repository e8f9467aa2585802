"""The transform that says below the description of an item what others say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_designnote.capture.rendering import DOMAIN, words_and_code
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.tables.backlinks import backlinks

if TYPE_CHECKING:
    from sphinxcontrib_designnote.store.domain import DesignNoteDomain

#: So many names stand in a line; the others are counted. A name that is longer is cut.
_NAMES, _LONGEST = 12, 80


class ShowBacklinks(SphinxPostTransform):
    """Adds to the description of each item what others say of it; plain notes stay as their authors wrote them."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Look at the descriptions of this page, and of those that were put into it."""
        domain = cast('DesignNoteDomain', self.env.get_domain(DOMAIN))
        if not domain.settings.backlinks:
            return
        for description in self.document.findall(addnodes.desc):
            if description['domain'] != DOMAIN:
                continue
            things = domain.derive(_by_place)
            docname = _docname(description) or self.env.docname
            signatures = (child for child in description if isinstance(child, addnodes.desc_signature))
            ids = (id_ for signature in signatures for id_ in signature['ids'])
            for id_ in ids:  # of "GET, POST /x" both are things
                thing = things.get((docname, id_))
                if thing is not None and (fields := [*self._fields(thing, domain)]):
                    content = cast('nodes.Element', description[-1])
                    content += nodes.field_list('', *fields, classes=['dn-backlinks'])

    def _fields(self, thing: Item | Note, domain: DesignNoteDomain) -> Iterator[nodes.field]:
        for label, said in backlinks(thing, domain.graph).items():
            shown: list[nodes.Node] = []
            for each in said[:_NAMES]:
                shown += [nodes.Text(', ')] if shown else []
                name = nodes.inline('', '', *words_and_code(_short(each.name)))
                shown.append(domain.refer(self.env.docname, each.thing.id, name))
                if each.change:
                    shown.append(nodes.Text(f' ({_(each.change)})'))
            if len(said) > _NAMES:
                shown.append(nodes.Text(_(', and %d more') % (len(said) - _NAMES)))
            body = nodes.field_body('', nodes.paragraph('', '', *shown))
            yield nodes.field('', nodes.field_name('', _(label.capitalize())), body)


def _by_place(domain: DesignNoteDomain) -> Mapping[tuple[str, str], Item | Note]:
    things: list[Item | Note] = [*domain.graph.notes.values(), *domain.graph.items.values()]
    return {(thing.docname, thing.anchor): thing for thing in things}


def _docname(node: nodes.Node) -> str | None:
    """Return the page that *node* stood on before it was put into another one."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.start_of_file):
            return cast('str', parent['docname'])
        parent = parent.parent
    return None


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST].rpartition(' ')[0].replace('`', '') + '\u2026'
