"""What reading does to a page: nothing but anchors, to which roles and other notes lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import restructured

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

NOTE = """\
# Design Note: Jobs

## Approach Summary

We add a "service" -- it starts jobs, see `POST /jobs`.

## New Endpoints

- `POST /jobs` - start a job
  - Auth: editor

| Method | Path | Purpose |
|---|---|---|
| GET | /jobs | list jobs |

```
GET /jobs/{id}/log    # what it says
GET /jobs/{id}/state  # how it is
```

**DELETE /jobs/{id}**

- Purpose: stop a job

### PUT /jobs/{id}

Changes one.

## Modified Entities

**Deployment table:**

- Add `auto: boolean` (default: false)

## Migration Story

One migration adds the column.

## Feature Flags

Feature flag: `jobs_enabled` (default: off)

## Rollout steps

1. Deploy the backend
2. Enable `jobs_enabled` for all users

## Testing Strategy

**Unit tests:**

- [ ] Test `POST /jobs`

## Breaking Changes

None. Only additions.
"""
OTHER = """\
# Other

See {dn:endpoint}`POST /jobs`, {dn:endpoint}`GET /jobs`, {dn:endpoint}`PUT /jobs/{id}`,
{dn:endpoint}`DELETE /jobs/{id}`,
{dn:endpoint}`GET /jobs/{id}/log`, {dn:entity}`Deployment` and {dn:flag}`jobs_enabled`.
"""
FILES = {
    'index.rst': 'Home\n====\n\n.. toctree::\n\n   a\n   b\n   other\n',
    'a.md': NOTE,
    'b.rst': restructured(NOTE.replace('/jobs', '/b/jobs').replace('jobs_enabled', 'b_enabled'))[0],
    'other.md': OTHER,
}
PLAIN = {'designnote_summary_card': False}


@pytest.fixture(scope='module')
def html(build_once: BuildProject) -> Built:
    return build_once(FILES, 'html')


@pytest.mark.parametrize('builder', ['text', 'man'])
def test_the_page_is_as_if_the_extension_were_not_there(build: BuildProject, builder: str) -> None:
    files = {name: text for name, text in FILES.items() if name != 'other.md'}
    files['index.rst'] = files['index.rst'].replace('   other\n', '')
    # Of links the text writer shows nothing, and the manual page's a mark.
    conf = {'man_pages': [('index', 'out', 'Out', [], 1)], 'designnote_link_mentions': builder == 'text', **PLAIN}
    with_it = build(files, builder, conf=conf)
    without = build(files, builder, conf={**conf, 'extensions': ['myst_parser'], 'designnote_summary_card': None})
    assert with_it.warnings == []
    names = {'text': ['a.txt', 'b.txt', 'index.txt'], 'man': ['out.1']}[builder]
    assert [with_it.read(name) for name in names] == [without.read(name) for name in names]


def anchors_of(text: str) -> set[str]:
    return set(re.findall(r'id="([^"]*)"', text))


@pytest.mark.parametrize('name', ['a', 'b'])
def test_every_item_has_its_anchor_on_the_page(html: Built, name: str) -> None:
    items = html.notes[name].items
    assert len(items) == 17
    assert {item.anchor for item in items} <= anchors_of(html.read(f'{name}.html'))


def element_at(text: str, anchor: str) -> str:
    """Return the letters from an anchor on; code is cut up by the highlighter."""
    behind = text.partition(f'id="{anchor}"')[2].partition('>')[2]
    return ''.join(re.sub(r'<[^>]*>', ' ', behind[:2000]).split())


@pytest.mark.parametrize('name', ['a', 'b'])
def test_an_anchor_stands_at_the_very_words_of_its_item(html: Built, name: str) -> None:
    text = html.read(f'{name}.html').replace('/b/jobs', '/jobs').replace('b_enabled', 'jobs_enabled')
    begins = {
        'POST /jobs': 'POST /jobs',
        'GET /jobs': 'GET /jobs list jobs',
        'PUT /jobs/{id}': 'PUT /jobs/{id}',
        'DELETE /jobs/{id}': 'DELETE /jobs/{id}',
        'GET /jobs/{id}/log': 'GET /jobs/{id}/log',
        'Deployment': 'Deployment table:',
        'Deployment.auto': 'Add auto: boolean',
        'jobs_enabled': 'Feature flag: jobs_enabled',
        'Deploy the backend': 'Deploy the backend',
        'One migration adds the column': 'One migration adds the column.',
        'breaking-changes': 'None. Only additions.',
    }
    items = {
        item.key.replace('/b/jobs', '/jobs').replace('b_enabled', 'jobs_enabled'): item
        for item in html.notes[name].items
        if item.kind != 'authorization'
    }
    found = {key: element_at(text, items[key].anchor) for key in begins}
    begins = {key: words.replace(' ', '') for key, words in begins.items()}
    assert {key: words[: len(begins[key])] for key, words in found.items()} == begins


def test_roles_on_other_pages_lead_to_the_very_bullet(html: Built) -> None:
    leads = re.findall(r'href="a\.html#([^"]*)"', html.read('other.html').partition('role="main"')[2])
    note = {item.anchor: item.key for item in html.notes['a'].items}
    assert [note[anchor] for anchor in leads if anchor in note] == [
        'POST /jobs', 'GET /jobs', 'PUT /jobs/{id}', 'DELETE /jobs/{id}', 'GET /jobs/{id}/log', 'Deployment',
        'jobs_enabled',
    ]  # fmt: skip


def test_what_another_note_names_in_plain_words_leads_to_the_very_bullet(build: BuildProject) -> None:
    other = (
        '# Design Note: Other\n\n## Approach Summary\n\nWe call `PUT /jobs/{id}` while `jobs_enabled` is on.\n\n'
        '## Testing Strategy\n\n- Test `GET /jobs` with a job\n'
    )
    built = build({'a.md': NOTE, 'other.md': other}, 'html')
    leads = re.findall(r'href="a\.html#([^"]*)"', built.read('other.html'))
    note = {item.anchor: item.key for item in built.notes['a'].items}
    assert sorted(note[anchor] for anchor in leads) == ['GET /jobs', 'PUT /jobs/{id}', 'jobs_enabled']


def test_nothing_is_complained_of(html: Built) -> None:
    assert html.warnings == []


@pytest.mark.parametrize(
    'builder',
    [
        'html',
        'dirhtml',
        'singlehtml',
        'latex',
        'text',
        'man',
        'texinfo',
        'epub',
        'xml',
        'pseudoxml',
        'gettext',
        'dummy',
    ],
)
def test_every_builder_writes_plain_notes_without_a_warning(build: BuildProject, builder: str) -> None:
    conf: dict[str, Any] = {
        'man_pages': [('index', 'out', 'Out', [], 1)],
        'texinfo_documents': [('index', 'out', 'Out', 'A', 'out', 'Out', 'Misc')],
        'copyright': 'us',
        'version': '1',
    }
    assert build(FILES, builder, conf=conf).warnings == []


def test_translators_find_the_words_of_the_author_and_no_others(build: BuildProject) -> None:
    files = {'index.rst': 'Home\n====\n\n.. toctree::\n\n   a\n', 'a.md': NOTE}
    with_it = build(files, 'gettext')
    without = build(files, 'gettext', conf={'extensions': ['myst_parser']})

    def messages(built: Built) -> list[str]:
        return re.findall(r'^msgid "(.*)"', built.read('a.pot'), re.MULTILINE)

    assert messages(with_it) == messages(without)
