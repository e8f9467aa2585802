"""After every sort of change, a warm build says what a clean one says."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

PAGES: dict[str, str] = {
    'index.rst': 'Home\n====\n\n.. toctree::\n   :glob:\n\n   notes/*\n',
    'notes/one.md': """\
# Design Note: One

```{design-note}
:status: accepted
```

```{endpoint} POST /x
:id: ep
:change: new
:flag: f
:bad: x
```

```{feature-flag} f
:default: off
```
""",
    'notes/two.rst': """\
Design Note: Two
================

.. design-note::
   :depends-on: notes/one
   :status: in-review

.. endpoint:: POST /x
   :change: changed

.. test-plan:: unit

   - Test POST /x
   - Test POST /nope

.. test-case:: By id
   :verifies: ep

See :dn:item:`ep`.
""",
    'notes/three.md': '# Three\n\n```{entity} E\n:table: t\n```\n\nText about {dn:entity}`E`.\n',
}

ONE = PAGES['notes/one.md']
TWO = PAGES['notes/two.rst']

#: What changes: files, configuration.
CHANGES: dict[str, tuple[Mapping[str, str | None], Mapping[str, object]]] = {
    'nothing': ({}, {}),
    'an item is edited': ({'notes/one.md': ONE.replace(':default: off', ':default: on')}, {}),
    'an id is edited': ({'notes/one.md': ONE.replace(':id: ep', ':id: ep2')}, {}),
    'a key is edited': ({'notes/one.md': ONE.replace('POST /x', 'POST /y')}, {}),
    'a mistake is mended': ({'notes/one.md': ONE.replace(':bad: x\n', '')}, {}),
    'a status is edited': ({'notes/one.md': ONE.replace('accepted', 'rejected')}, {}),
    'a line is added above': ({'notes/one.md': ONE.replace('# Design', '\n\n# Design')}, {}),
    'a page is added': ({'notes/four.md': '# Four\n\n```{endpoint} POST /nope\n:id: ep\n```\n'}, {}),
    'a page that says nothing is added': ({'notes/four.md': '# Four\n'}, {}),
    'a page is deleted': ({'notes/one.md': None}, {}),
    'another page is deleted': ({'notes/three.md': None}, {}),
    'a page is renamed': ({'notes/one.md': None, 'notes/uno.md': ONE}, {}),
    'a page changes its format': (
        {'notes/three.md': None, 'notes/three.rst': 'Three\n=====\n\n.. entity:: E\n   :table: t\n'},
        {},
    ),
    'a page stops saying anything': ({'notes/one.md': '# One\n'}, {}),
    'aliases change': ({}, {'designnote_aliases': {'e': 'f'}}),
    'releases change': ({}, {'designnote_releases': {'1': '2026-01-01'}}),
    'rules change': ({}, {'designnote_rules': {'DN105': 'off'}}),
    'short names are turned off': ({}, {'designnote_global_directives': False}),
    'a kind is added': ({}, {'designnote_kinds': {'risk': {}}}),
    'template paths change': ({}, {'designnote_template_paths': ['notes/three']}),
}


def told(built: Built) -> dict[str, object]:
    """Everything that a build has to say, by name so that a difference is easy to find."""
    domain = built.domain
    return {
        'records': built.notes,
        'links': domain.graph.links,
        'dangling': domain.graph.dangling,
        'subjects': domain.graph.subjects,
        'findings': domain.findings,
        'objects': sorted(domain.get_objects()),
    }


def files_of(built: Built) -> dict[str, bytes]:
    """What the builder wrote."""
    return {
        str(path.relative_to(built.outdir)): path.read_bytes()
        for path in sorted(Path(built.outdir).rglob('*'))
        if path.is_file() and not path.name.startswith('.')
    }


def changed_pages(change: str) -> dict[str, str]:
    files, _ = CHANGES[change]
    pages = {name: files.get(name, text) for name, text in PAGES.items()} | files
    return {name: text for name, text in pages.items() if text is not None}


@pytest.mark.parametrize('change', CHANGES)
def test_a_warm_build_says_what_a_clean_one_says(
    build: BuildProject, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('SOURCE_DATE_EPOCH', '1767225600')
    files, conf = CHANGES[change]
    warm = build(PAGES, 'designnote').again(files, conf=conf)
    clean = build(changed_pages(change), 'designnote', conf=conf)
    assert told(warm) == told(clean)
    assert [w for w in warm.warnings if 'designnote' in w] == [w for w in clean.warnings if 'designnote' in w]
    assert files_of(warm) == files_of(clean)


@pytest.mark.parametrize('change', CHANGES)
def test_a_warm_build_of_html_derives_what_a_clean_one_derives(build: BuildProject, change: str) -> None:
    files, conf = CHANGES[change]
    warm = build(PAGES, 'html').again(files, conf=conf)
    clean = build(changed_pages(change), 'html', conf=conf)
    assert told(warm) == told(clean)


@pytest.mark.parametrize('builder', ['html', 'designnote'])
def test_changes_one_after_another_end_like_a_clean_build(build: BuildProject, builder: str) -> None:
    built = build(PAGES, builder)
    built = built.again({'notes/one.md': None})
    built = built.again({'notes/four.md': ONE.replace(':id: ep', ':id: other')})
    built = built.again({'notes/two.rst': TWO.replace('ep', 'other')})
    built = built.again({'notes/four.md': None, 'notes/one.md': ONE, 'notes/two.rst': TWO})
    assert told(built) == told(build(PAGES, builder))


def test_a_build_with_nothing_changed_reports_every_finding(build: BuildProject) -> None:
    first = build(PAGES, 'designnote')
    assert first.warnings
    for _ in range(2):
        again = first.again()
        assert '0 added, 0 changed, 0 removed' in again.output
        assert again.warnings == first.warnings


def test_the_designnote_builder_after_html_reports_every_finding(build: BuildProject) -> None:
    clean = build(PAGES, 'designnote').warnings
    assert build(PAGES, 'html').again(builder='designnote').warnings == clean


def codes(built: Built) -> list[str]:
    return sorted(
        re.sub(r': .*\[designnote\.', ': ', w).removesuffix(']') for w in built.warnings if '[designnote.' in w
    )


def test_deleting_a_page_that_others_link_to_reports_what_dangles(build: BuildProject) -> None:
    built = build(PAGES, 'html')
    after = built.again({'notes/one.md': None})
    assert codes(after) == [
        'notes/two.rst:17: DN201', 'notes/two.rst:19: DN201', 'notes/two.rst:5: DN201',
    ]  # fmt: skip


def test_deleting_a_page_that_no_glob_names_reports_what_dangles(build: BuildProject) -> None:
    pages = PAGES | {'index.rst': 'Home\n====\n'}
    after = build(pages, 'html').again({'notes/one.md': None})
    assert codes(after) == [
        'notes/two.rst:17: DN201', 'notes/two.rst:19: DN201', 'notes/two.rst:5: DN201',
    ]  # fmt: skip


def test_deleting_a_page_that_only_a_role_names_reports_what_dangles(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'a.rst': '.. entity:: E\n   :id: e\n', 'b.rst': 'B\n=\n\n:dn:item:`e`\n'}
    built = build(pages, 'html')
    assert built.warnings == []
    assert codes(built.again({'a.rst': None})) == ['b.rst:4: DN201']


def test_deleting_a_page_removes_links_to_it(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'a.rst': '.. entity:: E\n   :id: e\n', 'b.rst': 'B\n=\n\n:dn:item:`e`\n'}
    built = build(pages, 'html')
    assert 'href="a.html#e"' in built.read('b.html')
    assert 'href="a.html#e"' not in built.again({'a.rst': None}).read('b.html')


def test_editing_a_page_that_others_link_to_reports_what_dangles(build: BuildProject) -> None:
    built = build(PAGES, 'html')
    after = built.again({'notes/one.md': ONE.replace(':id: ep', ':id: other')})
    assert set(codes(after)) >= {'notes/two.rst:17: DN201', 'notes/two.rst:19: DN201'}


def test_a_page_that_links_to_a_changed_anchor_is_written_again(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'a.rst': '.. entity:: E\n', 'b.rst': 'B\n=\n\n:dn:entity:`E`\n'}
    built = build(pages, 'html')
    assert 'href="a.html#a-entity-e"' in built.read('b.html')
    after = built.again({'a.rst': '.. entity:: E\n   :change: new\n'})
    assert 'href="a.html#a-entity-e-new"' in after.read('b.html')


def test_a_page_that_links_to_what_is_new_is_written_again(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'b.rst': 'B\n=\n\n:dn:entity:`E`\n'}
    after = build(pages, 'html').again({'a.rst': '.. entity:: E\n'})
    assert 'href="a.html#a-entity-e"' in after.read('b.html')


def test_nothing_is_read_again_when_nothing_has_changed(build: BuildProject) -> None:
    assert '0 added, 0 changed, 0 removed' in build(PAGES, 'html').again().output


def test_a_page_that_is_deleted_makes_only_those_that_name_it_written_again(build: BuildProject) -> None:
    pages = PAGES | {'index.rst': 'Home\n====\n'}
    written = re.compile(r'writing output\.\.\. \[ *\d+%\] (.*)')
    for deleted, names_it in (('notes/one.md', ['notes/two']), ('notes/three.md', [])):
        output = build(pages, 'html').again({deleted: None}).output
        assert '0 added, 0 changed, 1 removed' in output
        assert written.findall(output) == names_it


def test_a_failing_build_keeps_the_records_of_the_last(build: BuildProject) -> None:
    built = build(PAGES)
    with pytest.raises(Exception, match='designnote_profile'):
        built.again(conf={'designnote_profile': 'nope'})
    assert told(built.again(conf={'designnote_profile': 'design-note'})) == told(build(PAGES))


def test_the_builder_holds_no_page_that_it_has_read_and_leaves_the_collector_as_it_was(build: BuildProject) -> None:
    usual = gc.get_threshold()
    built = build(PAGES, 'designnote')
    assert len(built.notes) > 1
    # Sphinx puts a page there once it is read, so the last one stays.
    assert len(built.app.env._write_doc_doctree_cache) == 1
    assert gc.get_threshold() == usual
