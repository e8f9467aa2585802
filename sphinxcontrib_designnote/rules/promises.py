"""What clients were promised, and until when: DN304, DN305, DN310 and DN311."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.api import is_unknown
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import noun, statements

_API = ('endpoint', 'interface')
_EVERY_CHANGE = ('new', 'changed', 'deprecated', 'removed', 'existing')
#: Means by which old clients are still served when the old way is gone.
_OUTLIVING = frozenset({'shim', 'graceful-degradation'})


@rule('DN304', 'removed-without-deprecation', Severity.WARNING, Scope.SUBJECT, kinds=_API)
def removed_without_deprecation(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An endpoint or interface is removed, and no note before has deprecated it.

    **Why.** Clients need a release in which the old way still works and warns. Without one they learn of the removal
    when their calls fail.

    **Example.** The only note about ``GET /jobs/all``::

        .. endpoint:: GET /jobs/all
           :change: removed

    **Use instead.** Deprecate it first. Plain, under "Changed Endpoints"::

        - GET /jobs/all - deprecated, use GET /jobs
          - Sunset: 2027-03-31

    Directive::

        .. endpoint:: GET /jobs/all
           :change: deprecated
           :sunset: 2027-03-31

    **Limits.** An endpoint that was deprecated before there were notes says so with ``deprecated-in`` where it is
    removed. An earlier ``sunset`` is a deprecation too, and so are words of the endpoint and a compatibility statement
    about it that speak of one. What the same note introduces and removes was never out.
    """
    if is_unknown(subject, graph):
        return
    introduced_by = ''
    for item in subject.impacts:
        change = graph.change(item)
        if change == 'new':
            introduced_by = item.note
        if (
            change == 'deprecated'
            or _tells_of_deprecation(item, graph)
            or (item.says('sunset') and change != 'removed')
        ):
            return
        if change == 'removed':
            if item.note != introduced_by:
                fix = "deprecate it first, or say with ':deprecated-in:' since when it is"
                yield Report(message=f'{noun(item)} is removed, and no note has deprecated it; {fix}', about=item)
            return


def _tells_of_deprecation(item: Item, graph: Graph) -> bool:
    words = f'{item.text("purpose")} {item.body}'.casefold()
    covering = (each for each in graph.sources(item.id, 'covers') if not graph.note_of(each).is_dead)
    return (
        item.says('deprecated_in')
        or 'deprecat' in words
        or any(each.text('mechanism') == 'deprecation' for each in covering)
    )


