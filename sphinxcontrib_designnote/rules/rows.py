"""DN402 and DN406: does what stands in a table already fit its new shape?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import Carrier, EntityChange, Migrations, Some, by_word, column_name
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.steps import step_texts
from sphinxcontrib_designnote.rules.subjects import noun, short
from sphinxcontrib_designnote.rules.words import affirms, denies, says, sentences_with, words

_FILLS = re.compile(
    r'\b(?:back-?fill\w*|populat\w+|fill(?:s|ed|ing)?|data migration|cop(?:y|ies|ied)'
    r'|(?:existing|old|all|every) \w+ (?:get|gets|are|become|becomes|receive|receives|keep|keeps|remain)'
    r'|updates? (?:the |all |existing ){0,3}rows)\b',
    re.IGNORECASE,
)
#: Behind the word: "backfill is not required".
_NEEDLESS = re.compile(r'\b(?:not|never|un)[ -]?(?:needed|required|necessary|planned)', re.IGNORECASE)
#: A type of which the database makes the values.
_GENERATED = re.compile(r'serial|identity|auto_?increment|generated|computed', re.IGNORECASE)
#: Somebody looks first whether the values fit.
_CHECKED = re.compile(
    r'\b(?:de-?dup\w*|duplicates?|orphan\w*|clean\w*|valid|validat\w+|verif\w+|violat\w+|checked|already|empty'
    r'|check (?:that|for|whether|if)|no (?:nulls?|rows?)|delet\w+|merge[sd]?)\b',
    re.IGNORECASE,
)
_NOT_NULL = re.compile(r'\b(?:not[ -]null(?:able)?|non-?null(?:able)?|mandatory|required)\b', re.IGNORECASE)


def says_fills(*texts: str) -> bool:
    """Whether *texts* say that rows which exist get their values, and not that this is not needed."""
    said = sentences_with(_FILLS, texts)
    return any(affirms(_FILLS, sentence) and not _NEEDLESS.search(sentence) for sentence in said)


def fills(carrier: Carrier) -> bool:
    """Whether *carrier* gives values to rows that exist."""
    migration = carrier.migration
    if any(step.text('action') == 'backfill' for step in carrier.steps):
        return True
    if migration is not None:
        told = migration.text('backfill') or 'none'
        if migration.text('kind') in ('backfill', 'data') or not (denies(told) or _NEEDLESS.search(told)):
            return True
    return says_fills(*carrier.texts)


@rule('DN402', 'not-null-without-default', Severity.ERROR, Scope.NOTE)
def not_null_without_default(view: NoteView) -> Iterator[Report]:
    """A column that may not be null is added to a table that exists, without a default and without a backfill.

    **Why.** The rows that are there have no value for it. The database refuses the migration, on the first system that
    has data: usually production.

    **Example.** ::

        **Deployment table:**
        - Add `region: text` (not null)

    **Use instead.** Plain::

        **Deployment table:**
        - Add `region: text` (not null, default: eu)

    Directive, with a backfill instead::

        .. migration:: Add region
           :entities: Deployment.region
           :backfill: from the region of the cluster, before the column becomes not null

    **Limits.** Only where the column says that it may not be null. A default that the migration speaks of counts, and
    so does a migration or step that fills, copies or backfills; values that the database makes (serial, identity,
    generated) need none. Whether a table is empty is not asked: silence the rule and say so.
    """
    migrations = view.once(Migrations)
    for change in migrations.of_existing():
        for column in change.columns:
            if view.change(column) != 'add' or column.flag('nullable') is not False or column.incomplete:
                continue
            said = f'{column.text("type") or ""} {column.body}'
            if column.says('default') or 'default' in said.casefold() or _GENERATED.search(said) or says_fills(said):
                continue
            if not view.once(_answered).any_in(migrations.of_column(column, change)):
                fix = "add ':default:' or a backfill"
                message = f'{noun(column)} is not null, and rows that exist have no value for it; {fix}'
                yield Report(message=message, about=column)


def _answered(view: NoteView) -> Some:
    """Return the carriers that say what rows which exist have for a value."""
    carriers = view.once(Migrations).carriers
    return Some(c for c in carriers if fills(c) or any(word.startswith('default') for word in c.words))


@rule('DN406', 'constraint-without-backfill', Severity.WARNING, Scope.NOTE)
def constraint_without_backfill(view: NoteView) -> Iterator[Report]:
    """A constraint is put on values that are there already, and nobody says that they meet it.

    **Why.** One duplicate, one orphan, one null in ten million rows stops the migration half way through a rollout.

    **Example.** ::

        **Users table:**
        - Unique constraint on `email`

    **Use instead.** Plain, under "Migration Story"::

        Before the unique constraint on `email` is added, accounts with duplicate addresses are merged.

    Directive::

        .. migration:: Add the unique constraint on email
           :entities: User
           :backfill: accounts with one address are merged into the oldest

    **Limits.** Unique, foreign key and check constraints, and columns that become not null. A column that this note
    adds holds values only where it has a default, and then a check is taken to allow it. A changed column that states
    a type *and* not null may only repeat how it was: it counts where its words or its migration's say "not null". Any
    word of checking, cleaning up, validating or filling in, of the migration, its steps or a step that verifies what
    is constrained, will do. Where no migration mentions the constraint, DN410 or DN401 speaks.
    """
    migrations = view.once(Migrations)
    for change in migrations.of_existing():
        for part, carriers, what in _put_on_values(view, migrations, change):
            if not carriers or view.once(_met).any_in(carriers):
                continue
            names = part.names('columns') if part.kind == 'constraint' else (column_name(part),)
            if any(name.casefold() in view.once(_words_of_checks) for name in names):
                continue
            if not says_fills(part.body) and not says(_CHECKED, part.body):
                fix = 'say in the migration how the rows come to meet it'
                message = f'{what}, and no backfill or check is stated; {fix}'
                places = tuple((carrier.migration or carrier.steps[0]).location for carrier in carriers[:3])
                yield Report(message=message, about=part, related=places)


def _met(view: NoteView) -> Some:
    """Return the carriers that say how rows which exist come to meet a constraint."""
    return Some(c for c in view.once(Migrations).carriers if fills(c) or says(_CHECKED, *c.texts))


def _put_on_values(
    view: NoteView, migrations: Migrations, change: EntityChange
) -> Iterator[tuple[Item, list[Carrier], str]]:
    """Yield each constraint on values that are there, and each column that becomes not null: carriers, and in words."""
    added = {column_name(c).casefold(): c for c in change.columns if view.change(c) == 'add'}
    for constraint in change.constraints:
        if _meets_values(constraint, added):
            name = constraint.key.removeprefix(change.entity.key).strip() or constraint.key
            what = f'{short(name)} of {short(change.entity.key)} is put on values that exist'
            yield constraint, migrations.of_constraint(constraint, change), what
    for column in change.columns:
        if view.change(column) == 'modify' and column.flag('nullable') is False:
            carriers = migrations.of_column(column, change)
            told = view.once(_becoming).get(column_name(column).casefold())
            is_told = _NOT_NULL.search(column.body) or (told is not None and told.any_in(carriers))
            if is_told or not column.says('type'):
                yield column, carriers, f'{noun(column)} becomes not null'


def _meets_values(constraint: Item, added: Mapping[str, Item]) -> bool:
    """Whether the columns of *constraint* hold values when it comes; *added* are those that come with it."""
    kind, columns = constraint.text('kind'), [name.casefold() for name in constraint.names('columns')]
    new = [added[name] for name in columns if name in added]
    if kind not in ('unique', 'foreign-key', 'check') or not columns or (kind == 'check' and new):
        return False
    return all((column.text('default') or 'null').casefold() not in ('null', 'none') for column in new)


def _becoming(view: NoteView) -> Mapping[str, Some]:
    """Return the words of which carriers say "not null"."""
    return by_word(view.once(Migrations).carriers, _said_not_null)


def _said_not_null(carrier: Carrier) -> frozenset[str]:
    """Return the folded words of the sentences in which *carrier* says "not null"."""
    return words(sentences_with(_NOT_NULL, carrier.texts))


def _words_of_checks(view: NoteView) -> frozenset[str]:
    """Return the folded words of the steps that verify something or fill it in."""
    steps = (step for step in view.of('rollout-step') if step.text('action') in ('verify', 'backfill'))
    return words(text for step in steps for text in step_texts(step))


RULES = (not_null_without_default, constraint_without_backfill)
