"""Entities of a plain note with their columns and constraints: labels with bullets, tables, SQL, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reader.notes import Case, Read, Stated, both, case, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject

NEW, MODIFIED, DATA = 'New Entities', 'Modified Entities', 'Data Model Changes'


def entity(line: int, key: str, change: str | None = 'modified', **fields: Any) -> Stated:
    return said(line, 'entity', key, change, **fields)


def constraint(line: int, key: str, change: str | None = 'add', **fields: Any) -> Stated:
    kind, _, columns = key.partition(' ')[2].partition(' on ')
    return said(line, 'constraint', key, change, kind=kind, columns=tuple(columns.split(', ')), **fields)


ENTITIES: dict[str, Case] = {
    'bold label': case(
        MODIFIED,
        """
        **Deployment table:**
        - Add `auto_configured: boolean`
        """,
        entity(1, 'Deployment'),
        field(2, 'add', 'Deployment.auto_configured', 'boolean'),
    ),
    'heading': case(
        NEW,
        """
        ### deployments

        - `id: uuid`
        - `name: text`
        """,
        entity(1, 'deployments', 'new'),
        field(3, None, 'deployments.id', 'uuid'),
        field(4, None, 'deployments.name', 'text'),
    ),
    'heading in code with the word table': case(
        NEW,
        """
        ### `deployments` table

        - `id: uuid`
        """,
        entity(1, 'deployments', 'new'),
        field(3, None, 'deployments.id', 'uuid'),
    ),
    'bullet with bullets': case(
        NEW,
        """
        - `deployments` - what runs where
          - `id: uuid`
        - `nodes` table
          - `id: uuid`
        """,
        entity(1, 'deployments', 'new'),
        field(2, None, 'deployments.id', 'uuid'),
        entity(3, 'nodes', 'new'),
        field(4, None, 'nodes.id', 'uuid'),
    ),
    'bullet with a change': case(
        DATA,
        """
        - New table `deployments`
        - `nodes` (removed)
        - Modified: `users`
        """,
        entity(1, 'deployments', 'new'),
        entity(2, 'nodes', 'removed'),
        entity(3, 'users', 'modified'),
    ),
    'a column and its owner in one bullet': case(
        MODIFIED,
        '- Add `auto_configured: boolean` column to the `deployments` table',
        entity(1, 'deployments'),
        field(1, 'add', 'deployments.auto_configured', 'boolean'),
    ),
    'a dotted column': case(
        MODIFIED,
        '- Add `deployments.auto_configured: boolean` (default: false)',
        entity(1, 'deployments'),
        field(1, 'add', 'deployments.auto_configured', 'boolean', default='false'),
    ),
    'table of fields below a label': case(
        NEW,
        """
        **deployments**

        | Field | Type | Default | Notes |
        |---|---|---|---|
        | `id` | uuid | - | primary |
        | `paused` | boolean | false | not null |
        """,
        entity(1, 'deployments', 'new'),
        field(5, None, 'deployments.id', 'uuid'),
        field(6, None, 'deployments.paused', 'boolean', nullable=False, default='false'),
    ),
    'table of columns and changes': case(
        MODIFIED,
        """
        ### deployments

        | Column | Change |
        |---|---|
        | `paused` | new |
        | `legacy` | removed |
        | `a → b` | renamed |
        """,
        entity(1, 'deployments'),
        field(5, 'add', 'deployments.paused'),
        field(6, 'drop', 'deployments.legacy'),
        field(7, 'rename', 'deployments.b', renamed_from='a'),
    ),
    'table with a column for the owner': case(
        MODIFIED,
        """
        | Table | Column | Type |
        |---|---|---|
        | deployments | paused | boolean |
        | nodes | zone | text |
        """,
        entity(3, 'deployments'),
        field(3, None, 'deployments.paused', 'boolean'),
        entity(4, 'nodes'),
        field(4, None, 'nodes.zone', 'text'),
    ),
    'table of entities': case(
        DATA,
        """
        | Entity | Change | Notes |
        |---|---|---|
        | `deployments` | New | what runs where |
        | `users` | Modified | - |
        """,
        entity(3, 'deployments', 'new'),
        entity(4, 'users', 'modified'),
    ),
    'one entity in two lists': case(
        MODIFIED,
        """
        **Deployment table:**
        - Add `a: int`

        **Deployment table:**
        - Add `b: int`
        """,
        entity(1, 'Deployment'),
        field(2, 'add', 'Deployment.a', 'int'),
        field(5, 'add', 'Deployment.b', 'int'),
    ),
    'a collection and a topic': case(
        NEW,
        """
        - Collection `sessions`
        - Topic `jobs.done`
        """,
        entity(1, 'sessions', 'new', kind='collection'),
        entity(2, 'jobs.done', 'new', kind='topic'),
    ),
    'options': case(
        NEW,
        """
        **Deployment table:**
        - Table name: deployments_v2
        - Kind: table
        - `id: uuid`
        """,
        entity(1, 'Deployment', 'new', table='deployments_v2', kind='table'),
        field(4, None, 'Deployment.id', 'uuid'),
    ),
    'a paragraph that says what a table gets': case(
        'Database',
        '`users`: add `opted_out` boolean default false',
        entity(1, 'users', 'modified'),
        field(1, 'add', 'users.opted_out', 'boolean', default='false'),
    ),
    'columns of which one refers to another table, below nothing that says what changes': case(
        'Database',
        """
        `searches`:

        - `id` uuid pk
        - `user_id` uuid not null, references `users.id`
        """,
        entity(1, 'searches', None),
        field(3, None, 'searches.id', 'uuid'),
        field(4, None, 'searches.user_id', 'uuid', nullable=False),
        said(
            4,
            'constraint',
            'searches foreign-key on user_id',
            'add',
            kind='foreign-key',
            columns=('user_id',),
            references=('users.id',),
        ),
    ),
    'a migration that has no heading of its own': case(
        'Database',
        """
        Migration `20261002_jobs` adds the column.

        - Add `paused: boolean` to `jobs`
        """,
        said(1, 'migration', 'Migration `20261002_jobs` adds the column'),
        entity(3, 'jobs', 'modified'),
        field(3, 'add', 'jobs.paused', 'boolean'),
    ),
}

BULLETS: dict[str, list[Stated]] = {
    'Add `a: boolean` field (default: false)': [field(2, 'add', 'T.a', 'boolean', default='false')],
    'Add `a: boolean` not null': [field(2, 'add', 'T.a', 'boolean', nullable=False)],
    '`a` (BOOLEAN, nullable): why': [field(2, None, 'T.a', 'BOOLEAN', nullable=True)],
    '`a INTEGER`': [field(2, None, 'T.a', 'INTEGER')],
    '`a INTEGER NOT NULL DEFAULT 0`': [
        field(2, None, 'T.a', 'INTEGER NOT NULL DEFAULT 0', nullable=False, default='0')
    ],
    '`a: Option<u8>`': [field(2, None, 'T.a', 'Option<u8>')],
    'New column `a`': [field(2, 'add', 'T.a')],
    'Add `a` and `b`': [field(2, 'add', 'T.a'), field(2, 'add', 'T.b')],
    '`a`, `b`, `c`': [field(2, None, 'T.a'), field(2, None, 'T.b'), field(2, None, 'T.c')],
    'a: uuid': [field(2, None, 'T.a', 'uuid')],
    'a → b': [field(2, 'rename', 'T.b', renamed_from='a')],
    '`a` → `b`': [field(2, 'rename', 'T.b', renamed_from='a')],
    'Rename `a` to `b`': [field(2, 'rename', 'T.b', renamed_from='a')],
    'Drop `a`': [field(2, 'drop', 'T.a')],
    'Remove column `a`': [field(2, 'drop', 'T.a')],
    'Change type of `a` to `bigint`': [field(2, 'modify', 'T.a', 'bigint')],
    'Change `a: integer` to `bigint`': [field(2, 'modify', 'T.a', 'bigint')],
    'Narrow `a` from varchar(255) to varchar(64)': [field(2, 'modify', 'T.a', 'varchar(64)')],
    'Change the default of `a` to `date`': [field(2, 'modify', 'T.a')],
    'Add `a: int` with its default of 3': [field(2, 'add', 'T.a', 'int', default='3')],
    'Make `a` not null': [field(2, 'modify', 'T.a', nullable=False)],
    'Add `a: text` (PII)': [field(2, 'add', 'T.a', 'text', pii=True)],
    'Add index on `a`': [constraint(2, 'T index on a')],
    'Add unique index on `a`, `b`': [constraint(2, 'T unique on a, b')],
    'Add index on `a` concurrently': [constraint(2, 'T index on a', online=True)],
    'Add check constraint on `a`': [constraint(2, 'T check on a')],
    'Drop index on `a`': [constraint(2, 'T index on a', 'drop')],
    'Add foreign key on `a` to `users.id`': [constraint(2, 'T foreign-key on a', references=('users.id',))],
    'Add `a: uuid`, foreign key to `users.id`': [
        field(2, 'add', 'T.a', 'uuid'),
        constraint(2, 'T foreign-key on a', references=('users.id',)),
    ],
    'Add `a: int`, drop `b`': [field(2, 'add', 'T.a', 'int'), field(2, 'drop', 'T.b')],
}
FIELDS = {
    text: case(MODIFIED, f'**T table:**\n- {text}', entity(1, 'T'), *items) for text, items in BULLETS.items()
} | {
    'details of a field': case(
        MODIFIED,
        """
        **T table:**
        - Add `a: text`
          - Default: none given
          - PII: yes
          - Classification: confidential
          - kept for audits
        """,
        entity(1, 'T'),
        field(2, 'add', 'T.a', 'text', default='none given', pii=True, classification='confidential'),
    ),
    'details of a constraint': case(
        MODIFIED,
        """
        **T table:**
        - Add index on `a`
          - Where: a > 0
          - Online: yes
        """,
        entity(1, 'T'),
        constraint(2, 'T index on a', where='a > 0', online=True),
    ),
}

SQL: dict[str, Case] = {
    'create table': case(
        NEW,
        """
        ```sql
        CREATE TABLE deployments (
            id UUID PRIMARY KEY,
            name VARCHAR(200) NOT NULL,
            paused BOOLEAN DEFAULT false,
            owner_id UUID REFERENCES users(id),
            UNIQUE (name, owner_id)
        );
        ```
        """,
        entity(2, 'deployments', 'new'),
        field(3, None, 'deployments.id', 'UUID'),
        constraint(3, 'deployments primary-key on id'),
        field(4, None, 'deployments.name', 'VARCHAR(200)', nullable=False),
        field(5, None, 'deployments.paused', 'BOOLEAN', default='FALSE'),
        field(6, None, 'deployments.owner_id', 'UUID'),
        constraint(6, 'deployments foreign-key on owner_id', references=('users.id',)),
        constraint(7, 'deployments unique on name, owner_id'),
    ),
    'alter table': case(
        MODIFIED,
        """
        ```sql
        ALTER TABLE deployments
            ADD COLUMN paused BOOLEAN NOT NULL DEFAULT false,
            DROP COLUMN legacy;
        ALTER TABLE deployments RENAME COLUMN a TO b;
        CREATE INDEX CONCURRENTLY ix ON deployments (paused) WHERE paused;
        ```
        """,
        entity(2, 'deployments'),
        field(3, 'add', 'deployments.paused', 'BOOLEAN', nullable=False, default='FALSE'),
        field(4, 'drop', 'deployments.legacy'),
        field(5, 'rename', 'deployments.b', renamed_from='a'),
        constraint(6, 'deployments index on paused', where='paused', online=True),
    ),
    'drop table': case(
        MODIFIED,
        """
        ```sql
        DROP TABLE deployments;
        ```
        """,
        entity(2, 'deployments', 'removed'),
    ),
    'text before and code that is no SQL': case(
        NEW,
        """
        This is stored:

        ```sql
        CREATE TABLE t (id INT);
        ```
        """,
        entity(4, 't', 'new'),
        field(4, None, 't.id', 'INT'),
    ),
    'SQL that is broken': case(
        NEW,
        """
        ```sql
        CREATE TABLE (
        ```
        """,
        problems=[('DN108', 2)],
    ),
    'a query': case(
        NEW,
        """
        ```sql
        SELECT * FROM deployments;
        ```
        """,
    ),
}

CLASSES: dict[str, Case] = {
    'SQLAlchemy': case(
        NEW,
        """
        ```python
        class Deployment(Base):
            __tablename__ = "deployments"

            id: Mapped[int] = mapped_column(primary_key=True)
            paused = Column(Boolean, nullable=False, default=False)
            owner = relationship("User")
        ```
        """,
        entity(2, 'Deployment', 'new', table='deployments'),
        field(5, None, 'Deployment.id', 'int'),
        field(6, None, 'Deployment.paused', 'Boolean', nullable=False, default='False'),
    ),
    'Django': case(
        NEW,
        """
        ```python
        class Deployment(models.Model):
            name = models.CharField(max_length=200)
            paused = models.BooleanField(default=False, null=True)
        ```
        """,
        entity(2, 'Deployment', 'new'),
        field(3, None, 'Deployment.name', 'CharField'),
        field(4, None, 'Deployment.paused', 'BooleanField', nullable=True, default='False'),
    ),
    'a dataclass': case(
        NEW,
        """
        ```python
        @dataclass
        class Deployment:
            id: UUID
            paused: bool = False
        ```
        """,
        entity(3, 'Deployment', 'new'),
        field(4, None, 'Deployment.id', 'UUID'),
        field(5, None, 'Deployment.paused', 'bool', default='False'),
    ),
    'Prisma': case(
        NEW,
        """
        ```prisma
        model Deployment {
          id     String  @id @default(uuid())
          note   String?
        }
        ```
        """,
        entity(2, 'Deployment', 'new'),
        field(3, None, 'Deployment.id', 'String', default='uuid()'),
        field(4, None, 'Deployment.note', 'String', nullable=True),
    ),
    'TypeScript': case(
        NEW,
        """
        ```typescript
        interface Deployment {
          id: string;
          note?: string;
        }
        ```
        """,
        entity(2, 'Deployment', 'new'),
        field(3, None, 'Deployment.id', 'string'),
        field(4, None, 'Deployment.note', 'string', nullable=True),
    ),
    'Rust': case(
        NEW,
        """
        ```rust
        pub struct Deployment {
            pub id: Uuid,
            pub note: Option<String>,
        }
        ```
        """,
        entity(2, 'Deployment', 'new'),
        field(3, None, 'Deployment.id', 'Uuid'),
        field(4, None, 'Deployment.note', 'Option<String>', nullable=True),
    ),
    'Go': case(
        NEW,
        """
        ```go
        type Deployment struct {
            ID   string
            Note *string
        }
        ```
        """,
        entity(2, 'Deployment', 'new'),
        field(3, None, 'Deployment.ID', 'string'),
        field(4, None, 'Deployment.Note', '*string', nullable=True),
    ),
}

OTHERS: dict[str, Case] = {
    'prose': case(NEW, 'The deployments stay where they are, in the database of the serving service.'),
    'a bullet that names nothing': case(NEW, '- Something about storage that is not decided', problems=[('DN108', 1)]),
    'a table without an owner': case(
        MODIFIED,
        """
        | Column | Type |
        |---|---|
        | paused | boolean |
        """,
        problems=[('DN108', 3)],
    ),
}

ALL = ENTITIES | FIELDS | SQL | CLASSES | OTHERS


@pytest.fixture(scope='module')
def pages(build_once: BuildProject) -> Read:
    return Read(build_once, ALL)


@pytest.mark.parametrize(('name', 'syntax'), both(ENTITIES))
def test_an_entity_is_read_from_its_carrier(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(FIELDS))
def test_a_bullet_states_columns_and_constraints(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(SQL))
def test_tables_are_read_from_sql(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == ALL[name].problems


@pytest.mark.parametrize(('name', 'syntax'), both(CLASSES))
def test_tables_are_read_from_classes(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == ALL[name].items
    assert pages.problems(name, syntax) == []


@pytest.mark.parametrize(('name', 'syntax'), both(OTHERS))
def test_what_names_no_entity_is_prose_or_reported(pages: Read, name: str, syntax: str) -> None:
    assert pages.items(name, syntax) == []
    assert pages.problems(name, syntax) == ALL[name].problems


def test_no_case_has_markup_that_a_parser_complains_of(pages: Read) -> None:
    assert pages.built.warnings == []


WHY = {
    'Add `a: text`, encrypted with the key of the practice': 'encrypted with the key of the practice',
    'Add `a: boolean` field (default: false) to track who was asked': 'to track who was asked',
    '`a` (BOOLEAN, nullable): kept for the report': 'kept for the report',
    'Add index on `a` for analytics queries': 'for analytics queries',
    'Drop `a`, replaced by `b`': 'replaced by `b`',
    'Narrow `a` from varchar(255) to varchar(64)': 'from varchar(255) to varchar(64)',
    'Add `a: uuid`, foreign key to `users.id`': '',
    'Add `a: int`': '',
    'Add `a` and `b`': '',
}


@pytest.mark.parametrize('text', WHY)
def test_what_a_bullet_says_behind_its_column_is_kept(build_once: BuildProject, text: str) -> None:
    _, part, *_ = build_once({'note.md': f'# Design Note: X\n\n## {MODIFIED}\n\n**T table:**\n- {text}\n'}).items()
    assert part.body == WHY[text]


def test_what_a_row_says_of_its_change_is_kept(build_once: BuildProject) -> None:
    rows = '| Column | Change |\n|---|---|\n| `a` | dropped one release later |\n| `b` | dropped |'
    _, *parts = build_once({'note.md': f'# Design Note: X\n\n## {MODIFIED}\n\n**T table:**\n\n{rows}\n'}).items()
    assert [(part.change, part.body) for part in parts] == [('drop', 'dropped one release later'), ('drop', '')]


def test_a_unique_index_is_not_called_a_constraint(build_once: BuildProject) -> None:
    listed = '- Add unique index on `a`\n- Add unique constraint on `b`'
    _, *parts = build_once({'note.md': f'# Design Note: X\n\n## {MODIFIED}\n\n**T table:**\n{listed}\n'}).items()
    assert [(part.key, part.title) for part in parts] == [
        ('T unique on a', 'unique index on a'),
        ('T unique on b', 'unique on b'),
    ]
