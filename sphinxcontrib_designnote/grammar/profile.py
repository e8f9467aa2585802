"""A profile: the map from the headings of a kind of note to the slots of the vocabulary.

Profiles are data, in TOML: those that ship stand in ``profiles/`` beside this file, which reads them; a
project may have its own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.grammar.headings import (
    QUESTIONS,
    folded_heading,
    nearest_heading,
    orders_of,
    without_parenthesis,
    words_of_heading,
)
from sphinxcontrib_designnote.model.records import Note

#: Headings that are kept with what they open.
_REMEMBERED = 10_000
#: What may be a misspelled heading, and is worth comparing.
_MISSPELLED = re.compile(r'[a-z]{5,20}(?: [a-z]{3,20}){0,3}|[a-z]{3,20}(?: [a-z]{3,20}){1,3}')


class Carrier(StrEnum):
    """A form in which an item may stand in a section."""

    BULLETS = 'bullets'
    STEPS = 'steps'
    TABLES = 'tables'
    CODE = 'code'
    HEADINGS = 'headings'
    BOLD = 'bold'
    FIELDS = 'fields'
    PROSE = 'prose'


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """When a note must fill a section: never, always, or from a day or a release on."""

    always: bool = False
    since: datetime.date | None = None
    since_release: str | None = None

    def holds(self, created: datetime.date | None, release: str | None, releases: Sequence[str]) -> bool:
        """Whether a note of this date and release must fill the section; one that does not say need not.

        :param releases: all releases, oldest first.
        """
        if self.since is not None:
            return created is not None and created >= self.since
        if self.since_release is not None and release is not None:
            known = self.since_release in releases and release in releases
            return known and releases.index(release) >= releases.index(self.since_release)
        return self.always


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A section of a note: how its headings read, and what stands below them."""

    name: str
    #: What its items fill; several where the heading leaves it open.
    slots: tuple[str, ...]
    #: As it is written into a new note.
    title: str = ''
    #: Folded words. A heading may go on after them, unless they end in ``$``.
    headings: tuple[str, ...] = ()
    #: Folded words; it is this section only below a heading that begins so.
    parents: tuple[str, ...] = ()
    required: Requirement = Requirement()
    #: Its text is not read.
    ignored: bool = False
    #: Other sections stand below its heading; what stands directly below it is its own.
    is_container: bool = False
    #: What its heading says that happens to the things below it.
    change: str | None = None
    #: In order of preference.
    carriers: tuple[Carrier, ...] = ()
    #: Folded heading of a table's column to the name of an option, or a role (:mod:`.roles`).
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Headings that it stands below in a new note, outermost first.
    group: tuple[str, ...] = ()
    #: What a new note asks here, in a comment; a section that asks nothing is not written.
    guidance: str = ''


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How notes of one template are read."""

    name: str
    title_prefixes: tuple[str, ...] = ()
    #: In the template's order.
    sections: tuple[Section, ...] = ()
    #: Service of notes that name none.
    service: str | None = None
    #: Put before paths that do not begin with it.
    base_path: str = ''
    #: How a statement begins that a slot is empty on purpose: lower case, single spaces.
    none: tuple[str, ...] = ()
    #: Text of the template that must not be left: lower case, single spaces.
    placeholders: tuple[str, ...] = ()
    #: As :attr:`Section.columns`, for all sections.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Rule, by code or name, to the severity that it has in these notes.
    severities: Mapping[str, Severity] = field(default_factory=dict)
    #: Name to one of the numbers that rules measure these notes by.
    thresholds: Mapping[str, int] = field(default_factory=dict)
    #: Text that no written note holds: the placeholders, and the guidance that a new note is given; folded alike.
    phrases: tuple[str, ...] = field(init=False, repr=False, compare=False)
    #: Folded heading to the sections that it may open.
    _by_heading: Mapping[str, tuple[Section, ...]] = field(init=False, repr=False, compare=False)
    #: Most words that a heading has.
    _longest: int = field(init=False, repr=False, compare=False)
    #: What headings have been found to open: notes of one template share them.
    _opened: dict[tuple[str, tuple[str, ...]], Section | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        index: dict[str, list[Section]] = {}
        for section in self.sections:
            for heading in section.headings:
                index.setdefault(heading, []).append(section)
        guidance = (' '.join(section.guidance.casefold().split()) for section in self.sections if section.guidance)
        object.__setattr__(self, 'phrases', (*self.placeholders, *guidance))
        longest = max((heading.count(' ') + 1 for heading in index), default=0)
        object.__setattr__(self, '_by_heading', {heading: tuple(found) for heading, found in index.items()})
        object.__setattr__(self, '_longest', longest)

    def is_title_of_note(self, title: str) -> bool:
        """Whether a page of this title says that it is a note."""
        return self._prefix_of(title.strip()) is not None

    def without_prefix(self, title: str) -> str:
        """Return the title of a note without the words that mark it.

        Words that are part of a name stay: ``KEP-12: Budgets`` begins with ``KEP-``.
        """
        title = title.strip()
        prefix = self._prefix_of(title)
        if prefix is None:
            return title
        rest = title[len(prefix) :]
        return rest.strip() if prefix.endswith(':') or rest[:1].isspace() else title

    def _prefix_of(self, title: str) -> str | None:
        folded = title.casefold()
        return next((prefix for prefix in self.title_prefixes if folded.startswith(prefix.casefold())), None)

    def section_of(self, heading: str, parents: Sequence[str] = ()) -> Section | None:
        """Return the section that a heading opens.

        :param parents: the headings that it stands below, as written, outermost first.

        The longest words that the heading begins with win; among equals a section that asks for a parent it has, the
        nearest parent first. A question ("Which endpoints are new?") is compared by what it asks for, and a heading
        that misses one by a letter or two is taken for it.
        """
        key = (heading, tuple(parents))
        if key not in self._opened:
            if len(self._opened) > _REMEMBERED:
                self._opened.clear()
            self._opened[key] = self._look_up(heading, parents)
        return self._opened[key]

    def _look_up(self, heading: str, parents: Sequence[str]) -> Section | None:
        whole = folded_heading(without_parenthesis(heading))
        words = words_of_heading(heading)
        found = self._section_of(words, whole, parents)
        if found is None and words and words[0] in QUESTIONS:
            for order in orders_of(words):
                found = found or self._section_of(order, ' '.join(order), parents)
        if found is None and _MISSPELLED.fullmatch(whole):
            meant = nearest_heading(whole, tuple(self._by_heading))
            found = self._section_of(tuple(meant.split()), meant, parents) if meant else None
        return found

    def _section_of(self, words: Sequence[str], whole: str, parents: Sequence[str]) -> Section | None:
        above: list[str] | None = None
        for length in range(min(len(words), self._longest), 0, -1):
            begun = ' '.join(words[:length])
            found = self._by_heading.get(f'{begun}$', ()) if begun == whole else ()
            found = (*found, *self._by_heading.get(begun, ()))
            if above is None and any(section.parents for section in found):
                above = [f'{folded_heading(parent)} ' for parent in reversed(parents)]
            for parent in above or ():
                for section in found:
                    if any(parent.startswith(f'{wanted} ') for wanted in section.parents):
                        return section
            for section in found:
                if not section.parents:
                    return section
        return None

    def is_exact(self, section: Section, heading: str) -> bool:
        """Whether *heading* is one of the headings of *section*, with nothing behind it but a parenthesis."""
        whole = folded_heading(without_parenthesis(heading))
        return any(whole == each.rstrip('$') for each in section.headings)

    def required(
        self, created: datetime.date | None = None, release: str | None = None, releases: Sequence[str] = ()
    ) -> tuple[Section, ...]:
        """Return the sections that a note of this date and release must fill, in the template's order."""
        return tuple(section for section in self.sections if section.required.holds(created, release, releases))


@dataclass(frozen=True, kw_only=True, slots=True)
class Profiles:
    """All profiles that notes of a project may be read with."""

    #: That of notes that name none.
    default: Profile
    by_name: Mapping[str, Profile] = field(default_factory=dict)
    #: All releases, oldest first.
    releases: tuple[str, ...] = ()

    def of(self, name: object) -> Profile:
        """Return the profile of a note that says ``profile: name``; the default for what is no name of one."""
        return self.by_name.get(name, self.default) if isinstance(name, str) else self.default

    def of_note(self, note: Note) -> Profile:
        """Return the profile that *note* is read with."""
        return self.of(note.fields.get('profile'))

    def required(self, note: Note) -> tuple[Section, ...]:
        """Return the sections that *note* must fill, in the template's order."""
        created, release = note.fields.get('created'), note.fields.get('release')
        return self.of_note(note).required(
            created if isinstance(created, datetime.date) else None,
            release if isinstance(release, str) else None,
            self.releases,
        )
