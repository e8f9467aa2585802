"""DN1xx: is the note complete, and does it agree with itself?"""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation, did_you_mean, quote
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.subjects import entity_change, noun
from sphinxcontrib_designnote.rules.suppression import Idle
from sphinxcontrib_designnote.rules.unreadable import problems_of


@rule('DN101', 'missing-section', Severity.WARNING, Scope.NOTE, asks=True)
def missing_section(view: NoteView) -> Iterator[Report]:
    """A section that the profile requires is missing: no heading, no item, no None.

    **Why.** A reviewer can't tell "there is nothing to say" from "nobody thought of it". The sections that are most
    often left out, audit and authorization, are those that hurt most later.

    **Example.** A note that ends after "Data Model Impacts" says nothing about audit::

        ## Data Model Impacts
        ...

    **Use instead.** Plain::

        ### Audit Fields
        None. The endpoint only reads.

    Directive::

        .. no-impact:: audit

           The endpoint only reads.

    **Options.** The note's profile says which sections are required, of all notes or of those begun from some day or
    release on; ``design-note`` requires all but ``interfaces``.

    **Limits.** Only pages that say that they are a note are looked at. A heading with nothing under it is DN107.
    """
    if not view.note.marked:
        return
    states = view.slot_states()
    for section in view.settings.profiles.required(view.note):
        if all(states.get(slot, 'missing') == 'missing' for slot in section.slots):
            fix = f"add the section, or the directive 'no-impact' with '{section.slots[0]}' and the reason"
            message = f'the note says nothing about {_words(section.name)}; {fix}'
            yield Report(message=message, about=view.note, detail=section.name)


@rule('DN103', 'none-without-reason', Severity.INFO, Scope.ITEM, kinds=('no-impact',))
def none_without_reason(item: Item, view: NoteView) -> Iterator[Report]:
    """A section says None, and does not say why.

    **Why.** "None" alone reads the same whether somebody checked or nobody did. Half a sentence of reason shows which.

    **Example.** ::

        ### Breaking Changes
        None.

    **Use instead.** Plain::

        ### Breaking Changes
        None. All changes are additive.

    Directive::

        .. no-impact:: breaking-changes

           All changes are additive.

    **Limits.** Any text counts as a reason. An item of which something could not be read is left alone.
    """
    if not item.body.strip() and not item.incomplete:
        message = f'{quote(_words(item.key))} says None without a reason; add half a sentence that says why'
        yield Report(message=message, about=item)


@rule('DN104', 'none-contradicted', Severity.ERROR, Scope.NOTE)
def none_contradicted(view: NoteView) -> Iterator[Report]:
    """A section says None, and the note states what would belong there.

    **Why.** One of the two is wrong, and readers who stop at the None never see the other.

    **Example.** ::

        .. no-impact:: new-endpoints

        .. endpoint:: POST /jobs
           :change: new

    **Use instead.** In either form, drop the None where the statement is right, else the statement. Plain::

        ### New Endpoints
        - POST /jobs - start a job

    Directive::

        .. endpoint:: POST /jobs
           :change: new

    **Limits.** Judged on items, never on words. What is stated as ``existing`` does not contradict. An item that does
    not say what it changes contradicts only when every section that it could stand in says None.
    """
    nones: dict[str, Item] = {}
    for item in view.of('no-impact'):
        nones.setdefault(item.key, item)
    said: dict[str, list[Item]] = {}
    for item in view.note.items if nones else ():
        slots = _slots(item, view)
        if slots and all(slot in nones for slot in slots):
            said.setdefault(slots[0], []).append(item)
    for slot, items in said.items():
        more = f' and {len(items) - 1} more' if len(items) > 1 else ''
        states = f'{noun(items[0])}{more}'
        message = f'{quote(_words(slot))} says None, and the note states {states}; remove the one that is wrong'
        yield Report(message=message, about=nones[slot], related=tuple(item.location for item in items[:10]))


def _slots(item: Item, view: NoteView) -> list[str]:
    """Return the sections in which *item* could stand, the likeliest first; none where it changes nothing."""
    kind = view.graph.vocabulary.kinds.get(item.kind)
    if kind is None or item.parent is not None:
        return []
    change = entity_change(item, view) if item.kind == 'entity' else view.change(item)
    if change == 'existing':
        return []
    likeliest = kind.slot(change)
    slots = [likeliest] if likeliest else []
    if item.change is None:
        slots += [slot for slot in kind.slots.values() if slot not in slots]
    return slots


