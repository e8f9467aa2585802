"""Rollout steps and tests of a plain note, and interfaces other than endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, day, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

STEPS, TESTS, INTERFACES = 'Rollout steps', 'Testing Strategy', 'Other Interfaces'


def rollout(line: int) -> Stated:
    return said(line, 'rollout', 'Rollout')


def step(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'rollout-step', key, None, **fields)


def plan(line: int, level: str) -> Stated:
    return said(line, 'test-plan', level)


def a_test(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'test-case', key, None, **fields)


def interface(line: int, key: str, change: str | None = None, **fields: Any) -> Stated:
    return said(line, 'interface', key, change, **fields)


ROLLOUTS: dict[str, Case] = {
    'numbered list': case(
        STEPS,
        """
        1. Deploy the backend (feature flag off)
        2. Run the Alembic migration
        3. Backfill the rows
        4. Enable the flag for internal testing
        5. Enable the flag for all users
        6. Restart the workers
        7. Verify the dashboard
        8. Remove the old table
        9. Turn the flag off
        """,
        rollout(1),
        step(1, 'Deploy the backend (feature flag off)', action='deploy', component='backend', flag_state='off'),
        step(2, 'Run the Alembic migration', action='migrate'),
        step(3, 'Backfill the rows', action='backfill'),
        step(4, 'Enable the flag for internal testing', action='enable', flag_state='internal testing'),
        step(5, 'Enable the flag for all users', action='enable', flag_state='on'),
        step(6, 'Restart the workers', action='restart', component='workers'),
        step(7, 'Verify the dashboard', action='verify'),
        step(8, 'Remove the old table', action='remove'),
        step(9, 'Turn the flag off', action='disable', flag_state='off'),
    ),
    'bullets': case(
        STEPS, '- Deploy the backend', rollout(1), step(1, 'Deploy the backend', action='deploy', component='backend')
    ),
    'done': case(
        STEPS,
        """
        1. [x] Deploy the backend
        2. [ ] Run the migration
        """,
        rollout(1),
        step(1, 'Deploy the backend', action='deploy', component='backend', done=True),
        step(2, 'Run the migration', action='migrate'),
    ),
    'phases in a line': case(
        STEPS,
        """
        - Phase 1: Deploy the backend
        - Phase 2: Enable the flag
        """,
        rollout(1),
        step(1, 'Deploy the backend', phase='Phase 1', action='deploy', component='backend'),
        step(2, 'Enable the flag', phase='Phase 2', action='enable', flag_state='on'),
    ),
    'phases as headings': case(
        STEPS,
        """
        ### Phase 1 (days 1-3)

        1. Deploy the backend

        ### Phase 2

        1. Enable the flag
        """,
        rollout(3),
        step(3, 'Deploy the backend', phase='Phase 1 (days 1-3)', action='deploy', component='backend'),
        step(7, 'Enable the flag', phase='Phase 2', action='enable', flag_state='on'),
    ),
    'phases as bold lines': case(
        STEPS,
        """
        **Week 1**:

        - Deploy the backend
        """,
        rollout(3),
        step(3, 'Deploy the backend', phase='Week 1', action='deploy', component='backend'),
    ),
    'phases as bullets': case(
        STEPS,
        """
        - Phase 1
          - Deploy the backend
          - Run the migration
        """,
        rollout(2),
        step(2, 'Deploy the backend', phase='Phase 1', action='deploy', component='backend'),
        step(3, 'Run the migration', phase='Phase 1', action='migrate'),
    ),
    'details': case(
        STEPS,
        """
        1. Enable the flag for 5% of tenants
           - Gate: errors below 1%
           - Soak: 2 days
           - Rollback: disable the flag
           - Rollback when: errors above 2%
           - After: Run the migration
           - Flag: jobs_enabled
           - Done: 2027-06-30
        """,
        rollout(1),
        step(
            1,
            'Enable the flag for 5% of tenants',
            action='enable',
            flag_state='5% of tenants',
            gate='errors below 1%',
            soak='2 days',
            rollback='disable the flag',
            rollback_when='errors above 2%',
            after=('Run the migration',),
            flag=('jobs_enabled',),
            done=day('2027-06-30'),
        ),
    ),
    'details that follow the step': case(
        STEPS,
        """
        - Deploy the backend
        - Rollback: deploy the old one
        """,
        rollout(1),
        step(1, 'Deploy the backend', action='deploy', component='backend', rollback='deploy the old one'),
    ),
    'table': case(
        STEPS,
        """
        | # | Step | Gate | Rollback |
        |---|---|---|---|
        | 1 | Deploy the backend | - | deploy the old one |
        | 2 | Enable the flag | no errors | disable it |
        """,
        rollout(3),
        step(3, 'Deploy the backend', action='deploy', component='backend', rollback='deploy the old one'),
        step(4, 'Enable the flag', action='enable', flag_state='on', gate='no errors', rollback='disable it'),
    ),
    'a step wrapped': case(
        STEPS,
        """
        1. Deploy the backend
           to all regions
        """,
        rollout(1),
        step(1, 'Deploy the backend to all regions', action='deploy', component='backend'),
    ),
}

PLANS: dict[str, Case] = {
    'bold lines': case(
        TESTS,
        """
        **Unit tests:**

        - Test the order

        **Integration tests:**

        - Test `POST /api/jobs`
        """,
        plan(1, 'unit'),
        a_test(3, 'Test the order', level='unit'),
        plan(5, 'integration'),
        a_test(7, 'Test `POST /api/jobs`', level='integration'),
    ),
    'headings': case(
        TESTS,
        """
        ### End-to-end

        - A job runs
        """,
        plan(1, 'e2e'),
        a_test(3, 'A job runs', level='e2e'),
    ),
    'labels in the bullets': case(
        TESTS,
        """
        - Unit: the order
        - Load - 100 jobs at once
        - [ ] Manual: a job runs
        """,
        a_test(1, 'the order', level='unit'),
        a_test(2, '100 jobs at once', level='load'),
        a_test(3, 'a job runs', level='manual'),
    ),
    'bold labels in the bullets': case(
        TESTS,
        """
        - **Unit**: the order
        - **Integration tests** - the endpoint
        """,
        a_test(1, 'the order', level='unit'),
        a_test(2, 'the endpoint', level='integration'),
    ),
    'a level above bullets': case(
        TESTS,
        """
        - Unit tests
          - the order
          - the limit
        """,
        plan(1, 'unit'),
        a_test(2, 'the order', level='unit'),
        a_test(3, 'the limit', level='unit'),
    ),
    'no level': case(TESTS, '- A job runs', a_test(1, 'A job runs')),
    'checkboxes': case(
        TESTS,
        """
        **Unit tests:**

        - [ ] the order
        - [x] the limit
        """,
        plan(1, 'unit'),
        a_test(3, 'the order', level='unit'),
        a_test(4, 'the limit', level='unit'),
    ),
    'a node id and states of the flag': case(
        TESTS,
        """
        - `tests/test_jobs.py::test_order` - the order
        - Flag on: a job runs
        - Behaviour with the flag enabled vs disabled
        """,
        a_test(1, '`tests/test_jobs.py::test_order` - the order', automated='tests/test_jobs.py::test_order'),
        a_test(2, 'Flag on: a job runs', flag_state='on'),
        a_test(3, 'Behaviour with the flag enabled vs disabled', flag_state='both'),
    ),
    'details': case(
        TESTS,
        """
        - A job runs
          - Level: contract
          - Verifies: `POST /api/jobs`, `GET /api/jobs`
          - Test function: test_a_job_runs
          - Flag state: both
        """,
        a_test(
            1,
            'A job runs',
            level='contract',
            verifies=('POST /api/jobs', 'GET /api/jobs'),
            automated='test_a_job_runs',
            flag_state='both',
        ),
    ),
    'table': case(
        TESTS,
        """
        | Level | Test | Covers |
        |---|---|---|
        | Unit | the order | `POST /api/jobs` |
        """,
        a_test(3, 'the order', level='unit', verifies=('POST /api/jobs',)),
    ),
    'table with the name of a function': case(
        TESTS,
        """
        | Scenario | Type | Test |
        |---|---|---|
        | the order of jobs | Unit | test_order |
        """,
        a_test(3, 'the order of jobs', level='unit', automated='test_order'),
    ),
}

OTHER_INTERFACES: dict[str, Case] = {
    'event': case(
        INTERFACES,
        """
        - New event `job.done` - a job has ended
          - Consumers: billing, crm
          - Breaking: no
        """,
        interface(
            1, 'job.done', 'new', kind='event', purpose='a job has ended', consumers=('billing', 'crm'), breaking=False
        ),
    ),
    'command': case(
        INTERFACES, '- CLI command `jobs run`: start a job', interface(1, 'jobs run', kind='cli', purpose='start a job')
    ),
    'below a heading of its kind': case(
        'Events',
        """
        - `job.done` (new): a job has ended
        """,
        interface(1, 'job.done', 'new', kind='event', purpose='a job has ended'),
    ),
    'table': case(
        INTERFACES,
        """
        | Name | Type | Change | Consumers |
        |---|---|---|---|
        | `job.done` | event | new | billing |
        """,
        interface(3, 'job.done', 'new', kind='event', consumers=('billing',)),
    ),
}

OTHERS: dict[str, Case] = {
    'steps in prose': case(STEPS, 'It goes out with the release.'),
    'tests in prose': case(TESTS, 'All of it is tested.'),
    'interface without a name': case(INTERFACES, '- Something is sent somewhere', problems=[('DN108', 1)]),
}

ALL = (
    {f'rollout: {k}': v for k, v in ROLLOUTS.items()}
    | {f'tests: {k}': v for k, v in PLANS.items()}
    | {f'interfaces: {k}': v for k, v in OTHER_INTERFACES.items()}
    | OTHERS
)


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(ALL))
def test_steps_tests_and_interfaces_are_read(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_steps_stand_in_the_rollout_and_tests_in_the_plan_of_their_level(pages: Read, syntax: str) -> None:
    for name, owner in (('rollout: numbered list', 'rollout'), ('tests: bold lines', 'test-plan')):
        note = pages.note(name, syntax)
        kinds = {item.id: item.kind for item in note.items}
        owners = {kinds[item.parent] for item in note.items if item.parent is not None}
        assert owners == {owner}


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []
