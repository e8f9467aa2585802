"""``designnote baseline``: what is wrong today is listed, and only what is new counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sphinx.cmd.build import main as sphinx

from sphinxcontrib_designnote.rules.catalogue import RULES
from tests.cli.conftest import Ran, Run, Write

CONF = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\n"
NAMED = f"{CONF}designnote_baseline = 'designnote-baseline.json'\n"
FLAG = '```{{feature-flag}} {}\n:change: new\n:owner: us\n```\n'
ERROR = '```{endpoint} POST\n```\n'
#: An error and a warning; nothing else is asked of the notes here.
ONLY = {'DN105', 'DN601', 'DN990'}
QUIET = f'designnote_rules = { ({rule.code: "off" for rule in RULES if rule.code not in ONLY}) }\n'
NOTE = f'# Design Note: Holds\n\n{ERROR}\n{FLAG.format("f")}'
FILE = Path('docs/designnote-baseline.json')


@pytest.fixture
def project(write: Write) -> Path:
    return write({'docs/conf.py': NAMED + QUIET, 'docs/index.md': '# Home\n', 'docs/holds.md': NOTE})


def listed() -> list[str]:
    return [entry['code'] for entry in json.loads(FILE.read_text('utf-8'))['findings']]


def summary(run: Run, *options: str) -> tuple[int, str]:
    ran = run('check', 'docs', *options)
    return ran.status, ran.lines[-1]


def test_what_is_listed_is_silenced_and_what_is_new_is_not(project: Path, run: Run, write: Write) -> None:
    ran = run('baseline', 'docs')
    assert (ran.status, ran.errors) == (0, [])
    assert ran.lines == ['docs/designnote-baseline.json: 2 findings (2 new, 0 gone)']
    assert listed() == ['DN105', 'DN601']
    assert run('check', 'docs').lines == ['0 errors, 0 warnings in 0 of 1 note; 2 in the baseline']
    assert summary(run)[0] == 0
    write({'docs/holds.md': f'# Design Note: Holds\n\nMore words.\n\n{FLAG.format("g")}\n{ERROR}\n{FLAG.format("f")}'})
    ran = run('check', 'docs', '--fail-on', 'warning')
    assert ran.lines == [
        "docs/holds.md:5: warning: flag 'g' has no default state; add ':default: off' or ':default: on' "
        '[DN601 flag-without-default]',
        'docs/holds.md: 0 errors, 1 warning (DN601)',
        '0 errors, 1 warning in 1 of 1 note; 2 in the baseline',
    ]
    assert ran.status == 1


def test_what_is_silenced_stays_in_the_data(project: Path, run: Run) -> None:
    run('baseline', 'docs')
    found = json.loads('\n'.join(run('check', 'docs', '--format', 'json').lines))['findings']
    assert [(each['code'], each['suppressed']) for each in found] == [
        ('DN105', 'in the baseline'),
        ('DN601', 'in the baseline'),
    ]
    (told,) = json.loads('\n'.join(run('check', 'docs', '--format', 'sarif').lines))['runs']
    assert [result['suppressions'] for result in told['results']] == [
        [{'kind': 'external', 'justification': 'in the baseline'}]
    ] * 2
    assert run('check', 'docs', '--format', 'gitlab').lines == ['[]']


def test_written_again_it_lists_what_is_found_then(project: Path, run: Run, write: Write) -> None:
    run('baseline', 'docs')
    before = FILE.read_bytes()
    assert run('baseline', 'docs').lines == ['docs/designnote-baseline.json: 2 findings, as before']
    assert FILE.read_bytes() == before
    write({'docs/holds.md': f'# Design Note: Holds\n\n{FLAG.format("f")}\n{FLAG.format("g")}'})
    assert run('baseline', 'docs').lines == ['docs/designnote-baseline.json: 2 findings (1 new, 1 gone)']
    assert listed() == ['DN601', 'DN601']


def test_pruned_it_lists_nothing_new(project: Path, run: Run, write: Write) -> None:
    run('baseline', 'docs')
    write({'docs/holds.md': f'# Design Note: Holds\n\n{FLAG.format("f")}\n{FLAG.format("g")}'})
    assert run('check', 'docs', '--verbose').lines[-2:] == [
        'the baseline: 1 entry of the baseline matches nothing any more; '
        "'designnote baseline docs --prune' drops what does not",
        '0 errors, 1 warning in 1 of 1 note; 1 in the baseline',
    ]
    assert run('baseline', 'docs', '--prune').lines == ['docs/designnote-baseline.json: 1 finding (0 new, 1 gone)']
    assert summary(run) == (0, '0 errors, 1 warning in 1 of 1 note; 1 in the baseline')


def test_other_builders_know_it_too(project: Path, run: Run, tmp_path: Path) -> None:
    run('baseline', 'docs')
    build = ['-q', '-E', '-W', '-b', 'html', '-D', 'suppress_warnings=toc', 'docs', str(tmp_path / 'html')]
    assert sphinx(build) == 0
    FILE.write_text('{"format": "designnote-baseline", "version": 1, "findings": []}', 'utf-8')
    assert sphinx(build) == 1


def test_a_folder_without_configuration_names_the_file_on_the_command_line(run: Run, write: Write) -> None:
    write({'notes/n.md': NOTE})
    ran = run('baseline', 'notes')
    assert ran.lines[1] == ('use it with: designnote check notes --baseline notes/designnote-baseline.json')
    checked = run('check', 'notes', '--baseline', 'notes/designnote-baseline.json')
    assert (checked.status, checked.lines[-1].partition(' in ')[0]) == (0, '0 errors, 0 warnings')
    assert run('check', 'notes').status == 1


def test_conf_is_told_what_to_name(run: Run, write: Write) -> None:
    write({'docs/conf.py': CONF + QUIET, 'docs/index.md': '# Home\n', 'docs/holds.md': NOTE})
    assert run('baseline', 'docs').lines[1:] == [
        "conf.py does not name it yet; add: designnote_baseline = 'designnote-baseline.json'"
    ]
    assert run('baseline', 'docs', '--output', 'other.json').lines == [
        'other.json: 2 findings (2 new, 0 gone)',
        "conf.py does not name it yet; add: designnote_baseline = '../other.json'",
    ]


@pytest.mark.parametrize('content', ['{"format": "designnote", "findings": []}', '{"format": "designnote-base', ''])
def test_a_file_that_is_no_baseline_is_left_alone(project: Path, run: Run, content: str) -> None:
    FILE.write_text(content, 'utf-8')
    for command in (('baseline', 'docs'), ('baseline', 'docs', '--prune'), ('check', 'docs')):
        ran = run(*command)
        assert (ran.status, ran.lines, len(ran.errors)) == (2, [], 1)
        assert 'is no baseline' in ran.errors[0]
    assert FILE.read_text('utf-8') == content


def test_a_baseline_that_is_missing_is_a_mistake_of_the_configuration(project: Path, run: Run) -> None:
    ran = run('check', 'docs')
    message = "designnote_baseline is 'designnote-baseline.json', which cannot be read: No such file or directory"
    assert (ran.status, ran.errors) == (2, [f"designnote: {message}; write one with 'designnote baseline'"])


def test_a_write_that_is_interrupted_leaves_the_old_file_whole(
    project: Path, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    run('baseline', 'docs')
    before = FILE.read_bytes()
    write({'docs/holds.md': f'# Design Note: Holds\n\n{FLAG.format("other")}'})
    real = Path.write_bytes

    def interrupted(self: Path, data: bytes) -> int:
        if FILE.name in self.name:
            real(self, data[:20])
            raise KeyboardInterrupt
        return real(self, data)

    monkeypatch.setattr(Path, 'write_bytes', interrupted)
    assert run('baseline', 'docs') == Ran(status=130, lines=[], errors=[])
    assert FILE.read_bytes() == before
    assert [path.name for path in Path('docs').glob('*baseline*')] + [p.name for p in Path('docs').glob('.*')] == [
        FILE.name
    ]


def test_a_baseline_is_of_a_whole_project_that_has_notes(project: Path, run: Run, write: Write) -> None:
    write({'empty/README.md': '# Read me\n'})
    assert [run('baseline', path).errors for path in ('docs/holds.md', 'empty', 'nope')] == [
        ["designnote: 'docs/holds.md' is a page; a baseline is that of a whole project, so name its folder"],
        ["designnote: 'empty' holds no design note, so there is nothing to list"],
        ["designnote: 'nope' does not exist"],
    ]
    assert not FILE.exists()


def test_a_baseline_on_the_command_line_is_of_one_project(run: Run, write: Write) -> None:
    write({'a/n.md': NOTE, 'b/n.md': NOTE})
    ran = run('check', 'a', 'b', '--baseline', 'x.json')
    assert (ran.status, ran.errors) == (2, ['designnote: --baseline is about one project; check one at a time'])
