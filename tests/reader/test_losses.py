"""Whatever stands in a slot ends as an item, as text of one, as prose of the slot, or as a finding at its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from tests.reader.notes import Case, Read, both, case, endpoint, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

NEW, FLAGS, MODEL, STEPS = 'New Endpoints', 'Feature Flags', 'Data Model', 'Rollout steps'

FOREIGN: dict[str, Case] = {
    'a table in HTML': case(NEW, '<table><tr><td>POST /x</td></tr></table>', problems=[('DN108', 1)], only='md'),
    'a table in HTML, in a slot of several kinds': case(
        MODEL,
        '- `t` table\n\n<table><tr><td>users</td></tr></table>',
        said(1, 'entity', 't'),
        problems=[('DN108', 3)],
        only='md',
    ),
    'a raw directive': case(NEW, '.. raw:: html\n\n   <ul><li>POST /x</li></ul>', problems=[('DN108', 1)], only='rst'),
    'a raw directive for another format': case(NEW, '.. raw:: latex\n\n   \\newpage', only='rst'),
    'HTML that folds a list': case(
        NEW,
        """
        <details>
        <summary>All of them</summary>

        - `POST /x`

        </details>
        """,
        endpoint(4, 'new', 'POST /x'),
        only='md',
    ),
    'a comment that does not end': case(NEW, '<!-- one\n\n- `POST /x`', problems=[('DN108', 1)], only='md'),
    'text behind a comment': case(NEW, '<!-- one --> POST /x', endpoint(1, 'new', 'POST /x'), only='md'),
    'a placeholder that looks like a tag': case(
        NEW, '- POST /jobs/<id> - <b>start</b>', endpoint(1, 'new', 'POST /jobs/<id>', purpose='start'), only='md'
    ),
    'a directive that nobody knows': case(NEW, '.. grid:: 2\n\n   - ``POST /x``', problems=[('DN108', 1)], only='rst'),
    'a directive that MyST does not know': case(
        NEW, '::::{grid} 2\n- `POST /x`\n::::', problems=[('DN108', 1)], only='md'
    ),
    'lists too deep for the parser': case(
        NEW,
        ''.join('  ' * level + f'- Level {level}:\n' for level in range(8))
        + '  ' * 8
        + '- `POST /x`\n'
        + '  ' * 9
        + '- `POST /y`',
        endpoint(9, 'new', 'POST /x'),
        problems=[('DN108', 10)],
        only='md',
    ),
    'SQL of which one statement is broken': case(
        MODEL,
        """
        ```sql
        CREATE TABLE good (id INT);
        CREATE TABLE bad (t CONSTRAINT now();
        ALTER TABLE good ADD COLUMN x int;
        DROP INDEX old_one;
        ```
        """,
        said(2, 'entity', 'good', 'new'),
        field(2, None, 'good.id', 'INT'),
        field(4, 'add', 'good.x', 'int'),
        problems=[('DN108', 3)],
    ),
    'SQL that is too long': case(
        MODEL,
        '```sql\nCREATE TABLE t (a INT);\n' + '-- why\n' * 8_000 + '```',
        problems=[('DN108', 2)],
    ),
}

READ: dict[str, Case] = {
    'from one type to another': case(
        'Modified Entities',
        """
        **report:**

        | Column | Change |
        |---|---|
        | a | from varchar(255) to text |
        | `b` | widened from `varchar(10)` to `varchar(20)` |
        """,
        said(1, 'entity', 'report', 'modified'),
        field(5, 'modify', 'report.a', 'text'),
        field(6, 'modify', 'report.b', 'varchar(20)'),
    ),
    'an endpoint in bold below another': case(
        NEW,
        """
        ### PUT /x

        Replaces it.

        **DELETE /x**

        - Auth: editor
        """,
        endpoint(1, 'new', 'PUT /x', purpose='Replaces it.'),
        endpoint(5, 'new', 'DELETE /x', auth='editor'),
    ),
    'what is bold below an endpoint and speaks of another': case(
        NEW, '### PUT /x\n\n**See also GET /x**', endpoint(1, 'new', 'PUT /x')
    ),
    'a bullet above steps': case(
        STEPS,
        """
        - Before the release
          1. Deploy the backend
        """,
        said(2, 'rollout', 'Rollout'),
        said(2, 'rollout-step', 'Deploy the backend', action='deploy', component='backend'),
    ),
    'a footnote that says more': case(
        '',
        """
        ## Breaking Changes

        Jobs end sooner.[^a]

        [^a]: Only with the addon.

        ## Feature Flags

        - `jobs_on`
        """,
        said(3, 'breaking-change', 'Jobs end sooner'),
        said(9, 'feature-flag', 'jobs_on', 'new'),
        only='md',
    ),
    'a footnote of reST that says more': case(
        'Breaking Changes',
        'Jobs end sooner. [#a]_\n\n.. [#a] Only with the addon.',
        said(1, 'breaking-change', 'Jobs end sooner'),
        only='rst',
    ),
    'a picture': case(NEW, '![The routes](a.png)', only='md'),
    'what another directive describes': case('Interfaces', '.. py:function:: run_job(x)\n\n   Starts it.', only='rst'),
    'a cell that is a picture': case(
        FLAGS,
        """
        .. list-table::
           :header-rows: 1

           * - Flag
             - Remark
           * - ``a_b``
             - .. image:: x.png
                  :alt: picture
        """,
        said(6, 'feature-flag', 'a_b', 'new'),
        only='rst',
    ),
    'an empty row': case(
        FLAGS,
        '| Flag | Default |\n|---|---|\n| `a_b` | off |\n|  |  |',
        said(3, 'feature-flag', 'a_b', 'new', default='off'),
    ),
    'a test by hand, in steps': case(
        'Testing Strategy',
        """
        The upgrade was tested by hand on two machines:

        1. Start a cluster
        2. Upgrade it
        """,
        said(1, 'test-case', 'The upgrade was tested by hand on two machines', level='manual'),
    ),
    'who may, in prose': case(
        'Authorization', 'Areas are written by managers.', said(1, 'authorization', 'Areas are written by managers')
    ),
    'a sentence in the slot of who may that says nothing of it': case('Authorization', 'The gateway is by Acme.'),
    'a column as a term with a classifier': case(
        'New Entities',
        """
        **deployments**

        auto_configured : boolean
            whether it was
        name : varchar(20)
            not null
        """,
        said(1, 'entity', 'deployments', 'new'),
        field(3, None, 'deployments.auto_configured', 'boolean'),
        field(5, None, 'deployments.name', 'varchar(20)', nullable=False),
        only='rst',
    ),
    'a table with the name of a section': case(
        MODEL,
        '**`deployments`**\n\n- `a: int`',
        said(1, 'entity', 'deployments'),
        field(3, None, 'deployments.a', 'int'),
    ),
    'None and a reason that begins with only': case(
        NEW, 'None — only the worker changes', said(1, 'no-impact', 'new-endpoints')
    ),
    'None and a reason, as a flag': case(
        FLAGS, '- None - only the worker changes', said(1, 'no-impact', 'feature-flags')
    ),
    'None but one': case(FLAGS, '- None — only `jobs_on`', said(1, 'feature-flag', 'jobs_on', 'new')),
    'None of them': case(
        'Breaking Changes', 'None of the endpoints changes', said(1, 'breaking-change', 'None of the endpoints changes')
    ),
    'a flag in YAML': case(
        FLAGS,
        """
        ```yaml
        jobs:
          a_b: false
          "newJobs": 'on',
          limit_of_jobs: 3
        ```
        """,
        said(3, 'feature-flag', 'a_b', 'new', default='off'),
        said(4, 'feature-flag', 'newJobs', 'new', default='on'),
    ),
    'a version around a bullet': case(
        NEW, '.. versionadded:: 2.0\n\n   - ``POST /x``', endpoint(3, 'new', 'POST /x'), only='rst'
    ),
    'a version and words around a bullet': case(
        NEW, '.. versionchanged:: 2.0\n   Faster.\n\n   - ``POST /x``', endpoint(4, 'new', 'POST /x'), only='rst'
    ),
    'a version below a bullet': case(
        NEW, '- ``POST /x``\n\n  .. deprecated:: 2.0\n     Use y.', endpoint(1, 'new', 'POST /x'), only='rst'
    ),
    'a version of MyST': case(NEW, ':::{versionadded} 2.0\n- `POST /x`\n:::', endpoint(2, 'new', 'POST /x'), only='md'),
}

#: Case to what its slot says in prose.
PROSE: Mapping[str, str] = {
    'SQL that is too long': 'CREATE TABLE t (a INT);' + '\n-- why' * 8_000,
    'HTML that folds a list': 'All of them',
    'lists too deep for the parser': '\n'.join(f'Level {level}:' for level in range(8)),
    'a bullet above steps': 'Before the release',
    'a footnote that says more': 'Only with the addon.',
    'a footnote of reST that says more': 'Only with the addon.',
    'a picture': 'The routes',
    'what another directive describes': 'run_job(x)\nStarts it.',
    'a sentence in the slot of who may that says nothing of it': 'The gateway is by Acme.',
    'a version around a bullet': 'Added in version 2.0: ',
    'a version and words around a bullet': 'Changed in version 2.0: Faster.',
    'a version of MyST': 'Added in version 2.0: ',
}
#: Case to the text of its items.
BODIES: Mapping[str, list[str]] = {
    'from one type to another': ['from varchar(255) to text', 'widened from `varchar(10)` to `varchar(20)`'],
    'what is bold below an endpoint and speaks of another': ['See also GET /x'],
    'a cell that is a picture': ['Remark: picture'],
    'a test by hand, in steps': ['Start a cluster\nUpgrade it'],
    'who may, in prose': ['Areas are written by managers.'],
    'a column as a term with a classifier': ['whether it was', 'not null'],
    'None and a reason that begins with only': ['only the worker changes'],
    'None and a reason, as a flag': ['only the worker changes'],
    'a version below a bullet': ['Deprecated since version 2.0: Use y.'],
    'a flag in YAML': ['jobs:\n  limit_of_jobs: 3'],
}
ALL = FOREIGN | READ


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(FOREIGN))
def test_what_cannot_be_read_is_reported_at_its_line(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(READ))
def test_what_can_be_read_in_another_way_is_read(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(ALL))
def test_what_is_no_item_is_prose_or_text_of_one(pages: Read, name: str, syntax: str) -> None:
    note = pages.note(name, syntax)
    assert '\n'.join(note.prose.values()) == PROSE.get(name, '')
    assert [item.body for item in note.items if item.body] == BODIES.get(name, [])


def test_the_messages_say_what_to_do(pages: Read) -> None:
    told = {
        name: [each.message for each in pages.note(name, 'rst' if ALL[name].only == 'rst' else 'md').problems]
        for name in FOREIGN
    }
    foreign = 'could not be read; HTML and failing directives are not read: write a list, a table or text'
    assert {name: messages for name, messages in told.items() if messages} == {
        'a table in HTML': [f"'POST /x' {foreign}"],
        'a table in HTML, in a slot of several kinds': [f"'users' {foreign}"],
        'a raw directive': [f"'POST /x' {foreign}"],
        'a comment that does not end': [f"'<!-- one - `POST /x`' {foreign}"],
        'a directive that nobody knows': [f"'.. grid:: 2 - ``POST /x``' {foreign}"],
        'a directive that MyST does not know': [f"'{{grid}}' {foreign}"],
        'lists too deep for the parser': [
            "'`POST /y`' could not be read, as Markdown drops lists so deep; write fewer levels"
        ],
        'SQL of which one statement is broken': [
            "'CREATE TABLE bad (t CONSTRAINT now();' could not be read; "
            'mend the statement, or write the table as a list'
        ],
        'SQL that is too long': [
            "'CREATE TABLE t (a INT); -- why -- why -- why -- why -- why …' could not be read; "
            'it is too long; split it, or write the tables as lists'
        ],
    }
