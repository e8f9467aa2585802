"""Reads a project, a folder or pages, with no build directory to name and no ``conf.py`` to write."""

from __future__ import annotations

import glob
import io
import logging
import re
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import is_suppressed_warning

from sphinxcontrib_designnote.cli.cache import kept_doctrees
from sphinxcontrib_designnote.cli.exits import UsageError
from sphinxcontrib_designnote.cli.project import Target, aside, is_wide, one_line, pages_below, shown
from sphinxcontrib_designnote.cli.selection import Selection, everything
from sphinxcontrib_designnote.cli.terminal import ReadingProgress
from sphinxcontrib_designnote.config import settings_of
from sphinxcontrib_designnote.diagnostics import Finding, nearest
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.rules.definition import Rule
from sphinxcontrib_designnote.store.domain import DesignNoteDomain
from sphinxcontrib_designnote.tables.coverage import reported_notes
from sphinxcontrib_designnote.version import __version__, documentation_url

#: The findings are printed from the records; the rest is for who renders the pages.
_NOISE = (
    'designnote', 'toc', 'ref', 'image', 'download', 'config', 'app', 'myst.xref_missing', 'myst.xref_ambiguous',
    'myst.iref_missing', 'myst.iref_ambiguous', 'myst.header', 'myst.not_included', 'myst.strikethrough',
    'intersphinx', 'duplicate_declaration',
)  # fmt: skip
_ESCAPE = re.compile(r'\x1b\[[0-9;]*m')
_MESSAGE = re.compile(r'(?P<path>.+?):(?P<line>\d+): (?P<level>WARNING|ERROR|SEVERE|CRITICAL): (?P<text>.*)')
_NO_UTF_8 = 'it is not UTF-8; save it in that encoding'
_UNKNOWN = re.compile(r'Unknown (?:directive type|interpreted text role)\W+(?:dn:)?(?P<name>[\w-]+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a project says."""

    target: Target
    domain: DesignNoteDomain
    #: The notes that were asked for.
    notes: Sequence[Note]
    #: What was asked for of their findings, silenced ones included; and that a rule crashed.
    findings: Sequence[Finding]
    #: What Sphinx could not read in them: ``path:line: warning: text``.
    unread: Sequence[str]
    #: The pages that were read, and not taken from an earlier run.
    read: Sequence[str]
    #: What the outputs tell besides.
    context: ExportContext

    @property
    def gone(self) -> int:
        """How many entries of the baseline match nothing any more."""
        return self.domain.settings.rules.baseline.unmatched(self.domain.findings)


@aside()
def check(
    target: Target,
    overrides: Mapping[str, Any],
    outdir: Path | None = None,
    *,
    choose: Callable[[Sequence[Rule]], Selection] = everything,
    use_cache: bool = True,
) -> Checked | None:
    """Build *target* with the builder ``designnote``; ``None`` when it has no page at all.

    :param overrides: configuration values that count for more than ``conf.py``.
    :param outdir: where what the builder writes is kept, if anywhere.
    :param choose: says which rules are asked about, of those that the project has; before any page is read.
    :param use_cache: take pages that have not changed from an earlier run.
    :raises UsageError: when Sphinx refuses the configuration, or a page is not UTF-8; what *choose* raises.
    """
    values = dict(overrides)
    unreadable: dict[str, str] = {}
    if not target.has_conf:
        pages, skipped = pages_below(target.srcdir, deep=target.files is None or not is_wide(target.srcdir))
        if not pages:
            return None
        unreadable = _unreadable(target, pages)
        readable = [page for page in pages if page not in unreadable]
        values |= _configuration(target, readable or pages, [*skipped, *unreadable] if readable else skipped)
    try:
        with tempfile.TemporaryDirectory(prefix='designnote-') as scratch:
            checked = _built(target, values, outdir, Path(scratch), choose, use_cache)
    except SphinxError as error:
        if isinstance(error, ExtensionError) and (error.modname or '').startswith('sphinxcontrib_designnote'):
            raise  # ours, and not a mistake of whoever runs this
        raise UsageError(one_line(error)) from None
    except OSError as error:
        raise UsageError(f"'{error.filename or outdir}': {error.strerror or error}") from None
    except Exception as error:
        conf = target.srcdir / 'conf.py'
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == conf]
        if not lines:
            raise
        raise UsageError(f"'{shown(conf)}', line {lines[-1]}: {type(error).__name__}: {one_line(error)}") from None
    passed_over = [f'{target.prefix}{page}:1: warning: passed over: {why}' for page, why in unreadable.items()]
    return replace(checked, unread=[*passed_over, *checked.unread]) if target.files is None else checked


