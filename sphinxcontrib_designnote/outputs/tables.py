"""The traceability tables: what they show, as data; how they look is the writers' business.

A table of items is declared as a :class:`_Spec`: kinds, columns, order. A column is a function from an item to what stands
in its cell. Notes that are rejected, withdrawn or superseded declare nothing, so only ``notes``, ``decisions`` and
``findings`` show them.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Item, Note, Value
from sphinxcontrib_designnote.model.schema import RECORD_OPTIONS, Kind, Option, builtin_vocabulary
from sphinxcontrib_designnote.outputs import NAME_LENGTH, Cell, Column, ExportContext, Row, Table, cut
from sphinxcontrib_designnote.outputs.export import COVERED_BY, coverage, covering, reported_notes
from sphinxcontrib_designnote.relations.graph import Graph


def tables(graph: Graph, findings: Sequence[Finding], context: ExportContext) -> tuple[Table, ...]:
    """Return the standard tables, and one for each kind that the project declares itself. O(items + links)."""
    builder = _Builder(graph, findings, context)
    standard = [
        builder.items(_ENDPOINTS),
        builder.items(_INTERFACES),
        builder.items(_ENTITIES),
        builder.items(_MIGRATIONS),
        builder.items(_FLAGS),
        builder.permissions(),
        builder.items(_AUDIT),
        builder.items(_ROLLOUT),
        builder.release_plan(),
        builder.promises(),
        builder.items(_BREAKING_CHANGES),
        builder.items(_DECISIONS),
        builder.items(_TESTS),
        builder.coverage(),
        builder.notes(),
        builder.findings(),
    ]
    taken = {table.name for table in standard}
    custom = [kind for name, kind in graph.vocabulary.kinds.items() if name not in builtin_vocabulary().kinds]
    return (*standard, *(builder.items(_custom(kind, taken)) for kind in custom))


_Cells = tuple[Cell, ...]
_Shown = Callable[['_Builder', Item], _Cells]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spec:
    name: str
    title: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[Column, _Shown], ...]
    #: Sorts before history and place; by key as it is written when absent.
    order: Callable[[_Builder, Item], tuple[str | int, ...]] | None = None
    #: Whether an item of one of the kinds belongs here.
    where: Callable[[_Builder, Item], bool] = lambda _builder, _item: True
    dead: bool = False


class _Builder:
    """What all tables need of the graph, gathered once."""

    def __init__(self, graph: Graph, findings: Sequence[Finding], context: ExportContext) -> None:
        self.graph = graph
        self.found = findings
        self.context = context
        self.rank = {note_id: index for index, note_id in enumerate(graph.notes)}
        self.by_kind: dict[str, list[Item]] = {}
        for note in graph.notes.values():
            for item in note.items:
                if graph.items[item.id] is item:
                    self.by_kind.setdefault(item.kind, []).append(item)
        #: Item id to its place among all of its kind, and, from 1, among those of its note.
        self.place = {item.id: index for items in self.by_kind.values() for index, item in enumerate(items)}
        self.number: dict[str, int] = {}
        for items in self.by_kind.values():
            count: dict[str, int] = {}
            for item in items:
                self.number[item.id] = count[item.note] = count.get(item.note, 0) + 1
        self.titles = {note.id: (Cell(text=cut(note.title, NAME_LENGTH), target=note.id),) for note in graph.notes.values()}

    def live(self, *kinds: str) -> list[Item]:
        """Items of *kinds* in the order of history, those of dead notes left out."""
        return [i for kind in kinds for i in self.by_kind.get(kind, ()) if not self.graph.note_of(i).is_dead]

    def named(self, items: Iterable[Item]) -> _Cells:
        """Cells that lead to *items*."""
        return tuple(Cell(text=cut(item.key, NAME_LENGTH), target=item.id) for item in items)

    def pointed_to(self, item: Item, *link_types: str) -> _Cells:
        """What *item* has links to, names that nothing answers to included."""
        return tuple(
            Cell(
                text=cut(self.graph.name(link.target), NAME_LENGTH),
                target=link.target if link.target in self.graph.items or link.target in self.graph.notes else None,
            )
            for link in self.graph.outgoing.get(item.id, ())
            if link.type in link_types
        )

    def covering(self, item: Item, link_type: str) -> _Cells:
        """What has links to *item*, as the coverage counts."""
        return self.named(covering(self.graph, item, link_type))

    def row(self, about: Item | Note, cells: Iterable[_Cells]) -> Row:
        """Make a row that leads to *about*."""
        return Row(
            cells=tuple(cells), id=about.id, location=about.location, docname=about.docname, anchor=about.anchor
        )

    def items(self, spec: _Spec) -> Table:
        """Make a table as *spec* declares it."""
        chosen = [
            item
            for kind in spec.kinds
            for item in self.by_kind.get(kind, ())
            if (spec.dead or not self.graph.note_of(item).is_dead) and spec.where(self, item)
        ]

        def order(item: Item) -> tuple[str | int, ...]:
            first = spec.order(self, item) if spec.order else (item.key.casefold(),)
            return (*first, self.rank[item.note], item.location.line, self.place[item.id], item.id)

        return Table(
            name=spec.name,
            title=spec.title,
            columns=tuple(column for column, _ in spec.columns),
            rows=tuple(
                self.row(item, [show(self, item) for _, show in spec.columns]) for item in sorted(chosen, key=order)
            ),
        )

    def permissions(self) -> Table:
        """Who may do what: a row a statement, of an authorization or of an endpoint itself; a column a role.

        An endpoint that says nothing, and that no authorization guards, has a row to show it.
        """
        statements = self.live('authorization')
        statements += [
            item
            for item in self.live('endpoint', 'interface')
            if item.says('auth', 'roles') or (item.change != 'existing' and not covering(self.graph, item, 'guards'))
        ]
        roles = sorted({role for item in statements for role in item.names('roles')})
        columns = [Column(title='Operation', style='code'), Column(title='Change', style='change')]
        columns += [Column(title=cut(role, NAME_LENGTH), style='mark') for role in roles]
        columns += [Column(title='Permission', style='code'), Column(title='Stated as'), Column(title='Note')]

        def stated(item: Item) -> _Cells:
            if item.flag('public'):
                return _one('public')
            if item.kind == 'authorization':
                return _one(item.body)
            return _one(item.text('auth') or ('' if item.says('roles') else 'nothing stated'))

        rows = []
        for item in statements:
            operation = self.pointed_to(item, 'guards') or self.named([item])
            marks = [_one('yes') if role in item.names('roles') else () for role in roles]
            checked = (*_one(item.text('permission')), *_one(item.text('scope')))
            row = self.row(item, (operation, _change(self, item), *marks, checked, stated(item), self.titles[item.note]))
            method, _, path = operation[0].text.rpartition(' ')
            rows.append(((path, method, self.rank[item.note], item.location.line, item.id), row))
        rows.sort(key=lambda pair: pair[0])
        made = tuple(row for _, row in rows)
        return Table(name='permissions', title='Permissions', columns=tuple(columns), rows=made)

    def release_plan(self) -> Table:
        """What is still to be done: the steps of open notes in an order that respects all of them."""
        steps = [i for i in self.live('rollout-step') if self.graph.note_of(i).is_open and not i.says('done')]
        columns = ('Release', '#', 'Step', 'Action', 'Acts on', 'After', 'Gate', 'Soak', 'Undo', 'Note')
        styles = {'#': 'number', 'Action': 'change', 'Undo': 'status'}
        rows = []
        for number, item in enumerate(self.merged(steps), start=1):
            shown = (
                _one(item.release), _one(str(number)), _one(item.title), _one(item.text('action')), _acts_on(self, item),
                self.pointed_to(item, 'after'), _one(item.text('gate')), _one(item.text('soak')),
                _one('irreversible' if self.is_irreversible(item) else item.text('rollback')), self.titles[item.note],
            )  # fmt: skip
            rows.append(self.row(item, shown))
        made = tuple(Column(title=title, style=styles.get(title, 'text')) for title in columns)
        return Table(name='release-plan', title='Release plan', columns=made, rows=tuple(rows))

    def merged(self, steps: Sequence[Item]) -> list[Item]:
        """Sort *steps*: each after what its note puts before it, ``after`` overriding; then by release and history.

        Steps on a circle (DN204, DN612) follow at the end.
        """
        known = {step.id: step for step in steps}
        releases = {name: index for index, name in enumerate(self.context.releases)}
        waiting: dict[str, set[str]] = {}
        last: dict[str, str] = {}
        for step in steps:
            stated = {link.target for link in self.graph.outgoing.get(step.id, ()) if link.type == 'after' and link.resolved}
            before = stated or ({last[step.note]} if step.note in last else set())
            waiting[step.id] = {id_ for id_ in before if id_ in known}
            last[step.note] = step.id
        followers: dict[str, list[str]] = {}
        for id_, before in waiting.items():
            for other in before:
                followers.setdefault(other, []).append(id_)

        def rank(id_: str) -> tuple[int, str, int, int, str]:
            step = known[id_]
            release = step.release or ''
            position = releases.get(release, len(releases) + (not release))
            return (position, release, self.rank[step.note], self.place[id_], id_)

        ready = [rank(id_) for id_, before in waiting.items() if not before]
        heapq.heapify(ready)
        order: dict[str, Item] = {}
        while ready:
            id_ = heapq.heappop(ready)[-1]
            order[id_] = known[id_]
            for follower in followers.get(id_, ()):
                waiting[follower].discard(id_)
                if not waiting[follower]:
                    heapq.heappush(ready, rank(follower))
        return [*order.values(), *(step for step in steps if step.id not in order)]

    def is_irreversible(self, step: Item) -> bool:
        """Whether *step* removes something, or runs a migration that cannot be undone, and says no way back."""
        migrations = list(self.graph.targets(step.id, 'runs'))
        if any(migration.flag('reversible') is False for migration in migrations):
            return True
        contracts = any(m.text('kind') == 'contract' and not m.flag('reversible') for m in migrations)
        return (contracts or step.text('action') == 'remove') and not step.says('rollback')

    def promises(self) -> Table:
        """Every date by which something is to be gone, or until which it stays, earliest first."""
        columns = (
            Column(title='Date', style='date'), Column(title='What'), Column(title='Promise'),
            Column(title='State', style='status'), Column(title='Owner', style='names'), Column(title='Note'),
        )  # fmt: skip
        promised: list[tuple[datetime.date, str, Item]] = []
        for kind in self.graph.vocabulary.kinds:
            for item in self.live(kind):
                promised += [(date, n, item) for n in ('sunset', 'until', 'remove_by') if (date := item.date(n))]
        promised.sort(key=lambda p: (p[0], p[2].key.casefold(), self.rank[p[2].note], p[2].location.line, p[1], p[2].id))
        rows = []
        for date, name, item in promised:
            owners = _one(item.text('owner')) or _cells(self.graph.note_of(item).fields.get('owners'))
            state = _one('kept' if self.is_gone(item) else 'open')
            shown = (_one(date.isoformat()), self.named([item]), _one(name.replace('_', ' ')), state, owners, self.titles[item.note])
            rows.append(self.row(item, shown))
        return Table(name='promises', title='Promises', columns=columns, rows=tuple(rows))

    def is_gone(self, item: Item) -> bool:
        """Whether a done step, or an implemented note, removed *item*; of a statement about things, all that it is about."""
        about = [*self.graph.targets(item.id, 'affects'), *self.graph.targets(item.id, 'covers')]
        if about and item.kind in ('breaking-change', 'compatibility'):
            return all(other.kind not in ('breaking-change', 'compatibility') and self.is_gone(other) for other in about)
        subject = self.graph.subject_of.get(item.id)
        impacts = subject.impacts if subject else (item,)
        return any(
            (impact.change in ('removed', 'drop') and self.graph.note_of(impact).status == 'implemented')
            or any(step.says('done') for step in self.graph.sources(impact.id, 'removes'))
            for impact in impacts
        )

    def coverage(self) -> Table:
        """Kinds by what covers them; a cell is empty where nothing of that sort could."""
        names = list(dict.fromkeys(name for links in COVERED_BY.values() for name in links))
        kinds = self.graph.vocabulary.kinds
        rows = tuple(
            Row(cells=(_one(kinds[kind].label), *(_one(str(counts[n])) if n in counts else () for n in ('total', *names))))
            for kind, counts in coverage(self.graph).items()
            if counts['total']
        )
        columns = tuple(Column(title=name.capitalize(), style='number') for name in ('total', *names))
        return Table(name='coverage', title='Coverage', columns=(Column(title='Kind'), *columns), rows=rows)

    def notes(self) -> Table:
        """Every note, dead ones too, oldest first."""
        titles = (
            'Note', 'Status', 'Owners', 'Created', 'Age in days', 'Depends on', 'Items', 'Undone steps', 'Errors', 'Warnings', 'Infos',
        )  # fmt: skip
        styles = {'Status': 'status', 'Owners': 'names', 'Created': 'date'}
        numbers = ('Age in days', 'Items', 'Undone steps', 'Errors', 'Warnings', 'Infos')
        counts: dict[tuple[str | None, Severity], int] = {}
        for finding in self.found:
            if finding.suppressed is None:
                counts[finding.note, finding.severity] = counts.get((finding.note, finding.severity), 0) + 1
        rows = []
        for note in reported_notes(self.graph):
            created, undone = note.fields.get('created'), 0
            age = ''
            if isinstance(created, datetime.date) and self.context.generated:
                age = str((self.context.generated.date() - created).days)
            if note.is_open:
                undone = sum(item.kind == 'rollout-step' and not item.says('done') for item in note.items)
            before = tuple(
                Cell(text=cut(self.graph.name(link.target), NAME_LENGTH), target=link.target if link.resolved else None)
                for link in self.graph.outgoing.get(note.id, ())
                if link.type == 'depends-on'
            )
            severities = (Severity.ERROR, Severity.WARNING, Severity.INFO)
            shown = (
                self.titles[note.id], _one(note.status), _cells(note.fields.get('owners')), _cells(created), _one(age), before,
                _one(str(len(note.items))), _one(str(undone)), *(_one(str(counts.get((note.id, s), 0))) for s in severities),
            )  # fmt: skip
            rows.append(self.row(note, shown))
        columns = tuple(Column(title=t, style='number' if t in numbers else styles.get(t, 'text')) for t in titles)
        return Table(name='notes', title='Notes', columns=columns, rows=tuple(rows))

    def findings(self) -> Table:
        """Every finding in the order of its place, silenced ones with the reason."""
        columns = (
            Column(title='Severity', style='severity'), Column(title='Code', style='code'), Column(title='Rule'),
            Column(title='Message'), Column(title='Item'), Column(title='Note'), Column(title='Silenced because'),
        )  # fmt: skip
        rows = []
        for finding in sorted(self.found, key=lambda f: f.sort_key):
            item = self.graph.items.get(finding.item or '')
            shown = (
                _one(str(finding.severity)), _one(finding.code), _one(finding.name), _one(finding.message),
                self.named([item] if item else []), self.titles.get(finding.note or '', ()), _one(finding.suppressed),
            )  # fmt: skip
            anchor = item.anchor if item else ''
            rows.append(Row(cells=shown, location=finding.location, docname=finding.docname, anchor=anchor))
        return Table(name='findings', title='Findings', columns=columns, rows=tuple(rows))


def _one(text: str | None) -> _Cells:
    return (Cell(text=cut(text)),) if text else ()


def _cells(value: Value | None) -> _Cells:
    """Show the value of a field: a list as several things."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return _one('yes' if value else 'no')
    if isinstance(value, datetime.date):
        return _one(value.isoformat())
    return tuple(Cell(text=cut(name, NAME_LENGTH)) for name in value) if isinstance(value, tuple) else _one(value)


