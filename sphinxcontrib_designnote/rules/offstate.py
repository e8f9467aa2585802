"""DN614: does a flag's off state still have what it uses?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.arrival import Rollout
from sphinxcontrib_designnote.rules.coverage import Migrations
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.fallback import Fallbacks, impacts_of
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment
from sphinxcontrib_designnote.rules.subjects import noun, short, subject_id

_DATA = ('entity', 'field')
_ENDPOINTS = ('endpoint', 'interface')


@rule('DN614', 'drop-under-live-flag', Severity.ERROR, Scope.NOTE)
def drop_under_live_flag(view: NoteView) -> Iterator[Report]:
    """Something is dropped while a flag whose off state uses it is still there.

    **Why.** A flag is turned off when something is on fire. From this step on, that makes it worse.

    **Example.** With ``async_exports`` off, the portal reads ``GET /export``::

        1. Remove GET /export
        2. Remove the `async_exports` feature flag

    **Use instead.** Plain::

        1. Remove the `async_exports` feature flag
        2. Remove GET /export

    Directive::

        .. rollout-step:: Remove GET /export
           :removes: GET /export
           :after: Remove the async_exports feature flag

    **Limits.** The off state uses what ``when-disabled`` names in a sentence that does not refuse it ("answers 404");
    "round robin" names ``round_robin_seq``, and "by barcode" ``/loans/by-barcode``. And, where a release or experiment
    flag is the only one that its note adds, what that note replaces: an endpoint that it deprecates while the flag
    gates a new one, or removes while that has the same last word in its path; a column that it drops beside a new one
    that the flag's words name or what it gates ``uses``. A flag that another note removes is not reported, nor one that
    this note removes in no step (DN615). What is dropped before any server is deployed is DN405's. One finding for each
    flag, at the first such step.
    """
    rollout = view.once(Rollout)
    drops = sorted(_drops(view, rollout), key=lambda drop: rollout.position[drop.step.id])
    if not drops:
        return
    flags = _Flags(view)
    reported: set[tuple[str, str]] = set()
    for drop in drops:
        for flag in flags.that_use(drop.thing):
            removal = min((rollout.position[s.id] for s in view.sources(flag, 'removes')), default=len(rollout.steps))
            is_removed = removal <= rollout.position[drop.step.id] or flags.is_removed_elsewhere(flag)
            if is_removed or (drop.step.id, flag.key) in reported:
                continue
            reported.add((drop.step.id, flag.key))
            later = [step.location for step in rollout.steps[removal : removal + 1]]
            what = f'drops {short(drop.thing.key)}, which the off state of {noun(flag)} uses'
            fix = 'move it below the step that removes the flag' if later else 'remove the flag before'
            message = f'{noun(drop.step)} {what}; {fix}'
            yield Report(message=message, about=drop.step, related=(flag.location, *later), detail=flag.key)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Drop:
    step: Item
    thing: Item


def _drops(view: NoteView, rollout: Rollout) -> Iterator[_Drop]:
    """Yield what undone steps drop; of several steps that may do it the last."""
    last: dict[str, _Drop] = {}
    for step in rollout.steps:
        for thing in view.targets(step, 'removes'):
            if thing.kind in (*_DATA, *_ENDPOINTS):
                last[subject_id(view.graph, thing)] = _Drop(step=step, thing=thing)
    migrations = view.once(Migrations)
    for change in migrations.changes:
        lost = [(column, migrations.of_column(column, change)) for column in change.columns if column.change == 'drop']
        if change.change == 'removed':
            lost.append((change.entity, migrations.of_entity(change)))
        for thing, carriers in lost:
            steps = [step for carrier in carriers for step in carrier.steps]
            if steps:
                step = max(steps, key=lambda step: rollout.position[step.id])
                last.setdefault(subject_id(view.graph, thing), _Drop(step=step, thing=thing))
    servers = [step for step in rollout.steps if is_deployment(step) and not is_client(step)]
    bringing = {arrival.step.id for arrival in rollout.arrivals}
    for drop in last.values():
        too_early = servers and rollout.position[drop.step.id] < rollout.position[servers[0].id]
        if not drop.step.says('done') and not (drop.thing.kind in _DATA and (too_early or drop.step.id in bringing)):
            yield drop


class _Flags:
    """The flags that a note may have to think of, and what their off states use."""

    def __init__(self, view: NoteView) -> None:
        self._view = view
        self._graph = view.graph
        self._fallbacks = view.graph.once(Fallbacks, None)
        touched = (
            t for s in view.of('rollout-step') for link in ('switches', 'removes') for t in view.targets(s, link)
        )
        self._near = _live((*view.of('feature-flag'), *touched), view.graph)
        self._fallbacks.read(self._near)

    def that_use(self, thing: Item) -> list[Item]:
        """Return the flags whose off state uses *thing*."""
        gating = self._graph.once(_gating, subject_id(self._graph, thing))
        self._fallbacks.read(gating)
        using = self._fallbacks.using(thing)
        users = (using & self._near.keys()) | (using & gating.keys())
        return [self._near.get(flag) or gating[flag] for flag in sorted(users)]

    def is_removed_elsewhere(self, flag: Item) -> bool:
        """Whether another note removes *flag*, or this one does so, but not in a step."""
        stating, carrying_out = self._graph.once(_removing, subject_id(self._graph, flag))
        here = {self._view.note.id}
        return not (stating <= (here & carrying_out) and carrying_out <= here)


def _live(flags: Iterable[Item], graph: Graph) -> dict[str, Item]:
    """Return those that are flags, of notes that are not dead, by their subjects."""
    found: dict[str, Item] = {}
    for flag in flags:
        if flag.kind == 'feature-flag' and not graph.note_of(flag).is_dead:
            found.setdefault(subject_id(graph, flag), flag)
    return found


def _gating(graph: Graph, thing: str) -> dict[str, Item]:
    """Return the flags that gate the subject of *thing*; any name in a flag's text makes such a link."""
    impacts = impacts_of(graph.items[thing], graph)
    return _live((flag for each in impacts for flag in graph.sources(each.id, 'gates')), graph)


def _removing(graph: Graph, flag: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the notes that remove the subject of *flag*: those that state it, and those with a step that does it."""
    impacts = impacts_of(graph.items[flag], graph)
    steps = (step for each in impacts for step in graph.sources(each.id, 'removes'))
    return (
        frozenset(each.note for each in impacts if graph.change(each) == 'removed'),
        frozenset(step.note for step in steps if not graph.note_of(step).is_dead),
    )


RULES = (drop_under_live_flag,)
