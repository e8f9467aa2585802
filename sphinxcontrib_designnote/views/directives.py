"""One directive class a view, all made from one: it keeps what its author asks for, and marks the place."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes

from sphinxcontrib_designnote.capture.page import current_page
from sphinxcontrib_designnote.capture.written import WrittenDirective
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation, accepted, quote
from sphinxcontrib_designnote.model.records import Mention, View
from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.views import ViewKind
from sphinxcontrib_designnote.views.content import Complaint


class ViewPlace(nodes.General, nodes.Element):
    """The place of a view, until its page is written: ``docname``, and ``number`` among the views of that page."""


class ViewDirective(WrittenDirective):
    """Base of the directives of views; :func:`directive_for` gives it its kind."""

    kind: ClassVar[ViewKind]
    vocabulary: ClassVar[Vocabulary]

    def run(self) -> list[nodes.Node]:
        """Keep what can be read; the rest is a problem at its line (DN105)."""
        draft = current_page(self.env).draft
        location, first_line = self.lines(current_page(self.env))
        written = self.read(self.kind.options, takes_argument=bool(self.kind.argument))
        lines = {name: first_line + option.index for name, option in written.options.items()}
        complaints: list[Complaint] = [
            (name, f'{quote(name)} is no option of {self.kind.name}{accepted(name, self.kind.options)}')
            for name in written.options
            if name not in self.kind.options
        ]
        options = {name: o.value for name, o in written.options.items() if name in self.kind.options and o.value}
        complaints += self.kind.check(written.argument, options, self.vocabulary)
        if written.body < len(self.content):
            complaints.append(('', f'{self.kind.name} takes no text; what it shows is made from the notes'))
            lines[''] = first_line + written.body
        for name, message in complaints:
            at = location if name is None else SourceLocation(path=location.path, line=lines[name])
            draft.problems.append(Problem(code='DN105', message=message, location=at))
            options.pop(name or '', None)
        for lost in written.lost:
            at = SourceLocation(path=location.path, line=first_line + lost.index)
            draft.problems.append(Problem(code='DN112', message=lost.message, location=at))
        if any(name is None for name, _ in complaints):
            return []
        place = ViewPlace(docname=self.env.docname, number=len(draft.views))
        argument = written.argument.strip()
        draft.views.append(View(name=self.kind.name, argument=argument, options=options, location=location))
        if self.kind.names and argument:
            draft.mentions.append(Mention(kind=None, target=argument, location=location))
        return [place]


def directive_for(kind: ViewKind, vocabulary: Vocabulary) -> type[ViewDirective]:
    """Make the directive class of *kind*."""
    name = ''.join(word.capitalize() for word in kind.name.split('-')) + 'Directive'
    members: dict[str, Any] = {'kind': kind, 'vocabulary': vocabulary, '__doc__': kind.doc}
    return type(name, (ViewDirective,), members)
