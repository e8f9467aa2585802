"""Every way in which MyST or reST loses an option of an ordinary directive: here the value arrives, or DN112 says so.

The directives declare no options, so that both parsers hand over the lines as they are, for ``grammar/written.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject

OFF = {'default': 'off'}


def rest(lines: str, argument: str = 'f') -> dict[str, str]:
    indented = ''.join(f'   {line}'.rstrip() + '\n' for line in lines.splitlines())
    return {'index.rst': f'.. feature-flag:: {argument}\n{indented}'}


def myst(lines: str, argument: str = 'f') -> dict[str, str]:
    return {'index.md': f'````{{feature-flag}} {argument}\n{lines}\n````\n'}


def colon(lines: str, argument: str = 'f') -> dict[str, str]:
    return {'index.md': f'::::{{feature-flag}} {argument}\n{lines}\n::::\n'}


#: What stands below the directive, and the fields that come of it, in every syntax.
WHOLE: dict[str, tuple[str, dict[str, Any]]] = {
    'a quoted word and more text': (
        ':when-disabled: "Quick Deploy" hidden\n:default: off',
        {'when_disabled': '"Quick Deploy" hidden', **OFF},
    ),
    'a single-quoted word and more text': (
        ":when-disabled: 'Quick Deploy' hidden\n:default: off",
        {'when_disabled': "'Quick Deploy' hidden", **OFF},
    ),
    'an apostrophe': (":when-disabled: it's hidden\n:default: off", {'when_disabled': "it's hidden", **OFF}),
    'an open quote': (':when-disabled: 12" screens\n:default: off', {'when_disabled': '12" screens', **OFF}),
    'a bar and text': (':when-disabled: | text\n:default: off', {'when_disabled': '| text', **OFF}),
    'a greater-than sign and text': (':when-disabled: > 5 users\n:default: off', {'when_disabled': '> 5 users', **OFF}),
    'a hash after a space': (
        ':when-disabled: see #12 # or so\n:default: off',
        {'when_disabled': 'see #12 # or so', **OFF},
    ),
    'a hash at the start': (':owner: #team-orders\n:default: off', {'owner': '#team-orders', **OFF}),
    'an indented continuation': (
        ':when-disabled: it is\n  hidden\n:default: off',
        {'when_disabled': 'it is hidden', **OFF},
    ),
    'a continuation with a colon': (
        ':when-disabled: it is\n  so: hidden\n:default: off',
        {'when_disabled': 'it is so: hidden', **OFF},
    ),
    'a continuation that is a bullet': (
        ':gates: POST /x,\n  GET /y\n:default: off',
        {'gates': ('POST /x', 'GET /y'), **OFF},
    ),
    'a colon and a space': (':when-disabled: a: b: c\n:default: off', {'when_disabled': 'a: b: c', **OFF}),
    'braces': (':when-disabled: {"a": [1, 2]}\n:default: off', {'when_disabled': '{"a": [1, 2]}', **OFF}),
    'a bracket': (':when-disabled: [x] is gone\n:default: off', {'when_disabled': '[x] is gone', **OFF}),
    'a star': (':when-disabled: *all* gone\n:default: off', {'when_disabled': '*all* gone', **OFF}),
    'an ampersand': (':when-disabled: &c gone\n:default: off', {'when_disabled': '&c gone', **OFF}),
    'an at sign': (':owner: @orders-team\n:default: off', {'owner': '@orders-team', **OFF}),
    'an exclamation mark': (':owner: !important\n:default: off', {'owner': '!important', **OFF}),
    'a per cent sign': (':when-enabled: %5 of users\n:default: off', {'when_enabled': '%5 of users', **OFF}),
    'a backtick': (':when-disabled: `x` is gone\n:default: off', {'when_disabled': '`x` is gone', **OFF}),
    'a word of YAML': (':owner: null\n:default: off', {'owner': 'null', **OFF}),
    'a number': (':owner: 0012\n:default: off', {'owner': '0012', **OFF}),
    'a backslash': (':when-disabled: C:\\new\n:default: off', {'when_disabled': 'C:\\new', **OFF}),
    'trailing colon': (':when-disabled: as follows:\n:default: off', {'when_disabled': 'as follows:', **OFF}),
    'capitals': (':When-Disabled: hidden\n:DEFAULT: off', {'when_disabled': 'hidden', **OFF}),
    'underscores': (':when_disabled: hidden\n:default: off', {'when_disabled': 'hidden', **OFF}),
    'spaces in the name': (':when disabled: hidden\n:default: off', {'when_disabled': 'hidden', **OFF}),
    'space at the end': (':when-disabled: hidden   \n:default: off  ', {'when_disabled': 'hidden', **OFF}),
    'bullets directly below': ('- Default: off\n- Owner: orders', {'default': 'off', 'owner': 'orders'}),
    'bullets directly below the options': (':owner: orders\n- Default: off', {'owner': 'orders', **OFF}),
    'stars directly below': ('* Default: off', OFF),
    'numbers directly below': ('1. Default: off', OFF),
    'a list in brackets': (':gates: [POST /x, GET /y]\n:default: off', {'gates': ('POST /x', 'GET /y'), **OFF}),
    'a long value': (f':when-disabled: {"x" * 20_000}\n:default: off', {'when_disabled': 'x' * 20_000, **OFF}),
}


@pytest.mark.parametrize('syntax', [rest, myst, colon])
@pytest.mark.parametrize('case', WHOLE)
def test_the_value_arrives_whole(build: BuildProject, case: str, syntax: Any) -> None:
    lines, fields = WHOLE[case]
    item = build(syntax(lines)).item('feature-flag')
    assert (item.key, dict(item.fields), item.incomplete) == ('f', fields, False)


#: Forms that are YAML, and that MyST takes.
YAML: dict[str, tuple[str, dict[str, Any]]] = {
    'a quoted value': (':owner: "orders: team"\n:default: off', {'owner': 'orders: team', **OFF}),
    'a single-quoted value': (":owner: 'orders: team'\n:default: off", {'owner': 'orders: team', **OFF}),
    'a quoted value with quotes in it': (
        ':when-disabled: "\\"Quick Deploy\\" is hidden"\n:default: off',
        {'when_disabled': '"Quick Deploy" is hidden', **OFF},
    ),
    'a single-quoted value with an apostrophe': (
        ":when-disabled: 'it''s hidden'\n:default: off",
        {'when_disabled': "it's hidden", **OFF},
    ),
    'two quoted words': (':when-disabled: "a" and "b"\n:default: off', {'when_disabled': '"a" and "b"', **OFF}),
    'a literal block': (':when-disabled: |\n  one\n  two\n:default: off', {'when_disabled': 'one\ntwo', **OFF}),
    'a folded block': (':when-disabled: >\n  one\n  two\n:default: off', {'when_disabled': 'one two', **OFF}),
    'a stripped block': (':when-disabled: |-\n  one\n:default: off', {'when_disabled': 'one', **OFF}),
    'a block of options': ('---\ndefault: off\nowner: orders\n---', {'default': 'off', 'owner': 'orders'}),
    'a block with a quoted word and more text': (
        '---\nwhen-disabled: "Quick Deploy" hidden # now\ndefault: off\n---',
        {'when_disabled': '"Quick Deploy" hidden # now', **OFF},
    ),
    'a block with a quoted value': ('---\nowner: "orders: team"\ndefault: off\n---', {'owner': 'orders: team', **OFF}),
    'a block with a literal block': (
        '---\nwhen-disabled: |\n  one\n  two\ndefault: off\n---',
        {'when_disabled': 'one\ntwo', **OFF},
    ),
    'a block with a comment': ('---\n# why\ndefault: off\n---', OFF),
    'a block with a blank line': ('---\nowner: orders\n\ndefault: off\n---', {'owner': 'orders', **OFF}),
    'a block with a list': (
        '---\ngates: [POST /x, "GET /y"]\ndefault: off\n---',
        {'gates': ('POST /x', 'GET /y'), **OFF},
    ),
    'a block with a list of lines': (
        '---\ngates:\n- POST /x\n- GET /y\ndefault: off\n---',
        {'gates': ('POST /x', 'GET /y'), **OFF},
    ),
    'a block with an indented list': (
        '---\ngates:\n  - POST /x\n  - GET /y\ndefault: off\n---',
        {'gates': ('POST /x', 'GET /y'), **OFF},
    ),
}


@pytest.mark.parametrize('syntax', [myst, colon])
@pytest.mark.parametrize('case', YAML)
def test_what_myst_takes_for_yaml_is_taken_so_here(build: BuildProject, case: str, syntax: Any) -> None:
    lines, fields = YAML[case]
    item = build(syntax(lines)).item('feature-flag')
    assert (item.key, dict(item.fields), item.incomplete, item.body) == ('f', fields, False, '')


def test_the_body_below_a_block_of_options_is_kept(build: BuildProject) -> None:
    item = build(myst('---\ndefault: off\n---\nBody\n\nmore')).item('feature-flag')
    assert (dict(item.fields), item.body, dict(item.lines)) == (OFF, 'Body\nmore', {'default': 3, 'body': 5})


UP = 'is read as text, not as an option; move it up, directly below the first line, as'

#: What stands below the directive, the fields that come of it, and what is said: line among these lines and message.
LOST: dict[str, tuple[str, dict[str, Any], list[tuple[int, str]]]] = {
    'an option below a blank line': ('\n:default: off', {}, [(2, f"':default:' {UP} ':default: off'")]),
    'options below a blank line': (
        '\n:default: off\n:owner: orders\n\nBody',
        {},
        [(2, f"':default:' {UP} ':default: off'"), (3, f"':owner:' {UP} ':owner: orders'")],
    ),
    'an option below a blank line and others above': (
        ':default: off\n\n:owner: orders\n\nBody',
        OFF,
        [(3, f"':owner:' {UP} ':owner: orders'")],
    ),
    'an option below the body': (
        ':default: off\n\nBody\n\n:owner: orders',
        OFF,
        [(5, f"':owner:' {UP} ':owner: orders'")],
    ),
    'an option directly below the body': (
        ':default: off\n\nBody\n:owner: orders',
        OFF,
        [(4, f"':owner:' {UP} ':owner: orders'")],
    ),
    'an option with no space': (
        ':default:off',
        {},
        [(1, "':default:' is read as text, not as an option; write ':default: off'")],
    ),
    'an option with no space below another': (
        ':owner: orders\n:remove-by:2027-06-30',
        {'owner': 'orders'},
        [(2, "':remove-by:' is read as text, not as an option; write ':remove-by: 2027-06-30'")],
    ),
    'an option that is given twice': (
        ':default: off\n:default: on',
        OFF,
        [(2, "':default:' is given twice and the first one counts; write one ':default:' with both values")],
    ),
    'an option that is given twice under two spellings': (
        ':remove-by: 2027-06-30\n:owner: orders\n:Remove_by: 2028-06-30',
        None,  # type: ignore[dict-item]  # the date is compared in tests of values
        [(3, "':remove-by:' is given twice and the first one counts; write one ':remove-by:' with both values")],
    ),
}


@pytest.mark.parametrize('syntax', [rest, myst, colon])
@pytest.mark.parametrize('case', LOST)
def test_what_is_lost_is_reported_with_the_form_that_works(build: BuildProject, case: str, syntax: Any) -> None:
    lines, fields, said = LOST[case]
    built = build(syntax(lines))
    item = built.item('feature-flag')
    (path,) = syntax(lines)
    assert built.warnings == [f'{path}:{line + 1}: {message} [designnote.DN112]' for line, message in said]
    assert item.key == 'f'
    assert item.incomplete
    if fields is not None:
        assert dict(item.fields) == fields


@pytest.mark.parametrize('syntax', [rest, myst, colon])
def test_rules_about_what_is_not_said_keep_silent_on_such_an_item(build: BuildProject, syntax: Any) -> None:
    built = build(syntax('\n:default: off'), 'designnote', conf={'designnote_rules': {}})
    assert [w for w in built.warnings if 'DN601' in w] == []


@pytest.mark.parametrize('syntax', [rest, myst, colon])
def test_an_unknown_option_is_reported_and_the_others_stay(build: BuildProject, syntax: Any) -> None:
    built = build(syntax(':defualt: off\n:owner: orders'))
    (path,) = syntax('')
    accepted = (
        'change, default, scope, flag-type, owner, remove-by, gates, requires, when-enabled, when-disabled, mechanism, '
        'id, release, service, ignore, implements, reviewed, class'
    )
    assert built.warnings == [
        f"{path}:2: 'defualt' is no option of feature-flag; did you mean 'default'? "
        f'(accepted: {accepted}) [designnote.DN105]'
    ]
    assert dict(built.item('feature-flag').fields) == {'owner': 'orders'}


@pytest.mark.parametrize('syntax', [rest, myst])
def test_an_unknown_option_is_shown_on_the_page(build: BuildProject, syntax: Any) -> None:
    built = build(syntax(':defualt: somewhat off'), 'text')
    assert 'somewhat off' in built.read('index.txt')


def test_an_unterminated_block_of_options_is_reported_and_its_body_kept(build: BuildProject) -> None:
    built = build(myst('---\ndefault: off\n\nBody'))
    item = built.item('feature-flag')
    assert (dict(item.fields), item.body) == (OFF, 'Body')
    assert built.warnings == [
        "index.md:2: the option block has no closing '---'; close it, or write ':name: value' [designnote.DN112]"
    ]


def test_a_line_of_an_option_block_that_is_no_option_is_reported(build: BuildProject) -> None:
    built = build(myst('---\ndefault: off\nwords\n---\nBody'))
    item = built.item('feature-flag')
    assert (dict(item.fields), item.body) == (OFF, 'Body')
    assert built.warnings == ["index.md:4: this line of the option block is no 'name: value' [designnote.DN112]"]


def test_a_block_of_options_works_in_rest_too(build: BuildProject) -> None:
    item = build(rest('---\ndefault: off\n---')).item('feature-flag')
    assert (item.key, dict(item.fields)) == ('f', OFF)


@pytest.mark.parametrize('syntax', [rest, myst, colon])
def test_an_option_in_the_first_line_is_reported(build: BuildProject, syntax: Any) -> None:
    built = build(syntax(':owner: orders', argument='f :default: off'))
    (path,) = syntax('')
    assert built.warnings == [
        f"{path}:1: ':default:' stands in the first line and is read as part of it; "
        "write ':default: ...' on a line of its own [designnote.DN112]"
    ]


def test_an_option_without_colons_is_not_taken_for_the_argument(build: BuildProject) -> None:
    built = build(rest('default: off'))
    assert [w.rpartition(' ')[2] for w in built.warnings] == ['[designnote.DN112]']
    assert built.warnings[0].startswith('index.rst:2: ')
    assert built.item('feature-flag').key == 'f'


@pytest.mark.parametrize('mark', ['```', '````'])
def test_backticks_in_the_first_line_of_a_backtick_fence_are_reported(build: BuildProject, mark: str) -> None:
    # CommonMark: the first line of such a fence holds no backtick, so this is a paragraph, and the item is gone.
    built = build({'index.md': f'# Page\n\n{mark}{{test-case}} Test `x`\n:level: unit\n{mark}\n'})
    assert [w.rpartition(' ')[2] for w in built.warnings] == ['[designnote.DN112]']
    assert built.warnings[0].startswith('index.md:3: ')


@pytest.mark.parametrize('mark', ['~~~', ':::'])
def test_backticks_in_the_first_line_of_another_fence_are_fine(build: BuildProject, mark: str) -> None:
    built = build({'index.md': f'# Page\n\n{mark}{{test-case}} Test `x`\n:level: unit\n{mark}\n'})
    assert (built.item('test-case').key, built.warnings) == ('Test `x`', [])


# What only looks like an option


@pytest.mark.parametrize('syntax', [rest, myst, colon])
def test_a_field_list_of_other_names_is_text(build: BuildProject, syntax: Any) -> None:
    built = build(syntax(':default: off\n\n:see: also\n:and: more'))
    assert (built.warnings, dict(built.item('feature-flag').fields)) == ([], OFF)


@pytest.mark.parametrize('syntax', [rest, myst, colon])
def test_a_role_at_the_start_of_the_body_is_text(build: BuildProject, syntax: Any) -> None:
    built = build(
        syntax(':default: off\n\n:dn:item:`f` is new.' if syntax is rest else ':default: off\n\n{dn:item}`f` is new.')
    )
    assert (built.warnings, built.item('feature-flag').body) == ([], 'f is new.')


def test_options_of_directives_in_the_body_are_theirs(build: BuildProject) -> None:
    in_rest = build(
        '.. entity:: E\n   :change: new\n\n   Words\n\n   .. field:: a: int\n      :change: add\n\n'
        '   .. code-block:: text\n\n      :change: x\n'
    )
    in_myst = build(
        {
            'index.md': '````{entity} E\n:change: new\n\nWords\n\n```{field} a: int\n:change: add\n```\n\n'
            '```text\n:change: x\n```\n````\n'
        }
    )
    assert (in_rest.warnings, in_myst.warnings) == ([], [])
    assert [i.change for i in in_rest.items()] == [i.change for i in in_myst.items()] == ['new', 'add']
