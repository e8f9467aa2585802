"""The traceability tables: what they show; how they look is the writers' business.

Tables of items are declared in ``templates/tables.toml``; here is how a column finds its cells, and the tables that
need more than a look at each item. Notes that are rejected, withdrawn or superseded declare nothing: only ``notes``,
``decisions`` and ``findings`` show them.
"""

from __future__ import annotations

import datetime
import functools
import heapq
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Item, Note, Value
from sphinxcontrib_designnote.model.schema import RECORD_OPTIONS, Kind, builtin_vocabulary
from sphinxcontrib_designnote.outputs import NAME_LENGTH, Cell, Column, ExportContext, Row, Table, cut
from sphinxcontrib_designnote.outputs.export import COVERED_BY, coverage, covering, reported_notes
from sphinxcontrib_designnote.relations.graph import Graph

_Cells = tuple[Cell, ...]
_Show = Callable[['_Builder', Item], _Cells]
_Order = Callable[['_Builder', Item], tuple[str | int, ...]]


def tables(graph: Graph, findings: Sequence[Finding], context: ExportContext) -> tuple[Table, ...]:
    """Return the standard tables, and one for each kind that the project declares itself. O(items + links)."""
    builder = _Builder(graph, findings, context)
    derived: Mapping[str, Callable[[], Table]] = {
        'permissions': builder.permissions,
        'release-plan': builder.release_plan,
        'promises': builder.promises,
        'coverage': builder.coverage,
        'notes': builder.notes,
        'findings': builder.findings,
    }
    specs = _declared()
    standard = [derived[name]() if name in derived else builder.items(spec) for name, spec in specs.items()]
    builtin = builtin_vocabulary().kinds
    custom = [_custom(kind, specs) for name, kind in graph.vocabulary.kinds.items() if name not in builtin]
    return (*standard, *(builder.items(spec) for spec in custom))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spec:
    """A table of items, as declared."""

    name: str
    title: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[Column, _Show], ...]
    order: _Order
    where: Callable[[_Builder, Item], bool] | None = None
    dead: bool = False


