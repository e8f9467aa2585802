"""Writes one project several times: plain Sphinx by hand, with the directives of this extension, as native needs.

Plain is what a careful author types without an extension: a target, a definition list, a field list of the options, and
the body. A native need is what an author types with sphinx-needs: its directive, the options as fields. All hold the
same words. Everything follows from one seed, so that two runs measure the same text.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

SMALL = (50, 1_000)
FULL = (455, 10_010)

_NOUNS = (
    'account', 'address', 'basket', 'batch', 'booking', 'bundle', 'carrier', 'catalogue', 'claim', 'contract',
    'coupon', 'courier', 'credit', 'customer', 'delivery', 'deposit', 'device', 'discount', 'document',
    'driver', 'event', 'fleet', 'folder', 'forecast', 'gateway', 'invoice', 'item', 'journey', 'label',
    'ledger',
)  # fmt: skip
_VERBS = (
    'approve', 'archive', 'assign', 'cancel', 'check', 'close', 'confirm', 'copy', 'export', 'hold', 'import',
    'lock', 'merge', 'open', 'queue', 'release', 'renew', 'split',
)  # fmt: skip
_TYPES = ('uuid', 'text', 'boolean', 'integer', 'timestamptz', 'numeric(12, 2)')
_ROLES = ('viewer', 'editor', 'billing-admin', 'operator')
_TEAMS = ('Orders team', 'Payments team', 'Logistics team', 'Platform team')
_SENTENCES = (
    'The check runs before anything is written, so a refused request leaves no trace.',
    'Callers that retry get the first answer again for a day.',
    'The list is sorted by creation and cut into pages of fifty.',
    'Requests that arrive while the batch runs are queued and answered within a minute.',
    'The value is taken from the contract and cannot be changed by the caller.',
    'Old rows keep their meaning; only what is created from now on follows the new rule.',
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An item as an author would type it."""

    kind: str
    argument: str
    options: tuple[tuple[str, str], ...] = ()
    #: Paragraphs and bullets, a line each.
    body: tuple[str, ...] = ()
    parts: tuple[Item, ...] = ()


@dataclass(slots=True)
class Feature:
    """What one cycle of items is about; the names in it are unique in the project."""

    number: int
    chance: random.Random
    noun: str = field(init=False)
    verb: str = field(init=False)

    def __post_init__(self) -> None:
        self.noun = self.chance.choice(_NOUNS)
        self.verb = self.chance.choice(_VERBS)

    @property
    def reads(self) -> bool:
        """Every other feature has a second endpoint, the rest an event and a breaking change."""
        return self.number % 2 == 0

    @property
    def entity(self) -> str:
        return f'{self.noun.capitalize()}{self.number}'

    @property
    def path(self) -> str:
        return f'/api/v1/{self.noun}s-{self.number}/{{id}}/{self.verb}'

    @property
    def flag(self) -> str:
        return f'{self.verb}_{self.noun}_{self.number}'

    @property
    def migration(self) -> str:
        return f'Create {self.noun} {self.number}'


def _post(feature: Feature) -> Item:
    return Item(
        kind='endpoint',
        argument=f'POST {feature.path}',
        options=(
            ('change', 'new'),
            ('purpose', f'Lets a user {feature.verb} one {feature.noun}'),
            ('request', '{"reason": "text", "dry_run": false}'),
            ('response', '{"id": "uuid", "state": "done"}'),
            ('errors', '404 for an unknown id, 409 when it is done already'),
            ('roles', feature.chance.choice(_ROLES)),
            ('flag', feature.flag),
            ('uses', feature.entity),
        ),
        body=(feature.chance.choice(_SENTENCES),),
    )


def _get(feature: Feature) -> Item:
    return Item(
        kind='endpoint',
        argument=f'GET {feature.path}',
        options=(
            ('change', 'new'),
            ('purpose', f'Tells how far the {feature.noun} is'),
            ('response', '{"id": "uuid", "state": "done"}'),
            ('auth', 'Requires authenticated user (any role)'),
            ('uses', feature.entity),
        ),
    )


