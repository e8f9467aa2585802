"""The declared vocabulary: kinds of item, their options, and the types of link between them.

``kinds.toml`` beside this file declares the built-in ones, ``designnote_kinds`` a project's own in the same form.
Everything that depends on a kind (directive, role, index, table, export, reference) is made from these objects.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.resources import files
from typing import Any

from sphinxcontrib_designnote.diagnostics import accepted
from sphinxcontrib_designnote.model.declared import DeclarationError, Table

NOTE = 'design-note'
NO_IMPACT = 'no-impact'
#: Options that every kind has but that describe the record, not the thing; they never appear among its fields.
RECORD_OPTIONS = frozenset({'id', 'release', 'service', 'ignore', 'class', 'change'})


class ValueType(StrEnum):
    """How the value of an option is read."""

    TEXT = 'text'
    CODE = 'code'
    BOOLEAN = 'boolean'
    SWITCH = 'switch'
    STATE = 'state'
    DATE = 'date'
    DONE = 'done'
    NAMES = 'names'
    CHOICE = 'choice'
    RELEASE = 'release'
    IGNORE = 'ignore'
    REFERENCES = 'references'


#: Types of option whose values are prose, or facts about the note and not about the thing.
_WITHOUT_MEANING = frozenset({ValueType.TEXT, ValueType.RELEASE, ValueType.DONE, ValueType.IGNORE})


class ArgumentType(StrEnum):
    """How the argument of a directive is read."""

    NONE = 'none'
    TITLE = 'title'
    NAME = 'name'
    WORD = 'word'
    HTTP_TARGET = 'http-target'
    OPERATION = 'operation'
    DECLARATION = 'declaration'
    CONSTRAINT = 'constraint'


#: Fields that come from a directive's argument and not from an option.
ARGUMENT_FIELDS: Mapping[ArgumentType, tuple[str, ...]] = {
    ArgumentType.HTTP_TARGET: ('method', 'path'),
    ArgumentType.DECLARATION: ('type',),
}


class Identity(StrEnum):
    """Whose name an item's key is: two items with one key in one such scope are about one thing."""

    PROJECT = 'project'
    SERVICE = 'service'
    PARENT = 'parent'
    NOTE = 'note'


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """An option of a directive, and sub-bullet of a plain note."""

    #: As typed, with hyphens.
    name: str
    type: ValueType = ValueType.TEXT
    #: The accepted words of a ``choice``.
    values: tuple[str, ...] = ()
    #: Link type that the value makes; its type is then ``references``.
    link: str | None = None
    #: The link runs from what is named to this item.
    inverse: bool = False
    #: What else plain notes call it, as a sub-bullet or at the head of a column: lower-case words.
    also: tuple[str, ...] = ()
    #: Another value is another thing: who links to the item should look again (DN207).
    meaning: bool = False
    doc: str = ''

    @property
    def key(self) -> str:
        """Name in the export and in :attr:`Item.fields`: underscores for hyphens."""
        return self.name.replace('-', '_')


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of item."""

    name: str
    label: str
    doc: str = ''
    argument: ArgumentType = ArgumentType.TITLE
    #: The accepted words of a ``word`` argument.
    words: tuple[str, ...] = ()
    required: bool = True
    identity: Identity = Identity.NOTE
    #: Several notes may speak of the same one.
    subject: bool = False
    #: ``change`` to slot of the template; ``"*"`` stands for any other change.
    slots: Mapping[str, str] = field(default_factory=dict)
    #: Headings below which plain notes state it, besides those that a profile gives its slots.
    headings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    bullets: str | None = None
    #: Options whose value is another name of the item.
    aliases: tuple[str, ...] = ()
    #: Option whose value is part of the identity.
    qualifier: str | None = None
    role: str
    options: Mapping[str, Option] = field(default_factory=dict)
    #: Other names of the options, hyphens for spaces.
    called: Mapping[str, Option] = field(default_factory=dict)

    def option_called(self, words: str) -> Option | None:
        """Option that a plain note calls *words*, in any case and with spaces for hyphens.

        A kind's own other name goes before an option that every kind has: the service of a step is its component.
        """
        name = '-'.join(words.casefold().split())
        return self.called.get(name) or self.options.get(name)

    def slot(self, change: str | None) -> str | None:
        """Slot of the template that an item of this kind and *change* fills."""
        return self.slots.get(change or '', self.slots.get('*'))


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkType:
    """A type of link. ``"*"`` among *sources* or *targets* is any kind."""

    name: str
    #: What the target calls it: ``verified by``.
    inverse: str
    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    #: Kinds whose mention in the text of a source makes the link.
    mentions: tuple[str, ...] = ()
    #: Actions of a rollout step to which mentions are limited; empty for no limit.
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """All kinds and link types of a project, in order of declaration."""

    kinds: Mapping[str, Kind]
    links: Mapping[str, LinkType]

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot that a note may fill, in the template's order: those that may be said to be empty on purpose."""
        return self.kinds[NO_IMPACT].words

    def links_by_mention(self, source: str) -> tuple[LinkType, ...]:
        """Link types that a mention in an item of kind *source* makes."""
        return tuple(link for link in self.links.values() if link.mentions and source in link.sources)

    def kind_of_role(self, role: str) -> Kind | None:
        """Kind that a role, or the prefix of a reference (``entity:users``), names."""
        return next((kind for kind in self.kinds.values() if role in (kind.role, kind.name)), None)


