"""Which words of running text may be names, before it is known what is named.

Everything here is one pass over the text: its cost is in every page that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.model.identity import ENDPOINT_MENTION, METHODS, clean_path, split_methods

#: An identifier, with the parts behind its dots and hyphens.
IDENTIFIER = re.compile(r'[^\W\d]\w*(?:[.\-]\w+)*')
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
_NOUN = re.compile(rf'(?<!\S)(?:{"|".join(sorted(_NOUNS))})(?![^\s.,:;)])', re.IGNORECASE)
#: An identifier that is more than letters in lower case. Most words are not, and are passed over here.
_LIKELY = re.compile(rf'\b(?![a-z]++(?!\w|[.\-]\w)){IDENTIFIER.pattern}')
#: A code span that may name something: an identifier, a command, a file, a service's call.
_CODE = re.compile(r'[^\W\d][\w./:-]*(?: [\w./:-]+){0,3}')
#: Longer than this is no name.
_LONGEST = 100
#: Words that stand beside such a noun without naming it: "the table", "new columns".
_SMALL = frozenset(
    {
        *('a', 'an', 'the', 'this', 'that', 'these', 'those', 'each', 'every', 'any', 'all', 'no', 'one'),
        *('some', 'its', 'their', 'our', 'same', 'other', 'another', 'new', 'old', 'existing', 'and', 'or'),
        *('of', 'in', 'on', 'to', 'for', 'with', 'by', 'from', 'as', 'at', 'is', 'are', 'was', 'be', 'has'),
        *('have', 'it', 'if', 'when', 'where', 'which', 'not', 'e.g', 'i.e'),
    }
)
#: What a path, an address or a host is made of; a word beside it is a part of one.
_PATH_MARKS = ('/', '\\', '@')
_METHOD = re.compile('|'.join(METHODS))
_METHOD_BEFORE = re.compile(rf'\b({"|".join(METHODS)})\s+$')


def is_distinctive(word: str, text: str, offset: int) -> bool:
    """Whether *word* looks like a name: not a plain word, nor one with a capital because a sentence begins."""
    if not word.isalpha():
        return True
    if word == word.capitalize():
        before = text[:offset].rstrip() if offset < 4 else text[offset - 4 : offset].rstrip()
        return bool(before) and before[-1] not in '.:!?\n-' and '\n' not in text[max(offset - 2, 0) : offset]
    return not word.islower()


def stands_beside_noun(text: str, start: int, end: int) -> bool:
    """Whether the word from *start* to *end* stands beside ``table``, ``flag`` or the like."""
    after = text[end : end + 20].split(None, 1)
    before = text[max(start - 20, 0) : start].rsplit(None, 1)
    return bool(
        (after and after[0].strip('.,:;)').casefold() in _NOUNS) or (before and before[-1].casefold() in _NOUNS)
    )


def names_in_text(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and name of all that *text*, in which nothing is marked as code, may name; none overlap.

    The names are those of :attr:`~sphinxcontrib_designnote.model.records.Note.links`.
    """
    if '/' not in text:
        return _words(text, 0, len(text))
    names: list[tuple[int, int, str]] = []
    last = 0
    for method in _METHOD.finditer(text):  # a path alone is a name only in code: prose has "and/or", routes, folders
        match = ENDPOINT_MENTION.match(text, method.start()) if method.start() >= last else None
        if match is not None:
            path = match['path'].rstrip('.:;!?*`')
            start, end = match.start(), match.start('path') + len(path)
            names += _words(text, last, start)
            names.append((start, end, _endpoint(match['methods'], path)))
            last = end
    return names + _words(text, last, len(text))


def name_in_code(code: str, before: str = '') -> str | None:
    """Return the name that a code span is, if it may be one.

    :param before: the text before it, which may hold the method of a path: POST `/x`.
    """
    if len(code) > _LONGEST:
        return None
    code = ' '.join(code.split())
    if '/' in code and (match := ENDPOINT_MENTION.fullmatch(code)) is not None:
        methods = match['methods']
        if methods is None and (word := _METHOD_BEFORE.search(before[-12:])) is not None:
            methods = word[1]
        return _endpoint(methods, match['path'])
    return f'`{code}`' if _CODE.fullmatch(code) else None


def _endpoint(methods: str | None, path: str) -> str:
    path = clean_path(path)
    return path if methods is None else f'{", ".join(split_methods(methods))} {path}'


def _words(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the identifiers between two places that look like names, or stand beside a noun that says they are."""
    found: dict[int, tuple[int, str]] = {}
    for noun in _NOUN.finditer(text, start, end):
        for word in _neighbours(text, noun, start, end):
            if stands_beside_noun(text, *word.span()):
                found[word.start()] = (word.end(), f'{word[0]} table')
    for word in _LIKELY.finditer(text, start, end):
        if word.start() not in found and is_distinctive(word[0], text, word.start()):
            found[word.start()] = (word.end(), word[0])
    names: list[tuple[int, int, str]] = []
    last = start
    for at, (behind, name) in sorted(found.items()):
        is_path = text[at - 1 : at] in _PATH_MARKS or text[behind : behind + 1] in _PATH_MARKS
        is_small = name.removesuffix(' table').casefold() in _SMALL
        if at >= last and behind - at <= _LONGEST and not is_path and not is_small:
            names.append((at, behind, name))
            last = behind
    return names


def _neighbours(text: str, noun: re.Match[str], start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the identifiers right before and behind *noun*."""
    before = text[max(noun.start() - _LONGEST, start) : noun.start()].rstrip()
    chunk = before.rsplit(None, 1)[-1] if before else ''
    behind = max(noun.start() - _LONGEST, start) + len(before)
    yield from list(IDENTIFIER.finditer(text, behind - len(chunk), behind))[-1:]
    if (after := IDENTIFIER.search(text, noun.end(), min(noun.end() + _LONGEST, end))) is not None:
        yield after
