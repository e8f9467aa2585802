"""The summary on the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import cut
from sphinxcontrib_designnote.tables.coverage import reported_notes


def summary_lines(
    findings: Iterable[Finding],
    graph: Graph,
    *,
    paths: Collection[str] | None = None,
    prefix: str = '',
    infos_are: str = 'in the report',
) -> list[str]:
    """Return what the console says at the end: a line a note that has errors or warnings, then the sum.

    :param paths: count only the notes that stand in these files; all where absent.
    :param prefix: put before the path of a note.
    :param infos_are: where infos stand.

    What is silenced does not count; of what the baseline silences the number is told.
    """
    by_path: dict[str, list[Finding]] = {}
    infos = baselined = 0
    for finding in sorted(findings, key=lambda finding: finding.sort_key):
        if finding.suppressed is not None:
            baselined += finding.in_baseline
            continue
        if finding.severity is Severity.INFO:
            infos += 1
            continue
        note = graph.notes.get(finding.note or '')
        by_path.setdefault(note.location.path if note else '', []).append(finding)
    lines = []
    for path, found in sorted(by_path.items()):
        codes = ', '.join(sorted({finding.code for finding in found}))
        lines.append(f'{cut(prefix + path) if path else "the project"}: {counted(found)} ({codes})')
    total = sum(1 for note in reported_notes(graph) if paths is None or note.location.path in paths)
    noted = sum(1 for path in by_path if path)
    everything = [finding for found in by_path.values() for finding in found]
    sum_line = f'{counted(everything)} in {noted} of {total} {"note" if total == 1 else "notes"}'
    if infos:
        sum_line += f'; {infos} {"info" if infos == 1 else "infos"} {infos_are}'.rstrip()
    if baselined:
        sum_line += f'; {baselined} in the baseline'
    return [*lines, sum_line]


def counted(findings: Sequence[Finding]) -> str:
    """Say how many errors and warnings there are."""
    counts = Counter(finding.severity for finding in findings)
    words = ((counts[Severity.ERROR], 'error'), (counts[Severity.WARNING], 'warning'))
    return ', '.join(f'{count} {word}{"" if count == 1 else "s"}' for count, word in words)
