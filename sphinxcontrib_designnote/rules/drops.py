"""DN403 and DN404: what becomes of code and of values when something is renamed, narrowed or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import Carrier, Migrations, Some, by_word, column_name
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.losses import Loss, is_contracting, losses
from sphinxcontrib_designnote.rules.steps import step_texts
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, subject_id
from sphinxcontrib_designnote.rules.words import SAID, affirms, denies, sentences_with, words

#: Words of a rename that is not done at one blow, or while nobody looks...
_STAGED = re.compile(
    r'\b(?:views?|synonyms?|alias(?:es)?|triggers?|dual[- ]?writ\w+|writ\w+ both|both (?:columns|names|tables)'
    r'|old (?:column|name|table)|expand\w*|two (?:releases|steps|phases)'
    r'|(?:next|later) release|release later'
    r'|maintenance (?:window|mode)|offline|(?:with|during|short|brief|planned) downtime'
    r'|(?:service|services|writers|workers|everything) (?:is|are) stopped)\b',
    re.IGNORECASE,
)
#: ... and those which do so beside one of the names.
_COPIED = re.compile(r'\b(?:cop(?:y|ies|ied)|back-?fill\w*)\b', re.IGNORECASE)
#: What an entity says of itself: "renamed to `x`", or "to `x`" behind "Rename table `y`".
_NEW_NAME = re.compile(
    r'^\W{0,5}(?:(?:is |gets )?rename[sd]?(?: (?:the|this|whole|table|entity|collection)){0,3} (?:to|into|from) `?\w'
    r'|to `\w+`\W{0,5}$)',
    re.IGNORECASE | re.MULTILINE,
)
#: What a migration or step says of a table.
_RENAMES_TABLE = re.compile(
    r'\brenam\w{1,4}(?: the| existing| old)? (?:`?(?P<before>\w{1,100})`? )?(?:table|entity|collection)\b'
    r'(?: `?(?P<behind>\w{1,100}))?',
    re.IGNORECASE,
)
#: The values can be had back.
_WAY_BACK = re.compile(
    r'\b(?:roll(?:ed|s|ing)?[ -]?back|back(?:ed|s|ing)?[ -]?up|backups?|downgrad\w{1,3}|down migration|snapshots?|dump'
    r'|up and down|archiv\w{1,4}|restor\w{1,4}|reversible|cop(?:y|ies|ied)|(?:be|is) (?:undone|reversed))\b',
    re.IGNORECASE,
)
_DROPS = frozenset({'drop', 'drops', 'dropped', 'delete', 'deletes', 'deleted'})


@rule('DN403', 'rename-in-place', Severity.WARNING, Scope.ITEM, by_note=True)
def rename_in_place(view: NoteView) -> Iterator[Report]:
    """A column or a table that exists is renamed in one step.

    **Why.** While a release rolls out, old code and new run side by side, and there is no moment at which both names
    are there. Whichever meets the other's name fails.

    **Example.** ::

        **Deployment table:**
        - Rename `owner` to `owner_id`

    **Use instead.** Add, copy, and drop in a later release. Plain::

        **Deployment table:**
        - Add `owner_id: uuid` (nullable), backfilled from `owner`

    Directive::

        .. entity:: Deployment
           :change: modified

           .. field:: owner_id: uuid
              :change: add
              :renamed-from: owner

    **Limits.** Silent where the note shows that the two names overlap or that nobody looks: more than one migration, or
    an expanding one, carries the column; the words of the column, its migration or steps speak of a view, a trigger,
    both names, a later release, a maintenance window, or of copying or backfilling one of the names; or a compatibility
    statement of the mechanism ``dual-write``, or a ``shim`` that covers the table. Fields of requests and events are no
    columns.
    """
    migrations = view.once(Migrations)
    renaming = by_word(migrations.carriers, _tables_renamed)
    for change in migrations.of_existing():
        entity, carriers = change.entity, migrations.of_entity(change)
        own = [name.casefold() for name in (entity.key, entity.text('table')) if name]
        told = _NEW_NAME.search(entity.body) or any(renaming[name].any_in(carriers) for name in own if name in renaming)
        columns = list(filter(_is_renamed, change.columns))
        if not (told or columns) or (names := view.once(_Names)).are_bridged(entity):
            continue
        if told and not names.overlap(entity, own, carriers):
            yield _renamed(entity, f'{noun(entity)} gets a new name')
        for column in columns:
            old = column.text('renamed_from')
            both = [name.casefold() for name in (column_name(column), old) if name]
            if not names.overlap(column, both, migrations.of_column(column, change) or migrations.carriers):
                yield _renamed(column, f'{noun(column)} is renamed' + (f' from {short(old)}' if old else ''))


def _is_renamed(column: Item) -> bool:
    return column.change == 'rename' or (column.change in (None, 'modify') and bool(column.text('renamed_from')))


def _renamed(item: Item, what: str) -> Report:
    fix = 'add the new name and copy, and drop the old one in a later release'
    return Report(message=f'{what} in one step, and code that runs knows only one of the names; {fix}', about=item)


class _Names:
    """Whether there is a time at which an old and a new name both work, or nobody uses either."""

    def __init__(self, view: NoteView) -> None:
        self._view = view
        carriers = view.once(Migrations).carriers
        self._staged = Some(c for c in carriers if _is_phased(c) or affirms(_STAGED, *c.texts))
        self._migrations = Some(c for c in carriers if c.migration is not None)
        self._copied = by_word(carriers, _words_copied)
        self._bridged = self._find_bridged()

    def overlap(self, item: Item, names: list[str], carriers: list[Carrier]) -> bool:
        """Whether *item* or its *carriers* say so of its old and new *names*."""
        if affirms(_STAGED, item.body) or affirms(_COPIED, item.body):
            return True
        is_copied = any(self._copied[name].any_in(carriers) for name in names if name in self._copied)
        return is_copied or self._staged.any_in(carriers) or self._migrations.count_in(carriers) > 1

    def are_bridged(self, entity: Item) -> bool:
        """Whether a compatibility statement says so of *entity*, or of everything."""
        return '' in self._bridged or subject_id(self._view.graph, entity) in self._bridged

    def _find_bridged(self) -> frozenset[str]:
        view, found = self._view, set[str]()
        for item in view.of('compatibility'):
            if item.text('mechanism') == 'dual-write':
                found.add('')
            elif item.text('mechanism') == 'shim':
                covered = view.targets(item, 'covers')
                covered += [affected for target in covered for affected in view.targets(target, 'affects')]
                owners = [owner for each in covered if (owner := view.parent(each)) is not None]
                found.update(subject_id(view.graph, each) for each in (*covered, *owners))
        return frozenset(found)


def _is_phased(carrier: Carrier) -> bool:
    return carrier.migration is not None and carrier.migration.text('kind') in ('expand', 'contract')


def _tables_renamed(carrier: Carrier) -> frozenset[str]:
    """Return the folded names of what the words of *carrier* give another name."""
    texts = (text[:SAID] for text in carrier.texts if 'renam' in text.casefold())
    matches = (match for text in texts for match in _RENAMES_TABLE.finditer(text))
    return frozenset(name.casefold() for match in matches for name in match.group('before', 'behind') if name)


def _words_copied(carrier: Carrier) -> frozenset[str]:
    """Return the folded words of the sentences in which *carrier* copies or backfills."""
    return words(s for s in sentences_with(_COPIED, carrier.texts) if affirms(_COPIED, s))


@rule('DN404', 'destructive-without-rollback', Severity.WARNING, Scope.NOTE)
def destructive_without_rollback(view: NoteView) -> Iterator[Report]:
    """A migration drops or narrows something, and nobody says how to get it back.

    **Why.** Of all steps of a rollout this is the one that redeploying the previous release does not undo.

    **Example.** ::

        .. migration:: Drop the old owner
           :entities: Deployment.owner

    **Use instead.** Plain, under "Migration Story"::

        Alembic migration drops `owner`. The downgrade adds it and fills it from `owner_id`.

    Directive::

        .. migration:: Drop the old owner
           :entities: Deployment.owner
           :reversible: yes

    **Limits.** A removed table, a dropped column, and a changed one that the note calls narrowed or shortened, or gives
    a smaller size than before (``from varchar(255)``). ``reversible: yes``, a ``rollback`` of a step that runs the
    migration, any word in either of backup, rollback, downgrade, restoring, archiving or copying, and a step of its own
    that makes a backup will do; what the note calls unused is no loss. One finding for each migration; where none
    carries it out, DN401 speaks.
    """
    if not view.once(losses):
        return
    if any(affirms(_WAY_BACK, *step_texts(step)) for step in view.of('rollout-step') if not step.says('action')):
        return
    unsafe = Some(carrier for carrier in view.once(Migrations).carriers if not _is_safe(carrier))
    chosen: dict[int, Carrier] = {}
    lost: dict[int, tuple[Carrier, list[Loss]]] = {}
    for loss in view.once(losses):
        is_unsafe = loss.carriers and not loss.is_unused and unsafe.all_in(loss.carriers)
        if is_unsafe and not affirms(_WAY_BACK, loss.item.body):
            if id(loss.carriers) not in chosen:
                chosen[id(loss.carriers)] = max(loss.carriers, key=_drops_by_its_words)
            carrier = chosen[id(loss.carriers)]
            lost.setdefault(id(carrier), (carrier, []))[1].append(loss)
    for carrier, found in lost.values():
        about = carrier.migration or carrier.steps[0]
        verbs = ' and '.join(dict.fromkeys(loss.verb for loss in found))
        what = f'{verbs} {listed([short(loss.item.key, 60) for loss in found])}'
        fix = "add ':reversible: yes', or say how it is rolled back or what is backed up"
        related = tuple(loss.item.location for loss in found[:10])
        yield Report(message=f'{noun(about)} {what} and has no way back; {fix}', about=about, related=related)


def _drops_by_its_words(carrier: Carrier) -> tuple[bool, bool]:
    return is_contracting(carrier), not _DROPS.isdisjoint(carrier.words)


def _is_safe(carrier: Carrier) -> bool:
    migration = carrier.migration
    if migration is not None and (migration.flag('reversible') or migration.incomplete):
        return True
    rollbacks = (text for step in carrier.steps if (text := step.text('rollback')))
    return not all(map(denies, rollbacks)) or affirms(_WAY_BACK, *carrier.texts)


RULES = (rename_in_place, destructive_without_rollback)
