"""DN1xx: could everything be read? What capture could not read, it files under the code of one of these rules."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule


def problems_of(code: str, view: NoteView) -> Iterator[Report]:
    """Report what capture could not read and filed under *code*, each at its own line."""
    filed = [problem for problem in view.note.problems if problem.code == code]
    items = {item.id: item for item in view.note.items} if filed else {}
    for problem in filed:
        about = items.get(problem.item) if problem.item is not None else None
        yield Report(message=problem.message, about=about or view.note, at=problem.location, detail=problem.message)


@rule('DN102', 'placeholder-left', Severity.WARNING, Scope.NOTE)
def placeholder_left(view: NoteView) -> Iterator[Report]:
    """Text of the template is still there.

    **Why.** ``[Feature Name]`` in a title, or the example at the end, is published with the note and is taken by
    readers for a statement about the feature.

    **Example.** ::

        # Design Note: [Feature Name]

    **Use instead.** In either form, the note's own words::

        # Design Note: Quick Model Deployment

    **Limits.** One finding for each place; the EXAMPLE block is one place. A ``TODO`` counts only where it stands alone
    in a section.
    """
    return problems_of('DN102', view)


@rule('DN105', 'invalid-value', Severity.ERROR, Scope.ITEM, dead=True, history=True, by_note=True)
def invalid_value(view: NoteView) -> Iterator[Report]:
    """A value is not of the type that its option has, or an option is unknown.

    **Why.** What can't be read can't be checked, linked or counted: the item stands in no table where it should.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled
           :remove-by: end of June

    **Use instead.** Plain::

        - Remove by: 2027-06-30

    Directive::

        .. feature-flag:: quick_deploy_enabled
           :remove-by: 2027-06-30

    **Limits.** The item is kept without the value. Rules that ask for what is not said keep silent on it, so that one
    mistake gives one finding.
    """
    return problems_of('DN105', view)


@rule('DN106', 'missing-argument', Severity.ERROR, Scope.ITEM, dead=True, history=True, by_note=True)
def missing_argument(view: NoteView) -> Iterator[Report]:
    """A directive does not say what it is about.

    **Why.** The argument is the identity: without it nothing can refer to the item, and it meets no other note's.

    **Example.** ::

        .. endpoint::
           :change: new

    **Use instead.** Plain::

        - POST /jobs - start a job

    Directive::

        .. endpoint:: POST /jobs
           :change: new

    **Limits.** Kinds whose argument may be absent, such as ``rollout``, are never reported.
    """
    return problems_of('DN106', view)


@rule('DN108', 'unread-bullet', Severity.WARNING, Scope.ITEM, by_note=True)
def unread_bullet(view: NoteView) -> Iterator[Report]:
    """Something in a section could not be turned into an item.

    **Why.** A bullet that a person understands and the reader does not is missing from every table and every check,
    and nobody would notice.

    **Example.** Under "New Endpoints"::

        - the usual job routes

    **Use instead.** Plain::

        - POST /jobs - start a job

    Directive::

        .. endpoint:: POST /jobs
           :purpose: Start a job.

    **Limits.** Prose is read only in the sections where the profile says so.
    """
    return problems_of('DN108', view)


@rule('DN109', 'wrong-section', Severity.INFO, Scope.ITEM, by_note=True)
def wrong_section(view: NoteView) -> Iterator[Report]:
    """An item stands below a heading that is another kind's.

    **Why.** Whoever looks for breaking changes reads the section of that name, and does not find the one that stands
    under "Backward Compatibility".

    **Example.** ::

        Backward Compatibility
        ----------------------

        .. breaking-change:: The field total is gone

    **Use instead.** Plain::

        ### Breaking Changes
        - The field `total` is gone

    Directive::

        Breaking Changes
        ----------------

        .. breaking-change:: The field total is gone

    **Limits.** Only headings count that the note's profile knows, neither those that gather other sections ("API /
    Interface Impacts") nor those that name the kind: a migration may stand under "Migrations" of the rollout. Of a
    plain note the reader takes what stands in a section for what belongs there, and finds nothing in the wrong one.
    """
    return problems_of('DN109', view)


@rule('DN112', 'lost-option', Severity.ERROR, Scope.ITEM, dead=True, history=True, by_note=True)
def lost_option(view: NoteView) -> Iterator[Report]:
    """An option was dropped, cut or taken for text because of how it is written.

    **Why.** reST and MyST each have places where an option silently turns into something else. The page looks right,
    and the value is gone.

    **Example.** An option below the blank line is text::

        .. endpoint:: POST /jobs

           :auth: editor

    **Use instead.** Plain::

        - POST /jobs
          - Auth: editor

    Directive::

        .. endpoint:: POST /jobs
           :auth: editor

    **Limits.** Only names that are options of the directive are looked for. Rules that ask for what is not said keep
    silent on the item.
    """
    return problems_of('DN112', view)


RULES = (placeholder_left, invalid_value, missing_argument, unread_bullet, wrong_section, lost_option)
