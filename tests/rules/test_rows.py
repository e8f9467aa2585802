"""DN402 and DN406: the words and places that answer them, one by one; whole notes are in ``cases/``."""

from __future__ import annotations

import pytest

from tests.support import Said, check, note, said

CODES = 'DN402 DN406'
STATE = said('field', 'state: text', change='add', nullable='no')
UNIQUE = said('constraint', 'unique on email', change='add')


def modified(*parts: Said) -> Said:
    return said('entity', 'jobs', *parts, change='modified')


def migration(title: str = 'Alter jobs', **options: str) -> Said:
    return said('migration', title, **{'entities': 'jobs', **options})


class TestDN402:
    @pytest.mark.parametrize(
        'carrier',
        [
            migration(kind_='backfill'),
            migration(kind_='data'),
            migration(backfill='from the log'),
            migration(body='Existing jobs are open.'),
            migration(body='Then we populate the column.'),
            migration(body='Updates all rows.'),
            migration('Alter jobs, default open'),
            said('rollout-step', 'Set state of the jobs that ended', action='backfill'),
        ],
    )
    def test_a_default_or_backfill_of_the_migration_counts(self, carrier: Said) -> None:
        assert check(CODES, note('n', modified(STATE), carrier)) == []

    @pytest.mark.parametrize(
        'carrier',
        [
            migration(backfill='none'),
            migration(backfill='No backfill needed'),
            migration(backfill='Backfill is not required'),
            migration(body='A backfill is not needed.'),
            migration(body='Runs without a backfill. Writes go on.'),
            migration(body='Reads `backfill`.'),
            migration(kind_='expand'),
        ],
    )
    def test_saying_that_there_is_none_does_not(self, carrier: Said) -> None:
        assert check(CODES, note('n', modified(STATE), carrier)) == [('DN402', 'jobs.state')]

    @pytest.mark.parametrize(
        'column',
        [
            said('field', 'state: text', change='add', nullable='no', body='Defaults to that of the queue.'),
            said('field', 'state: text', change='add', nullable='no', body='Filled from the log.'),
            said('field', 'id: bigserial', change='add', nullable='no'),
            said('field', 'total: integer', change='add', nullable='no', body='Generated from the lines.'),
            said('field', 'state: text', change='add', nullable='yes'),
            said('field', 'state: text', change='add'),
            said('field', 'state: text', change='drop', nullable='no'),
            said('field', 'state: text', change='add', nullable='no', incomplete=True),
        ],
    )
    def test_a_column_that_has_values_or_may_be_null_or_is_not_fully_read_is_left_alone(self, column: Said) -> None:
        assert check(CODES, note('n', modified(column))) == []

    def test_a_backfill_of_another_column_does_not_count(self) -> None:
        other = migration('Fill colour', entities='jobs.colour', kind_='backfill')
        entity = modified(STATE, said('field', 'colour: text', change='add'))
        assert check(CODES, note('n', entity, migration('Add state'), other)) == [('DN402', 'jobs.state')]

    def test_a_table_that_the_note_itself_creates_is_empty(self) -> None:
        assert check(CODES, note('n', said('entity', 'jobs', change='new'), modified(STATE))) == []

    def test_a_column_that_becomes_not_null_is_dn406(self) -> None:
        column = said('field', 'state', change='modify', nullable='no')
        assert check(CODES, note('n', modified(column), migration())) == [('DN406', 'jobs.state')]


class TestDN406:
    @pytest.mark.parametrize(
        'answer',
        [
            'Duplicates are removed before.',
            'Orphans go first.',
            'It is validated later.',
            'The addresses are already unique.',
            'The table is empty.',
            'Backfilled from the orders.',
        ],
    )
    def test_words_of_the_constraint_or_the_migration_answer(self, answer: str) -> None:
        part = said('constraint', 'unique on email', change='add', body=answer)
        assert check(CODES, note('n', modified(part), migration('Add the unique constraint'))) == []
        assert check(CODES, note('n', modified(UNIQUE), migration('Add the unique constraint', body=answer))) == []

    def test_a_check_of_another_column_does_not_answer(self) -> None:
        steps = said('rollout-step', 'Verify the phone numbers', action='verify')
        stated = note('n', modified(UNIQUE), migration('Add the unique constraint'), steps)
        assert check(CODES, stated) == [('DN406', 'jobs unique on email')]

    @pytest.mark.parametrize(
        'parts',
        [
            (said('field', 'a: int', change='add', default='0'), said('constraint', 'check on a', change='add')),
            (said('field', 'a: int', change='add', default='null'), said('constraint', 'unique on a', change='add')),
            (said('field', 'a: int', change='add'), said('constraint', 'unique on a, b', change='add')),
            (said('constraint', 'no_overlap', change='add', kind_='check'),),
            (said('constraint', 'index on b', change='add'),),
            (said('constraint', 'primary key on b', change='add'),),
        ],
    )
    def test_constraints_that_no_row_can_break_or_whose_columns_are_not_told(self, parts: tuple[Said, ...]) -> None:
        assert check(CODES, note('n', modified(*parts), migration('Alter everything'))) == []

    def test_a_unique_constraint_over_a_new_filled_column_and_an_old_one(self) -> None:
        parts = (said('field', 'a: int', change='add', default='0'), said('constraint', 'unique on a, b', change='add'))
        stated = note('n', modified(*parts), migration('Add a and the unique constraint'))
        assert check(CODES, stated) == [('DN406', 'jobs unique on a, b')]

    def test_a_changed_type_with_not_null_counts_where_somebody_says_so(self) -> None:
        column = said('field', 'state: varchar(20)', change='modify', nullable='no')
        assert check(CODES, note('n', modified(column), migration('Widen state'))) == []
        assert check(CODES, note('n', modified(column), migration('Set state not null'))) == [('DN406', 'jobs.state')]
        spoken = said('field', 'state: varchar(20)', change='modify', nullable='no', body='Becomes mandatory.')
        assert check(CODES, note('n', modified(spoken), migration('Widen state'))) == [('DN406', 'jobs.state')]
