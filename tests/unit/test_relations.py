"""Links by option, by inverse and by mention; what names mean; what names mean nothing."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Mention
from sphinxcontrib_designnote.model.schema import extended_vocabulary
from sphinxcontrib_designnote.relations.graph import Graph
from tests.unit.make import Written, dangling, graph, item, links, links_of, page, wrong

ENDPOINT = item('endpoint', 'POST /jobs', change='new')
ENTITY = item('entity', 'Deployment', item('field', 'auto_on: bool'), item('constraint', 'index on auto_on'))
FLAG = item('feature-flag', 'jobs_on')


def _ids(of: Graph) -> list[tuple[str, str]]:
    return [(link.source, link.target) for link in of.links]


@pytest.mark.parametrize(
    ('source', 'target', 'link'),
    [
        (item('feature-flag', 'f', gates='POST /jobs'), ENDPOINT, ('f', 'gates', 'POST /jobs')),
        (item('endpoint', 'GET /x', flag='jobs_on'), FLAG, ('jobs_on', 'gates', 'GET /x')),
        (item('interface', 'ev', kind='event', flag='jobs_on'), FLAG, ('jobs_on', 'gates', 'ev')),
        (item('authorization', 'POST /jobs'), ENDPOINT, ('POST /jobs', 'guards', 'POST /jobs')),
        (item('audit-event', 'x', trigger='after POST /jobs'), ENDPOINT, ('x', 'records', 'POST /jobs')),
        (item('test-case', 't', verifies='POST /jobs'), ENDPOINT, ('t', 'verifies', 'POST /jobs')),
        (item('test-case', 't', verifies='Deployment.auto_on'), ENTITY, ('t', 'verifies', 'Deployment.auto_on')),
        (item('test-case', 't', verifies='index on auto_on'), ENTITY, ('t', 'verifies', 'Deployment index on auto_on')),
        (item('migration', 'm', entities='Deployment'), ENTITY, ('m', 'migrates', 'Deployment')),
        (item('migration', 'm', entities='deployment table'), ENTITY, ('m', 'migrates', 'Deployment')),
        (item('migration', 'm', entities='Deployment.auto_on'), ENTITY, ('m', 'migrates', 'Deployment.auto_on')),
        (
            item('migration', 'm', entities='Deployment index on auto_on'),
            ENTITY,
            ('m', 'migrates', 'Deployment index on auto_on'),
        ),
        (item('rollout-step', 's', runs='Add it'), item('migration', 'Add it'), ('s', 'runs', 'Add it')),
        (item('rollout-step', 's', runs='add-it'), item('migration', 'Add it'), ('s', 'runs', 'Add it')),
        (item('rollout-step', 's', runs='0042'), item('migration', 'Add it', revision='0042'), ('s', 'runs', 'Add it')),
        (item('rollout-step', 's', runs='mig'), item('migration', 'Add it', id='mig'), ('s', 'runs', 'Add it')),
        (item('rollout-step', 's', flag='jobs_on'), FLAG, ('s', 'switches', 'jobs_on')),
        (item('rollout-step', 's', removes='jobs_on'), FLAG, ('s', 'removes', 'jobs_on')),
        (item('rollout-step', 's', after='First'), item('rollout-step', 'First'), ('s', 'after', 'First')),
        (item('compatibility', 'c', covers='Drops x'), item('breaking-change', 'Drops x'), ('c', 'covers', 'Drops x')),
        (item('breaking-change', 'b', affects='POST /jobs'), ENDPOINT, ('b', 'affects', 'POST /jobs')),
        (item('endpoint', 'GET /x', uses='Deployment'), ENTITY, ('GET /x', 'uses', 'Deployment')),
        (item('interface', 'ev', uses='deployment.auto_on'), ENTITY, ('ev', 'uses', 'Deployment.auto_on')),
        (item('security-consideration', 's', applies_to='POST /jobs'), ENDPOINT, ('s', 'applies-to', 'POST /jobs')),
        (item('feature-flag', 'f', requires='jobs_on'), FLAG, ('f', 'requires', 'jobs_on')),
        (item('endpoint', 'GET /x', implements='jobs_on'), FLAG, ('GET /x', 'implements', 'jobs_on')),
    ],
)
def test_an_option_makes_its_link(source: Written, target: Written, link: tuple[str, str, str]) -> None:
    for items in ((source, target), (target, source)):
        of = graph(page('n', *items))
        assert (links(of), of.dangling) == ([link], ())


def test_a_constraint_references_a_field() -> None:
    users = item('entity', 'users', item('field', 'id: uuid'))
    orders = item('entity', 'orders', item('constraint', 'foreign key on user_id', references='users.id'))
    assert links(graph(page('n', users, orders))) == [('orders foreign-key on user_id', 'references', 'users.id')]


def test_a_foreign_key_into_an_unknown_schema_is_no_mistake() -> None:
    of = graph(page('n', item('entity', 'orders', item('constraint', 'foreign key on u', references='users.id'))))
    assert (links(of), of.dangling) == ([('orders foreign-key on u', 'references', 'users.id?')], ())


def test_notes_link_by_id_title_and_page_and_both_ends_of_supersedes_are_one_link() -> None:
    notes = [
        page('a', depends_on='b, The third, notes/d', supersedes='b'),
        page('b', superseded_by='a'),
        page('c', title='The third'),
        page('x', docname='notes/d'),
    ]
    assert links(graph(*notes)) == [
        ('a', 'depends-on', 'b'), ('a', 'depends-on', 'c'), ('a', 'depends-on', 'x'), ('a', 'supersedes', 'b'),
    ]  # fmt: skip


def test_stating_one_link_from_both_ends_makes_one_link() -> None:
    of = graph(
        page('n', item('endpoint', 'GET /x', flag='f', line=30), item('feature-flag', 'f', gates='GET /x', line=40))
    )
    (link,) = of.links
    assert (link.type, link.resolved, link.location.line) == ('gates', True, 31)


@pytest.mark.parametrize(
    ('source', 'target', 'link'),
    [
        (item('feature-flag', 'f', body='POST /jobs returns 404'), ENDPOINT, 'gates'),
        (item('feature-flag', 'f', when_enabled='POST /jobs works'), ENDPOINT, 'gates'),
        (item('authorization', 'The endpoint POST /jobs'), ENDPOINT, 'guards'),
        (item('audit-event', 'x', body='Written by POST /jobs'), ENDPOINT, 'records'),
        (item('test-case', 'Test POST /jobs'), ENDPOINT, 'verifies'),
        (item('test-case', 'Test the `jobs_on` flag'), FLAG, 'verifies'),
        (item('test-case', 'Rows of Deployment stay'), item('entity', 'Deployment'), 'verifies'),
        (item('test-case', '`Deployment.auto_on` is set'), ENTITY, 'verifies'),
        (item('security-consideration', 'Abuse', body='Limit POST /jobs'), ENDPOINT, 'applies-to'),
        (item('compatibility', 'POST /jobs is additive'), ENDPOINT, 'covers'),
        (item('breaking-change', 'POST /jobs loses a field'), ENDPOINT, 'affects'),
        (item('migration', 'Fill the Deployment table'), item('entity', 'Deployment'), 'migrates'),
        (item('endpoint', 'GET /x', purpose='Reads `Deployment`'), item('entity', 'Deployment'), 'uses'),
        (item('rollout-step', 'Enable `jobs_on`', action='enable'), FLAG, 'switches'),
        (item('rollout', body='1. Disable jobs_on for staff'), FLAG, 'switches'),
        (item('rollout', body='1. Remove POST /jobs'), ENDPOINT, 'removes'),
        (item('rollout', body='1. Drop the Deployment table'), item('entity', 'Deployment'), 'removes'),
    ],
)
def test_a_mention_makes_the_link_of_its_kind(source: Written, target: Written, link: str) -> None:
    for items in ((source, target), (target, source)):
        assert [type_ for _, type_, _ in links(graph(page('n', *items)))] == [link]


@pytest.mark.parametrize(
    'step', ['Deploy backend with POST /jobs (jobs_on off)', 'Verify POST /jobs', 'Announce POST /jobs']
)
def test_a_step_that_neither_switches_nor_removes_makes_no_link_by_mention(step: str) -> None:
    assert links(graph(page('n', ENDPOINT, FLAG, item('rollout', body=f'1. {step}')))) == []


def test_a_field_of_a_request_is_no_column() -> None:
    note = page(
        'n',
        item('endpoint', 'POST /x', item('field', 'size_mb: int', in_='request')),
        item('migration', 'Fill `size_mb`'),
    )
    assert links(graph(note)) == []


def _verified(*items: Written, tests: str) -> list[str]:
    bullets = '\n'.join(f'- {line}' for line in tests.splitlines())
    of = graph(page('n', *items, item('test-plan', 'unit', body=bullets)))
    assert dangling(of) == []
    return [target for _, target in links_of('verifies', of)]


DEFINITE = (
    item('endpoint', 'POST /new', change='new'),
    item('endpoint', 'POST /old', change='changed'),
    item('feature-flag', 'the_flag'),
    item('migration', 'Add a column'),
)


@pytest.mark.parametrize(
    ('text', 'meant'),
    [
        ('Feature flag behavior', ['the_flag']),
        ('With the feature flag off', ['the_flag']),
        ('With the feature-flag off', ['the_flag']),
        ('The migration runs', ['Add a column']),
        ('The Alembic migration runs', ['Add a column']),
        ('Run database migrations twice', ['Add a column']),
        ('The endpoint returns 404', ['POST /new']),
        ('New endpoint is additive', ['POST /new']),
        ('The endpoints answer', ['POST /new']),
        ('Old UI works (does not call new endpoint)', ['POST /new']),
        ('Existing endpoint still works', []),
        ('Existing public endpoint still works', []),
        ('The other endpoint', []),
        ('Every endpoint of the service', ['POST /new']),
        ('No endpoint is slower', []),
        ('Old endpoints', []),
        ('An earlier migration', []),
        ('Without the feature', []),
        ('The changed endpoint', []),
        ('The deprecated endpoint', []),
        ('POST /old endpoint', ['POST /old']),
        ('`POST /old` endpoint', ['POST /old']),
        ('the `/old` endpoint', ['POST /old']),
        ('the endpoint POST /old', ['POST /old']),
        ('the endpoint `POST /old`', ['POST /old']),
        ('Endpointing and submigrations', []),
    ],
)
def test_definite_words_mean_the_notes_only_one(text: str, meant: list[str]) -> None:
    assert _verified(*DEFINITE, tests=text) == meant


def test_endpoints_are_all_the_new_ones_and_endpoint_is_none_of_two() -> None:
    two = (item('endpoint', 'GET, POST /x', change='new'), item('endpoint', 'GET /y', change='changed'))
    assert _verified(*two, tests='Test the endpoints') == ['GET /x', 'POST /x']
    assert _verified(*two, tests='Test the endpoint') == []


def test_with_two_flags_or_migrations_neither_is_the_one() -> None:
    two = (item('feature-flag', 'f_a'), item('feature-flag', 'f_b'), item('migration', 'a'), item('migration', 'b'))
    assert _verified(*two, tests='The feature flag\nThe migration') == []


def test_definite_words_in_the_steps_of_a_rollout() -> None:
    steps = (
        'Deploy it (feature flag off)',
        'Run the Alembic migration',
        'Enable feature flag',
        'Remove the feature flag',
    )
    of = graph(page('n', *DEFINITE, item('rollout', body='\n'.join(f'1. {step}' for step in steps))))
    assert links(of) == [
        ('Enable feature flag', 'switches', 'the_flag'),
        ('Remove the feature flag', 'removes', 'the_flag'),
        ('Run the Alembic migration', 'runs', 'Add a column'),
    ]


def test_a_definite_word_means_what_an_option_names_where_it_names_one_of_that_kind() -> None:
    said = item('compatibility', 'The barcode endpoint answers', covers='POST /old', body='See the endpoint POST /new')
    assert links_of('covers', graph(page('n', *DEFINITE, said))) == [
        ('The barcode endpoint answers', 'POST /new'),
        ('The barcode endpoint answers', 'POST /old'),
    ]
    said = item('compatibility', 'The barcode endpoint answers', covers='POST /old')
    test = item('test-case', 'Test the migration', verifies='POST /old')
    of = graph(page('n', *DEFINITE, said, test))
    assert links_of('covers', of) == [('The barcode endpoint answers', 'POST /old')]
    assert links_of('verifies', of) == [('Test the migration', 'POST /old'), ('Test the migration', 'Add a column')]


def test_definite_words_mean_nothing_in_a_note_that_declares_none() -> None:
    of = graph(page('a', *DEFINITE), page('b', item('test-case', 'The feature flag, the migration and the endpoint')))
    assert links(of) == []


@pytest.mark.parametrize(
    ('text', 'meant'),
    [
        ('Order Item is kept', ['Order Item']),
        ('`Order Item` is kept', ['Order Item']),
        ('The Item is kept', ['Item']),
        ('`Item` and Order Item', ['Item', 'Order Item']),
        ('the Order Itemizer', []),
        ('Items', []),
        ('Item.price_eur', ['Item.price_eur']),
        ('`Item.price_eur` and Item', ['Item.price_eur', 'Item']),
        ('GET /Item', ['GET /Item']),
        ('Item.unknown', ['Item']),
    ],
)
def test_the_longest_match_wins(text: str, meant: list[str]) -> None:
    items = (
        item('entity', 'Order Item'),
        item('entity', 'Item', item('field', 'price_eur: int')),
        item('endpoint', 'GET /Item', change='new'),
    )
    assert sorted(_verified(*items, tests=text)) == sorted(meant)


@pytest.mark.parametrize(
    ('text', 'meant'),
    [
        ('users can log in', []),
        ('`users` holds a row', ['users']),
        ('the users table holds a row', ['users']),
        ('the table users holds a row', ['users']),
        ('users, as before, log in', []),
        ('status is shown', []),
        ('`status` is shown', ['users.status']),
        ('the status column', ['users.status']),
        ('column status', ['users.status']),
        ('created_at is set', ['users.created_at']),
        ('Status is shown', []),
        ('Model is loaded', []),
        ('the Model is loaded', ['Model']),
        ('model is loaded', []),
        ('the Model table', ['Model']),
        ('the Users table', ['users']),
        ('users.status is shown', ['users.status']),
        ('search is fast', []),
        ('the search flag', ['search']),
        ('a `search` flag', ['search']),
    ],
)
def test_a_plain_lower_case_word_is_a_name_only_where_it_is_marked(text: str, meant: list[str]) -> None:
    items = (
        item('entity', 'users', item('field', 'status: text'), item('field', 'created_at: date')),
        item('entity', 'Model'),
        item('feature-flag', 'search'),
    )
    assert _verified(*items, tests=text) == meant


def test_a_name_means_the_notes_own_item_first() -> None:
    old = page(
        'old', item('endpoint', 'POST /x', change='new'), item('entity', 'T', change='new'), created='2025-01-01'
    )
    new = page(
        'new',
        item('endpoint', 'POST /x', change='changed'),
        item('entity', 'T', change='modified'),
        item('test-case', 'Test POST /x and T'),
        item('test-case', 'By option', verifies='POST /x, T'),
    )
    other = page('other', item('test-case', 'Test POST /x and T'))
    assert {target for source, target in _ids(graph(old, new, other)) if source.startswith('new')} == {
        'new-endpoint-post-x-changed', 'new-entity-t-modified',
    }  # fmt: skip


def test_a_name_means_the_introduction_in_a_note_that_has_none_itself() -> None:
    notes = [
        page('a', item('endpoint', 'POST /x', change='changed'), created='2025-01-01'),
        page('b', item('endpoint', 'POST /x', change='new'), created='2025-02-01'),
        page('c', item('test-case', 'Test POST /x')),
    ]
    assert _ids(graph(*notes)) == [('c-test-case-test-post-x', 'b-endpoint-post-x-new')]


def test_two_services_health_checks_are_two() -> None:
    notes = [
        page('a', item('endpoint', 'GET /healthz', change='new'), item('test-case', 'GET /healthz'), service='one'),
        page('b', item('endpoint', 'GET /healthz', change='new'), item('test-case', 'GET /healthz'), service='two'),
        page('c', item('test-case', 'GET /healthz'), service='two'),
        page('d', item('test-case', 'GET /healthz'), service='one'),
    ]
    assert [(source[0], target[0]) for source, target in _ids(graph(*notes))] == [
        ('a', 'a'),
        ('b', 'b'),
        ('c', 'b'),
        ('d', 'a'),
    ]


def test_the_service_of_the_profile_counts_as_the_notes() -> None:
    notes = [
        page('a', item('endpoint', 'GET /healthz', change='new'), service='one'),
        page('b', item('endpoint', 'GET /healthz', change='new'), default_service='two'),
        page('c', item('test-case', 'GET /healthz'), default_service='two'),
    ]
    assert [(source[0], target[0]) for source, target in _ids(graph(*notes))] == [('c', 'b')]


def test_the_service_of_an_item_counts_before_the_notes() -> None:
    note = page(
        'a',
        item('endpoint', 'GET /healthz', service='one', id='first'),
        item('endpoint', 'GET /healthz', service='two', id='second'),
        item('test-case', 'GET /healthz', service='two', id='test'),
    )
    assert _ids(graph(note)) == [('test', 'second')]


def test_a_dead_notes_things_are_named_by_itself_alone() -> None:
    notes = [
        page('a', item('endpoint', 'GET /x', change='new'), item('test-case', 'GET /x'), status='rejected'),
        page('b', item('test-case', 'GET /x')),
    ]
    of = graph(*notes)
    assert _ids(of) == [('a-test-case-get-x', 'a-endpoint-get-x-new'), ('b-test-case-get-x', 'GET /x')]
    assert dangling(of) == [('GET /x', 'endpoint', 10, None)]


def test_a_mention_meets_its_declaration_with_and_without_the_base_path() -> None:
    tests = '- GET /api/v1/jobs/:id\n- GET /jobs/<x>\n- The /jobs/{id} route\n- GET /api/v1/jobs/{id}/?x=1'
    note = page(
        'a',
        item('endpoint', 'GET /jobs/{id}', change='new'),
        item('test-plan', 'unit', body=tests),
        base_path='/api/v1',
    )
    other = page('b', item('test-case', 'GET /api/v1/jobs/{x}'))
    of = graph(note, other)
    assert ([target for _, target in links_of('verifies', of)], dangling(of)) == (['GET /jobs/{id}'] * 5, [])


@pytest.mark.parametrize(
    'text', ['GET /v2/jobs', 'GET /jobs/{id}', 'POST /v1/jobs', 'GET /v1/job', 'GET /.well-known/x']
)
def test_another_version_path_or_method_is_another_endpoint(text: str) -> None:
    of = graph(page('a', item('endpoint', 'GET /v1/jobs', change='new'), item('test-case', f'Test {text}', line=20)))
    assert dangling(of) == [(text, 'endpoint', 20, None)]
    assert links(of) == [(f'Test {text}', 'verifies', f'{text}?')]


@pytest.mark.parametrize(
    'text',
    ["GET /x's answer", 'GET /x’s answer', 'GET /x…', '“GET /x”', '(GET /x)', 'GET /x.', 'GET /x: ok', 'GET /x!'],
)
def test_punctuation_around_a_path_does_not_belong_to_it(text: str) -> None:
    assert _verified(item('endpoint', 'GET /x', change='new'), tests=text) == ['GET /x']


def test_a_bare_path_means_all_its_methods_and_is_never_undeclared() -> None:
    of = graph(
        page('a', item('endpoint', 'GET, POST /x', change='new'), item('test-case', 'The /x route, /y and /etc/hosts'))
    )
    assert ([target for _, target in links_of('verifies', of)], dangling(of)) == (['GET /x', 'POST /x'], [])


def test_a_list_of_methods_means_each() -> None:
    assert _verified(item('endpoint', 'GET, HEAD /x'), tests='GET or HEAD /x') == ['GET /x', 'HEAD /x']


def test_what_is_known_without_a_note_is_no_mistake() -> None:
    note = page('a', item('test-case', 'GET /known/{id}'), item('endpoint', 'GET /x', uses='users', flag='beta'))
    of = graph(note, known={'endpoint': ['GET /known/:id'], 'entity': ['Users table'], 'feature-flag': ['beta']})
    assert (of.dangling, links(of)) == ((), [('GET /x', 'uses', 'users')])


@pytest.mark.parametrize(
    ('written', 'target'),
    [
        ('entity:users', 'a-entity-users'),
        ('interface:users', 'a-interface-event-users'),
        ('entity: users', 'a-entity-users'),
        ('users', 'a-interface-event-users'),
        ('endpoint:GET /users', 'a-endpoint-get-users'),
        ('GET /users', 'a-endpoint-get-users'),
    ],
)
def test_a_kind_before_a_name_says_which_is_meant(written: str, target: str) -> None:
    note = page(
        'a',
        item('entity', 'users'),
        item('interface', 'users', kind='event'),
        item('endpoint', 'GET /users'),
        item('compatibility', 'c', covers=written),
    )
    assert _ids(graph(note)) == [('a-compatibility-c', target)]


def test_a_kind_that_the_link_cannot_point_to_is_wrong() -> None:
    note = page('a', item('feature-flag', 'users'), item('compatibility', 'c', covers='flag:users'))
    (found,) = wrong(graph(note))
    assert (found.written, found.option, found.wrong) == ('flag:users', 'covers', 'a-feature-flag-users')


def test_a_name_that_only_something_of_another_kind_has_is_wrong() -> None:
    note = page('a', item('entity', 'users'), item('feature-flag', 'f', requires='users'))
    of = graph(note)
    assert dangling(of) == [('users', 'feature-flag', 12, 'requires')]
    assert [found.wrong for found in wrong(of)] == ['a-entity-users']


def test_the_id_of_something_of_another_kind_does_not_hide_what_is_meant() -> None:
    notes = [page('orders'), page('b', item('entity', 'orders'), item('endpoint', 'GET /o', uses='orders'))]
    of = graph(*notes)
    assert (_ids(of), dangling(of)) == ([('b-endpoint-get-o', 'b-entity-orders')], [])


def test_a_name_is_looked_up_in_its_own_note_before_other_kinds_elsewhere() -> None:
    notes = [
        page('a', item('feature-flag', 'orders'), item('test-case', 't', verifies='orders')),
        page('b', item('entity', 'orders')),
        page('orders'),
    ]
    assert _ids(graph(*notes)) == [('a-test-case-t', 'a-feature-flag-orders')]


def test_another_name_of_an_entity_names_its_columns_too() -> None:
    entity = item('entity', 'Deployment', item('field', 'auto_on: bool'), table='deployments')
    of = graph(page('n', entity, item('migration', 'm', entities='deployments, deployments.auto_on')))
    assert links(of) == [('m', 'migrates', 'Deployment'), ('m', 'migrates', 'Deployment.auto_on')]
    assert dangling(of) == []


def test_a_dangling_name_stands_at_the_line_of_its_option() -> None:
    note = page('a', item('test-case', 't', level='unit', verifies='POST /a, entity:gone', line=30))
    of = graph(note)
    assert [(written, line, option) for written, _, line, option in dangling(of)] == [
        ('POST /a', 32, 'verifies'), ('entity:gone', 32, 'verifies'),
    ]  # fmt: skip


def test_a_dangling_name_says_first_what_was_most_likely_meant() -> None:
    note = page('a', item('test-case', 't', verifies='POST /a, entity:gone'))
    assert [(written, kind) for written, kind, _, _ in dangling(graph(note))] == [
        ('POST /a', 'endpoint'), ('entity:gone', 'entity'),
    ]  # fmt: skip


def test_a_kind_before_a_name_that_nothing_of_that_kind_has_is_dangling_and_not_wrong() -> None:
    note = page('a', item('entity', 'users'), item('compatibility', 'c', covers='flag:users'))
    assert [(found.written, found.wrong) for found in graph(note).dangling] == [('flag:users', None)]


def test_a_dangling_name_stands_at_its_line_of_a_body() -> None:
    note = page('a', item('feature-flag', 'f', owner='me', body='First\nPOST /a\n\nand POST /b', line=30))
    assert dangling(graph(note)) == [('POST /a', 'endpoint', 33, None), ('POST /b', 'endpoint', 35, None)]


def test_a_role_that_names_nothing_is_dangling() -> None:
    at = SourceLocation(path='notes/a.md', line=7)
    mentions = [
        Mention(kind='endpoint', target='GET /gone', location=at),
        Mention(kind='entity', target='T', location=at),
        Mention(kind=None, target='a-entity-t', location=at),
        Mention(kind='endpoint', target='T', location=at),
    ]
    of = graph(page('a', item('entity', 'T'), mentions=mentions))
    assert [(d.written, d.kinds[0], d.location, d.wrong) for d in of.dangling] == [
        ('GET /gone', 'endpoint', at, None), ('T', 'endpoint', at, 'a-entity-t'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ('event', 'trigger', 'recorded'),
    [
        ('deployment.auto_config', 'later', ['POST /api/serving/auto-config']),
        ('autoConfig', 'later', ['POST /api/serving/auto-config']),
        ('x', 'when auto config runs', ['POST /api/serving/auto-config']),
        ('job.cancel', 'later', ['POST /jobs/{id}/cancel']),
        ('job.cancelled', 'later', ['POST /jobs/{id}/cancel']),
        ('auto.reconfig', 'later', []),
        ('x', 'POST /jobs/{id}/cancel makes an auto config', ['POST /jobs/{id}/cancel']),
        ('lock', 'later', []),
    ],
)
def test_an_audit_event_that_names_no_endpoint_records_those_of_its_words(
    event: str, trigger: str, recorded: list[str]
) -> None:
    paths = ('POST /api/serving/auto-config', 'POST /jobs/{id}/cancel', 'POST /jobs/{id}')
    endpoints = [item('endpoint', path, change='new') for path in paths]
    of = graph(
        page('a', *endpoints, item('audit-event', event, trigger=trigger)), page('b', item('endpoint', 'POST /cancel'))
    )
    assert [target for _, target in links_of('records', of)] == recorded


def test_an_own_kind_links_by_its_options() -> None:
    vocabulary = extended_vocabulary(
        {'risk': {'options': {'threatens': {'link': 'threatens'}, 'raised-by': {'link': 'raises', 'inverse': True}}}}
    )
    note = page(
        'a', ENDPOINT, item('risk', 'Load', threatens='POST /jobs, gone', raised_by='POST /jobs'), vocabulary=vocabulary
    )
    of = graph(note, vocabulary=vocabulary)
    assert links(of) == [
        ('POST /jobs', 'raises', 'Load'), ('Load', 'threatens', 'POST /jobs'), ('Load', 'threatens', 'gone?'),
    ]  # fmt: skip


def test_an_item_links_to_itself_only_where_that_is_a_circle_to_report() -> None:
    flag = item('feature-flag', 'f', requires='f', gates='f', body='`f` is on')
    of = graph(page('a', flag, item('endpoint', 'GET /f', purpose='GET /f')))
    assert links(of) == [('f', 'requires', 'f')]


@pytest.mark.parametrize(
    ('event', 'recorded'),
    [
        ('order.created', ['POST /orders']),
        ('order.cancelled', ['DELETE /orders/{id}']),
        ('order.updated', ['PATCH /orders/{id}', 'POST /orders']),
        ('order.archived', ['DELETE /orders/{id}', 'GET /orders', 'PATCH /orders/{id}', 'POST /orders']),
        ('order.viewed', ['GET /orders']),
    ],
)
def test_an_audit_event_records_what_does_what_it_says(event: str, recorded: list[str]) -> None:
    targets = ('GET /orders', 'POST /orders', 'PATCH /orders/{id}', 'DELETE /orders/{id}')
    endpoints = [item('endpoint', target, change='new') for target in targets]
    of = graph(page('a', *endpoints, item('audit-event', event)))
    assert sorted(target for _, target in links_of('records', of)) == recorded
