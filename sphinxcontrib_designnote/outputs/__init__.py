"""What is made of the graph and the findings: the JSON export, the tables, the report. Pure data in, bytes out.

Here stands what these share: the context of a build.
"""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.profile import Profiles
from sphinxcontrib_designnote.grammar.profiles import builtin_profiles
from sphinxcontrib_designnote.rules.definition import Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportContext:
    """What the outputs tell besides notes and findings."""

    project: str
    version: str = ''
    #: Of this package, for the foot of the report.
    package_version: str = ''
    #: What each note must say.
    profiles: Profiles = field(default_factory=builtin_profiles)
    #: All rules of the project.
    rules: tuple[Rule, ...] = ()
    #: Where the sources stand in the repository: nothing, or it ends with a slash.
    repository_prefix: str = ''
    #: Address of the documentation of this package, without a slash at its end.
    docs_url: str = ''
    #: Names of releases, oldest first.
    releases: tuple[str, ...] = ()
    #: ``https://host/repo/blob/main/{path}#L{line}``; empty for no links to sources.
    source_url: str = ''
    #: ``https://host/docs/{docname}.html#{anchor}``; without ``{docname}`` the address of the site.
    page_url: str = ''
    #: Page name to its address as seen from the report, where *page_url* is empty.
    pages: Mapping[str, str] = field(default_factory=dict)
    #: Moment of the build; ``None`` keeps the output free of times.
    generated: datetime.datetime | None = None

    @property
    def today(self) -> datetime.date | None:
        """Day of the build; ``None`` where outputs are free of times."""
        return self.generated.date() if self.generated else None

    def repository_path(self, path: str) -> str:
        """Return a path of the sources as seen from the repository's root."""
        return posixpath.normpath(self.repository_prefix + path)

    def rule_link(self, code: str) -> str | None:
        """Return the address of the page of a rule that ships."""
        return f'{self.docs_url}/rules/{code}.html' if self.docs_url and code.startswith('DN') else None

    def source_link(self, location: SourceLocation) -> str | None:
        """Return the address of a line of the sources."""
        if not self.source_url or not location.path:
            return None
        return self.source_url.replace('{path}', _quoted(location.path)).replace('{line}', str(location.line))

    def page_link(self, docname: str | None, anchor: str = '') -> str | None:
        """Return the address of a place on a rendered page."""
        if not docname:
            return None
        if not self.page_url:
            href = self.pages.get(docname)
            return href and f'{href}#{_quoted(anchor)}' if anchor else href
        url = self.page_url if '{docname}' in self.page_url else self.page_url.rstrip('/') + '/{docname}.html'
        if '{anchor}' not in url and anchor:
            url += '#{anchor}'
        return url.replace('{docname}', _quoted(docname)).replace('{anchor}', _quoted(anchor))


def _quoted(text: str) -> str:
    return quote(text, safe='/', errors='replace')
