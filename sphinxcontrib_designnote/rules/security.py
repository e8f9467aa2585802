"""DN5xx: what a security reviewer asks first."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.near import nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements

_WRITES = frozenset({'POST', 'PUT', 'PATCH', 'DELETE'})


@rule('DN501', 'write-without-audit', Severity.WARNING, Scope.NOTE, asks=True, answered_by='audit')
def write_without_audit(view: NoteView) -> Iterator[Report]:
    """A new endpoint that writes is recorded by no audit event.

    **Why.** After an incident the audit trail is all that tells who changed what. It can't be written afterwards.

    **Example.** ::

        .. endpoint:: DELETE /jobs/{id}
           :change: new

    **Use instead.** Plain, under "Audit Fields"::

        - Log `job.deleted` on DELETE /jobs/{id}

    Directive::

        .. audit-event:: job.deleted
           :trigger: DELETE /jobs/{id}

    **Options.** ``:safe: yes`` on the endpoint says that its POST only reads.

    **Limits.** POST, PUT, PATCH and DELETE write. An audit event that names no endpoint records those whose last path
    segment stands in its name or trigger. An event that is removed records nothing. A mistake that
    DN209 reports is not reported again.
    """
    meant = nearly_named(view, 'audit-event', 'records')
    for endpoint, items in statements(view, ('endpoint',), ('new',)):
        if endpoint.text('method') not in _WRITES or any(item.flag('safe') or item.id in meant for item in items):
            continue
        if not any(event.change != 'removed' for event in view.sources(endpoint, 'records')):
            fix = "add one, or ':safe: yes' if it only reads"
            message = f'{noun(endpoint)} writes, and no audit event records it; {fix}'
            yield Report(message=message, about=endpoint)


RULES = (write_without_audit,)
