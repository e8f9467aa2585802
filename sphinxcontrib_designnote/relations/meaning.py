"""What an item means, apart from the words in which it is explained; and which links are to be watched for changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sphinxcontrib_designnote.model.identity import name_identity
from sphinxcontrib_designnote.model.records import Item, Value
from sphinxcontrib_designnote.model.schema import ArgumentType, Identity, Kind
from sphinxcontrib_designnote.relations.graph import Graph, Link

#: Name of an option, or key of a part, to what is said there.
Meaning: TypeAlias = Mapping[str, object]
#: Arguments that are a name; others are words of an author, or make fields.
_NAMES = frozenset({ArgumentType.NAME, ArgumentType.DECLARATION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A link whose named end has changed in what it means since the other, which states the link, was last edited."""

    link: Link
    #: What of it has changed: names of options and parts.
    changed: tuple[str, ...]
    #: Abbreviated id of the commit since which it means what it does; empty where that has not been committed.
    commit: str = ''
    #: The day of that commit.
    date: datetime.date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkHistory:
    """What a repository tells of the links between notes."""

    suspects: tuple[Suspect, ...] = ()
    #: Why not everything can be told, as a clause; empty where it can.
    gap: str = ''


def watched_links(graph: Graph) -> Iterator[tuple[Link, Item]]:
    """Yield each link between two notes that stand, with the item that it names.

    A note is reviewed as a whole, so links within it are left out. One that is a draft is still being written, and
    what a dead or an implemented one says of others, nobody will act on.
    """
    for link in graph.links:
        stating = graph.items.get(link.stating) or graph.notes.get(link.stating)
        named = graph.items.get(link.named)
        if stating is None or named is None:
            continue
        own, other = graph.note_of(stating) if isinstance(stating, Item) else stating, graph.note_of(named)
        if own.id != other.id and own.is_open and not other.is_dead and 'draft' not in (own.status, other.status):
            yield link, named


def meaning(item: Item, items: Sequence[Item], kinds: Mapping[str, Kind]) -> Meaning:
    """Return what *item* means, with its columns, fields and constraints.

    :param items: those of the page, among them the parts of *item*.
    """
    kind = kinds[item.kind]
    prose = {option.key for option in kind.options.values() if not option.meaning}
    said: dict[str, object] = {name: _folded(value) for name, value in item.fields.items() if name not in prose}
    said['change'] = item.change
    if kind.argument in _NAMES:
        said['name'] = name_identity(item.key)
    for part in items:
        if part.parent == item.id and part.kind in kinds and kinds[part.kind].identity is Identity.PARENT:
            said[part.key] = meaning(part, items, kinds)
    return said


def _folded(value: Value) -> object:
    if isinstance(value, tuple):
        return frozenset(' '.join(name.replace('`', '').casefold().split()) for name in value)
    return ' '.join(value.replace('`', '').casefold().split()) if isinstance(value, str) else value


def differences(before: Meaning, after: Meaning) -> tuple[str, ...]:
    """Return the names of what is not the same, in alphabetical order: ``roles``, ``jobs.state (type)``."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            if inner := differences(old, new):
                found.append(f'{name} ({", ".join(inner)})')
        elif old != new:
            found.append(name.replace('_', '-') if not isinstance(old or new, Mapping) else name)
    return tuple(found)
