"""DN7xx: is it tested?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.chains import chain_of_view, min_coverage
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.callers import callers
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.near import forms, misspelt, nearly_named
from sphinxcontrib_designnote.rules.subjects import noun, statements, subject_id

#: Flags of which both states are in use for a while.
_PASSING = (None, 'release', 'experiment')
#: States of a flag to those that a test in this state tests; one that does not say may test both.
_BOTH = ('on', 'off')
_STATES = {'on': ('on',), 'off': ('off',)}
#: What a test of refusal says, or a test of all roles at once.
_REFUSAL = re.compile(
    r'\b(?:40[13]|forbidden|un(?:authori[sz]|authenticat|privileg)ed|den(?:y|ied|ies)|permissions?|authori[sz]ation'
    r'|access control|rbac|acls?|insufficient|role (?:checks?|matrix)|not (?:allowed|permitted|authori[sz]ed)'
    r'|(?:without|lack(?:s|ing)?) (?:the |an? |any )?(?:`?[\w-]{1,40}`? ){0,2}(?:role|scope|token|session|login)s?'
    r"|(?:another|other|someone else|somebody else) ?(?:[\w-]{1,40}(?:'s|s'|s)|'s)"
    r'|(?:users?|viewers?|editors?|members?|admins?|guests?|callers?|customers?|operators?|agents?|readers?'
    r"|non-\w{1,40}|everybody else|others) (?:[\w-]{1,40} ){0,4}(?:cannot|can't|may not|must not|refused|rejected|404))"
    r'\b',
    re.IGNORECASE,
)
_LONGEST = 2000
#: So many of what a matrix misses are named.
_NAMED = 5
_MIGRATION = re.compile(r'\b(?:migrations?|migrate[sd]?|backfill(?:s|ed)?)\b', re.IGNORECASE)


@rule('DN701', 'endpoint-without-test', Severity.WARNING, Scope.NOTE, asks=True, answered_by='testing')
def endpoint_without_test(view: NoteView) -> Iterator[Report]:
    """No test verifies a new or changed endpoint or interface.

    **Why.** What the testing strategy leaves out is tested by the first user.

    **Example.** ::

        .. endpoint:: POST /jobs
           :change: new

    **Use instead.** Plain, under "Testing Strategy"::

        - Test POST /jobs starts a job

    Directive::

        .. test-case:: Starts a job
           :level: integration
           :verifies: POST /jobs

    **Limits.** Only tests of the same note count. A test that verifies a field of the endpoint verifies the endpoint.
    A test that names it with a mistake that DN209 reports is not reported again.
    """
    meant = nearly_named(view, 'test-case', 'verifies')
    for item, items in statements(view, ('endpoint', 'interface'), ('new', 'changed')):
        parts = [part for each in items for part in view.parts(each)]
        if any(each.id in meant for each in items):
            continue
        if not any(view.sources(each, 'verifies') for each in (item, *parts)):
            message = f"no test verifies {noun(item)}; add one, or name it in a test's ':verifies:'"
            yield Report(message=message, about=item)


@rule('DN702', 'flag-state-untested', Severity.WARNING, Scope.NOTE, asks=True, answered_by='testing')
def flag_state_untested(view: NoteView) -> Iterator[Report]:
    """A new release or experiment flag is not tested both on and off.

    **Why.** Until the flag is removed users meet both states, and the state that nobody tests is the one that an
    incident is to be ended with.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled
           :default: off

        .. test-case:: Deploys with the `quick_deploy_enabled` flag on

    **Use instead.** Plain, under "Testing Strategy"::

        - Test POST /serving/deploy with the feature flag on and off

    Directive::

        .. test-case:: Deploys with and without the recommendation
           :verifies: POST /serving/deploy, quick_deploy_enabled
           :flag-state: both

    **Limits.** Only tests of the same note count, and only those that name the flag, or speak of "the feature flag"
    where the note has one. A test that names it and no state may test both. Flags of type ``ops`` and ``permission``
    are left alone. A test that misspells the flag in ``verifies`` is DN212's.
    """
    meant = misspelt(view, 'test-case', 'verifies')
    for flag, items in statements(view, ('feature-flag',), ('new',)):
        if flag.text('flag_type') not in _PASSING or not meant.isdisjoint(forms(flag.key)):
            continue
        tests = {test.id: test for item in items for test in view.sources(item, 'verifies')}
        tested = {state for test in tests.values() for state in _STATES.get(test.text('flag_state') or '', _BOTH)}
        missing = [state for state in _BOTH if state not in tested]
        if missing:
            state = missing[0] if tests else 'on and off'
            message = f"no test verifies {noun(flag)} {state}; add one, or state the ':flag-state:' of a test of it"
            yield Report(message=message, about=flag, related=tuple(test.location for test in tests.values())[:10])


@rule('DN703', 'migration-without-test', Severity.INFO, Scope.NOTE, asks=True)
def migration_without_test(view: NoteView) -> Iterator[Report]:
    """No test and no step of the rollout checks a migration.

    **Why.** A migration runs once, on data that matters, and is the part that a deployment can't take back.

    **Example.** A note with a migration whose tests are all about its endpoints.

    **Use instead.** Plain, under "Testing Strategy"::

        - Test migration up and down on a copy of production

    Directive::

        .. test-case:: Migration up and down on a copy of production
           :level: migration

    **Limits.** A test of level ``migration``, or one or a ``verify`` step that says "migration" or "backfill", covers
    every migration of the note, unless it verifies one by name: then that one.
    """
    migrations = view.of('migration')
    if not migrations:
        return
    checks = [*view.of('test-case'), *(step for step in view.of('rollout-step') if step.text('action') == 'verify')]
    if any(_checks_all(check, view) for check in checks):
        return
    for migration in migrations:
        if not view.sources(migration, 'verifies'):
            message = f'no test or verify step covers migration {_title(migration)}; add one'
            yield Report(message=message, about=migration)


def _checks_all(check: Item, view: NoteView) -> bool:
    if any(target.kind == 'migration' for target in view.targets(check, 'verifies')):
        return False
    return check.text('level') == 'migration' or any(_MIGRATION.search(text) for text in (check.title, check.body))


def _title(migration: Item) -> str:
    return noun(migration).partition(' ')[2]


@rule('DN704', 'authorization-without-test', Severity.INFO, Scope.NOTE, asks=True, answered_by='testing')
def authorization_without_test(view: NoteView) -> Iterator[Report]:
    """Only some roles may call an endpoint, and no test makes sure that the others may not.

    **Why.** A forgotten check is noticed by no test that calls with the right role, and by no user either.

    **Example.** ::

        .. endpoint:: DELETE /jobs/{id}
           :change: new
           :roles: editor

        .. test-case:: DELETE /jobs/{id} deletes a job

    **Use instead.** Plain, under "Testing Strategy"::

        - Test that DELETE /jobs/{id} answers 403 to a viewer

    Directive::

        .. test-case:: DELETE /jobs/{id} answers 403 to a viewer
           :level: integration

    **Limits.** New endpoints, and those of which the note states an authorization as ``new`` or ``tightened``; only
    where roles are named clearly. A test of refusal speaks of 401 or 403, of "denied", "without the role",
    "permissions", "viewers cannot", "another customer's" and the like, and names the endpoint, or none. Where no test
    at all verifies the endpoint, DN701 says so; where one misspells it, DN209.
    """
    refusals = [test for test in view.of('test-case') if _REFUSAL.search(f'{test.title} {test.body[:_LONGEST]}')]
    if not all(_names_something(test, view) for test in refusals):  # one of them is about no endpoint in particular
        return
    refused = {id_ for test in refusals for id_ in _verified(test, view)}
    for about, subject in _restricted(view):
        if subject not in refused:
            message = f'{noun(about)} is for some roles only, and no test calls it as somebody else; add one'
            yield Report(message=message, about=about)


def _names_something(test: Item, view: NoteView) -> bool:
    """Whether *test* names an endpoint, or something that nothing answers to."""
    outgoing = view.graph.outgoing.get(test.id, ())
    return any(link.type == 'verifies' and not link.resolved for link in outgoing) or bool(_verified(test, view))


def _verified(test: Item, view: NoteView) -> list[str]:
    """Return the subjects of the endpoints that *test* verifies, by themselves, a field or an authorization."""
    found = []
    for target in view.targets(test, 'verifies'):
        owner = view.parent(target) or target
        guarded = view.targets(target, 'guards') if target.kind == 'authorization' else [owner]
        found += [subject_id(view.graph, item) for item in guarded if item.kind in ('endpoint', 'interface')]
    return found


def _restricted(view: NoteView) -> Iterator[tuple[Item, str]]:
    """Yield what is newly restricted to named roles, and its subject.

    That is an endpoint of the note, or its authorization of an endpoint of another note.
    """
    tested = {id_ for test in view.of('test-case') for id_ in _verified(test, view)}
    meant = nearly_named(view, 'test-case', 'verifies')
    seen: set[str] = set()
    for endpoint, items in statements(view, ('endpoint',), ('new', 'changed', 'deprecated', 'existing')):
        guards = view.sources(endpoint, 'guards')
        subject = subject_id(view.graph, endpoint)
        seen.add(subject)
        is_new = any(view.change(item) == 'new' for item in items)
        expected = any(view.change(item) in ('new', 'changed') for item in items)  # as DN701 expects a test
        untested = expected and subject not in tested
        if untested or not (is_new or any(map(_is_news, guards))) or any(item.id in meant for item in items):
            continue
        if callers([*items, *guards], frozenset()).named:
            yield endpoint, subject
    for guard in filter(_is_news, view.of('authorization')):
        for target in view.targets(guard, 'guards'):
            subject = subject_id(view.graph, target)
            if target.kind == 'endpoint' and subject not in seen and callers([guard], frozenset()).named:
                seen.add(subject)
                yield guard, subject


def _is_news(guard: Item) -> bool:
    return guard.change in ('new', 'tightened')


@rule('DN705', 'test-verifies-nothing', Severity.OFF, Scope.PROJECT)
def test_verifies_nothing(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A test names no item of any note.

    **Why.** What a test verifies decides which tests to look at when an endpoint, a column or a flag changes. One that
    names nothing is found by nobody.

    **Example.** ::

        .. test-case:: Works end to end

    **Use instead.** Plain, under "Testing Strategy"::

        - Test POST /jobs end to end, with a real model

    Directive::

        .. test-case:: Works end to end, with a real model
           :verifies: POST /jobs

    **Options.** ``designnote_rules`` turns it on: many good tests are about what no note declares.

    **Limits.** A name that nothing answers to is DN201's, DN208's or DN212's.
    """
    for note in graph.pages:
        for item in note.items:
            if item.kind == 'test-case' and all(link.type != 'verifies' for link in graph.outgoing.get(item.id, ())):
                yield Report(message=f"{noun(item)} names nothing that it verifies; add ':verifies:'", about=item)


