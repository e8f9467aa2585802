"""From the records of all pages to one graph: subjects, typed links, mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.identity import stem, words_of
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE, Identity, LinkType, Option, ValueType, Vocabulary
from sphinxcontrib_designnote.relations.collector import at_rest
from sphinxcontrib_designnote.relations.graph import Dangling, Graph, Link, Subject
from sphinxcontrib_designnote.relations.history import impact_order, lineage, note_order
from sphinxcontrib_designnote.relations.mentions import CHECKED_KINDS, Mentions, Named
from sphinxcontrib_designnote.relations.names import Names, Naming

#: Options whose unknown names are no mistake: foreign keys lead into schemas that no note declares.
_UNCHECKED_LINKS = frozenset({'references'})
#: Links that put one thing before another: to oneself they are the shortest circle (DN204), no slip to pass over.
_ORDERING_LINKS = frozenset({'depends-on', 'supersedes', 'after', 'requires'})
#: Links whose mentions of fields are mentions of columns; a request's fields do not count.
_COLUMN_LINKS = frozenset({'uses', 'migrates'})


@at_rest
def relate(notes: Iterable[Note], naming: Naming, releases: Sequence[str] = ()) -> Graph:
    """Resolve every link and mention between notes.

    :param notes: in any order; the result does not depend on it.
    :param releases: names of releases, oldest first.

    An unresolved link is kept, marked so. Never raises on what an author wrote. O(items + links + text).
    """
    by_page = sorted(notes, key=lambda note: note.docname)
    names = Names(naming, by_page)
    edges = _note_edges(by_page, names)
    order = note_order(by_page, edges, releases)
    names.add_items(order)
    linker = _Linker(naming.vocabulary, names)
    for note in by_page:
        linker.add_note(note)
    linker.add_inferred_records()
    subjects = _subjects(order, names, releases)
    links = tuple(sorted(linker.links.values(), key=lambda link: (link.source, link.type, link.target)))
    parts: dict[str, list[Item]] = {}
    items: dict[str, Item] = {}
    for note in by_page:
        for item in note.items:
            items.setdefault(item.id, item)
            if item.parent is not None:
                parts.setdefault(item.parent, []).append(item)
    return Graph(
        vocabulary=naming.vocabulary,
        names=names,
        mentions=linker.mentions,
        pages=tuple(order),
        notes=_first_by_id(order),
        lineage=lineage(order, edges),
        items=dict(sorted(items.items())),
        subjects=subjects,
        subject_of={item.id: subject for subject in subjects for item in subject.impacts},
        links=links,
        outgoing=_grouped(links, by_source=True),
        incoming=_grouped(links, by_source=False),
        dangling=tuple(sorted(linker.dangling, key=lambda d: (d.location, d.written, d.source))),
        parts={parent: tuple(children) for parent, children in parts.items()},
    )


def _first_by_id(notes: Sequence[Note]) -> dict[str, Note]:
    result: dict[str, Note] = {}
    for note in notes:
        result.setdefault(note.id, note)
    return result


def _grouped(links: Iterable[Link], *, by_source: bool) -> dict[str, tuple[Link, ...]]:
    groups: dict[str, list[Link]] = {}
    for link in links:
        groups.setdefault(link.source if by_source else link.target, []).append(link)
    return {key: tuple(group) for key, group in groups.items()}


def _note_edges(notes: Iterable[Note], names: Names) -> dict[str, set[str]]:
    """Note id to the ids of the notes that come before it."""
    edges: dict[str, set[str]] = {}
    for note in notes:
        for option, later_first in (('depends_on', True), ('supersedes', True), ('superseded_by', False)):
            for written in note.names(option):
                other = names.find(written, note, (NOTE,)).found
                if isinstance(other, Note):
                    later, earlier = (note, other) if later_first else (other, note)
                    edges.setdefault(later.id, set()).add(earlier.id)
    return edges


def _subjects(order: Sequence[Note], names: Names, releases: Sequence[str]) -> tuple[Subject, ...]:
    rank = {note.id: index for index, note in enumerate(order)}
    impacts: dict[tuple[str, str, str, str], list[Item]] = {}
    for note in order:
        if note.is_dead:
            continue
        for item in note.items:
            kind = names.kinds.get(item.kind)
            if kind is not None and kind.subject:
                service = '' if kind.identity is Identity.PROJECT else item.service or ''
                qualifier = str(item.fields.get(kind.qualifier, '')) if kind.qualifier else ''
                key = (item.kind, service, names.form_of[item.id], qualifier)
                impacts.setdefault(key, []).append(item)
    subjects = [
        Subject(kind=kind, key=items[0].key, service=service or None, impacts=impact_order(items, rank, releases))
        for (kind, service, _, _), items in impacts.items()
    ]
    return tuple(sorted(subjects, key=lambda s: (s.kind, s.service or '', s.key, s.impacts[0].id)))


class _Linker:
    """Collects links; of two that say the same the first in page order stays."""

    def __init__(self, vocabulary: Vocabulary, names: Names) -> None:
        self.vocabulary = vocabulary
        self.names = names
        self.mentions = Mentions(names)
        self.links: dict[tuple[str, str, str], Link] = {}
        self.dangling: list[Dangling] = []
        self.every_kind = tuple(vocabulary.kinds)
        self.link_options = {
            kind.name: [
                (option, vocabulary.links[option.link])
                for option in kind.options.values()
                if option.link and option.link in vocabulary.links
            ]
            for kind in vocabulary.kinds.values()
        }
        #: Item of the note at hand, link type and kind of what an option of the item names.
        self.stated: set[tuple[str, str | None, str]] = set()
        self.by_mention = {kind: vocabulary.links_by_mention(kind) for kind in vocabulary.kinds}
        self.text_options = {
            kind.name: [o.key for o in kind.options.values() if o.type in (ValueType.TEXT, ValueType.STATE)]
            for kind in vocabulary.kinds.values()
        }

    def add_note(self, note: Note) -> None:
        self.stated.clear()
        for option, link in self.link_options[NOTE]:
            self._add_option(note, note, option, link)
        for item in note.items:
            for option, link in self.link_options.get(item.kind, ()):
                if option.key in item.fields:
                    self._add_option(item, note, option, link)
            if self.by_mention.get(item.kind) or item.kind in CHECKED_KINDS:
                self._add_mentions(item, note)
        for mention in note.mentions:
            kinds = self.every_kind if mention.kind is None else (mention.kind,)
            match = self.names.find(mention.target, note, kinds)
            if match.found is None and not match.known:
                self._dangle(note.id, note, mention.target, kinds, mention.location, None, match.wrong)

    def _add_option(self, thing: Item | Note, note: Note, option: Option, link: LinkType) -> None:
        written_names = thing.names(option.key)
        if not written_names:
            return
        allowed = link.sources if option.inverse else link.targets
        kinds = self.every_kind if '*' in allowed else allowed
        location = thing.at(option.key)
        for written in written_names:
            match = self.names.find(written, thing, kinds)
            if match.found is not None:
                source, target = (match.found.id, thing.id) if option.inverse else (thing.id, match.found.id)
                if isinstance(match.found, Item):
                    self.stated.add((thing.id, link.name, match.found.kind))
                self._add(
                    Link(
                        type=link.name,
                        source=source,
                        target=target,
                        resolved=True,
                        location=location,
                        inverse=option.inverse,
                    )
                )
                continue
            if not option.inverse:
                known = match.known
                self._add(Link(type=link.name, source=thing.id, target=written, resolved=known, location=location))
            if not match.known and link.name not in _UNCHECKED_LINKS:
                self._dangle(thing.id, note, written, kinds, location, option.name, match.wrong)

    def _dangle(
        self,
        source: str,
        note: Note,
        written: str,
        kinds: Sequence[str],
        location: SourceLocation,
        option: str | None,
        wrong: Item | Note | None = None,
    ) -> None:
        likely = self._likely(written, tuple(kinds))
        self.dangling.append(
            Dangling(
                source=source,
                note=note.id,
                written=written,
                kinds=likely,
                location=location,
                option=option,
                wrong=wrong.id if wrong else None,
            )
        )

    def _likely(self, written: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Put first what *written* most likely means: the kind of its prefix, or an endpoint where it is a path."""
        prefix, colon, _ = written.partition(':')
        named = self.vocabulary.kind_of_role(prefix.strip()) if colon else None
        first = named.name if named else 'endpoint' if '/' in written else None
        return (first, *(kind for kind in kinds if kind != first)) if first in kinds else kinds

    def _add(self, link: Link) -> None:
        key = (link.source, link.type, link.target)
        if link.source != link.target or link.type in _ORDERING_LINKS:
            self.links.setdefault(key, link)

    def _add_mentions(self, item: Item, note: Note) -> None:
        action = item.text('action')
        makes = {
            kind: link.name
            for link in self.by_mention[item.kind]
            if not link.actions or action in link.actions
            for kind in link.mentions
        }
        names_flag = bool(item.names('flag'))
        for name, text in self._texts(item):
            for named in self.mentions.find(text, item, note):
                start = item.at(name)
                location = start if '\n' not in text else _below(start, text, named.offset)
                if named.item is None:
                    self._undeclared(item, note, named, name, makes.get('endpoint'), location)
                elif named.by_noun and (item.id, makes.get(named.item.kind), named.item.kind) in self.stated:
                    continue  # "the old endpoint" is the one that an option names
                elif (link := makes.get(named.item.kind)) and self._can_name(link, item, named.item):
                    names_flag = names_flag or named.item.kind == 'feature-flag'
                    self._add(Link(type=link, source=item.id, target=named.item.id, resolved=True, location=location))
        # "Enable for everyone" and a test "on and off" mean the note's only flag; a name in code that nothing declares
        # does not.
        link_to_flag = makes.get('feature-flag')
        if link_to_flag and item.says('flag_state') and not names_flag and '`' not in item.title:
            for flag in self.mentions.only[note.id]['feature flag']:
                at = item.location
                self._add(Link(type=link_to_flag, source=item.id, target=flag.id, resolved=True, location=at))

    def _can_name(self, link: str, item: Item, named: Item) -> bool:
        if link in _COLUMN_LINKS and named.kind == 'field':
            owner = self.names.ids.get(named.parent or '')
            if not isinstance(owner, Item) or owner.kind != 'entity':
                return False
        return not _same_thing(item, named)

    def _texts(self, item: Item) -> Iterator[tuple[str, str]]:
        yield 'title', item.title
        for option in self.text_options[item.kind]:
            if option in item.fields and (text := item.text(option)) is not None:
                yield option, text
        if item.body:
            yield 'body', item.body

    def _undeclared(
        self, item: Item, note: Note, named: Named, where: str, link: str | None, at: SourceLocation
    ) -> None:
        if item.kind not in CHECKED_KINDS:
            return
        if link is not None:
            self._add(Link(type=link, source=item.id, target=named.written, resolved=False, location=at))
        option = None if where in ('title', 'body') else where
        self._dangle(item.id, note, named.written, ('endpoint',), at, option)

    def add_inferred_records(self) -> None:
        """Let an audit event that names no endpoint record those whose last path segment its name or trigger holds."""
        naming = {(link.source) for link in self.links.values() if link.type == 'records'}
        for note in self.names.notes.values():
            by_segment: dict[tuple[str, ...], list[Item]] = {}
            for item in note.items:
                if item.kind == 'endpoint' and (words := _last_segment(item)):
                    by_segment.setdefault(tuple(map(stem, words)), []).append(item)
            for event in note.items if by_segment else ():
                if event.kind != 'audit-event' or event.id in naming:
                    continue
                for said in (words_of(event.key), words_of(event.text('trigger') or ''), words_of(event.title)):
                    for endpoint in _named_last(tuple(map(stem, said)), by_segment):
                        at = event.location
                        self._add(Link(type='records', source=event.id, target=endpoint.id, resolved=True, location=at))


