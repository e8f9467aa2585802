"""The walk over the blocks of a section: what is an item, what a label above others, what prose, what unread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.grammar.reading import Context, Reader, add_text

#: Forms that state something by being there: what is not read of them is reported.
_MARKED = frozenset({Form.BULLET, Form.STEP, Form.FIELD, Form.ROW, Form.CODE})


#: Joins siblings that state one thing together.
Join = Callable[[Sequence[Block]], Iterable[Block]]


def read_blocks(blocks: Sequence[Block], context: Context, read: Reader, hint: str, join: Join = iter) -> None:
    """Hand each block to *read*; what it does not take is a label, prose, or reported.

    :param hint: the next step for an author whose bullet could not be read.
    """
    reading = context.reading
    for block in join(blocks):
        if context.reads(block.form) and read(block, context):
            continue
        before, problems = len(reading.found), len(reading.problems)
        if block.form is Form.TABLE:
            read_blocks(block.children, context, read, hint, join)
        elif block.children:
            if block.form is Form.PARAGRAPH:
                reading.prose.setdefault(context.section.slots[0], []).append(block.text)
            read_blocks(block.children, context.below(block.text), read, hint, join)
            if len(reading.found) == before and block.form in _MARKED:  # one defect, one finding
                del reading.problems[problems:]
                reading.report_unread(block, hint)
        elif block.form not in _MARKED:
            context.keep_prose(block)
        elif block.form is Form.CODE and len(reading.found) > context.start:  # an example of what stands above it
            add_text([reading.found[-1][0]], [block.text], block.line)
        else:
            reading.report_unread(block, hint)
