"""What the export says of each slot of a plain note, and what a project's profile changes about the reading."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import restructured

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

NOTE = """\
# Design Note: Jobs

## Approach Summary

We add a service.

## New Endpoints

- `POST /jobs` - start a job

## Changed Endpoints

Clients call the old ones as before.

They will be told.

## Breaking Changes

None. Only additions.

## New Entities

## Modified Entities

Nothing is decided, but a table may follow.

- Somebody must think about it

## Audit Fields

We write to the trail whatever happens:

- `job.started`

## Feature Flags

<!-- later -->
"""
STATES = {
    'approach': 'items',
    'new-endpoints': 'items',
    'changed-endpoints': 'prose',
    'interfaces': 'missing',
    'breaking-changes': 'none',
    'new-entities': 'empty',
    'modified-entities': 'prose',
    'migration-story': 'missing',
    'authorization': 'missing',
    'audit': 'items',
    'security': 'missing',
    'feature-flags': 'empty',
    'rollout': 'missing',
    'compatibility': 'missing',
    'testing': 'missing',
}
PROSE = {
    'audit': 'We write to the trail whatever happens:',
    'changed-endpoints': 'Clients call the old ones as before.\nThey will be told.',
    'modified-entities': 'Nothing is decided, but a table may follow.',
}


def note_of(built: Built) -> dict[str, Any]:
    (note,) = json.loads(built.read('designnote.json'))['notes']
    return note


def in_both(text: str) -> dict[str, str]:
    rst = restructured(text)[0].replace('<!-- later -->', '.. later')
    return {'md': text, 'rst': rst}


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_export_says_of_each_slot_what_stands_in_it(build: BuildProject, syntax: str) -> None:
    note = note_of(build({f'note.{syntax}': in_both(NOTE)[syntax]}, 'designnote'))
    assert note['slots'] == STATES


@pytest.mark.parametrize('syntax', ['md', 'rst'])
def test_the_export_holds_the_prose_of_a_slot(build: BuildProject, syntax: str) -> None:
    note = note_of(build({f'note.{syntax}': in_both(NOTE)[syntax]}, 'designnote'))
    assert note['prose'] == PROSE


def test_a_slot_with_a_heading_and_nothing_below_is_reported_and_one_with_prose_is_not(build: BuildProject) -> None:
    built = build({'note.md': NOTE}, 'designnote', conf={'designnote_rules': {'DN101': 'off'}})
    lines = NOTE.split('\n')
    found = [(finding.code, lines[finding.location.line - 1]) for finding in built.domain.findings]
    assert [pair for pair in found if pair[0] in ('DN107', 'DN108')] == [
        ('DN107', '## New Entities'),
        ('DN108', '- Somebody must think about it'),
        ('DN107', '## Feature Flags'),
    ]


def test_a_slot_that_an_item_elsewhere_fills_is_not_missing(build: BuildProject) -> None:
    text = '# Design Note: X\n\n## API Changes\n\n- New: `POST /jobs`\n'
    states = note_of(build({'note.md': text}, 'designnote'))['slots']
    assert (states['new-endpoints'], states['changed-endpoints'], states['audit']) == ('items', 'prose', 'missing')


CARRIERS = """\
# Design Note: Jobs

## New Endpoints

- `POST /a`

| Method | Path |
|---|---|
| POST | /b |

```
POST /c
```

POST /d starts something.

**POST /e**

### POST /f

