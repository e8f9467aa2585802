"""Every option of every kind as a ``Key: value`` bullet of a plain note, read as a directive reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.model.schema import NOTE, Kind, Option, ValueType, builtin_vocabulary

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

KINDS = {name: kind for name, kind in builtin_vocabulary().kinds.items() if name != NOTE}
#: By kind: its section, what stands above the options (# is a number), their indentation, and the directive's argument.
CARRIERS: Mapping[str, tuple[str, str, str, str]] = {
    'approach': ('Approach Summary', 'We add a service.\n\n', '', ''),
    'alternative': ('Alternatives', '- Way #\n', '  ', 'Way #'),
    'endpoint': ('API Changes', '- `POST /jobs#`\n', '  ', 'POST /jobs#'),
    'interface': ('Other Interfaces', '- `job.done#`\n', '  ', 'job.done#'),
    'breaking-change': ('Breaking Changes', '- Field # goes\n', '  ', 'Field # goes'),
    'entity': ('Data Model', '- `jobs#` table\n', '  ', 'jobs#'),
    'field': ('Data Model', '- `jobs` table\n  - `column#: int`\n', '    ', 'column#: int'),
    'constraint': ('Data Model', '- `jobs` table\n  - index on `column#`\n', '    ', 'index on column#'),
    'migration': ('Migration Story', 'The table moves.\n\n', '', 'The table moves'),
    'authorization': ('Authorization', '- POST /jobs#\n', '  ', 'POST /jobs#'),
    'audit-event': ('Audit Fields', '- `job.done#`\n', '  ', 'job.done#'),
    'security-consideration': ('Other Security Considerations', '- Thing # holds\n', '  ', 'Thing # holds'),
    'feature-flag': ('Feature Flags', '- `flag_#`\n', '  ', 'flag_#'),
    'rollout-step': ('Rollout steps', '1. Think of # things\n', '   ', 'Think of # things'),
    'compatibility': ('Backward Compatibility', '- Client # works\n', '  ', 'Client # works'),
    'test-plan': ('Testing Strategy', '**Unit tests**\n\n- A test\n', '', 'unit'),
    'test-case': ('Testing Strategy', '- Thing # is so\n', '  ', 'Thing # is so'),
    'no-impact': ('New Endpoints', 'None.\n\n', '', 'new-endpoints'),
}
#: Kinds that a plain note states only together with what is in them.
GROUPS = {'rollout'}
VALUES: Mapping[ValueType, str] = {
    ValueType.TEXT: 'some words, and more',
    ValueType.CODE: '`{"a": 1}`',
    ValueType.BOOLEAN: 'yes',
    ValueType.SWITCH: 'off',
    ValueType.STATE: '5% of tenants',
    ValueType.DATE: '2027-06-30',
    ValueType.DONE: '2027-06-30',
    ValueType.NAMES: 'one, the other',
    ValueType.RELEASE: '25.11',
    ValueType.IGNORE: 'DN301 (a, b), DN501',
    ValueType.REFERENCES: '`POST /x`, `jobs.state`',
}


def value_of(option: Option) -> str:
    """Return a good value of *option*, the last of a choice."""
    if option.name == 'service':
        return 'orders'
    return option.values[-1] if option.type is ValueType.CHOICE else VALUES[option.type]


def plain(kind: str, bullets: list[str], number: int = 1) -> str:
    _, carrier, indent, _ = CARRIERS[kind]
    return carrier.replace('#', str(number)) + ''.join(f'{indent}- {bullet}\n' for bullet in bullets)


def directive(kind: str, options: list[str], number: int = 1) -> str:
    argument = CARRIERS[kind][3].replace('#', str(number))
    inside = f':::{{{kind}}} {argument}\n' + ''.join(f':{option}\n' for option in options) + ':::\n'
    return f'::::{{entity}} jobs\n{inside}::::\n' if kind in ('field', 'constraint') else inside


def left_out(kind: str) -> set[str]:
    """Return the options that are tested apart; the service of a step is the component that it is about."""
    return {'id', 'service'} if kind == 'rollout-step' else {'id'}


def called(kind: Kind) -> Iterator[tuple[str, Option]]:
    """Yield each name that an option has besides its own."""
    for option in kind.options.values():
        for other in option.also:
            yield other, option


def spelled(name: str) -> str:
    return name.replace('-', ' ').capitalize()


def pages() -> dict[str, str]:
    files: dict[str, str] = {}
    for name in CARRIERS:
        kind, section = KINDS[name], CARRIERS[name][0]
        head = f'# Design Note: {name}\n\n## {section}\n\n'
        options = [option for option in kind.options.values() if option.name not in left_out(name)]
        files[f'plain/{name}.md'] = head + plain(name, [f'{spelled(o.name)}: {value_of(o)}' for o in options])
        files[f'directive/{name}.md'] = '# T\n\n' + directive(name, [f'{o.name}: {value_of(o)}' for o in options])
        if name not in ('approach', 'migration', 'test-plan', 'no-impact'):  # one a section
            words = list(called(kind))
            text = '\n'.join(plain(name, [f'{spelled(w)}: {value_of(o)}'], at) for at, (w, o) in enumerate(words, 100))
            files[f'called/{name}.md'] = head + (text or 'Nothing.')
    return files


@pytest.fixture(scope='module')
def built(build_once: BuildProject) -> Built:
    return build_once(pages())


def facts(item: Item) -> dict[str, Any]:
    """What the options say; not how the item is called."""
    record = {'change': item.change, 'release': item.release, 'service': item.service, 'ignore': item.ignore}
    return {name: value for name, value in {**item.fields, **record}.items() if value}


def item_of(built: Built, page: str, kind: str) -> Item:
    (item,) = [item for item in built.notes[page].items if item.kind == kind]
    return item


def test_every_kind_has_its_carrier() -> None:
    assert set(CARRIERS) | GROUPS == set(KINDS)


@pytest.mark.parametrize('kind', CARRIERS)
def test_every_option_may_be_written_as_a_bullet_below_the_item(built: Built, kind: str) -> None:
    stated = facts(item_of(built, f'plain/{kind}', kind))
    assert stated == facts(item_of(built, f'directive/{kind}', kind))
    wanted = {option.key for option in KINDS[kind].options.values()} - {'class', 'change', *left_out(kind)}
    assert wanted - stated.keys() == set()
    assert built.notes[f'plain/{kind}'].problems == ()


@pytest.mark.parametrize('kind', [kind for kind in CARRIERS if f'called/{kind}.md' in pages()])
def test_an_option_may_be_called_by_its_other_names(built: Built, kind: str) -> None:
    note = built.notes[f'called/{kind}']
    items = [item for item in note.items if item.kind == kind]
    told = {
        word: item.change if option.name == 'change' else item.fields.get(option.key)
        for item, (word, option) in zip(items, called(KINDS[kind]), strict=True)
    }
    good = facts(item_of(built, f'directive/{kind}', kind))
    assert told == {word: good[option.key] for word, option in called(KINDS[kind])}
    assert note.problems == ()


@pytest.mark.parametrize('kind', [kind for kind, carrier in CARRIERS.items() if carrier[2]])
def test_an_id_may_be_written_as_a_bullet_below_the_item(build_once: BuildProject, kind: str) -> None:
    text = f'# Design Note: T\n\n## {CARRIERS[kind][0]}\n\n{plain(kind, ["Id: my-id"])}'
    assert item_of(build_once({'note.md': text}), 'note', kind).id == 'my-id'
