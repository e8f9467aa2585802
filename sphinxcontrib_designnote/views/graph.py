"""``traceability-graph``: what is linked with a thing, or what a note states, as a picture."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sphinxcontrib_designnote.diagnostics import accepted, quote
from sphinxcontrib_designnote.model.records import Item, Note, View
from sphinxcontrib_designnote.model.schema import NOTE, Vocabulary
from sphinxcontrib_designnote.model.values import split_names
from sphinxcontrib_designnote.relations.facts import FACTS, passes
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import NAME_LENGTH, Cell, Column, Row, Table, cut
from sphinxcontrib_designnote.tables.gather import demand, one
from sphinxcontrib_designnote.views.content import (
    DIRECTIONS,
    ENGINES,
    Arrow,
    Complaint,
    Content,
    Picture,
    Sources,
    Thing,
    check_filter,
    plain,
)

#: Of more than this nobody sees anything, and Graphviz takes seconds and then minutes.
MOST_THINGS, MOST_ARROWS = 200, 400
_DEEPEST = 5
#: From a column to its entity; no link of the vocabulary, as nobody has to state it.
PART_OF = 'part-of'
#: Kinds whose items only hold others.
_HOLDERS = frozenset({'rollout', 'test-plan', 'approach', 'no-impact'})
#: Kinds whose items are shown as what they stand in, unless they are asked for.
_PARTS = frozenset({'field', 'constraint'})
_COLUMNS = (Column(title='Kind'), Column(title='Name', style='code'), Column(title='Links'))


def check_graph(argument: str, options: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Complaint]:
    """Yield what is wrong with the options; whether the argument names anything shows when all pages are read."""
    if _depth(options, 0) is None:
        yield 'depth', f'{quote(options["depth"])} is no depth; write a number from 0 to {_DEEPEST}'
    for option, what, known in (
        ('kinds', 'kind of item', tuple(vocabulary.kinds)),
        ('links', 'type of link', (*vocabulary.links, PART_OF)),
    ):
        for name in split_names(options.get(option, '')):
            if name not in known:
                yield option, f'{quote(name)} is no {what}{accepted(name, known)}'
    yield from check_filter(options, FACTS)
    yield from check_look(options)


def check_look(options: Mapping[str, str]) -> Iterator[Complaint]:
    """Yield what is wrong with the options that every picture of things and arrows has."""
    for option, known in (('engine', ENGINES), ('direction', DIRECTIONS)):
        if option in options and options[option] not in known:
            yield option, f'{quote(options[option])} is no {option}{accepted(options[option], known)}'


def make_graph(view: View, note: Note, sources: Sources) -> Content:
    """Make the picture of what is linked with what the argument names, or of what the page itself states."""
    graph, options = sources.graph, view.options
    about = find(view.argument, note, graph)
    if about is None:
        return (plain(f'No note states anything about {quote(view.argument)}.'),)
    net = _Net(graph, about, options)
    nearest = net.around(_depth(options, 0 if isinstance(about, Note) else 1) or 0)
    picture = net.picture(cut(options.get('title', graph.name(about.id)), NAME_LENGTH), nearest, options)
    return limited(picture, 'a smaller depth, kinds, links or a filter') if picture.things else (plain(_NOTHING),)


_NOTHING = 'Nothing to show.'


def find(written: str, note: Note, graph: Graph) -> Item | Note | None:
    """Return what the argument of a view on the page *note* names: the page itself where it is empty."""
    return graph.names.find(written, note, tuple(graph.vocabulary.kinds)).found if written else note


def limited(picture: Picture, means: str) -> Content:
    """Cut *picture*, whose first things matter most, to what can be looked at, and say so.

    :param means: what an author can show less by.
    """
    things = picture.things[:MOST_THINGS]
    shown = {thing.id for thing in things}
    between = [arrow for arrow in picture.arrows if arrow.source in shown and arrow.target in shown]
    arrows = tuple(between[:MOST_ARROWS])
    if len(things) == len(picture.things) and len(arrows) == len(picture.arrows):
        return (picture,)
    said = f'{len(things)} of {len(picture.things)} things and {len(arrows)} of {len(picture.arrows)} links'
    smaller = replace(picture, things=things, arrows=arrows)
    return (smaller, plain(f'The picture shows {said}; {means} would show fewer. The table has them all.'))


def _depth(options: Mapping[str, str], default: int) -> int | None:
    written = options.get('depth', str(default))
    return int(written) if written in map(str, range(_DEEPEST + 1)) else None


class _Net:
    """Things, each of which stands for all statements about it, and the links between them."""

    def __init__(self, graph: Graph, about: Item | Note, options: Mapping[str, str]) -> None:
        self.graph = graph
        self.kinds = frozenset(split_names(options.get('kinds', '')))
        self.links = frozenset(split_names(options.get('links', '')))
        self.passes = passes(options.get('filter'), graph)
        #: Dead notes declare nothing, unless it is one of them that is looked at.
        self.home = about.note if isinstance(about, Item) else about.id
        items = about.items if isinstance(about, Note) else [about]
        #: What the picture is about is shown as it is, whatever its kind.
        self.central = frozenset(self._statements(about.id)) if isinstance(about, Item) else frozenset()
        self.thing = functools.cache(self._thing)
        inside = [
            part for item in items for part in (graph.parts.get(item.id, ()) if item.kind in _HOLDERS else [item])
        ]
        first = [self.thing(item.id) for item in inside] + ([about.id] if isinstance(about, Note) else [])
        self.first = [thing for thing in dict.fromkeys(first) if thing is not None]

    def _thing(self, id_: str) -> str | None:
        """Return the id of the item or note that stands for the one with the id *id_*; ``None`` where none is shown."""
        item = self.graph.items.get(id_)
        if item is None:
            known = id_ in self.graph.notes and (not self.kinds or NOTE in self.kinds) and self.passes(id_)
            return id_ if known else None
        while item.kind in _PARTS and not (item.kind in self.kinds or item.id in self.central):
            if (owner := self.graph.items.get(item.parent or '')) is None:
                break
            item = owner
        if item.kind in _HOLDERS or (self.graph.note_of(item).is_dead and item.note != self.home):
            return None
        is_shown = item.id in self.central or ((not self.kinds or item.kind in self.kinds) and self.passes(item.id))
        subject = self.graph.subject_of.get(item.id)
        return (subject.introduction.id if subject is not None else item.id) if is_shown else None

    def _statements(self, id_: str) -> Iterable[str]:
        """Return the ids of all statements about the thing with the id *id_*."""
        subject = self.graph.subject_of.get(id_)
        return [item.id for item in subject.impacts] if subject is not None else [id_]

    def arrows(self, thing: str) -> Iterator[tuple[str, str, str]]:
        """Yield source, target and type of each link of *thing*."""
        for source, target, type_ in self._stated(thing):
            ends = self.thing(source), self.thing(target)
            if ends[0] is not None and ends[1] is not None and ends[0] != ends[1] and thing in ends:
                yield ends[0], ends[1], type_

    def _stated(self, thing: str) -> Iterator[tuple[str, str, str]]:
        """Yield the links of all statements about *thing*, and of what stands in them."""
        graph = self.graph
        said = list(self._statements(thing))
        for id_ in [*said, *(part.id for each in said for part in graph.parts.get(each, ()))]:
            for link in (*graph.outgoing.get(id_, ()), *graph.incoming.get(id_, ())):
                if not self.links or link.type in self.links:
                    yield link.source, link.target, link.type
            item = graph.items.get(id_)
            if item is not None and item.parent is not None and (not self.links or PART_OF in self.links):
                yield id_, item.parent, PART_OF

    def around(self, depth: int) -> list[str]:
        """Return what is linked over *depth* links with what the picture is about, nearest first."""
        found = dict.fromkeys(self.first)
        edge = self.first
        for _ in range(depth):
            ends = (end for thing in edge for source, target, _ in self.arrows(thing) for end in (source, target))
            edge = [end for end in dict.fromkeys(ends) if end not in found]
            found |= dict.fromkeys(edge)
        return list(found)

    def picture(self, title: str, shown: Iterable[str], options: Mapping[str, str]) -> Picture:
        """Make the picture of the things *shown*; a note is there for its links, and nothing without them."""
        place = {thing: index for index, thing in enumerate(shown)}
        types: dict[tuple[str, str], set[str]] = {}
        for thing in place:
            for source, target, type_ in self.arrows(thing):
                if source in place and target in place:
                    types.setdefault((source, target), set()).add(type_.replace('-', ' '))
        linked = {end for ends in types for end in ends}
        things = tuple(self._shown(thing) for thing in place if thing in self.graph.items or thing in linked)
        ordered = sorted(types, key=lambda ends: (place[ends[0]], place[ends[1]]))
        arrows = tuple(Arrow(source=a, target=b, label=', '.join(sorted(types[a, b]))) for a, b in ordered)
        return Picture(
            title=title,
            things=things,
            arrows=arrows,
            table=_table(title, things, arrows),
            engine=options.get('engine', ENGINES[0]),
            direction=options.get('direction', DIRECTIONS[0]),
        )

    def _shown(self, thing: str) -> Thing:
        item = self.graph.items.get(thing)
        kind = item.kind if item is not None else NOTE
        # An authorization is called as what it guards, which stands at the end of its arrow.
        name = demand(item) if item is not None and kind == 'authorization' else self.graph.name(thing)
        return Thing(
            id=thing,
            name=cut(name, NAME_LENGTH),
            kind=kind,
            label=cut(self.graph.vocabulary.kinds[kind].label, NAME_LENGTH),
            central=not self.central.isdisjoint(self._statements(thing)),
        )


def _table(title: str, things: Iterable[Thing], arrows: Iterable[Arrow]) -> Table:
    """Say the same in words: a row a thing, and what leads from it."""
    names = {thing.id: thing.name for thing in things}
    leads: dict[str, list[Cell]] = {id_: [] for id_ in names}
    for arrow in arrows:
        leads[arrow.source].append(Cell(text=f'{arrow.label} {names[arrow.target]}', target=arrow.target))
    rows = tuple(
        Row(cells=(one(thing.label), (Cell(text=thing.name, target=thing.id),), tuple(leads[thing.id])))
        for thing in things
    )
    return Table(name='links', title=title, columns=_COLUMNS, rows=rows, located=False)
