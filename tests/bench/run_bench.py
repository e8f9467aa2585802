"""Measures builds of one text, written by hand in plain Sphinx and with the directives of this extension.

With ``--needs`` also the same items as needs of sphinx-needs: ours beside the items, and native ones.

Runs take turns, so that a machine that grows slower does so for all of them. Nothing is asserted: the table and the
JSON file are for people to judge.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import generate


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One command line of ``sphinx-build``, always from nothing."""

    name: str
    project: str
    builder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """What one run took."""

    #: Seconds.
    wall: float
    #: Seconds, user and system.
    cpu: float
    #: Peak resident memory, kibibytes.
    rss: int


RUNS = (
    Run(name='html, plain', project='plain', builder='html'),
    Run(name='html, directives', project='directives', builder='html'),
    Run(name='read, plain', project='plain', builder='dummy'),
    Run(name='designnote', project='directives', builder='designnote'),
)
#: What is divided by what, and under which name it is printed.
RATIOS = (
    ('html build, directives / plain', 'html, directives', 'html, plain'),
    ('builder from nothing / plain read', 'designnote', 'read, plain'),
)
#: Only where sphinx-needs is there.
NEEDS_RUNS = tuple(
    Run(name=f'{word}, {project.replace("-", " ")}', project=project, builder=builder)
    for word, builder in (('read', 'dummy'), ('html', 'html'))
    for project in ('items-beside-needs', 'needs-of-items', 'plain-beside-needs', 'native-needs')
)
#: What one need costs is the difference of two runs, with sphinx-needs loaded in both, divided by how many there are.
NEEDS_COSTS = tuple(
    (f'{title}, {word}', f'{word}, {over}', f'{word}, {under}')
    for word in ('read', 'html')
    for title, over, under in (
        ('need of an item', 'needs of items', 'items beside needs'),
        ('native need', 'native needs', 'plain beside needs'),
    )
)
# The peak of children is a maximum over all of them: each build is the only child of a process of its own.
_WRAPPER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
warnings = code.stderr.decode('utf-8', 'replace')
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss, code.returncode, warnings]))
"""


def measure(run: Run, root: Path) -> tuple[Measurement, str]:
    """Build once.

    :return: the measurement, and what was written to standard error.
    :raises SystemExit: when the build fails; a builder that reports findings (status 1) has not failed.
    """
    out = root / 'out'
    shutil.rmtree(out, ignore_errors=True)
    options = ('-E', '-q', '-b', run.builder, '-d', str(out / 'doctrees'))
    command = [sys.executable, '-m', 'sphinx', *options, str(root / run.project), str(out / run.builder)]
    answer = subprocess.run([sys.executable, '-c', _WRAPPER, *command], check=True, capture_output=True, text=True)
    wall, cpu, rss, status, warnings = json.loads(answer.stdout)
    if status not in (0, 1) or (status and run.builder != 'designnote'):
        raise SystemExit(f'{run.name}: sphinx-build ended with {status}\n{warnings}')
    return Measurement(wall=wall, cpu=cpu, rss=rss // 1024 if sys.platform == 'darwin' else rss), warnings


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, minimum and maximum, to four digits."""
    return {
        'median': round(statistics.median(values), 4),
        'min': round(min(values), 4),
        'max': round(max(values), 4),
    }


def ratios(results: Mapping[str, Sequence[Measurement]]) -> dict[str, dict[str, dict[str, float]]]:
    """Divide the runs of one round by one another, so that both saw the same machine."""
    return {
        title: {
            what: spread(
                [getattr(a, what) / getattr(b, what) for a, b in zip(results[over], results[under], strict=True)]
            )
            for what in ('wall', 'cpu', 'rss')
        }
        for title, over, under in RATIOS
    }


def costs(results: Mapping[str, Sequence[Measurement]], items: int) -> dict[str, dict[str, float]]:
    """Return milliseconds of the processor that one need takes, each run compared within its round."""
    return {
        title: spread([1000 * (a.cpu - b.cpu) / items for a, b in zip(results[over], results[under], strict=True)])
        for title, over, under in NEEDS_COSTS
        if over in results
    }


def machine(*, with_needs: bool) -> dict[str, str | int | None]:
    """Describe what the numbers were measured on."""
    packages = ('sphinx', 'docutils', 'myst-parser', *(('sphinx-needs',) if with_needs else ()))
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {
        'platform': platform.platform(),
        'processor': platform.processor() or platform.machine(),
        'cpus': os.cpu_count(),
        'python': platform.python_version(),
        **versions,
    }


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Print *rows*, the first being the head, in columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for index, row in enumerate(rows):
        print(
            '  '.join(
                cell.ljust(width) if not i else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
        if not index:
            print('  '.join('-' * width for width in widths))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--pages', type=int, default=generate.SMALL[0])
    parser.add_argument('--items', type=int, default=generate.SMALL[1])
    parser.add_argument('--full', action='store_true', help='{} pages, {:,} items'.format(*generate.FULL))
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--needs', action='store_true', help='also with sphinx-needs, which must be installed')
    parser.add_argument('--json', type=Path, help='file to write all measurements to')
    arguments = parser.parse_args()
    pages, items = generate.FULL if arguments.full else (arguments.pages, arguments.items)
    runs = (*RUNS, *(NEEDS_RUNS if arguments.needs else ()))
    results: dict[str, list[Measurement]] = {run.name: [] for run in runs}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate.write(root, pages, items, arguments.seed)
        measure(RUNS[0], root)  # the first build of all compiles modules and fills the page cache
        warnings: dict[str, int] = {}
        for _ in range(arguments.repeats):
            for run in runs:
                measurement, said = measure(run, root)
                results[run.name].append(measurement)
                warnings[run.name] = said.count('WARNING:')
    compared, of_needs = ratios(results), costs(results, items)
    print(f'{pages} pages, {items:,} items, {arguments.repeats} rounds\n')
    rows: list[tuple[str, ...]] = [('run', 'wall s', 'cpu s', 'peak MiB', 'warnings')]
    for name, measured in results.items():
        medians = [statistics.median([getattr(m, what) for m in measured]) for what in ('wall', 'cpu', 'rss')]
        rows.append((name, f'{medians[0]:.2f}', f'{medians[1]:.2f}', f'{medians[2] / 1024:.0f}', str(warnings[name])))
    print_table(rows)
    print()
    rows = [('ratio', 'median', 'min', 'max')]
    for title, by_kind in compared.items():
        rows += [(f'{title}, {what}', *(f'{value:.2f}' for value in found.values())) for what, found in by_kind.items()]
    print_table(rows)
    if of_needs:
        print()
        print_table([('cpu ms each', 'median', 'min', 'max')] + [
            (title, *(f'{value:.3f}' for value in found.values())) for title, found in of_needs.items()
        ])  # fmt: skip
    if arguments.json:
        report = {
            'machine': machine(with_needs=arguments.needs),
            'pages': pages,
            'items': items,
            'seed': arguments.seed,
            'runs': {name: [asdict(m) for m in measured] for name, measured in results.items()},
            'warnings': warnings,
            'ratios': compared,
            'needs': of_needs,
        }
        arguments.json.write_text(json.dumps(report, indent=2) + '\n', 'utf-8')


if __name__ == '__main__':
    main()
