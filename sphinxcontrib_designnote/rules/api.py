"""DN3xx: what clients can rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.near import nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements, subject_id

_CODE = re.compile(r'`([^`\n]{2,100})`')


@rule('DN301', 'endpoint-without-authorization', Severity.WARNING, Scope.NOTE, asks=True, answered_by='authorization')
def endpoint_without_authorization(view: NoteView) -> Iterator[Report]:
    """A new or changed endpoint does not say who may call it.

    **Why.** What nobody has decided, the implementation decides, and its default is often "anyone".

    **Example.** ::

        .. endpoint:: POST /serving/auto-config
           :change: new

    **Use instead.** Plain, under "Authorization Touchpoints"::

        - POST /serving/auto-config: requires editor role

    Directive::

        .. endpoint:: POST /serving/auto-config
           :change: new
           :auth: Requires editor role

    **Limits.** ``auth``, ``roles`` and an authorization of the same note that names the endpoint all count; so does one
    that says that it is public or unchanged. What an earlier note said does not.
    Nothing is said where an authorization names the endpoint with a mistake that DN209 reports.
    """
    meant = nearly_named(view, 'authorization', 'guards')
    for endpoint, items in statements(view, ('endpoint',), ('new', 'changed')):
        if any(item.says('auth', 'roles') or item.id in meant for item in items):
            continue
        if not view.sources(endpoint, 'guards'):
            message = f"{noun(endpoint)} has no authorization; add ':auth:' or an authorization touchpoint"
            yield Report(message=message, about=endpoint)


@rule(
    'DN303',
    'breaking-change-without-compatibility',
    Severity.WARNING,
    Scope.NOTE,
    asks=True,
    answered_by='compatibility',
)
def breaking_change_without_compatibility(view: NoteView) -> Iterator[Report]:
    """A breaking change says nothing about old clients.

    **Why.** A client that breaks without warning is an incident. Somebody has to say how long the old way works, or
    that it does not.

    **Example.** ::

        .. breaking-change:: status of GET /jobs becomes a number
           :affects: GET /jobs

    **Use instead.** Plain, under "Backward Compatibility"::

        - GET /jobs sends both forms until 2027-06-30

    Directive::

        .. compatibility:: GET /jobs sends both forms
           :covers: GET /jobs
           :until: 2027-06-30

    **Limits.** ``mitigation`` or ``sunset`` on the breaking change will do. A compatibility statement covers what it
    links to, and a breaking change that affects the same thing, or a part of it; and one with which it shares a name
    written as code.
    """
    breaking = view.of('breaking-change')
    statements_ = view.of('compatibility') if breaking else []
    covered = {subject_id(view.graph, target) for item in statements_ for target in view.targets(item, 'covers')}
    codes = {code for item in statements_ for code in _codes(item)}
    for item in breaking:
        if item.says('mitigation', 'sunset'):
            continue
        affected = [item, *view.targets(item, 'affects')]
        owners = [owner for each in affected if (owner := view.parent(each)) is not None]
        names = {subject_id(view.graph, each) for each in (*affected, *owners)}
        if names & covered or codes.intersection(_codes(item)):
            continue
        fix = "add ':mitigation:', ':sunset:' or a compatibility statement that covers it"
        message = f'{noun(item)} says nothing about old clients; {fix}'
        yield Report(message=message, about=item)


def _codes(item: Item) -> list[str]:
    return [code for text in (item.title, item.body) for code in _CODE.findall(text)]


RULES = (endpoint_without_authorization, breaking_change_without_compatibility)
