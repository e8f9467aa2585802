"""What is said in words, where no option says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sphinxcontrib_designnote.grammar.reading import sentences

#: Characters of one text that are looked at.
SAID = 20_000
_CODE = re.compile(r'`[^`\n]{0,300}`')
_WORD = re.compile(r'[^\W\d]\w*')
#: Makes the opposite of what follows it in its clause, or is all of an answer.
_DENIAL = re.compile(
    r"\b(?:no|not|none|never|nothing|without|cannot|can't|n/a|impossible|unnecessary)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r'[.;:,\n]')
_BEFORE = 40


def says(pattern: re.Pattern[str], *texts: str) -> bool:
    """Whether *pattern* is found in one of *texts*; not in code, where a table may be called ``snapshots``."""
    return any(pattern.search(_CODE.sub('`', text[:SAID])) for text in texts)


def affirms(pattern: re.Pattern[str], *texts: str) -> bool:
    """Whether one of *texts* says *pattern* as above and does not deny it: "no backup", "cannot be rolled back"."""
    for text in texts:
        said = _CODE.sub('`', text[:SAID])
        for match in pattern.finditer(said):
            before = said[max(match.start() - _BEFORE, 0) : match.start()]
            if not _DENIAL.search(_CLAUSE.split(before)[-1]):
                return True
    return False


def sentences_with(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of *texts* in which *pattern* is found; a text that has it nowhere is not split."""
    for text in texts:
        line = ' '.join(text[:SAID].split())
        if pattern.search(line):
            yield from filter(pattern.search, sentences(line))


def denies(answer: str) -> bool:
    """Whether an *answer* to a question begins with no: "none needed"."""
    return _DENIAL.match(answer.lstrip('*_ ')) is not None


def words(texts: Iterable[str]) -> frozenset[str]:
    """Return the folded words and identifiers of *texts*, code included."""
    return frozenset(word for text in texts for word in _WORD.findall(text[:SAID].casefold()))
