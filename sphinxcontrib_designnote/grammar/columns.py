"""Bullets that add, change, rename or drop columns, fields and constraints: the grammar's row "field"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NAME = r'[^\W\d]\w{0,100}'
_CODE = r'`[^`]{1,300}`'
_INSIDE = r'(?:[^()]|\([^()]{0,60}\)){1,300}'
_AND = r'(?:, and |, | and | \+ | & )'
_NOUN = r'(?:field|column|parameter|param|property|attribute)s?\b'
_TYPE = (
    r'(?:u?(?:big|small|tiny|medium)?(?:int(?:eger)?|serial)\d{0,3}|bool(?:ean)?|(?:tiny|medium|long)?(?:text|blob)'
    r'|n?(?:var)?char2?|character|string|uuid|ulid|jsonb?|xml|numeric|decimal|number|real|float\d{0,2}|double|money'
    r'|date(?:time)?2?|time(?:stamp)?(?:tz)?|interval|year|bytea|(?:var)?binary|bit|enum|array|object'
    r'|[A-Z]\w{0,40}Field|citext|inet|cidr|tsvector|hstore|geometry|geography|vector)\b'
)
_TARGET = r'`?(?P<target>\w{1,100}(?:\.\w{1,100}){0,2}(?:\(\w{1,100}\))?)'

_VERB = re.compile(
    r'(?i)(?:(?P<add>add(?:s|ed)?|new|create[sd]?|introduce[sd]?)|(?P<rename>rename[sd]?)'
    r'|(?P<modify>modif(?:y|ies|ied)|change[sd]?|alter(?:s|ed)?|makes?'
    r'|(?:widen|narrow|shorten)(?:s|ed)?)'
    r'|(?P<drop>drop(?:s|ped)?|remove[sd]?|delete[sd]?))\b:? ?'
)
#: ``Drop not null on``: a column is changed, whatever the verb.
_ASPECT = re.compile(r'(?i)(?:the )?(?P<aspect>type|default|not null|nullability|length|size) (?:of|on|for|from) ')
#: What may stand before the first code span: words of its own, or any others up to the word column or the like.
_LEAD = re.compile(
    r'(?i)(?P<words>(?:(?:an?|the|new|optional|required|mandatory|nullable|non-null|not null|unique) ){0,5})'
    r'(?:(?P<other>(?:(?!(?:of|on|in|from|for|to|into|where|with|by|that|which|and|or|when|if|as)\b)[\w-]{1,40} ){0,3})'
    rf'(?P<noun>{_NOUN})(?: named| called)?:? )?(?=`)'
)
_SPAN = re.compile(rf'`(?P<code>[^`]{{1,300}})`(?: ?\((?P<inside>{_INSIDE})\))?')
_SEPARATOR = re.compile(_AND)
_PARENTHESES = re.compile(rf'\((?P<inside>{_INSIDE})\)')
_ANY_NOUN = re.compile(rf'(?i)\b{_NOUN}')
#: After a code span: it names no column.
_NO_COLUMN = re.compile(r'(?i) (?:unique |partial |check )?(?:index|constraint|table|rows?|values?|default$)\b')
_DECLARED = re.compile(rf'(?P<name>[^\W\d][\w$]{{0,100}})(?: ?: ?(?P<type>\S.*)| (?P<sql>(?i:{_TYPE}).*))?')
#: A type in parentheses after the name; prose that begins like one (``date of birth``) is none.
_TYPE_ALONE = re.compile(
    rf'(?i){_TYPE}(?:\([^()]{{0,60}}\)|\[\])?(?: with(?:out)? time zone)?'
    r'(?=$|[,;.]| ?[(—–]| - | (?:not|null|default|primary|pk|nullable|references|unique)\b)'
)
#: A word in parentheses that is a type which no list has: in capitals, or alone and none of the facts.
#: ``from varchar(255) to text``
_FROM_TO = re.compile(
    rf'(?i)\bfrom `?{_TYPE}(?:\([^()]{{0,60}}\))?`? (?:to|→|->) `?(?P<type>{_TYPE}(?:\([^()]{{0,60}}\)|\[\])?)'
)
#: Right behind the name of a column that changes: "to bigint".
_TO_TYPE = re.compile(rf'(?i) (?:to|into) `?(?P<type>{_TYPE}(?:\([^()]{{0,60}}\)|\[\])?)')
_ONLY_TYPE = re.compile(
    r'[A-Z][A-Z0-9_]{2,30}(?:\([^()]{0,30}\))?(?=$|[,;)])'
    r'|(?!(?i:null|nullable|optional|required|unique|new|pk|fk|primary|pii|default|on|off|yes|no|\w+ed)\b)'
    r'[A-Za-z][A-Za-z0-9_]{1,30}$'
)
_RENAME = re.compile(
    rf'(?i)(?:the )?(?:(?P<noun>{_NOUN}) `?|`)(?P<old>{_NAME})`?'
    rf'(?: ?(?P<arrow>→|->|=>) ?| to | (?:as|into) (?=`))`?(?P<new>{_NAME})\b`?'
)
_CONSTRAINT = re.compile(
    r'(?i)(?:(?:an?|the|new|composite|compound|partial|covering|concurrent(?:ly)?|gin|gist|hash|b-?tree) ){0,4}'
    r'(?P<kind>unique index|unique|index|foreign[- ]key|check|primary[- ]key)(?P<noun> constraint)?(?: concurrently)?'
    rf'(?: (?P<name>{_CODE})| {_NAME}(?= on\b))?(?: concurrently)?'
    r'(?:(?: (?:on|over) (?:the )?(?:columns? |fields? )?| ?(?=\())'
    rf'(?P<columns>\({_INSIDE}\)|{_CODE}(?:{_AND}{_CODE}){{0,15}}'
    rf'|{_NAME}(?:{_AND}{_NAME}){{0,15}}(?=$|[.;:]| ?[(—–]| (?:for|to|where|using|references)\b)|{_NAME}))?'
    rf'(?:(?: (?:to|references|referencing) | ?(?:→|->) ?){_TARGET})?'
)
_FOREIGN_KEY = re.compile(
    rf'(?i)\b(?:foreign[- ]key|fk|references)(?: to | ?(?:→|->) ?|: | )(?=`?\w{{1,100}}[.(]\w){_TARGET}'
)
_DEFAULT = re.compile(
    r'(?i)\bdefault(?:s|ing)?(?: value)?(?: of)? ?(?P<sign>[:=]|\bto\b)? ?'
    r'(?P<value>`[^`]{1,100}`|\'[^\']{0,100}\'|"[^"]{0,100}"|[^\s,;()]{1,100}(?:\([^()]{0,60}\))?)'
)
_NOT = r'(?i)(?:(?P<no>\bno(?:t|n| longer)?[ -]?)|\b)'
_FACTS = {
    'nullable': re.compile(rf'{_NOT}null(?:able)?\b'),
    'required': re.compile(rf'{_NOT}(?:required|mandatory)\b|\b(?P<optional>optional)\b'),
    'pii': re.compile(rf'{_NOT}(?:pii|personal data)\b'),
}
_PLACES = re.compile(r'(?i)\b(?:request|response|query|header|path|payload)\b')
#: Where what ``Make x ...`` makes of a column ends.
_NULLABILITY = re.compile(r'(?i),? (?:not )?null(?:able)?$')
_CLAUSE_END = re.compile(r'(?i)[,;.:(—–]|\b(?:when|if|so|for|because|where|as|and|since|unless)\b')


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A field or constraint as a bullet states it, in the words of the directive that would say the same."""

    kind: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)


