"""The report: one HTML page that needs nothing but itself.

Here the graph is arranged for the eye; every tag is in ``templates/``.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

import jinja2
from markupsafe import Markup

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.grammar.profile import Section
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.report_views import (
    Card,
    ColumnView,
    Entry,
    FindingView,
    Group,
    Place,
    RowView,
    Slot,
    TableView,
)
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import slot_states
from sphinxcontrib_designnote.tables import NAME_LENGTH, STYLESHEET, TABLE_SCRIPTS, Cell, Column, Row, Table, cut
from sphinxcontrib_designnote.tables.coverage import coverage, label, reported_notes

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
#: From this many groups on, only those with errors stand open.
_OPEN_GROUPS = 20


def report(graph: Graph, findings: Sequence[Finding], tables: Sequence[Table], context: ExportContext) -> bytes:
    """Return the report. O(items + findings)."""
    page = _Page(graph, sorted(findings, key=lambda finding: finding.sort_key), tables, context)
    script = _texts(*TABLE_SCRIPTS, 'report.js')
    stream = (
        _environment()
        .get_template('report.html')
        .stream(
            page=page,
            context=context,
            severities=[str(severity) for severity in _SEVERITIES],
            style=Markup(_texts(STYLESHEET, 'report.css')),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    # The garbage collector follows escaped pieces: half a million alive at once would cost more than all the rest.
    stream.enable_buffering(2000)
    return ''.join(stream).encode('utf-8', 'replace')


@functools.cache
def _texts(*names: str) -> str:
    """Return what pages with tables load, and what only the report has; nothing in it ends a script or style."""
    static, templates = files('sphinxcontrib_designnote') / 'static', files(__package__) / 'templates'
    paths = [*(static.joinpath(*name.split('/')) for name in names[:-1]), templates / names[-1]]
    return '\n'.join(path.read_text('utf-8') for path in paths)


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.PackageLoader('sphinxcontrib_designnote.outputs', 'templates')
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters['slug'] = functools.lru_cache(slug)
    return environment


class _Page:
    """Everything that the templates show."""

    def __init__(
        self, graph: Graph, findings: Sequence[Finding], tables: Sequence[Table], context: ExportContext
    ) -> None:
        self.graph = graph
        self.context = context
        self.all_notes = reported_notes(graph)
        self.counts = Counter(str(finding.severity) for finding in findings if finding.suppressed is None)
        self.silenced = sum(finding.suppressed is not None for finding in findings)
        self.title = cut(context.project, NAME_LENGTH) or 'Design notes'
        self.version = cut(context.version, NAME_LENGTH)
        self.package_version = cut(context.package_version, NAME_LENGTH)
        self.total_findings = len(findings)
        self.items = len(graph.items)
        self.note_counts = Counter(
            'closed' if note.is_dead else 'open' if note.is_open else 'implemented' for note in self.all_notes
        )
        self._taken: set[str] = set()
        #: Id of a note or item to its anchor on this page.
        self.anchors = {note.id: self._anchor('note', note.id) for note in self.all_notes}
        self.anchors |= {id_: self._anchor('item', id_) for id_ in graph.items}
        self._subjects = [(self._anchor('subject', f'{s.kind}-{s.service or ""}-{s.key}'), s) for s in graph.subjects]
        self._introductions = {subject.introduction.id: anchor for anchor, subject in self._subjects}
        self._histories = {
            item.id: (anchor, number, len(subject.impacts))
            for anchor, subject in self._subjects
            if len(subject.impacts) > 1
            for number, item in enumerate(subject.impacts, start=1)
        }
        self._homes: set[str] = set()
        views = {table.name: self._table(table) for table in tables if table.name != 'coverage'}
        self.findings_table = views.pop('findings', None)
        self.tables = [view for view in views.values() if view.rows]
        # Requirements are stated elsewhere.
        self.empty = [view.title for name, view in views.items() if not view.rows and name != 'requirements']
        self.coverage = self._coverage()
        self.by_note, self.by_rule = self._groups(findings)
        self.cards = [self._card(note) for note in self.all_notes]

    def _anchor(self, prefix: str, name: str) -> str:
        anchor = first = f'{prefix}-{slug(name)}'
        number = 1
        while anchor in self._taken:
            number += 1
            anchor = f'{first}-{number}'
        self._taken.add(anchor)
        return anchor

    def _place(self, location: SourceLocation, docname: str | None = None, anchor: str = '') -> Place:
        return Place(
            text=cut(f'{location.path}:{location.line}'),
            source=self.context.source_link(location),
            page=self.context.page_link(docname, anchor),
        )

    def _table(self, table: Table) -> TableView:
        """Leave out columns that tell nothing, and make rows the home of items that no table before this showed."""
        shown = [
            i
            for i, column in enumerate(table.columns)
            if any(row.cells[i] for row in table.rows)
            and (column.title != 'Note' or len(self.all_notes) > 1 or table.name == 'notes')
        ]
        naming = shown[0] if shown else 0
        if table.name != 'findings':
            naming = next((i for i in shown if any(_names_itself(row, i) for row in table.rows)), naming)
        columns = [_column(table.columns[i], names=i == naming) for i in shown]
        rows = []
        for row in table.rows:
            home = row.id is not None and row.id not in self._homes and table.name not in ('notes', 'findings')
            own = row.id if home else None
            if own is not None:
                self._homes.add(own)
            rows.append(
                RowView(
                    anchor=self.anchors.get(own) if own else None,
                    own=own,
                    cells=[(column, row.cells[i]) for i, column in zip(shown, columns, strict=True)],
                    place=self._place(row.location, row.docname, row.anchor) if row.location else None,
                    muted=table.name == 'findings' and bool(row.cells[-1]),
                    subject=self._introductions.get(own) if own else None,
                    history=self._histories.get(own) if own else None,
                )
            )
        return TableView(title=table.title, anchor=f'table-{slug(table.name)}', columns=columns, rows=rows)

    def _coverage(self) -> list[tuple[str, int, list[tuple[str, int, int]]]]:
        """Label of a kind, total, and what covers it: name, how many, percent."""
        return [
            (
                cut(label(self.graph, kind), NAME_LENGTH),
                total,
                [(name, count, 100 * count // total) for name, count in counts.items() if name != 'total'],
            )
            for kind, counts in coverage(self.graph).items()
            if (total := counts['total'])
        ]

    def _groups(self, findings: Iterable[Finding]) -> tuple[list[Group], list[Group]]:
        by_note: dict[str | None, Group] = {}
        by_rule: dict[tuple[str, str], Group] = {}
        for finding in findings:
            view = self._finding(finding)
            note = self.graph.notes.get(finding.note or '')
            if finding.note not in by_note:
                title = cut(note.title, NAME_LENGTH) if note else 'The project as a whole'
                by_note[finding.note] = Group(
                    title=title, id=note.id if note else None, path=cut(note.location.path, NAME_LENGTH) if note else ''
                )
            by_note[finding.note].add(finding, view)
            rule = by_rule.setdefault((finding.code, view.severity), Group(title=view.name, id=view.code))
            rule.severity = view.severity
            rule.add(finding, view)
        if len(by_note) > _OPEN_GROUPS:
            for group in by_note.values():
                group.open = group.counts['error'] > 0
        ranks = {str(severity): rank for rank, severity in enumerate(_SEVERITIES)}
        rules = sorted(by_rule.values(), key=lambda group: (ranks[group.severity], group.id or ''))
        return sorted(by_note.values(), key=_worst_first), rules

    def _finding(self, finding: Finding) -> FindingView:
        item = self.graph.items.get(finding.item or '')
        return FindingView(
            severity=str(finding.severity),
            code=cut(finding.code, NAME_LENGTH),
            name=cut(finding.name, NAME_LENGTH),
            message=cut(finding.message),
            place=self._place(finding.location, finding.docname, item.anchor if item else ''),
            related=[self._place(location) for location in finding.related],
            item=Cell(text=cut(item.key, NAME_LENGTH), target=item.id) if item else None,
            suppressed=cut(finding.suppressed) if finding.suppressed is not None else None,
        )

    def _card(self, note: Note) -> Card:
        states = slot_states(note, self.graph)
        required = _wanted(self.context.profiles.required(note), states)
        slots = {
            slot: Slot(
                title=slot.replace('-', ' ').capitalize(), state=states.get(slot, 'missing'), required=slot in required
            )
            for slot in self.graph.vocabulary.slots
        }
        other = Slot(title='Other', state='items', required=False)
        for item in note.items:
            if self.graph.items[item.id] is not item:
                continue
            slot = slots.get(self._slot_of(item), other)
            label = cut(self.graph.vocabulary.kinds[item.kind].label, NAME_LENGTH)
            is_none, is_home = item.kind == 'no-impact', item.id not in self._homes
            text = item.body if is_none else item.key if item.title in ('', label) else item.title
            slot.entries.append(
                Entry(
                    kind='' if is_none or text == label else label,
                    text=cut(text, 2 * NAME_LENGTH),
                    id=item.id,
                    anchor=self.anchors[item.id] if is_home else None,
                    subject=self._introductions.get(item.id) if is_home else None,
                )
            )
        return Card(
            note=note,
            title=cut(note.title, NAME_LENGTH),
            anchor=self.anchors[note.id],
            owners=cut(', '.join(note.names('owners'))),
            created=str(note.fields.get('created', '')),
            place=self._place(note.location, note.docname, note.anchor),
            slots=[*slots.values(), *([other] if other.entries else [])],
            counts=next((group.counts for group in self.by_note if group.id == note.id), Counter()),
        )

    def _slot_of(self, item: Item) -> str:
        """Slot of the outermost item around *item*."""
        seen = {item.id}
        while (owner := self.graph.items.get(item.parent or '')) is not None and owner.id not in seen:
            seen.add(owner.id)
            item = owner
        if item.kind == 'no-impact':
            return item.key
        return self.graph.vocabulary.kinds[item.kind].slot(self.graph.change(item)) or ''


def _wanted(sections: Iterable[Section], states: Mapping[str, str]) -> set[str]:
    """Return the slots that a note should fill: of a section of several slots all, as long as it fills none."""
    found: set[str] = set()
    for section in sections:
        filled = [slot for slot in section.slots if states.get(slot, 'missing') != 'missing']
        found.update(filled or section.slots)
    return found


def _column(column: Column, *, names: bool) -> ColumnView:
    # A macro of a template that escapes by itself answers in Markup.
    tags = _environment().get_template('report_macros.html').module
    made = {name: getattr(tags, name)(column, names) for name in ('opening', 'closing')}
    return ColumnView(title=column.title, style=column.style, names=names, is_badge=column.is_badge, **made)


def _names_itself(row: Row, column: int) -> bool:
    return row.id is not None and any(cell.target == row.id for cell in row.cells[column])


def _worst_first(group: Group) -> tuple[int, int, int, str, str]:
    return (-group.counts['error'], -group.counts['warning'], -group.counts['info'], group.path, group.id or '')
