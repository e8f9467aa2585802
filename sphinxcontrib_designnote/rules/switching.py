"""Which steps switch which flags, and which flag requires which, over all notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Link
from sphinxcontrib_designnote.rules.circles import components
from sphinxcontrib_designnote.rules.steps import turns_off, turns_on
from sphinxcontrib_designnote.rules.subjects import subject_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """A flag requires another."""

    #: Ids of the subjects, as :func:`subject_id` gives them.
    flag: str
    required: str
    link: Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Switching:
    """Steps that turn flags on and off, by the flag's subject. Those of dead notes do not count."""

    on: Mapping[str, Sequence[Item]]
    off: Mapping[str, Sequence[Item]]


def switching(graph: Graph) -> Switching:
    """Collect the steps in the order of their notes' history and, within a note, as written. O(links)."""
    on: dict[str, dict[str, Item]] = {}
    off: dict[str, dict[str, Item]] = {}
    for note in graph.notes.values():
        for step in note.items if not note.is_dead else ():
            if step.kind == 'rollout-step' and (turns_on(step) or turns_off(step)):
                for flag in graph.targets(step.id, 'switches'):
                    steps = off if turns_off(step) else on
                    steps.setdefault(subject_id(graph, flag), {})[step.id] = step
    return Switching(
        on={flag: tuple(steps.values()) for flag, steps in on.items()},
        off={flag: tuple(steps.values()) for flag, steps in off.items()},
    )


def requirements(graph: Graph) -> list[Requirement]:
    """Return what live notes say that flags require; what runs in a circle (DN204) is left out."""
    stated: dict[tuple[str, str], Requirement] = {}
    for link in graph.links:
        if (
            link.type == 'requires'
            and link.target in graph.items
            and not graph.note_of(graph.items[link.source]).is_dead
        ):
            flag, required = (subject_id(graph, graph.items[id_]) for id_ in (link.source, link.target))
            stated.setdefault((flag, required), Requirement(flag=flag, required=required, link=link))
    edges: dict[str, list[str]] = {}
    for flag, required in stated:
        edges.setdefault(flag, []).append(required)
    circle_of = {flag: number for number, circle in enumerate(components(edges)) for flag in circle}
    return [each for each in stated.values() if circle_of[each.flag] != circle_of[each.required]]
