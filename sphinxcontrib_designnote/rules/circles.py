"""Circles in a directed graph, in linear time and without recursion."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Node = TypeVar('Node', str, int)
Edges = Mapping[str, Sequence[str]]


def circles(edges: Edges, rank: Callable[[str], Any]) -> list[list[str]]:
    """Return one circle for each group of nodes that reach each other.

    :param rank: what nodes are sorted by; each circle begins at the first of its group, and is the shortest there.
    """
    found = []
    for group in components(edges):
        first = min(group, key=lambda node: (rank(node), node))
        if len(group) > 1 or first in edges.get(first, ()):
            found.append(_shortest_circle(edges, first, group))
    return sorted(found, key=lambda circle: (rank(circle[0]), circle[0]))


def _shortest_circle(edges: Edges, first: str, group: set[str]) -> list[str]:
    came_from: dict[str, str] = {}
    queue = deque([first])
    while queue:
        node = queue.popleft()
        for target in edges.get(node, ()):
            if target == first:
                circle = [node]
                while circle[-1] != first:
                    circle.append(came_from[circle[-1]])
                return circle[::-1]
            if target in group and target not in came_from:
                came_from[target] = node
                queue.append(target)
    return [first]


def components(edges: Mapping[Node, Collection[Node]]) -> Iterator[set[Node]]:
    """Yield the strongly connected components (R. Tarjan, 1972), with a stack of our own."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component: set[Node] = set()
                    while node not in component:
                        component.add(stack.pop())
                    on_stack -= component
                    yield component
