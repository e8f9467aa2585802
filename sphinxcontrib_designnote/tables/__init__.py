"""The traceability tables, as data: what they show. How they look is the business of who writes or renders them.

Here stands what a table is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sphinxcontrib_designnote.diagnostics import SourceLocation

#: Characters after which a cell is cut, the whole text being in the JSON; and a name that stands in another row.
CELL_LENGTH, NAME_LENGTH = 600, 120
#: How items and tables look in HTML. Relative to the static folder, as are the following.
STYLESHEET = 'designnote.css'
#: What sorts, filters and pages tables in HTML: the library, and what we say to it.
TABLE_SCRIPTS = ('vendor/datatables/dataTables.min.js', 'tables.js')
#: Styles of columns whose words are badges.
_BADGES = frozenset({'method', 'change', 'severity', 'status', 'mark'})
# Controls, surrogates, and what turns the direction of all text behind it.
_UNSAFE = re.compile('[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]')


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One thing in a cell: printable text on one line."""

    text: str
    #: Id of the item, note or requirement that it names.
    target: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column, and how what stands in it is best shown."""

    title: str
    #: ``text``, ``code``, ``number``, ``method``, ``change``, ``severity``, ``status``,
    #: ``date``, ``names`` or ``mark`` (yes or nothing).
    style: str = 'text'

    def is_badge(self, text: str) -> bool:
        """Whether *text* is shown as a badge: a word may be, a sentence is not."""
        return self.style in _BADGES and ' ' not in text


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row, and where it comes from."""

    #: One a column; each holds nothing, one thing or several.
    cells: tuple[tuple[Cell, ...], ...]
    #: Id of the item or note that the row is about.
    id: str | None = None
    location: SourceLocation | None = None
    docname: str | None = None
    #: HTML id on the page.
    anchor: str = ''

    @property
    def source(self) -> str:
        """``path:line``."""
        return cut(f'{self.location.path}:{self.location.line}') if self.location else ''


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table, sorted."""

    #: Name of its files.
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    #: Whether a row comes from a place in the sources.
    located: bool = True


def cut(text: str, length: int = CELL_LENGTH) -> str:
    """Return *text* on one line, of at most *length* characters, without what would upset a terminal or a page."""
    if len(text) > length or not text.isprintable():
        text = _UNSAFE.sub('\N{REPLACEMENT CHARACTER}', ' '.join(text[: 4 * length].split()))
        if len(text) > length:
            text = text[: length - 1].rstrip() + '…'
    return text
