from __future__ import annotations

import copy
import datetime
import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
from output_records import SLOTS, NoteMaker, context_of, example_findings, graph_of, quick_deploy

from sphinxcontrib_designnote.model.schema import builtin_vocabulary, extended_vocabulary
from sphinxcontrib_designnote.outputs.export import dumps, export, schema
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables.coverage import coverage

PROMISE = {
    'promise': {
        'subject': True,
        'slot': 'compatibility',
        'options': {'due': {'type': 'date'}, 'about': {'link': 'keeps'}},
    }
}


def exported(graph: Graph) -> dict:
    return json.loads(dumps(export(graph, example_findings(graph), context_of())))


def test_the_example_meets_the_schema(example: Graph) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(builtin_vocabulary()))
    jsonschema.validate(exported(example), schema(builtin_vocabulary()), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    'spoil',
    [
        lambda data: data.update(extra=1),
        lambda data: data['items'][0].update(extra=1),
        lambda data: data['items'][0].pop('parent'),
        lambda data: data['items'][0]['fields'].update(colour='red'),
        lambda data: next(i for i in data['items'] if i['kind'] == 'endpoint').update(change='add'),
        lambda data: next(i for i in data['items'] if i['kind'] == 'feature-flag')['fields'].update(default='perhaps'),
        lambda data: next(i for i in data['items'] if i['kind'] == 'authorization')['fields'].update(roles='editor'),
        lambda data: data['notes'][0].update(status='done'),
        lambda data: data['notes'][0]['slots'].update(approach='full'),
        lambda data: data['findings'][0].update(severity='off'),
        lambda data: data['findings'][0].update(fingerprint='x'),
        lambda data: data['findings'][0].update(line=0),
        lambda data: data['links'][0].update(type='likes'),
        lambda data: data['subjects'][0].update(impacts=[]),
        lambda data: data['coverage']['endpoint'].pop('total'),
        lambda data: data['schedule'][0].update(irreversible='no'),
        lambda data: data.update(schedule=False),
        lambda data: data.update(version=2),
    ],
)
def test_the_schema_refuses_what_is_not_in_the_format(example: Graph, spoil: object) -> None:
    data = copy.deepcopy(exported(example))
    spoil(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema(builtin_vocabulary()), jsonschema.Draft202012Validator)


def test_the_schema_in_the_package_is_that_of_the_built_in_vocabulary() -> None:
    shipped = files('sphinxcontrib_designnote.outputs').joinpath('designnote.schema.json').read_bytes()
    assert shipped == (json.dumps(schema(builtin_vocabulary()), indent=2) + '\n').encode()


def test_a_kind_of_the_project_is_in_its_schema_and_in_no_other() -> None:
    vocabulary = extended_vocabulary(PROMISE)
    note = NoteMaker('n', 'N')
    note.add('promise', 'Old clients work', due=datetime.date(2027, 6, 30), about=('POST /x',))
    data = json.loads(dumps(export(graph_of(note, vocabulary=vocabulary), [], context_of())))
    jsonschema.validate(data, schema(vocabulary), jsonschema.Draft202012Validator)
    assert data['items'][0]['fields'] == {'due': '2027-06-30', 'about': ['POST /x']}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema(builtin_vocabulary()), jsonschema.Draft202012Validator)


def test_an_endpoint_is_exported_with_its_typed_fields_in_the_order_of_the_vocabulary(example: Graph) -> None:
    item = next(i for i in exported(example)['items'] if i['line'] == 17)
    assert json.dumps(item) == json.dumps(
        {
            'id': 'quick-deploy-endpoint-post-api-v1-serving-auto-config-new',
            'kind': 'endpoint',
            'key': 'POST /api/v1/serving/auto-config',
            'title': 'POST /api/v1/serving/auto-config',
            'service': None,
            'change': 'new',
            'release': None,
            'note': 'quick-deploy',
            'parent': None,
            'docname': 'notes/quick-deploy',
            'path': 'notes/quick-deploy.md',
            'line': 17,
            'origin': 'directive',
            'fields': {
                'method': 'POST',
                'path': '/api/v1/serving/auto-config',
                'purpose': 'Returns recommended engine + resources for a model',
                'request': '{"model_id": "uuid"}',
                'response': '{"engine": "llamacpp", "cpu": 4, "memory_gb": 8, "gpu": 0, "confidence": "high"}',
                'auth': 'Requires authenticated user (any role)',
            },
        }
    )


def test_a_part_names_its_owner(example: Graph) -> None:
    items = {item['id']: item for item in exported(example)['items']}
    column = next(item for item in items.values() if item['key'] == 'Deployment.auto_configured')
    assert items[column['parent']]['key'] == 'Deployment'


def test_values_keep_their_types() -> None:
    note = NoteMaker('n', 'N')
    note.add('feature-flag', 'f', default='on', remove_by=datetime.date(2027, 6, 30), gates=('POST /x', 'Thing'))
    note.add('entity', 'T', change='new')
    note.add('migration', 'm', reversible=False)
    by_kind = {item['kind']: item['fields'] for item in export(graph_of(note), [], context_of())['items']}
    assert by_kind == {
        'feature-flag': {'default': 'on', 'remove_by': '2027-06-30', 'gates': ['POST /x', 'Thing']},
        'entity': {},
        'migration': {'reversible': False},
    }


def test_a_change_that_the_note_does_not_state_is_null() -> None:
    note = NoteMaker('n', 'N')
    note.add('endpoint', 'GET /x')
    assert export(graph_of(note), [], context_of())['items'][0]['change'] is None


