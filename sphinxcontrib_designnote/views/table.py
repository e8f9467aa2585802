"""``traceability-table``: a standard table, or the items of a kind, on a page; cut down and arranged as it asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.diagnostics import accepted, quote
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.model.schema import NOTE, Vocabulary
from sphinxcontrib_designnote.model.values import split_names
from sphinxcontrib_designnote.relations.facts import FACTS, facts
from sphinxcontrib_designnote.relations.filters import Lookup, read_filter
from sphinxcontrib_designnote.tables import Cell, Column, Row, Table
from sphinxcontrib_designnote.tables.coverage import COVERED_BY, cover
from sphinxcontrib_designnote.tables.standard import TableSpec, declared, table_of_kind
from sphinxcontrib_designnote.views.content import Complaint, Content, Sources, check_filter, plain

_DIGITS = re.compile(r'(\d+)')
#: What stands in the place of a group's name where rows have none.
_NO_GROUP = 'not stated'
_NO_HOLES, _NOTHING = 'No holes: everything is covered.', 'Nothing to show.'


def check_table(argument: str, options: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield what is wrong with the argument and the options."""
    spec = _spec(argument, vocabulary)
    if spec is None:
        known = dict.fromkeys((*declared(vocabulary), *vocabulary.kinds))
        wrong = f'{quote(argument)} is neither a table nor a kind of item' if argument else 'no table is named'
        yield None, f'{wrong}{accepted(argument, known)}'
        return
    titles = [column.title for column in spec.columns]
    for option in ('columns', 'sort', 'group-by'):
        names = [*titles, *FACTS] if option == 'group-by' else titles
        for written in split_names(options.get(option, '')):
            name = written.removeprefix('-') if option == 'sort' else written
            if _find(name, names) is None and spec.name != 'permissions':  # which has columns that notes give it
                yield option, f'{quote(name)} is no column of {spec.name}{accepted(name, names)}'
    yield from check_filter(options, _names(titles))
    if (show := options.get('show', 'all')) not in ('all', 'holes'):
        yield 'show', f'{quote(show)} is nothing to show{accepted(show, ("all", "holes"))}'
    elif show == 'holes' and not _can_have_holes(spec):
        with_holes = [name for name, each in declared(vocabulary).items() if _can_have_holes(each)]
        yield 'show', f'nothing has to cover what {spec.name} shows (tables with holes: {", ".join(with_holes)})'


def make_table(view: View, note: Note, sources: Sources) -> Content:
    """Make the table, or one for each group."""
    spec = _spec(view.argument, sources.graph.vocabulary)
    if spec is None:  # the page was read with other kinds
        return ()
    found = sources.table(spec.name)
    look = _Looker(found, sources)
    rows: Sequence[Row] = found.rows
    kind = view.argument if view.argument in sources.graph.vocabulary.kinds else None
    if kind is not None and kind != NOTE:
        rows = [row for row in rows if (item := sources.graph.items.get(row.id or '')) and item.kind == kind]
    if view.options.get('show') == 'holes':
        rows = [row for row in rows if _is_hole(row, sources)]
    if 'filter' in view.options:
        test = read_filter(view.options['filter'], _names([column.title for column in found.columns]))
        rows = [row for row in rows if test(look.of(row))]
    rows = _sorted(rows, found.columns, view.options.get('sort', ''))
    title = view.options.get('title', found.title)
    if not rows:
        return (
            plain('No holes: everything is covered.' if view.options.get('show') == 'holes' else 'Nothing to show.'),
        )
    groups = {title: rows}
    if 'group-by' in view.options:
        groups = {f'{title}: {name}': group for name, group in _groups(rows, look, view.options['group-by']).items()}
    return tuple(
        _chosen(replace(found, title=name, rows=tuple(group)), view.options.get('columns', ''))
        for name, group in groups.items()
    )


