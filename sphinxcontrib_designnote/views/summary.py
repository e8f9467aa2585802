"""``impact-summary``: what a note comes to, made of its items, so that no prose can contradict them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from sphinxcontrib_designnote.model.records import Item, Note, View
from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.relations.chains import roles_of
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.steps import is_irreversible
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, cut
from sphinxcontrib_designnote.tables.coverage import cover
from sphinxcontrib_designnote.tables.gather import Cells
from sphinxcontrib_designnote.views.content import Complaint, Content, Field, Fields, Line, Sources, plain

#: Changes of an endpoint, interface or entity, and how a line of them begins.
_CHANGES = {
    'new': 'New', 'changed': 'Changed', 'modified': 'Changed', 'deprecated': 'Deprecated', 'removed': 'Removed',
    'existing': 'Used as it is',
}  # fmt: skip
_COLUMNS = {'add': 'Columns added', 'modify': 'Columns changed', 'rename': 'Columns renamed', 'drop': 'Columns dropped'}


def check_summary(argument: str, options: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield nothing: there is nothing that could be wrong."""
    return iter(())


def make_summary(view: View, note: Note, sources: Sources) -> Content:
    """Make a field for each part of the template that the note says something about."""
    summary = _Summary(note, sources.graph)
    lines = {label: [line for line in make(summary) if line.cells] for label, make in _FIELDS.items()}
    fields = tuple(Field(label=label, lines=tuple(said)) for label, said in lines.items() if said)
    return (Fields(fields=fields),) if fields else (plain('This page states nothing.'),)


class _Summary:
    def __init__(self, note: Note, graph: Graph) -> None:
        self.graph = graph
        self.items = [item for item in note.items if graph.items[item.id] is item]

    def of(self, *kinds: str) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    def by_change(self, items: Iterable[Item], leads: Mapping[str, str]) -> Iterator[Line]:
        """Yield a line for each change, in the order of *leads*."""
        found: dict[str, list[Item]] = {lead: [] for lead in leads.values()}
        for item in items:
            lead = leads.get(self.graph.change(item) or '')
            if lead is not None:
                found[lead].append(item)
        return (Line(lead=lead, cells=_names(of_lead), style='code') for lead, of_lead in found.items())

    def uncovered(self, by: str, *kinds: str) -> Cells:
        return _names(item for item in self.of(*kinds) if cover(self.graph, item).get(by) is False)

    def api(self) -> Iterator[Line]:
        yield from self.by_change(self.of('endpoint', 'interface'), _CHANGES)
        yield Line(lead='Breaking', cells=_noted(self.of('breaking-change'), ('sunset', 'until')))

    def data(self) -> Iterator[Line]:
        yield from self.by_change(self.of('entity'), _CHANGES)
        columns = [item for item in self.of('field') if self._owner_kind(item) == 'entity']
        yield from self.by_change(columns, _COLUMNS)
        yield Line(lead='Migrations', cells=_names(self.of('migration')))

    def _owner_kind(self, item: Item) -> str | None:
        owner = self.graph.items.get(item.parent or '')
        return owner.kind if owner else None

    def security(self) -> Iterator[Line]:
        guarded = self.of('endpoint', 'interface', 'authorization')
        roles = dict.fromkeys(role for item in guarded for role in roles_of(item))
        yield Line(lead='Roles', cells=tuple(Cell(text=cut(role, NAME_LENGTH)) for role in roles))
        yield Line(lead='Public', cells=_names(item for item in guarded if item.flag('public')), style='code')
        yield Line(
            lead='Access not stated', cells=self.uncovered('authorization', 'endpoint', 'interface'), style='code'
        )
        yield Line(lead='Audit', cells=_names(self.of('audit-event')), style='code')
        personal = (item for item in self.of('field', 'audit-event') if item.flag('pii'))
        yield Line(lead='Personal data', cells=_names(personal), style='code')
        yield Line(lead='Considered', cells=_names(self.of('security-consideration')))

    def rollout(self) -> Iterator[Line]:
        yield Line(lead='Flags', cells=_noted(self.of('feature-flag'), ('default', ''), ('remove_by', 'remove by')))
        steps = self.of('rollout-step')
        done = sum(step.says('done') for step in steps)
        if steps:
            text = f'{len(steps)}, {done} of them done' if done else str(len(steps))
            yield Line(lead='Steps', cells=(Cell(text=text, target=steps[0].id),))
        yield Line(lead='No way back', cells=_names(step for step in steps if is_irreversible(step, self.graph)))

    def tests(self) -> Iterator[Line]:
        levels = Counter(item.text('level') or 'of no level' for item in self.of('test-case'))
        first = {item.text('level') or 'of no level': item.id for item in reversed(self.of('test-case'))}
        counts = tuple(Cell(text=f'{count} {level}', target=first[level]) for level, count in levels.items())
        yield Line(lead='Tests', cells=counts)
        yield Line(
            lead='Not tested', cells=self.uncovered('test', 'endpoint', 'interface', 'feature-flag'), style='code'
        )

    def none(self) -> Iterator[Line]:
        slots = (Cell(text=item.key.replace('-', ' '), target=item.id) for item in self.of('no-impact'))
        yield Line(lead='', cells=tuple(slots))


_FIELDS: Mapping[str, Callable[[_Summary], Iterator[Line]]] = {
    'API': _Summary.api,
    'Data': _Summary.data,
    'Security': _Summary.security,
    'Rollout': _Summary.rollout,
    'Tests': _Summary.tests,
    'No impact': _Summary.none,
}


def _names(items: Iterable[Item]) -> Cells:
    return tuple(Cell(text=cut(item.key, NAME_LENGTH), target=item.id) for item in items)


def _noted(items: Iterable[Item], *facts: tuple[str, str]) -> Cells:
    """Return names with what *facts*, keys and the word before their values, say in parentheses."""
    found = []
    for item in items:
        said = [f'{word} {item.fields[key]}'.strip() for key, word in facts if key in item.fields]
        found.append(Cell(text=cut(item.key, NAME_LENGTH) + (f' ({", ".join(said)})' if said else ''), target=item.id))
    return tuple(found)
