"""A git repository for a test: whatever the machine's own configuration says, and on days that the test names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_IDENTITY = ('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false')


class TestRepository:
    """A repository that is made when the object is."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git('init', '--quiet', '--initial-branch=main')

    def git(self, *arguments: str, day: str = '2026-01-01') -> str:
        """Run git, and return what it prints, without white space around it."""
        when = dict.fromkeys(('GIT_AUTHOR_DATE', 'GIT_COMMITTER_DATE'), f'{day}T12:00:00Z')
        nobodys = {'GIT_CONFIG_GLOBAL': os.devnull, 'GIT_CONFIG_NOSYSTEM': '1'}
        done = subprocess.run(
            ['git', *_IDENTITY, *arguments],
            cwd=self.folder,
            env=os.environ | when | nobodys,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        """Write *files* and commit nothing."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, 'utf-8')

    def commit(self, day: str, files: Mapping[str, str] | None = None) -> str:
        """Write *files*, commit everything on *day*, and return the first eight digits of the commit's id."""
        self.write(files or {})
        self.git('add', '--all')
        self.git('commit', '--quiet', '--allow-empty', f'--message={day}', day=day)
        return self.git('rev-parse', 'HEAD')[:8]
