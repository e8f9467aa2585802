"""The findings in the forms that other programs read.

Each module has one function, from findings, notes and context to bytes; ``FORMATS`` of the command line lists them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sphinxcontrib_designnote.diagnostics import Finding, SourceLocation
from sphinxcontrib_designnote.tables import cut

#: Characters after which a message is cut.
MESSAGE_LENGTH = 2000


def in_order(findings: Iterable[Finding], *, silenced: bool = False) -> list[Finding]:
    """Return *findings* in the order of every output; those that are silenced only where they are asked for."""
    return sorted((f for f in findings if silenced or f.suppressed is None), key=lambda finding: finding.sort_key)


def message_of(finding: Finding) -> str:
    """Return the message on one line, without what would upset a terminal, a page or an XML parser."""
    return cut(finding.message, MESSAGE_LENGTH)


def finding_line(finding: Finding, place: str) -> str:
    """Return a finding as compilers print it, so that editors and terminals find the place."""
    return f'{place}: {finding.severity}: {message_of(finding)} [{finding.code} {finding.name}]'


def place_of(location: SourceLocation, path: str) -> str:
    """Return ``path:line``, the path as it is shown."""
    return cut(f'{path}:{location.line}')


def encoded(data: Any) -> bytes:
    """Return *data* as JSON in UTF-8; a lone surrogate is written as the JSON escape that it looks like in Python."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + '\n').encode('utf-8', 'backslashreplace')
