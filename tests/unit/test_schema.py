"""The declared vocabulary against the design page, and a project's own kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sphinxcontrib_designnote.model.schema import (
    DeclarationError,
    Kind,
    LinkType,
    Option,
    ValueType,
    builtin_vocabulary,
    extended_vocabulary,
)

# Written by hand from the tables of vocabulary.md, so that neither can change alone. A type with words is a choice;
# "-> name" makes links of that type, "<- name" makes them in the other direction.
COMMON = {
    'id': 'text', 'release': 'release', 'service': 'text', 'ignore': 'ignore', 'implements': '-> implements',
    'reviewed': 'date', 'class': 'names',
}  # fmt: skip
CHANGES = 'new changed deprecated removed existing'
LEVELS = 'unit integration contract e2e manual load security migration'
SLOTS = (
    'approach new-endpoints changed-endpoints interfaces breaking-changes new-entities modified-entities '
    'migration-story authorization audit security feature-flags rollout compatibility testing'
)
KINDS: dict[str, tuple[str, dict[str, str]]] = {
    'design-note': ('title?', {
        'status': 'draft in-review accepted implemented rejected withdrawn superseded', 'owners': 'names',
        'reviewers': 'names', 'components': 'names', 'created': 'date', 'depends-on': '-> depends-on',
        'supersedes': '-> supersedes', 'superseded-by': '<- supersedes', 'tracking': 'text',
        'profile': 'design-note openstack-spec kep',
    }),
    'approach': ('none?', {'components': 'names'}),
    'alternative': ('title', {'verdict': 'chosen rejected'}),
    'endpoint': ('http-target', {
        'change': CHANGES, 'purpose': 'text', 'request': 'code', 'response': 'code', 'errors': 'text', 'auth': 'text',
        'roles': 'names', 'flag': '<- gates', 'rate-limit': 'text', 'uses': '-> uses', 'since': 'release',
        'deprecated-in': 'release', 'sunset': 'date', 'breaking': 'boolean', 'safe': 'boolean',
    }),
    'interface': ('name', {
        'kind': 'event rpc graphql cli library file config', 'change': CHANGES, 'purpose': 'text', 'auth': 'text',
        'roles': 'names', 'uses': '-> uses', 'consumers': 'names', 'flag': '<- gates', 'breaking': 'boolean',
        'since': 'release', 'deprecated-in': 'release', 'sunset': 'date',
    }),
    'breaking-change': ('title', {'affects': '-> affects', 'clients': 'names', 'sunset': 'date', 'mitigation': 'text'}),
    'entity': ('name', {
        'change': 'new modified removed existing', 'kind': 'table schema collection topic', 'table': 'text',
    }),
    'field': ('declaration', {
        'change': 'add modify rename drop', 'renamed-from': 'text', 'nullable': 'boolean', 'required': 'boolean',
        'default': 'code', 'in': 'request response path query header payload', 'pii': 'boolean',
        'classification': 'text',
    }),
    'constraint': ('constraint', {
        'kind': 'index unique foreign-key check primary-key', 'columns': 'names', 'references': '-> references',
        'where': 'code', 'online': 'boolean', 'change': 'add drop',
    }),
    'migration': ('title', {
        'tool': 'text', 'revision': 'text', 'down-revision': 'text', 'entities': '-> migrates',
        'kind': 'expand backfill contract data index', 'backfill': 'text', 'reversible': 'boolean', 'online': 'boolean',
        'lock': 'text',
    }),
    'authorization': ('operation', {
        'roles': 'names', 'permission': 'text', 'scope': 'text', 'public': 'boolean',
        'change': 'new existing tightened weakened',
    }),
    'audit-event': ('name', {
        'change': 'new changed removed existing', 'trigger': 'text', 'fields': 'names', 'pii': 'boolean',
        'redaction': 'text', 'retention': 'text',
    }),
    'security-consideration': ('title', {
        'topic': 'input-validation rate-limiting secrets data-protection abuse dependency other',
        'applies-to': '-> applies-to',
    }),
    'feature-flag': ('name', {
        'change': 'new changed removed existing', 'default': 'switch', 'scope': 'global tenant user',
        'flag-type': 'release ops experiment permission', 'owner': 'text', 'remove-by': 'date', 'gates': '-> gates',
        'requires': '-> requires', 'when-enabled': 'text', 'when-disabled': 'text', 'mechanism': 'text',
    }),
    'rollout': ('none?', {}),
    'rollout-step': ('title', {
        'action': 'deploy migrate backfill enable disable restart verify remove announce', 'phase': 'text',
        'component': 'text', 'runs': '-> runs', 'removes': '-> removes', 'flag': '-> switches', 'flag-state': 'state',
        'after': '-> after', 'gate': 'text', 'soak': 'text', 'rollback': 'text', 'rollback-when': 'text',
        'done': 'done',
    }),
    'compatibility': ('title', {
        'mechanism': 'additive graceful-degradation version-negotiation deprecation dual-write shim',
        'covers': '-> covers', 'until': 'date',
    }),
    'test-plan': (LEVELS, {}),
    'test-case': ('title', {
        'level': LEVELS, 'verifies': '-> verifies', 'automated': 'code', 'flag-state': 'on off both',
    }),
    'no-impact': (SLOTS, {}),
}  # fmt: skip
LINKS = {
    'gates': ('feature-flag', '*'),
    'guards': ('authorization', 'endpoint interface'),
    'records': ('audit-event', 'endpoint interface'),
    'verifies': ('test-case', '*'),
    'migrates': ('migration', 'entity field constraint'),
    'runs': ('rollout-step', 'migration'),
    'switches': ('rollout-step', 'feature-flag'),
    'removes': ('rollout-step', '*'),
    'after': ('rollout-step', 'rollout-step'),
    'covers': ('compatibility', 'breaking-change endpoint interface entity'),
    'affects': ('breaking-change', 'endpoint interface entity field'),
    'uses': ('endpoint interface', 'entity field'),
    'references': ('constraint', 'field'),
    'applies-to': ('security-consideration', '*'),
    'depends-on': ('design-note', 'design-note'),
    'supersedes': ('design-note', 'design-note'),
    'requires': ('feature-flag', 'feature-flag'),
    'implements': ('*', '*'),
}
SLOTS_OF = {
    'approach': 'approach', 'alternative': 'approach', 'interface': 'interfaces', 'breaking-change': 'breaking-changes',
    'migration': 'migration-story', 'authorization': 'authorization', 'audit-event': 'audit',
    'security-consideration': 'security', 'feature-flag': 'feature-flags', 'rollout': 'rollout',
    'rollout-step': 'rollout',
    'compatibility': 'compatibility', 'test-plan': 'testing', 'test-case': 'testing',
}  # fmt: skip
#: Kind to scope of its name and the option that is part of it.
IDENTITIES = {
    'endpoint': ('service', None), 'interface': ('service', 'kind'), 'entity': ('service', None),
    'field': ('parent', None), 'constraint': ('parent', None), 'audit-event': ('service', None),
    'feature-flag': ('project', None), 'design-note': ('project', None),
    'approach': ('note', None), 'alternative': ('note', None), 'breaking-change': ('note', None),
    'migration': ('note', None), 'authorization': ('note', None), 'security-consideration': ('note', None),
    'rollout': ('note', None), 'rollout-step': ('note', None), 'compatibility': ('note', None),
    'test-plan': ('note', None), 'test-case': ('note', 'level'), 'no-impact': ('note', None),
}  # fmt: skip
SUBJECTS = {'endpoint', 'interface', 'entity', 'field', 'constraint', 'audit-event', 'feature-flag'}


def _argument(kind: Kind) -> str:
    return (' '.join(kind.words) or str(kind.argument)) + ('' if kind.required else '?')


def _type(option: Option) -> str:
    if option.link:
        return f'{"<-" if option.inverse else "->"} {option.link}'
    return ' '.join(option.values) or str(option.type)


def test_every_kind_has_the_argument_and_the_options_of_the_design_page() -> None:
    kinds = builtin_vocabulary().kinds
    declared = {
        name: (_argument(kind), {o.name: _type(o) for o in kind.options.values()}) for name, kind in kinds.items()
    }
    assert declared == {name: (argument, options | COMMON) for name, (argument, options) in KINDS.items()}


def test_every_link_type_runs_between_the_kinds_of_the_design_page() -> None:
    links = builtin_vocabulary().links
    assert {name: (' '.join(each.sources), ' '.join(each.targets)) for name, each in links.items()} == LINKS


def test_no_two_link_types_share_a_name_or_an_inverse() -> None:
    links = builtin_vocabulary().links.values()
    names = [word for link in links for word in (link.name, link.inverse)]
    assert sorted(names) == sorted(set(names))


def test_kinds_fill_the_slots_of_the_design_page() -> None:
    kinds = builtin_vocabulary().kinds
    slots = {name: kind.slot(None) for name, kind in kinds.items() if name not in ('endpoint', 'entity')}
    assert slots == {name: SLOTS_OF.get(name) for name in slots}


@pytest.mark.parametrize(
    ('kind', 'change', 'slot'),
    [
        ('endpoint', 'new', 'new-endpoints'),
        ('endpoint', 'changed', 'changed-endpoints'),
        ('endpoint', 'deprecated', 'changed-endpoints'),
        ('endpoint', None, 'changed-endpoints'),
        ('entity', 'new', 'new-entities'),
        ('entity', 'modified', 'modified-entities'),
        ('entity', 'removed', 'modified-entities'),
    ],
)
def test_the_change_decides_which_slot_an_endpoint_or_entity_fills(kind: str, change: str | None, slot: str) -> None:
    assert builtin_vocabulary().kinds[kind].slot(change) == slot


def test_identities_are_those_of_the_design_page() -> None:
    kinds = builtin_vocabulary().kinds
    assert {name: (str(kind.identity), kind.qualifier) for name, kind in kinds.items()} == IDENTITIES


def test_several_notes_may_speak_of_the_things_that_have_a_natural_identity() -> None:
    assert {name for name, kind in builtin_vocabulary().kinds.items() if kind.subject} == SUBJECTS


def test_roles_are_those_of_the_design_page() -> None:
    vocabulary = builtin_vocabulary()
    named = {
        role: getattr(vocabulary.kind_of_role(role), 'name', None)
        for role in ('note', 'endpoint', 'entity', 'flag', 'migration')
    }
    assert named == {
        'note': 'design-note', 'endpoint': 'endpoint', 'entity': 'entity', 'flag': 'feature-flag',
        'migration': 'migration',
    }  # fmt: skip


def test_every_option_and_kind_says_what_it_is_for() -> None:
    kinds = builtin_vocabulary().kinds.values()
    assert [kind.name for kind in kinds if not kind.doc] == []
    assert [(kind.name, option.name) for kind in kinds for option in kind.options.values() if not option.doc] == []


def test_every_option_that_links_names_a_declared_link_type_whose_end_it_can_be() -> None:
    vocabulary = builtin_vocabulary()
    ends = []
    for kind in vocabulary.kinds.values():
        for option in kind.options.values():
            if option.link:
                link = vocabulary.links[option.link]
                accepted = link.targets if option.inverse else link.sources
                ends += [(kind.name, option.name)] if '*' not in accepted and kind.name not in accepted else []
    assert ends == []


def test_typed_values_are_meaning_and_prose_and_housekeeping_are_not() -> None:
    kinds = builtin_vocabulary().kinds
    unlike = {
        f'{kind.name} {option.name}': option.meaning
        for kind in kinds.values()
        for option in kind.options.values()
        if option.meaning is (option.type in (ValueType.TEXT, ValueType.RELEASE, ValueType.DONE, ValueType.IGNORE))
        and option.name not in COMMON
    }
    assert unlike == {
        'endpoint auth': True, 'endpoint rate-limit': True, 'endpoint uses': False,
        'interface auth': True, 'interface uses': False, 'interface consumers': False,
        'entity table': True, 'field classification': True,
        'authorization permission': True, 'authorization scope': True,
        'feature-flag remove-by': False, 'test-case automated': False,
    }  # fmt: skip
    assert [name for name, option in kinds['endpoint'].options.items() if name in COMMON and option.meaning] == []


def test_a_projects_own_kind_says_which_of_its_options_are_meaning() -> None:
    options = {'owner': {'meaning': True}, 'due': {'type': 'date', 'meaning': False}, 'plan': {}}
    risk = extended_vocabulary({'risk': {'options': options}}).kinds['risk']
    assert [name for name, option in risk.options.items() if option.meaning] == ['owner']


RISK: Mapping[str, Any] = {
    'argument': 'title',
    'doc': 'A risk.',
    'options': {
        'likelihood': {'type': 'choice', 'values': ['low', 'high']},
        'threatens': {'link': 'threatens'},
        'review-by': {'type': 'date'},
    },
}


def test_a_projects_own_kind_has_its_options_and_the_common_ones() -> None:
    risk = extended_vocabulary({'risk': RISK}).kinds['risk']
    assert {o.name: _type(o) for o in risk.options.values()} == {
        'likelihood': 'low high', 'threatens': '-> threatens', 'review-by': 'date', **COMMON,
    }  # fmt: skip
    assert (risk.label, risk.role, risk.required) == ('Risk', 'risk', True)


def test_a_link_type_that_nobody_declared_runs_from_the_kind_to_anything() -> None:
    threatens = extended_vocabulary({'risk': RISK}).links['threatens']
    assert threatens == LinkType(name='threatens', inverse='threatens of', sources=('risk',), targets=('*',))


def test_a_link_type_that_two_kinds_use_runs_from_both() -> None:
    links = extended_vocabulary({'risk': RISK, 'threat': RISK}).links
    assert links['threatens'].sources == ('risk', 'threat')


def test_an_inverse_option_of_a_new_link_type_may_name_anything() -> None:
    raw = {'risk': {'options': {'raised-by': {'link': 'raises', 'inverse': True}}}}
    raises = extended_vocabulary(raw).links['raises']
    assert (raises.sources, raises.targets) == (('*',), ('risk',))


def test_own_kinds_do_not_change_the_built_in_ones() -> None:
    before = builtin_vocabulary()
    extended = extended_vocabulary({'risk': {'options': {'gates': {'link': 'gates'}}}})
    assert {name: kind for name, kind in extended.kinds.items() if name != 'risk'} == dict(before.kinds)
    assert extended.links == before.links


@pytest.mark.parametrize(
    ('raw', 'message'),
    [
        ('risk', "designnote_kinds must be a table of kinds, not 'risk'"),
        ({'endpoint': {}}, 'designnote_kinds.endpoint is the name of a built-in kind; choose another'),
        ({'Risk': {}}, 'designnote_kinds.Risk must be lower-case words joined by hyphens'),
        ({'risk': 3}, 'designnote_kinds.risk must be a table, not 3'),
        (
            {'risk': {'lable': 'x'}},
            "designnote_kinds.risk.lable is unknown; did you mean 'label'? (accepted: doc, label, argument, required, "
            'identity, qualifier, subject, slot, headings, parts, bullets, aliases, role, options)',
        ),
        ({'risk': {'label': 3}}, 'designnote_kinds.risk.label must be a string, not 3'),
        ({'risk': {'subject': 'yes'}}, "designnote_kinds.risk.subject must be true or false, not 'yes'"),
        ({'risk': {'parts': 'field'}}, "designnote_kinds.risk.parts must be a list of strings, not 'field'"),
        ({'risk': {'options': []}}, 'designnote_kinds.risk.options must be a table, not []'),
        (
            {'risk': {'identity': 'servise'}},
            "designnote_kinds.risk.identity is 'servise'; did you mean 'service'? "
            '(accepted: project, service, parent, note)',
        ),
        (
            {'risk': {'options': {'a': {'type': 'chioce'}}}},
            "designnote_kinds.risk.options.a.type is 'chioce'; did you mean 'choice'? (accepted: text, code, boolean, "
            'switch, state, date, done, names, choice, release, ignore, references)',
        ),
        (
            {'risk': {'options': {'a': {'type': 'choice'}}}},
            'designnote_kinds.risk.options.a.values must be given for, and only for, type "choice"',
        ),
        (
            {'risk': {'options': {'a': {'values': ['x']}}}},
            'designnote_kinds.risk.options.a.values must be given for, and only for, type "choice"',
        ),
        ({'risk': {'argument': 'word'}}, 'designnote_kinds.risk.argument must list the accepted words'),
        (
            {'risk': {'parts': ['feild']}},
            f"designnote_kinds.risk.parts names 'feild'; did you mean 'field'? (accepted: {', '.join(KINDS)}, risk)",
        ),
        (
            {'risk': {'bullets': 'feild'}},
            f"designnote_kinds.risk.bullets names 'feild'; did you mean 'field'? (accepted: {', '.join(KINDS)}, risk)",
        ),
    ],
)
def test_a_malformed_declaration_names_key_value_and_what_is_accepted(raw: Any, message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        extended_vocabulary(raw)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ('raw', 'key'),
    [
        ({'risk': {'slot': 3}}, 'designnote_kinds.risk.slot'),
        ({'risk': {'slot': ['approach']}}, 'designnote_kinds.risk.slot'),
        ({'risk': {'slot': {'new': 3}}}, 'designnote_kinds.risk.slot'),
        ({'risk': {'options': {3: {}}}}, 'designnote_kinds.risk.options.3'),
        ({3: {}}, 'designnote_kinds.3'),
        ({'risk': {'argument': []}}, 'designnote_kinds.risk.argument'),
        ({'risk': {'qualifier': 'sort'}}, 'designnote_kinds.risk.qualifier'),
        ({'risk': {'aliases': ['short-name']}}, 'designnote_kinds.risk.aliases'),
        ({'risk': {'role': 'flag'}}, 'designnote_kinds.risk.role'),
        ({'risk': {'role': 'item'}}, 'designnote_kinds.risk.role'),
        ({'risk': {'role': 'My Risk'}}, 'designnote_kinds.risk.role'),
        ({'flag': {}}, 'designnote_kinds.flag.role'),
        ({'risk': {'options': {'id': {'type': 'date'}}}}, 'designnote_kinds.risk.options.id'),
    ],
)
def test_no_mistake_in_a_declaration_is_a_traceback_or_goes_unnoticed(raw: Any, key: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        extended_vocabulary(raw)
    assert str(caught.value).startswith(key)


def test_a_reference_type_is_only_made_by_a_link() -> None:
    options = [o for kind in builtin_vocabulary().kinds.values() for o in kind.options.values()]
    assert [o.name for o in options if (o.type is ValueType.REFERENCES) != (o.link is not None)] == []
