"""JUnit XML, which every continuous integration shows: one test case a note, failing with its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.formats import finding_line, in_order, place_of
from sphinxcontrib_designnote.outputs.summary import counted
from sphinxcontrib_designnote.tables import cut


def junit(findings: Iterable[Finding], notes: Sequence[Note], context: ExportContext) -> bytes:
    """Return a case for each of *notes*, and one for the project where something concerns no note.

    Errors and warnings fail a case, all together: readers differ in what they make of several failures. Infos are what
    it printed. Silenced findings are left out.
    """
    by_note: dict[str | None, list[Finding]] = {note.id: [] for note in notes}
    for finding in in_order(findings):
        by_note.setdefault(finding.note if finding.note in by_note else None, []).append(finding)
    suite = ElementTree.Element('testsuite', name='design notes')
    for note in sorted(notes, key=lambda note: note.location):
        where = {'classname': cut(note.docname.replace('/', '.')), 'file': context.repository_path(note.location.path)}
        _add_case(suite, note.title or note.id, where, by_note.pop(note.id, []), context)
    for found in by_note.values():
        _add_case(suite, 'the project as a whole', {'classname': 'project'}, found, context)
    counts = {'tests': len(suite), 'failures': len(suite.findall('testcase/failure')), 'errors': 0, 'skipped': 0}
    totals = {name: str(count) for name, count in counts.items()}
    suite.attrib |= totals
    suites = ElementTree.Element('testsuites', {'name': 'designnote', **totals})
    suites.append(suite)
    ElementTree.indent(suites, ' ')
    written = ElementTree.tostring(suites, encoding='unicode')
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode()


def _add_case(
    suite: ElementTree.Element, name: str, where: dict[str, str], findings: Sequence[Finding], context: ExportContext
) -> None:
    where = {key: cut(value) for key, value in where.items()}
    case = ElementTree.SubElement(suite, 'testcase', {'name': cut(name), **where, 'time': '0'})
    severities = Counter(finding.severity for finding in findings)
    if severities[Severity.ERROR] or severities[Severity.WARNING]:
        worst = Severity.ERROR if severities[Severity.ERROR] else Severity.WARNING
        failure = ElementTree.SubElement(case, 'failure', type=str(worst), message=counted(findings))
        failure.text = _lines((f for f in findings if f.severity is not Severity.INFO), context)
    if severities[Severity.INFO]:
        printed = ElementTree.SubElement(case, 'system-out')
        printed.text = _lines((f for f in findings if f.severity is Severity.INFO), context)


def _lines(findings: Iterable[Finding], context: ExportContext) -> str:
    return '\n'.join(
        finding_line(finding, place_of(finding.location, context.repository_path(finding.location.path)))
        for finding in findings
    )
