"""The versions of each file, whatever it was called, and how old the words in it are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinxcontrib_designnote.revisions.git import Commit, Repository

#: Age and blob of each version, newest first.
Versions = Sequence[tuple[int, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What a file held from one commit on, to the next that changed it."""

    #: How many commits are younger; 0 for what has not been committed.
    age: int
    #: Its lines, each between two line ends, and without spaces at its end.
    text: bytes

    def has(self, passages: Iterable[bytes]) -> bool:
        """Whether all of *passages*, as :meth:`FileHistory.lines` gives them, stand in it."""
        return all(passage in self.text for passage in passages)


@dataclass(frozen=True, kw_only=True, slots=True)
class FileHistory:
    """A file, and what it was before."""

    #: Newest first; the first is what it holds now.
    versions: tuple[Version, ...]

    def lines(self, first: int, end: int | None) -> bytes:
        """Return today's 1-based lines from *first* up to *end*, or all of them, without blank ones at the end."""
        lines = self.versions[0].text.split(b'\n')[first:end]
        return b'\n'.join([b'', *lines]).rstrip() + b'\n'

    def age_of(self, passages: Sequence[bytes]) -> int:
        """Return the age of the commit since which the file has always had *passages*, which it has now."""
        age = self.versions[0].age
        for version in self.versions[1:]:
            if not version.has(passages):
                break
            age = version.age
        return age

    def since(self, age: int) -> tuple[Version, ...]:
        """Return the versions since the one that there was *age* commits ago, newest first; none if there was none."""
        for index, version in enumerate(self.versions):
            if version.age >= age:
                return self.versions[: index + 1]
        return ()


def versions_by_path(commits: Sequence[Commit]) -> dict[str, Versions]:
    """Return path as of now to the versions of the file; one that was never committed has none.

    :param commits: newest first.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    #: Path at the commit at hand to the path as of now; ``None`` where that is another file.
    now_called: dict[str, str | None] = {}
    for age, commit in enumerate(commits):
        before: dict[str, str | None] = {}
        for change in commit.changes:
            name = now_called.get(change.path, change.path)
            if name is not None:
                found.setdefault(name, []).append((age, change.blob))
            if change.before != change.path:
                before.setdefault(change.path, None)
                if change.before is not None:
                    before[change.before] = name
        now_called |= before
    return dict(found)


def file_histories(repository: Repository, folder: Path, files: Mapping[str, Versions]) -> dict[str, FileHistory]:
    """Return the histories of *files*, which are paths relative to *folder*. Asks git once.

    :raises GitError: when git cannot be asked.
    """
    blobs = repository.blobs({blob for versions in files.values() for _, blob in versions if blob})
    histories: dict[str, FileHistory] = {}
    for path, versions in files.items():
        known: list[Version] = []
        for age, blob in versions:
            content = blobs.get(blob) if age else (folder / path).read_bytes()
            if content is None:  # a clone that has only what it was asked for
                break
            known.append(Version(age=age, text=_normal(content)))
        if known:
            histories[path] = FileHistory(versions=tuple(known))
    return histories


def _normal(content: bytes) -> bytes:
    """Return *content* as :attr:`Version.text`: a checkout may have other line ends than the repository."""
    return b'\n'.join([b'', *(line.rstrip() for line in content.splitlines()), b''])
