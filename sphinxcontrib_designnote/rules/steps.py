"""The rollout of a note: its steps in order, and what each of them does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.circles import components
from sphinxcontrib_designnote.rules.definition import NoteView
from sphinxcontrib_designnote.rules.ordering import in_order

#: Words of a component that is no user of the database: a screen, a document, a thing that watches.
_CLIENTS = frozenset({
    'frontend', 'frontends', 'ui', 'uis', 'website', 'browser', 'client', 'clients', 'mobile', 'ios', 'android',
    'desktop', 'docs', 'documentation', 'cdn', 'static', 'assets', 'dashboard', 'dashboards', 'portal', 'storybook',
    'cli', 'sdk', 'monitoring', 'alerts', 'alerting', 'grafana', 'prometheus', 'kibana', 'proxy', 'gateway', 'nginx',
    'ingress', 'dns', 'runbook',
})  # fmt: skip
_SERVERS = frozenset({'backend', 'server', 'servers', 'api', 'worker', 'workers', 'daemon'})
#: What follows is about somebody else.
_ASIDE = re.compile(r'\b(?:for|that|which|behind|called|used)\b|\(', re.IGNORECASE)
_WORD = re.compile(r'[a-z0-9]+')
_MIGRATION = re.compile(
    r'(?P<before>\b(?:before|without|no|until|prior to)\s+(?:the\s+|a\s+|any\s+)?)?(?:\w+\s+)?\bmigrations?\b',
    re.IGNORECASE,
)
_LONGEST = 2000


def ordered_steps(view: NoteView) -> list[Item]:
    """Return the note's rollout steps in the order of :func:`in_rollout_order`."""
    return in_rollout_order(view.of('rollout-step'), view.graph)


def in_rollout_order(steps: Sequence[Item], graph: Graph) -> list[Item]:
    """Sort the *steps* of one note: as written, but each behind those that its ``after`` names.

    An ``after`` on a circle (DN204) does not count. O(n log n).
    """
    position = {step.id: index for index, step in enumerate(steps)}
    before = {
        index: [position[other.id] for other in graph.targets(step.id, 'after') if other.id in position]
        for index, step in enumerate(steps)
    }
    if not any(before.values()):
        return list(steps)
    circle = {index: number for number, indices in enumerate(components(before)) for index in indices}
    edges: dict[int, list[int]] = {index: [] for index in before}
    for index, others in before.items():
        for other in others:
            if circle[other] != circle[index]:
                edges[other].append(index)
    return [steps[index] for index in in_order(edges)[0]]


def step_texts(step: Item) -> Iterator[str]:
    """Yield what *step* says in words."""
    yield step.title
    if step.body:
        yield step.body


def is_deployment(step: Item) -> bool:
    """Whether *step* brings out new code, and no migration with it."""
    return step.text('action') == 'deploy' and not carries_migration(step)


def is_client(step: Item) -> bool:
    """Whether *step* is about a component that does not use the database: frontend, documentation, dashboards.

    A stated ``component`` decides, else the words of the title; a server named beside the client ("backend and
    frontend") makes it a server's step.
    """
    text = step.text('component') if 'component' in step.lines else None
    if text is None:
        text = _ASIDE.split(step.title[:_LONGEST], maxsplit=1)[0]
    words = set(_WORD.findall(text[:_LONGEST].casefold().replace('front-end', 'frontend')))
    return bool(words & _CLIENTS) and not words & _SERVERS


def carries_migration(step: Item) -> bool:
    """Whether *step* migrates, by its action or its words: "Deploy the backend and run the migrations"."""
    if step.text('action') in ('migrate', 'backfill') or step.says('runs'):
        return True
    if step.text('action') not in ('deploy', 'restart', None):
        return False
    match = _MIGRATION.search(step.title[:_LONGEST])
    return match is not None and match['before'] is None


def brings(step: Item) -> bool:
    """Whether others may wait for *step*: it brings something, and does not clean up, check or tell."""
    return step.text('action') not in ('remove', 'disable', 'verify', 'announce')


def turns_on(step: Item) -> bool:
    """Whether *step* puts the flag that it switches on, for everybody or somebody."""
    state = step.text('flag_state')
    return state != 'off' and (state is not None or step.text('action') == 'enable')


def turns_off(step: Item) -> bool:
    """Whether *step* puts the flag that it switches off; one that is deployed "with the flag off" is so before."""
    return step.text('action') == 'disable'


def is_irreversible(step: Item, graph: Graph) -> bool:
    """Whether *step* removes something, or runs a migration that cannot be undone, and says no way back."""
    migrations = list(graph.targets(step.id, 'runs'))
    if any(migration.flag('reversible') is False for migration in migrations):
        return True
    contracts = any(m.text('kind') == 'contract' and not m.flag('reversible') for m in migrations)
    return (contracts or step.text('action') == 'remove') and not step.says('rollback')
