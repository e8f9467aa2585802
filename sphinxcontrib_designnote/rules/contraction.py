"""DN405: is what is old dropped only when what is new is in use?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import Carrier, Migrations, column_name
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.losses import Loss, comes_later, is_contracting, losses
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment, step_texts
from sphinxcontrib_designnote.rules.subjects import noun, short, subject_id
from sphinxcontrib_designnote.rules.words import says, words

_REPLACES = re.compile(
    r'\b(?:replac\w{1,5}|instead of|in place of|supersed\w{1,3}|successor|takes over|formerly|previously'
    r'|(?:moved?|moves|copied|split|merged|renamed) (?:to|into|from|by))\b',
    re.IGNORECASE,
)


@rule('DN405', 'contract-before-expand', Severity.ERROR, Scope.NOTE)
def contract_before_expand(view: NoteView) -> Iterator[Report]:
    """Something old is dropped before what replaces it is in use.

    **Why.** From that step until the next deployment every query of the old column fails; with both in one migration
    there is no order of deployments that works.

    **Example.** ::

        1. Run the migration that drops `owner`
        2. Deploy backend, which reads `owner_id`

    **Use instead.** Plain::

        1. Run the migration that adds `owner_id`
        2. Deploy backend, which reads `owner_id`
        3. Run the migration that drops `owner`

    Directive::

        .. rollout-step:: Drop the old owner
           :runs: Drop owner
           :after: Deploy backend

    **Limits.** In use means: added, and a server deployed, by the order of the rollout. What replaces what is told by
    ``renamed-from``, by words ("replaces `owner`"), and by migrations of the same table of kind ``expand`` and
    ``contract``. Both at once is one migration or one step for both; without a rollout, the same ``release`` stated on
    both migrations. Where several steps may carry something, the reading under which nothing is wrong counts. Nothing
    is said of what the note calls unused, or drops later by its words, unless a step says where. A rename is DN403's.
    """
    drops = [loss for loss in view.once(losses) if loss.verb == 'drops' and loss.carriers and not loss.is_unused]
    if not drops:
        return
    order = _Order(view, drops)
    reported: set[int] = set()
    for loss in drops:
        if id(loss.carriers[0]) not in reported and (mistake := order.mistake(loss)) is not None:
            reported.add(id(loss.carriers[0]))
            yield mistake


class _Order:
    """In which order a note drops things and brings what replaces them."""

    def __init__(self, view: NoteView, drops: Sequence[Loss]) -> None:
        """Take *drops*: what is dropped, and was in use until then."""
        self._view = view
        self._migrations = view.once(Migrations)
        self._drops = drops
        #: Identity of a list of carriers, which many drops share, to its last step.
        self._ends: dict[int, Item | None] = {}
        #: Id of what is dropped to what comes for it, with the carriers of that.
        self._successors: dict[str, list[tuple[Item, list[Carrier]]]] = {}
        #: Id of an entity to the migrations that expand it.
        self._expanding: dict[str, list[tuple[Item, list[Carrier]]]] = {}
        self._find_successors()
        self._find_expanding()
        steps = sorted((step for step in view.of('rollout-step')), key=self._position)
        self._deployments = [step for step in steps if is_deployment(step) and not is_client(step)]

    def _position(self, step: Item) -> int:
        return self._migrations.position[step.id]

    def _id(self, item: Item) -> str:
        return subject_id(self._view.graph, item)

    def _find_successors(self) -> None:
        """Let what is added replace what it is renamed from, and what its own words or the old one's say."""
        new: list[tuple[Item, list[Carrier]]] = []
        for change in self._migrations.changes:
            if change.change == 'new':
                new.append((change.entity, self._migrations.of_entity(change)))
            added = [column for column in change.columns if change.exists and self._view.change(column) == 'add']
            new += [(column, self._migrations.of_column(column, change)) for column in added]
        by_name: dict[str, list[tuple[Item, list[Carrier]]]] = {}
        for each in new:
            by_name.setdefault(_name(each[0]), []).append(each)
        old: dict[str, list[Item]] = {}
        for loss in self._drops:
            old.setdefault(_name(loss.item), []).append(loss.item)
            for word in _replaced_in(loss.item):
                self._successors.setdefault(loss.item.id, []).extend(by_name.get(word, ()))
        for each in new:
            for word in {*_replaced_in(each[0]), (each[0].text('renamed_from') or '').casefold()}:
                for item in old.get(word, ()):
                    if item.parent == each[0].parent or 'entity' in (item.kind, each[0].kind):
                        self._successors.setdefault(item.id, []).append(each)

    def _find_expanding(self) -> None:
        changes = self._migrations.changes
        owner = {self._id(part): self._id(c.entity) for c in changes for part in (c.entity, *c.columns)}
        for carrier in self._migrations.carriers:
            if carrier.migration is not None and carrier.migration.text('kind') == 'expand':
                for entity in {owner[id_] for id_ in carrier.named if id_ in owner}:
                    self._expanding.setdefault(entity, []).append((carrier.migration, [carrier]))

    def mistake(self, loss: Loss) -> Report | None:
        """Return what is wrong with the order in which *loss* happens, if anything is."""
        at = self._last(loss.carriers)
        if loss.is_later and not _is_told(loss.item, at):
            return None
        drops = f'drops {short(loss.item.key, 60)}'
        for new, carriers in self._replacing(loss):
            name = quote(new.title) if new.kind == 'migration' else short(new.key, 60)
            if not loss.is_later and self._at_once(loss.carriers, carriers):
                fix = 'drop it in a migration of its own, when the new one is in use'
                return _report(loss, at, f'{drops} together with bringing {name}, which replaces it; {fix}', new)
            first = self._first(carriers)
            if at is not None and first is not None and self._position(at) < self._position(first):
                where = f'before {quote(first.title)}, which brings {name} for it'
                return _report(loss, at, f'{drops} {where}; move it below', first)
        if at is not None and self._deployments and self._position(at) < self._position(self._deployments[0]):
            where = f'before {quote(self._deployments[0].title)}, and code that runs until then uses it'
            return _report(loss, at, f'{drops} {where}; move it below', self._deployments[0])
        return None

    def _replacing(self, loss: Loss) -> Iterator[tuple[Item, list[Carrier]]]:
        yield from self._successors.get(loss.item.id, ())
        entity = loss.item if loss.item.kind == 'entity' else self._view.parent(loss.item)
        if entity is not None and is_contracting(loss.carriers[0]):
            yield from self._expanding.get(self._id(entity), ())

    def _at_once(self, old: list[Carrier], new: list[Carrier]) -> bool:
        """Whether one migration or step, and no other, does both; or two migrations of one release, and no step."""
        if len(old) != 1 or len(new) != 1:
            return False
        drop, bring = old[0], new[0]
        if drop is bring:
            return len(drop.steps) < 2
        if drop.steps or bring.steps:
            return len(drop.steps) == 1 and drop.steps == bring.steps
        first, second = drop.migration, bring.migration
        if first is None or second is None or not ('release' in first.lines and 'release' in second.lines):
            return False
        return first.release == second.release

    def _last(self, carriers: list[Carrier]) -> Item | None:
        if id(carriers) not in self._ends:
            steps = (step for carrier in carriers for step in carrier.steps)
            self._ends[id(carriers)] = max(steps, key=self._position, default=None)
        return self._ends[id(carriers)]

    def _first(self, carriers: list[Carrier]) -> Item | None:
        steps = (step for carrier in carriers for step in carrier.steps if step.text('action') != 'backfill')
        return min(steps, key=self._position, default=None)


def _report(loss: Loss, at: Item | None, what: str, other: Item) -> Report:
    about = at or loss.carriers[0].migration or loss.item
    return Report(message=f'{noun(about)} {what}', about=about, related=(loss.item.location, other.location))


def _is_told(item: Item, at: Item | None) -> bool:
    """Whether the step *at* itself says that it drops *item*, whatever else is said of when that happens."""
    texts = list(step_texts(at)) if at is not None else []
    return _name(item) in words(texts) and not comes_later(item.body, *texts)


def _name(item: Item) -> str:
    return (column_name(item) if item.kind == 'field' else item.key).casefold()


def _replaced_in(item: Item) -> frozenset[str]:
    """Return the folded words of what *item* says of itself, where it speaks of replacing."""
    return words((item.body,)) if says(_REPLACES, item.body) else frozenset()


RULES = (contract_before_expand,)
