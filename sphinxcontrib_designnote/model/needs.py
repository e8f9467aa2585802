"""How the kinds of a vocabulary look as types, fields and links of sphinx-needs: names and types only."""

from __future__ import annotations

import datetime
import keyword
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sphinxcontrib_designnote.model.records import Value
from sphinxcontrib_designnote.model.schema import (
    ARGUMENT_FIELDS,
    NOTE,
    RECORD_OPTIONS,
    Kind,
    Option,
    ValueType,
    Vocabulary,
)

FieldType: TypeAlias = Literal['string', 'boolean', 'array']

_TYPES: Mapping[str, FieldType] = {'string': 'string', 'boolean': 'boolean', 'array': 'array'}
#: Names that sphinx-needs 8 and 9 have for their own fields and links: no field may take one.
_CORE = frozenset((
    'arch', 'collapse', 'completion', 'constraints', 'constraints_error', 'constraints_passed', 'constraints_results',
    'content', 'docname', 'doctype', 'duration', 'external_css', 'external_url', 'full_title', 'has_dead_links',
    'has_forbidden_dead_links', 'hide', 'id', 'id_complete', 'id_parent', 'is_external', 'is_import', 'is_modified',
    'is_need', 'is_part', 'jinja_content', 'layout', 'lineno', 'lineno_content', 'links', 'modifications',
    'parent_need', 'parent_needs', 'parts', 'post_content', 'post_template', 'pre_content', 'pre_template',
    'section_name', 'sections', 'signature', 'status', 'style', 'tags', 'template', 'title', 'type', 'type_color',
    'type_name', 'type_prefix', 'type_style',
))  # fmt: skip
#: What every record states, whatever its kind.
_RECORD_FIELDS = {
    'change': 'What the note does to it.',
    'service': 'Service that owns it.',
    'release': 'Release that carries it.',
    'note': 'Id of the design note that states it.',
    'key': 'What it is known by: method and path, a name, a title.',
}
_ARGUMENT_DOCS = {'method': 'HTTP method.', 'path': 'Path of the endpoint.', 'type': 'Type of the column or field.'}


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedField:
    """A field of needs."""

    name: str
    type: FieldType
    doc: str
    #: The value is an ISO date.
    date: bool = False

    def value(self, value: Value) -> str | bool | list[str] | None:
        """Return *value* as this field holds it; ``None`` where it can't."""
        if self.type == 'boolean':
            return value if isinstance(value, bool) else None
        words = list(value) if isinstance(value, tuple) else [_text(value)]
        return words if self.type == 'array' else ', '.join(words)


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedShape:
    """What items look like as needs."""

    #: Kind to type of need; a kind that is left out is none.
    types: Mapping[str, str]
    #: Key of what a record states (``remove_by``) to the field that holds it.
    fields: Mapping[str, NeedField]
    #: Type of link to its name among needs.
    links: Mapping[str, str]
    #: Type of need to what its ids begin with, where they do.
    prefixes: Mapping[str, str] = field(default_factory=dict)


def shape_of(
    vocabulary: Vocabulary,
    types: Mapping[str, str],
    *,
    own_fields: Mapping[str, str] | None = None,
    own_links: Collection[str] = (),
    prefixes: Mapping[str, str] | None = None,
) -> NeedShape:
    """Return how the kinds among *types* look as needs.

    A name that sphinx-needs, Python (its filters are expressions) or a project has for something else gets ``dn_`` in
    front of it.

    :param types: kind to type of need.
    :param own_fields: fields that the project declares itself, and their types; one of the same name holds our values.
    :param own_links: names of the links that the project declares itself; likewise.
    :param prefixes: type of need to what its ids begin with.
    """
    own = own_fields or {}
    links = {name: _free(name.replace('-', '_'), (*own, *_RECORD_FIELDS)) for name in vocabulary.links}
    reserved = {*own_links, *links.values()}
    reserved |= {f'{name}_back' for name in reserved}
    reserved |= {name for name, type_ in own.items() if type_ not in _TYPES}  # numbers
    fields: dict[str, NeedField] = {}
    for key, (type_, date, doc) in _declared(vocabulary, types).items():
        name = _free(key, reserved)
        fields[key] = NeedField(name=name, type=_TYPES.get(own.get(name, ''), type_), date=date, doc=doc)
    return NeedShape(types=dict(types), fields=fields, links=links, prefixes=prefixes or {})


def _free(name: str, taken: Collection[str]) -> str:
    return f'dn_{name}' if name in _CORE or name in taken or keyword.iskeyword(name) else name


def _declared(vocabulary: Vocabulary, types: Collection[str]) -> dict[str, tuple[FieldType, bool, str]]:
    """Return key to type, whether it is a date, and meaning of all that records of the kinds state.

    What two kinds read differently is text.
    """
    declared: dict[str, tuple[FieldType, bool, str]] = {key: ('string', False, d) for key, d in _RECORD_FIELDS.items()}
    for kind in vocabulary.kinds.values():
        for key, (type_, date, doc) in _of_kind(kind).items() if kind.name in types else ():
            before = declared.setdefault(key, (type_, date, doc))
            if before[:2] != (type_, date):
                declared[key] = ('string', False, before[2])
    return declared


def _of_kind(kind: Kind) -> dict[str, tuple[FieldType, bool, str]]:
    stated: dict[str, tuple[FieldType, bool, str]] = {
        key: ('string', False, _ARGUMENT_DOCS[key]) for key in ARGUMENT_FIELDS.get(kind.argument, ())
    }
    for option in kind.options.values():
        # The status of a note is that of the need.
        if (
            not option.link
            and option.name not in RECORD_OPTIONS
            and not (kind.name == NOTE and option.name == 'status')
        ):
            stated[option.key] = (*_type(option), option.doc)
    return stated


def _type(option: Option) -> tuple[FieldType, bool]:
    if option.type is ValueType.BOOLEAN:
        return 'boolean', False
    return ('array', False) if option.type is ValueType.NAMES else ('string', option.type is ValueType.DATE)


def _text(value: str | bool | datetime.date) -> str:
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    return value.isoformat() if isinstance(value, datetime.date) else value
