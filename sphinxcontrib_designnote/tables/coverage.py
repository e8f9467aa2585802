"""What covers what: tests endpoints, migrations columns, rollout steps flags."""

from __future__ import annotations

from collections.abc import Mapping

from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.relations.chains import NOTHING_TO_COVER, REQUIREMENT
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.requirements import implementing, is_test, items_of, requirements
from sphinxcontrib_designnote.rules.coverage import migrated

#: Kind to what covers it: the name that the coverage gives it, and the type of link that says so.
COVERED_BY: Mapping[str, Mapping[str, str]] = {
    'endpoint': {'test': 'verifies', 'authorization': 'guards', 'audit': 'records', 'flag': 'gates'},
    'interface': {'test': 'verifies', 'authorization': 'guards', 'audit': 'records', 'flag': 'gates'},
    'entity': {'migration': 'migrates', 'test': 'verifies'},
    'field': {'migration': 'migrates', 'test': 'verifies'},
    'constraint': {'migration': 'migrates', 'test': 'verifies'},
    'migration': {'rollout': 'runs', 'test': 'verifies'},
    'feature-flag': {'rollout': 'switches', 'test': 'verifies'},
}


def reported_notes(graph: Graph) -> list[Note]:
    """Return the notes of the project, oldest first; pages that only use roles are none."""
    return [note for note in graph.notes.values() if note.marked or note.items]


def covering(graph: Graph, item: Item, link_type: str) -> list[Item]:
    """Return what has *link_type* links to *item*, in page order; what dead notes say does not count.

    A link to another statement of the same note on the same subject counts, one to a column of an entity counts for the
    entity, and a migration of an entity carries its columns; an index has to be named.
    """
    subject = graph.subject_of.get(item.id)
    targets = {item.id}
    if subject is not None and len(subject.impacts) > 1:
        targets.update(impact.id for impact in subject.impacts if impact.note == item.note)
    if item.kind == 'entity':
        targets.update(part.id for part in graph.parts.get(item.id, ()))
    elif item.kind == 'field' and link_type == 'migrates' and item.parent is not None:
        targets.add(item.parent)
    found = {source.id: source for target in targets for source in graph.sources(target, link_type)}
    live = (source for source in found.values() if not graph.note_of(source).is_dead)
    return sorted(live, key=lambda source: (source.docname, source.location, source.id))


def cover(graph: Graph, item: Item) -> dict[str, bool]:
    """Say of each thing that should cover *item* whether it does: ``{'test': True, 'audit': False}``.

    Empty where there is nothing to cover: of a dead note, not new or changed, of a kind that nothing covers.
    Authorization also covers where the item itself says who may call it. Fields are the columns of entities: no
    migration is due for what a request carries. A migration covers what the rules say that it covers (DN401, DN410).
    """
    links = COVERED_BY.get(item.kind)
    if links is None or graph.change(item) in NOTHING_TO_COVER or graph.note_of(item).is_dead:
        return {}
    owner = graph.items.get(item.parent or '')
    if item.kind == 'field' and owner is not None and owner.kind != 'entity':
        return {}
    carried = graph.once(_carried, ())
    return {
        name: (name == 'authorization' and item.says('auth', 'roles'))
        or (item.id in carried if link == 'migrates' else bool(covering(graph, item, link)))
        for name, link in links.items()
    }


def _carried(graph: Graph, _: tuple[()]) -> frozenset[str]:
    """Return the ids of all data that a migration carries."""
    return frozenset(id_ for note in graph.pages if not note.is_dead for id_ in migrated(note, graph))


def coverage(graph: Graph) -> dict[str, dict[str, int]]:
    """Count, for each kind of :data:`COVERED_BY`, what is new or changed (``total``), and how much of it is covered.

    Where items are to implement requirements, those are counted under ``requirement``: by an ``item``, by a ``test``.
    """
    counts = {kind: dict.fromkeys(('total', *links), 0) for kind, links in COVERED_BY.items()}
    for item in graph.items.values():
        covered = cover(graph, item)
        for name in ('total', *(name for name, holds in covered.items() if holds)) if covered else ():
            counts[item.kind][name] += 1
    wanted = [requirement for requirement in requirements(graph) if requirement.wanted]
    if wanted:
        implemented = sum(bool(items_of(graph, requirement)) for requirement in wanted)
        tested = sum(bool(tests_of(graph, requirement)) for requirement in wanted)
        counts[REQUIREMENT] = {'total': len(wanted), 'item': implemented, 'test': tested}
    return counts


def label(graph: Graph, covered: str) -> str:
    """Return what a reader calls what :func:`coverage` counts."""
    return 'Requirement' if covered == REQUIREMENT else graph.vocabulary.kinds[covered].label


def tests_of(graph: Graph, requirement: Requirement) -> list[Item]:
    """Return the tests that name *requirement*, and those that verify what implements it, in page order."""
    sources = implementing(graph).get(requirement.id, ())
    tests = {source.id: source for source in sources if isinstance(source, Item) and is_test(source)}
    for item in items_of(graph, requirement):
        if isinstance(item, Item):
            tests |= {test.id: test for test in covering(graph, item, 'verifies')}
    return sorted(tests.values(), key=lambda test: (test.docname, test.location, test.id))
