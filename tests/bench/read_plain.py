"""What reading plain notes costs: builds of the same notes with and without this extension, side by side.

``python tests/bench/read_plain.py [--copies 10] [--rounds 5]`` builds copies of the notes of the evaluation with the
builder ``dummy`` from nothing, in turn with and without the extension, and prints CPU seconds and their ratio. Asserts
nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

NOTES = Path(__file__).parents[1] / 'eval' / 'reader' / 'dev'
CONF = (
    'extensions = {extensions!r}\nmyst_enable_extensions = ["colon_fence"]\nsuppress_warnings = ["toc.not_included"]\n'
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--copies', type=int, default=10, help='of each note')
    parser.add_argument('--rounds', type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = write_projects(Path(folder), arguments.copies)
        times: dict[str, list[float]] = {'without': [], 'with': []}
        for _ in range(arguments.rounds):
            for name, seconds in times.items():
                seconds.append(build(Path(folder) / name))
    ratios = [a / b for a, b in zip(times['with'], times['without'], strict=True)]
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        print(f'{name:8} {middle:7.2f} s CPU  {middle / count * 1000:6.2f} ms a page')
    print(f'ratio    {statistics.median(ratios):7.3f}  (min {min(ratios):.3f}, max {max(ratios):.3f}; {count} pages)')


def write_projects(folder: Path, copies: int) -> int:
    """Write the two projects; return the number of their notes. Notes with directives are left out."""
    notes = [note for note in sorted(NOTES.iterdir()) if note.suffix in ('.md', '.rst')]
    plain = [note for note in notes if 'design-note::' not in note.read_text('utf-8')]
    for name, extensions in (('without', ['myst_parser']), ('with', ['myst_parser', 'sphinxcontrib_designnote'])):
        project = folder / name
        project.mkdir()
        (project / 'conf.py').write_text(CONF.format(extensions=extensions), 'utf-8')
        (project / 'index.rst').write_text('Home\n====\n', 'utf-8')
        for copy in range(copies):
            for note in plain:
                (project / f'{copy}-{note.name}').write_text(note.read_text('utf-8'), 'utf-8')
    return len(plain) * copies


def build(project: Path) -> float:
    """Build from nothing; return the CPU seconds that it took."""
    before = os.times()
    command = [sys.executable, '-m', 'sphinx', '-q', '-E', '-b', 'dummy', str(project), str(project / '_out')]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


if __name__ == '__main__':
    main()
