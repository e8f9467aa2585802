"""DN5xx."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, note, said

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


EMAIL = said('field', 'door_code: text', change='add', pii='yes')
STREET = said('field', 'street: text', change='add', pii='yes')


class TestMessages:
    """Each names the fact, the object and the next step."""

    @pytest.mark.parametrize(
        ('code', 'stated', 'message'),
        [
            (
                'DN502',
                said('audit-event', 'mail.sent', fields='actor_id, email, `phone`'),
                "audit event 'mail.sent' logs email, phone, with neither redaction nor retention; "
                "add ':redaction:' or ':retention:'",
            ),
            (
                'DN502',
                said('audit-event', 'mail.sent', pii='yes'),
                "audit event 'mail.sent' logs personal data, with neither redaction nor retention; "
                "add ':redaction:' or ':retention:'",
            ),
            (
                'DN504',
                said('endpoint', 'POST /sign-ups', change='new', auth='Public'),
                "POST /sign-ups is public and has no rate limit; add ':rate-limit:', or a security consideration on "
                'its abuse',
            ),
            (
                'DN505',
                NEW,
                'POST /jobs takes input, and nothing says how it is validated; '
                "add a security consideration with ':topic: input-validation'",
            ),
            (
                'DN507',
                said('entity', 'Order', EMAIL, change='modified'),
                'Order.door_code is personal data, and nothing says how it is protected; '
                "add a security consideration with ':topic: data-protection'",
            ),
            (
                'DN507',
                said('entity', 'Order', EMAIL, STREET, change='modified'),
                'Order.door_code, Order.street are personal data, and nothing says how it is protected; '
                "add a security consideration with ':topic: data-protection'",
            ),
        ],
    )
    def test_of_one_item(self, code: str, stated: Said, message: str) -> None:
        assert [f.message for f in findings(code, note('n', stated))] == [message]

    def test_of_several_endpoints(self) -> None:
        (found,) = findings('DN505', note('n', NEW, said('endpoint', 'PUT /jobs/{id}', change='new')))
        assert found.message.partition(',')[0] == 'POST /jobs and 1 more take input'
        assert len(found.related) == 1

    def test_of_a_weakened_authorization(self) -> None:
        endpoint = said('endpoint', 'GET /jobs', change='existing', roles='admin')
        weakened = said('authorization', 'GET /jobs', roles='editor', change='weakened')
        fix = 'say in a security consideration that applies to it why that is safe'
        assert [f.message for f in findings('DN503', note('n', endpoint, weakened))] == [
            f'the authorization of GET /jobs is weakened; {fix}'
        ]
        earlier = note('a', said('endpoint', 'GET /jobs', change='new', auth='Requires admin role'))
        later = note('b', said('endpoint', 'GET /jobs', change='changed', roles='admin, editor'))
        (found,) = findings('DN503', earlier, later)
        assert found.message == (f"GET /jobs is open to admin, editor here, and to 'Requires admin role' before; {fix}")
        assert (found.location.line, [at.path for at in found.related]) == (4, ['a.md'])
        assert [f.message for f in findings('DN503', earlier, note('b', weakened))] == [
            f'the authorization of GET /jobs is weakened; {fix}'
        ]

    @pytest.mark.parametrize(
        ('guard', 'who'),
        [
            (said('authorization', 'GET /jobs', roles='admin, owner'), 'admin, owner'),
            (said('authorization', 'GET /jobs', public='yes'), 'anyone'),
        ],
    )
    def test_of_a_conflict(self, guard: Said, who: str) -> None:
        endpoint = said('endpoint', 'GET /jobs', change='new', auth='Requires editor role')
        (found,) = findings('DN506', note('n', endpoint, guard))
        assert found.message == (
            f"GET /jobs is for 'Requires editor role' where it is declared, and for {who} here; make the two agree"
        )
        assert (found.location.line, [at.line for at in found.related]) == (6, [4])


class TestDN503:
    def test_each_note_is_compared_with_the_one_before(self) -> None:
        """In history order, whether a note states the endpoint or its authorization alone."""
        first = note('a', said('endpoint', 'GET /jobs', change='new', roles='admin'), created='2025-01-01')
        wider = note('c', said('authorization', 'GET /jobs', roles='admin, editor'), created='2025-02-01')
        widest = note('b', said('endpoint', 'GET /jobs', roles='admin, editor, viewer'), created='2025-03-01')
        narrow = note('d', said('authorization', 'GET /jobs', roles='admin', change='tightened'), created='2025-04-01')
        found = findings('DN503', first, wider, widest, narrow)
        assert [(f.note, [at.path for at in f.related]) for f in found] == [('b', ['c.md']), ('c', ['a.md'])]

    def test_what_guards_several_endpoints_widens_each(self) -> None:
        endpoints = [said('endpoint', f'GET /{name}', change='new', roles='admin') for name in ('jobs', 'runs')]
        both = said('authorization', 'GET /jobs and GET /runs', roles='admin, editor')
        found = findings('DN503', note('a', *endpoints, created='2025-01-01'), note('b', both, created='2026-01-01'))
        assert [(f.location.line, f.detail) for f in found] == [(4, 'GET /jobs'), (4, 'GET /runs')]

    def test_nothing_is_wider_than_anyone(self) -> None:
        public = note('a', said('endpoint', 'GET /jobs', change='new', auth='Public'), created='2025-01-01')
        later = note('b', said('endpoint', 'GET /jobs', auth='Public'), created='2026-01-01')
        silent = note('c', said('endpoint', 'GET /jobs', change='changed'), created='2026-02-01')
        assert check('DN503', public, later, silent) == []


class TestDN506:
    def test_what_guards_several_endpoints_only_has_to_share_a_role(self) -> None:
        reads = said('endpoint', 'GET /jobs', change='new', roles='viewer')
        writes = said('endpoint', 'POST /jobs', change='new', roles='editor')
        both = said('authorization', 'GET /jobs and POST /jobs', roles='viewer, editor')
        assert check('DN506', note('n', reads, writes, both)) == []
        admins = said('authorization', 'GET /jobs and POST /jobs', roles='admin')
        found = findings('DN506', note('n', reads, writes, admins))
        assert [(f.location.line, f.detail) for f in found] == [(9, 'GET /jobs'), (9, 'POST /jobs')]


class TestStatedTwice:
    """What one statement on a thing says need not be said by the other."""

    def test_an_event(self) -> None:
        logged = said('audit-event', 'mail.sent', fields='email')
        assert check('DN502', note('n', logged, said('audit-event', 'mail.sent', fields='email'))) == [
            ('DN502', 'mail.sent')
        ]
        for other in (
            said('audit-event', 'mail.sent', retention='30 days'),
            said('audit-event', 'mail.sent', pii='no'),
            said('audit-event', 'mail.sent', body='The address is hashed.'),
            said('audit-event', 'mail.sent', incomplete=True),
        ):
            assert check('DN502', note('n', logged, other)) == []

    def test_a_field_that_is_personal_in_one_place_only(self) -> None:
        personal = said('field', 'street: text', pii='yes')
        none = said('field', 'street: text', pii='no')
        shop, guest = said('entity', 'Shop', none, change='new'), said('entity', 'Guest', personal, change='new')
        assert check('DN502', note('n', shop, guest, said('audit-event', 'x.y', fields='street'))) == []
        assert check('DN502', note('n', shop, guest, said('audit-event', 'x.y', fields='Guest.street'))) == [
            ('DN502', 'x.y')
        ]

    def test_an_endpoint(self) -> None:
        stated = (
            said('endpoint', 'POST /jobs', change='new', auth='Public'),
            said('endpoint', 'POST /jobs', change='new', safe='yes', rate_limit='10/s'),
        )
        assert check('DN501 DN504 DN505', note('n', *stated)) == []
