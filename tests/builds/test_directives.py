"""Directives: what an author writes in reST and in MyST, and the records that come of it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

import pytest

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.model.schema import (
    NOTE,
    RECORD_OPTIONS,
    ArgumentType,
    Kind,
    ValueType,
    builtin_vocabulary,
)

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

VOCABULARY = builtin_vocabulary()

#: A value of each type: as written, as read.
SAMPLES: dict[ValueType, tuple[str, object]] = {
    ValueType.TEXT: ('"Quick Deploy" hidden: see #12, `x` | y', '"Quick Deploy" hidden: see #12, `x` | y'),
    ValueType.CODE: ('{"model_id": "uuid", "n": [1, 2]}', '{"model_id": "uuid", "n": [1, 2]}'),
    ValueType.BOOLEAN: ('no', False),
    ValueType.SWITCH: ('disabled', 'off'),
    ValueType.STATE: ('10% of tenants', '10% of tenants'),
    ValueType.DATE: ('2027-06-30', datetime.date(2027, 6, 30)),
    ValueType.DONE: ('2027-06-30', datetime.date(2027, 6, 30)),
    ValueType.NAMES: ('model_id, f(a, b), `c`', ('model_id', 'f(a, b)', 'c')),
    ValueType.RELEASE: ('25.10', '25.10'),
    ValueType.REFERENCES: ('POST /api/v1/{id}, Deployment.x', ('POST /api/v1/{id}', 'Deployment.x')),
}

ARGUMENTS = {
    ArgumentType.NONE: '',
    ArgumentType.TITLE: 'A title: with *stars*, "quotes", <b>, a_ and #1',
    ArgumentType.NAME: 'quick_deploy-enabled.x',
    ArgumentType.HTTP_TARGET: 'POST /api/v1/{id}/x',
    ArgumentType.OPERATION: 'POST /api/v1/x',
    ArgumentType.DECLARATION: 'auto_configured: boolean',
    ArgumentType.CONSTRAINT: 'unique on a, b',
}
BODY = 'A body with `code`.'


def _argument(kind: Kind) -> str:
    return kind.words[-1] if kind.words else ARGUMENTS[kind.argument]


def _options(kind: Kind) -> dict[str, tuple[str, object]]:
    """Every option of *kind*: as written, as read."""
    options: dict[str, tuple[str, object]] = {}
    for option in kind.options.values():
        if option.name in RECORD_OPTIONS | {'profile'}:
            continue
        options[option.name] = (option.values[-1],) * 2 if option.type is ValueType.CHOICE else SAMPLES[option.type]
    return options


def _stated(kind: Kind) -> dict[str, str]:
    stated = {'id': 'dn-1', 'release': '25.10', 'service': 'serving', 'ignore': 'DN301 (public, yes), DN501 (reads)'}
    if 'change' in kind.options:
        stated['change'] = kind.options['change'].values[-1]
    return stated


def rest(name: str, argument: str, options: dict[str, str], body: str = '') -> str:
    lines = [f'.. {name}:: {argument}'.rstrip(), *(f'   :{key}: {value}' for key, value in options.items())]
    if body:
        lines += ['', *(f'   {line}'.rstrip() for line in body.splitlines())]
    return '\n'.join([*lines, '', ''])


def fence(name: str, argument: str, options: dict[str, str], body: str = '', mark: str = '```') -> str:
    lines = [f'{mark}{{{name}}} {argument}'.rstrip(), *(f':{key}: {value}' for key, value in options.items())]
    if body:
        lines += ['', body]
    return '\n'.join([*lines, mark, '', ''])


def colon(name: str, argument: str, options: dict[str, str], body: str = '') -> str:
    return fence(name, argument, options, body, mark=':::')


FORMS = {'reST': ('rst', rest), 'fence': ('md', fence), 'colon fence': ('md', colon)}


def record(item: Item) -> dict[str, Any]:
    """The item without the places where it stands."""
    return {
        f.name: getattr(item, f.name) for f in dataclasses.fields(item) if f.name not in ('location', 'origin', 'lines')
    }


def page(form: str, *texts: str) -> dict[str, str]:
    suffix, _ = FORMS[form]
    title = 'Page\n====\n\n' if suffix == 'rst' else '# Page\n\n'
    return {f'index.{suffix}': title + ''.join(texts)}


def write(form: str, name: str, argument: str = '', options: dict[str, str] | None = None, body: str = '') -> str:
    return FORMS[form][1](name, argument, options or {}, body)


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize('kind', [k for k in VOCABULARY.kinds.values() if k.name != NOTE], ids=lambda kind: kind.name)
def test_every_option_of_every_kind_arrives_as_written(build: BuildProject, kind: Kind, form: str) -> None:
    options = _options(kind)
    written = {name: text for name, (text, _) in options.items()} | _stated(kind)
    text = write(form, f'dn:{kind.name}', _argument(kind), written, BODY.replace('`', '``') if form == 'reST' else BODY)
    note = build(page(form, text)).note
    (item,) = note.items
    argument_fields = {
        ArgumentType.HTTP_TARGET: {'method': 'POST', 'path': '/api/v1/{id}/x'},
        ArgumentType.DECLARATION: {'type': 'boolean'},
        ArgumentType.CONSTRAINT: {'kind': 'unique', 'columns': ('a', 'b')},
    }.get(kind.argument, {})
    expected = argument_fields | {name.replace('-', '_'): value for name, (_, value) in options.items()}
    problems = [(p.code, p.message) for p in note.problems]
    outside = kind.argument in (ArgumentType.DECLARATION, ArgumentType.CONSTRAINT)
    assert [code for code, _ in problems] == (['DN105'] if outside else []), problems
    if kind.name == 'rollout-step':  # what the title says is read as well; the options come first
        expected = dict(item.fields) | expected
    assert dict(item.fields) == expected
    stated = _stated(kind)
    assert (item.kind, item.id, item.release, item.service, item.change) == (
        kind.name, 'dn-1', '25.10', 'serving', stated.get('change'),
    )  # fmt: skip
    assert [(i.rule, i.reason) for i in item.ignore] == [('DN301', 'public, yes'), ('DN501', 'reads')]
    assert item.body == BODY


@pytest.mark.parametrize('form', ['fence', 'colon fence'])
@pytest.mark.parametrize('kind', [k for k in VOCABULARY.kinds.values() if k.name != NOTE], ids=lambda kind: kind.name)
def test_every_kind_gives_equal_records_in_rest_and_myst(build: BuildProject, kind: Kind, form: str) -> None:
    options = {name: text for name, (text, _) in _options(kind).items()}
    args = (kind.name, _argument(kind), options)
    in_rest = build(page('reST', write('reST', *args, BODY.replace('`', '``')))).note
    in_myst = build(page(form, write(form, *args, BODY))).note
    assert [record(item) for item in in_rest.items] == [record(item) for item in in_myst.items]
    assert [(p.code, p.message) for p in in_rest.problems] == [(p.code, p.message) for p in in_myst.problems]


@pytest.mark.parametrize('form', FORMS)
def test_the_options_of_a_note_arrive_as_written(build: BuildProject, form: str) -> None:
    kind = VOCABULARY.kinds[NOTE]
    options = {name: text for name, (text, _) in _options(kind).items()}
    built = build(page(form, write(form, NOTE, 'Quick deploy', options | {'id': 'quick', 'release': '25.10'})))
    note = built.note
    values = {name.replace('-', '_'): value for name, (_, value) in _options(kind).items()}
    assert dict(note.fields) == values | {'release': '25.10'}
    assert (note.id, note.title, note.marked, note.items) == ('quick', 'Quick deploy', True, ())
    assert note.problems == ()


@pytest.mark.parametrize('form', FORMS)
def test_a_note_without_a_title_takes_that_of_its_page(build: BuildProject, form: str) -> None:
    note = build(page(form, write(form, NOTE, '', {'status': 'draft'}))).note
    assert (note.title, note.id, note.status, note.problems) == ('Page', 'index', 'draft', ())


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize('kind', VOCABULARY.kinds.values(), ids=lambda kind: kind.name)
def test_a_short_name_and_a_domain_name_are_one_directive(build: BuildProject, kind: Kind, form: str) -> None:
    short = build(page(form, write(form, kind.name, _argument(kind))))
    long = build(page(form, write(form, f'dn:{kind.name}', _argument(kind))))
    assert short.note == long.note


@pytest.mark.parametrize('form', FORMS)
def test_short_names_can_be_turned_off(build: BuildProject, form: str) -> None:
    built = build(
        page(form, write(form, 'endpoint', 'GET /short'), write(form, 'dn:endpoint', 'GET /long')),
        conf={'designnote_global_directives': False},
    )
    assert [item.key for item in built.items()] == ['GET /long']
    assert len(built.warnings) == 1
    assert 'nknown directive' in built.warnings[0]


OTHER_EXTENSION = """
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

