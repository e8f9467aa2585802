"""``designnote new``."""

from __future__ import annotations

import json
import re

import pytest

from sphinxcontrib_designnote.cli.new import headings_of, render_note
from sphinxcontrib_designnote.grammar.profiles import builtin_names, load_profile
from tests.cli.conftest import Run, Write

TEMPLATE = [
    (2, 'Approach Summary'),
    (2, 'API / Interface Impacts'), (3, 'New Endpoints'), (3, 'Changed Endpoints'), (3, 'Breaking Changes'),
    (2, 'Data Model Impacts'), (3, 'New Entities'), (3, 'Modified Entities'), (3, 'Migration Story'),
    (2, 'Security Implications'), (3, 'Authorization Touchpoints'), (3, 'Audit Fields'),
    (3, 'Other Security Considerations'),
    (2, 'Rollout Plan'), (3, 'Feature Flags'), (3, 'Migrations'), (3, 'Backward Compatibility'),
    (3, 'Testing Strategy'),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('SOURCE_DATE_EPOCH', '1767225600')


def test_the_headings_are_those_of_the_template() -> None:
    assert [(level, words) for level, words, _ in headings_of(load_profile('design-note'))] == TEMPLATE


def test_each_heading_opens_a_section_of_the_slots_that_it_was_written_for() -> None:
    for name in builtin_names():
        profile = load_profile(name)
        above: list[str] = []
        for level, words, section in headings_of(profile):
            del above[level - 2 :]
            if section is not None:
                opened = profile.section_of(words, above)
                assert opened is not None
                assert (opened.slots, opened.ignored) == (section.slots, section.ignored)
            above.append(words)


def test_a_note_is_written_in_markdown(run: Run, write: Write) -> None:
    root = write({})
    ran = run('new', 'quick-deploy')
    assert (ran.status, ran.lines, ran.errors) == (0, ['wrote quick-deploy.md'], [])
    text = (root / 'quick-deploy.md').read_text('utf-8')
    assert text.startswith(
        '---\ndesign-note:\n  id: quick-deploy\n  status: draft\n  created: 2026-01-01\n---\n\n'
        '# Design Note: Quick deploy\n\n## Approach Summary\n\n<!--\nTwo paragraphs at most: '
    )
    headings = re.findall(r'^(#{2,}) (.*)$', text, re.MULTILINE)
    assert [(len(marks), words) for marks, words in headings] == TEMPLATE
    assert text.count('<!--') == text.count('-->') == 14
    assert text.endswith('-->\n')


def test_a_note_is_written_in_restructuredtext(run: Run, write: Write) -> None:
    root = write({'notes/x': ''})
    ran = run('new', 'Quick deploy', '--format', 'rst', '--directory', 'notes')
    assert (ran.status, ran.lines) == (0, ['wrote notes/quick-deploy.rst'])
    text = (root / 'notes/quick-deploy.rst').read_text('utf-8')
    assert text.startswith(
        'Design Note: Quick deploy\n=========================\n\n.. design-note::\n   :id: quick-deploy\n'
        '   :status: draft\n   :created: 2026-01-01\n\nApproach Summary\n----------------\n\n..\n   Two paragraphs'
    )
    headings = re.findall(r'^(\S.*)\n([-~])\2+$', text, re.MULTILINE)
    assert [(2 + '-~'.index(mark), words) for words, mark in headings] == TEMPLATE


def test_the_suffix_of_the_name_says_the_format(run: Run, write: Write) -> None:
    root = write({})
    assert run('new', 'a.rst').status == run('new', 'v1.2').status == 0
    assert {path.name for path in root.iterdir()} == {'a.rst', 'v1-2.md'}


def test_a_note_that_exists_is_left_alone(run: Run, write: Write) -> None:
    root = write({'quick-deploy.md': 'mine'})
    ran = run('new', 'quick-deploy')
    assert (ran.status, ran.errors) == (
        2,
        ["designnote: 'quick-deploy.md' exists; choose another name, or delete it first"],
    )
    assert (root / 'quick-deploy.md').read_text('utf-8') == 'mine'


@pytest.mark.parametrize(
    ('argv', 'message'),
    [
        (
            ('a/b',),
            "'a/b' is no name of a note; write one such as 'quick-deploy', and the folder as --directory",
        ),
        (
            ('--', '-.md'),
            "'-.md' is no name of a note; write one such as 'quick-deploy', and the folder as --directory",
        ),
        (('a', '--directory', 'no'), "'no' is no folder; create it, or choose another as --directory"),
        (
            ('a', '--profile', 'kepp'),
            "--profile: 'kepp' is no profile; did you mean 'kep'? (accepted: design-note, openstack-spec, kep)",
        ),
        (('a', '--profile', 'no.toml'), "--profile: 'no.toml' cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_is_one_line(run: Run, argv: tuple[str, ...], message: str) -> None:
    ran = run('new', *argv)
    assert (ran.status, ran.errors) == (2, [f'designnote: {message}'])


OURS = 'extends = "kep"\n[sections.risk]\nrequired = true\ngroup = ["Worries"]\nguidance = "What may go wrong?"\n'
CONF = """\
extensions = ['myst_parser', 'sphinxcontrib_designnote']
designnote_kinds = {'risk': {'headings': ['Risks']}}
designnote_profile = 'profiles/ours.toml'
"""


def test_the_profile_is_the_projects(run: Run, write: Write) -> None:
    root = write({'docs/conf.py': CONF, 'docs/profiles/ours.toml': OURS, 'docs/notes/x.md': ''})
    assert run('new', 'a', '--directory', 'docs/notes').status == 0
    text = (root / 'docs/notes/a.md').read_text('utf-8')
    assert '  profile:' not in text
    assert '# A\n' in text  # what marks a KEP is part of its number
    assert text.endswith('## Worries\n\n### risk\n\n<!--\nWhat may go wrong?\n-->\n')


def test_a_note_says_which_profile_it_is_written_for(run: Run, write: Write) -> None:
    root = write({'docs/conf.py': CONF, 'docs/profiles/ours.toml': OURS})
    for name, argument in (('a', 'openstack-spec'), ('b', 'docs/profiles/ours.toml')):
        assert run('new', name, '--directory', 'docs', '--profile', argument).status == 0
    profiles = [re.findall('  profile: (.*)', (root / f'docs/{name}.md').read_text('utf-8')) for name in 'ab']
    assert profiles == [['openstack-spec'], ['ours']]


def test_a_project_that_cannot_be_read_is_said_so(run: Run, write: Write) -> None:
    write({'conf.py': 'designnote_fail_on = "eror"\n'})
    ran = run('new', 'a')
    assert (ran.status, ran.errors) == (
        2,
        ["designnote: designnote_fail_on is 'eror'; did you mean 'error'? (accepted: error, warning, never)"],
    )


@pytest.mark.parametrize('form', ['md', 'rst'])
@pytest.mark.parametrize('profile', builtin_names())
def test_a_fresh_note_says_nothing_but_that_it_is_unwritten(run: Run, write: Write, profile: str, form: str) -> None:
    root = write({})
    run('new', 'quick-deploy', '--profile', profile, '--format', form)
    ran = run('check', '.', '--verbose', '--out', 'out')
    data = json.loads((root / 'out/designnote.json').read_text('utf-8'))
    assert {finding['code'] for finding in data['findings']} == {'DN102', 'DN107'}
    assert data['items'] == []
    left = sum(1 for finding in data['findings'] if finding['code'] == 'DN102')
    assert left == sum(1 for section in load_profile(profile).sections if section.guidance)
    assert (ran.status, ran.errors) == (0, [])


def test_the_same_is_written_whenever_it_is_written() -> None:
    profile = load_profile('design-note')
    assert render_note(profile, 'A', {'id': 'a'}) == render_note(profile, 'A', {'id': 'a'})
