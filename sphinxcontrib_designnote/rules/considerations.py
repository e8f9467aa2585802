"""What a note says for its security reviewer: which of its considerations are about a topic, or about a thing."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.grammar.access import speaks_of
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.definition import NoteView

_LONGEST = 2000


def considered(view: NoteView, *topics: str) -> Iterator[Item]:
    """Yield the note's considerations on one of *topics*, by their ``topic`` or by their words."""
    for item in view.of('security-consideration'):
        text = f'{item.title} {item.body[:_LONGEST]}'
        if item.text('topic') in topics or any(speaks_of(topic, text) for topic in topics):
            yield item


def is_considered(view: NoteView, *topics: str) -> bool:
    """Whether a consideration, or the prose below the heading for them, is about one of *topics*."""
    prose = view.note.prose.get('security', '')[:_LONGEST]
    return any(speaks_of(topic, prose) for topic in topics) or next(considered(view, *topics), None) is not None
