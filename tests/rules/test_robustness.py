"""Rules hold what authors write, however long, and take linear steps."""

from __future__ import annotations

from functools import partial

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


def test_the_cost_grows_with_the_number_of_notes_and_no_faster() -> None:
    small, large = (partial(_relate_and_check, count) for count in (60, 120))
    large()  # words that have been looked at once are remembered
    assert not grows_too_fast(small, large)


def _relate_and_check(count: int) -> None:
    """Related anew each time: what is worked out once for a graph is kept with it."""
    findings('all', *(_note(number, 'some words') for number in range(count)))
