"""The walk over the blocks of a section: what is an item, what a label above others, what prose, what unread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sphinxcontrib_designnote.grammar.blocks import Block, Form, hold_directive, is_label_of_change
from sphinxcontrib_designnote.grammar.changes import change_in
from sphinxcontrib_designnote.grammar.reading import Context, Reader, add_text

#: Forms that state something by being there: what is not read of them is reported.
_MARKED = frozenset({Form.BULLET, Form.STEP, Form.FIELD, Form.ROW, Form.CODE})


#: What to do about what cannot be read whatever it says.
HINT_FOREIGN = 'HTML and failing directives are not read: write a list, a table or text'
#: Above others these are labels, and say more than a heading does.
_LABELS = frozenset({Form.PARAGRAPH, Form.BOLD, Form.BULLET, Form.STEP, Form.FIELD})


#: Joins siblings that state one thing together.
Join = Callable[[Sequence[Block]], Iterable[Block]]


def read_blocks(blocks: Sequence[Block], context: Context, read: Reader, hint: str, join: Join = iter) -> None:
    """Hand each block to *read*; what it does not take is a label, prose, or reported.

    :param hint: the next step for an author whose bullet could not be read.
    """
    reading = context.reading
    stated = False
    for block in join(blocks):
        if block.form is Form.STATED:
            stated = True
            continue
        if block.form is Form.ROW and not any(block.cells):
            continue
        if block.form is Form.NOTE:
            context.keep_prose(block)
            continue
        if block.form is Form.FOREIGN:
            reading.report_unread(block, HINT_FOREIGN)
            continue
        if not block.children and _is_only_label(block):
            context = context.below(block.text)
            continue
        before, problems = len(reading.found), len(reading.problems)
        if context.reads(block.form) and not _is_above_directives(block, context) and read(block, context):
            reading.taken += 1
            continue
        if block.form is Form.TABLE:
            del reading.problems[problems:]  # row by row they are reported again
            read_blocks(block.children, context, read, hint, join)
        elif block.children:
            if block.form in _LABELS and block.text:
                reading.prose.setdefault(context.section.slots[0], []).append(block.text)
            read_blocks(block.children, context.below(block.text), read, hint, join)
            if len(reading.found) == before and block.form in _MARKED and not hold_directive(block.children):
                del reading.problems[problems:]  # one defect, one finding
                reading.report_unread(block, hint)
        elif block.form is Form.CODE and len(reading.found) > context.start and not stated:
            add_text([reading.found[-1][0]], [block.text], block.line)  # an example of what stands above it
        elif block.form not in _MARKED or block.form is Form.CODE or block.text.lstrip().startswith('[ ]'):
            context.keep_prose(block)  # a reader reports the code that it should have been able to read
        else:
            reading.report_unread(block, hint)


def _is_only_label(block: Block) -> bool:
    """Whether a block only says what happens to those that follow it: ``**New**`` or ``Changed:`` above terms."""
    is_label = block.form is Form.BOLD or is_label_of_change(block)
    return is_label and change_in(block.text) is not None


def _is_above_directives(block: Block, context: Context) -> bool:
    """Whether a block is only a label: below it, directives state what the section is about."""
    stated = {child.language for child in block.children if child.form is Form.STATED}
    if not stated:
        return False
    kinds = context.reading.kinds
    return any(slot in context.section.slots for name in stated if name in kinds for slot in kinds[name].slots.values())
