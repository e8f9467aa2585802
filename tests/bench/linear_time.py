"""Seconds that reading takes at eight times the size: what the steps of ``tests/unit/test_linear_time.py`` do not show.

``python -m tests.bench.linear_time [WORD ...]`` measures the cases of those tests, or those whose name holds a WORD,
and prints each that takes more than twenty times as long at eight times the size, where linear is eight and quadratic
sixty-four. The search of an expression is a single step, so this is where one that backtracks is found. The exit status
is 1 if there are any.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sphinxcontrib_designnote.model.records import Note
from tests.unit import test_linear_time as cases
from tests.unit.make import graph

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
    for reader, read in cases.READERS.items():
        for prefix in cases.PREFIXES:
            for seed in cases.SEEDS:
                for length, times in ((4_000, 1), (100, 40)):  # below what readers cut, too
                    texts = (prefix + seed * (size // len(seed)) for size in (length, length * FACTOR))
                    small, large = (partial(_often, read, text, times) for text in texts)
                    yield f'{reader}: {prefix!r}, then {length} of {seed!r}', small, large
    for title in cases.SECTIONS:
        for start in cases.STARTS:
            for seed in (*cases.SEEDS, *cases.MORE_SEEDS):
                texts = (start + seed * (size // len(seed)) for size in (500, 500 * FACTOR))
                small, large = (partial(cases.read_in_all_forms, title, text) for text in texts)
                yield f'{title}: {start!r}, then {seed!r}', small, large
    for shape, title in cases.LARGE:
        shapes = (cases.SHAPES[shape](cases.SECTIONS[title], size) for size in (10_000 // FACTOR, 10_000))
        few, many = (partial(cases.read_section, title, blocks) for blocks in shapes)
        yield f'{title}: {shape}', few, many
    for project, make in cases.PROJECTS.items():
        yield f'project: {project}', _relating(make(100)), _relating(make(100 * FACTOR))


def _relating(notes: Sequence[Note]) -> Run:
    return lambda: graph(*notes)


def _often(read: Callable[[str], object], text: str, times: int) -> None:
    for _ in range(times):
        read(text)


def _grows_too_fast(small: Run, large: Run) -> bool:
    if _best(large, 1) < SHORTEST:
        return False
    # Only what looks bad is measured with care.
    return _best(large, 1) > LIMIT * _best(small, 3) and _best(large, 5) > LIMIT * _best(small, 5)


def _best(run: Run, times: int) -> float:
    best = float('inf')
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == '__main__':
    raise SystemExit(main())
