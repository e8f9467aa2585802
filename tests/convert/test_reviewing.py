"""The day of a review is one line, in whatever way an item is written."""

from __future__ import annotations

import datetime
import textwrap

import pytest

from sphinxcontrib_designnote.convert.reviewing import reviewed
from sphinxcontrib_designnote.convert.snapshot import Workbench
from tests.convert.conftest import body_of, note, read

DAY = datetime.date(2026, 5, 20)


def with_day(bench: Workbench, body: str, kind: str, *, markdown: bool) -> str | None:
    """Return the body of a note whose first item of *kind* has been looked at; other lines must be as they were."""
    before = read(bench, note(body, markdown=markdown), markdown=markdown)
    item = next(each.item for each in before.statements if each.item.kind == kind)
    text = reviewed(bench, before, item, DAY)
    if text is None:
        return None
    written = [line for line in text.split('\n') if 'eviewed' not in line and line]
    assert written == [line for line in before.lines if 'eviewed' not in line and line]
    return body_of(text, markdown=markdown)


@pytest.mark.parametrize(
    ('kind', 'body', 'expected'),
    [
        (
            'endpoint',
            '.. endpoint:: GET /x\n   :change: new\n   :purpose: a,\n     b\n\n   Body.\n\n.. endpoint:: GET /y\n',
            '.. endpoint:: GET /x\n   :reviewed: 2026-05-20\n   :change: new\n   :purpose: a,\n     b\n\n   Body.\n\n'
            '.. endpoint:: GET /y\n',
        ),
        (
            'endpoint',
            '.. endpoint:: GET /x\n\n   Body.\n',
            '.. endpoint:: GET /x\n   :reviewed: 2026-05-20\n\n   Body.\n',
        ),
        ('endpoint', '.. endpoint:: GET /x\n', '.. endpoint:: GET /x\n   :reviewed: 2026-05-20\n'),
        (
            'test-case',
            '.. test-case:: A title of\n   two lines\n\n   Body.\n',
            '.. test-case:: A title of\n   two lines\n   :reviewed: 2026-05-20\n\n   Body.\n',
        ),
        (
            'field',
            '.. entity:: jobs\n\n   .. field:: state: text\n\n   Body.\n',
            '.. entity:: jobs\n\n   .. field:: state: text\n      :reviewed: 2026-05-20\n\n   Body.\n',
        ),
        (
            'endpoint',
            '.. endpoint:: GET, PUT /x\n   :reviewed: 2025-01-01\n   :change: new\n',
            '.. endpoint:: GET, PUT /x\n   :reviewed: 2026-05-20\n   :change: new\n',
        ),
        (
            'test-case',
            'Testing\n-------\n\n- It answers.\n- It ends\n  well.\n',
            'Testing\n-------\n\n- It answers.\n\n  - Reviewed: 2026-05-20\n\n- It ends\n  well.\n',
        ),
    ],
)
def test_in_restructured_text(bench: Workbench, kind: str, body: str, expected: str) -> None:
    assert with_day(bench, body, kind, markdown=False) == expected


@pytest.mark.parametrize(
    ('kind', 'body', 'expected'),
    [
        (
            'endpoint',
            '```{endpoint} GET /x\n:change: new\n\nBody.\n```\n',
            '```{endpoint} GET /x\n:reviewed: 2026-05-20\n:change: new\n\nBody.\n```\n',
        ),
        ('endpoint', '```{endpoint} GET /x\nBody.\n```\n', '```{endpoint} GET /x\n:reviewed: 2026-05-20\nBody.\n```\n'),
        (
            'endpoint',
            '```{endpoint} GET /x\n---\nchange: new\n---\nBody.\n```\n',
            '```{endpoint} GET /x\n---\nreviewed: 2026-05-20\nchange: new\n---\nBody.\n```\n',
        ),
        (
            'field',
            '::::{entity} jobs\n\n:::{field} state: text\n:::\n::::\n',
            '::::{entity} jobs\n\n:::{field} state: text\n:reviewed: 2026-05-20\n:::\n::::\n',
        ),
        (
            'endpoint',
            '### New Endpoints\n- GET /x: the list\n  - **Roles:** clerk\n- GET /y\n',
            '### New Endpoints\n- GET /x: the list\n  - Reviewed: 2026-05-20\n  - **Roles:** clerk\n- GET /y\n',
        ),
        (
            'endpoint',
            '### New Endpoints\n* GET /x: the list\n  of all\n* GET /y\n',
            '### New Endpoints\n* GET /x: the list\n  of all\n  - Reviewed: 2026-05-20\n* GET /y\n',
        ),
        (
            'rollout-step',
            '### Rollout\n1. Deploy it\n2. Look at it\n',
            '### Rollout\n1. Deploy it\n   - Reviewed: 2026-05-20\n2. Look at it\n',
        ),
        (
            'endpoint',
            '### New Endpoints\n\n#### GET /x\n\nThe list.\n\n#### GET /y\n',
            '### New Endpoints\n\n#### GET /x\n\n- Reviewed: 2026-05-20\n\nThe list.\n\n#### GET /y\n',
        ),
        (
            'endpoint',
            '### New Endpoints\n- GET /x\n  - Reviewed: `2025-01-01`\n',
            '### New Endpoints\n- GET /x\n  - Reviewed: `2026-05-20`\n',
        ),
    ],
)
def test_in_markdown(bench: Workbench, kind: str, body: str, expected: str) -> None:
    assert with_day(bench, body, kind, markdown=True) == expected


@pytest.mark.parametrize(
    ('kind', 'body'),
    [
        ('endpoint', '### New Endpoints\n\n| Endpoint | Roles |\n|---|---|\n| GET /x | clerk |\n'),
        ('entity', '### New Entities\n\n```sql\nCREATE TABLE jobs (id int);\n```\n'),
    ],
)
def test_where_there_is_no_place_for_it_nothing_is_made_up(bench: Workbench, kind: str, body: str) -> None:
    assert with_day(bench, body, kind, markdown=True) is None


@pytest.mark.parametrize(
    ('text', 'expected', 'markdown'),
    [
        (
            '---\ndesign-note:\n  status: accepted\n---\n\n# Design Note: X\n',
            '---\ndesign-note:\n  reviewed: "2026-05-20"\n  status: accepted\n---\n\n# Design Note: X\n',
            True,
        ),
        (
            'Design Note: X\n==============\n\n.. design-note::\n   :status: accepted\n',
            'Design Note: X\n==============\n\n.. design-note::\n   :reviewed: 2026-05-20\n   :status: accepted\n',
            False,
        ),
    ],
)
def test_a_whole_note_says_it_where_it_says_what_it_is(
    bench: Workbench, text: str, expected: str, markdown: bool
) -> None:
    before = read(bench, textwrap.dedent(text), markdown=markdown)
    assert reviewed(bench, before, before.note, DAY) == expected
