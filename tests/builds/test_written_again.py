"""A page is written again when what it shows has changed since it was last written into its folder."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sphinxcontrib_designnote.store.written import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import BuildProject, Built

ENTITY = '# Design Note: A\n\n```{entity} Job\n:table: jobs\n```\n'
MOVED = ENTITY.replace('Job\n', 'Job\n:change: new\n')
PAGES = {
    'index.rst': 'Home\n====\n',
    'a.md': ENTITY,
    'b.rst': 'B\n=\n\n:dn:entity:`Job`\n',
    'table.rst': 'Table\n=====\n\n.. traceability-table:: entity\n',
}
_WRITTEN = re.compile(r'writing output\.\.\. \[ *\d+%\] (.*)')

#: Raises at the page that ``BREAK_AT`` names, when it is about to be written.
BREAK_OFF = """
def break_off(app, pagename, templatename, context, doctree):
    if pagename == '{}':
        raise KeyboardInterrupt

def setup(app):
    app.connect('html-page-context', break_off)
"""


def written(built: Built) -> list[str]:
    return _WRITTEN.findall(built.output)


def link_in(built: Built, page: str) -> str:
    """Where the link to the entity leads."""
    return re.findall(r'href="(a\.html#[^"]*)"', built.read(f'{page}.html'))[0]


def test_pages_are_written_again_that_another_builder_has_seen_change(build: BuildProject) -> None:
    first = build(PAGES, 'html')
    first.again({'a.md': MOVED}, builder='text')
    after = first.again()
    assert written(after) == ['a', 'b', 'table']
    assert link_in(after, 'b') == link_in(after, 'table') == 'a.html#a-entity-job-new'


def test_pages_are_written_again_that_another_builder_has_read_with_another_configuration(build: BuildProject) -> None:
    text = '# Design Note: N\n\nAbout the `Job`.\n'
    first = build(PAGES | {'n.md': text}, 'html')
    assert 'href="a.html#' in first.read('n.html')
    conf = {'designnote_link_mentions': False}
    first.again(builder='designnote', conf=conf)
    assert 'href="a.html#' not in first.again(conf=conf).read('n.html')


def test_the_same_builder_writes_each_of_two_folders_as_it_should_be(build: BuildProject) -> None:
    first = build(PAGES, 'html')
    kept = first.root / 'kept'
    first.outdir.rename(kept)
    first.again({'a.md': MOVED})
    first.outdir.rename(first.root / 'newer')
    kept.rename(first.outdir)
    assert link_in(first.again(), 'b') == 'a.html#a-entity-job-new'


@pytest.mark.parametrize('page', ['a', 'b', 'index', 'table'])
def test_a_build_that_is_broken_off_is_made_up_for(build: BuildProject, page: str) -> None:
    first = build(PAGES, 'html')
    with pytest.raises(KeyboardInterrupt):
        first.again({'a.md': MOVED, 'index.rst': 'Home\n====\n\nMore\n'}, conf={'code': BREAK_OFF.format(page)})
    after = first.again(conf={'code': ''})
    assert link_in(after, 'b') == link_in(after, 'table') == 'a.html#a-entity-job-new'
    assert written(first.again()) == []


def test_a_change_is_taken_back_that_a_broken_off_build_has_written(build: BuildProject) -> None:
    first = build(PAGES, 'html')
    with pytest.raises(KeyboardInterrupt):
        first.again({'a.md': MOVED}, conf={'code': BREAK_OFF.format('table')})
    assert link_in(first, 'b') == 'a.html#a-entity-job-new'
    assert link_in(first.again({'a.md': ENTITY}, conf={'code': ''}), 'b') == 'a.html#a-entity-job'


def test_a_build_of_one_page_leaves_the_others_to_the_next_build(build: BuildProject) -> None:
    first = build(PAGES, 'html')
    first.again({'a.md': MOVED}, only=['b.rst'])
    assert link_in(first, 'b') == 'a.html#a-entity-job-new'
    after = first.again()
    assert written(after) == ['a', 'table']
    assert link_in(after, 'table') == 'a.html#a-entity-job-new'


@pytest.mark.parametrize('damage', ['', '{', '[]', '{"a": 1}', '\udcff'])
def test_a_record_that_is_damaged_has_everything_written_again(build: BuildProject, damage: str) -> None:
    first = build(PAGES, 'html')
    (first.outdir / FILE_NAME).write_bytes(damage.encode('utf-8', 'surrogateescape'))
    assert written(first.again()) == ['a', 'b', 'index', 'table']
    assert written(first.again()) == []


@pytest.mark.parametrize('builder', ['designnote', 'singlehtml', 'latex'])
def test_a_builder_that_writes_everything_keeps_no_record(build: BuildProject, builder: str) -> None:
    assert not (build(PAGES, builder).outdir / FILE_NAME).exists()


def test_the_record_names_every_page(build: BuildProject) -> None:
    record = json.loads((build(PAGES, 'html').outdir / FILE_NAME).read_bytes())
    assert sorted(record) == ['a', 'b', 'index', 'table']


#: A builder that reads and writes no page, as that of sphinx-needs for its data.
NOTHING = """
from sphinx.builders.dummy import DummyBuilder

