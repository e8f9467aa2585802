"""With sphinx-needs every note and item is a need, and what sphinx-needs offers works on them."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sphinx.errors import ConfigError

from sphinxcontrib_designnote import extension
from tests.bridges.conftest import WITH_NEEDS, needs_of
from tests.conftest import BuildProject, Built

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
   :flag: jobs
   :breaking: no

   Starts a *job*.

.. feature-flag:: jobs
   :id: jobs-flag
   :default: off
   :remove-by: 2027-01-01

.. test-case:: POST /jobs starts a job
   :id: job-starts
   :verifies: POST /jobs
"""
PLAIN = """\
# Design note: Lists

## New Endpoints

- `GET /jobs` - lists them
"""


EXAMPLES = Path(__file__).parents[2] / 'docs/examples'


def page(*lines: str, title: str = 'Home') -> str:
    return '\n'.join([title, '=' * len(title), '', *lines, ''])


def shown(built: Built, name: str = 'index') -> str:
    """Text of a page, markup dropped."""
    return re.sub(r'\s+', ' ', re.sub(r'<[^>]*>', ' ', built.read(f'{name}.html').partition('<div class="body"')[2]))


def test_every_note_and_item_is_a_need(needs: BuildProject) -> None:
    built = needs({'jobs.rst': JOBS, 'lists.md': PLAIN})
    assert built.warnings == []
    assert {id_: (need['type'], need['title'], need.get('status')) for id_, need in needs_of(built).items()} == {
        'ITEM_JOBS': ('design-note', 'Jobs', 'accepted'),
        'START_JOB': ('endpoint', 'POST /jobs', 'accepted'),
        'JOBS_FLAG': ('feature-flag', 'jobs', 'accepted'),
        'JOB_STARTS': ('test-case', 'POST /jobs starts a job', 'accepted'),
        'LISTS': ('design-note', 'Lists', None),
        'LISTS_ENDPOINT_GET_JOBS_NEW': ('endpoint', 'GET /jobs', None),
    }


def test_a_need_has_fields_links_backlinks_and_its_place(needs: BuildProject) -> None:
    need = needs_of(needs({'jobs.rst': JOBS}))['START_JOB']
    ours = {
        'method': 'POST', 'path': '/jobs', 'key': 'POST /jobs', 'change': 'new', 'note': 'jobs',
        'roles': ['admin', 'user'], 'tags': ['jobs', 'worker'], 'content': 'Starts a job.', 'docname': 'jobs',
        'lineno': 11, 'sections': ['What changes', 'Design note: Jobs'], 'type_name': 'Endpoint',
        'parent_needs': ['ITEM_JOBS'], 'gates_back': ['JOBS_FLAG'], 'verifies_back': ['JOB_STARTS'],
    }  # fmt: skip
    assert {name: need.get(name) for name in ours} == ours


def test_a_plain_note_tells_its_sections_and_its_markup(needs: BuildProject) -> None:
    found = needs_of(needs({'lists.md': PLAIN}))['LISTS_ENDPOINT_GET_JOBS_NEW']
    assert (found['sections'], found.get('doctype', '.md')) == (['New Endpoints', 'Design note: Lists'], '.md')


@pytest.mark.parametrize('order', [WITH_NEEDS, WITH_NEEDS[::-1]], ids=['needs first', 'needs last'])
def test_the_order_of_extensions_does_not_matter(needs: BuildProject, order: tuple[str, ...]) -> None:
    built = needs({'jobs.rst': JOBS}, conf={'extensions': [*order]})
    assert built.warnings == []
    assert len(needs_of(built)) == 4
    assert [item.kind for item in built.items()] == ['endpoint', 'feature-flag', 'test-case']


def test_the_bridge_can_be_turned_off(needs: BuildProject) -> None:
    built = needs({'jobs.rst': JOBS}, conf={'designnote_needs': False})
    assert (built.warnings, needs_of(built)) == ([], {})
    assert len(built.items()) == 3


