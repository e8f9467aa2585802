"""DN3xx."""

from __future__ import annotations

import pytest

from tests.support import check, findings, graph_of, note, said

NEW = said('endpoint', 'POST /jobs', change='new')


class TestDN301:
    @pytest.mark.parametrize('change', ['new', 'changed'])
    def test_an_endpoint_without_authorization_is_reported(self, change: str) -> None:
        stated = note('n', said('endpoint', 'GET /jobs', change=change))
        assert [f.message for f in findings('DN301', stated)] == [
            "GET /jobs has no authorization; add ':auth:' or an authorization touchpoint"
        ]

    @pytest.mark.parametrize('change', ['existing', 'deprecated', 'removed'])
    def test_an_endpoint_that_is_not_new_or_changed_is_left_alone(self, change: str) -> None:
        assert check('DN301', note('n', said('endpoint', 'GET /jobs', change=change))) == []

    def test_auth_roles_and_an_authorization_that_names_it_count(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /a', change='new', auth='public'),
            said('endpoint', 'GET /b', change='new', roles='editor'),
            said('endpoint', 'GET /c/{id}', change='new'),
            said('authorization', 'GET /c/:id', public='yes'),
        )
        assert check('DN301', stated) == []

    def test_an_authorization_of_another_endpoint_or_another_note_does_not_count(self) -> None:
        other = note('other', said('authorization', 'POST /jobs'))
        assert check('DN301', note('n', NEW, said('authorization', 'POST /users')), other) == [('DN301', 'POST /jobs')]

    @pytest.mark.parametrize(
        ('told', 'reported'),
        [
            ('Areas are written by managers', ['GET /areas', 'GET /quotas']),
            ('Everybody may see areas', ['PUT /areas/{id}', 'GET /quotas']),
            ('Only managers may use an area', ['GET /quotas']),
            ('Managers write quotas of GET /people', ['GET /areas', 'PUT /areas/{id}', 'GET /quotas']),
        ],
    )
    def test_an_authorization_that_names_no_endpoint_speaks_of_a_resource(self, told: str, reported: list[str]) -> None:
        paths = ('GET /areas', 'PUT /areas/{id}', 'GET /quotas')
        stated = note('n', *(said('endpoint', path, change='new') for path in paths), said('authorization', told))
        assert check('DN301', stated) == [('DN301', path) for path in reported]

    def test_two_statements_on_one_endpoint_are_one_finding_or_none(self) -> None:
        twice = (NEW, said('endpoint', 'POST /jobs', change='changed'))
        assert check('DN301', note('n', *twice)) == [('DN301', 'POST /jobs')]
        secured = said('endpoint', 'POST /jobs', change='changed', auth='editor')
        assert check('DN301', note('n', NEW, secured)) == []

    def test_the_first_to_speak_of_an_endpoint_introduces_it(self) -> None:
        assert check('DN301', note('n', said('endpoint', 'GET /jobs'))) == [('DN301', 'GET /jobs')]

    def test_of_an_endpoint_of_which_something_was_lost_nothing_is_asked(self) -> None:
        assert check('DN301', note('n', said('endpoint', 'GET /jobs', change='new', incomplete=True))) == []

    def test_in_a_draft_it_is_info(self) -> None:
        assert [str(f.severity) for f in findings('DN301', note('n', NEW, status='draft'))] == ['info']

    def test_an_author_may_silence_it(self) -> None:
        stated = note('n', said('endpoint', 'GET /healthz', change='new', ignore='DN301 (public health check)'))
        assert check('DN301', stated) == []

    def test_a_mistaken_name_is_one_finding(self) -> None:
        stated = note('n', NEW, said('endpoint', 'POST /users', change='new'), said('authorization', 'POST /job'))
        assert check('DN209 DN301', stated) == [('DN301', 'POST /users'), ('DN209', 'POST /job')]


class TestDN303:
    def test_a_breaking_change_that_nothing_softens_is_reported(self) -> None:
        assert check('DN303', note('n', said('breaking-change', 'GET /jobs sends numbers'))) == [
            ('DN303', 'GET /jobs sends numbers')
        ]

    @pytest.mark.parametrize('option', [{'mitigation': 'a shim'}, {'sunset': '2027-01-01'}])
    def test_mitigation_or_sunset_will_do(self, option: dict[str, str]) -> None:
        assert check('DN303', note('n', said('breaking-change', 'X', **option))) == []

    def test_a_statement_that_covers_it_by_title_will_do(self) -> None:
        stated = note('n', said('breaking-change', 'Numbers'), said('compatibility', 'Both forms', covers='Numbers'))
        assert check('DN303', stated) == []

    def test_a_statement_that_mentions_what_it_affects_will_do(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /jobs', change='changed'),
            said('breaking-change', 'Numbers', affects='GET /jobs'),
            said('compatibility', 'GET /jobs sends both forms'),
        )
        assert check('DN303', stated) == []

    def test_a_statement_on_the_entity_covers_its_column(self) -> None:
        stated = note(
            'n',
            said('entity', 'Job', said('field', 'state', change='drop'), change='modified'),
            said('breaking-change', 'No state', affects='Job.state'),
            said('compatibility', 'A view keeps it', covers='Job'),
        )
        assert check('DN303', stated) == []

    def test_a_name_in_code_that_both_hold_will_do(self) -> None:
        stated = note(
            'n',
            said('breaking-change', 'Field `size` goes'),
            said('compatibility', 'Old clients get `size` for a year'),
        )
        assert check('DN303', stated) == []

    def test_a_statement_about_something_else_will_not_do(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /jobs', change='changed'),
            said('endpoint', 'GET /users', change='changed'),
            said('breaking-change', 'Numbers in `a`', affects='GET /jobs'),
            said('compatibility', 'GET /users sends `b`'),
        )
        assert check('DN303', stated) == [('DN303', 'Numbers in `a`')]


class TestDN307:
    def test_fields_in_no_stated_place_may_be_the_answer(self) -> None:
        assert check('DN307', note('n', said('endpoint', 'GET /jobs', said('field', 'a'), change='new'))) == []

    def test_an_example_in_the_body_will_do(self) -> None:
        shown = [said('endpoint', 'GET /jobs', change='new', body=body) for body in ('As `Job`.', 'As a job.')]
        assert [check('DN307', note('n', each)) for each in shown] == [[], [('DN307', 'GET /jobs')]]


class TestDN308:
    def test_an_implemented_note_that_changed_it_is_proof_enough(self) -> None:
        notes = [
            note('a', said('endpoint', 'GET /x', change='changed')),
            note('b', said('endpoint', 'GET /x', change='changed'), depends_on='a', status='implemented'),
        ]
        assert findings('DN308', graph=graph_of(*notes, known={'endpoint': ['GET /y']})) == []


class TestDN309:
    def test_two_changes_are_two_statements(self) -> None:
        stated = (said('endpoint', 'GET /x', change=change) for change in ('changed', 'deprecated'))
        assert check('DN309', note('n', *stated)) == []


class TestDN312:
    def test_the_consumers_of_an_interface_notice_what_becomes_of_its_fields(self) -> None:
        field = said('field', 'name', change='drop', id='name-of-customer')
        interface = said('interface', 'order.placed', field, kind_='event', change='changed', consumers='billing')
        broken = said('breaking-change', 'No names', affects='name-of-customer')
        assert check('DN312', note('n', interface, broken)) == []
        assert check('DN312', note('n', broken)) == [('DN312', 'No names')]
