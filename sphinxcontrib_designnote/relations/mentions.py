"""What the text of an item names.

A mention makes the link of its kind and never declares. The longest match wins: an endpoint before its words,
``Entity.column`` before ``Entity``. A plain lower-case word is a name only where it is marked as code or stands beside
``table``, ``column``, ``flag`` and the like; otherwise every note that says "users" would speak about a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sphinxcontrib_designnote.model.identity import ENDPOINT_MENTION, clean_path, split_methods
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.names import Names
from sphinxcontrib_designnote.relations.words import IDENTIFIER, is_distinctive, stands_beside_noun

#: Kinds whose text must not name an endpoint that nobody declares (DN208).
CHECKED_KINDS = frozenset({'authorization', 'test-case', 'audit-event', 'rollout-step', 'feature-flag'})
_NONE: Set[str] = frozenset()
_NAMED_KINDS = ('feature-flag', 'entity', 'interface', 'audit-event')
_TOKEN = re.compile(r'`(?P<code>[^`\n]{1,200})`|(?P<word>[^\W\d]\w*(?:[.\-]\w+)*)')
_DEFINITE = re.compile(
    r'(?P<before>(?:\b[A-Za-z]{1,30}\s{1,5}){0,3})\b'
    r'(?P<noun>feature[ -]flag|(?<=the )flag|migrations?|endpoints?)(?![\w-])',
    re.IGNORECASE,
)
#: What such a text has in it; most have not, and the search for what stands before it is spared.
_NOUNS = ('flag', 'migration', 'endpoint')
#: Words after which "endpoint" means every new one of the note, and any other noun nothing definite.
_ALL = frozenset({'all', 'every', 'each'})
#: Words after which a noun does not mean what the note introduces.
_NOT_DEFINITE = frozenset(
    {
        *('existing', 'other', 'old', 'any', 'no', 'another', 'without', 'legacy', 'earlier'),
        *('previous', 'changed', 'modified', 'deprecated', 'removed', 'unchanged'),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Something that a text names."""

    #: ``None`` for an endpoint that nobody declares.
    item: Item | None
    written: str
    #: 0-based offset in the text.
    offset: int
    #: By a noun only: "the endpoint".
    by_noun: bool = False


