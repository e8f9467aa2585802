"""Bullets in the body of a directive: options, parts, and items of their own."""

from __future__ import annotations

import datetime

import pytest

from sphinxcontrib_designnote.grammar.bullets import read_authorization
from sphinxcontrib_designnote.model.records import Item
from tests.unit.make import item, keys, page, problems


def _facts(each: Item) -> tuple[str, str, dict[str, object]]:
    return each.kind, each.key, dict(each.fields)


def test_key_value_bullets_are_options_of_the_item() -> None:
    note = page(
        'n',
        item(
            'feature-flag',
            'f',
            body='- When disabled: "Quick Deploy" hidden\n- Remove by: 2027-06-30\n- Owner: orders team\n'
            '- Default: off\n- Change: new',
        ),
    )
    (flag,) = note.items
    assert (flag.change, dict(flag.fields)) == (
        'new',
        {
            'when_disabled': '"Quick Deploy" hidden',
            'remove_by': datetime.date(2027, 6, 30),
            'owner': 'orders team',
            'default': 'off',
        },
    )
    assert {name: line for name, line in flag.lines.items() if name != 'body'} == {
        'when_disabled': 11, 'remove_by': 12, 'owner': 13, 'default': 14, 'change': 15,
    }  # fmt: skip


def test_a_key_value_bullet_counts_for_each_item_of_the_directive() -> None:
    note = page('n', item('endpoint', 'GET, POST /x', body='- Auth: any user'))
    assert [each.text('auth') for each in note.items] == ['any user', 'any user']


def test_an_option_of_the_directive_wins_over_a_bullet() -> None:
    assert page('n', item('feature-flag', 'f', default='on', body='- Default: off')).items[0].text('default') == 'on'


def test_a_bad_value_in_a_bullet_is_reported_at_its_line() -> None:
    note = page('n', item('feature-flag', 'f', body='- Owner: me\n- Default: maybe'))
    assert problems(note) == [('DN105', "'default' is 'maybe'; write one of: on, off", 12)]


@pytest.mark.parametrize(
    'bullet', ['Note: this is text', 'Colour: red', 'See: https://example.org', 'no key here', 'Default:off']
)
def test_a_bullet_that_is_no_option_stays_text(bullet: str) -> None:
    note = page('n', item('feature-flag', 'f', body=f'- {bullet}'))
    assert (problems(note), [dict(each.fields) for each in note.items]) == ([], [{}])
    assert note.items[0].body == f'- {bullet}'


def test_the_entries_of_a_rollout_are_its_steps() -> None:
    note = page(
        'n',
        item(
            'rollout',
            body='1. Deploy backend (feature flag off)\n   - Component: api\n   - Rollback: redeploy 25.10\n'
            '2. Enable feature flag for staff\n   - Soak: 2 days\n   - just text',
        ),
    )
    assert [_facts(each) for each in note.items] == [
        ('rollout', 'Rollout', {}),
        (
            'rollout-step',
            'Deploy backend (feature flag off)',
            {'action': 'deploy', 'component': 'api', 'flag_state': 'off', 'rollback': 'redeploy 25.10'},
        ),
        (
            'rollout-step',
            'Enable feature flag for staff',
            {'action': 'enable', 'flag_state': 'staff', 'soak': '2 days'},
        ),
    ]
    assert [each.location.line for each in note.items] == [10, 11, 14]
    assert [each.parent for each in note.items] == [None, 'n-rollout-rollout', 'n-rollout-rollout']


def test_a_checked_step_is_done() -> None:
    note = page('n', item('rollout', body='1. [x] Deploy backend\n2. [ ] Deploy frontend'))
    assert [(each.key, each.says('done')) for each in note.items[1:]] == [
        ('Deploy backend', True),
        ('Deploy frontend', False),
    ]


def test_the_bullets_of_a_test_plan_are_test_cases_of_its_level() -> None:
    note = page(
        'n',
        item('test-plan', 'unit', body='- [ ] Test POST /x\n- Note: odd case\n  - Verifies: POST /y\n  - Level: e2e'),
    )
    assert [_facts(each) for each in note.items[1:]] == [
        ('test-case', 'Test POST /x', {'level': 'unit'}),
        ('test-case', 'Note: odd case', {'level': 'e2e', 'verifies': ('POST /y',)}),
    ]


