"""Entities, their fields and constraints in a plain note: labels with bullets, tables, SQL, classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import change_in, first_change
from sphinxcontrib_designnote.grammar.classes import IS_CLASS, read_classes
from sphinxcontrib_designnote.grammar.clauses import in_parentheses, parts_of_bullet, parts_of_statement, term_as_bullet
from sphinxcontrib_designnote.grammar.columns import Part, looks_like_type, read_parts
from sphinxcontrib_designnote.grammar.heads import NAME, NOUN, Head, head_of
from sphinxcontrib_designnote.grammar.reading import Context, add_text, set_option, take_option
from sphinxcontrib_designnote.grammar.sql import IS_SQL, LONGEST, TableChange, read_sql
from sphinxcontrib_designnote.grammar.tables import TableRow, rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft

HINT = "write '**Deployment table:**' and below it 'Add `auto_configured: boolean`', or move it to another section"
_OF_OWNER = re.compile(
    rf'\b(?:to|on|in|from|of|into)\s+(?:the\s+|existing\s+|our\s+){{0,2}}(?:`(?P<code>[\w-]{{1,100}})`'
    rf'|(?P<word>[A-Za-z_]\w{{0,100}})(?=\s+(?:{NOUN})))',
    re.IGNORECASE,
)
_DOTTED = re.compile(r'`?(?P<owner>[A-Za-z_]\w{0,100})\.(?P<field>[A-Za-z_]\w{0,100})`?')


def read_entities(blocks: Sequence[Block], context: Context) -> None:
    """Read the entities of a section."""
    read_blocks(blocks, context, _read, HINT)


def _read(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_table(block, context, None)
    if block.form is Form.CODE:
        return _read_code(block, context)
    text = ' '.join(block.text[: 4 * LIMIT].split())
    if IS_SQL.match(text.lstrip('`')):  # as code in a bullet
        return _read_code(replace(block, text=text.strip('` '), children=()), context)
    if dotted := _dotted(text):
        owner, parts, rest = dotted
        entity = _entity(owner, context, block, None)
        _settle(entity, _add_parts(parts, entity, block, context))
        add_text([context.reading.found[-1][0]], [rest, *texts(block.children)], block.line)
        return True
    if block.form in (Form.BULLET, Form.STEP) and (owned := _owned_parts(text)):
        entity = _entity(owned[0], context, block, context.change or 'changed')
        add_text(_add_parts(owned[1], entity, block, context)[:1], [_why(text, owned[1])], block.line)
        add_text([context.reading.found[-1][0]], texts(block.children), block.line)
        return True
    head = head_of(text, block, context)
    if head is None or (block.form is Form.BULLET and _is_column(block, head, context)):
        return _read_listed_fields(block, context)
    entity = _entity(head.name, context, block, head.change, head.kind)
    before = len(context.reading.found)
    _read_rest(head.rest, entity, block, context)
    _read_details(block.children, entity, context.below(block.text))
    _settle(entity, [draft for draft, _ in context.reading.found[before:]])
    return True


#: What a sentence above a list says when its entries are columns.
_FIELDS = re.compile(r'\b(?:fields|columns|attributes|properties|members)\b', re.IGNORECASE)


def _is_column(block: Block, head: Head, context: Context) -> bool:
    """Whether a bullet that begins with a name is a column: the words above say so, or nothing says that it is more."""
    if _FIELDS.search(context.labels[-1]):
        return True
    undecided = context.change is None and len(context.section.slots) > 1
    return undecided and not (head.change or head.noun or block.children or block.lead or parts_of_statement(head.rest))


def _read_listed_fields(block: Block, context: Context) -> bool:
    """Read "The object has these fields:" and the list below it: of the entity that was spoken of last."""
    above_list = block.form is Form.PARAGRAPH and block.children and _FIELDS.search(block.text[-LIMIT:])
    if not (above_list or (block.form is Form.BULLET and _FIELDS.search(context.labels[-1]))):
        return False
    named = context.last('entity')
    if not named:
        return False
    _read_details(block.children if above_list else [block], named[0], context.below(block.text))
    return True


def _settle(entity: Draft, parts: Sequence[Draft]) -> None:
    """Let an entity whose columns are said to be added, dropped or the like be a modified one."""
    own = [part for part in parts if part.parent is entity]
    own = [part for part in own if part.kind.name == 'field'] or own  # a column's foreign key adds itself
    if own and (entity.change == 'existing' or (entity.change is None and any(part.change for part in own))):
        entity.stated['change'] = 'modified'


def _dotted(text: str) -> tuple[str, list[Part], str] | None:
    """Read ``Add `users.email: text` - why`` as entity, fields and the rest."""
    match = _DOTTED.search(text[:120]) if '`' in text[:120] and '.' in text[:120] else None
    if match is None or '`' not in match[0] or '`' in text[: match.start()]:
        return None
    without_owner = text[: match.start()] + '`' + match['field'] + ('`' if match[0].endswith('`') else '')
    parts = read_parts(without_owner + text[match.end() :], of_entity=True)
    return (match['owner'], list(parts), '') if parts else None


def _owned_parts(text: str) -> tuple[str, list[Part]] | None:
    """Read ``Add `x: int` column to the `users` table``."""
    text = unmarked(text)
    parts = parts_of_statement(text) if not text.startswith('`') else ()
    if not parts or (match := _OF_OWNER.search(text[:LIMIT])) is None:
        return None
    owner = match['code'] or match['word']
    columns = {part.argument.partition(':')[0] for part in parts}
    if owner in columns or any(owner in part.argument.split() for part in parts):
        return None
    return owner, [part for part in parts if part.argument != owner]


def _entity(name: str, context: Context, block: Block, change: str | None, kind: str = '') -> Draft:
    """Return the entity that the section has spoken of under *name*, or a new one."""
    reading = context.reading
    name = name.strip('`')
    if (stated := _stated(name, context)) is not None:
        return stated
    (draft,) = reading.add(
        'entity', name, block, change=change or context.change, options={'kind': kind} if kind else None
    )
    return draft


def _stated(name: str, context: Context) -> Draft | None:
    """Return the entity that the section has spoken of under *name*."""
    return next(iter(context.last('entity', name)), None)


def _add_parts(parts: Iterable[Part], entity: Draft, block: Block, context: Context) -> list[Draft]:
    added: list[Draft] = []
    for part in parts:
        options = dict(part.options)
        added += context.reading.add(part.kind, part.argument, block, options=options, parent=entity)
    return added


def _why(text: str, parts: Iterable[Part]) -> str:
    """Return what a bullet says behind its columns: ``encrypted with the key of the practice``; no single facts.

    A code span that is no name, type or target of the *parts* belongs to it: ``replaced by `phone` ``.
    """
    read = {word for part in parts for said in (part.argument, *part.options.values()) for word in _NAMED.findall(said)}
    spans = [match.end() for match in _SPAN.finditer(text) if match['word'] in read]
    rest = ' '.join(text[spans[-1] :].split()) if spans else ''
    rest = _ASIDE.sub('', rest).strip(' .,:;–—-')
    return rest if len(rest.split()) > 2 else ''


_NAMED = re.compile(r'[\w.]+')
_SPAN = re.compile(r'`(?P<word>[\w.]++)[^`]*+`')
#: Parentheses are read by themselves, but those of a type; a noun says nothing.
_ASIDE = re.compile(
    r'\s*\((?![\d, ]{1,20}\))(?:[^()]|\([^()]{0,60}\)){0,200}\)|^\s*(?:fields?|columns?)\b', re.IGNORECASE
)


def _read_rest(rest: str, entity: Draft, block: Block, context: Context) -> None:
    """Read what stands behind an entity's name on its own line."""
    if not rest.strip(' .'):
        return
    parts = parts_of_statement(_WITH.sub('', rest))
    if parts and not rest.startswith('('):
        _add_parts(parts, entity, block, context)
    else:
        add_text([entity], [rest], block.line)


