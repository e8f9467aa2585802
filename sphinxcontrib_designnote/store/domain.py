"""The Sphinx domain ``dn``: the records of every page, and what Sphinx asks of a domain about them.

Records are kept per page and everything global is derived from them, so that clearing a page is a ``pop``, merging a
parallel reader's pages a copy, and no result depends on the order in which pages were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

from sphinxcontrib_designnote.capture.page import finish_page
from sphinxcontrib_designnote.config import Settings, settings_of
from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.identity import unify_parameters
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules import engine
from sphinxcontrib_designnote.rules.catalogue import RULES

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class DesignNoteDomain(Domain):
    """Design notes and what they state."""

    name = 'dn'
    label = 'Design notes'
    #: Raised whenever the records change shape: older pickles are then read again.
    data_version = 1
    initial_data = {'notes': {}}  # noqa: RUF012 - Sphinx copies it

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._graph: Graph | None = None
        self._findings: tuple[Finding, ...] | None = None

    @property
    def settings(self) -> Settings:
        """The validated configuration."""
        return settings_of(self.env.config)

    @property
    def notes(self) -> dict[str, Note]:
        """Page name to what the page states; pages that state nothing are absent."""
        return cast('dict[str, Note]', self.data['notes'])

    @property
    def graph(self) -> Graph:
        """All notes related; made once, and again after any page has changed."""
        if self._graph is None:
            settings = self.settings
            naming = settings.naming.also_knowing(self._published())
            self._graph = relate(self.notes.values(), naming, settings.releases)
        return self._graph

    def _published(self) -> dict[str, Iterable[str]]:
        """Kind to the names that other projects publish in their inventories, when intersphinx has read them."""
        inventory = getattr(self.env, 'intersphinx_inventory', {})
        kinds = self.settings.vocabulary.kinds.values()
        return {kind.name: inventory[f'dn:{kind.role}'] for kind in kinds if f'dn:{kind.role}' in inventory}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What all rules say; made once."""
        if self._findings is None:
            self._findings = engine.run(RULES, self.graph, self.settings.rules)
        return self._findings

    def forget(self) -> None:
        """Drop what was derived; a page or the configuration has changed."""
        self._graph = self._findings = None

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Keep what the page states."""
        note = finish_page(env, document, self.settings)
        if note is not None:
            self.notes[docname] = note
            self.forget()

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        if self.notes.pop(docname, None) is not None:
            self.forget()

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take the pages that a parallel reader read."""
        for docname in docnames:
            if docname in otherdata['notes']:
                self.notes[docname] = otherdata['notes'][docname]
        self.forget()

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """Link to what *target* means on the page *fromdocname*."""
        kinds = self.kinds_of_role(typ)
        note = self.notes.get(fromdocname)
        found = self.graph.names.find(target, note, kinds).found
        return None if found is None else self._reference(builder, fromdocname, found, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Link to what *target* means, whatever its kind."""
        found = self.graph.names.find(target, self.notes.get(fromdocname), tuple(self.settings.vocabulary.kinds)).found
        if found is None:
            return []
        kind = found.kind if isinstance(found, Item) else NOTE
        role = self.settings.vocabulary.kinds[kind].role
        return [(f'dn:{role}', self._reference(builder, fromdocname, found, contnode))]

    def kinds_of_role(self, role: str) -> tuple[str, ...]:
        """Kinds that a role may name; all of them for ``item``."""
        kind = self.settings.vocabulary.kind_of_role(role)
        return tuple(self.settings.vocabulary.kinds) if kind is None else (kind.name,)

    def _reference(self, builder: Builder, fromdocname: str, found: Item | Note, contnode: Element) -> nodes.reference:
        return make_refnode(builder, fromdocname, found.docname, found.anchor, contnode, found.title)

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield notes and subjects by name, and every item by its id, for the inventory and the search."""
        graph = self.graph
        kinds = graph.vocabulary.kinds
        for note in graph.notes.values():
            if note.marked:
                yield note.id, note.title, 'note', note.docname, note.anchor, 1
        seen: set[tuple[str, str]] = set()
        for subject in graph.subjects:
            item = subject.introduction
            role = kinds[subject.kind].role
            name = unify_parameters(item.key)
            if (role, name) not in seen:
                seen.add((role, name))
                yield name, item.key, role, item.docname, item.anchor, 1
        for item in graph.items.values():
            kind = kinds.get(item.kind)
            if kind is None:
                continue
            if not kind.subject and item.kind != 'no-impact' and (kind.role, item.key) not in seen:
                seen.add((kind.role, item.key))
                yield item.key, item.title, kind.role, item.docname, item.anchor, 1
            yield item.id, item.key, 'item', item.docname, item.anchor, -1

    def get_full_qualified_name(self, node: Element) -> str | None:
        """Return the name under which intersphinx looks for what a role names."""
        target = node.get('reftarget')
        return unify_parameters(target) if target else None

    def pages_that_name(self, docnames: Set[str]) -> Iterator[str]:
        """Yield pages with links into *docnames*, which are about to go."""
        graph = self.graph
        for link in graph.links:
            target = graph.items.get(link.target) or graph.notes.get(link.target)
            source = graph.items.get(link.source) or graph.notes.get(link.source)
            if target is not None and source is not None and target.docname in docnames:
                yield source.docname
