"""How the headings of notes are compared: without case, numbering, emoji, punctuation and small words."""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Sequence

#: No heading is longer; what stands behind does not count.
_LIMIT = 200
_NOT_WORD = re.compile(r'[\W_]+')
#: ``2.``, ``2.1``, ``a)``, ``IV.``, behind marks and emoji. A letter or a Roman number needs a mark behind it.
_NUMBERING = re.compile(
    r'(?:\s*:[a-z0-9_+-]{2,40}:)?(?:[\W_]*(?:(?:section|part)\s+)?(?:\d+(?=\W)|(?:[ivx]{1,5}|[a-z])(?=[.)\]:])))*'
)
_PARENTHESIS = re.compile(r'[(\[][^()\[\]]*[)\]]\s*$')
#: How a heading that is a question begins, and what else stands in one besides what it asks for.
QUESTIONS = frozenset({'which', 'what', 'who', 'how', 'does', 'do', 'is', 'are', 'will', 'where'})
_ASKING = frozenset(
    {'we', 'it', 'this', 'there', 'be', 'to', 'of', 'for', 'in', 'on', 'can', 'get', 'need', 'have', 'with'}
)
_SMALL = frozenset({'a', 'an', 'and', 'any', 'or', 'our', 'the'})


@functools.lru_cache(4096)  # notes of one template share their headings
def words_of_heading(heading: str) -> tuple[str, ...]:
    """Return the words of a heading as they are compared."""
    text = heading[:_LIMIT].casefold()
    numbering = _NUMBERING.match(text)
    rest = text[numbering.end() :] if numbering else text
    return tuple(word for word in _NOT_WORD.sub(' ', rest).split() if word not in _SMALL)


def folded_heading(heading: str) -> str:
    """Return a heading as it is compared."""
    return ' '.join(words_of_heading(heading))


def orders_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words that a question asks for, in every order: ``which endpoints are new`` asks for new endpoints."""
    asked = [word for word in words if word not in QUESTIONS and word not in _ASKING]
    return list(itertools.permutations(asked)) if 0 < len(asked) <= 3 else []


@functools.lru_cache(4096)
def nearest_heading(heading: str, known: tuple[str, ...]) -> str | None:
    """Return the one of *known* that a folded heading misspells: ``new endpoits``."""
    # Comparing is slow, and who misspells a heading rarely misspells its first letter.
    likely = [each for each in known if each[0] == heading[0] and abs(len(each) - len(heading)) <= 3]
    close = difflib.get_close_matches(heading, likely, n=1, cutoff=0.9)
    return close[0].rstrip('$') if close else None


def without_parenthesis(heading: str) -> str:
    """Return a heading without what stands in parentheses at its end: ``(optional)``."""
    return _PARENTHESIS.sub('', heading[:_LIMIT]) or heading
