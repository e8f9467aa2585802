"""DN8xx: what do notes do to the same thing, without one knowing of the other?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.model.values import split_names
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.relations.requirements import items_of, requirements
from sphinxcontrib_designnote.rules.columns import facts_of
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.rivals import Rivals, open_impacts
from sphinxcontrib_designnote.rules.subjects import column_change, noun, short

#: How to say that there is no revision before.
_NO_REVISION = frozenset({'', '-', 'none', 'null', 'base', 'n/a'})


@rule('DN801', 'endpoint-conflict', Severity.ERROR, Scope.SUBJECT, kinds=('endpoint',))
def endpoint_conflict(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """Two open notes introduce one endpoint, or one removes what the other changes.

    **Why.** Both are reviewed and planned, and only one of them can be carried out as it stands.

    **Example.** One note says::

        .. endpoint:: POST /jobs
           :change: removed

    and another, which does not know of it::

        .. endpoint:: POST /jobs
           :change: changed

    **Use instead.** Drop one of them, or let the later one build on the other. Plain, in the front matter::

        depends-on: job-queue

    Directive::

        .. design-note::
           :depends-on: job-queue

    **Limits.** Silent where one note depends on the other or supersedes it, over any number of steps; and on a change
    in one release with the removal in a later one. A deprecation is no change here. Reported at the later of the two.
    Where the note that removes is accepted, DN805 speaks.
    """
    seen = Rivals(graph)
    for item in open_impacts(subject, graph):
        change = graph.change(item)
        if change == 'new':
            if other := seen.find(item, 'new'):
                fix = 'keep one of them, or let this note depend on that'
                yield _conflict(item, other, f'{noun(item)} is introduced by {_by(other, graph)} too; {fix}')
        elif change == 'changed':
            if other := seen.find(item, 'removed'):
                yield _conflict(item, other, f'{noun(item)} is changed, and {_by(other, graph)} removes it; {_DECIDE}')
        elif change != 'removed' or graph.note_of(item).status == 'accepted':
            continue
        elif other := seen.find(item, 'changed', same_release=True):
            yield _conflict(item, other, f'{noun(item)} is removed, and {_by(other, graph)} changes it; {_DECIDE}')
        seen.add(item, change)


_DECIDE = 'decide which, or let this note depend on that'


def _by(item: Item, graph: Graph) -> str:
    return f'note {quote(graph.note_of(item).title)}'


def _conflict(item: Item, other: Item, message: str) -> Report:
    return Report(message=message, about=item, related=(other.location,), detail=other.note)


@rule('DN802', 'column-conflict', Severity.ERROR, Scope.SUBJECT, kinds=('field',))
def column_conflict(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """Two open notes add one column, or change it, with different type, default or nullability.

    **Why.** Whichever migration runs second fails, or makes of the column what the first note's code does not expect.

    **Example.** One note adds the column as text::

        .. field:: priority: text
           :change: add

    and another, which does not know of it, as a number::

        .. field:: priority: integer
           :change: add

    **Use instead.** Agree on one, or let one note depend on the other. Plain, in the front matter::

        depends-on: job-queue

    Directive::

        .. design-note::
           :depends-on: job-queue

    **Limits.** Silent where one note depends on the other or supersedes it, over any number of steps, and on changes in
    different releases. What is compared and what is not is as for DN409. A note that changes what the other adds is
    DN804's. Fields of requests and events are no columns.
    """
    owner = graph.items.get(subject.impacts[0].parent or '')
    if owner is None or owner.kind != 'entity':
        return
    seen = Rivals(graph)
    for item in open_impacts(subject, graph):
        does = column_change(item, graph)
        if does not in ('add', 'modify'):
            continue
        own = facts_of(item)
        said = {f'{does} {aspect}': fact.value for aspect, fact in own.items()}
        if clash := seen.contradict(item, said, same_release=does == 'modify'):
            aspect, other = clash[0].partition(' ')[2], clash[1]
            mine, theirs = short(own[aspect].shown), short(facts_of(other)[aspect].shown)
            message = f'{noun(item)} is {mine} here and {theirs} in {_by(other, graph)}; {_AGREE}'
            yield _conflict(item, other, message)


_AGREE = 'agree on one, or let this note depend on that'


@rule('DN803', 'flag-conflict', Severity.WARNING, Scope.SUBJECT, kinds=('feature-flag',))
def flag_conflict(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """Several open notes declare one flag as new, or with different default or owner.

    **Why.** One switch then turns on two features that nobody tests together, and whoever removes it breaks the other.

    **Example.** Two notes, neither of which knows of the other, say::

        Feature flag: `fast_jobs` (default: off)

    **Use instead.** Give one of them another name, or let it use the other's. Plain::

        Feature flag: `fast_jobs` (existing)

    Directive::

        .. feature-flag:: fast_jobs
           :change: existing

    **Limits.** Silent where one note depends on the other or supersedes it, over any number of steps. A default or
    owner that a note *changes* is compared with other changes in the same release only.
    """
    seen = Rivals(graph)
    for item in open_impacts(subject, graph):
        change = graph.change(item)
        if change == 'removed':
            continue
        does = 'changes' if change == 'changed' else 'has'
        told = {name: text for name in ('default', 'owner') if (text := item.text(name))}
        said = {f'{does} {name}': ' '.join(text.casefold().split()) for name, text in told.items()}
        clash = seen.contradict(item, said, same_release=does == 'changes')
        if change == 'new' and (other := seen.find(item, 'new')):
            fix = 'give one another name, or let this note depend on that'
            yield _conflict(item, other, f'{noun(item)} is new in {_by(other, graph)} too; {fix}')
        elif clash:
            name, other = clash[0].partition(' ')[2], clash[1]
            mine, theirs = short(told[name]), short(other.text(name) or '')
            message = f'{name} of {noun(item)} is {mine} here and {theirs} in {_by(other, graph)}; {_AGREE}'
            yield _conflict(item, other, message)
        if change == 'new':
            seen.add(item, 'new')


@rule('DN804', 'undeclared-dependency', Severity.WARNING, Scope.SUBJECT)
def undeclared_dependency(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note changes what another open note introduces, and does not say that it depends on it.

    **Why.** Carried out first, it changes something that is not there; and when the other note is rejected, nobody
    thinks of this one.

    **Example.** ::

        .. endpoint:: POST /jobs
           :change: changed

    while another note, which is not implemented yet, says::

        .. endpoint:: POST /jobs
           :change: new

    **Use instead.** Plain, in the front matter::

        depends-on: job-queue

    Directive::

        .. design-note::
           :depends-on: job-queue

    **Limits.** Only where the change is stated: changed, modified, deprecated, renamed, removed or dropped. Silent
    where one note depends on the other or supersedes it, over any number of steps, and where the change is for another,
    later release. One finding for each pair of notes, at the dependencies of the one that changes.
    """
    impacts = open_impacts(subject, graph)
    introducing = {item.note for item in impacts if column_change(item, graph) in ('new', 'add')}
    if not introducing:
        return
    earlier, later = Rivals(graph), Rivals(graph)
    # What is introduced before, in the same release; then what is introduced only behind it, by the history.
    for seen, ordered, way in ((earlier, True, impacts), (later, False, impacts[::-1])):
        for item in way:
            if item.note in introducing:
                if column_change(item, graph) in ('new', 'add'):
                    seen.add(item, 'new')
            elif item.change in _CHANGES and (other := seen.find(item, 'new', same_release=ordered)):
                note, needed = graph.note_of(item), graph.note_of(other)
                fix = f"add ':depends-on: {short(needed.id)}'"
                message = f'this note changes what {_by(other, graph)} introduces, and does not depend on it; {fix}'
                at, related = note.at('depends_on'), (item.location, other.location)
                yield Report(message=message, about=note, at=at, related=related, detail=needed.id)


