"""Sphinx's own ways with warnings work on findings as its users expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.cmd.build import main as sphinx_build

from sphinxcontrib_designnote.rules.catalogue import RULES

if TYPE_CHECKING:
    from tests.conftest import BuildProject

ONLY = {'DN105', 'DN601', 'DN602', 'DN990'}
OFF = {rule.code: 'off' for rule in RULES if rule.code not in ONLY}
#: An error and a warning.
WRONG = '.. endpoint:: POST\n\n.. feature-flag:: f\n   :change: new\n   :owner: us\n'
MENDED = WRONG.replace('POST', 'POST /x').replace('   :owner', '   :default: off\n   :owner')


def source(tmp_path: Path, text: str, conf: str = '') -> list[str]:
    """Write a project; return the arguments that build it afresh."""
    folder = tmp_path / 'src'
    folder.mkdir(exist_ok=True)
    (folder / 'conf.py').write_text(
        f"extensions = ['sphinxcontrib_designnote']\ndesignnote_rules = {OFF}\n{conf}\n", 'utf-8'
    )
    (folder / 'index.rst').write_text(text, 'utf-8')
    return ['-q', '-E', '-b', 'designnote', str(folder), str(tmp_path / 'out')]


@pytest.mark.parametrize('fail_on', ['error', 'warning', 'never'])
def test_warnings_as_errors_fail_a_build_until_it_is_mended(tmp_path: Path, fail_on: str) -> None:
    conf = f'designnote_fail_on = {fail_on!r}'
    assert sphinx_build([*source(tmp_path, WRONG, conf), '-W', '--keep-going']) == 1
    assert sphinx_build([*source(tmp_path, MENDED, conf), '-W', '--keep-going']) == 0
    assert sphinx_build(source(tmp_path, WRONG, conf)) == (fail_on != 'never')


def test_infos_fail_nothing(tmp_path: Path) -> None:
    page = MENDED.replace('   :owner: us\n', '')
    assert sphinx_build([*source(tmp_path, page, 'designnote_fail_on = "warning"'), '-W']) == 0
    found = json.loads((tmp_path / 'out/designnote.json').read_text('utf-8'))['findings']
    assert {each['severity'] for each in found} == {'info'}


def test_what_is_suppressed_on_the_console_stands_in_every_file(build: BuildProject) -> None:
    conf = {'designnote_rules': OFF}
    spoken = build(WRONG, 'designnote', conf=conf)
    quiet = build(WRONG, 'designnote', conf={**conf, 'suppress_warnings': ['designnote.DN105', 'designnote.DN601']})
    assert [warning.rpartition('[designnote.')[2] for warning in spoken.warnings] == ['DN105]', 'DN601]']
    assert quiet.warnings == []
    for name in ('designnote.json', 'findings.sarif', 'findings.junit.xml'):
        assert quiet.read(name) == spoken.read(name)
        assert 'DN601' in quiet.read(name)
    assert quiet.app.statuscode == 1


def test_what_is_suppressed_is_no_error_of_sphinx(tmp_path: Path) -> None:
    conf = 'suppress_warnings = ["designnote.DN601"]'
    page = WRONG.replace('POST', 'POST /x')
    assert sphinx_build([*source(tmp_path, page), '-W']) == 1
    assert sphinx_build([*source(tmp_path, page, conf), '-W']) == 0


def test_paths_in_the_files_start_at_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / '.git').mkdir()
    sphinx_build(source(tmp_path, WRONG))
    (run,) = json.loads((tmp_path / 'out/findings.sarif').read_text('utf-8'))['runs']
    places = [result['locations'][0]['physicalLocation']['artifactLocation']['uri'] for result in run['results']]
    assert set(places) == {'src/index.rst'}
    assert 'file="src/index.rst"' in (tmp_path / 'out/findings.junit.xml').read_text('utf-8')
