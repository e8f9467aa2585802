"""A None with a reason answers what some rules ask for."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule
from tests.support import findings, note, said


@pytest.mark.parametrize('rule', [rule for rule in RULES if rule.answered_by], ids=lambda rule: rule.code)
def test_a_none_with_a_reason_answers_what_a_rule_asks_for(rule: Rule) -> None:
    asked = (
        said('endpoint', 'POST /jobs', change='new'),
        said('endpoint', 'POST /sign-ups', change='new', auth='Public'),
        said('endpoint', 'PUT /jobs/{id}', change='new', roles='editor'),
        said('endpoint', 'GET /old', change='removed', breaking='yes'),
        said('breaking-change', 'Clients must send a token'),
        said('entity', 'jobs', said('field', 'email: text', change='add', pii='yes'), change='modified'),
        said('feature-flag', 'jobs_enabled', default='off'),
        said('test-case', 'Test PUT /jobs/{id}'),
    )
    assert findings(rule.code, note('n', *asked)), 'the note gives the rule something to ask for'
    answer = said('no-impact', rule.answered_by, body='The gateway does it.')
    assert findings(rule.code, note('n', *asked, answer)) == []
    bare = said('no-impact', rule.answered_by)
    assert findings(rule.code, note('n', *asked, bare)), 'a None without a reason answers nothing'


def test_a_migration_of_the_table_and_the_columns_covers_the_new_ones() -> None:
    data = (
        said('entity', 'sensor_group', change='new'),
        said('entity', 'alarm', said('field', 'group_id: uuid', change='add'), change='modified'),
        said('entity', 'sensor', said('field', 'group_id: uuid', change='add'), change='modified'),
    )
    whole = said('migration', 'The changeset creates the table and the three columns; an alarm keeps its sensor')
    assert findings('DN401', note('n', *data, whole)) == []
    part = said('migration', 'The changeset creates the table; an alarm keeps its place')
    assert [f.message.partition(';')[0] for f in findings('DN401', note('n', *data, part))] == [
        'no migration covers sensor.group_id'
    ]
