"""Design notes that are data: structured directives, a reader, and a builder that traces and checks what they state.

Add ``sphinxcontrib_designnote`` to ``extensions`` in ``conf.py``, write ``.. endpoint:: POST /jobs`` in a page, and run
``sphinx-build -b designnote``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_designnote.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ['__version__', 'setup']


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extension up. Imported only now: model, grammar, relations and rules run where no Sphinx is."""
    from sphinxcontrib_designnote import extension

    return extension.setup(app)
