"""Reads pages as they were, with the reader and the configuration of today."""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils.parsers.rst import directives, roles
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import patch_docutils

from sphinxcontrib_designnote.model.records import Note

#: Path, and which version of it.
Page = tuple[str, int]
_EXTENSIONS = ('myst_parser', 'sphinxcontrib_designnote')
#: What decides how a page is read is marked so where it is declared; a profile may name these.
_ALSO = ('designnote_releases', 'designnote_rules_extra')


def read_pages(config: Config, confdir: Path, pages: Mapping[Page, bytes]) -> dict[Page, Note]:
    """Read *pages* in a temporary project, at once; those that say nothing are absent.

    :param config: of the project that is being built, whose ``conf.py`` does not run again. Other extensions do not
        take part, so what stands in a directive of theirs is not seen; nor is what a page includes.
    :param pages: path and version to content.
    """
    if not pages:
        return {}
    with tempfile.TemporaryDirectory(prefix='designnote-') as scratch, _undisturbed():
        srcdir = Path(scratch, 'src')
        srcdir.mkdir()
        docnames = {key: str(number) for number, key in enumerate(pages)}
        for key, content in pages.items():
            file = srcdir / f'{docnames[key]}{Path(key[0]).suffix}'
            file.write_text(content.decode(config.source_encoding, 'replace'), 'utf-8')
        app = Sphinx(
            srcdir,
            None,
            Path(scratch, 'out'),
            Path(scratch, 'doctrees'),
            'dummy',
            _configuration(config, confdir, root_doc='0'),
            status=None,
            warning=io.StringIO(),
            freshenv=True,
        )
        app.builder.read()
        notes: dict[str, Note] = app.env.domaindata['dn']['notes']
        return {key: notes[docname] for key, docname in docnames.items() if docname in notes}


def _configuration(config: Config, confdir: Path, root_doc: str) -> dict[str, Any]:
    values = {value.name: value.value for value in config.filter({'env'})}
    values |= {name: config[name] for name in _ALSO}
    profile = confdir / config.designnote_profile
    return values | {
        'extensions': list(_EXTENSIONS),
        'source_suffix': {
            suffix: parser if parser == 'restructuredtext' else 'markdown'
            for suffix, parser in config.source_suffix.items()
        },
        **dict.fromkeys(('root_doc', 'master_doc'), root_doc),  # Sphinx still reads both
        'source_encoding': 'utf-8',
        'include_patterns': ['**'],
        'exclude_patterns': [],
        'designnote_profile': str(profile) if profile.is_file() else config.designnote_profile,
        'designnote_template_paths': ['*'],  # whatever it says, it is a page of which an item was asked for
    }


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave to the build at hand what a second one would take from it: where it logs, its directives and its roles."""
    logger = logging.getLogger('sphinx')
    handlers = list(logger.handlers)
    names = [(registry, dict(registry)) for registry in (directives._directives, roles._roles)]  # type: ignore[attr-defined]
    try:
        with patch_docutils():
            yield
    finally:
        logger.handlers[:] = handlers
        for registry, before in names:
            registry.clear()
            registry.update(before)