def _read_details(blocks: Sequence[Block], entity: Draft, context: Context) -> None:
    """Read what stands below an entity: columns, constraints, options, text."""
    for block in blocks:
        if block.form is Form.TABLE:
            if not _read_table(block, context, entity):
                add_text([entity], texts((block,)), block.line)
            continue
        if block.form is Form.CODE:
            if not (_read_code(block, context) or _read_columns(block, entity, context)):
                add_text([entity], [block.text], block.line)
            continue
        text = term_as_bullet(block) or unmarked(block.text)
        if dotted := _dotted(' '.join(text.split())):
            owner, named, _ = dotted
            other = _stated(owner, context)
            if other is None:  # a name with a dot in it
                named = [replace(part, argument=f'{owner}.{part.argument}') for part in named]
            _add_parts(named, other or entity, block, context)
            add_text([context.reading.found[-1][0]], texts(block.children), block.line)
            continue
        parts = (
            ()
            if block.form is Form.PARAGRAPH and '`' not in text[:80]
            else parts_of_bullet(text, block, bool(_FIELDS.search(context.labels[-1])))
        )
        if block.form is Form.HEADING and not parts and (head := head_of(text, block, context)):
            other = _entity(head.name, context, block, head.change)
            _read_details(block.children, other, context)
        elif parts:
            drafts = _add_parts(parts, entity, block, context)
            add_text(drafts[:1], [_why(text, parts)], block.line)
            for child in block.children:
                if not take_option(drafts, child):
                    add_text(drafts[:1], texts((child,)), child.line)
        elif take_option([entity], block):
            continue
        else:
            add_text([entity], [block.text], block.line)
            inner = replace(context, change=change_in(block.text) or context.change)
            _read_details(block.children, entity, inner)


