"""``designnote check``: what is wrong with design notes, for people and for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import Target, find_conf, shown, targets_of
from sphinxcontrib_designnote.cli.reading import Checked, check
from sphinxcontrib_designnote.cli.selection import selection_of
from sphinxcontrib_designnote.cli.terminal import coloured, console
from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.model.values import read_date
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.formats import in_order, message_of, place_of
from sphinxcontrib_designnote.outputs.formats.github import github
from sphinxcontrib_designnote.outputs.formats.gitlab import gitlab
from sphinxcontrib_designnote.outputs.formats.junit import junit
from sphinxcontrib_designnote.outputs.formats.records import records
from sphinxcontrib_designnote.outputs.formats.sarif import sarif
from sphinxcontrib_designnote.outputs.summary import summary_lines
from sphinxcontrib_designnote.tables import cut

Writer = Callable[[Iterable[Finding], Sequence[Note], ExportContext], bytes]

#: Formats that are one document. Besides, there are ``text`` and ``github``, which are lines.
DOCUMENTS: Mapping[str, Writer] = {'json': records, 'sarif': sarif, 'gitlab': gitlab, 'junit': junit}
_FAIL_ON = {'error': Severity.ERROR, 'warning': Severity.WARNING, 'never': Severity.OFF}


def _run(arguments: argparse.Namespace) -> int:
    targets = targets_of(arguments.paths, notes_only=arguments.notes_only)
    if len(targets) > 1:
        for option, given in (('--out', arguments.out), ('--baseline', arguments.baseline)):
            if given:
                raise UsageError(f'{option} is about one project; check one at a time')
        if arguments.format in DOCUMENTS:
            raise UsageError(f'--format {arguments.format} is one document of one project; check one at a time')
    outdir = Path(arguments.out).resolve() if arguments.out else None
    choose = partial(selection_of, arguments.select, arguments.ignore)
    status = Exit.CLEAN if arguments.notes_only else Exit.NOTHING
    for target in targets:
        checked = check(target, _overrides(arguments), outdir, choose=choose, use_cache=not arguments.no_cache)
        if checked is None or not checked.notes:
            if not arguments.notes_only:
                print(_nothing(target), file=sys.stderr)
            continue
        if target.files is None and not target.has_conf and (conf := find_conf(target.srcdir)) is not None:
            what = f'{shown(target.srcdir)} is read without what {shown(conf / "conf.py")} says'
            print(f'designnote: {what}; to have that, check {shown(conf)}, or pages of it', file=sys.stderr)
        _show(checked, arguments)
        if outdir is not None:
            beside = sys.stderr if arguments.format in DOCUMENTS else sys.stdout
            print(f'the report is in {shown(outdir / "index.html")}', file=beside)
        fail_on = _FAIL_ON.get(arguments.fail_on, checked.domain.settings.fail_on)
        failed = status is Exit.FINDINGS or any(finding.fails(fail_on) for finding in checked.findings)
        status = Exit.FINDINGS if failed else Exit.CLEAN
    return status


def _overrides(arguments: argparse.Namespace) -> dict[str, str | bool]:
    overrides: dict[str, str | bool] = {}
    if arguments.today:
        overrides['designnote_today'] = arguments.today
    if arguments.baseline:
        overrides['designnote_baseline'] = str(Path(arguments.baseline).resolve())
    if arguments.history:
        overrides['designnote_history'] = True
    return overrides


def _show(checked: Checked, arguments: argparse.Namespace) -> None:
    for line in checked.unread:
        print(cut(line), file=sys.stderr)
    if (write := DOCUMENTS.get(arguments.format)) is not None:
        _write(write(checked.findings, checked.notes, checked.context))
        return
    told = [f for f in in_order(checked.findings) if arguments.verbose or f.severity is not Severity.INFO]
    if arguments.format == 'github':
        _write(github(told, checked.notes, checked.context))
    else:
        _print_lines(checked, told)
    summary = _summary(checked, verbose=arguments.verbose)
    # A line that begins with a path could be a command of GitHub's runner; the sum begins with a number.
    for line in summary if arguments.format == 'text' else summary[-1:]:
        print(line)


def _write(data: bytes) -> None:
    """Print *data* as it is: other programs read UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _print_lines(checked: Checked, findings: Iterable[Finding]) -> None:
    out = console()
    for finding in findings:
        path = finding.location.path
        place = place_of(finding.location, checked.target.prefix + path) if path else shown(checked.target.srcdir)
        after = f': {message_of(finding)} [{finding.code} {finding.name}]'
        out.print(coloured(f'{place}: ', str(finding.severity), after))


