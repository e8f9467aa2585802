"""What an author typed becomes a typed value, or a complaint that says what is accepted. Nothing here raises."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sphinxcontrib_designnote.diagnostics import SourceLocation, did_you_mean, quote
from sphinxcontrib_designnote.model.identity import METHODS, http_target
from sphinxcontrib_designnote.model.records import Ignore, Value
from sphinxcontrib_designnote.model.schema import ArgumentType, Kind, Option, ValueType

_TRUE = frozenset({'true', 'yes', 'on', 'enabled'})
_FALSE = frozenset({'false', 'no', 'off', 'disabled'})
_CODE = re.compile(r'``([^`]{1,2000})``')
_OPENING, _CLOSING = '([{', ')]}'


def split_names(text: str) -> tuple[str, ...]:
    """Split at commas and line ends outside brackets and code spans; strip, and drop what is empty."""
    return tuple(name for part in _split(text) if (name := part.strip()))


def _split(text: str) -> Iterator[str]:
    if not any(c in text for c in '([{`'):
        yield from re.split(r'[,\n]', text)
        return
    start, depth, code = 0, 0, False
    for position, character in enumerate(text):
        if character == '`':
            code = not code
        elif code:
            continue
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(depth - 1, 0)
        elif character in ',\n' and not depth:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def read_ignore(text: str, at: SourceLocation) -> tuple[Ignore, ...]:
    """Read ``DN301 (reason), DN501 (reason)``, which stands *at* a place; a reason may hold commas."""
    found = []
    for name in split_names(text):
        rule, _, reason = name.partition('(')
        found.append(Ignore(rule=rule.strip(), reason=reason.rstrip().removesuffix(')').strip(), location=at))
    return tuple(found)


#: How a comment must be written that silences a rule.
IGNORE_EXAMPLE = 'designnote: ignore DN301 reason'
#: How a comment begins that is meant to silence rules.
IGNORES = re.compile(r'design-?note(?:\s*:|\s+ignore\b)', re.IGNORECASE)
_IGNORE = re.compile(r'design-?note ?:? ?(?P<verb>[\w-]*) ?:? ?(?P<rest>.*)', re.IGNORECASE)
_RULE = re.compile(r'[A-Z]{2,10}\d+\b')


def ignore_of_comment(text: str, at: SourceLocation) -> tuple[Ignore, ...] | str:
    """Read a comment that begins as :data:`IGNORES` says; return what it silences, or what is wrong with it.

    Of one rule the reason may stand without parentheses: ``designnote: ignore DN301 public, by design``.
    """
    words = ' '.join(text.split())
    match = _IGNORE.match(words)
    verb, rest = (match['verb'], match['rest']) if match else ('', '')
    rule, _, reason = rest.partition(' ')
    if verb.casefold() != 'ignore' or not rule:
        what = f'{verb!r} is nothing that a comment may ask for' if verb and verb.casefold() != 'ignore' else ''
        return f"{what or f'{quote(words)} names no rule'}; write '{IGNORE_EXAMPLE}'"
    names = list(split_names(rest))
    if rule.endswith(',') or not reason or reason.startswith('('):
        if not any(' ' in name.partition('(')[0].strip() for name in names):
            return read_ignore(rest, at)
    elif not any(_RULE.match(name) for name in names[1:]):
        return (Ignore(rule=rule.rstrip(':'), reason=reason.lstrip('-–—: '), location=at),)
    return f"{quote(rest)} names several rules; write each reason in parentheses: 'DN301 (reason), DN501 (reason)'"


def read_date(text: str) -> datetime.date | None:
    """Read ``YYYY-MM-DD``, and no other ISO form."""
    if not re.fullmatch(r'[0-9]{4}-[0-9]{2}-[0-9]{2}', text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def unquote(text: str) -> str:
    """Drop the backticks around a name that is written as code."""
    return text[1:-1].strip() if len(text) > 2 and text[0] == text[-1] == '`' and '`' not in text[1:-1] else text


def _single_backticks(text: str) -> str:
    """Write code as Markdown and the export do, where an author wrote it as reST does."""
    return _CODE.sub(r'`\1`', text) if '``' in text else text


def _read_names(text: str) -> tuple[str, ...]:
    """Read a comma list; the brackets of a YAML list, and the quotes of its entries, do not count."""
    names = split_names(text)
    if len(names) == 1 and text[0] == '[' and text[-1] == ']':
        names = tuple(re.sub(r'^(["\'])(.+)\1$', r'\2', name) for name in split_names(text[1:-1]))
    return tuple(unquote(name) for name in names)


def read_value(option: Option, written: str) -> tuple[Value | None, str | None]:
    """Read the value of *option*.

    :return: the value, or ``None`` where nothing could be read; and the complaint, or ``None``.
    """
    text = _single_backticks(written.strip())
    kind = option.type
    nothing = f"'{option.name}' has no value; give one, or leave the option out"
    if not text:  # a boolean without a value is set, as in any directive
        return (True, None) if kind is ValueType.BOOLEAN else (None, nothing)
    if kind is ValueType.BOOLEAN or kind is ValueType.SWITCH:
        word = unquote(text).casefold()
        if word in _TRUE or word in _FALSE:
            return (word in _TRUE if kind is ValueType.BOOLEAN else 'on' if word in _TRUE else 'off'), None
        accepted = 'yes, no' if kind is ValueType.BOOLEAN else 'on, off'
        return None, f"'{option.name}' is {quote(text)}; write one of: {accepted}"
    if kind is ValueType.CHOICE:
        word = unquote(text).casefold().replace('_', '-').replace(' ', '-')
        if word in option.values:
            return word, None
        hint = did_you_mean(word, option.values)
        return None, f"'{option.name}' is {quote(text)}{hint}; write one of: {', '.join(option.values)}"
    if kind is ValueType.DONE and unquote(text).casefold() in _TRUE:
        return True, None
    if kind in (ValueType.DATE, ValueType.DONE):
        if (date := read_date(unquote(text))) is not None:
            return date, None
        return None, f"'{option.name}' is {quote(text)}, which is no day of the calendar; write it as 2027-06-30"
    if kind is ValueType.NAMES or kind is ValueType.REFERENCES:
        names = _read_names(text)
        return (names, None) if names else (None, nothing)
    if kind is ValueType.STATE:
        word = unquote(text).casefold()
        return ('on' if word in _TRUE else 'off' if word in _FALSE else text), None
    if kind is ValueType.CODE:
        return unquote(text), None
    return text, None


@dataclass(frozen=True, kw_only=True, slots=True)
class Argument:
    """What the argument of a directive says."""

    #: The natural key, before its owner's is put before it.
    key: str
    title: str
    fields: dict[str, Value] = field(default_factory=dict)


_CONSTRAINT = re.compile(
    r'(?P<kind>unique index|index|unique|foreign[- ]key|check|primary[- ]key)(?: constraint)? '
    r'(?:on|to) (?P<columns>.+)',
    re.IGNORECASE | re.DOTALL,
)


def read_argument(kind: Kind, written: str) -> tuple[list[Argument], str | None]:
    """Read the argument of a directive of *kind*.

    :return: one reading, or several where one line states several items (``GET, POST /x``), never none;
        and the complaint, or ``None``. An absent argument is the caller's to report.
    """
    text = _single_backticks(' '.join(written.split()))
    if kind.argument is ArgumentType.HTTP_TARGET:
        return _read_http_target(text)
    if kind.argument is ArgumentType.OPERATION:
        target = http_target(text)
        key = f'{target.methods[0]} {target.path}' if target and len(target.methods) == 1 and not target.rest else text
        return [Argument(key=key, title=text)], None
    if kind.argument is ArgumentType.NAME:
        name = unquote(text)
        return [Argument(key=name, title=name)], None
    if kind.argument is ArgumentType.DECLARATION:
        name, _, declared = unquote(text).partition(':')
        fields: dict[str, Value] = {'type': declared.strip()} if declared.strip() else {}
        return [Argument(key=unquote(name.strip()), title=unquote(text), fields=fields)], None
    if kind.argument is ArgumentType.CONSTRAINT:
        return [_read_constraint(text)], None
    if kind.argument is ArgumentType.WORD:
        word = text.casefold().replace(' ', '-')
        argument = Argument(key=word, title=text)
        if word in kind.words or not word:
            return [argument], None
        return [
            argument
        ], f'{quote(text)} is not accepted{did_you_mean(word, kind.words)}; write one of: {", ".join(kind.words)}'
    return [Argument(key=text or kind.label, title=text)], None


def _read_http_target(text: str) -> tuple[list[Argument], str | None]:
    target = http_target(text)
    if target is None:
        word = text.partition(' ')[0].strip(',:')
        fields: dict[str, Value] = {}
        if '/' not in text:
            missing = 'no path'
        elif text.startswith('/'):
            missing, fields = 'no method', {'path': word}
        elif word.upper() in METHODS:
            missing = "no path that begins with '/'"
        else:
            fields = {'path': '/' + text.partition('/')[2].partition(' ')[0]}
            return [Argument(key=text, title=text, fields=fields)], _no_method(word)
        complaint = f"{quote(text)} has {missing}; write 'METHOD /path', for example 'POST /jobs'"
        return [Argument(key=text, title=text, fields=fields)], complaint
    complaint = ''
    if target.rest:
        complaint = f"{quote(text)} goes on after its path; write 'METHOD /path' alone, and the rest as ':purpose:'"
    elif target.unknown:
        complaint = _no_method(target.unknown[0])
    return [
        Argument(key=f'{m} {target.path}', title=f'{m} {target.path}', fields={'method': m, 'path': target.path})
        for m in target.methods
    ], complaint or None


def _no_method(word: str) -> str:
    return f'{quote(word)} is no HTTP method{did_you_mean(word, METHODS)}; write one of: {", ".join(METHODS)}'


def _read_constraint(text: str) -> Argument:
    match = _CONSTRAINT.fullmatch(text)
    if match is None:
        return Argument(key=unquote(text), title=text)
    kind = match['kind'].casefold().replace(' ', '-')
    listed = match['columns'].strip()
    listed = listed[1:-1] if listed.startswith('(') and listed.endswith(')') else listed
    columns = tuple(unquote(column) for column in split_names(listed.replace(' and ', ', ')))
    kind = 'unique' if kind == 'unique-index' else kind
    return Argument(key=f'{kind} on {", ".join(columns)}', title=text, fields={'kind': kind, 'columns': columns})
