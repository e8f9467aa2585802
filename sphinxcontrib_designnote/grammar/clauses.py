"""The columns and constraints of a statement, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts
from sphinxcontrib_designnote.grammar.changes import first_change
from sphinxcontrib_designnote.grammar.columns import Part, looks_like_type, read_parts

#: `` `a` (int) is added, `b` is removed``
_PASSIVE = re.compile(
    r'(?P<column>`[^`]{1,200}`(?:\s?\([^()]{0,200}(?:\([^()]{0,60}\)[^()]{0,60})?\))?)\s+(?:is|are|gets?)\s+'
    r'(?:newly\s+)?(?P<verb>added|removed|dropped|deleted)\b',
    re.IGNORECASE,
)


#: ``+`locale`, -`lang` ``
_SIGNED = re.compile(r'(?P<before>^|[,;]\s*|:\s+)(?P<sign>[+−-])\s?`')


#: Where the next clause with a verb of its own begins: ``add `a`, drop `b` ``.
_CLAUSES = re.compile(
    r'(?:[,;.]|,? and)\s+(?=(?:adds?|drops?|renames?|removes?|changes?|creates?|alters?|makes?|widens?)\b)',
    re.IGNORECASE,
)


def parts_of_statement(text: str) -> list[Part]:
    """Read the columns and constraints of a statement, clause by clause."""
    passive = [
        part
        for match in _PASSIVE.finditer(text[: 5 * LIMIT])
        for part in read_parts(f'{match["verb"]} {match["column"]}', of_entity=True)
    ]
    if passive:
        return passive
    text = _SIGNED.sub(lambda m: f'{m["before"]}{"add" if m["sign"] == "+" else "drop"} `', text[: 5 * LIMIT])
    return [part for clause in _CLAUSES.split(text) for part in read_parts(clause, of_entity=True)]


def term_as_bullet(block: Block) -> str | None:
    """Write a term and its definition as the bullet that would say the same: ``number`` above ``integer, not null``."""
    term, _, told = block.text.replace('`', '').strip(' :').partition(': ')
    if block.form is not Form.BOLD or not block.children or not re.fullmatch(r'[a-z_]\w{0,100}', term):
        return None
    if any(child.form is not Form.PARAGRAPH or child.children for child in block.children):
        return None
    return f'`{term}` ({in_parentheses("; ".join(filter(None, (told, " ".join(texts(block.children))))))})'


def in_parentheses(text: str) -> str:
    """Return *text* as it may stand in parentheses behind a name."""
    text = ' '.join(text.replace('`', '').split())[:200]
    return text if text.count('(') == text.count(')') and '((' not in text else re.sub(r'[()]', ' ', text)


def parts_of_bullet(text: str, block: Block, of_fields: bool = False) -> Sequence[Part]:
    """Read a bullet below an entity; names alone, without code marks, too (``id, name, email``)."""
    if renamed := _PLAIN_RENAME.match(text):
        text = f'`{renamed["old"]}` → `{renamed["new"]}`{text[renamed.end() :]}'
    parts = parts_of_statement(text)
    if parts or block.form not in (Form.BULLET, Form.FIELD):
        return parts
    match = _PLAIN_FIELD.match(text)
    if match is None or (match['rest'].strip() and not (match['mark'] or looks_like_type(match['rest']))):
        return ()
    typed = match['mark'] == ':' and match['rest'].strip()
    rest = match['rest'].strip().removesuffix(')') if match['mark'] == '(' else match['rest']
    inside = f' ({in_parentheses(rest)})' if rest.strip() else ''
    return (
        read_parts(f'{match["verb"] or ""}`{match["name"]}`{inside}', of_entity=True)
        if not typed
        else _typed(match, of_fields)
    )


def _typed(match: re.Match[str], of_fields: bool) -> Sequence[Part]:
    """Read ``name: type, what else``."""
    type_, _, rest = match['rest'].strip().partition(',')
    if (change := first_change(type_)) and len(type_.split()) == 1:  # "old: dropped"
        return read_parts(
            f'{ {"new": "add", "removed": "drop"}.get(change, "change") } `{match["name"]}`', of_entity=True
        )
    if len(type_.split()) > 4:  # prose: a column only where the words above say that these are columns
        return read_parts(f'`{match["name"]}`', of_entity=True) if of_fields else ()
    inside = f' ({in_parentheses(rest)})' if rest.strip() else ''
    return read_parts(f'{match["verb"] or ""}`{match["name"]}: {in_parentheses(type_)}`{inside}', of_entity=True)


#: ``old → new``, ``old is renamed to new``
_PLAIN_RENAME = re.compile(
    r'`?(?P<old>[A-Za-z_]\w{0,100})(?:\s*(?:→|->|=>)\s*|\s+(?:is\s+)?renamed\s+to\s+)(?P<new>[A-Za-z_]\w{0,100})\b`?'
)


#: A column whose author marks no code: ``id uuid``, ``name: text, not null``, ``name`` alone.
_PLAIN_FIELD = re.compile(
    r'(?P<verb>(?:add|drop|remove)\s+)?(?P<name>[a-z_][a-z0-9_]{0,100}|[a-z]+[A-Z]\w{0,100})\b'
    r'\s*(?P<mark>:|[(,;–—]|-(?=\s))?(?P<rest>.*)',
    re.DOTALL,
)
