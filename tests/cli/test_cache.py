"""A second run of ``designnote check`` reads only what has changed, and says what a fresh one says."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sphinxcontrib_designnote.cli.cache import kept_doctrees
from sphinxcontrib_designnote.cli.project import targets_of
from sphinxcontrib_designnote.cli.reading import check
from tests.cli.conftest import Ran, Run, Write

EXTENSION = 'def setup(app):\n    app.connect("source-read", change)\n\n\ndef change(app, docname, source):\n    {}\n'
FLAG = '```{{feature-flag}} {}\n:change: new\n```\n'
FILES = {
    'docs/conf.py': "extensions = ['myst_parser', 'sphinxcontrib_designnote', 'seen_extension']\n"
    "exclude_patterns = ['parts']\n",
    'docs/seen_extension.py': EXTENSION.format('pass'),
    'docs/index.md': '# Home\n',
    'docs/a.md': f'# Design Note: A\n\n{FLAG.format("a_flag")}',
    'docs/b.md': f'# Design Note: B\n\n{FLAG.format("b_flag")}\n```{{include}} parts/c.md\n```\n',
    'docs/parts/c.md': FLAG.format('c_flag'),
    'docs/misspelt.md': '# Design Note: M\n\n```{endpont} GET /x\n```\n',
}


@pytest.fixture
def project(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write(FILES) / 'docs'
    monkeypatch.syspath_prepend(folder)
    age(folder)
    return folder


def age(folder: Path) -> None:
    """Let every file be older than the next run, without a wait."""
    time.sleep(0.02)
    for path in folder.rglob('*'):
        if path.is_file():
            os.utime(path, (1_600_000_000, 1_600_000_000))


@pytest.fixture
def run(run: Run) -> Run:
    """Each run is a process of its own: it imports the project's extension as it is then."""

    def run_anew(*argv: str) -> Ran:
        sys.modules.pop('seen_extension', None)
        return run(*argv)

    return run_anew


def read() -> list[str]:
    sys.modules.pop('seen_extension', None)
    (target,) = targets_of(['docs'])
    checked = check(target, {})
    assert checked is not None
    return list(checked.read)


def told(ran: Ran) -> tuple[int, list[str], list[str]]:
    return ran.status, ran.lines, ran.errors


def test_only_what_sphinx_complains_of_is_read_a_second_time(project: Path, run: Run) -> None:
    assert read() == ['a', 'b', 'index', 'misspelt']
    assert read() == ['misspelt']
    first = told(run('check', 'docs', '--no-cache'))
    assert told(run('check', 'docs')) == first
    assert [line.partition(':')[0] for line in first[2]] == ['docs/misspelt.md']


def rewrite(path: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / path).write_text(text, 'utf-8')

    return change


def rename(folder: Path) -> None:
    (folder / 'a.md').rename(folder / 'z.md')


def swap(path: str) -> Callable[[Path], None]:
    """Move a file of the same size and time over another."""

    def change(folder: Path) -> None:
        page = folder / path
        other = folder.parent / 'other.md'
        other.write_text(page.read_text('utf-8').replace('_flag', '_flux'), 'utf-8')
        status = page.stat()
        os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.replace(page)

    return change


#: What is changed, and the pages that must be read again, besides the one that Sphinx complains of.
CHANGES: Mapping[str, tuple[Callable[[Path], None], list[str]]] = {
    'edit': (rewrite('a.md', f'# Design Note: A\n\n{FLAG.format("other")}'), ['a']),
    'replace by a file of the same time': (swap('a.md'), ['a']),
    'replace what is included by a file of the same time': (swap('parts/c.md'), ['b']),
    'add': (rewrite('d.md', f'# Design Note: D\n\n{FLAG.format("d_flag")}'), ['d']),
    'delete': (lambda folder: (folder / 'a.md').unlink(), []),
    'rename': (rename, ['z']),
    'edit what is included': (rewrite('parts/c.md', FLAG.format('changed')), ['b']),
    'change an extension of the project': (
        rewrite('seen_extension.py', EXTENSION.format('source[0] = source[0].replace("a_flag", "from_code")')),
        ['a', 'b', 'index'],
    ),
    'turn a rule off': (
        rewrite('conf.py', f'{FILES["docs/conf.py"]}designnote_rules = {{"DN601": "off"}}\n'),
        ['a', 'b', 'index'],
    ),
    'let conf.py change what is read': (
        rewrite('conf.py', f'{FILES["docs/conf.py"]}myst_substitutions = {{"x": 1}}\nrst_prolog = ""\n'
                'def setup(app):\n    app.connect("source-read", lambda app, name, text: text.__setitem__(0, '
                'text[0].replace("a_flag", "prolog")))\n'),
        ['a', 'b', 'index'],
    ),
    'choose another profile': (
        rewrite('conf.py', f'{FILES["docs/conf.py"]}designnote_profile = "kep"\n'),
        ['a', 'b', 'index'],
    ),
}  # fmt: skip


@pytest.mark.parametrize('name', CHANGES)
def test_after_a_change_the_findings_are_those_of_a_fresh_run(project: Path, run: Run, name: str) -> None:
    change, pages = CHANGES[name]
    before = told(run('check', 'docs', '--verbose'))
    change(project)
    fresh = told(run('check', 'docs', '--verbose', '--no-cache'))
    assert fresh != before
    read_again = [docname for docname in read() if docname != 'misspelt']
    assert read_again == pages
    assert told(run('check', 'docs', '--verbose')) == fresh


