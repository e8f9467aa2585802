"""What authors get wrong: a warning with file and line, never a traceback, and nothing else lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject

H = 'Page\n====\n\n'
METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT, WS, WEBSOCKET'
AFTER = '\n.. feature-flag:: after\n   :default: off\n'


def test_an_unknown_option_keeps_the_item_and_its_other_options(build: BuildProject) -> None:
    built = build(H + '.. endpoint:: GET /x\n   :auht: editor\n   :purpose: Why\n' + AFTER)
    (warning,) = built.warnings
    assert warning.startswith(
        "index.rst:5: 'auht' is no option of endpoint; did you mean 'auth'? (accepted: change, purpose, "
    )
    assert warning.endswith(', class) [designnote.DN105]')
    assert [(i.key, dict(i.fields)) for i in built.items()] == [
        ('GET /x', {'method': 'GET', 'path': '/x', 'purpose': 'Why'}), ('after', {'default': 'off'}),
    ]  # fmt: skip


VALUES = {
    ('endpoint', 'GET /x', 'change', 'nwe'): (
        "'change' is 'nwe'; did you mean 'new'?; write one of: new, changed, deprecated, removed, existing"
    ),
    (
        'endpoint',
        'GET /x',
        'change',
        'bananas',
    ): "'change' is 'bananas'; write one of: new, changed, deprecated, removed, existing",
    ('endpoint', 'GET /x', 'breaking', 'perhaps'): "'breaking' is 'perhaps'; write one of: yes, no",
    ('feature-flag', 'f', 'default', 'maybe'): "'default' is 'maybe'; write one of: on, off",
    ('feature-flag', 'f', 'owner', ''): "'owner' has no value; give one, or leave the option out",
    ('feature-flag', 'f', 'remove-by', 'end of June'): (
        "'remove-by' is 'end of June', which is no day of the calendar; write it as 2027-06-30"
    ),
    ('feature-flag', 'f', 'remove-by', '2027-02-30'): (
        "'remove-by' is '2027-02-30', which is no day of the calendar; write it as 2027-06-30"
    ),
    ('feature-flag', 'f', 'remove-by', '30/06/2027'): (
        "'remove-by' is '30/06/2027', which is no day of the calendar; write it as 2027-06-30"
    ),
    ('feature-flag', 'f', 'remove-by', '20270630'): (
        "'remove-by' is '20270630', which is no day of the calendar; write it as 2027-06-30"
    ),
    ('test-case', 'T', 'level', 'unti'): (
        "'level' is 'unti'; did you mean 'unit'?; write one of: "
        'unit, integration, contract, e2e, manual, load, security, migration'
    ),
}


@pytest.mark.parametrize('suffix', ['rst', 'md'])
@pytest.mark.parametrize('case', VALUES, ids=lambda case: ' '.join(case))
def test_a_wrong_value_is_reported_at_its_line_and_the_item_stays(
    build: BuildProject, case: tuple[str, str, str, str], suffix: str
) -> None:
    kind, argument, option, value = case
    if suffix == 'rst':
        text = f'{H}.. {kind}:: {argument}\n   :release: 1\n   :{option}: {value}\n'
    else:
        text = f'# Page\n\n\n```{{{kind}}} {argument}\n:release: 1\n:{option}: {value}\n```\n'
    built = build({f'index.{suffix}': text})
    assert built.warnings == [f'index.{suffix}:6: {VALUES[case]} [designnote.DN105]']
    (item,) = built.items()
    assert (item.key, item.release, option.replace('-', '_') in item.fields, item.incomplete) == (
        argument,
        '1',
        False,
        True,
    )


def test_a_wrong_value_is_still_shown_to_readers(build: BuildProject) -> None:
    built = build(H + '.. feature-flag:: f\n   :remove-by: end of June\n', 'text')
    assert 'end of June' in built.read('index.txt')


ENDPOINTS = {
    'POST': ("'POST' has no path; write 'METHOD /path', for example 'POST /jobs'", 'DN105'),
    'POST jobs': ("'POST jobs' has no path; write 'METHOD /path', for example 'POST /jobs'", 'DN105'),
    '/jobs': ("'/jobs' has no method; write 'METHOD /path', for example 'POST /jobs'", 'DN105'),
    'FETCH /x': (f"'FETCH' is no HTTP method; did you mean 'PATCH'?; write one of: {METHODS}", 'DN105'),
    'GTE /x': (f"'GTE' is no HTTP method; did you mean 'GET'?; write one of: {METHODS}", 'DN105'),
    'GET /a b': ("'GET /a b' goes on after its path; write 'METHOD /path' alone, and the rest as ':purpose:'", 'DN105'),
    'GET /x - why': (
        "'GET /x - why' goes on after its path; write 'METHOD /path' alone, and the rest as ':purpose:'",
        'DN105',
    ),
    '': ("endpoint has no argument; write 'POST /jobs' behind the directive's name", 'DN106'),
}


@pytest.mark.parametrize('written', ENDPOINTS)
def test_a_malformed_endpoint_is_reported_and_stays(build: BuildProject, written: str) -> None:
    message, code = ENDPOINTS[written]
    built = build(H + f'.. endpoint:: {written}\n   :auth: editor\n' + AFTER)
    assert built.warnings == [f'index.rst:4: {message} [designnote.{code}]']
    assert [(i.kind, i.text('auth'), i.incomplete) for i in built.items()] == [
        ('endpoint', 'editor', True), ('feature-flag', None, False),
    ]  # fmt: skip


def test_a_path_with_a_space_keeps_what_stands_before_it(build: BuildProject) -> None:
    assert dict(build('.. endpoint:: GET /a b\n').items()[0].fields) == {'method': 'GET', 'path': '/a'}


@pytest.mark.parametrize('written', ['POST https://example.org/x', 'POST x/y', 'GET,, POST /x', 'POST: /x'])
def test_a_good_method_is_never_called_unknown(build: BuildProject, written: str) -> None:
    built = build(H + f'.. endpoint:: {written}\n')
    (warning,) = built.warnings
    assert warning.startswith('index.rst:4: ')
    assert 'no HTTP method' not in warning


def test_one_unknown_method_of_two_is_one_finding(build: BuildProject) -> None:
    built = build(H + '.. endpoint:: GTE, POST /x\n')
    assert [(i.key, i.incomplete) for i in built.items()] == [('GTE /x', True), ('POST /x', True)]
    assert built.warnings == [
        f"index.rst:4: 'GTE' is no HTTP method; did you mean 'GET'?; write one of: {METHODS} [designnote.DN105]"
    ]


NEEDS_ARGUMENT = {
    'endpoint': ('endpoint', 'POST /jobs'), 'entity': ('entity', 'name'),
    'migration': ('migration', 'name'), 'authorization': ('authorization', 'name'),
    'audit-event': ('audit event', 'name'), 'feature-flag': ('feature flag', 'name'),
    'alternative': ('alternative', 'name'), 'interface': ('interface', 'name'),
    'test-case': ('test case', 'name'), 'rollout-step': ('rollout step', 'name'),
}  # fmt: skip


@pytest.mark.parametrize('kind', NEEDS_ARGUMENT)
def test_a_missing_argument_is_reported_and_the_body_stays(build: BuildProject, kind: str) -> None:
    label, example = NEEDS_ARGUMENT[kind]
    built = build(H + f'.. {kind}::\n   :release: 1\n\n   Body\n' + AFTER)
    assert built.warnings == [
        f"index.rst:4: {label} has no argument; write '{example}' behind the directive's name [designnote.DN106]"
    ]
    assert [(i.kind, i.body, i.release) for i in built.items()] == [(kind, 'Body', '1'), ('feature-flag', '', None)]


@pytest.mark.parametrize('kind', ['test-plan', 'no-impact'])
def test_a_missing_word_is_reported_with_a_word_that_is_accepted(build: BuildProject, kind: str) -> None:
    (warning,) = build(H + f'.. {kind}::\n').warnings
    example = {'test-plan': 'unit', 'no-impact': 'approach'}[kind]
    assert (
        warning == f'index.rst:4: {kind.replace("-", " ")} has no argument; '
        f"write '{example}' behind the directive's name [designnote.DN106]"
    )


@pytest.mark.parametrize('kind', ['rollout', 'approach', 'design-note'])
def test_a_directive_that_needs_no_argument_may_be_empty(build: BuildProject, kind: str) -> None:
    assert build(H + f'.. {kind}::\n').warnings == []


@pytest.mark.parametrize('suffix', ['rst', 'md'])
def test_an_argument_that_does_not_belong_is_reported(build: BuildProject, suffix: str) -> None:
    text = H + '.. rollout:: In March\n' if suffix == 'rst' else '# Page\n\n\n```{rollout} In March\n```\n'
    assert build({f'index.{suffix}': text}).warnings == [
        f"index.{suffix}:4: rollout takes no argument, and has 'In March'; put it in the body [designnote.DN105]"
    ]


def test_a_word_that_is_not_accepted_is_reported(build: BuildProject) -> None:
    built = build(H + '.. test-plan:: untt\n\n   - A test\n')
    assert built.warnings == [
        "index.rst:4: 'untt' is not accepted; did you mean 'unit'?; "
        'write one of: unit, integration, contract, e2e, manual, load, security, migration [designnote.DN105]'
    ]
    assert [i.title for i in built.items()] == ['untt', 'A test']


def test_an_empty_body_is_no_mistake(build: BuildProject) -> None:
    built = build(
        {
            'index.rst': '.. entity:: E\n\n.. rollout::\n\n.. test-plan:: unit\n\n..\n',
            'b.md': '```{entity} E\n\n\n```\n\n```{rollout}\n```\n\n```{test-plan} unit\n\n```\n',
        }
    )
    assert built.warnings == []
    assert [i.body for i in built.items()] == [''] * 6


def test_parts_outside_an_owner_are_reported(build: BuildProject) -> None:
    built = build(H + '.. field:: a: int\n\n.. constraint:: index on a\n')
    assert built.warnings == [
        "index.rst:4: field 'a: int' stands in no endpoint or interface or entity; "
        'put it inside one [designnote.DN105]',
        "index.rst:6: constraint 'index on a' stands in no entity; put it inside one [designnote.DN105]",
    ]
    assert [i.key for i in built.items()] == ['a', 'index on a']


def test_items_inside_items_are_reported_and_stay(build: BuildProject) -> None:
    built = build(H + '.. endpoint:: GET /x\n\n   .. entity:: E\n\n      .. feature-flag:: f\n\n         Text\n')
    assert built.warnings == [
        'index.rst:6: entity does not belong inside endpoint; put it beside, not inside [designnote.DN105]',
        'index.rst:8: feature-flag does not belong inside entity; put it beside, not inside [designnote.DN105]',
    ]
    assert [(i.key, i.parent, i.body) for i in built.items()] == [
        ('GET /x', None, ''),
        ('E', None, ''),
        ('f', None, 'Text'),
    ]


def test_a_second_design_note_on_a_page_is_reported(build: BuildProject) -> None:
    built = build(H + '.. design-note:: One\n   :status: draft\n\n.. design-note:: Two\n   :status: accepted\n')
    assert built.warnings == [
        'index.rst:7: the page already says that it is a design note; remove this second one [designnote.DN105]'
    ]
    assert (built.note.title, built.note.status) == ('One', 'draft')


# Ids


def dn202(warnings: list[str]) -> list[str]:
    return [re.sub(r': .*\[', ': [', w) for w in warnings]


def test_one_id_twice_on_a_page_is_reported_once(build: BuildProject) -> None:
    built = build(H + '.. endpoint:: GET /x\n   :id: a\n\n.. entity:: E\n   :id: a\n', 'html')
    assert dn202(built.warnings) == ['index.rst:8: [designnote.DN202]']
    assert [i.key for i in built.items()] == ['GET /x', 'E']
    assert built.read('index.html').count('id="a"') == 1


def test_one_id_on_two_pages_is_reported_once(build: BuildProject) -> None:
    built = build(
        {'a.rst': H + '.. endpoint:: GET /x\n   :id: jobs\n', 'b.md': '```{entity} E\n:id: jobs\n```\n'}, 'html'
    )
    assert dn202(built.warnings) == ['b.md:2: [designnote.DN202]']
    assert [i.key for i in built.items()] == ['GET /x', 'E']


def test_an_item_may_have_the_name_of_its_page_for_an_id(build: BuildProject) -> None:
    built = build({'jobs.rst': H + '.. endpoint:: GET /jobs\n   :id: jobs\n\n:dn:item:`jobs`\n'}, 'html')
    assert built.warnings == []


def test_one_id_of_two_notes_is_reported_once(build: BuildProject) -> None:
    built = build(
        {
            'a.rst': H + '.. design-note::\n   :id: n\n\n.. entity:: E\n',
            'b.md': '---\ndesign-note:\n  id: n\n---\n# B\n\n```{entity} F\n```\n',
        },
        'html',
    )
    assert len(built.warnings) == 1
    assert dn202(built.warnings)[0] in ('b.md:3: [designnote.DN202]', 'a.rst:5: [designnote.DN202]')
    assert [i.key for i in built.items()] == ['E', 'F']
    assert [i.key for i in built.domain.graph.items.values()] == ['E', 'F']


def test_two_notes_of_one_id_with_the_same_item_lose_none(build: BuildProject) -> None:
    page = '# B\n\n```{design-note}\n:id: n\n```\n\n```{endpoint} GET /x\n:change: new\n```\n'
    built = build({'a.md': page, 'b.md': page}, 'html')
    assert len(built.items()) == 2
    assert all('DN202' in w for w in built.warnings)
    assert built.warnings


# Size


@pytest.mark.parametrize(
    'kind', ['endpoint', 'entity', 'alternative', 'authorization', 'feature-flag', 'rollout-step', 'test-case']
)
@pytest.mark.parametrize(
    'pattern',
    ['x', 'a ', '/a', 'GET, ', '`', '[', '{', '(', '<', ': ', 'on ', '. ', '"', 'flag (', 'default: ', '-> '],
)
@pytest.mark.parametrize('suffix', ['rst', 'md'])
def test_a_title_of_100_kb_is_read(build: BuildProject, kind: str, pattern: str, suffix: str) -> None:
    title = ('POST /' if kind in ('endpoint', 'authorization') else 'T') + pattern * (100_000 // len(pattern))
    text = f'# Page\n\n::::{{{kind}}} {title}\n::::\n' if suffix == 'md' else f'{H}.. {kind}:: {title}\n'
    built = build({f'index.{suffix}': text}, 'designnote')
    assert [(i.kind, len(i.id) < 200) for i in built.items()] == [(kind, True)]
    assert all(len(w) < 1000 for w in built.warnings)


@pytest.mark.parametrize('pattern', ['x', '(a, ', '`a, ', 'POST /x, ', '/a/', 'a.b ', 'the feature flag ', '{'])
def test_an_option_and_a_body_of_100_kb_are_read(build: BuildProject, pattern: str) -> None:
    value = pattern * (100_000 // len(pattern))
    built = build(
        {
            'index.md': f'# P\n\n::::{{endpoint}} GET /x\n:purpose: {value}\n:uses: {value}\n'
            f':roles: {value}\n\n{value}\n::::\n'
        },
        'designnote',
    )
    assert [i.kind for i in built.items()] == ['endpoint']


@pytest.mark.parametrize('suffix', ['rst', 'md'])
def test_10_000_bullets_are_10_000_items(build: BuildProject, suffix: str) -> None:
    bullets = [f'- Test {i}' for i in range(10_000)]
    text = (
        '.. test-plan:: unit\n\n' + ''.join(f'   {b}\n' for b in bullets)
        if suffix == 'rst'
        else '```{test-plan} unit\n' + ''.join(f'{b}\n' for b in bullets) + '```\n'
    )
    built = build({f'index.{suffix}': text})
    cases = built.items('test-case')
    assert (len(cases), cases[0].title, cases[-1].title, len({c.id for c in cases})) == (
        10_000,
        'Test 0',
        'Test 9999',
        10_000,
    )
    assert cases[-1].location.line == 10_000 + (2 if suffix == 'rst' else 1)
    assert built.warnings == []


def test_equal_bullets_get_ids_of_their_own(build: BuildProject) -> None:
    built = build({'index.md': '```{test-plan} unit\n' + '- Test\n' * 3_000 + '```\n'})
    assert len({i.id for i in built.items()}) == 3_001


def test_50_levels_of_nesting_are_read(build: BuildProject) -> None:
    in_rest = ''.join('   ' * i + f'.. entity:: E{i}\n\n' for i in range(50))
    marks = ['`' * (60 - i) for i in range(50)]
    in_myst = ''.join(f'{mark}{{entity}} E{i}\n' for i, mark in enumerate(marks)) + ''.join(
        f'{mark}\n' for mark in reversed(marks)
    )
    built = build({'a.rst': in_rest, 'b.md': in_myst}, 'html')
    keys = [f'E{i}' for i in range(50)]
    assert [i.key for i in built.items()] == keys * 2
    message = 'entity does not belong inside entity; put it beside, not inside [designnote.DN105]'
    assert sorted(built.warnings) == sorted(
        [f'a.rst:{1 + 2 * i}: {message}' for i in range(1, 50)] + [f'b.md:{1 + i}: {message}' for i in range(1, 50)]
    )


def test_50_levels_of_bullets_are_read(build: BuildProject) -> None:
    bullets = '\n'.join('  ' * i + f'- Add `a{i}: int`' for i in range(50))
    built = build({'index.md': f'```{{entity}} E\n{bullets}\n```\n'})
    assert [i.key for i in built.items()][:2] == ['E', 'E.a0']
    assert built.warnings == []


# Characters


def test_control_characters_are_no_obstacle(build: BuildProject) -> None:
    files = {
        'index.rst': H + '.. endpoint:: GET /x\x01\x1b[31m\n   :auth: a\x07b\n   :id: a\x02b\n' + AFTER,
        'b.md': '# P\n\n```{entity} E\x01\n:table: a\x0bb\x1b\n```\n',
    }
    for builder in ('html', 'designnote', 'text'):
        built = build(files, builder)
        assert [i.kind for i in built.items()] == ['entity', 'endpoint', 'feature-flag']
        assert '\x1b' not in ''.join(built.warnings)


def test_nul_is_no_obstacle(build: BuildProject) -> None:
    files = {
        'index.rst': H + '.. entity:: a\0b\n   :table: c\0d\n' + AFTER,
        'b.md': '# P\n\n```{entity} a\0b\n:table: c\0d\n```\n',
    }
    for builder in ('html', 'designnote'):
        built = build(files, builder)
        assert [i.kind for i in built.items()] == ['entity', 'entity', 'feature-flag']
        assert [w for w in built.warnings if 'DN105' in w or 'DN112' in w] == []


MARKUP = '<script>alert(1)</script><b title="x">&amp;'


@pytest.mark.parametrize('builder', ['html', 'singlehtml'])
@pytest.mark.parametrize('suffix', ['rst', 'md'])
def test_html_in_any_field_is_shown_and_not_run(build: BuildProject, suffix: str, builder: str) -> None:
    options = {
        'owner': MARKUP,
        'gates': MARKUP,
        'when-enabled': f'`{MARKUP}`',
        'id': MARKUP,
        'class': MARKUP,
        'unknown': MARKUP,
        'remove-by': MARKUP,
        'service': MARKUP,
        'release': MARKUP,
        'requires': MARKUP,
    }
    if suffix == 'rst':
        text = H + f'.. feature-flag:: {MARKUP}\n' + ''.join(f'   :{k}: {v}\n' for k, v in options.items())
        text += f'\n.. endpoint:: GET /{MARKUP}\n   :request: {MARKUP}\n\n.. test-plan:: unit\n\n   - {MARKUP}\n'
        text += f'\n.. design-note:: {MARKUP}\n   :owners: {MARKUP}\n'
    else:
        text = (
            f'# Page\n\n```{{feature-flag}} {MARKUP}\n' + ''.join(f':{k}: {v}\n' for k, v in options.items()) + '```\n'
        )
        text += f'\n```{{endpoint}} GET /{MARKUP}\n:request: {MARKUP}\n```\n'
        text += f'\n```{{design-note}} {MARKUP}\n:owners: {MARKUP}\n```\n'
    built = build({f'index.{suffix}': text}, builder)
    for path in built.outdir.rglob('*.html'):
        html = path.read_text('utf-8')
        assert '<script>alert' not in html, path
        assert '<b title' not in html, path
    assert '&lt;script&gt;alert(1)&lt;/script&gt;' in built.read('index.html')
    assert {i.kind for i in built.items()} >= {'feature-flag', 'endpoint'}


def test_html_in_any_field_is_not_run_in_the_report(build: BuildProject) -> None:
    built = build(
        H + f'.. feature-flag:: {MARKUP}\n   :owner: {MARKUP}</title></textarea>\n'
        f'   :remove-by: {MARKUP}\n   :id: {MARKUP}\n'
        f'\n.. design-note:: {MARKUP}\n   :owners: {MARKUP}\n',
        'designnote',
    )
    html = built.read('index.html')
    assert '<script>alert' not in html
    assert '<b title' not in html


def test_right_to_left_and_wide_text_arrives_as_written(build: BuildProject) -> None:
    built = build(
        {
            'index.rst': H + '.. entity:: טבלה\u202e\n   :id: מזהה\n   :table: 部署 😀\n',
            'b.md': '# P\n\n```{entity} جدول\n:table: ﷽\n```\n',
        },
        'html',
    )
    assert [(i.key, dict(i.fields)) for i in built.items()] == [
        ('جدول', {'table': '﷽'}),
        ('טבלה\u202e', {'table': '部署 😀'}),
    ]
    assert built.warnings == []
    assert all(re.fullmatch(r'[A-Za-z0-9-]+', i.anchor) for i in built.items())
    assert len({i.anchor for i in built.items()}) == 2


@pytest.mark.parametrize('builder', ['html', 'designnote', 'text'])
def test_a_lone_surrogate_is_no_obstacle(build: BuildProject, builder: str) -> None:
    # Sphinx reads no file that holds one, but an escape in YAML makes one.
    built = build({'index.md': '---\ndesign-note:\n  owners: "a\\uD800"\n---\n# P\n\n```{entity} E\n```\n'}, builder)
    assert [i.key for i in built.items()] == ['E']


def test_a_carriage_return_ends_a_line(build: BuildProject) -> None:
    built = build(
        {
            'index.md': b'---\r\ndesign-note:\r\n  status: draft\r\n---\r\n'
            b'# P\r\n\r\n```{feature-flag} f\r\n:default: off\r\n```\r\n'
        }
    )
    assert (built.note.status, dict(built.item('feature-flag').fields), built.item('feature-flag').location.line) == (
        'draft',
        {'default': 'off'},
        7,
    )
    assert built.warnings == []


def test_a_byte_order_mark_does_not_hide_front_matter(build: BuildProject) -> None:
    built = build({'index.md': b'\xef\xbb\xbf---\ndesign-note:\n  status: draft\n---\n# P\n'})
    assert built.note.status == 'draft'


# Front matter


@pytest.mark.parametrize(
    'yaml',
    [
        '  owners: &a [*a]\n',
        '  ? [a, b]\n  : c\n',
        '  owners: {a: b}\n',
        '  [\n',
        '\tstatus: draft\n',
        '  : x\n',
        '  status: !!python/object:os.system x\n',
    ],
)
def test_odd_front_matter_is_no_obstacle(build: BuildProject, yaml: str) -> None:
    built = build({'index.md': f'---\ndesign-note:\n{yaml}---\n# P\n\n```{{entity}} E\n```\n'})
    assert [i.key for i in built.items()] == ['E']
    assert 'ScalarNode' not in ''.join(built.warnings)


def test_aliases_in_front_matter_do_not_multiply(build: BuildProject) -> None:
    lines = ['  a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    lines += [f'  a{i}: &a{i} [{", ".join([f"*a{i - 1}"] * 10)}]' for i in range(1, 7)]
    built = build({'index.md': '---\ndesign-note:\n' + '\n'.join(lines) + '\n---\n# P\n'})
    assert len(repr(built.note)) < 10_000  # written out they are ten million names


# Pages that come and go


PAGES = {
    'index.rst': H + '.. toctree::\n   :glob:\n\n   *\n',
    'a.rst': H + '.. endpoint:: POST /x\n   :id: a-1\n   :change: new\n',
    'b.md': '# B\n\n```{test-case} It works\n:verifies: a-1\n```\n\n{dn:endpoint}`POST /x`\n',
}


def test_a_page_that_is_deleted_leaves_nothing_behind(build: BuildProject) -> None:
    built = build(PAGES, 'html')
    assert built.warnings == []
    after = built.again({'a.rst': None})
    assert [i.key for i in after.items()] == ['It works']
    assert [re.sub(r': .*\[', ': [', w) for w in after.warnings if 'b.md' in w] == ['b.md:4: [designnote.DN201]']


def test_a_page_that_is_renamed_takes_its_items_with_it(build: BuildProject) -> None:
    built = build(PAGES, 'html')
    after = built.again({'a.rst': None, 'z.rst': PAGES['a.rst']})
    assert [(i.key, i.docname) for i in after.items()] == [('It works', 'b'), ('POST /x', 'z')]
    assert after.warnings == []
    assert 'href="z.html#a-1"' in after.read('b.html')
    assert not Path(after.outdir, 'genindex-a.html').exists()
