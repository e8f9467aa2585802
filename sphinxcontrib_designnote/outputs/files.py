"""How outputs reach the disk: whole or not at all; and the tables as CSV and Markdown."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.tables import Row, Table

#: What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"), the full-width forms included.
_FORMULA = ('=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20')
_MARKDOWN = re.compile(r'[\\`|*_\[\]~#!]')
_HTML = {'&': '&amp;', '<': '&lt;', '>': '&gt;'}


def write_atomically(path: Path, data: bytes) -> bool:
    """Put *data* at *path*, and folders above it; a reader sees the old file or the new one, never half of one.

    :return: whether anything was written: a file that already holds *data* is left alone, its time included.
    :raises OSError: as writing does; nothing is left behind then.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True


def table_csv(table: Table, context: ExportContext) -> bytes:
    """Return *table* as CSV in UTF-8, with the source of each row, and the addresses that are configured, behind it.

    Several things in one cell are joined by ``"; "``. What a spreadsheet would run begins with an apostrophe.
    """
    places = _place_columns(table, context)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow([column.title for column in table.columns] + places)
    for row in table.rows:
        place = _place(row, context)
        cells = ['; '.join([part.text for part in cell]) for cell in row.cells] + [place[name] for name in places]
        writer.writerow([_defused(cell) for cell in cells])
    return text.getvalue().encode('utf-8', 'replace')


def _place_columns(table: Table, context: ExportContext) -> list[str]:
    """Columns that say where a row comes from."""
    if not table.located:
        return []
    return ['Source', *(['Source URL'] if context.source_url else []), *(['Page URL'] if context.page_url else [])]


def _place(row: Row, context: ExportContext) -> dict[str, str]:
    place = {'Source': row.source}
    if context.source_url:
        place['Source URL'] = (row.location and context.source_link(row.location)) or ''
    if context.page_url:
        place['Page URL'] = context.page_link(row.docname, row.anchor) or ''
    return place


def _defused(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def table_markdown(table: Table, context: ExportContext) -> bytes:
    """Return *table* as a Markdown pipe table under its title; nothing that an author wrote is markup in it."""
    places = _place_columns(table, context)[:1]
    titles = [column.title for column in table.columns] + places
    lines = [f'# {_escaped(table.title)}', '', _line(titles), _line(['---'] * len(titles))]
    for row in table.rows:
        cells = ['; '.join(_escaped(part.text) for part in cell) for cell in row.cells]
        lines.append(_line(cells + ([_markdown_place(row, context)] if places else [])))
    return ('\n'.join(lines) + '\n').encode('utf-8', 'replace')


def _line(cells: list[str]) -> str:
    return f'| {" | ".join(cells)} |'


def _escaped(text: str) -> str:
    """Escape what Markdown, its tables and HTML would act on. Cells hold no line ends: :mod:`.tables` sees to that."""
    return re.sub('[&<>]', lambda match: _HTML[match[0]], _MARKDOWN.sub(r'\\\g<0>', text))


def _markdown_place(row: Row, context: ExportContext) -> str:
    source, url = _escaped(row.source), row.location and context.source_link(row.location)
    page = context.page_link(row.docname, row.anchor) if context.page_url else None
    return (f'[{source}](<{_address(url)}>)' if url else source) + (f' ([page](<{_address(page)}>))' if page else '')


def _address(url: str) -> str:
    return url.replace('|', '%7C').replace('<', '%3C').replace('>', '%3E')