class _Builder:
    """What all tables need of the graph, gathered once."""

    def __init__(self, graph: Graph, findings: Sequence[Finding], context: ExportContext) -> None:
        self.graph = graph
        self.found = sorted(findings, key=lambda finding: finding.sort_key)
        self.context = context
        self.rank = {note_id: index for index, note_id in enumerate(graph.notes)}
        self.by_kind: dict[str, list[Item]] = {}
        for note in graph.notes.values():
            for item in note.items:
                if graph.items[item.id] is item:
                    self.by_kind.setdefault(item.kind, []).append(item)
        #: Item id to its place, from 1, among those of its kind and note.
        self.number: dict[str, int] = {}
        count: Counter[tuple[str, str]] = Counter()
        for item in (item for items in self.by_kind.values() for item in items):
            count[item.note, item.kind] += 1
            self.number[item.id] = count[item.note, item.kind]
        self.titles = {
            note.id: (Cell(text=cut(note.title, NAME_LENGTH), target=note.id),) for note in graph.notes.values()
        }

    def live(self, *kinds: str) -> Iterator[Item]:
        """Items of *kinds* in the order of history, those of dead notes left out."""
        for kind in kinds:
            for item in self.by_kind.get(kind, ()):
                if not self.graph.note_of(item).is_dead:
                    yield item

    def place(self, item: Item) -> tuple[int, int, int, str]:
        """What sorts two items that are otherwise equal."""
        return (self.rank[item.note], self.number[item.id], item.location.line, item.id)

    def named(self, items: Iterable[Item]) -> _Cells:
        """Cells that lead to *items*."""
        return tuple(Cell(text=cut(item.key, NAME_LENGTH), target=item.id) for item in items)

    def pointed_to(self, id_: str, *link_types: str) -> _Cells:
        """What the item or note has links to, names that nothing answers to included."""
        return tuple(
            Cell(
                text=cut(self.graph.name(link.target), NAME_LENGTH),
                target=link.target if link.target in self.graph.items or link.target in self.graph.notes else None,
            )
            for link in self.graph.outgoing.get(id_, ())
            if link.type in link_types
        )

    def row(self, about: Item | Note, *cells: _Cells) -> Row:
        """Make a row that leads to *about*."""
        return Row(cells=cells, id=about.id, location=about.location, docname=about.docname, anchor=about.anchor)

    def items(self, spec: _Spec) -> Table:
        """Make a table as *spec* declares it."""
        chosen = [
            item
            for kind in spec.kinds
            for item in (self.by_kind.get(kind, ()) if spec.dead else self.live(kind))
            if spec.where is None or spec.where(self, item)
        ]
        chosen.sort(key=lambda item: (spec.order(self, item), self.place(item)))
        rows = tuple(self.row(item, *[show(self, item) for _, show in spec.columns]) for item in chosen)
        return Table(name=spec.name, title=spec.title, columns=tuple(column for column, _ in spec.columns), rows=rows)

    def permissions(self) -> Table:
        """Who may do what: a row a statement, of an authorization or of an endpoint itself; a column a role.

        An endpoint that says nothing, and that no authorization guards, has a row to show it.
        """
        statements = list(self.live('authorization'))
        for item in self.live('endpoint', 'interface'):
            is_unsaid = item.change != 'existing' and not covering(self.graph, item, 'guards')
            if is_unsaid or item.says('auth', 'roles'):
                statements.append(item)
        roles = sorted({role for item in statements for role in item.names('roles')})
        rows = []
        for item in statements:
            operation = self.pointed_to(item.id, 'guards') or self.named([item])
            marks = [_one('yes') if role in item.names('roles') else () for role in roles]
            checked = (*_one(item.text('permission')), *_one(item.text('scope')))
            row = self.row(item, operation, _change(self, item), *marks, checked, _stated(item), self.titles[item.note])
            method, _, path = operation[0].text.rpartition(' ')
            rows.append(((path, method, self.place(item)), row))
        rows.sort(key=lambda pair: pair[0])
        columns = _columns(
            ('Operation', 'code'), ('Change', 'change'), *((_role(role), 'mark') for role in roles),
            ('Permission', 'code'), 'Stated as', 'Note',
        )  # fmt: skip
        return Table(name='permissions', title='Permissions', columns=columns, rows=tuple(row for _, row in rows))

    def release_plan(self) -> Table:
        """What is still to be done: the steps of open notes in an order that respects all of them."""
        steps = [s for s in self.live('rollout-step') if self.graph.note_of(s).is_open and not s.says('done')]
        rows = tuple(
            self.row(
                step,
                _one(step.release),
                _one(str(number)),
                _title(self, step),
                _one(step.text('action')),
                self.pointed_to(step.id, 'runs', 'switches', 'removes'),
                self.pointed_to(step.id, 'after'),
                _one(step.text('gate')),
                _one(step.text('soak')),
                _one('irreversible' if self.is_irreversible(step) else step.text('rollback')),
                self.titles[step.note],
            )
            for number, step in enumerate(self.merged(steps), start=1)
        )
        columns = _columns(
            'Release', ('#', 'number'), 'Step', ('Action', 'change'), 'Acts on', 'After', 'Gate', 'Soak',
            ('Way back', 'status'), 'Note',
        )  # fmt: skip
        return Table(name='release-plan', title='Release plan', columns=columns, rows=rows)

    def merged(self, steps: Sequence[Item]) -> list[Item]:
        """Sort *steps*: each after what its note puts before it, ``after`` overriding; then by release and history.

        Steps on a circle (DN204, DN612) follow at the end.
        """
        known = {step.id: step for step in steps}
        releases = {name: index for index, name in enumerate(self.context.releases)}
        followers: dict[str, list[str]] = {}
        waiting: dict[str, int] = {}
        last: dict[str, str] = {}
        for step in steps:
            links = self.graph.outgoing.get(step.id, ())
            stated = {link.target for link in links if link.type == 'after' and link.resolved}
            before = (stated or {last.get(step.note, '')}) & known.keys()
            waiting[step.id], last[step.note] = len(before), step.id
            for other in before:
                followers.setdefault(other, []).append(step.id)

        def rank(id_: str) -> tuple[int, str, tuple[int, int, int, str]]:
            release = known[id_].release or ''
            position = releases.get(release, len(releases) + (not release))
            return (position, release, self.place(known[id_]))

        ready = [rank(id_) for id_, count in waiting.items() if not count]
        heapq.heapify(ready)
        order: dict[str, Item] = {}
        while ready:
            id_ = heapq.heappop(ready)[-1][-1]
            order[id_] = known[id_]
            for follower in followers.get(id_, ()):
                waiting[follower] -= 1
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
        promised = [
            (date, item.key.casefold(), self.place(item), name, item)
            for kind in self.graph.vocabulary.kinds
            for item in self.live(kind)
            for name in ('sunset', 'until', 'remove_by')
            if (date := item.date(name)) is not None
        ]
        rows = tuple(
            self.row(
                item,
                _one(date.isoformat()),
                self.named([item]),
                _one(name.replace('_', ' ')),
                _one('kept' if self.is_gone(item) else 'open'),
                _one(item.text('owner')) or _cells(self.graph.note_of(item).fields.get('owners')),
                self.titles[item.note],
            )
            for date, _, _, name, item in sorted(promised, key=lambda promise: promise[:4])
        )
        columns = _columns(('Date', 'date'), 'What', 'Promise', ('State', 'status'), ('Owner', 'names'), 'Note')
        return Table(name='promises', title='Promises', columns=columns, rows=rows)

    def is_gone(self, item: Item) -> bool:
        """Whether a done step or an implemented note removed *item*; of a statement about things, all of those."""
        about = [*self.graph.targets(item.id, 'affects'), *self.graph.targets(item.id, 'covers')]
        things = [other for other in about if other.kind != 'breaking-change']
        if things:
            return all(self.is_gone(other) for other in things)
        subject = self.graph.subject_of.get(item.id)
        return any(
            (impact.change in ('removed', 'drop') and self.graph.note_of(impact).status == 'implemented')
            or any(step.says('done') for step in self.graph.sources(impact.id, 'removes'))
            for impact in (subject.impacts if subject else (item,))
        )

    def coverage(self) -> Table:
        """Kinds by what covers them; a cell is empty where nothing of that sort could."""
        names = ('total', *dict.fromkeys(name for links in COVERED_BY.values() for name in links))
        kinds = self.graph.vocabulary.kinds
        rows = tuple(
            Row(cells=(_one(kinds[kind].label), *[_one(str(counts[n])) if n in counts else () for n in names]))
            for kind, counts in coverage(self.graph).items()
            if counts['total']
        )
        columns = _columns('Kind', *((name.capitalize(), 'number') for name in names))
        return Table(name='coverage', title='Coverage', columns=columns, rows=rows, located=False)

    def notes(self) -> Table:
        """Every note, dead ones too, oldest first."""
        counts = Counter((finding.note, finding.severity) for finding in self.found if finding.suppressed is None)
        today = self.context.generated.date() if self.context.generated else None
        rows = []
        for note in reported_notes(self.graph):
            created = note.fields.get('created')
            age = str((today - created).days) if today and isinstance(created, datetime.date) else ''
            undone = sum(i.kind == 'rollout-step' and not i.says('done') for i in note.items) if note.is_open else 0
            numbers = [len(note.items), undone]
            numbers += [counts[note.id, severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)]
            rows.append(
                self.row(
                    note,
                    self.titles[note.id],
                    _one(note.status),
                    _cells(note.fields.get('owners')),
                    _cells(created),
                    _one(age),
                    self.pointed_to(note.id, 'depends-on'),
                    *[_one(str(number)) for number in numbers],
                )
            )
        columns = _columns(
            'Note', ('Status', 'status'), ('Owners', 'names'), ('Created', 'date'), ('Age in days', 'number'),
            'Depends on', *((t, 'number') for t in ('Items', 'Undone steps', 'Errors', 'Warnings', 'Infos')),
        )  # fmt: skip
        return Table(name='notes', title='Notes', columns=columns, rows=tuple(rows))

    def findings(self) -> Table:
        """Every finding in the order of its place, silenced ones with the reason."""
        rows = []
        for finding in self.found:
            item = self.graph.items.get(finding.item or '')
            cells = (
                _one(str(finding.severity)),
                _one(finding.code),
                _one(finding.name),
                _one(finding.message),
                self.named([item] if item else []),
                self.titles.get(finding.note or '', ()),
                _one(finding.suppressed),
            )
            anchor = item.anchor if item else ''
            rows.append(Row(cells=cells, location=finding.location, docname=finding.docname, anchor=anchor))
        columns = _columns(
            ('Severity', 'severity'), ('Code', 'code'), 'Rule', 'Message', ('Item', 'code'), 'Note', 'Silenced because',
        )  # fmt: skip
        return Table(name='findings', title='Findings', columns=columns, rows=tuple(rows))


