"""Annotations of GitHub Actions: workflow commands that the runner shows at the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.formats import in_order, message_of

_COMMANDS = {Severity.ERROR: 'error', Severity.WARNING: 'warning', Severity.INFO: 'notice'}
# As the runner's own toolkit escapes them: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
_DATA = {'%': '%25', '\r': '%0D', '\n': '%0A'}
_PROPERTY = {**_DATA, ':': '%3A', ',': '%2C'}


def github(findings: Iterable[Finding], notes: Sequence[Note], context: ExportContext) -> bytes:
    """Return a command a finding. GitHub shows ten of each severity a step, so silenced ones are left out."""
    lines = [_command(finding, context) for finding in in_order(findings)]
    return ''.join(f'{line}\n' for line in lines).encode('utf-8', 'replace')


def _command(finding: Finding, context: ExportContext) -> str:
    properties = {'title': f'{finding.code} {finding.name}'}
    if finding.location.path:
        path = context.repository_path(finding.location.path)
        properties = {'file': path, 'line': str(finding.location.line), **properties}
    written = ','.join(f'{name}={_escaped(value, _PROPERTY)}' for name, value in properties.items())
    return f'::{_COMMANDS[finding.severity]} {written}::{_escaped(message_of(finding), _DATA)}'


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return ''.join(escapes.get(character, character) for character in text)
