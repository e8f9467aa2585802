"""What a note says, as Sphinx reads it: in a temporary project, so that nothing of the author's is written."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.tags import Tags

from sphinxcontrib_designnote.capture.directives import ItemDirective
from sphinxcontrib_designnote.capture.page import Page, current_page
from sphinxcontrib_designnote.config import Settings
from sphinxcontrib_designnote.convert.markdown import read_markdown
from sphinxcontrib_designnote.convert.pieces import Piece
from sphinxcontrib_designnote.convert.restructured import read_restructured
from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.grammar.blocks import Block
from sphinxcontrib_designnote.grammar.profile import Profile
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import Kind
from sphinxcontrib_designnote.relations.graph import Link
from sphinxcontrib_designnote.store.domain import DesignNoteDomain

MARKDOWN, RESTRUCTURED = '.md', '.rst'


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """An item, with what it was made of."""

    item: Item
    draft: Draft
    #: What states it in plain words; ``None`` for a directive.
    block: Block | None

    @property
    def line(self) -> int:
        """0-based."""
        return self.item.location.line - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A note as it was read once."""

    text: str
    markdown: bool
    note: Note
    statements: tuple[Statement, ...]
    #: What stands on the page outside directives.
    blocks: tuple[Block, ...]
    pieces: tuple[Piece, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    kinds: Mapping[str, Kind]
    profile: Profile
    #: Kinds whose directive needs ``dn:`` before its name.
    prefixed: frozenset[str]

    @property
    def lines(self) -> list[str]:
        """The source lines."""
        return self.text.split('\n')

    def is_own(self, statement: Statement) -> bool:
        """Whether it stands in the page's own file, and not in one that the page includes."""
        return statement.item.location.path == self.note.location.path


class Workbench:
    """Reads one note again and again, as its project would."""

    def __init__(self, app: Sphinx, srcdir: Path, docname: str, *, has_markdown: bool) -> None:
        self._app = app
        #: Whether the project itself reads Markdown.
        self.has_markdown = has_markdown
        self._file = srcdir / docname
        self._docname = docname
        self._page: Page | None = None
        app.connect('doctree-read', self._keep_page, priority=900)

    def _keep_page(self, app: Sphinx, doctree: nodes.document) -> None:
        self._page = current_page(app.env)

    @property
    def has_extension(self) -> bool:
        """Whether the project has design notes at all."""
        return 'sphinxcontrib_designnote' in self._app.extensions

    def read(self, text: str, *, markdown: bool) -> Snapshot | None:
        """Read *text*; ``None`` where it is no note, or Sphinx cannot read it."""
        suffixes = {True: MARKDOWN, False: RESTRUCTURED}
        for is_markdown, suffix in suffixes.items():
            path = self._file.with_name(self._file.name + suffix)
            if is_markdown is markdown:
                path.write_bytes(text.encode('utf-8', 'surrogatepass'))
                os.utime(path, ns=(time.time_ns(),) * 2)
            else:
                path.unlink(missing_ok=True)
        self._page = None
        self._app.build()
        domain = cast('DesignNoteDomain', self._app.env.get_domain('dn'))
        note, page = domain.notes.get(self._docname), self._page_read()
        if note is None or page is None or not note.marked:
            return None
        return self._snapshot(text, markdown, domain, note, page)

    def _page_read(self) -> Page | None:
        return self._page

    def _snapshot(self, text: str, markdown: bool, domain: DesignNoteDomain, note: Note, page: Page) -> Snapshot:
        settings: Settings = domain.settings
        blocks = {id(draft): block for draft, block in page.found}
        statements = tuple(
            Statement(item=item, draft=draft, block=blocks.get(id(draft)))
            for item, draft in zip(note.items, page.draft.drafts, strict=True)
        )
        lines = text.split('\n')
        extensions = self._app.config['myst_enable_extensions'] if markdown else ()
        kinds = settings.vocabulary.kinds
        return Snapshot(
            text=text,
            markdown=markdown,
            note=note,
            statements=statements,
            blocks=page.blocks,
            pieces=tuple(read_markdown(lines, extensions) if markdown else read_restructured(lines)),
            links=tuple(domain.graph.links),
            findings=tuple(domain.findings),
            kinds=kinds,
            profile=page.profile or settings.profile,
            prefixed=frozenset(name for name in kinds if not _is_ours(name)),
        )


def _is_ours(name: str) -> bool:
    found = directives._directives.get(name)  # type: ignore[attr-defined]  # no public way to ask
    return isinstance(found, type) and issubclass(found, ItemDirective)


@contextlib.contextmanager
def workbench(note: Path, confdir: Path | None) -> Iterator[Workbench]:
    """Open the project of *note* for reading it.

    :param confdir: where the ``conf.py`` is; ``None`` for a note outside any project.
    :raises SphinxError: when the project's configuration is refused.
    """
    srcdir = confdir or note.parent
    relative = note.relative_to(srcdir)
    docname = relative.with_suffix('').as_posix()
    overrides: dict[str, Any] = {'root_doc': docname, 'suppress_warnings': ['*'], 'designnote_history': False}
    if confdir is None:
        overrides |= {
            'extensions': ['myst_parser', 'sphinxcontrib_designnote'],
            'myst_enable_extensions': ['colon_fence'],
            'designnote_template_paths': [glob.escape(docname)],
        }
    has_markdown = True
    if confdir is not None:
        extensions = list(Config.read(confdir, overrides={}, tags=Tags())['extensions'])
        has_markdown = 'myst_parser' in extensions
        overrides['extensions'] = extensions if has_markdown else [*extensions, 'myst_parser']
    overrides['include_patterns'] = [glob.escape(docname) + '.*']
    with tempfile.TemporaryDirectory(prefix='designnote-') as scratch:
        root = Path(scratch)
        beside = _mirror(srcdir, relative, root / 'src')
        overrides['exclude_patterns'] = [glob.escape(path) for path in beside]
        with patch_docutils(str(confdir) if confdir else None), docutils_namespace():
            app = Sphinx(
                root / 'src',
                confdir,
                root / 'out',
                root / 'doctrees',
                'dummy',
                overrides,
                status=None,
                warning=io.StringIO(),
                freshenv=True,
            )
            yield Workbench(app, root / 'src', docname, has_markdown=has_markdown)


def _mirror(srcdir: Path, page: Path, target: Path) -> list[str]:
    """Make *target* a folder in which everything beside *page* is what stands in *srcdir*, so that it may be included.

    Where links to files cannot be made, includes are not read.

    :return: the folders that are linked to, relative to *target*: nobody needs to look into them.
    """
    target.mkdir(parents=True)
    folders: list[str] = []
    for depth, part in enumerate(page.parts):
        here, there = (base.joinpath(*page.parts[:depth]) for base in (srcdir, target))
        there.mkdir(exist_ok=True)
        for entry in here.iterdir():
            if entry.name == part or (depth == len(page.parts) - 1 and entry.stem == page.stem):
                continue
            with contextlib.suppress(OSError):
                (there / entry.name).symlink_to(entry)
                folders += [Path(*page.parts[:depth], entry.name).as_posix()] if entry.is_dir() else []
    return folders
