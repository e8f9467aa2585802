import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / '_ext'))

project = 'sphinxcontrib-designnote'
author = 'The sphinxcontrib-designnote authors'
copyright = f'2026, {author}'
extensions = ['myst_parser', 'sphinxcontrib_designnote', 'reference']
exclude_patterns = ['_build', 'examples']
html_theme = 'furo'
html_title = 'sphinxcontrib-designnote'
myst_heading_anchors = 2
nitpicky = True
