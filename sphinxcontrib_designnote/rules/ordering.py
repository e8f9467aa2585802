"""An order that respects what must come before what; where there is none, what contradicts itself. Pure, on numbers.

A node is a step, numbered from 0 in the order that it has where nothing else decides, or a *barrier*, numbered from -1
downwards: it stands between what comes before it and what comes after it, so that "all of these before all of those"
takes as many edges as there are nodes, and not their product.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Collection, Mapping

from sphinxcontrib_designnote.rules.circles import components

#: Node to what comes after it; each node has an entry.
Edges = Mapping[int, Collection[int]]
Edge = tuple[int, int]

#: So many contradictions of one knot are looked into; the others show themselves once these are mended.
_MOST = 50


def in_order(
    edges: Edges, yields: Callable[[int, int], bool] = lambda first, then: True
) -> tuple[list[int], list[Edge]]:
    """Sort the nodes of *edges* (A. Kahn, 1962), smaller numbers first where nothing else decides.

    :param yields: whether an edge may be given up where no order respects all. Every circle has such an edge.
    :return: all nodes, and the edges that were given up, each of which lies on a circle. O(edges log nodes).
    """
    waits = dict.fromkeys(edges, 0)
    for targets in edges.values():
        for target in targets:
            waits[target] += 1
    ready = [node for node, count in waits.items() if not count]
    heapq.heapify(ready)
    order: dict[int, None] = {}
    given_up: list[Edge] = []
    knots: _Knots | None = None
    while len(order) < len(edges):
        if ready:
            node = heapq.heappop(ready)
        else:
            knots = knots or _Knots(edges, order, yields)
            node = knots.loosest(order)
            given_up += [(source, node) for source in knots.sources[node] if source not in order]
        order[node] = None
        for target in edges[node]:
            if target not in order:
                waits[target] -= 1
                if not waits[target]:
                    heapq.heappush(ready, target)
                elif knots is not None:
                    knots.release(node, target)
    return list(order), given_up


class _Knots:
    """What is left when every node waits for another."""

    def __init__(self, edges: Edges, placed: Collection[int], yields: Callable[[int, int], bool]) -> None:
        left = {node: targets for node, targets in edges.items() if node not in placed}
        self._knot = {node: number for number, knot in enumerate(components(left)) for node in knot}
        self._yields = yields
        self.sources: dict[int, list[int]] = {node: [] for node in left}
        self._held = dict.fromkeys(left, 0)
        for source, targets in left.items():
            for target in targets:
                self.sources[target].append(source)
                self._held[target] += self._holds(source, target)
        self._loose = [(node < 0, node) for node, count in self._held.items() if not count]
        heapq.heapify(self._loose)

    def _holds(self, source: int, target: int) -> bool:
        """Whether *target* may in no case come before *source*: they are on no circle, or the edge does not yield."""
        return self._knot[source] != self._knot[target] or not self._yields(source, target)

    def release(self, source: int, target: int) -> None:
        if self._holds(source, target):
            self._held[target] -= 1
            if not self._held[target]:
                heapq.heappush(self._loose, (target < 0, target))

    def loosest(self, placed: Collection[int]) -> int:
        """Return the node to go on with: the first step that waits for nothing but what is on a circle with it."""
        node = heapq.heappop(self._loose)[1]
        while node in placed:
            node = heapq.heappop(self._loose)[1]
        return node


def contradictions(edges: Edges, given_up: Collection[Edge], tells: Callable[[int, int], bool]) -> list[list[int]]:
    """Return the shortest circle through each edge of *given_up*, shortest first; of those that share a reason, one.

    :param tells: whether an edge is a reason that somebody stated, which could be changed.
    :return: circles that hold a step; each begins with its first. O(edges) for each edge that was given up.
    """
    knot_of = {node: knot for knot in components(edges) if len(knot) > 1 for node in knot} if given_up else {}
    looked_into: dict[int, int] = {}
    found = []
    for source, target in given_up:
        knot = knot_of[source]
        count = looked_into[id(knot)] = looked_into.get(id(knot), 0) + 1
        if count <= _MOST:
            circle = _shortest_way(edges, target, source, knot)
            steps = [node for node in circle if node >= 0]
            if steps:
                at = circle.index(min(steps))
                found.append((len(steps), circle[at:] + circle[:at]))
    used: set[Edge] = set()
    chosen = []
    for _, circle in sorted(found):
        reasons = {edge for edge in zip(circle, circle[1:] + circle[:1], strict=True) if tells(*edge)}
        if reasons.isdisjoint(used):
            chosen.append(circle)
            used |= reasons
    return chosen


def _shortest_way(edges: Edges, start: int, goal: int, within: Collection[int]) -> list[int]:
    """Return the nodes from *start* to *goal* with the fewest steps among them: barriers do not count."""
    cost = {start: 0}
    came_from: dict[int, int] = {}
    settled: set[int] = set()
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node == goal:
            break
        if node in settled:
            continue
        settled.add(node)
        for target in edges[node]:
            reached = cost[node] + (target >= 0)
            if target in within and reached < cost.get(target, reached + 1):
                cost[target], came_from[target] = reached, node
                (queue.append if target >= 0 else queue.appendleft)(target)
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
