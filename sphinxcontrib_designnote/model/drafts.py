"""From what was written to records: the one way in for directives and for the grammar of plain notes.

A :class:`Draft` lives while its page is read. When the page is complete, :func:`finish` knows the note that it belongs
to, gives it its id, and freezes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sphinxcontrib_designnote.diagnostics import Problem, SourceLocation, did_you_mean, quote
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.records import Ignore, Item, Mention, Note, Origin, SlotState, Value, View
from sphinxcontrib_designnote.model.schema import NOTE, RECORD_OPTIONS, ArgumentType, Kind, Option
from sphinxcontrib_designnote.model.values import Argument, read_argument, read_ignore, read_value

_SAFE_ID = re.compile(r'[A-Za-z][A-Za-z0-9_.:-]{0,199}')


#: What an author writes for the value of an option that is not to be read from other words.
SAYS_NOTHING = frozenset({'-', '–', '—'})


@dataclass(kw_only=True, slots=True)
class Draft:
    """An item whose note is not known yet. Mutable; never leaves the reading of its page."""

    kind: Kind
    argument: Argument
    location: SourceLocation
    origin: Origin = 'directive'
    fields: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ''
    parent: Draft | None = None
    incomplete: bool = False
    stated: dict[str, str] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    #: As in the record.
    base_path: str | None = None
    sections: tuple[str, ...] = ()
    #: What could not be read: option name to its text, for the page to show.
    unread: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str, SourceLocation]] = field(default_factory=list)

    @property
    def change(self) -> str | None:
        """What the author says that the note does to the thing."""
        return self.stated.get('change')

    def complain(self, code: str, message: str, line: int | None = None) -> None:
        """Note that something could not be read; rules about what is missing then keep silent."""
        at = self.location if line is None else SourceLocation(path=self.location.path, line=line)
        self.problems.append((code, message, at))
        self.incomplete = True

    def leave_out(self, option: Option, line: int) -> None:
        """Leave *option* unsaid: what words have been, or would be, read as its value does not count."""
        self.fields.pop(option.key, None)
        self.stated.pop(option.name, None)
        self.lines[option.key] = line

    def set_option(self, name: str, written: str, line: int) -> None:
        """Read one option; what cannot be read becomes a problem, and the rest of the item stays."""
        option = self.kind.options.get(name)
        if option is None:
            accepted = ', '.join(self.kind.options)
            hint = did_you_mean(name, self.kind.options)
            self.complain('DN105', f'{quote(name)} is no option of {self.kind.name}{hint} (accepted: {accepted})', line)
            self.unread[name] = written
            return
        self.lines[option.key] = line
        if name == 'ignore':
            self.ignore = read_ignore(written, SourceLocation(path=self.location.path, line=line))
            return
        value, complaint = read_value(option, written)
        if complaint is not None:
            self.complain('DN105', complaint, line)
            self.unread[name] = written
        if value is None:
            return
        if name in RECORD_OPTIONS and self.kind.name != NOTE:
            self.stated[name] = (
                value if isinstance(value, str) else ', '.join(map(str, value)) if isinstance(value, tuple) else ''
            )
        else:
            self.fields[option.key] = value


def read_drafts(
    kind: Kind,
    argument: str,
    options: Mapping[str, tuple[str, int]],
    location: SourceLocation,
    *,
    origin: Origin = 'directive',
    parent: Draft | None = None,
) -> list[Draft]:
    """Read one written item; several drafts where its argument states several (``GET, POST /x``), never none.

    :param options: name as typed to value and line.
    """
    arguments, complaint = read_argument(kind, argument)
    drafts = [
        Draft(kind=kind, argument=each, location=location, origin=origin, parent=parent, fields=dict(each.fields))
        for each in arguments
    ]
    first = drafts[0]
    if not argument.strip():
        if kind.required:
            examples = {ArgumentType.HTTP_TARGET: 'POST /jobs', ArgumentType.DECLARATION: 'name: type'}
            example = kind.words[0] if kind.words else examples.get(kind.argument, 'name')
            first.complain(
                'DN106', f"{kind.label.lower()} has no argument; write '{example}' behind the directive's name"
            )
    elif kind.argument is ArgumentType.NONE:
        first.complain('DN105', f'{kind.name} takes no argument, and has {quote(argument)}; put it in the body')
    elif complaint is not None:
        first.complain('DN105', complaint)
    for name, (written, line) in options.items():
        for draft in drafts:
            draft.set_option(name, written, line)
    for draft in drafts[1:]:  # each item carries the mistake, one finding reports it
        draft.incomplete, draft.problems = first.incomplete, []
        draft.stated.pop('id', None)  # it names one item, the first
    return drafts


@dataclass(kw_only=True, slots=True)
class PageDraft:
    """What a page has said so far."""

    docname: str
    path: str
    title: str = ''
    line: int = 1
    marked: bool = False
    #: The ``design-note`` directive or front matter.
    marker: Draft | None = None
    drafts: list[Draft] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    links: tuple[str, ...] = ()
    words: int = 0
    #: What comments silence in the whole note.
    ignore: tuple[Ignore, ...] = ()
    #: As in the record.
    prose: dict[str, str] = field(default_factory=dict)
    headings: dict[str, SlotState] = field(default_factory=dict)
    heading_lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Items that stand in the wrong section, and what is said about it.
    misplaced: list[tuple[Draft, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing on the page concerns this extension."""
        return not (self.marked or self.marker or self.drafts or self.mentions or self.views or self.problems)


