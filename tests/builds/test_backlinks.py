"""What others say of an item stands below it, and is never stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

ONE = """\
# Design Note: One

```{design-note}
:status: implemented
```

```{endpoint} POST /x
:change: new
:flag: x_on
```

```{feature-flag} x_on
:default: off
```

```{entity} users

- Add `email: text`
```

```{authorization} POST /x
:roles: editor
```
"""
TWO = """\
# Design Note: Two

```{design-note}
:status: draft
:depends-on: one
```

```{endpoint} POST /x
:change: changed
```

```{test-case} Starts
:level: unit
:verifies: users.email, one-endpoint-post-x-new
```
"""
DEAD = """\
# Design Note: Dead

```{design-note}
:status: rejected
```

```{test-case} Never
:level: unit
:verifies: POST /x
```
"""
PAGES = {'index.rst': 'Home\n====\n', 'one.md': ONE, 'two.md': TWO, 'dead.md': DEAD}


def lines(built: Built, page: str) -> list[str]:
    text = (built.outdir / f'{page}.txt').read_text('utf-8')
    return [line.strip() for line in text.splitlines() if line.strip()]


def below(built: Built, page: str, item: str, upto: str) -> list[str]:
    found = lines(built, page)
    at = found.index(item)
    return found[at + 1 : found.index(upto, at)]


def test_others_are_named_by_what_they_do_and_what_the_item_says_itself_is_not_repeated(build: BuildProject) -> None:
    built = build(PAGES, 'text')
    assert below(built, 'one', 'New endpoint POST /x', 'Feature flag x_on') == [
        'Flag:', '*x_on*', 'Guarded by:', 'editor', 'Verified by:', 'Starts', 'Also in:', 'Two (changed)',
    ]  # fmt: skip
    assert below(built, 'two', 'Changed endpoint POST /x', 'Test case Starts') == ['Also in:', 'One (new)']
    assert below(built, 'one', 'Implemented design note', 'New endpoint POST /x') == ['Needed by:', 'Two']


def test_they_can_be_turned_off(build: BuildProject) -> None:
    built = build(PAGES, 'text', conf={'designnote_backlinks': False})
    assert below(built, 'one', 'New endpoint POST /x', 'Feature flag x_on') == ['Flag:', '*x_on*']


def test_a_plain_note_stays_as_it_is(build: BuildProject) -> None:
    plain = '# Design Note: Plain\n\n## API\n\n### New Endpoints\n\n- POST /x - start\n'
    built = build({'index.rst': 'Home\n====\n', 'plain.md': plain, 'two.md': TWO}, 'text')
    assert lines(built, 'plain')[-1] == '* POST /x - start'


CHANGES = {
    'a test is added': {'two.md': TWO + '\n```{test-case} More\n:verifies: one-endpoint-post-x-new\n```\n'},
    'a test is renamed': {'two.md': TWO.replace('Starts', 'Begins')},
    'a link goes': {'two.md': TWO.replace(', one-endpoint-post-x-new', '')},
    'a change is another': {'two.md': TWO.replace('change: changed', 'change: deprecated')},
    'a note is rejected': {'two.md': TWO.replace('draft', 'rejected')},
    'a note comes back': {'dead.md': DEAD.replace('rejected', 'draft')},
    'a title changes': {'two.md': TWO.replace('Note: Two', 'Note: Second')},
    'a note is deleted': {'two.md': None},
}


@pytest.mark.parametrize('change', CHANGES)
def test_a_page_says_what_a_clean_build_says(build: BuildProject, change: str) -> None:
    after = {name: text for name, text in (PAGES | CHANGES[change]).items() if text is not None}
    warm = build(PAGES, 'text').again(CHANGES[change])
    clean = build(after, 'text')
    assert {page: lines(warm, page) for page in ('one', 'dead')} == {
        page: lines(clean, page) for page in ('one', 'dead')
    }
