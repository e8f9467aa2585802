"""Three years of a team's design notes: 200 of every status, each clean when it was written.

    python -m tests.eval.history              # what is reported today, and what should be
    python -m tests.eval.history --write DIR  # write the notes, to look at them

Features are introduced behind flags, extended, deprecated and removed; columns get new names in two releases; ideas are
rejected, withdrawn and superseded; some names come back after they were gone. At the end of it somebody has to act on a
few things only, and the generator knows which: flags and promises that are overdue, and open notes that get into one
another's way. All else that a tool might say of old notes is noise. Everything follows from one seed.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sphinxcontrib_designnote.diagnostics import Severity
from tests.eval.score_rules import CODES, Place, Project, reader_of
from tests.rules.cases import to_myst

TODAY = datetime.date(2026, 7, 1)
#: A release a quarter, on a Tuesday; the last two are still to come.
RELEASES = {
    f'{year % 100}.{quarter}': datetime.date(year, 3 * quarter, 10)
    for year in range(2023, 2027)
    for quarter in range(1, 5)
    if (year, quarter) >= (2023, 3)
}
_NAMES = tuple(RELEASES)
_OUT = tuple(name for name, day in RELEASES.items() if day < TODAY)
_NEXT, _LATER = (name for name in _NAMES if name not in _OUT)
SIZE = 200

_NOUNS = (
    'basket', 'coupon', 'refund', 'invoice', 'parcel', 'voucher', 'review', 'return', 'courier', 'depot', 'pallet',
    'tariff', 'quote', 'wishlist', 'address', 'mandate', 'receipt', 'payout', 'dispute', 'supplier', 'shelf', 'crate',
    'booking', 'slot', 'vehicle', 'driver', 'route', 'label', 'claim', 'contract', 'budget', 'campaign', 'banner',
    'survey', 'ticket', 'badge', 'locker', 'scanner', 'printer', 'terminal', 'rebate', 'bundle', 'recipe', 'substitute',
    'allergen', 'forecast', 'pledge', 'gift', 'sample', 'leaflet', 'bonus', 'deposit', 'fee', 'fine',
)  # fmt: skip
_SERVICES = ('orders', 'billing', 'delivery', 'warehouse')
_COLUMNS = ('channel', 'origin', 'priority', 'language', 'colour', 'weight_g')

#: Required slots, and why one of them may be empty.
_NONE = {
    'new-endpoints': 'Nothing is called that was not called before.',
    'changed-endpoints': 'What is there answers as before.',
    'breaking-changes': 'Clients notice nothing.',
    'new-entities': 'No table is added.',
    'modified-entities': 'No table is changed.',
    'migration-story': 'No data is touched.',
    'authorization': 'Nobody may do more or less than before.',
    'audit': 'What is audited stays as it is.',
    'security': 'No input is taken and nothing new is shown.',
    'feature-flags': 'A switch would outlive its use.',
    'compatibility': 'Clients notice nothing.',
    'testing': 'The tests that are there cover it.',
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A note as it stands in the repository today."""

    name: str
    text: str
    suffix: str = 'rst'


@dataclass(kw_only=True)
class History:
    """The notes, and what should be reported of them today."""

    notes: list[Written] = field(default_factory=list)
    #: File name, text of the line, code.
    due: list[tuple[str, str, str]] = field(default_factory=list)
    revision: int = 0

    def project(self) -> Project:
        """Return the notes as something that can be read."""
        conf = {
            'designnote_today': TODAY.isoformat(),
            'designnote_releases': {name: day.isoformat() for name, day in RELEASES.items()},
        }
        files = {f'{note.name}.{note.suffix}': note.text for note in self.notes}
        return Project(name='history', conf=conf, files=files, defects=())

    def expected(self) -> Counter[Place]:
        """Return what should be reported, by rules that exist."""
        files = self.project().files
        places: Counter[Place] = Counter()
        for file, text, code in self.due:
            if files[file].count(text) != 1:
                raise ValueError(f'{file}: {text!r} stands there {files[file].count(text)} times')
            if code in CODES:
                places[file, 1 + files[file].count('\n', 0, files[file].index(text)), code] += 1
        return places


