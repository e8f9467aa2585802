"""Kinds look as needs: types, fields and links whose names nobody else has; ids that sphinx-needs accepts."""

from __future__ import annotations

import re

import pytest

from sphinxcontrib_designnote.bridges.need_records import NeedRecord, need_ids, need_records
from sphinxcontrib_designnote.model.needs import NeedShape, shape_of
from sphinxcontrib_designnote.model.records import Requirement
from sphinxcontrib_designnote.model.schema import builtin_vocabulary, extended_vocabulary
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.names import Naming
from tests.support import note, said

VOCABULARY = builtin_vocabulary()
TYPES = {kind: kind for kind in VOCABULARY.kinds}
SHAPE = shape_of(VOCABULARY, TYPES)
#: What sphinx-needs accepts when it is told nothing else.
ACCEPTED = re.compile('^[A-Z0-9_]{5,}')


def graph_of(*notes: object) -> Graph:
    return relate(notes, Naming(vocabulary=VOCABULARY))  # type: ignore[arg-type]


def records(graph: Graph, shape: NeedShape = SHAPE) -> dict[str, NeedRecord]:
    return {record.id: record for record in need_records(graph, shape, need_ids(graph, shape))}


@pytest.mark.parametrize(
    ('key', 'name', 'type_'),
    [
        ('purpose', 'purpose', 'string'),
        ('remove_by', 'remove_by', 'string'),
        ('breaking', 'breaking', 'boolean'),
        ('roles', 'roles', 'array'),
        ('change', 'change', 'string'),
        # Its own name is a field of sphinx-needs itself.
        ('type', 'dn_type', 'string'),
        # A boolean of one kind, a word of another.
        ('scope', 'scope', 'string'),
    ],
)
def test_an_option_is_a_field_of_its_type(key: str, name: str, type_: str) -> None:
    field = SHAPE.fields[key]
    assert (field.name, field.type) == (name, type_)


def test_a_date_is_told_from_text() -> None:
    assert [key for key in ('remove_by', 'purpose', 'sunset') if SHAPE.fields[key].date] == ['remove_by', 'sunset']


def test_link_options_are_links_and_no_fields() -> None:
    links = {option.key for kind in VOCABULARY.kinds.values() for option in kind.options.values() if option.link}
    assert links & {field.name for field in SHAPE.fields.values()} == set()
    assert SHAPE.links['applies-to'] == 'applies_to'
    assert set(SHAPE.links.values()).isdisjoint(field.name for field in SHAPE.fields.values())


def test_names_that_python_or_sphinx_needs_has_are_written_differently() -> None:
    vocabulary = extended_vocabulary(
        {'risk': {'options': {'from': {}, 'tags': {}, 'links': {'link': 'links'}, 'verifies': {}, 'parts': {}}}}
    )
    shape = shape_of(vocabulary, {'risk': 'risk'})
    assert [shape.fields[key].name for key in ('from', 'tags', 'verifies', 'parts')] == [
        'dn_from', 'dn_tags', 'dn_verifies', 'dn_parts',
    ]  # fmt: skip
    assert shape.links['links'] == 'dn_links'


def test_fields_of_the_project_keep_their_type_and_hold_our_values() -> None:
    shape = shape_of(VOCABULARY, TYPES, own_fields={'roles': 'string', 'owner': 'array', 'retention': 'integer'})
    roles, owner, retention = (shape.fields[key] for key in ('roles', 'owner', 'retention'))
    assert (roles.name, roles.value(('admin', 'user'))) == ('roles', 'admin, user')
    assert (owner.name, owner.value('payments')) == ('owner', ['payments'])
    assert (retention.name, retention.type) == ('dn_retention', 'string')


def test_a_field_of_the_project_that_is_a_link_of_ours_and_the_reverse() -> None:
    shape = shape_of(VOCABULARY, TYPES, own_fields={'implements': 'string'}, own_links={'owner', 'verifies'})
    assert shape.links['implements'] == 'dn_implements'
    assert shape.links['verifies'] == 'verifies'
    assert shape.fields['owner'].name == 'dn_owner'


def test_every_id_is_accepted_and_stays_what_it_is_whatever_stands_beside() -> None:
    mine = note('a', said('endpoint', 'POST /api/v1/jobs/{id}', change='new'), said('feature-flag', 'jobs'))
    graph = graph_of(mine)
    ids = need_ids(graph, SHAPE)
    assert ids == {
        'a': 'ITEM_A',
        **{item.id: re.sub('[^A-Z0-9]+', '_', item.id.upper()).strip('_') for item in mine.items},
    }
    assert [id_ for id_ in ids.values() if not ACCEPTED.fullmatch(id_)] == []
    beside = need_ids(graph_of(note('b', said('feature-flag', 'jobs')), mine), SHAPE)
    assert {id_: beside[id_] for id_ in ids} == ids


