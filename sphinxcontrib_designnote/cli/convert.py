"""``designnote convert``: a note in other words, with the same items."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sphinx.errors import SphinxError

from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import aside, find_conf, one_line, shown
from sphinxcontrib_designnote.convert.note import Result, convert_note
from sphinxcontrib_designnote.convert.snapshot import MARKDOWN, RESTRUCTURED, workbench
from sphinxcontrib_designnote.outputs.files import write_atomically

_FORMS = ('directives', 'plain')
_SYNTAXES = {'rst': False, 'myst': True}
_MOST = 20


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('note', metavar='NOTE', help='the note: a file .md or .rst')
    parser.add_argument(
        '--to',
        required=True,
        choices=(*_FORMS, *_SYNTAXES),
        help='directives for plain words, plain words for directives, or the same in the other syntax',
    )
    parser.add_argument('--syntax', choices=tuple(_SYNTAXES), help='with directives or plain: the syntax of the result')
    parser.add_argument('--output', metavar='FILE', help='where the result goes (default: it is printed)')
    parser.add_argument('--in-place', action='store_true', help='write the result over the note')
    parser.add_argument('--force', action='store_true', help='let --output write over a file that is there')


def _run(arguments: argparse.Namespace) -> int:
    path = _path_of(arguments.note)
    form, markdown = _wanted(arguments, path)
    target = _target(arguments, path, markdown)
    source = source_of(path)
    result = _converted(path, source.replace('\r\n', '\n'), form, markdown)
    if result.differences:
        print(f"designnote: '{shown(path)}' would not say the same any more, so nothing is written:", file=sys.stderr)
        _list(result.differences)
        return Exit.FINDINGS
    _report(result, form)
    text = result.text.replace('\n', '\r\n') if '\r\n' in source else result.text
    if target is None:
        sys.stdout.write(text)
        return Exit.CLEAN
    try:
        write_atomically(target, text.encode('utf-8', 'surrogatepass'))
    except OSError as error:
        raise UsageError(f"'{target}' cannot be written: {error.strerror}") from None
    print(f'wrote {shown(target)}')
    return Exit.CLEAN


def source_of(path: Path) -> str:
    """Return the text of a note as it is, line ends included.

    :raises UsageError: when it cannot be read.
    """
    try:
        return path.read_bytes().decode('utf-8')
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"'{path}' is not UTF-8; save it in that encoding") from None


def _path_of(written: str) -> Path:
    path = Path(written).resolve()
    if not path.is_file():
        raise UsageError(f'{written!r} is no file')
    if path.suffix not in (MARKDOWN, RESTRUCTURED):
        raise UsageError(f'{written!r} is neither Markdown (.md) nor reStructuredText (.rst)')
    return path


def _wanted(arguments: argparse.Namespace, path: Path) -> tuple[str | None, bool]:
    """Return the form and the syntax that are asked for."""
    if arguments.to in _SYNTAXES:
        if arguments.syntax not in (None, arguments.to):
            raise UsageError(f'--to {arguments.to} and --syntax {arguments.syntax} contradict each other; give one')
        return None, _SYNTAXES[arguments.to]
    return arguments.to, _SYNTAXES.get(arguments.syntax, path.suffix == MARKDOWN)


def _target(arguments: argparse.Namespace, path: Path, markdown: bool) -> Path | None:
    if arguments.in_place:
        if arguments.output:
            raise UsageError('--in-place and --output contradict each other; give one')
        if markdown is not (path.suffix == MARKDOWN):
            raise UsageError('--in-place cannot change the syntax, which needs another file name; use --output')
        return path
    if not arguments.output:
        return None
    target = Path(arguments.output)
    if target.is_dir():
        raise UsageError(f"'{target}' is a folder; give --output the name of a file")
    if target.exists() and not arguments.force:
        raise UsageError(f"'{target}' exists; give --force to write over it")
    return target


@aside()
def _converted(path: Path, source: str, form: str | None, markdown: bool) -> Result:
    confdir = find_conf(path.parent)
    try:
        with workbench(path, confdir) as bench:
            if not bench.has_extension:
                raise UsageError(f"'{confdir}/conf.py' does not list 'sphinxcontrib_designnote' among its extensions")
            if markdown and not bench.has_markdown:
                print("designnote: conf.py must list 'myst_parser' before the result is read", file=sys.stderr)
            before = bench.read(source, markdown=path.suffix == MARKDOWN)
            if before is None:
                raise UsageError(
                    f"'{shown(path)}' is no design note; begin its title with 'Design Note:', or write the directive "
                    "'design-note' below it"
                )
            return convert_note(bench, before, form, markdown=markdown)
    except SphinxError as error:
        raise UsageError(one_line(error)) from None


def _report(result: Result, form: str | None) -> None:
    if result.left:
        what = 'plain, as no directive says' if form == 'directives' else 'directives, as no bullet says'
        count = '1 item stays' if len(result.left) == 1 else f'{len(result.left)} items stay'
        print(f'designnote: {count} {what} the same:', file=sys.stderr)
        _list(result.left)
    if result.untranslated:
        print('designnote: kept as blocks of code, as the other syntax has no words for it:', file=sys.stderr)
        _list(result.untranslated)


def _list(entries: tuple[str, ...]) -> None:
    for entry in entries[:_MOST]:
        print(f'  {entry}', file=sys.stderr)
    if len(entries) > _MOST:
        print(f'  and {len(entries) - _MOST} more', file=sys.stderr)


CONVERT = Command(
    name='convert',
    summary='say a note in other words: plain or with directives, MyST or reStructuredText',
    description="""\
Convert a note between plain words and directives, and between MyST and reStructuredText.

Everything that was in the note stays: headings, prose, comments, code, pictures. An id is written where the note has
none. The result is read again before it is written: its items, links and findings are those of the note. What could
not be converted so stays as it is, and is listed.""",
    examples="""\
examples:
  designnote convert docs/notes/quick-deploy.md --to directives --in-place
  designnote convert docs/notes/quick-deploy.md --to plain > quick-deploy.md
  designnote convert docs/notes/quick-deploy.md --to rst --output docs/notes/quick-deploy.rst
  designnote convert docs/notes/quick-deploy.rst --to plain --syntax myst

exit status: 0 converted, 1 the result would not say the same (nothing is written), 2 usage or configuration
""",
    add_arguments=_add_arguments,
    run=_run,
)
