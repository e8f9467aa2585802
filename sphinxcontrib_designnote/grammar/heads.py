"""The head of what is said of a table: its name, what happens to it, and what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, unmarked
from sphinxcontrib_designnote.grammar.changes import change_behind, change_in, first_change, without_change
from sphinxcontrib_designnote.grammar.clauses import parts_of_bullet
from sphinxcontrib_designnote.grammar.columns import looks_like_type, read_parts
from sphinxcontrib_designnote.grammar.reading import Context

NOUN = r'(?:tables?|entit(?:y|ies)|models?|objects?|schemas?|collections?|topics?|relations?|class)\b'


_STOP = (
    r'(?:the|an?|new|existing|this|that|each|every|no|our|database|db|following|one|two|three|all|these|both|existing'
    r'|data|domain|in|on|to|of|for|with|and|or|are|is|as|by|from|modified|changed|added|removed|index|column|field|it'
    r'|add|adds|create|creates|modify|modifies|change|changes|drop|remove|introduce|introduces|extend|update|alter'
    r'|get|gets|have|has|will|else|otherwise|example|examples|note|notes|contains|described|defined|following|primarykeyconstraint|core|main|join|lookup|pivot|several|some|other|related|dedicated|separate|single)'
)


NAME = rf'(?:`(?P<code>[\w.-]{{1,100}})`|(?P<word>(?!(?i:{_STOP})\b)[A-Za-z_]\w{{0,100}}))'


_LEAD = (
    r'(?:(?:we\s+)?(?P<verb>add|adds|added|create|creates|introduce|introduces|modify|modifies|modified|change|changes|changed|drop|drops'
    r'|remove|removes|removed|extend|extends|extended|update|updates|updated|alter|alters|new|deleted?|rename)s?\s+)?'
    r'(?:(?:the|an?|new|existing|our|database|db|core|join|lookup|dedicated|separate|postgres(?:ql)?)\s+){0,4}'
)


#: ``New table `jobs` ``, and ``Deployment table``.
_NOUN_FIRST = re.compile(rf'(?i:{_LEAD}(?:{NOUN})\s*(?:named\s+|called\s+|[:–-]\s*)?){NAME}')


_NOUN_LAST = re.compile(rf'(?i:{_LEAD}){NAME}\s+(?P<noun>(?i:{NOUN}))')


_CODE_FIRST = re.compile(
    rf'(?i:{_LEAD})`(?P<code>[A-Za-z_][\w-]{{0,100}})`(?P<word>(?!))?(?=\s*(?:$|[:(,–—]|-\s|\s(?i:is|stores|holds|keeps|gets)\b))'
)


_WORD_ALONE = re.compile(r'(?P<code>(?!))?(?P<word>[A-Za-z_][\w]{0,100})(?=\s*(?:$|[:(–—]|-\s))')


_KINDS = {'collection': 'collection', 'topic': 'topic', 'schema': 'schema'}


_LEAD_NAME = re.compile(r'[A-Za-z_]\w{0,100}')


_AFTER_NAME = re.compile(r'\s*(?:$|[:(,.–—]|-\s|(?:with|for|to|is|table|model)\b)')


_NOT_A_NAME = re.compile(rf'(?i:{_STOP}|{NOUN}|columns?|fields?|indexes|index|note|notes|why|new|migration)')


_SEPARATOR = re.compile(r'\s*(?:[:–—]|-{1,2}(?=\s))+\s*')


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """An entity as the beginning of a text names it."""

    name: str
    change: str | None
    #: What stands behind it.
    rest: str
    kind: str = ''
    #: It is called a table or the like.
    noun: bool = False


def head_of(text: str, block: Block, context: Context) -> Head | None:
    """Return the head of a statement about a table; ``None`` where it names none."""
    rest, change = without_change(unmarked(text))
    label = block.form in (Form.HEADING, Form.BOLD) or bool(block.lead)
    match = _NOUN_FIRST.match(rest) or _NOUN_LAST.match(rest)
    if match and not match['code'] and match.re is _NOUN_FIRST and not _AFTER_NAME.match(rest[match.end() :]):
        match = None  # "the model contains": a word of a sentence
    if match is None and block.lead and _LEAD_NAME.fullmatch(block.lead) and not _NOT_A_NAME.fullmatch(block.lead):
        behind = text[len(block.lead) :] if text.startswith(block.lead) else ''
        told = change or change_behind(behind)[1] or ('changed' if _GETS.match(behind) else None)
        return Head(name=block.lead, change=told, rest=_SEPARATOR.sub('', behind, count=1).lstrip(' ,'))
    if match is None and (label or block.form is not Form.PARAGRAPH or _is_changed(rest)):
        match = _CODE_FIRST.match(rest)
        if match is None and (label or not block.text.rstrip().endswith('.')):
            match = _WORD_ALONE.match(rest)
            if match and not label and not _is_name(match['word'], rest[match.end() :], block):
                match = None
    if block.form is Form.PARAGRAPH and not (match and _may_declare(match, block)):
        only = _ONLY_NAME.fullmatch(text) if block.children else None
        if only is None or (only['end'] == '.' and not re.search(rf'(?i)\b{NOUN}', text)):
            return None
        return Head(name=only['name'], change=_change_told(text), rest='')
    if match is None:
        return None
    if looks_like_type(match['code'] or match['word']):
        return None
    verb = match.groupdict().get('verb')
    noun = (match.groupdict().get('noun') or match[0]).casefold()
    behind, marked = change_behind(rest[match.end() :])
    behind, marked_before = _noun_behind(behind)
    kind = next((kind for word, kind in _KINDS.items() if word in noun), '')
    if change is None and re.search(r'\bnew\b', match[0], re.IGNORECASE):
        change = 'new'
    elif change is None and block.form is Form.PARAGRAPH and _GETS.match(rest[match.end() :]):
        change = 'changed'
    if change is None and (word := re.match(r'\s*,\s*(\w+)\s*:?\s*$', behind)):
        change = change_in(word[1])
    if change is None and re.match(r'\s+(?:table\s+)?is\s+(?:created|added|introduced)\b', rest[match.end() :]):
        change = 'new'
    verb_change = (
        first_change(verb) if verb and (match['code'] is None or 'table' in noun or not behind.strip()) else None
    )
    return Head(
        name=match['code'] or match['word'],
        change=change or marked or marked_before or verb_change,
        rest=_SEPARATOR.sub('', behind, count=1) if _SEPARATOR.match(behind) else behind.strip(),
        kind=kind,
        noun=re.search(rf'(?i)\b{NOUN}', match[0]) is not None,
    )


def _change_told(text: str) -> str | None:
    """Return what a sentence above a list says of its entity; one that "gets two columns" is there already."""
    return (
        'new'
        if re.search(r'(?<!no )\bnew\b(?!\s+(?:columns?|fields?|index))', text[:LIMIT], re.IGNORECASE)
        else 'changed'
    )


#: ``Two columns of `users` change:``, above a list or table.
_ONLY_NAME = re.compile(r'[^`]{0,300}`(?P<name>[A-Za-z_][\w-]{0,100})`[^`]{0,200}(?P<end>[:.])\s*')


def _may_declare(match: re.Match[str], block: Block) -> bool:
    """Whether a paragraph that begins with an entity declares it: in bold, above a list, or "add a table `x`"."""
    above_list = bool(block.children) and block.text.rstrip().endswith(':')
    behind = match.string[match.end() :]
    gets = bool(match['code']) and (_GETS.match(behind) is not None or _is_changed(match.string))
    return bool(block.lead) or above_list or gets or bool(match['code'] and match.groupdict().get('verb'))


def _noun_behind(text: str) -> tuple[str, str | None]:
    """Drop a noun that follows the name, and a change in parentheses behind it."""
    match = re.match(rf'\s+(?:{NOUN})', text, re.IGNORECASE)
    return change_behind(text[match.end() :]) if match else (text, None)


def _is_name(word: str, rest: str, block: Block) -> bool:
    """Whether a word at the beginning of a bullet is the name of an entity: something is said of it, or below it."""
    is_spelled = '_' in word or word != word.capitalize() or rest.lstrip().startswith((':', '('))
    says = read_parts(_SEPARATOR.sub('', rest, count=1), of_entity=True) or any(
        parts_of_bullet(unmarked(child.text), child) for child in block.children
    )
    return bool(says) or (not rest.strip(' :') and (is_spelled or not block.children))


_GETS = re.compile(r'\s*(?:table\s+)?(?:gets|gains|receives|changes|loses|is\s+extended\s+by)\b', re.IGNORECASE)


#: `` `users`: add `opted_out` boolean``
_CHANGED = re.compile(
    r'`[\w.-]{1,100}`\s*(?:table)?\s*[:–—-]\s*(?:adds?|drops?|removes?|renames?|changes?|widens?|makes?)\s',
    re.IGNORECASE,
)


def _is_changed(text: str) -> bool:
    """Whether a text names a table and says what is done to it."""
    return _CHANGED.match(text) is not None
