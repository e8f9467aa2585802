"""Every defect that is seeded into clean notes is found, alone and among all others, and nothing else is reported."""

from __future__ import annotations

import pytest

from tests.eval.score_rules import MUTATIONS, projects, score


@pytest.mark.parametrize('name', sorted(path.stem for path in MUTATIONS.glob('*.toml')))
def test_every_seeded_defect_is_found_and_nothing_else(name: str) -> None:
    (project,) = projects([name])
    result = score(project)
    assert {'missed': result.missed, 'false alarms': result.false_alarms, 'masked': result.masked} == {
        'missed': [],
        'false alarms': [],
        'masked': [],
    }
