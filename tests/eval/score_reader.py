"""Score the reader of plain notes against hand-made truth.

Usage: ``python tests/eval/score_reader.py [--json] [FOLDER ...]``. Each folder holds notes (``NAME.md``, ``NAME.rst``),
each beside its truth (``NAME.toml``); without a folder, all folders under ``reader/`` beside this file are scored. The
format of the truth stands in ``README.md`` beside this file. Exit status: 0, whatever the figures; 2 if a truth file is
broken.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
NOTE_SUFFIXES = ('.md', '.rst')
CONF_PY = """\
extensions = ['myst_parser', 'sphinxcontrib_designnote']
myst_enable_extensions = ['colon_fence']
suppress_warnings = ['toc.not_included']
"""

SLOTS = (
    'approach',
    'new-endpoints',
    'changed-endpoints',
    'interfaces',
    'breaking-changes',
    'new-entities',
    'modified-entities',
    'migration-story',
    'authorization',
    'audit',
    'security',
    'feature-flags',
    'rollout',
    'compatibility',
    'testing',
)
ACTIONS = ('', 'deploy', 'migrate', 'backfill', 'enable', 'disable', 'restart', 'verify', 'remove', 'announce')
LEVELS = ('', 'unit', 'integration', 'contract', 'e2e', 'manual', 'load', 'security', 'migration')

Row = Mapping[str, Any]


# --- Comparing what is written in more than one way


def unified_path(path: str) -> str:
    """The path without query and trailing slash, with one leading slash and nameless parameters."""
    path = re.sub(r'\?.*', '', path.strip())
    path = re.sub(r'\{[^{}]*\}|<[^<>]*>|\[[^\[\]]*\]|(?<=/):[A-Za-z_]\w*', '{}', path)
    return '/' + path.strip('/')


def folded_name(name: str) -> str:
    """The name of an entity or a column without case, quotes and the word table."""
    name = re.sub(r'[`"*\']', '', name).casefold()
    return ' '.join(re.sub(r'\b(?:the|table)\b', ' ', name).split())


def folded_type(text: str) -> str:
    """A type without case, spaces, module, keyword arguments and the marks of nullability."""
    text = re.sub(r'\s+', '', text).casefold().replace('|null', '').rstrip('?')
    text = re.sub(r'\(\w+=.*\)$', '', text)
    return re.sub(r'^(?:models|db|sa)\.', '', text)


def folded_word(text: str) -> str:
    """A word of a closed list."""
    return text.strip().casefold()


def switch(value: object) -> str:
    """A flag's default as ``on``, ``off`` or what is written."""
    words = {'true': 'on', 'yes': 'on', 'enabled': 'on', 'false': 'off', 'no': 'off', 'disabled': 'off'}
    text = folded_word(text_of(value))
    return words.get(text, text)


def text_of(value: object) -> str:
    """A value of the export as text; nothing is the empty text."""
    return '' if value is None else str(value)


# --- Statements: what the truth says and what was found, in one form


@dataclass(frozen=True)
class Statement:
    """One thing that a note states: where, what (`key` is compared, `label` is shown), and its main attribute."""

    line: int
    key: Hashable
    label: str
    attribute: str = ''


@dataclass(frozen=True)
class Kind:
    """How one kind of statement is read from the truth and from the export, and compared."""

    name: str
    columns: tuple[str, ...]
    attribute: str
    item_kind: str
    from_truth: Callable[[Row], Statement]
    from_item: Callable[[Row, Mapping[str, Row]], Statement | None]
    by_line: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def endpoint(line: int, method: str, path: str, change: str) -> Statement:
    """An endpoint, known by its method and unified path."""
    method = method.upper()
    return Statement(line, (method, unified_path(path)), f'{method or "?"} {path}', folded_word(change))


def entity(line: int, name: str, change: str) -> Statement:
    """An entity, known by its folded name."""
    return Statement(line, folded_name(name), name, folded_word(change))


def column(line: int, owner: str, name: str, type_: str) -> Statement:
    """A column, known by its entity and its name."""
    return Statement(line, (folded_name(owner), folded_name(name)), f'{owner}.{name}', folded_type(type_))


