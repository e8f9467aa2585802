"""When, in the rollout of a note, new tables and columns arrive, and what comes before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import Carrier, Migrations
from sphinxcontrib_designnote.rules.definition import NoteView
from sphinxcontrib_designnote.rules.steps import is_client, ordered_steps, turns_on
from sphinxcontrib_designnote.rules.subjects import subject_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A step that brings new tables and columns."""

    step: Item
    #: The first of the steps is 0.
    position: int
    #: Id of the migration; of the step, where it runs none that is stated.
    carrier: str
    #: New entities, and columns that are added to entities that exist.
    brings: tuple[Item, ...]

    @property
    def only_new_entities(self) -> bool:
        """Whether nothing that exists gets a column."""
        return all(item.kind == 'entity' for item in self.brings)


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlySwitch:
    """A flag that is turned on before what it gates is there."""

    step: Item
    flag: Item
    #: Ids of the carriers of data that arrive later.
    carriers: frozenset[str]
    #: What should have come first.
    late: tuple[Item, ...]


class Rollout:
    """The order of a note's rollout."""

    def __init__(self, view: NoteView) -> None:
        self._view = view
        self.steps = ordered_steps(view)
        self._migrations = view.once(Migrations)
        self.position = {step.id: index for index, step in enumerate(self.steps)}
        self.arrivals = self._arrivals()
        #: Subject to the arrivals that bring it, and to those that bring a part of it.
        self._bringing: dict[str, list[Arrival]] = {}
        self._bringing_part: dict[str, list[Arrival]] = {}
        for arrival in self.arrivals:
            for item in arrival.brings:
                self._bringing.setdefault(self._id(item), []).append(arrival)
                if (owner := view.parent(item)) is not None:
                    self._bringing_part.setdefault(self._id(owner), []).append(arrival)

    def _arrivals(self) -> list[Arrival]:
        """Return the first step of each carrier that brings something new, in rollout order."""
        first: dict[str, tuple[Item, list[Item]]] = {}
        for item, carriers in self._new_data():
            bringing = [carrier for carrier in carriers if carrier.adds]
            steps = [(step, c) for c in bringing for step in c.steps if step.text('action') != 'backfill']
            if steps:
                step, carrier = min(steps, key=lambda pair: self.position[pair[0].id])
                id_ = carrier.migration.id if carrier.migration else step.id
                first.setdefault(id_, (step, []))[1].append(item)
        arrivals = (
            Arrival(step=step, position=self.position[step.id], carrier=id_, brings=tuple(items))
            for id_, (step, items) in first.items()
        )
        return sorted(arrivals, key=lambda arrival: arrival.position)

    def _new_data(self) -> Iterator[tuple[Item, list[Carrier]]]:
        for change in self._migrations.changes if self.steps else ():
            if change.change == 'new':
                yield change.entity, self._migrations.of_entity(change)
            for column in change.columns if change.exists else ():
                if self._view.change(column) in ('add', 'rename'):
                    yield column, self._migrations.of_column(column, change)

    def early_switches(self) -> Iterator[EarlySwitch]:
        """Yield what :func:`early_switches` returns."""
        deployments = [step for step in self.steps if step.text('action') == 'deploy']
        servers = [step for step in deployments if not is_client(step)]
        own_flags = {self._id(flag) for flag in self._view.of('feature-flag')}
        first_on: dict[str, tuple[Item, Item]] = {}
        for step in self.steps:
            for flag in self._view.targets(step, 'switches') if turns_on(step) else ():
                first_on.setdefault(self._id(flag), (step, flag))
        for step, flag in first_on.values():
            gated = self._view.once(_gated).get(self._id(flag), [])
            if not gated and (self._view.change(flag) != 'new' or flag.note != self._view.note.id):
                continue
            if flag.text('flag_type') not in (None, 'release', 'experiment'):
                continue
            position = self.position[step.id]
            needed_data = self._needed_by(gated)
            if needed_data is None:  # then the note's only flag is about all of its data
                needed_data = self.arrivals if own_flags <= {self._id(flag)} else []
            late = [arrival for arrival in needed_data if arrival.position > position]
            needed = servers if servers and gated else deployments
            undeployed = needed[:1] if needed and self.position[needed[0].id] > position else []
            if late or undeployed:
                yield EarlySwitch(
                    step=step,
                    flag=flag,
                    carriers=frozenset(arrival.carrier for arrival in late),
                    late=(*(arrival.step for arrival in late), *undeployed),
                )

    def _needed_by(self, gated: list[Item]) -> list[Arrival] | None:
        """Return what arrives of what *gated* items use, in rollout order; ``None`` where none says what it uses."""
        used = [each for item in gated for each in self._view.targets(item, 'uses')]
        used += [item for item in gated if item.kind in ('entity', 'field')]
        ids = {self._id(each) for each in used}
        owners = {self._id(owner) for each in used if (owner := self._view.parent(each)) is not None}
        found = [arrival for id_ in ids | owners for arrival in self._bringing.get(id_, ())]
        found += [arrival for id_ in ids for arrival in self._bringing_part.get(id_, ())]
        first = {arrival.carrier: arrival for arrival in found}
        return sorted(first.values(), key=lambda arrival: arrival.position) if used else None

    def _id(self, item: Item) -> str:
        return subject_id(self._view.graph, item)


def _gated(view: NoteView) -> Mapping[str, list[Item]]:
    """Return the note's own items behind each flag, by its subject: any note may say so."""
    found: dict[str, list[Item]] = {}
    for item in view.note.items:
        for flag in view.graph.sources(item.id, 'gates'):
            found.setdefault(subject_id(view.graph, flag), []).append(item)
    return found


def early_switches(view: NoteView) -> Sequence[EarlySwitch]:
    """Return each flag that is turned on before the migration, or the deployment, of what it gates."""
    return [*view.once(Rollout).early_switches()]
