"""Endpoints of a plain note, in every carrier that notes use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.access import SAYS_WHO, take_access
from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import (
    change_behind,
    change_in,
    change_within,
    first_change,
    without_change,
)
from sphinxcontrib_designnote.grammar.columns import read_parts
from sphinxcontrib_designnote.grammar.pairs import paired
from sphinxcontrib_designnote.grammar.reading import Context, add_text, set_option, take_option
from sphinxcontrib_designnote.grammar.roles import ROLES
from sphinxcontrib_designnote.grammar.tables import rows_of
from sphinxcontrib_designnote.grammar.targets import (
    ARROW,
    FULL,
    OR,
    VERB,
    M,
    Target,
    target_of,
    targets_in,
    targets_of_row,
)
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.identity import METHODS, clean_path, unify_parameters, without_ids
from sphinxcontrib_designnote.model.records import Value
from sphinxcontrib_designnote.model.values import Argument

HINT = "write 'POST /jobs - what it is for', or move it to another section"
_METHOD_ALONE = re.compile(rf'`?(?P<methods>(?:{M})(?:{OR}(?:{M})){{0,8}})`?(?=\s*(?:$|[:(–—]|-\s))')
#: A label that is a path, or has one in parentheses.
_LABEL_PATH = re.compile(r'(?:^[\W\d]*|\(\s*)`?(?P<path>/[\w{}/.-]{1,100})`?\s*(?:\)|:?\s*$)')
_SEPARATOR = re.compile(r'\s*(?:[:–—→=,;.]|->|=>|-{1,2}(?=\s))+\s*')
_REMOVED_BEHIND = re.compile(
    r'\W*(?:(?:is|are|was|will be|has been|to be|gets)\s+)*(?P<word>removed|deleted|dropped|retired|deprecated'
    r'|unchanged|obsoleted)\b',
    re.IGNORECASE,
)
#: What exists already does something else from now on: ``GET /jobs now also returns the owner``.
_GOES_ON = re.compile(r'\W*(?:(?:will|does|should)\s+)?(?:now|also|additionally|no longer|gains?)\b', re.IGNORECASE)
_BASE = re.compile(
    r'\b(?:under|below|beneath|prefix(?:ed)?|base\s+(?:path|url|uri|route)|relative\s+to|root(?:ed)?|base|mounted)\b'
    r'[^/`\n]{0,30}`?(?P<path>/[\w{}/.-]{1,100})',
    re.IGNORECASE,
)
_CODE_LANGUAGES = frozenset({'', 'none', 'default', 'text', 'plaintext', 'http', 'diff', 'console', 'rest', 'txt'})
_LINE_MARK = re.compile(r'\s*(?:(?P<mark>old|new|before|after|\+|-)\s*:?\s+)?', re.IGNORECASE)
_COMMENT = re.compile(r'\s*(?:#|//|--)+\s*(?P<text>.*)')
#: So many items above an example may be what it shows.
_NEAR = 500
_EXAMPLE = re.compile(r'^[ \t]*(?:curl\b|host:|\$ )|\sHTTP/[12]', re.IGNORECASE | re.MULTILINE)


def read_endpoints(blocks: Sequence[Block], context: Context) -> None:
    """Read the endpoints of a section."""
    _note_base_path(context.labels[0], context)
    read_blocks(blocks, context, _read, HINT, paired)


def _read(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_table(block, context)
    if block.form is Form.CODE:
        return _read_code(block, context)
    _note_base_path(block.text, context)
    targets = targets_in(block.text, marked=block.form is not Form.PARAGRAPH or bool(block.lead))
    if targets and not targets[0].methods and block.children and (by_method := _by_method(block, targets[0])):
        for each in by_method:
            _state(each, targets_in(each.text, marked=True), context)
        return True
    if targets and not targets[0].methods and any(map(_names_method, _near(block))):
        return False  # a path above the endpoints that begin with it
    if targets:
        _state(block, targets, context)
        return True
    if _is_detail(block, context):
        return True
    if _BASE.search(block.text[:LIMIT]) and not block.children:
        context.keep_prose(block)
        return True
    return False


#: What specifications say of the endpoint above, in bullets beside it.
_DETAIL = re.compile(
    r'\W*(?:[1-5]\d\d\b|(?:(?:normal|expected|error|http|request|response|json|url|body|query|sample|example)\b'
    r'[\w /()-]{0,60}'
    r'|params?|parameters?|returns?|description|policy|notes?|errors?)(?:\s*:|$))',
    re.IGNORECASE,
)


def _is_detail(block: Block, context: Context) -> bool:
    """Read a block beside an endpoint that says more of it: a status code, ``Response code: 200``, an option."""
    endpoints = context.last('endpoint')
    if not endpoints or block.form not in (Form.BULLET, Form.FIELD):
        return False
    if not take_option(endpoints, block):
        if not _DETAIL.match(block.text):
            return False
        add_text(endpoints, texts((block,)), block.line)
    return True


def _near(block: Block) -> Iterator[Block]:
    """Yield what stands below a block, directly or in a list below a paragraph."""
    for child in block.children:
        yield child
        if child.form is Form.PARAGRAPH:
            yield from child.children


def _names_method(block: Block) -> bool:
    targets = targets_in(block.text, marked=True)
    return bool(targets and targets[0].methods)


def _by_method(block: Block, target: Target) -> list[Block]:
    """Return what stands below a path as ``GET - show it`` with the path put in; empty where all of it is details."""
    found = [(child, match) for child in block.children if (match := _METHOD_ALONE.match(unmarked(child.text)))]
    return [
        replace(child, text=f'{match["methods"]} {target.path}{unmarked(child.text)[match.end() :]}')
        for child, match in found
    ]


def _base_of(context: Context) -> str | None:
    """Return the path that a heading or line above groups endpoints by."""
    for label in reversed(context.labels[1:]):
        if '/' in label and (match := _LABEL_PATH.search(label[:LIMIT])):
            return clean_path(match['path'].rstrip('.:'))
    return None


def _note_base_path(text: str, context: Context) -> None:
    if not context.reading.base_path and '/' in text and (match := _BASE.search(text[:LIMIT])):
        context.reading.base_path = clean_path(match['path'].rstrip('.'))


def _state(block: Block, targets: Sequence[Target], context: Context) -> None:
    """Add the endpoints of a block, and read what it says of them."""
    text = block.text
    before, rest = text[: targets[0].start], text[targets[-1].end :].strip('*~')
    rest, marked_change = change_behind(rest)
    if context.change == 'removed' and marked_change == 'deprecated':  # it has been, and goes now
        marked_change = None
    change = without_change(unmarked(before + ' '))[1] or marked_change or _verb_change(before) or change_within(rest)
    if change is None and (removed := _REMOVED_BEHIND.match(rest)):
        change = first_change(removed['word'])
    change = change or context.change or ('changed' if _GOES_ON.match(rest) else None)
    drafts: list[Draft] = []
    arrow = len(targets) == 2 and ARROW.fullmatch(text[targets[0].end : targets[1].start])
    for number, target in enumerate(targets):
        its = ('removed', 'new')[number] if arrow else change
        drafts += add_endpoint(target.methods, target.path, block, its, context)
    purpose = _SEPARATOR.sub('', rest, count=1) if _SEPARATOR.match(rest) else rest.strip()
    if purpose.startswith('(') and purpose.endswith(')'):
        purpose = purpose[1:-1]
    if change is None and block.children:  # its first detail may say it: "New. Time of the newest frame"
        told_first = without_change(unmarked(block.children[0].text))[1]
        for draft in drafts if told_first else ():
            draft.stated['change'] = told_first or ''
    fields = _fields(f'{before.strip()} field' if not purpose and '`' in before else purpose)
    if fields:
        _add_fields(fields, drafts, block, context)
    elif not purpose.strip(' .') and len(before.split()) > 2 and before.rstrip(' `*').endswith((':', '–', '—', ' -')):
        told = unmarked(before).rstrip(' `*:–—-')
        set_option(drafts, drafts[0].kind.options['purpose'], told, block.line)
    elif (purpose := take_access(drafts, ' '.join(purpose.split()), block.line)).strip(' .'):
        set_option(drafts, drafts[0].kind.options['purpose'], purpose, block.line)
        add_text(drafts, [_said_before(before)], block.line)
    _read_details(block.children, drafts, context)


def _said_before(text: str) -> str:
    """Return what stands before an endpoint besides a mark, a change, a verb and what every endpoint may be called."""
    words = ' '.join(without_change(unmarked(text + ' '))[0].split()).strip(' :–—-*`~"')
    return '' if VERB.fullmatch(words) or ROLES.get(words.casefold()) == 'path' or words == 'Request' else words


def _verb_change(before: str) -> str | None:
    """Return what the words directly before an endpoint do to it: ``Remove `` but not ``Add `x` to ``."""
    words = before.strip(' *:').casefold().split()
    others = [word for word in words[1:] if word not in ('the', 'a', 'an', 'endpoint', 'existing', 'route', 'new')]
    return first_change(before) if words and not others and '`' not in before else None


def add_endpoint(methods: Sequence[str], path: str, block: Block, change: str | None, context: Context) -> list[Draft]:
    """Add an endpoint, an item a method; one whose method is not said is kept by its path."""
    drafts: list[Draft] = []
    for method in methods or (None,):
        key = f'{method} {path}' if method else path
        fields: dict[str, Value] = {'method': method, 'path': path} if method else {'path': path}
        drafts += context.reading.add('endpoint', Argument(key=key, title=key, fields=fields), block, change=change)
    for draft in drafts:
        draft.base_path = _base_of(context)
    return drafts


def _fields(text: str) -> list[tuple[str, dict[str, str]]]:
    if '`' not in text:
        return []
    return [(part.argument, part.options) for part in read_parts(text, of_entity=False) if part.kind == 'field']


def _add_fields(
    fields: Iterable[tuple[str, dict[str, str]]], drafts: Sequence[Draft], block: Block, context: Context
) -> list[Draft]:
    added: list[Draft] = []
    for argument, options in fields:
        added += context.reading.add('field', argument, block, options=options, parent=drafts[0])
    return added


def _read_details(blocks: Sequence[Block], drafts: Sequence[Draft], context: Context) -> None:
    """Read what stands below an endpoint: options, fields of its messages, text."""
    reading = context.reading
    for block in blocks:
        if take_option(drafts, block):
            continue
        if others := _others(block):
            _state(block, others, context)
            continue
        last = reading.found[-1][0]
        own_field = [last] if last.parent is drafts[0] else []
        fields = _fields(block.text)
        below = block.children
        if fields:
            added = _add_fields(fields, drafts, block, context)
            below = tuple(child for child in below if not take_option(added, child))
            add_text(added, texts(child for child in below if child.form is Form.PARAGRAPH), block.line)
            below = tuple(child for child in below if child.form is not Form.PARAGRAPH)
        elif block.form is Form.TABLE and _read_field_table(block, drafts, context):
            continue
        elif own_field and (default := _defaults_to(block.text)):
            own_field[0].fields.setdefault('default', default)
        elif block.form is Form.PARAGRAPH and 'purpose' not in drafts[0].lines:
            if block.text.rstrip().endswith(':') or len(block.text) > LIMIT:
                add_text(drafts, [block.text], block.line)
            else:
                purpose = take_access(drafts, ' '.join(block.text.split()), block.line)
                set_option(drafts, drafts[0].kind.options['purpose'], purpose, block.line)
        elif SAYS_WHO.match(block.text) and set_option(
            drafts, drafts[0].kind.options['auth'], ' '.join(block.text.split()).rstrip('.'), block.line
        ):
            pass
        else:
            add_text(own_field or drafts, [block.text], block.line)
        if block.form is Form.TABLE:
            add_text(drafts, texts((block,)), block.line)
        elif below:
            _read_details(below, drafts, context)


def _others(block: Block) -> list[Target]:
    """Return the endpoints that a heading or line in bold below an endpoint states, beside it."""
    label = (
        block.text if block.form in (Form.HEADING, Form.BOLD) else block.lead if block.form is Form.PARAGRAPH else ''
    )
    targets = targets_in(label, marked=True) if '/' in label else []
    return targets if targets and targets[0].methods else []


_DEFAULTS_TO = re.compile(r'\bdefaults?\s+(?:to|is|value)?\s*`?(?P<value>[\w.-]{1,60})`?', re.IGNORECASE)


def _defaults_to(text: str) -> str | None:
    match = _DEFAULTS_TO.search(text[:LIMIT])
    return match['value'].rstrip('.') if match else None


def _read_field_table(table: Block, drafts: Sequence[Draft], context: Context) -> bool:
    """Read a table of parameters below an endpoint."""
    rows = list(rows_of(table, context.reading.kinds['field'], context))
    if not rows or not all(row.get('column', 'name') for row in rows):
        return False
    for row in rows:
        name, type_ = row.get('column', 'name') or '', row.get('type')
        argument = f'{name}: {type_}' if type_ else name
        said = row.get('change', 'event') or ''  # a column "Action" is one of events elsewhere
        change = first_change(said)
        (field,) = context.reading.add('field', argument, row.block, change=change, parent=drafts[0])
        for option, value in row.options:
            set_option([field], option, value, row.block.line)
        add_text([field], (*row.texts, *((said,) if change is None else ())), row.block.line)
    return True


def _read_table(table: Block, context: Context) -> bool:
    """Read a table of endpoints, an endpoint a row."""
    read = False
    for row in rows_of(table, context.reading.kinds['endpoint'], context):
        targets = targets_of_row(row.get('method'), row.get('path') or row.get('name'), row.block.cells)
        if not targets:
            if any(cell.strip(' -–—*') for cell in row.block.cells):
                context.reading.report_unread(row.block, HINT)
            continue
        read = True
        said = row.get('change') or ''
        change = (first_change(said) if len(said.split()) <= 3 else None) or context.change
        drafts = [
            draft
            for target in targets
            for draft in add_endpoint(target.methods, target.path, row.block, change, context)
        ]
        where = row.get('path', 'name')
        for option, value in row.options:
            if where is not None or FULL.search(value) is None:  # what it is, not what it is for
                set_option(drafts, option, value, row.block.line)
        path_text = row.get('path') or ''
        rest = path_text[targets[-1].end :] if row.get('method') is None else ''
        if change is None:
            words = [cell.strip(' `*') for cell in row.block.cells]
            words = [word for word in words if word not in METHODS]  # DELETE is no change
            marks = [word for word in words if ' ' not in word and first_change(word)]
            for draft in drafts if marks else ():
                draft.stated['change'] = first_change(marks[0]) or ''
        rest = rest if rest.strip() or (first_change(said) and len(said.split()) <= 3) else said
        purpose_told = next((value for option, value in row.options if option.name == 'purpose'), '')
        if change is None and (told := without_change(purpose_told)[1]):
            for draft in drafts:
                draft.stated['change'] = told
        if (purpose := _SEPARATOR.sub('', rest, count=1).strip()) and 'purpose' not in drafts[0].lines:
            set_option(drafts, drafts[0].kind.options['purpose'], purpose, row.block.line)
        add_text(drafts, row.texts, row.block.line)
    if not read:
        return _read_vertical(table, context)
    return True


def _read_vertical(table: Block, context: Context) -> bool:
    """Read a table of two columns that says ``Method | GET`` below one another."""
    rows = [row for row in (replace(table, cells=table.cells), *table.children) if len(row.cells) == 2]
    pairs = [replace(r, form=Form.FIELD, text=f'{r.cells[0]}: {r.cells[1]}', children=(), cells=()) for r in rows]
    joined = list(paired(pairs))
    if len(joined) == len(pairs) or not joined:
        return False
    read_blocks(joined, context, _read, HINT)
    return True


def _read_code(block: Block, context: Context) -> bool:
    """Read a block that lists endpoints, one a line. Example requests and code are none."""
    if block.language not in _CODE_LANGUAGES or '/' not in block.text:
        return False
    lines = block.text.split('\n')
    found: list[tuple[int, str | None, Target]] = []
    told: str | None = None  # by the comment above it
    changes: dict[int, str | None] = {}
    other = 0
    for number, line in enumerate(lines):
        mark = _LINE_MARK.match(line)
        at = mark.end() if mark else 0
        match = FULL.match(line[: at + LIMIT], at)
        if match is not None:
            found.append((number, mark['mark'] if mark else None, target_of(match)))
            changes[number] = told
        elif comment := _COMMENT.match(line):
            told = change_in(comment['text'])
        elif line.strip():
            other += 1
    if not found or _EXAMPLE.search(block.text):
        return False
    if other and (len(found) > 1 or _is_example(found[0][2], context)):
        return False
    paths = {(target.methods, target.path) for _, _, target in found}
    renamed = len(found) == 2 and len(paths) == 2 and all(mark for _, mark, _ in found)
    for number, word, target in found if len(paths) > 1 else found[:1]:
        line = lines[number]
        change = {'old': 'removed', 'before': 'removed', '-': 'removed', '+': 'new'}.get((word or '').lower())
        change = ('new' if change is None and renamed else change) if word else None
        change = change if len(paths) > 1 else None  # before and after of one endpoint
        its = replace(block, text=line, line=block.line + number, children=())
        drafts = add_endpoint(target.methods, target.path, its, change or changes[number] or context.change, context)
        behind, marked = change_behind(line[target.end :])
        for draft in drafts if marked else ():
            draft.stated['change'] = marked or ''
        purpose = re.sub(r'^\s*(?:#|//|--|[–—:→-]|->|=>)+\s*', '', behind).strip()
        if purpose:
            set_option(drafts, drafts[0].kind.options['purpose'], purpose, its.line)
    if other:
        add_text([context.reading.found[-1][0]], [block.text], block.line)
    return True


def _is_example(target: Target, context: Context) -> bool:
    """Whether a request with a body only shows what is declared elsewhere."""
    if without_ids(target.path) != target.path:
        return True
    segments = target.path.split('/')
    above = context.reading.found[-_NEAR:]
    declared = [str(draft.fields.get('path')) for draft, _ in above if draft.kind.name == 'endpoint']
    return any(
        len(segments) == len(others := unify_parameters(path).split('/'))
        and all(other in ('{}', segment) for other, segment in zip(others, segments, strict=True))
        for path in declared
    )
