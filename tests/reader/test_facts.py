"""What a note says of itself at its top, without a directive."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject

CREATED = datetime.date(2026, 10, 2)
RST = 'Design Note: Jobs\n=================\n\n'
ALL = {'status': 'in-review', 'owners': ('Kim', 'Ada'), 'created': CREATED}

FORMS = {
    'front matter': (
        'md',
        '---\nstatus: In Review\nowner: [Kim, Ada]\ncreated: 2026-10-02\ntags: [x]\nid: 12\n---\n# Design Note: Jobs\n',
        ALL,
    ),
    'lines in bold': (
        'md',
        '# Design Note: Jobs\n\n**Status:** Proposed\n**Authors:** Kim, Ada\n**Date:** 2026-10-02\n',
        ALL,
    ),
    'several on a line': (
        'md',
        '# Design Note: Jobs\n\n**Status:** In Review  **Owners:** Kim, Ada | **Created:** 2026-10-02\n',
        ALL,
    ),
    'bullets': ('md', '# Design Note: Jobs\n\n- Status: in review\n- Owners: Kim, Ada\n- Created: 2026-10-02\n', ALL),
    'field list': (
        'rst',
        RST + ':Status: review\n:Author: Kim, Ada\n:Date: 2026-10-02\n',
        ALL,
    ),
    'what the directive says counts for more': (
        'rst',
        RST + ':Status: Draft\n:Owner: Kim\n\n.. design-note::\n   :status: accepted\n',
        {'status': 'accepted', 'owners': ('Kim',)},
    ),
    'prose is none': ('md', '# Design Note: Jobs\n\nStatus: draft, as long as\nnobody says otherwise.\n', {}),
    "links are the directive's": ('md', '# Design Note: Jobs\n\nDepends on: Kafka\n', {}),
    "below a heading it is the section's": ('md', '# Design Note: Jobs\n\n## Approach\n\nStatus: draft\n', {}),
    'a date that cannot be read stays text': ('md', '# Design Note: Jobs\n\nDate: 2 October\n', {}),
}


@pytest.mark.parametrize('name', FORMS)
def test_a_note_says_of_itself(build: BuildProject, name: str) -> None:
    suffix, text, fields = FORMS[name]
    note = build({f'jobs.{suffix}': text}).note
    assert (dict(note.fields), note.title, note.id) == (fields, 'Jobs', 'jobs')
    assert [problem.code for problem in note.problems] == []


def test_it_stands_at_its_line(build: BuildProject) -> None:
    note = build({'jobs.md': '---\nstatus: draft\n---\n# Design Note: Jobs\n\nOwner: Kim\n'}).note
    assert note.lines == {'status': 2, 'owners': 6}
    assert note.location.line == 4


def test_a_status_that_cannot_be_read_is_reported(build: BuildProject) -> None:
    note = build({'jobs.md': '# Design Note: Jobs\n\n- Owner: Kim\n- Status: yellow\n'}).note
    assert [(p.code, p.location.line, p.message) for p in note.problems] == [
        (
            'DN108',
            4,
            "the status 'yellow' could not be read; write one of: draft, in-review, accepted, implemented, rejected, "
            'withdrawn, superseded',
        )
    ]


def test_a_page_that_is_no_note_says_nothing(build: BuildProject) -> None:
    assert build({'jobs.md': '---\nstatus: draft\n---\n# Jobs\n\nOwner: Kim\n'}).notes == {}
