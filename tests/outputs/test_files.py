from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from output_records import context_of

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.outputs.files import table_csv, table_markdown, write_atomically
from sphinxcontrib_designnote.tables import Cell, Column, Row, Table, cut


def table_of(*texts: str, path: str = 'a.md') -> Table:
    """A table of one column; each text is a row, as the tables would show it."""
    rows = tuple(
        Row(cells=((Cell(text=cut(text)),),), location=SourceLocation(path=path, line=3), docname='a', anchor='x')
        for text in texts
    )
    return Table(name='t', title='T', columns=(Column(title='What'),), rows=rows)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode('utf-8'))))


def read_markdown(data: bytes) -> list[list[str]]:
    """The text of each cell, as a renderer of Markdown shows it; inline markup would show as tokens of another type."""
    tokens = MarkdownIt('commonmark', {'html': True}).enable(['table', 'strikethrough']).parse(data.decode('utf-8'))
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == 'tr_open':
            rows.append([])
        if token.type == 'inline' and rows:
            assert {child.type for child in token.children or []} <= {'text', 'text_special'}, token.content
            rows[-1].append(''.join(child.content for child in token.children or []))
    return rows


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    assert write_atomically(tmp_path / 'tables' / 'x.csv', b'data') is True
    assert (tmp_path / 'tables' / 'x.csv').read_bytes() == b'data'
    assert [p.name for p in (tmp_path / 'tables').iterdir()] == ['x.csv']


def test_a_file_that_holds_the_data_already_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / 'x'
    write_atomically(path, b'data')
    os.utime(path, (1, 1))
    assert write_atomically(path, b'data') is False
    assert path.stat().st_mtime == 1
    assert write_atomically(path, b'other') is True
    assert path.read_bytes() == b'other'


@pytest.mark.parametrize('error', [OSError('disk full'), KeyboardInterrupt()])
def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = tmp_path / 'x'
    path.write_bytes(b'old')
    real = Path.write_bytes

    def half(self: Path, data: bytes) -> int:
        real(self, data[:2])
        raise error

    monkeypatch.setattr(Path, 'write_bytes', half)
    with pytest.raises(type(error)):
        write_atomically(path, b'new data')
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {'x': b'old'}


def test_a_move_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / 'x'
    (path / 'folder').mkdir(parents=True)  # a folder stands where the file should go
    with pytest.raises(OSError, match='x'):
        write_atomically(path, b'data')
    assert [p.name for p in tmp_path.iterdir()] == ['x']


@pytest.mark.parametrize('text', ['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '=HYPERLINK("http://x","y")'])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert read_csv(table_csv(table_of(text), context_of()))[1][0] == "'" + text


@pytest.mark.parametrize('text', ['\t=1+1', '\r=1+1', '\n=1+1', ' =1+1'])
def test_white_space_does_not_hide_a_formula(text: str) -> None:
    assert not read_csv(table_csv(table_of(text), context_of()))[1][0].startswith(('=', '\t', '\r', '\n'))


def test_csv_keeps_quotes_commas_and_line_ends_inside_their_cell() -> None:
    assert read_csv(table_csv(table_of('a "b", c\nd', 'plain'), context_of())) == [
        ['What', 'Source'],
        ['a "b", c d', 'a.md:3'],
        ['plain', 'a.md:3'],
    ]


def test_csv_names_the_addresses_that_are_configured() -> None:
    context = context_of(source_url='https://host/{path}#L{line}', page_url='https://docs/')
    assert read_csv(table_csv(table_of('x', path='a b/ä.md'), context)) == [
        ['What', 'Source', 'Source URL', 'Page URL'],
        ['x', 'a b/ä.md:3', 'https://host/a%20b/%C3%A4.md#L3', 'https://docs/a.html#x'],
    ]


@pytest.mark.parametrize(
    'text',
    [
        'a | b', 'a \\| b', '`code`', '*bold* _soft_ **x**', '<script>alert(1)</script>', '&lt;b&gt; &amp;',
        '[x](javascript:1) ![y](z)', '~~gone~~', '# no heading', '\\', '| --- |', '<!-- comment',
    ],
)  # fmt: skip
def test_markdown_shows_what_was_written_and_nothing_else(text: str) -> None:
    rows = read_markdown(table_markdown(table_of(text, 'next'), context_of()))
    assert rows == [['What', 'Source'], [text, 'a.md:3'], ['next', 'a.md:3']]


def test_line_ends_and_controls_break_no_row_of_markdown() -> None:
    data = table_markdown(table_of('a\nb\r\nc\x00\x1b[31m\u2028d\udcff'), context_of())
    assert read_markdown(data)[1][0] == 'a b c\ufffd\ufffd[31m d\ufffd'


def test_markdown_links_to_the_line_and_to_the_page() -> None:
    context = context_of(source_url='https://host/{path}#L{line}', page_url='https://docs/{docname}.html#{anchor}')
    data = table_markdown(table_of('x', path='a (1)|.md'), context).decode()
    html = MarkdownIt('commonmark').enable('table').render(data)
    assert '<a href="https://host/a%20%281%29%7C.md#L3">a (1)|.md:3</a>' in html
    assert '<a href="https://docs/a.html#x">page</a>' in html
