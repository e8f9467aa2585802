"""Reads profiles: those that ship, beside this file, and a project's own."""

from __future__ import annotations

import datetime
import functools
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

from sphinxcontrib_designnote.diagnostics import Severity, accepted
from sphinxcontrib_designnote.grammar.headings import folded_heading
from sphinxcontrib_designnote.grammar.profile import Carrier, Profile, Profiles, Requirement, Section
from sphinxcontrib_designnote.grammar.profiles.keys import PROFILE_KEYS, SECTION_KEYS
from sphinxcontrib_designnote.grammar.roles import COLUMN_ROLES
from sphinxcontrib_designnote.model.declared import DeclarationError, Table
from sphinxcontrib_designnote.model.schema import NOTE, Kind, Vocabulary, builtin_vocabulary
from sphinxcontrib_designnote.model.values import read_date

#: Slots whose statements are sentences: prose is read there unless the profile says otherwise.
_IN_PROSE = frozenset({'approach', 'breaking-changes', 'migration-story', 'security', 'compatibility'})
_PROFILE_KEYS = tuple(key.name for key in PROFILE_KEYS)
_SECTION_KEYS = tuple(key.name for key in SECTION_KEYS)
_NOT_WORD = re.compile(r'[\W_]+')
_NOT_COLUMN = re.compile(r'[^\w?]+')


class _Change(StrEnum):
    NEW = 'new'
    CHANGED = 'changed'
    DEPRECATED = 'deprecated'
    REMOVED = 'removed'
    EXISTING = 'existing'


def builtin_names() -> tuple[str, ...]:
    """Return the names of the profiles that ship: those that ``design-note`` accepts."""
    return builtin_vocabulary().kinds[NOTE].options['profile'].values


@functools.cache
def load_profile(name: str) -> Profile:
    """Return the profile that ships under *name*.

    :raises DeclarationError: when there is none.
    """
    if name not in builtin_names():
        raise DeclarationError(f'{name!r} is no profile{accepted(name, builtin_names())}')
    return _profile(name, f'{name}.toml:', _builtin(name), builtin_vocabulary(), ())


def builtin_profiles() -> Profiles:
    """Return the profiles that ship; notes that name none are read with that of the template."""
    profiles = {name: load_profile(name) for name in builtin_names()}
    return Profiles(default=profiles['design-note'], by_name=profiles)


def is_path(name: str) -> bool:
    """Whether a name in the configuration is that of a project's own file."""
    return '/' in name or name.endswith('.toml')


def name_of(path: str) -> str:
    """Return the name of the profile that stands in a file: the file's, in the form of a choice."""
    stem = path.rpartition('/')[2].removesuffix('.toml')
    return _NOT_WORD.sub('-', stem.casefold()).strip('-') or 'project'


def read_profile(path: Path, written: str, vocabulary: Vocabulary) -> Profile:
    """Read a project's own profile.

    :param written: the path as the project writes it, for messages.
    :raises DeclarationError: when it cannot be read or is malformed.
    """
    try:
        raw = tomllib.loads(path.read_text('utf-8'))
    except OSError as error:
        raise DeclarationError(f'{written!r} cannot be read: {error.strerror}') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f'{written!r} is no TOML: {error}') from None
    where = f'{written}:'
    table = Table(where, raw, _PROFILE_KEYS)
    base = table.get('extends', '')
    if base and base not in builtin_names():
        raise DeclarationError(f'{table.place("extends")} is {base!r}{accepted(base, builtin_names())}')
    tables = {name: Table(_place(where, name), own, _SECTION_KEYS) for name, own in table.get('sections', {}).items()}
    inherited = _builtin(base) if base else {'sections': {}}
    own = [name for name, own in tables.items() if 'headings' in own.raw or name not in inherited['sections']]
    merged = _merged(inherited, raw, table)
    return _profile(name_of(written), where, merged, vocabulary, own)


def with_kinds(profile: Profile, kinds: Mapping[str, Kind]) -> Profile:
    """Return *profile* with a section for each kind that brings headings of its own.

    :raises DeclarationError: when there are no words in a heading.
    """
    taken = {section.name for section in profile.sections}
    own = tuple(
        Section(
            name=kind.name,
            slots=tuple(dict.fromkeys(kind.slots.values())),
            title=kind.headings[0],
            headings=_folded(f'designnote_kinds.{kind.name}.headings', kind.headings),
            carriers=_default_carriers(()),
        )
        for kind in kinds.values()
        if kind.headings and kind.name not in taken
    )
    return replace(profile, sections=(*_claimed(own, profile.sections), *own)) if own else profile


def _builtin(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f'{name}.toml').read_text('utf-8'))


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], table: Table) -> Mapping[str, Any]:
    """Lay *own* over *base*: sections key by key, tables row by row, all else as a whole."""
    sections = {
        name: {**base['sections'].get(name, {}), **own.get('sections', {}).get(name, {})}
        for name in dict.fromkeys((*base['sections'], *own.get('sections', {})))
    }
    tables = {key: {**base.get(key, {}), **table.get(key, {})} for key in ('columns', 'severities', 'thresholds')}
    return {**base, **own, **tables, 'sections': sections}


def _place(where: str, section: str) -> str:
    return f'{where} sections.{section}'