def read_parts(text: str, *, of_entity: bool) -> tuple[Part, ...]:
    """Read one bullet, without its checkbox; nothing where it is ordinary text. Only its first 2000 characters count.

    :param of_entity: the bullet stands in an entity, where a code span alone names a column; elsewhere a verb and the
        word field, parameter or the like must stand beside it.
    """
    text = ' '.join(text[:2000].split())
    verb = _VERB.match(text)
    change = verb.lastgroup if verb else None
    rest = text[verb.end() :] if verb else text
    if of_entity and change in (None, 'add', 'drop') and (constraint := _read_constraint(rest, change)):
        return (constraint,)
    renames = _run(_RENAME, rest)
    if change == 'rename' or (change is None and of_entity and renames and renames[0]['arrow']):
        return tuple(
            Part(kind='field', argument=match['new'], options={'change': 'rename', 'renamed-from': match['old']})
            for match in renames
            if of_entity or renames[0]['noun'] or _ANY_NOUN.match(rest, renames[-1].end() + 1)
        )
    return tuple(_read_fields(rest, change, of_entity)) if change or of_entity else ()


def looks_like_type(text: str) -> bool:
    """Whether a text begins with the name of a type and says little else."""
    return _TYPE_ALONE.match(text.strip()) is not None


def _run(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Match *pattern* at the start of *text*, and again after each comma or ``and``."""
    found, at = list[re.Match[str]](), 0
    while match := pattern.match(text, at):
        found.append(match)
        separator = _SEPARATOR.match(text, match.end())
        at = separator.end() if separator else len(text)
    return found


def _read_constraint(rest: str, change: str | None) -> Part | None:
    if (match := _CONSTRAINT.match(rest)) is None:
        return None
    kind = match['kind'].casefold().replace(' ', '-').removesuffix('-index')
    options = {'change': change or 'add', 'kind': kind}
    name, target = match['name'], match['target'] if kind == 'foreign-key' else None
    if columns := match['columns'] or (name if kind.endswith('-key') else None):
        listed = _SEPARATOR.sub(', ', columns.replace('`', ''))
        called = match['kind'].casefold() if kind == 'unique' else kind  # a unique index is built as one
        argument = f'{called} on {listed[1:-1] if listed.startswith("(") else listed}'
    elif target:
        argument = f'{kind} referencing {_dotted(target)}'
    elif name and change and (match['noun'] or 'index' in match['kind'].casefold()):
        argument = name.strip('`')
    else:
        return None
    if target:
        options['references'] = _dotted(target)
    if re.search(r'(?i)\b(?:concurrent(?:ly)?|online)\b', rest):
        options['online'] = 'yes'
    return Part(kind='constraint', argument=argument, options=options)


def _dotted(target: str) -> str:
    """Write ``users(id)`` as ``users.id``, which is how a reference names a column."""
    return target.replace('(', '.').removesuffix(')')


def _read_fields(rest: str, change: str | None, of_entity: bool) -> Iterator[Part]:
    aspect = _ASPECT.match(rest) if change else None
    if aspect is not None:
        change, rest = 'modify', rest[aspect.end() :]
    of_type = of_entity and change == 'modify' and (aspect is None or aspect['aspect'].casefold() == 'type')
    if (lead := _LEAD.match(rest)) is None or (lead['other'] and change is None):
        return
    spans = _run(_SPAN, rest := rest[lead.end() :])
    after = rest[spans[-1].end() :] if spans else ''
    other = change in ('add', 'drop') and _NO_COLUMN.match(after)
    if other or not (of_entity or lead['noun'] or _ANY_NOUN.search(after[:40])):
        return
    words = lead['words'] + (lead['other'] or '') + (_CLAUSE_END.split(after)[0] if change == 'modify' else '')
    for span in spans:
        if (declared := _DECLARED.fullmatch(span['code'].strip())) is None:
            continue
        inside = span['inside'] or '; '.join(each['inside'] for each in _PARENTHESES.finditer(after))
        alone = (
            _TYPE_ALONE.match(inside)
            or _ONLY_TYPE.match(inside)
            or (_TYPE_ALONE.match(after.lstrip(' ,:')) if of_entity else None)
        )
        becomes = _FROM_TO.search(f'{inside}; {after}') if of_entity else None
        becomes = becomes or (_TO_TYPE.match(after) if of_type else None)
        typed = becomes['type'] if becomes else declared['type'] or declared['sql'] or (alone[0] if alone else '')
        does = change or ('modify' if becomes else None)
        name, options = declared['name'], {'change': does} if does else {}
        # "not null" may stand in the declaration, in parentheses, or in the first words behind.
        clause = _CLAUSE_END.split(after.lstrip(' ,'), maxsplit=1)[0] if of_entity else ''
        said = f'{declared["sql"] or declared["type"] or ""}; {inside}; {clause}'
        typed = _NULLABILITY.sub('', typed)
        options |= _read_facts(words, said, after)
        if not of_entity and (place := _place_of(f'{words} {said} {after[:60]}', options)):
            options['in'] = place
        yield Part(kind='field', argument=f'{name}: {typed}' if typed else name, options=options)
        if of_entity and (key := _FOREIGN_KEY.search(f'{said}; {after}')):
            options = {'change': 'drop' if change == 'drop' else 'add', 'references': _dotted(key['target'])}
            yield Part(kind='constraint', argument=f'foreign-key on {name}', options=options)


def _place_of(text: str, options: dict[str, str]) -> str | None:
    """Return where a field travels, as the words beside it tell; only what a client sends is optional or required."""
    found = _PLACES.search(text)
    return found[0].casefold() if found else 'request' if 'required' in options else None


def _read_facts(words: str, said: str, after: str) -> dict[str, str]:
    """Read options; a default in *after*, which is prose, needs a sign, quotes or a digit."""
    options: dict[str, str] = {}
    for option, fact in _FACTS.items():
        if match := fact.search(f'{words}; {said}'):
            options[option] = 'no' if match['no'] or match.groupdict().get('optional') else 'yes'
    default, prose = _DEFAULT.search(said), _DEFAULT.search(after)
    if default is None and prose and (prose['sign'] or prose['value'][0] in '`\'"-0123456789'):
        default = prose
    return options | ({'default': default['value'].strip('`\'"') or default['value']} if default else {})
