"""Headings, sections, what a note must fill, and a project's own profile."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.grammar.headings import folded_heading
from sphinxcontrib_designnote.grammar.profile import Profile, Profiles, Requirement
from sphinxcontrib_designnote.grammar.profiles import (
    builtin_names,
    builtin_profiles,
    load_profile,
    name_of,
    read_profile,
    with_kinds,
)
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.model.schema import builtin_vocabulary, extended_vocabulary
from tests.support import note

SLOTS = list(builtin_vocabulary().slots)
API, DATA = ('new-endpoints', 'changed-endpoints'), ('new-entities', 'modified-entities')

Read = Callable[..., Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a profile from its text."""

    def read_text(text: str, name: str = 'profiles/ours.toml') -> Profile:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, 'utf-8')
        return read_profile(path, name, builtin_vocabulary())

    return read_text


def slots_of(profile: str, heading: str, *parents: str) -> tuple[str, ...] | None:
    section = load_profile(profile).section_of(heading, parents)
    return None if section is None or section.ignored else section.slots


@pytest.mark.parametrize(
    ('heading', 'folded'),
    [
        ('New Endpoints', 'new endpoints'),
        ('2. New Endpoints', 'new endpoints'),
        ('2.1 New Endpoints', 'new endpoints'),
        ('2.1.3) New endpoints:', 'new endpoints'),
        ('a) New endpoints', 'new endpoints'),
        ('B. New endpoints', 'new endpoints'),
        ('IV. New endpoints', 'new endpoints'),
        ('(3) New endpoints', 'new endpoints'),
        ('§ 4 – New endpoints', 'new endpoints'),
        ('Section 4: New endpoints', 'new endpoints'),
        ('🚀 New endpoints', 'new endpoints'),
        ('2️⃣ New endpoints', 'new endpoints'),
        (':rocket: New endpoints', 'new endpoints'),
        ('🚀 2.1 New endpoints', 'new endpoints'),
        ('The new and changed endpoints', 'new changed endpoints'),
        ('Logging & audit', 'logging audit'),
        ('API / Interface Impacts', 'api interface impacts'),
        ('CLI: commands', 'cli commands'),
        ('e2e tests', 'e2e tests'),
        ('3D models', '3d models'),
        ('I18n', 'i18n'),
        ('In short', 'in short'),
        ('  ', ''),
        ('2.', ''),
    ],
)
def test_headings_are_compared_without_numbering_emoji_and_punctuation(heading: str, folded: str) -> None:
    assert folded_heading(heading) == folded


@pytest.mark.parametrize(
    ('heading', 'slots'),
    [
        ('Approach Summary', ('approach',)),
        ('New Endpoints', ('new-endpoints',)),
        ('New Endpoints (all below `/api/v2`)', ('new-endpoints',)),
        ('new endpoints we need', ('new-endpoints',)),
        ('Modified endpoints', ('changed-endpoints',)),
        ('Enhanced Endpoints', ('changed-endpoints',)),
        ('Changes to existing endpoints', ('changed-endpoints',)),
        ('Removed endpoints', ('changed-endpoints',)),
        ('New and changed endpoints', API),
        ('API / Interface Impacts', API),
        ('API changes', API),
        ('REST API', API),
        ('API', API),
        ('API (public)', API),
        ('API gateway', None),
        ('Endpoints', API),
        ('Data Model Impacts', DATA),
        ('Database changes', DATA),
        ('Schema changes', DATA),
        ('Data', DATA),
        ('Data retention', None),
        ('New tables', ('new-entities',)),
        ('Altered tables', ('modified-entities',)),
        ('Migration plan', ('migration-story',)),
        ('Permissions', ('authorization',)),
        ('Access control', ('authorization',)),
        ('Authentication & Authorization', ('authorization',)),
        ('Auditing', ('audit',)),
        ('Logging & audit', ('audit',)),
        ('Security', ('security',)),
        ('Feature toggles', ('feature-flags',)),
        ('Rollout', ('rollout',)),
        ('Rollout steps', ('rollout',)),
        ('Deployment plan', ('rollout',)),
        ('Release plan', ('rollout',)),
        ('Migrations', ('rollout',)),
        ('Backwards compatibility', ('compatibility',)),
        ('Test plan', ('testing',)),
        ('QA', ('testing',)),
        ('Verification', ('testing',)),
        ('Events', ('interfaces',)),
        ('CLI', ('interfaces',)),
        ('Alternatives considered', ('approach',)),
        ('Goals', None),
        ('Open questions', None),
        ('', None),
    ],
)
def test_the_template_knows_what_people_call_its_slots(heading: str, slots: tuple[str, ...] | None) -> None:
    assert slots_of('design-note', heading) == slots


