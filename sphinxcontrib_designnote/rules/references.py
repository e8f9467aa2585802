"""DN201 to DN206: does every reference mean something, one thing, of the right kind, that still stands?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.relations.graph import Graph, Link
from sphinxcontrib_designnote.rules.circles import circles, components
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.near import Hints, loose_name
from sphinxcontrib_designnote.rules.subjects import noun, short, subject_id
from sphinxcontrib_designnote.rules.unresolved import Family, report, unresolved, with_near


@rule('DN201', 'dangling-reference', Severity.ERROR, Scope.PROJECT, dead=True, history=True)
def dangling_reference(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A reference names an id, title, note or need that does not exist.

    **Why.** The link is missing from every table, and what it was to show (that something is tested, migrated, done
    first) can't be shown.

    **Example.** ::

        .. test-case:: Recommends an engine
           :verifies: auto-cofnig

    **Use instead.** Plain, the name as it is declared::

        - Recommends an engine
          - Verifies: POST /serving/auto-config

    Directive::

        .. test-case:: Recommends an engine
           :verifies: POST /serving/auto-config

    **Limits.** Where several kinds may be meant, a name of the form ``POST /x`` is an endpoint (DN208), one of the form
    ``Entity.column`` a column (DN211), and one that nearly is a declared name is DN212.
    """
    hints: dict[tuple[str, ...], Hints] = {}
    for each, near in with_near(graph, Family.REFERENCE):
        if near is not None:
            continue
        if each.kinds not in hints:
            hints[each.kinds] = Hints.of(_names(graph, each.kinds))
        option = each.dangling.option
        where = f'{option!r} names' if option else 'the text refers to'
        own = graph.notes[each.dangling.note]
        hint = hints[each.kinds].did_you_mean(each.name, without=(own.id, own.title))
        hint = hint or '; write the title or id of one that exists'
        message = f'{where} {quote(each.name)}, and no {_what(graph, each.kinds)} has that name{hint}'
        yield report(graph, [each], message, f'{option or ""} {loose_name(each.name)}')


def _names(graph: Graph, kinds: tuple[str, ...]) -> Iterator[str]:
    for item in graph.items.values():
        if item.kind in kinds:
            yield item.key
            yield item.id
    if NOTE in kinds:
        for note in graph.notes.values():
            yield from (note.id, note.title)
    if len(kinds) == len(graph.vocabulary.kinds):
        yield from graph.requirements


def _what(graph: Graph, kinds: tuple[str, ...]) -> str:
    takes_all = graph.requirements and len(kinds) == len(graph.vocabulary.kinds)
    return 'item or requirement' if takes_all else _kind_words(kinds)


def _kind_words(kinds: tuple[str, ...]) -> str:
    if len(kinds) > 4:
        return 'item'
    return ' or '.join(kind.replace('-', ' ') for kind in kinds)


