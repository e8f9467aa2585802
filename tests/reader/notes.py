"""Small plain notes and what stands in them: cases are written once, in Markdown, and read in both syntaxes.

A case is a heading of the template and the text below it; lines count from the first line of that text. All cases of a
module are pages of one project, so that a module costs one build.
"""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_designnote.model.records import Note, Value

if TYPE_CHECKING:
    from tests.conftest import Built

Stated = tuple[int, str, str | None, str, dict[str, Value]]
SYNTAXES = ('md', 'rst')


@dataclass(frozen=True)
class Case:
    """What a text below a heading states: the whole of it."""

    heading: str
    text: str
    items: list[Stated]
    #: Code and line of each problem.
    problems: list[tuple[str, int]]
    #: The syntax that the text is written in, where the other has nothing like it.
    only: str = ''


def case(
    heading: str, text: str, *items: Stated, problems: list[tuple[str, int]] | None = None, only: str = ''
) -> Case:
    """Make a case; *text* may be indented as the code around it."""
    return Case(heading, textwrap.dedent(text).strip('\n'), list(items), problems or [], only)


def endpoint(line: int, change: str | None, key: str, **fields: Value) -> Stated:
    """State an endpoint by its key, from which method and path follow."""
    method, space, path = key.partition(' ')
    target: dict[str, Value] = {'method': method, 'path': path} if space else {'path': key}
    return (line, 'endpoint', change, key, target | fields)


def field(line: int, change: str | None, key: str, type_: str = '', **fields: Value) -> Stated:
    """State a column or a field of a message: its key with its owner's before it."""
    named: dict[str, Value] = {'type': type_} if type_ else {}
    return said(line, 'field', key, change, **named, **fields)


def said(line: int, kind: str, key: str, change: str | None = None, /, **fields: Value) -> Stated:
    """State any other item."""
    return (line, kind, change, key, {name.rstrip('_'): value for name, value in fields.items()})


def day(text: str) -> datetime.date:
    """Read a date, as records hold them."""
    return datetime.date.fromisoformat(text)


def both(cases: Mapping[str, Case]) -> list[tuple[str, str]]:
    """Return each case in each syntax, as parameters."""
    return [(name, syntax) for name, each in cases.items() for syntax in SYNTAXES if each.only in ('', syntax)]


def pages_of(cases: Mapping[str, Case]) -> tuple[dict[str, str], dict[tuple[str, str], dict[int, int]]]:
    """Return the pages of *cases*, and by case and syntax the line of the case that each line of its page is."""
    files: dict[str, str] = {}
    lines: dict[tuple[str, str], dict[int, int]] = {}
    for count, (name, each) in enumerate(cases.items()):
        if each.only == 'rst':
            heading = f'\n{each.heading}\n{"-" * 60}\n' if each.heading else '\n'
            page = f'Design Note: {name}\n{"=" * 60}\n{heading}{each.text}\n'
        else:
            heading = f'\n## {each.heading}\n' if each.heading else '\n'
            page = f'# Design Note: {name}\n{heading}{each.text}\n'
        above = page.count('\n') - each.text.count('\n') - 1
        for syntax in (each.only,) if each.only else SYNTAXES:
            text, origin = restructured(page) if syntax == 'rst' and not each.only else (page, None)
            files[f'{syntax}/{count}.{syntax}'] = text
            numbers = origin or {number: number for number in range(1, page.count('\n') + 2)}
            lines[name, syntax] = {at: number - above for at, number in numbers.items()}
    return files, lines


class Read:
    """The cases of a module after their build."""

    def __init__(self, build: Any, cases: Mapping[str, Case], **how: Any) -> None:
        files, self._lines = pages_of(cases)
        self.built: Built = build(files, **how)
        self._numbers = {name: number for number, name in enumerate(cases)}

    def note(self, name: str, syntax: str) -> Note:
        """Return what a case states in one of the syntaxes."""
        return self.built.notes[f'{syntax}/{self._numbers[name]}']

    def items(self, name: str, syntax: str) -> list[Stated]:
        """Return all that a case states, as the case writes it; a line that is none of the case's is negative."""
        lines = self._lines[name, syntax]
        return [
            (lines.get(item.location.line, -item.location.line), item.kind, item.change, item.key, dict(item.fields))
            for item in self.note(name, syntax).items
        ]

    def problems(self, name: str, syntax: str) -> list[tuple[str, int]]:
        """Return what could not be read of a case."""
        lines = self._lines[name, syntax]
        problems = self.note(name, syntax).problems
        return sorted((each.code, lines.get(each.location.line, -each.location.line)) for each in problems)