def directive(name: str, argument: str = '', *parts: str, body: str = '', **options: str) -> str:
    """Return a directive in reST; *parts* stand in it."""
    lines = [f'.. {name}:: {argument}'.rstrip()]
    lines += [f'   :{key.rstrip("_").replace("_", "-")}: {value}' for key, value in options.items()]
    for block in (body, *parts):
        if block:
            lines += ['', *(f'   {line}'.rstrip() for line in block.splitlines())]
    return '\n'.join(lines)


class _Team:
    """Writes the notes, one after the other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.history = History()

    def write(
        self,
        name: str,
        title: str,
        status: str,
        release: str | None,
        service: str,
        said: dict[str, Sequence[str]],
        *,
        steps: Sequence[str] = ('Deploy the service',),
        **options: str,
    ) -> None:
        """Write a note: *said* is what stands in its slots; all others say None, if the note is one to be built."""
        written = RELEASES[release or _NEXT] - datetime.timedelta(days=self.chance.randrange(40, 80))
        head = {'id': name, 'status': status, 'owners': f'{service} team', 'created': written.isoformat()}
        if release is not None:
            head['release'] = release
        done = '[x] ' if status == 'implemented' else ''
        rollout = '\n'.join(f'{number}. {done}{step}' for number, step in enumerate(steps, 1))
        blocks = [directive('design-note', **head, service=service, **options)]
        blocks.append(
            directive('approach', body=f'{title}. Doing nothing was considered, and costs the desk an hour a day.')
        )
        whole = status not in ('rejected', 'withdrawn', 'superseded', 'draft')
        for slot, reason in _NONE.items():
            if slot in said:
                blocks += said[slot]
            elif whole:
                blocks.append(directive('no-impact', slot, body=reason))
            if slot == 'feature-flags' and whole:
                blocks.append(directive('rollout', body=rollout))
        heading = f'Design Note: {title}'
        text = '\n\n'.join([f'{heading}\n{"=" * len(heading)}', *blocks]) + '\n'
        if self.chance.random() < 0.4:
            self.history.notes.append(Written(name=name, text=to_myst(text) + '\n', suffix='md'))
        else:
            self.history.notes.append(Written(name=name, text=text))

    def due(self, name: str, text: str, code: str) -> None:
        """Say that somebody should be told today: at the line with *text*, or the directive ``endpoint GET /x``."""
        (note,) = (each for each in self.history.notes if each.name == name)
        if text.startswith('endpoint '):
            text = text.replace('endpoint ', 'endpoint:: ' if note.suffix == 'rst' else '{endpoint} ', 1)
        self.history.due.append((f'{name}.{note.suffix}', text, code))

    def migration(self, title: str, entities: str, kind: str = 'expand', down: int | None = None) -> str:
        """Return a migration that follows the latest, or the one with the number *down*."""
        before = self.history.revision if down is None else down
        self.history.revision += 1
        return directive(
            'migration', title, tool='Alembic', revision=f'{self.history.revision:04}', down_revision=f'{before:04}',
            entities=entities, kind=kind, backfill='nothing to fill in', reversible='yes', online='yes',
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What a chain of notes is about."""

    noun: str
    service: str

    @property
    def path(self) -> str:
        return f'/api/v1/{self.noun}s'

    @property
    def entity(self) -> str:
        return self.noun.capitalize()

    @property
    def flag(self) -> str:
        return f'{self.noun}_pages'

    def tests(self, *lines: str) -> str:
        return directive('test-plan', 'integration', body='\n'.join(f'- {line}' for line in lines))

    def _plan(self) -> str:
        return self.tests(
            f'Test GET {self.path} with the feature flag on and off',
            f'Test that GET {self.path} answers 403 without the clerk role',
            f'Test POST {self.path} with the feature flag on and off',
            f'Test that POST {self.path} answers 403 without the clerk role',
            'Test the migration up and down',
        )

    def introduced(self, team: _Team, release: str | None, status: str, *, remove_by: str, **options: str) -> None:
        """A table, two endpoints and a flag."""
        name = options.pop('name', f'add-{self.noun}s')
        entity, path = options.pop('entity', self.entity), self.path
        flag, owner = options.pop('flag', self.flag), options.pop('owner', f'{self.service} team')
        columns = [
            directive('field', f'{column}: uuid', change='add', nullable='no') for column in ('id', 'account_id')
        ]
        common = {'change': 'new', 'roles': 'clerk', 'flag': flag, 'uses': entity}
        answer = '{"id": "uuid"}'
        said: dict[str, Sequence[str]] = {
            'new-endpoints': [
                directive('endpoint', f'GET {path}', purpose=f'Lists {self.noun}s', response=f'[{answer}]', **common),
                directive('endpoint', f'POST {path}', purpose=f'Adds a {self.noun}', request=answer, **common),
            ],
            'new-entities': [directive('entity', entity, *columns, change='new', kind='table')],
            'migration-story': [team.migration(f'Create the table of {self.noun}s', entity)],
            'authorization': [
                directive('authorization', f'{method} {path}', roles='clerk', change='new')
                for method in ('GET', 'POST')
            ],
            'audit': [
                directive(
                    'audit-event', f'{self.noun}.added', change='new', trigger=f'POST {path} has stored it',
                    fields=f'{self.noun}_id, actor_id',
                )
            ],
            'security': [
                directive(
                    'security-consideration', f'Input of {self.noun}s', topic='input-validation',
                    applies_to=f'POST {path}', body='The id must be a UUID.',
                )
            ],
            'feature-flags': [
                directive(
                    'feature-flag', flag, change='new', default='off', owner=owner, remove_by=remove_by,
                    when_enabled='The page is shown', when_disabled='The page is hidden',
                )
            ],
            'compatibility': [directive('compatibility', 'Everything is new', mechanism='additive')],
            'testing': [self._plan()],
        }  # fmt: skip
        steps = (
            'Run the Alembic migration',
            f'Deploy the {self.service} service (feature flag off)',
            'Enable the feature flag for one shop',
            'Enable the feature flag for all shops',
        )
        team.write(name, f'Keep {self.noun}s', status, release, self.service, said, steps=steps, **options)

    def unflagged(self, team: _Team, release: str, status: str) -> None:
        """The flag goes."""
        said = {
            'feature-flags': [directive('feature-flag', self.flag, change='removed')],
            'testing': [self.tests(f'Test that GET {self.path} works with no flag configured')],
        }
        steps = (f'Remove the `{self.flag}` feature flag', f'Deploy the {self.service} service')
        team.write(
            f'always-{self.noun}s', f'Keep {self.noun}s always', status, release, self.service, said, steps=steps,
            depends_on=f'add-{self.noun}s',
        )  # fmt: skip

    def extended(
        self, team: _Team, release: str, status: str, column: str, number: int, down: int | None = None, after: str = ''
    ) -> None:
        """One more column, shown in the list; by default in a note that knows the feature's first."""
        added = directive('field', f'{column}: text', change='add', nullable='yes')
        shown = directive('field', f'{column}: string', change='add', in_='response')
        said = {
            'changed-endpoints': [
                directive('endpoint', f'GET {self.path}', shown, change='changed', purpose=f'Shows the {column}')
            ],
            'modified-entities': [directive('entity', self.entity, added, change='modified')],
            'migration-story': [team.migration(f'Add the {column}', f'{self.entity}.{column}', down=down)],
            'authorization': [directive('authorization', f'GET {self.path}', roles='clerk', change='existing')],
            'compatibility': [
                directive('compatibility', 'The field is optional', mechanism='additive', covers=f'GET {self.path}')
            ],
            'testing': [self.tests(f'Test that GET {self.path} shows the {column}', 'Test the migration up and down')],
        }
        steps = ('Run the Alembic migration', f'Deploy the {self.service} service')
        name, title = f'{self.noun}-{column.replace("_", "-")}-{number}', f'The {column} of a {self.noun}'
        after = after or f'add-{self.noun}s'
        team.write(name, title, status, release, self.service, said, steps=steps, depends_on=after)

    def renamed(self, team: _Team, first: str, second: str) -> None:
        """The account of a thing is called a customer, in two releases."""
        new = directive('field', 'customer_id: uuid', change='add', nullable='yes')
        said: dict[str, Sequence[str]] = {
            'modified-entities': [directive('entity', self.entity, new, change='modified')],
            'migration-story': [team.migration('Add the customer and copy the account', f'{self.entity}.customer_id')],
            'compatibility': [
                directive('compatibility', 'Both columns are written', mechanism='dual-write', covers=self.entity)
            ],
            'testing': [self.tests('Test the migration up and down')],
        }
        steps = ('Run the Alembic migration', f'Deploy the {self.service} service, which writes both')
        name = f'{self.noun}-customer'
        title = f'Customers of {self.noun}s'
        after = f'add-{self.noun}s'
        team.write(f'{name}-expand', title, 'implemented', first, self.service, said, steps=steps, depends_on=after)
        gone = directive('field', 'account_id: uuid', change='drop')
        said = {
            'breaking-changes': [
                directive(
                    'breaking-change', 'Reports lose the old column', affects=f'{self.entity}.account_id',
                    clients='Reporting', mitigation='Reports read the new column since spring',
                )
            ],
            'modified-entities': [directive('entity', self.entity, gone, change='modified')],
            'migration-story': [team.migration('Drop the account', f'{self.entity}.account_id', kind='contract')],
            'compatibility': [
                directive('compatibility', 'Reports were moved before', covers='Reports lose the old column')
            ],
            'testing': [self.tests('Test the migration up and down')],
        }  # fmt: skip
        steps = (
            f'Deploy the {self.service} service, which reads the new column',
            'Run the Alembic migration, which drops the old column',
        )
        title = f'{self.entity} without accounts'
        after = f'{name}-expand'
        team.write(f'{name}-contract', title, 'implemented', second, self.service, said, steps=steps, depends_on=after)

    def deprecated(self, team: _Team, release: str, sunset: str) -> None:
        """The list is to go."""
        said = {
            'changed-endpoints': [
                directive('endpoint', f'GET {self.path}', change='deprecated', deprecated_in=release, sunset=sunset)
            ],
            'compatibility': [
                directive(
                    'compatibility', 'The list answers until its sunset', mechanism='deprecation',
                    covers=f'GET {self.path}',
                )
            ],
            'testing': [self.tests(f'Test that GET {self.path} carries a Deprecation header')],
        }  # fmt: skip
        title = f'The list of {self.noun}s is to go'
        after = f'add-{self.noun}s'
        team.write(f'old-{self.noun}s', title, 'implemented', release, self.service, said, depends_on=after)

    def removed(self, team: _Team, release: str, status: str) -> None:
        """The list goes."""
        said = {
            'changed-endpoints': [directive('endpoint', f'GET {self.path}', change='removed')],
            'breaking-changes': [
                directive(
                    'breaking-change', f'The list of {self.noun}s is gone', affects=f'GET {self.path}', clients='Shops',
                    mitigation='Shops have moved to the search',
                )
            ],
            'compatibility': [
                directive(
                    'compatibility', 'Callers get 410', mechanism='graceful-degradation',
                    covers=f'The list of {self.noun}s is gone',
                )
            ],
            'testing': [self.tests(f'Test that GET {self.path} answers 410')],
        }  # fmt: skip
        steps = (f'Remove GET {self.path} from the {self.service} service',)
        title = f'{self.entity}s are no longer listed'
        after = f'old-{self.noun}s'
        team.write(f'no-{self.noun}s', title, status, release, self.service, said, steps=steps, depends_on=after)

    def back(self, team: _Team, release: str) -> None:
        """The list that was removed comes back."""
        said = {
            'new-endpoints': [
                directive(
                    'endpoint', f'GET {self.path}', change='new', purpose=f'Lists {self.noun}s again', roles='clerk',
                    response='[{"id": "uuid"}]', uses=self.entity,
                )
            ],
            'authorization': [directive('authorization', f'GET {self.path}', roles='clerk', change='new')],
            'compatibility': [directive('compatibility', 'Everything is new', mechanism='additive')],
            'testing': [
                self.tests(f'Test GET {self.path}', f'Test that GET {self.path} answers 403 without the clerk role')
            ],
        }  # fmt: skip
        title = f'List {self.noun}s again'
        team.write(
            f'list-{self.noun}s', title, 'implemented', release, self.service, said, depends_on=f'no-{self.noun}s'
        )

    def dead(self, team: _Team, name: str, status: str, **options: str) -> None:
        """Somebody wanted the same in another way."""
        said = {
            'new-endpoints': [
                directive('endpoint', f'GET {self.path}', change='new', auth='anybody'),
                directive('endpoint', f'DELETE {self.path}', change='new'),
            ],
            'new-entities': [
                directive('entity', self.entity, directive('field', 'id: integer', change='add'), change='new')
            ],
            'feature-flags': [directive('feature-flag', self.flag, change='new', default='on', remove_by='2024-01-31')],
        }
        team.write(name, f'{self.entity}s in a spreadsheet', status, None, self.service, said, **options)


