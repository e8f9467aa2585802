"""What git is asked, and what it answers."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import pytest

from sphinxcontrib_designnote.revisions.git import GitError, Repository
from tests.repository import TestRepository


@pytest.fixture
def made(tmp_path: Path) -> TestRepository:
    return TestRepository(tmp_path / 'r')


def told(folder: Path) -> list[tuple[str, list[tuple[str | None, str]]]]:
    """Return the day of each commit, and what each change called a file before and after."""
    return [
        (str(commit.date or ''), [(change.before, change.path) for change in commit.changes])
        for commit in Repository(folder).history()
    ]


def test_the_history_of_a_folder_is_newest_first_and_begins_with_what_is_not_committed(made: TestRepository) -> None:
    made.commit('2026-01-01', {'docs/a.md': 'a\n' * 20, 'src/x': 'x'})
    made.commit('2026-02-01', {'src/x': 'y'})
    made.git('mv', 'docs/a.md', 'docs/b.md')
    made.commit('2026-03-01', {'docs/c.md': 'c'})
    made.git('rm', '--quiet', 'docs/c.md')
    made.write({'docs/b.md': 'a\n' * 19 + 'b\n', 'docs/untracked.md': 'u'})
    assert told(made.folder / 'docs') == [
        ('', [('b.md', 'b.md'), ('c.md', 'c.md')]),
        ('2026-03-01', [('a.md', 'b.md'), (None, 'c.md')]),
        ('2026-01-01', [(None, 'a.md')]),
    ]


def test_what_a_merge_brings_in_is_one_commit(made: TestRepository) -> None:
    made.commit('2026-01-01', {'a.md': 'a', 'b.md': 'b'})
    made.git('checkout', '--quiet', '-b', 'request')
    made.commit('2026-01-02', {'a.md': 'aa'})
    made.commit('2026-01-03', {'b.md': 'bb'})
    made.git('checkout', '--quiet', 'main')
    made.commit('2026-01-04', {'c.md': 'c'})
    made.git('merge', '--quiet', '--no-ff', '--message=m', 'request', day='2026-01-05')
    assert told(made.folder) == [
        ('', []),
        ('2026-01-05', [('a.md', 'a.md'), ('b.md', 'b.md')]),
        ('2026-01-04', [(None, 'c.md')]),
        ('2026-01-01', [(None, 'a.md'), (None, 'b.md')]),
    ]


def test_a_path_may_be_any_name(made: TestRepository) -> None:
    names = ['-x.md', ':(glob)*.md', 'a b.md', 'new\nline.md', 'über.md', '{} 2026-01-01'.format('a' * 40)]
    made.commit('2026-01-01', dict.fromkeys(names, 'x'))
    assert [change.path for change in Repository(made.folder).history()[1].changes] == sorted(names)


def test_settings_of_the_user_change_no_answer(made: TestRepository) -> None:
    made.commit('2026-01-01', {'docs/a.md': 'a\n'})
    plain = told(made.folder / 'docs')
    for setting in ('log.showSignature=true', 'color.ui=always', 'diff.noprefix=true', 'format.pretty=oneline',
                    'diff.renames=false', 'core.quotePath=true', 'log.follow=true', 'log.diffMerges=off'):  # fmt: skip
        made.git('config', *setting.split('='))
    assert told(made.folder / 'docs') == plain


def test_contents_are_found_by_their_ids_and_what_is_not_there_is_absent(made: TestRepository) -> None:
    texts = ['one\ntwo\n', '', 'no end']
    made.commit('2026-01-01', {f'{number}.md': text for number, text in enumerate(texts)})
    repository = Repository(made.folder)
    ids = [change.blob for change in repository.history()[1].changes]
    assert repository.blobs({*ids, hashlib.sha1(b'x').hexdigest()}) == {  # noqa: S324 - as git names things
        id_: text.encode() for id_, text in zip(ids, texts, strict=True)
    }
    assert repository.blobs([]) == {}


def test_what_has_gone_or_is_not_committed_has_no_content(made: TestRepository) -> None:
    made.commit('2026-01-01', {'a.md': 'a', 'b.md': 'b'})
    made.git('rm', '--quiet', 'a.md')
    made.commit('2026-01-02', {'b.md': 'bb'})
    made.write({'b.md': 'bbb'})
    now, last, _ = Repository(made.folder).history()
    assert [change.blob for change in now.changes] == ['']
    assert [bool(change.blob) for change in last.changes] == [False, True]


def test_the_date_is_that_of_the_committer(made: TestRepository) -> None:
    made.commit('2026-05-20', {'a.md': 'a'})
    assert Repository(made.folder).history()[1].date == datetime.date(2026, 5, 20)


def test_a_clone_without_old_commits_says_so(made: TestRepository, tmp_path: Path) -> None:
    made.commit('2026-01-01', {'a.md': 'a'})
    made.commit('2026-01-02', {'a.md': 'b'})
    made.git('clone', '--quiet', '--depth=1', made.folder.as_uri(), str(tmp_path / 'clone'))
    assert (Repository(made.folder).is_shallow(), Repository(tmp_path / 'clone').is_shallow()) == (False, True)
    assert [day for day, _ in told(tmp_path / 'clone')] == ['', '2026-01-02']


def test_why_git_cannot_answer(tmp_path: Path, made: TestRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError, match=r'^nothing has been committed yet$'):
        Repository(made.folder).history()
    with pytest.raises(GitError, match=r'^not a git repository'):
        Repository(tmp_path).is_shallow()
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(GitError, match=r'^git is not installed$'):
        Repository(made.folder)


def test_a_hook_of_another_repository_leads_nobody_astray(
    made: TestRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.commit('2026-01-01', {'docs/a.md': 'a'})
    expected = told(made.folder / 'docs')
    other = TestRepository(tmp_path / 'other')
    other.commit('2025-01-01', {'docs/b.md': 'b'})
    monkeypatch.setenv('GIT_DIR', str(other.folder / '.git'))
    monkeypatch.setenv('GIT_INDEX_FILE', str(other.folder / '.git' / 'index'))
    assert told(made.folder / 'docs') == expected