def _interface(feature: Feature) -> Item:
    return Item(
        kind='interface',
        argument=f'{feature.noun}-{feature.number}.changed',
        options=(
            ('kind', 'event'),
            ('change', 'new'),
            ('purpose', f'Tells other services that the {feature.noun} has changed'),
            ('auth', 'Published by the service only'),
            ('consumers', 'billing, search'),
        ),
    )


def _entity(feature: Feature, columns: int) -> Item:
    fields = tuple(
        Item(
            kind='field',
            argument=f'value_{index}: {feature.chance.choice(_TYPES)}',
            options=(('change', 'add'), ('nullable', 'yes')),
        )
        for index in range(columns)
    )
    index = Item(kind='constraint', argument='index on value_0', options=(('change', 'add'), ('online', 'yes')))
    return Item(
        kind='entity', argument=feature.entity, options=(('change', 'new'), ('kind', 'table')), parts=(*fields, index)
    )


def _migration(feature: Feature) -> Item:
    return Item(
        kind='migration',
        argument=feature.migration,
        options=(
            ('tool', 'Alembic'),
            ('entities', feature.entity),
            ('kind', 'expand'),
            ('backfill', 'nothing to fill in'),
            ('reversible', 'yes'),
            ('online', 'yes'),
        ),
        body=(feature.chance.choice(_SENTENCES),),
    )


def _authorization(feature: Feature) -> Item:
    return Item(
        kind='authorization',
        argument=f'GET {feature.path}' if feature.reads else f'POST {feature.path}',
        options=(('roles', 'any'), ('change', 'new')) if feature.reads else (('change', 'new'),),
        body=('A user sees what belongs to its own tenant.',),
    )


def _audit(feature: Feature) -> Item:
    return Item(
        kind='audit-event',
        argument=f'{feature.noun}_{feature.number}.{feature.verb}',
        options=(
            ('change', 'new'),
            ('trigger', f'POST {feature.path} has succeeded'),
            ('fields', 'actor_id, object_id, reason'),
        ),
    )


def _security(feature: Feature) -> Item:
    return Item(
        kind='security-consideration',
        argument=f'Input of {feature.noun} {feature.number}',
        options=(('topic', 'input-validation'), ('applies-to', f'POST {feature.path}')),
        body=('The id must be a valid UUID, and the reason is at most 500 characters long.',),
    )


def _breaking_change(feature: Feature) -> Item:
    return Item(
        kind='breaking-change',
        argument=f'The page of the {feature.noun} {feature.number} waits for an answer',
        options=(
            ('affects', f'POST {feature.path}'),
            ('clients', 'web, mobile'),
            ('mitigation', 'both clients are released first'),
        ),
    )


def _flag(feature: Feature) -> Item:
    return Item(
        kind='feature-flag',
        argument=feature.flag,
        options=(
            ('change', 'new'),
            ('default', 'off'),
            ('scope', 'tenant'),
            ('owner', feature.chance.choice(_TEAMS)),
            ('remove-by', '2090-06-30'),
            ('gates', f'POST {feature.path}'),
            ('when-enabled', 'The button is shown'),
            ('when-disabled', 'The button is hidden, the address answers 404'),
        ),
    )


def _compatibility(feature: Feature) -> Item:
    return Item(
        kind='compatibility',
        argument=f'The {feature.noun} {feature.number} is additive',
        options=(('mechanism', 'additive'), ('covers', f'POST {feature.path}')),
    )


def _rollout(feature: Feature) -> Item:
    migrate = Item(
        kind='rollout-step',
        argument=f'Run the migration of {feature.noun} {feature.number}',
        options=(('action', 'migrate'), ('runs', feature.migration), ('rollback', 'run it down')),
    )
    enable = Item(
        kind='rollout-step',
        argument=f'Enable POST {feature.path} for everybody',
        options=(('action', 'enable'), ('flag', feature.flag), ('flag-state', 'on'), ('soak', '1 week')),
    )
    return Item(kind='rollout', argument='', parts=(migrate, enable))


