"""The examples that the documentation shows, and what the issue tracker promised of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from sphinxcontrib_designnote.model.schema import builtin_vocabulary
from sphinxcontrib_designnote.outputs.export import schema

EXAMPLES = Path(__file__).parents[2] / 'docs' / 'examples'
AUTO_CONFIG = 'POST /api/v1/serving/auto-config'
DEPLOY = 'POST /api/v1/serving/deploy'
FLAG = 'quick_deploy_enabled'
#: What an attentive reviewer says of the template's own example: code and severity, nothing else.
REVIEW = [
    ('DN407', 'info'),
    ('DN410', 'warning'),
    ('DN602', 'info'),
    ('DN603', 'info'),
    ('DN607', 'warning'),
    ('DN703', 'info'),
]


def files_of(name: str) -> dict[str, bytes]:
    root = EXAMPLES / name
    return {
        str(p.relative_to(root)): p.read_bytes() for p in root.rglob('*') if p.is_file() and '_build' not in p.parts
    }


def build_example(build: Any, name: str, builder: str = 'designnote', **changed: str) -> Any:
    files = files_of(name)
    conf = files.pop('conf.py').decode()
    files.pop('README.md', None)
    return build({**files, **changed}, builder, conf={'code': conf, 'designnote_today': '2026-06-01'})


def export_of(built: Any) -> dict[str, Any]:
    return json.loads(built.read('designnote.json'))


def comparable(data: dict[str, Any]) -> dict[str, Any]:
    """Items, links and findings without what differs between two ways of writing: places, and who read them."""
    where = {'path', 'line', 'related', 'docname', 'fingerprint', 'origin'}
    return {
        part: [{k: v for k, v in record.items() if k not in where} for record in data[part]]
        for part in ('items', 'links', 'subjects', 'findings')
    }


#: The example of the template, each time the same note.
WITH_DIRECTIVES = ('quick-deploy-rst', 'quick-deploy-myst')
PLAIN = ('quick-deploy-plain-md', 'quick-deploy-plain-rst')


@pytest.fixture(params=[*WITH_DIRECTIVES, *PLAIN])
def quick_deploy(request: pytest.FixtureRequest, build: Any) -> dict[str, Any]:
    return export_of(build_example(build, request.param))


def links_of(data: dict[str, Any], link_type: str) -> set[tuple[str, str]]:
    names = {item['id']: item['key'] for item in data['items']}
    assert all(link['resolved'] for link in data['links'])
    return {(names[x['source']], names[x['target']]) for x in data['links'] if x['type'] == link_type}


def test_the_example_has_the_items_of_the_template(quick_deploy: dict[str, Any]) -> None:
    items = quick_deploy['items']
    kinds = Counter(item['kind'] for item in items)
    assert kinds['endpoint'] == 2
    assert [(i['key'], i['change']) for i in items if i['kind'] == 'entity'] == [('Deployment', 'modified')]
    columns = [i for i in items if i['kind'] == 'field' and i['key'].startswith('Deployment.')]
    assert [(i['key'], i['change'], i['fields']) for i in columns] == [
        ('Deployment.auto_configured', 'add', {'type': 'boolean', 'default': 'false'})
    ]
    constraints = [i for i in items if i['kind'] == 'constraint']
    assert [i['fields'] for i in constraints] == [{'kind': 'index', 'columns': ['auto_configured']}]
    flags = [i for i in items if i['kind'] == 'feature-flag']
    assert [(i['key'], i['fields']['default']) for i in flags] == [(FLAG, 'off')]
    steps = sorted((i['line'], i['fields']['action']) for i in items if i['kind'] == 'rollout-step')
    assert [action for _, action in steps] == ['deploy', 'migrate', 'deploy', 'enable', 'enable']
    levels = Counter(i['fields']['level'] for i in items if i['kind'] == 'test-case')
    assert levels == {'unit': 3, 'integration': 3, 'manual': 3}


def test_the_example_has_the_links_a_reader_expects(quick_deploy: dict[str, Any]) -> None:
    assert {target for _, target in links_of(quick_deploy, 'verifies')} >= {AUTO_CONFIG, DEPLOY, FLAG}
    assert links_of(quick_deploy, 'guards') == {(AUTO_CONFIG, AUTO_CONFIG), (DEPLOY, DEPLOY)}
    assert links_of(quick_deploy, 'gates') == {(FLAG, AUTO_CONFIG)}
    assert links_of(quick_deploy, 'records') == {('deployment.auto_config', AUTO_CONFIG)}
    assert links_of(quick_deploy, 'switches') == {
        ('Enable feature flag for internal testing', FLAG),
        ('Enable feature flag for all users after 1 week of testing', FLAG),
    }
    (run,) = links_of(quick_deploy, 'runs')
    assert run[0] == 'Run Alembic migration to add `auto_configured` column'


def test_the_example_gives_what_an_attentive_reviewer_says_and_nothing_else(quick_deploy: dict[str, Any]) -> None:
    assert sorted((f['code'], f['severity']) for f in quick_deploy['findings']) == REVIEW


@pytest.mark.parametrize('name', ['quick-deploy-myst', *PLAIN])
def test_the_example_is_equal_however_it_is_written(build: Any, name: str) -> None:
    rst = comparable(export_of(build_example(build, 'quick-deploy-rst')))
    assert comparable(export_of(build_example(build, name))) == rst


@pytest.mark.parametrize('name', [*WITH_DIRECTIVES, *PLAIN])
def test_every_item_of_the_example_tells_how_it_was_written(build: Any, name: str) -> None:
    items = export_of(build_example(build, name))['items']
    # The bullets of a directive's body are read by the directive.
    assert {item['origin'] for item in items} == {'template' if name in PLAIN else 'directive'}


@pytest.mark.parametrize('name', PLAIN)
def test_the_plain_example_fills_every_slot_that_the_template_requires(build: Any, name: str) -> None:
    (note,) = export_of(build_example(build, name))['notes']
    told = {slot: state for slot, state in note['slots'].items() if state != 'items'}
    assert told == {'interfaces': 'missing', 'breaking-changes': 'none', 'new-entities': 'none'}
    assert note['prose'] == {'compatibility': 'Fully backward compatible:'}


@pytest.mark.parametrize('name', [*WITH_DIRECTIVES, *PLAIN, 'orders-service'])
def test_the_export_of_every_example_fits_its_schema(build: Any, name: str) -> None:
    data = export_of(build_example(build, name))
    Draft202012Validator(schema(builtin_vocabulary())).validate(data)


@pytest.mark.parametrize('name', WITH_DIRECTIVES)
def test_an_endpoint_renamed_in_one_place_is_reported_where_the_old_name_still_stands(build: Any, name: str) -> None:
    page = 'quick-deploy.rst' if name.endswith('rst') else 'quick-deploy.md'
    old = files_of(name)[page].decode()
    marker = '.. endpoint:: ' if name.endswith('rst') else '```{endpoint} '
    new = old.replace(marker + AUTO_CONFIG, marker + 'POST /api/v1/serving/recommendation')
    assert new != old
    built = build_example(build, name, **{page: new})
    text = ['', *new.splitlines()]
    lines = [number for number, line in enumerate(text) if AUTO_CONFIG in line]
    while text[lines[0] - 1] and not text[lines[0] - 1].startswith('```'):  # a role is where its paragraph begins
        lines[0] -= 1
    findings = export_of(built)['findings']
    # The role in the approach, the authorization and the test still have the old name: one finding, at the first.
    (found,) = [f for f in findings if f['code'] == 'DN208']
    assert [found['line'], *(related['line'] for related in found['related'])] == lines
    # What the note says of the old name it no longer says of the new one.
    assert sorted(f['code'] for f in findings if f['severity'] != 'info') == [
        'DN208',
        'DN410',
        'DN501',
        'DN607',
        'DN701',
    ]


def test_the_service_gives_the_seeded_mistakes_and_nothing_else(build: Any) -> None:
    built = build_example(build, 'orders-service')
    readme = (EXAMPLES / 'orders-service' / 'README.md').read_text('utf-8')
    seeded = {(code, int(line)) for code, line in re.findall(r'^\| (DN\d+) \| (\d+) \|', readme, re.MULTILINE)}
    assert len(seeded) == 12
    data = export_of(built)
    found = [(f['path'], f['code'], f['line']) for f in data['findings'] if f['severity'] != 'info']
    assert sorted(found) == sorted(('notes/order-holds.rst', code, line) for code, line in seeded)
    assert len(data['notes']) == 8
    assert built.app.statuscode == 1


def test_the_service_tells_the_history_of_an_endpoint_and_of_a_shared_flag(build: Any) -> None:
    data = export_of(build_example(build, 'orders-service'))
    items = {item['id']: item for item in data['items']}
    histories = {
        (s['kind'], s['key']): [items[i]['change'] for i in s['impacts']]
        for s in data['subjects']
        if len(s['impacts']) > 1
    }
    assert ['new', 'changed', 'deprecated', 'removed'] in histories.values()
    assert any(kind == 'feature-flag' and len({items[i]['note'] for i in s['impacts']}) > 1
               for s in data['subjects'] for kind in [s['kind']])  # fmt: skip
    rejected = {note['id'] for note in data['notes'] if note['status'] == 'rejected'}
    assert rejected
    assert not any(items[i]['note'] in rejected for s in data['subjects'] for i in s['impacts'])


def test_the_tables_are_written_as_csv_and_markdown(build: Any) -> None:
    built = build_example(build, 'quick-deploy-rst')
    rows = list(csv.reader(io.StringIO(built.read('tables/rollout.csv'))))
    assert len(rows) == 1 + 5
    names = {path.stem for path in (built.outdir / 'tables').iterdir()}
    assert names == {
        'endpoints', 'interfaces', 'entities', 'migrations', 'flags', 'permissions', 'audit', 'rollout', 'release-plan',
        'promises', 'breaking-changes', 'decisions', 'tests', 'requirements', 'coverage', 'notes', 'findings',
    }  # fmt: skip
    assert {path.suffix for path in (built.outdir / 'tables').iterdir()} == {'.csv', '.md'}


def test_a_build_with_nothing_changed_says_and_writes_the_same(build: Any) -> None:
    first = build_example(build, 'orders-service')
    files = {p.relative_to(first.outdir): p.read_bytes() for p in first.outdir.rglob('*') if p.is_file()}
    second = first.again()
    assert second.warnings == first.warnings
    assert {p.relative_to(first.outdir): p.read_bytes() for p in first.outdir.rglob('*') if p.is_file()} == files


def test_parallel_and_serial_builds_write_the_same_bytes(build: Any) -> None:
    serial = build_example(build, 'orders-service')
    files = files_of('orders-service')
    conf = files.pop('conf.py').decode()
    files.pop('README.md')
    parallel = build(files, 'designnote', conf={'code': conf, 'designnote_today': '2026-06-01'}, parallel=2)
    for path in sorted(p for p in serial.outdir.rglob('*') if p.is_file()):
        assert (parallel.outdir / path.relative_to(serial.outdir)).read_bytes() == path.read_bytes(), path.name


def test_tables_below_the_sources_are_not_read_as_pages(tmp_path: Path) -> None:
    (tmp_path / 'conf.py').write_text("extensions = ['myst_parser', 'sphinxcontrib_designnote']\n")
    (tmp_path / 'index.md').write_text('# Design Note: X\n\n```{endpoint} GET /x\n```\n')
    for _ in range(2):
        with docutils_namespace():
            app = Sphinx(
                tmp_path, tmp_path, tmp_path / 'out', tmp_path / 'trees', 'designnote', status=None, warning=None
            )
            app.build()
        assert app.env.found_docs == {'index'}
