"""What the words before a value say that it is: at the head of a table's column, or before a colon."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS = {
    'method': 'method, verb, http method, http verb, methods, method type, http method type, request method, '
    'request methods',
    'path': 'path, url, uri, urls, uris, route, endpoint, endpoints, resource, resource url, normal url, request url, '
    'rest url, url for the resource, api, operation',
    'column': 'field, column, attribute, parameter, param, property, column name, field name, attribute name',
    'name': 'name, key',
    'type': 'type, data type, datatype, sql type, field type, column type',
    'table': 'table, entity, model, object, schema, collection',
    'flag': 'flag, feature flag, toggle, flag name, flag key, feature, feature toggle, feature gate, feature gate name',
    'event': 'event, event name, action, audit event, topic',
    'step': 'step, what, task, activity',
    'change': 'change, changes',
    # Never asked for: it keeps what only counts the rows out of the text.
    'number': '#, no, nr, order, number',
}
#: Words, folded, to the role of what they stand above or before.
ROLES: Mapping[str, str] = {word: role for role, words in _WORDS.items() for word in words.split(', ')}
#: What a profile may say that a column holds, besides the name of an option.
COLUMN_ROLES = tuple(_WORDS)
