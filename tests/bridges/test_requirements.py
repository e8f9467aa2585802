"""Items implement needs of sphinx-needs, in this project and in another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sphinx.errors import ConfigError

from tests.bridges.conftest import needs_of
from tests.conftest import BuildProject

HOME = """\
Home
====

.. req:: Fast
   :id: REQ_FAST

   Answers in :np:`(p99) 50 ms`.

.. req:: Safe
   :id: REQ_SAFE

.. spec:: Queues
   :id: SPEC_QUEUES
"""


def jobs(implements: str) -> str:
    return f"""\
Design note: Jobs
=================

.. endpoint:: POST /jobs
   :id: start-job
   :change: new
   :implements: {implements}

.. test-case:: A job starts
   :id: job-starts
   :verifies: POST /jobs
"""


WANTED = {'designnote_requirement_types': ['req']}


def said_by(built: Any, *codes: str) -> list[str]:
    return [
        f'{finding.location.path}:{finding.location.line} {finding.code} {finding.message}'
        for finding in built.domain.findings
        if finding.code in codes
    ]


def test_an_item_implements_needs_and_links_to_them(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FAST, REQ_FAST.p99, SPEC_QUEUES')}, 'html')
    assert built.warnings == []
    page = built.read('jobs.html')
    for link in ('index.html#REQ_FAST', 'index.html#SPEC_QUEUES'):
        assert f'href="{link}"' in page
    found = needs_of(built)
    assert found['START_JOB']['implements'] == ['REQ_FAST', 'REQ_FAST.p99', 'SPEC_QUEUES']
    assert found['REQ_FAST']['implements_back'] == ['START_JOB']


def test_an_unknown_need_is_a_dangling_reference(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FATS')})
    assert built.warnings == [
        "jobs.rst:7: 'implements' names 'REQ_FATS', and no item or requirement has that name; did you mean 'REQ_FAST'? "
        '[designnote.DN201]'
    ]


def test_a_need_that_is_deleted_leaves_a_dangling_reference(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_SAFE')}, 'html')
    again = built.again({'index.rst': HOME.replace(':id: REQ_SAFE', ':id: REQ_SOUND')})
    assert [warning.rpartition(' ')[2] for warning in again.warnings] == ['[designnote.DN201]']
    assert '#REQ_SAFE' not in again.read('jobs.html')


def test_a_requirement_that_nothing_implements_is_reported_where_it_stands(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FAST')}, 'designnote', conf=WANTED)
    said = "index.rst:9 DN808 no item implements the requirement 'Safe'; write ':implements: REQ_SAFE' on one that does"
    assert said_by(built, 'DN201', 'DN808') == [said]
    assert [warning for warning in built.warnings if 'DN808' in warning] == [
        said.replace(' DN808', ':') + ' [designnote.DN808]'
    ]


def test_report_tables_and_data_show_requirement_item_and_test(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FAST')}, 'designnote', conf=WANTED)
    assert built.read('tables/requirements.csv').splitlines() == [
        'Requirement,Title,Type,Status,Implemented by,Tests,Notes,Source',
        'REQ_FAST,Fast,req,,POST /jobs,A job starts,Jobs,index.rst:4',
        'REQ_SAFE,Safe,req,,,,,index.rst:9',
    ]
    data = json.loads(built.read('designnote.json'))
    assert data['coverage']['requirement'] == {'total': 2, 'item': 1, 'test': 1}
    assert [requirement['id'] for requirement in data['requirements']] == ['REQ_FAST', 'REQ_SAFE']
    assert data['requirements'][0] == {
        'id': 'REQ_FAST', 'type': 'req', 'title': 'Fast', 'status': None, 'docname': 'index', 'url': None,
        'wanted': True,
    }  # fmt: skip
    report = built.read('index.html')
    assert 'id="table-requirements"' in report
    assert 'no item implements the requirement' in report


def test_a_page_shows_them_and_is_written_again_when_one_changes(needs: BuildProject) -> None:
    table = (
        'Table\n=====\n\n.. traceability-table:: requirements\n   :columns: Requirement, Title, Implemented by\n\n'
        '.. traceability-matrix:: requirement x test\n'
    )
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FAST'), 'table.rst': table}, 'html', conf=WANTED)
    assert 'Safe' in built.read('table.html')
    assert built.read('table.html').count('href="index.html#REQ_SAFE"') == 2
    again = built.again({'index.rst': HOME.replace('req:: Safe', 'req:: Sound')})
    assert 'Sound' in again.read('table.html')


EXTERNAL = {
    'current_version': '1',
    'project': 'Platform',
    'versions': {
        '1': {
            'needs': {
                'PLAT_1': {'id': 'PLAT_1', 'type': 'req', 'title': 'Is logged', 'docname': 'reqs'},
                'PLAT_2': {'id': 'PLAT_2', 'type': 'req', 'title': 'Is signed', 'docname': 'reqs'},
            },
            'needs_amount': 2,
        }
    },
}


def test_an_item_implements_a_need_of_another_project(needs: BuildProject) -> None:
    external = [{'base_url': 'https://docs.example.org/platform', 'json_path': 'platform.json'}]
    files = {'index.rst': 'Home\n====\n', 'jobs.rst': jobs('PLAT_1'), 'platform.json': json.dumps(EXTERNAL)}
    built = needs(files, 'html', conf={'needs_external_needs': external, **WANTED})
    assert built.warnings == []
    assert 'href="https://docs.example.org/platform/reqs.html#PLAT_1"' in built.read('jobs.html')
    # What another project requires is shown, and nobody is told to do something about it.
    assert said_by(built, 'DN201', 'DN808') == []
    table = built.again({'table.rst': 'Table\n=====\n\n.. traceability-table:: requirements\n'}).read('table.html')
    assert 'href="https://docs.example.org/platform/reqs.html#PLAT_2"' in table
    assert 'PLAT_2,Is signed,req' in built.again(builder='designnote').read('tables/requirements.csv')


def test_imported_requirements_are_the_projects_own(needs: BuildProject) -> None:
    home = 'Home\n====\n\n.. needimport:: platform.json\n'
    files = {'index.rst': home, 'jobs.rst': jobs('PLAT_1'), 'platform.json': json.dumps(EXTERNAL)}
    built = needs(files, 'dummy', conf=WANTED)
    assert built.warnings == []
    assert said_by(built, 'DN201', 'DN808') == [
        "index.rst:4 DN808 no item implements the requirement 'Is signed'; write ':implements: PLAT_2' on one that does"
    ]


def test_a_type_that_does_not_exist_is_a_mistake_in_conf_py(needs: BuildProject) -> None:
    with pytest.raises(ConfigError, match=r"designnote_requirement_types names 'rq', .* did you mean 'req'\?"):
        needs({'index.rst': HOME}, conf={'designnote_requirement_types': ['rq']})


def test_items_are_no_requirements(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': jobs('REQ_FAST')}, 'html')
    assert sorted(built.domain.graph.requirements) == ['REQ_FAST', 'REQ_FAST.p99', 'REQ_SAFE', 'SPEC_QUEUES']


def test_a_project_that_knows_no_needs_is_told_that_it_has_no_requirements(needs: BuildProject) -> None:
    ignored = 'designnote_requirement_types is ignored'
    without = {'extensions': ['sphinxcontrib_designnote']}
    assert needs({'index.rst': 'Home\n====\n'}, conf={**WANTED, **without}).warnings == [
        f'{ignored}: sphinx_needs is not among the extensions [designnote.needs]'
    ]
    assert needs({'index.rst': 'Home\n====\n'}, conf={**WANTED, 'designnote_needs': False}).warnings == [
        f'{ignored}: designnote_needs is False [designnote.needs]'
    ]
