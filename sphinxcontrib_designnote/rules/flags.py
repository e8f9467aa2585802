"""DN601 to DN606 and DN609: flags, and whether they do what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.engine import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.steps import turns_on
from sphinxcontrib_designnote.rules.subjects import noun, statements

#: Flags that are meant to go away.
_PASSING = (None, 'release', 'experiment')


@rule('DN601', 'flag-without-default', Severity.WARNING, Scope.ITEM)
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
    if _is_new_flag(item, view) and not item.says('default') and not item.incomplete:
        yield Report(message=f"{noun(item)} has no default state; add ':default: off' or ':default: on'", about=item)


@rule('DN602', 'flag-without-owner', Severity.INFO, Scope.ITEM, asks=True)
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
    if _is_new_flag(item, view) and not item.says('owner'):
        yield Report(message=f"{noun(item)} has no owner; add ':owner:' with who removes it", about=item)


def _is_new_flag(item: Item, view: NoteView) -> bool:
    return item.kind == 'feature-flag' and view.change(item) == 'new'


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


RULES = (flag_without_default, flag_without_owner, flag_without_removal, flag_never_enabled)
