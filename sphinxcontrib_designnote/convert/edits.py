"""Changes of a source by lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """Some lines of a source, and what stands there instead; none where something is put before *start*."""

    #: 0-based, half open.
    start: int
    end: int
    lines: tuple[str, ...] = ()
    #: Next to another such edit there is no blank line between the two: entries of one list.
    tight: bool = False
    #: First line of what is replaced, where that stands elsewhere; else -1.
    about: int = -1

    @property
    def subject(self) -> int:
        """First line of what is replaced."""
        return self.start if self.about < 0 else self.about

    def concerns(self, line: int) -> bool:
        """Whether it replaces *line*, or what begins there."""
        return self.start <= line < self.end or line == self.subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """A source after its edits."""

    lines: list[str]
    #: For each line, that of the old source which it comes from: for a replaced one the subject of its edit.
    origin: list[int]

    def add(self, lines: Sequence[str], origin: int, step: int = 0) -> None:
        """Add *lines*, which come from *origin*, and each *step* further down."""
        self.lines.extend(lines)
        self.origin.extend(origin + step * number for number in range(len(lines)))

    def drop_blank(self) -> None:
        """Drop the blank lines at the end."""
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
            self.origin.pop()


def apply(source: Sequence[str], edits: Sequence[Edit]) -> Applied:
    """Return *source* with *edits*, which do not overlap, made; a blank line separates each from what is around it."""
    done = Applied(lines=[], origin=[])
    at = 0
    last: Edit | None = None
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        _keep(source, at, edit.start, last, done)
        at = edit.end
        if not edit.lines:
            _close_gap(source, at, done)
            continue
        joined = last is not None and last.tight and edit.tight and not _says(source, last, edit)
        if joined:
            done.drop_blank()  # of a list whose entries went one by one
        elif done.lines and done.lines[-1].strip():
            done.add([''], edit.subject)
        done.add(edit.lines, edit.subject)
        last = edit
    _keep(source, at, len(source), last, done)
    return done


def _keep(source: Sequence[str], start: int, end: int, last: Edit | None, done: Applied) -> None:
    is_behind_edit = last is not None and bool(done.lines) and done.lines[-1:] == [*last.lines[-1:]]
    if start < end and is_behind_edit and source[start].strip() and done.lines[-1].strip():
        done.add([''], start)
    done.add(source[start:end], start, 1)


def _close_gap(source: Sequence[str], at: int, done: Applied) -> None:
    """Leave one blank line, not two, where something has gone."""
    if at < len(source) and not source[at].strip() and done.lines and not done.lines[-1].strip():
        done.lines.pop()
        done.origin.pop()


def _says(source: Sequence[str], first: Edit, second: Edit) -> bool:
    """Whether something stands between two edits."""
    return any(line.strip() for line in source[first.end : second.start])
