"""Chains of links from kind to kind: which endpoints a test verifies, which requirement ends in a test.

A chain is written ``requirement x endpoint x test``. What stands in it are things, not statements: an endpoint that
four notes change is one. ``role`` and ``requirement`` are no kinds of item: a role is what endpoints and authorizations
name, a requirement what items say that they implement.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import accepted, quote
from sphinxcontrib_designnote.grammar.bullets import read_roles
from sphinxcontrib_designnote.model.records import Item, View
from sphinxcontrib_designnote.model.schema import NOTE, Vocabulary
from sphinxcontrib_designnote.model.values import split_names
from sphinxcontrib_designnote.relations.facts import passes
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.requirements import requirements

ROLE, REQUIREMENT = 'role', 'requirement'
#: Changes that leave nothing to cover.
NOTHING_TO_COVER = frozenset({'existing', 'deprecated', 'removed', 'drop'})
#: Short names of kinds, for chains only.
_SHORT = {
    'test': 'test-case', 'flag': 'feature-flag', 'audit': 'audit-event', 'step': 'rollout-step', 'column': 'field',
    'table': 'entity',
}  # fmt: skip
_BETWEEN = re.compile(r'\s+[x\u00d7]\s+')
_LONGEST = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A thing in a chain."""

    name: str
    #: Id of the item that introduces it, or of the requirement; ``None`` for what has none.
    id: str | None
    #: Ids of the items that it is, or that stand in those; its name where no item states it.
    ids: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Things of several kinds, one kind after another, and the links from each kind to the next."""

    kinds: tuple[str, ...]
    #: One a kind, sorted by name.
    entries: tuple[tuple[Entry, ...], ...]
    #: One a pair of neighbours: index of an entry to indices among the next kind's, and how many links there are.
    steps: tuple[Mapping[int, Mapping[int, int]], ...]
    #: Types of the links that were found.
    types: tuple[str, ...]

    def reached(self, row: int, upto: int) -> Mapping[int, int]:
        """Return the entries of the kind with index *upto* that *row* of the first leads to, and in how many ways."""
        found: Mapping[int, int] = {row: 1}
        for step in self.steps[:upto]:
            ways: Counter[int] = Counter()
            for index, count in found.items():
                for target, links in step.get(index, {}).items():
                    ways[target] += count * links
            found = ways
        return found

    def covered(self, upto: int) -> set[int]:
        """Return the indices of entries of the first kind that lead to anything of the kind with index *upto*."""
        return {row for row in range(len(self.entries[0])) if self.reached(row, upto)}


def read_kinds(written: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the kinds that a chain names.

    :raises ValueError: with what is wrong, for an author.
    """
    names = [name.casefold() for name in _BETWEEN.split(written.strip())]
    kinds = tuple(_kind(name, vocabulary) for name in names)
    if not 2 <= len(kinds) <= _LONGEST:
        raise ValueError(f"{quote(written)} is no chain of 2 to {_LONGEST} kinds; write 'endpoint x test'")
    if len(set(kinds)) < len(kinds):
        raise ValueError(f'{quote(written)} names a kind twice')
    return kinds


def _kind(name: str, vocabulary: Vocabulary) -> str:
    kind = vocabulary.kind_of_role(_SHORT.get(name, name))
    if kind is not None:
        return kind.name
    name = _SHORT.get(name, name)
    known = [ROLE, REQUIREMENT, *(kind for kind in vocabulary.kinds if kind != NOTE)]
    if name not in known:
        raise ValueError(f'{quote(name)} is no kind of item{accepted(name, [*known, *_SHORT])}')
    return name


def chain_of(
    graph: Graph,
    kinds: Sequence[str],
    *,
    keep: Callable[[Item], bool] = lambda _: True,
    via: Collection[str] = (),
) -> Chain:
    """Follow the links between *kinds*, whichever way they run. O(items + links).

    :param keep: which items of the first kind count.
    :param via: types of link to follow; none for all.
    """
    entries = [
        tuple(_entries(graph, kind, keep if at == 0 else lambda _: True, kinds)) for at, kind in enumerate(kinds)
    ]
    types: set[str] = set()
    steps = []
    for at in range(len(kinds) - 1):
        place = {id_: index for index, entry in enumerate(entries[at + 1]) for id_ in entry.ids}
        step: dict[int, Counter[int]] = {}
        for index, entry in enumerate(entries[at]):
            for type_, id_ in _neighbours(graph, entry, kinds[at], kinds[at + 1]):
                if id_ in place and (not via or type_ in via):
                    step.setdefault(index, Counter())[place[id_]] += 1
                    types.add(type_)
        steps.append(step)
    return Chain(kinds=tuple(kinds), entries=tuple(entries), steps=tuple(steps), types=tuple(sorted(types)))


