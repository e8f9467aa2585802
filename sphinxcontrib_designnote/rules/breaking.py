"""What breaks clients has to be said, and to whom: DN302, DN303 and DN312."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.api import is_unknown
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, subject_id

_API = ('endpoint', 'interface')
_WITH_BODY = frozenset({'POST', 'PUT', 'PATCH'})
_REMOVED = 'is removed'
_MARKED = 'is marked breaking'
_DONE = {'drop': 'dropped', 'rename': 'renamed'}
_CODE = re.compile(r'`([^`\n]{2,100})`')


@rule('DN302', 'breaking-change-undeclared', Severity.ERROR, Scope.SUBJECT, kinds=_API)
def breaking_change_undeclared(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note breaks clients of an endpoint or interface, and none of its breaking changes says so.

    **Why.** The list of breaking changes is what client teams read. What is not on it reaches them as an incident.

    **Example.** ::

        .. endpoint:: GET /jobs
           :change: changed

           .. field:: state: string
              :change: drop
              :in: response

    **Use instead.** Plain, under "Breaking Changes"::

        - GET /jobs no longer sends `state`
          - Clients: merchant portal
          - Mitigation: `status` has been sent beside it since 26.02

    Directive::

        .. breaking-change:: The state of a job is gone
           :affects: GET /jobs
           :clients: merchant portal
           :mitigation: status has been sent beside it since 26.02

    **Limits.** What breaks: the endpoint is removed or marked ``breaking``; a request field becomes required and has no
    default; a response or payload field is dropped or renamed; the note drops or renames a column that the endpoint
    ``uses`` (by its old name) and changes the endpoint as well. A field without ``in`` counts as of the request where
    it is required and the method has a body, as of the response or payload where the method is GET or the interface an
    event. ``:breaking: no`` answers for the endpoint. A breaking change says so that affects the endpoint, the field,
    the column or its entity; so does one that names nothing, for it may be about anything. A None with a reason under
    "Breaking Changes" answers for a removal, and for nothing else. What the note itself introduces has no clients yet.
    One finding for each endpoint and note.
    """
    if is_unknown(subject, graph):
        return
    groups: dict[str, list[Item]] = {}
    for item in subject.impacts:
        groups.setdefault(item.note, []).append(item)
    history = _History(graph)
    for items in groups.values():
        found = list(history.breaks(items))
        history.add(items)
        if found and not any(item.flag('breaking') is False for item in items):
            yield from _undeclared(found, subject, graph.note_of(items[0]), graph)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Break:
    """Something by which a note breaks clients of an endpoint."""

    #: What it does, to stand behind the endpoint's name.
    fact: str
    #: What does it: the note's statement on the endpoint, or a field of that.
    by: Item
    #: The column that is dropped or renamed, and its entity.
    data: tuple[Item, ...] = ()


