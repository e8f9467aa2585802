"""DN4xx: does every change of the data reach the database, and as the note says?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import EntityChange, Migrations
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, subject_id

_VERBS = {'new': 'creates', 'modified': 'changes', 'removed': 'drops'}
#: Kinds of migration that change what a table looks like.
_SHAPING = ('expand', 'contract', 'index')
_SHAPES = re.compile(r'\b(?:creat|add|alter|drop|renam|widen|narrow|extend|split)\w{0,4}\b', re.IGNORECASE)
#: Right before the name of a table or column that a migration alters.
_ALTERS = re.compile(
    r'\b(?:creat|alter|drop|renam|extend|widen|narrow)\w{0,4} (?:(?:the|a|an|new|existing|old|table|column) ){0,4}`?$'
    r'|\b(?:add|drop|remov)\w{0,4}\b(?![^.;]{0,100}\b(?:foreign|references?|referencing|fk|rows?)\b)[^.;]{0,100}'
    r' (?:to|on|from) (?:(?:the|existing|table|tables) ){0,3}`?$',
    re.IGNORECASE,
)
_BEFORE = 160


@rule('DN401', 'entity-without-migration', Severity.WARNING, Scope.NOTE, asks=True, answered_by='migration-story')
def entity_without_migration(view: NoteView) -> Iterator[Report]:
    """A new, modified or removed table or column is in no migration.

    **Why.** Code that expects a column which nothing adds fails on its first query.

    **Example.** ::

        .. entity:: Deployment
           :change: modified

           - Add `auto_configured: boolean` field (default: false)

    **Use instead.** Plain, under "Migration Story"::

        - Alembic migration adds `auto_configured` to Deployment

    Directive::

        .. migration:: Add auto_configured
           :entities: Deployment.auto_configured

    **Limits.** A migration, or a rollout step that migrates, backfills or removes, covers what it links to and what its
    words name. One that names the table and none of its changed columns covers them all; one that names nothing of the
    note's data covers everything. Where several columns of a table are uncovered, one finding on the table names them.
    Topics need no migration; a "no migration" with a reason is no migration. A table of which only constraints change
    is DN410's.
    """
    migrations = view.once(Migrations)
    for change in migrations.changes:
        if change.change == 'modified' and (change.columns or change.constraints):
            columns, constraints = migrations.uncovered(change)
            if not columns:
                continue
            missing = columns + constraints if len(columns) == len(change.columns) else columns
            about = missing[0] if len(missing) == 1 else change.entity
            names = listed([short(part.key, 60) for part in missing])
            message = f"no migration covers {names}; name it in the migration's ':entities:', or state one"
            related = tuple(part.location for part in missing[:10] if part is not about)
            yield Report(message=message, about=about, related=related)
        elif not migrations.of_entity(change):
            message = f'no migration {_VERBS[change.change]} {noun(change.entity)}; state one that names it'
            yield Report(message=message, about=change.entity)


@rule('DN407', 'blocking-index', Severity.INFO, Scope.ITEM, by_note=True)
def blocking_index(view: NoteView) -> Iterator[Report]:
    """An index is added to a table that exists, and nobody says that it is built online.

    **Why.** Building an index the ordinary way blocks writes to the table until it is done: minutes on a large one.

    **Example.** ::

        .. entity:: Deployment
           :change: modified

           - Add index on `auto_configured`

    **Use instead.** Plain::

        - Add index concurrently on `auto_configured`

    Directive::

        .. constraint:: index on auto_configured
           :online: yes

    **Limits.** Also content with "online" or "concurrently" in the words of the index, and with an online migration
    that names the index. A unique constraint counts where it is called a unique index.
    """
    if not any(_is_index(constraint) for constraint in view.of('constraint')):
        return
    migrations = view.once(Migrations)
    for change in migrations.changes:
        for constraint in change.constraints if change.exists else ():
            if not _is_index(constraint) or constraint.incomplete or _is_online(constraint):
                continue
            if any(carrier.is_online for carrier in migrations.of_constraint(constraint, change)):
                continue
            name = _name(constraint, change)
            message = f"{name} is not said to be built online, and may block writes; add ':online: yes'"
            yield Report(message=message, about=constraint)


def _is_index(constraint: Item) -> bool:
    kind = constraint.text('kind')
    return kind == 'index' or (kind == 'unique' and constraint.title.casefold().startswith('unique index'))


def _is_online(constraint: Item) -> bool:
    text = f'{constraint.title} {constraint.body}'.casefold()
    return constraint.flag('online') or 'concurrent' in text or 'online' in text.split()


def _name(constraint: Item, change: EntityChange) -> str:
    name = constraint.key.removeprefix(change.entity.key).strip() or constraint.key
    return f'{short(name)} of {short(change.entity.key)}'


@rule('DN408', 'migration-undeclared-change', Severity.WARNING, Scope.NOTE)
def migration_undeclared_change(view: NoteView) -> Iterator[Report]:
    """A migration changes a table or column that other notes declare, and this one does not.

    **Why.** Whoever reviews the data of this note, or looks for all that happens to the table, does not see it.

    **Example.** The entities of the note do not mention ``Order``::

        .. migration:: Add a column for the hold
           :entities: Order
           :kind: expand

    **Use instead.** Plain, under "Modified Entities"::

        **Order table:**
        - Add `hold_id: uuid` (nullable)

    Directive::

        .. entity:: Order
           :change: modified

           .. field:: hold_id: uuid
              :change: add

    **Limits.** What ``entities`` names counts where the migration is of kind expand, contract or index, or of none and
    its title says that it adds, creates, alters, drops or renames. In running text it has to stand right behind such a
    word ("alters `Order`", "adds `hold_id` to `Order`"): where rows are only read or filled, there is nothing to
    declare. A column of a table that the note declares without any columns is covered. What no note declares is
    DN211's.
    """
    declared = {subject_id(view.graph, item) for item in view.of('entity', 'field')}
    whole = {subject_id(view.graph, entity) for entity in view.of('entity') if not view.parts(entity)}
    for migration in view.of('migration'):
        altered: dict[str, Item] = {}
        places: list[SourceLocation] = []
        for item, at in _altered(migration, view):
            owner = view.parent(item)
            if subject_id(view.graph, item) in declared or (owner and subject_id(view.graph, owner) in whole):
                continue
            altered.setdefault(subject_id(view.graph, item), item)
            places.append(at)
        if altered:
            names = listed([short(item.key, 60) for item in altered.values()])
            message = (
                f'{noun(migration)} changes {names}, and this note does not declare that; state what it does there'
            )
            related = tuple(item.location for item in list(altered.values())[:10])
            yield Report(message=message, about=migration, at=places[0], related=related)


def _altered(migration: Item, view: NoteView) -> Iterator[tuple[Item, SourceLocation]]:
    """Yield the tables and columns of other notes that *migration* alters, not only reads or fills, and who says so."""
    others = {item.id: item for item in view.targets(migration, 'migrates') if item.note != view.note.id}
    if not others:
        return
    kind = migration.text('kind')
    shapes = kind in _SHAPING or (kind is None and not migration.says('backfill') and _SHAPES.search(migration.title))
    if shapes and migration.says('entities'):
        stated = migration.at('entities')
        links = view.graph.outgoing.get(migration.id, ())
        yield from (
            (others[link.target], stated) for link in links if link.target in others and link.location == stated
        )
    if kind in ('backfill', 'data'):
        return
    for text in (migration.title, migration.body):
        said = ' '.join(text.split())
        for named in view.graph.mentions.find(said, migration, view.note):
            before = said[max(named.offset - _BEFORE, 0) : named.offset]
            if named.item is not None and named.item.id in others and _ALTERS.search(before):
                yield named.item, migration.location


@rule('DN410', 'index-without-migration', Severity.WARNING, Scope.NOTE, asks=True)
def index_without_migration(view: NoteView) -> Iterator[Report]:
    """An index or constraint is added to a table that exists, and no migration mentions it.

    **Why.** The column arrives without the index, and the query that was to use it scans the table.

    **Example.** The entity adds an index on ``auto_configured``, and the rollout says only::

        2. Run Alembic migration to add `auto_configured` column

    **Use instead.** Plain::

        2. Run Alembic migration to add `auto_configured` column and its index

    Directive::

        .. migration:: Add auto_configured and its index
           :entities: Deployment

    **Limits.** A migration mentions an index when it names it, or says the word for its kind (index, unique, foreign
    key, check) beside its column, its table or nothing else; or when ``:entities:`` names the table and the words no
    column. Where none of the table's columns is covered either, DN401 speaks for the index too.
    """
    migrations = view.once(Migrations)
    for change in migrations.changes:
        if not change.exists or not change.constraints:
            continue
        columns, constraints = migrations.uncovered(change)
        if columns and len(columns) == len(change.columns):
            continue
        for constraint in constraints:
            fix = f'name it in the one that changes {noun(change.entity)}'
            message = f'no migration mentions {_name(constraint, change)}; {fix}'
            yield Report(message=message, about=constraint)


RULES = (entity_without_migration, blocking_index, migration_undeclared_change, index_without_migration)
