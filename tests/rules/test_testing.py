"""DN7xx."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, graph_of, note, rule_of, said, settings


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


class TestDN702:
    FLAG = said('feature-flag', 'a_flag', default='off')

    @pytest.mark.parametrize(
        ('tests', 'state'),
        [
            ([], 'on and off'),
            ([said('test-case', 'T', verifies='a_flag', flag_state='on')], 'off'),
            ([said('test-case', 'T', verifies='a_flag', flag_state='off')], 'on'),
        ],
    )
    def test_the_message_says_which_state_is_missing(self, tests: list[Said], state: str) -> None:
        (found,) = findings('DN702', note('n', self.FLAG, *tests))
        assert found.message == (
            f"no test verifies flag 'a_flag' {state}; add one, or state the ':flag-state:' of a test of it"
        )
        assert len(found.related) == len(tests)

    @pytest.mark.parametrize('flag_type', ['release', 'experiment'])
    def test_what_is_said_to_pass_is_tested_in_both_states(self, flag_type: str) -> None:
        flag = said('feature-flag', 'a_flag', flag_type=flag_type)
        assert check('DN702', note('n', flag)) == [('DN702', 'a_flag')]

    def test_only_tests_of_the_note_count(self) -> None:
        other = note('b', said('test-case', 'T', verifies='a_flag', flag_state='both'))
        assert check('DN702', note('a', self.FLAG), other) == [('DN702', 'a_flag')]


class TestDN704:
    DELETE = said('endpoint', 'DELETE /jobs', change='new', roles='editor')
    POSITIVE = said('test-case', 'Test DELETE /jobs')

    def test_the_message_says_what_to_do(self) -> None:
        assert [f.message for f in findings('DN704', note('n', self.DELETE, self.POSITIVE))] == [
            'DELETE /jobs is for some roles only, and no test calls it as somebody else; add one'
        ]

    @pytest.mark.parametrize(
        'title',
        [
            'DELETE /jobs answers 401',
            'DELETE /jobs is forbidden to guests',
            'DELETE /jobs without the editor role',
            'DELETE /jobs without a token',
            "DELETE /jobs of another customer's",
            'viewers cannot DELETE /jobs',
            'a user of the shop may not DELETE /jobs',
            'Authorization of DELETE /jobs',
            'Unauthorized calls',
            'Role checks on every call',
        ],
    )
    def test_a_test_of_refusal_will_do(self, title: str) -> None:
        assert check('DN704', note('n', self.DELETE, self.POSITIVE, said('test-case', title))) == []

    @pytest.mark.parametrize(
        'title',
        [
            'DELETE /jobs works without a network',
            'DELETE /jobs rejects a running job',
            'DELETE /jobs as editor',
            'Cannot be undone',
            'PUT /jobs answers 403',
        ],
    )
    def test_another_test_will_not(self, title: str) -> None:
        put = said('endpoint', 'PUT /jobs', change='existing')
        stated = note('n', self.DELETE, put, self.POSITIVE, said('test-case', title))
        assert check('DN704', stated) == [('DN704', 'DELETE /jobs')]

    def test_a_test_of_the_authorization_or_of_a_field_is_one_of_the_endpoint(self) -> None:
        field = said('field', 'force: bool', change='add', in_='query')
        endpoint = said('endpoint', 'DELETE /jobs', field, change='new')
        guard = said('authorization', 'DELETE /jobs', roles='editor')
        by_guard = said('test-case', 'Answers 403', verifies='authorization:DELETE /jobs')
        by_field = said('test-case', '`force` is forbidden to viewers')
        other = (said('endpoint', 'PUT /jobs', change='new', roles='editor'), said('test-case', 'Test PUT /jobs'))
        for test in (by_guard, by_field):
            stated = note('n', endpoint, guard, self.POSITIVE, test, *other)
            assert check('DN704', stated) == [('DN704', 'PUT /jobs')]

    def test_a_mistaken_name_is_one_finding_and_about_this_endpoint_only(self) -> None:
        other = (said('endpoint', 'PUT /jobs', change='new', roles='editor'), said('test-case', 'Test PUT /jobs'))
        mistaken = said('test-case', 'DELETE /job answers 403')
        stated = note('n', self.DELETE, self.POSITIVE, mistaken, *other)
        assert check('DN209 DN704', stated) == [('DN209', 'DELETE /job answers 403'), ('DN704', 'PUT /jobs')]

    @pytest.mark.parametrize('change', ['new', 'tightened'])
    @pytest.mark.parametrize('endpoint', ['existing', 'deprecated'])
    def test_a_new_touchpoint_of_an_endpoint_that_was_there_needs_one(self, endpoint: str, change: str) -> None:
        old = said('endpoint', 'DELETE /jobs', change=endpoint)
        guards = (
            said('authorization', 'DELETE /jobs', roles='editor', change=change),
            said('authorization', 'Delete by DELETE /jobs', roles='editor', change='existing'),
        )
        assert check('DN704', note('n', old, *guards)) == [('DN704', 'DELETE /jobs')]
        assert check('DN704', note('n', old, guards[1])) == []

    def test_an_interface_is_not_asked_for_one(self) -> None:
        interface = said('interface', 'job.done', change='new', roles='editor')
        guard = said('authorization', '`job.done`', roles='editor', change='new')
        assert check('DN704', note('n', interface, guard, said('test-case', 'Test `job.done`'))) == []


def test_the_message_of_dn705_says_what_to_do() -> None:
    graph = graph_of(note('n', said('test-case', 'Works')))
    assert [report.message for report in rule_of('DN705').check(graph, settings())] == [
        "test 'Works' names nothing that it verifies; add ':verifies:'"
    ]
