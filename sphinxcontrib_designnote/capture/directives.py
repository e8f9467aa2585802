"""One directive class a kind, all made from one: read, show, parse the body, hand over."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from docutils import nodes

from sphinxcontrib_designnote.capture.blocks import bullets_of
from sphinxcontrib_designnote.capture.page import Page, current_page
from sphinxcontrib_designnote.capture.rendering import describe
from sphinxcontrib_designnote.capture.texts import body_text
from sphinxcontrib_designnote.capture.written import WrittenDirective
from sphinxcontrib_designnote.diagnostics import quote
from sphinxcontrib_designnote.grammar.bullets import read_bullets
from sphinxcontrib_designnote.grammar.steps import derive
from sphinxcontrib_designnote.grammar.written import Written
from sphinxcontrib_designnote.model.drafts import Draft, read_drafts
from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Identity, Kind, Vocabulary
from sphinxcontrib_designnote.model.values import split_names


class ItemDirective(WrittenDirective):
    """Base of the directives of items; :func:`directive_for` gives it its kind."""

    kind: ClassVar[Kind]
    vocabulary: ClassVar[Vocabulary]

    def run(self) -> list[nodes.Node]:
        """Read the item, parse its body once, and return its description."""
        page = current_page(self.env)
        location, first_line = self.lines(page)
        written = self.read(self.kind.options, takes_argument=self.kind.argument is not ArgumentType.NONE)
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
