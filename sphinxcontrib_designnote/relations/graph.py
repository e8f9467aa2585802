"""What all notes say together: the immutable result of :func:`~sphinxcontrib_designnote.relations.relate`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.relations.history import Lineage
from sphinxcontrib_designnote.relations.mentions import Mentions
from sphinxcontrib_designnote.relations.names import Names

A = TypeVar('A')
T = TypeVar('T')
#: What a statement does to something that was there before, in the words of the kinds.
_CHANGED = frozenset({'changed', 'modified', 'modify'})


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A typed link from an item (or a note) to an item, a note or something that is known without a note."""

    type: str
    #: Id of an item or note.
    source: str
    #: Id of an item or note; the written name where it is not resolved, or known without a note.
    target: str
    resolved: bool
    #: Where it is stated; with ``flag`` of an endpoint that is on the endpoint.
    location: SourceLocation
    #: It is stated at the target, which names the source.
    inverse: bool = False

    @property
    def stating(self) -> str:
        """Id of the item or note whose text makes the link."""
        return self.target if self.inverse else self.source

    @property
    def named(self) -> str:
        """Id of the item or note, or the written name, at the other end."""
        return self.source if self.inverse else self.target


@dataclass(frozen=True, kw_only=True, slots=True)
class Dangling:
    """A name that nothing answers to."""

    #: Id of the item or note that names it.
    source: str
    #: Id of the note in which it stands.
    note: str
    written: str
    #: Kinds that would have been accepted; the first is what the author most likely meant.
    kinds: tuple[str, ...]
    location: SourceLocation
    #: Option in which it stands; ``None`` in running text.
    option: str | None
    #: Id of an item of another kind that has the name.
    wrong: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A thing that notes speak about, and what they say of it, oldest first. Dead notes do not count."""

    kind: str
    #: As the first note writes it.
    key: str
    service: str | None
    impacts: tuple[Item, ...]
    #: The impact that introduces it, else the first. Worked out once: a thing may have as many impacts as notes.
    introduction: Item = field(init=False, repr=False, compare=False)
    #: What the impacts add up to: the last change that one of them states.
    current: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        introducing = (item for item in self.impacts if item.change in ('new', 'add'))
        stated = (item.change for item in reversed(self.impacts) if item.change not in (None, 'existing'))
        object.__setattr__(self, 'introduction', next(introducing, self.impacts[0]))
        object.__setattr__(self, 'current', next(stated, self.impacts[-1].change))


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """All notes, items, subjects and links. Everything is sorted; nothing refers to docutils."""

    vocabulary: Vocabulary
    #: Where written names are looked up.
    names: Names = field(repr=False, compare=False)
    #: Where names in running text are.
    mentions: Mentions = field(repr=False, compare=False)
    #: Every page that states something, in history order (oldest first).
    pages: tuple[Note, ...]
    #: Note id to note, in the same order; of two notes with one id the first.
    notes: Mapping[str, Note]
    #: Which of them build on one another.
    lineage: Lineage = field(repr=False)
    #: Item id to item; of two items with one id the first in page order.
    items: Mapping[str, Item]
    subjects: tuple[Subject, ...]
    #: Item id to its subject; items of dead notes and of kinds without subjects are absent.
    subject_of: Mapping[str, Subject]
    links: tuple[Link, ...]
    #: Id to the links from it and to it.
    outgoing: Mapping[str, tuple[Link, ...]]
    incoming: Mapping[str, tuple[Link, ...]]
    dangling: tuple[Dangling, ...]
    #: Item id to the items that stand in it, in page order.
    parts: Mapping[str, tuple[Item, ...]]
    _made: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def requirements(self) -> Mapping[str, Requirement]:
        """Id to requirement; a part of one has an id of its own, and leads to the whole."""
        return self.names.naming.known.requirements

    def thing(self, id_: str) -> Item | Note | Requirement | None:
        """Return what has this id."""
        return self.items.get(id_) or self.notes.get(id_) or self.requirements.get(id_)

    def once(self, make: Callable[[Graph, A], T], by: A) -> T:
        """Return what *make* makes of the graph and *by*, which is hashable; several may ask, and it is made once."""
        if (make, by) not in self._made:
            self._made[make, by] = make(self, by)
        made: T = self._made[make, by]
        return made

    def note_of(self, item: Item) -> Note:
        """Return the note that states *item*."""
        return self.notes[item.note]

    def change(self, item: Item) -> str | None:
        """Return what *item* does to its subject.

        Where it does not say, the first impact on a subject introduces it and any later one changes it.
        """
        if item.change is not None or (subject := self.subject_of.get(item.id)) is None:
            return item.change
        option = self.vocabulary.kinds[item.kind].options.get('change')
        words = option.values if option else ()
        if subject.impacts[0].id != item.id:
            words = tuple(word for word in words if word in _CHANGED) or words
        return words[0] if words else None

    def targets(self, source: str, link_type: str) -> Iterator[Item]:
        """Yield the items that *source* has links of *link_type* to."""
        for link in self.outgoing.get(source, ()):
            if link.type == link_type and link.target in self.items:
                yield self.items[link.target]

    def sources(self, target: str, link_type: str) -> Iterator[Item]:
        """Yield the items that have links of *link_type* to *target*."""
        for link in self.incoming.get(target, ()):
            if link.type == link_type and link.source in self.items:
                yield self.items[link.source]

    def name(self, id_: str) -> str:
        """Return what a reader calls the item or note with this id: its key or title; else *id_* itself."""
        if id_ in self.items:
            return self.items[id_].key
        return self.notes[id_].title if id_ in self.notes else id_
