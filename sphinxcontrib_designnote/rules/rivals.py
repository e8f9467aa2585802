"""What several open notes say of one thing, when none of them builds on the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Subject


def open_impacts(subject: Subject, graph: Graph) -> list[Item]:
    """Return what open notes do to *subject*, oldest first; nothing where one note alone speaks of it."""
    first = subject.impacts[0].note
    if all(impact.note == first for impact in subject.impacts):
        return []
    return [impact for impact in subject.impacts if graph.note_of(impact).is_open]


class Rivals:
    """Statements by what they say, so that each finds one that it contradicts without being compared with all.

    Sets of notes are integers, as in :class:`~sphinxcontrib_designnote.relations.history.Lineage`.
    """

    def __init__(self, graph: Graph) -> None:
        self._lineage = graph.lineage
        #: What is said, and in which release ("" for none, ``None`` for any), to the notes that say it.
        self._notes: dict[tuple[str, str | None], int] = defaultdict(int)
        self._items: dict[tuple[str, int], Item] = {}

    def add(self, item: Item, *said: str) -> None:
        """Remember that *item* says each of *said*."""
        place = self._lineage.place[item.note]
        for each in said:
            self._notes[each, None] |= 1 << place
            self._notes[each, item.release or ''] |= 1 << place
            self._items.setdefault((each, place), item)

    def find(self, item: Item, said: str, *, unless: str = '', same_release: bool = False) -> Item | None:
        """Return the first statement, in history, of an unrelated note that says *said*.

        :param unless: notes that say this do not count.
        :param same_release: nor do those for another release, where both state one: releases have an order.
        """
        if same_release and item.release:
            notes = self._notes[said, ''] | self._notes[said, item.release]
        else:
            notes = self._notes[said, None]
        own = 1 << self._lineage.place[item.note]
        notes &= ~(own | self._lineage.related.get(item.note, 0) | (self._notes[unless, None] if unless else 0))
        return self._items[said, (notes & -notes).bit_length() - 1] if notes else None

    def contradict(self, item: Item, said: Mapping[str, str], *, same_release: bool) -> tuple[str, Item] | None:
        """Remember what *item* says of each thing.

        :return: the first thing of which an unrelated note has said something else, and its statement.
        """
        clash: tuple[str, Item] | None = None
        for what, value in said.items():
            other = self.find(item, what, unless=f'{what} {value}', same_release=same_release)
            clash = clash or ((what, other) if other is not None else None)
            self.add(item, what, f'{what} {value}')
        return clash
