"""Option values, arguments and messages."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_designnote.diagnostics import SourceLocation, did_you_mean, nearest, quote
from sphinxcontrib_designnote.model.records import Ignore, Value
from sphinxcontrib_designnote.model.schema import Kind, Option, ValueType, builtin_vocabulary
from sphinxcontrib_designnote.model.values import (
    read_argument,
    read_date,
    read_ignore,
    read_value,
    split_names,
    unquote,
)

KINDS = builtin_vocabulary().kinds
CHOICE = ('draft', 'in-review', 'accepted')
HERE = SourceLocation(path='n.md', line=1)


def _option(type_: str) -> Option:
    kind = ValueType(type_)
    return Option(name='it', type=kind, values=CHOICE if kind is ValueType.CHOICE else ())


@pytest.mark.parametrize(
    ('type_', 'written', 'value'),
    [
        ('text', ' Some *text* ', 'Some *text*'),
        ('text', '`x`', '`x`'),
        ('code', '`{"a": 1}`', '{"a": 1}'),
        ('code', '`a` and `b`', '`a` and `b`'),
        ('boolean', 'yes', True),
        ('boolean', 'True', True),
        ('boolean', '', True),
        ('boolean', 'off', False),
        ('boolean', '`false`', False),
        ('boolean', 'Disabled', False),
        ('switch', 'on', 'on'),
        ('switch', 'true', 'on'),
        ('switch', 'False', 'off'),
        ('switch', '`off`', 'off'),
        ('switch', 'disabled', 'off'),
        ('state', 'enabled', 'on'),
        ('state', 'No', 'off'),
        ('state', '`off`', 'off'),
        ('state', '10% of tenants', '10% of tenants'),
        ('date', '2027-06-30', datetime.date(2027, 6, 30)),
        ('date', '`2027-06-30`', datetime.date(2027, 6, 30)),
        ('names', 'a, b', ('a', 'b')),
        ('names', '`a`,`b`', ('a', 'b')),
        ('names', 'a', ('a',)),
        ('names', '[a, "b", `c`]', ('a', 'b', 'c')),
        ('names', '[a], [b]', ('[a]', '[b]')),
        ('code', '[1, 2]', '[1, 2]'),
        ('names', 'a,, b,', ('a', 'b')),
        ('choice', 'draft', 'draft'),
        ('choice', 'In review', 'in-review'),
        ('choice', 'in_review', 'in-review'),
        ('choice', '`accepted`', 'accepted'),
        ('release', '25.10', '25.10'),
        ('references', 'POST /x, Deployment.a', ('POST /x', 'Deployment.a')),
    ],
)
def test_a_value_is_read_as_its_type(type_: str, written: str, value: Value) -> None:
    assert read_value(_option(type_), written) == (value, None)


@pytest.mark.parametrize(
    ('type_', 'written', 'complaint'),
    [
        ('boolean', 'maybe', "'it' is 'maybe'; write one of: yes, no"),
        ('switch', 'half', "'it' is 'half'; write one of: on, off"),
        ('switch', '', "'it' has no value; give one, or leave the option out"),
        ('text', ' ', "'it' has no value; give one, or leave the option out"),
        ('state', '', "'it' has no value; give one, or leave the option out"),
        ('names', '', "'it' has no value; give one, or leave the option out"),
        ('names', ' , ', "'it' has no value; give one, or leave the option out"),
        ('references', ',', "'it' has no value; give one, or leave the option out"),
        ('date', 'soon', "'it' is 'soon', which is no day of the calendar; write it as 2027-06-30"),
        ('date', '2027-02-30', "'it' is '2027-02-30', which is no day of the calendar; write it as 2027-06-30"),
        ('date', '20270630', "'it' is '20270630', which is no day of the calendar; write it as 2027-06-30"),
        ('choice', 'drafd', "'it' is 'drafd'; did you mean 'draft'?; write one of: draft, in-review, accepted"),
        ('choice', 'zzz', "'it' is 'zzz'; write one of: draft, in-review, accepted"),
    ],
)
def test_a_bad_value_is_nothing_and_a_complaint(type_: str, written: str, complaint: str) -> None:
    assert read_value(_option(type_), written) == (None, complaint)


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('', ()),
        (' a ,b', ('a', 'b')),
        ('a\nb', ('a', 'b')),
        ('f(a, b), c', ('f(a, b)', 'c')),
        ('{"a": 1, "b": [1, 2]}, c', ('{"a": 1, "b": [1, 2]}', 'c')),
        ('`a, b`, c', ('`a, b`', 'c')),
        ('`(`, c', ('`(`', 'c')),
        ('a), b', ('a)', 'b')),
        ('POST /x/{id}, GET /y', ('POST /x/{id}', 'GET /y')),
        ('((a, (b, c)), d), e', ('((a, (b, c)), d)', 'e')),
    ],
)
def test_names_are_split_at_commas_outside_brackets_and_code(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


@given(st.text())
def test_splitting_loses_nothing_but_separators_and_space(text: str) -> None:
    kept = ''.join(''.join(split_names(text)).split())
    assert kept.replace(',', '') == ''.join(text.split()).replace(',', '')


@pytest.mark.parametrize(
    ('text', 'ignores'),
    [
        ('DN301 (public health check)', [('DN301', 'public health check')]),
        ('DN301 (reason), DN501 (other, longer reason)', [('DN301', 'reason'), ('DN501', 'other, longer reason')]),
        ('flag-without-owner', [('flag-without-owner', '')]),
        ('DN301, DN501 (no)', [('DN301', ''), ('DN501', 'no')]),
        ('DN301 (a (b) c)', [('DN301', 'a (b) c')]),
        ('', []),
    ],
)
def test_an_ignore_list_is_rules_with_reasons(text: str, ignores: list[tuple[str, str]]) -> None:
    assert read_ignore(text, HERE) == tuple(Ignore(rule=rule, reason=reason, location=HERE) for rule, reason in ignores)


@pytest.mark.parametrize(
    'text', ['2027-6-30', '2027-W01-1', '2027-06-30T00:00', ' 2027-06-30', '٢٠٢٧-٠٦-٣٠', '0000-01-01', '']
)
def test_only_plain_iso_dates_are_dates(text: str) -> None:
    assert read_date(text) is None


@given(st.dates())
def test_every_iso_date_is_read(date: datetime.date) -> None:
    assert read_date(date.isoformat()) == date


@pytest.mark.parametrize(
    ('text', 'name'), [('`a`', 'a'), ('`a` b', '`a` b'), ('`a` `b`', '`a` `b`'), ('``', '``'), ('`', '`')]
)
def test_only_a_name_that_is_all_code_loses_its_marks(text: str, name: str) -> None:
    assert unquote(text) == name


def _arguments(kind: str, written: str) -> list[tuple[str, dict[str, Value]]]:
    arguments, complaint = read_argument(KINDS[kind], written)
    assert complaint is None
    return [(argument.key, argument.fields) for argument in arguments]


@pytest.mark.parametrize(
    ('kind', 'written', 'read'),
    [
        ('endpoint', 'POST /x/', [('POST /x', {'method': 'POST', 'path': '/x'})]),
        (
            'endpoint',
            'GET, POST /x',
            [('GET /x', {'method': 'GET', 'path': '/x'}), ('POST /x', {'method': 'POST', 'path': '/x'})],
        ),
        ('entity', ' `Order  Item` ', [('Order Item', {})]),
        ('field', 'auto: boolean', [('auto', {'type': 'boolean'})]),
        ('field', '`auto: boolean`', [('auto', {'type': 'boolean'})]),
        ('field', '`auto`: boolean', [('auto', {'type': 'boolean'})]),
        ('field', 'auto', [('auto', {})]),
        ('field', 'x: map<str, int>', [('x', {'type': 'map<str, int>'})]),
        ('constraint', 'index on a, b', [('index on a, b', {'kind': 'index', 'columns': ('a', 'b')})]),
        ('constraint', 'Index on (a, b)', [('index on a, b', {'kind': 'index', 'columns': ('a', 'b')})]),
        ('constraint', 'index on `a` and `b`', [('index on a, b', {'kind': 'index', 'columns': ('a', 'b')})]),
        (
            'constraint',
            'foreign key on user_id',
            [('foreign-key on user_id', {'kind': 'foreign-key', 'columns': ('user_id',)})],
        ),
        ('constraint', 'unique index on a', [('unique on a', {'kind': 'unique', 'columns': ('a',)})]),
        ('constraint', 'amounts are positive', [('amounts are positive', {})]),
        ('authorization', 'POST /x/', [('POST /x', {})]),
        ('authorization', 'Approving an order', [('Approving an order', {})]),
        ('test-plan', 'Unit', [('unit', {})]),
        ('migration', 'Add  the column', [('Add the column', {})]),
        ('approach', '', [('Approach', {})]),
    ],
)
def test_an_argument_is_read_as_its_kind_says(
    kind: str, written: str, read: list[tuple[str, dict[str, Value]]]
) -> None:
    assert _arguments(kind, written) == read


METHOD_LIST = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT, WS, WEBSOCKET'


@pytest.mark.parametrize(
    ('written', 'complaint'),
    [
        ('POST', "'POST' has no path; write 'METHOD /path', for example 'POST /jobs'"),
        ('/x', "'/x' has no method; write 'METHOD /path', for example 'POST /jobs'"),
        ('FETCH /x', f"'FETCH' is no HTTP method; did you mean 'PATCH'?; write one of: {METHOD_LIST}"),
        ('ANY /x', f"'ANY' is no HTTP method; write one of: {METHOD_LIST}"),
        ('POST /x y', "'POST /x y' goes on after its path; write 'METHOD /path' alone, and the rest as ':purpose:'"),
    ],
)
def test_a_malformed_endpoint_is_kept_with_a_complaint(written: str, complaint: str) -> None:
    arguments, said = read_argument(KINDS['endpoint'], written)
    assert (len(arguments), said) == (1, complaint)


@pytest.mark.parametrize('written', ['POST api/jobs', 'GET https://example.org/api', 'POST jobs/{id}/cancel'])
def test_a_method_that_is_one_is_never_called_none(written: str) -> None:
    _, said = read_argument(KINDS['endpoint'], written)
    assert said is not None
    assert 'is no HTTP method' not in said
    assert "'METHOD /path'" in said


def test_a_wrong_level_is_kept_with_a_complaint() -> None:
    arguments, said = read_argument(KINDS['test-plan'], 'integratoin')
    assert arguments[0].key == 'integratoin'
    assert said == (
        "'integratoin' is not accepted; did you mean 'integration'?; write one of: "
        'unit, integration, contract, e2e, manual, load, security, migration'
    )


@pytest.mark.parametrize(
    'seed', ['x', ' ', '\n', '\0', '\u202e', '`', '(', '/', '<script>', '日', '\udc80', 'POST ', 'a,'], ids=ascii
)
def test_every_complaint_about_100_kilobytes_is_one_short_line(seed: str) -> None:
    text = seed * (100_000 // len(seed))
    said = [read_value(_option(type_), text)[1] for type_ in ValueType]
    said += [read_argument(kind, text)[1] for kind in KINDS.values()]
    assert [s for s in said if s is not None and (len(s) > 500 or '\n' in s or not s.isprintable())] == []


@given(st.text())
def test_every_complaint_is_one_printable_line(text: str) -> None:
    said = [read_value(_option(type_), text)[1] for type_ in ValueType]
    said += [read_argument(kind, text)[1] for kind in KINDS.values()]
    assert [s for s in said if s is not None and not s.isprintable()] == []


@given(st.sampled_from(sorted(KINDS)), st.text())
def test_an_argument_is_never_read_as_nothing(kind: str, text: str) -> None:
    described: Kind = KINDS[kind]
    assert read_argument(described, text)[0]


@pytest.mark.parametrize(
    ('word', 'words', 'near'),
    [
        ('onwer', ['owner', 'gates'], 'owner'),
        ('OWNER', ['owner'], 'owner'),
        ('zzz', ['owner'], None),
        ('x' * 100_000, ['owner'], None),
        ('a', [], None),
    ],
    ids=lambda part: ascii(part)[:20],
)
def test_the_nearest_word_is_suggested(word: str, words: list[str], near: str | None) -> None:
    assert nearest(word, words) == near
    assert did_you_mean(word, words) == (f"; did you mean '{near}'?" if near else '')


@pytest.mark.parametrize(
    ('text', 'quoted'),
    [
        ('a\nb', "'a b'"),
        ('', "''"),
        ('x' * 60, "'" + 'x' * 60 + "'"),
        ('x' * 61, "'" + 'x' * 59 + "…'"),
        ('a\x00b', "'a\N{REPLACEMENT CHARACTER}b'"),
        ('\u202eabc', "'\N{REPLACEMENT CHARACTER}abc'"),
        (' ' * 1000 + 'abc', "'abc'"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_quoted_text_is_one_short_printable_line(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_an_expression_in_an_index_keeps_its_parentheses() -> None:
    (argument,), complaint = read_argument(builtin_vocabulary().kinds['constraint'], 'unique index on lower(email)')
    assert (argument.fields, complaint) == ({'kind': 'unique', 'columns': ('lower(email)',)}, None)
