from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The test modules share `output_records`; with `--import-mode=importlib` nothing puts their folder on the path.
sys.path.insert(0, str(Path(__file__).parent))

from output_records import graph_of, quick_deploy

from sphinxcontrib_designnote.relations.graph import Graph


@pytest.fixture
def example() -> Graph:
    return graph_of(quick_deploy())
