"""Which step of one note needs the tables and columns that a step of another note brings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.arrival import Arrival, Rollout
from sphinxcontrib_designnote.rules.definition import NoteView, RuleSettings
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment, turns_on
from sphinxcontrib_designnote.rules.subjects import subject_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """A step that can't come before another, because what it brings out would miss data."""

    first: Item
    then: Item
    #: The table or column.
    what: Item


def data_needs(graph: Graph, notes: Mapping[str, Note]) -> Iterator[Need]:
    """Yield what steps of *notes* need of each other's; what stays in one note is the business of DN607 and DN608.

    Code needs what its endpoints and interfaces ``use``: at its first deployment to a server, and where its flag is
    turned on. A migration needs the table that it changes, or that it refers to. O(links).
    """
    rollouts: dict[str, _Rollout] = {}
    for note in notes.values():
        for user, what in _uses_of(note, graph):
            provider = _introduced_in(what, graph)
            if provider is None or provider == note.id or provider not in notes:
                continue
            for id_ in (note.id, provider):
                if id_ not in rollouts:
                    rollouts[id_] = _Rollout(notes[id_], graph)
            arrival = rollouts[provider].arrival_of.get(subject_id(graph, what))
            if arrival is not None:
                for step in rollouts[note.id].steps_that_need(user, arrival):
                    yield Need(first=arrival.step, then=step, what=what)


def _uses_of(note: Note, graph: Graph) -> Iterator[tuple[Item, Item]]:
    for item in note.items:
        if item.kind in ('endpoint', 'interface') and graph.change(item) in ('new', 'changed'):
            yield from ((item, target) for target in graph.targets(item.id, 'uses'))
        elif item.kind == 'entity':
            yield item, item
        elif item.kind == 'constraint' and (owner := graph.items.get(item.parent or '')) is not None:
            yield from ((owner, target) for target in graph.targets(item.id, 'references'))


def _introduced_in(what: Item, graph: Graph) -> str | None:
    """Return the id of the note that adds *what*."""
    subject = graph.subject_of.get(what.id)
    first = subject.introduction if subject else what
    return first.note if graph.change(first) in ('new', 'add') else None


class _Rollout:
    """What a note brings, and what of it needs data."""

    def __init__(self, note: Note, graph: Graph) -> None:
        self._graph = graph
        # Only what is asked for later is kept: a view of each note would be most of what a project takes.
        view = NoteView(note, graph, RuleSettings(today=datetime.date.min))
        rollout = Rollout(view)
        self._position = rollout.position
        #: Subject of a table or column to when it arrives.
        self.arrival_of: dict[str, Arrival] = {}
        #: Id of an entity to the steps that change it.
        self._changed_by: dict[str, dict[str, Item]] = {}
        for arrival in rollout.arrivals:
            for item in arrival.brings:
                parts = graph.parts.get(item.id, ()) if item.kind == 'entity' else ()
                for each in (item, *parts):
                    self.arrival_of.setdefault(subject_id(graph, each), arrival)
                entity = item.id if item.kind == 'entity' else item.parent or ''
                self._changed_by.setdefault(entity, {})[arrival.step.id] = arrival.step
        servers = [step for step in rollout.steps if is_deployment(step) and not is_client(step)]
        self._deployment = servers[:1]
        self._loud_deployment = [step for step in servers if step.text('flag_state') != 'off'][:1]
        view.forget()

    def steps_that_need(self, user: Item, arrival: Arrival) -> Iterator[Item]:
        """Yield the steps that bring out *user*, and so need what arrives."""
        if user.kind == 'entity':
            yield from self._changed_by.get(user.id, {}).values()
            return
        yield from self._loud_deployment if arrival.only_new_entities else self._deployment
        for flag in self._graph.sources(user.id, 'gates'):
            switching = (s for s in self._graph.sources(flag.id, 'switches') if s.note == user.note and turns_on(s))
            yield from sorted(switching, key=lambda step: self._position.get(step.id, 0))[:1]