class Theirs(SphinxDirective):
    optional_arguments = 1
    final_argument_whitespace = True
    def run(self):
        return [nodes.paragraph('', 'theirs ' + ' '.join(self.arguments))]

def setup(app):
    app.add_directive('endpoint', Theirs)
"""


@pytest.mark.parametrize('order', [('other', 'sphinxcontrib_designnote'), ('sphinxcontrib_designnote', 'other')])
def test_a_name_that_another_extension_has_is_left_to_it(
    build: BuildProject, order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(__import__('sys').modules, 'other', raising=False)
    built = build(
        {
            'index.rst': '.. endpoint:: GET /theirs\n\n.. dn:endpoint:: GET /ours\n\n.. entity:: Deployment\n',
            'other.py': OTHER_EXTENSION,
        },
        'text',
        conf={
            'extensions': ['myst_parser', *order],
            'code': 'import sys; sys.path.insert(0, __file__.rpartition("/")[0])',
        },
    )
    assert [item.key for item in built.items()] == ['GET /ours', 'Deployment']
    assert 'theirs GET /theirs' in built.read('index.txt')
    assert built.warnings == []
    assert "the directive 'endpoint' belongs to other; write 'dn:endpoint' for ours" in built.output


def test_docutils_own_directive_names_are_left_alone(build: BuildProject) -> None:
    built = build(
        '.. risk:: R\n\n.. note:: A note\n',
        'text',
        conf={'designnote_kinds': {'risk': {}, 'note': {'role': 'memo'}}},
    )
    assert [item.kind for item in built.items()] == ['risk']
    assert 'Note: A note' in ' '.join(built.read('index.txt').split())


# Nested directives


NESTED_REST = """\
Page
====

