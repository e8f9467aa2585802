"""``impact-timeline``: what happens to a thing over notes, releases and dates; without a thing, to all that is open."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import quote
from sphinxcontrib_designnote.model.records import Item, Note, View
from sphinxcontrib_designnote.model.schema import NOTE, Vocabulary
from sphinxcontrib_designnote.relations.facts import FACTS, passes
from sphinxcontrib_designnote.relations.history import impact_order
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Table, cut
from sphinxcontrib_designnote.tables.derived import is_gone
from sphinxcontrib_designnote.tables.gather import columns, one
from sphinxcontrib_designnote.views.content import Complaint, Content, Moment, Sources, TimeLine, check_filter, plain
from sphinxcontrib_designnote.views.graph import check_look
from sphinxcontrib_designnote.views.plan import make_plan

_COLUMNS = columns(
    ('Date', 'date'), 'Release', ('What', 'code'), ('Change', 'change'), 'Note', ('State', 'status'),
)  # fmt: skip
_PROMISES = ('sunset', 'until', 'remove_by')
#: Of more days than this a line is no help.
_MOST_MOMENTS = 60


def check_timeline(argument: str, options: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield what is wrong with the options; whether the argument names anything shows when all pages are read."""
    yield from check_filter(options, FACTS)
    if argument:
        for option in ('engine', 'direction'):
            if option in options:
                yield option, f'what happens to one thing is drawn along its dates; leave {quote(option)} out'
    else:
        yield from check_look(options)


def make_timeline(view: View, note: Note, sources: Sources) -> Content:
    """Make the history of what the argument names, or the plan of all open notes."""
    if not view.argument:
        return make_plan(view, sources)
    kinds = tuple(kind for kind in sources.graph.vocabulary.kinds if kind != NOTE)
    about = sources.graph.names.find(view.argument, note, kinds).found
    if not isinstance(about, Item):
        return (plain(f'No note states anything about {quote(view.argument)}.'),)
    return _History(about, view.options, sources).content()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Event:
    """Something that an item says has happened, or will."""

    by: Item
    #: What it happens to, or the step by which.
    what: str
    change: str
    date: datetime.date | None
    release: str | None
    state: str
    done: bool