def test_the_bullets_of_an_authorization_without_argument_are_authorizations() -> None:
    note = page(
        'n', item('authorization', body='- POST /x: requires editor role\n- GET /x: public (no auth)\n  - Scope: read')
    )
    assert [_facts(each) for each in note.items] == [
        ('authorization', 'POST /x', {'roles': ('editor',)}),
        ('authorization', 'GET /x', {'public': True, 'scope': 'read'}),
    ]
    assert problems(note) == []


def test_what_an_author_states_as_an_option_wins_over_what_the_grammar_reads() -> None:
    note = page('n', item('authorization', body='- POST /x: requires editor role\n  - Roles: admin'))
    assert note.items[0].names('roles') == ('admin',)
    entity = page('n', item('entity', 'T', body='- Add `x: int` (default: 1)\n  - Default: 2'))
    assert entity.items[1].text('default') == '2'


def test_the_bullets_of_an_entity_are_its_columns_and_indexes() -> None:
    note = page(
        'n',
        item(
            'entity',
            'Deployment',
            change='modified',
            body='- Add `auto: bool` (default: false)\n  - PII: no\n- Add index on `auto`\n- Table: deployments\n- x',
        ),
    )
    assert [_facts(each) for each in note.items] == [
        ('entity', 'Deployment', {'table': 'deployments'}),
        ('field', 'Deployment.auto', {'type': 'bool', 'default': 'false', 'pii': False}),
        ('constraint', 'Deployment index on auto', {'kind': 'index', 'columns': ('auto',)}),
    ]  # fmt: skip


def test_the_text_below_a_bullet_is_the_body_of_its_item() -> None:
    note = page('n', item('rollout', body='1. Deploy\n   - first\n     - deeper\n   - second'))
    step = note.items[1]
    assert (step.body, step.at('body').line) == ('first\ndeeper\nsecond', 12)


@pytest.mark.parametrize(
    ('text', 'subject', 'options'),
    [
        ('POST /x: requires editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x: Requires authenticated user (any role)', 'POST /x', {'roles': 'any'}),
        ('POST /x: requires authenticated user', 'POST /x', {'roles': 'any'}),
        ('POST /x: any authenticated user', 'POST /x', {'roles': 'any'}),
        ('POST /x: No change (already requires editor role)', 'POST /x', {'change': 'existing', 'roles': 'editor'}),
        ('POST /x: public (no auth)', 'POST /x', {'public': 'yes'}),
        ('POST /x: no authentication needed', 'POST /x', {'public': 'yes'}),
        ('POST /x: requires the admin role', 'POST /x', {'roles': 'admin'}),
        ('POST /x: requires an editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x: requires at least editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x: requires `admin` or `owner` role', 'POST /x', {'roles': 'admin, owner'}),
        ('POST /x: requires admin, editor or viewer role', 'POST /x', {'roles': 'admin, editor, viewer'}),
        ('POST /x: not public', 'POST /x', {}),
        ('POST /x: anonymous users are refused', 'POST /x', {}),
        ('POST /x: unauthenticated requests get 401', 'POST /x', {}),
        ('POST /x: not public; requires editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x: no authentication change', 'POST /x', {}),
        ('POST /x: owner of the model only', 'POST /x', {}),
        ('POST /x - requires editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x — requires editor role', 'POST /x', {'roles': 'editor'}),
        ('POST /x requires editor role', 'POST /x', {'roles': 'editor'}),
        ('`POST /x`: requires editor role', '`POST /x`', {'roles': 'editor'}),
        ('POST /v1/x:cancel: requires editor role', 'POST /v1/x:cancel', {'roles': 'editor'}),
        ('Approving orders: requires manager role', 'Approving orders', {'roles': 'manager'}),
        (
            'No row-level security needed - users see their own',
            'No row-level security needed - users see their own',
            {},
        ),
    ],
)
def test_an_authorization_line_says_who_may(text: str, subject: str, options: dict[str, str]) -> None:
    assert read_authorization(text) == (subject, options)


def test_nested_bullets_of_any_depth_are_read() -> None:
    body = '\n'.join(f'{"  " * depth}- level {depth}' for depth in range(40))
    note = page('n', item('test-plan', 'unit', body=body))
    assert keys(note.items) == ['unit', 'level 0']
    assert note.items[1].body.count('\n') == 38
