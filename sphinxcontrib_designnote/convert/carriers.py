"""The plain words that state what a directive states: for each kind several forms, the most natural first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from sphinxcontrib_designnote.convert.entries import Entry
from sphinxcontrib_designnote.convert.places import Place
from sphinxcontrib_designnote.convert.stating import options_of
from sphinxcontrib_designnote.convert.writing import CannotWriteError
from sphinxcontrib_designnote.grammar.changes import spelled_change
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import Kind, ValueType

#: A statement and the parts that stand in its directive, each with what is left of its body.
Told = tuple[Draft, Sequence[tuple[Draft, Sequence[str]]], Sequence[str]]
#: Level of tests to the label above them.
LEVELS: Mapping[str, str] = {
    'unit': 'Unit tests',
    'integration': 'Integration tests',
    'contract': 'Contract tests',
    'e2e': 'End-to-end tests',
    'manual': 'Manual tests',
    'load': 'Load tests',
    'security': 'Security tests',
    'migration': 'Migration tests',
}
_WORD = re.compile(r'[A-Za-z_]\w*')
_NOUNS = {'table': 'table', 'collection': 'collection', 'topic': 'topic', 'schema': 'schema'}
_ON_COLUMNS = re.compile(r'(?P<kind>[a-z -]+?) on (?P<columns>.+)', re.IGNORECASE)


def options_below(draft: Draft, change: str | None, skip: Sequence[str] = ()) -> list[Entry]:
    """Return the options of *draft* as ``Key: value`` entries.

    :param change: the change that its place tells anyway.
    :param skip: options that are said elsewhere.
    """
    entries: list[Entry] = []
    for name, value in options_of(draft):
        if name in skip or (name == 'change' and value == spelled_change(draft.kind, change)):
            continue
        label = name.replace('-', ' ').capitalize()
        option = draft.kind.options[name]
        if '\n' in value:
            fence = '```' if '```' not in value else '````'
            entries.append(Entry(text=f'{label}:', body=[fence, *value.split('\n'), fence]))
        elif option.type is ValueType.CODE and '`' not in value and value == value.strip():
            entries.append(Entry(text=f'{label}: `{value}`'))
        else:
            entries.append(Entry(text=f'{label}: {value}'))
    if 'change' in draft.kind.options and draft.change is None and change is not None:
        entries.append(Entry(text='Change: –'))
    return entries


def carriers(told: Told, place: Place, change: str | None) -> Iterator[list[Entry]]:
    """Yield the forms in which *told* may stand at *place*; none where the kind has none of its own.

    :param change: the change that the place implies.
    """
    draft = told[0]
    yield from _CARRIERS.get(draft.kind.name, _titled)(told, change)


def _endpoint(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, parts, body = told
    head = draft.argument.title
    purpose = draft.fields.get('purpose')
    for style in ('friendly', 'strict'):
        inside = [_field(part, rest, style) for part, rest in parts]
        below = options_below(draft, change, ('purpose',) if style == 'friendly' else ())
        if purpose is None and body:
            below.append(Entry(text='Purpose: –'))
        text = f'{head} - {purpose}' if style == 'friendly' and purpose else head
        yield [Entry(text=text, children=[*below, *inside], body=list(body))]


def _field(draft: Draft, body: Sequence[str], style: str, *, of_entity: bool = False) -> Entry:
    verb = {'add': 'Add', 'modify': 'Change', 'drop': 'Drop' if of_entity else 'Remove'}.get(draft.change or '', '')
    skip: list[str] = ['change']
    if draft.kind.name == 'constraint':
        return _constraint(draft, body, verb or 'Add')
    facts: list[str] = []
    if style == 'friendly':
        default = draft.fields.get('default')
        if isinstance(default, str) and re.fullmatch(r'[\w.-]+', default):
            facts.append(f'default: {default}')
            skip.append('default')
        if 'nullable' in draft.fields:
            facts.append('nullable' if draft.fields['nullable'] else 'not null')
            skip.append('nullable')
    if draft.change == 'rename':
        old, name = draft.fields.get('renamed_from'), draft.argument.key
        text = f'Rename {"" if of_entity else "field "}`{old}` to `{name}`'
        skip.append('renamed-from')
    elif verb:
        text = f'{verb} `{draft.argument.title}` field'
    else:
        text = f'`{draft.argument.title}`' if of_entity else f'New field `{draft.argument.title}`'
    if facts:
        text += f' ({", ".join(facts)})'
    below = options_below(draft, None, skip)
    if not verb and draft.change is None and not of_entity:
        below.append(Entry(text='Change: –'))
    return Entry(text=text, children=below, body=list(body))


def _constraint(draft: Draft, body: Sequence[str], verb: str) -> Entry:
    match = _ON_COLUMNS.fullmatch(draft.argument.title)
    if match is not None:
        columns = ', '.join(f'`{column.strip("` ()")}`' for column in match['columns'].split(','))
        text = f'{verb} {match["kind"]} on {columns}'
    else:
        text = f'{verb} index `{draft.argument.title}`'
    below = options_below(draft, None, ['change'])
    if draft.change is None:
        below.append(Entry(text='Change: –'))
    return Entry(text=text, children=below, body=list(body))


def _entity(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, parts, body = told
    name, kind = draft.argument.title, draft.fields.get('kind')
    for style in ('friendly', 'strict'):
        inside = [_field(part, rest, style, of_entity=True) for part, rest in parts]
        if _WORD.fullmatch(name):
            noun = _NOUNS.get(str(kind), 'table')
            skip = ('kind',) if noun != 'table' else ()
            below = options_below(draft, change, skip)
            yield [Entry(text=f'{name} {noun}:', mark='', is_bold=True, children=[*below, *inside], body=list(body))]
        below = options_below(draft, change)
        yield [Entry(text=f'`{name}`', children=[*below, *inside], body=list(body))]


def _named(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, parts, body = told
    inside = [_field(part, rest, 'strict') for part, rest in parts]
    purpose = draft.fields.get('purpose')
    if isinstance(purpose, str):
        below = options_below(draft, change, ('purpose',))
        yield [Entry(text=f'`{draft.argument.title}` - {purpose}', children=[*below, *inside], body=list(body))]
    below = options_below(draft, change)
    yield [Entry(text=f'`{draft.argument.title}`', children=[*below, *inside], body=list(body))]
    yield [Entry(text=draft.argument.title, children=[*below, *inside], body=list(body))]


def _flag(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    change = change or 'new'
    default = draft.fields.get('default')
    if default is not None:
        below = options_below(draft, change, ('default',))
        yield [Entry(text=f'`{draft.argument.title}` (default: {default})', children=below, body=list(body))]
    below = options_below(draft, change)
    yield [Entry(text=f'`{draft.argument.title}`', children=below, body=list(body))]


def _titled(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    yield [Entry(text=draft.argument.title, children=options_below(draft, change), body=list(body))]


def _consideration(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    if len(body) == 1 and not body[0].startswith((' ', '-', '*', '`', '.', ':')):
        below = options_below(draft, change)
        text = re.sub(r'``([^`]+)``', r'`\1`', body[0])
        yield [Entry(text=f'{draft.argument.title}: {text}', children=below)]
    yield from _titled(told, change)


def _event(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    for text in (f'`{draft.argument.title}`', f'Log {draft.argument.title}', draft.argument.title):
        yield [Entry(text=text, children=options_below(draft, change or 'new'), body=list(body))]


def _alternative(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    for entries in _titled(told, change):
        yield [Entry(text='Alternatives considered:', mark='', children=entries)]
    bold = Entry(text=draft.argument.title, lead=draft.argument.title, children=options_below(draft, change))
    bold.body = list(body)
    yield [Entry(text='Alternatives considered:', mark='', children=[bold])]


def _migration(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    title = draft.argument.title
    below = options_below(draft, change)
    yield [Entry(text=f'{title}.', mark='', children=below, body=list(body))]
    yield [Entry(text=title, mark='', children=below, body=list(body))]
    yield [Entry(text=title, mark='', is_bold=True, children=below, body=list(body))]


def _test(told: Told, change: str | None) -> Iterator[list[Entry]]:
    draft, _, body = told
    level = draft.fields.get('level')
    if isinstance(level, str):  # in front, so that no label above counts
        below = options_below(draft, change, ('level',))
        yield [Entry(text=f'{level.capitalize()}: {draft.argument.title}', children=below, body=list(body))]
    yield from _titled(told, change)


def _refused(told: Told, change: str | None) -> Iterator[list[Entry]]:
    raise CannotWriteError(told[0].kind.name)


_CARRIERS: Mapping[str, Callable[[Told, str | None], Iterator[list[Entry]]]] = {
    'endpoint': _endpoint,
    'entity': _entity,
    'interface': _named,
    'feature-flag': _flag,
    'audit-event': _event,
    'security-consideration': _consideration,
    'alternative': _alternative,
    'migration': _migration,
    'test-case': _test,
    'field': _refused,
    'constraint': _refused,
    'rollout-step': _refused,
}


def step_of(draft: Draft, body: Sequence[str], number: int) -> Entry:
    """Return the numbered entry that states a step of a rollout."""
    done = draft.fields.get('done') is True
    below = options_below(draft, None, ('done',) if done else ())
    text = f'[x] {draft.argument.title}' if done else draft.argument.title
    return Entry(text=text, mark=f'{number}.', children=below, body=list(body))


def case_of(draft: Draft, body: Sequence[str]) -> Entry:
    """Return the entry that states a test."""
    return Entry(text=draft.argument.title, children=options_below(draft, None), body=list(body))


def is_own_kind(kind: Kind) -> bool:
    """Whether items of *kind* have a form of their own in a plain note."""
    return bool(kind.slots)
