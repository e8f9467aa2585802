"""One directive class a kind, all made from one: read, show, parse the body, hand over."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.statemachine import StateMachine
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_designnote.capture.blocks import bullets_of
from sphinxcontrib_designnote.capture.page import Page, current_page
from sphinxcontrib_designnote.capture.rendering import describe
from sphinxcontrib_designnote.capture.texts import body_text
from sphinxcontrib_designnote.diagnostics import SourceLocation, quote
from sphinxcontrib_designnote.grammar.bullets import read_bullets
from sphinxcontrib_designnote.grammar.steps import derive
from sphinxcontrib_designnote.grammar.written import Written, is_prose, read_directive
from sphinxcontrib_designnote.model.drafts import Draft, read_drafts
from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Identity, Kind, Vocabulary
from sphinxcontrib_designnote.model.values import split_names


class ItemDirective(SphinxDirective):
    """Base of all directives; :func:`directive_for` gives it its kind.

    It declares neither arguments nor options, so that docutils and MyST hand over every line untouched
    (see :mod:`~sphinxcontrib_designnote.grammar.written`).
    """

    has_content = True
    kind: ClassVar[Kind]
    vocabulary: ClassVar[Vocabulary]

    def run(self) -> list[nodes.Node]:
        """Read the item, parse its body once, and return its description."""
        page = current_page(self.env)
        location, first_line = self._lines(page)
        written = self._read()
        options = {name: (option.value, first_line + option.index) for name, option in written.options.items()}
        drafts = read_drafts(self.kind, written.argument, options, location, parent=self._parent(page))
        for lost in written.lost:
            drafts[0].complain('DN112', lost.message, first_line + lost.index)
        for draft in drafts:
            derive(draft)
        self._check_place(page, drafts[0])
        classes = [nodes.make_id(name) for name in split_names(drafts[0].stated.get('class', ''))]
        described = describe(drafts, self.get_source_info()[0], classes)
        # A directive that has no argument and whose bullets are items of its own kind only groups them.
        groups = not written.argument and self.kind.bullets == self.kind.name
        at = len(page.shown)
        begun = self._begun(page, drafts[0], written)
        said = begun.body if begun is not None else ''
        owners = drafts if begun is None else [begun]
        stated = self._read_body(page, owners, written, described.content, first_line, groups=groups)
        if begun is not None:
            begun.problems += drafts[0].problems
            begun.body = '\n'.join(filter(None, (said, begun.body)))
        elif self.kind.name == NOTE:
            self._mark(page, drafts[0], described.signatures[0])
        elif groups and stated:
            page.group(drafts[0], stated)
        else:
            page.insert(at, drafts, described.signatures)
        return [described.root]

    def _read(self) -> Written:
        """Tell argument, options and body apart; the two parsers say differently whether line one is the argument."""
        lines = list(self.content.data)
        if not self._is_restructured:
            has_argument = self.content_offset == -1
        elif self.content_offset == self.lineno:  # the line below the marker
            has_argument = self.kind.argument is not ArgumentType.NONE and bool(lines) and is_prose(lines[0])
        else:
            has_argument = self.content_offset < self.lineno
        return read_directive(
            lines, has_argument=has_argument, markdown=not self._is_restructured, known=self.kind.options
        )

    def _lines(self, page: Page) -> tuple[SourceLocation, int]:
        """Return the location of the directive, and the 1-based line of its first line of content."""
        source, line = self.get_source_info()
        location = page.location(source, line)
        # docutils counts the offset from the top of the input, MyST from the directive.
        offset = self.content_offset - self.lineno if self._is_restructured else self.content_offset
        return location, location.line + offset + 1

    @property
    def _is_restructured(self) -> bool:
        return isinstance(self.state_machine, StateMachine)

    def _parent(self, page: Page) -> Draft | None:
        for draft in reversed(page.open):
            if self.kind.name in draft.kind.parts:
                return draft
        return None

    def _begun(self, page: Page, draft: Draft, written: Written) -> Draft | None:
        """Return the item that this directive goes on with: a rollout or a plan of tests, below a next heading."""
        kind = self.kind
        if not kind.bullets or not kind.parts or kind.identity is not Identity.NOTE or written.options:
            return None
        same = (each for each in page.draft.drafts if each.kind is kind and each.argument.key == draft.argument.key)
        return next(same, None)

    def _check_place(self, page: Page, draft: Draft) -> None:
        if self.kind.argument in (ArgumentType.DECLARATION, ArgumentType.CONSTRAINT) and draft.parent is None:
            owners = [kind.name for kind in self.vocabulary.kinds.values() if self.kind.name in kind.parts]
            draft.complain(
                'DN105',
                f'{self.kind.name} {quote(draft.argument.title)} stands in no {" or ".join(owners)}; put it inside one',
            )
        elif page.open and draft.parent is None:
            outer = page.open[-1]
            if outer.kind.name != NOTE:
                draft.complain(
                    'DN105', f'{self.kind.name} does not belong inside {outer.kind.name}; put it beside, not inside'
                )

    def _mark(self, page: Page, draft: Draft, node: nodes.Element) -> None:
        if page.draft.marker is not None:
            message = 'the page already says that it is a design note; remove this second one'
            page.draft.marker.complain('DN105', message, draft.location.line)
            return
        page.draft.marker = draft
        page.marker_node = node

    def _read_body(
        self,
        page: Page,
        drafts: list[Draft],
        written: Written,
        content: nodes.Element,
        first_line: int,
        *,
        groups: bool,
    ) -> list[Draft]:
        """Parse the body once, and let the grammar read its bullets; return the items that they state."""
        if written.body >= len(self.content):
            return []
        holder = nodes.Element()
        holder.document = self.state.document
        owners = [] if groups else drafts
        page.open += owners[:1]
        self.state.nested_parse(self.content[written.body :], self.content_offset + written.body, holder)
        if owners:
            page.open.pop()
        # docutils before 0.22 raises on a transition (a line of dashes) that stands in no section.
        body = [node for node in holder.children if not isinstance(node, nodes.transition)]
        content += body
        stated = list(read_bullets(self.kind, owners, bullets_of(body, page), self.vocabulary.kinds))
        for draft, bullet in stated:
            page.add(draft, cast('nodes.Element', bullet.node))
        text = body_text(body, lists=not self.kind.bullets)
        for draft in drafts:
            draft.body = text
            draft.lines['body'] = first_line + written.body
        return [draft for draft, _ in stated]


def directive_for(kind: Kind, vocabulary: Vocabulary) -> type[ItemDirective]:
    """Make the directive class of *kind*."""
    name = ''.join(word.capitalize() for word in kind.name.split('-')) + 'Directive'
    members: dict[str, Any] = {'kind': kind, 'vocabulary': vocabulary, '__doc__': kind.doc}
    return type(name, (ItemDirective,), members)
