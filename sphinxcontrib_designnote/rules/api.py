"""What an endpoint must say, and that it says it once: DN301, DN306 to DN309."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.near import loose_segments, nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements, subject_id

_WITH_BODY = frozenset({'POST', 'PUT', 'PATCH'})
#: Methods whose answer holds nothing that a note would describe.
_WITHOUT_ANSWER = frozenset({'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'WS', 'WEBSOCKET'})
#: What a statement of who may do something is about: reading, or anything else.
_READS = re.compile(
    r'\b(?:reads?|sees?|seen|views?|viewed|lists?|listed|shown?|downloads?|downloaded)\b', re.IGNORECASE
)
_WRITES = re.compile(
    r'\b(?:writ\w+|edit\w*|creat\w+|chang\w+|delet\w+|updat\w+|remov\w+|start\w*|approv\w+|sen[dt]\w*)\b', re.IGNORECASE
)
_WORD = re.compile(r'[^\W_]+')
#: So much of a statement is looked at.
_LONGEST = 400
_SAFE = frozenset({'GET', 'HEAD', 'OPTIONS'})


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
    that says that it is public or unchanged. What an earlier note said does not. An authorization that names no
    endpoint speaks of those whose path ends in its words: "areas are written by managers" of ``POST /areas``.
    Nothing is said where an authorization names the endpoint with a mistake that DN209 reports.
    """
    meant = nearly_named(view, 'authorization', 'guards')
    told = _told_of_resources(view)
    for endpoint, items in statements(view, ('endpoint',), ('new', 'changed')):
        if any(item.says('auth', 'roles') or item.id in meant for item in items):
            continue
        if not (view.sources(endpoint, 'guards') or _is_told(endpoint, told)):
            message = f"{noun(endpoint)} has no authorization; add ':auth:' or an authorization touchpoint"
            yield Report(message=message, about=endpoint)


def _told_of_resources(view: NoteView) -> dict[str, set[bool]]:
    """Return the words of authorizations that name no endpoint, each with whether reading is meant, or else."""
    told: dict[str, set[bool]] = {}
    for item in view.of('authorization'):
        text = f'{item.key} {item.body}'[:_LONGEST]
        if '/' in text or view.targets(item, 'guards'):
            continue
        does = {safe for safe, words in ((True, _READS), (False, _WRITES)) if words.search(text)} or {True, False}
        for word in loose_segments('/'.join(_WORD.findall(text))):
            told.setdefault(word, set()).update(does)
    return told


def _is_told(endpoint: Item, told: Mapping[str, set[bool]]) -> bool:
    """Whether an authorization speaks of the resource that *endpoint* is about: its last literal segment."""
    literal = [segment for segment in (endpoint.text('path') or '').split('/') if segment and '{' not in segment]
    words = loose_segments('/'.join(_WORD.findall(literal[-1]))) if literal else ()
    safe = endpoint.text('method') in _SAFE
    return bool(words) and all(safe in told.get(word, ()) for word in words)


@rule('DN306', 'endpoint-without-purpose', Severity.WARNING, Scope.ITEM, asks=True, by_note=True)
def endpoint_without_purpose(view: NoteView) -> Iterator[Report]:
    """A new endpoint does not say what it is for.

    **Why.** A path tells where, not what. Who reviews the note, or finds the endpoint in the list of all notes, has to
    guess.

    **Example.** ::

        .. endpoint:: POST /jobs/{id}/replay
           :change: new

    **Use instead.** Plain, under "New Endpoints"::

        - POST /jobs/{id}/replay - run a failed job again with the same input

    Directive::

        .. endpoint:: POST /jobs/{id}/replay
           :change: new
           :purpose: Runs a failed job again with the same input

    **Limits.** A body will do. Of two statements on one endpoint it is enough that one says it.
    """
    for endpoint, items in statements(view, ('endpoint',), ('new',)):
        if not any(item.says('purpose') or item.body for item in items):
            yield Report(message=f"{noun(endpoint)} does not say what it is for; add ':purpose:'", about=endpoint)


