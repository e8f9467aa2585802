"""Converts notes that belong to no project."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

import pytest

from sphinxcontrib_designnote.convert.agreement import differences
from sphinxcontrib_designnote.convert.directives import to_directives
from sphinxcontrib_designnote.convert.equal import convert
from sphinxcontrib_designnote.convert.plain import to_plain
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Workbench, workbench
from sphinxcontrib_designnote.convert.translate import translate

Convert = Callable[..., str]


@pytest.fixture(scope='module')
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The one project in which a module reads its notes."""
    with workbench(tmp_path_factory.mktemp('project') / 'note.md', None) as bench:
        yield bench


def read(bench: Workbench, text: str, *, markdown: bool) -> Snapshot:
    snapshot = bench.read(text, markdown=markdown)
    assert snapshot is not None
    return snapshot


def note(body: str, *, markdown: bool) -> str:
    title = 'Design Note: Things'
    head = f'# {title}\n\n' if markdown else f'{title}\n{"=" * len(title)}\n\n'
    return head + textwrap.dedent(body).strip('\n') + '\n'


def body_of(text: str, *, markdown: bool) -> str:
    return text.split('\n', 2 if markdown else 3)[-1].strip('\n') + '\n'


@pytest.fixture
def to(bench: Workbench) -> Convert:
    """Convert the body of a note to ``directives`` or ``plain``; all of it must be converted, and be read alike."""

    def converted(form: str, body: str, *, markdown: bool = True, left: int = 0) -> str:
        before = read(bench, note(body, markdown=markdown), markdown=markdown)
        result = convert(bench, before, to_directives if form == 'directives' else to_plain)
        assert result is not None
        assert not result.differences
        is_left = [(s.block is not None) is (form == 'directives') for s in result.after.statements]
        assert sum(is_left) == left
        assert before.statements, 'the note says nothing'
        return body_of(result.text, markdown=markdown)

    return converted


@pytest.fixture
def translated(bench: Workbench) -> Convert:
    """Translate the body of a note into the other syntax."""

    def convert_body(body: str, *, markdown: bool) -> str:
        before = read(bench, note(body, markdown=markdown), markdown=markdown)
        result = translate(bench, before)
        assert not result.differences
        assert result.after is not None
        return body_of(result.after.text, markdown=not markdown)

    return convert_body


def same(before: Snapshot, after: Snapshot) -> None:
    assert differences(before, after) == []
