"""SARIF 2.1.0 (OASIS, errata 01), as GitHub's code scanning and others read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.formats import encoded, in_order, message_of
from sphinxcontrib_designnote.outputs.rule_pages import readable, reason, summary
from sphinxcontrib_designnote.rules.definition import Rule
from sphinxcontrib_designnote.tables import cut

_SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
_LEVELS = {Severity.ERROR: 'error', Severity.WARNING: 'warning', Severity.INFO: 'note', Severity.OFF: 'none'}
_ROOT = '%SRCROOT%'


def sarif(findings: Iterable[Finding], notes: Sequence[Note], context: ExportContext) -> bytes:
    """Return every finding, silenced ones marked so, and every rule. Paths are relative to the repository's root."""
    found = in_order(findings, silenced=True)
    rules = [_rule(rule, context) for rule in context.rules]
    index = {rule['id']: number for number, rule in enumerate(rules)}
    driver = {'name': 'designnote', 'version': context.package_version, 'rules': rules}
    if context.docs_url:
        driver['informationUri'] = context.docs_url
    run = {
        'tool': {'driver': driver},
        'columnKind': 'unicodeCodePoints',
        'originalUriBaseIds': {_ROOT: {'description': {'text': 'The root of the repository.'}}},
        'results': [_result(finding, index[finding.code], context) for finding in found],
    }
    return encoded({'$schema': _SCHEMA, 'version': '2.1.0', 'runs': [run]})


def _rule(rule: Rule, context: ExportContext) -> dict[str, Any]:
    text = summary(rule) or rule.name
    page = readable(rule) or text
    is_off = rule.severity is Severity.OFF
    descriptor: dict[str, Any] = {
        'id': rule.code,
        'name': rule.name,
        'shortDescription': {'text': text},
        'fullDescription': {'text': f'{text} {reason(rule)}'.strip()},
        'help': {'text': page},
        'defaultConfiguration': {'enabled': False} if is_off else {'level': _LEVELS[rule.severity]},
    }
    if url := context.rule_link(rule.code):
        descriptor['helpUri'] = url
    return descriptor


def _result(finding: Finding, rule_index: int, context: ExportContext) -> dict[str, Any]:
    result: dict[str, Any] = {
        'ruleId': finding.code,
        'ruleIndex': rule_index,
        'level': _LEVELS[finding.severity],
        'message': {'text': _unlinked(message_of(finding))},
        'locations': [_location(finding.location, context)] if finding.location.path else [],
        'partialFingerprints': {'designnote/v1': finding.fingerprint},
        # Of all results or of none, says SARIF; an empty list is what counts.
        'suppressions': _suppressions(finding),
    }
    if finding.related:
        places = enumerate(finding.related, 1)
        result['relatedLocations'] = [{'id': number, **_location(place, context)} for number, place in places]
    return result


def _location(location: SourceLocation, context: ExportContext) -> dict[str, Any]:
    uri = quote(context.repository_path(location.path), errors='replace')
    artifact = {'uri': uri, 'uriBaseId': _ROOT}
    return {'physicalLocation': {'artifactLocation': artifact, 'region': {'startLine': location.line}}}


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    if finding.suppressed is None:
        return []
    return [{'kind': 'external' if finding.in_baseline else 'inSource', 'justification': cut(finding.suppressed)}]


def _unlinked(text: str) -> str:
    """Keep what an author wrote from being read as SARIF's own links (``[text](target)``)."""
    return text.replace('[', '\\[').replace(']', '\\]') if '](' in text else text
