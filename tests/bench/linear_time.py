"""Processor time at eight times the size: what the steps of ``tests/unit/test_linear_time.py`` do not show.

``python -m tests.bench.linear_time [WORD ...]`` measures the cases of those tests, or those whose name holds each WORD,
and prints those that take more than twenty times as long at eight times the size, where linear is eight and quadratic
sixty-four. The search of an expression is a single step, so this is where one that backtracks is found. The exit
status is 1 if there are any.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import TypeVar

from sphinxcontrib_designnote.model.records import Note
from tests.unit import test_linear_time as cases
from tests.unit.make import graph

T = TypeVar('T')
FACTOR, LIMIT, SHORTEST = 8, 20, 0.01
Run = Callable[[], object]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('words', nargs='*', metavar='WORD')
    words = parser.parse_args().words
    gc.disable()
    slow = 0
    for name, small, large in _cases():
        if all(word in name for word in words) and _grows_too_fast(small, large):
            print(name)
            slow += 1
    print(f'{slow} of the cases grow too fast')
    return bool(slow)


def _cases() -> Iterator[tuple[str, Run, Run]]:
    for (reader, read), prefix, seed in product(cases.READERS.items(), cases.PREFIXES, cases.SEEDS):
        line = partial(_line, prefix, seed)
        yield f'{reader}: {prefix!r}, then {seed!r}', *_pair(read, line, 4_000)
        # Many readers cut what is very long; below the cut they must not be quadratic either.
        yield f'{reader}: {prefix!r}, then few {seed!r}', *_pair(partial(_often, read), line, 100)
    for title, prefix, seed in product(cases.SECTIONS, cases.STARTS, (*cases.SEEDS, *cases.MORE_SEEDS)):
        read = partial(cases.read_in_all_forms, title)
        yield f'{title}: {prefix!r}, then {seed!r}', *_pair(read, partial(_line, prefix, seed), 500)
    for shape, title in cases.LARGE:
        make = partial(cases.SHAPES[shape], cases.SECTIONS[title])
        yield f'{title}: {shape}', *_pair(partial(cases.read_section, title), make, 10_000 // FACTOR)
    for project, notes in cases.PROJECTS.items():
        yield f'project: {project}', *_pair(_relate, notes, 100)


def _pair(read: Callable[[T], object], make: Callable[[int], T], size: int) -> tuple[Run, Run]:
    return partial(read, make(size)), partial(read, make(size * FACTOR))


def _line(prefix: str, seed: str, size: int) -> str:
    return prefix + seed * (size // len(seed))


def _often(read: Callable[[str], object], text: str) -> None:
    for _ in range(40):
        read(text)


def _relate(notes: list[Note]) -> None:
    graph(*notes)


def _grows_too_fast(small: Run, large: Run) -> bool:
    if _best(large, 1) < SHORTEST:
        return False
    # Only what looks bad is measured with care.
    return _best(large, 1) > LIMIT * _best(small, 3) and _best(large, 5) > LIMIT * _best(small, 5)


def _best(run: Run, times: int) -> float:
    best = float('inf')
    for _ in range(times):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


if __name__ == '__main__':
    raise SystemExit(main())
