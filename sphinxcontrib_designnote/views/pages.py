"""Views on pages: made when all pages are read, and rendered when their page is written."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_designnote.tables import TABLE_SCRIPTS, Table
from sphinxcontrib_designnote.views import VIEWS
from sphinxcontrib_designnote.views.content import Content, Fields, Paragraph, Sources, targets
from sphinxcontrib_designnote.views.directives import ViewPlace
from sphinxcontrib_designnote.views.pictures import draw
from sphinxcontrib_designnote.views.rendering import TABLE, render

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinxcontrib_designnote.store.domain import DesignNoteDomain


def views_of(domain: DesignNoteDomain, docname: str) -> list[Content]:
    """Return what the views of a page show, in document order."""
    note = domain.notes.get(docname)
    if note is None or not note.views:
        return []
    sources = domain.derive(_sources)
    return [VIEWS[view.name].make(view, note, sources) for view in note.views]


def _sources(domain: DesignNoteDomain) -> Sources:
    settings = domain.settings
    dates = {name: settings.rules.release_dates[name] for name in settings.releases}
    return Sources(domain.graph, lambda: domain.findings, releases=dates)


def shown_by_views(domain: DesignNoteDomain) -> Iterator[tuple[str, str]]:
    """Yield for each page with views what they show, and where what is named there stands."""
    for docname, note in domain.notes.items():
        if note.views:
            content = views_of(domain, docname)
            named = dict.fromkeys(target for parts in content for part in parts for target in targets(part))
            yield docname, f'{content} {[domain.place(target) for target in named]}'


class ShowViews(SphinxPostTransform):
    """Puts what views show in their places."""

    #: Before names in prose become links, so that none is looked for in a table.
    default_priority = 4

    def run(self, **kwargs: object) -> None:
        """Replace each place; a document may hold those of several pages."""
        places = list(self.document.findall(ViewPlace))
        domain = cast('DesignNoteDomain', self.env.get_domain('dn'))
        if not places or domain.builder is None:
            return
        refer = functools.partial(domain.refer, self.env.docname)
        shown = {docname: views_of(domain, docname) for docname in {place['docname'] for place in places}}
        for place in places:
            content = shown[place['docname']][place['number']]
            anchor = nodes.make_id(f'{place["docname"]}-view-{place["number"] + 1}')
            view = domain.notes[place['docname']].views[place['number']]
            at = f'{Path(self.env.srcdir, view.location.path)}:{view.location.line}'
            made = [
                [render(part, refer, f'{anchor}-{number}')]
                if isinstance(part, Table | Paragraph | Fields)
                else draw(part, refer, f'{anchor}-{number}', at, domain.builder)
                for number, part in enumerate(content, start=1)
            ]
            place.replace_self([node for of_part in made for node in of_part])


def add_scripts(app: Sphinx, doctree: nodes.document | None) -> None:
    """Have the page that is being written load what its tables need; one without tables loads nothing."""
    if doctree is not None and any(TABLE in table['classes'] for table in doctree.findall(nodes.table)):
        for script in TABLE_SCRIPTS:
            app.add_js_file(script, loading_method='defer')
