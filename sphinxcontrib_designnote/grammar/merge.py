"""What a note states twice, in two ways, is one item: in a directive and in plain words, in a table and in detail."""

from __future__ import annotations

from collections.abc import Sequence

from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.identity import endpoint_identity, entity_identity, name_identity, slug
from sphinxcontrib_designnote.model.schema import ArgumentType, Identity

#: Arguments of things that one note may speak of in several places of its plain text.
_REPEATED = frozenset({ArgumentType.HTTP_TARGET, ArgumentType.NAME, ArgumentType.DECLARATION, ArgumentType.CONSTRAINT})
#: Carriers that give the details of what others list.
_DETAILED = frozenset({Form.HEADING, Form.BOLD})


def merged(stated: Sequence[Draft], found: Sequence[tuple[Draft, Block]], base_path: str) -> list[tuple[Draft, Block]]:
    """Return those of *found* that are items of their own; the others complete what states the same.

    :param stated: items of directives; what they say wins.
    """
    firsts: dict[tuple[object, ...], tuple[Draft, Block | None]] = {}
    for draft in stated:
        firsts.setdefault(_identity(draft, base_path), (draft, None))
    #: Dropped draft to the one that stands for it.
    instead: dict[int, Draft] = {}
    kept: list[tuple[Draft, Block]] = []
    kinds = {draft.kind.name for draft in stated}
    for draft, block in found:
        if draft.parent is not None and id(draft.parent) in instead:
            draft.parent = instead[id(draft.parent)]
        if draft.kind.name not in kinds and draft.kind.argument not in _REPEATED:
            kept.append((draft, block))
            continue
        key = _identity(draft, base_path)
        first, at = firsts.get(key, (None, None))
        if first is None or not _says_the_same(first, at, draft, block):
            firsts.setdefault(key, (draft, block))
            kept.append((draft, block))
            continue
        instead[id(draft)] = first
        _complete(first, draft)
    return kept


def _identity(draft: Draft, base_path: str) -> tuple[object, ...]:
    kind, key = draft.kind, draft.argument.key
    owner = id(draft.parent) if draft.parent is not None and kind.identity is Identity.PARENT else None
    if kind.argument is ArgumentType.HTTP_TARGET:
        method, path = draft.fields.get('method'), draft.fields.get('path')
        key = endpoint_identity(str(method) if method else None, str(path), base_path) if path else key
    elif kind.name == 'entity':
        key = entity_identity(name_identity(key), {})
    elif kind.argument is ArgumentType.NONE:
        key = ''
    elif kind.argument not in (ArgumentType.NAME, ArgumentType.DECLARATION):
        key = slug(key)
    qualifier = draft.fields.get(kind.qualifier.replace('-', '_')) if kind.qualifier else None
    return (kind.name, owner, key, qualifier)


def _says_the_same(first: Draft, at: Block | None, draft: Draft, block: Block) -> bool:
    """Whether *draft* says again what *first* has said; two bullets of one list are two statements."""
    if first.change is not None and draft.change is not None and first.change != draft.change:
        return False
    if at is None:  # a directive
        return True
    if first.kind.argument in (ArgumentType.HTTP_TARGET, ArgumentType.NAME) and first.kind.subject:
        return (at.form in _DETAILED) != (block.form in _DETAILED) or at.form != block.form
    return first.kind.argument in (ArgumentType.DECLARATION, ArgumentType.CONSTRAINT) and at.form != block.form


def _complete(first: Draft, draft: Draft) -> None:
    for name, value in draft.fields.items():
        if name not in first.fields:
            first.fields[name] = value
            if name in draft.lines:
                first.lines[name] = draft.lines[name]
    for name, said in draft.stated.items():
        first.stated.setdefault(name, said)
    if draft.body and draft.body not in first.body:
        first.body = f'{first.body}\n{draft.body}' if first.body else draft.body
        first.lines.setdefault('body', draft.lines.get('body', draft.location.line))
    first.ignore += tuple(each for each in draft.ignore if each not in first.ignore)
    first.problems += [problem for problem in draft.problems if problem not in first.problems]
