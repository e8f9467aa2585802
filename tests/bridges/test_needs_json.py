"""A project without sphinx-needs writes ``needs.json``, and projects with it import that."""

from __future__ import annotations

import json

import pytest

from sphinxcontrib_designnote.model import needs as shape
from tests.bridges.conftest import needs_in, needs_of
from tests.conftest import BuildProject

JOBS = """\
Design note: Jobs
=================

.. design-note:: Jobs
   :status: accepted
   :components: worker

What changes
------------

.. endpoint:: POST /jobs
   :id: start-job
   :change: new
   :roles: admin, user
   :breaking: no

   Starts it.

.. test-case:: A job starts
   :id: job-starts
   :verifies: POST /jobs
"""


def test_the_builder_writes_every_note_and_item(build: BuildProject) -> None:
    built = build({'notes/jobs.rst': JOBS}, 'designnote', conf={'version': '1.2'})
    data = json.loads(built.read('needs.json'))
    assert (data['project'], data['current_version'], list(data['versions'])) == ('Serving', '1.2', ['1.2'])
    assert data['versions']['1.2']['needs_amount'] == 3
    assert data['versions']['1.2']['needs']['START_JOB'] == {
        'id': 'START_JOB', 'type': 'endpoint', 'title': 'POST /jobs', 'status': 'accepted',
        'tags': ['notes/jobs', 'worker'], 'content': 'Starts it.', 'docname': 'notes/jobs', 'lineno': 11,
        'sections': ['What changes', 'Design note: Jobs'], 'note': 'notes/jobs', 'method': 'POST', 'path': '/jobs',
        'roles': ['admin', 'user'], 'breaking': False, 'key': 'POST /jobs', 'change': 'new',
        'parent_needs': ['NOTES_JOBS'],
    }  # fmt: skip
    assert data['versions']['1.2']['needs']['JOB_STARTS']['verifies'] == ['START_JOB']


def test_two_builds_write_the_same(build: BuildProject) -> None:
    built = build({'notes/jobs.rst': JOBS}, 'designnote')
    assert built.again().read('needs.json') == built.read('needs.json')
    assert 'created' not in built.read('needs.json')


def test_it_is_not_written_where_items_are_no_needs(build: BuildProject) -> None:
    built = build({'notes/jobs.rst': JOBS}, 'designnote', conf={'designnote_needs': False})
    assert not (built.outdir / 'needs.json').exists()


def test_pages_have_the_anchors_that_it_leads_to(build: BuildProject) -> None:
    built = build({'index.rst': 'Home\n====\n', 'jobs.rst': JOBS}, 'html')
    for id_ in ('ITEM_JOBS', 'START_JOB', 'JOB_STARTS'):
        assert built.read('jobs.html').count(f'id="{id_}"') == 1
    off = build({'jobs.rst': JOBS}, 'html', conf={'designnote_needs': False})
    assert 'START_JOB' not in off.read('jobs.html')


def test_the_reader_of_the_exchange_format_has_nothing_to_say(build: BuildProject) -> None:
    exchange = pytest.importorskip('ub_needs_exchange')
    built = build({'notes/jobs.rst': JOBS}, 'designnote')
    version = exchange.load(built.outdir / 'needs.json').select_version(None)
    records = version.records()
    assert (version.diagnostics, [record.diagnostics for record in records]) == ((), [()] * 3)
    assert {record.key: record.fields['title'] for record in records} == {
        'NOTES_JOBS': 'Jobs', 'START_JOB': 'POST /jobs', 'JOB_STARTS': 'A job starts',
    }  # fmt: skip


def test_sphinx_needs_finds_its_structure_right(build: BuildProject) -> None:
    needsfile = pytest.importorskip('sphinx_needs.needsfile')
    built = build({'notes/jobs.rst': JOBS}, 'designnote')
    assert needsfile.check_needs_file(str(built.outdir / 'needs.json')).schema == []


#: What a project that knows nothing of design notes declares to import them.
PLAIN_PROJECT: dict[str, object] = {
    'extensions': ['sphinx_needs'],
    'needs_types': [
        {'directive': kind, 'title': kind, 'prefix': ''} for kind in ('design-note', 'endpoint', 'test-case')
    ],
    'needs_fields': {
        name: {'schema': {'type': 'string'}, 'nullable': True} for name in ('note', 'method', 'path', 'key', 'change')
    }
    | {
        'roles': {'schema': {'type': 'array', 'items': {'type': 'string'}}, 'nullable': True},
        'components': {'schema': {'type': 'array', 'items': {'type': 'string'}}, 'nullable': True},
        'breaking': {'schema': {'type': 'boolean'}, 'nullable': True},
    },
    'needs_links': {'verifies': {'outgoing': 'verifies', 'incoming': 'verified by'}},
}


@pytest.mark.parametrize('project', [{}, PLAIN_PROJECT], ids=['with design notes', 'without'])
@pytest.mark.parametrize('how', ['needimport', 'external needs'])
def test_another_project_imports_it(
    build: BuildProject, needs: BuildProject, project: dict[str, object], how: str
) -> None:
    written = build({'notes/jobs.rst': JOBS}, 'designnote').outdir / 'needs.json'
    home = 'Home\n====\n\n.. needtable::\n   :columns: id, title, verifies_back\n\n:need:`START_JOB`\n'
    conf = dict(project)
    if how == 'needimport':
        home += '\n.. needimport:: theirs.json\n'
    else:
        conf['needs_external_needs'] = [{'base_url': 'https://docs.example.org/', 'json_path': 'theirs.json'}]
    built = needs({'index.rst': home, 'theirs.json': written.read_text('utf-8')}, 'html', conf=conf)
    assert built.warnings == []
    if how == 'needimport':
        found = needs_of(built)
        assert found['START_JOB']['verifies_back'] == ['JOB_STARTS']
        assert (found['START_JOB']['roles'], found['NOTES_JOBS']['components']) == (['admin', 'user'], ['worker'])
    else:
        assert 'href="https://docs.example.org/notes/jobs.html#START_JOB"' in built.read('index.html')


def test_it_says_the_same_as_sphinx_needs_would(build: BuildProject, needs: BuildProject) -> None:
    ours = needs_in(build({'notes/jobs.rst': JOBS}, 'designnote').read('needs.json'))
    theirs = needs_of(needs({'notes/jobs.rst': JOBS}, 'designnote'))
    assert {id_: {name: theirs[id_].get(name) for name in need} for id_, need in ours.items()} == ours


def test_the_names_that_no_field_may_take_are_those_of_sphinx_needs() -> None:
    data = pytest.importorskip('sphinx_needs.data')
    assert set(data.NeedsCoreFields) - shape._CORE == set()
