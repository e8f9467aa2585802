"""Seed realistic defects into clean notes, and see which of them the rules find.

    python tests/eval/score_rules.py                  # all projects under mutations/
    python tests/eval/score_rules.py library parcels  # some of them
    python tests/eval/score_rules.py --json           # figures and lists, for a program

Each project is read once; a seeded page is read again, the others are not. Every defect is applied alone to the clean
notes, then together with all others that do not touch the same lines; what cannot be combined in the first round comes
in the next. The catalogue and its form are described in ``README.md``. The exit status is 0 whatever the figures, and 2
if the catalogue is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sphinxcontrib_designnote.diagnostics import Finding
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import default_thresholds
from sphinxcontrib_designnote.store.domain import DesignNoteDomain

HERE = Path(__file__).parent
MUTATIONS = HERE / 'mutations'
CONF: Mapping[str, Any] = {
    'extensions': ['myst_parser', 'sphinxcontrib_designnote'],
    'myst_enable_extensions': ['colon_fence'],
    'suppress_warnings': ['toc.not_included'],
}
#: Codes of the rules that exist; what a catalogue expects of others is left out.
CODES = frozenset(rule.code for rule in RULES)

#: File, line and code of a finding.
Place = tuple[str, int, str]


class BrokenCatalogueError(Exception):
    """A catalogue that cannot be applied; the message names project, defect and what is wrong."""


# --- The catalogue


@dataclass(frozen=True, kw_only=True)
class Edit:
    """The characters *start* to *end* of a file are replaced."""

    file: str
    start: int
    end: int
    new: str

    def touches(self, other: Edit) -> bool:
        """Whether the two cannot both be made: they share characters, or insert at one place."""
        if self.file != other.file:
            return False
        return (self.start, self.end) == (other.start, other.end) or (self.start < other.end and other.start < self.end)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A finding that a defect must give, at the line that holds a character of the clean file, or of an edit's text."""

    code: str
    file: str
    #: Index of the edit whose new text the line stands in; ``None`` for the clean file.
    edit: int | None
    offset: int


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One slip of an author."""

    title: str
    edits: tuple[Edit, ...]
    expected: tuple[Expected, ...]
    #: Two defects that share a word here cannot be told apart when they are made together.
    apart: frozenset[str]
    #: It changes so much that hardly anything else can be seen beside it.
    alone: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """What it must give, the rule it is about first."""
        return tuple(dict.fromkeys(each.code for each in self.expected))

    def clashes(self, other: Defect) -> bool:
        """Whether the two cannot be made together."""
        return (
            self.alone
            or other.alone
            or bool(self.apart & other.apart)
            or any(mine.touches(theirs) for mine in self.edits for theirs in other.edits)
            or self._hidden_by(other)
            or other._hidden_by(self)
        )

    def _hidden_by(self, other: Defect) -> bool:
        return any(
            each.edit is None and edit.file == each.file and edit.start <= each.offset < edit.end
            for each in self.expected
            for edit in other.edits
        )


@dataclass(frozen=True, kw_only=True)
class Project:
    """Clean notes, and the defects that are seeded into them."""

    name: str
    conf: Mapping[str, Any]
    #: File name to text.
    files: Mapping[str, str]
    defects: tuple[Defect, ...]


def projects(names: Iterable[str] = ()) -> list[Project]:
    """Read the catalogues of the projects *names*, or of all.

    :raises BrokenCatalogueError: on the first that cannot be applied.
    """
    found = [MUTATIONS / f'{name}.toml' for name in names] or sorted(MUTATIONS.glob('*.toml'))
    return [read_project(path) for path in found]


def read_project(path: Path) -> Project:
    """Read a catalogue, and the notes in the folder beside it.

    :raises BrokenCatalogueError: when it cannot be applied to them.
    """
    try:
        raw = tomllib.loads(path.read_text('utf-8'))
        files = {each.name: each.read_text('utf-8') for each in sorted(path.with_suffix('').iterdir())}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCatalogueError(f'{path.stem}: {error}') from None
    _only(raw, ('style', 'conf', 'defects'), path.stem)
    defects = tuple(_defect(each, files, path.stem) for each in raw.get('defects', ()))
    for title, count in Counter(each.title for each in defects).items():
        if count > 1:
            raise BrokenCatalogueError(f'{path.stem}: {count} defects are called {title!r}')
    return Project(name=path.stem, conf=raw.get('conf', {}), files=files, defects=defects)


def _defect(raw: Mapping[str, Any], files: Mapping[str, str], project: str) -> Defect:
    where = f'{project}: {raw.get("title", "a defect without a title")}'
    _only(raw, ('title', 'file', 'old', 'after', 'new', 'edits', 'expect', 'apart', 'alone'), where)
    if not raw.get('title') or not raw.get('expect'):
        raise BrokenCatalogueError(f"{where}: 'title' and 'expect' must be there")
    edits = tuple(_edit(each, files, where) for each in raw.get('edits', [raw]))
    for index, edit in enumerate(edits):
        if any(edit.touches(other) for other in edits[:index]):
            raise BrokenCatalogueError(f'{where}: two of its edits touch one another')
    expected = tuple(
        _expected(code, line, edits, files, where)
        for code, lines in raw['expect'].items()
        for line in ([lines] if isinstance(lines, str) else lines)
    )
    return Defect(
        title=raw['title'],
        edits=edits,
        expected=expected,
        apart=frozenset(raw.get('apart', ())),
        alone=raw.get('alone', False),
    )


def _edit(raw: Mapping[str, Any], files: Mapping[str, str], where: str) -> Edit:
    file, new = raw.get('file', ''), raw.get('new')
    if file not in files:
        raise BrokenCatalogueError(f'{where}: there is no file {file!r}')
    if not isinstance(new, str) or ('old' in raw) == ('after' in raw):
        raise BrokenCatalogueError(f"{where}: an edit has 'new', and either 'old' or 'after'")
    text = raw['old'] if 'old' in raw else raw['after']
    start = _only_place(text, files[file], f'{where}: {file}')
    end = start + len(text)
    if 'after' in raw:
        start = end = files[file].find('\n', end - 1) + 1
    if files[file][start:end] == new:
        raise BrokenCatalogueError(f'{where}: {file}: the edit changes nothing')
    return Edit(file=file, start=start, end=end, new=new)


def _expected(code: str, line: str, edits: Sequence[Edit], files: Mapping[str, str], where: str) -> Expected:
    file, text = edits[0].file, line
    for name in files:
        if line.startswith(f'{name}: '):
            file, text = name, line.removeprefix(f'{name}: ')
    mine = sorted((edit.start, index) for index, edit in enumerate(edits) if edit.file == file)
    offset = _only_place(text, edited(files[file], [edits[index] for _, index in mine]), f'{where}: {code}: {file}')
    shift = 0
    for start, index in mine:
        edit = edits[index]
        if offset < start + shift:
            break
        if offset < start + shift + len(edit.new):
            return Expected(code=code, file=file, edit=index, offset=offset - start - shift)
        shift += len(edit.new) - (edit.end - edit.start)
    return Expected(code=code, file=file, edit=None, offset=offset - shift)


def _only_place(text: str, within: str, where: str) -> int:
    if (count := within.count(text)) != 1 or not text:
        raise BrokenCatalogueError(f'{where}: {text!r} stands there {count} times, not once')
    return within.index(text)


def _only(raw: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
    if unknown := sorted(raw.keys() - set(keys)):
        raise BrokenCatalogueError(f'{where}: {", ".join(unknown)}: unknown; there are {", ".join(keys)}')


# --- Applying it


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return *text* with *edits*, which do not touch one another, made in it."""
    for edit in sorted(edits, key=lambda each: (each.start, each.end), reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def place_of(each: Expected, defect: Defect, made: Sequence[Edit], files: Mapping[str, str]) -> Place:
    """Return where a finding that *defect* must give stands after all of *made*."""
    edit = None if each.edit is None else defect.edits[each.edit]
    target = each.offset if edit is None else edit.start
    before = [e for e in made if e.file == each.file and e is not edit and (e.start, e.end) <= (target, target)]
    text = files[each.file]
    line = 1 + text.count('\n', 0, target)
    line += sum(e.new.count('\n') - text.count('\n', e.start, e.end) for e in before)
    if edit is not None:
        line += edit.new.count('\n', 0, each.offset)
    return (each.file, line, each.code)


def rounds(defects: Iterable[Defect]) -> list[list[Defect]]:
    """Put each defect into the first round in which it clashes with none."""
    result: list[list[Defect]] = []
    for defect in defects:
        for together in result:
            if not any(defect.clashes(other) for other in together):
                together.append(defect)
                break
        else:
            result.append([defect])
    return result


class Reader:
    """The notes of one project, read by Sphinx; pages are read again only where their text differs."""

    def __init__(self, app: Sphinx, files: Mapping[str, str]) -> None:
        self._app = app
        self._files = files
        self._pages: dict[tuple[str, str], Note | None] = {}
        self._domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
        app.builder.read()
        for name, text in files.items():
            self._pages[name, text] = self._domain.notes.get(Path(name).stem)

    def run(self, edits: Sequence[Edit]) -> tuple[Finding, ...]:
        """Return all that the rules say once *edits* are made."""
        notes: dict[str, Note] = {}
        for name, clean in self._files.items():
            text = edited(clean, (edit for edit in edits if edit.file == name))
            if (note := self._page(name, text)) is not None:
                notes[note.docname] = note
        self._domain.data['notes'] = notes
        self._domain.forget()
        return self._domain.findings

    def findings(self, edits: Sequence[Edit]) -> Counter[Place]:
        """Return where the rules say what, once *edits* are made; what is silenced is left out."""
        return Counter(
            (found.location.path, found.location.line, found.code)
            for found in self.run(edits)
            if found.suppressed is None
        )

    def _page(self, name: str, text: str) -> Note | None:
        if (name, text) not in self._pages:
            Path(self._app.srcdir, name).write_text(text, 'utf-8')
            docname = Path(name).stem
            self._app.env.clear_doc(docname)
            self._app.builder.read()
            self._pages[name, text] = self._domain.notes.get(docname)
        return self._pages[name, text]


@contextmanager
def reader_of(project: Project) -> Iterator[Reader]:
    """Read *project* in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix='score-rules-') as folder, patch_docutils(), docutils_namespace():
        source = Path(folder, 'source')
        source.mkdir()
        for name, text in {'index.rst': 'Notes\n=====\n', **project.files}.items():
            source.joinpath(name).write_text(text, 'utf-8')
        app = Sphinx(
            str(source), None, str(Path(folder, 'out')), str(Path(folder, 'trees')), 'dummy',
            confoverrides={**CONF, **known_conf(project.conf)}, status=None, warning=None, freshenv=True,
        )  # fmt: skip
        yield Reader(app, project.files)


def known_conf(conf: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *conf* without what is said of rules that do not exist yet."""
    known = {'designnote_rules': CODES, 'designnote_thresholds': default_thresholds(RULES)}
    return {
        name: {key: each for key, each in value.items() if key in known[name]} if name in known else value
        for name, value in conf.items()
    }


# --- Scoring


@dataclass
class Score:
    """What the rules said of one project. A place is ``file:line: code``."""

    project: str
    seeded: int = 0
    #: Defects of which all that was expected was found.
    found: int = 0
    #: Defects about rules that do not exist.
    skipped: int = 0
    rounds: int = 0
    #: Each with the defect, or the round, in which it happened.
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)