def _field(name: str) -> _Shown:
    return lambda _, item: _cells(item.fields.get(name))


def _to(*link_types: str) -> _Shown:
    return lambda builder, item: builder.pointed_to(item, *link_types)


def _from(link_type: str) -> _Shown:
    return lambda builder, item: builder.covering(item, link_type)


def _title(builder: _Builder, item: Item) -> _Cells:
    return (Cell(text=cut(item.title), target=item.id),)


def _key(builder: _Builder, item: Item) -> _Cells:
    return (Cell(text=cut(item.key), target=item.id),)


def _change(builder: _Builder, item: Item) -> _Cells:
    return _one(builder.graph.change(item))


def _acts_on(builder: _Builder, item: Item) -> _Cells:
    return builder.pointed_to(item, 'runs', 'switches', 'removes')


def _path(builder: _Builder, item: Item) -> _Cells:
    return (Cell(text=cut(item.text('path') or item.key), target=item.id),)


def _path_order(builder: _Builder, item: Item) -> tuple[str, str]:
    return (item.text('path') or item.key, item.text('method') or '')


def _fields_inside(builder: _Builder, item: Item) -> _Cells:
    parts = [part for part in builder.graph.parts.get(item.id, ()) if part.kind == 'field']
    return tuple(Cell(text=cut(_bare(part, item), NAME_LENGTH), target=part.id) for part in parts)


