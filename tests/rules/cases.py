"""Examples of every rule, kept as data in ``cases/``: see the README there for their form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Requirement

#: What an example shows, by the name of its table: the rule speaks, it does not, it does not although it looks so.
SORTS = ('fails', 'passes', 'near-misses')
SYNTAXES = ('rst', 'myst', 'plain')
_FOLDER = Path(__file__).parent / 'cases'
_PAGE = re.compile(r'%%% (\S+)')
_COMMIT = re.compile(r'^%%% commit$', re.MULTILINE)
_MARK = re.compile(r' *<-- (DN\d{3}(?: DN\d{3})*)$')
_DIRECTIVE = re.compile(r'\.\. ([\w:-]+)::(?: (.*))?$')
#: A need of sphinx-needs.
_NEED = re.compile(r'(?:\.\. (?P<rst>\w+)::|[`:]{3,}\{(?P<myst>\w+)\}) (?P<title>.+)')
_ID = re.compile(r':id: (\w+)')
_UNDERLINE = re.compile(r'([=\-~^])\1{2,}')
_LEVELS = '=-~^'

#: Page, line and code of a finding.
Place = tuple[str, int, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One example in one syntax."""

    code: str
    #: ``fails-1``: also the folder of its pages.
    name: str
    title: str
    syntax: str
    #: File name, or page name with suffix, to text, marks taken out.
    files: Mapping[str, str]
    #: What was committed one after the other, in the same form; the last of each file is that of *files*.
    commits: tuple[Mapping[str, str], ...]
    #: The findings of the codes below, sorted.
    expected: tuple[Place, ...]
    #: Codes of the rules that are run.
    codes: frozenset[str]
    conf: Mapping[str, Any]

    def requirements(self, wanted: Collection[str]) -> Iterator[Requirement]:
        """Yield the needs that the page ``requirements`` states, as sphinx-needs would read them."""
        for name in self.files:
            lines = self.files[name].split('\n') if name.startswith('requirements.') else []
            for number, line in enumerate(lines, 1):
                if (match := _NEED.fullmatch(line)) is not None:
                    (id_,) = _ID.findall('\n'.join(lines[number : number + 2]))
                    docname = f'{self.folder}/requirements'
                    place = SourceLocation(path=f'{self.folder}/{name}', line=number)
                    type_, title = match['rst'] or match['myst'], match['title']
                    yield Requirement(
                        id=id_, type=type_, title=title, docname=docname, location=place, wanted=type_ in wanted
                    )

    @property
    def folder(self) -> str:
        """Where its pages are, in the project of its syntax."""
        return f'{self.code}/{self.name}'


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """Return rule code to what stands in its file."""
    return {path.stem: tomllib.loads(path.read_text('utf-8')) for path in sorted(_FOLDER.glob('DN*.toml'))}


def cases() -> Iterator[Case]:
    """Yield every example in each of its syntaxes."""
    for code, table in tables().items():
        for sort in SORTS:
            for number, raw in enumerate(table.get(sort, ()), 1):
                for syntax, text in _texts(raw):
                    yield _case(code, f'{sort}-{number}', raw, syntax, text)


def _texts(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if 'rst' in raw:
        yield 'rst', raw['rst']
        yield 'myst', raw['myst'] if 'myst' in raw else to_myst(raw['rst'])
    if 'plain' in raw:
        yield 'plain', raw['plain']


def _case(code: str, name: str, raw: Mapping[str, Any], syntax: str, text: str) -> Case:
    suffix = 'rst' if syntax == 'rst' else 'md'
    commits: list[dict[str, str]] = []
    expected: dict[str, list[Place]] = {}
    for committed in _COMMIT.split(text):
        commits.append({})
        for page, lines in _pages(committed):
            file = page if '.' in page else f'{page}.{suffix}'
            commits[-1][file] = '\n'.join(_MARK.sub('', line) for line in lines) + '\n'
            marks = ((number, _MARK.search(line)) for number, line in enumerate(lines, 1))
            expected[file] = [(page, number, each) for number, mark in marks if mark for each in mark[1].split()]
    places = sorted(place for found in expected.values() for place in found)
    files = {file: lines for committed_files in commits for file, lines in committed_files.items()}
    codes = {code, *raw.get('also', ()), *(place[2] for place in places)}
    return Case(
        code=code, name=name, title=raw['title'], syntax=syntax, files=files, commits=tuple(commits),
        expected=tuple(places), codes=frozenset(codes), conf=raw.get('conf', {}),
    )  # fmt: skip


def _pages(text: str) -> Iterator[tuple[str, list[str]]]:
    page, lines = 'note', []
    for line in text.strip('\n').split('\n'):
        if (match := _PAGE.fullmatch(line)) is not None:
            if any(lines):
                yield page, lines
            page, lines = match[1], []
        else:
            lines.append(line)
    yield page, lines


def to_myst(text: str) -> str:
    """Say what *text* says in reST in MyST: titles, directives, comments and code; all else is the same in both."""
    return '\n'.join(_myst(text.strip('\n').split('\n')))


def _myst(lines: list[str]) -> list[str]:
    out: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else ''
        index += 1
        if line.strip() and _UNDERLINE.fullmatch(following) and not line.startswith(' '):
            out.append(f'{"#" * (_LEVELS.index(following[0]) + 1)} {line}')
            index += 1
        elif line.startswith('.. '):
            block, index = _indented(lines, index)
            out += _fenced(line, block)
        else:
            out.append(line.replace('``', '`'))
    return out


def _indented(lines: list[str], start: int) -> tuple[list[str], int]:
    """Return the lines from *start* on that belong to the directive before them, without their indent."""
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith('   ')):
        end += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return [line[3:] for line in lines[start:end]], end


def _fenced(first: str, block: list[str]) -> list[str]:
    mark = _MARK.search(first)
    end = mark[0] if mark else ''
    directive = _DIRECTIVE.match(_MARK.sub('', first))
    if directive is None:
        return [f'<!-- {" ".join([_MARK.sub("", first)[3:], *(line.strip() for line in block)])} -->{end}']
    name, argument = directive[1], directive[2]
    options = next((i for i, line in enumerate(block) if not line.startswith((':', '   '))), len(block))
    body = block[options:]
    code = name == 'code-block'
    inner = body if code else _myst(body)
    fence = (
        '```' if code else ':' * max([3, *(len(line) - len(line.lstrip(':')) + 1 for line in inner if ':::' in line)])
    )
    opening = f'{fence}{{{name}}}{f" {argument}" if argument else ""}{end}'
    return [opening, *block[:options], *inner, fence]