@rule('DN305', 'sunset-too-soon', Severity.WARNING, Scope.SUBJECT, kinds=_API, thresholds={'deprecation-days': 90})
def sunset_too_soon(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """An endpoint or interface goes too soon after its deprecation, or before the sunset that was promised.

    **Why.** Clients plan by the date that they were given, and need the time to change, test and bring out a release.

    **Example.** Release 26.05 is of 19 May, and 26.08 of 18 August::

        .. endpoint:: GET /jobs/all
           :change: deprecated
           :release: 26.05
           :sunset: 2026-06-30

    **Use instead.** Plain::

        - GET /jobs/all - deprecated
          - Sunset: 2026-09-30

    Directive::

        .. endpoint:: GET /jobs/all
           :change: deprecated
           :sunset: 2026-09-30

    **Options.** ``deprecation-days``, the days that clients are given: 90, unless ``designnote_thresholds`` or the
    note's profile says otherwise.

    **Limits.** Days are those of ``designnote_releases``: an endpoint is deprecated and removed on the day of the
    release that does it. Where a release has no date, or none is stated, nothing is said. A later note may state
    another sunset; the latest counts. A removal at a sunset that was too soon is reported once, at the sunset, as long
    as that can be changed.
    """
    deprecated: _Day | None = None
    sunset: _Day | None = None
    told = False
    for item in subject.impacts:
        note, change = graph.note_of(item), graph.change(item)
        days, release = settings.threshold('deprecation-days', note), settings.release_dates.get(item.release or '')
        if deprecated is None and (change == 'deprecated' or item.says('deprecated_in')):
            since = item.text('deprecated_in')
            day = settings.release_dates.get(since) if since else release
            deprecated = _Day(day=day, at=item.at('deprecated_in'))
        if (stated := item.date('sunset')) is not None:
            sunset = _Day(day=stated, at=item.at('sunset'))
            if deprecated is not None and deprecated.days_until(stated) < days:
                told = told or note.is_open
                yield _too_soon(item, f'may be gone on {stated}', deprecated, sunset, days)
                continue
        if change != 'removed' or release is None:
            continue
        fact, removal = f'is removed in {item.release}, on {release}', _Day(day=release, at=item.location)
        if sunset is not None and removal.days_until(sunset.day) > 0:
            message = f'{noun(item)} {fact}, before its sunset {sunset.day}; remove it in a later release'
            yield Report(message=message, about=item, related=(sunset.at,))
        elif deprecated is not None and not told and deprecated.days_until(release) < days:
            yield _too_soon(item, fact, deprecated, removal, days)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Day:
    """A day, and where it is stated."""

    #: ``None`` for that of a release of which ``designnote_releases`` does not tell it.
    day: datetime.date | None
    at: SourceLocation

    def days_until(self, end: datetime.date | None) -> float:
        """Return the days from this one to *end*; without end where one of them is not known."""
        return math.inf if self.day is None or end is None else (end - self.day).days


def _too_soon(item: Item, fact: str, deprecated: _Day, end: _Day, days: int) -> Report:
    given = deprecated.days_until(end.day)
    when = f'{abs(given)} days {"before" if given < 0 else "after"} its deprecation'
    message = f'{noun(item)} {fact}, {when}; give clients {days} days'
    related = (deprecated.at,) if deprecated.at != end.at else ()
    return Report(message=message, about=item, at=end.at, related=related)


@rule('DN310', 'promise-overdue', Severity.WARNING, Scope.SUBJECT, kinds=(*_API, 'entity'), clock=True, history=True)
def promise_overdue(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """The day until which something old was to work is past, and nothing has removed it.

    **Why.** What should be gone is still paid for: kept in mind, tested, guarded. And clients learn that a sunset of
    ours means nothing.

    **Example.** Implemented in 2025, and the year is 2027::

        .. endpoint:: GET /jobs/all
           :change: deprecated
           :sunset: 2026-09-01

    **Use instead.** Remove it, and tick off the step that did. Plain::

        4. [x] Remove GET /jobs/all

    Directive::

        .. rollout-step:: Remove GET /jobs/all
           :action: remove
           :done: 2026-09-08

    **Limits.** Counted are the ``sunset`` of an endpoint or interface, and that of a breaking change that affects it as
    long as the break is still to come; and the ``until`` of a compatibility statement that covers an endpoint, an
    interface, an entity or such a breaking change. Of several days the latest counts. What ends it: a step that removes
    it and is done, or an implemented note that removes it; and where a compatibility statement or a breaking change
    gives the day, any implemented note after that one which changes it. Nothing is said while a removal is planned for
    a release that is not out.
    """
    promises = [promise for impact in subject.impacts for promise in _promises(impact, graph)]
    last = max(promises, key=lambda promise: promise.day, default=None)
    if last is not None and last.day < settings.today and not _is_kept(last, subject, graph, settings):
        breaks = last.by.kind == 'breaking-change'
        due, done = ('was due on', 'carried it out') if breaks else ('was to end on', 'removed it')
        fix = 'do so and state the step as done, or give a new date'
        message = f'{noun(last.by)} {due} {last.day}, and nothing implemented or done has {done}; {fix}'
        yield Report(message=message, about=last.by, at=last.at)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Promise:
    """A day until which something works, and the item that states it."""

    by: Item
    day: datetime.date
    at: SourceLocation


def _promise(item: Item) -> Iterator[_Promise]:
    option = 'until' if item.kind == 'compatibility' else 'sunset'
    if (day := item.date(option)) is not None:
        yield _Promise(by=item, day=day, at=item.at(option))


def _promises(impact: Item, graph: Graph) -> Iterator[_Promise]:
    """Yield what was promised about the subject of *impact*, by that and by what stands beside it."""
    breaking = list(graph.sources(impact.id, 'affects'))
    yield from _promise(impact)
    for item in breaking if impact.kind in _API else ():
        # Once its note is implemented, a break has come; what is only deprecated goes later.
        still = item.note == impact.note and graph.change(impact) == 'deprecated'
        if still or graph.note_of(item).is_open:
            yield from _promise(item)
    for item in (impact, *breaking):
        for statement in graph.sources(item.id, 'covers'):
            if not graph.note_of(statement).is_dead:
                yield from _promise(statement)


def _is_kept(promise: _Promise, subject: Subject, graph: Graph, settings: RuleSettings) -> bool:
    """Whether what *promise* is about has ended, or will in a release that is not out."""
    for item in (promise.by, *subject.impacts):
        for step in graph.sources(item.id, 'removes'):
            done = step.fields.get('done')
            if done is True or (isinstance(done, datetime.date) and done <= settings.today):
                return True
    later = False
    for item in subject.impacts:
        change, release = graph.change(item), settings.release_dates.get(item.release or '')
        implemented = graph.note_of(item).status == 'implemented'
        if change == 'removed' and (implemented or (release is not None and release >= settings.today)):
            return True
        if later and implemented and promise.by.kind not in _API and change in ('changed', 'modified', 'new'):
            return True
        later = later or item.note == promise.by.note
    return False


@rule('DN311', 'sunset-mismatch', Severity.ERROR, Scope.NOTE)
def sunset_mismatch(view: NoteView) -> Iterator[Report]:
    """An endpoint, a breaking change and a compatibility statement of one note give different days for one end.

    **Why.** Clients read one of the three, and plan by it.

    **Example.** ::

        .. endpoint:: GET /jobs/all
           :change: deprecated
           :sunset: 2026-09-01

        .. compatibility:: The old list answers as before
           :covers: GET /jobs/all
           :until: 2026-12-31

    **Use instead.** Plain::

        - GET /jobs/all answers as before until 2026-09-01

    Directive::

        .. compatibility:: The old list answers as before
           :covers: GET /jobs/all
           :until: 2026-09-01

    **Limits.** Several breaking changes of one endpoint may come on several days; it is enough that one of them has the
    endpoint's. A ``shim`` or a ``graceful-degradation`` may outlive what it stands in for. One finding for each
    endpoint (or breaking change), at the first statement that differs; the others are related.
    """
    told: set[str] = set()
    for ends, breaks, holds in _groups(view):
        odd = [each for each in _odd(ends, breaks, holds) if each.by.id not in told]
        if not odd or any(end.by.id in told for end in ends):
            continue
        told.update(each.by.id for each in odd)
        first, *others = sorted(odd, key=lambda each: each.at)
        other = next(each for each in (*ends, *breaks) if each.day != first.day)
        place = 'another statement on it' if other.by.key == first.by.key else noun(other.by)
        message = f'{noun(first.by)} says {first.day}, and {place} {other.day}; state one day'
        related = (other.at, *(each.at for each in others[:10]))
        yield Report(message=message, about=first.by, at=first.at, related=related)


_Promises = list[_Promise]


def _groups(view: NoteView) -> Iterator[tuple[_Promises, _Promises, _Promises]]:
    """Yield the days of what ends, of breaking changes that affect it, and of statements that cover it.

    What ends is an endpoint or interface, or then each breaking change by itself.
    """

    def promises(items: Iterable[Item]) -> _Promises:
        return [promise for item in items for promise in _promise(item)]

    for endpoint, items in statements(view, _API, _EVERY_CHANGE):
        breaking = view.sources(endpoint, 'affects')
        holds = {hold.id: hold for item in (endpoint, *breaking) for hold in view.sources(item, 'covers')}
        yield promises(items), promises(breaking), promises(holds.values())
    for item in view.of('breaking-change'):
        yield promises([item]), [], promises(view.sources(item, 'covers'))


def _odd(ends: _Promises, breaks: _Promises, holds: _Promises) -> Iterator[_Promise]:
    """Yield the promises of a group that differ from its first end, or where it has none from all breaking changes."""
    days = {promise.day for promise in (*ends, *breaks)}
    if ends:
        yield from (end for end in ends[1:] if end.day != ends[0].day)
        if all(each.day != ends[0].day for each in breaks):
            yield from breaks
    for hold in holds if days else ():
        outlives = hold.by.text('mechanism') in _OUTLIVING and hold.day > min(days)
        if hold.day not in days and not outlives:
            yield hold


RULES = (removed_without_deprecation, sunset_too_soon, promise_overdue, sunset_mismatch)
