"""What only terminals get: colours, and a bar while pages are read."""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import Run, Write

NOTE = '# Design Note: N\n\n```{endpoint} POST\n```\n'


def become_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('NO_COLOR')
    monkeypatch.setenv('TERM', 'xterm')
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, 'isatty', lambda: True)


def test_a_bar_is_shown_only_when_reading_takes_long(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({'docs/a.md': NOTE})
    become_a_terminal(monkeypatch)
    monkeypatch.setattr('sphinxcontrib_designnote.cli.terminal._PATIENCE', 3600.0)
    assert 'reading' not in ''.join(run('check', 'docs', '--no-cache').errors)
    monkeypatch.setattr('sphinxcontrib_designnote.cli.terminal._PATIENCE', -1.0)
    ran = run('check', 'docs', '--no-cache')
    assert 'reading' in ''.join(ran.errors)
    assert 'reading' not in ''.join(ran.lines)


def test_no_bar_is_shown_to_programs(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({'docs/a.md': NOTE})
    monkeypatch.setattr('sphinxcontrib_designnote.cli.terminal._PATIENCE', -1.0)
    monkeypatch.setenv('FORCE_COLOR', '1')
    monkeypatch.delenv('NO_COLOR')
    ran = run('check', 'docs', '--no-cache')
    assert ran.errors == []
    assert '\x1b' not in ''.join(ran.lines)


@pytest.mark.parametrize('name', ['json', 'sarif', 'gitlab', 'junit', 'github'])
def test_what_other_programs_read_has_no_colour_even_on_a_terminal(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write({'docs/a.md': NOTE})
    become_a_terminal(monkeypatch)
    assert '\x1b' not in ''.join(run('check', 'docs', '--format', name).lines)
    assert '\x1b' in ''.join(run('check', 'docs').lines)


def test_a_note_cannot_write_escapes_or_markup(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    become_a_terminal(monkeypatch)
    written = '[red]x[/red] :smile: \x1b[31m'
    write({'docs/a.md': f'# Design Note: N\n\n```{{feature-flag}} f\n:default: {written}\n```\n'})
    line = run('check', 'docs', '--select', 'DN105').lines[0]
    assert line.count('\x1b') == 2  # on and off again, around the severity
    assert '[red]x[/red] :smile:' in line
