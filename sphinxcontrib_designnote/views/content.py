"""What a view shows, as data: parts that say nothing of HTML, LaTeX or docutils.

Views are made of the graph, compared with what they showed last time, and rendered; all three speak of these.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.relations.filters import FilterError, read_filter
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import Cell, Table
from sphinxcontrib_designnote.tables.gather import Gathered
from sphinxcontrib_designnote.tables.standard import declared, table_of_kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A line of text."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What a line of a field says."""

    #: Stands before it, with a colon; empty for nothing.
    lead: str
    cells: tuple[Cell, ...]
    #: As of a column.
    style: str = 'text'


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A name, and what is said under it."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """A list of fields."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """A node of a picture."""

    #: Id of the item or note that it leads to.
    id: str
    name: str
    kind: str
    #: What a reader calls the kind.
    label: str
    #: It is what the picture is about.
    central: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrow:
    """An edge of a picture, from the thing with the id *source* to the one with the id *target*."""

    source: str
    target: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """Things and arrows between them; its table says the same."""

    title: str
    things: tuple[Thing, ...]
    arrows: tuple[Arrow, ...]
    table: Table
    #: The table says no more than the picture, and need not be seen beside it.
    folded: bool = True
    #: One of :data:`ENGINES` and of :data:`DIRECTIONS`.
    engine: str = 'graphviz'
    direction: str = 'LR'


ENGINES = ('graphviz', 'mermaid')
#: Left to right, top to bottom.
DIRECTIONS = ('LR', 'TB')


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What happens on a day."""

    date: datetime.date
    text: str
    #: Id of the item that says so.
    id: str
    #: It has happened.
    done: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeLine:
    """What happens when, earliest first; its table says the same."""

    title: str
    moments: tuple[Moment, ...]
    table: Table


Drawn: TypeAlias = Picture | TimeLine
Part: TypeAlias = Table | Paragraph | Fields | Drawn
Content: TypeAlias = tuple[Part, ...]


class Sources:
    """What views are made of; what takes work is done once, when a view first needs it."""

    def __init__(
        self,
        graph: Graph,
        findings: Callable[[], Sequence[Finding]] = tuple,
        *,
        releases: Mapping[str, datetime.date] | None = None,
    ) -> None:
        """Gather.

        :param releases: name to date, earliest first.
        """
        self.graph = graph
        self.release_dates = releases or {}
        self.releases = tuple(self.release_dates)
        # The age of a note is not shown: pages would have to be written again every day.
        self.gathered = Gathered(graph, findings, releases=self.releases)
        self.table = functools.cache(self._table)

    def _table(self, name: str) -> Table:
        """Return the table *name*, or else the one of the kind *name*."""
        vocabulary = self.graph.vocabulary
        spec = declared(vocabulary).get(name) or table_of_kind(vocabulary.kinds[name], name)
        return spec.make(self.gathered)


#: Name of an option, or ``None`` for the argument, and what is wrong with its value.
Complaint: TypeAlias = tuple[str | None, str]
#: Make what *view*, on the page *Note*, shows.
Make: TypeAlias = Callable[[View, Note, Sources], Content]


def targets(part: Part) -> Iterator[str]:
    """Yield the ids of all items and notes that *part* leads to; what a picture leads to stands in its table."""
    if isinstance(part, Picture | TimeLine):
        part = part.table
    if isinstance(part, Table):
        groups = [cells for row in part.rows for cells in row.cells]
    elif isinstance(part, Fields):
        groups = [line.cells for field in part.fields for line in field.lines]
    else:
        groups = [part.cells]
    return (cell.target for cells in groups for cell in cells if cell.target is not None)


def check_filter(options: Mapping[str, str], names: Collection[str]) -> Iterator[Complaint]:
    """Yield what is wrong with the option ``filter``, which may ask for *names*."""
    if 'filter' in options:
        try:
            read_filter(options['filter'], names)
        except FilterError as error:
            yield 'filter', str(error)


def plain(text: str) -> Paragraph:
    """Return a paragraph of words."""
    return Paragraph(cells=(Cell(text=text),))
