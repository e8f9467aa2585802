"""What only the source of a Markdown page tells: front matter, and fences that Markdown does not take for one.

Front matter is read with PyYAML's base loader: MyST hands front matter over as JSON in ``env.metadata``, without
lines, with ``off`` as ``false`` and ``25.10`` as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from sphinxcontrib_designnote.capture.page import Page
from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation
from sphinxcontrib_designnote.model.drafts import read_drafts
from sphinxcontrib_designnote.model.schema import Kind

_KEY = 'design-note'
_NO = frozenset({'false', 'no', 'off'})
#: No front matter is longer; what is, is not read.
_LIMIT = 50_000
_BROKEN_FENCE = re.compile(r'^ {0,3}`{3,}\{(?P<name>[a-z:-]{1,60})\}[^`\n]*[^`\n\s][^`\n]*`', re.MULTILINE)


def read_front_matter(source: str, kind: Kind, page: Page) -> None:
    """Let the front matter of *source* mark *page* as a note. A front matter that is no YAML is MyST's to report."""
    for key, value in _entries(source) if f'\n{_KEY}:' in source[:_LIMIT] else ():
        if key.value != _KEY or (isinstance(value, yaml.ScalarNode) and value.value.casefold() in _NO):
            continue
        location = SourceLocation(path=page.draft.path, line=key.start_mark.line + 1)
        options: dict[str, tuple[str, int]] = {}
        title = ''
        odd: list[int] = []
        if isinstance(value, yaml.MappingNode):
            for name, option in value.value:
                text, line = _text(option), name.start_mark.line + 1
                if not isinstance(name, yaml.ScalarNode):
                    odd.append(line)
                elif name.value == 'title':
                    title = text
                else:
                    options[str(name.value).replace('_', '-')] = (text, line)
        (draft,) = read_drafts(kind, title, options, location)
        if not isinstance(value, yaml.MappingNode) and _text(value) not in ('true', 'yes', ''):
            draft.complain(
                'DN105',
                "'design-note' in front matter is no table of options; write 'status: draft' below it, indented",
            )
        for line in odd:
            draft.complain('DN105', "this line is no 'name: value'; write the name of an option", line)
        page.draft.marker = draft


def front_matter(source: str) -> Iterator[tuple[str, str, int]]:
    """Yield name, text and 1-based line of each entry of the front matter that is a text or a list of texts."""
    for key, value in _entries(source):
        if isinstance(key, yaml.ScalarNode) and not isinstance(value, yaml.MappingNode):
            yield str(key.value), _text(value), key.start_mark.line + 1


def _entries(source: str) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    end = source.find('\n---', 3) if source.startswith('---') else -1
    if end < 0 or end > _LIMIT:
        return ()
    try:
        root = yaml.compose(source[3:end], Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return ()
    return root.value if isinstance(root, yaml.MappingNode) else ()


def find_broken_fences(source: str, kinds: Mapping[str, Kind], page: Page) -> None:
    """Report directives that Markdown takes for a paragraph: a fence of backticks holds none in its first line."""
    for match in _BROKEN_FENCE.finditer(source) if '`{' in source else ():
        name = match['name'].removeprefix('dn:')
        if name in kinds:
            line = source.count('\n', 0, match.start()) + 1
            message = f"'{name}' is a paragraph to Markdown, as its first line holds backticks; write '~~~{{{name}}}'"
            location = SourceLocation(path=page.draft.path, line=line)
            page.draft.problems.append(Problem(code='DN112', message=message, location=location))


def _text(node: yaml.Node) -> str:
    """Return a scalar or a list of scalars as an option's text; deeper than that nothing is looked at."""
    if isinstance(node, yaml.SequenceNode):
        return ', '.join(str(child.value) for child in node.value if isinstance(child, yaml.ScalarNode))
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ''