@pytest.mark.parametrize(
    ('heading', 'parents', 'slots'),
    [
        ('Migrations', ('Rollout Plan',), ('rollout',)),
        ('Migrations', ('3. Data Model Impacts',), ('migration-story',)),
        ('Database migrations', ('Release plan',), ('rollout',)),
        ('Database migrations', ('Database changes',), ('migration-story',)),
        ('Migrations', ('Data lake', 'Rollout'), ('rollout',)),
        ('New', ('🔌 API',), ('new-endpoints',)),
        ('New', ('Database',), ('new-entities',)),
        ('New', (), None),
        ('Events', ('Audit',), ('audit',)),
        ('Other considerations', ('Security',), ('security',)),
        ('Other considerations', ('Rollout',), None),
        ('Rollback', ('Rollout',), None),
    ],
)
def test_the_nearest_parent_that_a_section_asks_for_decides(
    heading: str, parents: tuple[str, ...], slots: tuple[str, ...] | None
) -> None:
    assert slots_of('design-note', heading, *parents) == slots


def test_the_change_of_a_section_is_what_its_heading_says() -> None:
    section_of = load_profile('design-note').section_of
    headings = ('Removed endpoints', 'Deprecated APIs', 'Changed endpoints')
    changes = {heading: section.change for heading in headings if (section := section_of(heading))}
    assert changes == {'Removed endpoints': 'removed', 'Deprecated APIs': 'deprecated', 'Changed endpoints': None}


def test_a_heading_is_exact_when_nothing_but_a_parenthesis_follows() -> None:
    profile = load_profile('design-note')
    section = profile.section_of('New endpoints')
    assert section is not None
    headings = ('2. New endpoints (optional)', 'New routes', 'New endpoints for us')
    exact = [heading for heading in headings if profile.is_exact(section, heading)]
    assert exact == ['2. New endpoints (optional)', 'New routes']


@pytest.mark.parametrize(
    ('profile', 'heading', 'slots'),
    [
        ('openstack-spec', 'Problem description', None),
        ('openstack-spec', 'Proposed change', ('approach',)),
        ('openstack-spec', 'Alternatives', ('approach',)),
        ('openstack-spec', 'Data model impact', DATA),
        ('openstack-spec', 'REST API impact', API),
        ('openstack-spec', 'Security impact', ('security',)),
        ('openstack-spec', 'Notifications impact', ('interfaces', 'audit')),
        ('openstack-spec', 'Performance Impact', None),
        ('openstack-spec', 'Upgrade impact', ('migration-story', 'rollout', 'compatibility')),
        ('openstack-spec', 'Dependencies', None),
        ('openstack-spec', 'Testing', ('testing',)),
        ('kep', 'Motivation', None),
        ('kep', 'Summary', ('approach',)),
        ('kep', 'Proposal', ('approach',)),
        ('kep', 'API Changes', API),
        ('kep', 'Feature Enablement and Rollback', ('feature-flags',)),
        ('kep', 'Rollout, Upgrade and Rollback Planning', ('rollout',)),
        ('kep', 'Upgrade / Downgrade Strategy', ('compatibility', 'rollout')),
        ('kep', 'Version Skew Strategy', ('compatibility',)),
        ('kep', 'Graduation Criteria', ('rollout',)),
        ('kep', 'Test Plan', ('testing',)),
        ('kep', 'e2e tests', ('testing',)),
    ],
)
def test_other_templates_have_their_own_headings(profile: str, heading: str, slots: tuple[str, ...] | None) -> None:
    assert slots_of(profile, heading) == slots


def test_the_template_requires_all_its_slots_but_the_interfaces() -> None:
    required = load_profile('design-note').required()
    assert [(section.name, section.slots) for section in required] == [(s, (s,)) for s in SLOTS if s != 'interfaces']


@pytest.mark.parametrize('name', builtin_names())
def test_prose_is_read_where_statements_are_sentences(name: str) -> None:
    prosaic = {'approach', 'breaking-changes', 'migration-story', 'security', 'compatibility'}
    wrong = [s.name for s in load_profile(name).sections if ('prose' in s.carriers) != bool(prosaic & set(s.slots))]
    assert wrong == []


