"""From what is written to frozen records: ids, anchors, defaults, and what could not be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_designnote.model.records import Item, Note
from tests.unit.make import Written, item, keys, page, problems


def _ids(note: Note) -> list[str]:
    return [each.id for each in note.items]


def test_an_id_is_made_from_note_kind_key_and_change() -> None:
    note = page(
        'quick',
        item('endpoint', 'GET, POST /jobs/{id}', change='new'),
        item('entity', 'Deployment', item('field', 'auto: bool', change='add'), item('constraint', 'index on auto')),
        item('interface', 'jobs', kind='event'),
        item('interface', 'jobs', kind='rpc'),
        item('test-plan', 'unit', body='- Test it'),
    )
    assert _ids(note) == [
        'quick-endpoint-get-jobs-id-new',
        'quick-endpoint-post-jobs-id-new',
        'quick-entity-deployment',
        'quick-field-deployment-auto-add',
        'quick-constraint-deployment-index-on-auto',
        'quick-interface-event-jobs',
        'quick-interface-rpc-jobs',
        'quick-test-plan-unit',
        'quick-test-case-unit-test-it',
    ]


ITEMS: list[Written] = [
    item('endpoint', 'POST /x', change='new'),
    item('endpoint', 'POST /x', change='changed'),
    item('entity', 'Order', item('field', 'a: int')),
    item('entity', 'Item', item('field', 'a: int')),
    item('feature-flag', 'f', default='off'),
    item('migration', 'Add it'),
    item('test-plan', 'unit', body='- same\n- other'),
    item('test-plan', 'e2e', body='- same'),
]


@given(st.permutations(range(len(ITEMS))), st.integers(0, len(ITEMS)))
def test_an_id_stays_when_other_items_come_go_or_move(order: list[int], count: int) -> None:
    whole = {(each.kind, each.key, each.change, each.text('level')): each.id for each in page('n', *ITEMS).items}
    part = page('n', *(ITEMS[at] for at in order[:count]))
    assert all(whole[each.kind, each.key, each.change, each.text('level')] == each.id for each in part.items)


def test_repeated_titles_get_a_suffix() -> None:
    note = page('n', item('rollout', body='1. Deploy\n2. Wait\n3. Deploy\n4. Deploy'))
    assert _ids(note)[1:] == [
        'n-rollout-step-deploy', 'n-rollout-step-wait', 'n-rollout-step-deploy-2', 'n-rollout-step-deploy-3',
    ]  # fmt: skip


def test_a_suffix_never_makes_the_id_of_another_item() -> None:
    note = page('n', *(item('alternative', title) for title in ('same', 'same 2', 'same')))
    assert len(set(_ids(note))) == 3


def test_a_made_id_gives_way_to_the_same_id_stated_elsewhere_on_the_page() -> None:
    note = page('n', item('migration', 'Move', id='n-alternative-same'), item('alternative', 'same'))
    assert len(set(_ids(note))) == 2


def test_two_items_that_state_one_id_keep_it_so_that_it_can_be_reported() -> None:
    note = page('n', item('migration', 'a', id='m'), item('migration', 'b', id='m'))
    assert _ids(note) == ['m', 'm']


def test_an_explicit_id_is_kept_as_written_and_its_anchor_made_safe() -> None:
    note = page('n', item('migration', 'a', id='Mig.1'), item('migration', 'b', id='<b> "x"'))
    assert [(each.id, each.anchor) for each in note.items] == [('Mig.1', 'Mig.1'), ('<b> "x"', 'b-x')]


@given(st.text(min_size=1), st.text(min_size=1))
def test_an_anchor_is_always_safe_in_html(id_: str, title: str) -> None:
    note = page('n', item('migration', title, id=id_), item('migration', title))
    assert all(re.fullmatch(r'[A-Za-z0-9][A-Za-z0-9_.:-]*', each.anchor) for each in note.items)


def test_a_100_kilobyte_title_makes_a_short_id() -> None:
    note = page('n', item('migration', 'x' * 100_000), item('migration', 'x' * 99_999))
    assert [len(id_) < 120 for id_ in _ids(note)] == [True, True]
    assert len(set(_ids(note))) == 2


@pytest.mark.parametrize(('one', 'other'), [('notes/quick', 'notes-quick'), ('a/b-c', 'a-b/c')])
def test_pages_with_similar_names_do_not_share_the_ids_of_their_items(one: str, other: str) -> None:
    pages = [page('', item('migration', 'a'), docname=name, marked=False) for name in (one, other)]
    assert pages[0].items[0].id != pages[1].items[0].id


def _facts(each: Item) -> tuple[str, str | None, str | None]:
    return each.key, each.service, each.release


def test_service_and_release_default_to_the_parents_then_the_notes_then_the_profiles() -> None:
    note = page(
        'n',
        item('entity', 'A', item('field', 'x'), item('field', 'y', service='own', release='27')),
        item('entity', 'B', item('field', 'x'), service='other', release='26'),
        service='orders',
        release='25',
        default_service='profile',
    )
    assert [_facts(each) for each in note.items] == [
        ('A', 'orders', '25'),
        ('A.x', 'orders', '25'),
        ('A.y', 'own', '27'),
        ('B', 'other', '26'),
        ('B.x', 'other', '26'),
    ]
    plain = page('n', item('entity', 'A', item('field', 'x')), default_service='profile')
    assert [_facts(each) for each in plain.items] == [('A', 'profile', None), ('A.x', 'profile', None)]


def test_the_id_of_a_note_is_the_name_of_its_page_unless_it_states_one() -> None:
    assert (page('', docname='notes/quick', marked=False).id, page('q', docname='notes/quick').id) == (
        'notes/quick',
        'q',
    )


def test_a_wrong_option_marks_the_item_incomplete_and_keeps_the_rest() -> None:
    note = page('n', item('feature-flag', 'f', onwer='me', default='maybe', scope='tenant', remove_by='soon'))
    (flag,) = note.items
    assert (flag.key, dict(flag.fields), flag.incomplete) == ('f', {'scope': 'tenant'}, True)
    assert [(code, line) for code, _, line in problems(note)] == [('DN105', 11), ('DN105', 12), ('DN105', 14)]
    assert [message for _, message, _ in problems(note)][1:] == [
        "'default' is 'maybe'; write one of: on, off",
        "'remove-by' is 'soon', which is no day of the calendar; write it as 2027-06-30",
    ]
    assert "'onwer' is no option of feature-flag; did you mean 'owner'? (accepted: " in problems(note)[0][1]


def test_a_missing_argument_is_reported_and_the_item_kept() -> None:
    note = page('n', item('endpoint', change='new'), item('feature-flag', ' '), item('rollout'), item('approach'))
    assert [each.kind for each in note.items] == ['endpoint', 'feature-flag', 'rollout', 'approach']
    assert [(code, message) for code, message, _ in problems(note)] == [
        ('DN106', "endpoint has no argument; write 'POST /jobs' behind the directive's name"),
        ('DN106', "feature flag has no argument; write 'name' behind the directive's name"),
    ]
    assert [each.incomplete for each in note.items] == [True, True, False, False]


def test_an_argument_where_none_belongs_is_reported() -> None:
    note = page('n', item('rollout', 'Plan A'))
    assert [(code, message) for code, message, _ in problems(note)] == [
        ('DN105', "rollout takes no argument, and has 'Plan A'; put it in the body")
    ]


def test_one_mistake_on_a_line_that_states_several_items_is_reported_once_and_marks_each() -> None:
    note = page('n', item('endpoint', 'GET, POST /x', breaking='perhaps'))
    assert keys(note.items) == ['GET /x', 'POST /x']
    assert [each.incomplete for each in note.items] == [True, True]
    assert len(note.problems) == 1


@pytest.mark.parametrize('argument', ['POST', '/x', 'FETCH /x', 'POST /a b', 'POST api/x', 'GET https://a.example/x'])
def test_a_malformed_endpoint_is_one_finding_and_still_an_item(argument: str) -> None:
    note = page('n', item('endpoint', argument, change='new', purpose='why'))
    assert [(each.kind, each.change, each.text('purpose'), each.incomplete) for each in note.items] == [
        ('endpoint', 'new', 'why', True)
    ]
    assert [code for code, _, _ in problems(note)] == ['DN105']


@given(
    st.dictionaries(st.sampled_from(['change', 'sunset', 'flag', 'ignore', 'id', 'x y', 'roles']), st.text()), st.text()
)
def test_nothing_that_is_written_breaks_an_item_or_makes_a_message_of_two_lines(
    options: dict[str, str], argument: str
) -> None:
    written = Written(kind='endpoint', argument=argument, body='', options=options, parts=(), line=None)
    note = page('n', written)
    assert note.items
    assert [message for _, message, _ in problems(note) if not message.isprintable()] == []


def test_ignores_are_kept_with_their_reasons() -> None:
    note = page(
        'n', item('endpoint', 'GET /h', ignore='DN301 (public, health), DN701'), ignore='DN110 (long on purpose)'
    )
    assert [(each.rule, each.reason) for each in (*note.ignore, *note.items[0].ignore)] == [
        ('DN110', 'long on purpose'), ('DN301', 'public, health'), ('DN701', ''),
    ]  # fmt: skip


def test_the_lines_of_options_and_body_are_kept() -> None:
    note = page('n', item('endpoint', 'GET /h', auth='any', purpose='x', body='text', line=20))
    (endpoint,) = note.items
    assert (endpoint.location.line, dict(endpoint.lines)) == (20, {'auth': 21, 'purpose': 22, 'body': 23})
    assert endpoint.at('purpose').line == 22
    assert endpoint.at('sunset').line == 20