def _summary(checked: Checked, *, verbose: bool) -> list[str]:
    prefix = checked.target.prefix
    infos_are = '' if verbose else '(--verbose shows them)'
    paths = {note.location.path for note in checked.notes}
    lines = summary_lines(checked.findings, checked.domain.graph, paths=paths, prefix=prefix, infos_are=infos_are)
    if verbose and checked.gone:
        entries = '1 entry of the baseline matches' if checked.gone == 1 else f'{checked.gone} entries of it match'
        hint = f"'designnote baseline {shown(checked.target.srcdir)} --prune' drops what does not"
        lines.insert(-1, f'the baseline: {entries} nothing any more; {hint}')
    return lines


def _nothing(target: Target) -> str:
    where = (
        shown(target.srcdir) if target.files is None else ', '.join(f'{target.prefix}{f}' for f in sorted(target.files))
    )
    return (
        f"designnote: nothing to check in {where}: no page is a design note; begin its title with 'Design Note:', "
        "or write the directive 'design-note' below it"
    )


def date(written: str) -> str:
    """Check an argument that is a date."""
    if read_date(written) is None:
        raise argparse.ArgumentTypeError(f'{written!r} is no day of the calendar; write it as 2027-06-30')
    return written


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command that reads notes."""
    parser.add_argument('--today', type=date, metavar='DATE', help='the ISO date that rules take for today')
    parser.add_argument('--no-cache', action='store_true', help='read every page, and keep nothing for the next run')


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('paths', nargs='+', metavar='PATH', help='a project, a folder with pages, or pages')
    parser.add_argument(
        '--format', choices=('text', 'github', *DOCUMENTS), default='text', help='how findings are told (default: text)'
    )
    parser.add_argument(
        '--select', action='append', default=[], metavar='RULES', help='only these: codes, names, or DN3 for all DN3xx'
    )
    parser.add_argument('--ignore', action='append', default=[], metavar='RULES', help='all but these')
    parser.add_argument(
        '--fail-on',
        choices=tuple(_FAIL_ON),
        help='from which severity on the exit status is 1 (default: what conf.py says, else error)',
    )
    parser.add_argument('--baseline', metavar='FILE', help='silence what this file lists; instead of what conf.py says')
    parser.add_argument('--out', metavar='DIR', help='keep the report, the tables and designnote.json there')
    parser.add_argument(
        '--notes-only', action='store_true', help='pass over pages that are no notes, even if nothing is left'
    )
    parser.add_argument(
        '--history', action='store_true', help='ask git which links lead to something that has changed (DN207)'
    )
    add_reading_arguments(parser)
    parser.add_argument('-v', '--verbose', action='store_true', help='show infos too')


CHECK = Command(
    name='check',
    summary='check the notes of a project, a folder or files',
    description="""\
Check design notes, and print what is wrong with them.

A folder that has a conf.py is read as that project. One that has none is read as it is: every Markdown and
reStructuredText page, nothing imported, nothing written. Of files the whole project is read, and only their findings
are shown. A second run reads only what has changed.""",
    examples="""\
examples:
  designnote check docs
  designnote check docs/notes/quick-deploy.md --verbose
  designnote check docs --fail-on warning --out build/notes
  designnote check docs --select DN3,DN501 --ignore endpoint-without-purpose
  designnote check docs --format sarif > findings.sarif
  designnote check docs --history --select DN207 --verbose
  designnote check notes --baseline designnote-baseline.json

exit status: 0 clean, 1 findings at or over --fail-on, 2 usage or configuration, 3 nothing to check
""",
    add_arguments=_add_arguments,
    run=_run,
)
