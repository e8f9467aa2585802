"""``needs.json`` of a project that sphinx-needs does not run in: what other projects import notes and items from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sphinxcontrib_designnote.bridges.need_records import NeedRecord
from sphinxcontrib_designnote.outputs import ExportContext


def needs_json(records: Iterable[NeedRecord], context: ExportContext) -> dict[str, Any]:
    """Return the content of ``needs.json``: one version, the project's own, and no time, so that it stays equal.

    A project without a version gives one nevertheless: sphinx-needs 8 takes no file that has none.
    """
    name = context.version or 'latest'
    needs = {record.id: _need(record) for record in records}
    version = {
        'creator': {'program': 'sphinxcontrib-designnote', 'version': context.package_version},
        'needs': dict(sorted(needs.items())),
        'needs_amount': len(needs),
    }
    return {
        'current_version': name,
        'project': context.project,
        'versions': {name: version},
    }


def _need(record: NeedRecord) -> Mapping[str, Any]:
    return {
        'id': record.id,
        'type': record.type,
        'title': record.title,
        'status': record.status,
        'tags': list(record.tags),
        'content': record.content,
        'docname': record.docname,
        'lineno': record.line,
        'sections': list(record.sections),
        **record.fields,
        **record.links,
    }
