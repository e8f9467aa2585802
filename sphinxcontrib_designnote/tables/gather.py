"""What all tables need of the graph, gathered once, and how their cells are made."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Item, Note, Value
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Column, Row, cut

Cells = tuple[Cell, ...]


class Gathered:
    """What all tables need of the graph, gathered once."""

    def __init__(
        self,
        graph: Graph,
        findings: Callable[[], Sequence[Finding]],
        *,
        releases: Sequence[str] = (),
        today: datetime.date | None = None,
    ) -> None:
        """Gather.

        :param findings: asked when a table first shows some: to have them, all rules must run.
        :param releases: names of releases, oldest first.
        :param today: what ages are counted to; ``None`` shows none.
        """
        self.graph = graph
        self._findings = findings
        self.releases = releases
        self.today = today
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

    @functools.cached_property
    def found(self) -> list[Finding]:
        """All findings in the order of their places."""
        return sorted(self._findings(), key=lambda finding: finding.sort_key)

    def live(self, *kinds: str) -> Iterator[Item]:
        """Items of *kinds* in the order of history, those of dead notes left out."""
        for kind in kinds:
            for item in self.by_kind.get(kind, ()):
                if not self.graph.note_of(item).is_dead:
                    yield item

    def place(self, item: Item) -> tuple[int, int, int, str]:
        """What sorts two items that are otherwise equal."""
        return (self.rank[item.note], self.number[item.id], item.location.line, item.id)

    def named(self, items: Iterable[Item]) -> Cells:
        """Cells that lead to *items*."""
        return tuple(Cell(text=cut(item.key, NAME_LENGTH), target=item.id) for item in items)

    def pointed_to(self, id_: str, *link_types: str) -> Cells:
        """What the item or note has links to, names that nothing answers to included."""
        graph = self.graph
        return tuple(
            Cell(
                text=cut(graph.name(link.target), NAME_LENGTH),
                target=link.target if graph.thing(link.target) is not None else None,
            )
            for link in graph.outgoing.get(id_, ())
            if link.type in link_types
        )

    def row(self, about: Item | Note, *cells: Cells) -> Row:
        """Make a row that leads to *about*."""
        return Row(cells=cells, id=about.id, location=about.location, docname=about.docname, anchor=about.anchor)


def columns(*columns: str | tuple[str, str]) -> tuple[Column, ...]:
    """Make columns of titles, or of titles and styles."""
    return tuple(Column(title=c) if isinstance(c, str) else Column(title=c[0], style=c[1]) for c in columns)


def one(text: str | None) -> Cells:
    """Make a cell of *text*, or none where there is nothing to show."""
    return (Cell(text=cut(text)),) if text else ()


def cells(value: Value | None) -> Cells:
    """Show the value of a field: a list as several things."""
    if isinstance(value, tuple):
        return tuple(Cell(text=cut(name, NAME_LENGTH)) for name in value)
    if isinstance(value, bool):
        return one('yes' if value else 'no')
    return one(value.isoformat() if isinstance(value, datetime.date) else value)


def title_of(gathered: Gathered, item: Item) -> Cells:
    """Make the cell that names *item* by its title."""
    return (Cell(text=cut(item.title), target=item.id),)


def change_of(gathered: Gathered, item: Item) -> Cells:
    """Make the cell that says what *item* does to its subject."""
    return one(gathered.graph.change(item))


def demand(guard: Item) -> str:
    """Return what an authorization demands of who wants in, in few words."""
    if guard.flag('public'):
        return 'public'
    words = ', '.join(guard.names('roles')) or guard.text('permission') or guard.text('scope')
    return cut(words or guard.body or guard.title, NAME_LENGTH)
