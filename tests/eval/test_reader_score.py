"""What the reader reached on the evaluation it may not lose again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval.score_reader import notes_of, report_of, total

READER = Path(__file__).parent / 'reader'
#: The least precision and recall of each kind, as the issue tracker asks for them.
LEAST = {
    'endpoints': 0.95, 'entities': 0.90, 'fields': 0.90, 'flags': 0.95, 'steps': 0.95, 'tests': 0.90, 'none': 0.95,
}  # fmt: skip
#: The same where the notes keep to no template: what has been reached, so that it only grows.
LEAST_CASUAL = {
    'dev-casual': {
        'endpoints': 0.94, 'entities': 0.66, 'fields': 0.61, 'flags': 0.70, 'steps': 0.84, 'tests': 0.89, 'none': 0.95,
    },
    'heldout-casual': {
        'endpoints': 0.75, 'entities': 0.52, 'fields': 0.50, 'flags': 0.61, 'steps': 0.89, 'tests': 0.80, 'none': 0.58,
    },
}  # fmt: skip


@pytest.mark.parametrize('folder', sorted(path.name for path in READER.iterdir() if path.is_dir()))
def test_the_reader_finds_what_a_reviewer_finds_in_notes_of_many_styles(folder: str) -> None:
    scores = total([report_of(READER / folder, notes_of(READER / folder))])
    least_of = LEAST_CASUAL.get(folder, LEAST)
    too_low = {
        kind: (score.matched, score.found, score.truth)
        for kind, least in least_of.items()
        if (score := scores[kind]).matched < least * max(score.found, score.truth)
    }
    assert too_low == {}
