"""DN607, DN608, DN610, DN611 and DN615: the order in which a change goes out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.arrival import Rollout, early_switches
from sphinxcontrib_designnote.rules.coverage import Migrations
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.removals import Removals
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment, step_texts
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, statements, subject_id

#: Actions after which something is not as it was before.
_CHANGING = ('deploy', 'migrate', 'backfill', 'enable', 'disable', 'restart', 'remove')
_WAY_BACK = re.compile(r'\b(?:roll(?:s|ed|ing)?[ -]?back|revert\w{0,3}|undo)\b', re.IGNORECASE)
_LONGEST = 2000


@rule('DN607', 'deploy-before-migration', Severity.WARNING, Scope.NOTE)
def deploy_before_migration(view: NoteView) -> Iterator[Report]:
    """What uses a new table or column is deployed before the migration that adds it.

    **Why.** Code that maps a column which is not there fails on every query of the table, flag or no flag.

    **Example.** ::

        1. Deploy backend with new endpoint (feature flag off)
        2. Run Alembic migration to add `auto_configured` column

    **Use instead.** Plain::

        1. Run Alembic migration to add `auto_configured` column
        2. Deploy backend with new endpoint (feature flag off)

    Directive::

        .. rollout-step:: Run Alembic migration
           :runs: Add auto_configured

        .. rollout-step:: Deploy backend
           :flag-state: off

    **Limits.** Any deployment counts, but of what uses no database by its component or its words (frontend, UI, client,
    documentation, dashboard and the like), and but one that says that it runs migrations. Info where only new tables
    are concerned and the step says that its flag is off. One finding for each migration, at the first such step; none
    where DN608 speaks. Where the column of a backfill is concerned, the step that adds it counts.
    """
    rollout = view.once(Rollout)
    if not rollout.arrivals:
        return
    early = {carrier for switch in view.once(early_switches) for carrier in switch.carriers}
    deployments = [step for step in rollout.steps if is_deployment(step) and not is_client(step)]
    loud = next((step for step in deployments if step.text('flag_state') != 'off'), None)
    for arrival in rollout.arrivals:
        if not deployments or rollout.position[deployments[0].id] > arrival.position or arrival.carrier in early:
            continue
        step, mild = deployments[0], False
        if arrival.only_new_entities:
            mild = loud is None or rollout.position[loud.id] > arrival.position
            step = step if mild or loud is None else loud
        names = listed([short(item.key, 60) for item in arrival.brings])
        yield Report(
            message=f'{noun(step)} comes before {quote(arrival.step.title)}, which adds {names}; move it below',
            about=step,
            related=(arrival.step.location, *(item.location for item in arrival.brings[:10])),
            detail=arrival.carrier,
            mild=mild,
        )


@rule('DN608', 'enabled-before-migration', Severity.ERROR, Scope.NOTE)
def enabled_before_migration(view: NoteView) -> Iterator[Report]:
    """A flag is turned on before the migration, or the deployment, of what it gates.

    **Why.** From that step on users meet a feature whose table, or whose code, is not there.

    **Example.** ::

        1. Enable feature flag for internal testing
        2. Run Alembic migration to add `auto_configured` column

    **Use instead.** Plain::

        1. Run Alembic migration to add `auto_configured` column
        2. Enable feature flag for internal testing

    Directive::

        .. rollout-step:: Enable for internal testing
           :flag: quick_deploy_enabled
           :after: Run Alembic migration

    **Limits.** Release and experiment flags that are new here or gate something of this note. What the gated endpoints
    and interfaces state as ``uses`` is what they need; where none of them states any, the note's only flag needs all of
    its new tables and columns. A deployment is late when none comes before. One finding for each flag.
    """
    for switch in view.once(early_switches):
        first = switch.late[0]
        more = f' and {len(switch.late) - 1} more' if len(switch.late) > 1 else ''
        message = f'{noun(switch.flag)} is turned on before {quote(first.title)}{more}; move this step below'
        yield Report(message=message, about=switch.step, related=tuple(step.location for step in switch.late[:10]))


@rule('DN610', 'step-without-rollback', Severity.OFF, Scope.ITEM, kinds=('rollout-step',))
def step_without_rollback(item: Item, view: NoteView) -> Iterator[Report]:
    """A step that changes something says neither how to go back nor what must hold before it.

    **Why.** At three in the morning nobody designs a way back.

    **Example.** ::

        1. Deploy the orders service

    **Use instead.** Plain::

        1. Deploy the orders service
           - Rollback: deploy the previous release
           - Gate: error rate below 0.1% on the canary

    Directive::

        .. rollout-step:: Deploy the orders service
           :action: deploy
           :rollback: deploy the previous release

    **Limits.** Off unless a profile or ``designnote_rules`` turns it on. Steps that deploy, migrate, backfill, switch a
    flag, restart or remove, and are not done. ``rollback-when``, a migration that is stated to be reversible, and a
    step whose words speak of rolling back will do.
    """
    if item.text('action') not in _CHANGING or item.says('done'):
        return
    if item.incomplete or item.says('rollback', 'rollback_when', 'gate'):
        return
    if any(migration.flag('reversible') for migration in view.targets(item, 'runs')):
        return
    if not any(_WAY_BACK.search(text[:_LONGEST]) for text in step_texts(item)):
        yield Report(message=f"{noun(item)} has no way back; add ':rollback:' or ':gate:'", about=item)


@rule('DN611', 'migration-not-in-rollout', Severity.WARNING, Scope.NOTE, asks=True)
def migration_not_in_rollout(view: NoteView) -> Iterator[Report]:
    """There is a migration and a rollout, and no step runs the migration.

    **Why.** Whoever follows the steps never runs it, or runs it at a moment that nobody has thought about.

    **Example.** ::

        .. migration:: Add auto_configured

        .. rollout::

           1. Deploy backend

    **Use instead.** Plain::

        1. Run the Alembic migration
        2. Deploy backend

    Directive::

        .. rollout-step:: Run the migration
           :runs: Add auto_configured

    **Limits.** A step that migrates, or deploys "with migrations", and names none, runs all those that no step names;
    where both name tables or columns, those that share one.
    """
    steps = view.of('rollout-step')
    if not steps or not view.of('migration'):
        return
    runs = view.once(Migrations).runs
    for migration in view.of('migration'):
        if not runs[migration.id]:
            message = f"no rollout step runs {noun(migration)}; add one, or name it in a step's ':runs:'"
            yield Report(message=message, about=migration, related=(steps[0].location,))


@rule('DN615', 'removal-not-in-rollout', Severity.WARNING, Scope.NOTE, asks=True)
def removal_not_in_rollout(view: NoteView) -> Iterator[Report]:
    """Something is removed or broken, there is a rollout, and no step carries that out.

    **Why.** Either it goes out with another step, and clients break on a day that nobody has told them, or it never
    does.

    **Example.** ::

        .. endpoint:: GET /export
           :change: removed

        .. rollout::

           1. Announce the date to partners
           2. Verify that nobody calls GET /export

    **Use instead.** Plain::

        3. Remove GET /export

    Directive::

        .. rollout-step:: Remove GET /export
           :action: remove
           :removes: GET /export

    **Limits.** Endpoints, interfaces, topics and flags; tables and columns are DN401's and DN611's. A deployment
    carries out every removal, but that of a frontend none of an endpoint: which code is in it the step need not say. So
    does a step that removes and names nothing. What is stated for another release than the note's is left alone. A
    breaking change is carried out by any step that changes something; where it affects what is removed, one finding
    says both.
    """
    steps = view.of('rollout-step')
    if not steps:
        return
    removals = Removals(view)
    gone = [item for item, _ in statements(view, ('endpoint', 'interface', 'entity', 'feature-flag'), ('removed',))]
    for item in gone:
        if (item.kind != 'entity' or item.text('kind') == 'topic') and not removals.carry_out(item):
            message = f"no rollout step removes {noun(item)}; add one, or name it in a step's ':removes:'"
            yield Report(message=message, about=item, related=(steps[0].location,))
    if all(step.text('action') in ('verify', 'announce') for step in steps):
        ids = {subject_id(view.graph, item) for item in gone}
        for item in view.of('breaking-change'):
            if not any(subject_id(view.graph, target) in ids for target in view.targets(item, 'affects')):
                message = f'no rollout step carries out {noun(item)}; add the one that brings it out'
                yield Report(message=message, about=item, related=(steps[0].location,))


RULES = (
    deploy_before_migration,
    enabled_before_migration,
    step_without_rollback,
    migration_not_in_rollout,
    removal_not_in_rollout,
)
