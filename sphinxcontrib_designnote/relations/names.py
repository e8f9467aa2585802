"""Which item a written name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sphinxcontrib_designnote.model.identity import (
    clean_path,
    endpoint_identity,
    entity_identity,
    http_target,
    name_identity,
    slug,
)
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Kind, Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What exists without a note (``designnote_known``): kind to the forms of its names."""

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """The settings that decide when two names mean one thing."""

    vocabulary: Vocabulary
    #: Folded entity name to folded entity name.
    aliases: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)

    def also_knowing(self, names: Mapping[str, Iterable[str]]) -> Naming:
        """Return the same naming with more that exists without a note: kind to names as written."""
        if not names:
            return self
        forms = dict(self.known.forms)
        for kind, written in names.items():
            more = frozenset(self.form(self.vocabulary.kinds[kind], name) for name in written)
            forms[kind] = forms.get(kind, frozenset()) | more
        return replace(self, known=Known(forms=forms))

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

    def item_form(self, item: Item, owner: Item | None, base_path: str) -> str:
        """Return the form of *item*'s own key; that of a part includes its *owner*'s."""
        kind = self.vocabulary.kinds[item.kind]
        if kind.argument is ArgumentType.HTTP_TARGET:
            path = item.text('path')
            return endpoint_identity(item.text('method'), path, base_path) if path else item.key
        if owner is not None and kind.argument in (ArgumentType.DECLARATION, ArgumentType.CONSTRAINT):
            name = item.key.removeprefix(owner.key).lstrip(' .')
            return f'{self.item_form(owner, None, base_path)}.{name}'
        return self.form(kind, item.key, base_path)


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
        #: (kind, form) to the items that have it, oldest note first.
        self.forms: dict[tuple[str, str], list[Item | Note]] = {}
        #: Item id to its form.
        self.form_of: dict[str, str] = {}
        #: (note, bare name) to the fields of that note that have it.
        self.local_fields: dict[tuple[str, str], list[Item]] = {}
        for note in notes:
            self._add_note(note)

    def add_items(self, notes: Sequence[Note]) -> None:
        """Index the items of *notes*, which must be in history order: of two impacts the older one is found first."""
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
        self.ids.setdefault(item.id, item)
        form = self.form_of[item.id] = self.naming.item_form(item, owner, note.base_path)
        self.forms.setdefault((item.kind, form), []).append(item)
        if kind.argument is ArgumentType.HTTP_TARGET and (path := item.text('path')):
            bare = endpoint_identity(None, path, note.base_path)
            if bare != form:
                self.forms.setdefault((item.kind, bare), []).append(item)
        for alias in kind.aliases:
            if name := item.text(alias.replace('-', '_')):
                other = self.naming.form(kind, name, note.base_path)
                if other != form:
                    self.forms.setdefault((item.kind, other), []).append(item)
        if item.kind == 'field':
            bare = form.rpartition('.')[2]
            self.local_fields.setdefault((note.id, bare), []).append(item)

    def find(self, written: str, note: Note | None, kinds: Iterable[str]) -> Match:
        """Find what *written* means in *note*.

        :param kinds: kinds that are accepted, in order of preference. ``entity:users`` narrows them to one.
        """
        text = written.strip()
        prefix, colon, rest = text.partition(':')
        accepted = tuple(kinds)
        if colon and (named := self.naming.vocabulary.kind_of_role(prefix.strip())) is not None and rest.strip():
            if named.name not in accepted:
                match = self.find(rest, note, (named.name,))
                return Match(wrong=match.found) if match.found else match
            text, accepted = rest.strip(), (named.name,)
        by_id = self.ids.get(text)
        if by_id is not None:
            return Match(found=by_id) if _kind_name(by_id) in accepted else Match(wrong=by_id)
        for kind in accepted:
            if (found := self._find_kind(text, note, self.kinds[kind])) is not None:
                return Match(found=found)
            if kind in self.naming.known.forms and self._is_known(kind, text, note):
                return Match(known=True)
        for kind in self.kinds:
            if kind not in accepted and (found := self._find_kind(text, note, self.kinds[kind])) is not None:
                return Match(wrong=found)
        return Match()

    def _is_known(self, kind: str, text: str, note: Note | None) -> bool:
        known = self.naming.known.forms[kind]
        form = self.naming.form(self.kinds[kind], text, note.base_path if note else '')
        return form in known

    def _find_kind(self, text: str, note: Note | None, kind: Kind) -> Item | Note | None:
        form = self.naming.form(kind, text, note.base_path if note else '')
        if kind.name == 'field' and '.' not in form:
            return self.choose(self.local_fields.get((note.id, form), ()), note) if note else None
        candidates = self.forms.get((kind.name, form), [])
        if not candidates and kind.argument is ArgumentType.HTTP_TARGET:  # declared by its path alone
            bare = self.forms.get((kind.name, f'* {form.partition(" ")[2]}'), [])
            candidates = [c for c in bare if isinstance(c, Item) and not c.says('method')]
        return self.choose(candidates, note)

    def choose(self, candidates: Sequence[Item | Note], note: Note | None) -> Item | Note | None:
        """Choose among things of one name: the *note*'s own, its service's, the introduction, the oldest.

        Those of other notes that are dead do not count, nor those that only their own note can name.
        """
        best: Item | Note | None = None
        best_rank: tuple[bool, bool, bool, int] | None = None
        for index, candidate in enumerate(candidates):
            if isinstance(candidate, Note):
                return candidate
            if note is not None and candidate.note == note.id:
                rank = (False, False, False, index)
            elif self.notes[candidate.note].is_dead:
                continue
            else:
                of_other_service = note is None or candidate.service != note.fields.get('service')
                rank = (True, of_other_service, candidate.change not in ('new', 'add'), index)
            if best_rank is None or rank < best_rank:
                best, best_rank = candidate, rank
        return best


def _kind_name(thing: Item | Note) -> str:
    return thing.kind if isinstance(thing, Item) else NOTE
