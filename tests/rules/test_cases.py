"""Every example of every rule gives exactly the findings that are marked in it, in every syntax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sphinx.config import Config
from sphinx.util.docutils import docutils_namespace

from sphinxcontrib_designnote.conf_values import CONFIG_VALUES
from sphinxcontrib_designnote.config import Settings
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.meaning import LinkHistory
from sphinxcontrib_designnote.revisions.reading import read_pages
from sphinxcontrib_designnote.revisions.suspects import link_history
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import RuleSettings
from sphinxcontrib_designnote.rules.engine import run
from tests.conftest import BuildProject, Built
from tests.repository import TestRepository
from tests.rules.cases import SYNTAXES, Case, Place, cases, tables

CASES = tuple(cases())
#: Of everybody's examples unless they say otherwise.
CONF = {'designnote_today': '2026-07-01'}


@pytest.fixture(scope='module')
def read(build_once: BuildProject) -> Mapping[str, Built]:
    """All pages of each syntax, read once."""
    files: dict[str, dict[str, str | bytes]] = {syntax: {} for syntax in SYNTAXES}
    for case in CASES:
        files[case.syntax] |= {f'{case.folder}/{name}': text for name, text in case.files.items()}
    return {syntax: build_once(pages) for syntax, pages in files.items()}


def settings_of(case: Case, folder: Path) -> Settings:
    config = Config({}, {**CONF, **case.conf})
    for value in CONFIG_VALUES:
        config.add(value.name, value.default, value.rebuild, value.types)
    return Settings.from_config(config, folder)


def found(case: Case, graph: Graph, settings: RuleSettings) -> list[Place]:
    findings = run([rule for rule in RULES if rule.code in case.codes], graph, settings)
    return sorted((Path(f.location.path).stem, f.location.line, f.code) for f in findings if f.suppressed is None)


@pytest.mark.parametrize('case', CASES, ids=lambda case: f'{case.code}-{case.name}-{case.syntax}')
def test_an_example_gives_what_is_marked_in_it(case: Case, read: Mapping[str, Built], tmp_path: Path) -> None:
    built = read[case.syntax]
    notes = [note for docname, note in built.notes.items() if docname.startswith(f'{case.folder}/')]
    settings = settings_of(case, built.srcdir / case.folder)
    requirements = {each.id: each for each in case.requirements(settings.requirement_types)}
    graph = relate(notes, settings.naming.with_requirements(requirements), settings.releases)
    told = replace(settings.rules, link_history=history_of(case, graph, built, tmp_path))
    assert found(case, graph, told) == list(case.expected), case.title


def history_of(case: Case, graph: Graph, built: Built, folder: Path) -> LinkHistory:
    """Commit what the case says, a commit a month, and ask for its history."""
    if len(case.commits) == 1:
        return LinkHistory()
    repository = TestRepository(folder)
    for month, files in enumerate(case.commits, 1):
        repository.commit(f'2026-{month:02}-01', {f'{case.folder}/{name}': text for name, text in files.items()})
    with docutils_namespace():  # pages are read within a build, which cleans up what it registered
        return link_history(graph, folder, partial(read_pages, built.app.config, built.srcdir))


@pytest.mark.parametrize('code', tables())
def test_examples_say_what_they_are(code: str) -> None:
    mine = [case for case in CASES if case.code == code]
    names: dict[str, set[str]] = defaultdict(set)
    for case in mine:
        sort = case.name.rpartition('-')[0]
        names[sort].add(case.name)
        assert (code in {place[2] for place in case.expected}) == (sort == 'fails'), case.name
    assert len(names['fails']) >= 2
    assert len(names['passes']) >= 2
    assert names['near-misses']
    plain = {case.name for case in mine if case.syntax == 'plain'}
    for sort in names:
        for number, raw in enumerate(tables()[code][sort], 1):
            assert (f'{sort}-{number}' in plain) != bool(raw.get('no-plain')), 'plain text, or why there is none'


def test_every_rule_has_examples() -> None:
    assert set(tables()) == {rule.code for rule in RULES} - {'DN990'}  # no text makes a rule crash