def _bare(part: Item, owner: Item | None) -> str:
    """Name of a part without its owner's."""
    return part.key.removeprefix(owner.key).lstrip(' .') if owner else part.key


def _owner(builder: _Builder, part: Item) -> Item | None:
    return builder.graph.items.get(part.parent) if part.parent else None


def _is_of_entity(builder: _Builder, item: Item) -> bool:
    owner = _owner(builder, item)
    return item.kind == 'entity' or owner is None or owner.kind == 'entity'


def _entity_name(builder: _Builder, item: Item) -> tuple[str, str]:
    """Name of the entity, and of the part of it that *item* is about."""
    if item.kind == 'entity':
        return item.key, ''
    owner = _owner(builder, item)
    if owner is not None:
        return owner.key, _bare(item, owner)
    name, _, column = item.key.rpartition('.')
    return name, column


def _entity(builder: _Builder, item: Item) -> _Cells:
    owner = item if item.kind == 'entity' else _owner(builder, item)
    return (Cell(text=cut(_entity_name(builder, item)[0], NAME_LENGTH), target=owner.id if owner else None),)


def _entity_part(builder: _Builder, item: Item) -> _Cells:
    part = _entity_name(builder, item)[1]
    return (Cell(text=cut(part), target=item.id),) if part else ()


