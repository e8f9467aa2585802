"""What a note states twice, in two ways, is one item: in a directive and in words, in a table and in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reader.notes import Case, Read, both, case, endpoint, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

NEW, API, TABLES, FLAGS = 'New Endpoints', 'API Changes', 'Modified Entities', 'Feature Flags'

TWICE: dict[str, Case] = {
    'a directive above its bullet': case(
        NEW,
        """
        ```{endpoint} POST /jobs
        :change: new
        :purpose: said by the directive
        ```

        - `POST /jobs` - said by the bullet
          - Auth: editor
          - Rate limit: 10/min
        """,
        endpoint(1, 'new', 'POST /jobs', purpose='said by the directive', auth='editor', rate_limit='10/min'),
    ),
    'a directive below its bullet': case(
        NEW,
        """
        - `POST /jobs` - said by the bullet
          - Auth: editor

        ```{endpoint} POST /jobs
        :purpose: said by the directive
        ```
        """,
        endpoint(4, 'new', 'POST /jobs', purpose='said by the directive', auth='editor'),
    ),
    'the name of a parameter does not count': case(
        NEW,
        """
        ```{endpoint} GET /jobs/{id}
        ```

        - `GET /jobs/:job_id/` - tell how far it is
        """,
        endpoint(1, 'new', 'GET /jobs/{id}', purpose='tell how far it is'),
    ),
    'a directive and a table': case(
        NEW,
        """
        ```{endpoint} POST /jobs
        ```

        | Method | Path | Auth |
        |---|---|---|
        | POST | /jobs | editor |
        | GET | /jobs | any |
        """,
        endpoint(1, 'new', 'POST /jobs', auth='editor'),
        endpoint(7, 'new', 'GET /jobs', auth='any'),
    ),
    'a directive that says something else of it': case(
        API,
        """
        ```{endpoint} POST /jobs
        :change: removed
        ```

        - New: `POST /jobs` - comes back
        """,
        endpoint(1, 'removed', 'POST /jobs'),
        endpoint(5, 'new', 'POST /jobs', purpose='comes back'),
    ),
    'a flag': case(
        FLAGS,
        """
        ```{feature-flag} jobs_enabled
        :owner: orders
        ```

        Feature flag: `jobs_enabled` (default: off)
        - When disabled: 404
        """,
        said(1, 'feature-flag', 'jobs_enabled', 'new', owner='orders', default='off', when_disabled='404'),
    ),
    'an entity and its columns': case(
        TABLES,
        """
        ```{entity} jobs
        - Add `a: int`
        ```

        **Jobs table:**

        - Add `a: int` (default: 0)
        - Add `b: int`
        """,
        said(1, 'entity', 'jobs', 'modified'),
        field(2, 'add', 'jobs.a', 'int', default='0'),
        field(8, 'add', 'jobs.b', 'int'),
    ),
    'prose in two forms': case(
        'Breaking Changes',
        """
        ```{breaking-change} The field is gone
        :clients: web
        ```

        - The field is gone
          - Mitigation: read the other
        """,
        said(1, 'breaking-change', 'The field is gone', clients=('web',), mitigation='read the other'),
    ),
    'a rollout and more steps': case(
        'Rollout steps',
        """
        ```{rollout}
        1. Deploy the backend
        ```

        2. Run the migration
        """,
        said(1, 'rollout', 'Rollout'),
        said(2, 'rollout-step', 'Deploy the backend', action='deploy', component='backend'),
        said(5, 'rollout-step', 'Run the migration', action='migrate'),
    ),
    'a test plan and more tests': case(
        'Testing Strategy',
        """
        ```{test-plan} unit
        - the order
        ```

        **Unit tests:**

        - the limit
        """,
        said(1, 'test-plan', 'unit'),
        said(2, 'test-case', 'the order', level='unit'),
        said(7, 'test-case', 'the limit', level='unit'),
    ),
    'an empty rollout and steps': case(
        'Rollout steps',
        """
        ```{rollout}
        :release: 25.11
        ```

        1. Run the migration
        """,
        said(1, 'rollout', 'Rollout'),
        said(5, 'rollout-step', 'Run the migration', action='migrate'),
    ),
    'an approach': case(
        'Approach Summary',
        """
        ```{approach}
        :components: api
        ```

        We add a service.
        """,
        said(1, 'approach', 'Approach', components=('api',)),
    ),
    'nothing': case(
        NEW,
        """
        ```{no-impact} new-endpoints
        ```

        None. Only the worker changes.
        """,
        said(1, 'no-impact', 'new-endpoints'),
    ),
    'an overview and details below headings': case(
        NEW,
        """
        | Method | Path | Purpose |
        |---|---|---|
        | POST | /jobs | start a job |
        | GET | /jobs | list jobs |

        ### POST /jobs

        - Request: `{}`

        ### GET /jobs

        - Response: `[]`
        """,
        endpoint(3, 'new', 'POST /jobs', purpose='start a job', request='{}'),
        endpoint(4, 'new', 'GET /jobs', purpose='list jobs', response='[]'),
    ),
    'an overview in code and details in bold': case(
        NEW,
        """
        ```
        POST /jobs
        ```

        **POST /jobs**

        - Request: `{}`
        """,
        endpoint(2, 'new', 'POST /jobs', request='{}'),
    ),
    'an overview of tables and their columns': case(
        TABLES,
        """
        | Table | Change |
        |---|---|
        | `jobs` | modified |

        ### jobs

        - Add `a: int`
        """,
        said(3, 'entity', 'jobs', 'modified'),
        field(7, 'add', 'jobs.a', 'int'),
    ),
}

APART: dict[str, Case] = {
    'two bullets': case(
        NEW,
        """
        - `POST /jobs` - start a job
        - `POST /jobs` - start a job
        """,
        endpoint(1, 'new', 'POST /jobs', purpose='start a job'),
        endpoint(2, 'new', 'POST /jobs', purpose='start a job'),
    ),
    'two rows': case(
        NEW,
        """
        | Method | Path |
        |---|---|
        | POST | /jobs |
        | POST | /jobs |
        """,
        endpoint(3, 'new', 'POST /jobs'),
        endpoint(4, 'new', 'POST /jobs'),
    ),
    'two flags of one name': case(
        FLAGS,
        """
        - `jobs_enabled` (default: on)
        - `jobs_enabled` (default: off)
        """,
        said(1, 'feature-flag', 'jobs_enabled', 'new', default='on'),
        said(2, 'feature-flag', 'jobs_enabled', 'new', default='off'),
    ),
    'two statements of one column': case(
        TABLES,
        """
        **Jobs table:**

        - Add `a: int` (default: 0)
        - Add `a: int` (default: 1)
        """,
        said(1, 'entity', 'Jobs', 'modified'),
        field(3, 'add', 'Jobs.a', 'int', default='0'),
        field(4, 'add', 'Jobs.a', 'int', default='1'),
    ),
    'two versions': case(
        API,
        """
        - `POST /v1/jobs`
        - `POST /v2/jobs`
        """,
        endpoint(1, None, 'POST /v1/jobs'),
        endpoint(2, None, 'POST /v2/jobs'),
    ),
}

ALL = TWICE | APART


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(TWICE))
def test_what_is_stated_in_two_ways_is_one_item(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(APART))
def test_what_is_stated_twice_in_one_way_is_two_items(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_item_is_the_directives_where_a_directive_states_it(pages: Read, syntax: str) -> None:
    origins = {
        name: [item.origin for item in pages.note(name, syntax).items]
        for name in ('a directive below its bullet', 'a directive and a table', 'an entity and its columns')
    }
    assert origins == {
        'a directive below its bullet': ['directive'],
        'a directive and a table': ['directive', 'template'],
        'an entity and its columns': ['directive', 'directive', 'template'],
    }


OWNERS = {
    'an entity and its columns': [None, 'jobs', 'jobs'],
    'a rollout and more steps': [None, 'Rollout', 'Rollout'],
    'a test plan and more tests': [None, 'unit', 'unit'],
    'an empty rollout and steps': [None, 'Rollout'],
    'an overview of tables and their columns': [None, 'jobs'],
}


@pytest.mark.parametrize('syntax', ['md', 'rst'])
@pytest.mark.parametrize('name', OWNERS)
def test_parts_stand_in_the_item_that_both_are(pages: Read, name: str, syntax: str) -> None:
    items = pages.note(name, syntax).items
    keys = {item.id: item.key for item in items}
    assert [keys.get(item.parent or '') for item in items] == OWNERS[name]


def test_an_id_is_that_of_the_first_of_several_items(build_once: BuildProject) -> None:
    text = '# Design Note: T\n\n## New Endpoints\n\n- `GET, PUT /jobs/{id}`\n  - Id: one-job\n'
    first, second = build_once({'note.md': text}).items()
    assert (first.id, second.id) == ('one-job', 'note-endpoint-put-jobs-id-new')


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_text_of_both_is_kept(pages: Read, syntax: str) -> None:
    assert [item.body for item in pages.note('an approach', syntax).items] == ['We add a service.']
    assert dict(pages.note('nothing', syntax).prose) == {'new-endpoints': 'None. Only the worker changes.'}


def test_every_item_has_an_anchor_of_its_own(pages: Read) -> None:
    for name, each in ALL.items():
        anchors = [item.anchor for item in pages.note(name, each.only or 'md').items]
        assert len(anchors) == len(set(anchors)), name


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []
