"""What the report's templates are given: records for the eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.tables import Cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A line of the sources, and where to see it."""

    text: str
    source: str | None
    page: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnView:
    """A column, and the tags that are the same in all its cells: made once, they halve the time that a table takes."""

    title: str
    style: str
    opening: Markup
    closing: Markup
    #: The column whose cells name their rows.
    names: bool
    is_badge: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """A row, and what leads to it."""

    anchor: str | None
    #: The item that the row is the home of: no need to link to it.
    own: str | None
    cells: list[tuple[ColumnView, tuple[Cell, ...]]]
    place: Place | None
    muted: bool
    #: Anchor of the subject, where this row introduces it; else where to find it, and which of how many this is.
    subject: str | None
    history: tuple[str, int, int] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableView:
    """A table without the columns that tell nothing."""

    title: str
    #: Of its heading.
    anchor: str
    columns: list[ColumnView]
    rows: list[RowView]


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingView:
    """A finding, cut for display."""

    severity: str
    code: str
    name: str
    message: str
    place: Place
    related: list[Place]
    item: Cell | None
    suppressed: str | None


@dataclass(kw_only=True, slots=True)
class Group:
    """Findings of one note, or of one rule."""

    title: str
    #: Id of the note.
    id: str | None = None
    path: str = ''
    severity: str = ''
    findings: list[FindingView] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: set[str | None] = field(default_factory=set)
    open: bool = True

    def add(self, finding: Finding, view: FindingView) -> None:
        """Count *finding* in."""
        self.findings.append(view)
        self.counts['silenced' if finding.suppressed is not None else str(finding.severity)] += 1
        self.notes.add(finding.note)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An item in its slot."""

    kind: str
    text: str
    #: Id of the item.
    id: str
    #: Where this is its home; and that of the subject, where the item introduces it.
    anchor: str | None
    subject: str | None


@dataclass(kw_only=True, slots=True)
class Slot:
    """A slot of the template, and what a note says in it."""

    title: str
    state: str
    required: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A note, slot by slot."""

    note: Note
    title: str
    anchor: str
    owners: str
    created: str
    place: Place
    slots: list[Slot]
    counts: Counter[str]
