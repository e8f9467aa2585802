"""The rules are those of the catalogue, and each documents itself."""

from __future__ import annotations

import inspect
import re

import pytest
from docutils.core import publish_doctree

from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule

E, W, INFO = 'error', 'warning', 'info'
#: code: name, severity, scope, and which of the marks `asks`, `clock`, `dead`, `history` it bears.
CATALOGUE = {
    'DN101': ('missing-section', W, 'note', 'asks'),
    'DN102': ('placeholder-left', W, 'note', ''),
    'DN103': ('none-without-reason', INFO, 'item', ''),
    'DN104': ('none-contradicted', E, 'note', ''),
    'DN105': ('invalid-value', E, 'item', 'dead history'),
    'DN106': ('missing-argument', E, 'item', 'dead history'),
    'DN107': ('empty-section', W, 'note', 'asks'),
    'DN108': ('unread-bullet', W, 'item', ''),
    'DN109': ('wrong-section', INFO, 'item', ''),
    'DN110': ('note-too-long', 'off', 'note', ''),
    'DN111': ('unused-ignore', W, 'engine', ''),
    'DN112': ('lost-option', E, 'item', 'dead history'),
    'DN201': ('dangling-reference', E, 'project', 'dead history'),
    'DN202': ('duplicate-id', E, 'project', 'dead history'),
    'DN203': ('wrong-target-kind', E, 'project', 'dead history'),
    'DN204': ('reference-cycle', E, 'project', 'dead history'),
    'DN205': ('one-sided-supersede', W, 'project', 'dead history'),
    'DN206': ('depends-on-dead-note', W, 'project', ''),
    'DN207': ('suspect-link', INFO, 'project', ''),
    'DN208': ('undeclared-endpoint', W, 'project', ''),
    'DN209': ('endpoint-mismatch', W, 'project', ''),
    'DN210': ('undeclared-flag', W, 'project', ''),
    'DN211': ('undeclared-entity', W, 'project', ''),
    'DN212': ('near-name', W, 'project', ''),
    'DN301': ('endpoint-without-authorization', W, 'note', 'asks'),
    'DN302': ('breaking-change-undeclared', E, 'subject', ''),
    'DN303': ('breaking-change-without-compatibility', W, 'note', 'asks'),
    'DN304': ('removed-without-deprecation', W, 'subject', ''),
    'DN305': ('sunset-too-soon', W, 'subject', ''),
    'DN306': ('endpoint-without-purpose', W, 'item', 'asks'),
    'DN307': ('endpoint-without-contract', INFO, 'item', 'asks'),
    'DN308': ('changed-unknown-endpoint', W, 'subject', ''),
    'DN309': ('endpoint-declared-twice', W, 'note', ''),
    'DN310': ('promise-overdue', W, 'subject', 'clock history'),
    'DN311': ('sunset-mismatch', E, 'note', ''),
    'DN312': ('breaking-change-without-clients', INFO, 'item', 'asks'),
    'DN401': ('entity-without-migration', W, 'note', 'asks'),
    'DN402': ('not-null-without-default', E, 'note', ''),
    'DN403': ('rename-in-place', W, 'item', ''),
    'DN404': ('destructive-without-rollback', W, 'note', ''),
    'DN405': ('contract-before-expand', E, 'note', ''),
    'DN406': ('constraint-without-backfill', W, 'note', ''),
    'DN407': ('blocking-index', INFO, 'item', ''),
    'DN408': ('migration-undeclared-change', W, 'note', ''),
    'DN409': ('default-mismatch', E, 'note', ''),
    'DN410': ('index-without-migration', W, 'note', 'asks'),
    'DN501': ('write-without-audit', W, 'note', 'asks'),
    'DN502': ('pii-in-audit', W, 'note', ''),
    'DN503': ('authorization-weakened', W, 'subject', ''),
    'DN504': ('public-endpoint-unguarded', W, 'note', 'asks'),
    'DN505': ('write-without-validation', INFO, 'note', 'asks'),
    'DN506': ('authorization-conflict', E, 'note', ''),
    'DN507': ('pii-unprotected', W, 'note', 'asks'),
    'DN601': ('flag-without-default', W, 'item', ''),
    'DN602': ('flag-without-owner', INFO, 'item', 'asks'),
    'DN603': ('flag-without-removal', INFO, 'note', 'asks'),
    'DN604': ('flag-expired', W, 'subject', 'clock history'),
    'DN605': ('flag-gates-nothing', W, 'note', 'asks'),
    'DN606': ('flag-never-enabled', W, 'note', ''),
    'DN607': ('deploy-before-migration', W, 'note', ''),
    'DN608': ('enabled-before-migration', E, 'note', ''),
    'DN609': ('default-on-release-flag', INFO, 'item', ''),
    'DN610': ('step-without-rollback', 'off', 'item', ''),
    'DN611': ('migration-not-in-rollout', W, 'note', 'asks'),
    'DN612': ('rollout-unsatisfiable', E, 'project', ''),
    'DN613': ('flag-requirement-broken', E, 'project', ''),
    'DN614': ('drop-under-live-flag', E, 'note', ''),
    'DN615': ('removal-not-in-rollout', W, 'note', 'asks'),
    'DN701': ('endpoint-without-test', W, 'note', 'asks'),
    'DN702': ('flag-state-untested', W, 'note', 'asks'),
    'DN703': ('migration-without-test', INFO, 'note', 'asks'),
    'DN704': ('authorization-without-test', INFO, 'note', 'asks'),
    'DN705': ('test-verifies-nothing', 'off', 'project', ''),
    'DN706': ('coverage-below-minimum', W, 'note', ''),
    'DN801': ('endpoint-conflict', E, 'subject', ''),
    'DN802': ('column-conflict', E, 'subject', ''),
    'DN803': ('flag-conflict', W, 'subject', ''),
    'DN804': ('undeclared-dependency', W, 'subject', ''),
    'DN805': ('uses-removed', E, 'subject', ''),
    'DN806': ('migration-heads', W, 'project', ''),
    'DN807': ('removal-leaves-users', W, 'project', ''),
    'DN808': ('requirement-without-item', W, 'project', ''),
    'DN990': ('rule-crashed', E, 'engine', ''),
}

