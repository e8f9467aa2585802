"""The lines of a directive in reST and MyST: argument, options, body, and what would be lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_designnote.grammar.written import Written, read_directive

KNOWN = frozenset({'change', 'purpose', 'request', 'when-disabled', 'remove-by', 'roles', 'auth', 'default'})
BOTH = pytest.mark.parametrize('markdown', [False, True], ids=['rst', 'myst'])


def _read(text: str, *, markdown: bool, has_argument: bool = True) -> Written:
    return read_directive(text.split('\n'), has_argument=has_argument, markdown=markdown, known=KNOWN)


def _options(written: Written) -> dict[str, tuple[str, int]]:
    return {name: (option.value, option.index) for name, option in written.options.items()}


@BOTH
@pytest.mark.parametrize(
    ('text', 'options', 'body'),
    [
        ('POST /x', {}, 1),
        ('POST /x\n\nBody', {}, 2),
        ('POST /x\n:change: new', {'change': ('new', 1)}, 2),
        ('POST /x\n:change: new\n:auth: a\n\nBody', {'change': ('new', 1), 'auth': ('a', 2)}, 4),
        ('POST /x\n:change: new\nBody at once', {'change': ('new', 1)}, 2),
        ('POST /x\n:change:', {'change': ('', 1)}, 2),
        ('POST /x\n:purpose: one\n   two\n   three\n\nBody', {'purpose': ('one two three', 1)}, 5),
        ('POST /x\n:purpose:\n   one\n   two', {'purpose': ('one two', 1)}, 4),
        ('POST /x\n:purpose: see\n   :ref:`x`', {'purpose': ('see :ref:`x`', 1)}, 3),
        ('POST /x\n:change: new\n   :auth: a', {'change': ('new', 1), 'auth': ('a', 2)}, 3),
        ('POST /x\n:change: new\n\n  Indented body', {'change': ('new', 1)}, 3),
        ('POST /x\n:when-disabled: "Quick Deploy" hidden', {'when-disabled': ('"Quick Deploy" hidden', 1)}, 2),
        ('POST /x\n:purpose: see issue #4 # and more', {'purpose': ('see issue #4 # and more', 1)}, 2),
        ('POST /x\n:request: {"a": [1, 2]}', {'request': ('{"a": [1, 2]}', 1)}, 2),
        ('POST /x\n:purpose: a: b: c', {'purpose': ('a: b: c', 1)}, 2),
        ('POST /x\n:When Disabled: a', {'when-disabled': ('a', 1)}, 2),
        ('POST /x\n:remove_by: 2027-06-30', {'remove-by': ('2027-06-30', 1)}, 2),
        ('POST /x\n:unknown: a', {'unknown': ('a', 1)}, 2),
        ('POST /x\n- a bullet\n- and another', {}, 1),
        ('POST /x\n1. numbered', {}, 1),
        ('POST /x\n:dn:endpoint:`POST /x` is text', {}, 1),
    ],
)
def test_argument_options_and_body_are_told_apart(
    text: str, options: dict[str, tuple[str, int]], body: int, markdown: bool
) -> None:
    written = _read(text, markdown=markdown)
    assert (written.argument, _options(written), written.body, written.lost) == ('POST /x', options, body, [])


def test_an_argument_wraps_in_rst_only() -> None:
    text = 'A title\nthat goes on\n:change: new'
    rst, myst = _read(text, markdown=False), _read(text, markdown=True)
    assert (rst.argument, _options(rst)) == ('A title that goes on', {'change': ('new', 2)})
    assert (myst.argument, myst.body) == ('A title', 1)


@BOTH
def test_without_an_argument_the_first_line_may_be_an_option(markdown: bool) -> None:
    written = _read(':change: new\nBody', markdown=markdown, has_argument=False)
    assert (written.argument, _options(written), written.body) == ('', {'change': ('new', 0)}, 1)


@pytest.mark.parametrize(
    ('value', 'read'),
    [
        ('"Quick Deploy hidden"', 'Quick Deploy hidden'),
        ("'off'", 'off'),
        ('"a" and "b"', '"a" and "b"'),
        ('|\n  one\n  two', 'one\ntwo'),
        ('>\n  one\n  two', 'one two'),
        ('|-\n  one', 'one'),
        ("'it''s'", "it's"),
    ],
)
def test_a_yaml_scalar_of_myst_means_what_it_means_in_yaml(value: str, read: str) -> None:
    assert _read(f'POST /x\n:purpose: {value}', markdown=True).options['purpose'].value == read
    assert _read(f'POST /x\n---\npurpose: {value}\n---', markdown=True).options['purpose'].value == read


def test_quotes_stay_in_rst() -> None:
    assert _read('POST /x\n:purpose: "a"', markdown=False).options['purpose'].value == '"a"'


def test_an_option_block_of_myst_is_read() -> None:
    written = _read('POST /x\n---\nchange: new\n\nauth: any: one\npurpose: one\n  two\n---\n\nBody', markdown=True)
    assert _options(written) == {'change': ('new', 2), 'auth': ('any: one', 4), 'purpose': ('one two', 5)}
    assert (written.body, written.lost) == (9, [])


def test_a_comment_in_an_option_block_is_no_mistake() -> None:
    written = _read('POST /x\n---\n# why\nchange: new\n---\nBody', markdown=True)
    assert (_options(written), written.lost) == ({'change': ('new', 3)}, [])


@pytest.mark.parametrize('roles', ['roles:\n  - admin\n  - owner', 'roles:\n- admin\n- "owner"'])
def test_lines_of_a_yaml_list_are_a_comma_list(roles: str) -> None:
    written = _read(f'POST /x\n---\n{roles}\nchange: new\n---', markdown=True)
    assert (_options(written)['roles'], list(written.options), written.lost) == (
        ('admin, owner', 2),
        ['roles', 'change'],
        [],
    )


@pytest.mark.parametrize('value', ['[admin, owner]', '[{"id": 1}]'])
def test_brackets_stay_for_the_type_of_the_option_to_read(value: str) -> None:
    assert _read(f'POST /x\n---\nroles: {value}\n---', markdown=True).options['roles'].value == value


def _lost(text: str, *, markdown: bool) -> list[tuple[str, int]]:
    return [(lost.message, lost.index) for lost in _read(text, markdown=markdown).lost]


@BOTH
def test_an_option_below_the_blank_line_is_reported_with_the_right_form(markdown: bool) -> None:
    message = 'is read as text, not as an option; move it up, directly below the first line, as'
    assert _lost('POST /x\n:change: new\n\n:auth: a\n:roles: b', markdown=markdown) == [
        (f"':auth:' {message} ':auth: a'", 3),
        (f"':roles:' {message} ':roles: b'", 4),
    ]


@BOTH
def test_an_option_glued_to_its_value_is_reported_with_the_right_form(markdown: bool) -> None:
    assert _lost('POST /x\n:change:new', markdown=markdown) == [
        ("':change:' is read as text, not as an option; write ':change: new'", 1)
    ]


@BOTH
def test_an_option_given_twice_is_reported(markdown: bool) -> None:
    written = _read('POST /x\n:change: new\n:Change: removed', markdown=markdown)
    assert _options(written) == {'change': ('new', 1)}
    assert [(lost.message, lost.index) for lost in written.lost] == [
        ("':change:' is given twice and the first one counts; write one ':change:' with both values", 2)
    ]


@BOTH
@pytest.mark.parametrize('text', ['POST /x\n- a bullet\n:change: new', 'POST /x\n\nText of the body\n:change: new'])
def test_an_option_below_other_text_is_not_lost_silently(text: str, markdown: bool) -> None:
    assert [index for _, index in _lost(text, markdown=markdown)] == [text.count('\n')]


def test_an_option_below_text_that_myst_takes_for_the_body_is_not_lost_silently() -> None:
    assert [index for _, index in _lost('POST /x\nmore of the title\n:change: new', markdown=True)] == [2]


@BOTH
def test_an_option_in_the_argument_is_reported(markdown: bool) -> None:
    assert _lost('POST /x :auth: any :other: b', markdown=markdown) == [
        ("':auth:' stands in the first line and is read as part of it; write ':auth: ...' on a line of its own", 0)
    ]


@pytest.mark.parametrize(
    ('text', 'markdown'),
    [
        ('```{field} a: int\n:change: add\n```', True),
        (':::{field} a: int\n:change: add\n:::', True),
        ('````text\n```\n:change: add\n````', True),
        ('.. field:: a: int\n   :change: add', False),
        ('Text::\n\n   :change: add', False),
    ],
)
def test_an_option_of_what_is_nested_is_not_misplaced(text: str, markdown: bool) -> None:
    assert _lost(f'POST /x\n\nText\n\n{text}\n\nText\n:roles: a', markdown=markdown) == [
        (
            "':roles:' is read as text, not as an option; move it up, directly below the first line, as ':roles: a'",
            7 + text.count('\n'),
        )
    ]


@BOTH
def test_a_field_list_of_other_names_in_the_body_is_text(markdown: bool) -> None:
    assert _lost('POST /x\n\n:param x: the x\n:returns: nothing', markdown=markdown) == []


def test_an_open_option_block_is_reported() -> None:
    written = _read('POST /x\n---\nchange: new', markdown=True)
    assert _options(written) == {'change': ('new', 2)}
    assert [(lost.message, lost.index) for lost in written.lost] == [
        ("the option block has no closing '---'; close it, or write ':name: value'", 1)
    ]


def test_a_line_of_an_option_block_that_is_no_option_is_reported() -> None:
    assert _lost('POST /x\n---\njust words\n---', markdown=True) == [
        ("this line of the option block is no 'name: value'", 2)
    ]


@given(
    st.lists(
        st.sampled_from(['', ':a: b', ':change: x', '  c', '---', 'text', '- b', ':a:b', ':auth:', '|', '#']),
        max_size=9,
    ),
    st.booleans(),
    st.booleans(),
)
def test_no_line_vanishes(lines: list[str], markdown: bool, has_argument: bool) -> None:
    written = read_directive(lines, has_argument=has_argument, markdown=markdown, known=KNOWN)
    kept = [written.argument, *lines[written.body :], *(lost.message for lost in written.lost)]
    kept += [f'{name} {option.value}' for name, option in written.options.items()]
    for index, line in enumerate(lines):
        words = line.strip().strip(':').split(':')[-1].strip()
        accounted = any(words in each for each in kept) or any(lost.index == index for lost in written.lost)
        assert accounted or line.strip() in ('---', '|', '#'), line
