"""Reads what TOML or ``conf.py`` declares: every key known, every value of its type, or one clear error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from sphinxcontrib_designnote.diagnostics import accepted

E = TypeVar('E', bound=StrEnum)
T = TypeVar('T', str, bool, int, dict[str, Any])
_CALLED: Mapping[type, str] = {str: 'a string', bool: 'true or false', int: 'a whole number', dict: 'a table'}


class DeclarationError(ValueError):
    """A declaration is malformed. The message names key, value and accepted values."""


class Table:
    """Reads one table, and insists that every key is known and of its type."""

    def __init__(self, where: str, raw: Any, known: Sequence[str]) -> None:
        self.where = where
        if not isinstance(raw, Mapping):
            raise DeclarationError(f'{where} must be a table, not {raw!r}')
        if unknown := [key for key in raw if key not in known]:
            raise DeclarationError(f'{self.place(unknown[0])} is unknown{accepted(str(unknown[0]), known)}')
        self.raw = raw

    def place(self, key: object) -> str:
        """Return how a message names the value of *key*; ``file.toml:`` stands before a key without a dot."""
        return f'{self.where} {key}' if self.where.endswith(':') else f'{self.where}.{key}'

    def get(self, key: str, default: T) -> T:
        """Return a value of the type that *default* has."""
        value = self.raw.get(key, default)
        is_number = type(value) is not bool or isinstance(default, bool)  # to Python, true is one
        if not isinstance(value, type(default)) or not is_number:
            raise DeclarationError(f'{self.place(key)} must be {_CALLED[type(default)]}, not {value!r}')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; an empty one where there is none."""
        value = self.raw.get(key, ())
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise DeclarationError(f'{self.place(key)} must be a list of strings, not {value!r}')
        return tuple(value)

    def member(self, key: str, members: type[E], default: E) -> E:
        """Return one of the words of an enumeration."""
        return self.as_member(key, self.raw.get(key, default), members)

    def members(self, key: str, members: type[E]) -> tuple[E, ...]:
        """Return a list of words of an enumeration, in its order, each once."""
        return tuple(dict.fromkeys(self.as_member(key, value, members) for value in self.texts(key)))

    def as_member(self, key: str, value: object, members: type[E]) -> E:
        """Return *value*, which stands under *key*, as one of the words of an enumeration."""
        words = [str(member) for member in members]
        if value not in words:
            raise DeclarationError(f'{self.place(key)} is {value!r}{accepted(str(value), words)}')
        return members(value)
