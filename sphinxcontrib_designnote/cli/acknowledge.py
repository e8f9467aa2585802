"""``designnote acknowledge``: say that somebody has looked."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from sphinx.errors import SphinxError

from sphinxcontrib_designnote.cli.check import add_reading_arguments
from sphinxcontrib_designnote.cli.convert import source_of
from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import find_conf, one_line, shown, targets_of
from sphinxcontrib_designnote.cli.reading import check
from sphinxcontrib_designnote.convert.reviewing import reviewed
from sphinxcontrib_designnote.convert.snapshot import MARKDOWN, workbench
from sphinxcontrib_designnote.diagnostics import did_you_mean, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.outputs.files import write_atomically
from sphinxcontrib_designnote.relations.graph import Graph

_MOST = 5


def _run(arguments: argparse.Namespace) -> int:
    (target,) = targets_of([arguments.path or str(find_conf(Path.cwd()) or '.')])
    overrides = {'designnote_today': arguments.today} if arguments.today else {}
    checked = check(target, overrides, use_cache=not arguments.no_cache)
    if checked is None or not checked.notes:
        raise UsageError(f'there is no design note in {shown(target.srcdir)!r}; name the folder behind the item')
    domain = checked.domain
    thing = _named(arguments.item, domain.graph)
    path, day = target.srcdir / thing.location.path, domain.settings.rules.today
    place, what = f'{shown(path)}:{thing.location.line}', quote(thing.key if isinstance(thing, Item) else thing.title)
    if thing.fields.get('reviewed') == day:
        print(f'{place}: {what} was reviewed on {day} already')
        return Exit.CLEAN
    source = source_of(path)
    text = _with_day(path, source.replace('\r\n', '\n'), thing, day)
    if text is None:
        raise UsageError(f'{place}: there is no place to write it for {what}; edit what it says, or around it')
    try:
        write_atomically(path, (text.replace('\n', '\r\n') if '\r\n' in source else text).encode('utf-8'))
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None
    print(f'{place}: {what} was reviewed on {day}')
    return Exit.CLEAN


def _named(written: str, graph: Graph) -> Item | Note:
    """Return what has the id *written*, or else the name.

    :raises UsageError: when nothing has it, or several things have the name.
    """
    if (thing := graph.items.get(written) or graph.notes.get(written)) is not None:
        return thing
    named: list[Item | Note] = [item for item in graph.items.values() if written in (item.key, item.title)]
    named += [note for note in graph.notes.values() if note.title == written]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ', '.join(thing.id for thing in named[:_MOST]) + (', …' if len(named) > _MOST else '')
        raise UsageError(f'{quote(written)} is said by several items; give the id of one: {ids}')
    names = [*graph.items, *graph.notes, *(item.key for item in graph.items.values())]
    raise UsageError(f'nothing has the id or the name {quote(written)}{did_you_mean(written, names)}')


def _with_day(path: Path, source: str, thing: Item | Note, day: datetime.date) -> str | None:
    try:
        with workbench(path, find_conf(path.parent)) as bench:
            before = bench.read(source, markdown=path.suffix == MARKDOWN)
            return None if before is None else reviewed(bench, before, thing, day)
    except SphinxError as error:
        raise UsageError(one_line(error)) from None


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('item', metavar='ITEM', help='the id or the name of an item or a note')
    parser.add_argument('path', metavar='PATH', nargs='?', help='its project or folder (default: that of this folder)')
    add_reading_arguments(parser)


ACKNOWLEDGE = Command(
    name='acknowledge',
    summary='say that an item still holds, although something that it names has changed',
    description="""\
Write into an item on which day somebody last looked at it, as its option 'reviewed': in a directive, or as a
bullet below a plain item. Nothing else of the file changes; the result is read again before it is written.

That is an edit like any other: once it is there, what the item names has not changed since (DN207).""",
    examples="""\
examples:
  designnote acknowledge tests-test-case-newest-first
  designnote acknowledge 'The newest order comes first' docs
  designnote acknowledge mail-queue docs --today 2026-05-20

exit status: 0 it says so (already), 2 usage or configuration, or an item in which there is no place for it
""",
    add_arguments=_add_arguments,
    run=_run,
)
