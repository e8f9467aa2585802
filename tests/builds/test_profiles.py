"""A project's own profile, and notes that choose theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sphinx.errors import ConfigError

from sphinxcontrib_designnote.model.schema import builtin_vocabulary
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import default_thresholds

if TYPE_CHECKING:
    from tests.conftest import BuildProject

OURS = """\
extends = "design-note"
service = "orders"
title-prefixes = ["Spec:"]

[severities]
missing-section = "error"

[sections.audit]
headings = ["Paper trail"]
required = true

[sections.privacy]
slots = ["security"]
required = { since = "2026-01-01" }
"""
#: Everything that the template requires, besides the paper trail.
REST = '\n\n'.join(
    f'.. no-impact:: {slot}\n\n   Nothing of that.'
    for slot in builtin_vocabulary().slots
    if slot not in ('audit', 'interfaces')
)
CONF: dict[str, Any] = {
    'designnote_profile': 'profiles/ours.toml',
    'designnote_rules': {'DN103': 'off', 'DN104': 'off'},
}


def page(title: str, *options: str, body: str = '') -> str:
    marker = ['.. design-note::', *(f'   {option}' for option in options)] if options else []
    return '\n'.join([title, '=' * len(title), '', *marker, '', REST, '', body, ''])


def missing(warnings: list[str]) -> list[str]:
    return [warning.partition(';')[0] for warning in warnings if 'DN101' in warning]


def test_a_projects_own_profile_is_read_from_a_file_beside_conf(build: BuildProject) -> None:
    files = {'profiles/ours.toml': OURS, 'note.rst': page('Spec: Holds', body='Paper trail\n-----------\n\nNone.')}
    built = build(files, 'designnote', conf=CONF)
    (note,) = built.notes.values()
    assert (note.title, note.marked, note.fields['service']) == ('Holds', True, 'orders')
    assert built.warnings == []


def test_what_it_requires_is_missing(build: BuildProject) -> None:
    files = {'profiles/ours.toml': OURS, 'note.rst': page('Spec: Holds'), 'other.rst': page('Design Note: X')}
    built = build(files, 'designnote', conf=CONF)
    assert missing(built.warnings) == ['note.rst:1: the note says nothing about audit']
    assert [(f.code, str(f.severity)) for f in built.domain.findings if f.code == 'DN101'] == [('DN101', 'error')]


def test_the_configuration_counts_for_more_than_the_severities_of_a_profile(build: BuildProject) -> None:
    files = {'profiles/ours.toml': OURS, 'note.rst': page('Spec: Holds')}
    built = build(files, 'designnote', conf=CONF | {'designnote_rules': {'DN101': 'info'}})
    assert [(f.code, str(f.severity)) for f in built.domain.findings if f.code == 'DN101'] == [('DN101', 'info')]


def test_a_rule_may_be_on_in_notes_of_one_profile_only(build: BuildProject) -> None:
    ours = OURS.replace('missing-section = "error"', 'missing-section = "off"')
    kep = page('Note', ':profile: kep').replace('approach', 'audit')
    files = {'profiles/ours.toml': ours, 'note.rst': page('Spec: Holds'), 'kep.rst': kep}
    built = build(files, 'designnote', conf=CONF)
    assert missing(built.warnings) == ['kep.rst:4: the note says nothing about summary']


def test_a_threshold_is_the_configurations_then_the_profiles_then_the_rules_own(build: BuildProject) -> None:
    ours = OURS.replace('[severities]\n', '[severities]\nDN110 = "warning"\n')
    files = {'note.rst': page('Spec: Holds', body='word ' * 1000)}

    def measure(profile: str, **thresholds: int) -> list[str]:
        conf = CONF | {'designnote_thresholds': {name.replace('_', '-'): n for name, n in thresholds.items()}}
        built = build({'profiles/ours.toml': profile, **files}, 'designnote', conf=conf)
        return [w.partition(' words')[2].partition(';')[0] for w in built.warnings if 'DN110' in w]

    assert measure(ours) == [', and may have 1000']
    with_own = ours + '\n[thresholds]\nmax-words = 1040\n'
    assert measure(with_own) == [', and may have 1040']
    assert measure(with_own, max_words=7) == [', and may have 7']
    assert measure(with_own, max_words=2000) == []


@pytest.mark.parametrize('name', ['ours', 'Ours', 'design-note', 'openstack-spec', 'kep'])
def test_a_note_may_choose_any_profile_that_the_project_has(build: BuildProject, name: str) -> None:
    files = {'profiles/ours.toml': OURS, 'note.rst': page('Note', f':profile: {name}')}
    built = build(files, conf=CONF)
    assert built.warnings == []
    assert built.note.fields['profile'] == name.casefold()


def test_a_profile_that_nobody_has_is_a_finding_and_the_note_is_read_with_the_default(build: BuildProject) -> None:
    built = build({'note.rst': page('Note', ':profile: kepp')}, 'designnote', conf={'designnote_profile': 'kep'})
    assert [warning for warning in built.warnings if 'DN105' in warning] == [
        "note.rst:5: 'profile' is 'kepp'; did you mean 'kep'?; write one of: design-note, openstack-spec, kep "
        '[designnote.DN105]'
    ]


def test_each_note_is_measured_by_its_own_profile(build: BuildProject) -> None:
    notes = {
        f'{name}.rst': f'Note\n====\n\n.. design-note::\n   :profile: {name}\n' for name in ('kep', 'openstack-spec')
    }
    assert missing(build(notes, 'designnote').warnings) == [
        f'kep.rst:4: the note says nothing about {section}'
        for section in ('feature enablement', 'graduation criteria', 'summary', 'test plan', 'upgrade downgrade')
    ] + [
        f'openstack-spec.rst:4: the note says nothing about {section}'
        for section in (
            'data model impact', 'proposed change', 'rest api impact', 'security impact', 'testing', 'upgrade impact',
        )
    ]  # fmt: skip


def test_a_section_of_several_slots_is_one_finding_and_any_of_them_fills_it(build: BuildProject) -> None:
    text = 'Note\n====\n\n.. design-note::\n   :profile: openstack-spec\n\n.. endpoint:: POST /x\n   :change: changed\n'
    assert 'note.rst:4: the note says nothing about rest api impact' not in missing(
        build({'note.rst': text}, 'designnote').warnings
    )


def test_a_section_may_be_required_from_a_day_on(build: BuildProject) -> None:
    ours = OURS.replace('slots = ["security"]', 'slots = ["interfaces"]')
    notes = {
        f'{name}.rst': page(f'Note {name}', f':created: {created}', body='Paper trail\n-----------\n\nNone.')
        for name, created in (('old', '2025-12-31'), ('young', '2026-01-01'))
    }
    built = build({'profiles/ours.toml': ours, **notes}, 'designnote', conf=CONF)
    assert missing(built.warnings) == ['young.rst:4: the note says nothing about privacy']


def test_a_profile_that_has_changed_is_read_again(build: BuildProject) -> None:
    built = build({'profiles/ours.toml': OURS, 'note.rst': page('Spec: Holds')}, 'designnote', conf=CONF)
    assert built.note.fields['service'] == 'orders'
    again = built.again({'profiles/ours.toml': OURS.replace('"orders"', '"billing"')})
    assert again.note.fields['service'] == 'billing'
    untouched = again.again()
    assert '0 added, 0 changed, 0 removed' in untouched.output


MISTAKES = {
    'profiles/no.toml': ("designnote_profile: 'profiles/no.toml' cannot be read: No such file or directory", OURS),
    'profiles/ours.toml': (
        'designnote_profile: profiles/ours.toml: sections.audit.required is \'yes\' (accepted: true, false, "ignored", '
        '{ since = "2026-01-01" }, { since-release = "25.11" })',
        OURS.replace('required = true', 'required = "yes"'),
    ),
    'ours.toml': (
        "designnote_profile: ours.toml: severities names 'missing-sections', which is no rule; did you mean "
        "'missing-section'?",
        OURS.replace('missing-section', 'missing-sections'),
    ),
    'profiles/../ours.toml': (
        "designnote_profile: profiles/../ours.toml: thresholds names 'max-word', by which no rule measures; did you "
        f"mean 'max-words'? (accepted: {', '.join(default_thresholds(RULES))})",
        OURS + '\n[thresholds]\nmax-word = 9\n',
    ),
    './ours.toml': (
        "designnote_profile: ./ours.toml: sections.privacy.required.since-release is '25.11', which "
        'designnote_releases does not have; add it there',
        OURS.replace('since = "2026-01-01"', 'since-release = "25.11"'),
    ),
}


@pytest.mark.parametrize('path', MISTAKES)
def test_a_mistake_in_a_profile_is_one_clear_error(build: BuildProject, path: str) -> None:
    message, text = MISTAKES[path]
    with pytest.raises(ConfigError) as caught:
        build({'profiles/ours.toml': text, 'ours.toml': text}, conf={'designnote_profile': path})
    assert str(caught.value) == message


def test_a_kind_of_the_project_may_be_said_to_be_empty(build: BuildProject) -> None:
    kinds = {'risk': {'headings': ['Risks']}}
    built = build({'note.rst': page('Note', ':status: draft', body='.. no-impact:: risk\n\n   None known.')},
                  'designnote', conf={'designnote_kinds': kinds})  # fmt: skip
    assert [warning for warning in built.warnings if 'DN101' not in warning] == []
    assert built.items('no-impact')[-1].key == 'risk'
