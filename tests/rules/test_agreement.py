"""DN408 and DN409, and what columns are compared by; whole notes are in ``cases/``."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.rules.columns import columns_in, differences, facts
from tests.support import Said, check, findings, note, said


def modified(*parts: Said, name: str = 'jobs', **options: str) -> Said:
    return said('entity', name, *parts, change='modified', **options)


def column(declared: str, **options: str) -> Said:
    return said('field', declared, **{'change': 'add', **options})


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        ('bool', 'BOOLEAN'),
        ('int', 'integer'),
        ('varchar(20)', 'character varying(20)'),
        ('varchar(20)', 'text'),
        ('int(11)', 'int(4)'),
        ('numeric( 10, 2 )', 'decimal(10,2)'),
        ('numeric(10,2)', 'numeric'),
        ('timestamp with time zone', 'timestamptz'),
        ('json', 'jsonb'),
        ('string', 'uuid'),
        ('number', 'bigint'),
        ('OrderState', 'text'),
        ('enum(a, b)', 'text'),
        ('', 'text'),
    ],
)
def test_types_that_do_not_contradict_each_other(one: str, other: str) -> None:
    assert differences(facts(one, None, None), facts(other, None, None)) == []


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        ('int', 'bigint'),
        ('int', 'text'),
        ('varchar(20)', 'varchar(40)'),
        ('numeric(10,2)', 'numeric(12,2)'),
        ('date', 'timestamp'),
        ('text', 'text[]'),
        ('uuid', 'char(36)'),
    ],
)
def test_types_that_contradict_each_other(one: str, other: str) -> None:
    assert differences(facts(one, None, None), facts(other, None, None)) == [
        'type' if one.partition('(')[0] != other.partition('(')[0] else 'size'
    ]


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        ('false', 'off'),
        ('0', 'false'),
        ("'open'", 'open'),
        ("'open'::text", 'open'),
        ('now()', 'CURRENT_TIMESTAMP'),
        ('1.50', '1.5'),
        ('gen_random_uuid()', 'uuid_generate_v4()'),
        ('that of the queue', 'open'),
    ],
)
def test_defaults_that_do_not_contradict_each_other(one: str, other: str) -> None:
    assert differences(facts(None, one, None), facts(None, other, None)) == []


@pytest.mark.parametrize(('one', 'other'), [('false', 'true'), ('0', '5'), ('open', 'new'), ('null', '0'), ("''", 'x')])
def test_defaults_that_contradict_each_other(one: str, other: str) -> None:
    assert differences(facts(None, one, None), facts(None, other, None)) == ['default']


def test_nullability_is_compared_where_both_say_it() -> None:
    assert differences(facts(None, None, True), facts(None, None, False)) == ['nullability']
    assert differences(facts(None, None, True), facts(None, None, None)) == []


@pytest.mark.parametrize(
    ('text', 'only', 'expected'),
    [
        ('Alembic adds `state: text` (default `open`).', None, [('.state', ['text', 'default open'])]),
        ('It runs. Then it adds `a: int` and `b: int`.', None, [('.a', ['int']), ('.b', ['int'])]),
        ('The migration adds the new column with default value `true`', 'state', [('.state', ['default true'])]),
        ('The migration adds the new column with default value `true`', None, []),
        ('Creates the table and adds the column with its default of 3', 'state', [('.state', ['default 3'])]),
        ('Adds `state`, then changes `b` (not null)', None, [('.state', []), ('.b', ['not null'])]),
        ('It adds `Jobs.state` with its default of 1 and more', None, [('jobs.state', ['default 1'])]),
        ('`state` defaults to `open`', None, [('.state', ['default open'])]),
        ('`state` is filled', None, []),
    ],
)
def test_columns_that_a_migration_declares(text: str, only: str | None, expected: list[tuple[str, list[str]]]) -> None:
    found = columns_in(text, only)
    assert [
        (f'{told.table or ""}.{told.name}', [fact.shown for fact in told.facts.values()]) for told in found
    ] == expected


class TestDN409:
    def test_the_message_names_both(self) -> None:
        migration = said('migration', 'Add `state` (default `new`)')
        (found,) = findings('DN409', note('n', modified(column('state: text', default='open')), migration))
        assert (found.item, [at.line for at in found.related]) == ('n-field-jobs-state', [7])
        assert found.message == (
            "jobs.state is default open here, and migration 'Add `state` (default `new`)' makes it default new; "
            'correct one of them'
        )

    def test_a_column_that_two_tables_have_is_left_alone(self) -> None:
        tables = [modified(column('state: text', default='open'), name=name) for name in ('jobs', 'runs')]
        assert check('DN409', note('n', *tables, said('migration', 'Add `state` (default `new`)'))) == []

    def test_a_column_that_goes_may_come_back_as_it_likes(self) -> None:
        migration = said('migration', 'Drop state', body='The downgrade adds `state: text`.')
        assert check('DN409', note('n', modified(column('state: int', change='drop')), migration)) == []

    def test_the_new_column_means_nothing_where_there_are_two(self) -> None:
        entity = modified(column('a: int', default='0'), column('b: int', default='0'))
        assert check('DN409', note('n', entity, said('migration', 'Adds the new column with default `1`'))) == []

    def test_its_table_before_a_dot_tells_which_of_two_is_meant(self) -> None:
        tables = [modified(column('factor: int', default='1'), name=name) for name in ('Sensor', 'Reading')]
        stated = note('n', *tables, said('migration', 'Add `Reading.factor` with its default of 0 and `Sensor.factor`'))
        assert check('DN409', stated) == [('DN409', 'Reading.factor')]

    def test_the_new_column_is_one_of_a_table_that_exists(self) -> None:
        new = said('entity', 'runs', said('field', 'id: int', change='add'), change='new')
        entity = modified(column('left: int', default='3'))
        migration = said('migration', 'Create runs and add the column with its default of 5')
        assert check('DN409', note('n', new, entity, migration)) == [('DN409', 'jobs.left')]

    def test_each_column_is_a_finding(self) -> None:
        entity = modified(column('a: int'), column('b: int'))
        stated = note('n', entity, said('migration', 'Add `a: text` and `b: text`'))
        assert check('DN409', stated) == [('DN409', 'jobs.a'), ('DN409', 'jobs.b')]

    def test_the_body_counts_and_another_migration_does_not(self) -> None:
        entity = modified(column('state: text'), column('colour: text'))
        spoken = said('migration', 'Extend', entities='jobs.state', body='It adds `state: int`.')
        assert check('DN409', note('n', entity, spoken)) == [('DN409', 'jobs.state')]
        other = said('migration', 'Add `runs.state: int`', entities='runs.state')
        runs = modified(column('state: int'), name='runs')
        assert check('DN409', note('n', entity, runs, other, said('migration', 'Add `colour`'))) == []

    def test_nullable_at_first_is_fine_only_where_it_ends_not_null(self) -> None:
        def stated(title: str, nullable: str) -> list[tuple[str, str | int]]:
            entity = modified(column('state: text', nullable=nullable))
            return check('DN409', note('n', entity, said('migration', title)))

        assert stated('Add `state` (nullable), fill it, then set it not null', 'no') == []
        assert stated('Add `state` (nullable)', 'no') == [('DN409', 'jobs.state')]
        assert stated('Add `state` (not null)', 'yes') == [('DN409', 'jobs.state')]

    @pytest.mark.parametrize(
        ('first', 'second', 'is_reported'),
        [
            ({}, {}, True),
            ({'change': 'add'}, {'change': 'modify'}, False),
            ({'change': 'modify'}, {'change': 'modify'}, True),
            ({'release': '1'}, {'release': '2'}, False),
        ],
    )
    def test_two_statements_of_one_column(
        self, first: dict[str, str], second: dict[str, str], is_reported: bool
    ) -> None:
        entities = modified(column('state: int', **first)), modified(column('state: text', **second))
        assert check('DN409', note('n', *entities)) == ([('DN409', 'jobs.state')] if is_reported else [])

    def test_how_a_table_is_today_is_no_contradiction_to_what_it_becomes(self) -> None:
        today = said('entity', 'jobs', said('field', 'state: int'), change='existing')
        later = said('entity', 'jobs', said('field', 'state: text', change='modify'), change='modified')
        assert check('DN409', note('n', today, later)) == []

    def test_fields_of_requests_are_no_columns(self) -> None:
        requests = [said('endpoint', 'POST /x', column(f'a: {type_}'), change='changed') for type_ in ('int', 'text')]
        assert check('DN409', note('n', *requests)) == []


class TestDN408:
    OTHER = note('a', said('entity', 'jobs', said('field', 'state: text'), change='new'))

    @pytest.mark.parametrize(
        'migration',
        [
            said('migration', 'Extend', entities='jobs', kind_='expand'),
            said('migration', 'Clean', entities='jobs.state', kind_='contract'),
            said('migration', 'Index', entities='jobs', kind_='index'),
            said('migration', 'Alter jobs', entities='jobs'),
            said('migration', 'M', body='It alters the table `jobs`.'),
            said('migration', 'M', body='It adds `colour` to `jobs`.'),
            said('migration', 'M', body='It drops `state` from `jobs`.'),
            said('migration', 'M', body='It adds an index on the `jobs` table.'),
        ],
    )
    def test_a_migration_that_alters_what_another_note_declares(self, migration: Said) -> None:
        assert check('DN408', self.OTHER, note('b', migration)) == [('DN408', migration.argument)]

    @pytest.mark.parametrize(
        'migration',
        [
            said('migration', 'Import', entities='jobs', kind_='data'),
            said('migration', 'Fill', entities='jobs'),
            said('migration', 'Add rows', entities='jobs', backfill='from the log'),
            said('migration', 'M', body='It reads `jobs`.'),
            said('migration', 'M', body='It adds rows to `jobs`.'),
            said('migration', 'M', body='It adds a foreign key from `run_id` to `jobs`.'),
            said('migration', 'M', body='It adds `colour`. Nothing happens to `jobs`.'),
            said('migration', 'M', body='It alters `jobs`.', kind_='backfill'),
            said('migration', 'Alter users, which `jobs` reads'),
        ],
    )
    def test_a_migration_that_only_reads_or_fills_it(self, migration: Said) -> None:
        assert check('DN408', self.OTHER, note('b', migration)) == []

    def test_what_this_note_declares_is_fine(self) -> None:
        migration = said('migration', 'Alter', entities='jobs.state, jobs', kind_='expand')
        whole = said('entity', 'jobs', change='modified', body='Other states.')
        assert check('DN408', self.OTHER, note('b', whole, migration)) == []
        part = said('entity', 'jobs', said('field', 'colour: text', change='add'), change='modified')
        assert check('DN408', self.OTHER, note('b', part, migration)) == [('DN408', 'Alter')]

    def test_what_no_note_declares_is_dn211(self) -> None:
        assert check('DN408 DN211', note('b', said('migration', 'Alter users', entities='users'))) == [
            ('DN211', 'Alter users')
        ]
