"""How rules are run.

The engine decides all that a rule does not: which notes it looks at (lifecycle), how bad its findings are
(configuration, draft, clock), which are silenced, and that a rule that crashes takes no other down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.relations.collector import at_rest
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Rule, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.suppression import Idle, Suppressions


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