def score(project: Project) -> Score:
    """Apply every defect of *project* alone, then together."""
    result = Score(project.name)
    defects = [each for each in project.defects if each.codes[0] in CODES]
    result.skipped = len(project.defects) - len(defects)
    result.seeded = len(defects)
    with reader_of(project) as reader:
        result.false_alarms += _lines('the clean notes', reader.findings(()))
        alone: dict[str, Counter[Place]] = {}
        for defect in defects:
            wanted = _wanted(defect, defect.edits, project)
            given = reader.findings(defect.edits)
            alone[defect.title] = wanted & given
            result.found += not wanted - given
            result.missed += _lines(defect.title, wanted - given)
            result.false_alarms += _lines(defect.title, given - wanted)
        together = rounds(defects)
        result.rounds = len(together)
        for number, seeded in enumerate(together, 1):
            edits = [edit for defect in seeded for edit in defect.edits]
            given = reader.findings(edits)
            left = given.copy()
            for defect in seeded:
                wanted = _wanted(defect, edits, project)
                lost = wanted - left
                left -= wanted
                codes = Counter(place[2] for place in alone[defect.title].elements())
                masked = Counter({place: n for place, n in lost.items() if codes[place[2]]})
                result.masked += _lines(f'round {number}: {defect.title}', masked)
            result.false_alarms += _lines(f'round {number}, all {len(seeded)} together', left)
    return result


