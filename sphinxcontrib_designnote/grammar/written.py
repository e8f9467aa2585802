"""The lines of a directive, as the author wrote them: argument, options, body.

Neither parser's own option reader is used. docutils drops a whole directive for one unknown option; MyST drops all
options when one value begins with a quoted word and goes on, cuts values at ``#``, and takes an indented continuation
for body. A directive that declares no options is handed its lines untouched by both, so one reader serves both, loses
nothing, and costs less than either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

_OPTION = re.compile(r'\s*:(?P<name>[A-Za-z][A-Za-z0-9_ -]{0,60}):(?:[ \t]+(?P<value>.*))?$')
_GLUED = re.compile(r'\s*:(?P<name>[A-Za-z][A-Za-z0-9_-]{0,60}):(?P<value>[^\s`:].*)$')
_INSIDE = re.compile(r'\s:(?P<name>[A-Za-z][A-Za-z0-9_-]{0,60}):(?=\s|$)')
_YAML = re.compile(r'(?P<name>[A-Za-z][A-Za-z0-9_-]{0,60})\s*:(?:[ \t]+(?P<value>.*))?$')
_BLOCK = re.compile(r'---$|\s*(?:[-*+•]|\d{1,9}[.)]|[#A-Za-z][.)]|\.\.)(?:\s|$)|\s*(?:```|:::|~~~)')
_FENCE = re.compile(r'\s*(`{3,}|~{3,}|:{3,})')
_QUOTED = re.compile(r"""'(?P<single>(?:[^']|'')*)'|"(?P<double>(?:[^"\\]|\\.)*)\"""")
_SCALAR = frozenset({'|', '>', '|-', '>-', '|+', '>+'})


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenOption:
    """An option as written: its value, lines joined, and its 0-based line among the directive's."""

    value: str
    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """Something that was taken for an option, or for text, against what its author meant (DN112)."""

    message: str
    #: 0-based line among the directive's.
    index: int


@dataclass(kw_only=True, slots=True)
class Written:
    """A directive's lines, told apart."""

    argument: str = ''
    options: dict[str, WrittenOption] = field(default_factory=dict)
    #: 0-based line on which the body starts; the number of lines when there is none.
    body: int = 0
    lost: list[Lost] = field(default_factory=list)


def read_directive(lines: Sequence[str], *, has_argument: bool, markdown: bool, known: Collection[str]) -> Written:
    """Tell argument, options and body apart.

    :param lines: what stands in the directive, without its common indentation; with *has_argument* the first line is
        what follows the directive's name.
    :param markdown: MyST: an argument does not wrap, values may be quoted, options may stand between lines of ``---``.
    :param known: option names of the kind, to tell a misplaced option from an ordinary field list.
    """
    written = Written()
    at = 0
    if has_argument and lines:
        words = [lines[0].strip()]
        at = 1
        while not markdown and at < len(lines) and is_prose(lines[at]):
            bare = _YAML.match(lines[at].strip())
            if bare and (name := _option_name(bare['name'])) in known:
                written.lost.append(Lost(message=f"'{name}' has no colon before it; write ':{name}: ...'", index=at))
            else:
                words.append(lines[at].strip())
            at += 1
        written.argument = ' '.join(word for word in words if word)
        for match in _INSIDE.finditer(written.argument):
            if (name := _option_name(match['name'])) in known:
                message = f"':{name}:' stands in the first line and is read as part of it; "
                message += f"write ':{name}: ...' on a line of its own"
                written.lost.append(Lost(message=message, index=0))
                written.argument = written.argument[: match.start()]
                break
    if markdown and at < len(lines) and (bare := _YAML.match(lines[at])) and bare['name'] in known:
        message = f"'{bare['name']}' has no colon before it and is read as text; write ':{bare['name']}: ...'"
        written.lost.append(Lost(message=message, index=at))
    if at < len(lines) and lines[at].strip() == '---':
        at = _read_yaml(lines, at + 1, written)
    else:
        at = _read_options(lines, at, written, markdown)
    while at < len(lines) and not lines[at].strip():
        at += 1
    written.body = at
    _find_misplaced(lines, at, written, known, markdown)
    return written


def is_prose(line: str) -> bool:
    """Whether *line* can belong to an argument: it is neither blank nor an option nor the start of a block."""
    return bool(line.strip()) and not _OPTION.match(line) and not _GLUED.match(line) and not _BLOCK.match(line)


