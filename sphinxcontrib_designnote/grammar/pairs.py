"""Pairs that state one endpoint together: URL: /jobs and Method: GET, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.grammar.reading import (
    pair_of,
)
from sphinxcontrib_designnote.grammar.roles import ROLES
from sphinxcontrib_designnote.model.identity import METHODS, split_methods


def paired(blocks: Sequence[Block]) -> Iterator[Block]:
    """Join ``URL: /jobs`` and ``Method: GET``, in any order, and what is said behind them, to one block."""
    group: list[Block] = []
    seen: dict[str, str] = {}
    for block in blocks:
        pair = pair_of(block.text) if block.form in (Form.BULLET, Form.FIELD, Form.PARAGRAPH, Form.BOLD) else None
        if pair and not pair[1] and len(block.children) == 1:
            pair = (pair[0], block.children[0].text.strip())
        role = _role(pair) if pair else None
        if group and (pair is None or role in seen):
            yield from _joined(group, seen)
            group, seen = [], {}
        if role is not None and pair is not None:
            seen[role] = pair[1]
            group.append(block)
        elif group:
            group.append(block)
        else:
            yield block
    yield from _joined(group, seen)


def _role(pair: tuple[str, str]) -> str | None:
    if ROLES.get(pair[0]) == 'method':
        return 'method' if _methods_of(pair[1]) else None
    return 'path' if ROLES.get(pair[0]) == 'path' and _URL.match(pair[1]) else None


def _methods_of(value: str) -> tuple[str, ...]:
    """Read the methods of a pair, ``GET`` or ``GET (200, 400)``; none where something else stands there."""
    told = value.replace('`', '').partition('(')[0].strip(' .*').replace('/', ',')
    methods = split_methods(told)
    return methods if methods and all(each in METHODS for each in methods) else ()


#: A path, which specifications write without its first slash.
_URL = re.compile(r'`{0,2}(?P<path>/?(?!\w+://)[\w{<][^\s`]{0,200}|/)`{0,2}\s*(?:$|[(.,;])')


def _is_role(block: Block) -> bool:
    pair = pair_of(block.text)
    return pair is not None and (
        ROLES.get(pair[0]) == 'method' or (ROLES.get(pair[0]) == 'path' and _role(pair) is not None)
    )


def _joined(group: Sequence[Block], seen: dict[str, str]) -> Iterator[Block]:
    if 'method' not in seen or 'path' not in seen:
        yield from group
        return
    first = group[0]
    methods, url = ', '.join(_methods_of(seen['method'])), _URL.match(seen['path'])
    path = '/' + url['path'].strip('/.,') if url else seen['path']
    rest = tuple(b for b in group if not _is_role(b))
    below = tuple(child for b in group if _is_role(b) for child in b.children)
    yield replace(first, form=Form.FIELD, text=f'{methods} {path}', lead='', children=(*rest, *below))
