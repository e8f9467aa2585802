"""DN7xx: is it tested?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.near import nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements

_MIGRATION = re.compile(r'\b(?:migrations?|migrate[sd]?|backfill(?:s|ed)?)\b', re.IGNORECASE)


@rule('DN701', 'endpoint-without-test', Severity.WARNING, Scope.NOTE, asks=True, answered_by='testing')
def endpoint_without_test(view: NoteView) -> Iterator[Report]:
    """No test verifies a new or changed endpoint or interface.

    **Why.** What the testing strategy leaves out is tested by the first user.

    **Example.** ::

        .. endpoint:: POST /jobs
           :change: new

    **Use instead.** Plain, under "Testing Strategy"::

        - Test POST /jobs starts a job

    Directive::

        .. test-case:: Starts a job
           :level: integration
           :verifies: POST /jobs

    **Limits.** Only tests of the same note count. A test that verifies a field of the endpoint verifies the endpoint.
    A test that names it with a mistake that DN209 reports is not reported again.
    """
    meant = nearly_named(view, 'test-case', 'verifies')
    for item, items in statements(view, ('endpoint', 'interface'), ('new', 'changed')):
        parts = [part for each in items for part in view.parts(each)]
        if any(each.id in meant for each in items):
            continue
        if not any(view.sources(each, 'verifies') for each in (item, *parts)):
            message = f"no test verifies {noun(item)}; add one, or name it in a test's ':verifies:'"
            yield Report(message=message, about=item)


@rule('DN703', 'migration-without-test', Severity.INFO, Scope.NOTE, asks=True)
def migration_without_test(view: NoteView) -> Iterator[Report]:
    """No test and no step of the rollout checks a migration.

    **Why.** A migration runs once, on data that matters, and is the part that a deployment can't take back.

    **Example.** A note with a migration whose tests are all about its endpoints.

    **Use instead.** Plain, under "Testing Strategy"::

        - Test migration up and down on a copy of production

    Directive::

        .. test-case:: Migration up and down on a copy of production
           :level: migration

    **Limits.** A test of level ``migration``, or one or a ``verify`` step that says "migration" or "backfill", covers
    every migration of the note, unless it verifies one by name: then that one.
    """
    migrations = view.of('migration')
    if not migrations:
        return
    checks = [*view.of('test-case'), *(step for step in view.of('rollout-step') if step.text('action') == 'verify')]
    if any(_checks_all(check, view) for check in checks):
        return
    for migration in migrations:
        if not view.sources(migration, 'verifies'):
            message = f'no test or verify step covers migration {_title(migration)}; add one'
            yield Report(message=message, about=migration)


def _checks_all(check: Item, view: NoteView) -> bool:
    if any(target.kind == 'migration' for target in view.targets(check, 'verifies')):
        return False
    return check.text('level') == 'migration' or any(_MIGRATION.search(text) for text in (check.title, check.body))


def _title(migration: Item) -> str:
    return noun(migration).partition(' ')[2]


RULES = (endpoint_without_test, migration_without_test)
