"""DN409: do two statements of one column, in one note, say the same?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.columns import Fact, Facts, columns_in, differences, facts, facts_of
from sphinxcontrib_designnote.rules.coverage import Carrier, EntityChange, Migrations, column_name
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
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
    migrations = Migrations(view)
    columns = [
        (column, change) for change in migrations.changes for column in change.columns if view.change(column) != 'drop'
    ]
    by_name: dict[str, list[tuple[Item, EntityChange]]] = {}
    for column, change in columns:
        by_name.setdefault(column_name(column).casefold(), []).append((column, change))
    added = [column_name(column) for column, _ in columns if view.change(column) == 'add']
    only = added[0] if len(added) == 1 else None
    for carrier in migrations.carriers:
        for item, name, said in _told(carrier, only):
            meant = by_name.get(name, [])
            if len({subject_id(view.graph, change.entity) for _, change in meant}) != 1:
                continue
            ids = {subject_id(view.graph, part) for column, change in meant for part in (column, change.entity)}
            if carrier.generic or ids & carrier.named:
                yield from _contradicted(meant[0][0], carrier, item, said)


def _told(carrier: Carrier, only: str | None) -> Iterator[tuple[Item, str, Facts]]:
    """Yield who of *carrier* declares a column in words, its folded name, and what is said of it."""
    for item in (*((carrier.migration,) if carrier.migration else ()), *carrier.steps):
        for text in (item.title, item.body):
            for part in columns_in(text, only):
                name, _, type_ = part.argument.partition(': ')
                nullable = {'yes': True, 'no': False}.get(part.options.get('nullable', ''))
                yield item, name.casefold(), facts(type_, part.options.get('default'), nullable)


def _contradicted(column: Item, carrier: Carrier, item: Item, said: Facts) -> Iterator[Report]:
    # Nullable at first and not null in the end is how such a column is added.
    tightens = column.flag('nullable') is False and {'not', 'null'} <= carrier.words
    found = [
        (mine, other) for mine, other in differences(facts_of(column), said) if not (tightens and other == 'nullable')
    ]
    if found:
        mine, other = map(short, found[0])
        message = f'{noun(item)} makes {short(column.key)} {other}, and the entity says {mine}; correct one of them'
        yield Report(message=message, about=item, related=(column.location,), detail=column.key)


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
        both = [(earlier[aspect], fact) for aspect, fact in own.items() if aspect in earlier]
        clash = next(((fact, first, other) for (first, other), fact in both if first.value != fact.value), None)
        if clash is not None:
            fact, first, other = clash
            message = f'{noun(column)} is {short(fact.shown)} here and {short(first.shown)} above; correct one of them'
            yield Report(message=message, about=column, related=(other.location,))
        for aspect, fact in own.items():
            earlier.setdefault(aspect, (fact, column))


RULES = (default_mismatch,)