@rule('DN706', 'coverage-below-minimum', Severity.WARNING, Scope.NOTE)
def coverage_below_minimum(view: NoteView) -> Iterator[Report]:
    """Fewer things are covered than a traceability matrix asks for.

    **Why.** A team that has agreed on a minimum wants to hear of the note that brings it below, not of every gap.

    **Example.** ::

        .. traceability-matrix:: endpoint x test
           :min-coverage: 80

    where two of three endpoints have a test.

    **Use instead.** Cover what the message names, lower the minimum, or leave out with ``:filter:`` what is not meant.

    **Limits.** What is only mentioned, deprecated or removed needs no cover. A matrix whose filter leaves nothing is
    satisfied.
    """
    for shown in view.note.views:
        least = min_coverage(shown.options)
        if least is None:
            continue
        chain = chain_of_view(shown, view.graph)
        total, covered = len(chain.entries[0]), chain.covered(len(chain.steps))
        if 100 * len(covered) >= least * total:
            continue
        missing = [entry.name for row, entry in enumerate(chain.entries[0]) if row not in covered]
        first = ', '.join(map(quote, missing[:_NAMED])) + (', …' if len(missing) > _NAMED else '')
        message = (
            f'{quote(shown.argument)} is covered for {len(covered)} of {total}, {100 * len(covered) // total} % where '
            f'{least} % are asked for; cover {first}'
        )
        yield Report(message=message, about=view.note, at=shown.location, detail=shown.argument)


RULES = (
    endpoint_without_test,
    flag_state_untested,
    migration_without_test,
    authorization_without_test,
    test_verifies_nothing,
    coverage_below_minimum,
)