def history(seed: int = 1) -> History:
    """Return the whole history; the same for the same *seed*."""
    team = _Team(seed)
    chance = team.chance
    features = [Feature(noun=noun, service=chance.choice(_SERVICES)) for noun in _NOUNS]
    old, fresh = features[:44], features[44:]
    begun = {feature.noun: index * 7 // len(old) for index, feature in enumerate(old)}
    for feature in old:
        start = begun[feature.noun]
        until = (RELEASES[_OUT[start]] + datetime.timedelta(days=400)).isoformat()
        extra = {}
        if old.index(feature) % 8 == 3:
            feature.dead(team, f'{feature.noun}s-by-mail', 'superseded', superseded_by=f'add-{feature.noun}s')
            extra = {'supersedes': f'{feature.noun}s-by-mail'}
        feature.introduced(team, _OUT[start], 'implemented', remove_by=until, **extra)
    _flags(team, old, begun)
    _changes(team, old, begun)
    _dead(team, features)
    _open(team, old, fresh)
    number = 0
    while len(team.history.notes) < SIZE:
        number += 1
        feature = chance.choice(old[6:24])
        column = f'{chance.choice(_COLUMNS)}_{number}'
        feature.extended(team, chance.choice(_OUT[begun[feature.noun] + 1 : -1]), 'implemented', column, number)
    return team.history


def _flags(team: _Team, old: Sequence[Feature], begun: dict[str, int]) -> None:
    """Most flags have gone in time, some late; two are overdue, one of them with a note that nobody has built."""
    for index, feature in enumerate(old):
        if index < 2:
            team.due(f'add-{feature.noun}s', ':remove-by:', 'DN604')
        elif begun[feature.noun] < 5:
            late = 5 if index % 7 == 0 else 2
            feature.unflagged(team, _OUT[min(begun[feature.noun] + late, len(_OUT) - 1)], 'implemented')
        # What was introduced in the last year may keep its flag: that is due in autumn.
        elif (RELEASES[_OUT[begun[feature.noun]]] + datetime.timedelta(days=400)) < TODAY:
            feature.unflagged(team, _OUT[-1], 'implemented')


def _changes(team: _Team, old: Sequence[Feature], begun: dict[str, int]) -> None:
    """Deprecations that were kept, one that is still to come, one that is planned, two that are overdue."""
    for index, feature in enumerate(old[24:38]):
        start = begun[feature.noun]
        release = _OUT[min(start + 3, len(_OUT) - 4)]
        day = RELEASES[release] + datetime.timedelta(days=120)
        if index < 8:
            feature.deprecated(team, release, day.isoformat())
            out = next(name for name in _OUT if RELEASES[name] > day)
            feature.removed(team, out, 'implemented')
            if index == 3:
                feature.back(team, _OUT[-1])
        elif index == 8:
            feature.deprecated(team, _OUT[-2], '2026-08-31')
        elif index == 9:
            feature.deprecated(team, _OUT[-3], '2026-06-20')
            feature.removed(team, _NEXT, 'accepted')
        elif index < 12:
            feature.deprecated(team, release, day.isoformat())
            team.due(f'old-{feature.noun}s', ':sunset:', 'DN310')
    for feature in old[2:6]:
        feature.renamed(team, _OUT[begun[feature.noun] + 2], _OUT[begun[feature.noun] + 4])


def _dead(team: _Team, features: Sequence[Feature]) -> None:
    for index, feature in enumerate(features[::4]):
        feature.dead(team, f'{feature.noun}s-on-paper', 'withdrawn' if index % 3 == 0 else 'rejected')


def _open(team: _Team, old: Sequence[Feature], fresh: Sequence[Feature]) -> None:
    """What is being built now; three pairs get into one another's way."""
    soon = '2027-06-30'
    for index, feature in enumerate(fresh[:6]):
        status = ('accepted', 'in-review', 'accepted')[index % 3]
        feature.introduced(team, _NEXT, status, remove_by=soon)
    for feature in fresh[6:8]:
        said = {
            'new-endpoints': [directive('endpoint', f'POST {feature.path}', change='new')],
            'feature-flags': [directive('feature-flag', feature.flag, change='new', default='off')],
        }
        team.write(f'maybe-{feature.noun}s', f'Perhaps {feature.noun}s', 'draft', None, feature.service, said)
    for index, feature in enumerate(old[12:16]):
        feature.extended(team, _LATER, ('in-review', 'accepted')[index % 2], 'batch', index)
    # Two teams introduce the same endpoints.
    one = fresh[8]
    one.introduced(team, _NEXT, 'accepted', remove_by=soon)
    one.introduced(
        team, _LATER, 'in-review', remove_by=soon, name=f'shop-{one.noun}s', entity=f'Shop{one.noun}',
        flag=f'shop_{one.noun}_pages',
    )  # fmt: skip
    for method in ('GET', 'POST'):
        team.due(f'shop-{one.noun}s', f'endpoint {method} {one.path}\n', 'DN801')
    # Two migrations of one database follow the same one.
    first = old[16]
    second = next(feature for feature in old[17:] if feature.service == first.service)
    last = team.history.revision
    first.extended(team, _NEXT, 'accepted', 'shade', 1)
    second.extended(team, _LATER, 'in-review', 'shade', 2, down=last)
    team.due(f'{second.noun}-shade-2', ':down-revision:', 'DN806')
    # A note builds on one that is not built yet, and does not say so.
    fresh[0].extended(team, _NEXT, 'in-review', 'shade', 3, after=f'add-{old[0].noun}s')
    team.due(f'{fresh[0].noun}-shade-3', 'depends-on:', 'DN804')
    # A note changes a list that is gone.
    gone = old[24]
    gone.extended(team, _LATER, 'in-review', 'shade', 4)
    team.due(f'{gone.noun}-shade-4', f'endpoint GET {gone.path}\n', 'DN805')


def reported(past: History) -> tuple[Counter[Place], Counter[Place]]:
    """Return what is reported above info though nobody need act on it, and what should be reported and is not."""
    with reader_of(past.project()) as reader:
        given = Counter(
            (found.location.path, found.location.line, found.code)
            for found in reader.run(())
            if found.severity is not Severity.INFO and found.suppressed is None
        )
    wanted = past.expected()
    return given - wanted, wanted - given


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the notes and compare, or write them."""
    parser = argparse.ArgumentParser(description='Three years of notes, and what should be reported of them today.')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--write', type=Path, metavar='DIR', help='write the notes into a new folder, and do no more')
    options = parser.parse_args(arguments)
    past = history(options.seed)
    if options.write is not None:
        options.write.mkdir(parents=True)
        for name, text in past.project().files.items():
            (options.write / name).write_text(text, 'utf-8')
        return 0
    noise, missed = reported(past)
    print(f'{len(past.notes)} notes, {past.expected().total()} things to act on')
    for title, places in (('noise', noise), ('missed', missed)):
        print(f'\n{title}: {places.total() or "none"}')
        for file, line, code in sorted(places.elements()):
            print(f'  {file}:{line}: {code}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
