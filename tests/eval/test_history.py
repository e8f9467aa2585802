"""Three years of notes: nothing is reported but what somebody should act on today."""

from __future__ import annotations

from collections import Counter

from tests.eval.history import SIZE, history, reported


def test_of_three_years_of_notes_only_what_is_due_is_reported() -> None:
    past = history()
    assert len(past.notes) == SIZE
    noise, missed = reported(past)
    assert (noise, missed) == (Counter(), Counter())


def test_the_history_is_the_same_each_time_and_holds_every_status() -> None:
    past = history()
    assert history() == past
    statuses = Counter(
        line.partition(':status: ')[2] for note in past.notes for line in note.text.splitlines() if ':status: ' in line
    )
    assert statuses.keys() == {
        'draft', 'in-review', 'accepted', 'implemented', 'rejected', 'withdrawn', 'superseded',
    }  # fmt: skip