@rule('DN307', 'endpoint-without-contract', Severity.INFO, Scope.ITEM, asks=True, by_note=True)
def endpoint_without_contract(view: NoteView) -> Iterator[Report]:
    """A new endpoint says neither what it answers nor what it takes.

    **Why.** Clients and tests are written against it before it exists, and each will assume another shape.

    **Example.** ::

        .. endpoint:: GET /jobs/{id}
           :change: new
           :purpose: Shows one job

    **Use instead.** Plain, below the endpoint::

        - GET /jobs/{id} - show one job
          - Response: `{"id": "uuid", "state": "queued"}`

    Directive::

        .. endpoint:: GET /jobs/{id}
           :change: new
           :response: {"id": "uuid", "state": "queued"}

    **Limits.** One of ``request`` and ``response`` will do where the method has a body (POST, PUT, PATCH), and so will
    a ``field`` in the endpoint, or an example in its body. Nothing is asked of methods without an answer of their own,
    such as HEAD and OPTIONS.
    """
    for endpoint, items in statements(view, ('endpoint',), ('new',)):
        method = endpoint.text('method') or ''
        if method not in _WITHOUT_ANSWER and not any(_has_contract(item, method, view) for item in items):
            missing = "':request:' or ':response:'" if method in _WITH_BODY else "':response:'"
            yield Report(message=f'{noun(endpoint)} says nothing about its contract; add {missing}', about=endpoint)


def _has_contract(item: Item, method: str, view: NoteView) -> bool:
    if item.says('response') or '`' in item.body or '{' in f'{item.text("purpose")} {item.body}':
        return True
    if method in _WITH_BODY:
        return item.says('request') or bool(view.parts(item))
    return any(part.text('in') in ('response', 'payload', None) for part in view.parts(item))


@rule('DN308', 'changed-unknown-endpoint', Severity.WARNING, Scope.SUBJECT, kinds=('endpoint',))
def changed_unknown_endpoint(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note changes, deprecates or removes an endpoint that nobody has introduced.

    **Why.** Almost always its path or its method is wrong, and the endpoint that was meant stays as it is.

    **Example.** ``designnote_known`` lists ``GET /jobs/{id}``, and no note is about another::

        .. endpoint:: GET /job/{id}
           :change: deprecated

    **Use instead.** Plain, under "Changed Endpoints", the endpoint as it is known::

        - GET /jobs/{id} - deprecated

    Directive::

        .. endpoint:: GET /jobs/{id}
           :change: deprecated

    **Options.** ``designnote_known`` names what exists without a note. Where it lists no endpoint, the rule has nothing
    to compare with and keeps silent.

    **Limits.** A note that introduces the endpoint, states it as ``existing``, or has changed it and is implemented, is
    proof enough. One finding for each endpoint, at the first note that changes it.
    """
    if is_unknown(subject, graph):
        first = subject.impacts[0]
        fix = "correct it, list it in designnote_known, or state it as ':change: existing'"
        yield Report(
            message=f'{noun(first)} is {graph.change(first)} here, and nobody has introduced it; {fix}', about=first
        )


def is_unknown(subject: Subject, graph: Graph) -> bool:
    """Whether *subject* is an endpoint that notes change, and neither a note nor ``designnote_known`` introduces."""
    known = graph.names.naming.known.forms.get('endpoint')
    if subject.kind != 'endpoint' or not known or graph.names.form_of[subject.impacts[0].id] in known:
        return False
    return all(
        graph.change(item) in ('changed', 'deprecated', 'removed') and graph.note_of(item).is_open
        for item in subject.impacts
    )


@rule('DN309', 'endpoint-declared-twice', Severity.WARNING, Scope.NOTE)
def endpoint_declared_twice(view: NoteView) -> Iterator[Report]:
    """A note declares one endpoint or interface twice, with the same change and release.

    **Why.** One of the two will be edited and the other forgotten, and then they disagree. Or one of them was meant to
    be another endpoint.

    **Example.** ::

        .. endpoint:: GET /jobs/{id}
           :change: new

        .. endpoint:: GET /jobs/{job_id}
           :change: new

    **Use instead.** Plain, all of it in one place::

        - GET /jobs/{id} - show one job
          - Auth: any role

    Directive::

        .. endpoint:: GET /jobs/{id}
           :change: new
           :auth: any role

    **Limits.** The names of parameters do not count. A list with details further down, in plain text, is one statement,
    and so is what stands in a directive and in plain text. Two releases are two statements, and so are two changes that
    are told in different words.
    """
    statements_: dict[tuple[str | None, ...], list[Item]] = {}
    for item in view.of('endpoint', 'interface'):
        told = item.text('purpose') if item.change == 'changed' else None
        key = (subject_id(view.graph, item), item.change, item.release, told)
        statements_.setdefault(key, []).append(item)
    for first, *others in statements_.values():
        if others:
            message = f'{noun(first)} is declared twice in this note; join the two, or correct one'
            related = (first.location, *(other.location for other in others[1:10]))
            yield Report(message=message, about=others[0], related=related)


RULES = (
    endpoint_without_authorization,
    endpoint_without_purpose,
    endpoint_without_contract,
    changed_unknown_endpoint,
    endpoint_declared_twice,
)
