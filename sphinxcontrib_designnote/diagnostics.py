"""What is said about a note: where, how bad, and in which words."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters. ``OFF`` is a rule's default only; no finding carries it."""

    ERROR = 'error'
    WARNING = 'warning'
    INFO = 'info'
    OFF = 'off'


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class SourceLocation:
    """A line of a source file."""

    #: Relative to the source directory, with forward slashes.
    path: str
    #: 1-based.
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that could not be read, seen while a page is parsed; a rule turns it into a finding."""

    #: Code of the rule that reports it.
    code: str
    message: str
    location: SourceLocation
    #: Id of the item it belongs to, if it belongs to one.
    item: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One defect, at the line that must change."""

    code: str
    name: str
    severity: Severity
    message: str
    location: SourceLocation
    #: Id of the note that must change.
    note: str | None = None
    #: Page of that note, for the location of warnings.
    docname: str | None = None
    #: Id of the item, where there is one.
    item: str | None = None
    #: Other places that belong to the same defect.
    related: tuple[SourceLocation, ...] = ()
    #: Why it is silenced; ``None`` when it is not.
    suppressed: str | None = None
    #: It is silenced because the baseline lists it, and not by its author.
    in_baseline: bool = False
    #: What tells two findings of one rule on one item apart, without line numbers.
    detail: str = field(default='', compare=False)
    #: Which item it is does not tell it from others: the next one of the note may share it, and come first.
    shared: bool = field(default=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that survive moved lines and reordered items."""
        parts = (self.code, self.note or self.location.path, '' if self.shared else self.item or '', self.detail)
        return hashlib.sha256('\0'.join(parts).encode('utf-8', 'surrogatepass')).hexdigest()[:16]

    def fails(self, fail_on: Severity) -> bool:
        """Whether a run fails because of it; never where *fail_on* is ``OFF``."""
        bad = {Severity.ERROR: (Severity.ERROR,), Severity.WARNING: (Severity.ERROR, Severity.WARNING)}
        return self.suppressed is None and self.severity in bad.get(fail_on, ())

    @property
    def sort_key(self) -> tuple[str, int, str, str, str]:
        """Order of findings in every output."""
        return (self.location.path, self.location.line, self.code, self.item or '', self.message)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the one of *words* that *word* was probably meant to be.

    Long words are cut first: the comparison is quadratic in their length.
    """
    folded = {w[:80].casefold(): w for w in sorted(words, reverse=True)}
    match = difflib.get_close_matches(word[:80].casefold(), folded, n=1, cutoff=0.6)
    return folded[match[0]] if match else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` or nothing."""
    match = nearest(word, words)
    return f'; did you mean {match!r}?' if match is not None else ''


def accepted(word: str, words: Collection[str]) -> str:
    """Return ``"; did you mean 'x'? (accepted: x, y)"``, the question only where one of *words* is near."""
    return f'{did_you_mean(word, words)} (accepted: {", ".join(words)})'


def quote(text: str, limit: int = 60) -> str:
    """Return *text* on one line, cut to *limit* characters and quoted, for use in a message."""
    line = ' '.join(text.split(None, limit))[: limit + 1]
    line = ''.join(c if c.isprintable() else '\N{REPLACEMENT CHARACTER}' for c in line)
    return f"'{line[: limit - 1]}…'" if len(line) > limit else f"'{line}'"
