"""Which pages have to be written again though nobody has edited them: what they show comes from other pages too.

An output folder holds a file that says what each of its pages was written from. The environment cannot say that: other
builders and other folders share it, and it is stored before the first page is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

#: In each output folder, beside what Sphinx itself keeps there.
FILE_NAME = '.designnote-written'


class WrittenPages:
    """What the pages of an output folder were written from: page name to a digest."""

    def __init__(self, outdir: Path) -> None:
        self._path = outdir / FILE_NAME
        self._before: Mapping[str, str] = {}
        self._now: Mapping[str, str] = {}
        self._written: set[str] = set()

    def outdated(self, read: Mapping[str, int], shown: Iterable[tuple[str, str]]) -> list[str]:
        """Return the pages that were written from something else than they are now; all, if the last build broke off.

        To be called when all pages are read. Until :meth:`keep` nothing is known of any page.

        :param read: page to the time at which it was read.
        :param shown: pairs of a page and something that it shows, in any order.
        """
        lines: dict[str, list[str]] = {docname: [] for docname in read}
        for docname, text in shown:
            lines[docname].append(text)
        self._now = {docname: _digest(str(read[docname]), *sorted(texts)) for docname, texts in lines.items()}
        self._before = self._load()
        self._written.clear()
        self._path.unlink(missing_ok=True)
        return sorted(docname for docname, digest in self._now.items() if self._before.get(docname) != digest)

    def add(self, docname: str) -> None:
        """Take note that a page is written."""
        self._written.add(docname)

    def keep(self) -> None:
        """Store what is known of the pages now that all are written.

        A build of chosen pages leaves the others as they were. Of a builder that tells of no page at all it cannot be
        said what it writes; its pages count as written.
        """
        unchanged = {docname for docname, digest in self._now.items() if self._before.get(docname) == digest}
        known = unchanged | self._written if self._written else self._now.keys()
        kept = {docname: digest for docname, digest in self._now.items() if docname in known}
        self._path.write_text(json.dumps(kept, indent=0), 'utf-8')

    def _load(self) -> Mapping[str, str]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):  # there is none, or it was not written to its end
            return {}
        return found if isinstance(found, dict) else {}


def _digest(*lines: str) -> str:
    return hashlib.sha256('\n'.join(lines).encode('utf-8', 'replace')).hexdigest()[:24]