def test_every_slot_of_the_template_is_told_in_its_order(example: Graph) -> None:
    slots = exported(example)['notes'][0]['slots']
    assert list(slots) == list(SLOTS)
    assert slots['new-endpoints'] == 'items'
    assert slots['breaking-changes'] == 'none'
    assert slots['approach'] == slots['interfaces'] == 'missing'


def test_a_page_that_is_no_note_and_holds_no_item_is_not_exported(example: Graph) -> None:
    bare, page = replace(NoteMaker('index', 'Home').made(), marked=False), quick_deploy()
    assert [note['id'] for note in export(graph_of(bare, page), [], context_of())['notes']] == ['quick-deploy']


def test_items_links_and_findings_are_sorted(example: Graph) -> None:
    data = exported(example)
    assert [i['id'] for i in data['items']] == sorted(i['id'] for i in data['items'])
    keys = [(link['source'], link['type'], link['target']) for link in data['links']]
    assert keys == sorted(keys)
    assert [f['line'] for f in data['findings']] == [38, 63, 63, 68]


def test_a_silenced_finding_is_exported_with_its_reason(example: Graph) -> None:
    by_code = {finding['code']: finding for finding in exported(example)['findings']}
    assert by_code['DN603']['suppressed'] == 'kept for ops'
    assert by_code['DN602']['suppressed'] is None
    assert by_code['DN607']['related'] == [{'path': 'notes/quick-deploy.md', 'line': 69}]


def test_coverage_counts_what_the_example_covers(example: Graph) -> None:
    assert coverage(example) == {
        'endpoint': {'total': 2, 'test': 2, 'authorization': 2, 'audit': 1, 'flag': 1},
        'interface': {'total': 0, 'test': 0, 'authorization': 0, 'audit': 0, 'flag': 0},
        'entity': {'total': 1, 'migration': 1, 'test': 0},
        'field': {'total': 1, 'migration': 1, 'test': 0},
        'constraint': {'total': 1, 'migration': 0, 'test': 0},
        'migration': {'total': 1, 'rollout': 1, 'test': 0},
        'feature-flag': {'total': 1, 'rollout': 1, 'test': 1},
    }


def test_the_schedule_holds_the_undone_steps_of_all_open_notes_in_one_order() -> None:
    a, b, done = NoteMaker('a', 'A', depends_on=('b',)), NoteMaker('b', 'B'), NoteMaker('c', 'C', status='implemented')
    a.add('rollout-step', 'a1', release='26.2')
    a.add('rollout-step', 'a2', action='remove')
    b.add('rollout-step', 'b1', release='26.1', done=datetime.date(2026, 1, 1))
    b.add('rollout-step', 'b2', release='26.1')
    done.add('rollout-step', 'c1')
    data = export(graph_of(a, b, done, releases=('26.1', '26.2')), [], context_of(releases=('26.1', '26.2')))
    assert data['schedule'] == [
        {'step': 'b-rollout-step-b2', 'note': 'b', 'release': '26.1', 'irreversible': False},
        {'step': 'a-rollout-step-a1', 'note': 'a', 'release': '26.2', 'irreversible': False},
        {'step': 'a-rollout-step-a2', 'note': 'a', 'release': '26.2', 'irreversible': True},
    ]
    jsonschema.validate(json.loads(dumps(data)), schema(builtin_vocabulary()), jsonschema.Draft202012Validator)


@pytest.mark.parametrize('waits', [{'after': ('b1',)}, {'after': ('a1',)}])
def test_where_the_steps_have_no_order_there_is_no_schedule(waits: dict[str, tuple[str, ...]]) -> None:
    a, b = NoteMaker('a', 'A'), NoteMaker('b', 'B', depends_on=('a',))
    a.add('rollout-step', 'a1', **waits)
    b.add('rollout-step', 'b1')
    data = export(graph_of(a, b), [], context_of())
    assert data['schedule'] is None
    jsonschema.validate(json.loads(dumps(data)), schema(builtin_vocabulary()), jsonschema.Draft202012Validator)


def test_what_exists_or_goes_and_what_dead_notes_say_needs_no_cover() -> None:
    note, dead = NoteMaker('n', 'N'), NoteMaker('dead', 'D', status='rejected')
    for method, change in (('GET', 'existing'), ('PUT', 'removed'), ('POST', 'deprecated'), ('PATCH', 'changed')):
        note.add('endpoint', f'{method} /x', change=change)
    dead.add('endpoint', 'GET /y', change='new')
    dead.add('test-case', 'Test PATCH /x')
    counts = coverage(graph_of(note, dead))['endpoint']
    assert (counts['total'], counts['test']) == (1, 0)


def test_the_order_in_which_notes_come_does_not_change_a_byte() -> None:
    notes = [quick_deploy()]
    for number in range(12):
        notes.append(NoteMaker(f'n{number}', f'Note {number}'))
        notes[-1].add('endpoint', f'GET /things/{number % 5}', change='new' if number < 5 else 'changed')
        notes[-1].add('test-case', f'Test GET /things/{number % 5}')
    expected = dumps(export(graph_of(*notes), [], context_of()))
    for turn in range(len(notes)):
        shuffled = [*notes[turn::2], *notes[:turn], *notes[turn + 1 :: 2]]
        assert dumps(export(graph_of(*shuffled), [], context_of())) == expected


def test_a_lone_surrogate_is_written_as_an_escape_and_read_back() -> None:
    text = 'broken \udcff “quoted” \x00 \u2028'
    data = dumps({'title': text})
    assert '“quoted”'.encode() in data
    assert data.endswith(b'}\n')
    assert json.loads(data.decode('utf-8')) == {'title': text}
