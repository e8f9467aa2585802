"""``traceability-matrix``: things of one kind against those of another that links lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sphinxcontrib_designnote.diagnostics import accepted, quote
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.model.values import split_names
from sphinxcontrib_designnote.relations.chains import ROLE, Chain, Entry, chain_of_view, min_coverage, read_kinds
from sphinxcontrib_designnote.relations.facts import FACTS
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Column, Row, Table, cut
from sphinxcontrib_designnote.tables.gather import Cells, one
from sphinxcontrib_designnote.views.content import Complaint, Content, Sources, check_filter, plain

#: Of more columns than this a grid is no help: each row then lists what it leads to.
_GRID = 10
#: A chain of four kinds may have very many ways through it.
_MOST_ROWS = 5000
_FORMATS = ('grid', 'list')


def check_matrix(argument: str, options: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield what is wrong with the argument and the options."""
    try:
        kinds = read_kinds(argument, vocabulary)
    except ValueError as error:
        yield None, str(error)
        return
    for name in split_names(options.get('via', '')):
        if name not in (known := (*vocabulary.links, ROLE)):
            yield 'via', f'{quote(name)} is no type of link{accepted(name, known)}'
    yield from check_filter(options, FACTS)
    if (show := options.get('show', 'all')) not in ('all', 'holes'):
        yield 'show', f'{quote(show)} is nothing to show{accepted(show, ("all", "holes"))}'
    if (form := options.get('format', 'list')) not in _FORMATS:
        yield 'format', f'{quote(form)} is no form of a matrix{accepted(form, _FORMATS)}'
    elif form == 'grid' and len(kinds) > 2:
        yield 'format', 'a grid has two kinds; leave the option out'
    if 'min-coverage' in options and min_coverage(options) is None:
        yield 'min-coverage', f'{quote(options["min-coverage"])} is no percentage; write a whole number from 1 to 100'


def make_matrix(view: View, note: Note, sources: Sources) -> Content:
    """Make the matrix, and below it how much of the first kind is covered."""
    chain, options = chain_of_view(view, sources.graph), view.options
    if not chain.entries[0]:
        return (plain('Nothing to show.'),)
    rows = list(range(len(chain.entries[0])))
    if options.get('show') == 'holes':
        rows = [row for row in rows if not chain.reached(row, len(chain.steps))]
    labels = [_label(kind, sources.graph.vocabulary) for kind in chain.kinds]
    styles = [_style(kind, sources.graph.vocabulary) for kind in chain.kinds]
    title = cut(options.get('title', ' \u00d7 '.join(labels)), NAME_LENGTH)
    form = options.get('format', 'grid' if len(chain.kinds) == 2 and len(chain.entries[1]) <= _GRID else 'list')
    make = _grid if form == 'grid' else _list
    table = (make(chain, rows, list(zip(labels, styles, strict=True)), title),) if rows else ()
    return (*table, *map(plain, _summary(chain, labels, options)))


def _grid(chain: Chain, rows: Sequence[int], columns: Sequence[tuple[str, str]], title: str) -> Table:
    """Make a column for each thing of the second kind and one for their number; totals last."""
    reached = {row: chain.reached(row, 1) for row in rows}
    others = range(len(chain.entries[1]))
    shown = [
        (
            _named([chain.entries[0][row]]),
            *[one(str(reached[row][other]) if other in reached[row] else '') for other in others],
            one(str(len(reached[row]))),
        )
        for row in rows
    ]
    totals = [sum(other in reached[row] for row in rows) for other in others]
    shown.append((one('In all'), *[one(f'{total} ({_percent(total, len(rows))})') for total in totals], ()))
    names = [(cut(entry.name, NAME_LENGTH), 'number') for entry in chain.entries[1]]
    return _table(title, [columns[0], *names, ('In all', 'number')], shown)


def _list(chain: Chain, rows: Sequence[int], columns: Sequence[tuple[str, str]], title: str) -> Table:
    """Make a row for each way to the last kind but one, which lists what that leads to."""
    shown = list(islice((cells for row in rows for cells in _ways(chain, row, 0)), _MOST_ROWS))
    return _table(title, [*columns, ('Number', 'number')], shown)


def _ways(chain: Chain, index: int, at: int) -> Iterator[tuple[Cells, ...]]:
    name = _named([chain.entries[at][index]])
    following = sorted(chain.steps[at].get(index, ()))
    if at == len(chain.steps) - 1:
        yield name, _named([chain.entries[-1][each] for each in following]), one(str(len(following)))
    elif not following:
        yield name, *[() for _ in chain.steps[at:]], one('0')
    else:
        for each in following:
            for rest in _ways(chain, each, at + 1):
                yield name, *rest


def _table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[tuple[Cells, ...]]) -> Table:
    return Table(
        name='matrix',
        title=title,
        columns=tuple(Column(title=name, style=style) for name, style in columns),
        rows=tuple(Row(cells=cells) for cells in rows),
        located=False,
    )


def _summary(chain: Chain, labels: Sequence[str], options: Mapping[str, str]) -> Iterator[str]:
    """Say how much is covered, what was asked for, and what a number counts."""
    total = len(chain.entries[0])
    counts = [(label, len(chain.covered(at))) for at, label in enumerate(labels[1:], start=1)]
    said = '; '.join(f'{label.lower()} for {count} ({_percent(count, total)})' for label, count in counts)
    least = min_coverage(options)
    yield f'{labels[0]}: {total} in all; {said}.' + (f' At least {least} % are asked for.' if least else '')
    yield f'Links that count: {", ".join(chain.types)}.' if chain.types else 'There are no links between these.'


def _named(entries: Iterable[Entry]) -> Cells:
    return tuple(Cell(text=cut(entry.name, NAME_LENGTH), target=entry.id) for entry in entries)


def _percent(count: int, total: int) -> str:
    return f'{100 * count // total} %' if total else '0 %'


def _label(kind: str, vocabulary: Vocabulary) -> str:
    return vocabulary.kinds[kind].label if kind in vocabulary.kinds else kind.capitalize()


def _style(kind: str, vocabulary: Vocabulary) -> str:
    """Return how names of *kind* are shown: those of things in a program are code."""
    return 'code' if kind == 'field' or (kind in vocabulary.kinds and vocabulary.kinds[kind].subject) else 'text'
