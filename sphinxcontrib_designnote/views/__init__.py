"""Directives that show tables and pictures on pages: what they take, and who makes what they show.

A view is kept as its author wrote it (:class:`~sphinxcontrib_designnote.model.records.View`). When all pages are read,
it is made of the graph, as data; a page is written again when that has changed; and when the page is written, the data
become docutils nodes that every writer knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.views.content import Complaint, Make
from sphinxcontrib_designnote.views.graph import check_graph, make_graph
from sphinxcontrib_designnote.views.matrix import check_matrix, make_matrix
from sphinxcontrib_designnote.views.summary import check_summary, make_summary
from sphinxcontrib_designnote.views.table import check_table, make_table
from sphinxcontrib_designnote.views.timeline import check_timeline, make_timeline

#: Argument, options and vocabulary to what is wrong with them.
Check = Callable[[str, Mapping[str, str], Vocabulary], Iterator[Complaint]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewKind:
    """A directive that shows something, as it is registered, checked and documented."""

    name: str
    doc: str
    #: What its argument is; empty where it takes none.
    argument: str
    check: Check
    make: Make
    #: Name to what it does.
    options: Mapping[str, str] = field(default_factory=dict)
    #: Its argument names an item or a note, as a role does.
    names: bool = False


VIEWS: Mapping[str, ViewKind] = {
    kind.name: kind
    for kind in (
        ViewKind(
            name='traceability-table',
            doc='A standard table, or one of all items of a kind.',
            argument='a table or a kind',
            check=check_table,
            make=make_table,
            options={
                'title': 'Stands above the table.',
                'columns': 'Those to show, in this order; without it, all that say something.',
                'filter': 'Which rows to show: `status == "draft" and component in ("web", "api")`.',
                'sort': 'Columns to sort by, the most significant first; `-Date` is falling.',
                'group-by': 'A column, or a name of the filter; each of its values gets a table.',
                'show': '`holes`: only what something should cover and nothing does.',
            },
        ),
        ViewKind(
            name='traceability-matrix',
            doc='The things of one kind against those of another that links lead to, and how many of them are covered.',
            argument='two to four kinds: `endpoint x test`, `requirement x endpoint x test`, `endpoint x role`',
            check=check_matrix,
            make=make_matrix,
            options={
                'title': 'Stands above the table.',
                'via': 'Types of link to follow; without it, all.',
                'filter': 'Which things of the first kind count: `note == "jobs" and change == "new"`.',
                'show': '`holes`: only what leads to nothing.',
                'format': '`grid`, a column for each thing of the second kind, or `list`; without it, what fits.',
                'min-coverage': 'The least percentage that must lead to the last kind; fewer are a finding (DN706).',
            },
        ),
        ViewKind(
            name='traceability-graph',
            doc='What is linked with a thing, or what a note states, as a picture.',
            argument='an item or a note, named as a role would name it; without one, the page itself',
            check=check_graph,
            make=make_graph,
            options={
                'title': 'Stands above the picture.',
                'depth': 'Over how many links to go, 0 to 5; without it, one from an item and none from a note.',
                'kinds': 'Kinds to show: `endpoint, test-case`; without it, all, and columns as their entities.',
                'links': 'Types of link to follow: `verifies, guards`, and `part-of` from a column to its entity.',
                'filter': 'Which statements count: `status == "draft" and release == "26.08"`.',
                'direction': '`LR`, from left to right, or `TB`, from top to bottom.',
                'engine': '`graphviz`, or `mermaid` where the project has the extension sphinxcontrib.mermaid.',
            },
            names=True,
        ),
        ViewKind(
            name='impact-timeline',
            doc='What happens to a thing over notes, releases and dates; or all open rollouts in one order.',
            argument='an endpoint, entity (with its columns), column or flag; without one, all steps of open notes',
            check=check_timeline,
            make=make_timeline,
            options={
                'title': 'Stands above the picture and the table.',
                'filter': 'Which statements or steps to show: `status == "draft" and release == "26.08"`.',
                'direction': 'Of the picture of steps: `TB`, from top to bottom, or `LR`, from left to right.',
                'engine': 'Of the picture of steps: `graphviz` or `mermaid`.',
            },
            names=True,
        ),
        ViewKind(
            name='impact-summary',
            doc='What its note comes to, in API, data, security, rollout and tests; made of the items.',
            argument='',
            check=check_summary,
            make=make_summary,
        ),
    )
}
