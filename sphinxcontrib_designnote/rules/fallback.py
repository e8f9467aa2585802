"""What is used while a flag is off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
class OffState:
    """What is used while a flag is off."""

    #: By their subjects.
    used: frozenset[str]
    #: Pairs of words that sentences about the off state hold: "round robin" is about ``round_robin_seq``.
    told: frozenset[tuple[str, str]]


class Fallbacks:
    """Which flags of a project have an off state that uses a thing, by their subjects. Each flag is read once."""

    def __init__(self, graph: Graph, by: None) -> None:
        self._graph = graph
        self._read: set[str] = set()
        #: What is used to the flags whose off state uses it: by its subject, and by the first two words of its name
        #: (of an endpoint, of the last segment).
        self._using: dict[str, set[str]] = {}
        self._telling: dict[tuple[str, str], set[str]] = {}

    def read(self, flags: Iterable[str]) -> None:
        """Find out what the off states of *flags* use."""
        for flag in flags:
            if flag not in self._read:
                self._read.add(flag)
                state = _off_state(self._graph, flag)
                for id_ in state.used:
                    self._using.setdefault(id_, set()).add(flag)
                for pair in state.told:
                    self._telling.setdefault(pair, set()).add(flag)

    def using(self, thing: Item) -> set[str]:
        """Return the flags that were read, for whichever note, and whose off state uses *thing*.

        A name of several words need not be written as a name: "round robin" is about ``round_robin_seq``.
        """
        found = self._using.get(subject_id(self._graph, thing), set())
        match words_of((_segments(thing) or [thing.key.rpartition('.')[2]])[-1]):
            case first, second, *_ if telling := self._telling.get((first, second)):
                return found | telling
        return found


def _off_state(graph: Graph, flag: str) -> OffState:
    """Read what all notes say of the subject of *flag*."""
    impacts = graph.subject_of[flag].impacts
    told = (_sentences(impact.text('when_disabled')) for impact in impacts)
    return OffState(
        used=frozenset(id_ for impact in impacts for id_ in (*_named(graph, impact), *_replaced_by(graph, impact))),
        told=frozenset(pair for sentences in told for said in sentences for pair in pairwise(words_of(said))),
    )


def _named(graph: Graph, flag: Item) -> Iterator[str]:
    """Yield the ids of what sentences about the off state, and no others, name, and do not refuse."""
    note, place = graph.note_of(flag), flag.at('when_disabled')
    links = graph.outgoing.get(flag.id, ())
    gated = {link.target for link in links if link.type == 'gates' and link.location != place}
    for sentence in _sentences(flag.text('when_disabled')):
        is_called = _USES.search(sentence) is not None
        for named in graph.mentions.find(sentence, flag, note):
            item = named.item
            if item is not None and item.id not in gated and (is_called or item.kind not in _ENDPOINTS):
                yield subject_id(graph, item)


def _new_flags(graph: Graph, note: str) -> int:
    """Return how many flags *note* adds."""
    flags = (item for item in graph.notes[note].items if item.kind == 'feature-flag')
    return len({flag.key for flag in flags if graph.change(flag) == 'new'})


def _replaced_by(graph: Graph, flag: Item) -> Iterator[str]:
    """Yield the ids of what *flag*'s note replaces by what is behind the flag; only of a note's one new flag."""
    note = graph.note_of(flag)
    if graph.change(flag) != 'new' or flag.text('flag_type') not in (None, 'release', 'experiment'):
        return
    if graph.once(_new_flags, note.id) != 1:
        return
    gated = list(graph.targets(flag.id, 'gates'))
    behind = {subject_id(graph, item) for item in gated}
    new: dict[str, set[str]] = {}
    for item in gated:
        if item.note == note.id and graph.change(item) == 'new':
            new.setdefault(item.kind, set()).update(_words(item))
    used = {used.id: used for item in gated for used in graph.targets(item.id, 'uses')}
    used |= {item.id: item for item in _named_anywhere(graph, flag, note)}
    grown = {item.parent for item in used.values() if item.kind == 'field' and graph.change(item) == 'add'}
    for item in note.items:
        change = graph.change(item)
        if item.kind == 'field':
            is_replaced = change == 'drop' and item.parent in grown
        else:
            words = new.get(item.kind, ())
            is_replaced = bool(words) and change == 'deprecated'
            is_replaced |= change == 'removed' and _words(item)[-1] in words
        if is_replaced and subject_id(graph, item) not in behind:
            yield subject_id(graph, item)


def _named_anywhere(graph: Graph, flag: Item, note: Note) -> Iterator[Item]:
    for text in filter(None, (flag.text('when_enabled'), flag.text('when_disabled'), flag.body)):
        found = graph.mentions.find(text[:_LONGEST], flag, note)
        yield from (named.item for named in found if named.item is not None)


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
