"""A note in the other syntax: directives, headings, lists, code, tables, links, emphasis. The rest is kept as it was.

No library does this: rst-to-myst has not kept up with docutils and MyST, and pandoc, a binary, knows neither directives
nor roles, which are what a note is made of.
"""

from __future__ import annotations

from dataclasses import dataclass

from sphinxcontrib_designnote.convert.agreement import differences, disagreeing_lines
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Workbench
from sphinxcontrib_designnote.convert.to_markdown import MarkdownWriter
from sphinxcontrib_designnote.convert.to_restructured import RestructuredWriter

_ROUNDS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Translated:
    """A note in the other syntax; ``None`` where it is no note any more."""

    after: Snapshot | None
    untranslated: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


def translated(snapshot: Snapshot, kept: frozenset[int] = frozenset()) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines of a note in the other syntax, and what of it was kept as it was, in a block of code.

    :param kept: 0-based lines of blocks that must be kept so; only Markdown can show what it keeps.
    """
    writer = RestructuredWriter(snapshot) if snapshot.markdown else MarkdownWriter(snapshot, kept)
    return writer.page(), tuple(writer.untranslated)


def translate(bench: Workbench, before: Snapshot) -> Translated:
    """Translate a note, until both readings agree: what Markdown would read otherwise stays reStructuredText in it."""
    kept: frozenset[int] = frozenset()
    for _ in range(_ROUNDS):
        lines, untranslated = translated(before, kept)
        after = bench.read('\n'.join(lines), markdown=not before.markdown)
        found = differences(before, after) if after is not None else ['the result is no design note']
        mine = disagreeing_lines(before, after)[0] if after is not None else set()
        if not found or before.markdown or mine <= kept:
            break
        kept |= mine
    return Translated(after=after, untranslated=untranslated, differences=tuple(found))
