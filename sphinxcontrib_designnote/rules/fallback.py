"""What is used while a flag is off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sphinxcontrib_designnote.model.identity import stem, words_of
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.subjects import subject_id

_ENDPOINTS = ('endpoint', 'interface')
_SENTENCE = re.compile(r'[.;\n]\s')
#: What a sentence about the off state says of an endpoint that is called then.
_USES = re.compile(
    r'\b(?:us(?:e[sd]?|ing)|reads?|writes?|written|calls?|called|asks?|served?|serves|answers?|shows?'
    r'|fall(?:s|ing)? back|fallback|as before|works?|old|legacy|keeps?|kept|still'
    r'|stays?|remains?|goes|comes|from|via|through)\b',
    re.IGNORECASE,
)
#: And of anything that is not.
_REFUSES = re.compile(
    r'\b(?:[45]\d\d|hidden|unavailable|refuse[sd]?|rejected|denied|not|no|never|nothing|nobody|without|ignore[sd]?'
    r'|unused|empty|stops?|disappears?|missing|gone)\b',
    re.IGNORECASE,
)
_LONGEST = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class _OffState:
    """What the off state of a flag uses."""

    #: By its subject.
    used: frozenset[str]
    #: Pairs of words that stand beside one another in what is said of it.
    told: frozenset[tuple[str, str]]


class Fallbacks:
    """The off states of those flags that somebody has to think of."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        #: Subject of a flag to the flag and its off state.
        self._read: dict[str, tuple[Item, _OffState]] = {}

    def read(self, flag: Item) -> None:
        """Find out what the off state of *flag* uses; once for the whole project, whoever asks."""
        subject = subject_id(self._graph, flag)
        if subject not in self._read and not self._graph.note_of(flag).is_dead:
            self._read[subject] = flag, self._graph.once(_off_state, subject)

    def using(self, thing: Item) -> list[Item]:
        """Return the flags that were read and whose off state uses *thing*.

        A name of several words need not be written as a name: "round robin" is about ``round_robin_seq``.
        """
        subject = subject_id(self._graph, thing)
        found = [flag for flag, state in self._read.values() if subject in state.used]
        match words_of((_segments(thing) or [thing.key.rpartition('.')[2]])[-1]):
            case first, second, *_:
                found += [flag for flag, state in self._read.values() if (first, second) in state.told]
        return list({flag.id: flag for flag in found}.values())


def _off_state(graph: Graph, subject: str) -> _OffState:
    """Find out what the off state of a flag uses, by all that notes say of it."""
    reader = _Reader(graph)
    used: set[str] = set()
    told: set[tuple[str, str]] = set()
    for impact in impacts_of(graph.items[subject], graph):
        used.update(reader.named(impact))
        used.update(reader.replaced_by(impact))
        told.update(pair for said in _sentences(impact.text('when_disabled')) for pair in pairwise(words_of(said)))
    return _OffState(used=frozenset(used), told=frozenset(told))


class _Reader:
    """Reads what statements on a flag say."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def named(self, flag: Item) -> Iterator[str]:
        """Yield the ids of what sentences about the off state, and no others, name, and do not refuse."""
        note, place = self._graph.note_of(flag), flag.at('when_disabled')
        links = self._graph.outgoing.get(flag.id, ())
        gated = {link.target for link in links if link.type == 'gates' and link.location != place}
        for sentence in _sentences(flag.text('when_disabled')):
            is_called = _USES.search(sentence) is not None
            for named in self._graph.mentions.find(sentence, flag, note):
                item = named.item
                if item is not None and item.id not in gated and (is_called or item.kind not in _ENDPOINTS):
                    yield subject_id(self._graph, item)

    def replaced_by(self, flag: Item) -> Iterator[str]:
        """Yield the ids of what *flag*'s note replaces by what is behind the flag; only of a note's one new flag."""
        note = self._graph.note_of(flag)
        if self._graph.change(flag) != 'new' or flag.text('flag_type') not in (None, 'release', 'experiment'):
            return
        if self._graph.once(_new_flags, note.id) != 1:
            return
        gated = list(self._graph.targets(flag.id, 'gates'))
        behind = {subject_id(self._graph, item) for item in gated}
        new: dict[str, set[str]] = {}
        for item in gated:
            if item.note == note.id and self._graph.change(item) == 'new':
                new.setdefault(item.kind, set()).update(_words(item))
        used = {used.id: used for item in gated for used in self._graph.targets(item.id, 'uses')}
        used |= {item.id: item for item in self._named_anywhere(flag, note)}
        grown = {item.parent for item in used.values() if item.kind == 'field' and self._graph.change(item) == 'add'}
        for item in note.items:
            change = self._graph.change(item)
            if item.kind == 'field':
                is_replaced = change == 'drop' and item.parent in grown
            else:
                words = new.get(item.kind, ())
                is_replaced = bool(words) and change == 'deprecated'
                is_replaced |= change == 'removed' and _words(item)[-1] in words
            if is_replaced and subject_id(self._graph, item) not in behind:
                yield subject_id(self._graph, item)

    def _named_anywhere(self, flag: Item, note: Note) -> Iterator[Item]:
        for text in filter(None, (flag.text('when_enabled'), flag.text('when_disabled'), flag.body)):
            found = self._graph.mentions.find(text[:_LONGEST], flag, note)
            yield from (named.item for named in found if named.item is not None)


def _new_flags(graph: Graph, note: str) -> int:
    """Return how many flags a note adds."""
    flags = (item for item in graph.notes[note].items if item.kind == 'feature-flag')
    return len({flag.key for flag in flags if graph.change(flag) == 'new'})


def impacts_of(item: Item, graph: Graph) -> tuple[Item, ...]:
    """Return all statements on the subject of *item*."""
    subject = graph.subject_of.get(item.id)
    return subject.impacts if subject else (item,)


def _sentences(text: str | None) -> Iterator[str]:
    return (sentence for sentence in _SENTENCE.split((text or '')[:_LONGEST]) if not _REFUSES.search(sentence))


def _segments(item: Item) -> list[str]:
    """Return the segments of an endpoint's path without its parameters; none of anything else."""
    return [s for s in (item.text('path') or '').split('/') if s and s[0] not in '{<[:']


def _words(item: Item) -> list[str]:
    """Return the stems of the words of an endpoint's path, or of a name."""
    return [stem(word) for word in words_of(' '.join(_segments(item)) or item.key)] or ['']
