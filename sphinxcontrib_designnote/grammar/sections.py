"""A whole plain note: which section is which slot, and which reader reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Problem, quote
from sphinxcontrib_designnote.grammar.access import read_audit_events, read_authorizations, read_considerations
from sphinxcontrib_designnote.grammar.blocks import Block, Form, directives_in, hold_directive, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import change_in
from sphinxcontrib_designnote.grammar.endpoints import read_endpoints
from sphinxcontrib_designnote.grammar.entities import read_entities
from sphinxcontrib_designnote.grammar.flags import read_flags
from sphinxcontrib_designnote.grammar.interfaces import read_interfaces, reader_of
from sphinxcontrib_designnote.grammar.nothing import reason_of_none
from sphinxcontrib_designnote.grammar.opening import Opened, open_sections
from sphinxcontrib_designnote.grammar.placeholders import is_unwritten
from sphinxcontrib_designnote.grammar.profile import Profile, Section
from sphinxcontrib_designnote.grammar.prose import (
    read_approach,
    read_breaking_changes,
    read_compatibility,
    read_migrations,
)
from sphinxcontrib_designnote.grammar.reading import Context, Reading, add_text, take_option
from sphinxcontrib_designnote.grammar.rollout import read_steps, read_tests
from sphinxcontrib_designnote.grammar.steps import begins_with_action
from sphinxcontrib_designnote.grammar.undeclared import report_undeclared
from sphinxcontrib_designnote.grammar.walk import HINT_FOREIGN
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.records import SlotState
from sphinxcontrib_designnote.model.schema import Kind

#: Reads the blocks of a section.
SlotReader = Callable[[Sequence[Block], Context], None]
#: Kind to the reader of the slots that it fills. What is strict comes first: it takes only what has its form.
_READERS: Mapping[str, SlotReader] = {
    'endpoint': read_endpoints,
    'entity': read_entities,
    'feature-flag': read_flags,
    'interface': read_interfaces,
    'test-plan': read_tests,
    'audit-event': read_audit_events,
    'authorization': read_authorizations,
    'rollout': read_steps,
    'security-consideration': read_considerations,
    'breaking-change': read_breaking_changes,
    'migration': read_migrations,
    'compatibility': read_compatibility,
    'approach': read_approach,
}
_MIGRATES = re.compile(r'\bmigrat|\bback-?fill|\bschemas?\b|\bcolumns?\b|\bdb[ -]sync|\balembic', re.IGNORECASE)
#: ``Migration `20261002_refunds` creates the table``
_STORY = re.compile(
    r'(?:(?:the|an?|one)\s+)?(?:(?:(?:alembic|flyway|liquibase|django|rails|prisma|database|schema|data|db|sql)\s+)?'
    r'migrations?\b(?!\s+(?:tables?|jobs?|history)\b)|(?:alembic|flyway|liquibase)\s+revisions?\b)',
    re.IGNORECASE,
)
#: ``First, run the migration``
_ORDINAL = re.compile(r'^\W*(?:first|second|third|then|next|finally|last)(?:ly)?,?\s+', re.IGNORECASE)
#: ``API changes`` holds new endpoints as well; ``What the API changes`` does not.
_CHANGES_OF_ALL_SORTS = re.compile(
    r'(?!\W*(?:what|which|how)\b).{0,100}\b(?:changes|updates|modifications)\b', re.IGNORECASE
)
_ORDER = {name: place for place, name in enumerate(_READERS)}
_STRICT = ('endpoint', 'entity', 'feature-flag', 'interface')
#: Kinds whose every text is a statement: below a None it is the reason.
_LOOSE = frozenset(
    {'breaking-change', 'compatibility', 'approach', 'security-consideration', 'migration', 'authorization'}
)
#: Kinds that another kind's reader reads along.
_READ_ALONG = frozenset({'alternative', 'test-case', 'rollout-step'})


@dataclass(kw_only=True, slots=True)
class SlotText:
    """What is known of a slot besides its items."""

    state: SlotState
    #: Line of its heading.
    line: int
    #: No other slot shares that heading.
    is_own: bool = False


def read_page(root: Sequence[Block], reading: Reading) -> dict[str, SlotText]:
    """Read all sections of a note into *reading*; return the slots whose headings stand on the page."""
    slots: dict[str, SlotText] = {}
    by_section: list[tuple[Section, Draft]] = []
    sections, outside = open_sections(root, reading.profile)
    for opened in sections:
        says = any(True for _ in texts(opened.blocks)) or hold_directive(opened.blocks)
        # What only holds others together says nothing of its own slots.
        divided = opened.is_divided and (opened.section.is_container or not says)
        for slot in opened.section.slots if not divided else ():
            seen = slots.setdefault(slot, SlotText(state='empty', line=opened.heading.line))
            if not (opened.section.is_container or seen.is_own):  # its own heading, not one above several
                seen.line, seen.is_own = opened.heading.line, True
            if says:
                seen.state = 'prose'
        if opened.blocks and not opened.section.ignored:
            if reading.stated:
                reading.misplaced += [(block, opened.heading.text) for block in _misplaced(opened, reading.kinds)]
            before = len(reading.found)
            _read_section(opened, reading)
            by_section += [(opened.section, draft) for draft, _ in reading.found[before:]]
    _drop_partial_nones(by_section, reading)
    _report_nameless(reading)
    report_undeclared(outside, reading)
    return slots


def _misplaced(opened: Opened, kinds: Mapping[str, Kind]) -> Iterator[Block]:
    """Yield the directives of kinds that have slots, but not this section's; its heading may name them all the same."""
    here, heading = set(opened.section.slots), opened.heading.text.casefold()
    for block in directives_in(opened.blocks) if not opened.section.is_container else ():
        kind = kinds.get(block.language)
        if kind is None or not kind.slots or not here or kind.label.casefold() in heading:
            continue
        if here.isdisjoint(kind.slots.values()):
            yield block


