"""What a rule is, and how rules are run.

A rule is a pure function of its scope. The engine decides everything else: which notes a rule looks at (lifecycle), how
bad its findings are (configuration, draft, clock), which are silenced, and that a rule that crashes takes no other
down.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.grammar.profile import Profile, Profiles
from sphinxcontrib_designnote.grammar.profiles import builtin_profiles
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph


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
    #: What each note is read with, and must say.
    profiles: Profiles = field(default_factory=builtin_profiles)
    #: All rules that the project has.
    rules: tuple[Rule, ...] = ()
    #: Rule code to the severity that configuration gives it; it counts for more than a note's profile.
    severities: Mapping[str, Severity] = field(default_factory=dict)
    #: As above, for the numbers that rules measure by.
    thresholds: Mapping[str, int] = field(default_factory=dict)
    _defaults: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, '_defaults', default_thresholds(self.rules))

    def severity(self, rule: Rule, profile: Profile) -> Severity:
        """Return how bad findings of *rule* are in notes of *profile*."""
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
        """Whether *rule* is turned off in notes of every profile."""
        profiles = (self.profiles.default, *self.profiles.by_name.values())
        return all(self.severity(rule, profile) is Severity.OFF for profile in profiles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a rule says; the engine makes a :class:`Finding` of it."""

    message: str
    #: The item or note that must change.
    about: Item | Note
    #: Where; the location of *about* when absent.
    at: SourceLocation | None = None
    related: tuple[SourceLocation, ...] = ()
    #: Tells two reports on one item apart, without line numbers.
    detail: str = ''
    #: It matters less here than the rule's severity says: info.
    mild: bool = False


class NoteView:
    """One note, and what the graph says of its own items."""

    __slots__ = ('_by_kind', 'graph', 'note', 'settings')

    def __init__(self, note: Note, graph: Graph, settings: RuleSettings) -> None:
        self.note = note
        self.graph = graph
        self.settings = settings
        by_kind: dict[str, list[Item]] = defaultdict(list)
        for item in note.items:
            by_kind[item.kind].append(item)
        self._by_kind = dict(by_kind)

    def of(self, *kinds: str) -> list[Item]:
        """Return the note's items of *kinds*, in page order within each kind."""
        return [item for kind in kinds for item in self._by_kind.get(kind, ())]

    def change(self, item: Item) -> str | None:
        """Return what *item* does to its subject, as :meth:`Graph.change` tells."""
        return self.graph.change(item)

    def sources(self, item: Item, link_type: str) -> list[Item]:
        """Return the note's own items with a *link_type* link to *item*, or to another statement on its subject."""
        subject = self.graph.subject_of.get(item.id)
        targets = [impact.id for impact in subject.impacts] if subject else [item.id]
        found = {source.id: source for target in targets for source in self.graph.sources(target, link_type)}
        return [source for source in found.values() if source.note == self.note.id]

    def targets(self, item: Item, link_type: str) -> list[Item]:
        """Return what *item* has *link_type* links to; that may stand in any note."""
        return list(self.graph.targets(item.id, link_type))

    def parts(self, item: Item) -> Sequence[Item]:
        """Return the items that stand in *item*."""
        return self.graph.parts.get(item.id, ())

    def parent(self, item: Item) -> Item | None:
        """Return the item in which *item* stands."""
        return self.graph.items.get(item.parent) if item.parent else None


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
# (Graph, RuleSettings).
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
    """Make a :class:`Rule` of the function below. Registers nothing: each module lists its rules."""

    def make(check: Check) -> Rule:
        return Rule(code=code, name=name, severity=severity, scope=scope, check=check, **facts)

    return make


def default_thresholds(rules: Iterable[Rule]) -> dict[str, int]:
    """Return the numbers that *rules* declare."""
    return {name: default for each in rules for name, default in each.thresholds.items()}


