"""What implements and what proves the requirements of a project."""

from __future__ import annotations

from collections.abc import Mapping

from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.relations.graph import Graph


def requirements(graph: Graph) -> list[Requirement]:
    """Return, by id, those that items are to implement, and those that some note names."""
    named = implementing(graph)
    whole = {requirement.id: requirement for requirement in graph.requirements.values()}
    return [whole[id_] for id_ in sorted(whole) if whole[id_].wanted or id_ in named]


def implementing(graph: Graph) -> Mapping[str, tuple[Item | Note, ...]]:
    """Return the id of a requirement to what has a link to it or to a part of it, in page order.

    A test that names a requirement is among them; what dead notes say does not count.
    """
    return graph.once(_implementing, ())


def _implementing(graph: Graph, _: tuple[()]) -> Mapping[str, tuple[Item | Note, ...]]:
    found: dict[str, dict[str, Item | Note]] = {}
    for link in graph.links if graph.requirements else ():
        requirement = graph.requirements.get(link.target)
        source = graph.items.get(link.source) or graph.notes.get(link.source)
        if requirement is None or source is None or link.target in graph.items or link.target in graph.notes:
            continue
        note = graph.note_of(source) if isinstance(source, Item) else source
        if not note.is_dead:
            found.setdefault(requirement.id, {})[source.id] = source
    return {
        id_: tuple(sorted(sources.values(), key=lambda source: (source.docname, source.location, source.id)))
        for id_, sources in found.items()
    }


def items_of(graph: Graph, requirement: Requirement) -> list[Item | Note]:
    """Return what implements *requirement*."""
    return [source for source in implementing(graph).get(requirement.id, ()) if not is_test(source)]


def is_test(thing: Item | Note) -> bool:
    """Whether *thing* proves and does not implement."""
    return isinstance(thing, Item) and thing.kind == 'test-case'
