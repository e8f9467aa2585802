"""A mistake in ``conf.py`` is one error that names the key, the value and what is accepted."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.errors import ConfigError

from sphinxcontrib_designnote.conf_values import CONFIG_VALUES

if TYPE_CHECKING:
    from tests.conftest import BuildProject

#: Configuration value, what is wrong with it, and words that the message must have.
MISTAKES: list[tuple[str, Any, tuple[str, ...]]] = [
    ('designnote_global_directives', 'no', ("'no'", 'bool')),
    ('designnote_global_directives', 1, ('1', 'bool')),
    ('designnote_link_mentions', 'no', ("'no'", 'bool')),
    ('designnote_summary_card', None, ('None', 'bool')),
    ('designnote_backlinks', None, ('None', 'bool')),
    ('designnote_history', 'all', ("'all'", 'bool')),
    ('designnote_needs', 'no', ("'no'", 'bool')),
    ('designnote_needs_types', ['test'], ("['test']", 'dict')),
    ('designnote_needs_types', {'test-cas': 'test'}, ("'test-cas'", 'no kind', "did you mean 'test-case'?")),
    ('designnote_needs_types', {'test-case': 'a test'}, ("designnote_needs_types['test-case']", "'a test'", 'None')),
    ('designnote_requirement_types', 'req', ("'req'", 'list')),
    ('designnote_requirement_types', [1], ('designnote_requirement_types', '1', 'string')),
    ('designnote_kinds', ['risk'], ("['risk']", 'dict')),
    ('designnote_kinds', {'endpoint': {}}, ('endpoint', 'built-in', 'choose another')),
    ('designnote_kinds', {'Risk': {}}, ('designnote_kinds.Risk', 'lower-case words joined by hyphens')),
    ('designnote_kinds', {1: {}}, ('designnote_kinds.1', 'lower-case words joined by hyphens')),
    ('designnote_kinds', {'risk': 'x'}, ('designnote_kinds.risk', "'x'", 'table')),
    (
        'designnote_kinds',
        {'risk': {'lable': 'Risk'}},
        ('designnote_kinds.risk.lable', "did you mean 'label'?", 'accepted: doc, label'),
    ),
    ('designnote_kinds', {'risk': {'label': 1}}, ('designnote_kinds.risk.label', 'string', '1')),
    (
        'designnote_kinds',
        {'risk': {'argument': 'nmae'}},
        ('designnote_kinds.risk.argument', "'nmae'", "did you mean 'name'?", 'title'),
    ),
    ('designnote_kinds', {'risk': {'argument': 'word'}}, ('designnote_kinds.risk.argument', 'list')),
    ('designnote_kinds', {'risk': {'argument': [1]}}, ('designnote_kinds.risk.argument', 'list of strings')),
    ('designnote_kinds', {'risk': {'required': 'yes'}}, ('designnote_kinds.risk.required', "'yes'", 'true or false')),
    (
        'designnote_kinds',
        {'risk': {'identity': 'x'}},
        ('designnote_kinds.risk.identity', "'x'", 'project, service, parent, note'),
    ),
    ('designnote_kinds', {'risk': {'options': ['a']}}, ('designnote_kinds.risk.options', "['a']", 'table')),
    ('designnote_kinds', {'risk': {'options': {'A b': {}}}}, ('designnote_kinds.risk.options.A b', 'lower-case words')),
    (
        'designnote_kinds',
        {'risk': {'options': {'a': {'meaning': 'yes'}}}},
        ('designnote_kinds.risk.options.a.meaning', "'yes'", 'true or false'),
    ),
    (
        'designnote_kinds',
        {'risk': {'options': {'a': {'type': 'dat'}}}},
        ('designnote_kinds.risk.options.a.type', "'dat'", 'date'),
    ),
    (
        'designnote_kinds',
        {'risk': {'options': {'a': {'type': 'choice'}}}},
        ('designnote_kinds.risk.options.a.values', 'choice'),
    ),
    (
        'designnote_kinds',
        {'risk': {'options': {'a': {'values': ['x']}}}},
        ('designnote_kinds.risk.options.a.values', 'choice'),
    ),
    ('designnote_kinds', {'risk': {'options': {'a': 'text'}}}, ('designnote_kinds.risk.options.a', "'text'", 'table')),
    (
        'designnote_kinds',
        {'risk': {'parts': ['feild']}},
        ('designnote_kinds.risk.parts', "'feild'", "did you mean 'field'?"),
    ),
    (
        'designnote_kinds',
        {'risk': {'bullets': 'feild'}},
        ('designnote_kinds.risk.bullets', "'feild'", "did you mean 'field'?"),
    ),
    ('designnote_kinds', {'risk': {'slot': 1}}, ('designnote_kinds.risk.slot', '1')),
    ('designnote_kinds', {'risk': {'headings': 'Risks'}}, ('designnote_kinds.risk.headings', 'list of strings')),
    ('designnote_kinds', {'risk': {'headings': ['2.']}}, ('designnote_kinds.risk.headings', "'2.'", 'no words')),
    ('designnote_kinds', {'risk': {'slot': ['a']}}, ('designnote_kinds.risk.slot', "['a']")),
    ('designnote_kinds', {'risk': {'role': 'endpoint'}}, ('designnote_kinds.risk.role', "'endpoint'")),
    ('designnote_kinds', {'risk': {'role': 'item'}}, ('designnote_kinds.risk.role', "'item'")),
    ('designnote_kinds', {'risk': {'qualifier': 'nope'}}, ('designnote_kinds.risk.qualifier', "'nope'")),
    ('designnote_kinds', {'risk': {'aliases': ['nope']}}, ('designnote_kinds.risk.aliases', "'nope'")),
    ('designnote_kinds', {'item': {}}, ('designnote_kinds.item', 'item')),
    ('designnote_kinds', {'flag': {}}, ('designnote_kinds.flag', 'flag')),
    ('designnote_profile', 'desing-note', ("'desing-note'", "did you mean 'design-note'?", 'accepted: design-note')),
    ('designnote_profile', 1, ('1', 'str')),
    ('designnote_profile', 'nope.toml', ("'nope.toml'", 'cannot be read')),
    ('designnote_profile', './index.rst', ("'./index.rst'", 'no TOML')),
    ('designnote_template_paths', 'notes/*', ("'notes/*'", 'list')),
    ('designnote_template_paths', [1], ('1', 'string')),
    ('designnote_releases', ['1'], ("['1']", 'dict')),
    ('designnote_releases', {'25.11': 'soon'}, ("['25.11']", "'soon'", 'ISO date', '2027-06-30')),
    ('designnote_releases', {'25.11': None}, ("['25.11']", 'None', 'ISO date')),
    ('designnote_aliases', ['a'], ("['a']", 'dict')),
    ('designnote_aliases', {'a': 1}, ("['a']", '1', 'string')),
    ('designnote_aliases', {1: 'a'}, ('1', 'string')),
    ('designnote_known', ['a.toml'], ("['a.toml']", 'str')),
    ('designnote_known', 'nope.toml', ("'nope.toml'", 'cannot be read')),
    ('designnote_known', 'index.rst', ("'index.rst'", 'no TOML')),
    (
        'designnote_known',
        'unknown.toml',
        ("'endpoint'", "did you mean 'endpoints'?", 'accepted: endpoints, entities, interfaces, flags'),
    ),
    ('designnote_known', 'wrong.toml', ("'flags'", 'list of strings')),
    ('designnote_known', 'src.toml', ("'src.toml'", 'cannot be read')),
    ('designnote_rules', ['DN301'], ("['DN301']", 'dict')),
    ('designnote_rules', {'DN999': 'off'}, ("'DN999'", 'no rule')),
    ('designnote_rules', {'invalid-vlaue': 'off'}, ("'invalid-vlaue'", "did you mean 'invalid-value'?")),
    (
        'designnote_rules',
        {'DN105': 'wraning'},
        ("['DN105']", "'wraning'", "did you mean 'warning'?", 'accepted: error, warning, info, off'),
    ),
    ('designnote_rules', {'DN105': True}, ("['DN105']", 'True', 'accepted: error, warning, info, off')),
    ('designnote_rules', {1: 'off'}, ('1', 'no rule')),
    ('designnote_rules', {'legacy/**': {'DN999': 'off'}}, ("['legacy/**']", "'DN999'", 'no rule')),
    ('designnote_rules', {'legacy/**': {'DN105': 'of'}}, ("['legacy/**']['DN105']", "'of'", "did you mean 'off'?")),
    ('designnote_rules', {'legacy/**': {'old/**': {}}}, ("['legacy/**']", "'old/**'", 'no rule')),
    ('designnote_rules', {'DN105': {'DN106': 'off'}}, ("['DN105']", 'accepted: error, warning, info, off')),
    ('designnote_rules', {1: {'DN105': 'off'}}, ('1', 'string')),
    ('designnote_rules_extra', 'our.rule', ("'our.rule'", 'list')),
    ('designnote_rules_extra', [1], ('1', 'string')),
    ('designnote_thresholds', ['max-words'], ("['max-words']", 'dict')),
    ('designnote_thresholds', {'max-word': 9}, ("'max-word'", "did you mean 'max-words'?", 'accepted: ')),
    ('designnote_thresholds', {1: 9}, ('1', 'by which no rule measures')),
    ('designnote_thresholds', {'max-words': '9'}, ("['max-words']", "'9'", 'whole number')),
    ('designnote_thresholds', {'max-words': True}, ("['max-words']", 'True', 'whole number')),
    ('designnote_thresholds', {'max-words': -1}, ("['max-words']", '-1', '0 or more')),
    ('designnote_baseline', ['a.json'], ("['a.json']", 'str')),
    ('designnote_baseline', 'nope.json', ("'nope.json'", 'cannot be read', "write one with 'designnote baseline'")),
    ('designnote_baseline', 'src.toml', ("'src.toml'", 'cannot be read')),
    ('designnote_baseline', 'index.rst', ("'index.rst'", 'no baseline: it is no JSON')),
    ('designnote_repository_root', 1, ('1', 'str')),
    ('designnote_repository_root', 'src.toml', ("'src.toml'", 'a folder that holds conf.py', "'..'")),
    ('designnote_repository_root', '../nowhere', ("'../nowhere'", 'a folder that holds conf.py')),
    ('designnote_check_in', 'html', ("'html'", 'list')),
    ('designnote_check_in', [1], ('1', 'string')),
    ('designnote_fail_on', 'eror', ("'eror'", "did you mean 'error'?", 'accepted: error, warning, never')),
    ('designnote_fail_on', False, ('False', 'str')),
    ('designnote_today', 'today', ("'today'", 'ISO date')),
    ('designnote_today', '2026-02-30', ("'2026-02-30'", 'ISO date')),
    ('designnote_today', 20260101, ('20260101', 'str')),
    ('designnote_source_url', 'https://h/{file}', ("'https://h/{file}'", '{path}, {line}')),
    ('designnote_source_url', 'https://h/{', ("'https://h/{'", '{path}, {line}')),
    ('designnote_source_url', 'https://h/{path.x}', ("'https://h/{path.x}'", '{path}, {line}')),
    ('designnote_source_url', 'https://h/{}', ("'https://h/{}'", '{path}, {line}')),
    ('designnote_source_url', 'https://h/{path[0]}', ("'https://h/{path[0]}'", '{path}, {line}')),
    ('designnote_source_url', 'https://h/{path:d}', ("'https://h/{path:d}'", '{path}, {line}')),
    ('designnote_source_url', 1, ('1', 'str')),
    ('designnote_page_url', 'https://h/{page}', ("'https://h/{page}'", '{docname}, {anchor}')),
]

FILES = {
    'index.rst': 'Page\n====\n',
    'unknown.toml': 'endpoint = ["GET /x"]\n',
    'wrong.toml': 'flags = "x"\n',
    'src.toml/x': '',
}


@pytest.mark.parametrize(('name', 'value', 'words'), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_one_error_that_names_what_is_accepted(
    build: BuildProject, name: str, value: Any, words: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError) as caught:
        build(FILES, conf={name: value})
    message = str(caught.value)
    assert [word for word in (name, *words) if word not in message] == [], message
    assert '\n' not in message


def test_every_value_has_a_mistake_above() -> None:
    assert {name for name, _, _ in MISTAKES} == {value.name for value in CONFIG_VALUES}


GOOD: list[tuple[str, Any]] = [
    ('designnote_template_paths', ('notes/*',)),
    ('designnote_releases', {'25.11': '2025-11-18', 26: '2026-01-01'}),
    ('designnote_aliases', {'deployments': 'Deployment'}),
    ('designnote_known', 'known.toml'),
    ('designnote_rules', {'DN105': 'info', 'missing-argument': 'off'}),
    ('designnote_rules', {'legacy/**': {'DN105': 'info', 'missing-argument': 'off'}, '*': {}}),
    ('designnote_rules_extra', ()),
    ('designnote_thresholds', {'max-words': 0}),
    ('designnote_check_in', ('html', 'designnote')),
    ('designnote_fail_on', 'never'),
    ('designnote_baseline', 'baseline.json'),
    ('designnote_repository_root', '..'),
    ('designnote_today', '2026-01-01'),
    ('designnote_source_url', 'https://h/{path}#L{line}'),
    ('designnote_page_url', 'https://h/{docname}.html#{anchor}'),
    ('designnote_page_url', '../html/{docname}.html#{anchor}'),
]


@pytest.mark.parametrize(('name', 'value'), GOOD, ids=lambda value: str(value)[:60])
def test_what_is_right_is_accepted(build: BuildProject, name: str, value: Any) -> None:
    files = FILES | {
        'known.toml': 'endpoints = ["GET /x"]\nentities = ["User"]\ninterfaces = []\nflags = ["f"]\n',
        'baseline.json': '{"format": "designnote-baseline", "version": 1, "findings": []}',
    }
    assert build(files, conf={name: value}).warnings == []


def test_every_value_has_a_default_that_is_accepted(build: BuildProject) -> None:
    conf = {value.name: value.default for value in CONFIG_VALUES}
    assert build(FILES, conf=conf).warnings == []


def test_a_configuration_error_names_no_line_of_ours(build: BuildProject) -> None:
    with pytest.raises(ConfigError) as caught:
        build(FILES, conf={'designnote_fail_on': 'eror'})
    assert caught.value.__cause__ is None


def test_rules_can_be_turned_off_in_html(build: BuildProject) -> None:
    page = '.. endpoint:: POST\n'
    assert len(build(page, 'html').warnings) == 1
    assert build(page, 'html', conf={'designnote_rules': {'DN105': 'off'}}).warnings == []
    assert build(page, 'html', conf={'designnote_rules': {'invalid-value': 'info'}}).warnings == []


def test_sphinx_can_suppress_a_rule(build: BuildProject) -> None:
    for suppressed in ('designnote.DN105', 'designnote.*', 'designnote'):
        assert build('.. endpoint:: POST\n', conf={'suppress_warnings': [suppressed]}).warnings == []


def test_all_rules_run_where_check_in_says(build: BuildProject) -> None:
    page = '.. feature-flag:: f\n   :change: new\n'
    assert build(page, 'html').warnings == []
    assert 'DN601' in ''.join(build(page, 'html', conf={'designnote_check_in': ['html']}).warnings)


@pytest.mark.parametrize(
    ('fail_on', 'page', 'status'),
    [
        ('error', '.. endpoint:: POST\n', 1),
        ('error', '.. feature-flag:: f\n   :change: new\n', 0),
        ('warning', '.. feature-flag:: f\n   :change: new\n', 1),
        ('never', '.. endpoint:: POST\n', 0),
        ('error', 'Nothing.\n', 0),
    ],
)
def test_fail_on_decides_the_exit_status(build: BuildProject, fail_on: str, page: str, status: int) -> None:
    assert build(page, 'designnote', conf={'designnote_fail_on': fail_on}).app.statuscode == status


def test_the_builder_needs_no_entry_in_conf(build: BuildProject) -> None:
    if not entry_points(group='sphinx.builders', name='designnote'):
        pytest.skip('the package is not installed')
    built = build('.. dn:endpoint:: POST\n', 'designnote', conf={'extensions': []})
    assert 'sphinxcontrib_designnote' in built.app.extensions
