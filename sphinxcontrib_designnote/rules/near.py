"""Names that somebody nearly wrote: which declared endpoint or name an unknown one was meant to be.

Everything is indexed once; a look-up costs the length of the name, however many names there are.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import nearest
from sphinxcontrib_designnote.model.identity import clean_path, endpoint_identity, http_target
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import NoteView

Segments = tuple[str, ...]

_SEPARATORS = re.compile(r'[\s_.\-]+')
_LAST = re.compile(r'[^/.\s{}]+')
#: Below this a name with one letter changed is another name.
_LONG_ENOUGH = 4
_LONGEST = 80
#: Of an unknown name's neighbours in order so many are compared with it, on each side.
_NEIGHBOURS = 6


def endpoint_of(written: str, base_path: str) -> tuple[str | None, str] | None:
    """Return method and path of a written endpoint, parameters unified; ``None`` where it has no path."""
    text = written.replace('`', '').strip()
    target = http_target(text)
    if target is not None:
        method, _, path = endpoint_identity(target.methods[0], target.path, base_path).partition(' ')
        return method, path
    if text.startswith('/'):
        return None, endpoint_identity(None, clean_path(text.split()[0]), base_path).partition(' ')[2]
    return None


def loose_segments(path: str) -> Segments:
    """Split *path*, case and plurals folded; a version stays what it is."""
    return tuple(_singular(segment) for segment in path.casefold().split('/') if segment)


def _singular(word: str) -> str:
    if word.endswith('ies') and len(word) > 4:
        return word[:-3] + 'y'
    return word[:-1] if word.endswith('s') and not word.endswith(('ss', 'us', 'is')) and len(word) > 2 else word


def _without_base(segments: Segments) -> Iterator[Segments]:
    """Yield what is left of *segments* when a base path is dropped: no parameter goes, and something literal stays."""
    for cut in range(1, len(segments)):
        if '{}' in segments[cut - 1]:
            return
        if any('{}' not in segment for segment in segments[cut:]):
            yield segments[cut:]


class Endpoints:
    """Declared endpoints, for look-up by what somebody nearly wrote."""

    def __init__(self, graph: Graph, items: Iterable[Item]) -> None:
        self._exact: dict[str, list[Item]] = {}
        self._loose: dict[tuple[str | None, Segments], Item] = {}
        self._short: dict[tuple[str | None, Segments], Item] = {}
        for item in items:
            self._add(item, graph.notes[item.note])

    def _add(self, item: Item, note: Note) -> None:
        path = item.text('path')
        if path is None:
            return
        method = item.text('method')
        identity = endpoint_identity(method, path, note.base_path).partition(' ')[2]
        segments = loose_segments(identity)
        self._exact.setdefault(identity, []).append(item)
        for wanted in (method, None):
            self._loose.setdefault((wanted, segments), item)
            for rest in _without_base(segments):
                self._short.setdefault((wanted, rest), item)

    def has_any_method(self, path: str) -> bool:
        """Whether *path* is declared without a method, and so with any."""
        return any(item.text('method') is None for item in self._exact.get(path, ()))

    def nearest(self, method: str | None, path: str) -> tuple[Item, str] | None:
        """Return the endpoint that *method* and *path* miss in one respect, and the respect."""
        segments = loose_segments(path)
        if (item := self._loose.get((method, segments))) is not None:
            return item, 'case or plural'
        if (item := self._short.get((method, segments))) is not None:
            return item, 'base path'
        for rest in _without_base(segments):
            if (item := self._loose.get((method, rest))) is not None:
                return item, 'base path'
        if others := self._exact.get(path):
            return others[0], 'method'
        return None


def nearly_named(view: NoteView, kind: str, link_type: str) -> frozenset[str]:
    """Return the ids of the note's endpoints that its items of *kind* name wrongly in a *link_type* link.

    DN209 tells the author so. That the endpoint has no such link is the same mistake, and not reported again.
    """
    outgoing = (link for item in view.of(kind) for link in view.graph.outgoing.get(item.id, ()))
    written = [link.target for link in outgoing if link.type == link_type and not link.resolved]
    if not written:
        return frozenset()
    endpoints = Endpoints(view.graph, view.of('endpoint'))
    targets = [target for name in written if (target := endpoint_of(name, view.note.base_path)) is not None]
    return frozenset(near[0].id for target in targets if (near := endpoints.nearest(*target)) is not None)


def misspelt(view: NoteView, kind: str, link_type: str) -> frozenset[str]:
    """Return the forms of what the note's items of *kind* name in a *link_type* link and nothing answers to.

    A name that shares one of its :func:`forms` with them is what was probably meant. DN212 tells the author so; that
    the thing has no such link is the same mistake, and not reported again.
    """
    outgoing = (link for item in view.of(kind) for link in view.graph.outgoing.get(item.id, ()))
    written = (link.target for link in outgoing if link.type == link_type and not link.resolved)
    return frozenset(form for name in written for form in forms(name))


def forms(name: str) -> Iterator[str]:
    """Yield *name* without what people vary, and that with each letter left out."""
    return _shortened(loose_name(name))


def loose_name(name: str) -> str:
    """Return *name* without what people vary: case, separators, plural; ``Entity.column`` keeps its dot."""
    owner, dot, last = name[:_LONGEST].replace('`', '').strip().rpartition('.')
    return f'{_loose_word(owner)}.{_loose_word(last)}' if dot else _loose_word(last)


def _loose_word(word: str) -> str:
    return _singular(_SEPARATORS.sub('', word.casefold()))


def _shortened(word: str) -> Iterator[str]:
    yield word
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, added or left out; figures are no letters: ``v1`` and ``v2`` are two names."""
    if min(len(one), len(other)) < _LONG_ENOUGH or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rests = one[start:], other[start:]
    if len(one) == len(other):
        same_after = rests[0][1:] == rests[1][1:]
    else:
        longer, shorter = sorted(rests, key=len, reverse=True)
        same_after = longer[1:] == shorter
    return same_after and not any(rest[:1].isdigit() for rest in rests)