_CHANGES = frozenset({'changed', 'modified', 'modify', 'deprecated', 'rename', 'removed', 'drop'})


@rule('DN806', 'migration-heads', Severity.WARNING, Scope.PROJECT)
def migration_heads(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """Two migrations of open notes follow the same revision.

    **Why.** Migration tools want one line. Whoever is merged second has two heads, and finds out when the service does
    not start.

    **Example.** Two notes say::

        .. migration:: Add priority
           :revision: 0043
           :down-revision: 0042

        .. migration:: Add state
           :revision: 0044
           :down-revision: 0042

    **Use instead.** Plain, below the second migration::

        - Revision: 0044
        - Down revision: 0043

    Directive::

        .. migration:: Add state
           :revision: 0044
           :down-revision: 0043

    **Limits.** Of one service; silent where one note depends on the other or supersedes it, over any number of steps.
    Two in one note are reported too, and one migration that two notes state with the same revision is not. The first
    migration of all (``none``, ``base``) has none before it.
    """
    seen = Rivals(graph)
    own: dict[tuple[str, str], Item] = {}
    for note in graph.notes.values():
        for item in note.items if note.is_open else ():
            if item.kind != 'migration':
                continue
            revision = (item.text('revision') or item.id).strip()
            for before in split_names(item.text('down_revision') or ''):
                if before.casefold() in _NO_REVISION:
                    continue
                said = f'{item.service or ""} {before}'
                mine = own.setdefault((note.id, said), item)
                other = seen.find(item, said) or mine
                if other is not item and (other.text('revision') or other.id).strip() != revision:
                    where = 'another migration of this note' if other is mine else _by(other, graph)
                    fix = 'put one behind the other'
                    message = f'{noun(item)} follows revision {quote(before)}, and so does {where}; {fix}'
                    at, related = item.at('down_revision'), (other.at('down_revision'),)
                    yield Report(message=message, about=item, at=at, related=related, detail=before)
                seen.add(item, said)


@rule('DN808', 'requirement-without-item', Severity.WARNING, Scope.PROJECT)
def requirement_without_item(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A requirement that items are to implement is implemented by none.

    **Why.** It was agreed on, and nobody has designed it: no note will tell when it is built, and no test shows it.

    **Example.** With ``designnote_requirement_types = ['req']`` and sphinx-needs ::

        .. req:: A hold ends by itself
           :id: REQ_HOLD_ENDS

    **Use instead.** Plain, below what implements it::

        - `hold_expiry`: releases holds that nobody lifted
          - Implements: REQ_HOLD_ENDS

    Directive::

        .. feature-flag:: hold_expiry
           :implements: REQ_HOLD_ENDS

    **Limits.** Reported where the requirement stands, and so not for those of another project, which the table of
    requirements shows. A test alone implements nothing, and neither does a note that is rejected or superseded.
    """
    for requirement in requirements(graph):
        if requirement.wanted and requirement.location is not None and not items_of(graph, requirement):
            message = (
                f'no item implements the requirement {quote(requirement.title)}; '
                f"write ':implements: {requirement.id}' on one that does"
            )
            yield Report(message=message, about=requirement)


RULES = (
    endpoint_conflict,
    column_conflict,
    flag_conflict,
    undeclared_dependency,
    migration_heads,
    requirement_without_item,
)