@pytest.mark.parametrize('name', builtin_names())
def test_no_guidance_is_a_phrase_of_a_template(name: str) -> None:
    profile = load_profile(name)
    for section in profile.sections:
        guidance = ' '.join(section.guidance.casefold().split())
        assert [phrase for phrase in profile.placeholders if phrase in guidance] == []


@pytest.mark.parametrize(
    ('title', 'is_note', 'without'),
    [
        ('Design Note: Quick deploy', True, 'Quick deploy'),
        ('design note:Quick deploy', True, 'Quick deploy'),
        ('Design Note – Quick deploy', True, 'Quick deploy'),
        ('Design Notes of 2026', False, 'Design Notes of 2026'),
        ('Quick deploy', False, 'Quick deploy'),
    ],
)
def test_the_words_that_mark_a_note_are_no_part_of_its_title(title: str, is_note: bool, without: str) -> None:
    profile = load_profile('design-note')
    assert (profile.is_title_of_note(title), profile.without_prefix(title)) == (is_note, without)


def test_a_prefix_that_is_part_of_a_name_stays() -> None:
    kep = load_profile('kep')
    assert kep.is_title_of_note('KEP-1234: Budgets')
    assert kep.without_prefix('KEP-1234: Budgets') == 'KEP-1234: Budgets'


DAY, DAY_BEFORE = datetime.date(2026, 1, 1), datetime.date(2025, 12, 31)


@pytest.mark.parametrize(
    ('requirement', 'created', 'release', 'holds'),
    [
        (Requirement(), DAY, '2', False),
        (Requirement(always=True), None, None, True),
        (Requirement(since=DAY), DAY, None, True),
        (Requirement(since=DAY), DAY_BEFORE, None, False),
        (Requirement(since=DAY), None, None, False),
        (Requirement(since_release='2'), None, '2', True),
        (Requirement(since_release='2'), None, '10', True),
        (Requirement(since_release='2'), None, '1', False),
        (Requirement(since_release='2'), None, 'other', False),
        (Requirement(since_release='2'), DAY, None, False),
    ],
)
def test_a_section_may_be_required_from_a_day_or_a_release_on(
    requirement: Requirement, created: datetime.date | None, release: str | None, holds: bool
) -> None:
    assert requirement.holds(created, release, ('1', '2', '10')) is holds


def test_a_note_is_measured_by_its_own_profile() -> None:
    shipped = builtin_profiles()
    names = [section.name for section in shipped.required(note('n', profile='kep'))]
    assert names == ['summary', 'test-plan', 'graduation-criteria', 'upgrade-downgrade', 'feature-enablement']
    assert shipped.of_note(note('n')) is shipped.default
    assert shipped.of('nope') is shipped.of(None) is shipped.default


def test_created_and_release_of_the_note_count(read: Read) -> None:
    ours = read(
        '[sections.audit]\nrequired = {since = 2026-01-01}\n[sections.testing]\nrequired = {since-release = "2"}\n'
    )
    profiles = Profiles(default=ours, releases=('1', '2'))
    found = {
        (created, release): [s.name for s in profiles.required(note('n', created=created, release=release))]
        for created, release in (('2026-01-01', '1'), ('2025-12-31', '2'))
    }
    assert found == {('2026-01-01', '1'): ['audit'], ('2025-12-31', '2'): ['testing']}


def test_every_key_of_a_profile_is_read(read: Read) -> None:
    ours = read(
        """
        title-prefixes = ["Spec:"]
        service = "orders"
        base-path = "/api/v1"
        none = ["Nope ", "no  impact"]
        placeholders = ["[Your Title]"]
        [severities]
        DN103 = "warning"
        [thresholds]
        max-words = 900
        [columns]
        "Min. Role" = "roles"
        [sections.api]
        headings = ["2. API & more", "Interfaces$", "the interfaces$"]
        parents = ["The Impact"]
        slots = ["new-endpoints", "changed-endpoints"]
        required = true
        container = true
        change = "changed"
        carriers = ["tables", "bullets", "tables"]
        columns = { "http_verb" = "method" }
        group = ["Impacts", "Outside"]
        guidance = \"\"\"
        What changes?
        \"\"\"
        [sections.history]
        required = "ignored"
        """
    )
    api, history = ours.sections
    assert (ours.name, ours.title_prefixes, ours.service, ours.base_path, ours.thresholds) == (
        'ours', ('Spec:',), 'orders', '/api/v1', {'max-words': 900},
    )  # fmt: skip
    assert (ours.none, ours.placeholders) == (('nope', 'no impact'), ('[your title]',))
    assert (ours.severities, ours.columns) == ({'DN103': Severity.WARNING}, {'min role': 'roles'})
    assert (api.name, api.title, api.headings, api.parents) == (
        'api', '2. API & more', ('api more', 'interfaces$'), ('impact',),
    )  # fmt: skip
    assert (api.slots, api.required, api.ignored, api.is_container) == (API, Requirement(always=True), False, True)
    assert (api.change, api.carriers, api.columns) == ('changed', ('tables', 'bullets'), {'http verb': 'method'})
    assert (api.group, api.guidance) == (('Impacts', 'Outside'), 'What changes?')
    assert (history.slots, history.headings, history.ignored, history.required) == (
        (), ('history',), True, Requirement(),
    )  # fmt: skip


