"""Corners of the grammar of plain notes, without Sphinx."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sphinxcontrib_designnote.grammar.blocks import Block, Form
from sphinxcontrib_designnote.grammar.changes import change_in
from sphinxcontrib_designnote.grammar.classes import read_classes
from sphinxcontrib_designnote.grammar.profiles import load_profile
from sphinxcontrib_designnote.grammar.reading import Reading, pair_of
from sphinxcontrib_designnote.grammar.sections import read_page
from sphinxcontrib_designnote.model.schema import builtin_vocabulary


def read(heading: str, *blocks: Block, profile: str = 'design-note') -> list[tuple[str, str]]:
    """Kind and key of the items of a section."""
    reading = Reading(kinds=builtin_vocabulary().kinds, profile=load_profile(profile))
    read_page([Block(form=Form.HEADING, text=heading, line=1, children=blocks)], reading)
    return [(draft.kind.name, draft.argument.key) for draft, _ in reading.found]


def bullets(*texts: str) -> Sequence[Block]:
    return [Block(text=text, line=number) for number, text in enumerate(texts, 2)]


@pytest.mark.parametrize(
    'value', ['+'.join(['1'] * 5000), 'a' + '.a' * 5000, '-' * 5000 + '1', 'f' + '()' * 5000, '(' * 5000, '"\\d"']
)
def test_code_of_any_depth_is_read_or_left(value: str) -> None:
    assert isinstance(read_classes(f'class A:\n    x: int = {value}\n'), list)


@pytest.mark.parametrize(
    ('label', 'change'),
    [
        ('New Endpoints', 'new'),
        ('Removed', 'removed'),
        ('New endpoint.', 'new'),
        ('Which endpoints are new?', 'new'),
        ('Create a server (changed)', 'changed'),
        ('New and changed endpoints', None),
        ('Delete a lane', None),
        ('Update the state of a job', None),
        ('Accepts a new query parameter', None),
    ],
)
def test_a_label_decides_a_change_only_where_it_says_so_of_what_stands_below(label: str, change: str | None) -> None:
    assert change_in(label) == change


def test_a_key_takes_its_value_whatever_white_space_stands_around() -> None:
    assert pair_of('Auth:  editor') == ('auth', 'editor')
    assert pair_of('Response (200) : {"a": 1}') == ('response', '{"a": 1}')
    assert pair_of('Default – off') == ('default', 'off')
    assert pair_of('a' + ' ' * 100_000 + 'x') is None


def test_in_a_section_of_several_kinds_what_one_reader_takes_no_other_reads() -> None:
    said = bullets('New event `job.started`', 'Purpose: tells who started it')
    assert read('Notifications impact', *said, profile='openstack-spec') == [('interface', 'job.started')]
    said = bullets('Feature gate name: MyGate', 'Deploy the API with it first')
    assert read('Other deployer impact', *said, profile='openstack-spec') == [('feature-flag', 'MyGate')]


def test_a_column_is_called_what_a_bullet_is() -> None:
    row = Block(form=Form.ROW, text='', line=4, cells=('team-x', 'my_gate', 'off'))
    for title in ('Flag', 'Feature flag', 'Feature toggle', 'Feature gate'):
        table = Block(form=Form.TABLE, text='', line=2, cells=('Owner', title, 'Default'), children=(row,))
        assert read('Feature flags', table) == [('feature-flag', 'my_gate')], title
