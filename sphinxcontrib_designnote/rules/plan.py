"""DN612 and DN613: what the rollouts of all notes together make of each other."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, quote
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.definition import Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.schedule import Before, schedule
from sphinxcontrib_designnote.rules.subjects import noun
from sphinxcontrib_designnote.rules.switching import Requirement, requirements
from sphinxcontrib_designnote.rules.timeline import Timeline

#: Pairs of steps that a message shows.
_SHOWN = 5


@rule('DN612', 'rollout-unsatisfiable', Severity.ERROR, Scope.PROJECT)
def rollout_unsatisfiable(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """The steps of the open notes admit no order.

    **Why.** Each note can be carried out, but not both. It shows on the day of the release, when one of them is half
    done.

    **Example.** The note "Order states" depends on "Order holds", of which a step says::

        .. rollout-step:: Run the migration of holds
           :after: Enable order states

    **Use instead.** Drop the one that is not so. Plain::

        1. Run the migration of holds

    Directive::

        .. rollout-step:: Run the migration of holds
           :after: Deploy the checkout

    **Limits.** A step comes behind what stands above it in its note (``after`` overrides that), behind what its
    ``after`` names, and behind the steps of earlier releases of ``designnote_releases``; its own release is the one
    stated on it, else the note's, but not earlier than that of a step above it. A note comes behind what the notes
    bring that it depends on or supersedes: they may clean up, check and announce later. Where steps of a note name
    steps of the other in ``after``, only those have to wait. What uses a table or column (``uses`` of an endpoint or
    interface, a change of the table, a foreign key) comes behind the migration of the other note that adds it. What is
    done is done: only an ``after`` that names a step which is not is reported. Steps of one note that come before its
    own migration are DN607's and DN608's, a flag that is on before another DN613's, a circle of one type of link
    DN204's. One finding for each contradiction that shares no stated reason with a shorter one; the shortest first.
    """
    for circle in schedule(graph, settings.releases).contradictions:
        several = len({before.first.note for before in circle}) > 1
        shown = [_pair(before, graph, with_notes=several) for before in circle[:_SHOWN]]
        shown += [f'and {len(circle) - _SHOWN} more'] if len(circle) > _SHOWN else []
        reason = min((reason for before in circle for reason in before.reasons), key=lambda reason: reason.why)
        places = [place for before in circle for place in (before.first.location, *(r.at for r in before.reasons))]
        yield Report(
            message=f'the rollout has no order: {", ".join(shown)}; change one of these',
            about=reason.by,
            at=reason.at,
            related=tuple(place for place in dict.fromkeys(places) if place != reason.at)[:20],
            detail=' '.join(sorted(before.first.id for before in circle)),
        )


def _pair(before: Before, graph: Graph, *, with_notes: bool) -> str:
    first, then = (
        quote(step.title) + (f' of {quote(graph.note_of(step).title, 40)}' if with_notes else '')
        for step in (before.first, before.then)
    )
    return f'{first} before {then} ({before.because})'


@rule('DN613', 'flag-requirement-broken', Severity.ERROR, Scope.PROJECT)
def flag_requirement_broken(graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """A flag is on while one that it requires is off.

    **Why.** The feature runs without what it stands on, in production, and nobody has tested that.

    **Example.** ``order_holds`` requires ``fraud_screening``::

        1. Enable `order_holds` for support
        2. Enable `fraud_screening` for all users

    **Use instead.** Plain::

        1. Enable `fraud_screening` for all users
        2. Enable `order_holds` for support

    Directive::

        .. rollout-step:: Enable holds for support
           :flag: order_holds
           :after: Enable fraud_screening

    **Limits.** The order is that of the schedule of all open notes, which puts the required flag first wherever nothing
    forbids it. A flag is on from the step that turns it on for anybody. Before its first step it is in its default
    state where an open note introduces it, else in the state that this step ends; where that is not known nothing is
    said. Where nothing ever turns the required flag on, and DN606 says so, nothing more is said. Also reported: a step
    that disables a flag while one that requires it is on, and a ``remove-by`` that lies behind that of a flag which is
    required; each once for a pair of flags. What is done is done.
    """
    required = requirements(graph)
    if not required:
        return
    timeline = Timeline(graph, schedule(graph, settings.releases))
    for each in required:
        yield from _turned_on_too_early(each, timeline, graph)
        yield from _turned_off_too_early(each, timeline, graph)
        yield from _removed_too_early(each, timeline, graph)


def _turned_on_too_early(pair: Requirement, timeline: Timeline, graph: Graph) -> Iterator[Report]:
    step = next((s for s in timeline.turned_on(pair.flag) if timeline.is_on(pair.required, s) is False), None)
    if step is None:
        return
    later = timeline.next_on(pair.required, step)
    if later is None and timeline.is_left_off(pair.required):
        return
    flag, required = graph.items[pair.flag], graph.items[pair.required]
    fix = f'move it below {quote(later.title)}' if later else f'add a step that enables {quote(required.key)} before'
    yield Report(
        message=f'{noun(step)} turns {noun(flag)} on while {noun(required)}, which it requires, is off; {fix}',
        about=step,
        related=(*([later.location] if later else []), pair.link.location),
        detail=f'{flag.key} {required.key}',
    )


def _turned_off_too_early(pair: Requirement, timeline: Timeline, graph: Graph) -> Iterator[Report]:
    step = next((s for s in timeline.turned_off(pair.required) if timeline.is_on(pair.flag, s)), None)
    if step is not None:
        flag, required = graph.items[pair.flag], graph.items[pair.required]
        fact = f'turns {noun(required)} off while {noun(flag)}, which requires it, is on'
        message = f'{noun(step)} {fact}; disable {quote(flag.key)} before'
        yield Report(message=message, about=step, related=(pair.link.location,), detail=f'{flag.key} {required.key}')


def _removed_too_early(pair: Requirement, timeline: Timeline, graph: Graph) -> Iterator[Report]:
    last, first = timeline.removal(pair.flag), timeline.removal(pair.required)
    if last is not None and first is not None and first[0] < last[0]:
        flag, required = last[1], first[1]
        fact = f'is there until {last[0]}, and {noun(required)}, which it requires, until {first[0]}'
        message = f'{noun(flag)} {fact}; remove it first, or keep the other'
        related = (required.at('remove_by'), pair.link.location)
        yield Report(message=message, about=flag, at=flag.at('remove_by'), related=related, detail=required.key)


RULES = (rollout_unsatisfiable, flag_requirement_broken)