@pytest.mark.parametrize('key', ['profiles/ours.toml', 'Ours.toml', 'a/b/OURS.toml'])
def test_a_profile_is_called_by_the_name_of_its_file(key: str) -> None:
    assert name_of(key) == 'ours'


@pytest.mark.parametrize(('path', 'name'), [('My Notes_2.toml', 'my-notes-2'), ('notes/.toml', 'project')])
def test_the_name_has_the_form_of_a_choice(path: str, name: str) -> None:
    assert name_of(path) == name


CARRIERS = 'bullets, steps, tables, code, headings, bold, fields, prose'
REQUIRED = 'true, false, "ignored", { since = "2026-01-01" }, { since-release = "25.11" }'
MISTAKES = {
    'sections = 1': 'ours.toml: sections must be a table, not 1',
    'title-prefix = "x"': (
        "ours.toml: title-prefix is unknown; did you mean 'title-prefixes'? (accepted: extends, title-prefixes, "
        'service, base-path, none, placeholders, severities, thresholds, columns, sections)'
    ),
    'title-prefixes = "x"': "ours.toml: title-prefixes must be a list of strings, not 'x'",
    'service = 1': 'ours.toml: service must be a string, not 1',
    'base-path = "api"': "ours.toml: base-path is 'api'; it must begin with '/'",
    'thresholds = 1': 'ours.toml: thresholds must be a table, not 1',
    '[thresholds]\nmax-words = "many"': "ours.toml: thresholds.max-words must be a whole number, not 'many'",
    '[thresholds]\nmax-words = true': 'ours.toml: thresholds.max-words must be a whole number, not True',
    'none = [1]': 'ours.toml: none must be a list of strings, not [1]',
    'severities = { DN103 = "wraning" }': (
        "ours.toml: severities.DN103 is 'wraning'; did you mean 'warning'? (accepted: error, warning, info, off)"
    ),
    'extends = "desing-note"': (
        "ours.toml: extends is 'desing-note'; did you mean 'design-note'? (accepted: design-note, openstack-spec, kep)"
    ),
    '[sections]\naudit = 1': 'ours.toml: sections.audit must be a table, not 1',
    '[sections.audit]\nheading = "x"': (
        "ours.toml: sections.audit.heading is unknown; did you mean 'headings'? (accepted: headings, parents, slots, "
        'required, container, change, carriers, columns, group, guidance)'
    ),
    '[sections.audit]\nheadings = ["2."]': (
        "ours.toml: sections.audit.headings has '2.', in which there are no words to compare"
    ),
    '[sections.audits]': (
        f"ours.toml: sections.audits names 'audits', which is no slot; did you mean 'audit'? "
        f'(accepted: {", ".join(SLOTS)})'
    ),
    '[sections.x]\nslots = ["audits"]': (
        f"ours.toml: sections.x.slots names 'audits', which is no slot; did you mean 'audit'? "
        f'(accepted: {", ".join(SLOTS)})'
    ),
    '[sections.audit]\nrequired = "yes"': f"ours.toml: sections.audit.required is 'yes' (accepted: {REQUIRED})",
    '[sections.audit]\nrequired = {}': "ours.toml: sections.audit.required must have either 'since' or 'since-release'",
    '[sections.audit]\nrequired = {from = 1}': (
        'ours.toml: sections.audit.required.from is unknown (accepted: since, since-release)'
    ),
    '[sections.audit]\nrequired = {since = "soon"}': (
        'ours.toml: sections.audit.required.since is \'soon\'; write an ISO date such as "2027-06-30"'
    ),
    '[sections.audit]\ncontainer = "yes"': "ours.toml: sections.audit.container must be true or false, not 'yes'",
    '[sections.audit]\nchange = "gone"': (
        "ours.toml: sections.audit.change is 'gone' (accepted: new, changed, deprecated, removed, existing)"
    ),
    '[sections.audit]\ncarriers = ["table"]': (
        f"ours.toml: sections.audit.carriers is 'table'; did you mean 'tables'? (accepted: {CARRIERS})"
    ),
    '[sections.audit]\n[sections.b]\nslots = []\nheadings = ["The audit"]': (
        "ours.toml: sections.b.headings has 'audit', and so has sections.audit; keep it in one of them"
    ),
    'none = [': "'ours.toml' is no TOML: ",
}


