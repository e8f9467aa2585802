"""Endpoints of a plain note, in every carrier that notes use; and what looks like one and is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, day, endpoint, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

NEW, CHANGED, API = 'New Endpoints', 'Changed Endpoints', 'API Changes'
JOBS = 'POST /api/jobs'


def start(line: int, change: str | None = 'new', **fields: Any) -> Stated:
    """State the endpoint of most cases."""
    return endpoint(line, change, JOBS, purpose='start a job', **fields)


CARRIERS: dict[str, Case] = {
    'code span and dash': case(NEW, '- `POST /api/jobs` - start a job', start(1)),
    'code span and en dash': case(NEW, '- `POST /api/jobs` – start a job', start(1)),
    'code span and em dash': case(NEW, '- `POST /api/jobs` — start a job', start(1)),
    'code span and two hyphens': case(NEW, '- `POST /api/jobs` -- start a job', start(1)),
    'code span and colon': case(NEW, '- `POST /api/jobs`: start a job', start(1)),
    'code span and arrow': case(NEW, '- `POST /api/jobs` → start a job', start(1)),
    'code span and arrow in characters': case(NEW, '- `POST /api/jobs` -> start a job', start(1)),
    'code span and parentheses': case(NEW, '- `POST /api/jobs` (start a job)', start(1)),
    'code span and a verb': case(
        NEW, '- `POST /api/jobs` starts a job', endpoint(1, 'new', JOBS, purpose='starts a job')
    ),
    'code span alone': case(NEW, '- `POST /api/jobs`', endpoint(1, 'new', JOBS)),
    'method as code, path as code': case(NEW, '- `POST` `/api/jobs` - start a job', start(1)),
    'method in words, path as code': case(NEW, '- POST `/api/jobs` - start a job', start(1)),
    'bold code span': case(NEW, '- **`POST /api/jobs`** - start a job', start(1)),
    'bold': case(NEW, '- **POST /api/jobs** - start a job', start(1)),
    'bold with its colon': case(NEW, '- **POST /api/jobs:** start a job', start(1)),
    'open checkbox': case(NEW, '- [ ] `POST /api/jobs` - start a job', start(1)),
    'done checkbox': case(NEW, '- [x] `POST /api/jobs` - start a job', start(1)),
    'emoji': case(NEW, '- 🚀 `POST /api/jobs` - start a job', start(1)),
    'check mark': case(NEW, '- ✅ POST /api/jobs - start a job', start(1)),
    'New before': case(API, '- New: `POST /api/jobs` - start a job', start(1)),
    'Changed before': case(API, '- Changed: `POST /api/jobs` - start a job', start(1, 'changed')),
    'Removed before, below new endpoints': case(NEW, '- Removed: `POST /api/jobs` - start a job', start(1, 'removed')),
    'bold New before': case(API, '- **New:** `POST /api/jobs` - start a job', start(1)),
    'New in parentheses behind': case(API, '- `POST /api/jobs` (new) - start a job', start(1)),
    'deprecated in parentheses behind': case(
        CHANGED, '- `POST /api/jobs` (deprecated) - start a job', start(1, 'deprecated')
    ),
    'a verb before': case(API, '- Add `POST /api/jobs` - start a job', start(1)),
    'a verb of removal before': case(API, '- Remove `POST /api/jobs`', endpoint(1, 'removed', JOBS)),
    'removed behind': case(API, '- `POST /api/jobs` is removed', endpoint(1, 'removed', JOBS, purpose='is removed')),
    'numbered list': case(NEW, '1. `POST /api/jobs` - start a job', start(1)),
    'plain bullet': case(NEW, '- POST /api/jobs - start a job', start(1)),
    'plain bullet in small letters': case(NEW, '- post /api/jobs - start a job', start(1)),
    'plain bullet, hard wrapped': case(
        NEW,
        """
        - POST /api/jobs - start a job that runs
          until somebody stops it
        - GET /api/jobs/{id} -
          tell how far it is
        """,
        endpoint(1, 'new', JOBS, purpose='start a job that runs until somebody stops it'),
        endpoint(3, 'new', 'GET /api/jobs/{id}', purpose='tell how far it is'),
    ),
    'plain bullet with details': case(
        NEW,
        """
        - POST /api/jobs - start a job
          - Request: `{"model": "uuid"}`
          - Response: `{"id": "uuid"}`
          - Errors: 409 when one runs
          - Auth: Requires editor role
          - Rate limit: 10/min
        """,
        start(
            1,
            request='{"model": "uuid"}',
            response='{"id": "uuid"}',
            errors='409 when one runs',
            auth='Requires editor role',
            rate_limit='10/min',
        ),
    ),
    'details in other words': case(
        NEW,
        """
        - `POST /api/jobs`
          - Description: start a job
          - Body: `{}`
          - Returns: `201`
          - Permission: editors
          - Behind flag: jobs_enabled
          - Removal date: 2027-06-30 at the latest
        """,
        endpoint(
            1,
            'new',
            JOBS,
            purpose='start a job',
            request='{}',
            response='201',
            auth='editors',
            flag=('jobs_enabled',),
            sunset=day('2027-06-30'),
        ),
    ),
    'table with method and path apart': case(
        NEW,
        """
        | Method | Path | Auth | Purpose |
        |--------|------|------|---------|
        | POST | `/api/jobs` | editor | start a job |
        | GET | /api/jobs/{id} | - | tell how far it is |
        """,
        start(3, auth='editor'),
        endpoint(4, 'new', 'GET /api/jobs/{id}', purpose='tell how far it is'),
    ),
    'table with both in one cell': case(
        NEW,
        """
        | Endpoint | Description |
        |----------|-------------|
        | `POST /api/jobs` | start a job |
        """,
        start(3),
    ),
    'table with URL and min role': case(
        NEW,
        """
        | Verb | URL | Min role | Notes |
        |------|-----|----------|-------|
        | POST | /api/jobs | editor | start a job |
        """,
        start(3, auth='editor'),
    ),
    'table with URI, route and permission': case(
        NEW,
        """
        | HTTP method | Route | Permission |
        |---|---|---|
        | `POST` | `/api/jobs` | jobs:write |
        """,
        endpoint(3, 'new', JOBS, auth='jobs:write'),
    ),
    'table with a change': case(
        API,
        """
        | Endpoint | Change | Notes |
        |---|---|---|
        | POST /api/jobs | New | start a job |
        | GET /api/jobs | Deprecated | use the stream |
        """,
        start(3),
        endpoint(4, 'deprecated', 'GET /api/jobs', purpose='use the stream'),
    ),
    'table with several methods': case(
        NEW,
        """
        | Method | Path |
        |---|---|
        | GET, PUT | /api/jobs/{id} |
        """,
        endpoint(3, 'new', 'GET /api/jobs/{id}'),
        endpoint(3, 'new', 'PUT /api/jobs/{id}'),
    ),
    'table in which a method looks like a change': case(
        'API',
        """
        | Endpoint | Method | What |
        |---|---|---|
        | `/api/jobs/{id}` | DELETE | Cancel a job |
        """,
        endpoint(3, None, 'DELETE /api/jobs/{id}', purpose='Cancel a job'),
    ),
    'it now does something else too': case(
        'API',
        'GET /api/jobs now also returns `owner`.',
        endpoint(1, 'changed', 'GET /api/jobs', purpose='now also returns `owner`.'),
    ),
    'labels of change above terms, and who may call in a sentence': case(
        'REST API',
        """
        New:

        **`POST /api/jobs`**

        - start a job
        - Requires scope `jobs:write`

        Changed:

        **`GET /api/jobs`**

        Takes a cursor. Requires the viewer role.
        """,
        endpoint(3, 'new', JOBS, auth='Requires scope `jobs:write`'),
        endpoint(10, 'changed', 'GET /api/jobs', purpose='Takes a cursor.', auth='Requires the viewer role'),
    ),
    'removed at last': case(
        'Removed endpoints', '- `GET /api/jobs` (deprecated since 3.1)', endpoint(1, 'removed', 'GET /api/jobs')
    ),
    'options in parentheses and in sentences': case(
        NEW,
        """
        - POST /api/jobs - start a job (auth: editor, flag: `jobs`)
        - GET /api/jobs - list jobs. Auth: viewer.
        """,
        start(1, auth='editor', flag=('jobs',)),
        endpoint(2, 'new', 'GET /api/jobs', purpose='list jobs.', auth='viewer'),
    ),
    'table without known headings': case(
        NEW,
        """
        | What | Why |
        |---|---|
        | `POST /api/jobs` | start a job |
        """,
        endpoint(3, 'new', JOBS),
    ),
    'fenced block': case(
        NEW,
        """
        ```
        POST   /api/jobs          # start a job
        GET    /api/jobs/{id}
        ```
        """,
        start(2),
        endpoint(3, 'new', 'GET /api/jobs/{id}'),
    ),
    'fenced block in http': case(
        NEW,
        """
        ```http
        POST /api/jobs
        ```
        """,
        endpoint(2, 'new', JOBS),
    ),
    'old and new': case(
        CHANGED,
        """
        ```
        OLD: GET /api/job/{id}
        NEW: GET /api/jobs/{id}
        ```
        """,
        endpoint(2, 'removed', 'GET /api/job/{id}'),
        endpoint(3, 'new', 'GET /api/jobs/{id}'),
    ),
    'heading': case(
        NEW,
        """
        ### 2. POST /api/jobs

        start a job

        - Request: `{}`
        """,
        start(1, request='{}'),
    ),
    'heading in code': case(NEW, '### `POST /api/jobs`\n\nstart a job', start(1)),
    'two headings': case(
        NEW,
        """
        ### POST /api/jobs

        start a job

        ### GET /api/jobs/{id}

        - Response: `{}`
        """,
        start(1),
        endpoint(5, 'new', 'GET /api/jobs/{id}', response='{}'),
    ),
    'bold line then bullets': case(
        NEW,
        """
        **POST /api/jobs**

        - Purpose: start a job
        - Auth: editor

        **`GET /api/jobs/{id}`**

        - Response: `{}`
        """,
        start(1, auth='editor'),
        endpoint(6, 'new', 'GET /api/jobs/{id}', response='{}'),
    ),
    'bold line and text': case(NEW, '**POST /api/jobs**: start a job', start(1)),
    'path without a method': case(
        NEW, '- `/api/jobs` - start a job', endpoint(1, 'new', '/api/jobs', purpose='start a job')
    ),
    'method behind the path': case(NEW, '- `/api/jobs` (POST) - start a job', start(1)),
    'path without a leading slash': case(
        NEW, '- POST api/jobs - start a job', endpoint(1, 'new', 'POST /api/jobs', purpose='start a job')
    ),
    'fields': case(
        NEW,
        """
        - URL: /api/jobs
        - Method: POST
        - Description: start a job
        """,
        start(1),
    ),
    'fields the other way round': case(
        NEW,
        """
        - Method: `POST`
        - Description: start a job
        - Path: `/api/jobs`
        """,
        start(1),
    ),
    'fields in bold': case(
        NEW,
        """
        - **Method**: POST
        - **URL**: `/api/jobs`
        """,
        endpoint(1, 'new', JOBS),
    ),
    'fields of two endpoints': case(
        NEW,
        """
        - Method: POST
        - URL: /api/jobs
        - Description: start a job
        - Method: GET
        - URL: /api/jobs/{id}
        """,
        start(1),
        endpoint(4, 'new', 'GET /api/jobs/{id}'),
    ),
    'request in bold': case(NEW, '**Request:** POST /api/jobs', endpoint(1, 'new', JOBS)),
    'two in a bullet': case(
        NEW,
        '- `POST /api/jobs` and `DELETE /api/jobs/{id}` - start and stop a job',
        endpoint(1, 'new', JOBS, purpose='start and stop a job'),
        endpoint(1, 'new', 'DELETE /api/jobs/{id}', purpose='start and stop a job'),
    ),
    'GET or HEAD': case(
        NEW,
        '- `GET or HEAD /api/jobs` - list jobs',
        endpoint(1, 'new', 'GET /api/jobs', purpose='list jobs'),
        endpoint(1, 'new', 'HEAD /api/jobs', purpose='list jobs'),
    ),
    'POST plus DELETE': case(
        NEW,
        '- `POST + DELETE /api/jobs/{id}/lock`',
        endpoint(1, 'new', 'POST /api/jobs/{id}/lock'),
        endpoint(1, 'new', 'DELETE /api/jobs/{id}/lock'),
    ),
    'GET slash POST': case(
        NEW,
        '- `GET/POST /api/jobs`',
        endpoint(1, 'new', 'GET /api/jobs'),
        endpoint(1, 'new', JOBS),
    ),
    'one becomes another': case(
        CHANGED,
        '- `GET /api/job` → `GET /api/jobs`',
        endpoint(1, 'removed', 'GET /api/job'),
        endpoint(1, 'new', 'GET /api/jobs'),
    ),
    'web socket': case(
        NEW, '- `WS /api/jobs/stream` - progress', endpoint(1, 'new', 'WS /api/jobs/stream', purpose='progress')
    ),
    'query and trailing slash': case(
        NEW, '- `GET /api/jobs/?state=done` - list jobs', endpoint(1, 'new', 'GET /api/jobs', purpose='list jobs')
    ),
    'a star of its own': case(
        NEW, '- `GET /api/files/*` - any file', endpoint(1, 'new', 'GET /api/files/*', purpose='any file')
    ),
    'struck out': case(NEW, '- ~~`POST /api/jobs`~~ - start a job', start(1), only='md'),
    'all ways of a parameter': case(
        NEW,
        """
        - `GET /a/{id}`
        - `GET /b/:id`
        - `GET /c/<id>`
        - `GET /d/[id]`
        """,
        endpoint(1, 'new', 'GET /a/{id}'),
        endpoint(2, 'new', 'GET /b/:id'),
        endpoint(3, 'new', 'GET /c/<id>'),
        endpoint(4, 'new', 'GET /d/[id]'),
    ),
    'New endpoint in bold, below changed': case(
        CHANGED,
        """
        **New endpoint.**

        - `POST /api/jobs` - start a job

        **Changed endpoint.**

        - `GET /api/jobs` - also lists
        """,
        start(3),
        endpoint(7, 'changed', 'GET /api/jobs', purpose='also lists'),
    ),
    'a label in a list': case(
        API,
        """
        - New:
          - `POST /api/jobs` - start a job
        - Removed:
          - `GET /api/jobs`
        """,
        start(2),
        endpoint(4, 'removed', 'GET /api/jobs'),
    ),
    'fields of a request': case(
        CHANGED,
        """
        - POST /api/jobs - Add optional `dry_run: bool` field
          - If true, nothing is started
          - Backward compatible: defaults to false
        """,
        endpoint(1, 'changed', JOBS),
        field(1, 'add', 'POST /api/jobs.dry_run', 'bool', in_='request', required=False, default='false'),
    ),
    'table of parameters': case(
        NEW,
        """
        ### POST /api/jobs

        | Parameter | Type | Required | Description |
        |---|---|---|---|
        | model | uuid | yes | what runs |
        """,
        endpoint(1, 'new', JOBS),
        field(5, None, 'POST /api/jobs.model', 'uuid', required=True),
    ),
    'table of parameters with what becomes of them': case(
        NEW,
        """
        ### POST /api/jobs

        | Parameter | In | Action |
        |---|---|---|
        | model | request | added |
        | state | response | drop |
        | owner | request | see above |
        """,
        endpoint(1, 'new', JOBS),
        field(5, 'add', 'POST /api/jobs.model', in_='request'),
        field(6, 'drop', 'POST /api/jobs.state', in_='response'),
        field(7, None, 'POST /api/jobs.owner', in_='request'),
    ),
    'a prose sentence that begins with it': case(
        NEW, 'POST /api/jobs starts a job.', endpoint(1, 'new', JOBS, purpose='starts a job.')
    ),
}

CHANGES = {
    'New Endpoints': 'new',
    'Added endpoints': 'new',
    'Changed Endpoints': 'changed',
    'Modified endpoints': 'changed',
    'Enhanced Endpoints': 'changed',
    'Unchanged endpoints': 'existing',
    'Removed endpoints': 'removed',
    'Deprecated Endpoints': 'deprecated',
    'New and changed endpoints': None,
    'Changes to existing endpoints': 'changed',
    '2.1 🚀 New Endpoints (v2)': 'new',
    'Endpoints': None,
}
HEADINGS = {
    f'below {heading}': case(heading, '- `POST /api/jobs` - start a job', start(1, change))
    for heading, change in CHANGES.items()
} | {
    'a sub-heading with the change behind it': case(
        'API', '### Jobs (new)\n\n- `POST /api/jobs` - start a job', start(3)
    ),
    'a sub-heading that says it in a sentence': case(
        'API', '### Calls that will be removed\n\n- `POST /api/jobs` - start a job', start(3, 'removed')
    ),
    'New below API': case('API', '### New\n\n- `POST /api/jobs` - start a job', start(3)),
    'Removed below API': case('API', '### Removed\n\n- `POST /api/jobs`', endpoint(3, 'removed', JOBS)),
}

DECOYS: dict[str, Case] = {
    'a route of the browser': case(
        NEW,
        '- `/jobs/:id` - page that shows a job',
        problems=[('DN108', 1)],
    ),
    'an example request with an id': case(
        NEW,
        """
        - `GET /api/jobs/{id}` - tell how far it is

          ```
          GET /api/jobs/1f3a77
          ```
        """,
        endpoint(1, 'new', 'GET /api/jobs/{id}', purpose='tell how far it is'),
    ),
    'an example call below the bullets': case(
        NEW,
        """
        - `GET /api/jobs/{id}` - tell how far it is

        ```console
        curl -X GET https://example.org/api/jobs/1f3a77
        ```
        """,
        endpoint(1, 'new', 'GET /api/jobs/{id}', purpose='tell how far it is'),
    ),
    'an address with a host': case(NEW, '- See `https://example.org/api/jobs`', problems=[('DN108', 1)]),
    'code': case(
        NEW,
        """
        ```python
        def start(): ...
        ```
        """,
    ),
    'a file': case(NEW, '- `/src/api/jobs.py`', problems=[('DN108', 1)]),
    'prose that speaks of one': case(NEW, 'Clients call POST /api/jobs today.'),
    'mentioned elsewhere': case(
        'Backward Compatibility',
        '- Old clients keep calling `POST /api/jobs`',
        said(1, 'compatibility', 'Old clients keep calling `POST /api/jobs`'),
    ),
    'in a section that is no template slot': case('Background', '- `POST /api/jobs` - start a job'),
    'in a comment': case(
        NEW, '- `GET /api/jobs`\n\n<!-- - `POST /api/jobs` -->', endpoint(1, 'new', 'GET /api/jobs'), only='md'
    ),
    'in a comment of reST': case(
        NEW, '- ``GET /api/jobs``\n\n.. - ``POST /api/jobs``', endpoint(1, 'new', 'GET /api/jobs'), only='rst'
    ),
}

UNREAD: dict[str, Case] = {
    'a bullet that says nothing of an endpoint': case(
        NEW,
        """
        - `POST /api/jobs` - start a job
        - Somebody must think about this
        """,
        start(1),
        problems=[('DN108', 2)],
    ),
    'a row that names none': case(
        NEW,
        """
        | Method | Path |
        |---|---|
        | POST | /api/jobs |
        | ? | to be decided |
        """,
        endpoint(3, 'new', JOBS),
        problems=[('DN108', 4)],
    ),
    'a table of which nothing can be read': case(
        NEW,
        """
        | What | Why |
        |---|---|
        | a thing | it is needed |
        | another | also |
        """,
        problems=[('DN108', 3), ('DN108', 4)],
    ),
    'one of several levels is one finding': case(
        NEW,
        """
        - Things to think about
          - one
          - two
        """,
        problems=[('DN108', 1)],
    ),
}

#: What only one of the syntaxes has.
ONE_SYNTAX: dict[str, Case] = {
    'list table': case(
        NEW,
        """
        .. list-table::
           :header-rows: 1

           * - Method
             - Path
             - Purpose
           * - POST
             - ``/api/jobs``
             - start a job
        """,
        start(7),
        only='rst',
    ),
    'csv table': case(
        NEW,
        """
        .. csv-table::
           :header: Method, Path, Purpose

           POST, ``/api/jobs``, start a job
        """,
        start(4),
        only='rst',
    ),
    'csv table further down': case(
        NEW,
        'There are many.\n\n' * 15
        + '.. csv-table::\n   :header: Method, Path\n\n   POST, /api/jobs\n   GET, /api/jobs',
        endpoint(34, 'new', JOBS),
        endpoint(35, 'new', 'GET /api/jobs'),
        only='rst',
    ),
    'list table of MyST': case(
        NEW,
        """
        ```{list-table}
        :header-rows: 1

        * - Method
          - Path
        * - POST
          - /api/jobs
        * - GET
          - /api/jobs
        ```
        """,
        endpoint(6, 'new', JOBS),
        endpoint(8, 'new', 'GET /api/jobs'),
        only='md',
    ),
    'simple table': case(
        NEW,
        """
        ======  =============  ===========
        Method  Path           Purpose
        ======  =============  ===========
        POST    ``/api/jobs``  start a job
        ======  =============  ===========
        """,
        start(4),
        only='rst',
    ),
    'grid table of several lines': case(
        NEW,
        """
        +--------+-------------+-----------+
        | Method | Path        | Purpose   |
        +========+=============+===========+
        | POST   | /api/jobs   | start     |
        |        |             | a job     |
        +--------+-------------+-----------+
        """,
        start(4),
        only='rst',
    ),
    'literal block': case(
        NEW,
        """
        Both::

           POST /api/jobs   # start a job
           GET /api/jobs
        """,
        start(3),
        endpoint(4, 'new', 'GET /api/jobs'),
        only='rst',
    ),
    'field list': case(
        NEW,
        """
        :URL: /api/jobs
        :Method: POST
        :Description: start a job
        """,
        start(1),
        only='rst',
    ),
    'definition list': case(
        NEW,
        """
        POST /api/jobs
          start a job

        GET /api/jobs
          - Purpose: list jobs
        """,
        start(1),
        endpoint(4, 'new', 'GET /api/jobs', purpose='list jobs'),
        only='rst',
    ),
    'list without a blank line before it': case(
        NEW,
        """
        There is one:
        - ``POST /api/jobs`` - start a job
        """,
        start(2),
        only='rst',
    ),
}

ALL = CARRIERS | ONE_SYNTAX | HEADINGS | DECOYS | UNREAD


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(CARRIERS | ONE_SYNTAX))
def test_an_endpoint_is_read_from_its_carrier(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(HEADINGS))
def test_the_heading_says_what_happens_to_an_endpoint(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == HEADINGS[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(DECOYS))
def test_what_looks_like_an_endpoint_is_none(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == DECOYS[name].items
    assert pages.problems(name, syntax) == DECOYS[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(UNREAD))
def test_what_could_not_be_read_is_reported_at_its_line(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == UNREAD[name].items
    assert pages.problems(name, syntax) == UNREAD[name].problems


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []


KEPT = {
    'a label': ('- Balance: `GET /api/cards` - adds the currency', 'Balance'),
    'a sentence': ('- report a defect — `POST /api/defects`, answer names the depot', 'report a defect'),
    'details': ('- `POST /api/jobs` - start a job\n  - one at a time', 'one at a time'),
    'other columns': ('| Endpoint | Why |\n|---|---|\n| POST /api/jobs | asked for |', 'Why: asked for'),
}


@pytest.mark.parametrize('name', KEPT)
def test_what_else_is_said_of_an_endpoint_is_kept(build_once: BuildProject, name: str) -> None:
    text, body = KEPT[name]
    (item,) = build_once({'note.md': f'# Design Note: X\n\n## {NEW}\n\n{text}\n'}).items()
    assert item.body == body
