"""``designnote baseline``: start today with old notes, and hold the line."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sphinxcontrib_designnote.cli.check import add_reading_arguments
from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import Target, baseline_of, shown, targets_of
from sphinxcontrib_designnote.cli.reading import check
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.outputs.files import write_atomically
from sphinxcontrib_designnote.rules.baseline import Baseline, of_findings, read_baseline, write_baseline

_NAME = 'designnote-baseline.json'


def _run(arguments: argparse.Namespace) -> int:
    (target,) = targets_of([arguments.path])
    if target.files is not None:
        raise UsageError(f'{arguments.path!r} is a page; a baseline is that of a whole project, so name its folder')
    configured = baseline_of(target.srcdir) if target.has_conf else ''
    path = Path(arguments.output).resolve() if arguments.output else target.srcdir / (configured or _NAME)
    old = _read(path)
    # What is listed must be found again, and what is not there yet must not be missed.
    overrides = {'designnote_baseline': ''} | ({'designnote_today': arguments.today} if arguments.today else {})
    checked = check(target, overrides, use_cache=not arguments.no_cache)
    if checked is None or not checked.notes:
        raise UsageError(f'{arguments.path!r} holds no design note, so there is nothing to list')
    findings = of_findings(checked.findings)
    if arguments.prune:
        findings = [finding for finding in findings if finding.fingerprint in old.fingerprints]
    try:
        written = write_atomically(path, write_baseline(findings))
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None
    new = len({finding.fingerprint for finding in findings} - old.fingerprints)
    count = '1 finding' if len(findings) == 1 else f'{len(findings)} findings'
    change = f' ({new} new, {old.unmatched(findings)} gone)' if written else ', as before'
    print(f'{shown(path)}: {count}{change}')
    if not configured or path.resolve() != (target.srcdir / configured).resolve():
        print(_how_to_use(path, target))
    return Exit.CLEAN


def _read(path: Path) -> Baseline:
    """Return what the file lists that would be written over; nothing where there is none.

    :raises UsageError: when it is something else.
    """
    try:
        return read_baseline(path.read_bytes())
    except FileNotFoundError:
        return Baseline()
    except OSError as error:
        raise UsageError(f"'{shown(path)}' cannot be read: {error.strerror}") from None
    except DeclarationError as error:
        fix = 'delete it, or choose another file as --output'
        raise UsageError(f"'{shown(path)}' is no baseline, and is left alone: {error}; {fix}") from None


def _how_to_use(path: Path, target: Target) -> str:
    if target.has_conf:
        name = Path(os.path.relpath(path, target.srcdir)).as_posix()
        return f'conf.py does not name it yet; add: designnote_baseline = {name!r}'
    return f'use it with: designnote check {shown(target.srcdir)} --baseline {shown(path)}'


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('path', metavar='PATH', help='a project, or a folder with pages')
    parser.add_argument(
        '--output', metavar='FILE', help=f'the file (default: what conf.py says, else {_NAME} in the folder)'
    )
    parser.add_argument('--prune', action='store_true', help='only drop what is found no more; list nothing new')
    add_reading_arguments(parser)


BASELINE = Command(
    name='baseline',
    summary='list the present findings, so that only new ones count',
    description="""\
Write the baseline: the errors and warnings that a project has today. Where conf.py names it, as designnote_baseline,
they are silenced until they are mended; whatever is new counts. They stay in the report and in the data.

Written again, it lists what is found then. A finding is known by what it is about, not by its line.""",
    examples="""\
examples:
  designnote baseline docs
  designnote baseline docs --prune
  designnote baseline notes --output notes-baseline.json

exit status: 0 written or as before, 2 usage or configuration, or a file that is no baseline would be written over
""",
    add_arguments=_add_arguments,
    run=_run,
)
