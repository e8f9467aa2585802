"""One order of the steps of all open notes, or what contradicts itself in what they say.

The rules (DN612, DN613), the export, the release plan and the time line read this, and nothing else puts steps of
several notes in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.ordering import Edge, contradictions, in_order
from sphinxcontrib_designnote.rules.precedence import Precedence, Reason, Why
from sphinxcontrib_designnote.rules.subjects import short


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

    @property
    def because(self) -> str:
        """The reasons in a few words."""
        said = dict.fromkeys(reason.says for reason in self.reasons if reason.why is not Why.RELEASE)
        releases = [short(reason.says, 30) for reason in self.reasons if reason.why is Why.RELEASE]
        return ', '.join([*said, *([f'release {" before ".join(releases)}'] if releases else [])])


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


def waits(graph: Graph, releases: Sequence[str]) -> Mapping[str, tuple[Before, ...]]:
    """Return undone step to what it waits for directly, in the order of the schedule; absent where that is nothing.

    What waits for a step that waits for a third waits for the third as well: that is left out. Where the notes
    contradict each other, what :func:`schedule` gives up is left out too.

    :return: computed once for each graph, in O(edges * steps / 64), an operation being one on a word of a set.
    """
    return graph.once(_waits, tuple(releases))


def _waits(graph: Graph, releases: tuple[str, ...]) -> Mapping[str, tuple[Before, ...]]:
    wanted = graph.once(Precedence, releases)
    order, given_up = in_order(wanted.edges, _yields(wanted))
    before: dict[int, list[int]] = {node: [] for node in order}
    kept = {(node, following) for node in order for following in wanted.edges[node]}.difference(given_up)
    for node, following in sorted(kept):
        before[following].append(node)
    place = {node: at for at, node in enumerate(each for each in order if each >= 0)}
    steps = list(place)
    # Sets of steps, by their places: those from which only barriers lead to a node, and all that come before it.
    nearest: dict[int, int] = {}
    earlier: dict[int, int] = {}
    for node in order:
        nearest[node] = earlier[node] = 0
        for each in before[node]:
            own = 1 << place[each] if each >= 0 and not wanted.steps[each].says('done') else 0
            nearest[node] |= own if each >= 0 else nearest[each]
            earlier[node] |= own | earlier[each]
    found: dict[str, tuple[Before, ...]] = {}
    for node, step in enumerate(wanted.steps):
        direct: list[Before] = []
        left = 0 if step.says('done') else nearest[node]
        while left:
            latest = steps[left.bit_length() - 1]
            left &= ~(earlier[latest] | 1 << place[latest])
            way = _way(latest, node, before, nearest, 1 << place[latest])
            reasons = tuple(reason for edge in way if (reason := wanted.edges[edge[0]][edge[1]]) is not None)
            direct.append(Before(first=wanted.steps[latest], then=step, reasons=reasons))
        if direct:
            found[step.id] = tuple(reversed(direct))
    return found


def _way(
    first: int, then: int, before: Mapping[int, Sequence[int]], nearest: Mapping[int, int], own: int
) -> list[Edge]:
    """Return the edges of a way over barriers from step to step; the one between them where there is one.

    :param own: the set of *first* alone; *nearest* says which barriers it leads to.
    """
    way: list[Edge] = []
    node = then
    while node != first:
        came = (
            first if first in before[node] else next(each for each in before[node] if each < 0 and nearest[each] & own)
        )
        way.append((came, node))
        node = came
    return way[::-1]


def _yields(wanted: Precedence) -> Callable[[int, int], bool]:
    return lambda first, then: then >= 0 or wanted.edges[first][then] is not None


def _merged(graph: Graph, releases: tuple[str, ...]) -> Schedule:
    wanted = graph.once(Precedence, releases)
    _, given_up = in_order(wanted.edges, _yields(wanted))
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
