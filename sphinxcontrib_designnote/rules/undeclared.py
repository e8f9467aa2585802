"""DN208 to DN212: does a note declare the endpoints, flags, entities and columns that it speaks about?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.near import Endpoints, Hints, endpoint_of, loose_name
from sphinxcontrib_designnote.rules.subjects import noun, short
from sphinxcontrib_designnote.rules.unresolved import Family, Unresolved, grouped, report, unresolved, with_near


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
    hints = Hints.of(s.key for s in graph.subjects if s.kind == 'endpoint') if unknown else Hints.of(())
    for name, group in unknown:
        written = short(group[0].name)
        fix = "; declare it (':change: existing' if it is old), or list it in designnote_known"
        hint = hints.did_you_mean(written) or fix
        yield report(graph, group, f'{written} is declared by no note{hint}', name)


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
            yield report(graph, group, message, name, item.location)


def _unknown_endpoints(graph: Graph) -> Iterator[tuple[str, list[Unresolved], tuple[Item, str] | None]]:
    """Yield each unknown endpoint of a note, where it is named, and the declared one that was nearly named."""
    found = [each for each in unresolved(graph) if each.family is Family.ENDPOINT]
    if not found:
        return
    endpoints = Endpoints(graph, (s.introduction for s in graph.subjects if s.kind == 'endpoint'))

    def form(each: Unresolved) -> str:
        target = endpoint_of(each.name, graph.notes[each.dangling.note].base_path)
        return f'{target[0] or "*"} {target[1]}' if target else each.name

    for name, group in grouped(found, form):
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
    yield from _undeclared(graph, Family.FLAG, ('feature-flag',))


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
    yield from _undeclared(graph, Family.DATA, ('entity', 'field'))


def _undeclared(graph: Graph, family: Family, kinds: tuple[str, ...]) -> Iterator[Report]:
    found = [each for each, near in with_near(graph, family) if near is None]
    if not found:
        return
    entities = _entities(graph) if family is Family.DATA else {}
    hints = Hints.of(s.key for s in graph.subjects if s.kind in kinds)
    word = 'flag' if family is Family.FLAG else 'entity or column'
    for name, group in grouped(found, lambda each: loose_name(each.name)):
        if entities.get(name.rpartition('.')[0]) is False:
            continue
        hint = hints.did_you_mean(group[0].name) or '; declare it, or list it in designnote_known'
        yield report(graph, group, f'{word} {quote(group[0].name)} is declared by no note{hint}', name)


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
    found = with_near(graph, Family.REFERENCE, Family.FLAG, Family.DATA)
    meant = {each: near for each, near in found if near is not None}
    for name, group in grouped(meant, lambda each: loose_name(each.name)):
        kind, other = meant[group[0]]
        declared = f'{kind.replace("-", " ")} {quote(other)}'
        message = f'{quote(group[0].name)} is declared nowhere, but {declared} is; write that'
        yield report(graph, group, message, name)


RULES = (undeclared_endpoint, endpoint_mismatch, undeclared_flag, undeclared_entity, near_name)
