"""What authors get wrong in plain notes: never a traceback, a finding at its line, and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, both, case, endpoint, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

NEW, TABLES, FLAGS = 'New Endpoints', 'New Entities', 'Feature Flags'

HEADINGS: dict[str, Case] = {
    'out of order': case(
        '',
        """
        ## Testing Strategy

        - A job runs

        ## New Endpoints

        - `POST /jobs`

        ## Approach Summary

        We add a service.
        """,
        said(3, 'test-case', 'A job runs'),
        endpoint(7, 'new', 'POST /jobs'),
        said(11, 'approach', 'Approach'),
    ),
    'twice': case(
        '',
        """
        ## New Endpoints

        - `POST /jobs`

        ## Feature Flags

        - `jobs_enabled`

        ## New Endpoints

        - `GET /jobs`
        """,
        endpoint(3, 'new', 'POST /jobs'),
        said(7, 'feature-flag', 'jobs_enabled', 'new'),
        endpoint(11, 'new', 'GET /jobs'),
    ),
    'all at the top': case(
        '',
        """
        # New Endpoints

        - `POST /jobs`

        # Feature Flags

        - `jobs_enabled`
        """,
        endpoint(3, 'new', 'POST /jobs'),
        said(7, 'feature-flag', 'jobs_enabled', 'new'),
        only='md',
    ),
    'too deep': case(
        '',
        """
        ##### New Endpoints

        - `POST /jobs`

        ## Feature Flags

        - `jobs_enabled`
        """,
        endpoint(3, 'new', 'POST /jobs'),
        said(7, 'feature-flag', 'jobs_enabled', 'new'),
        only='md',
    ),
    'below one another': case(
        '',
        """
        ## Approach Summary

        We add a service.

        ### New Endpoints

        - `POST /jobs`

        #### Feature Flags

        - `jobs_enabled`
        """,
        said(3, 'approach', 'Approach'),
        endpoint(7, 'new', 'POST /jobs'),
        said(11, 'feature-flag', 'jobs_enabled', 'new'),
    ),
}

TABULAR: dict[str, Case] = {
    'cells that are missing, and too many': case(
        NEW,
        """
        | Method | Path | Purpose |
        |---|---|---|
        | POST | /jobs |
        | GET |
        | PUT | /jobs | stop | and | more |
        """,
        endpoint(3, 'new', 'POST /jobs'),
        endpoint(5, 'new', 'PUT /jobs', purpose='stop'),
        problems=[('DN108', 4)],
        only='md',
    ),
    'headings that nobody knows': case(
        NEW,
        """
        | A | B | C |
        |---|---|---|
        | POST | /jobs | start |
        | one | two | three |
        """,
        endpoint(3, 'new', 'POST /jobs'),
        problems=[('DN108', 4)],
    ),
    'no headings': case(
        NEW,
        """
        +------+-------+
        | POST | /jobs |
        +------+-------+
        | GET  | /jobs |
        +------+-------+
        """,
        endpoint(2, 'new', 'POST /jobs'),
        endpoint(4, 'new', 'GET /jobs'),
        only='rst',
    ),
    'no rows': case(NEW, '| Method | Path |\n|---|---|', only='md'),
    'a cell of several rows': case(
        NEW,
        """
        +--------+-------+--------+
        | Method | Path  | Auth   |
        +========+=======+========+
        | POST   | /a    | editor |
        |        +-------+        |
        |        | /b    |        |
        +--------+-------+--------+
        | GET    | /c    | any    |
        +--------+-------+--------+
        """,
        endpoint(4, 'new', 'POST /a', auth='editor'),
        endpoint(6, 'new', 'POST /b', auth='editor'),
        endpoint(8, 'new', 'GET /c', auth='any'),
        only='rst',
    ),
    'a cell of several columns': case(
        NEW,
        """
        +--------+-------+--------+
        | Method | Path  | Auth   |
        +========+=======+========+
        | POST   | /a             |
        +--------+----------------+
        | nothing more            |
        +-------------------------+
        """,
        endpoint(4, 'new', 'POST /a'),
        problems=[('DN108', 6)],
        only='rst',
    ),
}

MARKUP: dict[str, Case] = {
    'a fence that is not closed': case(
        '',
        """
        ## New Endpoints

        - `POST /jobs`

        ```
        GET /jobs

        ## Feature Flags

        - `jobs_enabled`
        """,
        endpoint(3, 'new', 'POST /jobs'),
        only='md',
    ),
    'a comment of the template': case(
        NEW,
        """
        <!-- List new endpoints. Format: METHOD /path - purpose -->

        - `POST /jobs`
        """,
        endpoint(3, 'new', 'POST /jobs'),
        problems=[('DN102', 1)],
        only='md',
    ),
    'a comment of the template in reST': case(
        NEW,
        """
        .. List new endpoints. Format: METHOD /path - purpose

        - ``POST /jobs``
        """,
        endpoint(3, 'new', 'POST /jobs'),
        problems=[('DN102', 1)],
        only='rst',
    ),
    'HTML in bullets': case(
        NEW,
        """
        - `POST /jobs` - <b>start</b> a job
        - <code>GET /jobs</code> - list jobs
        """,
        endpoint(1, 'new', 'POST /jobs', purpose='start a job'),
        endpoint(2, 'new', 'GET /jobs', purpose='list jobs'),
        only='md',
    ),
    'line breaks in the cells of a table': case(
        NEW,
        """
        | Method | Path | Roles |
        |---|---|---|
        | POST<br>PUT | /jobs | editor<br/>site admin |
        """,
        endpoint(3, 'new', 'POST /jobs', roles=('editor', 'site admin')),
        endpoint(3, 'new', 'PUT /jobs', roles=('editor', 'site admin')),
        only='md',
    ),
    'a line break in a bullet': case(
        NEW, '- `POST /jobs`<br>start a job', endpoint(1, 'new', 'POST /jobs', purpose='start a job'), only='md'
    ),
    'a bullet that is all HTML': case(
        NEW, '- <details>`PUT /jobs`</details>', endpoint(1, 'new', 'PUT /jobs'), only='md'
    ),
    'an admonition around bullets': case(
        NEW,
        """
        :::{note}
        - `POST /jobs` - start a job
        :::
        """,
        endpoint(2, 'new', 'POST /jobs', purpose='start a job'),
        only='md',
    ),
    'an admonition of reST': case(
        NEW, '.. note::\n\n   - ``POST /jobs``', endpoint(3, 'new', 'POST /jobs'), only='rst'
    ),
    'a quotation': case(NEW, '> - `POST /jobs`', endpoint(1, 'new', 'POST /jobs'), only='md'),
    'a link': case(
        NEW,
        '- [`POST /jobs`](https://example.org) - start',
        endpoint(1, 'new', 'POST /jobs', purpose='start'),
        only='md',
    ),
    'a footnote': case(
        NEW,
        """
        - `POST /jobs` - start a job[^1]

        [^1]: Later.
        """,
        endpoint(1, 'new', 'POST /jobs', purpose='start a job'),
        only='md',
    ),
    'an empty section': case(NEW, '<!-- nothing -->', only='md'),
    'a bullet with nothing in it': case(
        'Audit Fields', '- `job.done`\n- —', said(1, 'audit-event', 'job.done', 'new'), problems=[('DN108', 2)]
    ),
    'fifty levels': case(
        NEW,
        ''.join('  ' * level + f'- level {level}\n' for level in range(50)) + '  ' * 50 + '- `POST /jobs`',
        problems=[('DN108', 1), ('DN108', 10)],  # its parser drops what is deeper
        only='md',
    ),
    'fifty levels in reST': case(
        NEW,
        ''.join('  ' * level + f'- level {level}\n\n' for level in range(50)) + '  ' * 50 + '- ``POST /jobs``',
        endpoint(101, 'new', 'POST /jobs'),
        only='rst',
    ),
    'a phase that is wrapped': case(
        'Rollout steps',
        """
        - Phase 1: Deploy
          the backend to all regions
        """,
        said(1, 'rollout', 'Rollout'),
        said(
            1,
            'rollout-step',
            'Deploy the backend to all regions',
            phase='Phase 1',
            action='deploy',
            component='backend',
        ),
    ),
    'SQL that makes a parser stumble': case(
        TABLES,
        """
        ```sql
        CREATE TABLE t (t CONSTRAINT now()
        ```
        """,
        problems=[('DN108', 2)],
    ),
}

LETTERS: dict[str, Case] = {
    'zero width in a path': case(
        NEW, '- `POST /api/\u200bjobs\u2060` -\u00a0start', endpoint(1, 'new', 'POST /api/jobs', purpose='start')
    ),
    'from right to left': case(
        TABLES,
        """
        - `טבלה` table
          - `שם: text`
        """,
        said(1, 'entity', 'טבלה', 'new'),
        field(2, None, 'טבלה.שם', 'text'),
    ),
    'an accent in two forms is one name': case(
        TABLES,
        """
        | Table | Change |
        |---|---|
        | `caf\u00e9` | new |

        ### `cafe\u0301`

        - `a: int`
        """,
        said(3, 'entity', 'caf\u00e9', 'new'),
        field(7, None, 'caf\u00e9.a', 'int'),
    ),
    'quotation marks around a name': case(
        FLAGS, '- "jobs_enabled" (default: off)', said(1, 'feature-flag', 'jobs_enabled', 'new', default='off')
    ),
}

ALL = HEADINGS | TABULAR | MARKUP | LETTERS


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(HEADINGS))
def test_headings_may_stand_in_any_order_and_at_any_level(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(TABULAR))
def test_a_table_that_is_not_in_order_is_read_as_far_as_it_goes(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(MARKUP))
def test_odd_markup_is_no_obstacle(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(LETTERS))
def test_a_name_is_the_same_however_it_is_typed(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


def test_what_an_open_fence_swallows_is_kept_with_the_item_above_it(pages: Read) -> None:
    (item,) = pages.note('a fence that is not closed', 'md').items
    assert item.body == 'GET /jobs\n\n## Feature Flags\n\n- `jobs_enabled`'


def test_the_parsers_complain_of_the_level_of_a_heading_and_of_nothing_else(pages: Read) -> None:
    number = list(ALL).index('too deep')
    assert pages.built.warnings == [f'md/{number}.md:3: Non-consecutive header level increase; H1 to H5 [myst.header]']


def test_brackets_without_end_in_sql_are_given_up(build: BuildProject) -> None:
    built = build({'note.md': f'# Design Note: X\n\n## {TABLES}\n\n```sql\nCREATE TABLE {"[x] " * 5_000}\n```\n'})
    assert [(each.code, each.location.line) for each in built.note.problems] == [('DN108', 6)]


# Whole files


def items_of(built: Built) -> list[tuple[str, int, str, dict[str, Any]]]:
    return [(item.location.path, item.location.line, item.key, dict(item.fields)) for item in built.items()]


MD = '# Design Note: X\n\n## Feature Flags\n\n- `jobs_enabled` - starts\n  off\n  - Owner: orders\n'
RST = (
    'Design Note: X\n==============\n\nFeature Flags\n-------------\n\n'
    '- ``jobs_enabled`` - starts\n  off\n\n  - Owner: orders\n'
)
FLAG = {'default': 'off', 'owner': 'orders'}


@pytest.mark.parametrize('before', ['', '\ufeff'], ids=['plain', 'byte order mark'])
@pytest.mark.parametrize('end', ['\n', '\r\n'], ids=['LF', 'CRLF'])
def test_line_ends_and_a_byte_order_mark_do_not_count(build: BuildProject, end: str, before: str) -> None:
    built = build({name: (before + text.replace('\n', end)).encode() for name, text in (('a.md', MD), ('b.rst', RST))})
    assert items_of(built) == [('a.md', 5, 'jobs_enabled', FLAG), ('b.rst', 7, 'jobs_enabled', FLAG)]
    assert built.warnings == []


def test_what_is_included_is_located_in_its_own_file(build: BuildProject) -> None:
    part = '\n\n- `POST /jobs` - start\n  - Auth: editor\n- nonsense\n'
    table = '| Flag | Default |\n|---|---|\n| `jobs_enabled` | off |\n\n```bash\nBASE_ENABLED=true\n```\n'
    note = (
        '# Design Note: X\n\n## New Endpoints\n\n```{include} _part.md\n```\n\n- `GET /jobs`\n\n'
        '## Feature Flags\n\n```{include} _table.md\n```\n'
    )
    built = build({'note.md': note, '_part.md': part, '_table.md': table})
    post, get = {'method': 'POST', 'path': '/jobs'}, {'method': 'GET', 'path': '/jobs'}
    assert items_of(built) == [
        ('_part.md', 3, 'POST /jobs', {**post, 'purpose': 'start', 'auth': 'editor'}),
        ('note.md', 8, 'GET /jobs', get),
        ('_table.md', 3, 'jobs_enabled', {'default': 'off'}),
        ('_table.md', 6, 'BASE_ENABLED', {'default': 'on'}),
    ]
    assert [(each.code, each.location.path, each.location.line) for each in built.note.problems] == [
        ('DN108', '_part.md', 5)
    ]
    assert built.warnings == []


def test_what_is_included_in_restructuredtext_is_located_in_its_own_file(build: BuildProject) -> None:
    more = 'Feature Flags\n-------------\n\n- ``jobs_enabled``\n\n::\n\n   BASE_ENABLED=true\n'
    note = (
        'Design Note: X\n==============\n\nNew Endpoints\n-------------\n\n.. include:: _part.txt\n\n'
        '- ``GET /jobs``\n\n.. include:: _more.txt\n'
    )
    built = build({'note.rst': note, '_part.txt': '\n- ``POST /jobs``\n', '_more.txt': more})
    assert [place[:3] for place in items_of(built)] == [
        ('_part.txt', 2, 'POST /jobs'),
        ('note.rst', 9, 'GET /jobs'),
        ('_more.txt', 4, 'jobs_enabled'),
        ('_more.txt', 8, 'BASE_ENABLED'),
    ]
    assert built.warnings == []


def test_substitutions_are_read_as_what_they_stand_for(build: BuildProject) -> None:
    md = (
        '---\nmyst:\n  substitutions:\n    start: "`POST /jobs`"\n---\n# Design Note: X\n\n'
        '## New Endpoints\n\n- {{ start }} - start a job\n'
    )
    rst = (
        'Design Note: X\n==============\n\nNew Endpoints\n-------------\n\n- |start| - start a job\n\n'
        '.. |start| replace:: ``POST /jobs``\n'
    )
    conf = {'myst_enable_extensions': ['substitution']}
    stated = {'method': 'POST', 'path': '/jobs', 'purpose': 'start a job'}
    assert items_of(build({'a.md': md, 'b.rst': rst}, conf=conf)) == [
        ('a.md', 10, 'POST /jobs', stated),
        ('b.rst', 7, 'POST /jobs', stated),
    ]


@pytest.mark.parametrize('globs', [['notes/*'], ['notes/*.rst', 'notes/a.md']])
def test_a_page_of_no_bytes_may_be_a_note_and_lacks_everything(build: BuildProject, globs: list[str]) -> None:
    conf = {'designnote_template_paths': globs}
    built = build({'notes/a.md': '', 'notes/b.rst': ''}, 'designnote', conf=conf)
    assert [(note.marked, note.title, note.items) for note in built.notes.values()] == [
        (True, 'notes/a', ()), (True, 'notes/b', ()),
    ]  # fmt: skip
    codes = {finding.code for finding in built.domain.findings}
    assert codes == {'DN101'}
    assert len(built.warnings) == 2 * 14


def test_a_note_in_a_folder_that_begins_with_a_section_loses_none(build: BuildProject) -> None:
    files = {
        'notes/sub/a.md': '# New Endpoints\n\n- `POST /jobs`\n\n# Feature Flags\n\n- `jobs_enabled`\n',
        'notes/sub/b.rst': 'New Endpoints\n=============\n\n- ``POST /jobs``\n',
        'other/c.md': '# New Endpoints\n\n- `POST /jobs`\n',
    }
    built = build(files, conf={'designnote_template_paths': ['notes/**']})
    assert [place[:3] for place in items_of(built)] == [
        ('notes/sub/a.md', 3, 'POST /jobs'),
        ('notes/sub/a.md', 7, 'jobs_enabled'),
        ('notes/sub/b.rst', 4, 'POST /jobs'),
    ]
    assert built.warnings == []


SCRIPT = '<script>alert("1")</script>'


@pytest.mark.parametrize('builder', ['html', 'designnote'])
def test_markup_in_names_is_shown_and_not_run(build: BuildProject, builder: str) -> None:
    text = (
        f'# Design Note: `{SCRIPT}`\n\n## New Endpoints\n\n- `POST /{SCRIPT}` - "it" \'s `{SCRIPT}`\n\n'
        f'## Breaking Changes\n\n- `{SCRIPT}` goes\n\n## Authorization\n\n- `{SCRIPT}`: requires `{SCRIPT}` role\n\n'
        f'## New Entities\n\n- `t` table\n  - `a: {SCRIPT}`\n'
    )
    built = build({'note.md': text}, builder, conf={'designnote_rules': {'DN101': 'off'}})
    assert [item.kind for item in built.items()] == ['endpoint', 'breaking-change', 'authorization', 'entity', 'field']
    for page in built.outdir.rglob('*.html'):
        assert '<script>alert' not in page.read_text('utf-8'), page


OPEN: Mapping[str, str] = {
    'backticks': '`' * 99,
    'brackets': '[' * 99 + '(' * 99,
    'braces': '{' * 99,
    'angles': '<' * 99,
    'stars': '*' * 99,
    'pipes': '|' * 99,
    'colons': ':' * 99,
    'directive': '.. endpoint:: ',
    'control': '\x01\x0b\x1b[31m',
}
SECTIONS = (
    'Approach Summary', 'API Changes', 'New Endpoints', 'Events', 'Breaking Changes', 'Data Model', 'Migration Story',
    'Authorization', 'Audit Fields', 'Security Considerations', 'Feature Flags', 'Rollout steps',
    'Backward Compatibility', 'Testing Strategy', 'Alternatives', 'Rollout Plan',
)  # fmt: skip


@pytest.mark.parametrize('builder', ['dummy', 'designnote'])
def test_marks_without_end_are_no_obstacle_in_any_section(build: BuildProject, builder: str) -> None:
    def page(mark: str, syntax: str) -> str:
        lines = [f'Design Note: X{"=" * 9}'] if syntax == 'rst' else ['# Design Note: X']
        for section in SECTIONS:
            head = [section, '-' * len(section)] if syntax == 'rst' else [f'## {section}']
            lines += ['', *head, '', f'- {mark} one', f'- POST /x {mark}', f'- `a` {mark}: b', '', f'{mark} two', '']
            lines += [f'1. Deploy {mark}', '']
        return '\n'.join(lines)

    files = {f'{name}-{syntax}.{syntax}': page(mark, syntax) for name, mark in OPEN.items() for syntax in ('md', 'rst')}
    built = build(files, builder, conf={'designnote_template_paths': ['*-md', '*-rst']})
    assert {note.marked for name, note in built.notes.items() if name != 'index'} == {True}
    assert [warning for warning in built.warnings if 'DN990' in warning] == []
