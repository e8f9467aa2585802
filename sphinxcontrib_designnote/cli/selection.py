"""Which rules a run is asked about: ``--select`` and ``--ignore``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.cli.exits import UsageError
from sphinxcontrib_designnote.diagnostics import Finding, did_you_mean
from sphinxcontrib_designnote.rules.definition import Rule
from sphinxcontrib_designnote.rules.engine import rule_crashed

_PREFIX = re.compile(r'[A-Z]{1,10}[0-9]{0,5}')


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Codes of rules."""

    #: Only these; ``None`` for all.
    selected: frozenset[str] | None
    ignored: frozenset[str]

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that were asked for. That a rule crashed belongs to what the rule finds."""
        return [finding for finding in findings if self._has(finding)]

    def _has(self, finding: Finding) -> bool:
        codes = {finding.code, finding.detail} if finding.code == rule_crashed.code else {finding.code}
        return (self.selected is None or not self.selected.isdisjoint(codes)) and self.ignored.isdisjoint(codes)


def everything(rules: Sequence[Rule]) -> Selection:
    """Ask about all *rules*."""
    return Selection(selected=None, ignored=frozenset())


def selection_of(select: Sequence[str], ignore: Sequence[str], rules: Sequence[Rule]) -> Selection:
    """Read lists of codes, names, and beginnings of codes, with commas between them.

    :raises UsageError: when something names no rule.
    """
    selected = _codes('--select', select, rules)
    return Selection(selected=selected or None, ignored=_codes('--ignore', ignore, rules))


def _codes(option: str, written: Sequence[str], rules: Sequence[Rule]) -> frozenset[str]:
    known = [(rule.code, rule.name) for rule in rules]
    codes: set[str] = set()
    for name in (part.strip() for text in written for part in text.split(',')):
        is_prefix = _PREFIX.fullmatch(name) is not None
        found = {code for code, called in known if name in (code, called) or (is_prefix and code.startswith(name))}
        if name and not found:
            names = [each for pair in known for each in pair]
            raise UsageError(
                f'{option}: {name!r} is no rule{did_you_mean(name, names)} (DN3 stands for all whose codes begin so; '
                "'designnote rules' lists them)"
            )
        codes |= found
    return frozenset(codes)
