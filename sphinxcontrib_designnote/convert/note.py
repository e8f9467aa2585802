"""A note converted from end to end, and read again to see that it says the same."""

from __future__ import annotations

from dataclasses import dataclass

from sphinxcontrib_designnote.convert.agreement import differences
from sphinxcontrib_designnote.convert.directives import to_directives
from sphinxcontrib_designnote.convert.equal import convert
from sphinxcontrib_designnote.convert.naming import with_id
from sphinxcontrib_designnote.convert.plain import to_plain
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Workbench
from sphinxcontrib_designnote.convert.translate import translate

_MAKERS = {'directives': to_directives, 'plain': to_plain}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What has become of a note."""

    text: str
    markdown: bool
    #: What of the result is read otherwise than the note was: empty, or the result must not be used.
    differences: tuple[str, ...] = ()
    #: What could not be converted and stays as it was, with its line in the result.
    left: tuple[str, ...] = ()
    #: What the other syntax has no words for, kept as it was in a block of code.
    untranslated: tuple[str, ...] = ()


def convert_note(bench: Workbench, before: Snapshot, form: str | None, *, markdown: bool) -> Result:
    """Convert a note.

    :param form: ``directives``, ``plain``, or ``None`` to leave that as it is.
    :param markdown: the syntax of the result.
    """
    current, kept = before, tuple[str, ...]()
    if form is not None:
        done = convert(bench, before, _MAKERS[form])
        if done is None or done.differences:
            return _failed(before, done.differences if done is not None else _NO_NOTE)
        current = done.after
    if markdown is not current.markdown:
        other = translate(bench, current)
        if other.after is None or other.differences:
            return _failed(before, other.differences or _NO_NOTE)
        current, kept = other.after, other.untranslated
    text = '\n'.join(with_id(current))
    after = bench.read(text, markdown=markdown)
    if after is None or (found := differences(before, after)):
        return _failed(before, tuple(found) if after is not None else _NO_NOTE)
    return Result(text=text, markdown=markdown, left=tuple(_left(after, form)) if form else (), untranslated=kept)


_NO_NOTE = ('the result is no design note',)


def _failed(before: Snapshot, found: tuple[str, ...]) -> Result:
    return Result(text=before.text, markdown=before.markdown, differences=found)


def _left(snapshot: Snapshot, form: str) -> list[str]:
    is_plain = form == 'directives'
    return [
        f'line {statement.line + 1}: {statement.item.kind} {statement.item.key}'
        for statement in snapshot.statements
        if (statement.block is not None) is is_plain and snapshot.is_own(statement)
    ]
