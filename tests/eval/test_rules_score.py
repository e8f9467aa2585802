"""Every defect that is seeded into clean notes is found, alone and among all others, and nothing else is reported."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.eval import score_rules
from tests.eval.score_rules import CODES, MUTATIONS, BrokenCatalogueError, main, projects, rounds, score

PROJECTS = sorted(path.stem for path in MUTATIONS.glob('*.toml'))
#: They look at what a set of notes does not have: the history of a repository, needs, an artefact, a rule that crashes.
NOT_SEEDED = {'DN207', 'DN808', 'DN901', 'DN902', 'DN903', 'DN904', 'DN990'}


@pytest.mark.parametrize('name', PROJECTS)
def test_every_seeded_defect_is_found_and_nothing_else(name: str) -> None:
    (project,) = projects([name])
    result = score(project)
    assert {'missed': result.missed, 'false alarms': result.false_alarms, 'masked': result.masked} == {
        'missed': [],
        'false alarms': [],
        'masked': [],
    }


def test_every_rule_has_a_seeded_defect() -> None:
    seeded = Counter(code for project in projects() for defect in project.defects for code in defect.codes)
    assert sorted(CODES - NOT_SEEDED - seeded.keys()) == []


def test_defects_that_are_made_together_do_not_clash() -> None:
    for project in projects():
        together = rounds(project.defects)
        assert sum(map(len, together)) == len(project.defects)
        clashing = [
            (one.title, other.title)
            for seeded in together
            for index, one in enumerate(seeded)
            for other in seeded[:index]
            if one.clashes(other)
        ]
        assert clashing == []


NOTE = 'Design Note: Jobs\n=================\n\n.. endpoint:: GET /jobs\n   :change: new\n'
DEFECT = """\
[[defects]]
title = "no change"
file = "jobs.rst"
old = "   :change: new\\n"
new = ""
expect = {{ DN301 = {at} }}
{more}
"""


@pytest.mark.parametrize(
    ('at', 'more', 'message'),
    [
        ('"GET /job"', '', None),
        ('"GET /orders"', '', "DN301: jobs.rst: 'GET /orders' stands there 0 times"),
        ('"o"', '', "DN301: jobs.rst: 'o' stands there"),
        ('"GET"', 'lines = 3', 'lines: unknown; there are title, file'),
        ('"GET"', 'after = "x"', "an edit has 'new', and either 'old' or 'after'"),
        ('"GET"', '[[defects]]\ntitle = "x"', "'title' and 'expect' must be there"),
        ('"GET"', '[[defects', 'broken: '),
    ],
)
def test_a_broken_catalogue_says_where_and_ends_with_2(
    at: str,
    more: str,
    message: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(score_rules, 'MUTATIONS', tmp_path)
    (tmp_path / 'broken').mkdir()
    (tmp_path / 'broken' / 'jobs.rst').write_text(NOTE, 'utf-8')
    (tmp_path / 'broken.toml').write_text(DEFECT.format(at=at, more=more), 'utf-8')
    if message is None:
        assert len(projects()[0].defects) == 1
        return
    with pytest.raises(BrokenCatalogueError) as error:
        projects()
    assert message in str(error.value)
    assert main([]) == 2
    assert capsys.readouterr().err == f'{error.value}\n'


def test_a_project_without_notes_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['no-such-project']) == 2
    assert 'no-such-project' in capsys.readouterr().err


def test_what_the_rules_miss_add_and_mask_is_listed(tmp_path: Path) -> None:
    """The scorer itself is wrong when it finds nothing to say about a catalogue that expects the wrong things."""
    shutil.copytree(MUTATIONS / 'sensors', tmp_path / 'small')
    (tmp_path / 'small.toml').write_text(
        """\
[[defects]]
title = "wrong line"
file = "alerts.rst"
old = "Feature flag: ``silence_alerts`` (default: off)"
new = "Feature flag: ``silence_alerts``"
expect = { DN601 = "- Owner: Field team" }

[[defects]]
title = "hidden by a value that is none"
file = "alerts.rst"
old = "- Owner: Field team\\n"
new = "- Scope: site\\n"
expect = { DN105 = "- Scope: site" }
""",
        'utf-8',
    )
    result = score(score_rules.read_project(tmp_path / 'small.toml'))
    assert (result.seeded, result.found) == (2, 1)
    assert result.missed == ['wrong line: alerts.rst:100: DN601']
    assert result.false_alarms[0] == 'wrong line: alerts.rst:98: DN601'
