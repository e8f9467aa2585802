"""Runs the command line in this process, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sphinxcontrib_designnote.cli import main


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended, and what it printed."""

    status: int
    lines: list[str]
    errors: list[str]


Run = Callable[..., Ran]
Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the command keeps what it has read; nothing is there yet."""
    folder = tmp_path_factory.mktemp('cache')
    monkeypatch.setenv('XDG_CACHE_HOME', str(folder))
    return folder / 'designnote'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Write:
    """Write files below the current folder; return that folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('NO_COLOR', '1')

    def write_files(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, 'utf-8')
        return tmp_path

    return write_files


@pytest.fixture
def run(write: Write, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; its arguments are those of the shell."""

    def run_command(*argv: str) -> Ran:
        status = main(argv)
        printed = capsys.readouterr()
        return Ran(status=int(status), lines=printed.out.splitlines(), errors=printed.err.splitlines())

    return run_command
