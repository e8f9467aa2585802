"""What must come before what among the steps of all open notes, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from sphinxcontrib_designnote.diagnostics import SourceLocation, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph, Link
from sphinxcontrib_designnote.rules.circles import components
from sphinxcontrib_designnote.rules.needs import data_needs
from sphinxcontrib_designnote.rules.ordering import Edge
from sphinxcontrib_designnote.rules.steps import brings, in_rollout_order
from sphinxcontrib_designnote.rules.subjects import noun
from sphinxcontrib_designnote.rules.switching import requirements, switching


class Why(IntEnum):
    """Why a step comes before another; first what is changed first where it contradicts the rest."""

    AFTER = auto()
    DEPENDS_ON = auto()
    SUPERSEDES = auto()
    NEEDS = auto()
    RELEASE = auto()
    DONE = auto()
    WRITTEN = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """What somebody stated, and where."""

    why: Why
    by: Item | Note
    at: SourceLocation
    #: In a few words; the name of a release.
    says: str


class Precedence:
    """Steps as nodes of :mod:`~sphinxcontrib_designnote.rules.ordering`, and edges with their reasons.

    A few edges for each step and each stated link: what holds between all steps of two notes, or of two releases, goes
    through barriers.
    """

    def __init__(self, graph: Graph, releases: Sequence[str]) -> None:
        self._graph = graph
        self._releases = releases
        self._place = {name: index for index, name in enumerate(releases)}
        self._notes = {note.id: note for note in graph.notes.values() if note.is_open}
        rollouts = {id_: in_rollout_order(list(self._steps_of(note)), graph) for id_, note in self._notes.items()}
        #: Step id to the release in which it goes out.
        self.release = {id_: name for steps in rollouts.values() for id_, name in self._released(steps)}
        #: A step's number is its place where nothing but release, history and writing decides; what is done is first.
        self.steps = sorted((step for steps in rollouts.values() for step in steps), key=self._rank)
        self.node = {step.id: number for number, step in enumerate(self.steps)}
        #: Node to what comes after it; an edge without a reason belongs to the one that follows.
        self.edges: dict[int, dict[int, Reason | None]] = {number: {} for number in range(len(self.steps))}
        #: Edges that are respected where they can be.
        self.wishes: set[Edge] = set()
        #: Some links run in a circle (DN204), and are left out.
        self.has_circles = False
        self._undone = {id_: [step for step in steps if not step.says('done')] for id_, steps in rollouts.items()}
        self._add_after()
        self._add_written()
        self._add_notes()
        self._add_releases()
        self._add_needs()
        self._add_requirements()

    def _steps_of(self, note: Note) -> Iterator[Item]:
        return (item for item in note.items if item.kind == 'rollout-step' and self._graph.items[item.id] is item)

    def _released(self, steps: Iterable[Item]) -> Iterator[tuple[str, str | None]]:
        """Yield step id and release: its own, else the note's, but then not an earlier one than of a step above."""
        above = -1
        for step in steps:
            name = step.release
            place = -1 if name is None else self._place.get(name)
            if place is not None and place < above and not ('release' in step.lines or step.says('after')):
                name, place = self._releases[above], above
            above = max(above, -1 if place is None else place)
            yield step.id, name

    def _rank(self, step: Item) -> tuple[bool, int, str]:
        """Sort by release; the sorting is stable, and the notes come in the order of history."""
        name = self.release[step.id] or ''
        return (not step.says('done'), self._place.get(name, len(self._place) + (not name)), name)

    def _barrier(self) -> int:
        number = len(self.steps) - len(self.edges) - 1
        self.edges[number] = {}
        return number

    def _add(self, first: int, then: int, reason: Reason | None = None) -> None:
        if self.edges[first].get(then) is None:
            self.edges[first][then] = reason

    def _links(self, link_type: str, ends: Iterable[str]) -> list[Link]:
        """Return the links between *ends* that are on no circle."""
        known = set(ends)
        links = [x for x in self._graph.links if x.type == link_type and x.source in known and x.target in known]
        targets: dict[str, list[str]] = {}
        for link in links:
            targets.setdefault(link.source, []).append(link.target)
        circle_of = {id_: number for number, circle in enumerate(components(targets)) for id_ in circle}
        straight = [link for link in links if circle_of[link.source] != circle_of[link.target]]
        self.has_circles = self.has_circles or len(straight) < len(links)
        return straight

    def _add_after(self) -> None:
        """Add what ``after`` says; of something done, only that it was too early."""
        for link in self._links('after', self.node):
            first, then = self.node[link.target], self.node[link.source]
            if not self.steps[first].says('done'):
                step = self.steps[then]
                self._add(first, then, Reason(why=Why.AFTER, by=step, at=link.location, says="'after'"))
                if step.says('done'):
                    self._add(then, first, Reason(why=Why.DONE, by=step, at=step.at('done'), says='done'))

    def _add_written(self) -> None:
        """Put each step behind all that stand above it.

        ``after`` overrides that: altogether where it names a step of the note; where it names steps of other notes
        only, the order is kept if it can be.
        """
        for steps in self._undone.values():
            above: int | None = None
            for step in steps:
                node, below = self.node[step.id], self._barrier()
                named = {other.note == step.note for other in self._graph.targets(step.id, 'after')}
                if above is not None:
                    if not named:
                        self._add(above, node, Reason(why=Why.WRITTEN, by=step, at=step.location, says='as written'))
                    elif True not in named:
                        self.wishes.add((above, node))
                    self._add(above, below)
                self._add(node, below)
                above = below

    def _add_notes(self) -> None:
        """Put a note behind what the notes bring that it depends on, or supersedes.

        Where its steps name steps of the other in ``after``, they say more exactly which of them has to wait.
        """
        exact = {(step.note, other.note) for step in self.steps for other in self._graph.targets(step.id, 'after')}
        start: dict[str, int] = {}
        brought: dict[str, int] = {}
        for why, verb in ((Why.DEPENDS_ON, 'depends on'), (Why.SUPERSEDES, 'supersedes')):
            for link in self._links(verb.replace(' ', '-'), self._notes):
                for id_ in (link.source, link.target):
                    if id_ not in start:
                        start[id_], brought[id_] = self._enclose(self._undone[id_])
                if (link.source, link.target) not in exact:
                    later, earlier = self._notes[link.source], self._notes[link.target]
                    by = later if link.location.path == later.location.path else earlier
                    says = f'{quote(later.title, 40)} {verb} {quote(earlier.title, 40)}'
                    reason = Reason(why=why, by=by, at=link.location, says=says)
                    self._add(brought[link.target], start[link.source], reason)

    def _enclose(self, steps: Sequence[Item]) -> tuple[int, int]:
        """Return a barrier before all *steps*, and one behind those for which other notes wait."""
        before, behind = self._barrier(), self._barrier()
        for step in steps:
            self._add(before, self.node[step.id])
            if brings(step):
                self._add(self.node[step.id], behind)
        if not any(map(brings, steps)):
            self._add(before, behind)
        return before, behind

    def _add_releases(self) -> None:
        """Put what goes out in a release behind the one before.

        What only cleans up, or has its release only from a step above it, may also be later.
        """
        placed = [
            (self._place[name], step)
            for steps in self._undone.values()
            for step in steps
            if (name := self.release[step.id]) is not None and name in self._place
        ]
        used = sorted({place for place, _ in placed})
        barriers = {place: self._barrier() for place in used}  # behind the release
        before = dict(zip(used[1:], (barriers[place] for place in used), strict=False))
        for place, step in placed:
            reason = Reason(why=Why.RELEASE, by=step, at=step.at('release'), says=self._releases[place])
            if place in before:
                self._add(before[place], self.node[step.id], reason)
            if 'release' in step.lines or (brings(step) and step.release == self._releases[place]):
                self._add(self.node[step.id], barriers[place], reason)
        for place, earlier in before.items():
            self._add(earlier, barriers[place])

    def _add_needs(self) -> None:
        for need in data_needs(self._graph, {id_: self._notes[id_] for id_, steps in self._undone.items() if steps}):
            if not need.first.says('done') and not need.then.says('done'):
                says = f'needs {noun(need.what)}'
                reason = Reason(why=Why.NEEDS, by=need.then, at=need.then.location, says=says)
                self._add(self.node[need.first.id], self.node[need.then.id], reason)

    def _add_requirements(self) -> None:
        """Wish that a flag is turned on behind those that it requires, and off before them."""
        required = requirements(self._graph)
        if not required:
            return
        switches = switching(self._graph)
        before_on = {flag: self._before(steps) for flag, steps in switches.on.items()}
        before_off = {flag: self._before(steps) for flag, steps in switches.off.items()}
        for each in required:
            self._wish(switches.on.get(each.required, ()), before_on.get(each.flag))
            self._wish(switches.off.get(each.flag, ()), before_off.get(each.required))

    def _before(self, steps: Iterable[Item]) -> int | None:
        """Return a barrier before all undone *steps*."""
        nodes = [self.node[step.id] for step in steps if step.id in self.node and not step.says('done')]
        if not nodes:
            return None
        barrier = self._barrier()
        for node in nodes:
            self._add(barrier, node)
        return barrier

    def _wish(self, first: Iterable[Item], then: int | None) -> None:
        nodes = [self.node[step.id] for step in first if step.id in self.node]
        if nodes and then is not None:
            self.wishes.add((min(nodes), then))
