"""Which migration carries which change of the data.

A *carrier* is a migration together with the rollout steps that run it, or a rollout step that migrates without naming a
migration. A carrier covers what it has a link to and what its words name. Where it is less exact than that, the more
generous reading counts: one that names a table and none of its columns covers them all, and one that names nothing at
all ("the migration adds the new columns") covers everything. An index or a constraint is covered only where it is
named.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import NoteView, RuleSettings
from sphinxcontrib_designnote.rules.near import loose_name
from sphinxcontrib_designnote.rules.steps import carries_migration, ordered_steps, step_texts
from sphinxcontrib_designnote.rules.subjects import entity_change, subject_id

_WORD = re.compile(r'[^\W\d]\w*')
#: A table or columns that are not named because the note has no other new ones.
_THE_TABLES = re.compile(r'\b(?:the|both|all|these|new)\s+(?:new\s+)?tables?\b(?!\s+`)', re.IGNORECASE)
_THE_COLUMNS = re.compile(
    r'\b(?:the|both|all|these|new|two|three|four)\s+(?:new\s+|two\s+|three\s+|four\s+)?columns?\b(?!\s+`)',
    re.IGNORECASE,
)
#: Characters of a migration's text that are looked at for these.
_SAID = 20_000
_DATA = ('entity', 'field', 'constraint')
_INDEX_WORDS = ('index', 'indexes', 'indices', 'indexed')
#: Kind of constraint to the words by which a migration speaks of one.
_CONSTRAINT_WORDS: Mapping[str, tuple[str, ...]] = {
    'index': _INDEX_WORDS,
    'unique': ('unique', 'uniqueness', 'constraint', 'constraints', *_INDEX_WORDS),
    'foreign-key': ('foreign', 'fk', 'references', 'constraint', 'constraints'),
    'check': ('check', 'constraint', 'constraints'),
    'primary-key': ('primary', 'pk', 'constraint', 'constraints'),
}
_ONLINE_WORDS = ('online', 'concurrently', 'concurrent')


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityChange:
    """What a note does to one entity, and to its columns and constraints."""

    entity: Item
    #: ``new``, ``modified`` or ``removed``.
    change: str
    #: Those that the note adds, modifies, renames or drops.
    columns: tuple[Item, ...]
    #: Those that it adds.
    constraints: tuple[Item, ...]

    @property
    def exists(self) -> bool:
        """Whether the entity is there before this note."""
        return self.change == 'modified'


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """A migration with the steps that run it, or steps that run none that is stated."""

    migration: Item | None
    #: In rollout order.
    steps: tuple[Item, ...]
    #: Ids of the entities, columns and constraints that it names.
    named: frozenset[str]
    #: What the migration and the steps say in words.
    texts: tuple[str, ...]
    #: Folded words of these.
    words: frozenset[str]
    #: It names nothing of the note's data.
    generic: bool
    #: The migration's ``entities`` option names what it covers.
    stated: bool

    @property
    def adds(self) -> bool:
        """Whether it may be what brings new tables and columns: not a backfill, not a contraction."""
        return self.migration is None or self.migration.text('kind') in (None, 'expand')

    @property
    def is_online(self) -> bool:
        """Whether it says that it does not block."""
        online = self.migration.flag('online') if self.migration else None
        return online or (online is None and any(word in self.words for word in _ONLINE_WORDS))


class Some:
    """Some of a note's carriers. Many columns share one list of carriers, which is looked through once."""

    def __init__(self, carriers: Iterable[Carrier]) -> None:
        self._ids = {id(carrier) for carrier in carriers}
        #: By identity; the list is kept, so that no other gets its identity.
        self._counts: dict[int, tuple[list[Carrier], int]] = {}

    def count_in(self, carriers: list[Carrier]) -> int:
        """Return how many of *carriers* are among these."""
        if id(carriers) not in self._counts:
            self._counts[id(carriers)] = carriers, sum(id(carrier) in self._ids for carrier in carriers)
        return self._counts[id(carriers)][1]

    def any_in(self, carriers: list[Carrier]) -> bool:
        """Whether one of *carriers* is among these."""
        return self.count_in(carriers) > 0

    def all_in(self, carriers: list[Carrier]) -> bool:
        """Whether all *carriers* are among these."""
        return self.count_in(carriers) == len(carriers)


def by_word(carriers: Iterable[Carrier], said: Callable[[Carrier], Iterable[str]]) -> Mapping[str, Some]:
    """Return each of the words that *said* finds in a carrier, and the carriers in which it does."""
    found: dict[str, list[Carrier]] = {}
    for carrier in carriers:
        for word in said(carrier):
            found.setdefault(word, []).append(carrier)
    return {word: Some(those) for word, those in found.items()}


def _names_all_columns(carrier: Carrier) -> bool:
    """Whether the carrier says "all columns" or "both columns"."""
    return not carrier.words.isdisjoint(('all', 'both', 'every')) and not carrier.words.isdisjoint(
        ('column', 'columns')
    )