def _test_plan(feature: Feature) -> Item:
    other = f'GET {feature.path}' if feature.reads else f'``{feature.noun}-{feature.number}.changed``'
    return Item(
        kind='test-plan',
        argument='integration',
        body=(
            f'- Test POST {feature.path} with ``{feature.flag}`` on and off, refused without the role',
            f'- Test {other} after the migration',
        ),
    )


def _cycle(feature: Feature, columns: int) -> list[Item]:
    """Everything that is said about one feature; the references of its items lead to one another."""
    return [
        _post(feature),
        _get(feature) if feature.reads else _interface(feature),
        _entity(feature, columns),
        _migration(feature),
        _authorization(feature),
        _audit(feature),
        _security(feature) if feature.reads else _breaking_change(feature),
        _flag(feature),
        _compatibility(feature),
        _rollout(feature),
        _test_plan(feature),
    ]


def _head(page: int, chance: random.Random) -> list[Item]:
    return [
        Item(kind='approach', argument='', body=tuple(chance.sample(_SENTENCES, 3))),
        Item(kind='alternative', argument=f'Do nothing about {page}', options=(('verdict', 'rejected'),)),
        Item(kind='no-impact', argument='modified-entities', body=('What exists stays as it is.',)),
    ]


HEAD_SIZE, CYCLE_SIZE = 3, 17


def items_of(pages: int, items: int, seed: int) -> Iterator[list[Item]]:
    """Yield the items of each page: *items* in all, parts included.

    A page has a head and whole cycles; what is then missing to the number are further columns of its last entity.

    :raises ValueError: when a page would have to hold less than one cycle.
    """
    if items < pages * (HEAD_SIZE + CYCLE_SIZE):
        raise ValueError(f'{pages} pages hold {pages * (HEAD_SIZE + CYCLE_SIZE):,} items at least')
    chance = random.Random(seed)
    number = 0
    for page in range(pages):
        wanted = items * (page + 1) // pages - items * page // pages - HEAD_SIZE
        cycles, more = divmod(wanted, CYCLE_SIZE)
        made = _head(page, chance)
        for cycle in range(cycles):
            number += 1
            made += _cycle(Feature(number=number, chance=chance), 1 + (more if cycle == cycles - 1 else 0))
        yield made


def as_directive(item: Item, indent: str = '') -> Iterator[str]:
    """Yield the lines of *item* written with our directive."""
    yield f'{indent}.. {item.kind}:: {item.argument}'.rstrip()
    inner = indent + '   '
    yield from (f'{inner}:{name}: {value}' for name, value in item.options)
    yield ''
    yield from _body(item, inner)
    for part in item.parts:
        yield from as_directive(part, inner)


def as_need(item: Item, id_: str, indent: str = '') -> Iterator[str]:
    """Yield the lines of *item* written as a need of sphinx-needs."""
    inner = indent + '   '
    yield f'{indent}.. {item.kind}:: {item.argument or item.kind}'
    yield f'{inner}:id: {id_}'
    yield from (f'{inner}:{_field(name)}: {value}' for name, value in item.options)
    yield ''
    yield from _body(item, inner)
    for index, part in enumerate(item.parts, 1):
        yield from as_need(part, f'{id_}_{index}', inner)


def _field(option: str) -> str:
    return option.replace('-', '_')


def _needs_conf(made: Iterable[Item]) -> str:
    """Return the types and fields that a project declares for *made*, all of it text."""
    types, fields = {'design-note'}, set[str]()
    waiting = list(made)
    while waiting:
        item = waiting.pop()
        types.add(item.kind)
        fields |= {_field(name) for name, _ in item.options}
        waiting += item.parts
    needs_types = [{'directive': name, 'title': name, 'prefix': ''} for name in sorted(types)]
    needs_fields = {name: {'schema': {'type': 'string'}, 'nullable': True} for name in sorted(fields)}
    return f'needs_types = {needs_types}\nneeds_fields = {needs_fields}\n'


