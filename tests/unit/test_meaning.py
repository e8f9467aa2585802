"""What an item means, and which links are watched."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.relations.meaning import Meaning, differences, meaning, watched_links
from tests.support import VOCABULARY, Said, graph_of, note, said


def of(stated: Said) -> Meaning:
    items = note('n', stated).items
    return meaning(items[0], items, VOCABULARY.kinds)


def changed(before: Said, after: Said) -> tuple[str, ...]:
    return differences(of(before), of(after))


def test_the_meaning_of_an_item_is_its_typed_values_and_its_parts() -> None:
    jobs = said(
        'entity', 'jobs', said('field', 'state: text', default='queued', nullable='no', classification='internal'),
        said('constraint', 'index on state'), change='new', table='t_jobs', body='Where jobs wait.', release='2',
    )  # fmt: skip
    assert of(jobs) == {
        'name': 'jobs',
        'change': 'new',
        'table': 't_jobs',
        'jobs.state': {
            'name': 'jobs.state', 'change': None, 'type': 'text', 'default': 'queued', 'nullable': False,
            'classification': 'internal',
        },
        'jobs index on state': {'change': None, 'kind': 'index', 'columns': frozenset({'state'})},
    }  # fmt: skip


@pytest.mark.parametrize(
    ('before', 'after', 'names'),
    [
        (said('endpoint', 'GET /x'), said('endpoint', 'PUT /x/y'), ('method', 'path')),
        (said('endpoint', 'GET /x', roles='a, b'), said('endpoint', 'GET /x', roles='b'), ('roles',)),
        (said('endpoint', 'GET /x', auth='Anyone'), said('endpoint', 'GET /x', auth='Staff'), ('auth',)),
        (said('endpoint', 'GET /x', change='new'), said('endpoint', 'GET /x', change='removed'), ('change',)),
        (said('feature-flag', 'f', default='off'), said('feature-flag', 'f', default='on'), ('default',)),
        (said('feature-flag', 'f', flag_type='ops'), said('feature-flag', 'f'), ('flag-type',)),
        (
            said('entity', 'jobs', said('field', 'state: int'), said('field', 'old: int')),
            said('entity', 'jobs', said('field', 'state: text'), said('field', 'new_one: int')),
            ('jobs.new_one', 'jobs.old', 'jobs.state (type)'),
        ),
    ],
)
def test_what_changes_it(before: Said, after: Said, names: tuple[str, ...]) -> None:
    assert changed(before, after) == names


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        (said('endpoint', 'GET /x', roles='Admin, `owner`'), said('endpoint', 'GET /x', roles='owner, admin')),
        (said('endpoint', 'GET /x', auth='Staff  only'), said('endpoint', 'GET /x', auth='staff only')),
        (said('endpoint', 'GET /x', purpose='a', release='1'), said('endpoint', 'GET /x', purpose='b', release='2')),
        (said('endpoint', 'GET /x', body='A.'), said('endpoint', 'GET /x', body='B.', reviewed='2026-05-20')),
        (said('migration', 'Add it', tool='x', id='m'), said('migration', 'Add the column', tool='y', id='m')),
    ],
)
def test_what_does_not(before: Said, after: Said) -> None:
    assert changed(before, after) == ()


TEST = said('test-case', 'It answers', verifies='GET /x')


def watched(*notes: Note) -> list[tuple[str, str]]:
    return [(link.stating, named.key) for link, named in watched_links(graph_of(*notes))]


def test_links_between_notes_are_watched_and_those_within_one_are_not() -> None:
    api = note('api', said('endpoint', 'GET /x'), said('test-case', 'It is there', verifies='GET /x'))
    assert watched(api, note('t', TEST)) == [('t-test-case-it-answers', 'GET /x')]


def test_a_mention_is_a_link_and_a_note_is_no_item() -> None:
    told = note('t', said('test-case', 'GET /x answers'), depends_on='api')
    assert watched(note('api', said('endpoint', 'GET /x')), told) == [('t-test-case-get-x-answers', 'GET /x')]


def test_who_states_an_inverse_link_is_who_may_be_wrong() -> None:
    notes = note('flags', said('feature-flag', 'f')), note('api', said('endpoint', 'GET /x', flag='f'))
    assert watched(*notes) == [('api-endpoint-get-x', 'f')]


@pytest.mark.parametrize('status', ['in-review', 'accepted'])
def test_notes_that_stand_are_watched(status: str) -> None:
    assert len(watched(note('api', said('endpoint', 'GET /x'), status=status), note('t', TEST, status=status))) == 1


@pytest.mark.parametrize(
    ('api', 'tests'),
    [
        ('draft', 'accepted'),
        ('accepted', 'draft'),
        ('accepted', 'implemented'),
        ('accepted', 'rejected'),
        ('superseded', 'accepted'),
    ],
)
def test_drafts_history_and_dead_notes_are_not(api: str, tests: str) -> None:
    assert watched(note('api', said('endpoint', 'GET /x'), status=api), note('t', TEST, status=tests)) == []


def test_what_an_implemented_note_says_may_change_under_others() -> None:
    api = note('api', said('endpoint', 'GET /x'), status='implemented')
    assert len(watched(api, note('t', TEST))) == 1
