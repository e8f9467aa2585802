"""The tables that need more than a look at each item: who may do what, what is still to be done, what was promised."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.chains import roles_of
from sphinxcontrib_designnote.relations.requirements import items_of
from sphinxcontrib_designnote.relations.requirements import requirements as known_requirements
from sphinxcontrib_designnote.rules.schedule import schedule
from sphinxcontrib_designnote.rules.steps import is_irreversible
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Column, Row, Table, cut
from sphinxcontrib_designnote.tables.coverage import COVERED_BY, covering, label, reported_notes, tests_of
from sphinxcontrib_designnote.tables.coverage import coverage as count_coverage
from sphinxcontrib_designnote.tables.gather import Cells, Gathered, cells, change_of, columns, one, title_of

PERMISSIONS = columns(('Operation', 'code'), ('Change', 'change'), ('Permission', 'code'), 'Stated as', 'Note')
RELEASE_PLAN = columns(
    'Release', ('#', 'number'), 'Step', ('Action', 'change'), 'Acts on', 'After', 'Gate', 'Soak',
    ('Way back', 'status'), 'Note',
)  # fmt: skip
PROMISES = columns(('Date', 'date'), 'What', 'Promise', ('State', 'status'), ('Owner', 'names'), 'Note')
_COVERS = ('total', *dict.fromkeys(name for links in COVERED_BY.values() for name in links), 'item')
COVERAGE = columns('Kind', *((name.capitalize(), 'number') for name in _COVERS))
REQUIREMENTS = columns(
    ('Requirement', 'code'), 'Title', 'Type', ('Status', 'status'), ('Implemented by', 'code'), 'Tests', 'Notes',
)  # fmt: skip
NOTES = columns(
    'Note', ('Status', 'status'), ('Owners', 'names'), ('Created', 'date'), ('Age in days', 'number'),
    'Depends on', *((t, 'number') for t in ('Items', 'Undone steps', 'Errors', 'Warnings', 'Infos')),
)  # fmt: skip
FINDINGS = columns(
    ('Severity', 'severity'), ('Code', 'code'), 'Rule', 'Message', ('Item', 'code'), 'Note', 'Silenced because',
)  # fmt: skip


def permissions(gathered: Gathered) -> Table:
    """Who may do what: a row a statement, of an authorization or of an endpoint itself; a column more for each role.

    An endpoint that says nothing, and that no authorization guards, has a row to show it.
    """
    statements = list(gathered.live('authorization'))
    for item in gathered.live('endpoint', 'interface'):
        is_unsaid = item.change != 'existing' and not covering(gathered.graph, item, 'guards')
        if is_unsaid or item.says('auth', 'roles'):
            statements.append(item)
    allowed = {item.id: roles_of(item) for item in statements}
    roles = sorted({role for names in allowed.values() for role in names})
    rows = []
    for item in statements:
        operation = gathered.pointed_to(item.id, 'guards') or gathered.named([item])
        marks = [one('yes') if role in allowed[item.id] else () for role in roles]
        checked = (*one(item.text('permission')), *one(item.text('scope')))
        row = gathered.row(
            item, operation, change_of(gathered, item), *marks, checked, _stated(item), gathered.titles[item.note]
        )
        method, _, path = operation[0].text.rpartition(' ')
        rows.append(((path, method, gathered.place(item)), row))
    rows.sort(key=lambda pair: pair[0])
    shown = (*PERMISSIONS[:2], *(Column(title=_role(role), style='mark') for role in roles), *PERMISSIONS[2:])
    return Table(name='permissions', title='Permissions', columns=shown, rows=tuple(row for _, row in rows))


def release_plan(gathered: Gathered) -> Table:
    """What is still to be done: the steps of open notes in an order that respects all of them."""
    planned = schedule(gathered.graph, gathered.releases).planned
    rows = tuple(
        gathered.row(
            step,
            one(release),
            one(str(number)),
            title_of(gathered, step),
            one(step.text('action')),
            gathered.pointed_to(step.id, 'runs', 'switches', 'removes'),
            gathered.pointed_to(step.id, 'after'),
            one(step.text('gate')),
            one(step.text('soak')),
            one('irreversible' if is_irreversible(step, gathered.graph) else step.text('rollback')),
            gathered.titles[step.note],
        )
        for number, (step, release) in enumerate(((each.step, each.release) for each in planned), start=1)
    )
    return Table(name='release-plan', title='Release plan', columns=RELEASE_PLAN, rows=rows)


def promises(gathered: Gathered) -> Table:
    """Every date by which something is to be gone, or until which it stays, earliest first."""
    promised = [
        (date, item.key.casefold(), gathered.place(item), name, item)
        for kind in gathered.graph.vocabulary.kinds
        for item in gathered.live(kind)
        for name in ('sunset', 'until', 'remove_by')
        if (date := item.date(name)) is not None
    ]
    rows = tuple(
        gathered.row(
            item,
            one(date.isoformat()),
            gathered.named([item]),
            one(name.replace('_', ' ')),
            one('kept' if is_gone(gathered, item) else 'open'),
            one(item.text('owner')) or cells(gathered.graph.note_of(item).fields.get('owners')),
            gathered.titles[item.note],
        )
        for date, _, _, name, item in sorted(promised, key=lambda promise: promise[:4])
    )
    return Table(name='promises', title='Promises', columns=PROMISES, rows=rows)


def is_gone(gathered: Gathered, item: Item) -> bool:
    """Whether a done step or an implemented note removed *item*; of a statement about things, all of those."""
    about = [*gathered.graph.targets(item.id, 'affects'), *gathered.graph.targets(item.id, 'covers')]
    things = [other for other in about if other.kind != 'breaking-change']
    if things:
        return all(is_gone(gathered, other) for other in things)
    subject = gathered.graph.subject_of.get(item.id)
    return any(
        (impact.change in ('removed', 'drop') and gathered.graph.note_of(impact).status == 'implemented')
        or any(step.says('done') for step in gathered.graph.sources(impact.id, 'removes'))
        for impact in (subject.impacts if subject else (item,))
    )


def coverage(gathered: Gathered) -> Table:
    """Kinds by what covers them; a cell is empty where nothing of that sort could."""
    rows = tuple(
        Row(cells=(one(label(gathered.graph, kind)), *[one(str(counts[n])) if n in counts else () for n in _COVERS]))
        for kind, counts in count_coverage(gathered.graph).items()
        if counts['total']
    )
    return Table(name='coverage', title='Coverage', columns=COVERAGE, rows=rows, located=False)


def requirements(gathered: Gathered) -> Table:
    """What is required, what implements it, and what proves that; requirements that no note names, where wanted."""
    rows = []
    for requirement in known_requirements(gathered.graph):
        things = items_of(gathered.graph, requirement)
        items = gathered.named(thing for thing in things if isinstance(thing, Item))
        notes = dict.fromkeys(thing.note if isinstance(thing, Item) else thing.id for thing in things)
        rows.append(
            Row(
                cells=(
                    (Cell(text=cut(requirement.id, NAME_LENGTH), target=requirement.id),),
                    one(requirement.title),
                    one(requirement.type),
                    one(requirement.status),
                    items,
                    gathered.named(tests_of(gathered.graph, requirement)),
                    tuple(cell for note in notes for cell in gathered.titles[note]),
                ),
                location=requirement.location,
                docname=requirement.docname,
                anchor=requirement.anchor,
            )
        )
    return Table(name='requirements', title='Requirements', columns=REQUIREMENTS, rows=tuple(rows))


def notes(gathered: Gathered) -> Table:
    """Every note, dead ones too, oldest first."""
    counts = Counter((finding.note, finding.severity) for finding in gathered.found if finding.suppressed is None)
    rows = []
    for note in reported_notes(gathered.graph):
        created = note.fields.get('created')
        age = str((gathered.today - created).days) if gathered.today and isinstance(created, datetime.date) else ''
        undone = sum(i.kind == 'rollout-step' and not i.says('done') for i in note.items) if note.is_open else 0
        numbers = [len(note.items), undone]
        numbers += [counts[note.id, severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)]
        rows.append(
            gathered.row(
                note,
                gathered.titles[note.id],
                one(note.status),
                cells(note.fields.get('owners')),
                cells(created),
                one(age),
                gathered.pointed_to(note.id, 'depends-on'),
                *[one(str(number)) for number in numbers],
            )
        )
    return Table(name='notes', title='Notes', columns=NOTES, rows=tuple(rows))


def findings_table(gathered: Gathered) -> Table:
    """Every finding in the order of its place, silenced ones with the reason."""
    rows = []
    for finding in gathered.found:
        item = gathered.graph.items.get(finding.item or '')
        cells = (
            one(str(finding.severity)),
            one(finding.code),
            one(finding.name),
            one(finding.message),
            gathered.named([item] if item else []),
            gathered.titles.get(finding.note or '', ()),
            one(finding.suppressed),
        )
        anchor = item.anchor if item else ''
        about = item.id if item else finding.note
        rows.append(Row(cells=cells, id=about, location=finding.location, docname=finding.docname, anchor=anchor))
    return Table(name='findings', title='Findings', columns=FINDINGS, rows=tuple(rows))


def _role(role: str) -> str:
    return 'any (signed in)' if role == 'any' else cut(role, NAME_LENGTH)


def _stated(item: Item) -> Cells:
    """What a statement of who may says in words."""
    if item.flag('public'):
        return one('public')
    if item.kind == 'authorization':
        return one(item.body)
    return one(item.text('auth') or ('' if item.says('roles') else 'nothing stated'))


#: Name of a table to the columns that it always has, and how it is made.
DERIVED: Mapping[str, tuple[tuple[Column, ...], Callable[[Gathered], Table]]] = {
    'permissions': (PERMISSIONS, permissions),
    'release-plan': (RELEASE_PLAN, release_plan),
    'promises': (PROMISES, promises),
    'requirements': (REQUIREMENTS, requirements),
    'coverage': (COVERAGE, coverage),
    'notes': (NOTES, notes),
    'findings': (FINDINGS, findings_table),
}
