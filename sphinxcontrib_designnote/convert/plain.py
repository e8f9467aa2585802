"""From directives to the plain template: bullets with ``Key: value`` below them, under the headings of the profile.

A form is tried on the reader's own grammar before it is written. What no form says stays a directive; the two mix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_designnote.convert.carriers import LEVELS, Told, carriers, case_of, options_below, step_of
from sphinxcontrib_designnote.convert.edits import Edit
from sphinxcontrib_designnote.convert.entries import Entry, block_of, lines_of_entries
from sphinxcontrib_designnote.convert.markdown import read_markdown
from sphinxcontrib_designnote.convert.pieces import Form, Piece, trimmed
from sphinxcontrib_designnote.convert.places import Place, Places
from sphinxcontrib_designnote.convert.restructured import read_restructured
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Statement
from sphinxcontrib_designnote.convert.stating import is_same
from sphinxcontrib_designnote.convert.writing import CannotWriteError
from sphinxcontrib_designnote.grammar.blocks import Block, nested
from sphinxcontrib_designnote.grammar.blocks import Form as BlockForm
from sphinxcontrib_designnote.grammar.changes import change_in
from sphinxcontrib_designnote.grammar.merge import merged
from sphinxcontrib_designnote.grammar.reading import Reading
from sphinxcontrib_designnote.grammar.sections import read_page
from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import NO_IMPACT, NOTE, ArgumentType


@dataclass(kw_only=True, slots=True)
class _Content:
    """The body of a directive."""

    #: Lines of its own, and directives in it, in order.
    parts: list[list[str] | Piece] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Its own lines."""
        lines: list[str] = []
        for part in self.parts:
            if isinstance(part, list):
                lines += ['', *part] if lines else part
        return lines

    @property
    def directives(self) -> list[Piece]:
        """The directives in it."""
        return [part for part in self.parts if isinstance(part, Piece)]


def to_plain(snapshot: Snapshot, kept: frozenset[int] = frozenset()) -> list[Edit]:
    """Return what to replace in the source of a note with directives.

    :param kept: 0-based lines of directives that must stay.
    """
    return _Writer(snapshot, kept).edits()


