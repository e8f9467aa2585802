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
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any, TypeVar

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.grammar.profile import Profile, Profiles
from sphinxcontrib_designnote.grammar.profiles import builtin_profiles
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.relations.collector import at_rest
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.relations.meaning import LinkHistory
from sphinxcontrib_designnote.rules.baseline import Baseline
from sphinxcontrib_designnote.rules.suppression import Idle, Suppressions

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


@at_rest
def run(rules: Sequence[Rule], graph: Graph, settings: RuleSettings) -> tuple[Finding, ...]:
    """Run *rules* over *graph*.

    :return: findings in the order of :attr:`Finding.sort_key`, silenced ones included and marked; no two of them have
        the same fingerprint.
    """
    rules = [each for each in rules if not settings.is_off(each)]
    running = _Run(graph, settings, rules)
    by_scope = {scope: [each for each in rules if each.scope is scope] for scope in Scope}
    of_notes = (*by_scope[Scope.ITEM], *by_scope[Scope.NOTE])
    looking: dict[tuple[bool, bool], list[Rule]] = {}
    for note in graph.pages:  # note by note: what its rules have looked up together is then let go of
        view = NoteView(note, graph, settings)
        if (state := (note.is_open, note.is_dead)) not in looking:
            looking[state] = [each for each in of_notes if _looks_at(each, note)]
        for each in looking[state]:
            running.take(each, _scopes(each, view))
        view.forget()
    subjects: dict[str, list[Subject]] = defaultdict(list)
    for subject in graph.subjects:
        subjects[subject.kind].append(subject)
    for each in by_scope[Scope.SUBJECT]:
        of_kinds = chain.from_iterable(subjects[kind] for kind in each.kinds or list(subjects))
        running.take(each, ((subject, graph, settings) for subject in of_kinds))
    for each in by_scope[Scope.PROJECT]:
        running.take(each, [(graph, settings)])
    for each in by_scope[Scope.ENGINE]:
        running.take(each, ((idle, settings) for idle in running.idle()))
    found = _told_apart(sorted(running.findings.values(), key=lambda f: f.sort_key))
    return tuple(settings.baseline.silenced(finding) for finding in found)


class _Run:
    """What the rules have said so far."""

    def __init__(self, graph: Graph, settings: RuleSettings, rules: Sequence[Rule]) -> None:
        self.graph = graph
        self.settings = settings
        self.rules = {each.code: each for each in rules}
        self.crashed: set[str] = set()
        self.findings: dict[tuple[str, ...], Finding] = {}
        codes = {name: each.code for each in (*settings.rules, *rules) for name in (each.code, each.name)}
        self.suppressions = Suppressions(graph, codes)

    def take(self, each: Rule, scopes: Iterable[tuple[object, ...]]) -> None:
        """Make findings of what a rule says of each of *scopes*, which are what its check takes.

        A rule that raises is done with, and the others still run.
        """
        if each.code in self.crashed:
            return
        try:
            for scope in scopes:
                for report in each.check(*scope):
                    self._keep(_finding(each, report, self.graph, self.settings))
        except (Exception, SystemExit) as error:  # whatever a rule raises
            self.crashed.add(each.code)
            severity = self.settings.severities.get(rule_crashed.code, rule_crashed.severity)
            if severity is not Severity.OFF:
                finding = _crash(each, error, self.graph, severity)
                self.findings[tuple(map(str, finding.sort_key))] = finding

    def _keep(self, finding: Finding | None) -> None:
        key = (*map(str, finding.sort_key), finding.detail) if finding is not None else ()
        if finding is not None and key not in self.findings:
            self.findings[key] = self.suppressions.silenced(finding)

    def idle(self) -> Iterable[Idle]:
        """Return what silences nothing, though its rule has run."""
        return self.suppressions.idle(self._could_speak)

    def _could_speak(self, code: str, note: Note) -> bool:
        # What depends on the day may have something to silence tomorrow.
        each = self.rules.get(code)
        if each is None or each.scope is Scope.ENGINE or code in self.crashed:
            return False
        return not each.clock and self.settings.severity(each, note) is not Severity.OFF


def _scopes(each: Rule, view: NoteView) -> Sequence[tuple[object, ...]]:
    """Return what the check of a rule of items or notes takes in the note of *view*."""
    if each.scope is Scope.NOTE or each.by_note:
        return [(view,)]
    return [(item, view) for item in (view.of(*each.kinds) if each.kinds else view.note.items)]


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Number those of which a rule says nothing that tells them apart."""
    seen: dict[str, int] = defaultdict(int)
    for finding in findings:
        number = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        yield replace(finding, detail=f'{finding.detail}\0{number}') if number else finding


def _looks_at(each: Rule, note: Note) -> bool:
    """Whether the note's lifecycle lets the rule speak about it."""
    return note.is_open or each.dead or (each.history and not note.is_dead)


