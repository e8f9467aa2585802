"""Names that nothing answers to: what each was meant for, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Dangling, Graph
from sphinxcontrib_designnote.rules.definition import Report
from sphinxcontrib_designnote.rules.near import Declared, endpoint_of, loose_name

_NAMED = ('feature-flag', 'entity', 'field', 'interface')
_DATA = frozenset({'entity', 'field', 'constraint'})


class Family(Enum):
    """What sort of thing an unresolved name was meant for, and so which rule speaks about it."""

    REFERENCE = 'DN201'
    WRONG_KIND = 'DN203'
    ENDPOINT = 'DN208'
    FLAG = 'DN210'
    DATA = 'DN211'


@dataclass(frozen=True, kw_only=True, slots=True)
class Unresolved:
    """A name that nothing answers to, and the kinds that were acceptable."""

    dangling: Dangling
    #: Without the kind that may stand before it.
    name: str
    kinds: tuple[str, ...]
    family: Family


def unresolved(graph: Graph) -> Iterator[Unresolved]:
    """Sort the dangling names of *graph*; a kind before the name (``entity:users``) narrows what was meant."""
    for dangling in graph.dangling:
        name, kinds = dangling.written.strip(), dangling.kinds
        prefix, colon, rest = name.partition(':')
        named = graph.vocabulary.kind_of_role(prefix.strip()) if colon and rest.strip() else None
        if named is not None:
            name, kinds = rest.strip(), (named.name,)
        family = Family.WRONG_KIND if dangling.wrong is not None else _family_of(name, kinds)
        yield Unresolved(dangling=dangling, name=name, kinds=kinds, family=family)


def _family_of(name: str, kinds: tuple[str, ...]) -> Family:
    if kinds == ('feature-flag',):
        return Family.FLAG
    if kinds == ('endpoint',) or ('endpoint' in kinds and endpoint_of(name, '') is not None):
        return Family.ENDPOINT
    if _DATA.issuperset(kinds) or ('field' in kinds and _is_column_name(name)):
        return Family.DATA
    return Family.REFERENCE


def _is_column_name(name: str) -> bool:
    owner, dot, column = name.replace('`', '').rpartition('.')
    return bool(dot) and owner.isidentifier() and column.isidentifier()


def grouped(found: Iterable[Unresolved], form: Callable[[Unresolved], str]) -> Iterator[tuple[str, list[Unresolved]]]:
    """Group by note and *form*: what is named three times in one note is missing once."""
    groups: dict[tuple[str, str], list[Unresolved]] = {}
    for each in found:
        groups.setdefault((each.dangling.note, form(each)), []).append(each)
    for (_, name), group in groups.items():
        yield name, group


def _source(graph: Graph, dangling: Dangling) -> Item | Note:
    return graph.items.get(dangling.source) or graph.notes.get(dangling.source) or graph.notes[dangling.note]


def report(graph: Graph, group: list[Unresolved], message: str, detail: str, *also: SourceLocation) -> Report:
    """Report *group* as one finding, at its first place; the other places, and *also*, are related."""
    first = group[0].dangling
    others = [each.dangling.location for each in group[1:]]
    related = tuple(dict.fromkeys(at for at in (*also, *others) if at != first.location))
    about = _source(graph, first)
    return Report(message=message, about=about, at=first.location, related=related, detail=detail, shared=True)


def with_near(graph: Graph, *families: Family) -> Iterator[tuple[Unresolved, tuple[str, str] | None]]:
    """Yield each unresolved name of *families*, with kind and name of the declared thing that it nearly is."""
    found = [each for each in unresolved(graph) if each.family in families]
    if found:
        renamed = _old_names(graph)
        found = [each for each in found if renamed.isdisjoint(_places(each.dangling.note, each.name))]
    declared = Declared(graph, _NAMED) if found else None
    for each in found:
        yield each, declared.nearest(each.name, _likely(each), each.dangling.note) if declared else None


def _old_names(graph: Graph) -> set[tuple[str, str]]:
    """Return note and loose name of the columns that notes rename: the old name is known from there."""
    old_names: set[tuple[str, str]] = set()
    for item in graph.items.values():
        old = item.text('renamed_from') if item.kind == 'field' else None
        owner = graph.items.get(item.parent or '')
        if old and owner is not None:
            old_names |= {(item.note, loose_name(old)), ('', loose_name(f'{owner.key}.{old}'))}
    return old_names


def _places(note: str, name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (note, loose_name(name)), ('', loose_name(name))


def _likely(each: Unresolved) -> tuple[str, ...]:
    return tuple(kind for kind in _NAMED if kind in each.kinds)
