"""Words that say what a note does to a thing: new, changed, deprecated, removed, existing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sphinxcontrib_designnote.grammar.blocks import LIMIT
from sphinxcontrib_designnote.model.schema import Kind

_CHANGES: Mapping[str, str] = {
    **dict.fromkeys(('new', 'added', 'add', 'adds', 'introduced', 'create', 'created', 'introduce'), 'new'),
    **dict.fromkeys(
        (
            'changed',
            'modified',
            'updated',
            'enhanced',
            'extended',
            'change',
            'changes',
            'modify',
            'update',
            'extend',
            'touched',
        ),
        'changed',
    ),
    **dict.fromkeys(('modifies', 'altered', 'alter', 'enhance', 'revised', 'updates', 'extends'), 'changed'),
    **dict.fromkeys(('deprecated', 'deprecate', 'deprecates', 'deprecation', 'deprecations'), 'deprecated'),
    **dict.fromkeys(
        ('removed', 'remove', 'removes', 'deleted', 'dropped', 'drop', 'drops', 'retired', 'delete', 'removals'),
        'removed',
    ),
    **dict.fromkeys(('unchanged', 'existing', 'reused', 'reuse'), 'existing'),
}


#: What kinds call a change, the likeliest first.
_SPELLED: Mapping[str, tuple[str, ...]] = {
    'new': ('new', 'add'),
    'changed': ('changed', 'modified', 'modify'),
    'deprecated': ('deprecated', 'changed', 'modified', 'modify'),
    'removed': ('removed', 'drop'),
    'existing': ('existing',),
}


_CHANGE_BEFORE = re.compile(
    rf'[(\[]?(?P<word>(?i:{"|".join(_CHANGES)}))\b[)\]]?(?:\s+(?:api|rest|http)?\s*(?:endpoint|route|table|entity|field|'
    r'column|flag|event|interface)s?\b)?\s*(?:[:.!;–—]|-(?=\s)|$)\s*',
    re.IGNORECASE,
)


_CHANGE_AFTER = re.compile(
    rf'\s*[(\[](?P<word>(?i:{"|".join(_CHANGES)}))(?:(?:\s*[,;:]|\s+(?:in|since|by|from|as|on)\b)[^()\[\]]{{0,60}})?[)\]]'
)


_CHANGE_WITHIN = re.compile(rf'[^`.:;()]{{1,120}}\((?P<word>(?i:{"|".join(_CHANGES)}))\)')


#: What a heading may speak of as a whole.
_NOUNS = frozenset(
    f'{noun}{end}'
    for noun in (
        *('endpoint', 'api', 'route', 'table', 'entity', 'model', 'schema', 'column', 'flag', 'toggle', 'interface'),
        *('event', 'operation', 'method', 'call', 'resource', 'url', 'field', 'collection', 'command', 'entitie'),
    )
    for end in ('', 's')
)


#: Behind "new" they say that what has them changes.
_PART_NOUNS = frozenset({'field', 'fields', 'parameter', 'parameters', 'query', 'header', 'attribute', 'attributes'})


_BE = frozenset({'be', 'is', 'are', 'was', 'were', 'been', 'and', 'or'})


_IMPERATIVE = frozenset({'add', 'create', 'delete', 'remove', 'update', 'change', 'drop', 'modify', 'extend'})


#: ``Create a server (changed)``
_CHANGE_LAST = re.compile(rf'[(\[](?P<word>(?i:{"|".join(_CHANGES)}))[)\]]\s*:?\s*$')


_WORDS = re.compile(r'[^\W\d_]+')


def change_in(label: str) -> str | None:
    """Return what a heading or lead-in says happens to what stands below it; ``None`` where it is undecided.

    ``New endpoints``, ``(changed)``, ``Removed`` and ``will be removed`` decide. ``New and changed endpoints`` are
    either, and ``Delete a job`` is the name of an operation.
    """
    if last := _CHANGE_LAST.search(label[-40:]):
        return _CHANGES[last['word'].casefold()]
    words = _WORDS.findall(label[:80].casefold())[:8]
    if _CHANGES.keys().isdisjoint(words):
        return None
    words = words[1:] if words[:1] == ['brand'] else words
    found = {
        _CHANGES[word]
        for place, word in enumerate(words)
        if word in _CHANGES
        and (
            len(words) == 1
            or not _NOUNS.isdisjoint(_up_to_object(words, place))
            or (place and words[place - 1] in _BE and word not in _IMPERATIVE)
            or (place == len(words) - 1 and word in ('change', 'changes') and not _NOUNS.isdisjoint(words))
        )
    }
    return found.pop() if len(found) == 1 else None


def _up_to_object(words: Sequence[str], place: int) -> Sequence[str]:
    """Return the words behind a change up to what it is done to; verbs of operations have none."""
    behind = words[place + 1 : place + 4]
    return () if behind and behind[0] in _PART_NOUNS else behind


def first_change(text: str) -> str | None:
    """Return the change that the first word of a cell or the like names."""
    word = _WORDS.match(text.strip(' `*_([~')[:30])
    return _CHANGES.get(word[0].casefold()) if word else None


def spelled_change(kind: Kind, change: str | None) -> str | None:
    """Return the word of *kind* for a change; ``None`` where it has none."""
    option = kind.options.get('change') if change else None
    values = option.values if option else ()
    return next((word for word in _SPELLED.get(change or '', ()) if word in values), None)


def without_change(text: str) -> tuple[str, str | None]:
    """Split ``New: POST /x`` into the rest and the change; nothing where no such word leads."""
    match = _CHANGE_BEFORE.match(text)
    return (text[match.end() :], _CHANGES[match['word'].casefold()]) if match else (text, None)


def change_behind(text: str) -> tuple[str, str | None]:
    """Split ``(deprecated) the old way`` into the rest and the change."""
    match = _CHANGE_AFTER.match(text)
    return (text[match.end() :], _CHANGES[match['word'].casefold()]) if match else (text, None)


def change_within(text: str) -> str | None:
    """Return the change in parentheses in a sentence: ``kick off a run (new)``; behind code it is that code's."""
    match = _CHANGE_WITHIN.match(text[:LIMIT])
    return _CHANGES[match['word'].casefold()] if match else None