def _profile(name: str, where: str, raw: Mapping[str, Any], vocabulary: Vocabulary, own: Collection[str]) -> Profile:
    """Read a whole profile; the headings of the sections *own* are no other's of a profile that it extends."""
    table = Table(where, raw, _PROFILE_KEYS)
    read = table.get('sections', {}).items()
    sections: Sequence[Section] = [_section(_place(where, key), key, value, vocabulary) for key, value in read]
    sections = _claimed([section for section in sections if section.name in own], sections)
    _check_headings(where, sections)
    base_path = table.get('base-path', '')
    if base_path and not base_path.startswith('/'):
        raise DeclarationError(f"{table.place('base-path')} is {base_path!r}; it must begin with '/'")
    severities = _free(table, 'severities')
    thresholds = _free(table, 'thresholds')
    return Profile(
        name=name,
        title_prefixes=table.texts('title-prefixes'),
        sections=tuple(sections),
        service=table.get('service', '') or None,
        base_path=base_path,
        none=_phrases(table, 'none'),
        placeholders=_phrases(table, 'placeholders'),
        columns=_columns(table, vocabulary),
        severities={key: severities.member(key, Severity, Severity.OFF) for key in severities.raw},
        thresholds={key: thresholds.get(key, 0) for key in thresholds.raw},
    )


def _free(table: Table, key: str) -> Table:
    """Return the table under *key*; which names may stand in it only the rules know."""
    raw = table.get(key, {})
    return Table(table.place(key), raw, tuple(raw))


def _section(where: str, name: str, raw: Any, vocabulary: Vocabulary) -> Section:
    table = Table(where, raw, _SECTION_KEYS)
    ignored = table.raw.get('required') == 'ignored'
    slots = table.texts('slots') if 'slots' in table.raw or ignored else (name,)
    for slot in slots:
        if slot not in vocabulary.slots:
            key = table.place('slots') if 'slots' in table.raw else where
            raise DeclarationError(f'{key} names {slot!r}, which is no slot{accepted(slot, vocabulary.slots)}')
    headings = table.texts('headings') if 'headings' in table.raw else (name.replace('-', ' '),)
    return Section(
        name=name,
        slots=slots,
        title=headings[0].rstrip('$') if headings else name.replace('-', ' ').capitalize(),
        headings=_folded(table.place('headings'), headings),
        parents=_folded(table.place('parents'), table.texts('parents')),
        required=Requirement() if ignored else _requirement(table),
        ignored=ignored,
        is_container=table.get('container', False),
        change=str(table.member('change', _Change, _Change.NEW)) if 'change' in table.raw else None,
        carriers=table.members('carriers', Carrier) if 'carriers' in table.raw else _default_carriers(slots),
        columns=_columns(table, vocabulary),
        group=table.texts('group'),
        guidance=table.get('guidance', '').strip(),
    )


def _requirement(table: Table) -> Requirement:
    value = table.raw.get('required', False)
    if isinstance(value, bool):
        return Requirement(always=value)
    place = table.place('required')
    if not isinstance(value, Mapping):
        words = 'true, false, "ignored", { since = "2026-01-01" }, { since-release = "25.11" }'
        raise DeclarationError(f'{place} is {value!r} (accepted: {words})')
    when = Table(place, value, ('since', 'since-release'))
    if len(when.raw) != 1:
        raise DeclarationError(f"{place} must have either 'since' or 'since-release'")
    if 'since-release' in when.raw:
        return Requirement(since_release=when.get('since-release', ''))
    since = when.raw['since']
    date = since if isinstance(since, datetime.date) else read_date(str(since))
    if date is None or isinstance(date, datetime.datetime):
        raise DeclarationError(f'{when.place("since")} is {since!r}; write an ISO date such as "2027-06-30"')
    return Requirement(since=date)


def _folded(where: str, headings: Sequence[str]) -> tuple[str, ...]:
    folded = [_heading(heading) for heading in headings]
    if empty := [heading for heading, words in zip(headings, folded, strict=True) if not words.rstrip('$')]:
        raise DeclarationError(f'{where} has {empty[0]!r}, in which there are no words to compare')
    return tuple(dict.fromkeys(folded))


def _heading(heading: str) -> str:
    return folded_heading(heading) + ('$' if heading.endswith('$') else '')


def _columns(table: Table, vocabulary: Vocabulary) -> Mapping[str, str]:
    raw = table.get('columns', {})
    options = {option for kind in vocabulary.kinds.values() for option in kind.options}
    columns = Table(table.place('columns'), raw, tuple(raw))
    for heading in raw:
        meaning = columns.get(heading, '')
        if meaning not in options and meaning not in COLUMN_ROLES:
            known = [*COLUMN_ROLES, *sorted(options.difference(COLUMN_ROLES))]
            raise DeclarationError(f'{columns.place(heading)} is {meaning!r}{accepted(meaning, known)}')
    return {_column(heading): meaning for heading, meaning in raw.items()}


def _column(heading: str) -> str:
    return ' '.join(_NOT_COLUMN.sub(' ', heading.replace('_', ' ').casefold()).split())


def _phrases(table: Table, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(' '.join(phrase.casefold().split()) for phrase in table.texts(key) if phrase.strip()))


def _default_carriers(slots: Sequence[str]) -> tuple[Carrier, ...]:
    return tuple(each for each in Carrier if each is not Carrier.PROSE or not _IN_PROSE.isdisjoint(slots))


def _claimed(own: Sequence[Section], sections: Sequence[Section]) -> list[Section]:
    """Take the headings of a project's *own* sections from all other *sections*."""
    claimed = {(heading, section.parents) for section in own for heading in section.headings}
    names = {section.name for section in own}

    def without(section: Section) -> Section:
        kept = tuple(heading for heading in section.headings if (heading, section.parents) not in claimed)
        return section if section.name in names or kept == section.headings else replace(section, headings=kept)

    return list(map(without, sections))


def _check_headings(where: str, sections: Sequence[Section]) -> None:
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for section in sections:
        for heading in section.headings:
            other = seen.setdefault((heading, section.parents), section.name)
            if other != section.name:
                place = f'{_place(where, section.name)}.headings'
                raise DeclarationError(f'{place} has {heading!r}, and so has sections.{other}; keep it in one of them')
