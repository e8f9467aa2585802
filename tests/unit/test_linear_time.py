"""Cost grows with the size of what is read, whatever an author or a generator writes: in steps, not in seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from docutils import nodes

from sphinxcontrib_designnote.capture.links import link_names
from sphinxcontrib_designnote.diagnostics import SourceLocation, nearest, quote
from sphinxcontrib_designnote.grammar.blocks import Block, Form, nested
from sphinxcontrib_designnote.grammar.bullets import read_authorization, read_bullets
from sphinxcontrib_designnote.grammar.merge import merged
from sphinxcontrib_designnote.grammar.profiles import load_profile
from sphinxcontrib_designnote.grammar.reading import Reading
from sphinxcontrib_designnote.grammar.sections import read_page
from sphinxcontrib_designnote.grammar.steps import read_step, read_test
from sphinxcontrib_designnote.grammar.written import read_directive
from sphinxcontrib_designnote.model.drafts import read_drafts
from sphinxcontrib_designnote.model.identity import (
    ENDPOINT_MENTION,
    endpoint_identity,
    entity_identity,
    http_target,
    name_identity,
    slug,
    words_of,
)
from sphinxcontrib_designnote.model.records import Note
from sphinxcontrib_designnote.model.schema import Option, ValueType, builtin_vocabulary
from sphinxcontrib_designnote.model.values import (
    IGNORES,
    ignore_of_comment,
    read_argument,
    read_ignore,
    read_value,
    split_names,
)
from sphinxcontrib_designnote.relations.words import name_in_code
from tests.steps import grows_too_fast
from tests.unit.make import graph, item, page

FACTOR = 2

SEEDS = (
    'a', 'A', ' ', '\n', '`', '(', '[', '{', '<', ':', '/', '.', '-', '0', "'", '"', '日', '((', '[[', '](', '::', '_',
    'POST ', 'GET, ', 'GET or ', 'a, ', 'a or ', 'x (', '/x', '/x/{', '`a` ', 'a.b.', 'a-b-', '`a` -> ', '→', 'x::y ',
    'flag ', 'flag on ', 'on and ', 'enabled ', 'requires ', 'requires a, ', 'a role ', 'default ', 'default: ',
    'Deploy ', 'for a ', 'the ', 'a the ', 'add ', 'new ', 'null ', 'index on a ', 'to a ', 'feature ', 'endpoint ',
    ':a: b\n', ':a:b\n', ' a\n', '- ', '---\n', 'a: b\n', 'a_b ', 'x table ',
)  # fmt: skip
PREFIXES = ('', 'Add `x` ', 'Deploy (flag ', 'index on ', 'POST /', 'POST /x: requires ')


def _read_all_values(text: str) -> None:
    for type_ in ValueType:
        read_value(Option(name='it', type=type_, values=('on', 'off')), text)


def _read_all_arguments(text: str) -> None:
    for kind in {kind.argument: kind for kind in builtin_vocabulary().kinds.values()}.values():
        read_argument(kind, text)


def _read_directive(text: str) -> None:
    for markdown in (False, True):
        read_directive(['x', *text.split('\n')], has_argument=True, markdown=markdown, known={'a'})


def _read_bullet(name: str, text: str) -> None:
    kinds = builtin_vocabulary().kinds
    owners = read_drafts(kinds[name], 'POST /x', {}, SourceLocation(path='x.md', line=1))
    list(read_bullets(kinds[name], owners, [Block(text=text, line=1, path='x.md')], kinds))


def _relate(text: str) -> None:
    note = page('n', item('endpoint', 'POST /x', change='new'), item('feature-flag', 'f'), item('entity', 'a'))
    graph(note, page('m', item('feature-flag', 'g', body=text), item('entity', 'b')))


def _link_names(text: str) -> None:
    paragraph = nodes.paragraph('', '', nodes.Text(text))
    link_names(paragraph, lambda name, parent, content: nodes.reference('', '', content))


READERS: dict[str, Callable[[str], object]] = {
    'endpoint mentions': lambda text: sum(1 for _ in ENDPOINT_MENTION.finditer(text)),
    'http_target': http_target,
    'endpoint_identity': lambda text: endpoint_identity('GET', text, '/api'),
    'entity_identity': lambda text: entity_identity(name_identity(text), {}),
    'slug': slug,
    'words_of': words_of,
    'split_names': split_names,
    'ignore_of_comment': lambda text: ignore_of_comment(
        f'designnote: ignore {text}', SourceLocation(path='n.md', line=1)
    ),
    'a comment': lambda text: [IGNORES.search(text), ignore_of_comment(text, SourceLocation(path='n.md', line=1))],
    'read_ignore': lambda text: read_ignore(text, SourceLocation(path='n.md', line=1)),
    'read_value': _read_all_values,
    'read_argument': _read_all_arguments,
    'read_directive': _read_directive,
    'read_step': read_step,
    'read_test': read_test,
    'bullet of an entity': lambda text: _read_bullet('entity', text),
    'bullet of an endpoint': lambda text: _read_bullet('endpoint', text),
    'bullet of a rollout': lambda text: _read_bullet('rollout', text),
    'read_authorization': read_authorization,
    'section_of': load_profile('design-note').section_of,
    'quote': quote,
    'nearest': lambda text: nearest(text, ['owner', 'gates']),
    'link_names': _link_names,
    'name in code': name_in_code,
    'relate': _relate,
}


@pytest.mark.parametrize('reader', READERS)
def test_a_long_line_is_read_in_linear_steps(reader: str) -> None:
    read = READERS[reader]
    for prefix in PREFIXES:
        for seed in SEEDS:
            small, large = (prefix + seed * (size // len(seed)) for size in (1_000, 1_000 * FACTOR))
            too_fast = grows_too_fast(partial(read, small), partial(read, large))
            assert not too_fast, f'{prefix!r}, then many {seed!r}'


@pytest.mark.parametrize('reader', [reader for reader in READERS if reader != 'relate'])
def test_a_short_line_is_read_in_linear_steps_too(reader: str) -> None:
    # Many readers cut what is very long; below the cut they must not be quadratic either.
    read = READERS[reader]
    for prefix in PREFIXES:
        for seed in SEEDS:
            small, large = (prefix + seed * (size // len(seed)) for size in (100, 100 * FACTOR))
            too_fast = grows_too_fast(partial(read, small), partial(read, large))
            assert not too_fast, f'{prefix!r}, then many {seed!r}'


def _bullets(text: str, count: int) -> str:
    return '\n'.join(f'- {text}'.replace('#', str(at)) for at in range(count))


def _items(count: int) -> list[Note]:
    endpoints = [item('endpoint', f'POST /x{at}', change='new', uses=f'T{at}') for at in range(count)]
    tables = [item('entity', f'T{at}', item('field', f'c{at}: int')) for at in range(count)]
    return [page('n', *endpoints, *tables, item('test-plan', 'unit', body=_bullets('POST /x# and T#.c#', count)))]


PROJECTS: dict[str, Callable[[int], list[Note]]] = {
    'items': _items,
    'one endpoint in many notes': lambda n: [
        page(f'n{at}', item('endpoint', 'GET /h', change='changed'), item('test-case', 'GET /h')) for at in range(n)
    ],
    'one column name in many tables': lambda n: [
        page(
            'n',
            *(item('entity', f'E{at}', item('field', 'same_name: int')) for at in range(n)),
            item('test-plan', 'unit', body=_bullets('`same_name` #', n)),
        )
    ],
    'endpoints and audit events': lambda n: [
        page(
            'n',
            *(item('endpoint', f'POST /x{at}', change='new') for at in range(n)),
            *(item('audit-event', f'e.y{at}') for at in range(n)),
        )
    ],
    'names that begin with one word': lambda n: [
        page(
            'n',
            *(item('entity', f'Order Item{at}') for at in range(n)),
            item('test-plan', 'unit', body=_bullets('Order #', n)),
        )
    ],
    'a chain of notes': lambda n: [page(f'n{at}', depends_on=f'n{at + 1}') for at in range(n)],
    'a circle of notes': lambda n: [page(f'n{at}', depends_on=f'n{(at + 1) % n}') for at in range(n)],
    'one title': lambda n: [page('n', *(item('alternative', 'same') for _ in range(n)))],
    'names in an option': lambda n: [
        page('n', item('test-case', 't', verifies=', '.join(f'POST /x{at}' for at in range(n))))
    ],
    'lines of a body': lambda n: [
        page('n', item('feature-flag', 'f', body='\n'.join(f'POST /u{at}' for at in range(n))))
    ],
}


@pytest.mark.parametrize('project', PROJECTS)
def test_a_large_project_is_related_in_linear_steps(project: str) -> None:
    small, large = PROJECTS[project](100), PROJECTS[project](100 * FACTOR)
    assert not grows_too_fast(partial(graph, *small), partial(graph, *large))


def test_a_page_of_many_equal_titles_is_finished_in_linear_steps() -> None:
    def make(count: int) -> Note:
        return page('n', *(item('alternative', 'same') for _ in range(count)))

    assert not grows_too_fast(partial(make, 300), partial(make, 300 * FACTOR))


# Plain notes


#: A section for each slot, and a statement of it; # is a number.
SECTIONS = {
    'Approach Summary': 'We # it',
    'Alternatives': 'Way #: slow',
    'API Changes': '`POST /x#` - start',
    'Events': '`job.done#` - done',
    'Breaking Changes': 'Field a# goes',
    'Data Model': '`t#` table',
    'Migration Story': 'Migration # adds a column',
    'Authorization': 'POST /x#: requires editor role',
    'Audit Fields': '`job.done#` when done',
    'Other Security Considerations': 'Rate limit #: 10',
    'Feature Flags': '`flag_#` (default: off)',
    'Rollout steps': 'Deploy x#',
    'Backward Compatibility': 'Client # works',
    'Testing Strategy': 'Test # is so',
}
MORE_SEEDS = (
    '{"a": ', '"k": "v", ', '[x] ', '**', 'when ', 'with a ', 'a → b, ', '`a` and ', '`a`, ', 'Phase 1: ', 'None ',
    'No new ', '/x `', 'GET `/x` ', 'POST x/y ', '2027-01-01 ', '— ', '-- ', '`a: int`, ', '(a) ', 'of the ', 'table ',
    '`a` table ', 'to the `a` table ', '`a.b` ', '`x.y`, ', 'x.y when ', 'off by default ', '`f=true` ', 'F_A ',
    'unit tests ', 'until 2027-01-01 ', 'backfill ', 'a. B', 'under /', 'URL: ', 'Method: GET ', '\nGET /x', '\n- ',
    '#', '\n  ', 'CREATE TABLE t (', 'CREATE TABLE t (a int);\n', 'a int, ', 'class A:\n', '  a: int\n', 'struct A {\n',
    'a: B;\n', '}\n', 'pub ', '@a ', '<a>', '{a}/', '/:a', 'GET+', 'is removed ', 'None, besides ', 'numeric(',
    '\u200b', '``',
)  # fmt: skip
STARTS = ('', 'New: `x` ')


def _block(text: str, line: int = 2, form: Form = Form.BULLET, *children: Block, **more: object) -> Block:
    return Block(text=text, line=line, path='n.md', form=form, children=children, **more)  # type: ignore[arg-type]


def _table(rows: Sequence[tuple[str, ...]], *heads: str) -> Block:
    made = (_block('', 3 + at, Form.ROW, cells=cells) for at, cells in enumerate(rows))
    return _block('', 2, Form.TABLE, *made, cells=heads)


def read_section(title: str, blocks: Sequence[Block]) -> int:
    reading = Reading(kinds=builtin_vocabulary().kinds, profile=load_profile('design-note'))
    read_page([_block(title, 1, Form.HEADING, *nested(blocks))], reading)
    return len(merged([], reading.found, reading.base_path))


def read_in_all_forms(title: str, text: str) -> None:
    inner = _block('x')
    forms = [_block(text, 2, form) for form in (Form.BULLET, Form.PARAGRAPH, Form.STEP)]
    forms += [_block('x', 2, Form.BULLET, _block(text)), _block(text, 2, Form.BOLD, inner, lead=text)]
    forms += [_table([(text, text)], 'Name', 'Notes'), _block(text, 2, Form.CODE, language='sql')]
    read_section(title, [*forms, _block(text, 2, Form.HEADING, inner)])


@pytest.mark.parametrize('title', SECTIONS)
def test_a_long_line_of_a_plain_note_is_read_in_linear_steps(title: str) -> None:
    for start in STARTS:
        for seed in (*SEEDS, *MORE_SEEDS):
            small, large = (start + seed * (size // len(seed)) for size in (500, 500 * FACTOR))
            too_fast = grows_too_fast(
                partial(read_in_all_forms, title, small), partial(read_in_all_forms, title, large)
            )
            assert not too_fast, f'{start!r}, then many {seed!r}'


@pytest.mark.parametrize('title', SECTIONS)
def test_a_line_of_a_megabyte_is_read_in_linear_steps(title: str) -> None:
    small, large = ('`a` (b ' * (size // 7) for size in (1_000_000 // FACTOR, 1_000_000))
    assert not grows_too_fast(partial(read_in_all_forms, title, small), partial(read_in_all_forms, title, large))


SHAPES: dict[str, Callable[[str, int], list[Block]]] = {
    'bullets': lambda text, n: [_block(text.replace('#', str(at)), at) for at in range(n)],
    'equal bullets': lambda text, n: [_block(text, at) for at in range(n)],
    'paragraphs': lambda text, n: [_block(text.replace('#', str(at)), at, Form.PARAGRAPH) for at in range(n)],
    'lines in bold': lambda text, n: [
        _block(text.replace('#', str(at)), at, Form.BOLD, _block('x')) for at in range(n)
    ],
    'headings': lambda text, n: [_block(text.replace('#', str(at)), at, Form.HEADING, _block('x')) for at in range(n)],
    'details': lambda text, n: [_block(text, 1, Form.BULLET, *(_block(f'Note {at} of it', at) for at in range(n)))],
    'pairs': lambda text, n: [_block(text, 1), *(_block(f'Owner: o{at}', at) for at in range(n))],
    'bullets that say nothing': lambda text, n: [_block(f'Something {at} to think', at) for at in range(n)],
    'labels': lambda text, n: [_block(f'Label {at}:', at, Form.BULLET, _block(text, at)) for at in range(n)],
    'examples': lambda text, n: [
        _block(text, 1),
        *(_block(f'GET /x/{at}\nAccept: a/b', at, Form.CODE) for at in range(n)),
    ],
}


#: Each section with many bullets; every other shape where something above a block has a part in how it is read.
LARGE = (
    *(('bullets', title) for title in SECTIONS), ('equal bullets', 'Data Model'), ('paragraphs', 'Feature Flags'),
    ('paragraphs', 'Breaking Changes'), ('lines in bold', 'Data Model'), ('headings', 'Testing Strategy'),
    ('details', 'API Changes'), ('pairs', 'Feature Flags'), ('bullets that say nothing', 'Audit Fields'),
    ('labels', 'Rollout steps'), ('examples', 'API Changes'),
)  # fmt: skip


@pytest.mark.parametrize(('shape', 'title'), LARGE)
def test_2_000_blocks_of_a_section_are_read_in_linear_steps(shape: str, title: str) -> None:
    small, large = (SHAPES[shape](SECTIONS[title], size) for size in (2_000 // FACTOR, 2_000))
    assert not grows_too_fast(partial(read_section, title, small), partial(read_section, title, large))


@pytest.mark.parametrize('title', SECTIONS)
def test_a_table_of_1_000_rows_is_read_in_linear_steps(title: str) -> None:
    rows = [(SECTIONS[title].replace('#', str(at)), 'x') for at in range(1_000)]
    small, large = ([_table(rows[:size], 'Name', 'Notes')] for size in (1_000 // FACTOR, 1_000))
    assert not grows_too_fast(partial(read_section, title, small), partial(read_section, title, large))


SCRIPTS: dict[str, Callable[[int], str]] = {
    'columns of SQL': lambda n: 'CREATE TABLE t (' + ',\n'.join(f'c{at} INT' for at in range(n)) + ');',
    'statements of SQL': lambda n: '\n'.join(f'ALTER TABLE t ADD c{at} INT;' for at in range(n // 4)),
    'attributes of a class': lambda n: 'class A:\n' + '\n'.join(f'  c{at}: int' for at in range(n // 2)),
    'members of a struct': lambda n: 'struct A {\n' + '\n'.join(f'  c{at}: int,' for at in range(n // 2)) + '\n}',
    'structs': lambda n: '\n'.join(f'struct A{at} {{\n  c: int,\n}}' for at in range(n // 4)),
}


@pytest.mark.parametrize('script', SCRIPTS)
def test_1_000_columns_in_code_are_read_in_linear_steps(script: str) -> None:
    small, large = ([_block(SCRIPTS[script](n), 2, Form.CODE)] for n in (1_000 // FACTOR, 1_000))
    assert read_section('New Entities', large) > 200
    assert not grows_too_fast(
        partial(read_section, 'New Entities', small), partial(read_section, 'New Entities', large)
    )


ODD_CODE = {
    'decorators': ('class A:\n  ', '@a '),
    'modifiers': ('struct A {\n', 'pub '),
    'types': ('struct A {\n  a: ', 'B<'),
    'words': ('model A {\n}\n', 'a '),
    'parentheses': ('CREATE TABLE t ', '('),
    'brackets': ('CREATE TABLE t ', '[x] '),
    'quotes': ("CREATE TABLE t (a TEXT DEFAULT '", "''"),
    'comments': ('CREATE TABLE t (a INT) ', '/* '),
    'operators': ('CREATE TABLE t (a INT CHECK (a', ' + a'),
    'statements': ('', 'DROP TABLE t '),
}


@pytest.mark.parametrize('name', ODD_CODE)
def test_code_that_is_broken_is_read_in_linear_steps(name: str) -> None:
    start, seed = ODD_CODE[name]
    small, large = ([_block(start + seed * (size // len(seed)), 2, Form.CODE)] for size in (500, 500 * FACTOR))
    assert not grows_too_fast(partial(read_section, 'Data Model', small), partial(read_section, 'Data Model', large))


@pytest.mark.parametrize('title', SECTIONS)
def test_50_levels_of_nesting_are_read_in_linear_steps(title: str) -> None:
    block = _block(SECTIONS[title], 50)
    for level in range(49, 0, -1):
        block = _block(f'Level {level}', level, Form.BULLET, block)
    assert not grows_too_fast(partial(read_section, title, [block] * 10), partial(read_section, title, [block] * 20))
