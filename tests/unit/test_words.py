"""Which words of running text may be names."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.relations.words import name_in_code, names_in_text

TEXTS = {
    'Nothing but plain words, and a sentence.': [],
    'Calls POST /x/{id}.': [('POST /x/{id}', 'POST /x/{id}')],
    'GET or HEAD /x?y=1 too': [('GET or HEAD /x?y=1', 'GET, HEAD /x')],
    'and/or /x/y, either/or': [],
    'a_b, a.b, aB, a-b, b2': [('a_b', 'a_b'), ('a.b', 'a.b'), ('aB', 'aB'), ('a-b', 'a-b'), ('b2', 'b2')],
    'Begins. Begins: Begins, but a Job': [('Job', 'Job')],
    'the users table': [('users', 'users table')],
    'the tables users, flag on': [('users', 'users table')],
    'flag beta, (beta flag).': [('beta', 'beta table'), ('beta', 'beta table')],
    'the table, a new column of its own': [],
    'stable users, table-top, tabled': [('table-top', 'table-top')],
    'src/a_b, a_b/x, me@a_b': [],
    'The Job of POST /x sets a_b.': [('Job', 'Job'), ('POST /x', 'POST /x'), ('a_b', 'a_b')],
    'e.g. this, i.e. that': [],
    f'{"a_" * 60}b, a_b': [('a_b', 'a_b')],
    'the “a_b” and Größe_x': [('a_b', 'a_b'), ('Größe_x', 'Größe_x')],
}


@pytest.mark.parametrize('text', TEXTS)
def test_names_in_text(text: str) -> None:
    assert [(text[start:end], name) for start, end, name in names_in_text(text)] == TEXTS[text]


CODES = {
    'POST /x': 'POST /x',
    'POST  /x/': 'POST /x',
    '/x/{id}?y=1': '/x/{id}',
    'users': '`users`',
    'Order  Item': '`Order Item`',
    'jobs.v1.Jobs/Start': '`jobs.v1.Jobs/Start`',
    'serve deploy --auto': '`serve deploy --auto`',
    '{"a": 1}': None,
    'f(x)': None,
    'a b c d e': None,
    '3': None,
    '': None,
    'x' * 101: None,
}


@pytest.mark.parametrize('code', CODES)
def test_name_in_code(code: str) -> None:
    assert name_in_code(code) == CODES[code]


def test_the_method_before_a_path_belongs_to_it() -> None:
    assert name_in_code('/x', 'Call POST ') == 'POST /x'
    assert name_in_code('/x', 'Call SEE ') == '/x'
    assert name_in_code('/x', 'the post ') == '/x'
    assert name_in_code('x', 'POST ') == '`x`'
