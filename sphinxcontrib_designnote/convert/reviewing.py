"""The day on which somebody looked at an item, written into it: one line, and nothing else of the page changes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.convert.agreement import differences
from sphinxcontrib_designnote.convert.naming import with_note_option
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Statement, Workbench
from sphinxcontrib_designnote.grammar.blocks import Form
from sphinxcontrib_designnote.model.records import Item, Note

_OPTION = 'reviewed'
_DAY = re.compile(r'\d{4}-\d\d-\d\d')
#: ``:roles: x`` in a directive, ``roles: x`` in the YAML of one, ``- **Roles:** x`` below a bullet.
_FIELD = re.compile(r'(?P<before>\s*:)(?P<name>[A-Za-z][\w-]{0,40}):(?:\s|$)')
_YAML = re.compile(r'(?P<before>\s*)(?P<name>[a-z][\w-]{0,40}):(?:\s|$)')
_BULLET = re.compile(r'(?P<before>\s*[-*+]\s+)[*_`]{0,3}(?P<name>[A-Za-z][\w -]{0,40}?)[*_`]{0,3}:')
_MARKER = re.compile(r'\s*(?:[-*+]|\d{1,3}[.)])\s+')


def reviewed(bench: Workbench, before: Snapshot, thing: Item | Note, day: datetime.date) -> str | None:
    """Return the text of a note in which *thing*, the note or one of its items, was looked at on *day*.

    ``None`` where there is no place to say so: in a row of a table, a line of code, prose, an included file. Every way
    of writing it is read again, and taken only if nothing else is read otherwise.
    """
    statement = _statement(before, thing) if isinstance(thing, Item) else None
    if isinstance(thing, Item) and statement is None:
        return None
    for lines in _ways(before, statement, day.isoformat()):
        text = '\n'.join(lines)
        after = bench.read(text, markdown=before.markdown)
        if after is None or differences(before, after, apart_from=(f'fields.{_OPTION}',)):
            continue
        items = {each.item.id: each.item for each in after.statements}
        said = after.note if statement is None else items[statement.item.id]
        if said.fields.get(_OPTION) == day:
            return text
    return None


def _statement(snapshot: Snapshot, item: Item) -> Statement | None:
    """Return what states *item*, whose id may be another where its page is read alone."""
    own = (each for each in snapshot.statements if snapshot.is_own(each) and each.line == item.location.line - 1)
    return next((each for each in own if (each.item.kind, each.item.key) == (item.kind, item.key)), None)


def _ways(snapshot: Snapshot, statement: Statement | None, day: str) -> Iterator[list[str]]:
    lines = snapshot.lines
    stated = snapshot.note.lines if statement is None else statement.item.lines
    if _OPTION in stated:
        at = stated[_OPTION] - 1
        yield [*lines[:at], _DAY.sub(day, lines[at], count=1), *lines[at + 1 :]]
    elif statement is None:
        yield with_note_option(snapshot, _OPTION, day)
    else:
        for at, written in _places(snapshot, statement, day):
            yield [*lines[:at], *written, *lines[at:]]


def _places(snapshot: Snapshot, statement: Statement, day: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield 0-based lines before which it may stand, and how it is written there: beside other options if there are."""
    lines, at = snapshot.lines, statement.line
    for number in sorted(number - 1 for name, number in statement.item.lines.items() if name != 'body'):
        for form, said in ((_FIELD, f'{_OPTION}: {day}'), (_YAML, f'{_OPTION}: {day}'), (_BULLET, f'Reviewed: {day}')):
            if number > at and (match := form.match(lines[number])) is not None:
                yield number, [f'{match["before"]}{said}']
    end = next((n for n in range(at + 1, len(lines)) if not lines[n].strip()), len(lines))
    indent = ' ' * (len(lines[at]) - len(lines[at].lstrip()))
    if statement.block is None:
        yield (
            (at + 1, [f'{indent}:{_OPTION}: {day}']) if snapshot.markdown else (end, [f'{indent}   :{_OPTION}: {day}'])
        )
    elif statement.block.form in (Form.HEADING, Form.BOLD, Form.PARAGRAPH):
        yield end, ['', f'{indent}- Reviewed: {day}']
    elif (marker := _MARKER.match(lines[at])) is not None:
        inner = ' ' * len(marker[0])
        inside = (n for n in range(at + 1, end) if _MARKER.match(lines[n]) or not lines[n].startswith(inner))
        last = next(inside, end)
        yield last, [f'{inner}- Reviewed: {day}'] if snapshot.markdown else ['', f'{inner}- Reviewed: {day}', '']
