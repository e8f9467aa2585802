"""Pages and configurations of small projects, drawn from few: what is drawn again is a change that is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What a note can state, as a directive and in plain words."""

    kind: str
    argument: str
    options: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    heading: str
    bullet: str

    def rest(self) -> list[str]:
        lines = [*self.options, '', *self.body]
        return [f'.. {self.kind}:: {self.argument}', *(f'   {line}'.rstrip() for line in lines), '']

    def myst(self) -> list[str]:
        return [f'```{{{self.kind}}} {self.argument}', *self.options, '', *self.body, '```', '']


PIECES = (
    Piece(
        kind='endpoint', argument='POST /a', options=(':change: new', ':flag: f_1', ':id: make-a'),
        heading='New Endpoints', bullet='POST /a: Makes one',
    ),
    Piece(
        kind='endpoint', argument='POST /a', options=(':change: changed', ':purpose: More', ':release: 26.08'),
        heading='Changed Endpoints', bullet='POST /a: Something else behind `f_1`',
    ),
    Piece(
        kind='endpoint', argument='GET /b', options=(':change: removed', ':release: 27.02'),
        heading='Removed Endpoints', bullet='GET /b',
    ),
    Piece(
        kind='feature-flag', argument='f_1', options=(':default: off', ':remove-by: 2026-06-01'),
        heading='Feature Flags', bullet='`f_1`: off by default',
    ),
    Piece(
        kind='entity', argument='Job', options=(':table: jobs',), body=('- Add `size: int` field',),
        heading='New Entities', bullet='Job: What is run',
    ),
    Piece(
        kind='authorization', argument='POST /a', options=(':roles: editor',),
        heading='Authorization Touchpoints', bullet='POST /a: Requires editor role',
    ),
    Piece(
        kind='test-plan', argument='unit', body=('- Test POST /a with `f_1`', '- Test GET /b'),
        heading='Testing Strategy', bullet='Test POST /a',
    ),
    Piece(
        kind='rollout', argument='', body=('1. Deploy the backend', '2. Enable `f_1`'),
        heading='Migrations', bullet='Enable `f_1`',
    ),
    Piece(
        kind='dn:risk', argument='Too slow', heading='Other Security Considerations', bullet='No secrets involved',
    ),
    Piece(kind='impact-summary', argument='', heading='Approach Summary', bullet='Says what it comes to'),
)  # fmt: skip
PROSE = (
    '',
    'Clients call POST /a and GET /b of a Job when `f_1` is on.',
    {'rst': 'See :dn:item:`make-a` and :dn:entity:`Job`.', 'md': 'See {dn:item}`make-a` and {dn:entity}`Job`.'},
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A note, or a page that is none: without a status, and with another title."""

    title: str
    #: ``rst`` and ``md`` with directives, ``plain`` in words.
    syntax: str
    status: str
    pieces: tuple[Piece, ...]
    prose: int

    @property
    def suffix(self) -> str:
        return 'rst' if self.syntax == 'rst' else 'md'

    def text(self) -> str:
        prose = PROSE[self.prose]
        words = prose if isinstance(prose, str) else prose[self.suffix]
        if self.syntax == 'rst':
            head = [self.title, '=' * len(self.title), '', *self._marker('.. design-note::', '   ', '')]
            lines = [line for piece in self.pieces for line in piece.rest()]
        elif self.syntax == 'md':
            head = [f'# {self.title}', '', *self._marker('```{design-note}', '', '```')]
            lines = [line for piece in self.pieces for line in piece.myst()]
        else:
            head = [f'# {self.title}', '']
            lines = [line for piece in self.pieces for line in (f'## {piece.heading}', '', f'- {piece.bullet}', '')]
        return '\n'.join([*head, words, '', *lines])

    def _marker(self, begin: str, indent: str, end: str) -> list[str]:
        return [begin, f'{indent}:status: {self.status}', end, ''] if self.status else []


def pages() -> st.SearchStrategy[Page]:
    return st.builds(
        Page,
        title=st.sampled_from(('Design Note: One', 'Design Note: Two', 'KEP-1: Three', 'A page')),
        syntax=st.sampled_from(('rst', 'md', 'plain')),
        status=st.sampled_from(('', 'draft', 'accepted', 'rejected', 'implemented')),
        pieces=st.lists(st.sampled_from(PIECES), max_size=4).map(tuple),
        prose=st.integers(0, len(PROSE) - 1),
    )


#: Of pages that come and go; sorted before, between and after those that stay.
NAMES = ('a', 'deep/b', 'n', 'z')
#: Pages that stay. Hidden, because a build that is broken off leaves lists of titles as they were, whoever makes them.
FIXED: Mapping[str, str] = {
    'index.md': '# Home\n\n```{toctree}\n:hidden:\n:glob:\n\n*\ndeep/*\n```\n',
    'included.md': '# Included\n\n```{include} _part.md\n```\n',
    'views.md': """\
# Views

```{traceability-table} endpoints
```

```{traceability-table} flags
:filter: status != "rejected"
:group-by: note
```

```{traceability-table} findings
```

```{traceability-matrix} endpoint x test
```
""",
    'history.rst': 'History\n=======\n\n.. impact-timeline:: POST /a\n\n.. traceability-table:: notes\n',
}
_PROFILE = 'extends = "design-note"\nservice = "{}"\ntitle-prefixes = ["Design Note:"]\n'
#: Files that are no pages: name to the texts that each may have.
FILES: Mapping[str, tuple[str, ...]] = {
    '_part.md': ('Words.\n', '```{endpoint} PUT /part\n:change: new\n```\n'),
    'ours.toml': (_PROFILE.format('orders'), _PROFILE.format('billing')),
    'known.toml': ('endpoints = []\n', 'endpoints = ["GET /b"]\n'),
}
#: What may stand in ``conf.py``; the first value is the one at the beginning.
VALUES: Mapping[str, tuple[Any, ...]] = {
    'designnote_rules': ({}, {'DN101': 'off', 'DN301': 'error'}, {'deep/*': {'DN101': 'off', 'DN105': 'info'}}),
    'designnote_kinds': ({}, {'risk': {}}, {'risk': {'label': 'Danger'}}),
    'designnote_today': ('2026-01-01', '2026-09-01'),
    'designnote_releases': (
        {}, {'26.08': '2026-08-01', '27.02': '2027-02-01'}, {'26.08': '2026-08-01', '27.02': '2026-03-01'},
    ),
    'designnote_link_mentions': (True, False),
    'designnote_profile': ('design-note', 'kep', 'ours.toml'),
    'designnote_template_paths': ([], ['deep/*']),
    'designnote_backlinks': (True, False),
    'designnote_summary_card': (False, True),
    'designnote_aliases': ({}, {'work': 'job'}),
    'designnote_known': ('', 'known.toml'),
}  # fmt: skip

#: Those that decide how pages are read: environment and pages on disk differ while they are read again.
READ_WITH = (
    '_part.md',
    'designnote_kinds',
    'designnote_profile',
    'designnote_summary_card',
    'designnote_template_paths',
)


def first(choices: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    return {name: values[0] for name, values in choices.items()}


def choice(choices: Mapping[str, tuple[Any, ...]]) -> st.SearchStrategy[tuple[str, Any]]:
    """One of the names with one of its values."""
    pairs: Iterable[tuple[str, Any]] = ((name, value) for name, values in choices.items() for value in values)
    return st.sampled_from(tuple(pairs))
