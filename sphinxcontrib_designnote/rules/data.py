"""DN4xx: does every change of the data reach the database, and without harm?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import EntityChange, Migrations
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.subjects import listed, noun, short

_VERBS = {'new': 'creates', 'modified': 'changes', 'removed': 'drops'}


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
    migrations = Migrations(view)
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
    migrations = Migrations(view)
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
    migrations = Migrations(view)
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


RULES = (entity_without_migration, blocking_index, index_without_migration)
