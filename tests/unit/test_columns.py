"""Bullets that add, change, rename or drop columns, fields and indexes (the "field" row of template-grammar.md)."""

from __future__ import annotations

import pytest

from tests.unit.make import item, page, problems


def _said(bullet: str, kind: str = 'entity', argument: str = 'T') -> list[str]:
    """Return what each part that *bullet* states says: key, change, fields."""
    note = page('n', item(kind, argument, body=f'- {bullet}'))
    assert problems(note) == []
    found = []
    for part in note.items[1:]:
        values = {name: ' '.join(value) if isinstance(value, tuple) else value for name, value in part.fields.items()}
        words = [
            f'{name}={value}' for name, value in sorted(values.items()) if (part.kind, name) != ('constraint', 'kind')
        ]
        found.append(' '.join(filter(None, (part.key.removeprefix(argument).strip(' .'), part.change, *words))))
    return found


@pytest.mark.parametrize(
    ('bullet', 'said'),
    [
        (
            'Add `auto_configured: boolean` field (default: false) to track quick deploys',
            ['auto_configured add default=false type=boolean'],
        ),
        ('`x` (BOOLEAN, nullable): why', ['x nullable=True type=BOOLEAN']),
        ('`x` (uuid, pii)', ['x pii=True type=uuid']),
        ('`x INTEGER`', ['x type=INTEGER']),
        ('`x integer`', ['x type=integer']),
        ('`x: Option<u8>`', ['x type=Option<u8>']),
        ('`x: numeric(10, 2)` (default 0)', ['x default=0 type=numeric(10, 2)']),
        ('`created_at: timestamp with time zone`', ['created_at type=timestamp with time zone']),
        ('`x`', ['x']),
        ('`x`, `y` and `z`', ['x', 'y', 'z']),
        ('Add `x` and `y` columns', ['x add', 'y add']),
        ('Add column `x`', ['x add']),
        ('Add new column `x`', ['x add']),
        ('[ ] Add `x`', ['x add']),
        ('Added: `x: int`', ['x add type=int']),
        ('Add a nullable column `x: text`', ['x add nullable=True type=text']),
        ('Add an optional `x: int`', ['x add required=False type=int']),
        ('Add `x: int` (not null, default 5)', ['x add default=5 nullable=False type=int']),
        ("Add `x: text` (default: '')", ["x add default='' type=text"]),
        ("Add `x: text` (default: 'a b')", ['x add default=a b type=text']),
        ('Add `x: bool` (default `off`)', ['x add default=off type=bool']),
        ('Add `email: text` (PII)', ['email add pii=True type=text']),
        ('Drop `x`', ['x drop']),
        ('Drop column `x`', ['x drop']),
        ('Remove the `x` field', ['x drop']),
        ('Make `x` nullable', ['x modify nullable=True']),
        ('Make `x` not null', ['x modify nullable=False']),
        ('rename `a` → `b`', ['b rename renamed_from=a']),
        ('Rename `a` to `b`', ['b rename renamed_from=a']),
        ('Rename column `a` to `b`', ['b rename renamed_from=a']),
        ('`a` → `b`', ['b rename renamed_from=a']),
        ('`a → b`', ['b rename renamed_from=a']),
        ('`a` -> `b` (clearer)', ['b rename renamed_from=a']),
    ],
)
def test_a_bullet_of_an_entity_states_columns(bullet: str, said: list[str]) -> None:
    assert _said(bullet) == said


@pytest.mark.parametrize(
    ('bullet', 'said'),
    [
        (
            'Add index on `auto_configured` for analytics queries',
            ['index on auto_configured add columns=auto_configured'],
        ),
        ('Add index on auto_configured', ['index on auto_configured add columns=auto_configured']),
        ('Index on `a` for `b` queries', ['index on a add columns=a']),
        ('Index on `a` to speed up `list` calls', ['index on a add columns=a']),
        ('Add index on `a`, `b`', ['index on a, b add columns=a b']),
        ('Add index on `a` and `b`', ['index on a, b add columns=a b']),
        ('Add index on (a, b)', ['index on a, b add columns=a b']),
        ('Add index on `(a, b)`', ['index on a, b add columns=a b']),
        ('Add index `ix_a` on `a`', ['index on a add columns=a']),
        ('Add composite index on `a`, `b`', ['index on a, b add columns=a b']),
        ('Add partial index on `a` where `b` is null', ['index on a add columns=a']),
        ('Create index concurrently on `a`', ['index on a add columns=a online=True']),
        ('Add index on `a` (online)', ['index on a add columns=a online=True']),
        ('Drop index on `a`', ['index on a drop columns=a']),
        ('Unique constraint on (`a`, `b`)', ['unique on a, b add columns=a b']),
        ('Add unique index on `a`', ['unique on a add columns=a']),
        ('Add check on `amount` (> 0)', ['check on amount add columns=amount']),
        ('Add primary key (`id`)', ['primary-key on id add columns=id']),
        (
            'Add foreign key on `user_id` to `users.id`',
            ['foreign-key on user_id add columns=user_id references=users.id'],
        ),
        ('Add foreign key on user_id to users.id', ['foreign-key on user_id add columns=user_id references=users.id']),
    ],
)
def test_a_bullet_of_an_entity_states_indexes_and_constraints(bullet: str, said: list[str]) -> None:
    assert _said(bullet) == said


def test_a_foreign_key_that_names_only_its_target_is_no_constraint_on_the_target() -> None:
    (said,) = _said('foreign key to users.id')
    assert said.endswith('add references=users.id')


def test_a_column_that_is_a_foreign_key_states_both() -> None:
    assert _said('`user_id: uuid` (foreign key to users.id)') == [
        'user_id type=uuid', 'foreign-key on user_id add columns=user_id references=users.id',
    ]  # fmt: skip


@pytest.mark.parametrize(
    'bullet',
    [
        'Existing rows keep `x`',
        'Drop not null on `x`',
        'Remove the default of `x`',
        'Rename index on `a` to `b`',
        'Change nothing else in `x`',
        'Delete rows where `x` is null',
        'Rename table a to b',
        'Some text',
        'Unique',
        'Add `references users(id)`',
    ],
)
def test_a_bullet_about_something_else_adds_or_drops_no_column(bullet: str) -> None:
    assert [said for said in _said(bullet) if {'add', 'drop', 'rename'} & set(said.split())] == []


@pytest.mark.parametrize(
    ('bullet', 'said'),
    [
        ('Add optional `use_auto_config: bool` field', ['use_auto_config add in=request required=False type=bool']),
        ('Add required `x: int` field to the request', ['x add in=request required=True type=int']),
        ('Add query parameter `x`', ['x add in=query']),
        ('Add `x` response field', ['x add in=response']),
        ('Remove field `x` from the response', ['x drop in=response']),
        ('Rename field `a` to `b`', ['b rename renamed_from=a']),
        ('If true, server re-runs the `x` field', []),
        ('Rename the endpoint as part of cleanup', []),
        ('rename this to that', []),
        ('Add support for `x`', []),
        ('Change to async', []),
        ('`x`', []),
    ],
)
def test_a_bullet_of_an_endpoint_states_a_field_only_with_a_verb_and_a_noun(bullet: str, said: list[str]) -> None:
    assert _said(bullet, 'endpoint', 'POST /x') == said


@pytest.mark.parametrize(
    'bullet', ['`x: text`' + ' and more' * 5000, '`' * 9999, 'Add `' + 'x' * 9999 + '`', 'Add ' * 9999]
)
def test_a_long_bullet_is_read_or_left_alone(bullet: str) -> None:
    assert len(_said(bullet)) < 2