_NAME = re.compile(r'[a-z][a-z0-9]*(-[a-z0-9]+)*')


def _name(where: str, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise DeclarationError(f'{where} must be lower-case words joined by hyphens')
    return name


def _option(where: str, name: str, raw: Any) -> Option:
    table = Table(where, raw, ('type', 'values', 'link', 'inverse', 'also', 'meaning', 'doc'))
    link = table.get('link', '') or None
    kind = ValueType.REFERENCES if link else table.member('type', ValueType, ValueType.TEXT)
    values = table.texts('values')
    if (kind is ValueType.CHOICE) != bool(values):
        raise DeclarationError(f'{where}.values must be given for, and only for, type "choice"')
    return Option(
        name=_name(where, name),
        type=kind,
        values=values,
        link=link,
        inverse=table.get('inverse', False),
        also=table.texts('also'),
        meaning=table.get('meaning', kind not in _WITHOUT_MEANING),
        doc=table.get('doc', ''),
    )


def _kind(where: str, name: str, raw: Any, common: Mapping[str, Option]) -> Kind:
    known = 'doc label argument required identity qualifier subject slot headings parts bullets aliases role options'
    table = Table(where, raw, known.split())
    words = table.texts('argument') if isinstance(table.raw.get('argument'), (list, tuple)) else ()
    argument = ArgumentType.WORD if words else table.member('argument', ArgumentType, ArgumentType.TITLE)
    if argument is ArgumentType.WORD and not words:
        raise DeclarationError(f'{where}.argument must list the accepted words')
    headings = table.texts('headings')
    slot = table.raw.get('slot', name if headings else {})
    slots = {'*': slot} if isinstance(slot, str) else slot
    if not isinstance(slots, Mapping) or not all(isinstance(word, str) for pair in slots.items() for word in pair):
        raise DeclarationError(f'{where}.slot must be a string, or a table from change to string, not {slot!r}')
    options = table.get('options', {})
    if clash := common.keys() & options.keys():
        raise DeclarationError(f'{where}.options.{min(clash)} is an option of every kind; choose another name')
    read = {**{k: _option(f'{where}.options.{k}', str(k), v) for k, v in options.items()}, **common}
    return Kind(
        name=_name(where, name),
        label=table.get('label', name.replace('-', ' ').capitalize()),
        doc=table.get('doc', ''),
        argument=argument,
        words=words,
        required=table.get('required', argument is not ArgumentType.NONE),
        identity=table.member('identity', Identity, Identity.NOTE),
        subject=table.get('subject', False),
        slots=dict(slots),
        headings=headings,
        parts=table.texts('parts'),
        bullets=table.get('bullets', '') or None,
        aliases=table.texts('aliases'),
        qualifier=table.get('qualifier', '') or None,
        role='note' if name == NOTE else _name(f'{where}.role', table.get('role', name)),
        options=read,
        called={word.replace(' ', '-'): option for option in read.values() for word in option.also},
    )


def _link(where: str, name: str, raw: Any) -> LinkType:
    table = Table(where, raw, ('inverse', 'sources', 'targets', 'mentions', 'actions'))
    return LinkType(
        name=name,
        inverse=table.get('inverse', f'{name} of'),
        sources=table.texts('sources'),
        targets=table.texts('targets') or ('*',),
        mentions=table.texts('mentions'),
        actions=table.texts('actions'),
    )


def _check_names(where: str, kind: Kind, kinds: Mapping[str, Kind]) -> None:
    """Insist that what *kind* names is there, and that its role is no other's: ``:dn:item:`` is the one for ids."""
    named = {'parts': kind.parts, 'bullets': (kind.bullets,), 'aliases': kind.aliases, 'qualifier': (kind.qualifier,)}
    for key, names in named.items():
        known = list(kinds if key in ('parts', 'bullets') else kind.options)
        for name in names:
            if name is not None and name not in known:
                raise DeclarationError(f'{where}.{key} names {name!r}{accepted(name, known)}')
    if kind.role in {'item', *(role for k in kinds.values() if k is not kind for role in (k.name, k.role))}:
        raise DeclarationError(f'{where}.role is {kind.role!r}, which is taken; choose another')


@functools.cache
def builtin_vocabulary() -> Vocabulary:
    """Return the vocabulary of ``kinds.toml``. Read once in a process."""
    raw = tomllib.loads(files(__package__).joinpath('kinds.toml').read_text('utf-8'))
    common = {name: _option(f'common.options.{name}', name, value) for name, value in raw['common']['options'].items()}
    return Vocabulary(
        kinds={name: _kind(f'kinds.{name}', name, value, common) for name, value in raw['kinds'].items()},
        links={name: _link(f'links.{name}', name, value) for name, value in raw['links'].items()},
    )


def extended_vocabulary(declarations: Any, where: str = 'designnote_kinds', profiles: Iterable[str] = ()) -> Vocabulary:
    """Return the built-in vocabulary with a project's own kinds.

    :param declarations: kind name to a table as in ``kinds.toml``. An option with ``link`` and no such link type
        declares the type: sources are the kind, targets any kind.
    :param profiles: names of profiles that a note may choose besides the built-in ones.
    :raises DeclarationError: when a declaration is malformed, or takes the name of a built-in kind.
    """
    builtin = builtin_vocabulary()
    if not isinstance(declarations, Mapping):
        raise DeclarationError(f'{where} must be a table of kinds, not {declarations!r}')
    common = {k: v for k, v in builtin.kinds[NOTE].options.items() if k in {*RECORD_OPTIONS, 'implements', 'reviewed'}}
    kinds, links = dict(builtin.kinds), dict(builtin.links)
    for name, raw in declarations.items():
        if name in builtin.kinds:
            raise DeclarationError(f'{where}.{name} is the name of a built-in kind; choose another')
        kind = kinds[name] = _kind(f'{where}.{name}', str(name), raw, common)
        for option in kind.options.values():
            if option.link and option.link not in builtin.links:
                link = links.get(option.link) or LinkType(name=option.link, inverse=f'{option.link} of', sources=())
                if option.inverse:
                    links[option.link] = replace(link, sources=('*',), targets=(*link.targets, kind.name))
                else:
                    links[option.link] = replace(link, sources=(*link.sources, kind.name), targets=('*',))
    for name in declarations:
        _check_names(f'{where}.{name}', kinds[name], kinds)
    slots = (slot for name in declarations for slot in kinds[name].slots.values())
    none = kinds[NO_IMPACT]
    kinds[NO_IMPACT] = replace(none, words=tuple(dict.fromkeys((*none.words, *slots))))
    note = kinds[NOTE]
    choice = note.options['profile']
    choice = replace(choice, values=tuple(dict.fromkeys((*choice.values, *profiles))))
    kinds[NOTE] = replace(note, options={**note.options, 'profile': choice})
    return Vocabulary(kinds=kinds, links=links)
