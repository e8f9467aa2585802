"""DN805 and DN807: who still needs what is removed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Link, Subject
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import column_change, listed, noun, subject_id

_REMOVES = frozenset({'removed', 'drop'})
_CHANGES = frozenset({'changed', 'modified', 'modify', 'rename'})
_USED = ('entity', 'field')
_GATED = ('endpoint', 'interface')


def _removals(subject: Subject, graph: Graph) -> list[Item]:
    """Return the impacts that remove *subject* for good: no later one introduces it again."""
    found: list[Item] = []
    for impact in subject.impacts:
        change = column_change(impact, graph)
        if change in ('new', 'add'):
            found = []
        elif change in _REMOVES:
            found.append(impact)
    return found


def _is_stated(link: Link, user: Item, option: str) -> bool:
    """Whether *link* stands in an option of *user*; running text may speak of what is no longer used."""
    return user.says(option) and link.location == user.at(option)


@rule('DN805', 'uses-removed', Severity.ERROR, Scope.SUBJECT)
def uses_removed(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An open note uses, gates or changes what an accepted or implemented note removed.

    **Why.** It was decided that the thing goes. What is designed on top of it can't be built.

    **Example.** An implemented note drops ``Job.state``, and another says::

        .. endpoint:: GET /jobs
           :change: changed
           :uses: Job.state

    **Use instead.** Plain, what has come in its place::

        - GET /jobs - filters by phase
          - Uses: Job.phase

    Directive::

        .. endpoint:: GET /jobs
           :change: changed
           :uses: Job.phase

    **Limits.** What is used, gated or required has to stand in an option; running text may speak of what is gone. A
    table that is gone takes its columns with it. A deprecation is no change here. Silent where one note depends on the
    other or supersedes it, over any number of steps, and where a later note introduces the thing again.
    """
    decided = [item for item in _removals(subject, graph) if graph.note_of(item).status in ('accepted', 'implemented')]
    if not decided:
        return
    removal = decided[0]
    by = f'note {quote(graph.note_of(removal).title)} removed'
    for item in subject.impacts:
        if item.change in _CHANGES and _concerns(item, removal, graph):
            message = f'{noun(item)} is changed, and {by} it; change what is there now, or drop this'
            yield Report(message=message, about=item, related=(removal.location,))
    for user, at in _users(subject, graph):
        if _concerns(user, removal, graph):
            message = f'{noun(user)} needs {noun(removal)}, which {by}; name what is there now, or drop this'
            yield Report(message=message, about=user, at=at, related=(removal.location,), detail=subject.key)


def _concerns(user: Item, removal: Item, graph: Graph) -> bool:
    return user.note != removal.note and not graph.lineage.are_related(user.note, removal.note)


def _users(subject: Subject, graph: Graph) -> Iterator[tuple[Item, SourceLocation]]:
    """Yield what uses, gates or requires *subject*, or is gated by it, and where it says so."""
    for impact in subject.impacts:
        for target in (impact, *graph.parts.get(impact.id, ())):
            for link in graph.incoming.get(target.id, ()):
                user = graph.items.get(link.source)
                if (
                    user is not None
                    and link.type in ('uses', 'gates', 'requires')
                    and _is_stated(link, user, link.type)
                ):
                    yield user, link.location
        for link in graph.outgoing.get(impact.id, ()):
            user = graph.items.get(link.target)
            if user is not None and link.type == 'gates' and _is_stated(link, user, 'flag'):
                yield user, link.location


@rule('DN807', 'removal-leaves-users', Severity.WARNING, Scope.PROJECT)
def removal_leaves_users(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An open note removes what something still uses or gates, and does not change that.

    **Why.** The endpoint that reads a dropped column fails from that day on; a flag whose only endpoint is gone stays
    for ever.

    **Example.** ``GET /jobs`` uses ``Job.state`` by an earlier note, and this one says only::

        **Job table:**
        - Drop `state`

    **Use instead.** Plain, in the same note::

        - GET /jobs - shows the phase
          - Uses: Job.phase

    Directive::

        .. endpoint:: GET /jobs
           :change: changed
           :uses: Job.phase

    **Limits.** What an endpoint or interface uses is what the latest note says that states any ``uses``, in an option.
    A flag counts when all that it gates is removed. Silent where the note that removes depends on the other or
    supersedes it or the reverse, over any number of steps. What another open note uses of what an accepted one removes
    is DN805's.
    """
    subjects = [subject for subject in graph.subjects if subject.kind in (*_USED, *_GATED)]
    removals = [(subject, item) for subject in subjects for item in _removals(subject, graph)]
    removals = [(subject, item) for subject, item in removals if graph.note_of(item).is_open]
    if not removals:
        return
    users = _current_users(graph)
    touched = {(impact.note, subject.impacts[0].id) for subject in graph.subjects for impact in subject.impacts}
    flags: set[tuple[str, str]] = set()
    for subject, removal in removals:
        left = [
            user
            for user in users.get(subject.impacts[0].id, ())
            if (removal.note, subject_id(graph, user)) not in touched
            and (removal.note, user.id) not in flags
            and _is_left(user, removal, graph)
        ]
        if left:
            needs = 'use' if subject.kind in _USED else 'gate'
            names = f'{listed([noun(user) for user in left])} still {needs}{"s" if len(left) == 1 else ""} it'
            message = f'{noun(removal)} is removed, and {names}; change that in this note too'
            yield Report(message=message, about=removal, related=tuple(user.location for user in left[:10]))
        flags.update((removal.note, user.id) for user in left if subject.kind in _GATED)  # one flag, one finding


def _is_left(user: Item, removal: Item, graph: Graph) -> bool:
    """Whether no rule but this one, and no link, tells the notes of *user* and *removal* of each other."""
    is_other_rules = graph.note_of(removal).status == 'accepted' and graph.note_of(user).is_open  # DN805
    return not is_other_rules and not graph.lineage.are_related(user.note, removal.note)


def _current_users(graph: Graph) -> Mapping[str, Sequence[Item]]:
    """Return the id of the first impact on each thing to what needs it now: its latest statement that says so."""
    users: dict[str, dict[str, Item]] = {}
    for subject in graph.subjects:
        if subject.current in _REMOVES:
            continue
        if subject.kind in _GATED:
            stating = [impact for impact in subject.impacts if impact.says('uses')]
            for target in _used(stating[-1], graph) if stating else ():
                users.setdefault(subject_id(graph, target), {})[stating[-1].id] = stating[-1]
        elif subject.kind == 'feature-flag':
            gated = {
                subject_id(graph, item) for impact in subject.impacts for item in graph.targets(impact.id, 'gates')
            }
            if gated and all(_is_gone(id_, graph) for id_ in gated):
                for id_ in gated:
                    users.setdefault(id_, {})[subject.impacts[-1].id] = subject.impacts[-1]
    return {id_: tuple(found.values()) for id_, found in users.items()}


def _used(user: Item, graph: Graph) -> Iterator[Item]:
    """Yield what *user* states that it uses; of a column its table too: whoever removes that takes the column away."""
    for link in graph.outgoing.get(user.id, ()):
        target = graph.items.get(link.target)
        if target is not None and link.type == 'uses' and _is_stated(link, user, 'uses'):
            yield target
            if (owner := graph.items.get(target.parent or '')) is not None:
                yield owner


def _is_gone(id_: str, graph: Graph) -> bool:
    subject = graph.subject_of.get(id_)
    return subject is not None and subject.current in _REMOVES


RULES = (uses_removed, removal_leaves_users)
