"""What several rules ask of a note's items: which subjects it changes, and what to call them in a message."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sphinxcontrib_designnote.diagnostics import quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import NoteView

#: Read as they stand; any other key is quoted and cut.
_NATURAL = frozenset({'endpoint', 'entity', 'field', 'interface'})


def subject_id(graph: Graph, item: Item) -> str:
    """Return one id for all impacts on the subject of *item*; its own where it has none."""
    subject = graph.subject_of.get(item.id)
    return subject.impacts[0].id if subject else item.id


def statements(view: NoteView, kinds: Collection[str], changes: Collection[str]) -> Iterator[tuple[Item, list[Item]]]:
    """Yield each subject of *kinds* that the note changes in one of the ways *changes*.

    :return: the first statement that does so, and all the note's statements on the subject: what one of them says need
        not be said by the other.
    """
    groups = view.once(_by_subject)
    for kind in kinds:
        for stated in groups.get(kind, ()):
            first = next((item for item, change in stated if change in changes), None)
            if first is not None:
                yield first, [item for item, _ in stated]


def _by_subject(view: NoteView) -> Mapping[str, Sequence[Sequence[tuple[Item, str | None]]]]:
    """Return, for each kind, the statements on each subject, with what they do to it; a dozen rules ask for them."""
    groups: dict[str, dict[str, list[tuple[Item, str | None]]]] = {}
    for item in view.note.items:
        stated = groups.setdefault(item.kind, {}).setdefault(subject_id(view.graph, item), [])
        stated.append((item, view.change(item)))
    return {kind: [*subjects.values()] for kind, subjects in groups.items()}


def entity_change(entity: Item, view: NoteView) -> str | None:
    """Return what the note does to *entity*: one that is stated as existing and has a changed part is modified."""
    change = view.change(entity)
    if change == 'existing' and any(part.change is not None for part in view.parts(entity)):
        return 'modified'
    return change


def column_change(item: Item, graph: Graph) -> str | None:
    """Return what *item* does to its subject, as :meth:`Graph.change` tells; for a column that does not say, its table.

    A column of a table that is stated as existing is there too; of any other it is added.
    """
    owner = graph.items.get(item.parent or '')
    if item.kind != 'field' or item.change is not None or owner is None:
        return graph.change(item)
    if owner.kind != 'entity':
        return None
    return 'existing' if graph.change(owner) == 'existing' else 'add'


def noun(item: Item) -> str:
    """Return what a message calls *item*: ``POST /x``, ``flag 'quick_deploy_enabled'``, ``step 'Deploy backend'``."""
    name = short(item.key) if item.kind in _NATURAL else quote(item.key)
    kind = _NOUNS.get(item.kind, item.kind.replace('-', ' '))
    return f'{kind} {name}' if kind else name


def short(key: str, limit: int = 80) -> str:
    """Return *key* on one line and not too long, unquoted."""
    return quote(key, limit)[1:-1]


def listed(names: Collection[str], limit: int = 3) -> str:
    """Return the first few of *names* as an enumeration."""
    shown = [*names][:limit]
    rest = len(names) - len(shown)
    return ', '.join(shown) + (f' and {rest} more' if rest else '')


_NOUNS: Mapping[str, str] = {
    'endpoint': '',
    'field': '',
    'entity': 'entity',
    'feature-flag': 'flag',
    'rollout-step': 'step',
    'test-case': 'test',
    'constraint': 'constraint',
}
