"""The base of all directives: what reST and MyST hand over, read in one way."""

from __future__ import annotations

from collections.abc import Collection

from docutils.statemachine import StateMachine
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_designnote.capture.page import Page
from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.written import Written, is_prose, read_directive


class WrittenDirective(SphinxDirective):
    """A directive that reads its lines itself.

    It declares neither arguments nor options, so that docutils and MyST hand over every line untouched
    (see :mod:`~sphinxcontrib_designnote.grammar.written`).
    """

    has_content = True

    def read(self, known: Collection[str], *, takes_argument: bool) -> Written:
        """Tell argument, options and body apart; the two parsers say differently whether line one is the argument."""
        lines = list(self.content.data)
        if not self._is_restructured:
            has_argument = self.content_offset == -1
        elif self.content_offset == self.lineno:  # the line below the marker
            has_argument = takes_argument and bool(lines) and is_prose(lines[0])
        else:
            has_argument = self.content_offset < self.lineno
        return read_directive(lines, has_argument=has_argument, markdown=not self._is_restructured, known=known)

    def lines(self, page: Page) -> tuple[SourceLocation, int]:
        """Return the location of the directive, and the 1-based line of its first line of content."""
        source, line = self.get_source_info()
        location = page.location(source, line)
        # docutils counts the offset from the top of the input, MyST from the directive.
        offset = self.content_offset - self.lineno if self._is_restructured else self.content_offset
        return location, location.line + offset + 1

    @property
    def _is_restructured(self) -> bool:
        return isinstance(self.state_machine, StateMachine)
