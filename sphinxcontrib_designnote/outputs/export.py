"""``designnote.json``: every note, item, subject, link and finding, for programs; and the JSON Schema of that file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Item, Note, Origin, Requirement, SlotState, Value
from sphinxcontrib_designnote.model.schema import (
    ARGUMENT_FIELDS,
    NOTE,
    RECORD_OPTIONS,
    Kind,
    Option,
    ValueType,
    Vocabulary,
)
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.requirements import requirements
from sphinxcontrib_designnote.rules.definition import slot_states
from sphinxcontrib_designnote.rules.schedule import schedule
from sphinxcontrib_designnote.rules.steps import is_irreversible
from sphinxcontrib_designnote.tables.coverage import coverage, reported_notes

#: Version of the format; raised when a reader of the old one would misread the new one, not when something is added.
FORMAT_VERSION = 1


def export(graph: Graph, findings: Sequence[Finding], context: ExportContext) -> dict[str, Any]:
    """Return the content of ``designnote.json``. Sorted, so that one graph gives one file.

    Of two items with one id (DN202) the first is exported: an id is a key here.
    """
    notes = sorted(reported_notes(graph), key=lambda note: note.id)
    kinds = {name: kind for name, kind in graph.vocabulary.kinds.items() if name != NOTE}
    return {
        'format': 'designnote',
        'version': FORMAT_VERSION,
        'project': {'name': context.project, 'version': context.version},
        'notes': [_note(note, graph) for note in notes],
        'items': [_item(item, kinds[item.kind]) for item in graph.items.values() if item.kind in kinds],
        'subjects': [
            {
                'kind': subject.kind,
                'key': subject.key,
                'service': subject.service,
                'current': subject.current,
                'impacts': list(dict.fromkeys(impact.id for impact in subject.impacts)),
            }
            for subject in graph.subjects
        ],
        'links': [
            {
                'type': link.type,
                'source': link.source,
                'target': link.target,
                'resolved': link.resolved,
                'line': link.location.line,
            }
            for link in graph.links
        ],
        'requirements': [_requirement(requirement) for requirement in requirements(graph)],
        'findings': [finding_record(finding) for finding in sorted(findings, key=lambda finding: finding.sort_key)],
        'coverage': coverage(graph),
        'schedule': _schedule(graph, context.releases),
    }


def _schedule(graph: Graph, releases: Sequence[str]) -> list[dict[str, Any]] | None:
    """Every undone step of an open note, in an order that respects all of them; ``None`` where there is none."""
    merged = schedule(graph, releases)
    if not merged.is_consistent:
        return None
    return [
        {
            'step': each.step.id,
            'note': each.step.note,
            'release': each.release,
            'irreversible': is_irreversible(each.step, graph),
        }
        for each in merged.planned
    ]


def _note(note: Note, graph: Graph) -> dict[str, Any]:
    states = slot_states(note, graph)
    return {
        'id': note.id,
        'title': note.title,
        'status': note.status,
        'owners': list(note.names('owners')),
        'docname': note.docname,
        'path': note.location.path,
        'line': note.location.line,
        'slots': {slot: states.get(slot, 'missing') for slot in graph.vocabulary.slots},
        'prose': dict(sorted(note.prose.items())),
    }


def _item(item: Item, kind: Kind) -> dict[str, Any]:
    return {
        'id': item.id,
        'kind': item.kind,
        'key': item.key,
        'title': item.title,
        'service': item.service,
        'change': item.change,
        'release': item.release,
        'note': item.note,
        'parent': item.parent,
        'docname': item.docname,
        'path': item.location.path,
        'line': item.location.line,
        'origin': item.origin,
        'fields': _fields(item, kind),
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        'id': requirement.id,
        'type': requirement.type,
        'title': requirement.title,
        'status': requirement.status,
        'docname': requirement.docname,
        'url': requirement.url,
        'wanted': requirement.wanted,
    }


def _fields(item: Item, kind: Kind) -> dict[str, Any]:
    """What the argument says, then the options in the order of their declaration, whatever the author's."""
    names = (*ARGUMENT_FIELDS.get(kind.argument, ()), *(option.key for option in _field_options(kind)))
    return {name: _plain(item.fields[name]) for name in names if name in item.fields}


def _field_options(kind: Kind) -> Iterable[Option]:
    return (option for option in kind.options.values() if option.name not in RECORD_OPTIONS)


def _plain(value: Value) -> str | bool | list[str]:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding as it stands in the file."""
    return {
        'code': finding.code,
        'name': finding.name,
        'severity': str(finding.severity),
        'message': finding.message,
        'path': finding.location.path,
        'line': finding.location.line,
        'note': finding.note,
        'item': finding.item,
        'related': [{'path': place.path, 'line': place.line} for place in finding.related],
        'fingerprint': finding.fingerprint,
        'suppressed': finding.suppressed,
    }


def dumps(data: Mapping[str, Any]) -> bytes:
    """Return *data* as JSON in UTF-8, keys as they stand, each record of a list on a line of its own.

    So two exports can be compared line by line, and the encoder in C does the work. A lone surrogate, which UTF-8
    cannot hold, is written as the JSON escape that it already looks like in Python.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    members = []
    for key, value in data.items():
        records = ',\n  '.join(map(encode, value)) if isinstance(value, list) else ''
        members.append(f'{encode(key)}: ' + (f'[\n  {records}\n]' if records else encode(value)))
    return ('{\n' + ',\n'.join(members) + '\n}\n').encode('utf-8', 'backslashreplace')


_STRING: Mapping[str, Any] = {'type': 'string'}
_NULLABLE: Mapping[str, Any] = {'type': ['string', 'null']}
_LINE: Mapping[str, Any] = {'type': 'integer', 'minimum': 1}
_COUNT: Mapping[str, Any] = {'type': 'integer', 'minimum': 0}
_TEXTS: Mapping[str, Any] = {'type': 'array', 'items': _STRING}


def schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``designnote.json`` for the kinds of *vocabulary*."""
    return {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        'title': 'designnote.json',
        'description': 'Design notes, what they state, how it is linked, and what is inconsistent in it.',
        **_record(
            {
                'format': {'const': 'designnote'},
                'version': {'const': FORMAT_VERSION},
                'project': _record({'name': _STRING, 'version': _STRING}),
                'notes': _list('note'),
                'items': _list('item'),
                'subjects': _list('subject'),
                'links': _list('link'),
                'requirements': _list('requirement'),
                'findings': _list('finding'),
                'coverage': _map({'type': 'object', 'required': ['total'], 'additionalProperties': _COUNT}),
                'schedule': {'anyOf': [_list('planned-step'), {'type': 'null'}]},
            }
        ),
        '$defs': _definitions(vocabulary),
    }


def _definitions(vocabulary: Vocabulary) -> dict[str, Any]:
    kinds = [kind for kind in vocabulary.kinds.values() if kind.name != NOTE]
    statuses = vocabulary.kinds[NOTE].options['status'].values
    return {
        'note': _record(
            {
                'id': _STRING, 'title': _STRING, 'status': {'enum': [*statuses, None]}, 'owners': _TEXTS,
                'docname': _STRING, 'path': _STRING, 'line': _LINE,
                'slots': _map({'enum': list(get_args(SlotState))}), 'prose': _map(_STRING),
            }
        ),
        'item': _item_schema(kinds),
        'subject': _record(
            {
                'kind': {'enum': [kind.name for kind in kinds if kind.subject]}, 'key': _STRING,
                'service': _NULLABLE, 'current': _NULLABLE, 'impacts': {**_TEXTS, 'minItems': 1},
            }
        ),
        'link': _record(
            {
                'type': {'enum': list(vocabulary.links)}, 'source': _STRING, 'target': _STRING,
                'resolved': {'type': 'boolean'}, 'line': _LINE,
            }
        ),
        'requirement': _record(
            {
                'id': _STRING, 'type': _STRING, 'title': _STRING, 'status': _NULLABLE, 'docname': _NULLABLE,
                'url': _NULLABLE, 'wanted': {'type': 'boolean'},
            }
        ),
        'finding': _record(
            {
                'code': _STRING, 'name': _STRING, 'severity': {'enum': ['error', 'warning', 'info']},
                'message': _STRING, 'path': _STRING, 'line': _LINE, 'note': _NULLABLE, 'item': _NULLABLE,
                'related': {'type': 'array', 'items': _record({'path': _STRING, 'line': _LINE})},
                'fingerprint': {'type': 'string', 'pattern': '^[0-9a-f]{16}$'}, 'suppressed': _NULLABLE,
            }
        ),
        'planned-step': _record(
            {'step': _STRING, 'note': _STRING, 'release': _NULLABLE, 'irreversible': {'type': 'boolean'}}
        ),
        **{f'kind-{kind.name}': _kind_schema(kind) for kind in kinds},
    }  # fmt: skip


def _item_schema(kinds: Sequence[Kind]) -> dict[str, Any]:
    item = _record(
        {
            'id': _STRING, 'kind': {'enum': [kind.name for kind in kinds]}, 'key': _STRING, 'title': _STRING,
            'service': _NULLABLE, 'change': _NULLABLE, 'release': _NULLABLE, 'note': _STRING, 'parent': _NULLABLE,
            'docname': _STRING, 'path': _STRING, 'line': _LINE, 'origin': {'enum': list(get_args(Origin))},
            'fields': {'type': 'object'},
        }
    )  # fmt: skip
    item['allOf'] = [
        {
            'if': {'properties': {'kind': {'const': kind.name}}, 'required': ['kind']},
            'then': {'$ref': f'#/$defs/kind-{kind.name}'},
        }
        for kind in kinds
    ]
    return item


def _kind_schema(kind: Kind) -> dict[str, Any]:
    change = kind.options.get('change')
    fields = {name: dict(_STRING) for name in ARGUMENT_FIELDS.get(kind.argument, ())}
    fields |= {option.key: _option_schema(option) for option in _field_options(kind)}
    return {
        'description': kind.doc,
        'properties': {
            'change': {'enum': [*change.values, None]} if change is not None and change.values else _NULLABLE,
            'fields': {'type': 'object', 'properties': fields, 'additionalProperties': False},
        },
    }


def _option_schema(option: Option) -> dict[str, Any]:
    types: Mapping[ValueType, Mapping[str, Any]] = {
        ValueType.BOOLEAN: {'type': 'boolean'},
        ValueType.SWITCH: {'enum': ['on', 'off']},
        ValueType.DATE: {'type': 'string', 'format': 'date'},
        ValueType.DONE: {'oneOf': [{'type': 'string', 'format': 'date'}, {'const': True}]},
        ValueType.NAMES: _TEXTS,
        ValueType.REFERENCES: _TEXTS,
        ValueType.CHOICE: {'enum': list(option.values)},
    }
    return {**types.get(option.type, _STRING), **({'description': option.doc} if option.doc else {})}


def _record(properties: Mapping[str, Any]) -> dict[str, Any]:
    required = list(properties)
    return {'type': 'object', 'properties': dict(properties), 'required': required, 'additionalProperties': False}


def _list(name: str) -> dict[str, Any]:
    return {'type': 'array', 'items': {'$ref': f'#/$defs/{name}'}}


def _map(values: Mapping[str, Any]) -> dict[str, Any]:
    return {'type': 'object', 'additionalProperties': values}