class _Writer:
    """Goes through the directives of a page."""

    def __init__(self, snapshot: Snapshot, kept: frozenset[int]) -> None:
        self.snapshot = snapshot
        self.kept = kept
        self.lines = snapshot.lines
        self.places = Places(snapshot)
        self.stated: dict[int, list[Statement]] = {}
        for statement in snapshot.statements:
            if statement.block is None and snapshot.is_own(statement):
                self.stated.setdefault(statement.line, []).append(statement)
        #: Kinds of which a section takes one.
        self.single: set[str] = set()
        #: The section under which alternatives, or a migration, already stand.
        self.last: tuple[int, str] | None = None

    def edits(self) -> list[Edit]:
        """Return the edits; those of one place in the order of the page."""
        homeless: list[tuple[Place, Piece, list[str], bool]] = []
        found: list[Edit] = []
        heading: Piece | None = None
        for piece in self.snapshot.pieces:
            if piece.form is Form.HEADING:
                heading = piece
            elif piece.form is Form.LIST:
                found += self._in_list(piece, heading)
            elif self._is_ours(piece):
                self._convert(piece, heading, found, homeless)
        return [*found, *self._new_sections(homeless)]

    def _is_ours(self, piece: Piece) -> bool:
        return (
            piece.form is Form.DIRECTIVE
            and piece.name in self.snapshot.kinds
            and piece.name != NOTE
            and piece.start not in self.kept
            and self._stated_by(piece) is not None
        )

    def _stated_by(self, piece: Piece) -> Draft | None:
        """Return what a directive states; where it goes on with a rollout or a plan, that one."""
        if piece.start in self.stated:
            return self.stated[piece.start][0].draft
        kind = self.snapshot.kinds[piece.name]
        if not kind.bullets or not kind.parts:
            return None
        drafts = (each.draft for statements in self.stated.values() for each in statements)
        return next((d for d in drafts if d.kind is kind and (not piece.text or d.argument.title == piece.text)), None)

    def _convert(
        self,
        piece: Piece,
        heading: Piece | None,
        found: list[Edit],
        homeless: list[tuple[Place, Piece, list[str], bool]],
    ) -> None:
        slot = self._slot(piece)
        here = self.places.at(heading)
        place = here if here is not None and slot in here.section.slots else self.places.of_slot(slot or '')
        if place is None or slot is None:
            return
        try:
            lines, tight = self._plain(piece, place)
        except CannotWriteError:
            return
        if place is here:
            found.append(Edit(start=piece.start, end=piece.end, lines=tuple(lines), tight=tight))
        elif place.is_new:
            homeless.append((place, piece, lines, tight))
        else:
            found.append(Edit(start=piece.start, end=piece.end))
            found.append(Edit(start=place.end, end=place.end, lines=tuple(lines), tight=tight, about=piece.start))

    def _new_sections(self, homeless: Sequence[tuple[Place, Piece, list[str], bool]]) -> Iterator[Edit]:
        """Yield what stands below headings that the page lacks, at its end."""
        by_section: dict[int, list[tuple[Place, Piece, list[str], bool]]] = {}
        for each in homeless:
            by_section.setdefault(id(each[0].section), []).append(each)
        places = [group[0][0] for group in by_section.values()]
        for place, at, headings in self.places.headings_for(places):
            first = True
            for _, piece, lines, tight in by_section[id(place.section)]:
                if first:
                    yield Edit(start=at, end=at, lines=tuple(headings), about=piece.start)
                first = False
                yield Edit(start=piece.start, end=piece.end)
                yield Edit(start=at, end=at, lines=tuple(lines), tight=tight, about=piece.start)

    def _in_list(self, piece: Piece, heading: Piece | None) -> Iterator[Edit]:
        """Yield edits of directives that stand in entries of a list, which is their label."""
        above = self.places.at(heading)
        for entry in piece.children:
            place = self.places.of_entry(entry, ' '.join(self.lines[slice(*entry.own())])) or above
            for child in entry.children:
                if child.form is Form.LIST:
                    yield from self._in_list(child, heading)
                elif place is not None and self._is_ours(child) and self._slot(child) in place.section.slots:
                    try:
                        lines, tight = self._plain(child, place)
                    except CannotWriteError:
                        continue
                    indented = tuple(' ' * child.column + line if line else '' for line in lines)
                    yield Edit(start=child.start, end=child.end, lines=indented, tight=tight)

    def _slot(self, piece: Piece) -> str | None:
        draft = self._stated_by(piece)
        if draft is None:
            return None
        if draft.kind.name == NO_IMPACT:
            return draft.argument.key
        option = draft.kind.options.get('change')  # who does not say speaks of something new
        return draft.kind.slot(draft.change or (option.values[0] if option is not None else None))

    # --- A directive

    def _plain(self, piece: Piece, place: Place) -> tuple[list[str], bool]:
        """Return the lines of a plain statement, and whether it is an entry of a list.

        :raises CannotWriteError: where no form is read as what the directive states.
        """
        statements = self.stated.get(piece.start, [])
        draft, content = self._stated_by(piece), self._content(piece)
        if draft is None or any(each.draft.problems or each.draft.unread for each in statements):
            raise CannotWriteError(piece.name)
        if draft.kind.name == NO_IMPACT:
            return self._none(draft, content), False
        if draft.kind.name in ('rollout', 'test-plan'):
            return self._listed(draft, content), False
        if draft.kind.argument is ArgumentType.NONE:
            return self._approach(draft, content), False
        return self._stated(statements, content, place)

    def _stated(self, statements: Sequence[Statement], content: _Content, place: Place) -> tuple[list[str], bool]:
        for change in dict.fromkeys((_change_of(place, statements[0].draft), None)):
            if (form := self._form(statements, content, place, change)) is not None:
                previous, self.last = self.last, (place.end, statements[0].draft.kind.name)
                if previous == self.last and statements[0].draft.kind.name == 'alternative':
                    form = form[0].children  # below the label of the one before
                return lines_of_entries(form, markdown=self.snapshot.markdown), bool(form[-1].mark)
        raise CannotWriteError(statements[0].draft.kind.name)

    def _form(
        self, statements: Sequence[Statement], content: _Content, place: Place, change: str | None
    ) -> list[Entry] | None:
        """Return the first form that is read as *statements*."""
        expected: list[Draft] = []
        forms: list[list[list[Entry]]] = []
        for number, statement in enumerate(statements):
            parts = self._parts(statement.draft, content) if number == 0 else []
            told: Told = (statement.draft, parts, content.lines if number == 0 else ())
            forms.append(list(carriers(told, place, change)))
            expected += [statement.draft, *(part for part, _ in parts)]
        expected += self._in_bullets(statements[0].draft, expected)
        for several in zip(*forms, strict=False):
            chosen = [entry for form in several for entry in form]
            for form in (chosen, self._with_dashes(chosen, expected, place)):
                if form is not None and self._reads(form, expected, place) and self._can_write(form):
                    return form
        return None

    def _can_write(self, form: Sequence[Entry]) -> bool:
        try:
            lines_of_entries(form, markdown=self.snapshot.markdown)
        except CannotWriteError:
            return False
        return True

    def _in_bullets(self, owner: Draft, others: Sequence[Draft]) -> list[Draft]:
        """Return what bullets in the body of a directive state."""
        known = {id(draft) for draft in others}
        drafts = [statement.draft for statements in self.stated.values() for statement in statements]
        return [draft for draft in drafts if draft.parent is owner and id(draft) not in known]

    def _parts(self, owner: Draft, content: _Content) -> list[tuple[Draft, list[str]]]:
        """Return what stands in a directive and is stated by directives of their own, with the words of each."""
        found = []
        for piece in content.directives:
            inside = self._content(piece)
            for statement in self.stated.get(piece.start, ()):
                if statement.draft.parent is not owner or statement.draft.problems or inside.directives:
                    raise CannotWriteError(piece.name)
                found.append((statement.draft, inside.lines))
        return found

    def _reads(self, entries: Sequence[Entry], expected: Sequence[Draft], place: Place) -> bool:
        """Whether the reader finds in *entries* what is expected, parts that bullets of a body state left out."""
        found = self._read(entries, place)
        if found is None or len(found) != len(expected):
            return False
        left = list(expected)
        for draft in found:
            same = next((each for each in left if is_same(draft, each)), None)
            if same is None:
                return False
            left = [each for each in left if each is not same]
        return True

    def _read(self, entries: Sequence[Entry], place: Place) -> list[Draft] | None:
        profile = self.snapshot.profile
        markdown = self.snapshot.markdown
        blocks = nested([block_of(entry, 100 * at + 1, markdown=markdown) for at, entry in enumerate(entries)])
        root = Block(form=BlockForm.HEADING, text=place.heading, line=1, children=blocks)
        for parent in reversed(place.parents):
            root = Block(form=BlockForm.HEADING, text=parent, line=1, children=(root,))
        reading = Reading(kinds=self.snapshot.kinds, profile=profile, base_path=profile.base_path)
        read_page([root], reading)
        if reading.problems:
            return None
        return [draft for draft, _ in merged([], reading.found, reading.base_path)]

    def _with_dashes(self, entries: Sequence[Entry], expected: Sequence[Draft], place: Place) -> list[Entry] | None:
        """Return *entries* with a dash for each option that the reader finds in their words and nobody has stated."""
        found = self._read(entries, place)
        if found is None or len(found) != len(expected) or len(entries) != 1:
            return None
        extra = [
            option
            for option in expected[0].kind.options.values()
            if (option.key in found[0].fields and option.key not in expected[0].fields)
            or (option.name in found[0].stated and option.name not in expected[0].stated)
        ]
        if not extra:
            return None
        entry = entries[0].children[0] if entries[0].text.startswith('Alternatives') else entries[0]
        dashes = [Entry(text=f'{option.name.replace("-", " ").capitalize()}: –') for option in extra]
        said = {dash.text for dash in dashes}
        entry.children = [*(child for child in entry.children if child.text not in said), *dashes]
        return list(entries)

    # --- Forms without a title

    def _none(self, draft: Draft, content: _Content) -> list[str]:
        if content.directives or options_below(draft, None):
            raise CannotWriteError(draft.kind.name)
        body = content.lines
        if not body:
            return ['None.']
        if body[0][:1] in ('-', '*', '+', '`', '~', ':', '|', '#', '>', ' ', '.') or not body[0].strip():
            return ['None.', '', *body]
        return [f'None. {body[0]}', *body[1:]]

    def _approach(self, draft: Draft, content: _Content) -> list[str]:
        if content.directives:
            raise CannotWriteError(draft.kind.name)
        below = lines_of_entries(options_below(draft, None), markdown=self.snapshot.markdown)
        return [*below, *([''] if below and content.lines else []), *content.lines]

    def _listed(self, draft: Draft, content: _Content) -> list[str]:
        """Write a rollout or a plan: its list as it stands, directives in it as entries."""
        if options_below(draft, None):
            raise CannotWriteError(draft.kind.name)
        lines: list[str] = []
        if draft.kind.name == 'test-plan':
            lines = [f'**{LEVELS[draft.argument.key]}:**']
        number = 1
        for part in content.parts:
            if isinstance(part, list):
                lines += ['', *part] if lines else part
                number += sum(1 for line in part if line[:1].isdigit())
                continue
            for statement in self.stated.get(part.start, ()):
                inside = self._content(part)
                if inside.directives or statement.draft.problems:
                    raise CannotWriteError(part.name)
                if statement.draft.kind.name == 'rollout-step':
                    entry = step_of(statement.draft, inside.lines, number)
                    number += 1
                else:
                    entry = case_of(statement.draft, inside.lines)
                written = lines_of_entries([entry], markdown=self.snapshot.markdown)
                is_list = bool(lines) and part is not content.parts[0] and not isinstance(
                    content.parts[content.parts.index(part) - 1], list
                )  # fmt: skip
                is_long = not self.snapshot.markdown and len(written) > 1
                lines += ['', *written] if lines and (not is_list or is_long) else written
        if not lines:
            raise CannotWriteError(draft.kind.name)
        return lines

    # --- Source

    def _content(self, piece: Piece) -> _Content:
        """Return the body of a directive, without its options."""
        start, end = piece.inner
        inner = [line.rstrip() for line in self.lines[start:end]]
        column = piece.column if self.snapshot.markdown else _indentation(inner)
        inner = [line[min(column, len(line) - len(line.lstrip())) :] for line in inner]
        known = self.snapshot.kinds[piece.name].options
        head = [piece.text, *inner] if piece.text else inner
        read = read_directive(head, has_argument=bool(piece.text), markdown=self.snapshot.markdown, known=known)
        at = read.body - bool(piece.text)
        body = inner[at:]
        pieces = read_markdown(body) if self.snapshot.markdown else read_restructured(body)
        content = _Content()
        done = 0
        for each in pieces:
            if each.form is not Form.DIRECTIVE or each.name not in self.snapshot.kinds:
                continue
            if before := trimmed(body[done : each.start]):
                content.parts.append(before)
            shift = start + at
            inside = (each.inner[0] + shift, each.inner[1] + shift)
            content.parts.append(
                Piece(
                    form=each.form,
                    start=each.start + shift,
                    end=each.end + shift,
                    column=each.column + column,
                    name=each.name,
                    text=each.text,
                    inner=inside,
                )
            )
            done = each.end
        if rest := trimmed(body[done:]):
            content.parts.append(rest)
        return content


def _indentation(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _change_of(place: Place, draft: Draft) -> str | None:
    """Return the change that a place implies for things of the kind of *draft*."""
    if place.section.change is not None:
        return place.section.change
    if (told := change_in(place.heading)) is not None:
        return told
    slots = draft.kind.slots
    if len(place.section.slots) != 1:
        return None
    named = [change for change, slot in slots.items() if slot == place.section.slots[0]]
    return 'new' if named == ['new'] else 'changed' if named == ['*'] and 'new' in slots else None
