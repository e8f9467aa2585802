"""What is collected while a page is read, and where its ids go when it is complete."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.card import add_card, card_of
from sphinxcontrib_designnote.capture.links import names_in
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation, quote
from sphinxcontrib_designnote.grammar.blocks import Block
from sphinxcontrib_designnote.model.drafts import Draft, PageDraft, finish
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.model.schema import ArgumentType

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_designnote.config import Settings
    from sphinxcontrib_designnote.grammar.profile import Profile

_KEY = 'sphinxcontrib_designnote'
#: How far below the place that a parser tells a line is looked for, how much of a text is compared, how much of a line.
_NEAR, _SEEN, _LONGEST = 25, 60, 2000
#: With these an entry of a list or a quotation begins.
_MARKS = ' \t>-*+0123456789.)'


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
    #: Its first heading.
    title: nodes.title | None = None
    #: The profile that it is read with, and what is put before the paths of its endpoints.
    profile: Profile | None = None
    base_path: str = ''
    #: What stands on it outside directives, and the items that were read there, each with its block.
    blocks: tuple[Block, ...] = ()
    found: list[tuple[Draft, Block]] = field(default_factory=list)
    #: The page's source, to find lines that the parsers do not tell.
    source: str = ''
    #: In document order, raw HTML among them.
    comments: Sequence[nodes.Element] = ()
    _paths: dict[str, str] = field(default_factory=dict)
    #: By path the lines of the page and of what it includes.
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def path_of(self, source: str | None) -> str:
        """Return the path of *source*, as docutils gives it; an included file keeps its own."""
        if not source or source == self.srcdir:
            return self.draft.path
        path = self._paths.get(source)
        if path is None:
            relative = os.path.relpath(source, self.srcdir).replace(os.sep, '/')
            path = self._paths[source] = self.draft.path if relative == self.draft.path else relative
        return path

    def location(self, source: str | None, line: int | None) -> SourceLocation:
        """Return where *source* and *line*, as docutils gives them, are."""
        return SourceLocation(path=self.path_of(source), line=line or 1)

    def reports_dropped(self, empty: nodes.Element) -> bool:
        """Report what Markdown drops as it is nested too deep: its entry is empty, and its line is not (DN108)."""
        at = self.location(empty.source, empty.line)
        lines = self._lines_of(at.path)
        text = lines[at.line - 1].lstrip(_MARKS) if at.line <= len(lines) else ''
        if self.restructured or not text or text.startswith('['):  # where a link goes is no text
            return False
        message = f'{quote(text)} could not be read, as Markdown drops lists so deep; write fewer levels'
        self.draft.problems.append(Problem(code='DN108', message=message, location=at))
        return True

    def line_of(self, text: str, at: SourceLocation) -> int:
        """Return the first line not above *at* on which *text* stands; that of *at* where none is near."""
        lines = self._lines_of(at.path)
        wanted = text.partition('\n')[0].replace('`', '').strip()[:_SEEN]
        for index in range(max(at.line - 1, 0), min(at.line + _NEAR, len(lines))):
            if wanted and wanted in lines[index][:_LONGEST].replace('`', ''):
                return index + 1
        return at.line

    def line_up_to(self, text: str, at: SourceLocation) -> int:
        """Return the last line not below *at* on which *text* stands; that of *at* where none is near."""
        lines = self._lines_of(at.path)
        wanted = text.strip()[:_SEEN]
        for index in range(min(at.line, len(lines)) - 1, max(at.line - _NEAR, 0) - 1, -1):
            if wanted and wanted in lines[index][:_LONGEST]:
                return index + 1
        return at.line

    def _lines_of(self, path: str) -> list[str]:
        if path not in self._lines:
            source = self.source
            if path != self.draft.path:  # included, and already read once without an error
                with contextlib.suppress(OSError):
                    source = Path(self.srcdir, path).read_text('utf-8', errors='replace')
            self._lines[path] = source.splitlines()
        return self._lines[path]

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

    def drafts_by_node(self, found: Sequence[tuple[Draft, Block]] = ()) -> dict[int, list[Draft]]:
        """Return by the identity of a node the items that it shows, without those that stand in them.

        :param found: items that have not been added yet. A directive's are shown by its whole description.
        """
        pairs: list[tuple[Draft, object]] = [(draft, block.node) for draft, block in found]
        for draft, shown in zip(self.draft.drafts, self.shown, strict=True):
            pairs.append((draft, shown.parent if isinstance(shown, addnodes.desc_signature) else shown))
        if self.draft.marker is not None and self.marker_node is not None:
            pairs.append((self.draft.marker, self.marker_node.parent))
        drafts: dict[int, list[Draft]] = {}
        for draft, node in pairs:
            beside = drafts.setdefault(id(node), [])
            owner = next((each for each in beside if each is draft.parent), None)
            if owner is None:
                beside.append(draft)
            elif owner.kind.argument is ArgumentType.NONE:  # a rollout begins with its first step
                drafts[id(node)] = [draft]
        return drafts

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
        path = Path(env.doc2path(docname, False))
        restructured = env.config.source_suffix.get(path.suffix) == 'restructuredtext'
        draft = PageDraft(docname=docname, path=path.as_posix())
        page = Page(draft=draft, srcdir=str(env.srcdir), restructured=restructured)
        env.temp_data[_KEY] = page
    return page


def finish_page(env: BuildEnvironment, document: nodes.document, settings: Settings) -> Note | None:
    """Freeze what the page said and give its nodes their ids; ``None`` for a page that says nothing."""
    page = current_page(env)
    draft, title = page.draft, page.title
    if draft.is_empty:
        return None
    _sort_by_line(page)
    if settings.link_mentions and (draft.marked or draft.marker):
        draft.links = names_in(document)
    service = page.profile.service if page.profile is not None else None
    _find_sections(page)
    note = finish(draft, default_service=service, base_path=page.base_path)
    for item, node in zip(note.items, page.shown, strict=True):
        _add_id(node, item.anchor, document)
    marker = page.marker_node if page.marker_node is not None else title.parent if title is not None else document
    if isinstance(marker, nodes.Element):
        _add_id(marker, note.anchor, document)
    if settings.summary_card and note.marked and (card := card_of(note, settings.vocabulary.kinds)) is not None:
        add_card(document, title, page.marker_node, card)
    return note


def _find_sections(page: Page) -> None:
    """Let each item know its sections; those of one section share a tuple, which a pickle then holds once."""
    known: dict[int, tuple[str, ...]] = {}
    for draft, node in zip(page.draft.drafts, page.shown, strict=True):
        draft.sections = _titles(node.parent, known)


def _titles(node: nodes.Node | None, known: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    if node is None:
        return ()
    if id(node) not in known:
        title = ' '.join(node[0].astext().split()) if node.children else ''
        known[id(node)] = (title, *_titles(node.parent, known))
    return known[id(node)]


def _sort_by_line(page: Page) -> None:
    """Put items in document order: nested directives are read before the bullets beside them."""
    pairs = list(zip(page.draft.drafts, page.shown, strict=True))
    if all(draft.location.path == page.draft.path for draft, _ in pairs):
        pairs.sort(key=lambda pair: _line(pair[0]))
        page.draft.drafts = [draft for draft, _ in pairs]
        page.shown = [node for _, node in pairs]


def _line(draft: Draft) -> int:
    """Return the line by which an item is sorted: plain parts of a directive's item may stand above it."""
    line = draft.location.line
    return line if draft.parent is None else max(line, draft.parent.location.line)


def _add_id(node: nodes.Element, anchor: str, document: nodes.document) -> None:
    ids = node['ids']
    if anchor not in ids and document.ids.get(anchor) is None:
        ids.append(anchor)
        document.ids[anchor] = node