def _below(start: SourceLocation, text: str, offset: int) -> SourceLocation:
    return SourceLocation(path=start.path, line=start.line + text.count('\n', 0, offset))


def _same_thing(item: Item, other: Item) -> bool:
    return other.id == item.id or other.parent == item.id or (other.kind == item.kind and other.key == item.key)


def _last_segment(endpoint: Item) -> tuple[str, ...]:
    segments = [s for s in (endpoint.text('path') or '').split('/') if s and s[0] not in '{<[:']
    return words_of(segments[-1].partition('#')[0]) if segments else ()


def _named_last(words: tuple[str, ...], by_segment: Mapping[tuple[str, ...], list[Item]]) -> list[Item]:
    """Return the endpoints whose segment stands last among *words*: ``job.cancelled`` is about ``/jobs/{id}/cancel``.

    Segments of up to six words.
    """
    for end in range(len(words), 0, -1):
        for start in range(max(end - 6, 0), end):
            if (found := by_segment.get(words[start:end])) is not None:
                return _by_method(found, words[end:])
    return []


#: Stem of a word with which events end, to the methods that do such a thing.
_METHODS_OF: Mapping[str, tuple[str, ...]] = {
    stem(word): methods
    for methods, words in (
        (('POST',), ('created', 'added', 'submitted', 'requested', 'registered', 'uploaded')),
        (('PUT', 'PATCH', 'POST'), ('updated', 'changed', 'modified', 'edited', 'renamed')),
        (('DELETE',), ('deleted', 'removed', 'cancelled', 'canceled', 'revoked')),
        (('GET', 'HEAD'), ('viewed', 'read', 'listed', 'downloaded', 'accessed', 'exported')),
    )
    for word in words
}


def _by_method(endpoints: list[Item], behind: tuple[str, ...]) -> list[Item]:
    """Return those whose method does what the word *behind* says: ``job.deleted`` is not about ``POST /jobs``.

    All of them where none does, as a ``PUT`` may create.
    """
    methods = _METHODS_OF.get(behind[0], ()) if behind else ()
    return [each for each in endpoints if each.text('method') in methods] or endpoints
