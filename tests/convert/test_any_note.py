"""Whatever a note says: plain, with directives, in either syntax, it says the same."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinxcontrib_designnote.convert.agreement import differences
from sphinxcontrib_designnote.convert.directives import to_directives
from sphinxcontrib_designnote.convert.equal import convert
from sphinxcontrib_designnote.convert.plain import to_plain
from sphinxcontrib_designnote.convert.snapshot import Workbench
from sphinxcontrib_designnote.convert.translate import translate
from sphinxcontrib_designnote.convert.writing import CannotWriteError, Directive, lines_of
from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Kind, Option, ValueType, builtin_vocabulary

KINDS = builtin_vocabulary().kinds
FEW = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = st.sampled_from(
    [
        *(
            '"Quick" hidden',
            '"all of it"',
            "'all of it'",
            "it's",
            "'half' a",
            '| x',
            '|',
            '> 5',
            '>',
            'a # b',
            '#',
            '*',
        ),
        *(':purpose: x', 'Purpose: x', 'x: y', '{"a": "b"}', '`code`', '`a` and `b`', 'a ` b', '``', '```', '~~~ x'),
        *(
            '- dash',
            '-',
            '–',
            '1. one',
            '[x] done',
            'None',
            'None.',
            'ünïcödé → ✓',
            '日本語',
            'a\\b',
            '\\',
            '<b>',
            '&amp;',
        ),
        *(
            'a_b_c',
            '_a_',
            '**bold**',
            '[a](b)',
            '{ref}`x`',
            ':ref:`x`',
            '`a <b>`__',
            '$x$',
            'a | b | c',
            '25.10',
            'yes',
        ),
        *(
            'POST /a',
            'POST /a: requires editor role',
            'Add `b: int` field',
            'a, b; c',
            '(c)',
            'end.',
            'Two. Sentences.',
        ),
    ]
)
WORDS = st.lists(
    st.sampled_from(
        ['deploy', 'the', 'backend', 'flag', 'users', 'Deployment', 'off', 'new', 'job.started', 'x_1', 'if']
    ),
    min_size=1,
    max_size=5,
).map(' '.join)
TEXTS = st.one_of(NASTY, WORDS)
NAMES = st.one_of(st.sampled_from(['Deployment', 'users', 'f_1', 'job.started', 'Job', 'orders table']), NASTY)


def arguments(kind: Kind) -> st.SearchStrategy[str]:
    if kind.words:
        return st.sampled_from(kind.words)
    paths = st.builds('{} {}'.format, st.sampled_from(['GET', 'POST', 'GET, POST', 'WS']),
                      st.sampled_from(['/a', '/a/{id}', '/a/<id>/b', '/v1/a#lock']))  # fmt: skip
    return {
        ArgumentType.NONE: st.just(''),
        ArgumentType.TITLE: TEXTS,
        ArgumentType.NAME: NAMES,
        ArgumentType.HTTP_TARGET: paths,
        ArgumentType.OPERATION: st.one_of(paths, TEXTS),
        ArgumentType.DECLARATION: st.sampled_from(['b: int', 'c', 'd: list[str]', 'e: varchar(20)']),
        ArgumentType.CONSTRAINT: st.sampled_from(['index on b', 'unique on b, c', 'foreign-key on b', 'words']),
    }[kind.argument]


def values(option: Option) -> st.SearchStrategy[str]:
    if option.type is ValueType.CHOICE:
        return st.sampled_from(option.values)
    if option.type in (ValueType.BOOLEAN, ValueType.SWITCH):
        return st.sampled_from(['yes', 'no'])
    if option.type in (ValueType.DATE, ValueType.DONE):
        return st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)).map(str)
    if option.type in (ValueType.REFERENCES, ValueType.NAMES):
        return st.lists(st.one_of(NAMES, st.just('POST /a'), st.just('f(a, b)')), min_size=1, max_size=3).map(', '.join)
    if option.type is ValueType.IGNORE:
        return st.just('DN301 (because, yes), DN501')
    return TEXTS


@st.composite
def directives(draw: st.DrawFn, names: tuple[str, ...] = (), depth: int = 0) -> Directive:
    """Any directive, sometimes with parts and a body."""
    kind = KINDS[draw(st.sampled_from(names or [k for k in KINDS if k not in (NOTE, 'field', 'constraint')]))]
    known = [name for name in kind.options if name not in ('id', 'class', 'implements')]
    chosen = draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
    options = [(name, draw(values(kind.options[name]))) for name in chosen]
    body: list[Directive | list[str]] = []
    if draw(st.booleans()):
        body.append([draw(WORDS)])
    elif draw(st.integers(0, 3)) == 0:
        body.append([f'- {draw(WORDS)}', f'- Owner: {draw(WORDS)}', '  - below'])
    if depth == 0 and kind.parts:
        body += draw(st.lists(directives(kind.parts, 1), max_size=3))
    return Directive(kind=kind, argument=draw(arguments(kind)), options=options, body=body)


def written(several: list[Directive], *, markdown: bool) -> str:
    """Return a note of those that the syntax has words for."""
    title = ['# Design Note: X'] if markdown else ['Design Note: X', '==============']
    for directive in several:
        try:
            title += ['', *lines_of(directive, markdown=markdown)]
        except CannotWriteError:
            continue
    return '\n'.join([*title, ''])


@pytest.mark.parametrize('markdown', [True, False], ids=['myst', 'rst'])
@FEW
@given(several=st.lists(directives(), min_size=1, max_size=6))
def test_directives_made_plain_and_directives_again_give_equal_items(
    bench: Workbench, markdown: bool, several: list[Directive]
) -> None:
    before = bench.read(written(several, markdown=markdown), markdown=markdown)
    assert before is not None
    plain = convert(bench, before, to_plain)
    assert plain is not None
    assert plain.differences == ()
    again = convert(bench, plain.after, to_directives)
    assert again is not None
    assert again.differences == ()
    assert differences(before, again.after) == []


@pytest.mark.parametrize('markdown', [True, False], ids=['myst', 'rst'])
@FEW
@given(several=st.lists(directives(), min_size=1, max_size=6))
def test_directives_in_the_other_syntax_give_equal_items(
    bench: Workbench, markdown: bool, several: list[Directive]
) -> None:
    before = bench.read(written(several, markdown=markdown), markdown=markdown)
    assert before is not None
    assert translate(bench, before).differences == ()


TEXT = st.text(st.characters(exclude_categories=('Cs', 'Cc', 'Zl', 'Zp')), min_size=1, max_size=30).map(str.strip)


@pytest.mark.parametrize('markdown', [True, False], ids=['myst', 'rst'])
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(value=st.one_of(TEXT.filter(bool), NASTY, st.lists(NASTY, min_size=2, max_size=3).map('\n'.join)))
def test_any_value_of_an_option_is_written_so_that_it_is_read(markdown: bool, value: str) -> None:
    directive = Directive(kind=KINDS['endpoint'], argument='GET /a', options=[('purpose', value), ('auth', 'x')])
    lines = lines_of(directive, markdown=markdown)
    inner = lines[1:-1] if markdown else [line[3:] for line in lines[1:]]
    read = read_directive(inner, has_argument=False, markdown=markdown, known=KINDS['endpoint'].options)
    assert {name: option.value for name, option in read.options.items()} == {'purpose': value, 'auth': 'x'}


@FEW
@given(values=st.lists(st.one_of(TEXT.filter(bool), NASTY), min_size=5, max_size=20))
def test_values_survive_both_parsers(bench: Workbench, values: list[str]) -> None:
    flags = [
        Directive(kind=KINDS['feature-flag'], argument=f'f_{i}', options=[('owner', v)]) for i, v in enumerate(values)
    ]
    notes = [bench.read(written(flags, markdown=markdown), markdown=markdown) for markdown in (True, False)]
    assert notes[0] is not None
    assert notes[1] is not None
    assert differences(*(note for note in notes if note is not None)) == []
    owners = [statement.item.fields.get('owner') for statement in notes[0].statements]
    assert [str(owner).replace('`', '') for owner in owners] == [value.replace('`', '') for value in values]
