"""Blocks in the body of a directive: options of its item, its parts, or items of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, texts
from sphinxcontrib_designnote.grammar.columns import read_parts
from sphinxcontrib_designnote.grammar.steps import derive
from sphinxcontrib_designnote.model.drafts import SAYS_NOTHING, Draft, read_drafts
from sphinxcontrib_designnote.model.identity import METHODS
from sphinxcontrib_designnote.model.records import Origin
from sphinxcontrib_designnote.model.schema import Kind

_KEY = re.compile(r'\s*(?P<key>[A-Za-z][A-Za-z -]{0,30}?)\s*:\s+(?P<value>.+)', re.DOTALL)
_CHECKBOX = re.compile(r'\s*\[(?P<mark>[ xX])\]\s+')
_ENDPOINT = re.compile(rf'(?P<subject>`?(?:{"|".join(METHODS)})\s+/[^\s`]*?`?)(?:\s*:\s+|\s+[-–—]+\s+|\s+|$)')
_ROLES = re.compile(
    r'\brequires?\s+(?:the\s+|an?\s+|at\s+least\s+)?(?P<roles>(?!authenticated\b)[A-Za-z`][\w` ,-]{0,80}?)\s+roles?\b',
    re.IGNORECASE,
)
#: ``Only agents with `support_agent` may``, ``only `admin` users can``
_ONLY_ROLES = re.compile(
    r'\bonly\s+(?:[\w-]{1,40}\s+){0,4}?(?:the\s+)?(?P<roles>`[\w.:-]{1,80}`(?:(?:,|\s+or|\s+and)\s+`[\w.:-]{1,80}`){0,5})\s+'
    r'(?:[\w-]{1,40}\s+){0,2}?(?:may|can|are allowed|is allowed)\b',
    re.IGNORECASE,
)
_ANY_USER = re.compile(r'\bany (?:role|user)\b|\b(?:authenticated|(?:logged|signed)[- ]in) users?\b', re.IGNORECASE)
_PUBLIC = re.compile(
    r'(?<!not )\bpublic\b|\bno auth(?:entication)?\b(?! change)|\bunauthenticated\b|\banonymous\b', re.IGNORECASE
)
#: Who is kept out is no public: ``unauthenticated requests get 401``.
_REFUSED = re.compile(
    r'\b(?:unauthenticated|anonymous)\b[^.;:]{0,60}\b(?:40[134]|refused|rejected|denied|blocked|forbidden)\b',
    re.IGNORECASE,
)
_NO_CHANGE = re.compile(r'\s*(?:no change|unchanged)\b', re.IGNORECASE)


def read_bullets(
    kind: Kind,
    owners: Sequence[Draft],
    bullets: Sequence[Block],
    kinds: Mapping[str, Kind],
    origin: Origin = 'directive',
) -> Iterator[tuple[Draft, Block]]:
    """Read the *bullets* of a body.

    :param kind: kind of the directive.
    :param owners: its items; none where the directive only groups what its bullets state.
    :return: each item that a bullet states, with its bullet. ``Key: value`` bullets become options of all *owners*; any
        other bullet stays what it is, text of the body.
    """
    own = kind.bullets == kind.name
    for bullet in bullets:
        taken = [_take_option(owner, bullet) for owner in owners]
        if any(taken):
            continue
        for part in _parts_of(kind, own and not owners, bullet):
            name, argument, options = part
            written = {key: (value, bullet.line) for key, value in options.items()}
            parent = None if own or not owners else owners[0]
            for draft in read_drafts(kinds[name], argument, written, bullet.location, origin=origin, parent=parent):
                for child in bullet.children:
                    _take_option(draft, child, read=options)
                derive(draft)
                below = tuple(texts(bullet.children))
                draft.body = '\n'.join((bullet.text, *below) if name == 'authorization' else below)
                draft.lines['body'] = bullet.line if name == 'authorization' or not below else bullet.children[0].line
                yield draft, bullet


def _parts_of(kind: Kind, own: bool, bullet: Block) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield kind, argument and options of what *bullet* states."""
    text = bullet.text
    options: dict[str, str] = {}
    if checkbox := _CHECKBOX.match(text):
        text = text[checkbox.end() :]
        if checkbox['mark'] != ' ' and kind.bullets == 'rollout-step':
            options['done'] = 'yes'
    if own:
        yield (kind.name, *read_authorization(text))
    elif kind.bullets and kind.bullets != kind.name:
        yield kind.bullets, text, options
    elif 'field' in kind.parts:
        for part in read_parts(text, of_entity=kind.name == 'entity'):
            yield part.kind, part.argument, part.options


def _take_option(owner: Draft, bullet: Block, read: Mapping[str, str] = {}) -> bool:
    """Read ``Key: value`` as an option of *owner*, unless its author has stated that one in the directive.

    :param read: options that the grammar has read from the words; what is stated wins.
    """
    match = _KEY.match(bullet.text)
    if match is None:
        return False
    name = '-'.join(match['key'].casefold().split())
    option = owner.kind.options.get(name)
    if option is None:
        return False
    if option.key not in owner.lines or name in read:
        if match['value'].strip() in SAYS_NOTHING:
            owner.leave_out(option, bullet.line)
        else:
            owner.set_option(name, match['value'].strip(), bullet.line)
    return True


def read_authorization(text: str) -> tuple[str, dict[str, str]]:
    """Read ``POST /x: requires editor role`` as argument and options; text without a colon is all argument."""
    if endpoint := _ENDPOINT.match(text[:LIMIT]):
        subject, statement = endpoint['subject'], text[endpoint.end() :]
    else:
        subject, colon, statement = text.partition(': ')
        if not colon or len(subject) > 80:
            return text, {}
    statement = statement[:LIMIT]
    options: dict[str, str] = {}
    if _NO_CHANGE.match(statement):
        options['change'] = 'existing'
    if roles := read_roles(statement):
        options['roles'] = ', '.join(roles)
    elif says_public(statement):
        options['public'] = 'yes'
    return subject.strip(), options


def read_roles(statement: str) -> tuple[str, ...]:
    """Read the roles that a statement of who may names; ``any`` is any authenticated user, none is nothing said."""
    if roles := _ROLES.search(statement[:LIMIT]) or _ONLY_ROLES.search(statement[:LIMIT]):
        names = re.split(r'\s*,\s*|\s+or\s+|\s+and\s+', roles['roles'].replace('`', '').strip())
        return tuple(name for name in names if name)
    return ('any',) if _ANY_USER.search(statement[:LIMIT]) else ()


def says_public(statement: str) -> bool:
    """Whether a statement of who may lets in anyone, unauthenticated."""
    head = statement[:LIMIT]
    return _PUBLIC.search(head) is not None and _REFUSED.search(head) is None
