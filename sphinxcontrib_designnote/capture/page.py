"""What is collected while a page is read, and where its ids go when it is complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation
from sphinxcontrib_designnote.model.drafts import Draft, PageDraft, finish
from sphinxcontrib_designnote.model.records import Note

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_designnote.config import Settings
    from sphinxcontrib_designnote.grammar.profile import Profile

_KEY = 'sphinxcontrib_designnote'


@dataclass(kw_only=True, slots=True)
class Page:
    """The page that is being read. Lives in the environment's temporary data, never in the environment itself."""

    draft: PageDraft
    srcdir: str
    #: The page is reStructuredText.
    restructured: bool
    #: Beside each draft the node that shows it; several drafts may share one.
    shown: list[nodes.Element] = field(default_factory=list)
    #: The items in which the parser stands, outermost first.
    open: list[Draft] = field(default_factory=list)
    #: The node of the ``design-note`` directive.
    marker_node: nodes.Element | None = None
    _paths: dict[str, str] = field(default_factory=dict)

    def location(self, source: str | None, line: int | None) -> SourceLocation:
        """Return where *source* and *line*, as docutils gives them, are; an included file keeps its own path."""
        if not source or source == self.srcdir:
            return SourceLocation(path=self.draft.path, line=line or 1)
        path = self._paths.get(source)
        if path is None:
            relative = os.path.relpath(source, self.srcdir).replace(os.sep, '/')
            path = self._paths[source] = self.draft.path if relative == self.draft.path else relative
        return SourceLocation(path=path, line=line or 1)

    def line_of_title(self, title: nodes.Element) -> int:
        """Return the line of a heading's words; docutils gives that of the line below them."""
        return max(int(title.line or 1) - self.restructured, 1)

    def insert(self, at: int, drafts: Sequence[Draft], shown: Sequence[nodes.Element]) -> None:
        """Add items before those from index *at* on: an owner before its parts, which were read first."""
        self.draft.drafts[at:at] = drafts
        self.shown[at:at] = shown

    def add(self, draft: Draft, node: nodes.Element) -> None:
        """Add an item and the node that shows it."""
        self.draft.drafts.append(draft)
        self.shown.append(node)

    def group(self, draft: Draft, grouped: Sequence[Draft]) -> None:
        """Take a directive that only groups items of its body: its options hold for each, its mistakes count once."""
        for each in grouped:
            each.fields = {**draft.fields, **each.fields}
            each.stated = {**draft.stated, **each.stated}
            each.ignore += draft.ignore
        self.draft.problems += [
            Problem(code=code, message=message, location=at) for code, message, at in draft.problems if code != 'DN106'
        ]


def current_page(env: BuildEnvironment) -> Page:
    """Return the page that *env* is reading."""
    page: Page | None = env.temp_data.get(_KEY)
    if page is None:
        docname = env.docname
        path = Path(env.doc2path(docname, False)).as_posix()
        restructured = env.config.source_suffix.get(Path(path).suffix) == 'restructuredtext'
        page = Page(draft=PageDraft(docname=docname, path=path), srcdir=str(env.srcdir), restructured=restructured)
        env.temp_data[_KEY] = page
    return page


def finish_page(env: BuildEnvironment, document: nodes.document, settings: Settings) -> Note | None:
    """Freeze what the page said and give its nodes their ids; ``None`` for a page that says nothing."""
    started: Page | None = env.temp_data.get(_KEY)
    title = next(document.findall(nodes.title), None)
    text = title.astext() if title is not None else ''
    marked = settings.profile.is_title_of_note(text) or settings.is_note_path(env.docname)
    if started is None and not marked:
        return None
    page = started or current_page(env)
    draft = page.draft
    draft.marked = draft.marked or marked
    if draft.is_empty:
        return None
    draft.title = settings.profile.without_prefix(text)
    if title is not None and title.line:
        draft.line = page.line_of_title(title)
    if draft.marked or draft.marker:
        read_headings(document, page, settings.profile)
    _sort_by_line(page)
    note = finish(draft, default_service=settings.profile.service, base_path=settings.profile.base_path)
    for item, node in zip(note.items, page.shown, strict=True):
        _add_id(node, item.anchor, document)
    marker = page.marker_node if page.marker_node is not None else title.parent if title is not None else document
    if isinstance(marker, nodes.Element):
        _add_id(marker, note.anchor, document)
    return note


def read_headings(document: nodes.document, page: Page, profile: Profile) -> None:
    """Record the state of every slot whose heading stands on the page: ``prose`` or ``empty``."""
    headings = page.draft.headings
    for section in document.findall(nodes.section):
        title = section.next_node(nodes.title)
        slot = profile.slot_of(title.astext()) if title is not None and title.parent is section else None
        if slot is None or title is None:
            continue
        if any(_says_something(child) for child in section.children[1:]):
            headings[slot] = 'prose'
        else:
            headings.setdefault(slot, 'empty')
        page.draft.heading_lines.setdefault(slot, page.line_of_title(title))


def _says_something(node: nodes.Node) -> bool:
    if isinstance(
        node, (nodes.comment, nodes.raw, nodes.Invisible, nodes.system_message, addnodes.desc, nodes.section)
    ):
        return False
    return bool(node.astext().strip())


def _sort_by_line(page: Page) -> None:
    """Put items in document order: nested directives are read before the bullets beside them."""
    pairs = list(zip(page.draft.drafts, page.shown, strict=True))
    if all(draft.location.path == page.draft.path for draft, _ in pairs):
        pairs.sort(key=lambda pair: pair[0].location.line)
        page.draft.drafts = [draft for draft, _ in pairs]
        page.shown = [node for _, node in pairs]


def _add_id(node: nodes.Element, anchor: str, document: nodes.document) -> None:
    if anchor not in node['ids'] and document.ids.get(anchor) is None:
        node['ids'].append(anchor)
        document.ids[anchor] = node
