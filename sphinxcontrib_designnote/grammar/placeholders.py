"""What nobody has written yet: text of the template that is still there, and ``TODO``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sphinxcontrib_designnote.grammar.blocks import Block, Form, unmarked
from sphinxcontrib_designnote.grammar.profile import Profile

_UNWRITTEN = re.compile(
    r'\W*(?:todo|tbd|tba|fixme|to be (?:defined|done|determined|decided)|\.\.\.|…)\W*', re.IGNORECASE
)
_BRACKETED = re.compile(r'\[[A-Z][\w /-]{2,60}\]')


def is_unwritten(blocks: Sequence[Block]) -> bool:
    """Whether a section holds nothing but ``TODO`` or ``[Describe it]``."""
    if len(blocks) != 1 or blocks[0].children or blocks[0].form is Form.CODE:
        return False
    text = unmarked(blocks[0].text)[:80]
    return bool(_UNWRITTEN.fullmatch(text) or _BRACKETED.fullmatch(text))


def placeholder_in_title(title: str) -> str | None:
    """Return the ``[Feature Name]`` that a title still has."""
    match = re.search(_BRACKETED, title[:200])
    return match[0] if match else None


def placeholder_in_comment(comment: str, profile: Profile) -> str | None:
    """Return the words by which a comment is known to be the template's, or the guidance of a new note."""
    text = ' '.join(comment.casefold().replace('<!--', ' ').replace('-->', ' ').split())
    return next((phrase for phrase in profile.phrases if phrase in text), None)
