"""Interfaces other than HTTP endpoints, and items of a project's own kinds, in a plain note."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import change_behind, first_change, without_change
from sphinxcontrib_designnote.grammar.columns import read_parts
from sphinxcontrib_designnote.grammar.reading import Context, add_text, pair_of, set_option, take_option, title_of
from sphinxcontrib_designnote.grammar.tables import rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import ArgumentType, Kind

_KINDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf'\b(?:{words})\b', re.IGNORECASE)
    for kind, words in {
        'event': r'events?|topics?|messages?|queues?|kafka|amqp|webhooks?|notifications?|publish(?:es)?|emits?',
        'rpc': r'g?rpcs?|protobuf|thrift|service method',
        'graphql': r'graphql|mutations?|subscriptions?|query type',
        'cli': r'cli|commands?|command[- ]line|flags? --\w+|subcommands?',
        'library': r'librar(?:y|ies)|sdk|packages?|modules?|functions?|class(?:es)?|python api|client api',
        'file': r'files?|csv|parquet|export format|import format|bucket|exports?',
        'config': r'config(?:uration)?|settings?|environment variables?|env vars?|options?|helm values?',
    }.items()
}
_CODE = re.compile(r'`(?P<name>[^`]{1,120})`')
_SEPARATOR = re.compile(r'^\s*(?:[:–—→]|->|-{1,2}(?=\s))+\s*')


def read_interfaces(blocks: Sequence[Block], context: Context) -> None:
    """Read events, calls, commands and the like."""
    reader_of(context.reading.kinds['interface'])(blocks, context)


def reader_of(kind: Kind) -> Callable[[Sequence[Block], Context], None]:
    """Return the reader of items of *kind* that no reader of their own knows: by the form of its argument."""
    hint = f"write '{_EXAMPLES.get(kind.argument, 'a title - and what it is')}', or move it to another section"

    def read(block: Block, context: Context) -> bool:
        return _read(kind, block, context, hint)

    def read_all(blocks: Sequence[Block], context: Context) -> None:
        read_blocks(blocks, context, read, hint)

    return read_all


_EXAMPLES = {ArgumentType.NAME: '`name` - what it is'}


def _read(kind: Kind, block: Block, context: Context, hint: str) -> bool:
    if block.form is Form.TABLE:
        return _read_table(kind, block, context, hint)
    text, change = without_change(unmarked(' '.join(block.text.split())))
    stated = context.last(kind.name)
    pair = pair_of(text)
    if stated and pair and kind.option_called(pair[0]) and take_option(stated, block):
        return True
    if not text or block.form is Form.CODE or block.form is Form.PARAGRAPH:
        return False
    if kind.argument is ArgumentType.NAME:
        name = _CODE.search(text[:LIMIT])
        before = text[: name.start()] if name else ''
        if name is None or len(before.split()) > 5:
            return False
        title, rest = name['name'], text[name.end() :]
        rest, marked = change_behind(rest)
        change = change or marked or (first_change(before) if len(before.split()) <= 3 else None)
        rest = _SEPARATOR.sub('', rest.strip())
    elif pair is not None and len(pair[0].split()) <= 8:
        title, rest = text.partition(':')[0], pair[1]
    else:
        if text.endswith(':') and block.children:
            return False
        title, rest = title_of(text)
    drafts = context.reading.add(kind.name, title, block, change=change or context.change)
    if kind.name == 'interface':
        if sort := interface_kind(f'{text} {" ".join(reversed(context.labels))}', title):
            set_option(drafts, kind.options['kind'], sort, block.line)
        if rest.strip(' .'):
            set_option(drafts, kind.options['purpose'], rest, block.line)
    else:
        add_text(drafts, [rest], block.line)
    for child in block.children:
        if not take_option(drafts, child) and not ('field' in kind.parts and _read_fields(child, drafts[0], context)):
            add_text(drafts, texts((child,)), child.line)
    return True


def _read_fields(block: Block, owner: Draft, context: Context) -> bool:
    """Read ``Add `order_id: uuid` field`` below an interface, with its details."""
    parts = (
        [part for part in read_parts(block.text, of_entity=False) if part.kind == 'field'] if '`' in block.text else []
    )
    for part in parts:
        fields = context.reading.add('field', part.argument, block, options=part.options, parent=owner)
        for child in block.children:
            if not take_option(fields, child):
                add_text(fields, texts((child,)), child.line)
    return bool(parts)


def interface_kind(text: str, name: str) -> str | None:
    """Return the sort of interface that a statement is about: the one whose word stands first outside its name."""
    said = text.replace(name, ' ')[:LIMIT]
    found = [(match.start(), kind) for kind, words in _KINDS.items() if (match := words.search(said))]
    return min(found)[1] if found else None


def _read_table(kind: Kind, table: Block, context: Context, hint: str) -> bool:
    reading = context.reading
    before = len(reading.found)
    for row in rows_of(table, kind, context):
        cell = row.get('name', 'event', 'path', 'step', 'flag', 'table') or next(iter(row.block.cells), '')
        name = _CODE.search(cell)
        title = name['name'] if name else ' '.join(unmarked(cell).split())
        if not title:
            reading.report_unread(row.block, hint)
            continue
        change = first_change(row.get('change') or '') or context.change
        drafts = reading.add(kind.name, title, row.block, change=change)
        sort = row.get('type')
        for option, value in row.options:
            set_option(drafts, option, value, row.block.line)
        if kind.name == 'interface' and 'kind' not in drafts[0].fields:
            found = interface_kind(' '.join((sort or '', *row.block.cells, *context.labels)), title)
            if found:
                set_option(drafts, kind.options['kind'], found, row.block.line)
        add_text(drafts, row.texts, row.block.line)
    return len(reading.found) > before