def _columns(*columns: str | tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(title=c) if isinstance(c, str) else Column(title=c[0], style=c[1]) for c in columns)


def _one(text: str | None) -> _Cells:
    return (Cell(text=cut(text)),) if text else ()


def _cells(value: Value | None) -> _Cells:
    """Show the value of a field: a list as several things."""
    if isinstance(value, tuple):
        return tuple(Cell(text=cut(name, NAME_LENGTH)) for name in value)
    if isinstance(value, bool):
        return _one('yes' if value else 'no')
    return _one(value.isoformat() if isinstance(value, datetime.date) else value)


def _field(name: str) -> _Show:
    return lambda _, item: _cells(item.fields.get(name))


def _to(*link_types: str) -> _Show:
    return lambda builder, item: builder.pointed_to(item.id, *link_types)


def _from(link_type: str) -> _Show:
    return lambda builder, item: builder.named(covering(builder.graph, item, link_type))


def _title(builder: _Builder, item: Item) -> _Cells:
    return (Cell(text=cut(item.title), target=item.id),)


def _change(builder: _Builder, item: Item) -> _Cells:
    return _one(builder.graph.change(item))


def _role(role: str) -> str:
    return 'any (signed in)' if role == 'any' else cut(role, NAME_LENGTH)


def _stated(item: Item) -> _Cells:
    """What a statement of who may says in words."""
    if item.flag('public'):
        return _one('public')
    if item.kind == 'authorization':
        return _one(item.body)
    return _one(item.text('auth') or ('' if item.says('roles') else 'nothing stated'))


