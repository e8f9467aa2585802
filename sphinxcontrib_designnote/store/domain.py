"""The Sphinx domain ``dn``: the records of every page, and what Sphinx asks of a domain about them.

Records are kept per page and everything global is derived from them, so that clearing a page is a ``pop``, merging a
parallel reader's pages a copy, and no result depends on the order in which pages were read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from docutils import nodes
from sphinx.domains import Domain
from sphinx.util.nodes import make_refnode

from sphinxcontrib_designnote.capture.page import finish_page
from sphinxcontrib_designnote.capture.rendering import MEANT
from sphinxcontrib_designnote.config import Settings, settings_of
from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.model.schema import NOTE, ValueType
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.names import Naming
from sphinxcontrib_designnote.revisions.reading import read_pages
from sphinxcontrib_designnote.revisions.suspects import link_history
from sphinxcontrib_designnote.rules import engine
from sphinxcontrib_designnote.store.written import WrittenPages
from sphinxcontrib_designnote.tables.backlinks import backlinks

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

T = TypeVar('T')
#: Ids that an inventory can hold.
_ID = re.compile(r'\S+')


class DesignNoteDomain(Domain):
    """Design notes and what they state."""

    name = 'dn'
    label = 'Design notes'
    #: Raised whenever the records change shape: older pickles are then read again.
    data_version = 7
    initial_data = {'notes': {}}  # noqa: RUF012 - Sphinx copies it

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._graph: Graph | None = None
        self._findings: tuple[Finding, ...] | None = None
        self._derived: dict[object, object] = {}
        #: Set as soon as there is one.
        self.builder: Builder | None = None
        #: What its pages were written from; set when all pages are read, unless each build writes everything.
        self.written: WrittenPages | None = None
        #: Asked whenever a graph is made: what there is besides notes that items implement.
        self.find_requirements: Callable[[], Iterable[tuple[str, Requirement]]] = tuple
        #: Asked when all pages are read: pairs of a page and something that it shows and that depends on other pages.
        self.find_shown: list[Callable[[], Iterable[tuple[str, str]]]] = [self._links]

    def setup(self) -> None:
        """Make targets of the indices, and take back those of kinds that the project had when it was last built."""
        standard = self.env.domains.standard_domain
        for name, (docname, anchor) in list(standard.anonlabels.items()):
            if name == docname and name.startswith(f'{self.name}-') and not anchor:
                standard.anonlabels.pop(name)
                standard.labels.pop(name, None)
        super().setup()

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
            self._graph = relate(self.notes.values(), self._naming(), settings.releases)
        return self._graph

    def _naming(self) -> Naming:
        """Return how names are compared; what other projects publish exists, when intersphinx has read it."""
        naming = self.settings.naming.with_requirements(dict(self.find_requirements()))
        inventory = getattr(self.env, 'intersphinx_inventory', {})
        kinds = naming.vocabulary.kinds.values()
        published = {kind.name: inventory[f'dn:{kind.role}'] for kind in kinds if f'dn:{kind.role}' in inventory}
        return naming.also_knowing(published, inventory.get('dn:item', ())) if published else naming

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What all rules say; made once."""
        if self._findings is None:
            rules = self.settings.rules
            if self.settings.history and self.builder is not None:
                reader = functools.partial(read_pages, self.env.config, Path(self.builder.confdir))
                rules = replace(rules, link_history=link_history(self.graph, Path(self.env.srcdir), reader))
            self._findings = engine.run(rules.rules, self.graph, rules)
        return self._findings

    def derive(self, make: Callable[[DesignNoteDomain], T]) -> T:
        """Return what *make* makes of this domain; made once, and again after any page has changed."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return cast('T', self._derived[make])

    def forget(self) -> None:
        """Drop what was derived; a page or the configuration has changed."""
        self._graph = self._findings = None
        self._derived.clear()

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
        if (place := node.get(MEANT)) is not None:
            docname, anchor, title = place
            return make_refnode(builder, fromdocname, docname, anchor, contnode, title)
        meant = self._meant(target, self.notes.get(fromdocname), self.kinds_of_role(typ))
        return None if meant is None else _reference(builder, fromdocname, meant, contnode)

    def _meant(self, target: str, note: Note | None, kinds: tuple[str, ...]) -> Item | Note | Requirement | None:
        """Return what a role that may name *kinds* leads to when it names *target* on the page of *note*."""
        match = self.graph.names.find(target, note, kinds)
        if match.found is None and match.known:
            return self.graph.requirements.get(target.strip())
        return match.found

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
        return [(f'dn:{role}', make_refnode(builder, fromdocname, found.docname, found.anchor, contnode, found.title))]

    def kinds_of_role(self, role: str) -> tuple[str, ...]:
        """Kinds that a role may name; all of them for ``item``."""
        kind = self.settings.vocabulary.kind_of_role(role)
        return tuple(self.settings.vocabulary.kinds) if kind is None else (kind.name,)

    def refer(self, fromdocname: str, target: str, content: nodes.Node) -> nodes.Node:
        """Put a reference to the item, note or requirement with the id *target* around *content*.

        It is handed back as it is where there is nothing to refer to.
        """
        thing = self.graph.thing(target)
        reference = _reference(self.builder, fromdocname, thing, content) if thing and self.builder else None
        return content if reference is None else reference

    def place(self, target: str) -> str:
        """Return where the item, note or requirement with the id *target* stands, and what a link to it says."""
        return _place(self.graph.thing(target))

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield notes and subjects by name, and every item by its id, for the inventory and the search."""
        graph = self.graph
        kinds = graph.vocabulary.kinds
        for note in graph.notes.values():
            if note.marked:
                yield note.id, note.title, 'note', note.docname, note.anchor, 1
        naming = self.settings.naming
        seen: set[tuple[str, str]] = set()
        named = [(subject.kind, subject.introduction) for subject in graph.subjects]
        named += [(i.kind, i) for i in graph.items.values() if i.kind in kinds and not kinds[i.kind].subject]
        for kind, item in named:
            role, name = kinds[kind].role, naming.public_name(kinds[kind], item.key)
            if kind != 'no-impact' and (role, name) not in seen:
                seen.add((role, name))
                yield name, item.key, role, item.docname, item.anchor, 1
        for item in graph.items.values():
            if _ID.fullmatch(item.id):
                yield item.id, item.key, 'item', item.docname, item.anchor, -1

    def get_full_qualified_name(self, node: Element) -> str | None:
        """Return the name under which intersphinx looks for what a role names."""
        kind = self.settings.vocabulary.kind_of_role(node.get('reftype', ''))
        target = node.get('reftarget')
        return self.settings.naming.public_name(kind, target) if kind and target else target

    def meanings(self, docname: str) -> dict[str, Item]:
        """Return what the names in the prose of a page mean there, for those that mean something."""
        note = self.notes.get(docname)
        if note is None:
            return {}
        mentions = self.graph.mentions
        return {name: item for name in note.links if (item := mentions.meaning(name, note)) is not None}

    def shown(self) -> Iterator[tuple[str, str]]:
        """Yield what each page shows that depends on other pages; a page is written again when that has changed."""
        for find in self.find_shown:
            yield from find()

    def _links(self) -> Iterator[tuple[str, str]]:
        """Yield for each page where its links lead."""
        graph = self.graph
        every_kind = self.kinds_of_role('item')
        references = {
            kind.name: [option.key for option in kind.options.values() if option.type is ValueType.REFERENCES]
            for kind in graph.vocabulary.kinds.values()
        }
        for note in self.notes.values():
            named = [(name, every_kind) for key in references[NOTE] for name in note.names(key)]
            named += [
                (name, every_kind) for item in note.items for key in references[item.kind] for name in item.names(key)
            ]
            named += [(mention.target, (mention.kind,) if mention.kind else every_kind) for mention in note.mentions]
            for name, kinds in named:
                yield note.docname, f'{name} {_place(self._meant(name, note, kinds))}'
            for name, item in self.meanings(note.docname).items():
                yield note.docname, f'{name} {_place(item)}'
        things: list[Item | Note] = [*graph.notes.values(), *graph.items.values()]
        for thing in things if self.settings.backlinks else ():
            for label, said in backlinks(thing, graph).items():
                for each in said:
                    yield thing.docname, f'{label} {each.name} {each.change} {_place(each.thing)}'


def _place(thing: Item | Note | Requirement | None) -> str:
    if isinstance(thing, Requirement) and thing.url:
        return f'{thing.url} {thing.title}'
    return f'{thing.docname}#{thing.anchor} {thing.title}' if thing is not None else ''


def _reference(
    builder: Builder, fromdocname: str, thing: Item | Note | Requirement, content: nodes.Node
) -> nodes.reference | None:
    """Make a link to *thing*; ``None`` where it is on no page and has no address."""
    if thing.docname is not None:
        return make_refnode(builder, fromdocname, thing.docname, thing.anchor, [content], thing.title)
    if thing.url is None:
        return None
    return nodes.reference('', '', content, internal=False, refuri=thing.url, reftitle=thing.title)