def test_an_id_that_conforms_is_kept() -> None:
    graph = graph_of(note('notes/jobs', said('endpoint', 'POST /jobs', id='EP__JOBS')))
    assert list(need_ids(graph, SHAPE).values()) == ['EP__JOBS', 'NOTES_JOBS']


def test_two_ids_that_would_be_one_are_told_apart_in_the_same_way_in_any_order() -> None:
    one = note('one', said('endpoint', 'GET /a', id='list-jobs'))
    other = note('other', said('endpoint', 'GET /b', id='list.jobs'))
    ids = need_ids(graph_of(one, other), SHAPE)
    assert ids['list-jobs'] == 'LIST_JOBS'
    assert re.fullmatch('LIST_JOBS_[0-9A-F]{6}', ids['list.jobs'])
    assert need_ids(graph_of(other, one), SHAPE) == ids


def test_ids_begin_with_the_prefix_of_a_type_that_the_project_declares() -> None:
    shape = shape_of(VOCABULARY, {'endpoint': 'api'}, prefixes={'api': 'API_'})
    graph = graph_of(note('n', said('endpoint', 'GET /a', id='list'), said('endpoint', 'GET /b', id='API_JOBS')))
    assert need_ids(graph, shape) == {'list': 'API_LIST', 'API_JOBS': 'API_JOBS'}


def test_letters_of_another_script_do_not_make_two_ids_one() -> None:
    ids = need_ids(graph_of(note('n', said('feature-flag', 'заказы'), said('feature-flag', 'возвраты'))), SHAPE)
    assert len(set(ids.values())) == 3
    assert [id_ for id_ in ids.values() if not ACCEPTED.fullmatch(id_)] == []


def test_a_record_states_what_its_item_does() -> None:
    column = said('field', 'state: text', id='job-state', change='add', pii='no')
    graph = graph_of(
        note(
            'jobs-note',
            said('endpoint', 'POST /jobs', id='start', change='new', roles='admin, user', flag='on', body='Starts it.'),
            said('feature-flag', 'on', id='the-flag', remove_by='2027-01-01'),
            said('entity', 'Job', column, id='job-table', change='new'),
            status='accepted',
            components='api, worker',
        )
    )
    found = records(graph)
    assert found['START'] == NeedRecord(
        id='START',
        type='endpoint',
        title='POST /jobs',
        status='accepted',
        tags=('jobs-note', 'api', 'worker'),
        content='Starts it.',
        doctype='.md',
        docname='jobs-note',
        line=graph.items['start'].location.line,
        sections=(),
        fields={
            'note': 'jobs-note', 'method': 'POST', 'path': '/jobs', 'roles': ['admin', 'user'], 'key': 'POST /jobs',
            'change': 'new',
        },
        links={'parent_needs': ['JOBS_NOTE']},
    )  # fmt: skip
    assert found['THE_FLAG'].links == {'parent_needs': ['JOBS_NOTE'], 'gates': ['START']}
    assert found['THE_FLAG'].fields['remove_by'] == '2027-01-01'
    assert found['JOB_STATE'].links == {'parent_needs': ['JOB_TABLE']}
    assert (found['JOB_STATE'].fields['dn_type'], found['JOB_STATE'].fields['pii']) == ('text', False)
    assert found['JOBS_NOTE'].fields == {'note': 'jobs-note', 'components': ['api', 'worker']}


def test_kinds_may_be_renamed_and_left_out() -> None:
    graph = graph_of(note('jobs', said('test-case', 'It starts'), said('no-impact', 'audit', body='Nothing.')))
    found = records(graph, shape_of(VOCABULARY, {'test-case': 'test'}))
    assert [(record.type, record.links) for record in found.values()] == [('test', {})]


def test_a_link_to_a_requirement_and_to_a_part_of_one_is_kept_and_one_to_nothing_is_not() -> None:
    requirement = Requirement(id='REQ_1', type='req', title='Fast')
    naming = Naming(vocabulary=VOCABULARY).with_requirements({'REQ_1': requirement, 'REQ_1.a': requirement})
    jobs = note('jobs', said('endpoint', 'POST /jobs', implements='REQ_1, REQ_1.a, REQ_2'))
    graph = relate([jobs], naming)
    (endpoint,) = (record for record in records(graph).values() if record.type == 'endpoint')
    assert endpoint.links['implements'] == ['REQ_1', 'REQ_1.a']
