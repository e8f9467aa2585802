"""The findings of ``designnote.json`` alone: the same records under the same key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.export import FORMAT_VERSION, dumps, finding_record
from sphinxcontrib_designnote.outputs.formats import in_order


def records(findings: Iterable[Finding], notes: Sequence[Note], context: ExportContext) -> bytes:
    """Return every finding, silenced ones with the reason; paths are relative to the sources."""
    found = [finding_record(finding) for finding in in_order(findings, silenced=True)]
    return dumps({'format': 'designnote', 'version': FORMAT_VERSION, 'findings': found})
