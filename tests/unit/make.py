"""Notes for tests of the pure core: read by the functions that capture calls, without docutils or Sphinx.

>>> page('quick', item('endpoint', 'POST /jobs', change='new'), item('rollout', body='1. Deploy'))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.grammar.blocks import Block
from sphinxcontrib_designnote.grammar.bullets import read_bullets
from sphinxcontrib_designnote.grammar.steps import derive
from sphinxcontrib_designnote.model.drafts import Draft, PageDraft, finish, read_drafts
from sphinxcontrib_designnote.model.records import Item, Mention, Note
from sphinxcontrib_designnote.model.schema import NOTE, Vocabulary, builtin_vocabulary
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Dangling, Graph
from sphinxcontrib_designnote.relations.names import Known, Naming

VOCABULARY = builtin_vocabulary()
_BULLET = re.compile(r'(?P<indent> *)(?:[-*]|\d+\.) (?P<text>.*)')


@dataclass(frozen=True, kw_only=True)
class Written:
    """A directive as its author writes it."""

    kind: str
    argument: str
    body: str
    options: Mapping[str, str]
    parts: tuple[Written, ...]
    line: int | None


def item(
    kind: str, argument: str = '', /, *parts: Written, body: str = '', line: int | None = None, **options: str
) -> Written:
    """Write an item: ``item('endpoint', 'POST /x', rate_limit='10/s', in_='query')``."""
    named = {name.rstrip('_').replace('_', '-'): value for name, value in options.items()}
    return Written(kind=kind, argument=argument, body=body, options=named, parts=parts, line=line)


@dataclass(kw_only=True)
class _Reader:
    page: PageDraft
    vocabulary: Vocabulary
    #: The directive, each of its options, and each line of its body take a line, in that order.
    line: int = 10
    drafts: list[Draft] = field(default_factory=list)

    def read(self, written: Written, parent: Draft | None) -> None:
        kind = self.vocabulary.kinds[written.kind]
        start = self.line if written.line is None else written.line
        location = SourceLocation(path=self.page.path, line=start)
        options = {name: (value, start + at) for at, (name, value) in enumerate(written.options.items(), 1)}
        drafts = read_drafts(kind, written.argument, options, location, parent=parent)
        body_line = start + 1 + len(options)
        self.line = body_line + len(written.body.splitlines())
        bullets, text = bullets_of(written.body, body_line, self.page.path)
        groups = not written.argument and kind.bullets == kind.name and bullets
        for draft in [] if groups else drafts:
            derive(draft)
            draft.body = text if kind.bullets else written.body
            if written.body:
                draft.lines['body'] = body_line
            self.drafts.append(draft)
        owners = [] if groups else drafts
        stated = read_bullets(kind, owners, bullets, self.vocabulary.kinds)
        self.drafts += [draft for draft, _ in stated]
        for part in written.parts:
            self.read(part, drafts[0])


def bullets_of(body: str, line: int, path: str) -> tuple[list[Block], str]:
    """Return the bullets of *body*, whose first line is *line*, and the text around them."""
    roots: list[tuple[int, str, int, list[Block]]] = []
    texts: list[str] = []
    stack: list[tuple[int, str, int, list[Block]]] = []

    def close(indent: int) -> None:
        while stack and stack[-1][0] >= indent:
            done = stack.pop()
            if stack:
                stack[-1][3].append(Block(text=done[1], line=done[2], path=path, children=tuple(done[3])))

    for at, written in enumerate(body.splitlines(), line):
        match = _BULLET.match(written)
        if match is None:
            close(0)
            texts.append(written)
            continue
        entry: tuple[int, str, int, list[Block]] = (len(match['indent']), match['text'], at, [])
        close(entry[0])
        if not stack:
            roots.append(entry)
        stack.append(entry)
    close(0)
    bullets = [Block(text=text, line=at, path=path, children=tuple(children)) for _, text, at, children in roots]
    return bullets, '\n'.join(texts).strip()


def page(
    name: str,
    *items: Written,
    title: str = '',
    docname: str = '',
    base_path: str = '',
    default_service: str | None = None,
    marked: bool = True,
    mentions: Iterable[Mention] = (),
    vocabulary: Vocabulary = VOCABULARY,
    options: Mapping[str, str] | None = None,
    **named: str,
) -> Note:
    """Make a note whose id is *name*; *options* and *named* are those of ``design-note``."""
    docname = docname or f'notes/{name}'
    draft = PageDraft(
        docname=docname, path=f'{docname}.md', title=title or name.replace('-', ' ').capitalize(), marked=marked
    )
    draft.mentions += mentions
    if marked:
        written = {'id': name} | {key.replace('_', '-'): value for key, value in {**(options or {}), **named}.items()}
        lines = {key: (value, at) for at, (key, value) in enumerate(written.items(), 2)}
        draft.marker = read_drafts(vocabulary.kinds[NOTE], '', lines, SourceLocation(path=draft.path, line=1))[0]
    reader = _Reader(page=draft, vocabulary=vocabulary)
    for each in items:
        reader.read(each, None)
    draft.drafts = reader.drafts
    return finish(draft, default_service=default_service, base_path=base_path)


def graph(
    *notes: Note,
    known: Mapping[str, Iterable[str]] | None = None,
    aliases: Mapping[str, str] | None = None,
    releases: Sequence[str] = (),
    vocabulary: Vocabulary = VOCABULARY,
) -> Graph:
    """Relate *notes*. *known* maps a kind to names, as written, that exist without a note."""
    naming = Naming(vocabulary=vocabulary, aliases=aliases or {})
    forms = {
        kind: frozenset(naming.form(vocabulary.kinds[kind], name) for name in names)
        for kind, names in (known or {}).items()
    }
    naming = Naming(vocabulary=vocabulary, aliases=aliases or {}, known=Known(forms=forms))
    return relate(notes, naming, releases)


def links(of: Graph) -> list[tuple[str, str, str]]:
    """Return source, type and target of each link: an item's key, a note's id, what is written and a ``?``."""

    def name(id_: str) -> str:
        return of.items[id_].key if id_ in of.items else id_

    return [(name(link.source), link.type, name(link.target) + ('' if link.resolved else '?')) for link in of.links]


def links_of(type_: str, of: Graph) -> list[tuple[str, str]]:
    """Return source and target of each link of one type."""
    return [(source, target) for source, type_of, target in links(of) if type_of == type_]


def dangling(of: Graph) -> list[tuple[str, str, int, str | None]]:
    """Return what is written, the kind most likely meant, line and option of each name that nothing answers to."""
    return [(d.written, d.kinds[0], d.location.line, d.option) for d in of.dangling]


def keys(items: Iterable[Item]) -> list[str]:
    """Return the keys of *items*."""
    return [each.key for each in items]


def problems(note: Note) -> list[tuple[str, str, int]]:
    """Return code, message and line of what could not be read."""
    return [(problem.code, problem.message, problem.location.line) for problem in note.problems]


def wrong(of: Graph) -> list[Dangling]:
    """Return the names that mean something of another kind."""
    return [d for d in of.dangling if d.wrong is not None]
