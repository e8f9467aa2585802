"""GitLab's code-quality report: a subset of Code Climate's format, as GitLab documents it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.formats import encoded, in_order, message_of

_SEVERITIES = {Severity.ERROR: 'major', Severity.WARNING: 'minor', Severity.INFO: 'info'}


def gitlab(findings: Iterable[Finding], notes: Sequence[Note], context: ExportContext) -> bytes:
    """Return a record a finding; silenced ones are left out, as the format cannot mark them."""
    return encoded(
        [
            {
                'description': f'{message_of(finding)} [{finding.code} {finding.name}]',
                'check_name': finding.code,
                'fingerprint': finding.fingerprint,
                'severity': _SEVERITIES[finding.severity],
                'location': {
                    'path': context.repository_path(finding.location.path),
                    'lines': {'begin': finding.location.line},
                },
            }
            for finding in in_order(findings)
        ]
    )
