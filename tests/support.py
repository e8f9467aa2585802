"""Builders of records for tests that need neither Sphinx nor docutils.

What a test states is read by the same functions as what an author writes, so a test cannot state what nobody could.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_designnote.diagnostics import Finding, Problem, SourceLocation
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.records import Ignore, Item, Mention, Note, SlotState, Value
from sphinxcontrib_designnote.model.schema import NOTE, RECORD_OPTIONS, ArgumentType, Kind, builtin_vocabulary
from sphinxcontrib_designnote.model.values import Argument, read_argument, read_ignore, read_value
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.names import Known, Naming
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule, RuleSettings
from sphinxcontrib_designnote.rules.engine import run

VOCABULARY = builtin_vocabulary()
#: The slots of the template; every one is required but ``interfaces``.
SLOTS = {slot: slot != 'interfaces' for slot in VOCABULARY.kinds['no-impact'].words}


@dataclass(frozen=True, kw_only=True)
class Said:
    """An item before its note is known."""

    kind: Kind
    argument: str
    options: Mapping[str, str]
    parts: tuple[Said, ...]
    body: str
    incomplete: bool


def said(kind: str, argument: str = '', *parts: Said, body: str = '', incomplete: bool = False, **options: str) -> Said:
    """State an item: ``said('endpoint', 'POST /x', change='new', rate_limit='10/s', in_='query')``."""
    written = {name.rstrip('_').replace('_', '-'): value for name, value in options.items()}
    unknown = set(written) - set(VOCABULARY.kinds[kind].options)
    assert not unknown, f'{kind} has no option {unknown}'
    return Said(
        kind=VOCABULARY.kinds[kind], argument=argument, options=written, parts=parts, body=body, incomplete=incomplete
    )


@dataclass(kw_only=True)
class _Page:
    id: str
    path: str
    docname: str
    #: Each item and each of its options and its body take a line, in that order.
    line: int
    items: list[Item] = field(default_factory=list)


def note(
    id_: str,
    *items: Said,
    title: str = '',
    marked: bool = True,
    incomplete: bool = False,
    base_path: str = '',
    headings: Mapping[str, SlotState] | None = None,
    heading_lines: Mapping[str, int] | None = None,
    mentions: Iterable[Mention] = (),
    problems: Sequence[Problem] = (),
    docname: str = '',
    words: int = 0,
    **options: str,
) -> Note:
    """Make a note; its own options are given as text, those of ``design-note``."""
    docname = docname or id_
    path = f'{docname}.md'
    written = {name.replace('_', '-'): text for name, text in options.items()}
    fields, lines, stated, ignore = _options(VOCABULARY.kinds[NOTE], written, SourceLocation(path=path, line=1))
    fields |= {name: value for name, value in stated.items() if name in ('release', 'service')}
    page = _Page(id=id_, path=path, docname=docname, line=2 + len(lines))
    for each in items:
        _add(each, None, page, fields)
    return Note(
        id=id_,
        title=title or id_,
        docname=docname,
        location=SourceLocation(path=path, line=1),
        anchor=slug(id_),
        marked=marked,
        incomplete=incomplete,
        fields=fields,
        lines=lines,
        ignore=ignore,
        base_path=base_path,
        headings=headings or {},
        heading_lines=heading_lines or {},
        items=tuple(page.items),
        mentions=tuple(mentions),
        problems=tuple(problems),
        words=words,
    )


def _options(
    kind: Kind, written: Mapping[str, str], at: SourceLocation
) -> tuple[dict[str, Value], dict[str, int], dict[str, str], tuple[Ignore, ...]]:
    fields: dict[str, Value] = {}
    lines: dict[str, int] = {}
    stated: dict[str, str] = {}
    ignore: tuple[Ignore, ...] = ()
    for number, (name, text) in enumerate(written.items(), at.line + 1):
        option = kind.options[name]
        lines[option.key] = number
        if name == 'ignore':
            ignore = read_ignore(text, SourceLocation(path=at.path, line=number))
            continue
        value, complaint = read_value(option, text)
        assert complaint is None, complaint
        if name in RECORD_OPTIONS:
            assert isinstance(value, str)
            stated[name] = value
        elif value is not None:
            fields[option.key] = value
    return fields, lines, stated, ignore


def _add(each: Said, parent: Item | None, page: _Page, note_fields: Mapping[str, Value]) -> None:
    arguments, complaint = read_argument(each.kind, each.argument)
    assert complaint is None or each.incomplete, complaint
    for argument in arguments:
        item = _item(each, argument, parent, page, note_fields)
        page.items.append(item)
        for part in each.parts:
            _add(part, item, page, note_fields)


def _item(each: Said, argument: Argument, parent: Item | None, page: _Page, note_fields: Mapping[str, Value]) -> Item:
    location = SourceLocation(path=page.path, line=page.line)
    fields, lines, stated, ignore = _options(each.kind, each.options, location)
    key = argument.key
    if parent is not None and each.kind.argument in (ArgumentType.DECLARATION, ArgumentType.CONSTRAINT):
        key = f'{parent.key}{"." if each.kind.argument is ArgumentType.DECLARATION else " "}{key}'
    id_ = stated.get('id') or f'{slug(page.id)}-{each.kind.name}-{slug(key)}'
    taken = {item.id for item in page.items}
    if 'id' not in stated and id_ in taken:
        id_ = next(f'{id_}-{n}' for n in range(2, len(taken) + 3) if f'{id_}-{n}' not in taken)
    page.line += 1 + len(lines)
    if each.body:
        lines['body'] = page.line
        page.line += 1 + each.body.count('\n')
    service, release = note_fields.get('service'), note_fields.get('release')
    return Item(
        id=id_,
        kind=each.kind.name,
        key=key,
        title=argument.title or key,
        change=stated.get('change'),
        service=stated.get('service') or (service if isinstance(service, str) else None),
        release=stated.get('release') or (release if isinstance(release, str) else None),
        note=page.id,
        docname=page.docname,
        location=location,
        anchor=slug(id_),
        origin='directive',
        fields=argument.fields | fields,
        lines=lines,
        body=each.body,
        parent=parent.id if parent else None,
        incomplete=each.incomplete,
        ignore=ignore,
    )


def graph_of(*notes: Note, known: Mapping[str, Iterable[str]] | None = None, releases: Sequence[str] = ()) -> Graph:
    """Relate *notes*. *known* maps a kind to the forms of names that exist without a note."""
    forms = {kind: frozenset(names) for kind, names in (known or {}).items()}
    return relate(notes, Naming(vocabulary=VOCABULARY, known=Known(forms=forms)), releases)


def settings(**changes: object) -> RuleSettings:
    """Return what configuration tells the rules by default, with *changes*."""
    facts: dict[str, object] = {'today': datetime.date(2026, 1, 1), 'rules': RULES} | changes
    return RuleSettings(**facts)  # type: ignore[arg-type]  # each test states what it changes


def rule_of(code: str) -> Rule:
    """Return the rule with this *code*."""
    (found,) = (rule for rule in RULES if rule.code == code)
    return found


def findings(codes: str, *notes: Note, graph: Graph | None = None) -> list[Finding]:
    """Run the rules whose codes stand in *codes* (``all`` for all) over *notes*; silenced findings are left out."""
    rules = RULES if codes == 'all' else [rule_of(code) for code in codes.split()]
    return [f for f in run(rules, graph or graph_of(*notes), settings()) if f.suppressed is None]


def check(codes: str, *notes: Note) -> list[tuple[str, str | int]]:
    """Return code and item key (the line, where there is no item) of each finding, in the order of the output."""
    graph = graph_of(*notes)
    found = findings(codes, graph=graph)
    return [(f.code, graph.items[f.item].key if f.item else f.location.line) for f in found]
