"""DN4xx."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.model.records import Note
from tests.support import Said, check, findings, note, said

DATA = 'DN401 DN407 DN410'
STATE = said('field', 'state: text', change='add')
COLOUR = said('field', 'colour: text', change='add')
INDEX = said('constraint', 'index on state', change='add', online='yes')
MODIFIED = said('entity', 'Job', STATE, change='modified')


def modified(*parts: Said) -> Said:
    return said('entity', 'Job', *parts, change='modified')


def migration(title: str, **options: str) -> Said:
    return said('migration', title, **options)


class TestDN401:
    def test_a_new_column_without_any_migration_is_reported_at_the_column(self) -> None:
        assert check(DATA, note('n', MODIFIED)) == [('DN401', 'Job.state')]

    def test_several_columns_are_one_finding_at_the_entity(self) -> None:
        (found,) = findings(DATA, note('n', modified(STATE, COLOUR)))
        assert (found.code, found.item, [at.line for at in found.related]) == ('DN401', 'n-entity-job', [4, 6])
        assert found.message == (
            "no migration covers Job.state, Job.colour; name it in the migration's ':entities:', or state one"
        )

    @pytest.mark.parametrize(('change', 'verb'), [('new', 'creates'), ('removed', 'drops')])
    def test_a_new_or_removed_entity_is_one_finding(self, change: str, verb: str) -> None:
        stated = note('n', said('entity', 'Job', said('field', 'a: int'), said('field', 'b: int'), change=change))
        assert [(f.code, f.message) for f in findings(DATA, stated)] == [
            ('DN401', f'no migration {verb} entity Job; state one that names it')
        ]

    def test_an_entity_that_is_modified_in_words_only_needs_a_migration_too(self) -> None:
        entity = said('entity', 'Job', change='modified', body='Wider names.')
        assert check(DATA, note('n', entity)) == [('DN401', 'Job')]
        assert check(DATA, note('n', entity, migration('Widen the names of `Job`'))) == []

    @pytest.mark.parametrize(
        'carrier',
        [
            migration('M', entities='Job.state'),
            migration('M', entities='Job'),
            migration('Add state'),
            migration('M', body='adds `state`'),
            migration('The migration adds the new columns'),
            migration('M', body='alters the jobs table'),
            said('rollout-step', 'Add state to jobs', action='migrate'),
            said('rollout-step', 'Run the migration', action='migrate'),
            said('rollout-step', 'Fill state', action='backfill'),
        ],
    )
    def test_a_migration_or_a_step_covers_what_it_names_or_all(self, carrier: Said) -> None:
        assert check(DATA, note('n', MODIFIED, carrier)) == []

    @pytest.mark.parametrize(
        'carrier',
        [
            migration('Add `colour` to Job'),
            migration('M', entities='Job.colour'),
            said('rollout-step', 'Add colour', action='migrate'),
        ],
    )
    def test_a_migration_that_names_another_column_covers_that_one_only(self, carrier: Said) -> None:
        assert check(DATA, note('n', modified(STATE, COLOUR), carrier)) == [('DN401', 'Job.state')]

    def test_a_migration_of_another_table_covers_nothing_here(self) -> None:
        stated = note('n', MODIFIED, said('entity', 'User', change='new'), migration('Create User', entities='User'))
        assert check(DATA, stated) == [('DN401', 'Job.state')]

    def test_a_migration_of_a_mistaken_name_is_one_finding(self) -> None:
        stated = note('n', MODIFIED, migration('M', entities='Jobb'))
        assert check(f'{DATA} DN211', stated) == [('DN211', 'M')]

    def test_an_index_besides_a_column_that_is_uncovered_is_a_finding_of_its_own(self) -> None:
        stated = note('n', modified(STATE, COLOUR, INDEX), migration('Add colour'))
        assert check(DATA, stated) == [('DN401', 'Job.state'), ('DN410', 'Job index on state')]

    def test_a_word_is_a_whole_word(self) -> None:
        stated = note('n', modified(STATE, COLOUR), migration('Add colour, understatement'))
        assert check(DATA, stated) == [('DN401', 'Job.state')]

    def test_a_column_that_two_tables_have_is_that_of_the_table_that_is_named(self) -> None:
        user = said('entity', 'User', STATE, change='modified')
        stated = note('n', MODIFIED, user, migration('Add state to User'))
        assert check(DATA, stated) == [('DN401', 'Job.state')]
        assert check(DATA, note('n', MODIFIED, user, migration('Add state everywhere'))) == []

    def test_a_deployment_step_is_no_migration(self) -> None:
        assert check(DATA, note('n', MODIFIED, said('rollout-step', 'Deploy with state', action='deploy'))) == [
            ('DN401', 'Job.state')
        ]

    def test_a_deployment_that_runs_migrations_is_one(self) -> None:
        step = said('rollout-step', 'Deploy backend and run migrations', action='deploy')
        assert check(DATA, note('n', MODIFIED, step)) == []
        step = said('rollout-step', 'Deploy backend before the migration', action='deploy')
        assert check(DATA, note('n', MODIFIED, step)) == [('DN401', 'Job.state')]

    def test_a_step_that_removes_covers_a_drop(self) -> None:
        dropped = modified(said('field', 'state', change='drop'))
        assert check(DATA, note('n', dropped, said('rollout-step', 'Remove `state`', action='remove'))) == []
        assert check(DATA, note('n', dropped, said('rollout-step', 'Remove the page', action='remove'))) == [
            ('DN401', 'Job.state')
        ]

    def test_what_exists_and_topics_need_no_migration(self) -> None:
        stated = note(
            'n',
            said('entity', 'Job', said('field', 'id: int'), change='existing'),
            said('entity', 'jobs.started', change='new', kind_='topic'),
        )
        assert check(DATA, stated) == []

    def test_a_column_added_to_an_entity_stated_as_existing_counts(self) -> None:
        entity = said('entity', 'Job', said('field', 'id: int'), STATE, change='existing')
        assert check(DATA, note('n', entity)) == [('DN401', 'Job.state')]

    def test_fields_of_requests_are_no_columns(self) -> None:
        stated = note('n', said('endpoint', 'POST /x', said('field', 'a: int', change='add'), change='changed'))
        assert check(DATA, stated) == []

    def test_of_a_column_of_which_something_was_lost_nothing_is_asked(self) -> None:
        assert check(DATA, note('n', modified(said('field', 'state', change='add', incomplete=True)))) == []


class TestDN410:
    @pytest.mark.parametrize(
        'carrier',
        [
            migration('Add state'),
            migration('M', entities='Job.state'),
            migration('Add state', entities='Job'),
            migration('Alter the jobs table'),
            said('rollout-step', 'Run migration to add `state`', action='migrate'),
        ],
    )
    def test_an_index_that_no_migration_mentions_is_reported(self, carrier: Said) -> None:
        assert check(DATA, note('n', modified(STATE, INDEX), carrier)) == [('DN410', 'Job index on state')]

    @pytest.mark.parametrize(
        'carrier',
        [
            migration('Add state and its index'),
            migration('Add the new column and the index'),
            migration('M', entities='Job'),
            migration('Add indexes to Job', entities='Job.state'),
            said('rollout-step', 'Create index on state', action='migrate'),
        ],
    )
    def test_an_index_that_a_migration_mentions_is_covered(self, carrier: Said) -> None:
        assert check(DATA, note('n', modified(STATE, INDEX), carrier)) == []

    def test_an_index_on_a_column_that_was_there_before(self) -> None:
        entity = modified(said('constraint', 'index on created_at', change='add', online='yes'))
        assert check(DATA, note('n', entity)) == [('DN410', 'Job index on created_at')]
        assert check(DATA, note('n', entity, migration('Index created_at concurrently'))) == []
        assert check(DATA, note('n', entity, migration('Fill created_at'))) == [('DN410', 'Job index on created_at')]

    @pytest.mark.parametrize(
        ('constraint', 'word'),
        [
            ('unique on state', 'unique'),
            ('foreign key on state', 'foreign'),
            ('check on state', 'check'),
            ('primary key on state', 'primary'),
        ],
    )
    def test_each_kind_of_constraint_has_its_word(self, constraint: str, word: str) -> None:
        entity = modified(STATE, said('constraint', constraint, change='add'))
        assert [c for c, _ in check(DATA, note('n', entity, migration('Add state')))] == ['DN410']
        assert check(DATA, note('n', entity, migration(f'Add state ({word})'))) == []

    def test_a_new_table_brings_its_indexes(self) -> None:
        stated = note('n', said('entity', 'Job', INDEX, change='new'), migration('Create Job'))
        assert check(DATA, stated) == []

    def test_a_dropped_index_is_left_alone(self) -> None:
        stated = note('n', modified(STATE, said('constraint', 'index on state', change='drop')), migration('Add state'))
        assert check(DATA, stated) == []

    def test_without_any_migration_it_is_one_finding_with_the_column(self) -> None:
        stated = note('n', modified(STATE, INDEX))
        assert [f.message for f in findings(DATA, stated)] == [
            "no migration covers Job.state, Job index on state; name it in the migration's ':entities:', or state one"
        ]


class TestDN407:
    @staticmethod
    def with_index(*items: Said, title: str = 'index on state', **options: str) -> Note:
        return note('n', modified(STATE, said('constraint', title, change='add', **options)), *items)

    def test_an_index_on_an_existing_table_is_reported(self) -> None:
        assert check('DN407', self.with_index()) == [('DN407', 'Job index on state')]
        assert check('DN407', self.with_index(online='no')) == [('DN407', 'Job index on state')]

    def test_a_unique_index_is_an_index_and_a_unique_constraint_is_not(self) -> None:
        assert check('DN407', self.with_index(title='unique index on state')) == [('DN407', 'Job unique on state')]
        assert check('DN407', self.with_index(title='unique on state')) == []

    def test_an_index_stated_as_online_is_fine(self) -> None:
        assert check('DN407', self.with_index(online='yes')) == []

    def test_the_migration_may_say_so(self) -> None:
        assert check('DN407', self.with_index(migration('Add index on state', online='yes'))) == []
        assert check('DN407', self.with_index(migration('Create index concurrently'))) == []
        blocking = self.with_index(migration('Add index on state concurrently', online='no'))
        assert check('DN407', blocking) == [('DN407', 'Job index on state')]

    def test_words_beside_the_index_may_say_so(self) -> None:
        assert check('DN407', self.with_index(migration('Add index on state'))) == [('DN407', 'Job index on state')]
        stated = note('n', modified(said('constraint', 'index on state', body='built concurrently')))
        assert check('DN407', stated) == []
        stated = note('n', modified(said('constraint', 'index on state', body='built online')))
        assert check('DN407', stated) == []

    def test_of_an_index_of_which_something_was_lost_nothing_is_asked(self) -> None:
        assert check('DN407', note('n', modified(said('constraint', 'index on state', incomplete=True)))) == []

    def test_a_migration_that_does_not_mention_the_index_can_not(self) -> None:
        assert check('DN407', self.with_index(migration('Add state online'))) == [('DN407', 'Job index on state')]

    def test_an_index_of_a_new_table_blocks_nobody(self) -> None:
        index = said('constraint', 'index on state', change='add')
        assert check('DN407', note('n', said('entity', 'Job', index, change='new'))) == []

    def test_a_dropped_index_is_left_alone(self) -> None:
        index = said('constraint', 'index on state', change='drop')
        assert check('DN407', note('n', modified(index))) == []
