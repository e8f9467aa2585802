"""Who may call an endpoint, as far as a note says so clearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinxcontrib_designnote.grammar.bullets import read_roles, says_public
from sphinxcontrib_designnote.model.identity import stem, words_of
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.definition import NoteView

#: Any authenticated user.
ANY = 'any'
#: Anyone at all.
PUBLIC = 'public'
_ANY_WORDS = frozenset({'any', 'all', 'authenticat', 'anyauthenticat', 'allauthenticat'})
_PUBLIC_WORDS = frozenset({'public', 'anonymou', 'unauthenticat'})
_SAME = {'administrator': 'admin'}
#: Words of a role that do not tell it from others.
_SMALL = frozenset({'the', 'a', 'an', 'role', 'roles', 'user', 'users'})
_ROLE = re.compile(r'\s+roles?\b', re.IGNORECASE)
_BETWEEN = re.compile(r',|\bor\b|\band\b', re.IGNORECASE)
#: Words before "role" that name none.
_NO_ROLE = frozenset(
    {'same', 'no', 'existing', 'any', 'other', 'which', 'whose', 'requires', 'by', 'with', 'per', 'as'}
)
_QUOTED = re.compile(r'`([\w -]{1,60})`|"([\w -]{1,60})"')
_ANY_ROLE = re.compile(
    r'\b(?:any|all|every)\s+(?:roles?|users?|(?:authenticated|signed-in|logged-in)\s+users?)\b', re.IGNORECASE
)
_OTHER_WORDS = re.compile(r'\b(?:scopes?|permissions?|claims?|tokens?|headers?)\b', re.IGNORECASE)
_BUT = re.compile(r'\b(?:not|except|unless|other than|without|instead of)\b', re.IGNORECASE)
#: So many words may a role have where it stands in a text.
_WORDS = 3
_LONGEST = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Callers:
    """Who may call, by one or several statements of a note. Roles are folded: ``Admins`` and ``admin`` are one."""

    #: :data:`ANY` and :data:`PUBLIC` stand alone; empty where it is not said, or not clearly.
    roles: frozenset[str] = frozenset()
    #: Listed one by one in an option, and so all of them.
    listed: bool = False
    #: Other roles of the note that the words of the statements hold.
    spoken: frozenset[str] = frozenset()

    @property
    def named(self) -> bool:
        """Whether only some roles may."""
        return bool(self.roles) and self.roles.isdisjoint((ANY, PUBLIC))


def role_form(name: str) -> str:
    """Return what all spellings of a role have in common: ``merchant admins`` is ``merchant-admin``."""
    words = [stem(word) for word in words_of(name) if word not in _SMALL]
    form = ''.join(_SAME.get(word, word) for word in words)
    return ANY if form in _ANY_WORDS else PUBLIC if form in _PUBLIC_WORDS else form


def roles_of_note(view: NoteView) -> frozenset[str]:
    """Return the roles that the options of the note's endpoints, interfaces and authorizations name."""
    items = view.of('endpoint', 'interface', 'authorization')
    return frozenset(map(role_form, (name for item in items for name in item.names('roles')))) - {ANY, PUBLIC, ''}


def callers(items: Iterable[Item], known: frozenset[str]) -> Callers:
    """Return who may call by what *items*, endpoints or authorizations, say together.

    :param known: the roles that words may mean: see :func:`roles_of_note`.
    """
    found = [_callers(item, known) for item in items]
    clear = [each for each in found if each.roles]
    return Callers(
        roles=_widest(role for each in clear for role in each.roles),
        listed=bool(clear) and all(each.listed for each in clear),
        spoken=frozenset(role for each in found for role in each.spoken),
    )


def _widest(roles: Iterable[str]) -> frozenset[str]:
    found = frozenset(roles)
    return next((frozenset({wide}) for wide in (PUBLIC, ANY) if wide in found), found)


def _callers(item: Item, known: frozenset[str]) -> Callers:
    spoken = frozenset(role for text in _texts(item) for role in _spoken(text, known)) if known else known
    if item.says('roles'):
        roles = _widest(filter(None, map(role_form, item.names('roles'))))
        listed = item.lines.get('roles') != item.location.line
        if ANY in roles and not listed and not (_ANY_ROLE.search(item.body) and not spoken):
            roles = frozenset()  # "an authenticated user who ...": it takes more than that
        return Callers(roles=roles, listed=listed, spoken=spoken)
    if item.flag('public'):
        return Callers(roles=frozenset({PUBLIC}), spoken=spoken)
    return Callers(roles=_read((item.text('auth') or '')[:_LONGEST], spoken), spoken=spoken)


def _read(auth: str, spoken: frozenset[str]) -> frozenset[str]:
    """Return the roles that the words of ``auth`` give."""
    names = [name for name in read_roles(auth) if name != ANY] or _before_role(auth)
    if not names and not _OTHER_WORDS.search(auth) and ('role' in auth.casefold() or _QUOTED.fullmatch(auth.strip())):
        names = [one or other for one, other in _QUOTED.findall(auth)]
    roles = spoken | frozenset(filter(None, map(role_form, names)))
    if roles:
        return frozenset() if _BUT.search(auth) else _widest(roles)
    if _ANY_ROLE.search(auth):
        return frozenset({ANY})
    return frozenset({PUBLIC}) if says_public(auth) else frozenset()


def _before_role(auth: str) -> list[str]:
    """Return the roles of a text that begins with them: ``support or merchant-admin role``."""
    end = _ROLE.search(auth[:100])
    names = _BETWEEN.split(auth[: end.start()].replace('`', '')) if end else []
    words = [name.casefold().split() for name in names]
    return names if all(0 < len(each) <= _WORDS and _NO_ROLE.isdisjoint(each) for each in words) else []


def _texts(item: Item) -> Iterator[str]:
    for text in (item.title, item.body, *(item.text(name) or '' for name in ('auth', 'permission', 'scope'))):
        yield text[:_LONGEST]


def _spoken(text: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the *known* roles that *text* holds, the longest at each place: not ``admin`` in "merchant admin"."""
    words = [stem(word) for word in words_of(text)]
    words = [_SAME.get(word, word) for word in words]
    at = 0
    while at < len(words):
        longest = next((n for n in range(_WORDS, 0, -1) if ''.join(words[at : at + n]) in known), 0)
        if longest:
            yield ''.join(words[at : at + longest])
        at += longest or 1
