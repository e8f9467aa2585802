"""An index per kind: every thing of that kind, and where each note speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from sphinx.domains import Index, IndexEntry

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE, Kind
from sphinxcontrib_designnote.store.domain import DesignNoteDomain

_NOT_PLAIN = re.compile(r'[^\w.-]')
_OTHER = '#'


class KindIndex(Index):
    """Base of the indices; :func:`index_for` gives it its kind."""

    kind: ClassVar[Kind]

    def generate(self, docnames: Iterable[str] | None = None) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """Return the entries under the first letter of their names; endpoints under their first path segment."""
        wanted = None if docnames is None else set(docnames)
        domain = cast('DesignNoteDomain', self.domain)
        groups: dict[str, list[IndexEntry]] = {}
        for name, things in sorted(self._named(domain).items()):
            shown = [thing for thing in things if wanted is None or thing.docname in wanted]
            entries = groups.setdefault(_letter(name), []) if shown else []
            if len(shown) > 1:
                entries.append(IndexEntry(name, 1, '', '', '', '', ''))
            for thing in shown:
                note = domain.graph.notes[thing.note] if isinstance(thing, Item) else thing
                change = (domain.graph.change(thing) or '') if isinstance(thing, Item) else (thing.status or '')
                label, subtype, beside = (note.title, 2, '') if len(shown) > 1 else (name, 0, note.title)
                entries.append(IndexEntry(label, subtype, thing.docname, thing.anchor, change, '', beside))
        return sorted(groups.items()), False

    def _named(self, domain: DesignNoteDomain) -> dict[str, list[Item | Note]]:
        named: dict[str, list[Item | Note]] = {}
        if self.kind.name == NOTE:
            for note in domain.graph.notes.values():
                if note.marked:
                    named.setdefault(note.title, []).append(note)
            return named
        for note in domain.graph.notes.values():
            for item in note.items:
                if item.kind == self.kind.name:
                    named.setdefault(item.key, []).append(item)
        return named


def _letter(name: str) -> str:
    """Return the heading below which *name* stands: plain letters, as Sphinx's template does not escape it."""
    path = name.partition(' /')[2]
    plain = _NOT_PLAIN.sub('', path.partition('/')[0] if path else name[:1].upper())
    return f'/{plain}' if path else plain or _OTHER


def index_for(kind: Kind) -> type[KindIndex]:
    """Make the index of *kind*."""
    label = 'Design notes' if kind.name == NOTE else f'Design notes: {kind.label.lower()}'
    members: dict[str, Any] = {'kind': kind, 'name': kind.role, 'localname': label, 'shortname': kind.label.lower()}
    return type('KindIndex', (KindIndex,), members)
