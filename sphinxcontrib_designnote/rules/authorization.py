"""DN503 and DN506: do a note's statements on who may agree, with one another and with those before?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.callers import ANY, PUBLIC, Callers, callers, roles_of_note
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, statements

_CALLED = ('endpoint', 'interface')
_CHANGES = ('new', 'changed', 'deprecated', 'existing')
#: What a consideration that names nothing speaks of where it is about who may.
_ABOUT_ACCESS = re.compile(r'\b(?:roles?|access|authori[sz]\w+|permissions?|privileges?)\b', re.IGNORECASE)
_LONGEST = 2000


@rule('DN503', 'authorization-weakened', Severity.WARNING, Scope.SUBJECT, kinds=_CALLED)
def authorization_weakened(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """More people may call an endpoint or interface than before, and no security consideration says why that is safe.

    **Why.** Each widening is small and has a reason. It is the sum of them that nobody has decided.

    **Example.** An earlier note lets in admins only::

        .. authorization:: DELETE /jobs/{id}
           :roles: admin, editor

    **Use instead.** Say why. Plain, under "Other Security Considerations"::

        - Editors delete: DELETE /jobs/{id} only marks a job as deleted, and an admin can bring it back for 30 days

    Directive::

        .. security-consideration:: Editors delete
           :applies-to: DELETE /jobs/{id}

           A job is only marked as deleted, and an admin can bring it back for 30 days.

    **Limits.** Marked as ``weakened``, or wider than what the latest note before says clearly: further roles besides
    the old ones, any user instead of some roles, anyone instead of users. Another role instead of the old one may be
    either, and is left alone; so is an authorization that is marked ``existing`` or ``tightened``. A consideration
    applies that names the endpoint, or that names nothing and speaks of roles or access. Authorizations of operations
    that no endpoint or interface stands for are not looked at.
    """
    stated: dict[str, list[Item]] = {}
    for impact in subject.impacts:
        stated.setdefault(impact.note, []).append(impact)
    guards = _guards(subject, graph)
    notes = stated.keys() | guards.keys()
    if len(notes) == 1 and not any(guard.change == 'weakened' for here in guards.values() for guard in here):
        return  # nothing was said before
    considered = {each.note for impact in subject.impacts for each in graph.sources(impact.id, 'applies-to')}
    allowed: frozenset[str] = frozenset()
    before: Item | None = None
    for note in sorted(notes, key=graph.lineage.place.__getitem__):
        here = guards.get(note, ())
        who, by = _said_by(_of_this_alone(here, graph) or here, stated.get(note, ()))
        marked = next(
            (guard for guard in here if guard.change == 'weakened' and _is_first(subject, guard, graph)), None
        )
        told = any(guard.change is not None and guard.change != 'new' for guard in here)
        about = marked or (by if before and not told and _is_wider(who, allowed) else None)
        if about is not None and note not in considered and not _is_considered(note, here, graph):
            yield _weakened(subject, about, before)
        if by is not None:
            allowed, before = who, by


def _guards(subject: Subject, graph: Graph) -> dict[str, list[Item]]:
    """Return the authorizations of *subject* by their note; dead notes have none."""
    found: dict[str, dict[str, Item]] = {}
    for impact in subject.impacts:
        for guard in graph.sources(impact.id, 'guards'):
            if not graph.note_of(guard).is_dead:
                found.setdefault(guard.note, {})[guard.id] = guard
    return {note: list(items.values()) for note, items in found.items()}


def _said_by(guards: Sequence[Item], impacts: Sequence[Item]) -> tuple[frozenset[str], Item | None]:
    """Return who may by the authorizations of a note, else by its endpoint, and the item that says so."""
    for items in (guards, impacts):
        for item in items:
            if callers([item], frozenset()).roles:
                return callers(items, frozenset()).roles, item
    return frozenset(), None


def _is_wider(roles: frozenset[str], before: frozenset[str]) -> bool:
    if not roles or PUBLIC in before:
        return False
    return PUBLIC in roles or (ANY not in before and (ANY in roles or roles > before))


def _is_first(subject: Subject, guard: Item, graph: Graph) -> bool:
    """Whether *subject* is the first that *guard* names: what guards several is reported once."""
    first = next(graph.targets(guard.id, 'guards'), None)
    return first is not None and graph.subject_of.get(first.id) is subject


def _is_considered(note: str, about: Sequence[Item], graph: Graph) -> bool:
    """Whether a security consideration of *note* applies to one of *about*, or to nothing and speaks of who may."""
    if any(source.note == note for item in about for source in graph.sources(item.id, 'applies-to')):
        return True
    return any(
        item.kind == 'security-consideration'
        and next(graph.targets(item.id, 'applies-to'), None) is None
        and _ABOUT_ACCESS.search(f'{item.title} {item.body[:_LONGEST]}') is not None
        for item in graph.notes[note].items
    )


def _weakened(subject: Subject, about: Item, before: Item | None) -> Report:
    fix = 'say in a security consideration that applies to it why that is safe'
    name = noun(subject.impacts[0])
    if about.change == 'weakened' or before is None:
        message = f'the authorization of {name} is weakened; {fix}'
        return Report(message=message, about=about, at=about.at('change'), detail=name)
    message = f'{name} is open to {_who(about)} here, and to {_who(before)} before; {fix}'
    return Report(message=message, about=about, at=_place(about), related=(_place(before),), detail=name)


@rule('DN506', 'authorization-conflict', Severity.ERROR, Scope.NOTE)
def authorization_conflict(view: NoteView) -> Iterator[Report]:
    """An endpoint and its authorization name different roles.

    **Why.** One of the two gets implemented, and nobody knows which until somebody is let in who should not be.

    **Example.** ::

        .. endpoint:: POST /jobs
           :change: new
           :auth: Requires editor role

        .. authorization:: POST /jobs
           :roles: admin

    **Use instead.** Plain::

        - POST /jobs: requires editor role

    Directive::

        .. authorization:: POST /jobs
           :roles: editor

    **Limits.** The roles of an endpoint are those of ``roles``; else those that the words of ``auth`` give: roles that
    the note lists elsewhere, names in quotes or as code, "requires X role". Two lists have to be equal. Words only have
    to share a role, for "requires editor role" may let in admins as well; and so has what guards several endpoints at
    once, which does not count where another authorization names this one alone. What is unclear ("not", "except",
    "authenticated user" without "any") is no conflict.
    """
    known = roles_of_note(view)
    for endpoint, items in statements(view, _CALLED, _CHANGES):
        item = next((item for item in items if item.says('auth', 'roles')), None)
        found = view.sources(endpoint, 'guards') if item is not None else []
        guards = _of_this_alone(found, view.graph)
        guard = next((guard for guard in guards or found if guard.says('roles') or guard.flag('public')), None)
        if item is None or guard is None:
            continue
        if not _conflict(callers(items, known), callers(guards or found, known), exactly=bool(guards)):
            continue
        name = noun(endpoint)
        message = f'{name} is for {_who(item)} where it is declared, and for {_who(guard)} here; make the two agree'
        yield Report(message=message, about=guard, at=_place(guard), related=(_place(item),), detail=name)


def _of_this_alone(guards: Sequence[Item], graph: Graph) -> Sequence[Item]:
    """Return those that say who may, and of nothing else."""
    clear = [guard for guard in guards if guard.says('roles', 'public')]
    return [guard for guard in clear if len([*graph.targets(guard.id, 'guards')]) == 1]


def _conflict(one: Callers, other: Callers, *, exactly: bool) -> bool:
    if not one.roles or not other.roles:
        return False
    first, second = one.roles | one.spoken, other.roles | other.spoken
    return first != second if exactly and one.listed and other.listed else first.isdisjoint(second)


def _place(item: Item) -> SourceLocation:
    """Return where *item* says who may."""
    return item.at(next(name for name in ('roles', 'public', 'auth') if item.says(name)))


def _who(item: Item) -> str:
    """Return who may by *item*, in the author's words."""
    if item.says('roles'):
        return listed([short(name, 40) for name in item.names('roles')])
    return quote(item.text('auth') or '', 60) if item.says('auth') else 'anyone'


RULES = (authorization_weakened, authorization_conflict)
