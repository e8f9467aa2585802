"""DN207: does what a link names still mean what it meant when the link was written?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.meaning import Suspect
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import listed, noun, short


@rule('DN207', 'suspect-link', Severity.INFO, Scope.PROJECT)
def suspect_link(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """What a link points to has changed in meaning since the linking item was last edited, by git's history.

    **Why.** A test, a step or an endpoint was written for the thing as it was. Who changed that thing edited another
    page, and nobody has looked whether this one is still right.

    **Example.** This was written in March, and in May the note that states the endpoint gave it other roles::

        .. test-case:: The list shows the newest order first
           :verifies: GET /orders

    **Use instead.** Mend what is no longer right. Where all of it is, ``designnote acknowledge`` says that somebody has
    looked, and when. Plain::

        - The list shows the newest order first
          - Verifies: GET /orders
          - Reviewed: 2026-05-20

    Directive::

        .. test-case:: The list shows the newest order first
           :reviewed: 2026-05-20
           :verifies: GET /orders

    **Limits.** Off unless ``designnote_history`` is set or ``designnote check`` is given ``--history``.

    Links by an option and by a mention in the item's text count; those to whole notes do not, and neither do roles in
    prose. What something means is its typed options (method, path, type, default, roles, change, shapes of request and
    response, dates), ``auth``, ``rate-limit``, ``permission``, ``scope`` and ``table``, and its columns and
    constraints; not its text, release or owner, nor what it uses. A project's own kinds decide it for each of their
    options with ``meaning``.

    An edit anywhere in the linking item, up to the next item or heading, counts as a look at it. What one commit, or
    one merge into the branch at hand, brings in is one edit, and what is not committed is edited now: a request that
    is merged or squashed never makes its own notes suspect. Links within a note are left out, as a note is reviewed as
    a whole. So are links from and to a draft until it is none, links from an implemented note, and links from and to a
    dead one. A renamed page is followed; an item that was not there at the time is not compared.

    One finding for each linking item. In a shallow clone only what is younger than the clone can be told; one finding
    says so, and so it does where there is no repository.
    """
    by_item: dict[str, list[Suspect]] = {}
    for suspect in settings.link_history.suspects:
        by_item.setdefault(suspect.link.stating, []).append(suspect)
    for id_, suspects in by_item.items():
        yield _report(graph, graph.items.get(id_) or graph.notes[id_], suspects)
    # It is about no note; of those that a rule may speak of the oldest has it.
    note = next((note for note in graph.pages if note.is_open), None)
    if settings.link_history.gap and note is not None:
        message = f'whether what links name is still what it was cannot be told: {settings.link_history.gap}'
        yield Report(message=message, about=note, detail='gap')


def _report(graph: Graph, about: Item | Note, suspects: list[Suspect]) -> Report:
    first, *others = sorted(suspects, key=lambda each: each.link.location)
    named = [graph.items[each.link.named] for each in (first, *others)]
    who = noun(about) if isinstance(about, Item) else f'note {quote(about.title)}'
    commit = f'commit {first.commit}, {first.date}' if first.commit else 'not committed yet'
    more = f' (and {len(others)} more that it names)' if others else ''
    return Report(
        message=f'{noun(named[0])} changed ({short(listed(first.changed), 120)}; {commit}){more} after {who} was last '
        f"edited; see whether that still holds, then edit it or run 'designnote acknowledge {short(about.id)}'",
        about=about,
        at=first.link.location,
        related=tuple(item.location for item in named[:20]),
        detail=' '.join(item.id for item in named),
    )


RULES = (suspect_link,)
