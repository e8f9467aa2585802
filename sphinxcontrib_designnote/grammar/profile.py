"""A profile: the map from the headings of a kind of note to the slots of the vocabulary. Data, in TOML."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sphinxcontrib_designnote.diagnostics import did_you_mean

_NOT_WORD = re.compile(r'[\W_]+')
_NUMBERING = re.compile(r'^(?:\d+\s+)+')
BUILTIN = ('design-note',)


class ProfileError(ValueError):
    """A profile is malformed or does not exist. The message names key, value and accepted values."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One slot of the template."""

    name: str
    #: Folded words of its headings.
    headings: tuple[str, ...]
    required: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How notes of one template are read."""

    name: str
    title_prefix: str
    slots: tuple[Slot, ...]
    #: Service of notes that name none.
    service: str | None = None
    #: Put before paths that do not begin with it.
    base_path: str = ''

    @property
    def required(self) -> Mapping[str, bool]:
        """Slot names in the template's order, and whether a note must fill them."""
        return {slot.name: slot.required for slot in self.slots}

    def is_title_of_note(self, title: str) -> bool:
        """Whether a page of this title says that it is a note."""
        return bool(self.title_prefix) and title.strip().casefold().startswith(self.title_prefix.casefold())

    def without_prefix(self, title: str) -> str:
        """Return the title of a note without the words that mark it."""
        title = title.strip()
        return title[len(self.title_prefix) :].strip() if self.is_title_of_note(title) else title

    def slot_of(self, heading: str) -> str | None:
        """Return the slot that a heading opens; the longest name that it begins with wins."""
        words = _NUMBERING.sub('', _NOT_WORD.sub(' ', heading[:200].casefold()).strip())
        best = max(
            (
                (len(name), slot.name)
                for slot in self.slots
                for name in slot.headings
                if f'{words} '.startswith(f'{name} ')
            ),
            default=None,
        )
        return best[1] if best else None


@functools.cache
def load_profile(name: str) -> Profile:
    """Return the profile that ships under *name*.

    :raises ProfileError: when there is none.
    """
    if name not in BUILTIN:
        raise ProfileError(f'{name!r} is no profile{did_you_mean(name, BUILTIN)} (accepted: {", ".join(BUILTIN)})')
    raw: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath(f'profiles/{name}.toml').read_text('utf-8'))
    slots = tuple(
        Slot(name=slot, headings=tuple(table['headings']), required=table['required'])
        for slot, table in raw['slots'].items()
    )
    return Profile(
        name=name,
        title_prefix=raw['title-prefix'],
        slots=slots,
        service=raw.get('service'),
        base_path=raw.get('base-path', ''),
    )
