"""``designnote check`` for other programs, and asked about some rules only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sphinxcontrib_designnote.cli import main
from sphinxcontrib_designnote.rules.catalogue import RULES
from tests.cli.conftest import Ran, Run, Write

ONLY = {'DN105', 'DN601', 'DN602', 'DN990'}
CONF = f"""\
extensions = ['myst_parser', 'sphinxcontrib_designnote']
designnote_rules = { ({rule.code: 'off' for rule in RULES if rule.code not in ONLY}) }
"""
#: An error, a warning, infos, and a warning that is silenced.
NOTE = """\
# Design Note: Holds

```{endpoint} POST
```

```{feature-flag} f
:change: new
```

```{feature-flag} silenced
:change: new
:ignore: DN601 (kept for ops)
```
"""
FINDINGS = [('DN105', 3), ('DN601', 6), ('DN602', 6), ('DN602', 10)]


@pytest.fixture
def project(write: Write) -> Path:
    return write({'.git/HEAD': '', 'docs/conf.py': CONF, 'docs/index.md': '# Home\n', 'docs/notes/holds.md': NOTE})


def codes_of_json(text: str) -> list[tuple[str, int]]:
    return [(each['code'], each['line']) for each in json.loads(text)['findings'] if each['suppressed'] is None]


def codes_of_sarif(text: str) -> list[tuple[str, int]]:
    (run,) = json.loads(text)['runs']
    return [
        (result['ruleId'], result['locations'][0]['physicalLocation']['region']['startLine'])
        for result in run['results']
        if not result['suppressions']
    ]


def codes_of_gitlab(text: str) -> list[tuple[str, int]]:
    return [(each['check_name'], each['location']['lines']['begin']) for each in json.loads(text)]


def codes_of_junit(text: str) -> list[tuple[str, int]]:
    (case,) = ElementTree.fromstring(text)[0]
    lines = [line for part in case for line in (part.text or '').splitlines()]
    return sorted((line.split('[')[-1][:5], int(line.split(':')[1])) for line in lines)


READERS: dict[str, Callable[[str], list[tuple[str, int]]]] = {
    'json': codes_of_json, 'sarif': codes_of_sarif, 'gitlab': codes_of_gitlab, 'junit': codes_of_junit,
}  # fmt: skip


@pytest.mark.parametrize('name', READERS)
def test_a_document_is_all_that_the_standard_output_gets(project: Path, run: Run, name: str) -> None:
    ran = run('check', 'docs', '--format', name)
    assert READERS[name]('\n'.join(ran.lines)) == FINDINGS
    assert (ran.status, ran.errors) == (1, [])


def test_what_the_project_itself_prints_does_not_spoil_a_document(project: Path, run: Run, write: Write) -> None:
    write({'docs/conf.py': f"{CONF}print('this is conf.py')\n"})
    for argv in (('check', 'docs', '--format', 'json'), ('rules', '--format', 'json'), ('schema',)):
        ran = run(*argv) if argv[0] == 'check' else run(*argv, '--project', 'docs')
        assert json.loads('\n'.join(ran.lines))
        assert ran.errors == ['this is conf.py']
    assert 'this is conf.py' not in run('convert', 'docs/notes/holds.md', '--to', 'plain').lines


@pytest.mark.parametrize('name', READERS)
def test_where_the_report_is_does_not_spoil_a_document(project: Path, run: Run, name: str) -> None:
    ran = run('check', 'docs', '--format', name, '--out', 'out')
    assert READERS[name]('\n'.join(ran.lines)) == FINDINGS
    assert ran.errors == ['the report is in out/index.html']


def test_annotations_are_followed_by_the_sum(project: Path, run: Run) -> None:
    ran = run('check', 'docs', '--format', 'github')
    assert [line.partition('::')[2].partition(',title')[0] for line in ran.lines[:-1]] == [
        'error file=docs/notes/holds.md,line=3',
        'warning file=docs/notes/holds.md,line=6',
    ]
    assert ran.lines[-1] == '1 error, 1 warning in 1 of 1 note; 2 infos (--verbose shows them)'
    verbose = run('check', 'docs', '--format', 'github', '--verbose')
    assert [line.partition(' ')[0] for line in verbose.lines[:-1]] == ['::error', '::warning', '::notice', '::notice']


def test_paths_start_where_conf_says_that_the_repository_does(project: Path, run: Run, write: Write) -> None:
    write({'docs/conf.py': f"{CONF}designnote_repository_root = '.'\n"})
    ran = run('check', 'docs', '--format', 'github', '--select', 'DN105')
    assert ran.lines[0].startswith('::error file=notes/holds.md,line=3,')
    (project / '.git/HEAD').unlink()
    (project / '.git').rmdir()
    write({'docs/conf.py': CONF})
    ran = run('check', 'docs', '--format', 'github', '--select', 'DN105')
    assert ran.lines[0].startswith('::error file=notes/holds.md,line=3,')


def test_what_sphinx_could_not_read_is_no_part_of_a_document(project: Path, run: Run, write: Write) -> None:
    write({'docs/notes/holds.md': NOTE + '\n```{endpont} GET /x\n```\n'})
    ran = run('check', 'docs', '--format', 'json')
    assert codes_of_json('\n'.join(ran.lines)) == FINDINGS
    assert [error.partition(': ')[0] for error in ran.errors] == ['docs/notes/holds.md:15']


@pytest.mark.parametrize('name', READERS)
def test_a_document_is_of_one_project(run: Run, write: Write, name: str) -> None:
    write({'a/n.md': NOTE, 'b/n.md': NOTE})
    ran = run('check', 'a', 'b', '--format', name)
    message = f'designnote: --format {name} is one document of one project; check one at a time'
    assert (ran.status, ran.lines, ran.errors) == (2, [], [message])
    assert run('check', 'a', 'b', '--format', 'github').status == 1


@pytest.mark.parametrize(
    ('options', 'codes'),
    [
        (('--select', 'DN105'), ['DN105']),
        (('--select', 'flag-without-default'), ['DN601']),
        (('--select', 'DN60'), ['DN601', 'DN602', 'DN602']),
        (('--select', 'DN105', '--select', 'flag-without-default, flag-without-owner'), [c for c, _ in FINDINGS]),
        (('--select', 'DN105,DN6', '--ignore', 'DN602'), ['DN105', 'DN601']),
        (('--select', 'DN105,DN601', '--ignore', 'DN1'), ['DN601']),
        (('--select', 'DN2'), []),
    ],
)
def test_rules_are_chosen_by_code_name_or_beginning(
    project: Path, run: Run, options: tuple[str, ...], codes: list[str]
) -> None:
    ran = run('check', 'docs', '--format', 'json', *options)
    assert [code for code, _ in codes_of_json('\n'.join(ran.lines))] == codes


def test_only_what_was_asked_for_decides_the_status(project: Path, run: Run) -> None:
    statuses = {
        options: run('check', 'docs', *options).status
        for options in (
            ('--select', 'DN601'),
            ('--select', 'DN105'),
            ('--ignore', 'DN105'),
            ('--select', 'DN601', '--fail-on', 'warning'),
        )
    }
    assert list(statuses.values()) == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ('option', 'written', 'hint'),
    [
        ('--select', 'DN1055', "'DN1055' is no rule; did you mean 'DN105'?"),
        ('--ignore', 'flag-without-defualt', "'flag-without-defualt' is no rule; did you mean 'flag-without-default'?"),
        ('--select', 'DN105,zzzz', "'zzzz' is no rule"),
    ],
)
def test_a_rule_that_does_not_exist_is_a_mistake_before_anything_is_read(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, option: str, written: str, hint: str
) -> None:
    monkeypatch.setattr('sphinx.application.Sphinx.build', None)
    ran = run('check', 'docs', option, written)
    more = " (DN3 stands for all whose codes begin so; 'designnote rules' lists them)"
    assert (ran.status, ran.lines, ran.errors) == (2, [], [f'designnote: {option}: {hint}{more}'])


def test_that_a_chosen_rule_crashed_is_told(
    project: Path, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule,) = [each for each in RULES if each.code == 'DN601']

    def crash(*_: object) -> list[object]:
        raise ZeroDivisionError

    check = rule.check
    object.__setattr__(rule, 'check', crash)
    try:
        chosen = (('--select', 'DN601'), ('--select', 'DN105'), ('--select', 'DN6,DN9', '--ignore', 'DN6'))
        lines = [run('check', 'docs', '--format', 'json', *options).lines for options in chosen]
        write({'docs/notes/clean.md': '# Design Note: Clean\n'})
        of_another = run('check', 'docs/notes/holds.md', '--select', 'DN601')
    finally:
        object.__setattr__(rule, 'check', check)
    told = [[code for code, _ in codes_of_json('\n'.join(each))] for each in lines]
    assert told == [['DN990'], ['DN105'], []]
    assert of_another.status == 1  # though its line is that of the first note
    assert [line.partition(':')[0] for line in of_another.lines[:-1]] == ['docs/notes/clean.md', 'the project']


def test_pages_that_are_no_notes_are_passed_over(run: Run, write: Write) -> None:
    write({'README.md': '# Read me\n', 'notes/n.md': NOTE})
    assert run('check', 'README.md').lines[-1].partition(';')[0].endswith('in 1 of 1 note')  # as it was named
    assert run('check', 'README.md', '--notes-only') == Ran(status=0, lines=[], errors=[])
    ran = run('check', 'README.md', 'notes/n.md', '--notes-only', '--select', 'DN105')
    assert (ran.status, ran.lines[-1]) == (1, '1 error, 0 warnings in 1 of 1 note')


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise BrokenPipeError

    with (project / 'out.txt').open('w') as file:
        monkeypatch.setattr(sys, 'stdout', file)
        monkeypatch.setattr('sphinxcontrib_designnote.cli.rules.console', broken)
        assert main(['rules']) == 1