def flag(line: int, name: str, default: object) -> Statement:
    """A feature flag, known by its name."""
    return Statement(line, name.strip('`'), name, switch(default))


def at_line(line: int, what: str, attribute: str) -> Statement:
    """A step or a test, known by its line only."""
    return Statement(line, '', what, folded_word(attribute))


def nothing(line: int, slot: str) -> Statement:
    """A slot that says None."""
    return Statement(line, slot, slot)


def options(item: Row) -> Row:
    """The options of an item in the export."""
    found = item.get('fields')
    return found if isinstance(found, dict) else {}


def endpoint_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The endpoint that an item of the export states."""
    method, path = text_of(options(item).get('method')), text_of(options(item).get('path') or item['key'])
    return endpoint(item['line'], method, path, text_of(item.get('change')))


def entity_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The entity that an item of the export states."""
    return entity(item['line'], item['key'], text_of(item.get('change')))


def column_item(item: Row, items: Mapping[str, Row]) -> Statement | None:
    """The column that an item of the export states; None for a field of something else than an entity."""
    parent = items.get(text_of(item.get('parent')))
    if parent is None or parent['kind'] != 'entity':
        return None
    owner, key = text_of(parent['key']), text_of(item['key'])
    name = key[len(owner) + 1 :] if key.casefold().startswith(f'{owner}.'.casefold()) else key.rpartition('.')[2]
    return column(item['line'], owner, name, text_of(options(item).get('type')))


def flag_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The flag that an item of the export states."""
    return flag(item['line'], item['key'], options(item).get('default'))


def step_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The step that an item of the export states."""
    return at_line(item['line'], text_of(item.get('title')), text_of(options(item).get('action')))


