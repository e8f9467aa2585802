"""What a filter can ask of an item or a note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.relations.filters import read_filter
from sphinxcontrib_designnote.relations.graph import Graph


def facts(graph: Graph, id_: str | None, name: str) -> list[str]:
    """Return the words that *name*, one of :data:`FACTS`, stands for in the item or note with the id *id_*."""
    item = graph.items.get(id_ or '')
    if item is not None:
        return [word for word in _OF_ITEM[name](graph, item) if word]
    note = graph.notes.get(id_ or '')
    return [word for word in _OF_NOTE[name](note) if word] if note is not None and name in _OF_NOTE else []


def _flags(graph: Graph, item: Item) -> Iterable[str]:
    """The flags that *item* is, is gated by, or switches."""
    found = [item] if item.kind == 'feature-flag' else []
    found += [*graph.sources(item.id, 'gates'), *graph.targets(item.id, 'switches')]
    return (flag.key for flag in found)


def passes(written: str | None, graph: Graph) -> Callable[[str], bool]:
    """Return whether the item or note with an id is what the filter *written* asks for; ``None`` asks for nothing.

    :raises FilterError: for what is no filter of :data:`FACTS`.
    """
    if written is None:
        return lambda id_: True
    test = read_filter(written, FACTS)

    def keep(id_: str) -> bool:
        return test(lambda name: frozenset(word.casefold() for word in facts(graph, id_, name)))

    return keep


_OF_NOTE: Mapping[str, Callable[[Note], Iterable[str | None]]] = {
    'note': lambda note: (note.id, note.title, note.docname),
    'status': lambda note: (note.status,),
    'owner': lambda note: note.names('owners'),
    'component': lambda note: note.names('components'),
    'kind': lambda _: (NOTE,),
    'service': lambda note: _stated(note, 'service'),
    'release': lambda note: _stated(note, 'release'),
}
_OF_ITEM: Mapping[str, Callable[[Graph, Item], Iterable[str | None]]] = {
    'note': lambda graph, item: _OF_NOTE['note'](graph.note_of(item)),
    'status': lambda graph, item: (graph.note_of(item).status,),
    'owner': lambda graph, item: (item.text('owner'), *graph.note_of(item).names('owners')),
    'component': lambda graph, item: (item.text('component'), *graph.note_of(item).names('components')),
    'kind': lambda _, item: (item.kind,),
    'change': lambda graph, item: (graph.change(item),),
    'service': lambda _, item: (item.service,),
    'release': lambda _, item: (item.release,),
    'flag': _flags,
}
#: Their names.
FACTS = tuple(_OF_ITEM)


def _stated(note: Note, name: str) -> tuple[str | None]:
    value = note.fields.get(name)
    return (value if isinstance(value, str) else None,)
