"""When two names mean one thing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_designnote.model.identity import (
    ENDPOINT_MENTION,
    endpoint_identity,
    entity_identity,
    http_target,
    slug,
    words_of,
)


@pytest.mark.parametrize(
    ('written', 'methods', 'path'),
    [
        ('POST /x', 'POST', '/x'),
        ('post /x', 'POST', '/x'),
        ('POST   /x', 'POST', '/x'),
        ('GET /x/', 'GET', '/x'),
        ('GET /', 'GET', '/'),
        ('GET /x?dry=1', 'GET', '/x'),
        ('GET /x/?dry=1', 'GET', '/x'),
        ('GET /x?to=/y/', 'GET', '/x'),
        ('GET /x#', 'GET', '/x'),
        ('`POST /x`', 'POST', '/x'),
        ('POST `/x`', 'POST', '/x'),
        ('POST /servers/{id}/action#lock', 'POST', '/servers/{id}/action#lock'),
        ('POST /servers/{id}/action/#lock', 'POST', '/servers/{id}/action#lock'),
        ('WS /stream', 'WS', '/stream'),
        ('GET, POST /x', 'GET POST', '/x'),
        ('GET,POST /x', 'GET POST', '/x'),
        ('GET or HEAD /x', 'GET HEAD', '/x'),
        ('GET and HEAD /x', 'GET HEAD', '/x'),
        ('POST + DELETE /x', 'POST DELETE', '/x'),
        ('GET|POST /x', 'GET POST', '/x'),
        ('GET & HEAD /x', 'GET HEAD', '/x'),
        ('GET, HEAD and OPTIONS /x', 'GET HEAD OPTIONS', '/x'),
        ('GET, HEAD, and OPTIONS /x', 'GET HEAD OPTIONS', '/x'),
        ('POST, POST /x', 'POST', '/x'),
    ],
)
def test_an_http_target_is_read_as_methods_and_path(written: str, methods: str, path: str) -> None:
    target = http_target(written)
    assert target is not None
    assert (' '.join(target.methods), target.unknown, target.path, target.rest) == (methods, (), path, '')


@pytest.mark.parametrize(
    'written', ['', 'POST', '/x', 'POST x', 'POST: /x', 'GET, /x', 'GET https://a.example/x', '* /x']
)
def test_text_that_is_no_method_and_path_is_no_http_target(written: str) -> None:
    assert http_target(written) is None


def test_a_method_that_http_does_not_have_is_told_apart() -> None:
    target = http_target('GET, FETCH /x')
    assert target is not None
    assert (target.methods, target.unknown) == (('GET', 'FETCH'), ('FETCH',))


def test_what_stands_behind_a_path_is_kept() -> None:
    target = http_target('POST /x starts a job')
    assert target is not None
    assert (target.path, target.rest) == ('/x', 'starts a job')


@pytest.mark.parametrize(
    'path', ['/jobs/{id}', '/jobs/:job_id', '/jobs/<uuid>', '/jobs/<int:id>', '/jobs/[id]', '/jobs/{id:path}']
)
def test_all_ways_to_write_a_parameter_are_one(path: str) -> None:
    assert endpoint_identity('GET', path) == 'GET /jobs/{}'


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        ('/jobs/{id}', '/jobs'),
        ('/jobs/{id}', '/jobs/{id}/cancel'),
        ('/v1/jobs', '/v2/jobs'),
        ('/jobs/{id}', '/jobs/{id}:cancel'),
        ('/jobs/x', '/jobs/{x}'),
        ('/jobs#lock', '/jobs'),
        ('/jobs#lock', '/jobs#unlock'),
        ('/Jobs', '/jobs'),
    ],
)
def test_different_paths_are_different_endpoints(one: str, other: str) -> None:
    assert endpoint_identity('GET', one) != endpoint_identity('GET', other)


def test_websocket_is_one_method_however_it_is_written() -> None:
    assert endpoint_identity('WEBSOCKET', '/s') == endpoint_identity('WS', '/s')


@pytest.mark.parametrize(
    ('path', 'base', 'identity'),
    [
        ('/jobs', '/api/v1', 'GET /api/v1/jobs'),
        ('/api/v1/jobs', '/api/v1', 'GET /api/v1/jobs'),
        ('/api/v1/jobs', '/api/v1/', 'GET /api/v1/jobs'),
        ('/api/v1', '/api/v1', 'GET /api/v1'),
        ('/', '/api/v1', 'GET /api/v1'),
        ('/jobs', '/', 'GET /jobs'),
        ('/api/v10/jobs', '/api/v1', 'GET /api/v10/jobs'),
        ('/jobs', '/t/{tenant}', 'GET /t/{}/jobs'),
        ('/t/:tenant/jobs', '/t/{tenant}', 'GET /t/{}/jobs'),
    ],
)
def test_a_path_meets_itself_with_and_without_the_base_path(path: str, base: str, identity: str) -> None:
    assert endpoint_identity('GET', path, base) == identity


@pytest.mark.parametrize(
    'name', ['Deployment', 'deployment', 'Deployment table', 'DEPLOYMENT  TABLE', 'table Deployment']
)
def test_an_entity_is_compared_without_case_and_without_the_word_table(name: str) -> None:
    assert entity_identity(name, {}) == 'deployment'


@pytest.mark.parametrize('name', ['timetable', 'table', 'tables', 'turntable model'])
def test_the_word_table_is_only_dropped_beside_a_name(name: str) -> None:
    assert entity_identity(name, {}) == name


def test_only_the_word_table_is_dropped_from_the_name_of_an_entity() -> None:
    # "service + name, without the word table": a topic of orders is not the table of orders.
    assert entity_identity('orders topic', {}) != entity_identity('orders', {})


def test_an_alias_is_followed_once() -> None:
    aliases = {'deployments': 'deployment', 'deployment': 'x'}
    assert entity_identity('Deployments table', aliases) == 'deployment'


@pytest.mark.parametrize(
    ('text', 'result'),
    [
        ('Add the big column', 'add-the-big-column'),
        ('POST /api/v1/x', 'post-api-v1-x'),
        ('Ärger', 'arger'),
        ('A–B', 'a-b'),
        ('“Quick” Deploy', 'quick-deploy'),
        ('auto_configured', 'auto-configured'),
    ],
)
def test_a_slug_keeps_letters_and_digits(text: str, result: str) -> None:
    assert slug(text) == result


@pytest.mark.parametrize(
    ('one', 'other'),
    [
        ('日本語', '日本'),
        ('Привет', 'мир'),
        ('a' * 81, 'a' * 82),
        ('a' * 100_000, 'a' * 100_001),
        ('a' + ' ' * 1000 + 'b', 'a' + ' ' * 1000 + 'c'),
        ('', '-'),
        ('part 日', 'part 月'),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_texts_whose_letters_are_lost_keep_different_slugs(one: str, other: str) -> None:
    assert slug(one) != slug(other)


@given(st.text())
def test_a_slug_is_short_and_safe_as_an_html_id(text: str) -> None:
    assert re.fullmatch(r'[a-z0-9]+(-[a-z0-9]+)*', slug(text))
    assert len(slug(text)) <= 80


@given(st.text(alphabet=st.characters(), max_size=100))
def test_no_text_breaks_the_reading_of_a_target(text: str) -> None:
    target = http_target(text)
    assert target is None or target.path.startswith('/')


def _mentions(text: str) -> list[str]:
    return [f'{m["methods"] or ""} {m["path"]}'.strip() for m in ENDPOINT_MENTION.finditer(text)]


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('Test POST /x with a body', ['POST /x']),
        ('Test `POST /x`, then GET /y', ['POST /x', 'GET /y']),
        ('Test `POST` `/x`', ['POST /x']),
        ('(GET /x)', ['GET /x']),
        ('GET or HEAD /x', ['GET or HEAD /x']),
        ('POST + DELETE /x/{id}', ['POST + DELETE /x/{id}']),
        ('POST\n/x', ['POST /x']),
        ('GET / is the root', ['GET /']),
        ('WS /stream', ['WS /stream']),
        ('POST /x/{id}/action#lock', ['POST /x/{id}/action#lock']),
        ('GET /x/<int:id>/y', ['GET /x/<int:id>/y']),
        ('existing /api/v1/serving rate limit (10 req/min)', ['/api/v1/serving']),
        ('GET /.well-known/jwks.json', ['GET /.well-known/jwks.json']),
        ('GET /~me', ['GET /~me']),
        ("GET /x's answer", ['GET /x']),
        ('GET /x’s answer', ['GET /x']),
        ('“GET /x” works', ['GET /x']),
        ('GET /x–POST /y', ['GET /x', 'POST /y']),
        ('GET /x…', ['GET /x']),
        ('GET, HEAD, and OPTIONS /x', ['GET, HEAD, and OPTIONS /x']),
    ],
)
def test_endpoints_in_running_text_are_found(text: str, found: list[str]) -> None:
    assert [' '.join(each.split()) for each in _mentions(text)] == found


@pytest.mark.parametrize(
    'text',
    [
        'see https://example.org/api/jobs for more',
        'GET https://example.org/api/jobs',
        'http://localhost:8080/x',
        'enabled and/or disabled',
        'src/api/x.py holds it',
        './run and ../x/y',
        '~/notes',
        'between 1/2 and 3/4 of 2027/06/30',
        'at 10:30/11:30, 24/7',
        'TCP/IP, I/O, n/a, r/w',
        '10 req/min',
        '<div>text</div>',
        'a line<br/>break and <br /> one more',
        'either / or',
        '// a comment',
        'file:///etc/hosts',
    ],
)
def test_a_slash_in_running_text_is_no_endpoint(text: str) -> None:
    assert _mentions(text) == []


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('autoConfig', 'auto config'),
        ('deployment.auto_config', 'deployment auto config'),
        ('auto-config', 'auto config'),
        ('AutoConfig2', 'auto config2'),
        ('', ''),
    ],
)
def test_an_identifier_is_split_into_words(name: str, words: str) -> None:
    assert ' '.join(words_of(name)) == words
