"""DN601 to DN606 and DN609: flags, and whether they do what they are for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.definition import NoteView, Report, RuleSettings, Scope, rule
from sphinxcontrib_designnote.rules.steps import turns_on
from sphinxcontrib_designnote.rules.subjects import noun, statements

#: Flags that are meant to go away.
_PASSING = (None, 'release', 'experiment')
#: What a flag may gate: where their words name it, it does.
_GATED = ('endpoint', 'interface', 'entity', 'field', 'approach', 'migration', 'compatibility')
_FLAG = re.compile(r'\b(?:feature[ -]flag|flag)\b', re.IGNORECASE)
_NAME = re.compile(r'[^\W\d][\w.-]*')
#: A flag that is there to be turned off: it is rightly on.
_SWITCH_OFF = re.compile(r'(?:\b|_)(?:kill|emergenc|brake|breaker|legacy|old(?:\b|_))', re.IGNORECASE)
#: So many words say what a flag does; fewer are "(default: off)" and the like.
_SAYS_SOMETHING = 3
_LONGEST = 2000


@rule('DN601', 'flag-without-default', Severity.WARNING, Scope.ITEM, kinds=('feature-flag',))
def flag_without_default(item: Item, view: NoteView) -> Iterator[Report]:
    """A new flag does not say whether it is on or off by default.

    **Why.** The default is what everybody gets who is not listed anywhere, and what applies when the flag service is
    down.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled

    **Use instead.** Plain::

        Feature flag: `quick_deploy_enabled` (default: off)

    Directive::

        .. feature-flag:: quick_deploy_enabled
           :default: off

    **Limits.** A flag that the note only changes, removes or uses is left alone, and so is one of which something could
    not be read.
    """
    if view.change(item) == 'new' and not item.says('default') and not item.incomplete:
        yield Report(message=f"{noun(item)} has no default state; add ':default: off' or ':default: on'", about=item)


@rule('DN602', 'flag-without-owner', Severity.INFO, Scope.ITEM, kinds=('feature-flag',), asks=True)
def flag_without_owner(item: Item, view: NoteView) -> Iterator[Report]:
    """A new flag has no owner.

    **Why.** A flag that belongs to nobody is removed by nobody.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled
           :default: off

    **Use instead.** Plain::

        Feature flag: `quick_deploy_enabled` (default: off)
        - Owner: serving team

    Directive::

        .. feature-flag:: quick_deploy_enabled
           :default: off
           :owner: serving team

    **Limits.** The owners of the note are not the owner of the flag, which outlives it.
    """
    if view.change(item) == 'new' and not item.says('owner'):
        yield Report(message=f"{noun(item)} has no owner; add ':owner:' with who removes it", about=item)


def _new_passing_flags(view: NoteView) -> Iterator[tuple[Item, list[Item]]]:
    for flag, items in statements(view, ('feature-flag',), ('new',)):
        if flag.text('flag_type') in _PASSING:
            yield flag, items


@rule('DN603', 'flag-without-removal', Severity.INFO, Scope.NOTE, asks=True)
def flag_without_removal(view: NoteView) -> Iterator[Report]:
    """Nothing says when a new release or experiment flag goes.

    **Why.** Each flag that stays doubles the states to test, and the branch that nobody runs any more rots.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled
           :default: off

    **Use instead.** Plain::

        Feature flag: `quick_deploy_enabled` (default: off)
        - Remove by: 2027-06-30

    Directive::

        .. feature-flag:: quick_deploy_enabled
           :default: off
           :remove-by: 2027-06-30

    **Limits.** A rollout step that removes the flag will do. Flags of type ``ops`` and ``permission`` are meant to
    stay.
    """
    for flag, items in _new_passing_flags(view):
        if not any(item.says('remove_by') for item in items) and not view.sources(flag, 'removes'):
            message = f"{noun(flag)} is never removed; add ':remove-by:' or a rollout step that removes it"
            yield Report(message=message, about=flag)


@rule('DN604', 'flag-expired', Severity.WARNING, Scope.SUBJECT, kinds=('feature-flag',), clock=True, history=True)
def flag_expired(subject: Subject, graph: Graph, settings: RuleSettings) -> Iterator[Report]:
    """The day by which a flag was to be removed is past, and nothing says that it is gone.

    **Why.** Each day longer both branches are kept working, and one day somebody turns off a flag that nobody has
    turned off for a year.

    **Example.** Today is 2026-07-01::

        .. feature-flag:: quick_deploy_enabled
           :default: off
           :remove-by: 2026-03-31

    **Use instead.** Remove it, and say so: set the note that removes it to implemented, or mark its step as done.
    Plain::

        1. [x] Remove the `quick_deploy_enabled` flag

    Directive::

        .. rollout-step:: Remove the flag
           :removes: quick_deploy_enabled
           :done: 2026-03-24

    **Options.** ``designnote_today`` sets the date. Where nobody sets one, this is info: a build should not turn red
    overnight.

    **Limits.** Of several notes that give a date the latest counts. On the day itself the flag is not yet late. A note
    that will remove the flag does not make it any less late.
    """
    dated = [item for item in subject.impacts if item.date('remove_by') is not None]
    day = dated[-1].date('remove_by') if dated else None
    if day is None or day >= settings.today or _is_removed(subject, graph, settings.today):
        return
    removals = [item for item in subject.impacts if item.change == 'removed']
    fix = 'carry out the note that removes it' if removals else "remove it, or give it a new ':remove-by:'"
    message = f'{noun(dated[-1])} was to be removed by {day}, and is not; {fix}'
    related = tuple(item.location for item in removals)
    yield Report(message=message, about=dated[-1], at=dated[-1].at('remove_by'), related=related)


def _is_removed(subject: Subject, graph: Graph, today: datetime.date) -> bool:
    """Whether an implemented note removes the flag, or a step that is done."""
    for impact in subject.impacts:
        if impact.change == 'removed' and graph.note_of(impact).status == 'implemented':
            return True
        for step in graph.sources(impact.id, 'removes'):
            done = step.date('done')
            is_done = step.flag('done') or graph.note_of(step).status == 'implemented'
            if not graph.note_of(step).is_dead and (is_done or (done is not None and done <= today)):
                return True
    return False


@rule('DN605', 'flag-gates-nothing', Severity.WARNING, Scope.NOTE, asks=True)
def flag_gates_nothing(view: NoteView) -> Iterator[Report]:
    """A new flag gates nothing, by its own words or by those of what could be behind it.

    **Why.** Either the code will check a flag that the design does not know of, or nobody will, and turning it off in
    an incident does nothing.

    **Example.** ::

        .. endpoint:: POST /serving/auto-config
           :change: new

        .. feature-flag:: quick_deploy_enabled
           :default: off

    **Use instead.** Say it at either end. Plain::

        Feature flag: `quick_deploy_enabled` (default: off)
        - Gates: POST /serving/auto-config

    Directive::

        .. endpoint:: POST /serving/auto-config
           :change: new
           :flag: quick_deploy_enabled

    **Limits.** A mention will do: of an endpoint or interface in the flag's text, or of the flag in the text of what it
    may gate. So will ``when-enabled``, ``when-disabled`` and other words of what the flag does, on the flag or in the
    prose of its section: much that is behind a flag is no item of the note.
    """
    flags = [(flag, items) for flag, items in statements(view, ('feature-flag',), ('new',)) if not _gates(items, view)]
    if not flags:
        return
    texts = [text for item in view.of(*_GATED) for text in _texts(item)]
    named = {name.rstrip('.-') for text in texts for name in _NAME.findall(text)}
    any_flag = len({flag.key for flag in view.of('feature-flag')}) == 1 and any(map(_FLAG.search, texts))
    if len(view.note.prose.get('feature-flags', '').split()) >= _SAYS_SOMETHING:
        return  # it may be about any of them
    for flag, items in flags:
        if not (any_flag or flag.key in named or any(map(_says_what_it_does, items))):
            message = f"{noun(flag)} gates nothing; name what is behind it in ':gates:', or the flag there in ':flag:'"
            yield Report(message=message, about=flag)


def _gates(items: list[Item], view: NoteView) -> bool:
    links = (link for item in items for link in view.graph.outgoing.get(item.id, ()))
    return any(link.type == 'gates' for link in links)


def _texts(item: Item) -> Iterator[str]:
    yield item.title[:_LONGEST]
    yield item.body[:_LONGEST]
    for value in item.fields.values():
        if isinstance(value, str):
            yield value[:_LONGEST]


def _says_what_it_does(flag: Item) -> bool:
    return flag.says('when_enabled', 'when_disabled') or len(flag.body.split()) >= _SAYS_SOMETHING


@rule('DN606', 'flag-never-enabled', Severity.WARNING, Scope.NOTE)
def flag_never_enabled(view: NoteView) -> Iterator[Report]:
    """A new flag is off by default, and no step of the rollout turns it on.

    **Why.** The rollout ends, everybody takes the feature for delivered, and nobody has it.

    **Example.** ::

        Feature flag: `quick_deploy_enabled` (default: off)

        1. Deploy backend (feature flag off)
        2. Deploy frontend

    **Use instead.** Plain::

        3. Enable `quick_deploy_enabled` for all users

    Directive::

        .. rollout-step:: Enable for all users
           :action: enable
           :flag: quick_deploy_enabled

    **Limits.** Release and experiment flags, and only where there is a rollout. Turned on for some is turned on. A step
    that enables and names no flag means the note's only one.
    """
    steps = view.of('rollout-step')
    if not steps:
        return
    for flag, items in _new_passing_flags(view):
        off = any(item.text('default') == 'off' for item in items)
        if off and not any(turns_on(step) for step in view.sources(flag, 'switches')):
            message = f'{noun(flag)} is off by default, and no rollout step turns it on; add a step that enables it'
            yield Report(message=message, about=flag, related=(steps[0].location,))


@rule('DN609', 'default-on-release-flag', Severity.INFO, Scope.ITEM, kinds=('feature-flag',))
def default_on_release_flag(item: Item, view: NoteView) -> Iterator[Report]:
    """A new release flag is on by default.

    **Why.** The deployment is then the release, to everybody at once, and every environment that nobody configured has
    the feature too. That is what the flag was to prevent.

    **Example.** ::

        .. feature-flag:: quick_deploy_enabled
           :default: on

    **Use instead.** Plain::

        Feature flag: `quick_deploy_enabled` (default: off)

    Directive::

        .. feature-flag:: quick_deploy_enabled
           :default: off

    **Options.** ``:flag-type: ops`` says that it is a switch for emergencies, which is rightly on; ``experiment`` and
    ``permission`` are left alone too.

    **Limits.** A flag is for a release unless it says otherwise. One whose name or text speaks of a kill switch, of an
    emergency, or of the old way that it keeps, is left alone.
    """
    is_release = item.text('flag_type') in (None, 'release') and not _SWITCH_OFF.search(f'{item.key} {item.body}')
    if view.change(item) == 'new' and item.text('default') == 'on' and is_release:
        fix = "turn it off and enable it by a rollout step, or add ':flag-type: ops' if it is a switch for emergencies"
        yield Report(message=f'{noun(item)} is on by default; {fix}', about=item, at=item.at('default'))


RULES = (
    flag_without_default,
    flag_without_owner,
    flag_without_removal,
    flag_expired,
    flag_gates_nothing,
    flag_never_enabled,
    default_on_release_flag,
)