# From Markdown to reStructuredText: as much as the cases need.

_HEADING = re.compile(r'(?P<marks>#+) (?P<title>.*)')
_ENTRY = re.compile(r'(?P<indent> *)(?P<mark>[-*+]|\d+\.) (?P<text>.*)')
_FENCE = re.compile(r'(?P<indent> *)(?:```|~~~)(?P<language>[^`{]*?)(?:\{(?P<directive>[a-z-]+)\} ?(?P<argument>.*))?$')
_CODE = re.compile(r'`([^`]+)`')
_UNDERLINES = '=-~^"'


def restructured(text: str) -> tuple[str, dict[int, int]]:
    """Return Markdown as reStructuredText, and by line of it the line that it comes from."""
    out: list[str] = []
    origin: dict[int, int] = {}
    for number, line in _lines(text):
        out.append(line)
        if number:
            origin[len(out)] = number
    return '\n'.join(out) + '\n', origin


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = text.rstrip('\n').split('\n')
    at, before = 0, 0
    while at < len(lines):
        line = lines[at]
        number = at + 1
        at += 1
        if match := _FENCE.match(line):
            block: list[str] = []
            while lines[at].strip() not in ('```', '~~~'):
                block.append(lines[at])
                at += 1
            at += 1
            indent = match['indent']
            if match['directive']:  # its bullets are its argument, but for a blank line
                body = next((at for at, inner in enumerate(block) if not inner.startswith(':')), len(block))
                block, ahead = block[body:], block[:body]
            else:
                ahead = []
            yield 0, ''
            if name := match['directive']:
                yield number, f'{indent}.. {name}:: {match["argument"]}'
            else:
                yield number, f'{indent}.. code-block:: {match["language"] or "none"}'
                yield 0, ''
            for offset, inner in enumerate(ahead):
                yield number + 1 + offset, f'   {inner}'
            if match['directive']:
                yield 0, ''
            for offset, inner in enumerate(block, len(ahead)):
                yield (
                    number + 1 + offset,
                    f'   {_code(inner) if match["directive"] else inner}' if inner.strip() else '',
                )
            yield 0, ''
        elif line.lstrip().startswith('|'):
            rows = [(number, line)]
            while at < len(lines) and lines[at].lstrip().startswith('|'):
                rows.append((at + 1, lines[at]))
                at += 1
            yield from _grid(rows, line[: len(line) - len(line.lstrip())])
        elif match := _HEADING.match(line):
            title = _code(match['title'])
            yield 0, ''
            yield number, title
            yield 0, _UNDERLINES[len(match['marks']) - 1] * (len(title) + 8)
        elif match := _ENTRY.match(line):
            if before != 1 + len(match['indent']):  # a list begins or ends here, or the text above does
                yield 0, ''
            before = 1 + len(match['indent'])
            yield number, _code(line)
            continue
        else:
            if line.strip() and before and not line.startswith(' '):
                yield 0, ''
            if line.startswith(' '):  # goes on with the entry above
                yield number, _code(line)
                continue
            yield number, _code(line)
        before = 0


def _code(text: str) -> str:
    return _CODE.sub(r'``\1``', text)


def _grid(rows: list[tuple[int, str]], indent: str) -> Iterator[tuple[int, str]]:
    cells = [
        (number, [_code(cell.strip()) for cell in re.split(r'(?<!\\)\|', line.strip()[1:-1])]) for number, line in rows
    ]
    header = bool(re.fullmatch(r'[|\s:-]+', rows[1][1])) if len(rows) > 1 else False
    if header:
        del cells[1]
    count = max(len(row) for _, row in cells)
    padded = [(number, row + [''] * (count - len(row))) for number, row in cells]
    widths = [max(len(row[column]) for _, row in padded) or 1 for column in range(count)]

    def rule(mark: str) -> str:
        return indent + '+' + '+'.join(mark * (width + 2) for width in widths) + '+'

    yield 0, ''
    yield 0, rule('-')
    for position, (number, row) in enumerate(padded):
        inner = '|'.join(f' {cell.ljust(width)} ' for cell, width in zip(row, widths, strict=True))
        yield number, f'{indent}|{inner}|'
        yield 0, rule('=' if header and not position else '-')
    yield 0, ''
