"""``designnote check --history``: links whose target has changed since, in real repositories."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.repository import TestRepository

API = '# Design Note: Orders\n\n### New Endpoints\n- GET /orders: what is open\n  - Roles: clerk\n- GET /stock\n'
TESTS = '# Design Note: Tests\n\n### Testing\n- The newest comes first\n  - Verifies: GET /orders\n- Nothing else\n'
MANAGER = API.replace('clerk', 'manager')
HISTORY = ('check', 'docs', '--history', '--select', 'DN207', '--verbose')


@pytest.fixture
def made(tmp_path: Path, run: Run) -> TestRepository:
    """A repository in the current folder, in which both notes were committed on the same day."""
    repository = TestRepository(tmp_path)
    repository.commit('2026-01-01', {'docs/api.md': API, 'docs/tests.md': TESTS})
    return repository


def told(run: Run, *command: str) -> list[str]:
    """Return the places and messages of the findings, without what they all end with."""
    ran = run(*(command or HISTORY))
    assert (ran.status, ran.errors) == (0, [])
    rest = re.compile(r' after .*|; git fetch.*')
    return [rest.sub('', line.removesuffix(' [DN207 suspect-link]')) for line in ran.lines if '[DN207' in line]


def test_a_finding_says_what_changed_when_and_what_to_do(made: TestRepository, run: Run) -> None:
    commit = made.commit('2026-02-01', {'docs/api.md': MANAGER})
    made.commit('2026-03-01', {'docs/api.md': MANAGER.replace('open', 'to be sent')})
    assert run(*HISTORY).lines == [
        f'docs/tests.md:5: info: GET /orders changed (roles; commit {commit}, 2026-02-01) after test '
        "'The newest comes first' was last edited; see whether that still holds, then edit it or run "
        "'designnote acknowledge tests-test-case-the-newest-comes-first' [DN207 suspect-link]",
        '0 errors, 0 warnings in 0 of 2 notes; 1 info',
    ]


def test_git_is_not_asked_unless_somebody_wants_to_know(
    made: TestRepository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.commit('2026-02-01', {'docs/api.md': MANAGER})

    def refuse(*arguments: Any, **how: Any) -> None:
        raise AssertionError(arguments)

    monkeypatch.setattr(subprocess, 'run', refuse)
    ran = run('check', 'docs', '--verbose', '--select', 'DN207')
    assert ran.lines == ['0 errors, 0 warnings in 0 of 2 notes']


def test_conf_py_may_ask_for_it(made: TestRepository, run: Run) -> None:
    conf = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\ndesignnote_history = True\nroot_doc = 'api'\n"
    made.commit('2026-02-01', {'docs/api.md': MANAGER, 'docs/conf.py': f"{conf}designnote_template_paths = ['*']\n"})
    assert len(told(run, 'check', 'docs', '--verbose')) == 1


def test_what_is_not_committed_is_edited_now(made: TestRepository, run: Run) -> None:
    made.write({'docs/api.md': MANAGER})
    assert told(run) == ['docs/tests.md:5: info: GET /orders changed (roles; not committed yet)']
    made.commit('2026-02-01')
    made.write({'docs/tests.md': TESTS.replace('newest', 'oldest')})
    assert told(run) == []


def test_a_change_that_was_taken_back_is_none(made: TestRepository, run: Run) -> None:
    made.commit('2026-02-01', {'docs/api.md': MANAGER})
    made.commit('2026-03-01', {'docs/api.md': API})
    assert told(run) == []


def test_what_one_merge_brings_in_is_one_edit(made: TestRepository, run: Run) -> None:
    made.git('checkout', '--quiet', '-b', 'request')
    made.commit('2026-02-01', {'docs/tests.md': TESTS.replace('newest', 'oldest')})
    made.commit('2026-02-02', {'docs/api.md': MANAGER})
    assert len(told(run)) == 1
    made.git('checkout', '--quiet', 'main')
    made.git('merge', '--quiet', '--no-ff', '--message=m', 'request', day='2026-02-03')
    assert told(run) == []
    made.commit('2026-03-01', {'docs/api.md': API})
    assert len(told(run)) == 1


def test_renamed_pages_are_followed(made: TestRepository, run: Run) -> None:
    made.git('mv', 'docs/api.md', 'docs/orders.md')
    made.git('mv', 'docs/tests.md', 'docs/contract.md')
    made.commit('2026-02-01')
    assert told(run) == []
    commit = made.commit('2026-03-01', {'docs/orders.md': MANAGER})
    made.git('mv', 'docs/orders.md', 'docs/order-list.md')
    assert told(run) == [f'docs/contract.md:5: info: GET /orders changed (roles; commit {commit}, 2026-03-01)']


def test_an_id_is_followed_when_the_path_of_an_endpoint_changes(made: TestRepository, run: Run) -> None:
    named = API.replace('  - Roles', '  - Id: list\n  - Roles')
    linked = TESTS.replace('GET /orders', 'list')
    made.commit('2026-02-01', {'docs/api.md': named, 'docs/tests.md': linked})
    made.commit('2026-03-01', {'docs/api.md': named.replace('GET /orders', 'POST /sales')})
    assert [line.partition(' (')[2].partition(';')[0] for line in told(run)] == ['method, path']


def test_an_item_that_was_not_there_is_not_compared(made: TestRepository, run: Run) -> None:
    made.commit('2026-02-01', {'docs/api.md': API.replace('/orders', '/sales')})
    made.commit('2026-03-01', {'docs/api.md': MANAGER})
    made.commit('2026-03-02', {'docs/tests.md': TESTS.replace('Nothing else', 'Nothing')})
    assert len(told(run)) == 1
    made.commit('2026-04-01', {'docs/api.md': API.replace('/orders', '/sales')})
    made.commit('2026-04-02', {'docs/tests.md': TESTS.replace('newest', 'oldest')})
    made.commit('2026-04-03', {'docs/api.md': API})
    assert told(run) == []


def test_the_section_of_a_plain_item_is_part_of_what_it_means(made: TestRepository, run: Run) -> None:
    made.commit('2026-02-01', {'docs/api.md': API.replace('New Endpoints', 'Removed Endpoints')})
    assert [line.partition(' (')[2].partition(';')[0] for line in told(run)] == ['change']


def test_an_item_that_names_two_things_is_one_finding_at_the_first(made: TestRepository, run: Run) -> None:
    both = TESTS.replace('Verifies: GET /orders', 'Verifies: GET /orders, GET /stock')
    made.commit('2026-02-01', {'docs/tests.md': both})
    made.commit('2026-03-01', {'docs/api.md': f'{MANAGER}  - Roles: clerk\n'})
    (line,) = run(*HISTORY).lines[:-1]
    assert line.startswith('docs/tests.md:5: info: GET /orders changed (roles; commit ')
    assert " (and 1 more that it names) after test 'The newest comes first' was last edited;" in line


def test_files_that_were_never_committed_say_nothing(made: TestRepository, run: Run) -> None:
    made.write({'docs/api.md': MANAGER, 'docs/more.md': TESTS.replace('Tests', 'More')})
    assert [line.partition(':')[0] for line in told(run)] == ['docs/tests.md']
    made.write({'docs/api.md': API, 'docs/new.md': API.replace('orders', 'sales')})
    made.commit('2026-02-01', {'docs/tests.md': TESTS.replace('orders', 'sales')})
    assert told(run) == []


def test_a_shallow_clone_says_once_what_it_cannot_tell(
    made: TestRepository, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TESTS.replace('Tests', 'More')
    past = '---\ndesign-note:\n  status: implemented\n---\n\n# Design Note: A\n'
    made.commit('2026-02-01', {'docs/api.md': MANAGER, 'docs/more.md': other, 'docs/a.md': past})
    commit = made.commit('2026-03-01', {'docs/api.md': MANAGER.replace('- GET /orders', '- GET /orders (deprecated)')})
    for depth, findings in ((1, []), (2, ['docs/more.md:5', 'docs/tests.md:5'])):
        clone = tmp_path / f'clone{depth}'
        made.git('clone', '--quiet', f'--depth={depth}', made.folder.as_uri(), str(clone))
        monkeypatch.chdir(clone)
        lines = told(run)
        assert lines[0].endswith(
            f'cannot be told: this clone is shallow and begins on 2026-0{4 - depth}-01; '
            "'git fetch --unshallow' brings the rest"
        )
        assert lines[1:] == [
            f'{at}: info: GET /orders changed (change; commit {commit}, 2026-03-01)' for at in findings
        ]


def test_a_shallow_clone_in_which_nothing_is_that_old_has_nothing_to_say(
    made: TestRepository, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.git('rm', '--quiet', '-r', 'docs')
    made.commit('2026-02-01', {'docs/read-me.txt': 'empty'})
    made.commit('2026-03-01', {'docs/api.md': API, 'docs/tests.md': TESTS})
    made.git('clone', '--quiet', '--depth=2', made.folder.as_uri(), str(tmp_path / 'clone'))
    monkeypatch.chdir(tmp_path / 'clone')
    assert told(run) == []


@pytest.mark.parametrize('is_repository', [False, True])
def test_where_there_is_no_history_one_finding_says_so(tmp_path: Path, run: Run, is_repository: bool) -> None:
    if is_repository:
        TestRepository(tmp_path)
    for name, text in {'api.md': API, 'tests.md': TESTS}.items():
        path = tmp_path / 'docs' / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, 'utf-8')
    (line,) = told(run)
    why = 'nothing has been committed yet' if is_repository else 'not a git repository (or any of the parent'
    assert f'docs/api.md:1: info: whether what links name is still what it was cannot be told: {why}' in line


def test_where_no_note_names_another_there_is_nothing_to_ask(tmp_path: Path, run: Run) -> None:
    (tmp_path / 'docs').mkdir()
    (tmp_path / 'docs' / 'api.md').write_text(API, 'utf-8')
    assert told(run) == []


def test_what_the_page_says_elsewhere_of_the_same_thing_counts(made: TestRepository, run: Run) -> None:
    detail = '\n### Changes\n\n#### GET /orders\n\n- Roles: {}\n'
    listed = API.replace('  - Roles: clerk\n', '')
    made.commit('2026-02-01', {'docs/api.md': listed + detail.format('clerk')})
    before = told(run)
    made.commit('2026-03-01', {'docs/api.md': listed + detail.format('manager')})
    assert (len(before), len(told(run))) == (0, 1)