def test_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The test that an item of the export states."""
    return at_line(item['line'], text_of(item.get('title')), text_of(options(item).get('level')))


def nothing_item(item: Row, _: Mapping[str, Row]) -> Statement:
    """The slot of which an item of the export says that it is without impact."""
    return nothing(item['line'], item['key'])


KINDS = (
    Kind(
        'endpoints',
        ('method', 'path', 'change'),
        'change',
        'endpoint',
        lambda row: endpoint(row['line'], row['method'], row['path'], row['change']),
        endpoint_item,
        choices={'change': ('', 'new', 'changed', 'deprecated', 'removed', 'existing')},
    ),
    Kind(
        'entities',
        ('name', 'change'),
        'change',
        'entity',
        lambda row: entity(row['line'], row['name'], row['change']),
        entity_item,
        choices={'change': ('', 'new', 'modified', 'removed', 'existing')},
    ),
    Kind(
        'fields',
        ('owner', 'name', 'type'),
        'type',
        'field',
        lambda row: column(row['line'], row['owner'], row['name'], row['type']),
        column_item,
    ),
    Kind(
        'flags',
        ('name', 'default'),
        'default',
        'feature-flag',
        lambda row: flag(row['line'], row['name'], row['default']),
        flag_item,
        choices={'default': ('', 'on', 'off')},
    ),
    Kind(
        'steps',
        ('action',),
        'action',
        'rollout-step',
        lambda row: at_line(row['line'], 'step', row['action']),
        step_item,
        by_line=True,
        choices={'action': ACTIONS},
    ),
    Kind(
        'tests',
        ('level',),
        'level',
        'test-case',
        lambda row: at_line(row['line'], 'test', row['level']),
        test_item,
        by_line=True,
        choices={'level': LEVELS},
    ),
    Kind(
        'none',
        ('slot',),
        '',
        'no-impact',
        lambda row: nothing(row['line'], row['slot']),
        nothing_item,
        choices={'slot': SLOTS},
    ),
)


# --- The truth


class BrokenTruthError(Exception):
    """A truth file that cannot be trusted; the message says where."""


@dataclass
class Note:
    """A note: its lines and what it states, by kind."""

    path: Path
    lines: list[str]
    truth: dict[str, list[Statement]]

    def quoted(self, line: int) -> str:
        """The source line, as far as it fits a line of the report."""
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ''
        return text if len(text) <= 100 else text[:99] + '…'


def read_note(path: Path) -> Note:
    """The note with its truth, or a `BrokenTruthError` that names every fault."""
    truth_path = path.with_suffix('.toml')
    lines = path.read_text(encoding='utf-8').splitlines()
    try:
        data = tomllib.loads(truth_path.read_text(encoding='utf-8'))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BrokenTruthError(f'{truth_path}: {error}') from error
    faults = [f'{truth_path}: {fault}' for fault in faults_of(data, lines)]
    if faults:
        raise BrokenTruthError('\n'.join(faults))
    return Note(path, lines, {kind.name: [kind.from_truth(row) for row in data.get(kind.name, [])] for kind in KINDS})


def faults_of(data: Row, lines: Sequence[str]) -> Iterator[str]:
    """What is wrong with the content of a truth file."""
    if not isinstance(data.get('style'), str):
        yield "no 'style'"
    for name in sorted(set(data) - {'style'} - {kind.name for kind in KINDS}):
        yield f'unknown key {name!r}'
    for kind in KINDS:
        rows = data.get(kind.name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f'{kind.name}: not a list of tables'
            continue
        for row in rows:
            yield from (f'{kind.name}: {fault} in {row}' for fault in faults_of_row(kind, row, lines))


def faults_of_row(kind: Kind, row: Row, lines: Sequence[str]) -> Iterator[str]:
    """What is wrong with one entry of the truth."""
    for name in sorted(set(row) ^ {'line', *kind.columns}):
        yield f'{"unknown" if name in row else "missing"} key {name!r}'
    for name in kind.columns:
        value = row.get(name, '')
        if not isinstance(value, str):
            yield f'{name} is not text'
        elif name in kind.choices and value not in kind.choices[name]:
            yield f'{name} {value!r} is none of {", ".join(filter(None, kind.choices[name]))}'
    line = row.get('line')
    if type(line) is not int or not 0 < line <= len(lines):
        yield f'line {line!r} is out of range'
    elif not lines[line - 1].strip():
        yield f'line {line} is blank'
    else:
        yield from (f'{text!r} does not occur' for text in absent(row, lines[line - 1 :]))


def absent(row: Row, lines: Sequence[str]) -> Iterator[str]:
    """The named things of an entry that stand neither on its line nor below it."""
    below = '\n'.join(lines).casefold()
    for name in ('method', 'path', 'name', 'type'):
        text = text_of(row.get(name)).strip('/')
        if text.casefold() not in below:
            yield text


def notes_of(folder: Path) -> list[Note]:
    """All notes of a folder; every fault of every truth file is named at once."""
    notes: list[Note] = []
    faults: list[str] = []
    paths = sorted(path for path in folder.iterdir() if path.suffix in NOTE_SUFFIXES and path.stem != 'index')
    alone = set(folder.glob('*.toml')) - {path.with_suffix('.toml') for path in paths}
    faults.extend(f'{path}: no note beside it' for path in sorted(alone))
    for path in paths:
        try:
            notes.append(read_note(path))
        except BrokenTruthError as error:
            faults.append(str(error))
    if faults:
        raise BrokenTruthError('\n'.join(faults))
    return notes


# --- What the reader finds


@dataclass
class Export:
    """What the builder wrote about a folder: the items of each note, and what else the build said."""

    items: list[Row]
    notes: set[str]
    messages: list[str]
    written: bool = True

    def statements(self, kind: Kind, path: str) -> list[Statement]:
        """What the reader found of one kind in one note."""
        by_id = {text_of(item['id']): item for item in self.items}
        chosen = (item for item in self.items if item['kind'] == kind.item_kind and item['path'] == path)
        return [found for item in chosen if (found := kind.from_item(item, by_id)) is not None]


def is_foreign(line: str) -> bool:
    """Whether a line of the build's messages is more than a finding: a parser's warning, a traceback."""
    return bool(line.strip()) and '[designnote.' not in line


def export_of(folder: Path) -> Export:
    """Build the notes of a folder in a project of their own and read what the builder wrote."""
    with tempfile.TemporaryDirectory(prefix='score-reader-') as name:
        source, out = Path(name, 'source'), Path(name, 'out')
        source.mkdir()
        for path in folder.iterdir():
            if path.suffix in NOTE_SUFFIXES:
                shutil.copy(path, source)
        source.joinpath('conf.py').write_text(CONF_PY, encoding='utf-8')
        if not list(source.glob('index.*')):
            source.joinpath('index.rst').write_text('Notes\n=====\n', encoding='utf-8')
        command = [sys.executable, '-m', 'sphinx', '-q', '-b', 'designnote', str(source), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        messages = [line.replace(f'{source}/', '') for line in done.stderr.splitlines() if is_foreign(line)]
        written = out / 'designnote.json'
        if not written.exists():
            return Export([], set(), [*messages, 'no designnote.json was written'], written=False)
        data = json.loads(written.read_text(encoding='utf-8'))
        return Export(data['items'], {note['path'] for note in data['notes']}, messages)


# --- Comparing


@dataclass
class Score:
    """Counts of one kind; `lines` and `attributes` count the matched ones that are equal there."""

    truth: int = 0
    found: int = 0
    matched: int = 0
    attributes: int = 0
    lines: int = 0

    def add(self, other: Score) -> None:
        """Add the counts of another note or folder."""
        self.truth += other.truth
        self.found += other.found
        self.matched += other.matched
        self.attributes += other.attributes
        self.lines += other.lines

    def figures(self, attribute: str) -> dict[str, float | int | None]:
        """Counts and shares; a share of nothing is None."""
        shares: dict[str, float | int | None] = {
            'truth': self.truth,
            'found': self.found,
            'precision': share(self.matched, self.found),
            'recall': share(self.matched, self.truth),
        }
        if attribute:
            shares[attribute] = share(self.attributes, self.matched)
        shares['line'] = share(self.lines, self.matched)
        return shares


def share(part: int, whole: int) -> float | None:
    """The share of a part, to four digits."""
    return round(part / whole, 4) if whole else None


def pairs_of(kind: Kind, truth: Sequence[Statement], found: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Pairs of stated and found with equal key, each used once, the nearest lines first."""
    furthest = 1 if kind.by_line else sys.maxsize
    candidates = sorted(
        (abs(wanted.line - given.line), left, right)
        for left, wanted in enumerate(truth)
        for right, given in enumerate(found)
        if wanted.key == given.key and abs(wanted.line - given.line) <= furthest
    )
    lefts: set[int] = set()
    rights: set[int] = set()
    pairs: list[tuple[Statement, Statement]] = []
    for _, left, right in candidates:
        if left not in lefts and right not in rights:
            lefts.add(left)
            rights.add(right)
            pairs.append((truth[left], found[right]))
    return pairs