def _finding(each: Rule, report: Report, graph: Graph, settings: RuleSettings) -> Finding | None:
    _check(report, graph)
    about = report.about
    note = graph.notes[about.note] if isinstance(about, Item) else about
    if isinstance(note, Requirement):
        return _finding_of_requirement(each, report, note, settings)
    if not _looks_at(each, note):
        return None
    if each.asks and isinstance(about, Item) and about.incomplete:
        return None
    if each.answered_by and each.answered_by in graph.once(_answered, note.id):
        return None
    severity = settings.severity(each, note)
    if severity is Severity.OFF:
        return None
    if report.mild or (each.asks and note.status == 'draft') or (each.clock and not settings.today_is_fixed):
        severity = Severity.INFO
    return Finding(
        code=each.code,
        name=each.name,
        severity=severity,
        message=report.message,
        location=report.at or about.location or note.location,
        note=note.id,
        docname=note.docname,
        item=about.id if isinstance(about, Item) else None,
        related=tuple(report.related),
        detail=report.detail,
        shared=report.shared,
    )


def _answered(graph: Graph, note: str) -> frozenset[str]:
    """Return the slots of which *note* says None, and why."""
    return frozenset(item.key for item in graph.notes[note].items if item.kind == 'no-impact' and item.body)


def _finding_of_requirement(each: Rule, report: Report, about: Requirement, settings: RuleSettings) -> Finding | None:
    """Make a finding of no note, at the place of the requirement; of one that another project states there is none."""
    severity = settings.severity(each, about)
    if severity is Severity.OFF or about.location is None:
        return None
    return Finding(
        code=each.code,
        name=each.name,
        severity=severity,
        message=report.message,
        location=about.location,
        docname=about.docname,
        detail=about.id,
    )


def _check(report: object, graph: Graph) -> None:
    """Refuse what is no report, before anything relies on it."""
    if not isinstance(report, Report):
        raise TypeError(f'it gave {type(report).__name__} where a Report was expected')
    message: object = report.message
    about: object = report.about
    if not isinstance(message, str) or not isinstance(about, (Item, Note, Requirement)):
        raise TypeError('its Report has no text for a message, or is about neither an item nor a note')
    detail: object = report.detail
    if not isinstance(detail, str):
        raise TypeError(f'the detail of its Report is {detail!r}, and no text')
    for place in (*report.related, *(() if report.at is None else (report.at,))):
        if not _is_place(place):
            raise TypeError(f'its Report names the place {place!r}, which is no SourceLocation of a line of a file')
    known = graph.items if isinstance(about, Item) else graph.notes if isinstance(about, Note) else graph.requirements
    if about.id not in known:
        raise LookupError(f'it speaks about {about.id!r}, which no note states')


def _is_place(place: object) -> bool:
    if not isinstance(place, SourceLocation):
        return False
    path: object = place.path
    return isinstance(path, str) and type(place.line) is int and place.line > 0


@rule('DN990', 'rule-crashed', Severity.ERROR, Scope.ENGINE)
def rule_crashed(*_: object) -> Iterable[Report]:
    """A rule raised an error; what it would have found nobody knows.

    **Why.** A run in which a rule was lost must not look clean. The others still run, and what the rule said before
    stays.

    **Example.** A rule of the project that takes for granted what a note need not say::

        if 'admin' in item.fields['roles']:

    **Use instead.** Ask for it::

        if 'admin' in item.fields.get('roles', ()):

    A rule whose code begins with ``DN`` is ours: please report it, with the message, which names the place.

    **Limits.** It stands in no note, though its line is that of the first one: no ``:ignore:``, baseline or severity of
    some pages silences it.
    """
    return ()


def _crash(each: Rule, error: BaseException, graph: Graph, severity: Severity) -> Finding:
    first = next(iter(graph.pages), None)
    said, fix = ' '.join(str(error).split()), 'please report it' if each.code.startswith('DN') else 'mend it'
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f'{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}' if trace is not None else 'unknown place'
    return Finding(
        code=rule_crashed.code,
        name=rule_crashed.name,
        severity=severity,
        message=f'{each.code} ({each.name}) crashed: {type(error).__name__}: {said} ({where}); {fix}, or turn the rule '
        'off with designnote_rules',
        location=first.location if first else SourceLocation(path='', line=1),
        note=None,
        docname=first.docname if first else None,
        detail=each.code,
    )
