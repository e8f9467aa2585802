"""The standard tables.

Tables of items are declared in ``standard.toml``; here is how a column finds its cells, and the tables that
need more than a look at each item. Notes that are rejected, withdrawn or superseded declare nothing: only ``notes``,
``decisions`` and ``findings`` show them.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.model.schema import RECORD_OPTIONS, Kind, Vocabulary, builtin_vocabulary
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Column, Table, cut
from sphinxcontrib_designnote.tables.coverage import covering
from sphinxcontrib_designnote.tables.derived import DERIVED
from sphinxcontrib_designnote.tables.gather import Cells, Gathered, cells, change_of, demand, one, title_of

_Show = Callable[['Gathered', Item], Cells]
_Order = Callable[['Gathered', Item], tuple[str | int, ...]]


def tables(gathered: Gathered) -> tuple[Table, ...]:
    """Return the standard tables, and one for each kind that the project declares itself. O(items + links)."""
    return tuple(spec.make(gathered) for spec in declared(gathered.graph.vocabulary).values())


def declared(vocabulary: Vocabulary) -> Mapping[str, TableSpec]:
    """Return name to declaration of the tables that :func:`tables` makes, in their order."""
    specs = dict(_standard())
    builtin = builtin_vocabulary().kinds
    for kind in vocabulary.kinds.values():
        if kind.name not in builtin:
            spec = table_of_kind(kind, f'{kind.name}-items' if kind.name in specs else kind.name)
            specs[spec.name] = spec
    return specs


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSpec:
    """A table, as declared."""

    name: str
    title: str
    #: Those that it always has; ``permissions`` has one more for each role.
    columns: tuple[Column, ...]
    make: Callable[[Gathered], Table]
    #: Kinds of the items that are its rows; none where a row may be about anything.
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Items:
    """How a table of items is made."""

    name: str
    title: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[Column, _Show], ...]
    order: _Order
    where: Callable[[Gathered, Item], bool] | None = None
    dead: bool = False

    def __call__(self, gathered: Gathered) -> Table:
        """Make the table."""
        chosen = [
            item
            for kind in self.kinds
            for item in (gathered.by_kind.get(kind, ()) if self.dead else gathered.live(kind))
            if self.where is None or self.where(gathered, item)
        ]
        chosen.sort(key=lambda item: (self.order(gathered, item), gathered.place(item)))
        rows = tuple(gathered.row(item, *[show(gathered, item) for _, show in self.columns]) for item in chosen)
        return Table(name=self.name, title=self.title, columns=tuple(column for column, _ in self.columns), rows=rows)

    @property
    def spec(self) -> TableSpec:
        """What others know of it."""
        columns = tuple(column for column, _ in self.columns)
        return TableSpec(name=self.name, title=self.title, columns=columns, make=self, kinds=self.kinds)


def _field(name: str) -> _Show:
    return lambda _, item: cells(item.fields.get(name))


def _to(*link_types: str) -> _Show:
    return lambda gathered, item: gathered.pointed_to(item.id, *link_types)


def _from(link_type: str) -> _Show:
    return lambda gathered, item: gathered.named(covering(gathered.graph, item, link_type))


def _authorization(gathered: Gathered, item: Item) -> Cells:
    """The item's own words or roles, then the touchpoints that guard it, called by what they demand."""
    own = one(item.text('auth')) or cells(item.fields.get('roles'))
    guards = tuple(Cell(text=demand(guard), target=guard.id) for guard in covering(gathered.graph, item, 'guards'))
    repeated = {cell.text for cell in guards}
    return tuple(cell for cell in own if cell.text not in repeated) + guards


def _compatibility(gathered: Gathered, item: Item) -> Cells:
    """Statements that cover the breaking change, or in its own note what it affects."""
    found = {statement.id: statement for statement in covering(gathered.graph, item, 'covers')}
    for thing in gathered.graph.targets(item.id, 'affects'):
        found |= {s.id: s for s in covering(gathered.graph, thing, 'covers') if s.note == item.note}
    return gathered.named(found.values())


def _fields_inside(gathered: Gathered, item: Item) -> Cells:
    parts = [part for part in gathered.graph.parts.get(item.id, ()) if part.kind == 'field']
    return tuple(Cell(text=cut(_bare(part, item), NAME_LENGTH), target=part.id) for part in parts)


def _bare(part: Item, owner: Item) -> str:
    """Name of a part without its owner's."""
    return part.key.removeprefix(owner.key).lstrip(' .')