class _History:
    def __init__(self, about: Item, options: Mapping[str, str], sources: Sources) -> None:
        self.graph = sources.graph
        self.sources = sources
        self.options = options
        self.about = about
        self.subject = self.graph.subject_of.get(about.id)

    def content(self) -> Content:
        """Make the table, the line where there are days to draw, and what it comes to."""
        events = self.events()
        if not events:
            return (plain('Nothing to show.'),)
        title = cut(self.options.get('title', self.about.key), NAME_LENGTH)
        table = Table(
            name='timeline',
            title=title,
            columns=_COLUMNS,
            rows=tuple(
                self.sources.gathered.row(
                    event.by,
                    one(event.date.isoformat() if event.date else None),
                    one(event.release),
                    (Cell(text=cut(event.what, NAME_LENGTH), target=event.by.id),),
                    one(event.change),
                    self.sources.gathered.titles[event.by.note],
                    one(event.state),
                )
                for event in events
            ),
            located=False,
        )
        moments = tuple(sorted(self.moments(events), key=lambda moment: moment.date))
        has_line = len({moment.date for moment in moments}) > 1 and len(moments) <= _MOST_MOMENTS
        drawn = TimeLine(title=title, moments=moments, table=table) if has_line else table
        return (drawn, *map(plain, self.state()))

    def moments(self, events: Sequence[_Event]) -> Iterator[Moment]:
        """Yield the events that have a date."""
        for event in events:
            if event.date is not None:
                what = '' if event.what == self.about.key else f' {event.what}'
                said = f'{event.change}{what} \u00b7 {self.graph.note_of(event.by).title}'
                text = cut(said if event.done else f'{said} ({event.state})', NAME_LENGTH)
                yield Moment(date=event.date, text=text, id=event.by.id, done=event.done)

    def events(self) -> list[_Event]:
        """Return what happens, in the order of history."""
        statements = self.statements()
        about = [*statements, *(other for item in statements for other in self.said_of(item))]
        found = [self.impact(item) for item in statements]
        promises: dict[tuple[str, str, datetime.date | None], _Event] = {}
        for event in (event for item in about for event in self.promises(item)):
            promises.setdefault((event.what, event.change, event.date), event)  # once, by the first who promises it
        found += promises.values()
        found += {step.id: self.step(step) for item in statements for step in self.steps(item)}.values()
        keep = passes(self.options.get('filter'), self.graph)
        place = self.graph.lineage.place
        items = {event.by.id: event.by for event in found}
        written = sorted(items.values(), key=lambda item: (place[item.note], item.location.line))
        order = {item.id: index for index, item in enumerate(impact_order(written, place, self.sources.releases))}
        return sorted((event for event in found if keep(event.by.id)), key=lambda event: order[event.by.id])

    def statements(self) -> list[Item]:
        """Return all statements about the thing; of an entity also those about its columns."""
        if self.subject is None:
            return [self.about]
        found = list(self.subject.impacts)
        if self.about.kind == 'entity':
            form_of = self.graph.names.form_of
            form = form_of[self.about.id]
            for other in self.graph.subjects:
                if other.kind in ('field', 'constraint') and other.service == self.subject.service:
                    owner = self.graph.items.get(other.introduction.parent or '')
                    name = form_of[owner.id] if owner else form_of[other.introduction.id].rpartition('.')[0]
                    found += other.impacts if name == form and (owner is None or owner.kind == 'entity') else ()
        return found

    def said_of(self, item: Item) -> Iterator[Item]:
        """Yield what breaks *item*, or says how long it is kept."""
        for link_type in ('affects', 'covers'):
            yield from self.live(self.graph.sources(item.id, link_type))

    def steps(self, item: Item) -> Iterator[Item]:
        """Yield the steps that switch or remove *item*, or run a migration of it."""
        for link_type in ('switches', 'removes'):
            yield from self.live(self.graph.sources(item.id, link_type))
        for migration in self.graph.sources(item.id, 'migrates'):
            yield from self.live(self.graph.sources(migration.id, 'runs'))

    def live(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield those of *items* that do not stand in dead notes."""
        return (item for item in items if not self.graph.note_of(item).is_dead)

    def impact(self, item: Item) -> _Event:
        """Return that *item* says something of the thing; dated by its release, else by its note."""
        note = self.graph.note_of(item)
        created = note.fields.get('created')
        date = self.sources.release_dates.get(item.release or '') or created
        return _Event(
            by=item,
            what=item.key,
            change=self.graph.change(item) or 'stated',
            date=date if isinstance(date, datetime.date) else None,
            release=item.release,
            state=note.status or '',
            done=note.status == 'implemented',
        )

    def promises(self, item: Item) -> Iterator[_Event]:
        """Yield what *item* says that will be over, and when."""
        for name in _PROMISES:
            if (date := item.date(name)) is not None:
                kept = is_gone(self.sources.gathered, item)
                yield _Event(
                    by=item,
                    what=item.key,
                    change=name.replace('_', ' '),
                    date=date,
                    release=None,
                    state='kept' if kept else 'open',
                    done=kept,
                )

    def step(self, step: Item) -> _Event:
        """Return that *step* is done, or in which release it will be."""
        done = step.says('done') or self.graph.note_of(step).status == 'implemented'
        return _Event(
            by=step,
            what=step.title,
            change=step.text('action') or 'step',
            date=step.date('done') or self.sources.release_dates.get(step.release or ''),
            release=step.release,
            state='done' if done else 'planned',
            done=done,
        )

    def state(self) -> Iterator[str]:
        """Yield what the statements about the thing add up to."""
        if self.subject is None:
            return
        implemented = [item for item in self.subject.impacts if self.graph.note_of(item).status == 'implemented']
        now, planned = self.current(implemented), self.current(self.subject.impacts)
        if now == planned:
            yield f'Now: {now}.'
        else:
            yield f'Now: {now or "not there, as far as notes say"}. When all open notes are implemented: {planned}.'

    def current(self, impacts: Iterable[Item]) -> str | None:
        """Return the last of *impacts* that is more than a mention."""
        changes = [self.graph.change(item) or 'stated' for item in impacts]
        return next((change for change in reversed(changes) if change != 'existing'), changes[-1] if changes else None)
