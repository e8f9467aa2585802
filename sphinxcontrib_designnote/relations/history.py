"""In which order notes and their statements came."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from sphinxcontrib_designnote.model.records import Item, Note


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

    by_id = {note.id: note for note in reversed(notes)}
    waiting = {id_: {before for before in edges.get(id_, ()) if before in by_id and before != id_} for id_ in by_id}
    followers: dict[str, list[str]] = {}
    for id_, before in waiting.items():
        for other in before:
            followers.setdefault(other, []).append(id_)
    ready = [(rank(by_id[id_]), id_) for id_, before in waiting.items() if not before]
    heapq.heapify(ready)
    order: list[Note] = []
    while ready:
        _, id_ = heapq.heappop(ready)
        order.append(by_id[id_])
        for follower in followers.get(id_, ()):
            waiting[follower].discard(id_)
            if not waiting[follower]:
                heapq.heappush(ready, (rank(by_id[follower]), follower))
    done = {note.id for note in order}
    return order + sorted((note for id_, note in by_id.items() if id_ not in done), key=rank)


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
