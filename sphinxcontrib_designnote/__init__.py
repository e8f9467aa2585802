"""Design notes that are data: structured directives, a reader, and a builder that traces and checks what they state.

Add ``sphinxcontrib_designnote`` to ``extensions`` in ``conf.py``, write ``.. endpoint:: POST /jobs`` in a page, and run
``sphinx-build -b designnote``.
"""

from sphinxcontrib_designnote.extension import setup
from sphinxcontrib_designnote.version import __version__

__all__ = ['__version__', 'setup']