@pytest.mark.parametrize('text', MISTAKES)
def test_a_mistake_names_file_key_value_and_what_is_accepted(read: Read, text: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        read(text, 'ours.toml')
    expected = MISTAKES[text]
    assert str(caught.value).startswith(expected) if expected.endswith(': ') else str(caught.value) == expected


def test_a_column_means_an_option_or_a_part_of_the_identity(read: Read) -> None:
    with pytest.raises(DeclarationError) as caught:
        read('[sections.audit]\ncolumns = { "who" = "role" }', 'ours.toml')
    message = str(caught.value)
    assert message.startswith(
        "ours.toml: sections.audit.columns.who is 'role'; did you mean 'roles'? (accepted: method, path"
    )


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"^'no\.toml' cannot be read: No such file or directory$"):
        read_profile(tmp_path / 'no.toml', 'no.toml', builtin_vocabulary())


def test_a_profile_that_extends_another_changes_what_it_names(read: Read) -> None:
    ours = read(
        """
        extends = "design-note"
        title-prefixes = ["RFC:"]
        [sections.audit]
        required = false
        [sections.privacy]
        headings = ["Privacy", "audit fields"]
        slots = ["security"]
        required = true
        """
    )
    base = load_profile('design-note')
    assert [s.name for s in ours.sections] == [*(s.name for s in base.sections), 'privacy']
    assert (ours.title_prefixes, ours.none) == (('RFC:',), base.none)
    wanted = [s.name for s in base.required() if s.name != 'audit'] + ['privacy']
    assert [s.name for s in ours.required()] == wanted
    names = {h: s.name for h in ('Audit log', 'Audit fields', 'Privacy', 'Threat model') if (s := ours.section_of(h))}
    assert names == {'Audit log': 'audit', 'Audit fields': 'privacy', 'Privacy': 'privacy', 'Threat model': 'security'}


def test_extending_leaves_the_profile_that_ships_as_it_is(read: Read) -> None:
    before = repr(load_profile('design-note'))
    read('extends = "design-note"\n[sections.audit]\nheadings = ["x"]\n')
    assert repr(load_profile('design-note')) == before


RISK = {'risk': {'headings': ['Risks & worries', 'threats'], 'options': {'likelihood': {}}}}


def test_a_kind_with_headings_is_a_section_of_every_profile() -> None:
    vocabulary = extended_vocabulary(RISK)
    profile = with_kinds(load_profile('design-note'), vocabulary.kinds)
    section = profile.section_of('Risks and worries')
    assert section is not None
    assert (section.name, section.slots, section.title) == ('risk', ('risk',), 'Risks & worries')
    assert profile.section_of('Threats') is section  # the template's own heading gives way


def test_the_slot_of_such_a_kind_may_be_empty_on_purpose() -> None:
    assert extended_vocabulary(RISK).slots == (*SLOTS, 'risk')
    assert extended_vocabulary({'risk': {'headings': ['risks'], 'slot': 'dangers'}}).slots == (*SLOTS, 'dangers')
    assert extended_vocabulary({'risk': {}}).slots == builtin_vocabulary().slots == tuple(SLOTS)


def test_a_section_of_the_project_goes_before_that_of_its_kind(tmp_path: Path) -> None:
    path = tmp_path / 'ours.toml'
    path.write_text('[sections.risk]\nheadings = ["dangers"]\nrequired = true\n', 'utf-8')
    vocabulary = extended_vocabulary(RISK)
    profile = with_kinds(read_profile(path, 'ours.toml', vocabulary), vocabulary.kinds)
    assert [(s.name, s.headings) for s in profile.sections] == [('risk', ('dangers',))]


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(DeclarationError) as caught:
        load_profile('desing-note')
    assert str(caught.value) == (
        "'desing-note' is no profile; did you mean 'design-note'? (accepted: design-note, openstack-spec, kep)"
    )
