"""A directive as lines of MyST or reStructuredText, written so that it is read as it was meant."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.records import Ignore, Value
from sphinxcontrib_designnote.model.schema import Kind, Option
from sphinxcontrib_designnote.model.values import read_value


class CannotWriteError(Exception):
    """Something cannot be written so that it would be read as it is. Its place keeps the author's own words."""


@dataclass(kw_only=True, slots=True)
class Directive:
    """A directive that is being made."""

    kind: Kind
    argument: str
    #: Name and value as text, in the order in which they are written.
    options: list[tuple[str, str]] = field(default_factory=list)
    #: Lines of the source, and directives, in order. Lists that follow one another without a blank line are one.
    body: list[Directive | list[str]] = field(default_factory=list)


def text_of(option: Option, value: Value) -> str:
    """Return *value* as an author types it.

    :raises CannotWriteError: where no text is read as that value.
    """
    for text in _texts(value):
        if read_value(option, text) == (value, None):
            return text
    raise CannotWriteError(f'{option.name} {value!r}')


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, bool):
        yield 'yes' if value else 'no'
    elif isinstance(value, datetime.date):
        yield value.isoformat()
    elif isinstance(value, str):
        yield value
        yield f'`{value}`'
    else:
        yield ', '.join(value)
        yield ', '.join(f'`{name}`' if ',' in name or '\n' in name else name for name in value)
        yield ', '.join(f'`{name}`' for name in value)


def text_of_ignore(ignore: Sequence[Ignore]) -> str:
    """Return the value of the option ``ignore``."""
    return ', '.join(f'{each.rule} ({each.reason})' if each.reason else each.rule for each in ignore)


def lines_of(directive: Directive, *, markdown: bool, prefixed: frozenset[str] = frozenset()) -> list[str]:
    """Return the lines of *directive* and all in it.

    :raises CannotWriteError: where the syntax has no words for it.
    """
    name = f'dn:{directive.kind.name}' if directive.kind.name in prefixed else directive.kind.name
    options = [line for pair in directive.options for line in _option(*pair, markdown=markdown)]
    body = _body(directive, markdown, prefixed)
    inside = [*options, *(['', *body] if body else [])]
    _check(directive, inside, markdown)
    if not markdown:
        opening = f'.. {name}:: {directive.argument}'.rstrip()
        return [opening, *(f'   {line}'.rstrip() for line in inside)]
    # Between fences of backticks and the argument's own, Markdown cannot tell.
    mark = '~' if '`' in directive.argument else '`'
    fence = mark * max([3, *(len(run[0].strip()) + 1 for line in inside if (run := _FENCES[mark].match(line)))])
    if not options and body:
        inside = body if not _LIKE_OPTION.match(body[0]) else inside
    return [f'{fence}{{{name}}} {directive.argument}'.rstrip(), *inside, fence]


_FENCES = {'`': re.compile(r'\s*`{3,}'), '~': re.compile(r'\s*~{3,}')}
_LIKE_OPTION = re.compile(r'\s*(?::[A-Za-z]|---|[A-Za-z-]+\s*:)')


def _body(directive: Directive, markdown: bool, prefixed: frozenset[str]) -> list[str]:
    lines: list[str] = []
    was_entry = False
    for part in directive.body:
        written = part if isinstance(part, list) else lines_of(part, markdown=markdown, prefixed=prefixed)
        is_entry = isinstance(part, list) and _ENTRY.match(part[0]) is not None
        if lines and written and not (was_entry and is_entry):
            lines.append('')
        lines += written
        was_entry = is_entry
    return lines


_ENTRY = re.compile(r'(?:[-*+•]|\d{1,9}[.)]|#\.)\s')


def _option(name: str, value: str, *, markdown: bool) -> list[str]:
    if '\n' in value:
        return [f':{name}: |', *(f'  {line}' for line in value.split('\n'))]
    quoted = value.replace("'", "''"), value.replace('\\', '\\\\').replace('"', '\\"')
    for written in (value, f"'{quoted[0]}'", f'"{quoted[1]}"') if markdown else (value,):
        line = f':{name}: {written}'
        read = read_directive([line], has_argument=False, markdown=markdown, known=(name,))
        found = read.options.get(name)
        if found is not None and found.value == value and not read.lost:
            return [line]
    raise CannotWriteError(f'{name} {value!r}')


def _check(directive: Directive, inside: Sequence[str], markdown: bool) -> None:
    """Insist that argument and options are read as they were meant."""
    head = [directive.argument, *inside] if directive.argument else list(inside)
    known = directive.kind.options
    read = read_directive(head, has_argument=bool(directive.argument), markdown=markdown, known=known)
    found = {name: option.value for name, option in read.options.items()}
    if read.argument != directive.argument or found != dict(directive.options):
        raise CannotWriteError(f'{directive.kind.name} {directive.argument!r}')
    if '\n' in directive.argument or read.lost:
        raise CannotWriteError(f'{directive.kind.name} {directive.argument!r}')
