"""Whole notes, as people write them: nothing is lost, and what they say stays what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sphinxcontrib_designnote.convert.agreement import differences
from sphinxcontrib_designnote.convert.directives import to_directives
from sphinxcontrib_designnote.convert.equal import Converted, convert
from sphinxcontrib_designnote.convert.note import convert_note
from sphinxcontrib_designnote.convert.plain import to_plain
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Workbench, workbench
from sphinxcontrib_designnote.convert.translate import translate

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / 'docs' / 'examples').glob('quick-deploy-*/quick-deploy.*'))
NOTES = sorted(
    path for path in (ROOT / 'tests' / 'eval' / 'reader' / 'dev').iterdir() if path.suffix in ('.md', '.rst')
)
WORD = re.compile(r'[^\W_]{2,}')


#: Words that a directive says in words of its own: what is done, what there is none of, the heads of columns, the
#: syntax of tables and the names of options.
SAID_OTHERWISE = frozenset(
    re.findall(
        r'\w+',
        'add added adds affected alter applicable attribute by changes column create csv deprecate description disabled'
        ' dropped effect enabled error extend extended false flags gate header here hit http key kind list method min'
        ' name none not null nullable operation path payload permission planned remarks request required route rows'
        ' sql state table tests there toggle true type uri url verb widths yes 20 60',
    )
)


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def read(bench: Workbench, path: Path) -> Snapshot:
    snapshot = bench.read(path.read_text('utf-8'), markdown=path.suffix == '.md')
    assert snapshot is not None
    return snapshot


def done(converted: Converted | None) -> Snapshot:
    assert converted is not None
    assert converted.differences == ()
    return converted.after


def left(snapshot: Snapshot, form: str) -> int:
    return sum((statement.block is not None) is (form == 'directives') for statement in snapshot.statements)


@pytest.mark.parametrize('path', EXAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize('form', ['directives', 'plain'])
@pytest.mark.parametrize('syntax', ['.md', '.rst'])
def test_the_example_is_the_same_in_every_form_and_syntax(path: Path, form: str, syntax: str) -> None:
    with workbench(path, path.parent) as bench:
        before = read(bench, path)
        result = convert_note(bench, before, form, markdown=syntax == '.md')
        assert result.differences == ()
        assert result.left == ()
        assert result.untranslated == ()
        after = bench.read(result.text, markdown=syntax == '.md')
        assert after is not None
        assert differences(before, after) == []
        assert len(after.statements) == 40
        assert 'id' in after.note.lines
        assert left(after, form) == 0


@pytest.mark.parametrize('path', NOTES, ids=lambda path: path.name)
def test_a_note_converted_there_and_back_says_the_same_and_keeps_every_word(bench: Workbench, path: Path) -> None:
    before = read(bench, path)
    directives = done(convert(bench, before, to_directives))
    assert left(directives, 'directives') <= len(before.statements) / 4
    lost = words(before.text) - words(directives.text)
    assert lost <= SAID_OTHERWISE, 'words of the author are gone'
    plain = done(convert(bench, directives, to_plain))
    assert differences(before, plain) == []
    assert left(plain, 'plain') <= len(before.statements) / 4
    other = translate(bench, directives)
    assert other.differences == ()
