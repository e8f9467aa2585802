"""What relations and all rules cost, over 10,000, 30,000 and 100,000 items, and whether that grows linearly.

``PYTHONPATH=. python tests/bench/rules_scale.py [--items 10000 30000] [--no-read]`` makes the records of notes with 20
items each, as capture makes them but without docutils, relates them and runs every rule. Printed are seconds,
microseconds and kibibytes an item, what Sphinx needs to read the same notes and how much of that relations and rules
take, and the rules that take longest; seconds are of the processor, not of the clock. Notes that are all alike hide
what many statements on one thing cost: ``--shape hub`` lets every note speak of the same endpoint, table and flag, and
build on the note before; ``--shape one-note`` puts all items into one note. Asserts nothing.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import generate
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.names import Naming
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Report, Rule, RuleSettings
from sphinxcontrib_designnote.rules.engine import run
from tests.unit.make import VOCABULARY, Written, item, page

SIZES = (10_000, 30_000, 100_000)
SHAPES = ('notes', 'hub', 'one-note')
PER_NOTE = 20
SETTINGS = RuleSettings(today=datetime.date(2026, 7, 1), rules=RULES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one project cost."""

    items: int
    notes: int
    findings: int
    #: Seconds of the processor.
    relate: float
    rules: float
    #: Bytes at the peak, notes not counted; zero where it was not measured.
    peak: int
    #: Rule code to seconds.
    by_rule: dict[str, float]


def records(items: int, shape: str) -> list[Note]:
    """Make the notes of a project."""
    pages = 1 if shape == 'one-note' else items // PER_NOTE
    notes = []
    for number, made in enumerate(generate.items_of(pages, items, seed=1)):
        options = {'status': 'accepted', 'release': '26.08'}
        said = [_written(each) for each in made]
        if shape == 'hub':
            said += _hub(number)
            if number:
                options['depends-on'] = f'note-{number - 1:06}'
        notes.append(page(f'note-{number:06}', *said, options=options))
    return notes


def _written(each: generate.Item) -> Written:
    return Written(
        kind=each.kind, argument=each.argument, body='\n'.join(each.body), options=dict(each.options),
        parts=tuple(map(_written, each.parts)), line=None,
    )  # fmt: skip


def _hub(number: int) -> list[Written]:
    """What every note says of the same things."""
    column = item('field', f'hub_{number}: text', change='add', nullable='yes')
    return [
        item(
            'endpoint', 'GET /api/v1/hub', change='changed', purpose=f'Shows hub {number}', roles='viewer', uses='Hub'
        ),
        item('entity', 'Hub', column, change='modified'),
        item('migration', f'Add hub {number}', entities=f'Hub.hub_{number}', kind='expand', reversible='yes'),
        item('feature-flag', 'hub_pages', change='existing'),
        item('test-case', f'Test GET /api/v1/hub and the migration Add hub {number}'),
    ]


def cost(notes: Sequence[Note], *, memory: bool) -> Cost:
    """Relate *notes* and run the rules: for the time, again with a watch on each rule, and if *memory* again for that.

    The watches cost a third of what they measure, and have no part in the first figure.
    """
    naming = Naming(vocabulary=VOCABULARY)
    gc.collect()
    start = time.process_time()
    graph = relate(notes, naming, ('26.08',))
    related = time.process_time()
    findings = run(RULES, graph, SETTINGS)
    end = time.process_time()
    by_rule: dict[str, float] = defaultdict(float)
    graph = relate(notes, naming, ('26.08',))  # anew: what is worked out once for a graph is kept with it
    run([_timed(rule, by_rule) for rule in RULES], graph, SETTINGS)
    del graph
    peak = 0
    if memory:
        gc.collect()
        tracemalloc.start()
        graph = relate(notes, naming, ('26.08',))
        run(RULES, graph, SETTINGS)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return Cost(
        items=sum(len(note.items) for note in notes), notes=len(notes), findings=len(findings), relate=related - start,
        rules=end - related, peak=peak, by_rule=dict(by_rule),
    )  # fmt: skip


def _timed(rule: Rule, by_rule: dict[str, float]) -> Rule:
    check: Callable[..., Sequence[Report]] = rule.check  # type: ignore[assignment]  # it is made a list of below

    def timed(*scope: object) -> Iterator[Report]:
        start = time.process_time()
        reports = list(check(*scope))
        by_rule[rule.code] += time.process_time() - start
        yield from reports

    return replace(rule, check=timed)


def read_seconds(items: int) -> float:
    """Return how long Sphinx takes to read the project, with the directives of this extension, in one process."""
    with tempfile.TemporaryDirectory() as folder, patch_docutils(), docutils_namespace():
        root = Path(folder)
        generate.write(root, items // PER_NOTE, items, seed=1)
        source = root / 'directives'
        app = Sphinx(
            str(source), str(source), str(root / 'out'), str(root / 'trees'), 'dummy', status=None, warning=None,
            freshenv=True,
        )  # fmt: skip
        start = time.process_time()
        app.builder.read()
        return time.process_time() - start


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--items', type=int, nargs='+', default=SIZES)
    parser.add_argument('--shape', choices=SHAPES, default='notes')
    parser.add_argument('--no-read', action='store_true', help='do not let Sphinx read the projects')
    parser.add_argument('--no-memory', action='store_true', help='measure the time only')
    parser.add_argument('--top', type=int, default=10, help='how many rules to show')
    arguments = parser.parse_args()
    reads = arguments.shape == 'notes' and not arguments.no_read
    print(f'{len(RULES)} rules, shape {arguments.shape}\n')
    heads = f'{"items":>8} {"notes":>6} {"findings":>9} {"relate s":>9} {"rules s":>8} {"us/item":>8} {"kB/item":>8}'
    print(heads, f'{"read s":>8} {"share":>6}' if reads else '')
    costs = []
    for items in arguments.items:
        each = cost(records(items, arguments.shape), memory=not arguments.no_memory)
        costs.append(each)
        seconds = each.relate + each.rules
        print(
            f'{each.items:>8} {each.notes:>6} {each.findings:>9} {each.relate:>9.2f} {each.rules:>8.2f} '
            f'{1e6 * seconds / each.items:>8.1f} {each.peak / each.items / 1024:>8.2f}',
            end=' ',
            flush=True,
        )
        read = read_seconds(items) if reads else 0
        print(f'{read:>8.1f} {seconds / read:>6.1%}' if reads else '', flush=True)
    print('\nmicroseconds an item, by rule: the slowest')
    slowest = sorted(costs[-1].by_rule, key=lambda code: costs[-1].by_rule[code], reverse=True)
    for code in slowest[: arguments.top]:
        print(f'  {code}  ' + '  '.join(f'{1e6 * each.by_rule[code] / each.items:>8.2f}' for each in costs))


if __name__ == '__main__':
    main()
