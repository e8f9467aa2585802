"""A project's own rules: the same decorator, configuration, suppression and contained crashes as the built-in ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from tests.conftest import BuildProject

RULES = '''
from sphinxcontrib_designnote.rules import Report, Scope, Severity, rule


@rule('ORD001', 'no-delete', Severity.ERROR, Scope.ITEM)
def no_delete(item, view):
    """An endpoint deletes orders.

    **Why.** Orders are kept for ten years.
    """
    if item.kind == 'endpoint' and item.text('method') == 'DELETE' and view.change(item) == 'new':
        yield Report(message=f'{item.key} deletes; cancel the order instead', about=item)


@rule('ORD002', 'few-endpoints', 'warning', 'note', thresholds={'max-endpoints': 2})
def few_endpoints(view):
    """A note has too many endpoints."""
    most = view.settings.threshold('max-endpoints', view.note)
    if len(view.of('endpoint')) > most:
        yield Report(message=f'more than {most} endpoints; split the note', about=view.note)


@rule('ORD003', 'broken', Severity.ERROR, Scope.NOTE)
def broken(view):
    """It raises."""
    return {}['nothing']


not_a_rule = 5
'''
NOTE = """\
Note
====

.. design-note::

.. endpoint:: DELETE /orders/{id}
   :change: new
   :purpose: Deletes an order
   :roles: admin
"""
QUIET = {'designnote_rules': {'DN101': 'off', 'DN306': 'off', 'DN501': 'off', 'DN701': 'off', 'DN704': 'off'}}
DELETES = 'DELETE /orders/{id} deletes; cancel the order instead [designnote.ORD001]'


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put a module ``our_rules`` where Python finds it."""
    folder = tmp_path / 'modules'
    folder.mkdir()
    (folder / 'our_rules.py').write_text(RULES, 'utf-8')
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if name.startswith('our_'):
            del sys.modules[name]


def conf(*names: str, **more: Any) -> dict[str, Any]:
    return QUIET | {'designnote_rules_extra': [f'our_rules.{name}' for name in names]} | more


def test_it_reports_with_its_own_code(build: BuildProject, ours: Path) -> None:
    built = build({'note.rst': NOTE}, 'designnote', conf=conf('no_delete'))
    assert built.warnings == [f'note.rst:6: {DELETES}']
    assert built.app.statuscode == 1
    (extra,) = (each for each in built.domain.settings.rules.rules if each.code == 'ORD001')
    assert extra.doc.startswith('An endpoint deletes orders.')


def test_it_runs_where_all_rules_run_and_nowhere_else(build: BuildProject, ours: Path) -> None:
    assert build({'note.rst': NOTE}, 'html', conf=conf('no_delete')).warnings == []


@pytest.mark.parametrize('name', ['ORD001', 'no-delete'])
def test_it_is_configured_and_silenced_as_the_others_are(build: BuildProject, ours: Path, name: str) -> None:
    def warnings(text: str = NOTE, **rules: Any) -> list[str]:
        return build({'note.rst': text}, 'designnote', conf=conf('no_delete', designnote_rules=rules)).warnings

    quiet = QUIET['designnote_rules']
    assert warnings(**quiet, **{name: 'off'}) == []
    assert warnings(**quiet, **{'n*': {name: 'off'}}) == []
    assert warnings(f'{NOTE}   :ignore: {name} (a test order)\n', **quiet) == []


def test_what_its_suppression_does_not_silence_is_unused(build: BuildProject, ours: Path) -> None:
    text = NOTE.replace('DELETE', 'PUT') + '   :ignore: ORD001 (a test order)\n'
    assert build({'note.rst': text}, 'designnote', conf=conf('no_delete')).warnings == [
        "note.rst:10: 'ORD001' has nothing to silence on PUT /orders/{id}; delete the suppression [designnote.DN111]"
    ]


def test_its_thresholds_are_set_as_the_others_are(build: BuildProject, ours: Path) -> None:
    for thresholds, expected in (({}, []), ({'max-endpoints': 0}, ['ORD002'])):
        built = build({'note.rst': NOTE}, 'designnote', conf=conf('few_endpoints', designnote_thresholds=thresholds))
        assert [w.rpartition('.')[2].rstrip(']') for w in built.warnings] == expected


def test_one_that_raises_names_itself_and_the_others_run(build: BuildProject, ours: Path) -> None:
    built = build({'note.rst': NOTE}, 'designnote', conf=conf('broken', 'no_delete'))
    line = RULES.splitlines().index("    return {}['nothing']") + 1
    assert built.warnings == [
        f"note.rst:4: ORD003 (broken) crashed: KeyError: 'nothing' (broken, line {line}); mend it, or turn the rule "
        'off with designnote_rules [designnote.DN990]',
        f'note.rst:6: {DELETES}',
    ]