def _report_nameless(reading: Reading) -> None:
    """Report what has the form of an item and names nothing (``- —``), instead of making an item of it."""
    nameless = {id(draft) for draft, _ in reading.found if draft.kind.required and not draft.argument.key.strip(' `')}
    if not nameless:
        return
    for draft, block in reading.found:
        if id(draft) in nameless:
            reading.report_unread(block, 'write what it is about')
    reading.found = [
        (draft, block)
        for draft, block in reading.found
        if id(draft) not in nameless and (draft.parent is None or id(draft.parent) not in nameless)
    ]


def _drop_partial_nones(by_section: Sequence[tuple[Section, Draft]], reading: Reading) -> None:
    """Drop a None that only speaks of a part of its slot, where the slot holds something else.

    "Removed endpoints: None" does not contradict what "Changed endpoints", the same slot, holds.
    """
    filled = {
        slot
        for section, draft in by_section
        for slot in section.slots
        if draft.kind.name != 'no-impact' or section.name == slot
    }
    partial = {
        id(draft)
        for section, draft in by_section
        if draft.kind.name == 'no-impact' and section.name != draft.argument.key and draft.argument.key in filled
    }
    reading.found = [pair for pair in reading.found if id(pair[0]) not in partial]


def _kinds_of(section: Section, reading: Reading) -> list[Kind]:
    """Return the kinds that fill the slots of *section*, the strict ones first."""
    found = {kind.name: kind for slot in section.slots for kind in reading.filled_by.get(slot, ())}
    kinds = [kind for name, kind in found.items() if name not in _READ_ALONG]
    return sorted(kinds, key=lambda kind: _ORDER.get(kind.name, len(_ORDER))) if len(kinds) > 1 else kinds


def _read_section(opened: Opened, reading: Reading) -> None:
    section = opened.section
    kinds = _kinds_of(section, reading)
    if not kinds:
        return
    change = section.change or change_in(opened.heading.text) or _change_of_slot(section, kinds[0])
    if change == 'changed' and len(section.slots) > 1 and _CHANGES_OF_ALL_SORTS.match(opened.heading.text):
        change = None
    context = Context(
        reading=reading, section=section, change=change, labels=(opened.heading.text,), start=len(reading.found)
    )
    blocks: Sequence[Block] = opened.blocks
    none = _none_of(blocks[0], reading.profile)
    if none is not None:
        blocks = _take_none(none, blocks, kinds, context)
    elif is_unwritten(blocks):
        message = f'{quote(blocks[0].text)} is all that stands here; write it, or None and the reason'
        reading.problems.append(Problem(code='DN102', message=message, location=blocks[0].location))
        return
    if kinds[0].name == 'entity':
        blocks = _without_stories(blocks, context)
    if section.slots == ('rollout',):
        blocks = _without_flags(blocks, context)
    if len(kinds) == 1:
        _reader(kinds[0])(blocks, context)
    else:
        _read_mixed(blocks, kinds, context)


def _without_stories(blocks: Sequence[Block], context: Context) -> Sequence[Block]:
    """Read what says of itself that it is a migration: notes without a heading for it tell it below their tables."""
    rest: list[Block] = []
    for block in blocks:
        if block.form not in (Form.PARAGRAPH, Form.BULLET) or _STORY.match(unmarked(block.text)) is None:
            rest.append(block)
        elif block.form is Form.BULLET or block.text.rstrip().endswith(':'):
            read_migrations([block], context)
        else:  # what follows a paragraph that is complete speaks of the tables again
            read_migrations([block.over(())], context)
            rest += block.children
    return rest


