"""The versions of a file, and how old the words in it are."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from sphinxcontrib_designnote.revisions.files import FileHistory, Version, file_histories, versions_by_path
from sphinxcontrib_designnote.revisions.git import Change, Commit, Repository
from tests.repository import TestRepository


def commits(*each: Sequence[tuple[str | None, str, str]]) -> list[Commit]:
    """Make commits, newest first, of what a file was called before and after, and its content's id."""
    day = datetime.date(2026, 1, 1)
    return [
        Commit(hash='h', date=day, changes=tuple(Change(before=b, path=p, blob=blob) for b, p, blob in changes))
        for changes in each
    ]


def test_a_file_is_followed_under_its_earlier_names() -> None:
    history = commits([('c', 'c', '4')], [('b', 'c', '3')], [], [('a', 'b', '2')], [(None, 'a', '1')])
    assert versions_by_path(history) == {'c': [(0, '4'), (1, '3'), (3, '2'), (4, '1')]}


def test_who_had_the_name_before_is_another_file() -> None:
    history = commits([('x', 'a', '3'), ('a', 'a-old', '2')], [(None, 'x', '3')], [(None, 'a', '2')])
    assert versions_by_path(history) == {'a': [(0, '3'), (1, '3')], 'a-old': [(0, '2'), (2, '2')]}
    again = commits([(None, 'a', '3')], [('a', 'a', '')], [('a', 'a', '2')], [(None, 'a', '1')])
    assert versions_by_path(again) == {'a': [(0, '3')]}


def test_two_files_may_change_places() -> None:
    history = commits([('a', 'b', '1'), ('b', 'a', '2')], [(None, 'a', '1'), (None, 'b', '2')])
    assert versions_by_path(history) == {'b': [(0, '1'), (1, '1')], 'a': [(0, '2'), (1, '2')]}


def history_of(*texts: str) -> FileHistory:
    """Make a history, newest first, whose versions are two commits apart."""
    return FileHistory(versions=tuple(Version(age=2 * n, text=f'\n{t}\n'.encode()) for n, t in enumerate(texts, 1)))


def test_words_are_as_old_as_the_first_version_that_has_had_them_since() -> None:
    file = history_of('a\nb\nc', 'a\nb', 'b\na\nb', 'a', 'a\nb')
    assert file.age_of([file.lines(1, 3)]) == 6
    assert file.age_of([file.lines(1, 2)]) == 10
    assert file.age_of([file.lines(3, None)]) == 2
    assert file.age_of([file.lines(1, 2), file.lines(3, 4)]) == 2


def test_a_part_of_a_line_is_not_the_line() -> None:
    file = history_of('- GET /x', '- GET /x/y', '- GET /x')
    assert file.age_of([file.lines(1, None)]) == 2


def test_blank_lines_behind_words_belong_to_what_follows() -> None:
    file = history_of('a\n\n\nb', 'a\n\nc')
    assert file.age_of([file.lines(1, 4)]) == 4


def test_the_versions_since_some_time_end_with_the_one_of_then() -> None:
    file = history_of('c', 'b', 'a')
    assert [[version.age for version in file.since(age)] for age in (1, 2, 3, 6, 7)] == [
        [2],
        [2],
        [2, 4],
        [2, 4, 6],
        [],
    ]


def test_line_ends_of_a_checkout_are_no_edit(tmp_path: Path) -> None:
    made = TestRepository(tmp_path)
    made.commit('2026-01-01', {'a.md': 'one\ntwo\n'})
    (tmp_path / 'a.md').write_bytes(b'one  \r\ntwo\r\nthree\r\n')
    repository = Repository(tmp_path)
    files = file_histories(repository, tmp_path, versions_by_path(repository.history()))
    assert [version.text for version in files['a.md'].versions] == [b'\none\ntwo\nthree\n', b'\none\ntwo\n']
    assert files['a.md'].age_of([files['a.md'].lines(1, 3)]) == 1


def test_a_clone_without_old_contents_ends_where_they_are_missing(tmp_path: Path) -> None:
    made = TestRepository(tmp_path)
    made.commit('2026-01-01', {'a.md': 'a'})
    files = file_histories(
        Repository(tmp_path), tmp_path, {'a.md': [(0, ''), (1, '0' * 39 + '1')], 'b.md': [(1, 'f' * 40)]}
    )
    assert {path: [version.age for version in file.versions] for path, file in files.items()} == {'a.md': [0]}
