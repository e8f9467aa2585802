"""Feature flags of a plain note."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, day, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

FLAGS = 'Feature Flags'


def flag(line: int, key: str = 'jobs_enabled', change: str | None = 'new', **fields: Any) -> Stated:
    return said(line, 'feature-flag', key, change, **fields)


ONE_LINE: dict[str, Stated] = {
    'Feature flag: `jobs_enabled` (default: false)': flag(1, default='off'),
    'Feature flag: `jobs_enabled` (default: off)': flag(1, default='off'),
    'Feature flag: jobs_enabled (default: false)': flag(1, default='off'),
    '`jobs_enabled` (default `off`)': flag(1, default='off'),
    '- `jobs_enabled` (default `off`)': flag(1, default='off'),
    '- `jobs_enabled`: default **off**': flag(1, default='off'),
    '- **`jobs_enabled`** - off by default': flag(1, default='off'),
    '- `jobs_enabled` defaults to `true`': flag(1, default='on'),
    '- Flag: `jobs_enabled`': flag(1),
    '- Name: `jobs_enabled`': flag(1),
    '- [ ] `jobs_enabled`, initially disabled': flag(1, default='off'),
    '- `JOBS_ENABLED=true`': flag(1, 'JOBS_ENABLED', default='on'),
    '- jobs_enabled': flag(1),
    '- `jobs.enabled` - starts off': flag(1, 'jobs.enabled', default='off'),
    '- `jobs_enabled` (default: off, owner: orders team)': flag(1, default='off', owner='orders team'),
    '- Removed: `jobs_enabled`': flag(1, change='removed'),
    '- `jobs_enabled` (removed)': flag(1, change='removed'),
    '- Existing flag `jobs_enabled`': flag(1, change='existing'),
    'Uses the existing flag `jobs_enabled`.': flag(1, change='existing'),
    'Behind the feature flag `jobs_enabled`, off by default.': flag(1, default='off'),
    '- `jobs_enabled` – off by default, enabled per tenant. Owner: payments. Remove by 2027-03-01.': flag(
        1, default='off', owner='payments', remove_by=datetime.date(2027, 3, 1)
    ),
}
LINES = {text: case(FLAGS, text, item) for text, item in ONE_LINE.items()}

LONGER: dict[str, Case] = {
    'what it does on and off': case(
        FLAGS,
        """
        Feature flag: `jobs_enabled` (default: false)
        - When disabled: `POST /api/jobs` returns 404
        - When enabled: jobs run
        """,
        flag(1, default='off', when_disabled='`POST /api/jobs` returns 404', when_enabled='jobs run'),
    ),
    'details in a list of their own': case(
        FLAGS,
        """
        - `jobs_enabled`
          - Default: off
          - Owner: orders team
          - Remove by: 2027-06-30
          - Type: experiment
          - Scope: tenant
          - Requires: base_enabled
          - Gates: `POST /api/jobs`, `GET /api/jobs`
        """,
        flag(
            1,
            default='off',
            owner='orders team',
            remove_by=day('2027-06-30'),
            flag_type='experiment',
            scope='tenant',
            requires=('base_enabled',),
            gates=('POST /api/jobs', 'GET /api/jobs'),
        ),
    ),
    'pairs that follow the name': case(
        FLAGS,
        """
        - Flag name: `jobs_enabled`
        - Default state: off
        - Owner: orders team
        """,
        flag(1, default='off', owner='orders team'),
    ),
    'table': case(
        FLAGS,
        """
        | Flag | Default | Effect |
        |---|---|---|
        | `jobs_enabled` | off | jobs run |
        | `base_enabled` | on | - |
        """,
        flag(3, default='off', when_enabled='jobs run'),
        flag(4, 'base_enabled', default='on'),
    ),
    'table with owner, removal and change': case(
        FLAGS,
        """
        | Name | Change | Owner | Removal |
        |---|---|---|---|
        | jobs_enabled | removed | orders | 2027-06-30 |
        """,
        flag(3, change='removed', owner='orders', remove_by=day('2027-06-30')),
    ),
    'a table with types of flags, and with types of values': case(
        FLAGS,
        """
        | Flag | Type |
        |---|---|
        | `jobs_enabled` | ops |
        | `base_enabled` | boolean |
        """,
        flag(3, flag_type='ops'),
        flag(4, 'base_enabled'),
    ),
    'two flags in a list': case(
        FLAGS,
        """
        - `jobs_enabled` (default: off)
          - Owner: orders
        - `base_enabled` (default: on)
        """,
        flag(1, default='off', owner='orders'),
        flag(3, 'base_enabled', default='on'),
    ),
    'heading': case(
        FLAGS,
        """
        ### `jobs_enabled`

        - Default: off
        """,
        flag(1, default='off'),
    ),
    'bold line': case(
        FLAGS,
        """
        **jobs_enabled**

        - Default: off
        """,
        flag(1, default='off'),
    ),
    'code block of an environment': case(
        FLAGS,
        """
        ```bash
        JOBS_ENABLED=true
        export BASE_ENABLED=false
        ```
        """,
        flag(2, 'JOBS_ENABLED', default='on'),
        flag(3, 'BASE_ENABLED', default='off'),
    ),
    'a sentence that speaks of the flag again': case(
        FLAGS,
        """
        Feature flag: `jobs_enabled` (default: false)

        Support turns `jobs_enabled` on for a tenant that asks for it.
        """,
        flag(1, default='off'),
    ),
    'two in a bullet': case(FLAGS, '- `jobs_enabled`, `base_enabled`', flag(1), flag(1, 'base_enabled')),
}

OTHERS: dict[str, Case] = {
    'prose': case(FLAGS, 'It is rolled out with the next release.'),
    'a bullet without a name': case(FLAGS, '- Something that can be switched, perhaps', problems=[('DN108', 1)]),
    'a path is no flag': case(FLAGS, '- `/api/jobs` is switched', problems=[('DN108', 1)]),
    'a wrong default': case(FLAGS, '- `jobs_enabled`\n  - Default: maybe', flag(1), problems=[('DN105', 2)]),
    'a wrong date': case(FLAGS, '- `jobs_enabled`\n  - Remove by: 2027-02-30', flag(1), problems=[('DN105', 2)]),
}

ALL = LINES | LONGER | OTHERS


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(LINES | LONGER))
def test_a_flag_is_read_from_its_carrier(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(OTHERS))
def test_what_is_no_flag_or_no_value_is_reported(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


def test_what_cannot_be_read_is_all_that_the_parsers_say(pages: Read) -> None:
    assert [warning for warning in pages.built.warnings if 'designnote.DN105' not in warning] == []


KEPT = {
    'Blocking of accounts is behind the feature flag `jobs_enabled` (default: false).': (
        'Blocking of accounts is behind the feature flag `jobs_enabled` (default: false).'
    ),
    'Feature flag: `jobs_enabled` (default: false), kept for a year': 'kept for a year',
    '- `jobs_enabled`\n  - seen by nobody': 'seen by nobody',
    '| Flag | Type |\n|---|---|\n| `jobs_enabled` | boolean |': 'boolean',
    '```\nJOBS_ENABLED=true\nPORT=8080\n```': 'PORT=8080',
}


@pytest.mark.parametrize('text', KEPT)
def test_what_else_is_said_of_a_flag_is_kept(build_once: BuildProject, text: str) -> None:
    assert (
        build_once({'note.md': f'# Design Note: X\n\n## {FLAGS}\n\n{text}\n'}).item('feature-flag').body == KEPT[text]
    )
