"""Which item a written name means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sphinxcontrib_designnote.model.identity import (
    clean_path,
    endpoint_identity,
    entity_identity,
    http_target,
    name_identity,
    slug,
    unify_parameters,
    without_ids,
)
from sphinxcontrib_designnote.model.records import Item, Note, Requirement
from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Identity, Kind, Vocabulary

#: Arguments that name something else.
_BORROWED_NAMES = frozenset({ArgumentType.OPERATION, ArgumentType.WORD, ArgumentType.NONE})
#: What the reader of an inventory takes for the end of a name.
_NUMBER_INSIDE = re.compile(r' -?\d+ ')


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What exists without a note (``designnote_known``): kind to the forms of its names."""

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Ids of items that other projects publish.
    ids: frozenset[str] = frozenset()
    #: Id to requirement; a part of one has an id of its own, and leads to the whole.
    requirements: Mapping[str, Requirement] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """The settings that decide when two names mean one thing."""

    vocabulary: Vocabulary
    #: Folded entity name to folded entity name.
    aliases: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)

    def also_knowing(self, names: Mapping[str, Iterable[str]], ids: Iterable[str] = ()) -> Naming:
        """Return the same naming with more that exists without a note: kind to names as written."""
        forms = dict(self.known.forms)
        for kind, written in names.items():
            more = frozenset(self.form(self.vocabulary.kinds[kind], name) for name in written)
            forms[kind] = forms.get(kind, frozenset()) | more
        return replace(self, known=replace(self.known, forms=forms, ids=self.known.ids | frozenset(ids)))

    def with_requirements(self, requirements: Mapping[str, Requirement]) -> Naming:
        """Return the same naming for a project that has *requirements*, which options that take any item may name."""
        return replace(self, known=replace(self.known, requirements=requirements))

    def form(self, kind: Kind, written: str, base_path: str = '') -> str:
        """Return the form in which names of *kind* are compared."""
        if kind.argument is ArgumentType.HTTP_TARGET:
            target = http_target(written)
            if target is not None:
                return endpoint_identity(target.methods[0], target.path, base_path)
            path = written.replace('`', '').strip()
            return endpoint_identity(None, clean_path(path), base_path) if path.startswith('/') else path
        if kind.name == 'entity':
            return entity_identity(name_identity(written), self.aliases)
        if kind.argument is ArgumentType.DECLARATION:
            owner, _, name = name_identity(written).rpartition('.')
            return f'{entity_identity(owner, self.aliases)}.{name}' if owner else name
        if kind.argument is ArgumentType.NAME:
            return name_identity(written)
        return slug(written)

    def public_name(self, kind: Kind, written: str) -> str:
        """Return the name of a thing in the inventory.

        A title is there as its slug: the format takes the first ``word number`` of a line for the end of the name.
        """
        if kind.argument in (ArgumentType.HTTP_TARGET, ArgumentType.NAME, ArgumentType.DECLARATION):
            name = unify_parameters(name_identity(written))
            return name if _NUMBER_INSIDE.search(f'{name} ') is None else slug(name)
        return slug(written)

    def item_form(self, item: Item, owner: Item | None, base_path: str) -> str:
        """Return the form of *item*'s own key; that of a part includes its *owner*'s."""
        kind = self.vocabulary.kinds[item.kind]
        if kind.argument is ArgumentType.HTTP_TARGET:
            path = item.text('path')
            return endpoint_identity(item.text('method'), path, base_path) if path else item.key
        if owner is not None and kind.argument is ArgumentType.DECLARATION:
            return f'{self.item_form(owner, None, base_path)}.{self.part_name(item, owner)}'
        if owner is not None and kind.argument is ArgumentType.CONSTRAINT:
            return slug(f'{self.item_form(owner, None, base_path)} {self.part_name(item, owner)}')
        return self.form(kind, item.key, base_path)

    def part_name(self, item: Item, owner: Item) -> str:
        """Return the name of a part without its owner's; a constraint is known by kind and columns, not by title."""
        kind, columns = item.text('kind'), item.names('columns')
        if item.kind == 'constraint' and kind and columns:
            return f'{kind} on {", ".join(columns)}'
        return item.key.removeprefix(owner.key).lstrip(' .')


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """What a name was found to mean; all empty when it means nothing."""

    #: The item or note named; of several impacts on one subject the one to point at.
    found: Item | Note | None = None
    #: Something of another kind than was asked for has the name.
    wrong: Item | Note | None = None
    #: It exists without a note.
    known: bool = False


class Names:
    """Every name of a project. Built once a build in O(items); a look-up is a few dictionary reads."""

    def __init__(self, naming: Naming, notes: Sequence[Note]) -> None:
        """Index the names of *notes*; :meth:`add_items` does the same for what stands in them."""
        self.naming = naming
        self.kinds = naming.vocabulary.kinds
        self.notes = {note.id: note for note in notes}
        self.ids: dict[str, Item | Note] = {}
        #: (kind, form) to the items that have it, oldest note first; and the same for the items of each note.
        self.forms: dict[tuple[str, str], list[Item | Note]] = {}
        self.own_forms: dict[tuple[str, str, str], list[Item | Note]] = {}
        #: Note id to what its columns and other fields are called there.
        self.own_fields: dict[str, set[str]] = {}
        #: Item id to its form.
        self.form_of: dict[str, str] = {}
        #: Endpoint path to the methods with which it is declared, as forms.
        self.methods: dict[str, dict[str, None]] = {}
        self._elsewhere: dict[tuple[str, str, str | None], Item | Note | None] = {}
        #: What was found for the note that asked last: name, kinds and service to the answer.
        self._answers: dict[tuple[str, tuple[str, ...], str | None], Match] = {}
        self._answered_note = ''
        for note in notes:
            self._add_note(note)

    def add_items(self, notes: Sequence[Note]) -> None:
        """Index the items of *notes*, which must be in history order: of two impacts the older one is found first."""
        self._answers = {}
        for note in notes:
            owners: dict[str, Item] = {}
            for item in note.items:
                owners[item.id] = item
                self._add_item(note, item, owners.get(item.parent or ''))

    def _add_note(self, note: Note) -> None:
        self.ids.setdefault(note.id, note)
        for form in dict.fromkeys(
            (slug(note.id), slug(note.title), slug(note.docname), slug(note.docname.rpartition('/')[2]))
        ):
            self.forms.setdefault((NOTE, form), []).append(note)

    def _add_item(self, note: Note, item: Item, owner: Item | None) -> None:
        kind = self.kinds.get(item.kind)
        if kind is None:  # a kind that the configuration no longer has; the page is about to be read again
            return
        taken = self.ids.setdefault(item.id, item)
        if isinstance(taken, Note) and 'id' not in taken.lines:  # the page's name, which nobody chose
            self.ids[item.id] = item
        base_path = note.base_path if item.base_path is None else item.base_path
        form = self.form_of[item.id] = self.naming.item_form(item, owner, base_path)
        self._add_form(note, item, form)
        if kind.argument is ArgumentType.HTTP_TARGET and (path := item.text('path')):
            bare = endpoint_identity(None, path, base_path)
            self.methods.setdefault(bare, {})[form] = None
            if item.base_path is not None:  # in its own note it may be named as it is written there
                written = self.naming.item_form(item, owner, note.base_path)
                self._add_own_form(note, item, written)
        for alias in kind.aliases:
            if name := item.text(alias.replace('-', '_')):
                self._add_form(note, item, self.naming.form(kind, name, note.base_path))
        if owner is not None and kind.identity is Identity.PARENT:  # in its own note the owner need not be named
            bare = self.naming.form(kind, self.naming.part_name(item, owner))
            self._add_own_form(note, item, bare)

    def _add_form(self, note: Note, item: Item, form: str) -> None:
        self.forms.setdefault((item.kind, form), []).append(item)
        self._add_own_form(note, item, form)

    def _add_own_form(self, note: Note, item: Item, form: str) -> None:
        self.own_forms.setdefault((note.id, item.kind, form), []).append(item)
        if item.kind == 'field':
            self.own_fields.setdefault(note.id, set()).add(form)

    def find(self, written: str, asker: Item | Note | None, kinds: Iterable[str]) -> Match:
        """Find what *written* means.

        :param asker: the item or note in which it stands: its own note is looked in before any other, and its service
            before others.
        :param kinds: kinds that are accepted, in order of preference. ``entity:users`` narrows them to one.
        """
        accepted = tuple(kinds)
        note = _note_id(asker) if asker is not None else ''
        if note != self._answered_note:  # a note names the same things over and over, and notes come one by one
            self._answered_note, self._answers = note, {}
        key = (written, accepted, _service(asker))
        if (answer := self._answers.get(key)) is None:
            answer = self._answers[key] = self._find(written.strip(), asker, accepted)
        return answer

    def _find(self, text: str, asker: Item | Note | None, accepted: tuple[str, ...]) -> Match:
        prefix, colon, rest = text.partition(':')
        if colon and (named := self.naming.vocabulary.kind_of_role(prefix.strip())) is not None and rest.strip():
            text, refused = rest.strip(), named.name not in accepted
            accepted = (named.name,)
            if refused:
                return Match(wrong=self._find_first(text, asker, accepted))
        found = self._find_first(text, asker, accepted)
        by_id = self.ids.get(text)
        if by_id is not None and _kind_name(by_id) in accepted and not _is_own(found, asker):
            found = by_id
        elif by_id is None and text in self.naming.known.requirements and len(accepted) == len(self.kinds):
            return Match(known=True)
        if found is not None:
            return Match(found=found)
        known = self.naming.known
        if text in known.ids or any(self._is_known(kind, text, asker) for kind in accepted if kind in known.forms):
            return Match(known=True)
        # An authorization or a plan is called by what it is about; that is no reason to take it for that thing.
        others = (k for k in self.kinds if k not in accepted and self.kinds[k].argument not in _BORROWED_NAMES)
        wrong = by_id or self._find_first(text, asker, others)
        # A flag is often called as its note or its migration is titled; that is no reason either.
        titled = wrong is not None and self.kinds[_kind_name(wrong)].argument is ArgumentType.TITLE
        return Match(wrong=None if titled and not _is_titled(wrong, text) else wrong)

    def _find_first(self, text: str, asker: Item | Note | None, kinds: Iterable[str]) -> Item | Note | None:
        """Find the first of *kinds* that has the name; what the own note states, and then an exact name, come first."""
        best: Item | Note | None = None
        best_rank: tuple[bool, bool] | None = None
        base_path = self._base_path(asker)
        forms: dict[tuple[ArgumentType, bool], str] = {}
        for kind in map(self.kinds.__getitem__, kinds):
            how = (kind.argument, kind.name == 'entity')
            if how not in forms:  # kinds share a few ways of comparing names
                forms[how] = self.naming.form(kind, text, base_path)
            found = self._find_form(forms[how], text, asker, kind)
            if found is not None:
                rank = (not _is_own(found, asker), text not in _exact_names(found))
                if best_rank is None or rank < best_rank:
                    best, best_rank = found, rank
        return best

    def _base_path(self, asker: Item | Note | None) -> str:
        return self.notes[_note_id(asker)].base_path if asker is not None else ''

    def _is_known(self, kind: str, text: str, asker: Item | Note | None) -> bool:
        return self.naming.form(self.kinds[kind], text, self._base_path(asker)) in self.naming.known.forms[kind]

    def find_kind(self, text: str, asker: Item | Note | None, kind: Kind) -> Item | Note | None:
        """Find what *text* means among things of one kind: neither by id nor as ``kind:name``."""
        return self._find_form(self.naming.form(kind, text, self._base_path(asker)), text, asker, kind)

    def _find_form(self, form: str, text: str, asker: Item | Note | None, kind: Kind) -> Item | Note | None:
        found = self.choose(kind.name, form, asker)
        if found is None and kind.argument is ArgumentType.HTTP_TARGET:  # declared by its path alone
            method, _, path = form.partition(' ')
            found = self.choose(kind.name, f'* {path}', asker) or self.choose(
                kind.name, f'{method} {without_ids(path)}', asker
            )
        if found is None and kind.argument is ArgumentType.DECLARATION and '.' in text:  # by another name of its entity
            owner, _, name = text.rpartition('.')
            entity = self.find_kind(owner, asker, self.kinds['entity'])
            if entity is not None:
                found = self.choose(kind.name, f'{self.form_of[entity.id]}.{name}', asker)
        return found

    def choose(self, kind: str, form: str, asker: Item | Note | None) -> Item | Note | None:
        """Choose among things of one name: the own note's, the own service's, the introduction, the oldest.

        Those of other notes that are dead do not count.
        """
        if asker is not None and (own := self.own_forms.get((_note_id(asker), kind, form))):
            service = _service(asker)
            return next((thing for thing in own if _service(thing) == service), own[0])
        if (candidates := self.forms.get((kind, form))) is None:
            return None
        key = (kind, form, _service(asker))
        if key not in self._elsewhere:
            self._elsewhere[key] = self._choose_elsewhere(candidates, key[2])
        return self._elsewhere[key]

    def _choose_elsewhere(self, candidates: Sequence[Item | Note], service: str | None) -> Item | Note | None:
        best: Item | Note | None = None
        best_rank: tuple[bool, bool] | None = None
        for candidate in candidates:
            if isinstance(candidate, Note):
                return candidate
            if self.notes[candidate.note].is_dead:
                continue
            rank = (candidate.service != service, candidate.change not in ('new', 'add'))
            if best_rank is None or rank < best_rank:
                best, best_rank = candidate, rank
        return best


def _kind_name(thing: Item | Note) -> str:
    return thing.kind if isinstance(thing, Item) else NOTE


def _is_titled(thing: Item | Note | None, text: str) -> bool:
    """Whether *text* names *thing* by its id, its title or its slug, and not in some form that has the same slug."""
    return thing is not None and (text in (thing.id, *_exact_names(thing)) or text == slug(text))


def _exact_names(thing: Item | Note) -> tuple[str, ...]:
    return (thing.key,) if isinstance(thing, Item) else (thing.id, thing.title)


def _is_own(thing: Item | Note | None, asker: Item | Note | None) -> bool:
    return thing is not None and asker is not None and _note_id(thing) == _note_id(asker)


def _note_id(thing: Item | Note) -> str:
    return thing.note if isinstance(thing, Item) else thing.id


def _service(asker: Item | Note | None) -> str | None:
    if isinstance(asker, Note):
        service = asker.fields.get('service')
        return service if isinstance(service, str) else None
    return asker.service if asker is not None else None