def _owner(gathered: Gathered, item: Item) -> Item | None:
    return item if item.kind == 'entity' else gathered.graph.items.get(item.parent or '')


def _is_of_entity(gathered: Gathered, item: Item) -> bool:
    owner = _owner(gathered, item)
    return owner is None or owner.kind == 'entity'


def _entity_names(gathered: Gathered, item: Item) -> tuple[str, str]:
    """Name of the entity, and of the part of it that *item* is about."""
    owner = _owner(gathered, item)
    if owner is None:
        name, _, part = item.key.rpartition('.')
        return name, part
    return owner.key, '' if owner is item else _bare(item, owner)


def _entity(gathered: Gathered, item: Item) -> Cells:
    owner, name = _owner(gathered, item), _entity_names(gathered, item)[0]
    return (Cell(text=cut(name, NAME_LENGTH), target=owner.id if owner else None),) if name else ()


def _part(gathered: Gathered, item: Item) -> Cells:
    part = _entity_names(gathered, item)[1]
    return (Cell(text=cut(part), target=item.id),) if part else ()


_SHOW: Mapping[str, _Show] = {
    'title': title_of,
    'key': lambda _, item: (Cell(text=cut(item.key), target=item.id),),
    'path': lambda _, item: (Cell(text=cut(item.text('path') or item.key), target=item.id),),
    'body': lambda _, item: one(item.body),
    'type': lambda _, item: one(item.text('type') or item.text('kind')),
    'number': lambda gathered, item: one(str(gathered.number[item.id])),
    'status': lambda gathered, item: one(gathered.graph.note_of(item).status),
    'entity': _entity,
    'part': _part,
    'fields': _fields_inside,
    'authorization': _authorization,
    'compatibility': _compatibility,
}
_COMMON: Mapping[str, tuple[Column, _Show]] = {
    'change': (Column(title='Change', style='change'), change_of),
    'release': (Column(title='Release'), lambda _, item: one(item.release)),
    'service': (Column(title='Service'), lambda _, item: one(item.service)),
    'note': (Column(title='Note'), lambda gathered, item: gathered.titles[item.note]),
}
_ORDER: Mapping[str, _Order] = {
    'key': lambda _, item: (item.key.casefold(),),
    'page': lambda _, item: (),
    'path': lambda _, item: (item.text('path') or item.key, item.text('method') or ''),
    'entity': lambda gathered, item: tuple(name.casefold() for name in _entity_names(gathered, item)),
}


@functools.cache
def _standard() -> Mapping[str, TableSpec]:
    raw = tomllib.loads(files(__package__).joinpath('standard.toml').read_text('utf-8'))
    return {name: _spec(name, table) for name, table in raw.items()}


def _spec(name: str, raw: Mapping[str, Any]) -> TableSpec:
    if name in DERIVED:
        columns, make = DERIVED[name]
        return TableSpec(name=name, title=raw['title'], columns=columns, make=make)
    return _Items(
        name=name,
        title=raw['title'],
        kinds=tuple(raw['kinds']),
        columns=tuple(_column(column) for column in raw['columns']),
        order=_ORDER[raw.get('order', 'key')],
        where=_is_of_entity if raw.get('where') == 'of_entity' else None,
        dead=raw.get('dead', False),
    ).spec


def _column(raw: str | Mapping[str, Any]) -> tuple[Column, _Show]:
    if isinstance(raw, str):
        return _COMMON[raw]
    column = Column(title=raw['title'], style=raw.get('style', 'text'))
    if 'field' in raw:
        return column, _field(raw['field'])
    if 'from' in raw:
        return column, _from(raw['from'])
    return column, _to(*raw['to']) if 'to' in raw else _SHOW[raw['show']]


def table_of_kind(kind: Kind, name: str) -> TableSpec:
    """Declare the table *name* of all items of *kind*: a column an option."""
    columns: list[tuple[Column, _Show]] = [(Column(title=cut(kind.label, NAME_LENGTH)), title_of)]
    if 'change' in kind.options:
        columns.append(_COMMON['change'])
    for option in kind.options.values():
        if option.name in RECORD_OPTIONS or option.name == 'implements':
            continue
        show = _field(option.key)
        if option.link:
            show = _from(option.link) if option.inverse else _to(option.link)
        columns.append((Column(title=option.name.replace('-', ' ').capitalize()), show))
    columns += [_COMMON['release'], _COMMON['note']]
    return _Items(
        name=name,
        title=cut(kind.label, NAME_LENGTH),
        kinds=(kind.name,),
        columns=tuple(columns),
        order=_ORDER['key'],
    ).spec