def _entity_order(builder: _Builder, item: Item) -> tuple[str | int, ...]:
    name, part = _entity_name(builder, item)
    return (name.casefold(), item.kind == 'constraint', part.casefold())


def _entity_type(builder: _Builder, item: Item) -> _Cells:
    return _one(item.text('type') or item.text('kind'))


def _step_number(builder: _Builder, item: Item) -> _Cells:
    return _one(str(builder.number[item.id]))


def _authorization(builder: _Builder, item: Item) -> _Cells:
    """The item's own words or roles, then the touchpoints that guard it, called by what they demand."""
    own = _one(item.text('auth')) or _cells(item.fields.get('roles'))
    return (*own, *(
        Cell(text=_demand(guard), target=guard.id) for guard in covering(builder.graph, item, 'guards')
    ))  # fmt: skip


def _demand(guard: Item) -> str:
    roles = ', '.join(guard.names('roles'))
    words = 'public' if guard.flag('public') else roles or guard.text('permission') or guard.text('scope')
    return cut(words or guard.body or guard.title, NAME_LENGTH)


def _compatibility(builder: _Builder, item: Item) -> _Cells:
    """Statements that cover the breaking change, or what it affects."""
    about = [item, *builder.graph.targets(item.id, 'affects')]
    found = {c.id: c for thing in about for c in covering(builder.graph, thing, 'covers') if c.note == item.note or thing is item}
    return builder.named(found.values())


