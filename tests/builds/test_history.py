"""Old pages are read in the middle of a build, and the build does not notice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import BuildProject
from tests.repository import TestRepository

API = """\
Entwurf: Orders
===============

.. design-note::
   :status: accepted

.. entity:: orders
   :change: new

   .. field:: state: text

.. dn:risk:: Too many orders
   :id: flood
   :likelihood: low
"""
TESTS = """\
Entwurf: Tests
==============

.. test-case:: The state is shown
   :verifies: orders.state, flood
"""
INDEX = 'Home\n====\n\n.. note:: Read on.\n\n.. no-such-directive::\n'
PROFILE = """\
extends = 'design-note'
title-prefixes = ['Entwurf:']
[severities]
OUR1 = 'info'
[sections.testing]
required = {since-release = '26.1'}
"""
RULE = """\
from sphinxcontrib_designnote.rules import Scope, Severity, rule

@rule('OUR1', 'ours', Severity.OFF, Scope.NOTE)
def ours(view):
    return ()
"""
CONF: dict[str, Any] = {
    'designnote_history': True,
    'designnote_profile': 'own.toml',
    'designnote_kinds': {'risk': {'options': {'likelihood': {'type': 'choice', 'values': ['low', 'high']}}}},
    'designnote_rules_extra': ['rules_of_history.ours'],
    'designnote_releases': {'26.1': '2026-03-10'},
    'language': 'de',
    'exclude_patterns': ['index2*'],
}
FILES = {'api.rst': API, 'tests.rst': TESTS, 'index.rst': INDEX, 'own.toml': PROFILE, 'rules_of_history.py': RULE}


@pytest.mark.parametrize('builder', ['designnote', 'html'])
def test_a_build_tells_what_has_changed_and_goes_on_as_before(build: BuildProject, builder: str) -> None:
    code = 'import sys; from pathlib import Path; sys.path.insert(0, str(Path(__file__).parent))'
    built = build(FILES, builder, conf={**CONF, 'code': code})
    plain = [warning for warning in built.warnings if 'no-such-directive' in warning]
    assert plain
    repository = TestRepository(built.root)
    repository.commit('2026-01-01')
    changed = API.replace('text', 'int').replace('low', 'high')
    repository.commit('2026-02-01', {'src/api.rst': changed})
    conf = {'designnote_check_in': ['designnote', 'html'], 'designnote_rules': {'DN207': 'warning'}}
    again = built.again({'index.rst': f'{INDEX}\nMore.\n'}, conf=conf)
    (found,) = [finding for finding in again.domain.findings if finding.code == 'DN207']
    places = [(at.path, at.line) for at in (found.location, *found.related)]
    assert places == [('tests.rst', 5), ('api.rst', 10), ('api.rst', 12)]
    assert again.warnings[-1].startswith('tests.rst:5: orders.state changed (type; commit ')
    assert ') (and 1 more that it names) after test ' in again.warnings[-1]
    assert [warning for warning in again.warnings if 'no-such-directive' in warning] == plain
    if builder == 'html':
        assert 'Bemerkung' in again.read('index.html')
    else:
        data = json.loads(again.read('designnote.json'))
        assert 'DN207' in {each['code'] for each in data['findings']}