def _spec(name: str, vocabulary: Vocabulary) -> TableSpec | None:
    """Return the standard table *name*; of a kind the one that shows it, else one made of its options."""
    specs = declared(vocabulary)
    if name in specs:
        return specs[name]
    if name == NOTE:
        return specs['notes']
    if name not in vocabulary.kinds:
        return None
    shown = (spec for spec in specs.values() if name in spec.kinds)
    return next(shown, None) or table_of_kind(vocabulary.kinds[name], name)


def _can_have_holes(spec: TableSpec) -> bool:
    return spec.name == 'permissions' or any(kind in COVERED_BY for kind in spec.kinds)


def _is_hole(row: Row, sources: Sources) -> bool:
    item = sources.graph.items.get(row.id or '')
    return item is not None and not all(cover(sources.graph, item).values())


def _names(titles: Iterable[str]) -> list[str]:
    """Return the names that a filter may use: what every row can be asked, and the columns."""
    return list(dict.fromkeys((*FACTS, *map(_slug, titles))))


def _slug(title: str) -> str:
    return title.casefold().replace(' ', '_').replace('-', '_')


def _find(name: str, titles: Sequence[str]) -> int | None:
    """Return the place of the column *name* among *titles*."""
    folded = _slug(name)
    return next((index for index, title in enumerate(titles) if _slug(title) == folded), None)


class _Looker:
    """Answers what the names of a filter stand for in a row of a table."""

    def __init__(self, table: Table, sources: Sources) -> None:
        self.columns = {_slug(column.title): index for index, column in enumerate(table.columns)}
        self.sources = sources

    def of(self, row: Row) -> Lookup:
        """Return how to look names up in *row*."""
        return lambda name: frozenset(text.casefold() for text in self.texts(row, name))

    def texts(self, row: Row, name: str) -> list[str]:
        """Return what *name* stands for in *row*."""
        texts = facts(self.sources.graph, row.id, name) if name in FACTS else []
        if name in self.columns:
            texts += [cell.text for cell in row.cells[self.columns[name]]]
        return list(dict.fromkeys(texts))


def _sorted(rows: Sequence[Row], columns: Sequence[Column], written: str) -> Sequence[Row]:
    """Sort by the columns *written*, the most significant first; what is empty stays at the end."""
    titles = [column.title for column in columns]
    for name in reversed(split_names(written)):
        index = _find(name.removeprefix('-'), titles)
        if index is not None:
            falling = name.startswith('-')
            full = sorted(
                (row for row in rows if row.cells[index]), key=lambda r: _natural(r.cells[index]), reverse=falling
            )
            rows = [*full, *(row for row in rows if not row.cells[index])]
    return rows


def _natural(cells: Sequence[Cell]) -> list[tuple[int, int, str]]:
    """Return what sorts text with numbers in it: ``v2`` before ``v10``."""
    pieces = _DIGITS.split(' '.join(cell.text for cell in cells).casefold())
    return [(0, int(piece[:18]), '') if piece[:1].isdecimal() else (1, 0, piece) for piece in pieces]


def _groups(rows: Sequence[Row], look: _Looker, by: str) -> dict[str, list[Row]]:
    """Return name of a group to its rows; a row that belongs to several stands in the one of all their names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        # A column says it in the words of the table, a fact that is none in those of the notes.
        column = look.columns.get(_slug(by))
        texts = [cell.text for cell in row.cells[column]] if column is not None else look.texts(row, _slug(by))
        groups.setdefault(', '.join(texts) or _NO_GROUP, []).append(row)
    if _NO_GROUP in groups:
        groups[_NO_GROUP] = groups.pop(_NO_GROUP)
    return groups


def _chosen(table: Table, written: str) -> Table:
    """Keep the columns *written*, in that order; without any those that say something."""
    titles = [column.title for column in table.columns]
    wanted = [index for name in split_names(written) if (index := _find(name, titles)) is not None]
    kept = wanted or [index for index in range(len(titles)) if any(row.cells[index] for row in table.rows)]
    return replace(
        table,
        columns=tuple(table.columns[index] for index in kept),
        rows=tuple(replace(row, cells=tuple(row.cells[index] for index in kept)) for row in table.rows),
    )