def _authorization(builder: _Builder, item: Item) -> _Cells:
    """The item's own words or roles, then the touchpoints that guard it, called by what they demand."""
    own = _one(item.text('auth')) or _cells(item.fields.get('roles'))
    guards = covering(builder.graph, item, 'guards')
    return own + tuple(Cell(text=_demand(guard), target=guard.id) for guard in guards)


def _demand(guard: Item) -> str:
    if guard.flag('public'):
        return 'public'
    words = ', '.join(guard.names('roles')) or guard.text('permission') or guard.text('scope')
    return cut(words or guard.body or guard.title, NAME_LENGTH)


def _compatibility(builder: _Builder, item: Item) -> _Cells:
    """Statements that cover the breaking change, or in its own note what it affects."""
    found = {statement.id: statement for statement in covering(builder.graph, item, 'covers')}
    for thing in builder.graph.targets(item.id, 'affects'):
        found |= {s.id: s for s in covering(builder.graph, thing, 'covers') if s.note == item.note}
    return builder.named(found.values())


def _fields_inside(builder: _Builder, item: Item) -> _Cells:
    parts = [part for part in builder.graph.parts.get(item.id, ()) if part.kind == 'field']
    return tuple(Cell(text=cut(_bare(part, item), NAME_LENGTH), target=part.id) for part in parts)


def _bare(part: Item, owner: Item) -> str:
    """Name of a part without its owner's."""
    return part.key.removeprefix(owner.key).lstrip(' .')


def _owner(builder: _Builder, item: Item) -> Item | None:
    return item if item.kind == 'entity' else builder.graph.items.get(item.parent or '')


def _is_of_entity(builder: _Builder, item: Item) -> bool:
    owner = _owner(builder, item)
    return owner is None or owner.kind == 'entity'


