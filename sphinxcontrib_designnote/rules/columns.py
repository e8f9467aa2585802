"""What statements say of the values of a column, in forms that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.columns import Part, read_parts
from sphinxcontrib_designnote.grammar.reading import sentences
from sphinxcontrib_designnote.model.records import Item

#: Name of a type to the family of those that hold the same values. One that says too little (string, number) or is of
#: the project's own is in none.
_FAMILIES: Mapping[str, str] = {
    name: family
    for family, names in {
        'boolean': 'bool boolean',
        'smallint': 'smallint int2',
        'integer': 'int integer int4 serial',
        'bigint': 'bigint int8 bigserial',
        'decimal': 'decimal numeric',
        'float': 'float real double float4 float8 double_precision',
        'text': 'text varchar char character character_varying nvarchar varchar2 citext clob',
        'uuid': 'uuid',
        'date': 'date',
        'timestamp': 'timestamp timestamptz datetime timestamp_with_time_zone timestamp_without_time_zone',
        'json': 'json jsonb',
        'binary': 'bytea blob binary varbinary',
    }.items()
    for name in names.split()
}
_TYPE = re.compile(r'(?P<name>[a-z][a-z0-9_ ]{0,40})(?:\((?P<size>[0-9, ]{1,20})\))?(?P<array>(?:\[\]){0,3})')
_CAST = re.compile(r'::[\w ]{1,40}$')
#: A default that is a value, not an expression or words about one.
_VALUE = re.compile(r'[^\s()]{0,60}')
_NUMBER = re.compile(r'-?\d{1,15}(?:\.\d{1,15})?')
_SAME: Mapping[str, str] = {
    spelling: value
    for value, spellings in {
        'true': 'true t yes on enabled 1',
        'false': 'false f no off disabled 0',
        'null': 'null none',
        'now': 'now now() current_timestamp current_timestamp() localtimestamp getdate() sysdate',
    }.items()
    for spelling in spellings.split()
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that a statement says of a column."""

    #: Form in which it is compared.
    value: str
    #: As a message shows it.
    shown: str


#: ``type``, ``size``, ``default``, ``nullability`` to what a statement says; what it does not clearly say is absent.
Facts = Mapping[str, Fact]


def facts(type_: str | None, default: str | None, nullable: bool | None) -> Facts:
    """Return what a statement says of a column."""
    said: dict[str, Fact] = {}
    match = _TYPE.fullmatch(' '.join((type_ or '')[:100].casefold().split()))
    if match and (family := _FAMILIES.get(match['name'].strip().replace(' ', '_'))):
        said['type'] = Fact(value=family + match['array'], shown=str(type_))
        if match['size'] and family in ('text', 'decimal'):
            said['size'] = Fact(value=match['size'].replace(' ', ''), shown=str(type_))
    if default is not None and (value := _default(default)) is not None:
        said['default'] = Fact(value=value, shown=f'default {default}')
    if nullable is not None:
        word = 'nullable' if nullable else 'not null'
        said['nullability'] = Fact(value=word, shown=word)
    return said


def facts_of(column: Item) -> Facts:
    """Return what *column* says."""
    return facts(column.text('type'), column.text('default'), column.flag('nullable'))


def _default(written: str) -> str | None:
    text = _CAST.sub('', written.strip()[:200]).strip('`\'"').casefold()
    if text in _SAME:
        return _SAME[text]
    if _NUMBER.fullmatch(text):
        return _SAME.get(f'{float(text):.15g}', f'{float(text):.15g}')
    return text if _VALUE.fullmatch(text) else None


def differences(one: Facts, other: Facts) -> list[str]:
    """Return the aspects in which two statements contradict each other."""
    return [aspect for aspect in one if aspect in other and one[aspect].value != other[aspect].value]


def said_at(column: Item, aspect: str) -> SourceLocation:
    """Return where *column* says this of itself."""
    return column.at({'default': 'default', 'nullability': 'nullable'}.get(aspect, ''))


#: Where a statement on columns begins: at a verb, or at a column of which a default is told ("`state` defaults to").
_START = re.compile(
    r'\b(?:add|create|introduce|alter|change|modify|modifie|make)(?:s|d|ed)?\b|`[\w.:]{1,100}` (?:\w+ ){0,3}default',
    re.IGNORECASE,
)
_THE_COLUMN = re.compile(r'\b(?:the|a|one)?(?: |\b)(?:new )?column\b(?! `)', re.IGNORECASE)
#: The grammar of bullets knows no dots in the name of a column.
_OWNED = re.compile(r'`(?P<owner>[^\W\d]\w{0,100})\.(?=\w)')
_DOT = '__of__'
_LONGEST = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A column as the words of a migration or step declare it."""

    #: Folded name of its table, where it stands before a dot.
    table: str | None
    #: Folded.
    name: str
    facts: Facts


def columns_in(text: str, only: str | None) -> Iterator[Told]:
    """Yield the columns that *text* declares: ``adds `state: text` (default `open`)``, ``state defaults to `open` ``.

    :param only: name of the column that "the new column" means.
    """
    for sentence in sentences(text[: 10 * _LONGEST]):
        said = sentence[:_LONGEST]
        if only is not None:
            said = _THE_COLUMN.sub(f' `{only}`', said, count=1)
        said = _OWNED.sub(rf'`\g<owner>{_DOT}', ' '.join(said.split()))
        starts = [match.start() for match in _START.finditer(said)]
        for start, end in pairwise([*starts, len(said)]):
            yield from (_told(part) for part in read_parts(said[start:end], of_entity=True) if part.kind == 'field')


def _told(part: Part) -> Told:
    declared, _, type_ = part.argument.partition(': ')
    table, _, name = declared.casefold().rpartition(_DOT)
    nullable = {'yes': True, 'no': False}.get(part.options.get('nullable', ''))
    return Told(table=table or None, name=name, facts=facts(type_, part.options.get('default'), nullable))
