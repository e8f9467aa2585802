"""What other items say of an item: who verifies it, gates it, changes it later."""

from __future__ import annotations

from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph, Link
from sphinxcontrib_designnote.tables.gather import demand


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlink:
    """A thing that says something of another one."""

    thing: Item | Note
    name: str
    #: What it does to the subject of both; else empty.
    change: str = ''


def backlinks(thing: Item | Note, graph: Graph) -> dict[str, list[Backlink]]:
    """Return label to what others say of *thing*, in the order in which links are declared.

    What it says itself, and what dead notes say, is left out.
    """
    found: dict[str, dict[str, Backlink]] = {}
    for link in graph.incoming.get(thing.id, ()):
        source = graph.items.get(link.source) or graph.notes.get(link.source)
        if source is not None and not _is_said_by(thing, link) and not _note(source, graph).is_dead:
            found.setdefault(link.type, {})[source.id] = Backlink(thing=source, name=_name(source))
    types = graph.vocabulary.links
    said = {types[name].inverse: list(found[name].values()) for name in types if name in found}
    subject = graph.subject_of.get(thing.id)
    others = [impact for impact in subject.impacts if impact.id != thing.id] if subject is not None else []
    if others:
        said['also in'] = [
            Backlink(thing=impact, name=graph.note_of(impact).title, change=graph.change(impact) or '')
            for impact in others
        ]
    return said


def _is_said_by(thing: Item | Note, link: Link) -> bool:
    at = link.location
    return at.path == thing.location.path and (at.line == thing.location.line or at.line in thing.lines.values())


def _note(thing: Item | Note, graph: Graph) -> Note:
    return graph.note_of(thing) if isinstance(thing, Item) else thing


def _name(source: Item | Note) -> str:
    """Return what *source* is called: an authorization is called as what it guards, which says nothing there."""
    return demand(source) if isinstance(source, Item) and source.kind == 'authorization' else source.title
