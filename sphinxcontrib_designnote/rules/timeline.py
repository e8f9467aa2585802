"""Which flag is on when, by the schedule of all open notes."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterator

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.schedule import Schedule
from sphinxcontrib_designnote.rules.steps import turns_off, turns_on
from sphinxcontrib_designnote.rules.subjects import subject_id

#: Steps that are done come before all that are planned, by their dates; those of implemented notes are done.
_Place = tuple[int, datetime.date]


class Timeline:
    """The states of all flags over the steps of all notes, in the order of a schedule. O(n log n)."""

    def __init__(self, graph: Graph, schedule: Schedule) -> None:
        self._graph = graph
        self._place: dict[str, _Place] = {
            planned.step.id: (number, datetime.date.min) for number, planned in enumerate(schedule.planned)
        }
        #: Flag to when what happens to it: on, off, or gone (``None``).
        self._events: dict[str, list[tuple[_Place, Item, bool | None]]] = {}
        for note in graph.notes.values():
            for step in note.items if not note.is_dead else ():
                if step.kind == 'rollout-step' and (step.id in self._place or not note.is_open or step.says('done')):
                    self._add(step)
        for events in self._events.values():
            events.sort(key=lambda event: event[0])

    def _add(self, step: Item) -> None:
        place = self._place.get(step.id, (-1, step.date('done') or datetime.date.min))
        if turns_on(step) or turns_off(step):
            for flag in self._graph.targets(step.id, 'switches'):
                self._events.setdefault(subject_id(self._graph, flag), []).append((place, step, not turns_off(step)))
        for flag in self._graph.targets(step.id, 'removes'):
            if flag.kind == 'feature-flag':
                self._events.setdefault(subject_id(self._graph, flag), []).append((place, step, None))

    def turned_on(self, flag: str) -> Iterator[Item]:
        """Yield the steps still to be done that turn *flag* on."""
        return (step for place, step, state in self._events.get(flag, ()) if state and place[0] >= 0)

    def turned_off(self, flag: str) -> Iterator[Item]:
        """Yield the steps still to be done that turn *flag* off."""
        return (step for place, step, state in self._events.get(flag, ()) if state is False and place[0] >= 0)

    def is_on(self, flag: str, at: Item) -> bool | None:
        """Whether *flag* is on right before the step *at*; ``None`` where nobody knows."""
        events = self._events.get(flag, [])
        number = self._before(flag, at)
        if number:
            return events[number - 1][2]
        state = self._initial(flag)
        if state is None and events and events[0][2] is not None:
            return not events[0][2]
        return state

    def _before(self, flag: str, at: Item) -> int:
        """Return the number of things that happen to *flag* before the step *at*."""
        return bisect_left(self._events.get(flag, []), self._place[at.id], key=lambda event: event[0])

    def next_on(self, flag: str, at: Item) -> Item | None:
        """Return the step behind *at* that turns *flag* on."""
        behind = self._events.get(flag, [])[self._before(flag, at) :]
        return next((step for _, step, state in behind if state), None)

    def _initial(self, flag: str) -> bool | None:
        impacts = self._impacts(flag)
        default = next((item.text('default') for item in reversed(impacts) if item.says('default')), None)
        new = self._graph.change(impacts[0]) == 'new' and self._graph.note_of(impacts[0]).is_open
        return default == 'on' if default is not None and new else None

    def is_left_off(self, flag: str) -> bool:
        """Whether DN606 says that nothing turns *flag* on."""
        first = self._impacts(flag)[0]
        note = self._graph.note_of(first)
        has_rollout = any(item.kind == 'rollout-step' for item in note.items)
        is_switched = any(state for _, _, state in self._events.get(flag, ()))
        return has_rollout and not is_switched and first.text('flag_type') in (None, 'release', 'experiment')

    def removal(self, flag: str) -> tuple[datetime.date, Item] | None:
        """Return the day by which *flag* is to be gone, and what says so last; ``None`` once it is gone."""
        if any(state is None and place[0] < 0 for place, _, state in self._events.get(flag, ())):
            return None
        stated = [(day, item) for item in self._impacts(flag) if (day := item.date('remove_by')) is not None]
        return stated[-1] if stated else None

    def _impacts(self, flag: str) -> tuple[Item, ...]:
        item = self._graph.items[flag]
        subject = self._graph.subject_of.get(flag)
        return subject.impacts if subject else (item,)