def _read_options(lines: Sequence[str], at: int, written: Written, markdown: bool) -> int:
    while at < len(lines) and (match := _OPTION.match(lines[at])):
        start = at
        values = [(match['value'] or '').strip()]
        at += 1
        if values[0] in _SCALAR:
            at = _read_scalar(lines, at, values)
        while at < len(lines) and lines[at][:1] in (' ', '\t') and lines[at].strip() and not _OPTION.match(lines[at]):
            values.append(lines[at].strip())
            at += 1
        _add(written, match['name'], values, start, markdown)
    return at


def _read_scalar(lines: Sequence[str], at: int, values: list[str]) -> int:
    """Add the indented lines below ``|`` or ``>`` to *values*, as they stand to one another; return where they end."""
    end = at
    for index in range(at, len(lines)):
        if lines[index][:1] in (' ', '\t') and lines[index].strip():
            end = index + 1
        elif lines[index].strip():
            break
    inner = [line.expandtabs().rstrip() for line in lines[at:end]]
    margin = min((len(line) - len(line.lstrip()) for line in inner if line), default=0)
    values += [line[margin:] for line in inner]
    return end


def _read_yaml(lines: Sequence[str], at: int, written: Written) -> int:
    end = next((i for i in range(at, len(lines)) if lines[i].startswith('---')), None)
    if end is None:  # what stands below a blank line is then body
        message = "the option block has no closing '---'; close it, or write ':name: value'"
        written.lost.append(Lost(message=message, index=at - 1))
        end = next((i for i in range(at, len(lines)) if not lines[i].strip()), len(lines))
    while at < end:
        start = at
        match = _YAML.match(lines[at].strip())
        at += 1
        if match is None:
            if lines[start].strip() and not lines[start].lstrip().startswith('#'):
                written.lost.append(Lost(message="this line of the option block is no 'name: value'", index=start))
            continue
        values = [(match['value'] or '').strip()]
        further = (' ', '\t') if values[0] else (' ', '\t', '-')  # entries of a list need no indentation
        while at < end and lines[at][:1] in further and lines[at].strip():
            values.append(lines[at].strip())
            at += 1
        _add(written, match['name'], values, start, markdown=True)
    return end + 1


def _add(written: Written, name: str, values: list[str], index: int, markdown: bool) -> None:
    if values[0] in _SCALAR and len(values) > 1:
        joint = '\n' if values[0].startswith('|') else ' '
        value = joint.join(values[1:])
    elif len(values) > 1 and not values[0] and all(value.startswith('- ') for value in values[1:]):
        value = ', '.join(_scalar(value[2:].strip()) for value in values[1:])
    else:
        value = ' '.join(value for value in values if value)
        value = _scalar(value) if markdown else value
    name = _option_name(name)
    if name in written.options:
        message = f"':{name}:' is given twice and the first one counts; write one ':{name}:' with both values"
        written.lost.append(Lost(message=message, index=index))
    else:
        written.options[name] = WrittenOption(value=value, index=index)


def _option_name(name: str) -> str:
    return name.strip().replace(' ', '-').replace('_', '-').lower()


def _scalar(value: str) -> str:
    """Drop the quotes of a value that is quoted as a whole, as YAML does."""
    match = _QUOTED.fullmatch(value)
    if match is None:
        return value
    return match['double'].replace('\\"', '"') if match['single'] is None else match['single'].replace("''", "'")


def _find_misplaced(lines: Sequence[str], at: int, written: Written, known: Collection[str], markdown: bool) -> None:
    """Find options that became text because they stand below other text, or have no space before their value.

    Options of what is nested are indented in reST and fenced in MyST.
    """
    fence = ''
    while at < len(lines):
        if markdown and (mark := _FENCE.match(lines[at])):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not lines[at][mark.end() :].strip():
                fence = ''
        match = None if fence or lines[at][:1] != ':' else _OPTION.match(lines[at]) or _GLUED.match(lines[at])
        if match and (name := _option_name(match['name'])) in known:
            value = ' '.join((match['value'] or '').split())[:60]
            where = 'write' if match.re is _GLUED else 'move it up, directly below the first line, as'
            message = f"':{name}:' is read as text, not as an option; {where} ':{name}: {value}'"
            written.lost.append(Lost(message=message, index=at))
        at += 1
