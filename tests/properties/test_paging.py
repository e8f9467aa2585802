"""Whatever a note says: reST and MyST say it alike, and no order of pages changes what all of them say."""

from __future__ import annotations

import dataclasses
import datetime
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinxcontrib_designnote.model.schema import NOTE, ArgumentType, Kind, Option, ValueType, builtin_vocabulary
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.names import Naming

if TYPE_CHECKING:
    from sphinxcontrib_designnote.model.records import Item, Note
    from tests.conftest import BuildProject

VOCABULARY = builtin_vocabulary()
#: Few examples, always the same ones: these tests build projects.
FEW = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Words that neither language takes for markup; names that meet one another.
WORDS = st.lists(
    st.sampled_from(
        ['Deploy', 'the', 'backend', 'flag', 'migration', 'users', 'Deployment', 'off', 'new', 'POST /a', 'f_1', 'b.c']
    ),
    min_size=1,
    max_size=5,
).map(' '.join)
NAMES = st.sampled_from(['Deployment', 'users', 'f_1', 'f_2', 'job.started', 'Job', 'orders table'])
ENDPOINTS = st.builds(
    '{} {}'.format,
    st.sampled_from(['GET', 'POST', 'get, POST', 'WS']),
    st.sampled_from(['/a', '/a/{id}', '/a/<id>/b', '/v1/a/']),
)
REFERENCES = st.lists(
    st.one_of(NAMES, st.sampled_from(['POST /a', 'GET /a/{x}', 'Deployment.b', 'note-1', 'nobody'])),
    min_size=1,
    max_size=3,
)


def arguments(kind: Kind) -> st.SearchStrategy[str]:
    if kind.words:
        return st.sampled_from(kind.words)
    return {
        ArgumentType.NONE: st.just(''),
        ArgumentType.TITLE: WORDS,
        ArgumentType.NAME: NAMES,
        ArgumentType.HTTP_TARGET: ENDPOINTS,
        ArgumentType.OPERATION: st.one_of(ENDPOINTS, WORDS),
        ArgumentType.DECLARATION: st.sampled_from(['b: int', 'c', 'd: list[str]']),
        ArgumentType.CONSTRAINT: st.sampled_from(['index on b', 'unique on b, c', 'words']),
    }[kind.argument]


def values(option: Option) -> st.SearchStrategy[str]:
    if option.type is ValueType.CHOICE:
        return st.sampled_from([*option.values, 'nonsense'])
    if option.type in (ValueType.BOOLEAN, ValueType.SWITCH):
        return st.sampled_from(['yes', 'no', 'on', 'off', 'perhaps'])
    if option.type is ValueType.DATE:
        return st.one_of(st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)).map(str), st.just('soon'))
    if option.type in (ValueType.REFERENCES, ValueType.NAMES):
        return REFERENCES.map(', '.join)
    if option.type is ValueType.IGNORE:
        return st.just('DN301 (because, yes), DN501')
    return st.one_of(
        WORDS, st.sampled_from(['"Quick" hidden', 'a # b', '| x', '> 5', '{"a": 1}', "it's", 'x: y', '*', '25.10'])
    )


@dataclasses.dataclass(frozen=True)
class Said:
    """A directive in no language."""

    kind: str
    argument: str
    options: dict[str, str]
    body: tuple[str, ...]
    parts: tuple[Said, ...] = ()

    def rest(self, indent: str = '') -> list[str]:
        inner = indent + '   '
        lines = [f'{indent}.. {self.kind}:: {self.argument}'.rstrip()]
        lines += [f'{inner}:{name}: {value}' for name, value in self.options.items()]
        lines.append('')
        for line in self.body:
            lines += [f'{inner}{line}', '']
        for part in self.parts:
            lines += part.rest(inner)
        return lines

    def myst(self, depth: int = 5) -> list[str]:
        lines = [f'{"`" * depth}{{{self.kind}}} {self.argument}'.rstrip()]
        lines += [f':{name}: {value}' for name, value in self.options.items()]
        lines.append('')
        for line in self.body:
            lines += [line, '']
        for part in self.parts:
            lines += part.myst(depth - 1)
        return [*lines, '`' * depth, '']