def without(statements: Iterable[Statement], used: Iterable[Statement]) -> list[Statement]:
    """The statements that are not among those used, by identity."""
    gone = {id(statement) for statement in used}
    return [statement for statement in statements if id(statement) not in gone]


def compare(kind: Kind, note: Note, found: Sequence[Statement], path: str) -> tuple[Score, list[str]]:
    """The score of one kind in one note, and a line for everything that is not as it should be."""
    truth = note.truth[kind.name]
    pairs = pairs_of(kind, truth, found)
    remarks = [(wanted.line, f'missed: {wanted.label}') for wanted in without(truth, (wanted for wanted, _ in pairs))]
    remarks += [(given.line, f'extra: {given.label}') for given in without(found, (given for _, given in pairs))]
    for wanted, given in pairs:
        if wanted.attribute != given.attribute:
            stated, read = wanted.attribute or 'nothing', given.attribute or 'nothing'
            remarks.append((wanted.line, f'{kind.attribute}: {wanted.label} is {stated}, read as {read}'))
        if wanted.line != given.line:
            remarks.append((wanted.line, f'line: {wanted.label} found at line {given.line}'))
    score = Score(
        len(truth),
        len(found),
        len(pairs),
        sum(wanted.attribute == given.attribute for wanted, given in pairs),
        sum(wanted.line == given.line for wanted, given in pairs),
    )
    texts = [f'{path}:{line}: {kind.name}: {what}    | {note.quoted(line)}' for line, what in sorted(remarks)]
    return score, texts