class Declared:
    """Names of flags, entities, columns and interfaces that notes declare."""

    def __init__(self, graph: Graph, kinds: Iterable[str]) -> None:
        self._graph = graph
        self._by_form: dict[tuple[str, str], list[str]] = {}
        for subject in graph.subjects:
            if subject.kind in kinds and (subject.kind != 'field' or is_column(subject.impacts[0], graph)):
                self._add(subject.kind, '', subject.key)
                if subject.kind == 'field':
                    for impact in subject.impacts:
                        self._add('field', impact.note, impact.key.rpartition('.')[2])

    def _add(self, kind: str, note: str, name: str) -> None:
        for form in _shortened(loose_name(name)):
            names = self._by_form.setdefault((f'{kind} {note}', form), [])
            if not names or names[-1] != name:
                names.append(name)

    def nearest(self, written: str, kinds: Iterable[str], note: str) -> tuple[str, str] | None:
        """Return kind and name of what *written* misses by case, plural, separator or one letter.

        :param note: id of the note in which it stands; only its own columns may be named without their entity.
        """
        loose = loose_name(written)
        for kind in kinds:
            scope = note if kind == 'field' and '.' not in loose else ''
            for form in _shortened(loose):
                for name in self._by_form.get((f'{kind} {scope}', form), ()):
                    other = loose_name(name)
                    if other == loose or one_letter_apart(other, loose):
                        return kind, name
        return None


def is_column(item: Item, graph: Graph) -> bool:
    """Whether *item* is a field of an entity, not of a request or a payload."""
    owner = graph.items.get(item.parent or '')
    return item.kind == 'field' and owner is not None and owner.kind == 'entity'


@dataclass(frozen=True, slots=True)
class Hints:
    """Finds what a wrong name probably meant, among the few whose last words begin or end most alike."""

    #: Last word, folded, and name; and the same with the word spelled backwards. Sorted.
    by_beginning: Sequence[tuple[str, str]]
    by_end: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, names: Iterable[str]) -> Hints:
        """Index *names*."""
        words = [(_last_word(name), name) for name in dict.fromkeys(names)]
        return cls(sorted(words), sorted((word[::-1], name) for word, name in words))

    def did_you_mean(self, written: str, without: tuple[str, ...] = ()) -> str:
        """Return ``"; did you mean 'x'?"`` or nothing; never one of *without*."""
        word = _last_word(written)
        candidates = {*_around(self.by_beginning, word, written), *_around(self.by_end, word[::-1], written)}
        match = nearest(written, candidates.difference(without))
        return f'; did you mean {match[:_LONGEST]!r}?' if match is not None and match != written else ''


def _around(names: Sequence[tuple[str, str]], word: str, name: str) -> Iterator[str]:
    place = bisect.bisect_left(names, (word, name))
    return (other for _, other in names[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS])


def _last_word(name: str) -> str:
    words = _LAST.findall(name[:_LONGEST].casefold())
    return words[-1] if words else ''
