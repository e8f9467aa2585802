"""In which order notes and their statements came."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item, Note


@dataclass(frozen=True, kw_only=True, slots=True)
class Lineage:
    """Which notes build on one another, by ``depends-on`` and ``supersedes`` and over any number of steps.

    A set of notes is an integer with a bit for the place of each: "all of these but its relatives" is then one
    operation, however many there are. An eighth of a byte for each pair of notes of which the later one builds on any.
    """

    #: Note id to its place in history, from 0.
    place: Mapping[str, int]
    #: Note id to the notes that it builds on and those that build on it; absent where there are none.
    related: Mapping[str, int]

    def are_related(self, one: str, other: str) -> bool:
        """Whether one of two notes builds on the other."""
        return bool(self.related.get(one, 0) >> self.place[other] & 1)


def lineage(order: Sequence[Note], edges: Mapping[str, set[str]]) -> Lineage:
    """Return which of the notes in history *order* build on one another; of notes on a circle (DN204) not all is told.

    :param edges: as for :func:`note_order`.
    """
    place: dict[str, int] = {}
    for index, note in enumerate(order):
        place.setdefault(note.id, index)
    before: dict[str, int] = {}
    behind: dict[str, int] = {}
    for id_ in place:
        for other in edges.get(id_, ()):
            before[id_] = before.get(id_, 0) | before.get(other, 0) | 1 << place[other]
    for id_ in reversed(place):
        for other in edges.get(id_, ()):
            behind[other] = behind.get(other, 0) | behind.get(id_, 0) | 1 << place[id_]
    related = {id_: before.get(id_, 0) | behind.get(id_, 0) for id_ in before.keys() | behind.keys()}
    return Lineage(place=place, related=related)


def note_order(notes: Sequence[Note], edges: Mapping[str, set[str]], releases: Sequence[str]) -> list[Note]:
    """Sort *notes*, oldest first: by release, else by ``depends-on`` and ``supersedes``, ``created``, page name.

    :param edges: note id to the ids of the notes that come before it.
    :param releases: names of releases, oldest first.
    :return: every note once; those on a circle (DN204) in the order of the rest.
    """
    position = {release: index for index, release in enumerate(releases)}

    def rank(note: Note) -> tuple[int, str, str]:
        release = note.fields.get('release')
        created = note.fields.get('created')
        return (position.get(str(release), len(position)), str(created or '9999'), note.docname)

    pages = {note.docname: note for note in notes}
    page_of: dict[str, str] = {}
    for note in notes:
        page_of.setdefault(note.id, note.docname)
    waiting = {
        note.docname: {page_of[id_] for id_ in edges.get(note.id, ()) if id_ in page_of} - {note.docname}
        for note in notes
    }
    followers: dict[str, list[str]] = {}
    for page, before in waiting.items():
        for other in before:
            followers.setdefault(other, []).append(page)
    ready = [(rank(pages[page]), page) for page, before in waiting.items() if not before]
    heapq.heapify(ready)
    order: list[Note] = []
    while ready:
        _, page = heapq.heappop(ready)
        order.append(pages.pop(page))
        for follower in followers.get(page, ()):
            waiting[follower].discard(page)
            if not waiting[follower]:
                heapq.heappush(ready, (rank(pages[follower]), follower))
    return order + sorted(pages.values(), key=rank)


def impact_order(impacts: list[Item], note_rank: Mapping[str, int], releases: Sequence[str]) -> tuple[Item, ...]:
    """Sort the *impacts* on one subject, oldest first.

    By release where each of them has one that is listed; else all of them by their notes: half a history in one order
    and half in another would be no order at all.
    """
    position = {release: index for index, release in enumerate(releases)}
    by_release = all(item.release in position for item in impacts)

    def rank(item: Item) -> tuple[int, int]:
        return (position[item.release or ''] if by_release else 0, note_rank[item.note])

    return tuple(sorted(impacts, key=rank))
