"""Asks git: the only module that runs a program. Nothing in the repository is changed."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

#: What git tells the programs that it starts, such as hooks, and what they would hand on: it is about another folder.
_NOT_HANDED_ON = frozenset({'GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'})
_COMMIT = re.compile(r'\s*(?P<hash>[0-9a-f]{40,64}) (?P<date>\d{4}-\d\d-\d\d)')
#: ``:100644 100644 <old blob> <new blob> M``
_CHANGE = re.compile(r'\s*:\d+ \d+ [0-9a-f]+ (?P<blob>[0-9a-f]+) (?P<status>[A-Z])\d*')
_RAW = ('--raw', '-z', '--no-abbrev', '--find-renames', '--relative', '--no-color')


class GitError(Exception):
    """Git cannot answer. The message is a clause that says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a commit does to one file."""

    #: Relative to the folder that was asked about, with forward slashes.
    path: str
    #: Its path before the commit; ``None`` where it was not there.
    before: str | None
    #: Id of what it holds since; empty where it has gone, or has not been committed.
    blob: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """A commit, or what has not been committed."""

    #: Empty for what has not been committed.
    hash: str
    #: Day of the committer; ``None`` for what has not been committed.
    date: datetime.date | None
    changes: tuple[Change, ...]


class Repository:
    """The repository that a folder belongs to. Each method starts git once."""

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet.

        :raises GitError: when there is no git.
        """
        self._folder = folder
        self._program = shutil.which('git') or ''
        if not self._program:
            raise GitError('git is not installed')
        self._environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
        self._environment |= {'GIT_OPTIONAL_LOCKS': '0', 'GIT_TERMINAL_PROMPT': '0', 'LC_ALL': 'C'}

    def is_shallow(self) -> bool:
        """Whether older commits were left out when the repository was cloned.

        :raises GitError: when the folder is in no repository.
        """
        return self._ask('rev-parse', '--is-shallow-repository').strip() == b'true'

    def history(self) -> tuple[Commit, ...]:
        """Return what has not been committed, and then the commits that touched the folder, newest first.

        What a merge brought in is one commit, the merge: it was looked at as a whole. O(commits of the main line).

        :raises GitError: when nothing has been committed.
        """
        try:
            self._ask('rev-parse', '--verify', 'HEAD')
        except GitError:
            raise GitError('nothing has been committed yet') from None
        pending = self._ask('diff', *_RAW, '--no-ext-diff', 'HEAD', '--', '.')
        form = ('--format=%H %cd', '--date=short', '--no-show-signature')
        log = self._ask('log', '--first-parent', '-m', *form, *_RAW, '--', '.')
        return tuple(_commits(pending + log))

    def blobs(self, ids: Collection[str]) -> dict[str, bytes]:
        """Return what files held, by the ids of :attr:`Change.blob`; what the clone does not have is absent."""
        answer = self._ask('cat-file', '--batch', written='\n'.join(ids).encode()) if ids else b''
        found: dict[str, bytes] = {}
        at = 0
        while at < len(answer):
            head, _, _ = answer[at : at + 200].partition(b'\n')
            at += len(head) + 1
            id_, *rest = head.decode().split(' ')
            if rest[-1].isdecimal():
                size = int(rest[-1])
                found[id_] = answer[at : at + size]
                at += size + 1
        return found

    def _ask(self, *arguments: str, written: bytes = b'') -> bytes:
        command = [self._program, '-C', str(self._folder), '--literal-pathspecs', *arguments]
        # No shell, and every argument is ours, an id that git gave, or a path behind '--'.
        done = subprocess.run(command, input=written, capture_output=True, env=self._environment, check=False)  # noqa: S603
        if done.returncode:
            said = done.stderr.decode('utf-8', 'replace').strip().partition('\n')[0]
            raise GitError(said.removeprefix('fatal: ') or f"'git {arguments[0]}' failed")
        return done.stdout


def _commits(answer: bytes) -> Iterator[Commit]:
    """Read what ``--raw -z`` prints: changes before the first commit are those that have not been committed."""
    hash_, date, changes = '', None, list[Change]()
    fields = iter(os.fsdecode(answer).split('\0'))
    for field in fields:
        if (head := _COMMIT.fullmatch(field)) is not None:
            yield Commit(hash=hash_, date=date, changes=tuple(changes))
            hash_, date, changes = head['hash'], datetime.date.fromisoformat(head['date']), []
        elif (change := _CHANGE.fullmatch(field)) is not None:
            first = next(fields)
            before = None if change['status'] == 'A' else first
            path = next(fields) if change['status'] in 'RC' else first
            changes.append(Change(path=path, before=before, blob=_id(change['blob'])))
    yield Commit(hash=hash_, date=date, changes=tuple(changes))


def _id(written: str) -> str:
    """Return an id; that of nothing is all zeros."""
    return written if written.strip('0') else ''
