"""What a rule is, what it is given and what it says.

A rule is a pure function of its scope; :mod:`.engine` runs it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation
from sphinxcontrib_designnote.grammar.profile import Profile, Profiles
from sphinxcontrib_designnote.grammar.profiles import builtin_profiles
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.meaning import LinkHistory
from sphinxcontrib_designnote.rules.baseline import Baseline

T = TypeVar('T')


class Scope(StrEnum):
    """What a rule looks at. It reads nothing else, so that only what changed need be run again."""

    ITEM = 'item'
    NOTE = 'note'
    SUBJECT = 'subject'
    PROJECT = 'project'
    #: Raised by the engine itself.
    ENGINE = 'engine'


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSettings:
    """What configuration tells the rules."""

    today: datetime.date
    #: The date was set by somebody; findings that depend on a date that was not are info.
    today_is_fixed: bool = True
    #: Release to its day; one that is not here has no date.
    release_dates: Mapping[str, datetime.date] = field(default_factory=dict)
    #: What each note is read with, and must say.
    profiles: Profiles = field(default_factory=builtin_profiles)
    #: All rules that the project has.
    rules: tuple[Rule, ...] = ()
    #: Rule code to the severity that configuration gives it; it counts for more than a note's profile.
    severities: Mapping[str, Severity] = field(default_factory=dict)
    #: Globs of page names or files, each with what counts for more there; of several that match, the last one.
    severities_by_path: tuple[tuple[str, Mapping[str, Severity]], ...] = ()
    #: As above, for the numbers that rules measure by.
    thresholds: Mapping[str, int] = field(default_factory=dict)
    #: What the project has agreed to live with.
    baseline: Baseline = Baseline()  # noqa: RUF009 - it is frozen
    #: What the repository tells, if it was asked.
    link_history: LinkHistory = LinkHistory()  # noqa: RUF009 - as above
    _defaults: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, '_defaults', default_thresholds(self.rules))

    @property
    def releases(self) -> tuple[str, ...]:
        """Names of the releases, oldest first."""
        return tuple(sorted(self.release_dates, key=lambda name: (self.release_dates[name], name)))

    def severity(self, rule: Rule, note: Note | Requirement) -> Severity:
        """Return how bad findings of *rule* are in *note*; what no note states is read with the default profile."""
        for glob, severities in reversed(self.severities_by_path):
            names = [note.docname or '', note.location.path if note.location else '']
            if rule.code in severities and any(fnmatchcase(name, glob) for name in names):
                return severities[rule.code]
        return self._severity(rule, self.profiles.of_note(note) if isinstance(note, Note) else self.profiles.default)

    def _severity(self, rule: Rule, profile: Profile) -> Severity:
        return self.severities.get(rule.code) or profile.severities.get(rule.code) or rule.severity

    def threshold(self, name: str, note: Note) -> int:
        """Return the number *name* that *note* is measured by.

        :raises KeyError: when none of the rules declares it.
        """
        profile = self.profiles.of_note(note)
        for given in (self.thresholds, profile.thresholds):
            if name in given:
                return given[name]
        return self._defaults[name]

    def is_off(self, rule: Rule) -> bool:
        """Whether *rule* is turned off in every note that there may be."""
        profiles = (self.profiles.default, *self.profiles.by_name.values())
        found = {self._severity(rule, profile) for profile in profiles}
        found.update(each[rule.code] for _, each in self.severities_by_path if rule.code in each)
        return found == {Severity.OFF}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a rule says; the engine makes a :class:`Finding` of it."""

    message: str
    #: The item or note that must change; the requirement that nothing implements yet.
    about: Item | Note | Requirement
    #: Where; the location of *about* when absent.
    at: SourceLocation | None = None
    related: tuple[SourceLocation, ...] = ()
    #: Tells two reports on one item apart, without line numbers.
    detail: str = ''
    #: Several items share the defect, and *about* is but the first of them: *detail* says which defect it is.
    shared: bool = False
    #: It matters less here than the rule's severity says: info.
    mild: bool = False


