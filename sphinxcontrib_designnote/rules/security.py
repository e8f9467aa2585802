"""DN501, DN504 and DN505: what a security reviewer asks first of an endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.grammar.access import speaks_of
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.callers import PUBLIC, callers
from sphinxcontrib_designnote.rules.considerations import considered, is_considered
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.near import nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements

_WRITES = frozenset({'POST', 'PUT', 'PATCH', 'DELETE'})
#: Of a public endpoint: who is kept out all the same, or what a caller has to bring.
_GUARDED = re.compile(
    r'\b(?:internal(?:ly)?|intranet|vpn|cluster|localhost|loopback|private network|network policy|m?tls|gateway'
    r'|sign(?:ed|ature)|hmac|tokens?|api[ -]keys?|captcha|secret|one-time|allow-?list(?:ed)?)\b',
    re.IGNORECASE,
)
_NO_LIMIT = frozenset({'none', 'no', 'no limit', 'unlimited'})
#: What a request is said to be that has nothing to validate.
_NO_BODY = re.compile(r'\W*(?:none|empty|no (?:request )?body|\{\s*\})\W*', re.IGNORECASE)
_LONGEST = 2000


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


@rule('DN504', 'public-endpoint-unguarded', Severity.WARNING, Scope.NOTE, asks=True, answered_by='security')
def public_endpoint_unguarded(view: NoteView) -> Iterator[Report]:
    """A new or changed endpoint is public, and nothing limits who calls it how often.

    **Why.** What anyone may call, somebody will call a thousand times a second, or with every phone number there is.

    **Example.** ::

        .. endpoint:: POST /password-resets
           :change: new
           :auth: Public

    **Use instead.** Plain, below the endpoint or under "Other Security Considerations"::

        - Rate limiting: 5 requests an hour for each address

    Directive::

        .. endpoint:: POST /password-resets
           :change: new
           :auth: Public
           :rate-limit: 5 requests an hour for each address

    **Limits.** Public is what ``auth``, ``roles`` or an authorization of the same note says that it is. Not looked at
    is what those words keep inside a network, or let in by a signature, a token or the like. A consideration will do
    that names the endpoint, whatever it says; or one about rate limiting or abuse that names no other endpoint.
    """
    general: bool | None = None
    for endpoint, items in statements(view, ('endpoint',), ('new', 'changed')):
        stated = [*items, *view.sources(endpoint, 'guards')]
        if PUBLIC not in callers(stated, frozenset()).roles or any(_is_guarded(item) for item in stated):
            continue
        limits = [limit for item in items if (limit := item.text('rate_limit'))]
        if any(limit.strip(' .').casefold() not in _NO_LIMIT for limit in limits):
            continue
        general = _is_limited(view) if general is None else general
        if not general and not view.sources(endpoint, 'applies-to'):
            fix = "add ':rate-limit:', or a security consideration on its abuse"
            yield Report(message=f'{noun(endpoint)} is public and has no rate limit; {fix}', about=endpoint)


def _is_guarded(item: Item) -> bool:
    texts = (item.title, item.text('auth') or '', item.body[:_LONGEST] if item.kind == 'authorization' else '')
    return any(_GUARDED.search(text) for text in texts)


def _is_limited(view: NoteView) -> bool:
    """Whether the note says something of rate limiting or abuse that is about no endpoint in particular."""
    prose = view.note.prose.get('security', '')[:_LONGEST]
    return any(speaks_of(topic, prose) for topic in ('rate-limiting', 'abuse')) or any(
        all(target.kind != 'endpoint' for target in view.targets(item, 'applies-to'))
        for item in considered(view, 'rate-limiting', 'abuse')
    )


@rule('DN505', 'write-without-validation', Severity.INFO, Scope.NOTE, asks=True, answered_by='security')
def write_without_validation(view: NoteView) -> Iterator[Report]:
    """New endpoints take input, and no security consideration is about validating it.

    **Why.** "Must be a valid UUID, must exist, must be the caller's" is three lines in a note, and three incidents
    where each of two implementers thought that the other does it.

    **Example.** ::

        .. endpoint:: POST /jobs
           :change: new
           :request: {"model_id": "uuid", "priority": 3}

    **Use instead.** Plain, under "Other Security Considerations"::

        - Input validation: `model_id` must exist and be visible to the caller, `priority` is 0 to 9

    Directive::

        .. security-consideration:: Models and priorities
           :topic: input-validation

           The model must exist and be visible to the caller; the priority is 0 to 9.

    **Options.** ``:safe: yes`` on the endpoint says that its POST only reads.

    **Limits.** POST, PUT and PATCH, and a DELETE that states a request; not where the request is said to be empty. One
    consideration will do for all endpoints, and so will words of validation on each of them. One finding for a note,
    at the first endpoint.
    """
    found = [
        endpoint
        for endpoint, items in statements(view, ('endpoint',), ('new',))
        if _takes_input(endpoint, items) and not any(_speaks_of_validation(item) for item in items)
    ]
    if not found or is_considered(view, 'input-validation'):
        return
    more = f' and {len(found) - 1} more' if len(found) > 1 else ''
    take = 'take' if more else 'takes'
    fix = "add a security consideration with ':topic: input-validation'"
    message = f'{noun(found[0])}{more} {take} input, and nothing says how it is validated; {fix}'
    related = tuple(endpoint.location for endpoint in found[1:11])
    yield Report(message=message, about=found[0], related=related, detail='input-validation', shared=True)


def _takes_input(endpoint: Item, items: list[Item]) -> bool:
    requests = [request for item in items if (request := item.text('request'))]
    writes = endpoint.text('method') in _WRITES and (endpoint.text('method') != 'DELETE' or bool(requests))
    return writes and not any(item.flag('safe') for item in items) and not any(map(_NO_BODY.fullmatch, requests))


def _speaks_of_validation(endpoint: Item) -> bool:
    texts = (endpoint.text('purpose'), endpoint.text('errors'), endpoint.body)
    return any(speaks_of('input-validation', text[:_LONGEST]) for text in texts if text)


RULES = (write_without_audit, public_endpoint_unguarded, write_without_validation)