def _entity_names(builder: _Builder, item: Item) -> tuple[str, str]:
    """Name of the entity, and of the part of it that *item* is about."""
    owner = _owner(builder, item)
    if owner is None:
        name, _, part = item.key.rpartition('.')
        return name, part
    return owner.key, '' if owner is item else _bare(item, owner)


def _entity(builder: _Builder, item: Item) -> _Cells:
    owner, name = _owner(builder, item), _entity_names(builder, item)[0]
    return (Cell(text=cut(name, NAME_LENGTH), target=owner.id if owner else None),) if name else ()


def _part(builder: _Builder, item: Item) -> _Cells:
    part = _entity_names(builder, item)[1]
    return (Cell(text=cut(part), target=item.id),) if part else ()


_SHOW: Mapping[str, _Show] = {
    'title': _title,
    'key': lambda _, item: (Cell(text=cut(item.key), target=item.id),),
    'path': lambda _, item: (Cell(text=cut(item.text('path') or item.key), target=item.id),),
    'body': lambda _, item: _one(item.body),
    'type': lambda _, item: _one(item.text('type') or item.text('kind')),
    'number': lambda builder, item: _one(str(builder.number[item.id])),
    'status': lambda builder, item: _one(builder.graph.note_of(item).status),
    'entity': _entity,
    'part': _part,
    'fields': _fields_inside,
    'authorization': _authorization,
    'compatibility': _compatibility,
}
_COMMON: Mapping[str, tuple[Column, _Show]] = {
    'change': (Column(title='Change', style='change'), _change),
    'release': (Column(title='Release'), lambda _, item: _one(item.release)),
    'service': (Column(title='Service'), lambda _, item: _one(item.service)),
    'note': (Column(title='Note'), lambda builder, item: builder.titles[item.note]),
}
_ORDER: Mapping[str, _Order] = {
    'key': lambda _, item: (item.key.casefold(),),
    'page': lambda _, item: (),
    'path': lambda _, item: (item.text('path') or item.key, item.text('method') or ''),
    'entity': lambda builder, item: tuple(name.casefold() for name in _entity_names(builder, item)),
}


@functools.cache
def _declared() -> Mapping[str, _Spec]:
    raw = tomllib.loads(files(__package__).joinpath('templates', 'tables.toml').read_text('utf-8'))
    return {name: _spec(name, table) for name, table in raw.items()}


def _spec(name: str, raw: Mapping[str, Any]) -> _Spec:
    return _Spec(
        name=name,
        title=raw.get('title', name),
        kinds=tuple(raw.get('kinds', ())),
        columns=tuple(_column(column) for column in raw.get('columns', ())),
        order=_ORDER[raw.get('order', 'key')],
        where=_is_of_entity if raw.get('where') == 'of_entity' else None,
        dead=raw.get('dead', False),
    )


def _column(raw: str | Mapping[str, Any]) -> tuple[Column, _Show]:
    if isinstance(raw, str):
        return _COMMON[raw]
    column = Column(title=raw['title'], style=raw.get('style', 'text'))
    if 'field' in raw:
        return column, _field(raw['field'])
    if 'from' in raw:
        return column, _from(raw['from'])
    return column, _to(*raw['to']) if 'to' in raw else _SHOW[raw['show']]


def _custom(kind: Kind, taken: Iterable[str]) -> _Spec:
    """Declare the table of a project's own kind: a column an option."""
    columns: list[tuple[Column, _Show]] = [(Column(title=kind.label), _title)]
    if 'change' in kind.options:
        columns.append(_COMMON['change'])
    for option in kind.options.values():
        if option.name in RECORD_OPTIONS or option.name == 'implements':
            continue
        show = _field(option.key)
        if option.link:
            show = _from(option.link) if option.inverse else _to(option.link)
        columns.append((Column(title=option.name.replace('-', ' ').capitalize()), show))
    columns += [_COMMON['release'], _COMMON['note']]
    name = f'{kind.name}-items' if kind.name in taken else kind.name
    return _Spec(name=name, title=kind.label, kinds=(kind.name,), columns=tuple(columns), order=_ORDER['key'])