Starts another.
"""
KEYS = ['POST /a', 'POST /b', 'POST /c', 'POST /d', 'POST /e', 'POST /f']


def profile(carriers: list[str]) -> dict[str, str]:
    return {'ours.toml': f'extends = "design-note"\n\n[sections.new-endpoints]\ncarriers = {json.dumps(carriers)}\n'}


ONLY: dict[str, tuple[list[str], list[str]]] = {
    'all but prose': (['bullets', 'tables', 'code', 'headings', 'bold'], KEYS),
    'no tables': (['bullets', 'code', 'headings', 'bold'], [key for key in KEYS if key != 'POST /b']),
    'bullets': (['bullets'], ['POST /a', 'POST /d']),
    'tables': (['tables'], ['POST /b', 'POST /d']),
    'headings': (['headings'], ['POST /d', 'POST /f']),
}


@pytest.mark.parametrize('name', ONLY)
def test_a_profile_says_from_which_forms_items_are_read(build: BuildProject, name: str) -> None:
    carriers, keys = ONLY[name]
    built = build({'note.md': CARRIERS, **profile(carriers)}, conf={'designnote_profile': 'ours.toml'})
    # A paragraph may always state something; the profile says whether any paragraph does.
    assert [item.key for item in built.items('endpoint')] == keys


def test_a_row_of_a_table_that_a_profile_does_not_read_is_reported(build: BuildProject) -> None:
    built = build({'note.md': CARRIERS, **profile(['bullets'])}, conf={'designnote_profile': 'ours.toml'})
    lines = CARRIERS.split('\n')
    assert [(each.code, lines[each.location.line - 1]) for each in built.note.problems] == [
        ('DN108', '| POST | /b |'),
    ]


def test_a_profile_names_the_columns_of_tables(build: BuildProject) -> None:
    ours = 'extends = "design-note"\n\n[columns]\n"call" = "path"\n"for whom" = "roles"\n'
    text = '# Design Note: X\n\n## New Endpoints\n\n| Call | For whom |\n|---|---|\n| POST /jobs | editor, admin |\n'
    built = build({'note.md': text, 'ours.toml': ours}, conf={'designnote_profile': 'ours.toml'})
    assert dict(built.item('endpoint').fields) == {'method': 'POST', 'path': '/jobs', 'roles': ('editor', 'admin')}


def test_a_profile_may_call_none_by_words_of_its_own(build: BuildProject) -> None:
    ours = 'extends = "design-note"\nnone = ["entfällt"]\n'
    text = '# Design Note: X\n\n## New Endpoints\n\nEntfällt: nur der Worker ändert sich\n'
    built = build({'note.md': text, 'ours.toml': ours}, conf={'designnote_profile': 'ours.toml'})
    assert [(item.key, item.body) for item in built.items()] == [('new-endpoints', 'nur der Worker ändert sich')]


BASE = """\
# Design Note: X

{before}

## New Endpoints{heading}

{within}

- `POST /jobs`
- `GET /api/v1/nodes`
"""


@pytest.mark.parametrize(
    ('before', 'heading', 'within', 'base'),
    [
        ('', '', 'All routes under `/api/v1`.', '/api/v1'),
        ('', ' (base path `/api/v1`)', '', '/api/v1'),
        ('', '', 'Base path: `/api/v1`', '/api/v1'),
        ('', '', '', ''),
    ],
    ids=['a sentence', 'a heading', 'a pair', 'none'],
)
def test_a_base_path_is_kept_apart_from_the_written_path(
    build: BuildProject, before: str, heading: str, within: str, base: str
) -> None:
    text = BASE.format(before=before, heading=heading, within=within)
    built = build({'note.md': text})
    assert (built.note.base_path, [item.key for item in built.items()]) == (base, ['POST /jobs', 'GET /api/v1/nodes'])


def test_a_mention_with_the_base_path_meets_what_was_written_without_it(build: BuildProject) -> None:
    text = (
        '# Design Note: X\n\n## New Endpoints\n\nAll routes under `/api/v1`.\n\n- `POST /jobs`\n\n'
        '## Testing Strategy\n\n- Test `POST /api/v1/jobs`\n'
    )
    links = json.loads(build({'note.md': text}, 'designnote').read('designnote.json'))['links']
    assert [(link['type'], link['resolved']) for link in links] == [('verifies', True)]
