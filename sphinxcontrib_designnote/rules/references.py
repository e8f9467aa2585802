"""DN2xx: does every name mean something, and one thing?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.relations.graph import Dangling, Graph, Link
from sphinxcontrib_designnote.rules.circles import circles
from sphinxcontrib_designnote.rules.engine import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.near import Declared, Endpoints, Hints, endpoint_of, loose_name
from sphinxcontrib_designnote.rules.subjects import noun, short, subject_id

_NAMED = ('feature-flag', 'entity', 'field', 'interface')
_DATA = frozenset({'entity', 'field', 'constraint'})


class _Family(Enum):
    """What sort of thing an unresolved name was meant for, and so which rule speaks about it."""

    REFERENCE = 'DN201'
    WRONG_KIND = 'DN203'
    ENDPOINT = 'DN208'
    FLAG = 'DN210'
    DATA = 'DN211'


@dataclass(frozen=True, kw_only=True, slots=True)
class _Unresolved:
    """A name that nothing answers to, and the kinds that were acceptable."""

    dangling: Dangling
    #: Without the kind that may stand before it.
    name: str
    kinds: tuple[str, ...]
    family: _Family


def _unresolved(graph: Graph) -> Iterator[_Unresolved]:
    for dangling in graph.dangling:
        name, kinds = dangling.written.strip(), dangling.kinds
        prefix, colon, rest = name.partition(':')
        named = graph.vocabulary.kind_of_role(prefix.strip()) if colon and rest.strip() else None
        if named is not None:
            name, kinds = rest.strip(), (named.name,)
        family = _Family.WRONG_KIND if dangling.wrong is not None else _family(name, kinds)
        yield _Unresolved(dangling=dangling, name=name, kinds=kinds, family=family)


def _family(name: str, kinds: tuple[str, ...]) -> _Family:
    if kinds == ('feature-flag',):
        return _Family.FLAG
    if kinds == ('endpoint',) or ('endpoint' in kinds and endpoint_of(name, '') is not None):
        return _Family.ENDPOINT
    if _DATA.issuperset(kinds) or ('field' in kinds and _is_column_name(name)):
        return _Family.DATA
    return _Family.REFERENCE


def _is_column_name(name: str) -> bool:
    owner, dot, column = name.replace('`', '').rpartition('.')
    return bool(dot) and owner.isidentifier() and column.isidentifier()


def _grouped(
    found: Iterable[_Unresolved], form: Callable[[_Unresolved], str]
) -> Iterator[tuple[str, list[_Unresolved]]]:
    """Group by note and *form*: what is named three times in one note is missing once."""
    groups: dict[tuple[str, str], list[_Unresolved]] = {}
    for each in found:
        groups.setdefault((each.dangling.note, form(each)), []).append(each)
    for (_, name), group in groups.items():
        yield name, group


def _source(graph: Graph, dangling: Dangling) -> Item | Note:
    return graph.items.get(dangling.source) or graph.notes.get(dangling.source) or graph.notes[dangling.note]


def _report(graph: Graph, group: list[_Unresolved], message: str, detail: str, *also: SourceLocation) -> Report:
    first = group[0].dangling
    others = [each.dangling.location for each in group[1:]]
    related = tuple(dict.fromkeys(at for at in (*also, *others) if at != first.location))
    return Report(message=message, about=_source(graph, first), at=first.location, related=related, detail=detail)


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
    for each, near in _with_near(graph, _Family.REFERENCE):
        if near is not None:
            continue
        if each.kinds not in hints:
            hints[each.kinds] = Hints.of(_names(graph, each.kinds))
        option = each.dangling.option
        where = f'{option!r} names' if option else 'the text refers to'
        hint = hints[each.kinds].did_you_mean(each.name) or '; write the title or id of one that exists'
        message = f'{where} {quote(each.name)}, and no {_kind_words(each.kinds)} has that name{hint}'
        yield _report(graph, [each], message, f'{option or ""} {loose_name(each.name)}')


def _with_near(graph: Graph, *families: _Family) -> Iterator[tuple[_Unresolved, tuple[str, str] | None]]:
    """Yield each unresolved name of *families*, with kind and name of the declared thing that it nearly is."""
    found = [each for each in _unresolved(graph) if each.family in families]
    declared = Declared(graph, _NAMED) if found else None
    for each in found:
        yield each, declared.nearest(each.name, _likely(each), each.dangling.note) if declared else None


def _likely(each: _Unresolved) -> tuple[str, ...]:
    return tuple(kind for kind in _NAMED if kind in each.kinds)


def _names(graph: Graph, kinds: tuple[str, ...]) -> Iterator[str]:
    for item in graph.items.values():
        if item.kind in kinds:
            yield item.key
            yield item.id
    if NOTE in kinds:
        for note in graph.notes.values():
            yield from (note.id, note.title)


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
    holders: dict[str, list[Item | Note]] = {}
    for note in sorted(graph.notes.values(), key=lambda note: note.location):
        holders.setdefault(note.id, []).append(note)
    places = sorted((item for note in graph.notes.values() for item in note.items), key=lambda item: item.location)
    for item in places:
        holders.setdefault(item.id, []).append(item)
    for id_, things in holders.items():
        if len(things) > 1:
            first, second, *others = things
            at = second.at('id')
            message = f"id {quote(id_)} is taken by {_thing(first)}; give {_thing(second)} another ':id:'"
            related = (first.at('id'), *(other.at('id') for other in others[:10]))
            yield Report(message=message, about=second, at=at, related=related, detail=id_)
    yield from _duplicate_notes(graph)


def _duplicate_notes(graph: Graph) -> Iterator[Report]:
    """Find notes of one id by what they state: of the second note the graph keeps only that."""
    seen: set[tuple[str, str]] = set()
    for item in sorted(graph.items.values(), key=lambda item: item.location):
        note = graph.notes[item.note]
        if item.docname != note.docname and (note.id, item.docname) not in seen:
            seen.add((note.id, item.docname))
            pages = f'{note.docname} and {item.docname}'
            message = f"id {quote(note.id)} is taken by two notes, {pages}; give one of them another ':id:'"
            yield Report(message=message, about=note, at=note.at('id'), related=(item.location,), detail=item.docname)


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
    for each in _unresolved(graph):
        if each.family is _Family.WRONG_KIND:
            dangling = each.dangling
            wrong = graph.items.get(dangling.wrong or '')
            kind = (wrong.kind if wrong else NOTE).replace('-', ' ')
            where = f'{dangling.option!r} names' if dangling.option else 'the text refers to'
            fix = 'an item of another kind' if len(each.kinds) > 4 else _a(_kind_words(each.kinds))
            message = f'{where} {quote(each.name)}, which is {_a(kind)}; name {fix} there, or use another option'
            also = (wrong.location,) if wrong else ()
            yield _report(graph, [each], message, f'{dangling.option or ""} {loose_name(each.name)}', *also)


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
            if link.type == link_type and link.resolved:
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
                detail=link_type,
            )


def _node(graph: Graph, id_: str) -> str:
    return subject_id(graph, graph.items[id_]) if id_ in graph.items else id_


def _at(graph: Graph, id_: str) -> SourceLocation:
    return (graph.items.get(id_) or graph.notes[id_]).location


@rule('DN208', 'undeclared-endpoint', Severity.WARNING, Scope.PROJECT)
def undeclared_endpoint(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note speaks about an endpoint that no note declares and nobody knows.

    **Why.** An authorization, a test or an audit event of an endpoint that does not exist covers nothing, while the one
    that was meant stays uncovered.

    **Example.** ::

        .. authorization:: POST /serving/autoconfig
           :roles: editor

    **Use instead.** Declare it, or name the one that is declared. Plain::

        - POST /serving/auto-config: requires editor role

    Directive::

        .. authorization:: POST /serving/auto-config
           :roles: editor

    **Options.** ``designnote_known`` names endpoints that exist without a note; ``:change: existing`` declares
    one here.

    **Limits.** One finding for each endpoint and note, at the first place. A path without a method, in running text, is
    not taken for an endpoint. Nothing is said where the path is declared without a method.
    """
    unknown = [(name, group) for name, group, near in _unknown_endpoints(graph) if near is None]
    hints = Hints.of(s.key for s in graph.subjects if s.kind == 'endpoint') if unknown else Hints({})
    for name, group in unknown:
        written = short(group[0].name)
        fix = "; declare it (':change: existing' if it is old), or list it in designnote_known"
        hint = hints.did_you_mean(written) or fix
        yield _report(graph, group, f'{written} is declared by no note{hint}', name)


@rule('DN209', 'endpoint-mismatch', Severity.WARNING, Scope.PROJECT)
def endpoint_mismatch(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A note speaks about an endpoint that misses a declared one only by base path, plural, case or method.

    **Why.** Almost always the declared one was meant. The authorization or the test then covers nothing.

    **Example.** The note declares ``POST /jobs``::

        .. authorization:: POST /job
           :roles: editor

    **Use instead.** Plain::

        - POST /jobs: requires editor role

    Directive::

        .. authorization:: POST /jobs
           :roles: editor

    **Limits.** One respect only: another method *and* a plural is DN208, and so is another version (``/v1``, ``/v2``).
    What a base path adds holds no parameter.
    """
    for name, group, near in _unknown_endpoints(graph):
        if near is not None:
            item, respect = near
            message = f'{short(group[0].name)} is declared nowhere, but {noun(item)} is (another {respect}); write that'
            yield _report(graph, group, message, name, item.location)


def _unknown_endpoints(graph: Graph) -> Iterator[tuple[str, list[_Unresolved], tuple[Item, str] | None]]:
    """Yield each unknown endpoint of a note, where it is named, and the declared one that was nearly named."""
    found = [each for each in _unresolved(graph) if each.family is _Family.ENDPOINT]
    if not found:
        return
    endpoints = Endpoints(graph)

    def form(each: _Unresolved) -> str:
        target = endpoint_of(each.name, graph.notes[each.dangling.note].base_path)
        return f'{target[0] or "*"} {target[1]}' if target else each.name

    for name, group in _grouped(found, form):
        target = endpoint_of(group[0].name, graph.notes[group[0].dangling.note].base_path)
        if target is None:
            yield name, group, None
        elif not endpoints.has_any_method(target[1]):
            yield name, group, endpoints.nearest(*target)


@rule('DN210', 'undeclared-flag', Severity.WARNING, Scope.PROJECT)
def undeclared_flag(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A flag is switched, gated on or required, and no note declares it.

    **Why.** Nobody has said what it does when it is off, who owns it or when it goes.

    **Example.** ::

        .. rollout-step:: Enable for all users
           :flag: quick_deploy

    **Use instead.** Declare it. Plain::

        Feature flag: `quick_deploy` (default: off)

    Directive::

        .. feature-flag:: quick_deploy
           :default: off

    **Options.** ``designnote_known`` names flags that exist without a note.

    **Limits.** One finding for each flag and note. A name that nearly is a declared flag's is DN212.
    """
    yield from _undeclared(graph, _Family.FLAG, ('feature-flag',))


@rule('DN211', 'undeclared-entity', Severity.WARNING, Scope.PROJECT)
def undeclared_entity(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An option names a table or a column that no note declares and nobody knows.

    **Why.** A migration of a table that does not exist, or a use of a column that nobody adds, is a mistake that
    otherwise shows on the day of the rollout.

    **Example.** ::

        .. migration:: Add the column
           :entities: Deployement

    **Use instead.** Plain::

        **Deployment table:**
        - Add `auto_configured: boolean` field

    Directive::

        .. entity:: Deployment
           :change: modified

    **Options.** ``designnote_known`` names entities that exist without a note.

    **Limits.** Options and roles count, running text and foreign keys don't. A column of an entity that notes speak of
    and none introduces may be as old as the table: nothing is said about it. One finding for each name and note.
    """
    yield from _undeclared(graph, _Family.DATA, ('entity', 'field'))


def _undeclared(graph: Graph, family: _Family, kinds: tuple[str, ...]) -> Iterator[Report]:
    found = [each for each, near in _with_near(graph, family) if near is None]
    if not found:
        return
    entities = _entities(graph) if family is _Family.DATA else {}
    hints = Hints.of(s.key for s in graph.subjects if s.kind in kinds)
    word = 'flag' if family is _Family.FLAG else 'entity or column'
    for name, group in _grouped(found, lambda each: loose_name(each.name)):
        if entities.get(name.rpartition('.')[0]) is False:
            continue
        hint = hints.did_you_mean(group[0].name) or '; declare it, or list it in designnote_known'
        yield _report(graph, group, f'{word} {quote(group[0].name)} is declared by no note{hint}', name)


def _entities(graph: Graph) -> Mapping[str, bool]:
    """Return the loose name of each entity, and whether a note introduces it."""
    introduced: dict[str, bool] = {}
    for subject in graph.subjects:
        if subject.kind == 'entity':
            new = any(graph.change(impact) == 'new' for impact in subject.impacts)
            name = loose_name(subject.key)
            introduced[name] = introduced.get(name, False) or new
    return introduced


@rule('DN212', 'near-name', Severity.WARNING, Scope.PROJECT)
def near_name(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """The name of a flag, entity, column or interface misses a declared one by case, plural, separator or one letter.

    **Why.** Almost always the declared one was meant, and a flag with the wrong name switches nothing.

    **Example.** The note declares ``quick_deploy_enabled``::

        .. rollout-step:: Enable for all users
           :flag: quick-deploy-enabled

    **Use instead.** Plain::

        1. Enable for all users
           - Flag: quick_deploy_enabled

    Directive::

        .. rollout-step:: Enable for all users
           :flag: quick_deploy_enabled

    **Limits.** Stands in for DN201, DN210 and DN211. Names of less than four letters, and names that differ in a
    figure only, are different names. One finding for each name and note.
    """
    found = _with_near(graph, _Family.REFERENCE, _Family.FLAG, _Family.DATA)
    meant = {each: near for each, near in found if near is not None}
    for name, group in _grouped(meant, lambda each: loose_name(each.name)):
        kind, other = meant[group[0]]
        declared = f'{kind.replace("-", " ")} {quote(other)}'
        message = f'{quote(group[0].name)} is declared nowhere, but {declared} is; write that'
        yield _report(graph, group, message, name)


RULES = (
    dangling_reference,
    duplicate_id,
    wrong_target_kind,
    reference_cycle,
    undeclared_endpoint,
    endpoint_mismatch,
    undeclared_flag,
    undeclared_entity,
    near_name,
)