class Nothing(DummyBuilder):
    name = 'nothing'

    def get_outdated_docs(self):
        return []

    def write_documents(self, docnames):
        pass

def setup(app):
    app.add_builder(Nothing)
"""


def test_a_builder_that_writes_no_page_does_not_store_the_environment_each_time(
    build: BuildProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'nothing_builder.py').write_text(NOTHING, 'utf-8')
    monkeypatch.syspath_prepend(tmp_path)
    extensions = ['myst_parser', 'sphinxcontrib_designnote', 'nothing_builder']
    first = build(PAGES, 'html', conf={'extensions': extensions}).again(builder='nothing')
    assert 'pickling environment' in first.output
    assert 'pickling environment' not in first.again().output


def test_pages_that_give_one_id_twice_are_both_written_again_when_what_they_name_appears(build: BuildProject) -> None:
    named = '```{endpoint} POST /a\n:id: make\n:flag: f_1\n```\n'
    pages = {'index.rst': 'Home\n====\n', 'a.md': f'# A\n\n{named}', 'b.md': f'# B\n\n{named}'}
    after = build(pages, 'html').again({'c.md': '# C\n\n```{feature-flag} f_1\n```\n'})
    for page in ('a', 'b'):
        assert 'href="c.html#c-feature-flag-f-1"' in after.read(f'{page}.html')


def test_a_page_is_written_again_when_another_takes_the_id_of_its_need(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'b.md': '# B\n\n```{endpoint} POST /a\n:id: make-a\n```\n'}
    first = build(pages, 'html')
    assert 'id="MAKE_A"' in first.read('b.html')
    after = first.again({'a.md': pages['b.md'].replace('B', 'A')})
    assert 'id="MAKE_A"' in after.read('a.html')
    assert 'id="MAKE_A"' not in after.read('b.html')


#: Ends when all pages are read, before that is stored.
BREAK_OFF_EARLY = """
def break_off(app, env):
    raise KeyboardInterrupt

def setup(app):
    app.connect('env-updated', break_off)
"""


def test_pages_are_read_again_that_a_broken_off_build_has_read_with_another_configuration(build: BuildProject) -> None:
    pages = PAGES | {'n.rst': 'N\n=\n'}
    first = build(pages, 'html', conf={'designnote_summary_card': True})
    assert 'dn-card' in first.read('a.html')
    with pytest.raises(KeyboardInterrupt):
        first.again(conf={'designnote_summary_card': False, 'code': BREAK_OFF_EARLY})
    after = first.again(conf={'code': ''})
    assert 'dn-card' in after.read('a.html')
    assert '0 added, 5 changed, 0 removed' in after.output
    assert '0 added, 0 changed, 0 removed' in after.again().output


def test_a_page_is_read_again_that_was_half_stored_when_a_build_broke_off(build: BuildProject) -> None:
    first = build(PAGES, 'html')
    doctree = first.root / 'doctrees' / 'a.doctree'
    doctree.write_bytes(doctree.read_bytes()[:100])
    (first.outdir / FILE_NAME).unlink()
    assert '0 added, 1 changed, 0 removed' in first.again().output
