"""The version of the package, from which the packaging metadata is made, and what that metadata tells."""

from __future__ import annotations

from importlib import metadata

__version__ = '0.1.0'


def documentation_url() -> str:
    """Return the address of the documentation, without a slash at its end; empty where the package tells none."""
    try:
        urls = metadata.metadata('sphinxcontrib-designnote').get_all('Project-URL') or []
    except metadata.PackageNotFoundError:
        return ''
    named = dict(url.split(', ', 1) for url in urls if ', ' in url)
    return str(named.get('Documentation', '')).rstrip('/')