def test_a_kind_of_the_project_is_a_type_with_its_fields_and_links(needs: BuildProject) -> None:
    kinds = {'risk': {'label': 'Risk', 'options': {'impact': {}, 'from': {}, 'threatens': {'link': 'threatens'}}}}
    text = JOBS + '\n.. risk:: It floods\n   :id: flood\n   :impact: high\n   :from: ops\n   :threatens: POST /jobs\n'
    built = needs({'jobs.rst': text}, conf={'designnote_kinds': kinds})
    assert built.warnings == []
    need = needs_of(built)['FLOOD']
    assert (need['type'], need['type_name'], need['impact'], need['dn_from'], need['threatens']) == (
        'risk', 'Risk', 'high', 'ops', ['START_JOB'],
    )  # fmt: skip


def test_types_can_be_renamed_and_kinds_left_out(needs: BuildProject) -> None:
    types = {'test-case': 'test', 'endpoint': 'api', 'feature-flag': None, 'design-note': None}
    built = needs({'jobs.rst': JOBS}, conf={'designnote_needs_types': types})
    assert built.warnings == []
    # sphinx-needs has a type `test` of its own, whose ids begin with T_.
    assert {id_: need['type_name'] for id_, need in needs_of(built).items()} == {
        'START_JOB': 'Endpoint', 'T_JOB_STARTS': 'Test Case',
    }  # fmt: skip


OWN_TYPE = [{'directive': 'endpoint', 'title': 'API', 'prefix': 'API_', 'color': '#abcdef', 'style': 'node'}]


def test_a_type_of_the_same_name_stays_the_projects_own(needs: BuildProject) -> None:
    text = JOBS.replace('.. endpoint::', '.. dn:endpoint::')
    native = page('.. endpoint:: Written by hand', '   :id: API_HAND', '')
    built = needs({'jobs.rst': text, 'index.rst': native}, conf={'needs_types': OWN_TYPE})
    assert built.warnings == []
    found = needs_of(built)
    assert {id_: need['type_name'] for id_, need in found.items() if need['type'] == 'endpoint'} == {
        'API_HAND': 'API', 'API_START_JOB': 'API',
    }  # fmt: skip
    assert built.domain.graph.items['start-job'].kind == 'endpoint'


def test_the_project_may_configure_sphinx_needs_in_toml(needs: BuildProject) -> None:
    toml = """
[[needs.types]]
directive = "req"
title = "Requirement"
prefix = "R_"

[needs.fields.owner]
description = "Who owns it."
schema.type = "string"

[needs.links.implements]
outgoing = "realises"
incoming = "is realised by"
"""
    text = JOBS.replace(':flag: jobs', ':flag: jobs\n   :implements: R_FAST')
    home = page('.. req:: Fast', '   :id: R_FAST', '')
    files = {'jobs.rst': text, 'index.rst': home, 'ubproject.toml': toml}
    built = needs(files, conf={'needs_from_toml': 'ubproject.toml'})
    assert built.warnings == []
    found = needs_of(built)
    assert found['START_JOB']['implements'] == ['R_FAST']
    assert found['R_FAST']['implements_back'] == ['START_JOB']


def test_fields_and_links_of_the_same_name_are_the_projects_own(needs: BuildProject) -> None:
    conf = {
        'needs_fields': {
            'roles': {'schema': {'type': 'string'}, 'nullable': True},
            'gates': {'schema': {'type': 'string'}, 'nullable': True},
        },
        'needs_links': {'change': {'outgoing': 'changes', 'incoming': 'changed by'}},
    }
    built = needs({'jobs.rst': JOBS}, conf=conf)
    cannot = 'cannot hold what items say, as the project declares it for its needs; items have'
    assert built.warnings == [
        f"'change' {cannot} 'dn_change' instead [designnote.needs]",
        f"'gates' {cannot} 'dn_gates' instead [designnote.needs]",
    ]
    found = needs_of(built)
    assert (found['START_JOB']['roles'], found['START_JOB']['dn_change']) == ('admin, user', 'new')
    assert found['JOBS_FLAG']['dn_gates'] == ['START_JOB']