@rule('DN107', 'empty-section', Severity.WARNING, Scope.NOTE, asks=True)
def empty_section(view: NoteView) -> Iterator[Report]:
    """A heading of the template has nothing under it but comments.

    **Why.** An empty section looks finished in the table of contents and says nothing.

    **Example.** ::

        ### Audit Fields
        <!-- What gets logged? -->

    **Use instead.** Plain::

        ### Audit Fields
        - Log `job.started` with user and job id

    Directive::

        .. audit-event:: job.started
           :fields: user_id, job_id

    **Limits.** A section whose items stand elsewhere in the note is not empty.
    """
    yield from problems_of('DN107', view)
    reported = {problem.location.line for problem in view.note.problems if problem.code == 'DN107'}
    states = view.slot_states()
    for slot in view.note.headings:
        line = view.note.heading_lines.get(slot, view.note.location.line)
        if states[slot] == 'empty' and line not in reported:
            reported.add(line)  # a heading may stand for several slots
            at = SourceLocation(path=view.note.location.path, line=line)
            message = f"{quote(_words(slot))} has a heading and nothing under it; write it, or 'None' and the reason"
            yield Report(message=message, about=view.note, at=at, detail=slot)


@rule('DN110', 'note-too-long', Severity.OFF, Scope.NOTE, thresholds={'max-words': 1000})
def note_too_long(view: NoteView) -> Iterator[Report]:
    """The note has more words than somebody reads with care.

    **Why.** The template asks for one or two pages. Of a note of ten, reviewers read the first two, and the decision
    that mattered stood on the seventh.

    **Example.** A note of 2400 words that retells the protocol which it uses::

        ## Approach Summary
        OAuth 2.0 is a protocol that ...

    **Use instead.** In either form, say what is decided, and link to the rest::

        ## Approach Summary
        Clients log in with OAuth 2.0, as docs/login.md describes.

    **Options.** ``max-words``, the most words that a note may have: 1000, unless ``designnote_thresholds`` or the
    note's profile says otherwise. The rule is off by default.

    **Limits.** Comments, code blocks and tables of contents do not count. Only pages that say that they are a note are
    looked at.
    """
    most = view.settings.threshold('max-words', view.note)
    if view.note.marked and view.note.words > most:
        fix = 'cut it, or move the details to a page of their own and link to it'
        yield Report(message=f'the note has {view.note.words} words, and may have {most}; {fix}', about=view.note)


@rule('DN111', 'unused-ignore', Severity.WARNING, Scope.ENGINE)
def unused_ignore(idle: Idle, settings: RuleSettings) -> Iterator[Report]:
    """A suppression silences nothing, or names no rule.

    **Why.** What it was written for has been mended, or was never there. Left in place, it hides the next defect of
    that kind, which nobody has looked at.

    **Example.** The endpoint says who may call it::

        .. endpoint:: GET /health
           :auth: public
           :ignore: DN301 (public health check)

    **Use instead.** Drop it. Plain::

        - GET /health - answers 204
          - Auth: public

    Directive::

        .. endpoint:: GET /health
           :auth: public

    **Limits.** Silent on what could not speak here: rules that are turned off, have not been run, do not look at notes
    of this status, or depend on the day, and items of which something was lost. Silent in notes that are implemented or
    dead, as nobody rewrites those. A suppression of this rule is never reported.
    """
    if idle.code is None:
        names = [name for each in settings.rules for name in (each.code, each.name)]
        fix = did_you_mean(idle.ignore.rule, names) or '; write the code or the name of one'
        message = f'{quote(idle.ignore.rule)}, which is to be silenced, is no rule{fix}'
    else:
        about = 'the note' if isinstance(idle.about, Note) else noun(idle.about)
        message = f'{quote(idle.ignore.rule)} has nothing to silence on {about}; delete the suppression'
    yield Report(message=message, about=idle.about, at=idle.ignore.location, detail=idle.ignore.rule)


def _words(slot: str) -> str:
    return slot.replace('-', ' ')


RULES = (missing_section, none_without_reason, none_contradicted, empty_section, note_too_long, unused_ignore)
