"""Where a statement may stand in plain words: the headings of a page, and those of the profile that it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docutils.utils import column_width

from sphinxcontrib_designnote.convert.pieces import Form, Piece
from sphinxcontrib_designnote.convert.snapshot import Snapshot
from sphinxcontrib_designnote.grammar.headings import folded_heading
from sphinxcontrib_designnote.grammar.opening import open_sections
from sphinxcontrib_designnote.grammar.profile import Section

_ADORNMENTS = '=-~^"\'`'


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A section of a page."""

    section: Section
    heading: str
    #: Headings above it, outermost first.
    parents: tuple[str, ...]
    #: The 0-based line before which something is put that is to stand last in it; -1 for a section that is not there.
    end: int = -1

    @property
    def is_new(self) -> bool:
        """Whether its heading must be written first."""
        return self.end < 0


class Places:
    """The sections of a page, by line and by slot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._by_line: dict[int, Place] = {}
        self.levels: list[str] = []
        self._end = len(snapshot.lines)
        while self._end and not snapshot.lines[self._end - 1].strip():
            self._end -= 1
        self._headings = [piece for piece in snapshot.pieces if piece.form is Form.HEADING]
        sections, _ = open_sections(snapshot.blocks, snapshot.profile)
        opened = {each.heading.line - 1: each.section for each in sections}
        self._opened = opened
        stack: list[Piece] = []
        for number, piece in enumerate(self._headings):
            del stack[next((i for i, each in enumerate(stack) if each.level >= piece.level), len(stack)) :]
            section = next((opened[line] for line in range(piece.start, piece.end) if line in opened), None)
            if section is not None:
                end = self._headings[number + 1].start if number + 1 < len(self._headings) else self._end
                parents = tuple(each.text for each in stack if each.level > 1)
                self._by_line[piece.start] = Place(section=section, heading=piece.text, parents=parents, end=end)
            elif (above := next((e for e in reversed(stack) if e.start in self._by_line), None)) is not None:
                self._by_line[piece.start] = self._by_line[above.start]
            stack.append(piece)

    def at(self, heading: Piece | None) -> Place | None:
        """Return the section that *heading* begins, or stands in."""
        return self._by_line.get(heading.start) if heading is not None else None

    def of_entry(self, entry: Piece, text: str) -> Place | None:
        """Return the section that an entry of a list begins, being a label as a heading is."""
        section = self._opened.get(entry.start)
        return Place(section=section, heading=text.strip(' -*:'), parents=(), end=entry.end) if section else None

    def of_slot(self, slot: str) -> Place | None:
        """Return the section for *slot*: the page's, one that holds it alone before others; else the profile's."""
        found = [place for place in self._by_line.values() if slot in place.section.slots and not place.section.ignored]
        if found:
            return min(found, key=lambda place: (len(place.section.slots), place.end))
        for section in self._snapshot.profile.sections:
            if slot in section.slots and section.title and not section.parents and len(section.slots) == 1:
                return Place(section=section, heading=section.title, parents=section.group)
        return None

    def headings_for(self, places: Sequence[Place]) -> Iterator[tuple[Place, int, list[str]]]:
        """Yield each new place with the line before which it begins, and the lines of its headings."""
        written: set[str] = set()
        order = {id(section): number for number, section in enumerate(self._snapshot.profile.sections)}
        for place in sorted(places, key=lambda each: order.get(id(each.section), 0)):
            at, lines, level = self._end, list[str](), 2
            for group in place.parents:
                there = self._group(group)
                if there is not None:
                    at, level = there
                elif group not in written:
                    written.add(group)
                    lines += ['', *self._heading(group, level)]
                level += 1
            yield place, at, [*lines, '', *self._heading(place.heading, level)][1:]

    def _group(self, heading: str) -> tuple[int, int] | None:
        """Return the end of what stands below a heading of the page, and its level."""
        folded = folded_heading(heading)
        for number, piece in enumerate(self._headings):
            if folded_heading(piece.text) == folded:
                below = (each.start for each in self._headings[number + 1 :] if each.level <= piece.level)
                return next(below, self._end), piece.level
        return None

    def _heading(self, text: str, level: int) -> list[str]:
        if self._snapshot.markdown:
            return [f'{"#" * level} {text}']
        known = self._adornments()
        mark = known.get(level) or next(
            (m for m in _ADORNMENTS if m not in known.values() and _ADORNMENTS.index(m) >= level - 1), '"'
        )
        line = mark[0] * max(column_width(text), 3)
        return [line, text, line] if len(mark) > 1 else [text, line]

    def _adornments(self) -> dict[int, str]:
        known: dict[int, str] = {}
        for piece in self._headings:
            marks = self._snapshot.lines[piece.end - 1].strip()[:1] * (piece.end - piece.start - 1)
            known.setdefault(piece.level, marks)
        return known