def run(rules: Sequence[Rule], graph: Graph, settings: RuleSettings) -> tuple[Finding, ...]:
    """Run *rules* over *graph*.

    :return: findings in the order of :attr:`Finding.sort_key`, silenced ones included and marked.
    """
    views = [NoteView(note, graph, settings) for note in graph.pages]
    findings: dict[tuple[str, ...], Finding] = {}
    for each in rules:
        if settings.is_off(each):
            continue
        try:
            for report in _reports(each, views, graph, settings):
                finding = _finding(each, report, graph, settings)
                if finding is not None:
                    findings.setdefault((*map(str, finding.sort_key), finding.detail), finding)
        except Exception as error:  # whatever a rule raises, the others still run
            finding = _crash(each, error, graph)
            findings[tuple(map(str, finding.sort_key))] = finding
    by_name = {name: r.code for r in rules for name in (r.code, r.name)}
    return tuple(sorted((_silenced(f, graph, by_name) for f in findings.values()), key=lambda f: f.sort_key))


def _reports(each: Rule, views: Sequence[NoteView], graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    if each.scope is Scope.PROJECT:
        yield from each.check(graph, settings)
    elif each.scope is Scope.SUBJECT:
        for subject in graph.subjects:
            yield from each.check(subject, graph, settings)
    elif each.scope is Scope.NOTE or each.by_note:
        for view in views:
            if _looks_at(each, view.note):
                yield from each.check(view)
    elif each.scope is Scope.ITEM:
        for view in views:
            if _looks_at(each, view.note):
                for item in view.note.items:
                    yield from each.check(item, view)


def _looks_at(each: Rule, note: Note) -> bool:
    """Whether the note's lifecycle lets the rule speak about it."""
    return note.is_open or each.dead or (each.history and not note.is_dead)


def _finding(each: Rule, report: Report, graph: Graph, settings: RuleSettings) -> Finding | None:
    about = report.about
    note = graph.notes[about.note] if isinstance(about, Item) else about
    if not _looks_at(each, note):
        return None
    if each.asks and isinstance(about, Item) and about.incomplete:
        return None
    if each.answered_by and any(i.kind == 'no-impact' and i.key == each.answered_by and i.body for i in note.items):
        return None
    severity = settings.severity(each, settings.profiles.of_note(note))
    if severity is Severity.OFF:
        return None
    if report.mild or (each.asks and note.status == 'draft') or (each.clock and not settings.today_is_fixed):
        severity = Severity.INFO
    return Finding(
        code=each.code,
        name=each.name,
        severity=severity,
        message=report.message,
        location=report.at or about.location,
        note=note.id,
        docname=note.docname,
        item=about.id if isinstance(about, Item) else None,
        related=report.related,
        detail=report.detail,
    )


def _crash(each: Rule, error: Exception, graph: Graph) -> Finding:
    first = next(iter(graph.pages), None)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f'{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}' if trace is not None else 'unknown place'
    return Finding(
        code='DN990',
        name='rule-crashed',
        severity=Severity.ERROR,
        message=f'{each.code} ({each.name}) crashed: {type(error).__name__}: {error} ({where}); please report it, '
        f'or turn the rule off with designnote_rules',
        location=first.location if first else SourceLocation(path='', line=1),
        note=None,
        docname=first.docname if first else None,
        detail=each.code,
    )


def _silenced(finding: Finding, graph: Graph, codes: Mapping[str, str]) -> Finding:
    """Mark *finding* when its item, an owner of the item, or its note silences the rule."""
    thing: Item | Note | None = graph.items.get(finding.item) if finding.item else None
    chain: list[Item | Note] = []
    while isinstance(thing, Item):
        chain.append(thing)
        thing = graph.items.get(thing.parent) if thing.parent else None
    if (note := graph.notes.get(finding.note or '')) is not None:
        chain.append(note)
    for holder in chain:
        for ignore in holder.ignore:
            if codes.get(ignore.rule, ignore.rule) in (finding.code, finding.name):
                return replace(finding, suppressed=ignore.reason or 'no reason given')
    return finding