TAKEN = {
    'code': (
        "rule('DN301', 'x', 'error', 'note')",
        "the code 'DN301'; it must be capital letters, not 'DN', and digits",
    ),
    'form': ("rule('ORD', 'x', 'error', 'note')", "the code 'ORD'; it must be capital letters"),
    'number': ("rule(5, 'x', 'error', 'note')", 'the code 5; it must be capital letters'),
    'twice': (
        "rule('ORD001', 'x', 'error', 'note')",
        "the code 'ORD001', which ORD001 (no-delete) has; choose another",
    ),
    'name': ("rule('ORD9', 'invalid-value', 'error', 'note')", "'invalid-value', which DN105 (invalid-value) has"),
    'words': ("rule('ORD9', 'No Delete', 'error', 'note')", "the name 'No Delete'; it must be words in small letters"),
    'scope': (
        "rule('ORD9', 'x', 'error', 'engine')",
        "'engine', which is not for rules (accepted: item, note, subject, ",
    ),
    'threshold': (
        "rule('ORD9', 'x', 'error', 'note', thresholds={'max-words': 1})",
        "the threshold 'max-words', which DN110 (note-too-long) has; choose another",
    ),
    'kinds': (
        "rule('ORD9', 'x', 'error', 'item', kinds='endpoint')",
        "the kinds 'endpoint'; they must be a list, such as ['endpoint']",
    ),
    'thresholds': (
        "rule('ORD9', 'x', 'error', 'note', thresholds=5)",
        'the thresholds 5; they must be names with whole',
    ),
    'numbers': (
        "rule('ORD9', 'x', 'error', 'note', thresholds={'max-y': '5'})",
        "the thresholds {'max-y': '5'}; they must be names with whole numbers",
    ),
}


@pytest.mark.parametrize('case', TAKEN)
def test_what_another_rule_has_it_may_not_have(build: BuildProject, ours: Path, case: str) -> None:
    decorator, message = TAKEN[case]
    text = f'from sphinxcontrib_designnote.rules import rule\n@{decorator}\ndef other(view):\n    """No."""\n'
    (ours / 'our_other.py').write_text(text, 'utf-8')
    with pytest.raises(ConfigError) as caught:
        build({'note.rst': NOTE}, conf={'designnote_rules_extra': ['our_rules.no_delete', 'our_other.other']})
    assert str(caught.value).startswith("designnote_rules_extra: 'our_other.other' has")
    assert message in str(caught.value)
    assert '\n' not in str(caught.value)


MISTAKES = {
    'no_delete': "'no_delete' is no dotted path to a rule; write one such as 'myproject.rules.no_delete'",
    '': "'' is no dotted path to a rule; write one such as 'myproject.rules.no_delete'",
    'our_rules.no-delete': (
        "'our_rules.no-delete' is no dotted path to a rule; write one such as 'myproject.rules.no_delete'"
    ),
    '.our_rules.x': "'.our_rules.x' is no dotted path to a rule; write one such as 'myproject.rules.no_delete'",
    'our_nothing.x': (
        "'our_nothing.x' cannot be imported: ModuleNotFoundError: 'No module named 'our_nothing''; conf.py may put its "
        'folder on sys.path'
    ),
    'our_rules.no_delte': "'our_rules.no_delte': our_rules has no 'no_delte'; did you mean 'no_delete'?",
    'our_rules.not_a_rule': (
        "'our_rules.not_a_rule' is a int and no rule; decorate the function with sphinxcontrib_designnote.rules.rule"
    ),
    'our_broken.x': "'our_broken.x': {modules}/our_broken.py, line 2: invalid syntax",
    'our_raising.x': "'our_raising.x' cannot be imported: ZeroDivisionError: 'division by zero'",
    'our_leaving.x': "'our_leaving.x' cannot be imported: SystemExit: '3'",
    'our_fact.x': "'our_fact.x' cannot be imported: TypeError: '{fact}'",
    'our_severity.x': "'our_severity.x' cannot be imported: ValueError: ''wrong' is not a valid Severity'",
}
FROM = 'from sphinxcontrib_designnote.rules import rule'
MODULES = {
    'our_broken': 'x = 1\ndef x(:\n',
    'our_raising': '1 / 0\n',
    'our_leaving': 'raise SystemExit(3)\n',
    'our_fact': f"{FROM}\nx = rule('A1', 'x', 'error', 'note', zzzzzzzz=1)(print)\n",
    'our_severity': f"{FROM}\nx = rule('A1', 'x', 'wrong', 'note')(print)\n",
}


@pytest.mark.parametrize('path', MISTAKES)
def test_a_path_that_leads_to_no_rule_is_one_clear_error(build: BuildProject, ours: Path, path: str) -> None:
    for name, text in MODULES.items():
        (ours / f'{name}.py').write_text(text, 'utf-8')
    with pytest.raises(ConfigError) as caught:
        build({'note.rst': NOTE}, conf={'designnote_rules_extra': [path]})
    expected = MISTAKES[path].format(modules=ours, fact="Rule.__init__() got an unexpected keyword argument 'zzzzzzzz'")
    assert str(caught.value) == f'designnote_rules_extra: {expected}'
    assert caught.value.__cause__ is None


def test_the_example_of_the_documentation_works(build: BuildProject, ours: Path) -> None:
    text = (Path(__file__).parents[2] / 'docs' / 'rules.rst').read_text('utf-8')
    block = text.partition('   # myproject/rules.py\n')[2].partition('\n.. code-block')[0]
    (ours / 'our_documented.py').write_text(dedent(block), 'utf-8')
    built = build(
        {'note.rst': NOTE}, 'designnote', conf=QUIET | {'designnote_rules_extra': ['our_documented.no_delete']}
    )
    assert built.warnings == ['note.rst:6: DELETE /orders/{id} deletes an order; cancel it instead [designnote.ORD001]']
