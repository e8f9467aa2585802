"""``designnote check``: what the builder says, with no build directory to name and no ``conf.py`` to write."""

from __future__ import annotations

import argparse
import glob
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import Target, is_wide, one_line, pages_below, shown, targets_of
from sphinxcontrib_designnote.diagnostics import Finding, Severity, nearest
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.model.values import read_date
from sphinxcontrib_designnote.outputs import cut
from sphinxcontrib_designnote.outputs.export import reported_notes
from sphinxcontrib_designnote.outputs.summary import summary_lines
from sphinxcontrib_designnote.store.domain import DesignNoteDomain

#: The findings are printed from the records; the rest is for who renders the pages.
_NOISE = (
    'designnote', 'toc', 'ref', 'image', 'download', 'config', 'app', 'myst.xref_missing', 'myst.xref_ambiguous',
    'myst.iref_missing', 'myst.iref_ambiguous', 'myst.header', 'myst.not_included', 'myst.strikethrough',
    'intersphinx', 'duplicate_declaration',
)  # fmt: skip
_FAIL_ON = {'error': Severity.ERROR, 'warning': Severity.WARNING, 'never': Severity.OFF}
_COLOURS = {Severity.ERROR: '31', Severity.WARNING: '33', Severity.INFO: '36'}
_ESCAPE = re.compile(r'\x1b\[[0-9;]*m')
_MESSAGE = re.compile(r'(?P<path>.+?):(?P<line>\d+): (?P<level>WARNING|ERROR|SEVERE|CRITICAL): (?P<text>.*)')
_UNKNOWN = re.compile(r'Unknown (?:directive type|interpreted text role)\W+(?:dn:)?(?P<name>[\w-]+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a project says."""

    target: Target
    domain: DesignNoteDomain
    #: The notes that were asked for.
    notes: Sequence[Note]
    #: The findings of those, silenced ones left out.
    findings: Sequence[Finding]
    #: What Sphinx could not read in them: ``path:line: warning: text``.
    unread: Sequence[str]


def check(target: Target, overrides: Mapping[str, Any], outdir: Path, doctreedir: Path) -> Checked | None:
    """Build *target* with the builder ``designnote``; ``None`` when it has no page at all.

    :param overrides: configuration values that count for more than ``conf.py``.
    :raises UsageError: when Sphinx refuses the configuration.
    """
    values = dict(overrides)
    if not target.has_conf:
        pages, skipped = pages_below(target.srcdir, deep=target.files is None or not is_wide(target.srcdir))
        if not pages:
            return None
        values |= _configuration(target, pages, skipped)
    printed = io.StringIO()
    try:
        with patch_docutils(str(target.srcdir)), docutils_namespace():
            app = Sphinx(
                target.srcdir,
                target.srcdir if target.has_conf else None,
                outdir,
                doctreedir,
                'designnote',
                values,
                status=None,
                warning=printed,
                freshenv=True,
            )
            app.config.suppress_warnings = [*app.config.suppress_warnings, *_NOISE]
            app.build()
    except SphinxError as error:
        if isinstance(error, ExtensionError) and (error.modname or '').startswith('sphinxcontrib_designnote'):
            raise  # ours, and not a mistake of whoever runs this
        raise UsageError(one_line(error)) from None
    except OSError as error:
        raise UsageError(f"'{error.filename or outdir}': {error.strerror or error}") from None
    return _checked(target, cast('DesignNoteDomain', app.env.get_domain('dn')), printed.getvalue())


def _configuration(target: Target, pages: Sequence[str], skipped: Sequence[str]) -> dict[str, Any]:
    """Return the configuration of a folder that has none: a page that was named is a note."""
    docnames = {page: page.rpartition('.')[0] for page in pages}
    return {
        'extensions': ['myst_parser', 'sphinxcontrib_designnote'],
        'myst_enable_extensions': ['colon_fence'],
        'root_doc': docnames[pages[0]],
        'exclude_patterns': [glob.escape(folder) for folder in skipped],
        'designnote_template_paths': [glob.escape(docnames[f]) for f in sorted(target.files or ()) if f in docnames],
    }


def _checked(target: Target, domain: DesignNoteDomain, printed: str) -> Checked:
    graph = domain.graph
    notes = [n for n in reported_notes(graph) if target.files is None or n.location.path in target.files]
    asked = {note.location.path for note in notes} if target.files is None else target.files
    ids = {note.id for note in notes}
    findings = [
        finding
        for finding in domain.findings
        if finding.suppressed is None
        and (target.files is None or finding.location.path in asked or finding.note in ids)
    ]
    names = tuple(domain.settings.vocabulary.kinds)
    unread = [
        f'{target.prefix}{path}:{line}: warning: {text}'
        for path, line, text in _messages(printed, target.srcdir)
        if path in asked and (target.has_conf or not _is_foreign(text, names))
    ]
    return Checked(target=target, domain=domain, notes=notes, findings=findings, unread=unread)


def _messages(printed: str, srcdir: Path) -> Iterator[tuple[str, str, str]]:
    """Yield path, line and first line of what Sphinx said of pages."""
    for line in _ESCAPE.sub('', printed).splitlines():
        match = _MESSAGE.fullmatch(line)
        if match is not None and Path(match['path']).is_relative_to(srcdir):
            yield Path(match['path']).relative_to(srcdir).as_posix(), match['line'], match['text']


def _is_foreign(text: str, names: Sequence[str]) -> bool:
    """Whether a directive or role is unknown because it is another extension's, and not a slip of the pen."""
    match = _UNKNOWN.match(text)
    return match is not None and nearest(match['name'], names) is None


def _print(checked: Checked, *, verbose: bool, colour: bool) -> None:
    prefix = checked.target.prefix
    for line in checked.unread:
        print(cut(line), file=sys.stderr)
    for finding in checked.findings:
        if finding.severity is Severity.INFO and not verbose:
            continue
        severity = f'\x1b[{_COLOURS[finding.severity]}m{finding.severity}\x1b[0m' if colour else finding.severity
        path = finding.location.path
        place = cut(f'{prefix}{path}:{finding.location.line}') if path else shown(checked.target.srcdir)
        print(f'{place}: {severity}: {cut(finding.message, 2000)} [{finding.code} {finding.name}]')
    infos_are = '' if verbose else '(--verbose shows them)'
    paths = {note.location.path for note in checked.notes}
    for line in summary_lines(checked.findings, checked.domain.graph, paths=paths, prefix=prefix, infos_are=infos_are):
        print(line)


def _run(arguments: argparse.Namespace) -> int:
    targets = targets_of(arguments.paths)
    if arguments.out and len(targets) > 1:
        raise UsageError('--out takes the report of one project; check one at a time')
    overrides = {'designnote_today': arguments.today} if arguments.today else {}
    status = Exit.NOTHING
    for target in targets:
        with tempfile.TemporaryDirectory(prefix='designnote-') as scratch:
            outdir = Path(arguments.out).resolve() if arguments.out else Path(scratch, 'out')
            checked = check(target, overrides, outdir, Path(scratch, 'doctrees'))
        if checked is None or not checked.notes:
            print(_nothing(target), file=sys.stderr)
            continue
        _print(checked, verbose=arguments.verbose, colour=_is_colourful())
        if arguments.out:
            print(f'the report is in {shown(outdir / "index.html")}')
        fail_on = _FAIL_ON.get(arguments.fail_on, checked.domain.settings.fail_on)
        failed = status is Exit.FINDINGS or any(finding.fails(fail_on) for finding in checked.findings)
        status = Exit.FINDINGS if failed else Exit.CLEAN
    return status


def _nothing(target: Target) -> str:
    where = (
        shown(target.srcdir) if target.files is None else ', '.join(f'{target.prefix}{f}' for f in sorted(target.files))
    )
    return (
        f"designnote: nothing to check in {where}: no page is a design note; begin its title with 'Design Note:', "
        "or write the directive 'design-note' below it"
    )


def _is_colourful() -> bool:
    return sys.stdout.isatty() and 'NO_COLOR' not in os.environ and os.environ.get('TERM') != 'dumb'


def _date(written: str) -> str:
    if read_date(written) is None:
        raise argparse.ArgumentTypeError(f'{written!r} is no day of the calendar; write it as 2027-06-30')
    return written


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('paths', nargs='+', metavar='PATH', help='a project, a folder with pages, or pages')
    parser.add_argument(
        '--fail-on',
        choices=tuple(_FAIL_ON),
        help='from which severity on the exit status is 1 (default: what conf.py says, else error)',
    )
    parser.add_argument('--today', type=_date, metavar='DATE', help='the ISO date that rules take for today')
    parser.add_argument('--out', metavar='DIR', help='keep the report, the tables and designnote.json there')
    parser.add_argument('-v', '--verbose', action='store_true', help='show infos too')


CHECK = Command(
    name='check',
    summary='check the notes of a project, a folder or files',
    description="""\
Check design notes, and print what is wrong with them.

A folder that has a conf.py is read as that project. One that has none is read as it is: every Markdown and
reStructuredText page, nothing imported, nothing written. Of files the whole project is read, and only their findings
are shown.""",
    examples="""\
examples:
  designnote check docs
  designnote check docs/notes/quick-deploy.md --verbose
  designnote check docs --fail-on warning --out build/notes

exit status: 0 clean, 1 findings at or over --fail-on, 2 usage or configuration, 3 nothing to check
""",
    add_arguments=_add_arguments,
    run=_run,
)