class Migrations:
    """The data changes of a note and their carriers. Built in O(items + text)."""

    def __init__(self, view: NoteView) -> None:
        self._view = view
        self.changes = [change for entity in view.of('entity') if (change := _entity_change(entity, view)) is not None]
        self._columns: dict[str, dict[str, str]] = {}
        for change in self.changes:
            columns = self._columns.setdefault(self._id(change.entity), {})
            columns.update({column_name(column).casefold(): self._id(column) for column in change.columns})
        self._names = self._index_names()
        steps = ordered_steps(view)
        self.position = {step.id: index for index, step in enumerate(steps)}
        self.runs = self._runs(steps)
        self.carriers = list(self._carriers(steps))
        self._generic = [carrier for carrier in self.carriers if carrier.generic]
        self._whole: dict[str, list[Carrier]] = {}
        self._by_name: dict[str, list[Carrier]] = {}
        for carrier in self.carriers:
            for id_ in carrier.named:
                self._by_name.setdefault(id_, []).append(carrier)

    def _index_names(self) -> dict[str, list[tuple[str, str]]]:
        """Folded word to the ids of the entity and the thing in it (or the entity twice) that the word names."""
        names: dict[str, list[tuple[str, str]]] = {}
        for change in self.changes:
            entity = self._id(change.entity)
            for name in filter(None, (change.entity.key, change.entity.text('table'))):
                for word in {name.casefold(), loose_name(name), f'{loose_name(name)}s', f'{name.casefold()}s'}:
                    names.setdefault(word, []).append((entity, entity))
            for column in change.columns:
                # A column that is added to take the place of another is not the other under a new name.
                old = column.text('renamed_from') if column.change != 'add' else None
                for name in filter(None, (column_name(column), old)):
                    names.setdefault(name.casefold(), []).append((entity, self._id(column)))
            columns = self._columns[entity]
            for constraint in change.constraints:
                names.setdefault(constraint.title.casefold(), []).append((entity, self._id(constraint)))
                for name in constraint.names('columns'):
                    if name.casefold() not in columns:
                        names.setdefault(name.casefold(), []).append((entity, _old_column(entity, name)))
        return names

    def _id(self, item: Item) -> str:
        return subject_id(self._view.graph, item)

    def _runs(self, steps: Sequence[Item]) -> dict[str, list[Item]]:
        """Migration id to the steps that run it.

        A step that migrates and links to no migration runs, of those that no step links to, the ones that name the same
        table or column; all of them, where one of the two names nothing.
        """
        migrations = self._view.of('migration')
        runs: dict[str, list[Item]] = {migration.id: [] for migration in migrations}
        loose = []
        for step in steps:
            linked = [target for target in self._view.targets(step, 'runs') if target.id in runs]
            for target in linked:
                runs[target.id].append(step)
            if not linked and carries_migration(step) and not step.says('runs'):
                loose.append((step, self._named(step_texts(step), ())))
        waiting = [migration for migration in migrations if not runs[migration.id]] if loose else []
        by_name: dict[str, list[Item]] = {}
        unnamed = [step for step, named in loose if not named]
        for step, named in loose:
            for id_ in named:
                by_name.setdefault(id_, []).append(step)
        for migration in waiting:
            named = self._named(_texts(migration), self._view.targets(migration, 'migrates'))
            found = {step.id: step for id_ in named for step in by_name.get(id_, ())}
            found |= {step.id: step for step in (unnamed if named else [step for step, _ in loose])}
            runs[migration.id] = sorted(found.values(), key=lambda step: self.position[step.id])
        return runs

    def _named(self, texts: Iterable[str], linked: Iterable[Item]) -> frozenset[str]:
        return self._resolve(_words(texts), linked)

    def _resolve(self, words: frozenset[str], linked: Iterable[Item]) -> frozenset[str]:
        """Return the ids of what is linked, and of what *words* name.

        A column that several entities have is that of the entities that are named too, if any are.
        """
        named = {self._id(item) for item in linked}
        meant = [self._names[word] for word in words if word in self._names]
        entities = named | {id_ for things in meant for entity, id_ in things if entity == id_}
        for things in meant:
            several = len({entity for entity, _ in things}) > 1
            named.update(id_ for entity, id_ in things if not several or not entities or entity in entities)
        return frozenset(named)

    def _carriers(self, steps: Sequence[Item]) -> Iterator[Carrier]:
        running: set[str] = set()
        for migration in self._view.of('migration'):
            own = self.runs[migration.id]
            running.update(step.id for step in own)
            texts = [*_texts(migration), *(text for step in own for text in step_texts(step))]
            linked = self._view.targets(migration, 'migrates')
            yield self._carrier(migration, own, texts, linked)
        for step in steps:
            linked = [each for each in self._view.targets(step, 'removes') if each.kind in _DATA]
            if step.id not in running and (carries_migration(step) or linked) and not step.says('runs'):
                yield self._carrier(None, [step], [*step_texts(step)], linked)

    def _carrier(self, migration: Item | None, steps: list[Item], texts: list[str], linked: list[Item]) -> Carrier:
        words = _words(texts)
        stated = migration is not None and migration.says('entities')
        # "The table of exports" is not each new one where the option says which.
        named = self._resolve(words, linked) | (frozenset() if stated else self._definite(texts))
        return Carrier(
            migration=migration,
            steps=tuple(steps),
            named=named,
            texts=tuple(texts),
            words=words,
            generic=not named,
            stated=stated,
        )

    def _definite(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the ids of what "creates the table and the new columns" means: all new ones of the note."""
        said = ' '.join(texts)[:_SAID]
        tables, columns = _THE_TABLES.search(said) is not None, _THE_COLUMNS.search(said) is not None
        if not (tables or columns):
            return frozenset()
        new = {self._id(change.entity) for change in self.changes if tables and change.change == 'new'}
        added = {
            self._id(column)
            for change in self.changes
            if columns and change.exists
            for column in change.columns
            if column.change in ('add', None)
        }
        return frozenset(new | added)

    def of_entity(self, change: EntityChange) -> list[Carrier]:
        """Return the carriers of a new or removed entity: those that name it or one of its parts, else the generic."""
        parts = (change.entity, *change.columns)
        found = {id(c): c for part in parts for c in self._by_name.get(self._id(part), ())}
        return list(found.values()) or self._generic

    def of_column(self, column: Item, change: EntityChange) -> list[Carrier]:
        """Return the carriers of a *column*: those that name it, else its entity and no column, else the generic."""
        return self._by_name.get(self._id(column), []) or self._of_whole(change) or self._generic

    def _of_whole(self, change: EntityChange) -> list[Carrier]:
        entity = self._id(change.entity)
        if entity not in self._whole:
            columns = set(self._columns[entity].values())
            self._whole[entity] = [
                c for c in self._by_name.get(entity, ()) if columns.isdisjoint(c.named) or _names_all_columns(c)
            ]
        return self._whole[entity]

    def of_constraint(self, constraint: Item, change: EntityChange) -> list[Carrier]:
        """Return the carriers of an index or constraint: those that name it.

        By a link, by its title, by the word for its kind beside its column or its table or nothing else; or by
        ``entities``, where that names the table and nothing else is said.
        """
        if named := self._by_name.get(self._id(constraint)):
            return named
        kind_words = _CONSTRAINT_WORDS.get(constraint.text('kind') or '', ('constraint', 'constraints', *_INDEX_WORDS))
        entity = self._id(change.entity)
        columns = self._columns[entity]
        own = (columns.get(name.casefold()) or _old_column(entity, name) for name in constraint.names('columns'))
        beside = [*self._generic, *(c for place in (entity, *own) for c in self._by_name.get(place, ()))]
        found = [carrier for carrier in beside if any(word in carrier.words for word in kind_words)]
        return found or [carrier for carrier in self._of_whole(change) if carrier.stated]

    def of_existing(self) -> Iterator[EntityChange]:
        """Yield the changes of entities that are there before this note."""
        new = {self._id(change.entity) for change in self.changes if change.change == 'new'}
        yield from (change for change in self.changes if change.exists and self._id(change.entity) not in new)

    def uncovered(self, change: EntityChange) -> tuple[list[Item], list[Item]]:
        """Return the columns and the constraints of an existing entity that no carrier covers."""
        columns = [column for column in change.columns if not self.of_column(column, change)]
        return columns, [each for each in change.constraints if not self.of_constraint(each, change)]


def _entity_change(entity: Item, view: NoteView) -> EntityChange | None:
    change = entity_change(entity, view)
    if change not in ('new', 'modified', 'removed') or entity.text('kind') == 'topic':
        return None
    parts = view.parts(entity)
    said = change == 'modified' and view.change(entity) == 'existing'  # then only what is stated is a change
    changed = [part for part in parts if part.change is not None or not said]
    return EntityChange(
        entity=entity,
        change=change,
        columns=tuple(part for part in changed if part.kind == 'field'),
        constraints=tuple(part for part in changed if part.kind == 'constraint' and part.change != 'drop'),
    )


def column_name(column: Item) -> str:
    """Return the name of *column* without its entity's."""
    return column.key.rpartition('.')[2]


def _old_column(entity: str, name: str) -> str:
    """Return what stands for the id of a column that the note does not change, but puts a constraint on."""
    return f'{entity} {name.casefold()}'


def _texts(migration: Item) -> Iterator[str]:
    yield migration.title
    if migration.body:
        yield migration.body
    for option in ('backfill', 'lock', 'revision'):
        if text := migration.text(option):
            yield text


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _WORD.findall(text.casefold()))


def migrated(note: Note, graph: Graph) -> Iterator[str]:
    """Yield the ids of the entities, columns and constraints whose change in *note* a migration carries."""
    migrations = Migrations(NoteView(note, graph, RuleSettings(today=datetime.date.min)))
    for change in migrations.changes:
        if migrations.of_entity(change):
            yield change.entity.id
        yield from (column.id for column in change.columns if migrations.of_column(column, change))
        yield from (each.id for each in change.constraints if migrations.of_constraint(each, change))