def finish(page: PageDraft, *, default_service: str | None = None, base_path: str = '') -> Note:
    """Freeze *page*. The items are in the order of its drafts, so that callers can pair the two."""
    marker = page.marker
    fields = dict(marker.fields) if marker else {}
    title = (marker.argument.title if marker else '') or page.title or page.docname
    stated_id = fields.pop('id', None)
    id_ = stated_id if isinstance(stated_id, str) else page.docname
    fields.pop('class', None)
    problems = list(page.problems)
    if marker:
        problems += [Problem(code=c, message=m, location=at) for c, m, at in marker.problems]
    service = _text(fields.get('service')) or default_service
    release = _text(fields.get('release'))
    if service is not None:
        fields['service'] = service
    items: list[Item] = []
    made: dict[int, Item] = {}
    #: Every id of the page, with the last suffix tried on it.
    taken = {draft.stated['id']: 1 for draft in page.drafts if 'id' in draft.stated}
    # Two names that differ only in '/' and '-' stay two.
    note_slug = '--'.join(slug(part) for part in id_.split('/', 9))
    for draft in page.drafts:
        parent = made.get(id(draft.parent)) if draft.parent else None
        item = made[id(draft)] = _finish_item(draft, parent, page, id_, note_slug, service, release, taken)
        items.append(item)
        problems += [Problem(code=c, message=m, location=at, item=item.id) for c, m, at in draft.problems]
    for draft, message in page.misplaced:
        problems.append(Problem(code='DN109', message=message, location=draft.location, item=made[id(draft)].id))
    return Note(
        id=id_,
        title=title,
        docname=page.docname,
        location=marker.location if marker else SourceLocation(path=page.path, line=page.line),
        anchor=_anchor(id_) if isinstance(stated_id, str) else f'note-{note_slug}',
        marked=page.marked or marker is not None,
        fields=fields,
        lines=marker.lines if marker else {},
        ignore=(*(marker.ignore if marker else ()), *page.ignore),
        incomplete=marker.incomplete if marker else False,
        base_path=base_path,
        headings=page.headings,
        heading_lines=page.heading_lines,
        prose=page.prose,
        items=tuple(items),
        mentions=tuple(page.mentions),
        views=tuple(page.views),
        links=page.links,
        words=page.words,
        problems=tuple(problems),
    )


def _finish_item(
    draft: Draft,
    parent: Item | None,
    page: PageDraft,
    note: str,
    note_slug: str,
    service: str | None,
    release: str | None,
    taken: dict[str, int],
) -> Item:
    kind, key, stated = draft.kind, draft.argument.key, draft.stated
    if parent is not None and kind.argument is ArgumentType.DECLARATION:
        key = f'{parent.key}.{key}'
    elif parent is not None and kind.argument is ArgumentType.CONSTRAINT:
        key = f'{parent.key} {key}'
    id_ = stated.get('id')
    if id_ is None:
        qualifier = draft.fields.get(kind.qualifier.replace('-', '_')) if kind.qualifier else None
        words = f'{qualifier} {key}' if qualifier else key
        id_ = f'{note_slug}-{kind.name}-{slug(words)}'
        if draft.change:
            id_ = f'{id_}-{draft.change}'
        id_ = _untaken(id_, taken)
    return Item(
        id=id_,
        kind=kind.name,
        key=key,
        title=draft.argument.title or key,
        change=draft.change,
        service=stated.get('service') or (parent.service if parent else None) or service,
        release=stated.get('release') or (parent.release if parent else None) or release,
        note=note,
        docname=page.docname,
        location=draft.location,
        anchor=_anchor(id_),
        origin=draft.origin,
        fields=draft.fields,
        lines=draft.lines,
        body=draft.body,
        parent=parent.id if parent else None,
        incomplete=draft.incomplete,
        ignore=draft.ignore,
        base_path=draft.base_path,
        sections=draft.sections,
    )


def _untaken(id_: str, taken: dict[str, int]) -> str:
    """Return *id_*, with a suffix where it is *taken* (which gains it). Linear over all items of a page."""
    result, count = id_, taken.get(id_, 1)
    while result in taken:
        count += 1
        result = f'{id_}-{count}'
    taken[id_] = count
    taken.setdefault(result, 1)
    return result


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None


def _anchor(id_: str) -> str:
    return id_ if _SAFE_ID.fullmatch(id_) else slug(id_)