class NoteView:
    """One note, and what the graph says of its own items."""

    __slots__ = ('_by_kind', '_made', 'graph', 'note', 'settings')

    def __init__(self, note: Note, graph: Graph, settings: RuleSettings) -> None:
        self.note = note
        self.graph = graph
        self.settings = settings
        by_kind: dict[str, list[Item]] = defaultdict(list)
        for item in note.items:
            by_kind[item.kind].append(item)
        self._by_kind: Mapping[str, Sequence[Item]] = dict(by_kind)
        self._made: dict[object, Any] = {}

    def once(self, make: Callable[[NoteView], T]) -> T:
        """Return what *make* makes of this view; several rules may ask for it, and it is made once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def forget(self) -> None:
        """Let go of what was made: it refers to this view, and only the collector would find out."""
        self._made.clear()

    def of(self, *kinds: str) -> Sequence[Item]:
        """Return the note's items of *kinds*, in page order within each kind."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        return [item for kind in kinds for item in self._by_kind.get(kind, ())]

    def change(self, item: Item) -> str | None:
        """Return what *item* does to its subject, as :meth:`Graph.change` tells."""
        return self.graph.change(item)

    def sources(self, item: Item, link_type: str) -> list[Item]:
        """Return the note's own items with a *link_type* link to *item*, or to another statement on its subject."""
        return [*self.once(_sources).get((link_type, _subject_id(item.id, self.graph)), {}).values()]

    def targets(self, item: Item, link_type: str) -> list[Item]:
        """Return what *item* has *link_type* links to; that may stand in any note."""
        return list(self.graph.targets(item.id, link_type))

    def slot_states(self) -> Mapping[str, str]:
        """Return what :func:`slot_states` says of the note."""
        return self.once(_slot_states)

    def parts(self, item: Item) -> Sequence[Item]:
        """Return the items that stand in *item*."""
        return self.graph.parts.get(item.id, ())

    def parent(self, item: Item) -> Item | None:
        """Return the item in which *item* stands."""
        return self.graph.items.get(item.parent) if item.parent else None


def _sources(view: NoteView) -> Mapping[tuple[str, str], Mapping[str, Item]]:
    """Index the note's own items by type of link and what it leads to; a thing may have as many statements as notes."""
    index: dict[tuple[str, str], dict[str, Item]] = defaultdict(dict)
    for item in view.note.items:
        for link in view.graph.outgoing.get(item.id, ()):
            index[link.type, _subject_id(link.target, view.graph)].setdefault(item.id, item)
    return dict(index)


def _slot_states(view: NoteView) -> Mapping[str, str]:
    return slot_states(view.note, view.graph)


def _subject_id(id_: str, graph: Graph) -> str:
    subject = graph.subject_of.get(id_)
    return subject.impacts[0].id if subject else id_


def slot_states(note: Note, graph: Graph) -> dict[str, str]:
    """Return, for each slot that the note says anything about, what it holds; ``missing`` for all others."""
    states: dict[str, str] = defaultdict(lambda: 'missing', note.headings)
    for item in note.items:
        if item.kind == 'no-impact' and states.get(item.key) != 'items':
            states[item.key] = 'none'
    for item in note.items:
        kind = graph.vocabulary.kinds.get(item.kind)
        if kind is not None and item.parent is None and (slot := kind.slot(graph.change(item))):
            states[slot] = 'items'
    return states


# A check takes what its scope names: (NoteView), (Item, NoteView), (Subject, Graph, RuleSettings),
# (Graph, RuleSettings), and of the engine's own (Idle, RuleSettings).
Check = Callable[..., Iterable[Report]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of the catalogue."""

    code: str
    name: str
    severity: Severity
    scope: Scope
    check: Check
    #: It asks for something not yet said: info in a draft, silent on an item of which something was lost.
    asks: bool = False
    #: The slot that answers what it asks for: it keeps silent where the note says None there, and why.
    answered_by: str = ''
    #: It looks at the date.
    clock: bool = False
    #: It applies to notes that are rejected, withdrawn or superseded too.
    dead: bool = False
    #: It applies to implemented notes: what it says, somebody should do today.
    history: bool = False
    #: Kinds of item, or of subject, that a rule of that scope is given; none for all.
    kinds: tuple[str, ...] = ()
    #: An item rule that is given the note at once: what it reports may stand in the note's own options, or it needs
    #: what stands around the item.
    by_note: bool = False
    #: Name to default of the numbers that it measures by; no other rule may declare the same name.
    thresholds: Mapping[str, int] = field(default_factory=dict)

    @property
    def doc(self) -> str:
        """The rule's documentation page, in reStructuredText."""
        return self.check.__doc__ or ''


def rule(code: str, name: str, severity: Severity, scope: Scope, **facts: Any) -> Callable[[Check], Rule]:
    """Make a :class:`Rule` of the function below. Registers nothing: each module lists its rules.

    :param facts: other attributes of the rule.
    :raises ValueError: when there is no such severity or scope.
    """

    def make(check: Check) -> Rule:
        return Rule(code=code, name=name, severity=Severity(severity), scope=Scope(scope), check=check, **facts)

    return make


def default_thresholds(rules: Iterable[Rule]) -> dict[str, int]:
    """Return the numbers that *rules* declare."""
    return {name: default for each in rules for name, default in each.thresholds.items()}
