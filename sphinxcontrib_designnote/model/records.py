"""The records that capture makes and everything else reads. Frozen, without docutils, cheap to pickle."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation

#: What an option's text becomes. A ``state`` or ``switch`` is a string; dates are dates; lists are tuples.
Value: TypeAlias = str | bool | datetime.date | tuple[str, ...]
Origin: TypeAlias = Literal['directive', 'template']
SlotState: TypeAlias = Literal['items', 'none', 'prose', 'empty', 'missing']


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """A rule that an author silences on one item, or in one note."""

    #: Code or name, as written.
    rule: str
    #: Empty where the author gave none.
    reason: str
    #: Where the author wrote it.
    location: SourceLocation = field(compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One statement of a note, about one thing."""

    #: Unique in the project, apart from mistakes (DN202).
    id: str
    kind: str
    #: The natural identity as written: ``POST /api/v1/x``, ``Deployment.auto_configured``, a title.
    key: str
    title: str
    #: What the note does to the thing; ``None`` when the note does not say.
    change: str | None
    service: str | None
    release: str | None
    #: Id of the note.
    note: str
    docname: str
    location: SourceLocation
    #: HTML id on the page; the id, made safe.
    anchor: str
    origin: Origin
    #: Option key (underscores) to typed value; only what was stated.
    fields: Mapping[str, Value]
    #: Option key to its line; ``"body"`` to the line on which the body starts.
    lines: Mapping[str, int]
    #: The body as text, code in backticks, line breaks as in the source.
    body: str
    #: Id of the item that it stands in.
    parent: str | None
    #: Something that the author wrote could not be read: rules about what is missing keep silent.
    incomplete: bool
    ignore: tuple[Ignore, ...]
    #: Put before an endpoint's path where the note groups its endpoints by path; ``None`` for the note's.
    base_path: str | None = None
    #: Titles of the sections that it stands in, innermost first.
    sections: tuple[str, ...] = ()

    def text(self, name: str) -> str | None:
        """Return the field *name* if it is text."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool | None:
        """Return the field *name* if it is a boolean."""
        value = self.fields.get(name)
        return value if isinstance(value, bool) else None

    def date(self, name: str) -> datetime.date | None:
        """Return the field *name* if it is a date."""
        value = self.fields.get(name)
        return value if isinstance(value, datetime.date) else None

    def names(self, name: str) -> tuple[str, ...]:
        """Return the field *name* if it is a list, else an empty one."""
        value = self.fields.get(name)
        return value if isinstance(value, tuple) else ()

    def says(self, *names: str) -> bool:
        """Whether any of the fields *names* was stated."""
        return not self.fields.keys().isdisjoint(names)

    def at(self, name: str) -> SourceLocation:
        """Location of the field *name* (``"body"`` for the body), else of the item."""
        line = self.lines.get(name)
        return self.location if line is None else SourceLocation(path=self.location.path, line=line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A role in the text of a page that names an item."""

    #: Kind that the role is for; ``None`` for ``:dn:item:``.
    kind: str | None
    target: str
    location: SourceLocation


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A table or a picture that a page asks for, as its author wrote it; what could not be read is left out."""

    #: Name of the directive.
    name: str
    argument: str
    options: Mapping[str, str]
    location: SourceLocation


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """Something that no note states and that items implement."""

    #: Unique among requirements; also its HTML id.
    id: str
    #: As the tool that keeps it calls its sort: ``req``.
    type: str
    title: str
    status: str | None = None
    #: ``None`` where another project states it.
    docname: str | None = None
    location: SourceLocation | None = None
    #: Where it is, when it is on no page of this project.
    url: str | None = None
    #: Items are to implement it.
    wanted: bool = False

    @property
    def anchor(self) -> str:
        """HTML id on the page."""
        return self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Everything that one page states.

    A page that is no note but uses roles, holds items or shows views is kept in the same form, with *marked* false.
    """

    id: str
    title: str
    docname: str
    location: SourceLocation
    anchor: str
    #: The page says that it is a note.
    marked: bool
    #: Options of ``design-note``, as in :attr:`Item.fields`, and their lines.
    fields: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    incomplete: bool = False
    #: Put before a path that does not begin with it.
    base_path: str = ''
    #: Slots whose heading stands on the page, and what is below it besides items.
    headings: Mapping[str, SlotState] = field(default_factory=dict)
    #: Slot to the line of its heading.
    heading_lines: Mapping[str, int] = field(default_factory=dict)
    #: Slot to what its section says in prose that no item has for its own.
    prose: Mapping[str, str] = field(default_factory=dict)
    #: In document order.
    items: tuple[Item, ...] = ()
    mentions: tuple[Mention, ...] = ()
    #: In document order.
    views: tuple[View, ...] = ()
    #: Distinct names that the page's prose may hold, sorted: ``POST /x``, ``a_word``; ``/x`` and `` `word` `` for code,
    #: ``word table`` for a word that stands beside such a noun.
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: How many stand on the page, without comments, code blocks and tables of contents.
    words: int = 0

    @property
    def status(self) -> str | None:
        """One of the statuses of ``design-note``, or ``None``."""
        value = self.fields.get('status')
        return value if isinstance(value, str) else None

    @property
    def is_dead(self) -> bool:
        """Rejected, withdrawn or superseded: it declares nothing."""
        return self.status in ('rejected', 'withdrawn', 'superseded')

    @property
    def is_open(self) -> bool:
        """Neither dead nor implemented: something can still be done about it."""
        return not self.is_dead and self.status != 'implemented'

    def names(self, name: str) -> tuple[str, ...]:
        """Return the field *name* if it is a list, else an empty one."""
        value = self.fields.get(name)
        return value if isinstance(value, tuple) else ()

    def at(self, name: str) -> SourceLocation:
        """Location of the field *name*, else of the note."""
        line = self.lines.get(name)
        return self.location if line is None else SourceLocation(path=self.location.path, line=line)