def chain_of_view(view: View, graph: Graph) -> Chain:
    """Follow the links that a ``traceability-matrix`` asks for."""
    keep = passes(view.options.get('filter'), graph)
    kinds = read_kinds(view.argument, graph.vocabulary)
    return chain_of(graph, kinds, keep=lambda item: keep(item.id), via=split_names(view.options.get('via', '')))


def min_coverage(options: Mapping[str, str]) -> int | None:
    """Return the least percentage that a ``traceability-matrix`` asks for."""
    written = options.get('min-coverage', '').removesuffix('%').strip()
    return int(written) if written.isdecimal() and len(written) <= 3 and 1 <= int(written) <= 100 else None


def roles_of(item: Item) -> tuple[str, ...]:
    """Return the roles that *item* lets in, as an option or in words."""
    return item.names('roles') or read_roles(item.text('auth') or '')


def _entries(graph: Graph, kind: str, keep: Callable[[Item], bool], kinds: Sequence[str]) -> list[Entry]:
    """Return the things of *kind* that there is something to say about, sorted by name."""
    if kind == ROLE:
        names = {role for item in _live(graph) for role in roles_of(item)}
        return [Entry(name=name, id=None, ids=frozenset({f'{ROLE} {name}'})) for name in sorted(names)]
    if kind == REQUIREMENT:
        return _requirements(graph)
    groups: dict[str, list[Item]] = {}
    for item in _live(graph):
        if item.kind == kind and keep(item):
            subject = graph.subject_of.get(item.id)
            groups.setdefault(subject.impacts[0].id if subject else item.id, []).append(item)
    found = []
    for items in groups.values():
        subject = graph.subject_of.get(items[0].id)
        gone = subject is not None and subject.current in ('removed', 'drop')
        if gone or all(graph.change(item) in NOTHING_TO_COVER for item in items):
            continue
        about = subject.introduction if subject else items[0]
        ids = {id_ for item in items for id_ in (item.id, *_parts(graph, item, kinds))}
        found.append((_order(about), Entry(name=about.key, id=about.id, ids=frozenset(ids))))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _requirements(graph: Graph) -> list[Entry]:
    """Return what items implement and no note states, and what they are to implement; with the parts of each."""
    implements = (link for link in graph.links if link.type == 'implements' and link.resolved)
    ids = {link.target: {link.target} for link in implements if link.target not in graph.items}
    ids |= {requirement.id: {requirement.id} for requirement in requirements(graph)}
    for id_, requirement in graph.requirements.items():
        if id_ != requirement.id and requirement.id in ids:
            ids[requirement.id].add(id_)
            ids.pop(id_, None)
    known = graph.requirements
    return [Entry(name=n, id=n if n in known else None, ids=frozenset(all_)) for n, all_ in sorted(ids.items())]


def _live(graph: Graph) -> Iterator[Item]:
    return (item for item in graph.items.values() if not graph.note_of(item).is_dead)


def _parts(graph: Graph, item: Item, kinds: Sequence[str]) -> Iterator[str]:
    """Yield the ids of what stands in *item*, apart from what the chain itself names."""
    return (part.id for part in graph.parts.get(item.id, ()) if part.kind not in kinds)


def _order(item: Item) -> tuple[str, str, str]:
    return ((item.text('path') or item.key).casefold(), item.text('method') or '', item.id)


def _neighbours(graph: Graph, entry: Entry, kind: str, other: str) -> Iterable[tuple[str, str]]:
    """Yield type and far end of the links of *entry*: one that several of its items have in common counts once."""
    if kind == ROLE:
        return [(ROLE, id_) for id_ in graph.once(_by_role, ()).get(entry.name, ())]
    if other == ROLE:
        items = [graph.items[id_] for id_ in entry.ids if id_ in graph.items]
        return {(ROLE, f'{ROLE} {role}') for item in items for role in _allowed(graph, item)}
    found = {(link.type, link.target) for id_ in entry.ids for link in graph.outgoing.get(id_, ())}
    found |= {(link.type, link.source) for id_ in entry.ids for link in graph.incoming.get(id_, ())}
    return found


def _by_role(graph: Graph, _: tuple[()]) -> Mapping[str, Sequence[str]]:
    """Return role to the ids of what lets it in."""
    found: dict[str, list[str]] = {}
    for item in _live(graph):
        for role in _allowed(graph, item):
            found.setdefault(role, []).append(item.id)
    return found


def _allowed(graph: Graph, item: Item) -> set[str]:
    """Return the roles that *item* lets in, or that a statement which guards it does."""
    guards = (guard for guard in graph.sources(item.id, 'guards') if not graph.note_of(guard).is_dead)
    return {*roles_of(item), *(role for guard in guards for role in roles_of(guard))}
