"""Whether two readings of a note say the same, and where they do not.

Compared are items, links and the codes of findings; not lines, nor in which section (DN109) or in which words,
directives or plain ones, an item is stated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sphinxcontrib_designnote.convert.snapshot import Snapshot
from sphinxcontrib_designnote.diagnostics import Finding


def differences(before: Snapshot, after: Snapshot, apart_from: Collection[str] = ()) -> list[str]:
    """Say what *after* states otherwise than *before*: a line for each item, link and kind of finding.

    :param apart_from: what need not be as it was, such as ``fields.reviewed``.
    """
    old, new = _records(before), _records(after)
    found = [f'{name} is lost' for name in old if name not in new]
    found += [f'{name} is new' for name in new if name not in old]
    for name in old:
        if name in new and old[name] != new[name]:
            changed = ', '.join(
                f'{key} {old[name].get(key)!r} became {new[name].get(key)!r}'
                for key in sorted(old[name].keys() | new[name].keys())
                if old[name].get(key) != new[name].get(key) and key not in apart_from
            )
            found += [f'{name}: {changed}'] if changed else []
    return found


def _records(snapshot: Snapshot) -> dict[str, dict[str, object]]:
    """Return everything that two readings of a note must agree on, by a name that a person understands."""
    records: dict[str, dict[str, object]] = {}
    for statement in snapshot.statements:
        item = statement.item
        records[f'{item.kind} {item.id}'] = {
            'key': item.key,
            'title': item.title,
            'change': item.change,
            'service': item.service,
            'release': item.release,
            'parent': item.parent,
            'ignore': item.ignore,
            **{f'fields.{name}': value for name, value in item.fields.items()},
        }
    for link in snapshot.links:
        records[f'link {link.source} {link.type} {link.target}'] = {'resolved': link.resolved}
    for code, count in Counter(finding.code for finding in _compared(snapshot)).items():
        records[f'finding {code}'] = {'count': count}
    return records


def _compared(snapshot: Snapshot) -> list[Finding]:
    return [finding for finding in snapshot.findings if finding.code != 'DN109']


def disagreeing_lines(before: Snapshot, after: Snapshot) -> tuple[set[int], set[int]]:
    """Return the 0-based lines of *before*, and of *after*, at which something stands that the other does not say."""
    old, new = _by_record(before), _by_record(after)
    mine = {
        line for record, lines in old.items() if new.get(record, []) != lines and record not in new for line in lines
    }
    theirs = {line for record, lines in new.items() if record not in old for line in lines}
    lines = _findings(before), _findings(after)
    for about in lines[0].keys() | lines[1].keys():
        here, there = lines[0].get(about, []), lines[1].get(about, [])
        if len(here) != len(there):
            mine.update(here)
            theirs.update(there)
    return mine, theirs


def _findings(snapshot: Snapshot) -> dict[tuple[str, str | None], list[int]]:
    found: dict[tuple[str, str | None], list[int]] = {}
    for finding in _compared(snapshot):
        found.setdefault((finding.code, finding.item), []).append(finding.location.line - 1)
    return found


def _by_record(snapshot: Snapshot) -> dict[str, list[int]]:
    records = _records(snapshot)
    lines: dict[str, list[int]] = {}
    at = {}
    for statement in snapshot.statements:
        item = statement.item
        name = f'{item.kind} {item.id}'
        at[item.id] = statement.line
        lines.setdefault(f'{name} {sorted(records[name].items(), key=lambda pair: pair[0])}', []).append(statement.line)
    for link in snapshot.links:
        line = at.get(link.source, link.location.line - 1)
        lines.setdefault(f'{link.source} {link.type} {link.target} {link.resolved}', []).append(line)
    return lines