@dataclass
class Report:
    """All that there is to say about one folder."""

    folder: str
    notes: int
    scores: dict[str, Score]
    remarks: list[str]
    messages: list[str]


def report_of(folder: Path, notes: Sequence[Note]) -> Report:
    """Build the folder and compare each of its notes with its truth."""
    export = export_of(folder)
    report = Report(folder.name, len(notes), {kind.name: Score() for kind in KINDS}, [], list(export.messages))
    for note in notes:
        shown = f'{folder.name}/{note.path.name}'
        if export.written and note.path.name not in export.notes:
            report.messages.append(f'{shown}: not read as a note')
        for kind in KINDS:
            score, remarks = compare(kind, note, export.statements(kind, note.path.name), shown)
            report.scores[kind.name].add(score)
            report.remarks.extend(remarks)
    return report


# --- Showing


def table(scores: Mapping[str, Score]) -> list[str]:
    """The scores as a table, one kind a line."""
    lines = [f'{"kind":<10} {"truth":>6} {"found":>6} {"precision":>10} {"recall":>8}   {"attribute":<16} {"line":>7}']
    for kind in KINDS:
        figures = scores[kind.name].figures(kind.attribute)
        attribute = f'{kind.attribute} {percent(figures.get(kind.attribute))}' if kind.attribute else ''
        lines.append(
            f'{kind.name:<10} {figures["truth"]:>6} {figures["found"]:>6} {percent(figures["precision"]):>10} '
            f'{percent(figures["recall"]):>8}   {attribute:<16} {percent(figures["line"]):>7}'
        )
    return lines


def percent(value: float | None) -> str:
    """A share in percent, or a dash where there is none."""
    return '-' if value is None else f'{100 * value:.1f}%'


def total(reports: Sequence[Report]) -> dict[str, Score]:
    """The scores of all folders together."""
    scores = {kind.name: Score() for kind in KINDS}
    for report in reports:
        for name, score in report.scores.items():
            scores[name].add(score)
    return scores


def as_text(reports: Sequence[Report]) -> str:
    """The reports for a reader at a terminal."""
    lines: list[str] = []
    for report in reports:
        lines += [f'== {report.folder}: {report.notes} notes', *table(report.scores), '', *report.remarks]
        lines += [f'build: {message}' for message in report.messages]
        lines.append('')
    if len(reports) > 1:
        lines += ['== all', *table(total(reports))]
    return '\n'.join(lines).rstrip()


def as_json(reports: Sequence[Report]) -> str:
    """The figures for a program."""

    def figures(scores: Mapping[str, Score]) -> dict[str, dict[str, float | int | None]]:
        return {kind.name: scores[kind.name].figures(kind.attribute) for kind in KINDS}

    folders = {report.folder: {'notes': report.notes, 'kinds': figures(report.scores)} for report in reports}
    return json.dumps({'folders': folders, 'all': figures(total(reports))}, indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the folders that are named, or all."""
    parser = argparse.ArgumentParser(description='Score the reader of plain notes against hand-made truth.')
    parser.add_argument('folders', nargs='*', type=Path, metavar='FOLDER', help='default: all folders under reader/')
    parser.add_argument('--json', action='store_true', help='print the figures as JSON')
    options_ = parser.parse_args(arguments)
    folders = options_.folders or sorted(path for path in (HERE / 'reader').iterdir() if path.is_dir())
    try:
        noted = [(folder, notes_of(folder)) for folder in folders]
    except (BrokenTruthError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    reports = [report_of(folder, notes) for folder, notes in noted]
    print(as_json(reports) if options_.json else as_text(reports))
    return 0


if __name__ == '__main__':
    sys.exit(main())
