"""``None`` in all its forms, None with something besides, and what nobody has written yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, endpoint, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

NEW, BREAKING, TABLES, FLAGS = 'New Endpoints', 'Breaking Changes', 'New Entities', 'Feature Flags'


def none(line: int, slot: str = 'new-endpoints') -> Stated:
    return said(line, 'no-impact', slot)


#: Text to the reason that it gives.
REASONS = {
    'None': '',
    'None.': '',
    'none': '',
    '**None**': '',
    '*None.*': '',
    'N/A': '',
    'n/a.': '',
    '- None': '',
    '- N/A': '',
    '- [x] None': '',
    '* None.': '',
    'No changes': '',
    'No changes.': '',
    'No impact': '',
    'No new endpoints required.': '',
    'No new API endpoints are needed.': '',
    'There are no new endpoints.': '',
    'Not applicable: only the worker changes': 'only the worker changes',
    'None — the worker alone changes': 'the worker alone changes',
    'None - the worker alone changes': 'the worker alone changes',
    'None (only the worker changes)': 'only the worker changes',
    'None. Only the worker changes.': 'Only the worker changes',
    'None because only the worker changes': 'because only the worker changes',
    'None, the worker alone changes': 'the worker alone changes',
    'None\n\nOnly the worker changes.': 'Only the worker changes.',
    'No new endpoints, as only the worker changes.': 'as only the worker changes',
    '| Method | Path |\n|---|---|\n| None | - |': '',
    '| Method | Path | Why |\n|---|---|---|\n| None | - | only the worker changes |': 'only the worker changes',
}
NONES = {text: case(NEW, text, none(3 if text.startswith('|') else 1)) for text in REASONS}

SLOTS = {
    'Approach Summary': 'approach',
    'New Endpoints': 'new-endpoints',
    'Changed Endpoints': 'changed-endpoints',
    'Other Interfaces': 'interfaces',
    'Breaking Changes': 'breaking-changes',
    'New Entities': 'new-entities',
    'Modified Entities': 'modified-entities',
    'Migration Story': 'migration-story',
    'Authorization Touchpoints': 'authorization',
    'Audit Fields': 'audit',
    'Other Security Considerations': 'security',
    'Feature Flags': 'feature-flags',
    'Rollout steps': 'rollout',
    'Backward Compatibility': 'compatibility',
    'Testing Strategy': 'testing',
}
IN_SLOTS = {
    f'in {slot}': case(heading, 'None. Nothing of that kind.', none(1, slot)) for heading, slot in SLOTS.items()
}

SPOKEN = {
    'No new feature flags required.': ('Feature Flags', 'feature-flags'),
    'No schema changes.': ('New Entities', 'new-entities'),
    'No database migration needed': ('Migration Story', 'migration-story'),
    'No breaking changes': ('Breaking Changes', 'breaking-changes'),
    'No audit logging required': ('Audit Fields', 'audit'),
    'No new tables.': ('New Entities', 'new-entities'),
    'No backward compatibility issues': ('Backward Compatibility', 'compatibility'),
    'No further security considerations': ('Other Security Considerations', 'security'),
}
IN_WORDS = {text: case(heading, text, none(1, slot)) for text, (heading, slot) in SPOKEN.items()}

MORE: dict[str, Case] = {
    'none besides one': case(
        NEW,
        """
        None, besides the one for jobs:

        - `POST /api/jobs` - start a job
        """,
        endpoint(3, 'new', 'POST /api/jobs', purpose='start a job'),
    ),
    'none except one': case(
        NEW,
        """
        - None except `POST /api/jobs`
        """,
        endpoint(1, 'new', 'POST /api/jobs'),
    ),
    'no schema changes, but a column': case(
        TABLES,
        """
        No schema changes, but this adds one table.

        - `jobs` table
          - `id: uuid`
        """,
        said(3, 'entity', 'jobs', 'new'),
        said(4, 'field', 'jobs.id', type='uuid'),
    ),
    'none, and then items all the same': case(
        NEW,
        """
        None.

        - `POST /api/jobs` - start a job
        """,
        none(1),
        endpoint(3, 'new', 'POST /api/jobs', purpose='start a job'),
    ),
    'none further down': case(
        NEW,
        """
        - `POST /api/jobs` - start a job

        None of them is public.
        """,
        endpoint(1, 'new', 'POST /api/jobs', purpose='start a job'),
    ),
    'a section of two slots': case('API Changes', 'None.', none(1, 'new-endpoints'), none(1, 'changed-endpoints')),
    'a word that only begins so': case(
        BREAKING,
        'Nonetheless clients must send a version.',
        said(1, 'breaking-change', 'Nonetheless clients must send a version'),
    ),
}

UNWRITTEN = {
    text: case(NEW, text, problems=[('DN102', 1)])
    for text in ('TODO', 'TBD', '- TBD', 'To be defined', '...', '**TODO**')
} | {
    'words in brackets': case(NEW, '[Describe it here]', problems=[('DN102', 1)]),
    'TODO and more': case(
        NEW,
        """
        - `POST /api/jobs` - start a job
        - TODO
        """,
        endpoint(1, 'new', 'POST /api/jobs', purpose='start a job'),
        problems=[('DN108', 2)],
    ),
}

ALL = NONES | IN_SLOTS | IN_WORDS | MORE | UNWRITTEN


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(NONES))
def test_a_slot_may_say_that_it_is_empty_on_purpose_and_why(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []
    assert pages.note(name, syntax).items[0].body == REASONS[name]


@pytest.mark.parametrize(('name', 'syntax'), both(IN_SLOTS | IN_WORDS))
def test_every_slot_may_say_so(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(MORE))
def test_what_stands_besides_a_none_is_read(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(UNWRITTEN))
def test_what_nobody_has_written_yet_is_reported(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []
