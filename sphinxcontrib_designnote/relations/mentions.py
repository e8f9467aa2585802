"""What the text of an item names.

A mention makes the link of its kind and never declares. The longest match wins: an endpoint before its words,
``Entity.column`` before ``Entity``. A plain lower-case word is a name only where it is marked as code or stands beside
``table``, ``column``, ``flag`` and the like; otherwise every note that says "users" would speak about a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_designnote.model.identity import ENDPOINT_MENTION, clean_path, split_methods
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.names import Names

#: Kinds whose text must not name an endpoint that nobody declares (DN208).
CHECKED_KINDS = frozenset({'authorization', 'test-case', 'audit-event', 'rollout-step', 'feature-flag'})
_NAMED_KINDS = ('feature-flag', 'entity', 'interface', 'audit-event')
_TOKEN = re.compile(r'`(?P<code>[^`\n]{1,200})`|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*)')
_INNER = re.compile(r'[A-Za-z_][A-Za-z0-9_]*(?:[.\-][A-Za-z0-9_]+)*')
_NOUNS = frozenset(
    {
        'table',
        'tables',
        'entity',
        'column',
        'columns',
        'field',
        'fields',
        'flag',
        'event',
        'collection',
        'topic',
        'schema',
    }
)
_DEFINITE = re.compile(r'\b(?P<before>[A-Za-z]+\s+)?(?P<noun>feature[ -]flag|migrations?|endpoints?)\b', re.IGNORECASE)
_NOT_DEFINITE = frozenset(
    {
        'existing',
        'other',
        'old',
        'every',
        'any',
        'no',
        'each',
        'all',
        'another',
        'without',
        'legacy',
        'get',
        'put',
        'post',
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


class Mentions:
    """Finds mentions in O(text); built once a build."""

    def __init__(self, names: Names) -> None:
        self.names = names
        #: Exact spelling to (kind, form), for everything that may be named in running text.
        self.spellings: dict[str, tuple[str, str]] = {}
        #: First word of a name of several words to those names.
        self.phrases: dict[str, list[str]] = {}
        for (kind, form), candidates in names.forms.items():
            if kind not in _NAMED_KINDS:
                continue
            for candidate in candidates:
                if isinstance(candidate, Item):
                    self._add(candidate.key, kind, form)
                    self._add(form, kind, form)
        for phrases in self.phrases.values():
            phrases.sort(key=len, reverse=True)
        self.only = {note.id: _only(note) for note in names.notes.values()}

    def _add(self, spelling: str, kind: str, form: str) -> None:
        if ' ' in spelling:
            phrases = self.phrases.setdefault(spelling.partition(' ')[0], [])
            if spelling not in self.spellings:
                phrases.append(spelling)
        self.spellings.setdefault(spelling, (kind, form))

    def find(self, text: str, note: Note) -> Iterator[Named]:
        """Yield what *text*, which stands in *note*, names; several times when it does so several times."""
        if '/' in text:
            pieces, last = [], 0
            for match in ENDPOINT_MENTION.finditer(text):
                yield from self._endpoints(match, note)
                pieces += [text[last : match.start()], '\0' * (match.end() - match.start())]
                last = match.end()
            text = ''.join(pieces) + text[last:]
        yield from self._definite(text, note)
        for match in _TOKEN.finditer(text):
            if match['code'] is not None:
                for inner in _INNER.finditer(match['code']):
                    yield from self._name(inner[0], match.start(1) + inner.start(), text, note, marked=True)
            else:
                yield from self._name(match['word'], match.start(), text, note, marked=False)

    def _endpoints(self, match: re.Match[str], note: Note) -> Iterator[Named]:
        path = clean_path(match['path'].rstrip('.:;!?*`'))
        base, forms = note.base_path, self.names.forms
        form = self.names.naming.form
        kind = self.names.kinds['endpoint']
        if match['methods'] is None:
            bare = form(kind, path, base)
            candidates = forms.get(('endpoint', bare), ())
            for method in dict.fromkeys(c.text('method') for c in candidates if isinstance(c, Item)):
                of_method = [c for c in candidates if isinstance(c, Item) and c.text('method') == method]
                found = self.names.choose(of_method, note)
                if isinstance(found, Item):
                    yield Named(item=found, written=found.key, offset=match.start())
            return
        for method in split_methods(match['methods']):
            written = f'{method} {path}'
            answer = self.names.find(written, note, ('endpoint',))
            if not answer.known:
                item = answer.found if isinstance(answer.found, Item) else None
                yield Named(item=item, written=written, offset=match.start())

    def _definite(self, text: str, note: Note) -> Iterator[Named]:
        only = self.only[note.id]
        for match in _DEFINITE.finditer(text):
            before = (match['before'] or '').strip().casefold()
            start = match.start()
            if before in _NOT_DEFINITE or (start and text[:start].rstrip().endswith('\0') and not before):
                continue
            for item in only.get(match['noun'].casefold().replace('-', ' '), ()):
                yield Named(item=item, written=match['noun'], offset=match.start('noun'))

    def _name(self, word: str, offset: int, text: str, note: Note, *, marked: bool) -> Iterator[Named]:
        for phrase in self.phrases.get(word, ()):
            if text.startswith(phrase, offset):
                yield from self._chosen(*self.spellings[phrase], phrase, offset, note)
                return
        owner, dot, _ = word.rpartition('.')
        if dot:
            found = self.names.find(word, note, ('field',)).found
            if isinstance(found, Item):
                yield Named(item=found, written=word, offset=offset)
                return
        local = self.names.local_fields.get((note.id, word))
        spelled = self.spellings.get(word)
        if local is None and spelled is None:
            if dot and owner in self.spellings:
                yield from self._chosen(*self.spellings[owner], owner, offset, note)
            return
        if not (marked or not (word.islower() and word.isalpha()) or _beside_noun(text, offset, offset + len(word))):
            return
        if local is not None and (marked or word != word.capitalize() or spelled is None):
            found = self.names.choose(local, note)
            if isinstance(found, Item):
                yield Named(item=found, written=word, offset=offset)
                return
        if spelled is not None:
            yield from self._chosen(*spelled, word, offset, note)

    def _chosen(self, kind: str, form: str, written: str, offset: int, note: Note) -> Iterator[Named]:
        found = self.names.choose(self.names.forms.get((kind, form), ()), note)
        if isinstance(found, Item):
            yield Named(item=found, written=written, offset=offset)


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


def _beside_noun(text: str, start: int, end: int) -> bool:
    after = text[end : end + 20].split(None, 1)
    before = text[max(start - 20, 0) : start].rsplit(None, 1)
    return bool(
        (after and after[0].strip('.,:;)').casefold() in _NOUNS) or (before and before[-1].casefold() in _NOUNS)
    )