each_rule = pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.code)


def test_the_rules_are_those_of_the_catalogue() -> None:
    marks = ('asks', 'clock', 'dead', 'history')
    found = {
        rule.code: (
            rule.name,
            str(rule.severity),
            str(rule.scope),
            ' '.join(mark for mark in marks if getattr(rule, mark)),
        )
        for rule in RULES
    }
    assert found == CATALOGUE


def test_codes_and_names_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_no_two_rules_declare_one_threshold_and_each_explains_its_own() -> None:
    names = [name for rule in RULES for name in rule.thresholds]
    assert len(names) == len(set(names))
    for rule in RULES:
        options = rule.doc.partition('**Options.**')[2].partition('**Limits.**')[0]
        assert [
            n for n, default in rule.thresholds.items() if f'``{n}``' not in options or str(default) not in options
        ] == []


@each_rule
def test_a_rule_documents_itself(rule: Rule) -> None:
    doc = inspect.cleandoc(rule.doc)
    summary, _, rest = doc.partition('\n\n')
    assert summary.endswith('.')
    assert '\n' not in summary
    labels = re.findall(r'^\*\*([^*]+)\*\*', rest, re.MULTILINE)
    assert [label for label in labels if label != 'Options.'] == ['Why.', 'Example.', 'Use instead.', 'Limits.']
    assert '::\n' in rest.partition('**Example.**')[2].partition('**Use instead.**')[0] or rule.code == 'DN703'


@each_rule
def test_the_documentation_of_a_rule_is_valid_markup(rule: Rule) -> None:
    tree = publish_doctree(inspect.cleandoc(rule.doc), settings_overrides={'report_level': 2, 'halt_level': 2})
    assert tree.astext()