.. entity:: Deployment
   :change: modified

   .. field:: auto_configured: boolean
      :change: add
      :default: false

      Why it is there.

   .. constraint:: index on auto_configured
      :change: add

.. endpoint:: POST /x

   .. field:: dry_run: bool
      :in: request

.. interface:: job.started
   :kind: event

   .. field:: job_id

.. rollout::

   .. rollout-step:: Deploy the backend

   .. rollout-step:: Verify it

.. test-plan:: unit

   .. test-case:: It works
"""
NESTED_MYST = """\
# Page

````{entity} Deployment
:change: modified

```{field} auto_configured: boolean
:change: add
:default: false

Why it is there.
```

```{constraint} index on auto_configured
:change: add
```
````

::::{endpoint} POST /x

:::{field} dry_run: bool
:in: request
:::
::::

````{interface} job.started
:kind: event
```{field} job_id
```
````

````{rollout}
```{rollout-step} Deploy the backend
```
```{rollout-step} Verify it
```
````

````{test-plan} unit
```{test-case} It works
```
````
"""


def test_parts_nest_in_their_owners_and_know_them(build: BuildProject) -> None:
    built = build({'index.rst': NESTED_REST})
    assert [(i.location.line, i.kind, i.key, i.parent) for i in built.items()] == [
        (4, 'entity', 'Deployment', None),
        (7, 'field', 'Deployment.auto_configured', 'index-entity-deployment-modified'),
        (13, 'constraint', 'Deployment index on auto_configured', 'index-entity-deployment-modified'),
        (16, 'endpoint', 'POST /x', None),
        (18, 'field', 'POST /x.dry_run', 'index-endpoint-post-x'),
        (21, 'interface', 'job.started', None),
        (24, 'field', 'job.started.job_id', 'index-interface-event-job-started'),
        (26, 'rollout', 'Rollout', None),
        (28, 'rollout-step', 'Deploy the backend', 'index-rollout-rollout'),
        (30, 'rollout-step', 'Verify it', 'index-rollout-rollout'),
        (32, 'test-plan', 'unit', None),
        (34, 'test-case', 'It works', 'index-test-plan-unit'),
    ]
    assert built.warnings == []
    # What a part says is its own, not its owner's text.
    assert {i.kind: i.body for i in built.items() if i.body} == {'field': 'Why it is there.'}


def test_parts_nest_alike_in_rest_and_myst(build: BuildProject) -> None:
    in_rest, in_myst = build({'index.rst': NESTED_REST}), build({'index.md': NESTED_MYST})
    assert list(map(record, in_rest.items())) == list(map(record, in_myst.items()))
    assert in_myst.warnings == []
    assert [i.location.line for i in in_myst.items()] == [3, 6, 13, 18, 20, 25, 27, 31, 32, 34, 38, 39]


# Bullets in the body


BULLETS: dict[str, tuple[str, str, list[tuple[str, str, dict[str, object]]]]] = {
    'entity': (
        'Deployment',
        '- Add `auto_configured: boolean` field (default: false, not null)\n'
        '- Add index on `auto_configured` for analytics\n'
        '- Rename `old_name` to `new_name`\n'
        '- Drop `legacy` column\n'
        '- Table: deployments\n'
        '- Anything else is text',
        [
            ('entity', 'Deployment', {'table': 'deployments'}),
            ('field', 'Deployment.auto_configured', {'type': 'boolean', 'default': 'false', 'nullable': False}),
            ('constraint', 'Deployment index on auto_configured', {'kind': 'index', 'columns': ('auto_configured',)}),
            ('field', 'Deployment.new_name', {'renamed_from': 'old_name'}),
            ('field', 'Deployment.legacy', {}),
        ],
    ),
    'feature-flag': (
        'quick_deploy_enabled',
        '- Default: off\n'
        '- When disabled: "Quick Deploy" button hidden in UI, endpoint returns 404\n'
        '- When enabled: Full feature available\n'
        '- Remove by: 2027-06-30\n'
        '- Gates: POST /x\n'
        '- Other words',
        [
            (
                'feature-flag',
                'quick_deploy_enabled',
                {
                    'default': 'off',
                    'when_disabled': '"Quick Deploy" button hidden in UI, endpoint returns 404',
                    'when_enabled': 'Full feature available',
                    'remove_by': datetime.date(2027, 6, 30),
                    'gates': ('POST /x',),
                },
            )
        ],
    ),
    'rollout': (
        '',
        '1. Deploy backend (feature flag off)\n'
        '2. Run Alembic migration to add `auto_configured` column\n'
        '3. Enable feature flag for internal testing\n'
        '4. Enable feature flag for all users after 1 week of testing',
        [
            ('rollout', 'Rollout', {}),
            (
                'rollout-step',
                'Deploy backend (feature flag off)',
                {'action': 'deploy', 'component': 'backend', 'flag_state': 'off'},
            ),
            ('rollout-step', 'Run Alembic migration to add `auto_configured` column', {'action': 'migrate'}),
            (
                'rollout-step',
                'Enable feature flag for internal testing',
                {'action': 'enable', 'flag_state': 'internal testing'},
            ),
            (
                'rollout-step',
                'Enable feature flag for all users after 1 week of testing',
                {'action': 'enable', 'flag_state': 'on'},
            ),
        ],
    ),
    'test-plan': (
        'integration',
        '- Test POST /x\n- Test feature flag behavior (enabled vs disabled)\n- `tests/a.py::test_b` checks `x`',
        [
            ('test-plan', 'integration', {}),
            ('test-case', 'Test POST /x', {'level': 'integration'}),
            (
                'test-case',
                'Test feature flag behavior (enabled vs disabled)',
                {'level': 'integration', 'flag_state': 'both'},
            ),
            (
                'test-case',
                '`tests/a.py::test_b` checks `x`',
                {'level': 'integration', 'automated': 'tests/a.py::test_b'},
            ),
        ],
    ),
    'authorization': (
        '',
        '- POST /x: requires editor or admin role\n- GET /x: public (no auth)\n'
        '- POST /y: no change (already requires editor role)',
        [
            ('authorization', 'POST /x', {'roles': ('editor', 'admin')}),
            ('authorization', 'GET /x', {'public': True}),
            ('authorization', 'POST /y', {'roles': ('editor',)}),
        ],
    ),
}


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize('kind', BULLETS)
def test_bullets_of_a_body_are_read(build: BuildProject, kind: str, form: str) -> None:
    argument, body, expected = BULLETS[kind]
    built = build(page(form, write(form, kind, argument, {}, body.replace('`', '``') if form == 'reST' else body)))
    assert [(i.kind, i.key, dict(i.fields)) for i in built.items()] == expected
    assert built.warnings == []


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize('kind', BULLETS)
def test_each_item_stands_at_the_line_of_its_bullet(build: BuildProject, kind: str, form: str) -> None:
    argument, body, _ = BULLETS[kind]
    built = build(page(form, write(form, kind, argument, {}, body.replace('`', '``') if form == 'reST' else body)))
    files = page(form, write(form, kind, argument, {}, body))
    (text,) = files.values()
    lines = text.splitlines()
    for item in built.items():
        if item.kind != kind or (not argument and kind == 'authorization'):
            words = item.title.replace('`', '').split(':')[0].split()[-1]
            assert words in lines[item.location.line - 1].replace('`', ''), (item.title, item.location)


@pytest.mark.parametrize('form', FORMS)
def test_an_option_of_the_directive_comes_before_a_bullet_that_says_the_same(build: BuildProject, form: str) -> None:
    built = build(
        page(form, write(form, 'feature-flag', 'f', {'owner': 'orders'}, '- Owner: billing\n- Scope: tenant'))
    )
    assert dict(built.item('feature-flag').fields) == {'owner': 'orders', 'scope': 'tenant'}


@pytest.mark.parametrize('form', FORMS)
def test_options_of_a_directive_that_only_groups_hold_for_each_bullet(build: BuildProject, form: str) -> None:
    built = build(page(form, write(form, 'authorization', '', {'roles': 'editor'}, '- POST /x\n- GET /x: public')))
    fields = [(i.key, dict(i.fields)) for i in built.items()]
    lost = [w for w in built.warnings if 'DN112' in w]
    assert fields == [('POST /x', {'roles': ('editor',)}), ('GET /x', {'roles': ('editor',), 'public': True})] or lost


# Several items of one line


@pytest.mark.parametrize('form', FORMS)
def test_two_methods_are_two_endpoints_with_the_same_options(build: BuildProject, form: str) -> None:
    built = build(page(form, write(form, 'endpoint', 'GET, post /x/', {'change': 'new', 'auth': 'editor'}, 'Why.')))
    assert [(i.id, i.key, i.change, i.body, dict(i.fields)) for i in built.items()] == [
        ('index-endpoint-get-x-new', 'GET /x', 'new', 'Why.', {'method': 'GET', 'path': '/x', 'auth': 'editor'}),
        ('index-endpoint-post-x-new', 'POST /x', 'new', 'Why.', {'method': 'POST', 'path': '/x', 'auth': 'editor'}),
    ]


@pytest.mark.parametrize('form', FORMS)
def test_two_items_of_one_directive_with_an_id_do_not_share_it(build: BuildProject, form: str) -> None:
    built = build(page(form, write(form, 'endpoint', 'GET, POST /x', {'id': 'jobs'})), 'designnote')
    ids = [i.id for i in built.items()]
    assert len(set(ids)) == 2
    assert [w for w in built.warnings if 'DN202' in w] == []


@pytest.mark.parametrize('form', FORMS)
def test_repeated_titles_get_a_suffix(build: BuildProject, form: str) -> None:
    text = write(form, 'alternative', 'Do nothing')
    built = build(page(form, text, text, text))
    assert [i.id for i in built.items()] == [
        'index-alternative-do-nothing', 'index-alternative-do-nothing-2', 'index-alternative-do-nothing-3',
    ]  # fmt: skip


@pytest.mark.parametrize('form', FORMS)
def test_an_id_does_not_depend_on_other_items(build: BuildProject, form: str) -> None:
    one, two = (
        write(form, 'endpoint', 'GET /b', {'change': 'new'}),
        write(form, 'endpoint', 'GET /a', {'change': 'new'}),
    )
    alone, together = build(page(form, one)), build(page(form, two, one))
    assert alone.items()[0].id == together.items()[1].id


# Lines


def lines_of(built: Built) -> list[tuple[str, int, str, dict[str, int]]]:
    return [(i.location.path, i.location.line, i.key, dict(i.lines)) for i in built.items()]


REST_ITEM = '.. endpoint:: POST /x\n   :change: new\n   :purpose: a long\n      purpose\n   :auth: editor\n\n   Body\n'
MYST_ITEM = '```{endpoint} POST /x\n:change: new\n:purpose: a long\n  purpose\n:auth: editor\n\nBody\n```\n'


@pytest.mark.parametrize('blank_lines', [0, 3])
def test_lines_are_exact_in_rest(build: BuildProject, blank_lines: int) -> None:
    built = build('Page\n====\n\n' + '\n' * blank_lines + REST_ITEM)
    first = 4 + blank_lines
    lines = {'change': first + 1, 'purpose': first + 2, 'auth': first + 4, 'body': first + 6}
    assert lines_of(built) == [('index.rst', first, 'POST /x', lines)]
    assert built.items()[0].text('purpose') == 'a long purpose'


def test_lines_are_exact_below_a_rst_prolog(build: BuildProject) -> None:
    built = build(
        'Page\n====\n\n' + REST_ITEM + '\n.. entity:: E\n\n   - Add ``a: int`` field\n',
        conf={'rst_prolog': '.. |x| replace:: y\n\n.. |z| replace:: y\n'},
    )
    assert lines_of(built) == [
        ('index.rst', 4, 'POST /x', {'change': 5, 'purpose': 6, 'auth': 8, 'body': 10}),
        ('index.rst', 12, 'E', {'body': 14}),
        ('index.rst', 14, 'E.a', {'change': 14, 'body': 14}),
    ]


def test_lines_are_exact_above_a_rst_epilog(build: BuildProject) -> None:
    built = build('Page\n====\n\n' + REST_ITEM, conf={'rst_epilog': '.. |x| replace:: y\n\n'})
    assert lines_of(built) == [('index.rst', 4, 'POST /x', {'change': 5, 'purpose': 6, 'auth': 8, 'body': 10})]


def test_items_of_an_included_file_stand_in_that_file(build: BuildProject) -> None:
    built = build(
        {
            'index.rst': 'Page\n====\n\n.. include:: _part.inc\n\n.. endpoint:: GET /after\n   :auth: a\n',
            '_part.inc': 'Text\n\n' + REST_ITEM + '\n.. test-plan:: unit\n\n   - A test\n',
        }
    )
    assert lines_of(built) == [
        ('_part.inc', 3, 'POST /x', {'change': 4, 'purpose': 5, 'auth': 7, 'body': 9}),
        ('_part.inc', 11, 'unit', {'body': 13}),
        ('_part.inc', 13, 'A test', {'body': 13}),
        ('index.rst', 6, 'GET /after', {'auth': 7}),
    ]


def test_items_of_a_file_included_by_markdown_stand_in_that_file(build: BuildProject) -> None:
    built = build(
        {
            'index.md': '# Page\n\n```{include} _part.md\n```\n\n```{endpoint} GET /after\n:auth: a\n```\n',
            '_part.md': 'Text\n\n' + MYST_ITEM + '\n```{test-plan} unit\n- A test\n```\n',
        }
    )
    assert lines_of(built) == [
        ('_part.md', 3, 'POST /x', {'change': 4, 'purpose': 5, 'auth': 7, 'body': 9}),
        ('_part.md', 12, 'unit', {'body': 13}),
        ('_part.md', 13, 'A test', {'body': 13}),
        ('index.md', 6, 'GET /after', {'auth': 7}),
    ]


def test_a_mistake_in_an_included_file_is_reported_there(build: BuildProject) -> None:
    built = build(
        {'index.rst': 'A\n=\n\n.. include:: _part.inc\n', '_part.inc': '\n.. endpoint:: GET /x\n   :change: nwe\n'}
    )
    assert built.warnings == [
        "_part.inc:3: 'change' is 'nwe'; did you mean 'new'?; "
        'write one of: new, changed, deprecated, removed, existing [designnote.DN105]'
    ]


@pytest.mark.parametrize('blank_lines', [0, 3])
def test_lines_are_exact_in_myst(build: BuildProject, blank_lines: int) -> None:
    built = build({'index.md': '# Page\n\n' + '\n' * blank_lines + MYST_ITEM})
    first = 3 + blank_lines
    lines = {'change': first + 1, 'purpose': first + 2, 'auth': first + 4, 'body': first + 6}
    assert lines_of(built) == [('index.md', first, 'POST /x', lines)]


def test_lines_are_exact_below_front_matter(build: BuildProject) -> None:
    built = build(
        {
            'index.md': '---\ntitle: X\n# comment\n---\n\n# Page\n\n'
            + MYST_ITEM
            + '\n```{test-plan} unit\n\n- A\n- B\n```\n'
        }
    )
    assert lines_of(built) == [
        ('index.md', 8, 'POST /x', {'change': 9, 'purpose': 10, 'auth': 12, 'body': 14}),
        ('index.md', 17, 'unit', {'body': 19}),
        ('index.md', 19, 'A', {'body': 19}),
        ('index.md', 20, 'B', {'body': 20}),
    ]


def test_lines_are_exact_in_lists(build: BuildProject) -> None:
    indented = ''.join(f'  {line}'.rstrip() + '\n' for line in REST_ITEM.splitlines())
    in_rest = build('Page\n====\n\n- Entry\n\n' + indented)
    assert lines_of(in_rest) == [('index.rst', 6, 'POST /x', {'change': 7, 'purpose': 8, 'auth': 10, 'body': 12})]
    indented = ''.join(f'  {line}'.rstrip() + '\n' for line in MYST_ITEM.splitlines())
    in_myst = build({'index.md': '# Page\n\n- Entry\n\n' + indented})
    assert lines_of(in_myst) == [('index.md', 5, 'POST /x', {'change': 6, 'purpose': 7, 'auth': 9, 'body': 11})]


def test_lines_are_exact_in_nested_directives(build: BuildProject) -> None:
    in_rest = build(
        'Page\n====\n\n.. note::\n\n   .. entity:: E\n      :change: new\n\n'
        '      .. field:: a: int\n         :default: 0\n'
    )
    assert lines_of(in_rest) == [
        ('index.rst', 6, 'E', {'change': 7, 'body': 9}),
        ('index.rst', 9, 'E.a', {'default': 10}),
    ]
    in_myst = build(
        {
            'index.md': '# Page\n\n`````{note}\n````{entity} E\n:change: new\n'
            '```{field} a: int\n:default: 0\n```\n````\n`````\n'
        }
    )
    assert lines_of(in_myst) == [
        ('index.md', 4, 'E', {'change': 5, 'body': 6}),
        ('index.md', 6, 'E.a', {'default': 7}),
    ]


def test_lines_are_exact_where_the_argument_wraps(build: BuildProject) -> None:
    built = build('.. alternative:: A title\n   that goes on\n   :verdict: chosen\n\n   Body\n')
    assert lines_of(built) == [('index.rst', 1, 'A title that goes on', {'verdict': 3, 'body': 5})]


def test_lines_are_exact_in_eval_rst(build: BuildProject) -> None:
    built = build({'index.md': '# Page\n\n```{eval-rst}\n.. endpoint:: GET /x\n   :auth: a\n\n.. entity:: E\n```\n'})
    assert lines_of(built) == [('index.md', 4, 'GET /x', {'auth': 5}), ('index.md', 7, 'E', {})]


# Front matter


def front_matter(yaml: str, body: str = '# Page\n') -> dict[str, str]:
    return {'index.md': f'---\n{yaml}---\n\n{body}'}


def test_front_matter_marks_a_note(build: BuildProject) -> None:
    note = build(front_matter('design-note:\n  status: draft\n')).note
    assert (note.marked, note.status, note.title, dict(note.lines)) == (True, 'draft', 'Page', {'status': 3})


@pytest.mark.parametrize(
    ('yaml', 'fields'),
    [
        ('  owners: [Ann, Bob]\n', {'owners': ('Ann', 'Bob')}),
        ('  owners:\n    - Ann\n    - Bob\n', {'owners': ('Ann', 'Bob')}),
        ('  owners: Ann, Bob\n', {'owners': ('Ann', 'Bob')}),
        ('  release: 25.10\n', {'release': '25.10'}),
        ('  tracking: off\n', {'tracking': 'off'}),
        ('  tracking: 0012\n', {'tracking': '0012'}),
        ('  created: 2026-03-02\n', {'created': datetime.date(2026, 3, 2)}),
        ('  depends_on: other\n', {'depends_on': ('other',)}),
        ('  tracking: "a # b"\n', {'tracking': 'a # b'}),
        ('  tracking: |\n    two\n    lines\n', {'tracking': 'two\nlines'}),
    ],
)
def test_values_of_front_matter_arrive_as_written(build: BuildProject, yaml: str, fields: dict[str, object]) -> None:
    note = build(front_matter('design-note:\n' + yaml)).note
    assert (dict(note.fields), note.problems) == (fields, ())


@pytest.mark.parametrize('mark', ['true', 'yes', '', '{}'])
def test_front_matter_may_only_say_that_the_page_is_a_note(build: BuildProject, mark: str) -> None:
    built = build(front_matter(f'design-note: {mark}\n'))
    assert (built.note.marked, dict(built.note.fields), built.warnings) == (True, {}, [])


@pytest.mark.parametrize('mark', ['false', 'no', 'off'])
def test_front_matter_may_say_that_the_page_is_no_note(build: BuildProject, mark: str) -> None:
    built = build(front_matter(f'design-note: {mark}\n'))
    assert ([n.marked for n in built.notes.values()], built.warnings) == ([], [])


def test_front_matter_may_give_title_and_id(build: BuildProject) -> None:
    note = build(front_matter('design-note:\n  id: quick\n  title: "Quick: deploy"\n')).note
    assert (note.id, note.title) == ('quick', 'Quick: deploy')


def test_mistakes_in_front_matter_are_reported_at_their_lines(build: BuildProject) -> None:
    built = build(front_matter('title: X\ndesign-note:\n  status: drft\n  oners: Ann\n  created: soon\n'))
    accepted = ', '.join(VOCABULARY.kinds[NOTE].options)
    assert built.warnings == [
        "index.md:4: 'status' is 'drft'; did you mean 'draft'?; "
        'write one of: draft, in-review, accepted, implemented, rejected, withdrawn, superseded [designnote.DN105]',
        f"index.md:5: 'oners' is no option of design-note; did you mean 'owners'? "
        f'(accepted: {accepted}) [designnote.DN105]',
        "index.md:6: 'created' is 'soon', which is no day of the calendar; write it as 2027-06-30 [designnote.DN105]",
    ]


@pytest.mark.parametrize('value', ['[a, b]', 'words', '- a'])
def test_front_matter_that_is_no_table_is_reported(build: BuildProject, value: str) -> None:
    text = f'design-note: {value}\n' if not value.startswith('-') else f'design-note:\n  {value}\n'
    assert build(front_matter(text)).warnings == [
        "index.md:2: 'design-note' in front matter is no table of options; "
        "write 'status: draft' below it, indented [designnote.DN105]"
    ]


def test_front_matter_ends_at_its_own_last_line(build: BuildProject) -> None:
    built = build(front_matter('a: b\n', '# Page\n\nText\n\n---\n\ndesign-note: x\n\n---\n\nText\n'))
    assert (built.notes, built.warnings) == ({}, [])


def test_front_matter_counts_in_markdown_only(build: BuildProject) -> None:
    assert build('---\n\ndesign-note:\n  status: draft\n\n---\n').notes == {}


@pytest.mark.parametrize('form', ['reST', 'colon fence'])
def test_code_in_a_title_is_kept(build: BuildProject, form: str) -> None:
    built = build(page(form, write(form, 'test-case', 'Test `x` and `y`')))
    assert [(i.key, i.id) for i in built.items()] == [('Test `x` and `y`', 'index-test-case-test-x-and-y')]


# A kind of the project's own


RISK = {
    'risk': {
        'doc': 'Something that may go wrong.',
        'label': 'Risk',
        'options': {
            'likelihood': {'type': 'choice', 'values': ['low', 'high']},
            'threatens': {'link': 'threatens'},
            'review-on': {'type': 'date'},
        },
    }
}
RISKY = {
    'reST': '.. risk:: The model is too large\n   :likelihood: high\n   :threatens: POST /x\n'
    '   :review-on: 2027-01-31\n\n'
    '.. endpoint:: POST /x\n\nSee :dn:risk:`the-model-is-too-large`.\n',
    'fence': '```{risk} The model is too large\n:likelihood: high\n:threatens: POST /x\n:review-on: 2027-01-31\n```\n\n'
    '```{endpoint} POST /x\n```\n\nSee {dn:risk}`the-model-is-too-large`.\n',
}


@pytest.mark.parametrize('form', RISKY)
def test_a_kind_of_the_projects_own_gets_everything_that_a_built_in_one_has(build: BuildProject, form: str) -> None:
    built = build(page(form, RISKY[form]), 'html', conf={'designnote_kinds': RISK})
    assert built.warnings == []
    risk = built.item('risk')
    assert dict(risk.fields) == {
        'likelihood': 'high', 'threatens': ('POST /x',), 'review_on': datetime.date(2027, 1, 31),
    }  # fmt: skip
    assert [(link.type, link.source, link.target) for link in built.domain.graph.links] == [
        ('threatens', risk.id, 'index-endpoint-post-x')
    ]
    index = built.read('index.html')
    assert f'href="#{risk.anchor}"' in index  # the role
    assert f'id="{risk.anchor}"' in index
    assert 'The model is too large' in built.read('dn-risk.html')
    assert ('risk', 'the-model-is-too-large', risk.title) in {(o[2], o[0], o[1]) for o in built.domain.get_objects()}
    assert 'risk' in built.domain.object_types


@pytest.mark.parametrize('form', RISKY)
def test_mistakes_in_a_kind_of_the_projects_own_are_reported(build: BuildProject, form: str) -> None:
    built = build(page(form, RISKY[form].replace('high', 'hgh')), conf={'designnote_kinds': RISK})
    assert [w.partition(': ')[2] for w in built.warnings] == [
        "'likelihood' is 'hgh'; did you mean 'high'?; write one of: low, high [designnote.DN105]"
    ]


def test_a_kind_of_the_projects_own_is_exported(build: BuildProject) -> None:
    import json

    built = build(page('reST', RISKY['reST']), 'designnote', conf={'designnote_kinds': RISK})
    data = json.loads(built.read('designnote.json'))
    (risk,) = [item for item in data['items'] if item['kind'] == 'risk']
    assert risk['fields'] == {'likelihood': 'high', 'threatens': ['POST /x'], 'review_on': '2027-01-31'}
    assert 'The model is too large' in built.read('tables/risk.csv')


def test_two_projects_in_one_process_do_not_share_kinds(build: BuildProject) -> None:
    build(page('reST', RISKY['reST']), conf={'designnote_kinds': RISK})
    built = build('.. dn:risk:: R\n\n.. risk:: R\n')
    assert [w.splitlines()[0] for w in built.warnings] == [
        'index.rst:1: Unknown directive type "dn:risk".', 'index.rst:3: Unknown directive type "risk".',
    ]  # fmt: skip


def test_a_page_that_says_nothing_keeps_no_record(build: BuildProject) -> None:
    assert build({'index.rst': 'Page\n====\n\nText.\n', 'other.md': '# Other\n'}).notes == {}