class _History:
    """What the notes before have said of an endpoint, as far as it tells what breaks its clients."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._removed = False
        #: Where a field travels, and whether it is required, by its name.
        self._where: dict[str, str] = {}
        self._required: dict[str, bool] = {}
        #: Entity and folded name of the columns that the latest note to name any says that it uses.
        self._used: list[tuple[Item, str]] = []

    def add(self, items: Sequence[Item]) -> None:
        """Take in what the next note says."""
        self._removed = self._graph.change(items[-1]) == 'removed'
        for name, field in self._fields(items):
            old = field.text('renamed_from') or name
            self._where[name] = field.text('in') or self._where.get(old, '')
            told = field.flag('required')
            self._required[name] = self._required.get(old, False) if told is None else told
        self._used = self._columns(items) or self._used

    def breaks(self, items: Sequence[Item]) -> Iterator[_Break]:
        """Yield how the statements *items* of the next note break clients."""
        changes = [self._graph.change(item) for item in items]
        for item, change in zip(items, changes, strict=True):
            if change == 'removed' and not self._removed:
                yield _Break(fact=_REMOVED, by=item)
            elif item.flag('breaking'):
                yield _Break(fact=_MARKED, by=item)
        if 'new' in changes or 'removed' in changes:
            return
        for name, field in self._fields(items):
            if fact := self._field_break(name, field, items[0]):
                yield _Break(fact=fact, by=field)
        if 'changed' in changes or 'deprecated' in changes:
            yield from self._column_breaks(items)

    def _fields(self, items: Sequence[Item]) -> Iterator[tuple[str, Item]]:
        for item in items:
            for part in self._graph.parts.get(item.id, ()):
                if part.kind == 'field':
                    yield part.key.removeprefix(item.key).lstrip('. '), part

    def _field_break(self, name: str, field: Item, owner: Item) -> str | None:
        change, old = field.change, field.text('renamed_from')
        where, method = field.text('in') or self._where.get(old or name), owner.text('method')
        answers = where in ('response', 'payload') or (not where and (method == 'GET' or owner.text('kind') == 'event'))
        if change in ('drop', 'rename') and answers:
            return f'{change}s the field {short(old or name)}'
        sent = where in ('request', 'query', 'header') or (not where and method in _WITH_BODY)
        asked = field.flag('required') and not field.says('default') and not self._required.get(name)
        # Without a change a field that no note knows may be as old as the endpoint.
        if sent and asked and (change or name in self._required):
            return f'requires the field {short(name)}'
        return None

    def _column_breaks(self, items: Sequence[Item]) -> Iterator[_Break]:
        for entity, name in self._columns(items) or self._used:
            subject = self._graph.subject_of.get(entity.id)
            for impact in subject.impacts if subject else ():
                for part in self._graph.parts.get(impact.id, ()) if impact.note == items[0].note else ():
                    old = part.text('renamed_from') or part.key.rpartition('.')[2]
                    if (done := _DONE.get(part.change or '')) and old.casefold() == name:
                        fact = f'uses {short(entity.key)}.{short(name)}, which is {done} here'
                        yield _Break(fact=fact, by=items[0], data=(part, impact))

    def _columns(self, items: Sequence[Item]) -> list[tuple[Item, str]]:
        """Return the columns that *items* use: those, too, that nobody declares, for a rename may tell of them."""
        graph, found = self._graph, []
        for item in items:
            for link in graph.outgoing.get(item.id, ()):
                if link.type != 'uses':
                    continue
                column = graph.items.get(link.target)
                owner, _, name = (column.key if column else link.target).rpartition('.')
                entity: Item | Note | None = graph.items.get(column.parent or '') if column else None
                if column is None and owner:
                    entity = graph.names.find(owner, item, ('entity',)).found
                if isinstance(entity, Item):
                    found.append((entity, name.casefold()))
        return found


def _undeclared(found: Sequence[_Break], subject: Subject, note: Note, graph: Graph) -> Iterator[Report]:
    """Report what of *found* no breaking change of *note* names."""

    def declared(*items: Item) -> bool:
        subjects = (graph.subject_of.get(item.id) for item in items)
        impacts = (impact for its in subjects if its for impact in its.impacts)
        return any(source.note == note.id for each in impacts for source in graph.sources(each.id, 'affects'))

    if declared(subject.impacts[0]) or any(_names_nothing(item, graph) for item in note.items):
        return
    if any(item.kind == 'no-impact' and item.key == 'breaking-changes' and item.body for item in note.items):
        found = [each for each in found if each.fact != _REMOVED]
    found = [each for each in found if not declared(each.by, *each.data)]
    if found:
        first = found[0].by
        facts = listed(list(dict.fromkeys(each.fact for each in found)))
        fix = 'add one that affects it' + ('' if found[0].fact == _MARKED else ", or say ':breaking: no'")
        places = (place.location for each in found for place in (each.by, *each.data[:1]))
        related = tuple(dict.fromkeys(place for place in places if place != first.location))
        message = f'{noun(subject.impacts[0])} {facts}, and no breaking change of this note says so; {fix}'
        yield Report(message=message, about=first, related=related[:10])


def _names_nothing(item: Item, graph: Graph) -> bool:
    """Whether *item* is a breaking change that may be about anything."""
    links = graph.outgoing.get(item.id, ()) if item.kind == 'breaking-change' else ()
    return item.kind == 'breaking-change' and not any(link.type == 'affects' and link.resolved for link in links)


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


@rule('DN312', 'breaking-change-without-clients', Severity.INFO, Scope.ITEM, kinds=('breaking-change',), asks=True)
def breaking_change_without_clients(item: Item, view: NoteView) -> Iterator[Report]:
    """A breaking change does not say who notices.

    **Why.** Whom nobody has named, nobody will warn; and without a name nobody can tell when the old way may go.

    **Example.** ::

        .. breaking-change:: GET /jobs sends numbers
           :affects: GET /jobs

    **Use instead.** Plain, under "Breaking Changes"::

        - GET /jobs sends numbers
          - Clients: merchant portal, two bookkeeping partners

    Directive::

        .. breaking-change:: GET /jobs sends numbers
           :affects: GET /jobs
           :clients: merchant portal, two bookkeeping partners

    **Limits.** The ``consumers`` of an interface that it affects, in this note or another, will do.
    """
    if item.says('clients'):
        return
    for target in view.targets(item, 'affects'):
        interface = view.parent(target) or target
        subject = view.graph.subject_of.get(interface.id)
        if any(impact.says('consumers') for impact in (subject.impacts if subject else (interface,))):
            return
    yield Report(message=f"{noun(item)} does not say who notices; add ':clients:'", about=item)


RULES = (breaking_change_undeclared, breaking_change_without_compatibility, breaking_change_without_clients)
