"""What the how-to tells people to write is read as their hosts read it, and does what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sphinxcontrib_designnote.cli import make_parser
from tests.cli.conftest import Run, Write

ROOT = Path(__file__).parent.parent.parent
HOW_TO = (ROOT / 'docs/continuous-integration.md').read_text('utf-8')
SNIPPETS = [yaml.safe_load(text) for text in re.findall(r'^```yaml\n(.*?)^```$', HOW_TO, re.MULTILINE | re.DOTALL)]
(HOOK,) = yaml.safe_load((ROOT / '.pre-commit-hooks.yaml').read_text('utf-8'))
GOOD = '# Design Note: Good\n\n```{feature-flag} f\n:change: new\n:default: off\n```\n'
BAD = '# Design Note: Bad\n\n```{endpoint} POST\n```\n'
CONF = "extensions = ['myst_parser', 'sphinxcontrib_designnote']\n"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(each)


def commands() -> list[str]:
    console = re.findall(r'^\$ (designnote .*)$|`(designnote [^`\n]*)`', HOW_TO, re.MULTILINE)
    inside = [text for snippet in SNIPPETS for text in strings(snippet) if text.startswith('designnote ')]
    return sorted({*inside, *(first or second for first, second in console)})


def test_the_how_to_has_a_snippet_for_each_host() -> None:
    keys = [next(iter(snippet)) for snippet in SNIPPETS]
    assert keys == ['name', 'name', 'design-notes', 'repos', 'repos']


@pytest.mark.parametrize('command', commands())
def test_every_command_of_the_how_to_is_understood(command: str) -> None:
    words = shlex.split(command.partition(' > ')[0])
    arguments = [*words[1:], *(['page.md'] if words[1:] == ['check', '--notes-only'] else [])]
    arguments += ['docs'] if words[1:] == ['check'] else []
    assert make_parser().parse_args(arguments).run


def test_the_files_that_a_job_hands_on_are_those_that_it_writes(run: Run, write: Write) -> None:
    (job,) = [snippet['design-notes'] for snippet in SNIPPETS if 'design-notes' in snippet]
    root = write({'docs/conf.py': CONF, 'docs/index.md': BAD})
    (command,) = [line for line in job['script'] if line.startswith('designnote ')]
    written, _, redirected = command.partition(' > ')
    ran = run(*shlex.split(written)[1:])
    assert ran.status == 1
    (root / redirected).write_text('\n'.join(ran.lines), 'utf-8')
    assert all((root / path).is_file() for path in job['artifacts']['reports'].values())
    assert all((root / path).is_dir() for path in job['artifacts']['paths'])


def hook(*files: str) -> tuple[int, str]:
    """Run the hook's entry as pre-commit does: words split as by a shell, the names of files behind them."""
    program, *words = shlex.split(HOOK['entry'])
    assert program == 'designnote'
    code = 'import sys; from sphinxcontrib_designnote.cli import main; sys.exit(main())'
    ran = subprocess.run([sys.executable, '-c', code, *words, *files], capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def test_the_hook_looks_at_the_notes_among_the_files(write: Write) -> None:
    write(
        {
            '.git/HEAD': '', 'README.md': '# Read me\n', 'docs/conf.py': CONF, 'docs/index.md': '# Home\n',
            'docs/good.md': GOOD, 'docs/bad.md': BAD,
        }
    )  # fmt: skip
    assert hook('README.md', 'docs/index.md') == (0, '')
    status, printed = hook('README.md', 'docs/good.md')
    assert (status, 'README' in printed, 'bad.md' in printed) == (0, False, False)
    status, printed = hook('README.md', 'docs/good.md', 'docs/bad.md')
    assert status == 1
    assert 'docs/bad.md:3: error: ' in printed


def test_the_hook_runs_where_pre_commit_can_install_it() -> None:
    assert HOOK['language'] == 'python'
    assert HOOK['require_serial'] is True
    assert HOOK['types_or'] == ['markdown', 'rst']
    local = SNIPPETS[-1]['repos'][0]['hooks'][0]
    assert {key: local[key] for key in ('entry', 'types_or', 'require_serial')} == {
        key: HOOK[key] for key in ('entry', 'types_or', 'require_serial')
    }
