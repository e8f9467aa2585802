"""``design-note:`` in the front matter of a MyST page.

Read from the source, with PyYAML's base loader: MyST hands front matter over as JSON in ``env.metadata``, without
lines, with ``off`` as ``false`` and ``25.10`` as a number.
"""

from __future__ import annotations

import yaml

from sphinxcontrib_designnote.capture.page import Page
from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.drafts import read_drafts
from sphinxcontrib_designnote.model.schema import Kind

_KEY = 'design-note'
_NO = frozenset({'false', 'no', 'off'})
#: No front matter is longer; what is, is not read.
_LIMIT = 50_000


def read_front_matter(source: str, kind: Kind, page: Page) -> None:
    """Let the front matter of *source* mark *page* as a note. A front matter that is no YAML is MyST's to report."""
    if not source.startswith('---') or f'\n{_KEY}:' not in source[:_LIMIT]:
        return
    end = source.find('\n---', 3)
    if end < 0 or end > _LIMIT:
        return
    try:
        root = yaml.compose(source[3:end], Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        if key.value != _KEY or (isinstance(value, yaml.ScalarNode) and value.value.casefold() in _NO):
            continue
        location = SourceLocation(path=page.draft.path, line=key.start_mark.line + 1)
        options: dict[str, tuple[str, int]] = {}
        title = ''
        if isinstance(value, yaml.MappingNode):
            for name, option in value.value:
                text, line = _text(option), name.start_mark.line + 1
                if name.value == 'title':
                    title = text
                else:
                    options[str(name.value).replace('_', '-')] = (text, line)
        (draft,) = read_drafts(kind, title, options, location)
        if not isinstance(value, yaml.MappingNode) and _text(value) not in ('true', 'yes', ''):
            draft.complain(
                'DN105',
                "'design-note' in front matter is no table of options; write 'status: draft' below it, indented",
            )
        page.draft.marker = draft


def _text(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return ', '.join(_text(child) for child in node.value)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ''
