"""What a note says of itself, written into it: its id above all, so that links to it stay when the page moves."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sphinxcontrib_designnote.convert.pieces import Form
from sphinxcontrib_designnote.convert.snapshot import Snapshot

_SAFE = re.compile(r'[A-Za-z][\w./-]*')
_OPTION = re.compile(r'\s*:[A-Za-z][\w-]*:(?:\s|$)')


def with_id(snapshot: Snapshot) -> list[str]:
    """Return the lines of a note with its id, today's, in it."""
    id_ = snapshot.note.id
    return snapshot.lines if 'id' in snapshot.note.lines else with_note_option(snapshot, 'id', id_)


def with_note_option(snapshot: Snapshot, name: str, value: str) -> list[str]:
    """Return the lines of a note with an option that it has not: in front matter, or in the directive that marks it."""
    lines = snapshot.lines
    marker = next((p for p in snapshot.pieces if p.form is Form.DIRECTIVE and p.name == 'design-note'), None)
    if marker is not None:
        indent = '' if snapshot.markdown else '   '
        at = next(
            (i for i in range(*marker.inner) if not lines[i].strip() or _OPTION.match(lines[i])), marker.inner[1]
        ) if not snapshot.markdown else marker.inner[0]  # fmt: skip
        return [*lines[:at], f'{" " * marker.column}{indent}:{name}: {value}', *lines[at:]]
    return _in_front_matter(lines, name, value) if snapshot.markdown else _in_directive(snapshot, name, value)


def _in_front_matter(lines: Sequence[str], name: str, value: str) -> list[str]:
    said = f'{name}: {value if _SAFE.fullmatch(value) else json.dumps(value)}'
    block = ['design-note:', f'  {said}']
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ('---', '...')), None)
    if lines[0].rstrip() != '---' or end is None:
        return ['---', *block, '---', *([''] if lines[0].strip() else []), *lines]
    at = next((i for i in range(1, end) if re.match(r'design-note\s*:', lines[i])), None)
    if at is None:
        return [*lines[:end], *block, *lines[end:]]
    value = lines[at].partition(':')[2].strip()
    if value.startswith('{'):
        return [*lines[:at], lines[at].replace('{', f'{{{said}, ', 1), *lines[at + 1 :]]
    below = lines[at + 1] if not value else ''
    indent = below[: len(below) - len(below.lstrip())] or '  '
    return [*lines[:at], 'design-note:', f'{indent}{said}', *lines[at + 1 :]]


def _in_directive(snapshot: Snapshot, name: str, value: str) -> list[str]:
    """Put a directive below the title, and below the fields that may follow it."""
    lines, at = snapshot.lines, 0
    pieces = [piece for piece in snapshot.pieces if piece.form not in (Form.COMMENT, Form.TARGET)]
    if pieces and pieces[0].form is Form.HEADING:
        at = pieces[0].end
        if len(pieces) > 1 and pieces[1].form is Form.LIST and lines[pieces[1].start].lstrip().startswith(':'):
            at = pieces[1].end
    block = ['.. design-note::', f'   :{name}: {value}']
    before = [''] if at else []
    after = [''] if at < len(lines) and lines[at].strip() else []
    return [*lines[:at], *before, *block, *after, *lines[at:]]
