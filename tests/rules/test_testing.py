"""DN7xx."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, note, said


class TestDN701:
    @pytest.mark.parametrize('change', ['new', 'changed'])
    @pytest.mark.parametrize(('kind', 'name'), [('endpoint', 'GET /jobs'), ('interface', 'JobStarted')])
    def test_what_no_test_verifies_is_reported(self, kind: str, name: str, change: str) -> None:
        assert check('DN701', note('n', said(kind, name, change=change))) == [('DN701', name)]

    def test_the_message_says_what_to_do(self) -> None:
        assert [f.message for f in findings('DN701', note('n', said('interface', 'JobStarted')))] == [
            "no test verifies interface JobStarted; add one, or name it in a test's ':verifies:'"
        ]

    @pytest.mark.parametrize(
        'test', [said('test-case', 'T', verifies='GET /jobs'), said('test-case', 'Test `GET /jobs/` with a token')]
    )
    def test_a_test_that_names_it_will_do(self, test: Said) -> None:
        assert check('DN701', note('n', said('endpoint', 'GET /jobs', change='new'), test)) == []

    def test_a_test_of_a_field_tests_the_endpoint(self) -> None:
        endpoint = said('endpoint', 'GET /jobs', said('field', 'use_cache: bool', change='add'), change='changed')
        assert check('DN701', note('n', endpoint, said('test-case', 'Test `use_cache`'))) == []

    def test_a_test_of_another_endpoint_or_in_another_note_will_not(self) -> None:
        stated = note('n', said('endpoint', 'GET /jobs', change='new'), said('test-case', 'Test GET /users'))
        other = note('other', said('test-case', 'Test GET /jobs'))
        assert check('DN701', stated, other) == [('DN701', 'GET /jobs')]

    @pytest.mark.parametrize('change', ['existing', 'deprecated', 'removed'])
    def test_what_is_neither_new_nor_changed_is_left_alone(self, change: str) -> None:
        assert check('DN701', note('n', said('endpoint', 'GET /jobs', change=change))) == []

    def test_a_mistaken_name_is_one_finding(self) -> None:
        stated = note('n', said('endpoint', 'GET /jobs', change='new'), said('test-case', 'T', verifies='GET /job'))
        assert check('DN209 DN701', stated) == [('DN209', 'T')]


class TestDN703:
    def test_a_migration_that_nothing_checks_is_reported(self) -> None:
        stated = note('n', said('migration', 'Add state'), said('test-case', 'Test the page'))
        assert [(f.code, f.message) for f in findings('DN703', stated)] == [
            ('DN703', "no test or verify step covers migration 'Add state'; add one")
        ]

    @pytest.mark.parametrize(
        'check_',
        [
            said('test-case', 'T', verifies='Add state'),
            said('test-case', 'Up and down', level='migration'),
            said('test-case', 'Test the migration'),
            said('test-case', 'Test data', body='after the backfill'),
            said('rollout-step', 'Verify the migration on staging', action='verify'),
        ],
    )
    def test_a_test_or_a_verify_step_will_do(self, check_: Said) -> None:
        assert check('DN703', note('n', said('migration', 'Add state'), check_)) == []

    def test_a_step_that_runs_it_does_not_verify_it(self) -> None:
        stated = note('n', said('migration', 'Add state'), said('rollout-step', 'Run the migration', action='migrate'))
        assert check('DN703', stated) == [('DN703', 'Add state')]

    def test_a_test_that_names_one_migration_covers_that_one(self) -> None:
        stated = note(
            'n',
            said('migration', 'Add state'),
            said('migration', 'Add colour'),
            said('test-case', 'Test migration', verifies='Add colour'),
        )
        assert check('DN703', stated) == [('DN703', 'Add state')]

    def test_without_a_migration_nothing_is_said(self) -> None:
        assert check('DN703', note('n', said('endpoint', 'GET /x'))) == []