def test_a_directive_of_another_extension_stays_and_nothing_is_registered_for_a_type(needs: BuildProject) -> None:
    code = """
from docutils.parsers.rst import Directive, nodes


class Mine(Directive):
    def run(self):
        return [nodes.paragraph('', 'Mine.')]


def setup(app):
    app.add_directive('alternative', Mine)
"""
    text = page('.. alternative::', '') + '\n' + JOBS.replace('.. endpoint::', '.. dn:endpoint::')
    conf = {'code': code, 'designnote_global_directives': False}
    built = needs(
        {'jobs.rst': text.replace('.. feature-flag::', '.. dn:feature-flag::'), 'index.rst': page('.. endpoint:: x')},
        'text',
        conf=conf,
    )
    assert 'Mine.' in built.read('jobs.txt')
    assert [w.partition(' [')[0].partition('\n')[0] for w in built.warnings if 'index.rst' in w] == [
        'index.rst:4: Unknown directive type "endpoint".'
    ]


HOME = page(
    '.. toctree::', '', '   jobs', '',
    '.. needtable::', '   :types: endpoint; feature-flag; test-case', '   :columns: id, title, status, roles, gates',
    '',
    '.. needlist::', '   :filter: type == "test-case" and "START_JOB" in verifies', '',
    ':need:`START_JOB` and :need_count:`type == "endpoint" and "admin" in roles` counted.', '',
)  # fmt: skip


def test_tables_lists_and_references_lead_to_our_items(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': JOBS}, 'html')
    assert built.warnings == []
    home = built.read('index.html')
    assert 'href="jobs.html#START_JOB"' in home
    assert 'href="jobs.html#JOB_STARTS"' in home
    assert '1 counted.' in shown(built)
    jobs = built.read('jobs.html')
    for id_ in ('ITEM_JOBS', 'START_JOB', 'JOBS_FLAG', 'JOB_STARTS'):
        assert jobs.count(f'id="{id_}"') == 1, id_


@pytest.mark.parametrize(
    ('builder', 'file'), [('html', 'lists.html'), ('dirhtml', 'lists/index.html'), ('singlehtml', 'index.html')]
)
def test_plain_items_have_their_anchor_on_every_html_page(needs: BuildProject, builder: str, file: str) -> None:
    home = page('.. toctree::', '', '   lists', '')
    built = needs({'index.rst': home, 'lists.md': PLAIN}, builder)
    assert built.warnings == []
    assert built.read(file).count('id="LISTS_ENDPOINT_GET_JOBS_NEW"') == 1
    assert built.read(file).count('id="LISTS"') == 1


@pytest.mark.parametrize('builder', ['latex', 'text', 'man', 'texinfo', 'epub', 'xml', 'gettext', 'pseudoxml'])
def test_every_builder_takes_it(needs: BuildProject, builder: str) -> None:
    home = HOME.replace('   jobs', '   jobs\n   lists')
    # With gettext sphinx-needs cannot write its file.
    conf = {'needs_build_json': builder != 'gettext'}
    built = needs({'index.rst': home, 'jobs.rst': JOBS, 'lists.md': PLAIN}, builder, conf=conf)
    # What epub says is about the files of sphinx-needs and about our missing metadata.
    assert [warning for warning in built.warnings if builder != 'epub'] == []
    assert builder == 'gettext' or 'START_JOB' in needs_of(built)


def test_our_builder_leaves_the_file_to_sphinx_needs(needs: BuildProject) -> None:
    built = needs({'jobs.rst': JOBS}, 'designnote')
    assert needs_of(built)['START_JOB']['verifies_back'] == ['JOB_STARTS']
    assert not (
        needs({'jobs.rst': JOBS}, 'designnote', conf={'needs_build_json': False}).outdir / 'needs.json'
    ).exists()


def test_links_in_latex_find_their_label(needs: BuildProject) -> None:
    built = needs({'index.rst': HOME, 'jobs.rst': JOBS}, 'latex')
    tex = ''.join(path.read_text('utf-8') for path in built.outdir.glob('*.tex'))
    assert r'\label{\detokenize{jobs:START_JOB}}' in tex


def test_filters_know_types_fields_and_links(needs: BuildProject) -> None:
    filters = {
        'type == "feature-flag" and remove_by == "2027-01-01"': 1,
        '"What changes" in sections and is_need': 3,
        'status == "accepted" and "worker" in tags': 4,
        'breaking is False': 1,
        'note == "jobs" and change == "new"': 2,
        '"JOBS_FLAG" in gates_back': 1,
        'dn_type': 0,
    }
    home = page(*(f':need_count:`{text}`\\;' for text in filters), '')
    built = needs({'index.rst': home, 'jobs.rst': JOBS}, 'html')
    assert built.warnings == []
    counted = re.findall(r'(\d+);', html.unescape(shown(built)))
    assert counted == [str(number) for number in filters.values()]


@pytest.mark.parametrize('engine', ['plantuml', 'graphviz'])
def test_a_flow_shows_them_and_their_links(needs: BuildProject, engine: str) -> None:
    pytest.importorskip('sphinxcontrib.plantuml')
    home = page(
        '.. needflow::',
        '   :types: endpoint, feature-flag, test-case',
        '   :link_types: gates, verifies',
        '   :debug:',
        '',
    )
    conf = {
        'extensions': [*WITH_NEEDS, 'sphinxcontrib.plantuml', 'sphinx.ext.graphviz'],
        'needs_flow_engine': engine,
        'plantuml': 'true',
        'graphviz_dot': 'true',
    }
    text = needs({'index.rst': home, 'jobs.rst': JOBS}, 'html', conf=conf).read('index.html')
    for id_ in ('START_JOB', 'JOBS_FLAG', 'JOB_STARTS'):
        assert id_ in text
    edges = re.findall(
        r'(JOBS_FLAG|JOB_STARTS)(?:"|&quot;)? -[^ ]* (?:"|&quot;)?START_JOB', re.sub(r'<[^>]*>', '', text)
    )
    assert sorted(set(edges)) == ['JOBS_FLAG', 'JOB_STARTS']


def test_a_pie_counts_them(needs: BuildProject) -> None:
    pytest.importorskip('matplotlib')
    home = page(
        '.. needpie:: Kinds', '   :labels: endpoints, tests', '', '   type == "endpoint"', '   type == "test-case"', ''
    )
    built = needs({'index.rst': home, 'jobs.rst': JOBS}, 'html')
    assert built.warnings == []
    assert 'need_pie' in built.read('index.html')


def test_needextend_changes_fields_and_no_record(needs: BuildProject) -> None:
    home = page('.. needextend:: START_JOB', '   :status: built', '   :+tags: extended', '')
    built = needs({'index.rst': home, 'jobs.rst': JOBS})
    assert built.warnings == []
    need = needs_of(built)['START_JOB']
    assert (need['status'], need['tags'], need['is_modified']) == ('built', ['jobs', 'worker', 'extended'], True)
    assert built.domain.graph.note_of(built.domain.graph.items['start-job']).status == 'accepted'


def test_warnings_constraints_and_schemas_see_them(needs: BuildProject) -> None:
    conf: Mapping[str, Any] = {
        'needs_warnings': {'flag_without_owner': 'type == "feature-flag" and not owner'},
        # Of each flag and endpoint, without an author's saying so.
        'needs_fields': {
            'constraints': {'predicates': [('type in ["endpoint", "feature-flag"]', ['tested'])]},
        },
        'needs_constraints': {'tested': {'check_0': 'len(verifies_back) > 0', 'severity': 'LOW'}},
        'needs_constraint_failed_options': {'LOW': {'on_fail': ['warn'], 'style': [], 'force_style': False}},
        'needs_schema_definitions': {
            'schemas': [
                {
                    'id': 'endpoint-purpose',
                    'select': {'properties': {'type': {'const': 'endpoint'}}},
                    'validate': {'local': {'required': ['purpose']}},
                }
            ]
        },
    }
    built = needs({'jobs.rst': JOBS}, conf=conf)
    kinds = sorted(set(re.findall(r'\[((?:needs|sn_schema)[\w.]*)\]', '\n'.join(built.warnings))))
    assert kinds == ['needs.constraint', 'needs.warnings', 'sn_schema_violation.local_fail']
    assert needs_of(built)['START_JOB'].get('constraints_passed', True)
    assert 'constraints_passed' not in needs_of(built)['JOBS_FLAG']


def test_the_needs_builder_writes_them(needs: BuildProject) -> None:
    built = needs({'jobs.rst': JOBS}, 'needs', conf={'needs_build_json': False})
    assert built.warnings == []
    assert 'START_JOB' in needs_of(built)


def test_nothing_that_an_author_writes_is_run(needs: BuildProject) -> None:
    text = JOBS.replace('starts a job', '[[copy("id")]] <<x:y>> {{ 1 + 1 }}').replace(
        ':roles: admin, user', ':roles: [[copy("id")]], <<a:b>>\n   :purpose: [[copy("id")]]\n   :auth: <{project.x}>'
    )
    built = needs({'jobs.rst': text}, 'html')
    assert built.warnings == []
    found = needs_of(built)
    assert found['JOB_STARTS']['title'] == 'POST /jobs [[copy("id")]] <<x:y>> {{ 1 + 1 }}'
    assert (found['START_JOB']['roles'], found['START_JOB']['purpose']) == (
        ['[[copy("id")]]', '<<a:b>>'],
        '[[copy("id")]]',
    )
    assert found['START_JOB']['auth'] == '<{project.x}>'


def test_what_an_author_writes_is_text_in_a_table(needs: BuildProject) -> None:
    text = JOBS.replace('starts a job', '<script>alert(1)</script> **b** `c`')
    home = page('.. needtable::', '   :columns: id, title, content', '', '.. needlist::', '')
    built = needs({'index.rst': home, 'jobs.rst': text}, 'html')
    assert '<script>alert' not in built.read('index.html')


def test_an_id_that_a_need_has_is_reported_and_the_need_stays(needs: BuildProject) -> None:
    home = page('.. req:: By hand', '   :id: START_JOB', '')
    built = needs({'index.rst': home, 'jobs.rst': JOBS})
    assert built.warnings == [
        "jobs.rst:11: the item would be the need 'START_JOB', which 'index' has already; give one of them another id "
        '[designnote.needs]'
    ]
    assert needs_of(built)['START_JOB']['title'] == 'By hand'


def test_ids_that_the_project_does_not_accept_are_reported_with_the_pattern(needs: BuildProject) -> None:
    built = needs({'jobs.rst': JOBS}, conf={'needs_id_regex': '^[A-Z]+_[0-9]+$'})
    accepts = "its id does not match needs_id_regex ('^[A-Z]+_[0-9]+$'), which has to accept it (and 1 more)"
    assert sorted(built.warnings) == sorted(
        f"jobs.rst:{line}: sphinx-needs refuses the item '{id_}': {accepts} [designnote.needs]"
        for line, id_ in ((4, 'ITEM_JOBS'), (11, 'START_JOB'), (20, 'JOBS_FLAG'))
    )
    assert needs_of(built) == {}


@pytest.mark.parametrize('version', ['7.0.0', '10.1.0'])
def test_another_version_is_one_clear_error(needs: BuildProject, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    original = extension.bridge_to_needs

    def with_version(app: Any, config: Any) -> None:
        app.extensions['sphinx_needs'].version = version
        original(app, config)

    monkeypatch.setattr(extension, 'bridge_to_needs', with_version)
    with pytest.raises(ConfigError) as error:
        needs({'jobs.rst': JOBS})
    assert str(error.value) == (
        f"sphinx-needs is {version}; items are needs with sphinx-needs 8 and 9 ('sphinx-needs>=8,<10'), or with none: "
        'set designnote_needs = False'
    )
    assert needs({'jobs.rst': JOBS}, conf={'designnote_needs': False}).warnings == []


@pytest.mark.parametrize('example', ['orders-service', 'quick-deploy-myst'])
def test_a_need_is_what_sphinx_needs_itself_would_make_of_it(
    needs: BuildProject, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    pytest.importorskip('sphinx_needs')
    from sphinxcontrib_designnote.bridges import needs as bridge

    files = {
        path.relative_to(EXAMPLES / example).as_posix(): path.read_text('utf-8')
        for path in (EXAMPLES / example).rglob('*')
        if path.suffix in {'.rst', '.md'}
    }
    fields = {
        'owner': {'schema': {'type': 'string'}, 'default': 'nobody'},
        'seen_by': {'schema': {'type': 'array', 'items': {'type': 'string'}}, 'default': ['all']},
    }
    made = needs_made(needs(files, conf={'needs_fields': fields}))
    monkeypatch.setattr(bridge._MakesNeeds, '_is_plain', lambda self, empty: False)
    assert made == needs_made(needs(files, conf={'needs_fields': fields}))
    assert len({need['type'] for need in made.values()}) > 10


@pytest.mark.skipif(shutil.which('dot') is None, reason='needs Graphviz')
def test_the_example_service_has_a_page_of_sphinx_needs(needs: BuildProject) -> None:
    root = EXAMPLES / 'orders-service'
    files = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob('*') if p.suffix in {'.rst', '.md'}}
    code = files.pop('README.md') and (root / 'conf.py').read_text('utf-8')
    built = needs(files, 'html', conf={'code': code, 'needs_build_json': True}, tags=['needs'])
    assert built.warnings == []
    page_of_needs = shown(built, 'traceability-needs')
    found = needs_of(built)
    endpoints = [need for need in found.values() if need['type'] == 'endpoint' and need['status'] != 'rejected']
    assert len(endpoints) == 11
    assert [need['title'] for need in endpoints if need['title'] not in page_of_needs] == []
    assert 'Of 7 new endpoints 6 have a test, and 0 flags have no date to go.' in page_of_needs


def needs_made(built: Built) -> dict[str, dict[str, Any]]:
    from sphinx_needs.data import SphinxNeedsData

    return {id_: dict(need.items()) for id_, need in SphinxNeedsData(built.app.env).get_needs_view().items()}


def test_needs_share_no_list(needs: BuildProject) -> None:
    text = JOBS.replace('   :roles: admin, user\n', '') + '\n.. endpoint:: GET /jobs\n   :id: list-jobs\n'
    made = needs_made(needs({'jobs.rst': text}))
    assert made['START_JOB']['roles'] == made['LIST_JOBS']['roles'] == []
    assert made['START_JOB']['roles'] is not made['LIST_JOBS']['roles']


@pytest.mark.parametrize(
    'conf',
    [
        {'needs_fields': {'status': {'predicates': [('type == "test-case"', 'planned')]}}},
        {
            'needs_fields': {
                'seen': {'schema': {'type': 'string'}, 'default': '[[copy("id")]]', 'parse_dynamic_functions': True}
            }
        },
    ],
    ids=['predicates', 'functions'],
)  # fmt: skip
def test_defaults_of_the_project_hold_for_items_whatever_they_depend_on(
    needs: BuildProject, conf: Mapping[str, object]
) -> None:
    built = needs({'jobs.rst': JOBS.replace('   :status: accepted\n', '')}, conf=conf)
    assert built.warnings == []
    need = needs_of(built)['JOB_STARTS']
    assert (need.get('status'), need.get('seen')) in {('planned', None), (None, 'JOB_STARTS')}


def test_needextract_of_an_item_is_no_crash(needs: BuildProject) -> None:
    home = page('.. needextract::', '   :types: endpoint', '')
    built = needs({'index.rst': home, 'jobs.rst': JOBS}, 'html')
    assert 'START_JOB' in needs_of(built)