def _unreadable(target: Target, pages: Iterable[str]) -> dict[str, str]:
    """Return which of *pages* nobody can read, and why: Sphinx would give up all others for one."""
    found: dict[str, str] = {}
    for page in pages:
        if target.files is None or page not in target.files:
            try:
                (target.srcdir / page).read_text('utf-8')
            except UnicodeDecodeError:
                found[page] = _NO_UTF_8
            except OSError as error:
                found[page] = error.strerror or str(error)
    return found


def _built(
    target: Target,
    values: dict[str, Any],
    outdir: Path | None,
    scratch: Path,
    choose: Callable[[Sequence[Rule]], Selection],
    use_cache: bool,
) -> Checked:
    printed = io.StringIO()
    with (
        kept_doctrees(target.srcdir, scratch / 'doctrees', enabled=use_cache) as kept,
        ReadingProgress() as progress,
        patch_docutils(str(target.srcdir)),
        docutils_namespace(),
    ):
        app = Sphinx(
            target.srcdir,
            target.srcdir if target.has_conf else None,
            outdir or scratch / 'out',
            kept.folder,
            'designnote',
            values,
            status=None,
            warning=printed,
        )
        selection = choose(settings_of(app.config).rules.rules)
        for handler in logging.getLogger('sphinx').handlers:  # Sphinx's own list would be a change of configuration
            handler.addFilter(_is_of_interest)
        app.builder.speaks = outdir is not None  # type: ignore[attr-defined]  # only the extension knows the class
        kept.connect(app)
        progress.connect(app)
        try:
            app.build()
        except UnicodeDecodeError:
            page = Path(app.env.doc2path(app.env.docname)).relative_to(target.srcdir).as_posix()
            raise UsageError(f"'{target.prefix}{page}' cannot be read: {_NO_UTF_8}") from None
        messages = list(_messages(printed.getvalue(), target.srcdir))
        kept.keep(app.env, {path for path, _, _ in messages})
    return _checked(target, app, selection, messages, kept.read)


def _configuration(target: Target, pages: Sequence[str], skipped: Sequence[str]) -> dict[str, Any]:
    """Return the configuration of a folder that has none: a page that was named is a note."""
    docnames = {page: page.rpartition('.')[0] for page in pages}
    return {
        'project': target.srcdir.name,
        'extensions': ['myst_parser', 'sphinxcontrib_designnote'],
        'myst_enable_extensions': ['colon_fence'],
        'root_doc': docnames[pages[0]],
        'exclude_patterns': [glob.escape(folder) for folder in skipped],
        'designnote_template_paths': [glob.escape(docnames[f]) for f in sorted(target.notes) if f in docnames],
    }


def _is_of_interest(record: logging.LogRecord) -> bool:
    return not is_suppressed_warning(getattr(record, 'type', ''), getattr(record, 'subtype', ''), _NOISE)


def _checked(
    target: Target,
    app: Sphinx,
    selection: Selection,
    messages: Iterable[tuple[str, str, str]],
    read: Sequence[str],
) -> Checked:
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    graph = domain.graph
    notes = [n for n in reported_notes(graph) if target.files is None or n.location.path in target.files]
    asked = {note.location.path for note in notes} if target.files is None else target.files
    ids = {note.id for note in notes}
    findings = [
        finding
        for finding in selection.of(domain.findings)
        if target.files is None or finding.note is None or finding.location.path in asked or finding.note in ids
    ]
    names = tuple(domain.settings.vocabulary.kinds)
    unread = [
        f'{target.prefix}{path}:{line}: warning: {text}'
        for path, line, text in messages
        if path in asked and (target.has_conf or not _is_foreign(text, names))
    ]
    settings = settings_of(app.config)
    context = ExportContext(
        project=app.config.project,
        version=app.config.version,
        package_version=__version__,
        rules=settings.rules.rules,
        repository_prefix=settings.path_in_repository(target.srcdir),
        docs_url=documentation_url(),
    )
    return Checked(
        target=target, domain=domain, notes=notes, findings=findings, unread=unread, read=read, context=context
    )


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
