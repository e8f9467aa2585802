"""A bullet that adds, changes, renames or drops a column, a field or an index."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_VERBS = {
    'add': 'add', 'adds': 'add', 'added': 'add', 'new': 'add', 'create': 'add', 'creates': 'add', 'introduce': 'add',
    'modify': 'modify', 'change': 'modify', 'changed': 'modify', 'alter': 'modify', 'make': 'modify', 'widen': 'modify',
    'rename': 'rename', 'renames': 'rename', 'renamed': 'rename',
    'drop': 'drop', 'drops': 'drop', 'remove': 'drop', 'removes': 'drop', 'removed': 'drop', 'delete': 'drop',
}  # fmt: skip
_VERB = re.compile(
    rf'\s*(?:\[[ xX]\]\s*)?(?P<verb>{"|".join(sorted(_VERBS, key=len, reverse=True))})\b:?\s*', re.IGNORECASE
)
_ADJECTIVES = re.compile(
    r'\s*(?:(?:a|an|the|new|optional|required|mandatory|nullable|non-null|not null)\s+)+(?=\S)', re.IGNORECASE
)
_CONSTRAINT = re.compile(
    r'(?:concurrent(?:ly)?\s+)?'
    r'(?P<kind>unique index|unique constraint|unique|index|foreign[- ]key|check|primary[- ]key)'
    r'(?:\s+constraint)?\s+(?:concurrently\s+)?(?:on|to|over)\s+(?P<rest>.+)',
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(r'`(?P<code>[^`\n]{1,300})`')
_DECLARED = re.compile(r'(?P<name>[A-Za-z_][\w$]{0,100})\s*(?::\s*(?P<type>\S.*)|\s+(?P<sql>[A-Z][A-Z]\S*.*))?$')
_ARROW = re.compile(
    r'`?(?P<old>[A-Za-z_]\w{0,100})`?\s*(?:→|->|=>|\bto\b|\binto\b|\bas\b)\s*`?(?P<new>[A-Za-z_]\w{0,100})`?'
)
_NOUN = re.compile(r'\b(?:field|column|parameter|param|property|attribute)\b', re.IGNORECASE)
_PARENTHESES = re.compile(r'\((?P<inside>[^()]{1,300})\)')
_DEFAULT = re.compile(
    r'\bdefault(?:s|ing)?(?:\s+(?:to|value))?\s*[:=]?\s*'
    r'(?P<value>`[^`]{1,100}`|\'[^\']{0,100}\'|"[^"]{0,100}"|[^\s,;)]{1,100})',
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A field or constraint as a bullet states it, in the words of the directive that would say the same."""

    kind: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)


def read_part(text: str, *, of_entity: bool) -> Part | None:
    """Read one bullet; ``None`` where it is ordinary text.

    :param of_entity: the bullet stands in an entity, where a code span alone names a column; elsewhere a verb and the
        word field, parameter or the like must stand beside it.
    """
    text = text[:2000]
    verb = _VERB.match(text)
    change = _VERBS[verb['verb'].casefold()] if verb else None
    rest = text[verb.end() :] if verb else text
    adjectives = _ADJECTIVES.match(rest)
    words = adjectives[0].casefold() if adjectives else ''
    rest = rest[adjectives.end() :] if adjectives else rest.lstrip()
    if of_entity and (constraint := _read_constraint(rest, change)):
        return constraint
    if change == 'rename':
        return _read_rename(rest)
    code = _CODE.search(rest)
    if code is None or (change is None and (not of_entity or code.start() > 0)) or code.start() > 40:
        return None
    if not of_entity and not _NOUN.search(rest[code.end() : code.end() + 40] + ' ' + rest[: code.start()]):
        return None
    declared = _DECLARED.match(code['code'].strip())
    if declared is None:
        return None
    typed = (declared['type'] or declared['sql'] or '').strip()
    options = {'change': change} if change else {}
    options |= _read_attributes(rest[code.end() :], words)
    return Part(kind='field', argument=f'{declared["name"]}: {typed}' if typed else declared['name'], options=options)


def _read_constraint(rest: str, change: str | None) -> Part | None:
    match = _CONSTRAINT.match(rest)
    if match is None or change in ('rename', 'modify'):
        return None
    columns = [code['code'] for code in _CODE.finditer(match['rest'].partition(' for ')[0])]
    if not columns:
        columns = re.findall(r'[A-Za-z_]\w{0,100}', match['rest'])[:1]
    kind = (
        match['kind']
        .casefold()
        .replace('unique constraint', 'unique')
        .replace('unique index', 'unique')
        .replace(' ', '-')
    )
    options = {'change': 'drop' if change == 'drop' else 'add'}
    if 'concurrent' in rest[:400].casefold() or re.search(r'\bonline\b', rest[:400], re.IGNORECASE):
        options['online'] = 'yes'
    return Part(kind='constraint', argument=f'{kind} on {", ".join(columns)}', options=options) if columns else None


def _read_rename(rest: str) -> Part | None:
    match = _ARROW.search(rest[:400])
    if match is None:
        return None
    return Part(kind='field', argument=match['new'], options={'change': 'rename', 'renamed-from': match['old']})


def _read_attributes(after: str, words: str) -> dict[str, str]:
    options: dict[str, str] = {}
    inside = ' '.join(m['inside'] for m in _PARENTHESES.finditer(after[:600]))
    if default := _DEFAULT.search(inside or after[:300]):
        options['default'] = default['value'].strip('`\'"')
    said = f'{words} {inside}'.casefold()
    if re.search(r'\bnot null\b|\bnon-?null(?:able)?\b', said):
        options['nullable'] = 'no'
    elif re.search(r'\bnull(?:able)?\b', said):
        options['nullable'] = 'yes'
    if re.search(r'\brequired\b|\bmandatory\b', said):
        options['required'] = 'yes'
    elif re.search(r'\boptional\b', said):
        options['required'] = 'no'
    if re.search(r'\bpii\b|\bpersonal data\b', said):
        options['pii'] = 'yes'
    return options