#: ``Flag: `x` (default: off)``, and `` `x`, which is off by default``: a paragraph that declares a flag.
_FLAG_TOLD = re.compile(
    r'(?:feature )?(?:flag|toggle|switch|gate)(?: name)?:\s'
    r'|[^`]{0,80}`[^`]{1,100}`[^`]{0,60}\b(?:(?:off|on|disabled|enabled) by default'
    r'|default(?:s to|:)? (?:off|on|true|false)\b'
    r'|initial value is)',
    re.IGNORECASE,
)


def _without_flags(blocks: Sequence[Block], context: Context) -> Sequence[Block]:
    """Read the paragraphs that declare a flag: notes without a heading for flags tell of them above their steps."""
    rest: list[Block] = []
    for block in blocks:
        is_flag = block.form is Form.PARAGRAPH and _FLAG_TOLD.match(' '.join(unmarked(block.text).split())[:400])
        found = len(context.reading.found)
        if is_flag:
            read_flags([block.over(())], context)
        rest += block.children if len(context.reading.found) > found else (block,)
    return rest


def _reader(kind: Kind) -> SlotReader:
    return _READERS.get(kind.name) or reader_of(kind)


def _change_of_slot(section: Section, kind: Kind) -> str | None:
    """Return the change that a slot implies: new endpoints are new. Undecided where a section has several slots."""
    if len(section.slots) != 1:
        return None
    named = [change for change, slot in kind.slots.items() if slot == section.slots[0]]
    if named == ['new']:
        return 'new'
    return 'changed' if named == ['*'] and 'new' in kind.slots else None


def _none_of(block: Block, profile: Profile) -> tuple[Block, str] | None:
    """Return the statement that a section is empty on purpose, if it begins with one, and its reason."""
    first = block
    while first.form is Form.TABLE and first.children:
        first = first.children[0]
    text = next((cell for cell in first.cells if cell.strip()), '') if first.form is Form.ROW else first.text
    reason = reason_of_none(text, profile)
    if reason is None:
        return None
    if first.form is Form.ROW:
        if len(block.children) > 1:
            return None
        reason = ' '.join(filter(None, (reason, *(c for c in first.cells if c and c != text and c.strip(' -–—')))))
    return first, reason


def _take_none(
    none: tuple[Block, str], blocks: Sequence[Block], kinds: Sequence[Kind], context: Context
) -> Sequence[Block]:
    """Add what says None, with its reason; return what is still to be read."""
    first, reason = none
    loose = kinds[0].name in _LOOSE
    rest = [*blocks[0].children, *blocks[1:]] if blocks[0].form is not Form.TABLE else blocks[1:]
    about = [slot for slot in context.section.slots if slot in kinds[0].slots.values()]
    drafts = [draft for slot in about for draft in context.reading.add('no-impact', slot, first)]
    rest = [block for block in rest if block.form is not Form.BULLET or not take_option(drafts, block)]
    reasons, unread = list[Block](), list[Block]()
    for block in rest:
        (reasons if loose or (block.form is Form.PARAGRAPH and not block.children) else unread).append(block)
    add_text(drafts, [reason, *texts(reasons)], first.line)
    return unread


def _read_mixed(blocks: Sequence[Block], kinds: Sequence[Kind], context: Context) -> None:
    """Read a section of several kinds: each block by the first kind that finds an item in it."""
    for block in blocks:
        if block.form is Form.STATED:
            continue
        if block.form is Form.FOREIGN:
            context.reading.report_unread(block, HINT_FOREIGN)
            continue
        for reader in _candidates(block, kinds):
            before, taken = _state(context.reading), context.reading.taken
            found = len(context.reading.found)
            reader([block], context)
            if len(context.reading.found) > found or context.reading.taken > taken:
                break
            _restore(context.reading, before)
        else:
            context.keep_prose(block)


def _candidates(block: Block, kinds: Sequence[Kind]) -> Iterator[SlotReader]:
    has_steps = any(
        inner.form is Form.STEP or (inner.form is Form.BULLET and begins_with_action(_ORDINAL.sub('', inner.text)))
        for inner in (block, *block.children)
    )
    for kind in kinds:
        if kind.name == 'migration' and not _MIGRATES.search(' '.join(texts((block,)))[:2000]):
            continue
        if kind.name in _STRICT or (kind.name == 'rollout') == has_steps:
            yield _reader(kind)


def _state(reading: Reading) -> tuple[int, dict[str, int]]:
    return len(reading.problems), {name: len(said) for name, said in reading.prose.items()}


def _restore(reading: Reading, state: tuple[int, dict[str, int]]) -> None:
    """Take back what a reader said of a block that it did not take."""
    del reading.problems[state[0] :]
    for name in list(reading.prose):
        del reading.prose[name][state[1].get(name, 0) :]