@st.composite
def said(draw: st.DrawFn, name: str | None = None, depth: int = 0) -> Said:
    """Any directive, sometimes with parts."""
    kind = VOCABULARY.kinds[
        name or draw(st.sampled_from([k for k in VOCABULARY.kinds if k not in (NOTE, 'field', 'constraint')]))
    ]
    names = draw(
        st.lists(st.sampled_from([o for o in kind.options if o not in ('id', 'class')]), max_size=4, unique=True)
    )
    options = {option: draw(values(kind.options[option])) for option in names}
    bullets = st.lists(
        st.one_of(WORDS, st.sampled_from(['Add b field', 'Owner: orders', 'POST /a: requires editor role'])), max_size=3
    )
    body = (
        tuple(f'- {bullet}' for bullet in draw(bullets))
        if draw(st.booleans())
        else tuple(draw(st.lists(WORDS, max_size=1)))
    )
    parts = tuple(draw(said(part, depth + 1)) for part in kind.parts if depth == 0 and draw(st.booleans()))
    return Said(kind.name, draw(arguments(kind)), options, body, parts)


@st.composite
def notes(draw: st.DrawFn) -> list[Said]:
    """The directives of a page."""
    marker = draw(st.lists(said(NOTE).map(lambda note: dataclasses.replace(note, body=())), max_size=1))
    return [*marker, *draw(st.lists(said(), min_size=1, max_size=4))]


def record(item: Item) -> dict[str, Any]:
    """The item without the places where it stands."""
    return {
        f.name: getattr(item, f.name) for f in dataclasses.fields(item) if f.name not in ('location', 'origin', 'lines')
    }


def records(note: Note) -> tuple[object, ...]:
    return (
        note.id, note.title, note.marked, dict(note.fields), note.incomplete, list(map(record, note.items)),
        [(problem.code, problem.message, problem.item) for problem in note.problems],
    )  # fmt: skip


def in_rest(page: list[Said]) -> str:
    return '\n'.join(['Page', '====', '', *(line for each in page for line in each.rest())])


def in_myst(page: list[Said]) -> str:
    return '\n'.join(['# Page', '', *(line for each in page for line in each.myst())])


@FEW
@given(page=notes())
def test_rest_and_myst_give_equal_records(build: BuildProject, page: list[Said]) -> None:
    rest, myst = build({'index.rst': in_rest(page)}), build({'index.md': in_myst(page)})
    assert records(rest.note) == records(myst.note)


@FEW
@given(page=notes())
def test_lines_are_those_of_the_source(build: BuildProject, page: list[Said]) -> None:
    for name, text in (('index.rst', in_rest(page)), ('index.md', in_myst(page))):
        lines = text.splitlines()
        for item in build({name: text}).items():
            for option, number in item.lines.items():
                line = lines[number - 1].strip()
                assert line.startswith((f':{option.replace("_", "-")}:', '-')) or option in ('body', 'change'), (
                    name,
                    option,
                    line,
                )


@FEW
@given(pages=st.lists(notes(), min_size=2, max_size=4), seed=st.integers(0, 1000))
def test_relations_do_not_depend_on_the_order_of_notes(build: BuildProject, pages: list[list[Said]], seed: int) -> None:
    built = build({f'note-{i}.md': in_myst(page) for i, page in enumerate(pages)})
    naming = Naming(vocabulary=VOCABULARY)
    ordered = list(built.notes.values())
    shuffled = random.Random(seed).sample(ordered, len(ordered))  # noqa: S311
    first, second = relate(ordered, naming), relate(shuffled, naming)
    assert first == second
    assert list(first.notes) == list(second.notes)
    assert list(first.items) == list(second.items)
    assert first == built.domain.graph


@FEW
@given(pages=st.lists(notes(), min_size=2, max_size=4), again=notes(), at=st.integers(0, 3))
def test_a_page_that_is_edited_leaves_what_a_clean_build_leaves(
    build: BuildProject, pages: list[list[Said]], again: list[Said], at: int
) -> None:
    files = {f'note-{i}.md': in_myst(page) for i, page in enumerate(pages)}
    name = f'note-{at % len(pages)}.md'
    warm = build(files, 'designnote').again({name: in_myst(again) + '\n'})
    clean = build(files | {name: in_myst(again) + '\n'}, 'designnote')
    assert warm.notes == clean.notes
    assert warm.domain.graph == clean.domain.graph
    assert warm.domain.findings == clean.domain.findings


@pytest.mark.parametrize('seed', range(3))
def test_no_page_of_random_lines_raises(build: BuildProject, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311
    pieces = [
        '.. endpoint::',
        '```{entity}',
        ':change: new',
        '   ',
        '\n',
        '- ',
        'POST /x',
        '```',
        '---',
        ':::{field} a',
        '"',
        '{',
        '`',
        ':id: a',
    ]
    for suffix in ('rst', 'md'):
        text = ''.join(chosen.choice(pieces) + chosen.choice(['', ' ', '\n', '\n\n']) for _ in range(400))
        build({f'index.{suffix}': text}, 'designnote')
