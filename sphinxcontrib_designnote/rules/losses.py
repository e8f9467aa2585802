"""What a note drops or narrows, and what carries that out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.coverage import Carrier, Migrations, Some, by_word, column_name
from sphinxcontrib_designnote.rules.definition import NoteView
from sphinxcontrib_designnote.rules.words import SAID, says, words

_NARROWED = re.compile(r'\b(?:narrow|shorten|shrink|shrunk|truncat|cut (?:off|to))\w{0,4}\b', re.IGNORECASE)
_FROM_SIZE = re.compile(r'\bfrom\b[^()\n]{0,40}\((?P<old>\d{1,9})\)', re.IGNORECASE)
_SIZE = re.compile(r'\((?P<size>\d{1,9})')
#: Nothing that runs touches it any more.
_UNUSED = re.compile(
    r'\b(?:unused|obsolete|dead|abandoned|(?:no longer|not|never|nothing|nobody|no code|no one)(?: \w+){0,4}'
    r' (?:used?|uses|reads?|written|writes?))\b',
    re.IGNORECASE,
)
#: It is not done together with the rest.
_LATER = re.compile(
    r'\b(?:later|(?:next|following) release|after(?:wards)?|then|once|one release on|second|finally|separate\w*'
    r'|follow-up|contract\w*|two (?:steps|releases|phases)|must wait)\b',
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """A table or column whose values are lost."""

    item: Item
    #: ``drops`` or ``narrows``.
    verb: str
    #: What carries it out; none where no migration does (DN401).
    carriers: list[Carrier]
    #: The note says that nothing uses it any more.
    is_unused: bool
    #: The note says that this waits for something, or comes in a later release.
    is_later: bool


def losses(view: NoteView) -> Sequence[Loss]:
    """Return the removed tables, the dropped columns and the narrowed ones of a note, as they stand there."""
    migrations = view.once(Migrations)
    lost = list(_lost(view, migrations))
    carriers_ = migrations.carriers if lost else ()
    unused = Some(carrier for carrier in carriers_ if says(_UNUSED, *carrier.texts))
    later = Some(carrier for carrier in carriers_ if comes_later(*carrier.texts))
    return [
        Loss(
            item=item,
            verb=verb,
            carriers=carriers,
            is_unused=says(_UNUSED, item.body) or unused.any_in(carriers),
            is_later=comes_later(item.body) or later.any_in(carriers),
        )
        for item, verb, carriers in lost
    ]


def comes_later(*texts: str) -> bool:
    """Whether one of *texts* says that something is not done together with the rest."""
    return says(_LATER, *texts)


def _lost(view: NoteView, migrations: Migrations) -> Iterator[tuple[Item, str, list[Carrier]]]:
    for change in migrations.changes:
        if change.change == 'removed':
            yield change.entity, 'drops', migrations.of_entity(change)
        for column in change.columns if change.exists else ():
            does = view.change(column)
            if does == 'drop':
                yield column, 'drops', migrations.of_column(column, change)
            elif does == 'modify':
                carriers = migrations.of_column(column, change)
                told = view.once(_narrowing).get(column_name(column).casefold())
                if _is_narrowed(column) or (told is not None and told.any_in(carriers)):
                    yield column, 'narrows', carriers


def _narrowing(view: NoteView) -> Mapping[str, Some]:
    """Return the words of which carriers speak of narrowing."""
    return by_word(view.once(Migrations).carriers, _said_narrowed)


def _is_narrowed(column: Item) -> bool:
    old, new = _FROM_SIZE.search(column.body), _SIZE.search(column.text('type') or '')
    is_smaller = old is not None and new is not None and int(new['size']) < int(old['old'])
    return is_smaller or says(_NARROWED, column.body)


def _said_narrowed(carrier: Carrier) -> frozenset[str]:
    """Return the folded words behind which *carrier* speaks of narrowing, to the end of the sentence."""
    said = [(text, match.end()) for text in carrier.texts for match in _NARROWED.finditer(text[:SAID])]
    return words(text[end : end + 80].partition('. ')[0] for text, end in said)


def is_contracting(carrier: Carrier) -> bool:
    """Whether *carrier* is a migration that says that it takes something away."""
    return carrier.migration is not None and carrier.migration.text('kind') == 'contract'
