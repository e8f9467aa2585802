"""The builder ``designnote``: reads the sources, renders no page, writes the report and the data."""

from __future__ import annotations

import datetime
import gc
import os
from collections.abc import Iterable, Set
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.builders import Builder
from sphinx.util import logging

from sphinxcontrib_designnote.bridges.anchors import ids_of
from sphinxcontrib_designnote.bridges.need_records import need_records
from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.outputs.export import dumps, export
from sphinxcontrib_designnote.outputs.files import table_csv, table_markdown, write_atomically
from sphinxcontrib_designnote.outputs.formats.junit import junit
from sphinxcontrib_designnote.outputs.formats.sarif import sarif
from sphinxcontrib_designnote.outputs.needs_json import needs_json
from sphinxcontrib_designnote.outputs.report import report
from sphinxcontrib_designnote.outputs.summary import summary_lines
from sphinxcontrib_designnote.tables.coverage import reported_notes
from sphinxcontrib_designnote.tables.gather import Gathered
from sphinxcontrib_designnote.tables.standard import tables
from sphinxcontrib_designnote.version import __version__, documentation_url

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_designnote.store.domain import DesignNoteDomain

logger = logging.getLogger(__name__)

#: So many objects more than the collector last left are a reason to look for dead ones; a page has some ten thousand.
_OBJECTS = 20_000


def log_findings(findings: Iterable[Finding], env: BuildEnvironment) -> None:
    """Raise errors and warnings as Sphinx warnings at their source; infos stand in the files only."""
    for finding in findings:
        if finding.suppressed is None and finding.severity in (Severity.ERROR, Severity.WARNING):
            place = f'{Path(env.srcdir, finding.location.path)}:{finding.location.line}'
            logger.warning(finding.message, type='designnote', subtype=finding.code, location=place)


class DesignNoteBuilder(Builder):
    """Cross-references the items of all design notes."""

    name = 'designnote'
    format = ''
    epilog = 'Open %(outdir)s/index.html for the report.'
    allow_parallel = True
    #: Whether files are written and findings raised; who reads the findings from the domain has no use for either.
    speaks = True

    def init(self) -> None:
        """Keep nothing of a page but its records, once it has been read.

        Sphinx holds each doctree until its page is written, which here none is. With 10,000 items that is half of the
        memory, and the collector goes through it again and again. Doctrees have circles, so it has to run; it comes
        after more objects than usual, finds most of them dead, and takes 2.5 s of 17 instead of 6 of 22.
        """
        self._usual = gc.get_threshold()
        self.events.connect('env-before-read-docs', self._collect_less_often, 500)
        self.events.connect('source-read', self._forget_doctrees, 500)
        self.events.connect('build-finished', self._collect_as_usual, 500)

    def _collect_less_often(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        gc.set_threshold(_OBJECTS, *self._usual[1:])

    def _forget_doctrees(self, app: Sphinx, docname: str, source: list[str]) -> None:
        self.env._write_doc_doctree_cache.clear()

    def _collect_as_usual(self, app: Sphinx, exception: Exception | None) -> None:
        gc.set_threshold(*self._usual)

    def get_asset_paths(self) -> list[str]:
        """Keep the Markdown tables of an earlier build from being read as pages, where the output is in the sources."""
        outdir, srcdir = Path(self.outdir), Path(self.srcdir)
        return [outdir.relative_to(srcdir).as_posix()] if outdir != srcdir and outdir.is_relative_to(srcdir) else []

    def get_outdated_docs(self) -> str:
        """Always write: findings must not vanish because nothing has changed."""
        return 'all design notes'

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return nothing: no page is rendered."""
        return ''

    def write_documents(self, docnames: Set[str]) -> None:
        """Write no page: the doctrees are not even loaded."""

    def finish(self) -> None:
        """Raise the findings and write every file."""
        if not self.speaks:
            return
        domain = cast('DesignNoteDomain', self.env.get_domain('dn'))
        graph, findings, shape = domain.graph, domain.findings, domain.settings.need_shape
        log_findings(findings, self.env)
        context = self._context(domain)
        outdir = Path(self.outdir)
        shown = tables(Gathered(graph, lambda: findings, releases=context.releases, today=context.today))
        files = {outdir / 'designnote.json': dumps(export(graph, findings, context))}
        for table in shown:
            files[outdir / 'tables' / f'{table.name}.csv'] = table_csv(table, context)
            files[outdir / 'tables' / f'{table.name}.md'] = table_markdown(table, context)
        files[outdir / 'index.html'] = report(graph, findings, shown, context)
        notes = reported_notes(graph)
        files[outdir / 'findings.sarif'] = sarif(findings, notes, context)
        files[outdir / 'findings.junit.xml'] = junit(findings, notes, context)
        (outdir / 'tables').mkdir(parents=True, exist_ok=True)
        if shape is not None and 'needs_build_json' not in self.config:  # else sphinx-needs writes it, when told to
            records = need_records(graph, shape, domain.derive(ids_of))
            files[outdir / 'needs.json'] = dumps(needs_json(records, context))
        for path, data in files.items():
            write_atomically(path, data)
        for stale in sorted((outdir / 'tables').iterdir()):  # of a kind that the project no longer has
            if stale.suffix in ('.csv', '.md') and stale not in files:
                stale.unlink()
        for line in summary_lines(findings, graph):
            logger.info(line)

    def _context(self, domain: DesignNoteDomain) -> ExportContext:
        settings = domain.settings
        epoch = os.environ.get('SOURCE_DATE_EPOCH', '')
        generated = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch.isdecimal() else None
        return ExportContext(
            project=self.config.project,
            version=self.config.version,
            package_version=__version__,
            profiles=settings.profiles,
            rules=settings.rules.rules,
            repository_prefix=settings.path_in_repository(Path(self.srcdir)),
            docs_url=documentation_url(),
            releases=settings.releases,
            source_url=settings.source_url,
            page_url=settings.page_url,
            generated=generated,
        )
