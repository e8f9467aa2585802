"""Feature flags of a plain note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import change_behind, first_change, without_change
from sphinxcontrib_designnote.grammar.reading import Context, add_text, pair_of, set_option, take_option, take_remarks
from sphinxcontrib_designnote.grammar.roles import ROLES
from sphinxcontrib_designnote.grammar.tables import rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.values import split_names

HINT = "write 'Feature flag: `name` (default: off)', or move it to another section"
#: What may stand before a flag's name.
_NAME_KEYS = frozenset({'gate', *(word for word, role in ROLES.items() if role in ('flag', 'name'))})
_NAME = r'[A-Za-z][\w.:/-]{0,100}'
_CODE = re.compile(rf'`(?P<name>{_NAME})(?:\s*[=:]\s*(?P<value>\w+))?`')
_COMPOUND = r'[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+'
_BARE = re.compile(
    rf'(?P<name>{_COMPOUND})(?![\w/])(?:\s*(?:=|:(?=\s+(?:on|off|true|false|enabled|disabled)\b))\s*(?P<value>\w+))?'
)
_WORD = re.compile(r'\b(?:flags?|toggles?|switch|gated?|gates)\b', re.IGNORECASE)
_STATE = r'(?P<state>on|off|true|false|enabled|disabled)\b'
_DEFAULT = re.compile(
    rf'\b(?:default(?:s|ing|ed)?(?:\s+(?:state|value))?|initial(?:ly)?(?:\s+(?:state|value))?|starts?|ships?)'
    rf'(?:\s+(?:to|is|as|in))?\s*[:=]?\s*["\'`*]*{_STATE}|[("\'`*\s]{_STATE.replace("state", "before")}["\'`*]*\s+'
    r'(?:by\s+default|initially|at\s+first)',
    re.IGNORECASE,
)
#: Of these words those go from the text whose meaning has been taken.
_PARENTHESES = re.compile(r'\s*\([^()]{0,200}\)')
_SEPARATOR = re.compile(r'^\s*(?:[:–—,.]|-{1,2}(?=\s))+\s*')
_REMOVE_BY = re.compile(r'\bremoved?\s+(?:by|before|until|on)\s+(?P<date>\d{4}-\d{2}-\d{2})\b', re.IGNORECASE)
_EXISTING = re.compile(r'\b(?:existing|reuses?|re-uses?|already)\b', re.IGNORECASE)
#: ``new_ui: false``, as files of settings say it.
_SETTING = re.compile(rf'["\']?(?P<name>{_COMPOUND})["\']?\s*:\s*["\']?(?P<value>\w+)["\']?\s*,?$')
_QUOTES = '"\'“”„‘’'
_STATES = frozenset({'on', 'off', 'true', 'false', 'enabled', 'disabled'})
_FILES = ('.yaml', '.yml', '.json', '.toml', '.py', '.md', '.rst', '.conf', '.ini')
#: `` `name` = `false` ``
_ASSIGNED = re.compile(rf'`\s*[=:]\s*`?{_STATE}', re.IGNORECASE)
#: A name without code marks behind ``Feature gate name:``.
_ONE_WORD = re.compile(r'(?P<name>[A-Za-z][\w.-]{2,100})\s*(?:$|[(,;])')
#: A name that says itself that it is a switch; elsewhere configuration is no flag.
_SWITCH = re.compile(r'\b(?:enable|use|allow)_\w+|\b\w+_enabled\b')
_BITS = {'0': 'off', '1': 'on'}
_NO_NAME = frozenset({'on', 'off', 'true', 'false', 'enabled', 'disabled', 'default', 'feature-flag', 'e.g'})


def read_flags(blocks: Sequence[Block], context: Context) -> None:
    """Read the flags of a section."""
    read_blocks(blocks, context, _read, HINT)


def _read(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_table(block, context)
    if block.form is Form.CODE:
        return _read_code(block, context)
    flags = context.last('feature-flag')
    pair = pair_of(block.text)
    if flags and pair and pair[0] not in _NAME_KEYS and take_option(flags, block):
        return True
    if flags and block.form is Form.BULLET and _is_beside_name(pair, context):
        add_text(flags, texts((block,)), block.line)
        return True
    text = ' '.join(unmarked(block.text)[:LIMIT].split())
    names = _names(text, block, pair, context)
    if not names:
        return False
    if block.form is Form.PARAGRAPH and all(context.last('feature-flag', name) for name, _, _ in names):
        return False
    drafts: list[Draft] = []
    rest, marked = change_behind(text[names[-1][2] :])
    for name, value, _ in names:
        drafts += _add(name, value, text, block, context, marked)
    if _DEFAULT.search(rest[:100]) and (said := _PARENTHESES.search(rest)):
        pieces = [piece for piece in split_names(said[0].strip()[1:-1]) if not _DEFAULT.search(f'({piece})')]
        kept = [each for each in pieces if not take_option(drafts, replace(block, text=each, children=()))]
        rest = rest[: said.start()] + (f' ({", ".join(kept)})' if kept else '') + rest[said.end() :]
    rest = take_remarks(drafts, rest, block.line)
    if 'remove_by' not in drafts[0].lines and (removal := _REMOVE_BY.search(rest)):
        set_option(drafts, drafts[0].kind.options['remove-by'], removal['date'], block.line)
    before = text.partition(names[0][0])[0].split()
    add_text(drafts[:1], [text if len(before) > 4 else _SEPARATOR.sub('', rest, count=1).strip()], block.line)
    _read_details(block.children, drafts, context)
    return True


def _is_beside_name(pair: tuple[str, str] | None, context: Context) -> bool:
    """Whether a bullet says more of a flag that the bullet above it has named: ``Feature gate name: X``."""
    named = pair_of(context.reading.found[-1][1].text)
    return named is not None and named[0] in _NAME_KEYS and (pair is None or pair[0] not in _NAME_KEYS)


def _names(
    text: str, block: Block, pair: tuple[str, str] | None, context: Context
) -> list[tuple[str, str | None, int]]:
    """Return the flags that a statement is about: name, value that it is set to, and where the name ends."""
    told = pair is not None and pair[0] in _NAME_KEYS
    if told and pair and (one := _ONE_WORD.match(pair[1])):
        return [(one['name'], None, len(text) - len(pair[1]) + one.end())]
    leading = _CODE.match(text)
    assigned = leading is not None and (leading['value'] or '').casefold() in _STATES
    says = told or assigned or bool(_WORD.search(text)) or bool(_DEFAULT.search(text))
    marked = block.form is not Form.PARAGRAPH
    if not (says or marked) or (context.is_mixed and not (_WORD.search(text) or _SWITCH.search(text))):
        return []
    first = _CODE.search(text)
    before = text[: first.start()] if first else ''
    if first is None or (marked and not says and len(before.split()) > 4):
        start = len(text) - len(pair[1]) if told and pair and text.endswith(pair[1]) else 0
        bare = _BARE.match(without_change(text[start:])[0].lstrip(_QUOTES))
        if bare is None or not (marked or told or _DEFAULT.search(text)) or bare['name'] in _NO_NAME:
            return []
        end = text.index(bare['name']) + len(bare[0])
        return [(bare['name'], bare['value'], end + (text[end : end + 1] in tuple(_QUOTES)))]
    if first['name'].casefold() in _NO_NAME or first['name'].endswith(_FILES):
        return []
    found = [(first['name'], first['value'], first.end())]
    for match in _CODE.finditer(text, first.end()):
        if text[found[-1][2] : match.start()].strip() not in (',', 'and', '&', '+', ', and'):
            break
        found.append((match['name'], match['value'], match.end()))
    return found


def _add(
    name: str, value: str | None, text: str, block: Block, context: Context, marked: str | None = None
) -> list[Draft]:
    change = without_change(text)[1] or marked or context.change
    if change is None:
        head = text.partition('`')[0]
        change = 'existing' if _EXISTING.search(head) else first_change(head) if len(head.split()) <= 4 else None
    drafts = context.reading.add('feature-flag', name, block, change=change)
    default = _DEFAULT.search(text)
    behind = _ASSIGNED.search(text)
    state = value or (behind and behind['state']) or (default and (default['state'] or default['before']))
    if state and state.casefold() in _STATES:
        set_option(drafts, drafts[0].kind.options['default'], state, block.line)
    if change is None:  # a note speaks of the flag that it introduces, unless it says otherwise
        for draft in drafts:
            draft.stated.setdefault('change', 'new')
    return drafts


def _read_details(blocks: Sequence[Block], drafts: Sequence[Draft], context: Context) -> None:
    for block in blocks:
        if take_option(drafts, block):
            continue
        default = _DEFAULT.search(block.text[:LIMIT])
        if default and 'default' not in drafts[0].lines:
            set_option(drafts, drafts[0].kind.options['default'], default['state'] or default['before'], block.line)
        add_text(drafts[:1], texts((block,)), block.line)


def _read_table(table: Block, context: Context) -> bool:
    reading = context.reading
    before = len(reading.found)
    for row in rows_of(table, reading.kinds['feature-flag'], context):
        cell = row.get('flag', 'name') or (row.block.cells[0] if row.block.cells else '')
        match = _CODE.search(cell) or re.fullmatch(rf'\W*(?P<name>{_NAME})(?P<value>)\W*', cell)
        if match is None:
            if any(row.block.cells):
                reading.report_unread(row.block, HINT)
            continue
        row_options = [(o, _BITS.get(v.strip(' `'), v) if o.name == 'default' else v) for o, v in row.options]
        options = {option.name: value for option, value in row_options}
        change = first_change(row.get('change') or options.pop('change', '')) or context.change
        drafts = reading.add('feature-flag', match['name'], row.block, change=change or 'new')
        for option, value in row_options:
            if option.name != 'change':
                set_option(drafts, option, value, row.block.line)
        sort, flag_type = row.get('type') or '', drafts[0].kind.options['flag-type']
        if sort.strip('` ').partition(' ')[0].casefold() in flag_type.values:  # elsewhere "Type" is that of its value
            set_option(drafts, flag_type, sort, row.block.line)
            sort = ''
        add_text(drafts, (*row.texts, sort), row.block.line)
    return len(reading.found) > before


def _read_code(block: Block, context: Context) -> bool:
    """Read ``ENV_NAME=true`` or ``new_ui: false``, one a line."""
    read, others = False, list[str]()
    for number, line in enumerate(block.text.split('\n')[:1000]):
        text = line.strip().removeprefix('export ')
        match = _SETTING.match(text[:LIMIT]) or _BARE.match(text[:LIMIT])
        whole = match is not None and not text[match.end() :].strip()
        if match and whole and (match['value'] or '').casefold() in _STATES:
            at = Block(form=Form.CODE, text=line, line=block.line + number, path=block.path, node=block.node)
            _add(match['name'], match['value'], '', at, context)
            read = True
        else:
            others.append(line)
    if read:
        add_text([context.reading.found[-1][0]], others, block.line)
    return read
