"""Converting until both readings agree: what would be read otherwise keeps the words that it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.convert.agreement import differences, disagreeing_lines
from sphinxcontrib_designnote.convert.edits import Edit, apply
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Workbench

#: Makes the edits of a note, but for those that begin on one of the lines given.
Make = Callable[[Snapshot, frozenset[int]], Sequence[Edit]]
_ROUNDS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Converted:
    """A note in other words."""

    text: str
    after: Snapshot
    #: 0-based lines of the old source that could not be converted, so that they stay as they were.
    kept: frozenset[int]
    #: What is read otherwise nevertheless; empty when all is well.
    differences: tuple[str, ...] = ()


def convert(bench: Workbench, before: Snapshot, make: Make) -> Converted | None:
    """Convert a note within its syntax; ``None`` where the result is no note any more.

    What the reading of the result says otherwise is left as it was, and the rest is tried again, a few times.
    """
    kept: frozenset[int] = frozenset()
    for turn in range(_ROUNDS):
        edits = make(before, kept)
        applied = apply(before.lines, edits)
        after = bench.read('\n'.join(applied.lines), markdown=before.markdown)
        if after is None:
            return None
        found = tuple(differences(before, after))
        if not found or not edits:
            return Converted(text=after.text, after=after, kept=kept, differences=found)
        mine, theirs = disagreeing_lines(before, after)
        lines = mine | {applied.origin[line] for line in theirs if line < len(applied.origin)}
        guilty = {edit.subject for edit in edits if any(map(edit.concerns, lines))}
        if not guilty - kept and turn < _ROUNDS - 3:  # what stands next to it is read otherwise in its new company
            guilty = {
                near.subject
                for line in lines
                for near in (
                    max((e for e in edits if e.subject <= line), key=lambda e: e.subject, default=None),
                    min((e for e in edits if e.subject > line), key=lambda e: e.subject, default=None),
                )
                if near is not None
            }
        if turn == _ROUNDS - 2 or not guilty - kept:
            guilty = {edit.subject for edit in edits}
        kept |= guilty
    return None