class Mentions:
    """Finds mentions in O(text); built once a build."""

    def __init__(self, names: Names) -> None:
        self.names = names
        #: Exact spelling to (kind, form), for everything that may be named in running text.
        self.spellings: dict[str, tuple[str, str]] = {}
        #: First word of names of several words to the lengths of those names, longest first.
        self.phrases: dict[str, list[int]] = {}
        for (kind, form), candidates in names.forms.items():
            if kind not in _NAMED_KINDS:
                continue
            for candidate in candidates:
                if isinstance(candidate, Item):
                    self._add(candidate.key, kind, form)
                    self._add(form, kind, form)
                    if kind == 'entity':  # "the `Deployment` table" has the word beside the name
                        self._add(candidate.key.removesuffix(' table').removeprefix('table '), kind, form)
        for lengths in self.phrases.values():
            lengths.sort(reverse=True)
        self.only = {note.id: _only(note) for note in names.notes.values()}

    def _add(self, spelling: str, kind: str, form: str) -> None:
        if ' ' in spelling:
            lengths = self.phrases.setdefault(spelling.partition(' ')[0], [])
            if len(spelling) not in lengths:
                lengths.append(len(spelling))
        self.spellings.setdefault(spelling, (kind, form))

    def find(self, text: str, asker: Item, note: Note) -> Iterator[Named]:
        """Yield what *text*, which *asker* says in *note*, names; several times when it does so several times."""
        if '/' in text:
            pieces, last = [], 0
            for match in ENDPOINT_MENTION.finditer(text):
                yield from self._endpoints(match, asker, note)
                pieces += [text[last : match.start()], '\0' * (match.end() - match.start())]
                last = match.end()
            text = ''.join(pieces) + text[last:]
        yield from self._definite(text, note)
        fields = self.names.own_fields.get(asker.note, _NONE)
        if not self._may_name_any(IDENTIFIER.findall(text), fields):
            return
        covered = 0
        for offset, word, marked in _words(text):
            if offset >= covered and self._may_name(word, fields):
                for named in self._name(word, offset, text, asker, marked=marked):
                    covered = max(covered, named.offset + len(named.written))
                    yield named

    def _may_name_any(self, words: Sequence[str], fields: Set[str]) -> bool:
        """Whether :meth:`_may_name` holds for one of *words*: for most texts it does not, and no word is looked at."""
        return not (
            self.spellings.keys().isdisjoint(words)
            and self.phrases.keys().isdisjoint(words)
            and '.' not in ''.join(words)
            and fields.isdisjoint(words)
            and self.spellings.keys().isdisjoint(map(str.casefold, words))
        )

    def _may_name(self, word: str, fields: Set[str]) -> bool:
        """Whether :meth:`_name` need look at *word*; most words of running text name nothing in any place."""
        return (
            word in self.spellings
            or word in self.phrases
            or '.' in word
            or word in fields
            or word.casefold() in self.spellings
        )

    def _endpoints(self, match: re.Match[str], asker: Item, note: Note) -> Iterator[Named]:
        path = clean_path(match['path'].rstrip('.:;!?*`'))
        if match['methods'] is None:
            bare = self.names.naming.form(self.names.kinds['endpoint'], path, note.base_path)
            for form in self.names.methods.get(bare, ()):
                found = self.names.choose('endpoint', form, asker)
                if isinstance(found, Item):
                    yield Named(item=found, written=found.key, offset=match.start())
            return
        for method in split_methods(match['methods']):
            written = f'{method} {path}'
            answer = self.names.find(written, asker, ('endpoint',))
            if not answer.known:
                item = answer.found if isinstance(answer.found, Item) else None
                yield Named(item=item, written=written, offset=match.start())

    def _definite(self, text: str, note: Note) -> Iterator[Named]:
        folded = text.casefold()
        if not any(noun in folded for noun in _NOUNS):
            return
        meanings = self.only[note.id]
        for match in _DEFINITE.finditer(text):
            start, end = match.span('noun')
            noun = match['noun'].casefold().replace('-', ' ')
            noun = 'feature flag' if noun == 'flag' else noun
            before = set(match['before'].casefold().split())
            if noun.startswith('endpoint'):
                if _stands_beside_path(text, start, end):
                    continue
                noun = 'endpoints' if before & _ALL else noun
            elif before & _ALL:
                continue
            if before & _NOT_DEFINITE:
                continue
            for item in meanings[noun]:
                yield Named(item=item, written=match['noun'], offset=start, by_noun=True)

    def _name(self, word: str, offset: int, text: str, asker: Item, *, marked: bool) -> Iterator[Named]:
        for length in self.phrases.get(word, ()):
            phrase = text[offset : offset + length]
            if phrase in self.spellings and not text[offset + length : offset + length + 1].isalnum():
                yield from self._chosen(self.spellings[phrase], phrase, offset, asker)
                return
        owner, dot, _ = word.rpartition('.')
        if dot:
            column = self.names.find(word, asker, ('field',)).found
            if isinstance(column, Item):
                yield Named(item=column, written=word, offset=offset)
                return
            if word not in self.spellings and owner in self.spellings:
                yield from self._chosen(self.spellings[owner], owner, offset, asker)
                return
        beside_noun = stands_beside_noun(text, offset, offset + len(word))
        if not (marked or beside_noun or is_distinctive(word, text, offset)):
            return
        key = self._key(word, asker.note, marked=marked, beside_noun=beside_noun)
        if key is not None:
            yield from self._chosen(key, word, offset, asker)

    def _key(self, word: str, note: str, *, marked: bool, beside_noun: bool) -> tuple[str, str] | None:
        spelled = self.spellings.get(word) or (self.spellings.get(word.casefold()) if beside_noun else None)
        is_local = (note, 'field', word) in self.names.own_forms
        return ('field', word) if is_local and (marked or spelled is None or word != word.capitalize()) else spelled

    def meaning(self, name: str, note: Note) -> Item | None:
        """Return what a name in the prose of a page (:attr:`Note.links`) means there, by the rules of :meth:`find`."""
        if '/' in name and not name.startswith('`'):
            return self._endpoint(name, note)
        marked = name.startswith('`')
        word, beside = (name[1:-1], '') if marked else name.partition(' ')[::2]
        if '.' in word and isinstance(column := self.names.find_kind(word, note, self.names.kinds['field']), Item):
            return column
        key = self._key(word, note.id, marked=marked, beside_noun=bool(beside))
        found = self.names.choose(*key, note) if key is not None else None
        return found if isinstance(found, Item) else None

    def _endpoint(self, name: str, note: Note) -> Item | None:
        methods, _, path = name.rpartition(' ')
        endpoint = self.names.kinds['endpoint']
        if methods:
            named = (self.names.find_kind(f'{method} {path}', note, endpoint) for method in methods.split(', '))
        else:
            forms = self.names.methods.get(self.names.naming.form(endpoint, path, note.base_path), ())
            named = (self.names.choose(endpoint.name, form, note) for form in forms)
        found = [item for item in named if isinstance(item, Item)]
        return next((item for item in found if item.note == note.id), found[0] if found else None)

    def _chosen(self, key: tuple[str, str], written: str, offset: int, asker: Item) -> Iterator[Named]:
        found = self.names.choose(*key, asker)
        if isinstance(found, Item):
            yield Named(item=found, written=written, offset=offset)


def _words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield offset and word of every identifier, and whether it is marked as code."""
    for match in _TOKEN.finditer(text):
        if match['code'] is None:
            yield match.start(), match['word'], False
        else:
            for inner in IDENTIFIER.finditer(match['code']):
                yield match.start('code') + inner.start(), inner[0], True


def _only(note: Note) -> Mapping[str, list[Item]]:
    """What "the feature flag", "the migration", "the endpoint" and "the endpoints" mean in *note*."""
    of_kind: dict[str, list[Item]] = {}
    for item in note.items:
        if item.kind in ('feature-flag', 'migration', 'endpoint'):
            of_kind.setdefault(item.kind, []).append(item)
    new = [item for item in of_kind.get('endpoint', ()) if item.change in ('new', None)]
    meaning = {'endpoints': new, 'endpoint': new if len(new) == 1 else []}
    for noun, kind in (('feature flag', 'feature-flag'), ('migration', 'migration')):
        found = of_kind.get(kind, [])
        meaning[noun] = found if len({item.key for item in found}) == 1 else []
    meaning['migrations'] = of_kind.get('migration', [])
    return meaning


def _stands_beside_path(text: str, start: int, end: int) -> bool:
    """Whether the noun only says what the endpoint beside it, already found, is."""
    return text[max(start - 4, 0) : start].rstrip(' `\n').endswith('\0') or text[end : end + 4].lstrip(
        ' `\n('
    ).startswith('\0')
