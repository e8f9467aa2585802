"""DN614: does a flag's off state still have what it uses?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.arrival import Rollout
from sphinxcontrib_designnote.rules.coverage import Migrations
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment
from sphinxcontrib_designnote.rules.subjects import noun, short, subject_id

_DATA = ('entity', 'field')
_ENDPOINTS = ('endpoint', 'interface')
_SENTENCE = re.compile(r'[.;\n]\s')
#: What a sentence about the off state says of a thing that works then.
_USES = re.compile(
    r'\b(?:us(?:e[sd]?|ing)|reads?|writes?|written|calls?|called|serve[sd]?|served|answers?|shows?|fall(?:s|ing)? back'
    r'|fallback|as before|old|legacy|keeps?|kept|still|stays?|remains?|goes|comes|from|via|through)\b',
    re.IGNORECASE,
)
#: And of one that does not.
_REFUSES = re.compile(
    r'\b(?:[45]\d\d|hidden|unavailable|refuse[sd]?|rejected|denied|not|no|never|nothing|nobody|without|ignore[sd]?'
    r'|unused|empty|stops?|disappears?|gone)\b',
    re.IGNORECASE,
)
_LONGEST = 2000


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

    **Limits.** The off state uses what ``when-disabled`` names in a sentence that does not refuse it ("answers 404"),
    and, where a release or experiment flag is the only one that its note adds, what that note replaces: an endpoint
    that it deprecates or removes while the flag gates a new one, a column or table that it drops beside a new one. A
    flag that another note removes is not reported, nor one that this note removes in no step (DN615). What is dropped
    before any server is deployed is DN405's. One finding for each step and flag, at the step.
    """
    rollout = Rollout(view)
    flags = _Flags(view)
    reported: set[tuple[str, str]] = set()
    for drop in sorted(_drops(view, rollout), key=lambda drop: rollout.position[drop.step.id]):
        for flag in flags.that_use(drop.thing):
            removal = min((rollout.position[s.id] for s in view.sources(flag, 'removes')), default=None)
            is_removed = removal is not None and removal <= rollout.position[drop.step.id]
            if is_removed or flags.is_removed_elsewhere(flag) or (drop.step.id, flag.key) in reported:
                continue
            reported.add((drop.step.id, flag.key))
            later = () if removal is None else (rollout.steps[removal].location,)
            what = f'drops {short(drop.thing.key)}, which the off state of {noun(flag)} uses'
            fix = 'remove the flag before' if removal is None else 'move it below the step that removes the flag'
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
    migrations = Migrations(view)
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
        near = [*view.of('feature-flag')]
        for step in view.of('rollout-step'):
            near += [
                t for link in ('switches', 'removes') for t in view.targets(step, link) if t.kind == 'feature-flag'
            ]
        self._near = {subject_id(view.graph, flag): flag for flag in reversed(near)}
        self._uses: dict[str, frozenset[str]] = {}

    def that_use(self, thing: Item) -> Iterator[Item]:
        """Yield the flags whose off state uses *thing*."""
        id_ = subject_id(self._graph, thing)
        flags = dict(self._near)
        for impact in self._impacts(thing):
            for flag in self._graph.sources(impact.id, 'gates'):  # any name in a flag's text makes this link
                flags.setdefault(subject_id(self._graph, flag), flag)
        for subject, flag in flags.items():
            if subject not in self._uses:
                self._uses[subject] = frozenset(self._used_by(flag))
            if id_ in self._uses[subject]:
                yield flag

    def _impacts(self, item: Item) -> tuple[Item, ...]:
        subject = self._graph.subject_of.get(item.id)
        return subject.impacts if subject else (item,)

    def is_removed_elsewhere(self, flag: Item) -> bool:
        """Whether another note removes *flag*, or this one does so, but not in a step."""
        own = self._view.sources(flag, 'removes')
        for impact in self._impacts(flag):
            if self._graph.change(impact) == 'removed' and not (impact.note == self._view.note.id and own):
                return True
            steps = self._graph.sources(impact.id, 'removes')
            if any(s.note != self._view.note.id and not self._graph.note_of(s).is_dead for s in steps):
                return True
        return False

    def _used_by(self, flag: Item) -> Iterator[str]:
        for impact in self._impacts(flag):
            note = self._graph.note_of(impact)
            for sentence in _SENTENCE.split((impact.text('when_disabled') or '')[:_LONGEST]):
                if _USES.search(sentence) and not _REFUSES.search(sentence):
                    named = self._graph.mentions.find(sentence, impact, note)
                    yield from (subject_id(self._graph, each.item) for each in named if each.item is not None)
            if self._graph.change(impact) == 'new' and impact.text('flag_type') in (None, 'release', 'experiment'):
                yield from (subject_id(self._graph, item) for item in _replaced_by(impact, note, self._graph))


def _replaced_by(flag: Item, note: Note, graph: Graph) -> Iterator[Item]:
    """Yield what *note* replaces by what *flag* gates, where it adds no other flag."""
    others = (i for i in note.items if i.kind == 'feature-flag' and i.key != flag.key and graph.change(i) == 'new')
    if any(others):
        return
    gated = {subject_id(graph, target) for target in graph.targets(flag.id, 'gates')}
    new_kinds: set[str] = set()
    grown: set[str | None] = set()
    for item in note.items:
        if graph.change(item) in ('new', 'add'):
            if item.kind not in _ENDPOINTS or subject_id(graph, item) in gated:
                new_kinds.add(item.kind)
            grown.add(item.parent)
    for item in note.items:
        change = graph.change(item)
        is_old = change in ('deprecated', 'removed') and item.kind in new_kinds
        is_old_column = item.kind == 'field' and change == 'drop' and item.parent in grown
        if is_old_column or (is_old and subject_id(graph, item) not in gated):
            yield item


RULES = (drop_under_live_flag,)
