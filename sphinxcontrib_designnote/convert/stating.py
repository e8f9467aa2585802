"""The directive that states what a draft says, and whether a bullet in its owner's body would say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.convert.snapshot import Statement
from sphinxcontrib_designnote.convert.writing import CannotWriteError, Directive, text_of, text_of_ignore
from sphinxcontrib_designnote.grammar.blocks import Block
from sphinxcontrib_designnote.grammar.bullets import read_bullets
from sphinxcontrib_designnote.grammar.steps import derive
from sphinxcontrib_designnote.model.drafts import Draft, read_drafts
from sphinxcontrib_designnote.model.schema import RECORD_OPTIONS, ArgumentType, Kind

_RECORD_OPTIONS = ('id', 'change', 'release', 'service', 'class')


def argument_of(draft: Draft) -> str:
    """Return the argument of the directive that states *draft*."""
    kind = draft.kind
    if kind.argument is ArgumentType.NONE:
        return ''
    return draft.argument.title


def options_of(draft: Draft) -> list[tuple[str, str]]:
    """Return all options that *draft* states, and what the words of its argument do not say anyway.

    :raises CannotWriteError: when a directive says more than the draft, or cannot say what it says.
    """
    written = argument_of(draft)
    (implied, *others) = read_drafts(draft.kind, written, {}, draft.location, parent=draft.parent)
    derive(implied)
    if (
        others
        or implied.problems
        or (implied.argument.key, implied.argument.title)
        != (
            draft.argument.key,
            draft.argument.title,
        )
    ):
        raise CannotWriteError(f'{draft.kind.name} {written!r}')
    if more := implied.fields.keys() - draft.fields.keys():
        raise CannotWriteError(f'{min(more)} of {draft.kind.name} {written!r}')
    stated = [(name, draft.stated[name]) for name in _RECORD_OPTIONS if name in draft.stated]
    if draft.ignore:
        stated.append(('ignore', text_of_ignore(draft.ignore)))
    for name, option in draft.kind.options.items():
        if name in RECORD_OPTIONS or option.key not in draft.fields:
            continue
        value = draft.fields[option.key]
        if implied.fields.get(option.key) != value:
            stated.append((name, text_of(option, value)))
    known = {option.key for option in draft.kind.options.values()} | implied.fields.keys()
    if unknown := draft.fields.keys() - known:
        raise CannotWriteError(f'{min(unknown)} of {draft.kind.name} {written!r}')
    return stated


def directive_of(draft: Draft, kinds: Mapping[str, Kind]) -> Directive:
    """Return the directive that states *draft*, without a body."""
    if draft.unread or draft.problems:
        raise CannotWriteError(f'{draft.kind.name} {draft.argument.title!r}')
    return Directive(kind=kinds[draft.kind.name], argument=argument_of(draft), options=options_of(draft))


def is_read_alike(
    kind: Kind, owner: Draft, bullet: Block | None, drafts: Sequence[Draft], kinds: Mapping[str, Kind]
) -> bool:
    """Whether *bullet*, in the body of the directive of *owner*, states *drafts*, which it states in a plain note."""
    if bullet is None or not (kind.bullets or 'field' in kind.parts):
        return False
    unsaid: dict[str, int] = {option.key: 0 for option in kind.options.values()}
    probe = replace(owner, problems=[], lines=unsaid | owner.lines)
    read = [draft for draft, _ in read_bullets(kind, [probe], [bullet], kinds)]
    return not probe.problems and len(read) == len(drafts) and all(map(is_same, read, drafts))


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts become equal items."""
    return (
        one.kind is other.kind
        and (one.argument.key, one.argument.title) == (other.argument.key, other.argument.title)
        and one.fields == other.fields
        and one.stated == other.stated
        and one.ignore == other.ignore
        and not one.problems
        and not other.problems
    )


def same_but_for_method(one: Statement, other: Statement) -> bool:
    """Whether two endpoints of one block differ in their method only: ``GET, POST /jobs``."""
    first, second = one.draft, other.draft
    if first.kind is not second.kind or first.kind.argument is not ArgumentType.HTTP_TARGET:
        return False
    without = [{k: v for k, v in draft.fields.items() if k != 'method'} for draft in (first, second)]
    return without[0] == without[1] and first.stated == second.stated and 'method' in second.fields