def by_hand(item: Item, target: str, indent: str = '') -> Iterator[str]:
    """Yield the lines of *item* as plain reStructuredText: target, definition list, field list, body."""
    yield f'{indent}.. _{target}:'
    yield ''
    yield f'{indent}{item.kind.replace("-", " ").capitalize()} {_escaped(item.argument)}'.rstrip()
    inner = indent + '   '
    if not (item.options or item.body or item.parts):
        yield f'{inner}Nothing more.'
    for name, value in item.options:
        shown = f'``{value}``' if name in ('request', 'response') else _escaped(value)
        yield f'{inner}:{name.replace("-", " ").capitalize()}: {shown}'
    if item.options:
        yield ''
    yield from _body(item, inner)
    for index, part in enumerate(item.parts, 1):
        yield from by_hand(part, f'{target}-{index}', inner)


def _body(item: Item, indent: str) -> Iterator[str]:
    for line in item.body:
        yield indent + line
        if not line.startswith('- '):
            yield ''
    if item.body and item.body[-1].startswith('- '):
        yield ''


def _escaped(text: str) -> str:
    """Keep ``name_`` from being read as a reference."""
    return text.replace('_', '\\_')


#: Project to the text that it has, and the extensions that it is built with.
PROJECTS = {
    'plain': ('plain', []),
    'directives': ('directives', ['sphinxcontrib_designnote']),
    'needs-of-items': ('directives', ['sphinx_needs', 'sphinxcontrib_designnote']),
    'native-needs': ('needs', ['sphinx_needs']),
    # What sphinx-needs costs where nothing is a need.
    'plain-beside-needs': ('plain', ['sphinx_needs']),
    'items-beside-needs': ('directives', ['sphinx_needs', 'sphinxcontrib_designnote']),
}


def write(root: Path, pages: int, items: int, seed: int) -> None:
    """Write the :data:`PROJECTS` below *root*, which must not hold them yet.

    :raises ValueError: as :func:`items_of`.
    """
    made_of = list(items_of(pages, items, seed))
    # The pages are no whole notes: that slots of the template are missing is no news, thousands of times.
    ours = "designnote_rules = {'DN101': 'off'}\n"
    conf = {
        'directives': ours,
        'needs-of-items': ours,
        'items-beside-needs': f'{ours}designnote_needs = False\n',
        'native-needs': _needs_conf(chain.from_iterable(made_of)),
    }
    names = '\n'.join(f'   page{page:04}' for page in range(pages))
    for name, (_, extensions) in PROJECTS.items():
        project = root / name
        project.mkdir(parents=True)
        head = f"project = 'Bench'\nhtml_theme = 'alabaster'\nextensions = {extensions}\n"
        (project / 'conf.py').write_text(head + conf.get(name, ''), 'utf-8')
        (project / 'index.rst').write_text(f'Bench\n=====\n\n.. toctree::\n\n{names}\n', 'utf-8')
    for page, made in enumerate(made_of):
        title = f'Feature {page:04}'
        id_ = f'note-{page:04}'
        head_of = {
            'plain': [f':Id: {id_}', ':Status: accepted'],
            'directives': ['.. design-note::', f'   :id: {id_}', '   :status: accepted'],
            'needs': [f'.. design-note:: {title}', f'   :id: NOTE_{page:04}', '   :status: accepted'],
        }
        text = {name: [title, '=' * len(title), '', *lines, ''] for name, lines in head_of.items()}
        for index, item in enumerate(made):
            text['plain'] += by_hand(item, f'p{page:04}-{index:03}')
            text['directives'] += as_directive(item)
            text['needs'] += as_need(item, f'P{page:04}_{index:03}')
        for name, (written, _) in PROJECTS.items():
            (root / name / f'page{page:04}.rst').write_text('\n'.join(text[written]), 'utf-8')


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('root', type=Path, help='folder to write the projects into')
    parser.add_argument('--pages', type=int, default=SMALL[0])
    parser.add_argument('--items', type=int, default=SMALL[1])
    parser.add_argument('--full', action='store_true', help=f'{FULL[0]} pages, {FULL[1]:,} items')
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    pages, items = FULL if arguments.full else (arguments.pages, arguments.items)
    write(arguments.root, pages, items, arguments.seed)


if __name__ == '__main__':
    main()