@rule('DN202', 'duplicate-id', Severity.ERROR, Scope.PROJECT, dead=True, history=True)
def duplicate_id(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """Two items, or two notes, have one id.

    **Why.** Everything that names the id means the first of them, and the other can't be linked to at all.

    **Example.** ::

        .. endpoint:: POST /jobs
           :id: jobs

        .. entity:: Job
           :id: jobs

    **Use instead.** Plain::

        - POST /jobs
          - Id: jobs-start

    Directive::

        .. endpoint:: POST /jobs
           :id: jobs-start

    **Limits.** One finding for each id, at its second place; the others are related. Ids that are made from names are
    compared too.
    """
    taken = Counter(note.id for note in graph.pages)
    # A note's id that is not stated is the page's name, which nobody chose.
    things: list[Note | Item] = [note for note in graph.pages if 'id' in note.lines or taken[note.id] > 1]
    things += (item for note in graph.pages for item in note.items)
    count = Counter(thing.id for thing in things)
    holders: dict[str, list[Note | Item]] = {}
    for thing in things:
        if count[thing.id] > 1:
            holders.setdefault(thing.id, []).append(thing)
    for id_, found in holders.items():
        first, second, *others = sorted(found, key=lambda thing: (isinstance(thing, Item), thing.location))
        at = second.at('id')
        message = f"id {quote(id_)} is taken by {_thing(first)}; give {_thing(second)} another ':id:'"
        related = (first.at('id'), *(other.at('id') for other in others[:10]))
        yield Report(message=message, about=second, at=at, related=related, detail=id_)


def _thing(thing: Item | Note) -> str:
    return noun(thing) if isinstance(thing, Item) else f'note {quote(thing.title)}'


@rule('DN203', 'wrong-target-kind', Severity.ERROR, Scope.PROJECT, dead=True, history=True)
def wrong_target_kind(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A link names something of a kind that it can't point to.

    **Why.** Usually the right thing has nearly the same name, or the option is the wrong one; either way the link that
    was meant is missing.

    **Example.** ``runs`` takes a migration, and names a flag::

        .. rollout-step:: Prepare the database
           :runs: quick_deploy_enabled

    **Use instead.** Plain::

        1. Prepare the database
           - Runs: Add the auto_configured column

    Directive::

        .. rollout-step:: Prepare the database
           :runs: Add the auto_configured column

    **Limits.** Where two things could be meant, a kind before the name decides: ``entity:users``.
    """
    for each in unresolved(graph):
        if each.family is Family.WRONG_KIND:
            dangling = each.dangling
            wrong = graph.items.get(dangling.wrong or '')
            kind = (wrong.kind if wrong else NOTE).replace('-', ' ')
            where = f'{dangling.option!r} names' if dangling.option else 'the text refers to'
            fix = 'an item of another kind' if len(each.kinds) > 4 else _a(_kind_words(each.kinds))
            other = ', or use another option' if dangling.option else ''
            message = f'{where} {quote(each.name)}, which is {_a(kind)}; name {fix} there{other}'
            also = (wrong.location,) if wrong else ()
            yield report(graph, [each], message, f'{dangling.option or ""} {loose_name(each.name)}', *also)


def _a(noun_: str) -> str:
    return f'{"an" if noun_[:1] in "aeiou" else "a"} {noun_}'


@rule('DN204', 'reference-cycle', Severity.ERROR, Scope.PROJECT, dead=True, history=True)
def reference_cycle(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """``depends-on``, ``supersedes``, ``after`` or ``requires`` runs in a circle.

    **Why.** No order satisfies it: neither the notes can be carried out, nor the steps done, nor the flags switched on.

    **Example.** ::

        .. feature-flag:: a
           :requires: b

        .. feature-flag:: b
           :requires: a

    **Use instead.** Drop the link that is not needed. Plain::

        Feature flag: `a` (default: off)
        - Requires: b

    Directive::

        .. feature-flag:: a
           :requires: b

    **Limits.** Each type of link is looked at by itself. Circles that share an item are one finding, which shows the
    shortest through the item that stands first.
    """
    for link_type in ('depends-on', 'supersedes', 'after', 'requires'):
        edges: dict[str, dict[str, Link]] = {}
        for link in graph.links:
            # What is known without a note is no node: nothing leads on from it.
            if link.type == link_type and (link.target in graph.items or link.target in graph.notes):
                source, target = _node(graph, link.source), _node(graph, link.target)
                edges.setdefault(source, {}).setdefault(target, link)
        targets_of = {source: list(targets) for source, targets in edges.items()}
        for circle in circles(targets_of, lambda id_: _at(graph, id_)):
            pairs = zip(circle, circle[1:] + circle[:1], strict=True)
            links = [edges[source][target] for source, target in pairs]
            shown = [short(graph.name(id_), 40) for id_ in circle]
            if len(shown) > 6:
                shown = [*shown[:5], '…']
            way = ' -> '.join([*shown, shown[0]])
            about = graph.items.get(links[0].source) or graph.notes[links[0].source]
            yield Report(
                message=f'{link_type!r} runs in a circle: {way}; remove one of these links',
                about=about,
                at=links[0].location,
                related=tuple(link.location for link in links[1:20]),
                detail=f'{link_type} {min(circle)}',
                shared=True,
            )


def _node(graph: Graph, id_: str) -> str:
    return subject_id(graph, graph.items[id_]) if id_ in graph.items else id_


def _at(graph: Graph, id_: str) -> SourceLocation:
    return (graph.items.get(id_) or graph.notes[id_]).location


@rule('DN205', 'one-sided-supersede', Severity.WARNING, Scope.PROJECT, dead=True, history=True)
def one_sided_supersede(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note supersedes another that is not marked so, or one is marked so and no note supersedes it.

    **Why.** What a superseded note declares does not count. As long as its status says otherwise, readers and rules
    take both for true; and a reader of one that is superseded by nothing does not know where to go on.

    **Example.** An accepted note supersedes this one::

        .. design-note::
           :id: export-by-email
           :status: accepted

    **Use instead.** Plain, in the front matter::

        design-note:
          status: superseded
          superseded-by: async-exports

    Directive::

        .. design-note::
           :status: superseded
           :superseded-by: async-exports

    **Limits.** It is enough that one of the two names the other. A rejected or withdrawn note supersedes nothing. One
    that is not yet accepted will: until then the finding is info, and so it is where an implemented note waits for one
    that is not. Links that run in a circle are DN204.
    """
    links = [link for link in graph.links if link.type == 'supersedes' and link.target in graph.notes]
    edges: dict[str, list[str]] = {}
    successors: dict[str, list[Note]] = {}
    for link in links:
        edges.setdefault(link.source, []).append(link.target)
        successors.setdefault(link.target, []).append(graph.notes[link.source])
    circular = {id_ for group in components(edges) if len(group) > 1 for id_ in group}
    for note in graph.notes.values():
        if note.id in circular:
            continue
        by = [other for other in successors.get(note.id, ()) if other.status not in ('rejected', 'withdrawn')]
        if note.status == 'superseded' and not by:
            if note.id in successors:
                refused = successors[note.id][0]
                why = f'by note {quote(refused.title)}, which was {refused.status}; name another, or change its status'
                yield _of_status(note, f'note {quote(note.title)} is superseded {why}', [refused])
            elif not note.names('superseded_by'):  # else that name is DN201, or known without a note
                fix = "add ':superseded-by:', or change its status"
                yield _of_status(note, f'note {quote(note.title)} is superseded, and no note supersedes it; {fix}', [])
        elif not note.is_dead and by:
            in_force = [other for other in by if _is_in_force(other, note)]
            first = (in_force or by)[0]
            status = f'its status is {note.status}' if note.status else 'it has no status'
            fix = "set it to 'superseded'" + ('' if in_force else f' once that is {_awaited(note)}')
            message = f'note {quote(note.title)} is superseded by note {quote(first.title)}, and {status}; {fix}'
            yield _of_status(note, message, by, mild=not in_force)


def _awaited(note: Note) -> str:
    return 'implemented' if note.status == 'implemented' else 'accepted'


def _is_in_force(successor: Note, note: Note) -> bool:
    """Whether *successor* has taken the place of *note*, and not only will."""
    return successor.status in ('implemented', 'superseded', _awaited(note))


def _of_status(note: Note, message: str, others: list[Note], *, mild: bool = False) -> Report:
    at = note.at('status' if 'status' in note.lines else 'superseded_by')
    related = tuple(other.at('supersedes') for other in others[:10])
    return Report(message=message, about=note, at=at, related=related, mild=mild)


@rule('DN206', 'depends-on-dead-note', Severity.WARNING, Scope.PROJECT)
def depends_on_dead_note(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An open note depends on one that was rejected, withdrawn or superseded.

    **Why.** What has to come first will never come.

    **Example.** ``graphql-gateway`` was rejected::

        .. design-note::
           :depends-on: graphql-gateway

    **Use instead.** Name what took its place, or drop the dependency and say in this note what was to come from there.
    Plain, in the front matter::

        design-note:
          depends-on: start-page-query

    Directive::

        .. design-note::
           :depends-on: start-page-query

    **Limits.** What the note itself supersedes it may build on.
    """
    for note in graph.notes.values():
        links = graph.outgoing.get(note.id, ())
        replaced = {link.target for link in links if link.type == 'supersedes'}
        for link in links:
            dead = graph.notes.get(link.target) if link.type == 'depends-on' else None
            if dead is None or not dead.is_dead or dead.id in replaced:
                continue
            heirs = (graph.notes[each.source] for each in graph.incoming[dead.id] if each.type == 'supersedes')
            heir = next((other for other in heirs if not other.is_dead), None)
            fix = f'depend on note {quote(heir.title)}, which replaces it' if heir else 'drop it, or name another'
            message = f"'depends-on' names note {quote(dead.title)}, which was {dead.status}; {fix}"
            yield Report(message=message, about=note, at=link.location, related=(dead.at('status'),), detail=dead.id)


RULES = (
    dangling_reference,
    duplicate_id,
    wrong_target_kind,
    reference_cycle,
    one_sided_supersede,
    depends_on_dead_note,
)
