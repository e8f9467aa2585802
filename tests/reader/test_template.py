"""The blank template: all that it must give is that nobody has written anything yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject

HERE = Path(__file__).parent
#: By rule the lines on which something is due: the title and each comment; each heading with nothing under it.
DUE = {
    'md': {
        'DN102': [3, 5, 12, 28, 31, 34, 40, 43, 46, 57, 64, 72, 82, 85, 88, 96, 105],
        'DN107': [11, 27, 30, 33, 39, 42, 45, 56, 63, 71, 81, 84, 87, 95],
    },
    'rst': {
        'DN102': [4, 8, 16, 32, 37, 42, 50, 55, 61, 73, 81, 90, 100, 105, 111, 120, 127],
        'DN107': [12, 29, 34, 39, 47, 52, 57, 69, 77, 86, 97, 102, 107, 116],
    },
}


@pytest.fixture(scope='module', params=['md', 'rst'])
def blank(request: pytest.FixtureRequest, build_once: BuildProject) -> tuple[str, dict[str, Any]]:
    page = f'blank-template.{request.param}'
    built = build_once({page: (HERE / page).read_text('utf-8')}, 'designnote')
    return request.param, json.loads(built.read('designnote.json'))


def test_the_blank_template_is_reported_at_every_place_and_nothing_else_is(blank: tuple[str, dict[str, Any]]) -> None:
    syntax, data = blank
    found = sorted((finding['code'], finding['line']) for finding in data['findings'])
    assert found == [(code, line) for code, lines in DUE[syntax].items() for line in lines]


def test_the_blank_template_states_not_one_item(blank: tuple[str, dict[str, Any]]) -> None:
    _, data = blank
    assert (data['items'], data['links'], data['notes'][0]['prose']) == ([], [], {})


def test_the_slots_of_the_blank_template_are_empty(blank: tuple[str, dict[str, Any]]) -> None:
    _, data = blank
    assert set(data['notes'][0]['slots'].items()) == {
        (slot, 'missing' if slot == 'interfaces' else 'empty') for slot in data['notes'][0]['slots']
    }
