"""Authorization touchpoints, audit events and security considerations of a plain note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

ACCESS, AUDIT, OTHER = 'Authorization Touchpoints', 'Audit Fields', 'Other Security Considerations'
JOBS = 'POST /api/jobs'


def access(line: int, key: str, change: str | None = None, **fields: Any) -> Stated:
    return said(line, 'authorization', key, change, **fields)


def event(line: int, key: str, change: str | None = 'new', **fields: Any) -> Stated:
    return said(line, 'audit-event', key, change, **fields)


def consideration(line: int, key: str, topic: str | None = None, **fields: Any) -> Stated:
    return said(line, 'security-consideration', key, None, **({'topic': topic} if topic else {}), **fields)


AUTHORIZATIONS: dict[str, Case] = {
    text: case(ACCESS, text, item)
    for text, item in {
        '- POST /api/jobs: requires editor role': access(1, JOBS, roles=('editor',)),
        '- `POST /api/jobs`: requires editor role': access(1, JOBS, roles=('editor',)),
        '- **POST /api/jobs** - requires the editor or admin role': access(1, JOBS, roles=('editor', 'admin')),
        '- `POST /api/jobs` requires `editor` role': access(1, JOBS, roles=('editor',)),
        '- POST /api/jobs: Requires authenticated user (any role)': access(1, JOBS, roles=('any',)),
        '- POST /api/jobs: No change (already requires editor role)': access(1, JOBS, 'existing', roles=('editor',)),
        '- GET /healthz: public (no auth)': access(1, 'GET /healthz', public=True),
        '- Only owners may stop a job': access(1, 'Only owners may stop a job'),
        '- Stop a job: requires admin role': access(1, 'Stop a job', roles=('admin',)),
        '- No row-level security needed - all jobs are visible': access(1, 'No row-level security needed'),
        '- [ ] POST /api/jobs: requires editor role': access(1, JOBS, roles=('editor',)),
        'POST /api/jobs requires the editor role.': access(1, JOBS, roles=('editor',)),
    }.items()
} | {
    'details': case(
        ACCESS,
        """
        - POST /api/jobs
          - Roles: editor, admin
          - Permission: jobs:write
          - Scope: tenant
          - Change: tightened
        """,
        access(1, JOBS, 'tightened', roles=('editor', 'admin'), permission='jobs:write', scope='tenant'),
    ),
    'table': case(
        ACCESS,
        """
        | Endpoint | Role | Permission |
        |---|---|---|
        | `POST /api/jobs` | editor | jobs:write |
        | `GET /api/jobs` | any | - |
        """,
        access(3, JOBS, roles=('editor',), permission='jobs:write'),
        access(4, 'GET /api/jobs', roles=('any',)),
    ),
    'table of methods and paths': case(
        ACCESS,
        """
        | Method | Path | Roles |
        |---|---|---|
        | POST | /api/jobs | editor, admin |
        """,
        access(3, JOBS, roles=('editor', 'admin')),
    ),
    'table with a column for each role': case(
        ACCESS,
        """
        | Operation | viewer | editor | admin |
        |---|---|---|---|
        | POST /api/jobs | - | ✓ | ✓ |
        """,
        access(3, JOBS, roles=('editor', 'admin')),
    ),
    'label above': case(
        ACCESS,
        """
        **POST /api/jobs**

        - Roles: editor
        """,
        access(1, JOBS, roles=('editor',)),
    ),
}

EVENTS: dict[str, Case] = {
    text: case(AUDIT, text, item)
    for text, item in {
        '- Log to audit trail when a job starts: `{"action": "job.started", "job_id": "...", "by": "..."}`': event(
            1, 'job.started', trigger='a job starts', fields=('job_id', 'by')
        ),
        '- `job.started`: when a job starts': event(1, 'job.started', trigger='a job starts'),
        '- `job.started` - job_id, user_id': event(1, 'job.started'),
        '- `job.started` with job_id and user_id': event(1, 'job.started', fields=('job_id', 'user_id')),
        '- job.started when a job starts': event(1, 'job.started', trigger='a job starts'),
        '- **job.started**: on start, with job_id': event(1, 'job.started', trigger='start', fields=('job_id',)),
        '- Log `job.started` when a job starts': event(1, 'job.started', trigger='a job starts'),
        '- `job.started` when POST /jobs/{id}/start is called: `{"job_id": "..."}`': event(
            1, 'job.started', trigger='POST /jobs/{id}/start is called', fields=('job_id',)
        ),
        '- Log deletions separately as existing logic does': event(1, 'deletions', 'existing'),
        'Log `job.started` when a job starts.': event(1, 'job.started', trigger='a job starts'),
        '`job.started` with job_id and user_id.': event(1, 'job.started', fields=('job_id', 'user_id')),
    }.items()
} | {
    'details': case(
        AUDIT,
        """
        - `job.started`
          - Trigger: a job starts
          - Payload: job_id, email
          - PII: yes
          - Redaction: email is hashed
          - Retention: 90 days
        """,
        event(
            1,
            'job.started',
            trigger='a job starts',
            fields=('job_id', 'email'),
            pii=True,
            redaction='email is hashed',
            retention='90 days',
        ),
    ),
    'pairs that follow the name': case(
        AUDIT,
        """
        - Event: `job.started`
        - When: a job starts
        - Fields: job_id
        """,
        event(1, 'job.started', trigger='a job starts', fields=('job_id',)),
    ),
    'two in a bullet': case(
        AUDIT,
        '- `job.started`, `job.stopped`',
        event(1, 'job.started'),
        event(1, 'job.stopped'),
    ),
    'table': case(
        AUDIT,
        """
        | Event | Trigger | Fields |
        |---|---|---|
        | `job.started` | a job starts | job_id, by |
        """,
        event(3, 'job.started', trigger='a job starts', fields=('job_id', 'by')),
    ),
    'payload in a code block': case(
        AUDIT,
        """
        - `job.started` when a job starts

          ```json
          {"action": "job.started", "job_id": "x", "by": {"id": 1}}
          ```
        """,
        event(1, 'job.started', trigger='a job starts', fields=('job_id', 'by')),
    ),
    'a code block alone': case(
        AUDIT,
        """
        ```json
        {"event": "job.started", "job_id": "x"}
        ```
        """,
        event(2, 'job.started', fields=('job_id',)),
    ),
}

ALL_OF_SECURITY: dict[str, Case] = {
    'who may and what is logged, below one heading': case(
        'Security',
        """
        - Only agents with `support_agent` may start jobs
        - Log `job.started` with job_id
        - POST /api/jobs: requires editor role
        - Log files are kept for a week
        - Only `https` is offered
        - Rate limit: 10 jobs a minute
        """,
        access(1, 'Only agents with `support_agent` may start jobs', roles=('support_agent',)),
        event(2, 'job.started', fields=('job_id',)),
        access(3, JOBS, roles=('editor',)),
        consideration(4, 'Log files are kept for a week'),
        consideration(5, 'Only `https` is offered'),
        consideration(6, 'Rate limit', 'rate-limiting'),
    ),
}

CONSIDERATIONS: dict[str, Case] = {
    text: case(OTHER, text, item)
    for text, item in {
        '- Input validation: ids must be UUIDs': consideration(1, 'Input validation', 'input-validation'),
        '- **Rate limiting**: 10 a minute': consideration(1, 'Rate limiting', 'rate-limiting'),
        '- No secrets or credentials involved': consideration(1, 'No secrets or credentials involved', 'secrets'),
        '- Emails are personal data and encrypted.': consideration(
            1, 'Emails are personal data and encrypted', 'data-protection'
        ),
        '- A job may be started by anybody who has the link': consideration(
            1, 'A job may be started by anybody who has the link'
        ),
        'Tokens are kept in the vault. They are rotated.': consideration(1, 'Tokens are kept in the vault', 'secrets'),
    }.items()
} | {
    'details': case(
        OTHER,
        """
        - Jobs are checked
          - Topic: abuse
          - Applies to: `POST /api/jobs`
        """,
        consideration(1, 'Jobs are checked', 'abuse', applies_to=('POST /api/jobs',)),
    ),
    'table': case(
        OTHER,
        """
        | Topic | Measure |
        |---|---|
        | Rate limiting | 10 a minute |
        """,
        consideration(3, 'Rate limiting', 'rate-limiting'),
    ),
    'topic above bullets': case(
        OTHER,
        """
        **Secrets**

        - Tokens are kept in the vault
        """,
        consideration(1, 'Secrets', 'secrets'),
    ),
}

ALL = (
    AUTHORIZATIONS
    | {f'audit: {k}': v for k, v in EVENTS.items()}
    | {f'other: {k}': v for k, v in CONSIDERATIONS.items()}
    | ALL_OF_SECURITY
)


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(ALL))
def test_what_a_security_section_says_is_read(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_words_of_an_authorization_stay_its_text(pages: Read, syntax: str) -> None:
    (item,) = pages.note('- POST /api/jobs: No change (already requires editor role)', syntax).items
    assert item.body == 'POST /api/jobs: No change (already requires editor role)'


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_statement_behind_a_topic_is_the_text_of_the_consideration(pages: Read, syntax: str) -> None:
    (item,) = pages.note('other: - Input validation: ids must be UUIDs', syntax).items
    assert item.body == 'ids must be UUIDs'


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []
