"""One order of the steps of all open notes, or what contradicts itself in what they say.

The rules (DN612, DN613), the export and the release plan read this, and nothing else puts steps of several notes in
order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.ordering import Edge, contradictions, in_order
from sphinxcontrib_designnote.rules.precedence import Precedence, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A step that is still to be done."""

    step: Item
    #: In which it goes out: its own, the note's, or that of a step above it.
    release: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """A step comes before another."""

    first: Item
    then: Item
    #: Several where the way leads over notes that have no steps.
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The undone steps of all open notes."""

    #: In an order that respects all there is to respect; where there is no such order, as much of it as can be.
    planned: tuple[Planned, ...]
    #: Each a circle with as few steps as can be.
    contradictions: tuple[tuple[Before, ...], ...]
    #: Whether *planned* respects everything.
    is_consistent: bool


def schedule(graph: Graph, releases: Sequence[str]) -> Schedule:
    """Merge the steps of all open notes.

    Each comes behind what its note puts above it, or what its ``after`` names; behind what the notes bring on which its
    note depends, or which it supersedes; behind the steps of earlier releases; and behind the migrations of other notes
    that add what it uses. What is left open the release decides, then the history of the notes, then the order of
    writing.

    :param releases: names of releases, oldest first; the order of others is not known, and they come last.
    :return: computed once for each graph, in O(n log n) in steps and links.
    """
    return graph.once(_merged, tuple(releases))


def _merged(graph: Graph, releases: tuple[str, ...]) -> Schedule:
    wanted = Precedence(graph, releases)
    _, given_up = in_order(wanted.edges, lambda first, then: then >= 0 or wanted.edges[first][then] is not None)
    circles = contradictions(wanted.edges, given_up, lambda first, then: wanted.edges[first][then] is not None)
    order, _ = in_order(_with_wishes(wanted, given_up), lambda first, then: (first, then) in wanted.wishes)
    steps = [wanted.steps[node] for node in order if node >= 0]
    return Schedule(
        planned=tuple(Planned(step=s, release=wanted.release[s.id]) for s in steps if not s.says('done')),
        contradictions=tuple(_told(circle, wanted) for circle in circles),
        is_consistent=not (circles or wanted.has_circles),
    )


def _with_wishes(wanted: Precedence, given_up: Sequence[Edge]) -> dict[int, set[int]]:
    edges = {node: set(targets) for node, targets in wanted.edges.items()}
    for first, then in given_up:
        edges[first].discard(then)
    for first, then in wanted.wishes:
        edges[first].add(then)
    return edges


def _told(circle: Sequence[int], wanted: Precedence) -> tuple[Before, ...]:
    """Return a *circle*, which begins with a step, as pairs of steps."""
    told: list[Before] = []
    first, reasons = circle[0], []
    for node, following in zip(circle, [*circle[1:], circle[0]], strict=True):
        if (reason := wanted.edges[node][following]) is not None:
            reasons.append(reason)
        if following >= 0:
            told.append(Before(first=wanted.steps[first], then=wanted.steps[following], reasons=tuple(reasons)))
            first, reasons = following, []
    return tuple(told)
