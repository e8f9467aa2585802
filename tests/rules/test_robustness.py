"""Rules hold what authors write, however long, and take linear steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

import pytest

from sphinxcontrib_designnote.model.records import Note
from tests.steps import grows_too_fast
from tests.support import findings, graph_of, note, said

LONG = 'x\n' * 50_000
ODD = 'a\x00b \ud800 ‮ `c` {d} [e] %s'


def _note(number: int, text: str) -> Note:
    """A note of 20 items in which every rule finds something to look at."""
    name = f'thing{number}'
    return note(
        f'n{number}',
        said('endpoint', f'POST /{name}', said('field', 'a: int', change='add'), change='new'),
        said('authorization', f'POST /{name}s/{text[:20].strip()}'),
        said('entity', name, said('field', 'state: text', change='add'), said('constraint', 'index on state')),
        said('entity', f'{name}_old', said('field', f'col_{number}', change='add'), change='modified'),
        said('migration', f'Add {text}', entities=f'{name}, ghost{number}'),
        said('breaking-change', f'Break {text}', affects=f'POST /{name}'),
        said('compatibility', f'Hold `{number}` {text}'),
        said('feature-flag', f'flag_{number}', requires=f'flag_{number + 1}', default='off'),
        said('rollout-step', f'Deploy {text}', action='deploy', after=f'nothing {" ".join(text.split())}'),
        said('rollout-step', f'Run {text}', action='migrate'),
        said('rollout-step', f'Enable flag_{number} {text}', action='enable'),
        said('test-case', f'Test {text}', verifies=f'flag-{number}, something else, POST /{name}/x'),
        said('no-impact', 'audit'),
        said('audit-event', f'{name}.made'),
        body_of(text),
        depends_on=f'n{number + 1}',
    )


def body_of(text: str):  # type: ignore[no-untyped-def]  # one item more
    return said('approach', body=text)


def test_long_and_odd_texts_give_short_messages_of_one_line_and_no_crash() -> None:
    for text in (LONG, ODD, '', '`' * 1000, '/' * 1000):
        found = findings('all', _note(1, text), _note(2, text))
        assert len(found) > 15
        assert [f.message for f in found if f.code == 'DN990'] == []
        assert [
            f.message for f in found if len(f.message) > 400 or '\n' in f.message or not f.message.isprintable()
        ] == []


def test_an_empty_project_and_an_empty_note_give_nothing_but_missing_sections() -> None:
    assert findings('all', graph=graph_of()) == []
    assert {f.code for f in findings('all', note('n'))} == {'DN101'}


def _of_one_thing(number: int) -> Note:
    """A note that says something of a flag, an endpoint and a table of which all notes speak, and builds on another."""
    column = said('field', f'old_{number}: text', change='drop')
    return note(
        f'n{number}',
        said('endpoint', 'GET /hub', change='changed', uses='Hub', roles='admin, editor'),
        said('authorization', 'GET /hub', roles='admin', change='weakened'),
        said('entity', 'Hub', column, said('field', f'new_{number}: text', change='add'), change='modified'),
        said('migration', f'Change {number}', entities=f'Hub.old_{number}, Hub.new_{number}', kind_='contract'),
        said('feature-flag', 'hub_pages', change='existing', gates='GET /hub', when_disabled=f'Reads old_{number}'),
        said('compatibility', f'Hold {number}', covers='GET /hub', until='2026-01-01'),
        said('rollout-step', 'Deploy the server', action='deploy'),
        said('rollout-step', f'Run it {number}', action='migrate', runs=f'Change {number}'),
        said('rollout-step', f'Enable it {number}', action='enable', flag='hub_pages'),
        said('rollout-step', f'Remove it {number}', action='remove', removes='GET /hub'),
        said('test-case', f'Test {number} of GET /hub', verifies='GET /hub, hub_pages'),
        **{'depends_on': f'n{number - 1}'} if number % 10 else {},
    )


def _in_one_note(count: int) -> Note:
    """A note of many flags, each turned on before the migration of what it gates."""
    things = (
        (
            said('endpoint', f'POST /thing{number}', change='new', uses=f'Thing{number}', roles='admin'),
            said('entity', f'Thing{number}', said('field', 'state: text', change='add'), change='new'),
            said('migration', f'Add thing {number}', entities=f'Thing{number}', backfill='none'),
            said('feature-flag', f'flag_{number}', default='off', gates=f'POST /thing{number}'),
            said('rollout-step', f'Enable {number}', action='enable', flag=f'flag_{number}'),
            said('rollout-step', f'Run {number}', action='migrate', runs=f'Add thing {number}'),
            said('audit-event', f'thing{number}.made', fields='a, email'),
            said('test-case', f'Test {number}', verifies=f'POST /thing{number}'),
        )
        for number in range(count)
    )
    return note('n', *chain.from_iterable(things))


SHAPES: dict[str, Callable[[int], list[Note]]] = {
    'of things of their own': lambda count: [_note(number, 'some words') for number in range(count)],
    'of one thing': lambda count: [_of_one_thing(number) for number in range(count)],
    'in one note': lambda count: [_in_one_note(count)],
}


@pytest.mark.parametrize('shape', SHAPES)
def test_the_cost_grows_with_the_number_of_statements_and_no_faster(shape: str) -> None:
    small, large = (partial(_relate_and_check, SHAPES[shape](count)) for count in (60, 120))
    large()  # words that have been looked at once are remembered
    assert not grows_too_fast(small, large, limit=2.05)


def _relate_and_check(notes: Sequence[Note]) -> None:
    """Related anew each time: what is worked out once for a graph is kept with it."""
    findings('all', *notes)