def _note(builder: _Builder, item: Item) -> _Cells:
    return builder.titles[item.note]


_CHANGE = (Column(title='Change', style='change'), _change)
_RELEASE = (Column(title='Release'), lambda _, item: _one(item.release))
_SERVICE = (Column(title='Service'), lambda _, item: _one(item.service))
_NOTE = (Column(title='Note'), _note)


_ENDPOINTS = _Spec(
    name='endpoints',
    title='Endpoints',
    kinds=('endpoint',),
    order=_path_order,
    columns=(
        (Column(title='Method', style='method'), _field('method')),
        (Column(title='Path', style='code'), _path),
        _SERVICE,
        _CHANGE,
        (Column(title='Purpose'), _field('purpose')),
        (Column(title='Fields', style='code'), _fields_inside),
        (Column(title='Authorization'), _authorization),
        (Column(title='Flag', style='code'), _from('gates')),
        (Column(title='Audit', style='code'), _from('records')),
        (Column(title='Tests'), _from('verifies')),
        (Column(title='Uses', style='code'), _to('uses')),
        _RELEASE,
        _NOTE,
    ),
)
_INTERFACES = _Spec(
    name='interfaces',
    title='Interfaces',
    kinds=('interface',),
    columns=(
        (Column(title='Interface', style='code'), _key),
        (Column(title='Kind'), _field('kind')),
        _SERVICE,
        _CHANGE,
        (Column(title='Purpose'), _field('purpose')),
        (Column(title='Fields', style='code'), _fields_inside),
        (Column(title='Authorization'), _authorization),
        (Column(title='Consumers', style='names'), _field('consumers')),
        (Column(title='Flag', style='code'), _from('gates')),
        (Column(title='Tests'), _from('verifies')),
        (Column(title='Uses', style='code'), _to('uses')),
        _RELEASE,
        _NOTE,
    ),
)
_ENTITIES = _Spec(
    name='entities',
    title='Entities and columns',
    kinds=('entity', 'field', 'constraint'),
    where=_is_of_entity,
    order=_entity_order,
    columns=(
        (Column(title='Entity', style='code'), _entity),
        (Column(title='Column or constraint', style='code'), _entity_part),
        (Column(title='Type', style='code'), _entity_type),
        _SERVICE,
        _CHANGE,
        (Column(title='Was', style='code'), _field('renamed_from')),
        (Column(title='Nullable'), _field('nullable')),
        (Column(title='Default', style='code'), _field('default')),
        (Column(title='Personal data'), _field('pii')),
        (Column(title='Migrations'), _from('migrates')),
        (Column(title='Tests'), _from('verifies')),
        _RELEASE,
        _NOTE,
    ),
)
_MIGRATIONS = _Spec(
    name='migrations',
    title='Migrations',
    kinds=('migration',),
    columns=(
        (Column(title='Migration'), _title),
        (Column(title='Kind'), _field('kind')),
        (Column(title='Tool'), _field('tool')),
        (Column(title='Revision', style='code'), _field('revision')),
        (Column(title='Down revision', style='code'), _field('down_revision')),
        (Column(title='Changes', style='code'), _to('migrates')),
        (Column(title='Backfill'), _field('backfill')),
        (Column(title='Reversible'), _field('reversible')),
        (Column(title='Online'), _field('online')),
        (Column(title='Lock'), _field('lock')),
        (Column(title='Run by'), _from('runs')),
        (Column(title='Tests'), _from('verifies')),
        _RELEASE,
        _NOTE,
    ),
)
_FLAGS = _Spec(
    name='flags',
    title='Feature flags',
    kinds=('feature-flag',),
    columns=(
        (Column(title='Flag', style='code'), _key),
        _CHANGE,
        (Column(title='Type'), _field('flag_type')),
        (Column(title='Default'), _field('default')),
        (Column(title='Scope'), _field('scope')),
        (Column(title='Owner', style='names'), _field('owner')),
        (Column(title='Remove by', style='date'), _field('remove_by')),
        (Column(title='Gates', style='code'), _to('gates')),
        (Column(title='Requires', style='code'), _to('requires')),
        (Column(title='Switched by'), _from('switches')),
        (Column(title='Tests'), _from('verifies')),
        _RELEASE,
        _NOTE,
    ),
)
_AUDIT = _Spec(
    name='audit',
    title='Audit events',
    kinds=('audit-event',),
    columns=(
        (Column(title='Event', style='code'), _key),
        _SERVICE,
        _CHANGE,
        (Column(title='Trigger'), _field('trigger')),
        (Column(title='Records', style='code'), _to('records')),
        (Column(title='Fields', style='code'), _field('fields')),
        (Column(title='Personal data'), _field('pii')),
        (Column(title='Redaction'), _field('redaction')),
        (Column(title='Retention'), _field('retention')),
        (Column(title='Tests'), _from('verifies')),
        _RELEASE,
        _NOTE,
    ),
)
_ROLLOUT = _Spec(
    name='rollout',
    title='Rollout',
    kinds=('rollout-step',),
    order=lambda builder, item: (builder.rank[item.note], builder.number[item.id]),
    columns=(
        _NOTE,
        (Column(title='#', style='number'), _step_number),
        (Column(title='Step'), _title),
        (Column(title='Action', style='change'), _field('action')),
        (Column(title='Phase'), _field('phase')),
        (Column(title='Component', style='code'), _field('component')),
        (Column(title='Acts on'), _acts_on),
        (Column(title='Flag state'), _field('flag_state')),
        (Column(title='After'), _to('after')),
        (Column(title='Gate'), _field('gate')),
        (Column(title='Soak'), _field('soak')),
        (Column(title='Rollback'), _field('rollback')),
        (Column(title='Rollback when'), _field('rollback_when')),
        (Column(title='Done', style='date'), _field('done')),
        _RELEASE,
    ),
)
_BREAKING_CHANGES = _Spec(
    name='breaking-changes',
    title='Breaking changes',
    kinds=('breaking-change',),
    columns=(
        (Column(title='Change'), _title),
        (Column(title='Affects', style='code'), _to('affects')),
        (Column(title='Clients', style='names'), _field('clients')),
        (Column(title='Sunset', style='date'), _field('sunset')),
        (Column(title='Mitigation'), _field('mitigation')),
        (Column(title='Covered by'), _compatibility),
        _RELEASE,
        _NOTE,
    ),
)
_DECISIONS = _Spec(
    name='decisions',
    title='Decisions',
    kinds=('alternative',),
    dead=True,
    order=lambda builder, item: (builder.rank[item.note], builder.number[item.id]),
    columns=(
        _NOTE,
        (Column(title='Status', style='status'), lambda builder, item: _one(builder.graph.note_of(item).status)),
        (Column(title='Alternative'), _title),
        (Column(title='Verdict', style='change'), _field('verdict')),
        (Column(title='Why'), lambda _, item: _one(item.body)),
    ),
)
_TESTS = _Spec(
    name='tests',
    title='Tests',
    kinds=('test-case',),
    order=lambda builder, item: (builder.rank[item.note], builder.number[item.id]),
    columns=(
        _NOTE,
        (Column(title='Level', style='change'), _field('level')),
        (Column(title='Test'), _title),
        (Column(title='Verifies', style='code'), _to('verifies')),
        (Column(title='Flag'), _field('flag_state')),
        (Column(title='Automated', style='code'), _field('automated')),
        _RELEASE,
    ),
)


def _custom(kind: Kind, taken: set[str]) -> _Spec:
    """Declare the table of a project's own kind: a column an option."""
    named: list[tuple[Column, _Shown]] = [(Column(title=kind.label), _title)]
    if 'change' in kind.options and kind.options['change'].values:
        named.append(_CHANGE)
    named += [
        (Column(title=option.name.replace('-', ' ').capitalize()), _option(option))
        for option in kind.options.values()
        if option.name not in RECORD_OPTIONS and option.name != 'implements'
    ]
    name = f'{kind.name}-items' if kind.name in taken else kind.name
    return _Spec(name=name, title=kind.label, kinds=(kind.name,), columns=(*named, _RELEASE, _NOTE))


def _option(option: Option) -> _Shown:
    if not option.link:
        return _field(option.key)
    return _from(option.link) if option.inverse else _to(option.link)
