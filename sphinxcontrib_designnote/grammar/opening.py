"""Which heading of a page opens which section, and what stands in it."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sphinxcontrib_designnote.grammar.blocks import Block, Form, unmarked
from sphinxcontrib_designnote.grammar.nothing import reason_of_none
from sphinxcontrib_designnote.grammar.profile import Profile, Section
from sphinxcontrib_designnote.model.identity import ENDPOINT_MENTION, METHODS

_NAME_IN_CODE = re.compile(r'\W*`[^`]{1,100}`\W*')


_ENTITY_SLOTS = frozenset({'new-entities', 'modified-entities'})


_ENDPOINT_SLOTS = frozenset({'new-endpoints', 'changed-endpoints'})


_ENDPOINT_HEADING = re.compile(rf'(?:[\w .]{{0,40}}:\s*|[\d. ]{{0,10}})`?(?:{"|".join(METHODS)})\s+`?/\S{{1,200}}')


@dataclass(kw_only=True, slots=True)
class Opened:
    """A section of a page, and what stands in it outside sub-headings that are sections of their own."""

    section: Section
    heading: Block
    blocks: list[Block] = field(default_factory=list)
    #: Other sections stand below its heading.
    is_divided: bool = False


def open_sections(root: Sequence[Block], profile: Profile) -> tuple[list[Opened], list[Block]]:
    """Tell the sections of a page apart, in its order; return them, and what belongs to none."""
    found: list[Opened] = []
    outside = [kept for block in root if (kept := _visit(block, (), None, profile, found)) is not None]
    return found, outside


def _visit(
    block: Block, parents: tuple[str, ...], current: Opened | None, profile: Profile, found: list[Opened]
) -> Block | None:
    """Open the section that a heading begins, and those below it; return what belongs to the section above."""
    heading = _as_heading(block, current) or _none_with_label(block, parents, current, profile)
    if heading is None:
        return block
    section = _section_of(heading, parents, current, profile)
    if section is None and _is_endpoint_heading(heading, current):
        section = next((each for each in profile.sections if set(each.slots) >= _ENDPOINT_SLOTS), None)
        if section is not None:
            found.append(Opened(section=section, heading=heading, blocks=[heading]))
            return None
    if section is None:
        inside = (*parents, heading.text)
        rest = [kept for child in heading.children if (kept := _visit(child, inside, current, profile, found))]
        is_whole = len(rest) == len(block.children) and all(map(operator.is_, rest, block.children))
        return block if is_whole or heading is not block else block.over(tuple(rest))
    opened = Opened(section=section, heading=heading)
    if current is not None:
        current.is_divided = True
    found.append(opened)
    for child in heading.children:
        kept = _visit(child, (*parents, heading.text), opened, profile, found)
        if kept is not None:
            opened.blocks.append(kept)
    return None


def _is_endpoint_heading(heading: Block, current: Opened | None) -> bool:
    """Whether a heading is nothing but ``POST /jobs``: it states one wherever no slot says otherwise."""
    outside = current is None or current.section.slots == ('approach',)
    return outside and heading.form is Form.HEADING and _ENDPOINT_HEADING.fullmatch(heading.text) is not None


def _as_heading(block: Block, current: Opened | None) -> Block | None:
    """Return a block that may open a section: a heading; and, where sections are gathered, a line in bold.

    ``**Breaking changes:** None.`` is a heading with a text below it.
    """
    if block.form is Form.HEADING:
        return block
    gathers = current is None or len(current.section.slots) > 1 or current.section.is_container
    if not gathers and current is not None and current.heading.form is Form.HEADING:
        return None
    if block.form is Form.BOLD:
        return block
    if block.form in (Form.PARAGRAPH, Form.BULLET) and block.lead:
        text = ' '.join(block.text.split())
        rest = text[len(block.lead) :].lstrip(' :.–—-') if text.startswith(block.lead) else ''
        below = (replace(block, form=Form.PARAGRAPH, text=rest, lead='', children=()),) if rest else ()
        children = (*below, *block.children)
        return replace(block, text=block.lead.rstrip(' :.'), children=children) if children else None
    return None


#: ``Breaking: no, ...``, not in bold.
_LABEL = re.compile(r'(?P<label>[^\W\d_][\w /-]{1,40}?)(?::\s|\s[–—-]\s)\s*')


def _none_with_label(block: Block, parents: tuple[str, ...], current: Opened | None, profile: Profile) -> Block | None:
    """Return ``Audit: none, the access log does`` as a heading with a None below it, where sections are gathered."""
    gathers = current is not None and (len(current.section.slots) > 1 or current.section.is_container)
    if current is None or not gathers or block.form not in (Form.PARAGRAPH, Form.BULLET) or block.children:
        return None
    text = ' '.join(unmarked(block.text).split())
    match = _LABEL.match(text)
    if match is None or reason_of_none(text[match.end() :], profile) is None:
        return None
    section = profile.section_of(match['label'], parents)
    if section is None or section.slots == current.section.slots or not profile.is_exact(section, match['label']):
        return None
    return replace(
        block, text=match['label'], children=(replace(block, form=Form.PARAGRAPH, text=text[match.end() :]),)
    )


def _section_of(heading: Block, parents: tuple[str, ...], current: Opened | None, profile: Profile) -> Section | None:
    section = profile.section_of(heading.text, parents)
    above, colon, rest = heading.text.partition(': ')
    if colon and (section is None or section.is_container):  # "API: new endpoints"
        section = profile.section_of(rest, (*parents, above)) or section
    else:
        rest = heading.text
    if section is None or current is None:
        return section
    if section is current.section or current.section.slots == ('testing',):
        return None  # tests of migrations are tests
    if _NAME_IN_CODE.fullmatch(heading.text):
        return None  # the table `deployments`
    if ' ' not in heading.text.strip() and {*current.section.slots, *section.slots} <= _ENTITY_SLOTS:
        return None  # a table whose name is a word that elsewhere heads a section
    if ENDPOINT_MENTION.search(parents[-1] if parents else ''):
        return None  # a detail of an endpoint
    if len(current.section.slots) == 1 and not current.section.is_container:
        return section if profile.is_exact(section, rest) else None
    return section