def _wanted(defect: Defect, made: Sequence[Edit], project: Project) -> Counter[Place]:
    places = (place_of(each, defect, made, project.files) for each in defect.expected if each.code in CODES)
    return Counter(places)


def _lines(about: str, places: Counter[Place]) -> list[str]:
    return [f'{about}: {file}:{line}: {code}' for file, line, code in sorted(places.elements())]


def as_text(scores: Sequence[Score]) -> str:
    """Return the scores for a reader at a terminal."""
    lines = [
        f'{"project":<10} {"seeded":>7} {"found":>6} {"missed":>7} {"false alarms":>13} {"masked":>7} {"skipped":>8} '
        f'{"rounds":>7}'
    ]
    lines += [
        f'{each.project:<10} {each.seeded:>7} {each.found:>6} {len(each.missed):>7} {len(each.false_alarms):>13} '
        f'{len(each.masked):>7} {each.skipped:>8} {each.rounds:>7}'
        for each in scores
    ]
    for title in ('missed', 'false_alarms', 'masked'):
        listed = [f'  {each.project}: {line}' for each in scores for line in getattr(each, title)]
        lines += ['', f'{title.replace("_", " ")}: {len(listed) or "none"}', *listed]
    return '\n'.join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the projects that are named, or all."""
    parser = argparse.ArgumentParser(description='Score the rules against defects seeded into clean notes.')
    parser.add_argument('projects', nargs='*', metavar='PROJECT', help='default: all under mutations/')
    parser.add_argument('--json', action='store_true', help='print figures and lists as JSON')
    options = parser.parse_args(arguments)
    try:
        catalogue = projects(options.projects)
    except BrokenCatalogueError as error:
        print(error, file=sys.stderr)
        return 2
    scores = [score(each) for each in catalogue]
    print(json.dumps([vars(each) for each in scores], indent=2) if options.json else as_text(scores))
    return 0


if __name__ == '__main__':
    sys.exit(main())