#: ``with columns `a` and `b` ``
_WITH = re.compile(
    r'^(?:with|having|containing|holds|has|gets|gains|receives|is extended by)\s+'
    r'(?:the\s+)?(?:(?:columns?|fields?)\s*:?\s+)?',
    re.IGNORECASE,
)


def _read_table(table: Block, context: Context, owner: Draft | None) -> bool:
    """Read a table of entities or of fields, whichever its columns tell."""
    reading = context.reading
    before = len(reading.found)
    for row in rows_of(table, reading.kinds['field'], context):
        named = row.get('table')
        field = row.get('column') or row.get('name') or (row.get('step') if row.get('type') else None)  # "What"
        if owner is None and named is None and row.get('column') is None and not row.get('type'):
            named, field = field, None
        if named is None and owner is None:
            owner = _owner_of(table, context)
        if named is None and owner is None:
            if any(cell.strip() for cell in row.block.cells):
                reading.report_unread(row.block, HINT)
            continue
        _read_row(row, named, field, owner, context)
    return len(reading.found) > before


def _owner_of(table: Block, context: Context) -> Draft | None:
    """Return the entity that the title of a table or the label above it names."""
    heading, *labels = context.labels
    for label in (table.text, *reversed(labels), heading if '`' in heading else ''):
        if label and (head := head_of(label, replace(table, form=Form.BOLD, text=label, children=()), context)):
            return _entity(head.name, context, table, head.change)
        if label and (match := _LAST_WORD.search(label[:LIMIT])):
            return _entity(match['code'] or match['word'], context, table, None)
    return None


#: ``a wider column in report:``
_LAST_WORD = re.compile(rf'\b(?:to|on|in|of|into)\s+(?:the\s+)?{NAME}\s*:\s*$')


def _read_row(row: TableRow, named: str | None, field: str | None, owner: Draft | None, context: Context) -> None:
    change_text = row.get('change') or ''
    options = {option.name: value for option, value in row.options}
    change = first_change(change_text or options.get('change', ''))
    entity = owner
    if named is not None:
        name = _name_in(named)
        entity = _entity(name, context, row.block, change if field is None else None)
    if entity is None:
        return
    if field is not None:
        _add_field(row, field, change, options, entity, context)
        return
    parts = [part for text in (change_text, *options.values(), *row.texts) for part in read_parts(
        text.partition(': ')[2] if text in row.texts else text, of_entity=True)]  # fmt: skip
    if parts:
        _add_parts(parts, entity, row.block, context)
    told = '' if change and len(change_text.split()) == 1 else change_text
    add_text([entity], (told, *row.texts), row.block.line)


def _name_in(cell: str) -> str:
    match = re.search(r'`([\w.-]{1,100})`', cell) or re.match(r'\W*(\w[\w.-]{0,100})', cell)
    return match[1] if match else cell


