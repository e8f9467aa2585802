"""DN409: do two statements of one column, in one note, say the same?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.columns import Fact, Facts, Told, columns_in, differences, facts_of, said_at
from sphinxcontrib_designnote.rules.coverage import Carrier, Migrations, column_name
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.subjects import column_change, noun, short, subject_id


@rule('DN409', 'default-mismatch', Severity.ERROR, Scope.NOTE)
def default_mismatch(view: NoteView) -> Iterator[Report]:
    """Two statements of one column, or the entity and the migration, disagree on default, type or nullability.

    **Why.** One of them becomes the schema and the other what everybody believes that it is.

    **Example.** ::

        **Deployment table:**
        - Add `auto_configured: boolean` field (default: false)

        ### Migration Story
        Alembic migration adds the new column with default value `true`.

    **Use instead.** Say it once, or the same. Plain::

        Alembic migration adds the new column with default value `false`.

    Directive::

        .. migration:: Add auto_configured, default false
           :entities: Deployment.auto_configured

    **Limits.** Types are compared by what they hold: ``bool`` is ``boolean``, ``varchar(64)`` differs from
    ``varchar(20)``, and of ``string``, ``number`` or a type of the project's own nothing is said. Of a migration's
    words those count that declare a column; one that is nullable first and not null later is no contradiction, and
    neither is a column that the note adds first and modifies later, or in another release. Fields of requests and
    events are no columns.
    """
    yield from _stated_twice(view)
    migrations = view.once(Migrations)
    columns = _Columns(view, migrations)
    for carrier in migrations.carriers:
        for item in (*((carrier.migration,) if carrier.migration else ()), *carrier.steps):
            for told in (told for text in (item.title, item.body) for told in columns_in(text, columns.only)):
                column = columns.meant(told)
                if column is not None:
                    yield from _contradicted(column, carrier, item, told.facts)


class _Columns:
    """The columns that a note adds or changes, by name."""

    def __init__(self, view: NoteView, migrations: Migrations) -> None:
        self._view = view
        self._by_name: dict[str, list[tuple[Item, Item]]] = {}
        added: list[str] = []
        for change in migrations.changes:
            for column in change.columns:
                if view.change(column) != 'drop':
                    self._by_name.setdefault(column_name(column).casefold(), []).append((column, change.entity))
                if view.change(column) == 'add' and change.exists:
                    added.append(column_name(column))
        #: What "the new column" means.
        self.only = added[0] if len(added) == 1 else None

    def meant(self, told: Told) -> Item | None:
        """Return the one column that *told* can mean."""
        named = [
            (column, entity)
            for column, entity in self._by_name.get(told.name, ())
            if told.table in (None, entity.key.casefold(), (entity.text('table') or entity.key).casefold())
        ]
        tables = {subject_id(self._view.graph, entity) for _, entity in named}
        return named[0][0] if len(tables) == 1 else None


def _contradicted(column: Item, carrier: Carrier, item: Item, said: Facts) -> Iterator[Report]:
    own = facts_of(column)
    aspects = differences(own, said)
    # Nullable at first and not null in the end is how such a column is added.
    if column.flag('nullable') is False and {'not', 'null'} <= carrier.words and 'nullability' in aspects:
        aspects.remove('nullability')
    for aspect in aspects[:1]:
        mine, other = short(own[aspect].shown), short(said[aspect].shown)
        message = f'{noun(column)} is {mine} here, and {noun(item)} makes it {other}; correct one of them'
        at, related = said_at(column, aspect), (item.location,)
        yield Report(message=message, about=column, at=at, related=related, detail=item.id)


def _stated_twice(view: NoteView) -> Iterator[Report]:
    """Report the columns that the note states twice, as doing the same in the same release, with two meanings."""
    said: dict[tuple[str, str | None, str | None], dict[str, tuple[Fact, Item]]] = {}
    for column in view.of('field'):
        owner = view.parent(column)
        if owner is None or owner.kind != 'entity':
            continue
        does = column_change(column, view.graph)
        earlier = said.setdefault((subject_id(view.graph, column), does, column.release), {})
        own = facts_of(column)
        for aspect in differences(own, {name: fact for name, (fact, _) in earlier.items()})[:1]:
            first, other = earlier[aspect]
            message = f'{noun(column)} is {short(own[aspect].shown)} here and {short(first.shown)} above; correct one'
            related = (said_at(other, aspect),)
            yield Report(message=message, about=column, at=said_at(column, aspect), related=related)
        for aspect, fact in own.items():
            earlier.setdefault(aspect, (fact, column))


RULES = (default_mismatch,)
