"""The slots that people fill with prose: approach, breaking changes, compatibility, the migration story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, day, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

APPROACH, BREAKING, STORY, COMPATIBLE = (
    'Approach Summary',
    'Breaking Changes',
    'Migration Story',
    'Backward Compatibility',
)


def breaking(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'breaking-change', key, None, **fields)


def compatible(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'compatibility', key, None, **fields)


def alternative(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'alternative', key, None, **fields)


def migration(line: int, key: str, **fields: Any) -> Stated:
    return said(line, 'migration', key, None, **fields)


ROLLOUT = 'rollout', 'Rollout'

APPROACHES: dict[str, Case] = {
    'two paragraphs': case(APPROACH, 'We add a service.\n\nIt is fast.', said(1, 'approach', 'Approach')),
    'bullets': case(APPROACH, '- A service\n- A page', said(1, 'approach', 'Approach')),
    'components': case(
        APPROACH,
        'We add a service.\n\n- Components: api, worker',
        said(1, 'approach', 'Approach', components=('api', 'worker')),
    ),
    'words of which others are labels': case(
        APPROACH,
        """
        Photos that are rejected may be appealed:

        - once
        - by their seller
        """,
        said(1, 'approach', 'Approach'),
        alternative(3, 'once'),
        alternative(4, 'by their seller'),
    ),
    'a picture below words of which others are labels': case(
        APPROACH,
        """
        Photos that are rejected may be appealed.

        ```mermaid
        erDiagram
        ```
        """,
        said(1, 'approach', 'Approach'),
    ),
    'alternatives below a heading': case(
        APPROACH,
        """
        We add a service.

        ### Alternatives considered

        - A background job: rejected, it is slow
        - **Client side** - does not know the cluster
        """,
        said(1, 'approach', 'Approach'),
        alternative(5, 'A background job', verdict='rejected'),
        alternative(6, 'Client side'),
    ),
    'alternatives below a bold line': case(
        APPROACH,
        """
        We add a service.

        **Rejected alternatives:**

        - A background job
          - Verdict: rejected
        """,
        said(1, 'approach', 'Approach'),
        alternative(5, 'A background job', verdict='rejected'),
    ),
    'alternatives in a section of their own': case(
        'Alternatives',
        """
        - A background job: it is slow
        - Client side (chosen)
        """,
        alternative(1, 'A background job'),
        alternative(2, 'Client side (chosen)', verdict='chosen'),
    ),
    'table of alternatives': case(
        'Alternatives',
        """
        | Option | Decision | Why |
        |---|---|---|
        | A background job | rejected | slow |
        """,
        alternative(3, 'A background job', verdict='rejected'),
    ),
}

BREAKING_CHANGES: dict[str, Case] = {
    'a bullet an item': case(
        BREAKING,
        """
        - The field `state` is gone
        - Clients must send a version. Old ones get 400.
        """,
        breaking(1, 'The field `state` is gone'),
        breaking(2, 'Clients must send a version'),
    ),
    'prose': case(BREAKING, 'The field `state` is gone. Nobody reads it.', breaking(1, 'The field `state` is gone')),
    'two paragraphs': case(
        BREAKING, 'One is gone.\n\nAnother is gone.', breaking(1, 'One is gone'), breaking(3, 'Another is gone')
    ),
    'details': case(
        BREAKING,
        """
        - The field `state` is gone
          - Affects: `GET /api/jobs`
          - Clients: web, mobile
          - Sunset: 2027-06-30
          - Mitigation: read `status`
        """,
        breaking(
            1,
            'The field `state` is gone',
            affects=('GET /api/jobs',),
            clients=('web', 'mobile'),
            sunset=day('2027-06-30'),
            mitigation='read `status`',
        ),
    ),
    'a date in the words': case(
        BREAKING,
        '- The field is kept until 2027-06-30',
        breaking(1, 'The field is kept until 2027-06-30', sunset=day('2027-06-30')),
    ),
    'table': case(
        BREAKING,
        """
        | Change | Clients | Mitigation |
        |---|---|---|
        | The field `state` is gone | web | read `status` |
        """,
        breaking(3, 'The field `state` is gone', clients=('web',), mitigation='read `status`'),
    ),
}

COMPATIBILITIES: dict[str, Case] = {
    'a list after a sentence': case(
        COMPATIBLE,
        """
        Fully backward compatible:

        - Old pages work
        - The endpoint is additive
        """,
        compatible(3, 'Old pages work'),
        compatible(4, 'The endpoint is additive', mechanism='additive'),
    ),
    'prose': case(
        COMPATIBLE,
        'Old clients fall back to the list. Nothing else changes.',
        compatible(1, 'Old clients fall back to the list', mechanism='graceful-degradation'),
    ),
    'details': case(
        COMPATIBLE,
        """
        - The old field stays
          - Mechanism: dual-write
          - Covers: `GET /api/jobs`
          - Until: 2027-06-30
        """,
        compatible(
            1, 'The old field stays', mechanism='dual-write', covers=('GET /api/jobs',), until=day('2027-06-30')
        ),
    ),
    'a date in the words': case(
        COMPATIBLE,
        '- The old path is deprecated and works until 2027-06-30',
        compatible(
            1, 'The old path is deprecated and works until 2027-06-30', mechanism='deprecation', until=day('2027-06-30')
        ),
    ),
}

STORIES: dict[str, Case] = {
    'prose': case(
        STORY,
        """
        An Alembic migration adds the column. No data backfill is needed. It is reversible.
        """,
        migration(
            1,
            'An Alembic migration adds the column',
            tool='Alembic',
            backfill='No data backfill is needed',
            reversible=True,
        ),
    ),
    'bullets': case(
        STORY,
        """
        - Alembic migration adds the column
        - Existing rows are backfilled with `false`
        """,
        migration(
            1,
            'Alembic migration adds the column',
            tool='Alembic',
            backfill='Existing rows are backfilled with `false`',
        ),
    ),
    'pairs': case(
        STORY,
        """
        - Tool: Flyway
        - Revision: V12
        - Down revision: V11
        - Entities: jobs, jobs.state
        - Kind: expand
        - Reversible: no
        - Online: yes
        - Lock: none
        """,
        migration(
            1,
            'Migration',
            tool='Flyway',
            revision='V12',
            down_revision='V11',
            entities=('jobs', 'jobs.state'),
            kind='expand',
            reversible=False,
            online=True,
            lock='none',
        ),
    ),
    'a numbered list is steps': case(
        STORY,
        """
        1. Run the migration
        2. Backfill the rows
        """,
        said(1, *ROLLOUT),
        said(1, 'rollout-step', 'Run the migration', action='migrate'),
        said(2, 'rollout-step', 'Backfill the rows', action='backfill'),
    ),
    'prose and steps': case(
        STORY,
        """
        One migration adds the column.

        1. Run the migration
        """,
        migration(1, 'One migration adds the column'),
        said(3, *ROLLOUT),
        said(3, 'rollout-step', 'Run the migration', action='migrate'),
    ),
    'a heading for each': case(
        STORY,
        """
        ### Migration 1: add the column

        It adds the column with Alembic.

        ### Migration 2: drop the old one

        It cannot be undone.
        """,
        migration(1, 'Migration 1: add the column', tool='Alembic'),
        migration(5, 'Migration 2: drop the old one', reversible=False),
    ),
}

ALL = (
    {f'approach: {k}': v for k, v in APPROACHES.items()}
    | {f'breaking: {k}': v for k, v in BREAKING_CHANGES.items()}
    | {f'compatible: {k}': v for k, v in COMPATIBILITIES.items()}
    | {f'story: {k}': v for k, v in STORIES.items()}
)


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(ALL))
def test_prose_states_items(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


BODIES = {
    'approach: two paragraphs': ['We add a service.\nIt is fast.'],
    'approach: components': ['We add a service.'],
    'approach: a picture below words of which others are labels': [
        'Photos that are rejected may be appealed.\nerDiagram'
    ],
    'approach: alternatives below a heading': [
        'We add a service.',
        'rejected, it is slow',
        'does not know the cluster',
    ],
    'breaking: a bullet an item': ['', 'Old ones get 400.'],
    'compatible: prose': ['Nothing else changes.'],
    'story: bullets': ['Existing rows are backfilled with `false`'],
}


@pytest.mark.parametrize('syntax', ['md', 'rst'])
@pytest.mark.parametrize('name', BODIES)
def test_the_rest_of_the_text_is_kept_with_the_item(pages: Read, name: str, syntax: str) -> None:
    assert [item.body for item in pages.note(name, syntax).items] == BODIES[name]


def test_a_sentence_above_a_list_is_kept_as_the_slots_prose(pages: Read) -> None:
    note = pages.note('compatible: a list after a sentence', 'md')
    assert dict(note.prose) == {'compatibility': 'Fully backward compatible:'}


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []
