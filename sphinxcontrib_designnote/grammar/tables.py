"""Tables of a plain note: which column says what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sphinxcontrib_designnote.grammar.blocks import Block, plain, unmarked
from sphinxcontrib_designnote.grammar.reading import Context
from sphinxcontrib_designnote.grammar.roles import ROLES
from sphinxcontrib_designnote.model.schema import Kind, Option

_NOT_WORD = re.compile(r'[^\w?]+')
_EMPTY = frozenset({'', '-', '–', '—', 'n/a', 'none'})


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """A row, its cells sorted by what they say."""

    block: Block
    #: Role to text.
    roles: Mapping[str, str] = field(default_factory=dict)
    options: tuple[tuple[Option, str], ...] = ()
    #: ``Heading: cell`` of all others.
    texts: tuple[str, ...] = ()

    def get(self, *roles: str) -> str | None:
        """Return the text of the first of *roles* that the row has."""
        return next((self.roles[role] for role in roles if self.roles.get(role)), None)


def folded(heading: str) -> str:
    """Return the words of a column's heading as they are compared."""
    return ' '.join(_NOT_WORD.sub(' ', plain(heading).replace('_', ' ').casefold()).split())


def rows_of(table: Block, kind: Kind, context: Context) -> Iterator[TableRow]:
    """Yield the rows of a table about things of *kind*. Columns that a profile names go before our own names."""
    profile = {**context.reading.profile.columns, **context.section.columns}
    meanings: list[tuple[str, str | Option | None]] = []
    taken: set[str] = set()
    for heading in table.cells:
        words = folded(heading)
        role: str | Option | None = profile.get(words)
        if isinstance(role, str):
            role = kind.options.get(role, role)
        if role is None:
            role = ROLES.get(words)
        # "What" is a step among steps, and the purpose of an endpoint.
        if role is None or role == 'step' or (isinstance(role, str) and role in taken):
            role = kind.option_called(words) or role
        if isinstance(role, str):
            taken.add(role)
        meanings.append((unmarked(heading), role))
    for row in table.children:
        roles: dict[str, str] = {}
        options: list[tuple[Option, str]] = []
        rest: list[str] = []
        for index, cell in enumerate(row.cells):
            heading, meaning = meanings[index] if index < len(meanings) else ('', None)
            if cell.strip().casefold() in _EMPTY:
                continue
            if isinstance(meaning, Option):
                options.append((meaning, cell))
            elif meaning is not None:
                roles.setdefault(meaning, cell)
            else:
                rest.append(f'{heading}: {cell}' if heading else cell)
        yield TableRow(block=row, roles=roles, options=tuple(options), texts=tuple(rest))
