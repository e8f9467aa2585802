"""Every note and item as a need of sphinx-needs: plain data, made of the graph, whether sphinx-needs runs or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.needs import NeedShape
from sphinxcontrib_designnote.model.records import Item, Note, Value
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.relations.graph import Graph

#: What the ``needs_id_regex`` that sphinx-needs has by default accepts.
_ACCEPTED = re.compile(r'[A-Z0-9_]{5,}')


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedRecord:
    """A note or an item as a need."""

    id: str
    type: str
    title: str
    #: That of the note.
    status: str | None
    #: The note's id and its components.
    tags: tuple[str, ...]
    content: str
    #: Suffix of the file.
    doctype: str
    docname: str
    line: int
    #: Innermost first.
    sections: tuple[str, ...]
    #: Name to value; only what was stated.
    fields: Mapping[str, str | bool | list[str]]
    #: Name to ids of needs; of links that lead somewhere.
    links: Mapping[str, list[str]]


def need_ids(graph: Graph, shape: NeedShape) -> dict[str, str]:
    """Return the id of every note and item to the id of its need: capitals, digits and ``_``, at least five.

    Of two that would be one, that of the later id in order gets six digits of a hash: no id depends on the order in
    which pages are read.
    """
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for thing in sorted(_things(graph, shape), key=lambda thing: thing.id):
        id_ = _need_id(thing.id, shape.prefixes.get(shape.types[_kind(thing)], ''))
        if id_ in taken:
            id_ = f'{id_}_{hashlib.sha256(thing.id.encode("utf-8", "surrogatepass")).hexdigest()[:6].upper()}'
        taken.add(id_)
        ids[thing.id] = id_
    return ids


def _need_id(id_: str, prefix: str) -> str:
    made = id_ if _ACCEPTED.fullmatch(id_) else slug(id_).upper().replace('-', '_')
    made = made if made.startswith(prefix) else prefix + made
    return made if len(made) >= 5 else f'ITEM_{made}'


def need_records(graph: Graph, shape: NeedShape, ids: Mapping[str, str]) -> Iterator[NeedRecord]:
    """Yield a need for each note and item, a note before its items. O(items + links).

    :param ids: what :func:`need_ids` returned.
    """
    for thing in _things(graph, shape):
        note = graph.note_of(thing) if isinstance(thing, Item) else thing
        yield NeedRecord(
            id=ids[thing.id],
            type=shape.types[_kind(thing)],
            title=thing.title,
            status=note.status,
            tags=tuple(dict.fromkeys((note.id, *note.names('components')))),
            content=thing.body if isinstance(thing, Item) else '',
            doctype=PurePosixPath(thing.location.path).suffix,
            docname=thing.docname,
            line=thing.location.line,
            sections=thing.sections if isinstance(thing, Item) else (),
            fields=dict(_fields(thing, note, graph, shape)),
            links=_links(thing, note, graph, shape, ids),
        )


def _things(graph: Graph, shape: NeedShape) -> Iterator[Note | Item]:
    """Yield what becomes a need; of two things with one id (DN202) the first."""
    seen: set[str] = set()
    for note in graph.notes.values():
        things: tuple[Note | Item, ...] = (note, *note.items) if note.marked else note.items
        for thing in things:
            if _kind(thing) in shape.types and thing.id not in seen:
                seen.add(thing.id)
                yield thing


def _kind(thing: Note | Item) -> str:
    return thing.kind if isinstance(thing, Item) else NOTE


def _fields(
    thing: Note | Item, note: Note, graph: Graph, shape: NeedShape
) -> Iterator[tuple[str, str | bool | list[str]]]:
    stated: dict[str, Value | None] = {'note': note.id, **thing.fields}
    if isinstance(thing, Item):
        stated |= {
            'key': thing.key,
            'change': graph.change(thing),
            'service': thing.service,
            'release': thing.release,
        }
    for key, value in stated.items():
        field = shape.fields.get(key)
        if field is not None and value is not None and (held := field.value(value)) is not None:
            yield field.name, held


def _links(
    thing: Note | Item, note: Note, graph: Graph, shape: NeedShape, ids: Mapping[str, str]
) -> dict[str, list[str]]:
    owner = thing.parent or note.id if isinstance(thing, Item) else None
    links: dict[str, list[str]] = {'parent_needs': [ids[owner]]} if owner and owner in ids else {}
    for link in graph.outgoing.get(thing.id, ()):
        target = link.target if link.target in graph.requirements else ids.get(link.target)
        if target is not None:
            links.setdefault(shape.links[link.type], []).append(target)
    return links
