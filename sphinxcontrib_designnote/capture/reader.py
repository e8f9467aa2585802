"""The reader of plain notes: from the parsed page to the drafts that directives would have given."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms import SphinxSmartQuotes, SphinxTransform

from sphinxcontrib_designnote.capture.blocks import blocks_of
from sphinxcontrib_designnote.capture.comments import read_ignores
from sphinxcontrib_designnote.capture.facts import read_facts
from sphinxcontrib_designnote.capture.page import Page, current_page
from sphinxcontrib_designnote.capture.texts import comments_and_words
from sphinxcontrib_designnote.config import settings_of
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation, quote
from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.grammar.merge import merged
from sphinxcontrib_designnote.grammar.placeholders import placeholder_in_comment, placeholder_in_title
from sphinxcontrib_designnote.grammar.reading import Reading
from sphinxcontrib_designnote.grammar.sections import read_page
from sphinxcontrib_designnote.model.schema import NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinxcontrib_designnote.grammar.profile import Profile
    from sphinxcontrib_designnote.model.schema import Kind


class ReadNote(SphinxTransform):
    """Reads what a note states without directives: before smart quotes change the author's words."""

    default_priority = SphinxSmartQuotes.default_priority - 50

    def apply(self, **kwargs: Any) -> None:
        """Decide whether the page is a note, by its title, its place or what it says of itself; and read it."""
        settings = settings_of(self.config)
        page = current_page(self.env)
        draft = page.draft
        page.title = next(self.document.findall(nodes.title), None)
        text = page.title.astext() if page.title is not None else ''
        default = settings.profiles.default
        draft.marked = default.is_title_of_note(text) or settings.is_note_path(draft.docname, draft.path)
        profile = page.profile = settings.profiles.of(draft.marker.fields.get('profile') if draft.marker else None)
        draft.title = profile.without_prefix(text)
        if page.title is not None and page.title.line:
            draft.line = page.line_of_title(page.title)
        page.base_path = profile.base_path
        if draft.marked or draft.marker:
            page.comments, draft.words = comments_and_words(self.document)
            page.base_path = read_plain(self.document, page, profile, settings.vocabulary.kinds)
            read_facts(page, settings.vocabulary.kinds[NOTE])
        elif draft.drafts:
            page.comments, _ = comments_and_words(self.document)
            read_ignores(self.document, page)


def read_plain(document: nodes.document, page: Page, profile: Profile, kinds: Mapping[str, Kind]) -> str:
    """Add to *page* what its sections state without directives.

    :return: the base path that the note gives for its endpoints, empty where it gives none.

    Never raises on what an author wrote. Nothing on the page is changed.
    """
    reading = Reading(kinds=kinds, profile=profile, base_path=profile.base_path, stated=page.draft.drafts)
    top = [child for child in document.children if not isinstance(child, nodes.section)]
    sections = [child for child in document.children if isinstance(child, nodes.section)]
    if sections and not _is_of_template(page.title, profile):  # the first holds the title, and mostly all the rest
        top += sections.pop(0).children[1:]
    top += sections
    footnotes = [child for child in top if isinstance(child, nodes.footnote)]
    page.blocks = blocks_of([child for child in top if child not in footnotes] if footnotes else top, page)
    if footnotes:
        page.blocks = put_back(page.blocks, blocks_of(footnotes, page))
    slots = read_page(page.blocks, reading)
    draft = page.draft
    for slot, text in slots.items():
        draft.headings[slot] = text.state
        draft.heading_lines.setdefault(slot, text.line)
    read_ignores(document, page, reading.found)
    _report_misplaced(page, reading)
    page.found = merged(draft.drafts, reading.found, reading.base_path)
    for item, block in page.found:
        page.add(item, cast('nodes.Element', block.node))
    draft.problems += reading.problems
    draft.prose = {section: '\n'.join(said) for section, said in reading.prose.items() if said}
    find_placeholders(page, profile)
    return reading.base_path


def _report_misplaced(page: Page, reading: Reading) -> None:
    """Report directives that stand below the heading of another kind's section (DN109)."""
    drafts = page.drafts_by_node() if reading.misplaced else {}
    sections = [section for section in reading.profile.sections if not section.is_container]
    for block, heading in reading.misplaced:
        for draft in drafts.get(id(block.node), ())[:1]:  # of GET, POST /x the first
            slot, title = draft.kind.slot(draft.change), draft.argument.title
            section = next((each for each in sections if slot in each.slots), None)
            fix = f'move it below {quote(section.title)}' if section else f'it belongs to the slot {slot!r}'
            name = f'{draft.kind.label.lower()} {quote(title)}' if title else draft.kind.label.lower()
            page.draft.misplaced.append((draft, f'{name} stands below {quote(heading)}; {fix}'))


def put_back(blocks: Sequence[Block], strays: Sequence[Block]) -> tuple[Block, ...]:
    """Put *strays* below the headings that stand above them: MyST moves footnotes to the end of the page."""
    headings = [block for block in blocks if block.form is Form.HEADING]
    lines = [heading.line for heading in headings]
    below: dict[int, list[Block]] = {}
    for stray in strays:
        below.setdefault(bisect_right(lines, stray.line), []).append(stray)
    kept: list[Block] = below.get(0, [])
    for block in blocks:
        if block.form is Form.HEADING and (own := below.get(bisect_right(lines, block.line))):
            block = block.over(put_back(block.children, own))
        kept.append(block)
    return tuple(kept)


def _is_of_template(title: nodes.title | None, profile: Profile) -> bool:
    """Whether the first heading of a page is one of the template's, and the page has no title."""
    text = title.astext() if title is not None else ''
    section = None if profile.is_title_of_note(text) else profile.section_of(text)
    return section is not None and profile.is_exact(section, text)


def find_placeholders(page: Page, profile: Profile) -> None:
    """Report text of the template that is still on the page (DN102): its comments, and ``[Feature Name]``."""
    title = page.title
    if title is not None and (left := placeholder_in_title(title.astext())) is not None:
        at = page.location(title.source, page.line_of_title(title))
        message = f"the title still says {quote(left)}; write the feature's name"
        page.draft.problems.append(Problem(code='DN102', message=message, location=at))
    for comment in page.comments:
        text = comment.astext()
        if isinstance(comment, nodes.raw) and not text.lstrip().startswith('<!--'):
            continue
        if (phrase := placeholder_in_comment(text, profile)) is not None:
            first = next((line for line in text.splitlines() if line.strip(' <!->')), '')
            message = f"the template's text {quote(phrase)} is still there; delete the comment"
            at = page.location(comment.source, comment.line)
            if page.restructured:  # docutils tells the line behind a comment
                line = page.line_of(first, SourceLocation(path=at.path, line=max(at.line - text.count('\n') - 3, 1)))
                at = SourceLocation(path=at.path, line=line)
            page.draft.problems.append(Problem(code='DN102', message=message, location=at))
