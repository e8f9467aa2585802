"""Projects with sphinx-needs; where it is not installed these tests are skipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.conftest import BuildProject, Built

WITH_NEEDS = ('sphinx_needs', 'myst_parser', 'sphinxcontrib_designnote')
CONF: Mapping[str, object] = {
    'extensions': [*WITH_NEEDS],
    'needs_build_json': True,
    'needs_reproducible_json': True,
    'version': '1',
}


@pytest.fixture
def needs(build: BuildProject) -> BuildProject:
    """Build a project with sphinx-needs, which writes ``needs.json`` in the end."""
    pytest.importorskip('sphinx_needs')

    def build_with_needs(
        files: Mapping[str, str | bytes] | str,
        builder: str = 'dummy',
        *,
        conf: Mapping[str, object] | None = None,
        **how: Any,
    ) -> Built:
        return build(files, builder, conf={**CONF, **(conf or {})}, **how)

    return build_with_needs


def needs_in(text: str) -> dict[str, dict[str, Any]]:
    """Return the needs of a ``needs.json`` by id, without what says nothing."""
    (version,) = json.loads(text)['versions'].values()
    return {
        id_: {name: value for name, value in need.items() if value not in (None, '', [], {}, False)}
        for id_, need in version['needs'].items()
    }


def needs_of(built: Built) -> dict[str, dict[str, Any]]:
    """Return the needs that sphinx-needs has written."""
    return needs_in(built.read('needs.json'))
