"""``impact-timeline`` of all open notes: their steps in one order, what each waits for, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from sphinxcontrib_designnote.diagnostics import quote
from sphinxcontrib_designnote.model.records import Item, View
from sphinxcontrib_designnote.relations.facts import passes
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.rules.precedence import Why
from sphinxcontrib_designnote.rules.schedule import Before, schedule, waits
from sphinxcontrib_designnote.rules.steps import is_irreversible
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Row, Table, cut
from sphinxcontrib_designnote.tables.gather import Cells, columns, one, title_of
from sphinxcontrib_designnote.views.content import (
    ENGINES,
    Arrow,
    Content,
    Picture,
    Sources,
    Thing,
    plain,
)
from sphinxcontrib_designnote.views.graph import limited

_COLUMNS = columns(
    ('#', 'number'), 'Release', 'Step', ('Action', 'change'), 'Waits for', 'Way back',
    ('State', 'status'), 'Note',
)  # fmt: skip
#: Of more steps than this that a step waits for, a cell gives the number only.
_MOST_WAITS = 6
_STEP = 'rollout-step'


def make_plan(view: View, sources: Sources) -> Content:
    """Make the plan: what is done, then what is still to be done, and what has no order."""
    return _Plan(view.options, sources).content()


class _Plan:
    def __init__(self, options: Mapping[str, str], sources: Sources) -> None:
        self.graph: Graph = sources.graph
        self.gathered = sources.gathered
        self.options = options
        self.schedule = schedule(self.graph, sources.releases)
        self.waits = waits(self.graph, sources.releases)
        keep = passes(options.get('filter'), self.graph)
        steps = [step for step in self.gathered.live(_STEP) if self.graph.note_of(step).is_open and step.says('done')]
        steps.sort(key=lambda step: step.date('done') or datetime.date.min)
        self.release = {step.id: step.release for step in steps}
        self.release |= {planned.step.id: planned.release for planned in self.schedule.planned}
        steps += [planned.step for planned in self.schedule.planned]
        self.steps = [step for step in steps if keep(step.id)]

    def content(self) -> Content:
        """Make the picture with its table, and say what has no order."""
        if not self.steps:
            return (plain('Nothing to show.'),)
        title = cut(self.options.get('title', 'Rollout'), NAME_LENGTH)
        table = Table(
            name='plan',
            title=title,
            columns=_COLUMNS,
            rows=tuple(self.row(number, step) for number, step in enumerate(self.steps, start=1)),
            located=False,
        )
        things = tuple(self.things())
        picture = Picture(
            title=title,
            things=things,
            arrows=tuple(self.arrows({thing.id for thing in things})),
            table=table,
            folded=False,
            engine=self.options.get('engine', ENGINES[0]),
            direction=self.options.get('direction', 'TB'),
        )
        shown: Content = limited(picture, 'a filter') if picture.arrows else (table,)
        return (*shown, *map(plain, self.contradictions()))

    def row(self, number: int, step: Item) -> Row:
        """Make the row of a step."""
        done = step.date('done')
        state = f'done {done}' if done else 'done' if step.says('done') else 'planned'
        return self.gathered.row(
            step,
            one(str(number)),
            one(self.release[step.id]),
            title_of(self.gathered, step),
            one(step.text('action')),
            _waiting(self.waits.get(step.id, ())),
            one(self.way_back(step)),
            one(state),
            self.gathered.titles[step.note],
        )

    def way_back(self, step: Item) -> str | None:
        """Say how *step* is undone, or that it cannot be."""
        return 'irreversible' if is_irreversible(step, self.graph) else step.text('rollback')

    def things(self) -> Iterator[Thing]:
        """Yield the steps still to be done; each is called by its note too, where they are of several."""
        several = len({step.note for step in self.steps}) > 1
        for number, step in enumerate(self.steps, start=1):
            if not step.says('done'):
                note = f' ({self.graph.note_of(step).title})' if several else ''
                said = [str(number), step.text('action') or 'step']
                said += ['irreversible'] if is_irreversible(step, self.graph) else []
                yield Thing(id=step.id, name=cut(step.title + note, NAME_LENGTH), kind=_STEP, label=', '.join(said))

    def arrows(self, shown: set[str]) -> Iterator[Arrow]:
        """Yield from which step to which the way leads; that a step stands below another in its note goes unsaid."""
        for step in self.steps:
            for before in self.waits.get(step.id, ()) if step.id in shown else ():
                if before.first.id in shown:
                    written = all(reason.why is Why.WRITTEN for reason in before.reasons)
                    label = '' if written else cut(before.because, 40)
                    yield Arrow(source=before.first.id, target=step.id, label=label)

    def contradictions(self) -> Iterator[str]:
        """Yield what admits no order."""
        for circle in self.schedule.contradictions:
            pairs = (f'{quote(b.first.title)} before {quote(b.then.title)} ({b.because})' for b in circle)
            yield f'These admit no order (DN612): {"; ".join(pairs)}.'


def _waiting(befores: Sequence[Before]) -> Cells:
    named = tuple(
        Cell(text=cut(f'{before.first.title} ({before.because})', NAME_LENGTH), target=before.first.id)
        for before in befores[:_MOST_WAITS]
    )
    more = len(befores) - _MOST_WAITS
    return (*named, Cell(text=f'and {more} more')) if more > 0 else named
