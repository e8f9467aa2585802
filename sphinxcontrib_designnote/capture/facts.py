"""What a note says of itself at its top without a directive: ``Status: Draft``, in whatever form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sphinxcontrib_designnote.capture.markdown import front_matter
from sphinxcontrib_designnote.capture.page import Page
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation, quote
from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.grammar.reading import pair_of
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import Kind
from sphinxcontrib_designnote.model.values import Argument, read_value

#: What teams call the states of a note.
_STATUSES: Mapping[str, str] = {
    word: status
    for status, words in {
        'draft': ('wip', 'work in progress', 'idea', 'in progress', 'provisional'),
        'in-review': ('review', 'under review', 'proposed', 'open', 'ready for review', 'pending'),
        'accepted': ('approved', 'agreed', 'final', 'implementable', 'active'),
        'implemented': ('done', 'shipped', 'released', 'complete', 'completed', 'live', 'closed'),
        'withdrawn': ('abandoned', 'cancelled', 'canceled', 'deferred'),
        'superseded': ('replaced', 'obsolete'),
        'rejected': ('declined',),
    }.items()
    for word in words
}

#: What only ``design-note`` says: other tools have front matter of these names.
_ELSEWHERE = frozenset({'id', 'class', 'ignore', 'profile'})

#: A line is read so far.
_LONGEST = 400


def read_facts(page: Page, kind: Kind) -> None:
    """Let the front matter, and lines ``Key: value`` above the first section, say what ``design-note`` would.

    What the directive says counts for more. Words that are no option are the author's own, and so are links: "Depends
    on: Kafka" names no note. A status decides which rules speak, so one that cannot be read is reported (DN108).
    """
    for name, text, line in (*_in_front_matter(page), *_above_sections(page)):
        option = kind.option_called(' '.join(name.casefold().replace('_', ' ').replace('-', ' ').split()))
        marker = page.draft.marker
        if option is None or option.link or option.name in _ELSEWHERE or not text.strip():
            continue
        if marker is not None and option.key in marker.lines:
            continue
        text = text.strip(' .')
        if option.name == 'status':
            text = _STATUSES.get(' '.join(text.casefold().replace('-', ' ').split()), text)
        _, complaint = read_value(option, text)
        if complaint is None:
            if marker is None:
                at = SourceLocation(path=page.draft.path, line=page.draft.line)
                marker = page.draft.marker = Draft(kind=kind, argument=Argument(key='', title=''), location=at)
            marker.set_option(option.name, text, line)
        elif option.name == 'status':
            message = f'the status {quote(text)} could not be read; write one of: {", ".join(option.values)}'
            at = SourceLocation(path=page.draft.path, line=line)
            page.draft.problems.append(Problem(code='DN108', message=message, location=at))


def _in_front_matter(page: Page) -> Iterator[tuple[str, str, int]]:
    return iter(()) if page.restructured else front_matter(page.source)


def _above_sections(page: Page) -> Iterator[tuple[str, str, int]]:
    for block in page.blocks:
        if block.form is Form.HEADING:
            return
        for each in (block, *block.children):
            if each.form in (Form.PARAGRAPH, Form.BOLD, Form.BULLET, Form.FIELD) and each.path == page.draft.path:
                yield from _pairs(each)


#: Between two pairs on one line: ``**Status:** Draft | **Owner:** Kim``
_NEXT = re.compile(r'(?:\s*[|·•,;]\s*|\s+)(?=[A-Z][a-z]{1,20}(?: [a-z]{1,20})?:\s)')


def _pairs(block: Block) -> Iterator[tuple[str, str, int]]:
    """Yield key, value and line of each pair of a block, where all of its lines begin with one."""
    lines = block.text.rstrip().split('\n')
    if not all(map(pair_of, lines)):
        return
    for number, line in enumerate(lines):
        for pair in map(pair_of, _NEXT.split(line[:_LONGEST])):
            if pair is not None:
                yield pair[0], pair[1], block.line + number