def test_a_change_of_the_file_of_a_profile_counts(project: Path, run: Run, write: Write) -> None:
    conf = f"{FILES['docs/conf.py']}designnote_profile = 'own.toml'\n"
    section = '[sections.approach]\nheadings = ["Approach"]\n'
    write({'docs/conf.py': conf, 'docs/own.toml': f'title-prefixes = ["Design Note:"]\n{section}'})
    before = told(run('check', 'docs'))
    assert before[0] != 2, before[2]
    write({'docs/own.toml': f'title-prefixes = ["Note:"]\n{section}'})
    fresh = told(run('check', 'docs', '--no-cache'))
    assert fresh != before
    assert told(run('check', 'docs')) == fresh


def kept(cache: Path) -> Path:
    (folder,) = [path for path in cache.iterdir() if path.is_dir()]
    return folder


@pytest.mark.parametrize('content', [b'', b'no pickle', b'\x80\x05N.', b'{"pages": 1}', b'[' * 100_000])
@pytest.mark.parametrize('name', ['environment.pickle', 'designnote-read.json', 'a.doctree'])
def test_a_spoilt_cache_is_made_anew(project: Path, run: Run, cache: Path, name: str, content: bytes) -> None:
    before = told(run('check', 'docs'))
    (kept(cache) / name).write_bytes(content)
    assert told(run('check', 'docs')) == before
    assert read() == ['misspelt']
    assert told(run('check', 'docs')) == before


def test_a_cache_of_which_parts_are_gone_is_made_anew(project: Path, run: Run, cache: Path) -> None:
    before = told(run('check', 'docs'))
    for name in ('environment.pickle', 'designnote-read.json', 'a.doctree'):
        (kept(cache) / name).unlink()
        assert told(run('check', 'docs')) == before
    shutil.rmtree(cache)
    assert told(run('check', 'docs')) == before


def test_a_run_that_dies_is_not_relied_on(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> bytes:
        raise KeyboardInterrupt

    read()
    with monkeypatch.context() as broken:
        broken.setattr('sphinxcontrib_designnote.outputs.builder.report', interrupt)
        assert run('check', 'docs', '--out', 'out') == Ran(status=130, lines=[], errors=[])
    assert read() == ['a', 'b', 'index', 'misspelt']


def test_a_run_that_does_not_begin_changes_nothing(project: Path, run: Run) -> None:
    read()
    assert run('check', 'docs', '--select', 'DN3O1').status == 2
    assert read() == ['misspelt']


def test_what_changes_while_it_is_read_is_read_again(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def touch(*_: object) -> bytes:
        (project / 'a.md').write_text('# Design Note: later\n', 'utf-8')
        os.utime(project / 'a.md', (1_600_000_000, 1_600_000_000))
        return b''

    with monkeypatch.context() as changing:
        changing.setattr('sphinxcontrib_designnote.outputs.builder.report', touch)
        run('check', 'docs', '--out', 'out')
    assert read() == ['a', 'misspelt']


def test_a_run_beside_another_reads_for_itself(project: Path, run: Run, cache: Path) -> None:
    alone = told(run('check', 'docs'))
    with kept_doctrees(project, project.parent / 'unused', enabled=True) as held:
        assert held.folder == kept(cache)
        before = {path: path.read_bytes() for path in held.folder.iterdir()}
        assert read() == ['a', 'b', 'index', 'misspelt']
        assert told(run('check', 'docs')) == alone
        assert {path: path.read_bytes() for path in held.folder.iterdir()} == before
    assert told(run('check', 'docs')) == alone


def test_nothing_is_kept_when_that_is_not_wanted(project: Path, run: Run, cache: Path) -> None:
    run('check', 'docs', '--no-cache')
    assert not cache.exists()


def test_a_cache_folder_that_cannot_be_used_is_done_without(project: Path, run: Run, cache: Path) -> None:
    cache.write_text('a file where a folder should be', 'utf-8')
    before = told(run('check', 'docs', '--no-cache'))
    assert told(run('check', 'docs')) == before
    assert read() == ['a', 'b', 'index', 'misspelt']


def test_what_nobody_has_used_for_a_month_is_deleted(project: Path, write: Write, run: Run, cache: Path) -> None:
    read()
    old = kept(cache)
    os.utime(old.with_name(f'{old.name}.lock'), (1, 1))
    write({'other/a.md': '# Design Note: A\n'})
    run('check', 'other')
    assert old.exists() is False
    assert kept(cache) != old


def test_projects_do_not_share_what_is_kept(run: Run, write: Write, cache: Path) -> None:
    write({'x/n.md': '# Design Note: X\n', 'y/n.md': '# Design Note: Y\n'})
    separate = [told(run('check', name, '--no-cache')) for name in ('x', 'y')]
    assert [told(run('check', name)) for name in ('x', 'y')] == separate
    assert [told(run('check', name)) for name in ('x', 'y')] == separate
    assert len([path for path in cache.iterdir() if path.is_dir()]) == 2
