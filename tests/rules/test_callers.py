"""Who may call, by what notes say in words."""

from __future__ import annotations

from collections.abc import Set

import pytest

from sphinxcontrib_designnote.rules.callers import callers
from tests.support import Said, note, said


def roles(*items: Said, known: Set[str] = frozenset()) -> set[str]:
    return set(callers(note('n', *items).items, frozenset(known)).roles)


@pytest.mark.parametrize(
    ('auth', 'expected'),
    [
        ('Requires editor role', {'editor'}),
        ('Requires editor or admin role', {'editor', 'admin'}),
        ('Merchant-Admins', set()),
        ('merchant admin role', {'merchantadmin'}),
        ('Role `merchant-admin` or "support"', {'merchantadmin', 'support'}),
        ('`merchant-admin`', {'merchantadmin'}),
        ('an administrator role', {'admin'}),
        ('scope `jobs:write`, role of the token', set()),
        ('Same role as today', set()),
        ('Session cookie', set()),
        ('Requires authenticated user', set()),
        ('Requires authenticated user (any role)', {'any'}),
        ('All authenticated users', {'any'}),
        ('Not for the editor role', set()),
        ('Editor role, except for drafts', set()),
        ('Public', {'public'}),
        ('Public, without any check', {'public'}),
        ('Not public', set()),
        ('unauthenticated requests are rejected', set()),
    ],
)
def test_the_words_of_auth_give_roles_where_they_are_clear(auth: str, expected: set[str]) -> None:
    assert roles(said('endpoint', 'GET /jobs', change='new', auth=auth)) == expected


def test_words_may_mean_the_roles_that_the_note_names_elsewhere() -> None:
    asked = said('endpoint', 'GET /jobs', auth='For merchant admins, while on duty')
    assert roles(asked, known={'merchantadmin', 'admin'}) == {'merchantadmin'}
    assert roles(asked, known={'admin'}) == {'admin'}


def test_roles_in_options_are_one_however_they_are_spelled() -> None:
    assert roles(said('authorization', 'GET /jobs', roles='Editors, the editor role, key_admin')) == {
        'editor', 'keyadmin'
    }  # fmt: skip


@pytest.mark.parametrize('written', ['any', 'all users', 'authenticated users', 'any role'])
def test_any_user_is_any_user(written: str) -> None:
    assert roles(said('authorization', 'GET /jobs', roles=written)) == {'any'}


@pytest.mark.parametrize('written', ['public', 'Anonymous', 'unauthenticated users'])
def test_anyone_may_stand_among_roles(written: str) -> None:
    assert roles(said('authorization', 'GET /jobs', roles=written)) == {'public'}


def test_the_widest_of_several_statements_counts() -> None:
    editor = said('authorization', 'GET /jobs', roles='editor')
    anyone, public = said('authorization', 'x', roles='any'), said('authorization', 'y', public='yes')
    assert roles(editor, anyone) == {'any'}
    assert roles(editor, anyone, public) == {'public'}
