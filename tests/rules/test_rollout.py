"""DN607 to DN615."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, note, said

ORDER = 'DN607 DN608 DN611'
COLUMN = said('entity', 'Job', said('field', 'state: text', change='add'), change='modified')
TABLE = said('entity', 'Task', said('field', 'id: int'), change='new')
MIGRATION = said('migration', 'Add state')
FLAG = said('feature-flag', 'jobs_flag', default='off')
MIGRATE = said('rollout-step', 'Run the migration', action='migrate')
ENABLE = said('rollout-step', 'Enable `jobs_flag`', action='enable', flag_state='on')


def deploy(title: str = 'Deploy backend', **options: str) -> Said:
    return said('rollout-step', title, action='deploy', **options)


class TestDN607:
    def test_a_deployment_before_the_migration_is_reported_at_the_deployment(self) -> None:
        (found,) = findings(ORDER, note('n', COLUMN, MIGRATION, deploy(), MIGRATE))
        assert (found.code, str(found.severity), found.location.line) == ('DN607', 'warning', 7)
        assert [at.line for at in found.related] == [9, 4]
        assert found.message == (
            "step 'Deploy backend' comes before 'Run the migration', which adds Job.state; move it below"
        )

    def test_a_deployment_after_the_migration_is_fine(self) -> None:
        assert check(ORDER, note('n', COLUMN, MIGRATION, MIGRATE, deploy())) == []

    def test_after_overrides_the_order_of_writing(self) -> None:
        late = deploy(after='Run the migration')
        assert check(ORDER, note('n', COLUMN, MIGRATION, late, MIGRATE)) == []
        late_migration = said('rollout-step', 'Run the migration', action='migrate', after='Deploy backend')
        assert check(ORDER, note('n', COLUMN, MIGRATION, late_migration, deploy())) == [('DN607', 'Deploy backend')]

    def test_steps_on_a_circle_keep_their_order(self) -> None:
        one, two = (
            deploy(after='Run the migration'),
            said('rollout-step', 'Run the migration', action='migrate', after='Deploy backend'),
        )
        assert check(ORDER, note('n', COLUMN, MIGRATION, one, two)) == [('DN607', 'Deploy backend')]

    @pytest.mark.parametrize(
        'step',
        [
            deploy('Deploy frontend with the new UI'),
            deploy('Publish the documentation'),
            deploy('Ship it', component='web client'),
            deploy('Deploy backend and run migrations'),
            said('rollout-step', 'Restart backend', action='restart'),
        ],
    )
    def test_what_uses_no_database_may_be_deployed_before(self, step: Said) -> None:
        assert check(ORDER, note('n', COLUMN, MIGRATION, step, MIGRATE)) == []

    @pytest.mark.parametrize(
        'step',
        [
            deploy('Deploy backend and frontend'),
            deploy('Deploy the endpoint for the UI'),
            deploy('Deploy UI pieces', component='serving'),
            deploy('Deploy backend before the migration'),
        ],
    )
    def test_a_client_beside_a_server_or_in_an_aside_does_not_excuse(self, step: Said) -> None:
        assert check(ORDER, note('n', COLUMN, MIGRATION, step, MIGRATE)) == [('DN607', step.argument)]

    def test_the_first_of_two_deployments_is_the_one(self) -> None:
        stated = note('n', COLUMN, MIGRATION, deploy('Deploy API'), deploy('Deploy workers'), MIGRATE)
        assert check(ORDER, stated) == [('DN607', 'Deploy API')]

    def test_each_migration_is_a_finding(self) -> None:
        stated = note(
            'n',
            COLUMN,
            TABLE,
            MIGRATION,
            said('migration', 'Create Task'),
            deploy(),
            said('rollout-step', 'One', action='migrate', runs='Add state'),
            said('rollout-step', 'Two', action='migrate', runs='Create Task'),
        )
        found = findings(ORDER, stated)
        assert sorted(f.message for f in found) == [
            "step 'Deploy backend' comes before 'One', which adds Job.state; move it below",
            "step 'Deploy backend' comes before 'Two', which adds Task; move it below",
        ]
        assert len({f.fingerprint for f in found}) == 2

    def test_a_new_table_behind_a_flag_that_is_off_is_info(self) -> None:
        migration = said('migration', 'Create Task')
        off = deploy(flag_state='off')
        assert [str(f.severity) for f in findings(ORDER, note('n', TABLE, migration, off, MIGRATE))] == ['info']
        assert [str(f.severity) for f in findings(ORDER, note('n', TABLE, migration, deploy(), MIGRATE))] == ['warning']
        both = note('n', TABLE, migration, off, deploy('Deploy workers'), MIGRATE)
        assert [(f.item, str(f.severity)) for f in findings(ORDER, both)] == [
            ('n-rollout-step-deploy-workers', 'warning')
        ]

    def test_a_new_column_behind_a_flag_is_still_a_warning(self) -> None:
        stated = note(
            'n', COLUMN, TABLE, said('migration', 'Add state, create Task'), deploy(flag_state='off'), MIGRATE
        )
        assert [str(f.severity) for f in findings(ORDER, stated)] == ['warning']

    def test_a_drop_or_a_change_of_type_may_come_after(self) -> None:
        entity = said(
            'entity', 'Job', said('field', 'a', change='drop'), said('field', 'b', change='modify'), change='modified'
        )
        stated = note('n', entity, said('migration', 'Drop a and widen b'), deploy(), MIGRATE)
        assert check(ORDER, stated) == []

    def test_a_backfill_may_come_after(self) -> None:
        stated = note(
            'n',
            COLUMN,
            MIGRATION,
            said('migration', 'Fill state', kind_='backfill'),
            said('rollout-step', 'One', action='migrate', runs='Add state'),
            deploy(),
            said('rollout-step', 'Two', action='backfill', runs='Fill state'),
        )
        assert check(ORDER, stated) == []

    @pytest.mark.parametrize('kind', ['backfill', 'contract', 'data', 'index'])
    def test_a_migration_that_adds_nothing_may_come_after(self, kind: str) -> None:
        filling = said('migration', 'Fill state', kind_=kind)
        step = said('rollout-step', 'Two', action='migrate', runs='Fill state')
        assert check(ORDER, note('n', COLUMN, filling, deploy(), step)) == []

    def test_a_backfill_step_of_the_migration_itself_may_come_after(self) -> None:
        step = said('rollout-step', 'Backfill state', action='backfill', runs='Add state')
        assert check(ORDER, note('n', COLUMN, MIGRATION, deploy(), step)) == []

    def test_a_step_that_migrates_without_a_stated_migration_counts(self) -> None:
        step = said('rollout-step', 'Apply schema change', action='migrate')
        assert check(ORDER, note('n', COLUMN, deploy(), step)) == [('DN607', 'Deploy backend')]


class TestDN608:
    def test_a_flag_turned_on_before_the_migration_is_reported_instead_of_the_deployment(self) -> None:
        (found,) = findings(ORDER, note('n', FLAG, COLUMN, MIGRATION, deploy(), ENABLE, MIGRATE))
        assert (found.code, found.item) == ('DN608', 'n-rollout-step-enable-jobs-flag')
        assert found.message == "flag 'jobs_flag' is turned on before 'Run the migration'; move this step below"
        assert [at.line for at in found.related] == [14]

    def test_a_flag_turned_on_before_the_deployment_is_reported(self) -> None:
        assert check(ORDER, note('n', FLAG, ENABLE, deploy())) == [('DN608', 'Enable `jobs_flag`')]

    def test_both_are_one_finding(self) -> None:
        (found,) = findings(ORDER, note('n', FLAG, COLUMN, MIGRATION, ENABLE, deploy(), MIGRATE))
        assert found.message == (
            "flag 'jobs_flag' is turned on before 'Run the migration' and 1 more; move this step below"
        )

    def test_the_right_order_is_fine(self) -> None:
        assert check(ORDER, note('n', FLAG, COLUMN, MIGRATION, MIGRATE, deploy(), ENABLE)) == []

    def test_turned_off_is_not_turned_on(self) -> None:
        off = said('rollout-step', 'Disable `jobs_flag`', action='disable', flag_state='off')
        assert check(ORDER, note('n', FLAG, COLUMN, MIGRATION, off, MIGRATE, deploy())) == []

    def test_one_deployment_before_is_enough(self) -> None:
        assert check(ORDER, note('n', FLAG, deploy(), ENABLE, deploy('Deploy workers'))) == []

    def test_a_frontend_alone_does_not_bring_the_gated_endpoint(self) -> None:
        endpoint = said('endpoint', 'POST /jobs', flag='jobs_flag')
        steps = (deploy('Deploy frontend'), ENABLE, deploy())
        assert check(ORDER, note('n', FLAG, endpoint, *steps)) == [('DN608', 'Enable `jobs_flag`')]
        assert check(ORDER, note('n', FLAG, *steps)) == []

    def test_what_gated_endpoints_use_decides_where_it_is_stated(self) -> None:
        endpoint = said('endpoint', 'POST /jobs', flag='jobs_flag', uses='Task')
        stated = (FLAG, endpoint, COLUMN, TABLE, said('migration', 'Add state'), said('migration', 'Create Task'))
        task = said('rollout-step', 'Create', action='migrate', runs='Create Task')
        state = said('rollout-step', 'Alter', action='migrate', runs='Add state')
        assert check(ORDER, note('n', *stated, task, deploy(), ENABLE, state)) == [('DN607', 'Deploy backend')]
        assert check(ORDER, note('n', *stated, state, deploy(), ENABLE, task)) == [('DN608', 'Enable `jobs_flag`')]

    @pytest.mark.parametrize('used', ['Job', 'Job.state'])
    def test_a_column_is_used_by_its_name_or_its_table(self, used: str) -> None:
        endpoint = said('endpoint', 'POST /jobs', flag='jobs_flag', uses=used)
        order = (MIGRATION, deploy(), ENABLE, MIGRATE)
        assert check(ORDER, note('n', FLAG, endpoint, COLUMN, *order)) == [('DN608', 'Enable `jobs_flag`')]

    @pytest.mark.parametrize('used', ['Task', 'Task.id'])
    def test_a_table_is_used_by_its_name_or_a_column(self, used: str) -> None:
        endpoint = said('endpoint', 'POST /jobs', flag='jobs_flag', uses=used)
        order = (said('migration', 'Create Task'), deploy(), ENABLE, MIGRATE)
        assert check(ORDER, note('n', FLAG, endpoint, TABLE, *order)) == [('DN608', 'Enable `jobs_flag`')]

    def test_a_flag_may_gate_a_table_itself(self) -> None:
        flag = said('feature-flag', 'jobs_flag', default='off', gates='Task')
        other = said('feature-flag', 'other_flag', default='on')
        order = (said('migration', 'Create Task'), deploy(), ENABLE, MIGRATE)
        assert check(ORDER, note('n', flag, other, TABLE, *order)) == [('DN608', 'Enable `jobs_flag`')]

    def test_one_of_two_flags_is_not_about_all_data(self) -> None:
        other = said('feature-flag', 'other_flag', default='on')
        order = (MIGRATION, deploy(), ENABLE, MIGRATE)
        assert check(ORDER, note('n', FLAG, other, COLUMN, *order)) == [('DN607', 'Deploy backend')]

    @pytest.mark.parametrize('flag_type', ['ops', 'permission'])
    def test_a_lasting_flag_may_be_switched_at_any_time(self, flag_type: str) -> None:
        flag = said('feature-flag', 'jobs_flag', default='off', flag_type=flag_type)
        assert check(ORDER, note('n', flag, ENABLE, deploy())) == []

    def test_a_flag_that_another_note_introduces_counts_where_it_gates_something_here(self) -> None:
        first = note('a', FLAG)
        endpoint = said('endpoint', 'POST /jobs', flag='jobs_flag')
        assert check(ORDER, first, note('b', endpoint, ENABLE, deploy())) == [('DN608', 'Enable `jobs_flag`')]
        assert check(ORDER, first, note('b', ENABLE, deploy())) == []

    def test_an_old_flag_that_gates_nothing_here_may_be_switched_at_any_time(self) -> None:
        flag = said('feature-flag', 'read_only', change='existing')
        step = said('rollout-step', 'Enable `read_only`', action='enable', flag_state='on')
        assert check(ORDER, note('n', flag, COLUMN, MIGRATION, step, MIGRATE, deploy())) == []


class TestDN611:
    def test_a_migration_that_no_step_runs_is_reported(self) -> None:
        assert check(ORDER, note('n', MIGRATION, deploy())) == [('DN611', 'Add state')]

    def test_without_a_rollout_nothing_is_said(self) -> None:
        assert check(ORDER, note('n', MIGRATION)) == []

    @pytest.mark.parametrize(
        'step',
        [
            MIGRATE,
            said('rollout-step', 'Prepare', runs='Add state'),
            said('rollout-step', 'alembic upgrade head', action='migrate'),
            deploy('Deploy backend with migrations'),
        ],
    )
    def test_a_step_that_runs_it_will_do(self, step: Said) -> None:
        assert check('DN611', note('n', MIGRATION, step)) == []

    def test_a_step_that_runs_another_will_not(self) -> None:
        stated = note('n', MIGRATION, said('migration', 'B'), said('rollout-step', 'Prepare', runs='B'))
        assert check('DN611', stated) == [('DN611', 'Add state')]

    def test_a_step_that_names_other_data_will_not(self) -> None:
        stated = note(
            'n',
            COLUMN,
            TABLE,
            MIGRATION,
            said('migration', 'Create Task'),
            said('rollout-step', 'Task', action='migrate'),
        )
        assert check('DN611', stated) == [('DN611', 'Add state')]

    def test_one_step_for_all_will_do(self) -> None:
        stated = note(
            'n', MIGRATION, said('migration', 'B'), said('rollout-step', 'Run all migrations', action='migrate')
        )
        assert check('DN611', stated) == []
