"""Orders, and what contradicts itself, on plain numbers."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sphinxcontrib_designnote.rules.ordering import contradictions, in_order

Edges = dict[int, dict[int, None]]
edges = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda edge: edge[0] != edge[1]), max_size=30)

#: Always the same examples.
SAME = settings(derandomize=True, deadline=None, database=None)


def graph(stated: set[tuple[int, int]], size: int = 12) -> Edges:
    return {node: dict.fromkeys(sorted(then for first, then in stated if first == node)) for node in range(size)}


def yielding(first: int, then: int) -> bool:
    return True


def has_order(stated: set[tuple[int, int]]) -> bool:
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for first, then in stated:
        sorter.add(then, first)
    try:
        sorter.prepare()
    except CycleError:
        return False
    return True


def shortest_circle(stated: set[tuple[int, int]]) -> int | None:
    """Length of the shortest circle, found by trying every start (O(n * m), and obviously right)."""
    best = None
    for start in {first for first, _ in stated}:
        reached, steps = {start}, 0
        while reached and steps <= 12:
            reached, steps = {then for first, then in stated if first in reached}, steps + 1
            if start in reached:
                best = steps if best is None else min(best, steps)
                break
    return best


class TestOrder:
    def test_what_nothing_decides_is_in_the_order_of_numbers(self) -> None:
        assert in_order(graph(set(), 4), yielding) == ([0, 1, 2, 3], [])

    def test_a_node_waits_for_those_before_it_and_no_longer(self) -> None:
        assert in_order(graph({(2, 0)}, 4), yielding) == ([1, 2, 0, 3], [])

    def test_a_barrier_stands_between_and_goes_as_soon_as_it_can(self) -> None:
        around = {0: {-1: None}, 1: {-1: None}, 2: {}, 3: {}, -1: {2: None}}
        assert in_order(around, yielding) == ([0, 1, -1, 2, 3], [])

    @SAME
    @given(edges)
    def test_every_edge_is_respected_but_those_given_up_and_none_is_where_there_is_an_order(
        self, stated: set[tuple[int, int]]
    ) -> None:
        order, given_up = in_order(graph(stated), yielding)
        assert sorted(order) == list(range(12))
        place = {node: at for at, node in enumerate(order)}
        assert {(first, then) for first, then in stated if place[first] > place[then]} == set(given_up)
        assert bool(given_up) != has_order(stated)

    @SAME
    @given(edges, st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11))))
    def test_only_edges_that_may_be_given_up_are(
        self, stated: set[tuple[int, int]], wished: set[tuple[int, int]]
    ) -> None:
        firm = {(first, then) for first, then in stated if first < then}
        wishes = {(first, then) for first, then in wished if first != then} - firm
        order, given_up = in_order(graph(firm | wishes), lambda first, then: (first, then) in wishes)
        assert set(given_up) <= wishes
        place = {node: at for at, node in enumerate(order)}
        assert all(place[first] < place[then] for first, then in firm)


class TestContradictions:
    @SAME
    @given(edges)
    def test_the_first_is_a_shortest_circle_and_all_are_circles(self, stated: set[tuple[int, int]]) -> None:
        found = contradictions(graph(stated), in_order(graph(stated), yielding)[1], yielding)
        assert [len(circle) for circle in found[:1]] == [n for n in [shortest_circle(stated)] if n is not None]
        for circle in found:
            assert len(set(circle)) == len(circle)
            assert set(pairwise([*circle, circle[0]])) <= stated
            assert circle[0] == min(circle)

    @SAME
    @given(edges)
    def test_no_two_share_an_edge(self, stated: set[tuple[int, int]]) -> None:
        found = contradictions(graph(stated), in_order(graph(stated), yielding)[1], yielding)
        used = [edge for circle in found for edge in pairwise([*circle, circle[0]])]
        assert len(used) == len(set(used))

    def test_two_that_meet_in_one_knot_are_two(self) -> None:
        stated = graph({(0, 1), (1, 0), (1, 2), (2, 3), (3, 1)}, 4)
        assert contradictions(stated, in_order(stated, yielding)[1], yielding) == [[0, 1], [1, 2, 3]]

    def test_barriers_do_not_count(self) -> None:
        # From 1 back to 0 over two barriers, or over one step more.
        stated = {0: {1: None}, 1: {2: None, -1: None}, 2: {0: None}, -1: {-2: None}, -2: {0: None}}
        assert contradictions(stated, [(0, 1)], yielding) == [[0, 1, -1, -2]]
