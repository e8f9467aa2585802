"""DN5xx."""

from __future__ import annotations

import pytest

from tests.support import check, findings, note, said

NEW = said('endpoint', 'POST /jobs', change='new')


class TestDN501:
    @pytest.mark.parametrize('method', ['POST', 'PUT', 'PATCH', 'DELETE'])
    def test_a_new_endpoint_that_writes_and_is_not_recorded_is_reported(self, method: str) -> None:
        stated = note('n', said('endpoint', f'{method} /jobs', change='new'))
        assert check('DN501', stated) == [('DN501', f'{method} /jobs')]

    @pytest.mark.parametrize('argument', ['GET /jobs', 'HEAD /jobs', 'OPTIONS /jobs', 'WS /jobs'])
    def test_an_endpoint_that_reads_is_left_alone(self, argument: str) -> None:
        assert check('DN501', note('n', said('endpoint', argument, change='new'))) == []

    def test_a_changed_or_safe_endpoint_is_left_alone(self) -> None:
        stated = note(
            'n', said('endpoint', 'POST /a', change='changed'), said('endpoint', 'POST /b', change='new', safe='yes')
        )
        assert check('DN501', stated) == []

    def test_safe_must_be_yes(self) -> None:
        assert check('DN501', note('n', said('endpoint', 'POST /b', change='new', safe='no'))) == [('DN501', 'POST /b')]

    def test_an_event_records_by_mention_or_by_the_last_segment(self) -> None:
        by_mention = said('audit-event', 'x', trigger='POST /jobs')
        by_segment = said('audit-event', 'jobs.started')
        assert check('DN501', note('n', NEW, by_mention)) == []
        assert check('DN501', note('n', NEW, by_segment)) == []

    def test_another_event_or_a_removed_one_does_not(self) -> None:
        assert check('DN501', note('n', NEW, said('audit-event', 'users.created'))) == [('DN501', 'POST /jobs')]
        removed = said('audit-event', 'jobs.started', change='removed')
        assert check('DN501', note('n', NEW, removed)) == [('DN501', 'POST /jobs')]

    def test_the_message_says_what_to_do(self) -> None:
        assert [f.message for f in findings('DN501', note('n', NEW))] == [
            "POST /jobs writes, and no audit event records it; add one, or ':safe: yes' if it only reads"
        ]

    def test_a_mistaken_name_is_one_finding(self) -> None:
        stated = note('n', NEW, said('audit-event', 'x', trigger='POST /job'))
        assert check('DN209 DN501', stated) == [('DN209', 'x')]
