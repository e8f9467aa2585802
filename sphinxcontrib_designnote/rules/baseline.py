"""The baseline: the findings that a project has agreed to live with, so that only new ones count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sphinxcontrib_designnote.diagnostics import Finding, Severity, quote
from sphinxcontrib_designnote.model.declared import DeclarationError

#: Why a finding of the baseline is silenced.
IN_BASELINE = 'in the baseline'
_FORMAT, _VERSION = 'designnote-baseline', 1
_CRASHED = 'DN990'
_FINGERPRINT = re.compile(r'[0-9a-f]{16}')


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """The fingerprints of what is silenced."""

    fingerprints: frozenset[str] = frozenset()

    def silenced(self, finding: Finding) -> Finding:
        """Mark *finding* when it is listed; one that its author silences stays the author's."""
        if finding.suppressed is None and finding.fingerprint in self.fingerprints and finding.code != _CRASHED:
            return replace(finding, suppressed=IN_BASELINE, in_baseline=True)
        return finding

    def unmatched(self, findings: Iterable[Finding]) -> int:
        """Count the entries that none of *findings* matches."""
        return len(self.fingerprints.difference(finding.fingerprint for finding in findings))


def of_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that a baseline lists: errors and warnings that no author silences.

    Infos fail nothing, so nobody needs them listed: one that becomes a warning counts. Nor is a rule that crashed
    listed: what it would have found nobody knows.
    """
    severities = (Severity.ERROR, Severity.WARNING)
    listed = {
        finding.fingerprint: finding
        for finding in findings
        if finding.severity in severities and finding.code != _CRASHED and finding.suppressed is None
    }
    return sorted(listed.values(), key=lambda f: (f.location.path, f.code, f.message, f.fingerprint))


def write_baseline(findings: Iterable[Finding]) -> bytes:
    """Return the file that lists *findings*; only the fingerprint is ever compared, the rest is for people.

    It holds no line numbers, and a line a finding: a note that is edited elsewhere changes nothing.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    records = [
        encode({'fingerprint': f.fingerprint, 'code': f.code, 'path': f.location.path, 'message': f.message})
        for f in of_findings(findings)
    ]
    listed = '[\n  ' + ',\n  '.join(records) + '\n]' if records else '[]'
    text = f'{{\n"format": "{_FORMAT}",\n"version": {_VERSION},\n"findings": {listed}\n}}\n'
    return text.encode('utf-8', 'backslashreplace')


def read_baseline(data: bytes) -> Baseline:
    """Return what :func:`write_baseline` wrote.

    :raises DeclarationError: when it is no such file.
    """
    try:
        raw: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise DeclarationError('it is no JSON') from None
    if not isinstance(raw, dict) or raw.get('format') != _FORMAT:
        raise DeclarationError(f'its "format" is not "{_FORMAT}"')
    if raw.get('version') != _VERSION:
        version = quote(str(raw.get('version')))
        raise DeclarationError(f'its "version" is {version}, and this release reads {_VERSION}')
    entries = raw.get('findings')
    if not isinstance(entries, list):
        raise DeclarationError('its "findings" are no list')
    fingerprints = set()
    for number, entry in enumerate(entries, 1):
        fingerprint = entry.get('fingerprint') if isinstance(entry, dict) else None
        if not isinstance(fingerprint, str) or _FINGERPRINT.fullmatch(fingerprint) is None:
            raise DeclarationError(f'entry {number} of its "findings" has no fingerprint')
        fingerprints.add(fingerprint)
    return Baseline(fingerprints=frozenset(fingerprints))
