"""``designnote check``."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sphinx
from sphinx.errors import ExtensionError

from sphinxcontrib_designnote.cli.project import pages_below, targets_of
from sphinxcontrib_designnote.cli.reading import check
from sphinxcontrib_designnote.model.schema import builtin_vocabulary
from sphinxcontrib_designnote.rules.catalogue import RULES
from tests.cli.conftest import Run, Write

CONF = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\n"
#: What DN101 asks for.
REST = '\n'.join(
    f'```{{no-impact}} {slot}\nNothing of that.\n```'
    for slot in builtin_vocabulary().slots
    if slot not in ('interfaces', 'feature-flags')
)
FLAG = '```{feature-flag} f\n:change: new\n```\n'
ERROR = '```{interface}\n```\n'
#: A flag without default, which is a warning.
WARNED = f'# Design Note: Holds\n\n{REST}\n\n{FLAG}'
CLEAN = f'# Design Note: Clean\n\n{REST}\n\n```{{no-impact}} feature-flags\nNone here.\n```\n'
WRONG = CLEAN.replace('Clean', 'Wrong') + f'\n{ERROR}'
NO_NOTE = '# Read me\n\n![x](missing.png) [y](missing.md) {ref}`z`\n'
#: Only what the tests below are about.
ONLY = {'DN105', 'DN106', 'DN201', 'DN601', 'DN604', 'DN103', 'DN990'}
QUIET = f'{CONF}designnote_rules = { ({rule.code: "off" for rule in RULES if rule.code not in ONLY}) }\n'

DN106 = "interface has no argument; write 'name' behind the directive's name [DN106 missing-argument]"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count('\n') + 1


def test_a_project_is_read_with_its_configuration(run: Run, write: Write) -> None:
    write({'docs/conf.py': QUIET, 'docs/index.md': '# Home\n', 'docs/notes/holds.md': WARNED})
    ran = run('check', 'docs')
    assert ran.lines == [
        f'docs/notes/holds.md:{line_of(WARNED, FLAG)}: warning: '
        "flag 'f' has no default state; add ':default: off' or ':default: on' [DN601 flag-without-default]",
        'docs/notes/holds.md: 0 errors, 1 warning (DN601)',
        '0 errors, 1 warning in 1 of 1 note',
    ]
    assert (ran.status, ran.errors) == (0, [])


def test_the_status_says_whether_something_is_as_bad_as_fail_on(run: Run, write: Write) -> None:
    write({'conf.py': QUIET, 'index.md': '# Home\n', 'warned.md': WARNED})
    write({'wrong/conf.py': QUIET, 'wrong/index.md': '# Home\n', 'wrong/wrong.md': WRONG})
    write({'strict/conf.py': f"{QUIET}designnote_fail_on = 'warning'\n", 'strict/index.md': WARNED})
    statuses = {
        (folder, *options): run('check', folder, *options).status
        for folder in ('.', 'wrong', 'strict')
        for options in ((), ('--fail-on', 'error'), ('--fail-on', 'warning'), ('--fail-on', 'never'))
    }
    assert statuses == {
        ('.',): 1, ('.', '--fail-on', 'error'): 1, ('.', '--fail-on', 'warning'): 1, ('.', '--fail-on', 'never'): 0,
        ('wrong',): 1, ('wrong', '--fail-on', 'error'): 1, ('wrong', '--fail-on', 'warning'): 1,
        ('wrong', '--fail-on', 'never'): 0,
        ('strict',): 1, ('strict', '--fail-on', 'error'): 0, ('strict', '--fail-on', 'warning'): 1,
        ('strict', '--fail-on', 'never'): 0,
    }  # fmt: skip


def test_infos_are_counted_and_shown_when_asked_for(run: Run, write: Write) -> None:
    write({'conf.py': CONF, 'index.md': CLEAN.replace('None here.', '')})
    assert run('check', '.').lines == ['0 errors, 0 warnings in 0 of 1 note; 1 info (--verbose shows them)']
    assert run('check', '.', '--verbose').lines == [
        f'index.md:{line_of(CLEAN, "```{no-impact} feature-flags")}: info: '
        "'feature flags' says None without a reason; add half a sentence that says why "
        '[DN103 none-without-reason]',
        '0 errors, 0 warnings in 0 of 1 note; 1 info',
    ]


def test_a_folder_without_configuration_is_read_and_left_as_it_is(run: Run, write: Write) -> None:
    restructured = 'Design Note: Also\n=================\n\n.. interface::\n'
    root = write({'notes/a.md': WRONG, 'notes/deep/b.rst': restructured, 'notes/README.md': NO_NOTE})
    before = sorted(root.rglob('*'))
    ran = run('check', 'notes')
    assert (ran.status, ran.errors) == (1, [])
    assert [line for line in ran.lines if 'DN106' in line and '[' in line] == [
        f'notes/a.md:{line_of(WRONG, ERROR)}: error: {DN106}',
        f'notes/deep/b.rst:4: error: {DN106}',
    ]
    assert ran.lines[-1].startswith('2 errors, ')
    assert ran.lines[-1].partition(';')[0].endswith('in 2 of 2 notes')
    assert sorted(root.rglob('*')) == before


def test_what_is_not_the_projects_own_is_left_out(run: Run, write: Write) -> None:
    folders = ('.venv/lib', 'node_modules/x', '.git', '_build/md', 'env/docs', 'sub/.tox', 'sub/node_modules')
    write({f'{folder}/note.md': WRONG for folder in folders})
    write({'env/pyvenv.cfg': '', 'sub/note.md': CLEAN})
    ran = run('check', '.')
    assert (ran.status, ran.lines[-1].partition(';')[0]) == (0, '0 errors, 0 warnings in 0 of 1 note')


def test_that_a_folder_is_read_without_the_configuration_above_it_is_told(run: Run, write: Write) -> None:
    write({'docs/conf.py': QUIET, 'docs/index.md': NO_NOTE, 'docs/notes/a.md': CLEAN, 'other/a.md': CLEAN})
    assert run('check', 'docs/notes').errors == [
        'designnote: docs/notes is read without what docs/conf.py says; to have that, check docs, or pages of it'
    ]
    for path in ('docs', 'docs/notes/a.md', 'other'):
        assert run('check', path).errors == []


def test_links_to_folders_are_left_out(run: Run, write: Write) -> None:
    root = write({'docs/sub/note.md': CLEAN, 'elsewhere/wrong.md': WRONG})
    (root / 'docs/sub/back').symlink_to('..')
    (root / 'docs/elsewhere').symlink_to('../elsewhere')
    ran = run('check', 'docs')
    assert (ran.status, ran.lines[-1].partition(';')[0]) == (0, '0 errors, 0 warnings in 0 of 1 note')


def test_only_what_hurts_a_note_is_said_besides_the_findings(run: Run, write: Write) -> None:
    lost = '\n```{mermaid}\ngraph\n```\n\n```{endpont} GET /x\n```\n\n{ref}`nowhere` ![x](missing.png)\n'
    note = CLEAN + lost
    write({'readme.md': NO_NOTE + lost, 'note.md': note})
    assert run('check', '.').errors == [
        f"note.md:{line_of(note, '```{endpont')}: warning: Unknown directive type: 'endpont' [myst.directive_unknown]"
    ]
    write({'conf.py': f"{CONF}root_doc = 'note'\n"})
    assert run('check', '.').errors == [
        f"note.md:{line_of(note, '```{mermaid')}: warning: Unknown directive type: 'mermaid' [myst.directive_unknown]",
        f"note.md:{line_of(note, '```{endpont')}: warning: Unknown directive type: 'endpont' [myst.directive_unknown]",
    ]


def test_a_page_of_a_folder_that_nobody_can_read_is_passed_over_and_told(run: Run, write: Write) -> None:
    root = write({'a.md': CLEAN, 'note.md': WRONG})
    (root / 'a.md').write_bytes(CLEAN.encode() + b'caf\xe9')  # the first page, which stands for the index
    (root / 'gone.rst').symlink_to('nowhere')
    ran = run('check', '.')
    assert (ran.status, ran.lines[-1].partition(';')[0]) == (1, '1 error, 0 warnings in 1 of 1 note')
    assert ran.errors == [
        'a.md:1: warning: passed over: it is not UTF-8; save it in that encoding',
        'gone.rst:1: warning: passed over: No such file or directory',
    ]
    assert run('check', 'note.md').errors == []


@pytest.mark.skipif(sphinx.version_info < (9,), reason='Sphinx 8.2 reads such a page, and warns of it itself')
def test_a_page_that_is_no_utf_8_cannot_be_checked_where_it_is_needed(run: Run, write: Write) -> None:
    root = write({'docs/a.md': '', 'lone/a.md': '', 'project/conf.py': CONF, 'project/index.md': NO_NOTE})
    for path in ('docs/a.md', 'lone/a.md', 'project/a.md'):
        (root / path).write_bytes(CLEAN.encode() + b'caf\xe9')
    for argument, page in (('docs', 'docs/a.md'), ('lone/a.md', 'lone/a.md'), ('project', 'project/a.md')):
        ran = run('check', argument)
        assert (ran.status, ran.lines, ran.errors) == (
            2,
            [],
            [f"designnote: '{page}' cannot be read: it is not UTF-8; save it in that encoding"],
        )


def test_of_files_the_project_is_read_and_their_findings_shown(run: Run, write: Write) -> None:
    using = CLEAN.replace('# Design', '---\ndesign-note:\n  depends-on: holds\n---\n\n# Design')
    holds = WRONG.replace('# Design', '---\ndesign-note:\n  id: holds\n---\n\n# Design')
    write({'docs/conf.py': QUIET, 'docs/index.md': '# Home\n', 'docs/n/holds.md': holds, 'docs/n/using.md': using})
    assert run('check', 'docs/n/using.md').lines == ['0 errors, 0 warnings in 0 of 1 note']
    both = run('check', 'docs/n/using.md', 'docs/n/holds.md')
    assert (both.status, both.lines) == (
        1,
        [
            f'docs/n/holds.md:{line_of(holds, ERROR)}: error: {DN106}',
            'docs/n/holds.md: 1 error, 0 warnings (DN106)',
            '1 error, 0 warnings in 1 of 2 notes',
        ],
    )


def test_a_file_that_is_named_is_a_note_where_no_configuration_says_otherwise(run: Run, write: Write) -> None:
    write({'a.md': WRONG.replace('Design Note: ', ''), 'b.md': WRONG})
    ran = run('check', 'a.md')
    assert [line for line in ran.lines if 'DN106' in line] == [
        f'a.md:{line_of(WRONG, ERROR)}: error: {DN106}',
        'a.md: 1 error, 0 warnings (DN106)',
    ]
    assert (ran.status, ran.lines[-1].partition(';')[0]) == (1, '1 error, 0 warnings in 1 of 1 note')


def test_the_configuration_of_another_repository_is_not_read(run: Run, write: Write) -> None:
    write({'conf.py': 'raise RuntimeError\n', 'inner/.git/HEAD': '', 'inner/a.md': CLEAN})
    assert run('check', 'inner/a.md').status == 0


def test_files_with_nothing_in_common_are_read_beside_their_neighbours_only(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write({'home/a/n.md': WRONG, 'home/b/n.md': CLEAN, 'home/b/beside.md': WRONG, 'home/n.md': CLEAN})
    monkeypatch.setenv('HOME', str(root / 'home'))
    ran = run('check', 'home/a/n.md', 'home/b/n.md')
    assert [line.partition(';')[0] for line in ran.lines if ' of ' in line] == [
        '1 error, 0 warnings in 1 of 1 note',
        '0 errors, 0 warnings in 0 of 1 note',
    ]
    # Neither is whose home it is read as a whole.
    assert pages_below(root / 'home', deep=False) == (['n.md'], ['a', 'b'])
    assert run('check', 'home/n.md').lines == ['0 errors, 0 warnings in 0 of 1 note']


def test_a_crash_of_our_own_is_no_mistake_of_the_user(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    write({'a.md': CLEAN})
    crash.__module__ = 'sphinxcontrib_designnote.extension'
    monkeypatch.setattr('sphinxcontrib_designnote.extension.check_builder_names', crash)
    with pytest.raises(ExtensionError):
        run('check', 'a.md')


@pytest.mark.parametrize(
    ('files', 'path'),
    [
        ({'docs/README.md': NO_NOTE}, 'docs'),
        ({'docs/notes.txt': CLEAN}, 'docs'),
        ({'docs/conf.py': CONF, 'docs/index.md': NO_NOTE, 'docs/note.md': CLEAN}, 'docs/index.md'),
        ({'docs/conf.py': CONF, 'docs/index.md': NO_NOTE, 'docs/a.txt': CLEAN}, 'docs/a.txt'),
    ],
)
def test_that_there_is_nothing_to_check_is_said(run: Run, write: Write, files: dict[str, str], path: str) -> None:
    write(files)
    ran = run('check', path)
    assert (ran.status, ran.lines) == (3, [])
    assert ran.errors == [
        f"designnote: nothing to check in {path}: no page is a design note; begin its title with 'Design Note:', or "
        "write the directive 'design-note' below it"
    ]


@pytest.mark.parametrize(
    ('conf', 'message'),
    [
        (
            "designnote_fail_on = 'eror'\n",
            "designnote_fail_on is 'eror'; did you mean 'error'? (accepted: error, warning, never)",
        ),
        ('1 / 0\n', 'There is a programmable error in your configuration file: ZeroDivisionError: division by zero'),
        ("designnote_profile = 'no.toml'\n", "designnote_profile: 'no.toml' cannot be read: No such file or directory"),
        (
            "extensions = ['no_such_thing']\n",
            "Could not import extension no_such_thing (exception: No module named 'no_such_thing')",
        ),
        ('def setup(app):\n    1 / 0\n', "'conf.py', line 3: ZeroDivisionError: division by zero"),
    ],
)
def test_a_mistake_in_the_configuration_is_one_line(run: Run, write: Write, conf: str, message: str) -> None:
    write({'conf.py': CONF + conf, 'index.md': CLEAN})
    ran = run('check', '.')
    assert (ran.status, ran.lines, ran.errors) == (2, [], [f'designnote: {message}'])


def test_a_path_that_does_not_exist_is_a_mistake(run: Run, write: Write) -> None:
    write({'a.md': CLEAN})
    ran = run('check', 'a.md', 'nope.md')
    assert (ran.status, ran.errors) == (2, ["designnote: 'nope.md' does not exist"])


def test_the_date_counts_for_more_than_the_configuration(run: Run, write: Write) -> None:
    # No rule that ships looks at the date yet.
    write({'conf.py': f"{CONF}designnote_today = '2026-01-01'\n", 'index.md': CLEAN})
    assert run('check', '.', '--today', '2031-01-01').status == 0
    (target,) = targets_of(['.'])
    checked = check(target, {'designnote_today': '2031-01-01'})
    assert checked is not None
    assert checked.domain.settings.rules.today == datetime.date(2031, 1, 1)


def test_a_date_that_is_none_is_a_mistake(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run('check', '.', '--today', '2029-02-30')
    assert caught.value.code == 2
    assert "argument --today: '2029-02-30' is no day of the calendar; write it as 2027-06-30" in capsys.readouterr().err


def test_the_report_may_be_kept(run: Run, write: Write) -> None:
    root = write({'docs/conf.py': CONF, 'docs/index.md': CLEAN})
    ran = run('check', 'docs', '--out', 'build/notes')
    assert ran.lines[-1] == 'the report is in build/notes/index.html'
    kept = {path.name for path in (root / 'build/notes').iterdir()}
    assert kept == {'designnote.json', 'findings.junit.xml', 'findings.sarif', 'index.html', 'needs.json', 'tables'}


def test_a_report_among_the_notes_is_none_of_them(run: Run, write: Write) -> None:
    folder = write({'notes/quick.md': '# Design Note: Quick\n'})
    first = run('check', 'notes', '--out', 'notes/aaa')
    assert (folder / 'notes/aaa/tables/notes.md').exists()
    assert json.loads((folder / 'notes/aaa/designnote.json').read_text('utf-8'))['project']['name'] == 'notes'
    assert run('check', 'notes', '--out', 'notes/aaa') == first


def test_a_report_is_of_one_project(run: Run, write: Write) -> None:
    write({'a/n.md': CLEAN, 'b/n.md': CLEAN})
    ran = run('check', 'a', 'b', '--out', 'out')
    assert (ran.status, ran.errors) == (2, ['designnote: --out is about one project; check one at a time'])


def test_several_projects_are_checked_one_after_another(run: Run, write: Write) -> None:
    write({'a/n.md': WRONG, 'b/n.md': CLEAN, 'c/README.md': NO_NOTE})
    ran = run('check', 'a', 'b', 'c')
    assert (ran.status, len(ran.errors)) == (1, 1)
    assert [line.partition(';')[0] for line in ran.lines if ' of ' in line] == [
        '1 error, 0 warnings in 1 of 1 note',
        '0 errors, 0 warnings in 0 of 1 note',
    ]


def test_a_terminal_gets_colours_unless_it_does_not_want_them(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({'conf.py': QUIET, 'index.md': WRONG})
    assert '\x1b' not in ''.join(run('check', '.').lines)
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: True)
    assert '\x1b' not in ''.join(run('check', '.').lines)
    monkeypatch.delenv('NO_COLOR')
    monkeypatch.setenv('TERM', 'xterm')
    assert run('check', '.').lines[0].startswith(f'index.md:{line_of(WRONG, ERROR)}: \x1b[31merror\x1b[0m: ')


def test_the_command_is_installed(write: Write) -> None:
    command = Path(sys.executable).with_name('designnote')
    if not command.exists():
        pytest.skip('the package is not installed')
    root = write({'a.md': WRONG})
    ran = subprocess.run([command, 'check', 'a.md'], cwd=root, env=os.environ, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (1, '')
    assert ran.stdout.startswith(f'a.md:{line_of(WRONG, ERROR)}: error: {DN106}\n')
