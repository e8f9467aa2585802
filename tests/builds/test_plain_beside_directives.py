"""What directives on a page mean to the reader of its plain words, and what a dash means."""

from __future__ import annotations

from typing import Any

import pytest

TITLE = '# Design Note: X\n\n'


def keys(built: Any) -> list[str]:
    return [f'{item.kind} {item.key}' for item in built.items()]


def test_a_heading_above_directives_is_a_label(build: Any) -> None:
    text = TITLE + '## New Endpoints\n\n### `/api/v2/jobs`\n\n```{endpoint} GET /api/v2/jobs/all\n:change: new\n```\n'
    assert keys(build({'x.md': text})) == ['endpoint GET /api/v2/jobs/all']


def test_a_directive_fills_the_section_that_it_stands_in(build: Any) -> None:
    text = TITLE + '## Migration Story\n\n```{rollout}\n1. Deploy it\n```\n'
    built = build({'x.md': text}, 'designnote')
    assert not [finding for finding in built.domain.findings if finding.code == 'DN107']


def test_code_behind_a_directive_is_no_unread_statement(build: Any) -> None:
    text = TITLE + '## New Endpoints\n\n```{endpoint} GET /a\n:change: new\n```\n\n```json\n{"a": 1}\n```\n'
    built = build({'x.md': text}, 'designnote')
    assert not [finding for finding in built.domain.findings if finding.code == 'DN108']


@pytest.mark.parametrize('dash', ['-', '–', '—'])
def test_a_dash_says_that_nothing_is_said(build: Any, dash: str) -> None:
    text = TITLE + '## Other Security Considerations\n\n- No passwords are involved'
    assert build({'x.md': text}).item('security-consideration').fields == {'topic': 'secrets'}
    assert build({'x.md': f'{text}\n  - Topic: {dash}\n'}).item('security-consideration').fields == {}
    step = '## Rollout Steps\n\n1. Deploy the API\n'
    assert build({'x.md': f'{TITLE}{step}   - Component: {dash}\n'}).item('rollout-step').fields == {'action': 'deploy'}
    body = f'```{{rollout}}\n1. Deploy the API\n   - Component: {dash}\n```\n'
    assert build({'x.md': TITLE + body}).item('rollout-step').fields == {'action': 'deploy'}


@pytest.mark.parametrize('kind', ['rollout', 'test-plan'])
def test_a_second_rollout_or_plan_goes_on_with_the_first(build: Any, kind: str) -> None:
    argument = ' unit' if kind == 'test-plan' else ''
    body = f'```{{{kind}}}{argument}\n1. One\n```\n\n```{{{kind}}}{argument}\n1. Two\n```\n'
    built = build({'x.md': TITLE + body})
    (owner,) = built.items(kind)
    parts = built.items('rollout-step', 'test-case')
    assert [(part.title, part.parent) for part in parts] == [('One', owner.id), ('Two', owner.id)]


def test_details_below_a_field_of_an_endpoint_or_interface_are_its_options(build: Any) -> None:
    text = (
        f'{TITLE}## New Endpoints\n\n- POST /a\n  - Add `b: int` field\n    - Required: yes\n\n'
        '## Interfaces\n\n- `job.done` event\n  - Add `c: int` field\n    - Pii: no\n'
    )
    fields = build({'x.md': text}).items('field')
    assert [(field.key, dict(field.fields)) for field in fields] == [
        ('POST /a.b', {'type': 'int', 'required': True}),
        ('job.done.c', {'type': 'int', 'pii': False}),
    ]


@pytest.mark.parametrize('markdown', [True, False])
def test_a_bar_keeps_the_lines_of_a_value(build: Any, markdown: bool) -> None:
    myst = '# N\n\n```{endpoint} POST /a\n:request: |\n  {\n    "a": 1\n\n  }\n:change: new\n```\n'
    rest = 'N\n=\n\n.. endpoint:: POST /a\n   :request: |\n     {\n       "a": 1\n\n     }\n   :change: new\n'
    item = build({'x.md': myst} if markdown else {'x.rst': rest}).item('endpoint')
    assert item.fields['request'] == '{\n  "a": 1\n\n}'
    assert item.change == 'new'