def _add_field(
    row: TableRow, field: str, change: str | None, options: dict[str, str], entity: Draft, context: Context
) -> None:
    """Add a column; what its row says in words is read as a bullet would be."""
    name = unmarked(field).replace('`', '').strip()
    type_ = ' '.join((row.get('type') or '').replace('`', '').split())
    inside = '; '.join(text.partition(': ')[2] or text for text in (row.get('change') or '', *row.texts) if text)
    pieces = re.split(r'[,;]\s*', inside)
    inside = ', '.join(sorted(pieces, key=lambda piece: not looks_like_type(piece)))
    inside = in_parentheses(inside)
    renamed = re.fullmatch(r'(\w+)\s*(?:→|->|=>)\s*(\w+)', name)
    if renamed:
        name, change = renamed[2], 'changed'
        options = {'renamed-from': renamed[1], **options}
    parts = read_parts(f'`{name}` ({inside})' if inside.strip() else f'`{name}`', of_entity=True)
    facts = dict(parts[0].options) if parts and parts[0].kind == 'field' else {}
    if not type_ and parts and parts[0].argument.startswith(f'{name}: '):
        type_ = parts[0].argument.partition(': ')[2]
    argument = f'{name}: {type_}' if type_ else name
    spelled = {'new': 'add', 'changed': 'rename' if renamed else 'modify', 'removed': 'drop'}.get(change or '')
    told = facts.pop('change', None)
    spelled = spelled or told
    (draft,) = context.reading.add(
        'field', argument, row.block, options=facts | ({'change': spelled} if spelled else {}), parent=entity
    )
    for option, value in row.options:
        if option.name != 'change':
            draft.lines.pop(option.key, None)
            set_option([draft], option, value, row.block.line)
    if renamed:
        draft.fields['renamed_from'] = renamed[1]
    for part in parts[1:]:
        _add_parts([part], entity, row.block, context)
    told = row.get('change') or ''
    is_read = ' ' not in told and (first_change(told) or looks_like_type(told))
    add_text([draft], ('' if is_read else told, *row.texts), row.block.line)


def _read_code(block: Block, context: Context) -> bool:
    """Read SQL or the classes of an object mapper."""
    if IS_SQL.search(block.text):
        return _read_sql(block, context)
    changes = read_classes(block.text) if IS_CLASS.search(block.text) else []
    for change in changes:
        _add_change(change, block, context)
    return bool(changes)


def _read_sql(block: Block, context: Context) -> bool:
    """Read what a script does to tables; report each statement that cannot be read."""
    if len(block.text) > LONGEST:
        context.reading.report_unread(block, 'it is too long; split it, or write the tables as lists')
        context.keep_prose(block)
        return True
    changes, broken = read_sql(block.text)
    for change in changes:
        _add_change(change, block, context)
    lines = block.text.split('\n')
    for line in broken:
        statement = replace(block, text=lines[line].strip(), line=block.line + line)
        context.reading.report_unread(statement, 'mend the statement, or write the table as a list')
    if not changes:
        context.keep_prose(block)
    return True


def _read_columns(block: Block, entity: Draft, context: Context) -> bool:
    """Read a block that lists columns as SQL does, without the statement around them."""
    lines = [line for line in block.text.split('\n') if line.strip()]
    if not lines or not all((words := line.split(None, 1))[1:] and looks_like_type(words[1]) for line in lines[:200]):
        return False
    columns = ',\n'.join(line.rstrip(' ,') for line in block.text.split('\n'))
    for change in read_sql(f'CREATE TABLE x (\n{columns}\n)')[0]:
        for part, line in change.parts:
            _add_parts([part], entity, replace(block, line=block.line + line - 1, children=()), context)
    return True


def _add_change(change: TableChange, block: Block, context: Context) -> None:
    at = replace(block, line=block.line + change.line, children=())
    entity = _entity(change.table, context, at, change.change or context.change or 'new')
    if change.stored_as:
        set_option([entity], entity.kind.options['table'], change.stored_as, at.line)
    for part, line in change.parts:
        _add_parts([part], entity, replace(at, line=block.line + line), context)
