"""The builder ``designnote``: reads the sources, renders no page, writes the report and the data."""

from __future__ import annotations

from collections.abc import Iterable, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx.builders import Builder
from sphinx.util import logging

from sphinxcontrib_designnote.diagnostics import Finding, Severity
from sphinxcontrib_designnote.outputs.export import dumps, export

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_designnote.store.domain import DesignNoteDomain

logger = logging.getLogger(__name__)


def log_findings(findings: Iterable[Finding], env: BuildEnvironment) -> None:
    """Raise errors and warnings as Sphinx warnings at their source; infos stand in the files only."""
    for finding in findings:
        if finding.suppressed is None and finding.severity in (Severity.ERROR, Severity.WARNING):
            location = (finding.location.path, finding.location.line)
            logger.warning(
                finding.message,
                type='designnote',
                subtype=finding.code,
                location=f'{Path(env.srcdir, location[0])}:{location[1]}',
            )


class DesignNoteBuilder(Builder):
    """Cross-references the items of all design notes."""

    name = 'designnote'
    format = ''
    epilog = ''
    allow_parallel = True

    def get_outdated_docs(self) -> str:
        """Always write: findings must not vanish because nothing has changed."""
        return 'all design notes'

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return nothing: no page is rendered."""
        return ''

    def write(self, build_docnames: Any, updated_docnames: Any, method: Any = "update") -> None:
        """Write the outputs; pages are not rendered, so none is looked at."""
        domain = cast('DesignNoteDomain', self.env.get_domain('dn'))
        log_findings(domain.findings, self.env)
