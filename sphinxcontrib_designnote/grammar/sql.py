"""``CREATE TABLE``, ``ALTER TABLE`` and the like, read by sqlglot, which is loaded when a note holds SQL."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinxcontrib_designnote.grammar.columns import Part

if TYPE_CHECKING:
    from sqlglot import exp

#: Characters of one block that are parsed; no note has more, and the parser's time must stay small.
LONGEST = 50_000
_TYPE = re.compile(r'["`\]]?\s+(?P<type>[A-Za-z]\w{0,60}(?:\s?\([^()]{0,60}\))?(?:\[\]){0,3})')
#: On brackets behind one another, which no change of a table has, the parser spends quadratic time.
_CHAIN = re.compile(r'(?:\[[^\[\]]{0,80}\]\s{0,9}){9}')
#: Where a statement begins.
IS_SQL = re.compile(r'^[ \t]*(?:CREATE|ALTER|DROP)\s+(?:\w+\s+){0,3}(?:TABLE|INDEX)\b', re.IGNORECASE | re.MULTILINE)

#: What does not say which table it changes.
_OF_INDEX = re.compile(r'[ \t]*(?:ALTER|DROP)\s+(?:\w+\s+){0,2}INDEX\b', re.IGNORECASE)


@dataclass(kw_only=True, slots=True)
class TableChange:
    """What a script does to one table."""

    table: str
    #: new, changed or removed.
    change: str
    #: 0-based line of the script.
    line: int
    #: Name in the database, where a class has another.
    stored_as: str = ''
    #: Each with its 0-based line.
    parts: list[tuple[Part, int]] = field(default_factory=list)


def read_sql(text: str) -> tuple[list[TableChange], list[int]]:
    """Read the changes of a script, in its order; what is no change of a table's shape is passed over.

    :param text: no longer than :data:`LONGEST`.
    :return: the changes, and the 0-based lines on which statements begin that could not be read.

    Never raises on what an author wrote; nothing is executed.
    """
    changes: list[TableChange] = []
    broken: list[int] = []
    starts = [match.start() for match in IS_SQL.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line = text.count('\n', 0, start)
        found = _read_statement(text[start:end])
        if not (found or _OF_INDEX.match(text, start)):
            broken.append(line)
        for change in found:
            change.line += line
            change.parts = [(part, at + line) for part, at in change.parts]
            changes.append(change)
    return changes, broken


def _read_statement(text: str) -> list[TableChange]:
    """Read one statement, whose author may have left out the semicolon: a flaw in one does not spoil the others."""
    import sqlglot

    if _CHAIN.search(text):
        return []
    log = logging.getLogger('sqlglot')
    level = log.level
    log.setLevel(logging.CRITICAL)  # it reports to the console what its dialect lacks; we report what we cannot read
    changes: list[TableChange] = []
    try:
        for dialect in ('postgres', 'mysql'):
            parsed: list[exp.Expr | None] = []
            # A script that is broken makes the parser, and what looks into its tree, raise anything.
            with contextlib.suppress(Exception):
                parsed = list(sqlglot.parse(text, read=dialect, error_level=sqlglot.ErrorLevel.IGNORE))
                made = (change for each in parsed if each is not None for change in _changes(each, text, dialect))
                changes = [change for change in made if change.table]
            for change in changes:
                change.parts = [(part, at) for part, at in change.parts if part.argument]
            if changes and not any(each.key == 'command' for each in parsed if each is not None):
                break
    finally:
        log.setLevel(level)
    return changes


def _changes(statement: exp.Expr, text: str, dialect: str) -> Iterator[TableChange]:
    from sqlglot import exp

    if isinstance(statement, exp.Create) and statement.kind == 'TABLE':
        yield _created(statement, text, dialect)
    elif isinstance(statement, exp.Create) and statement.kind == 'INDEX':
        yield from _index(statement, text)
    elif isinstance(statement, exp.Drop) and statement.args.get('kind') == 'TABLE':
        for table in statement.args.get('tables') or [statement.this]:
            yield TableChange(table=table.name, change='removed', line=_line(table, text))
    elif isinstance(statement, exp.Alter):
        table = statement.this
        change = TableChange(table=table.name, change='changed', line=_line(table, text))
        for action in statement.args.get('actions') or ():
            change.parts += [(part, _line(action, text)) for part in _altered(action, text, dialect)]
        yield change


def _line(node: exp.Expr, text: str) -> int:
    """Return the 0-based line of the first name in *node*."""
    from sqlglot import exp

    identifiers = [node] if isinstance(node, exp.Identifier) else list(node.find_all(exp.Identifier))
    starts = [start for each in identifiers if isinstance(start := each.meta.get('start'), int)]
    return text.count('\n', 0, min(starts)) if starts else 0


def _created(statement: exp.Create, text: str, dialect: str) -> TableChange:
    from sqlglot import exp

    schema = statement.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    change = TableChange(table=table.name, change='new', line=_line(table, text))
    for each in schema.expressions if isinstance(schema, exp.Schema) else ():
        parts = (
            _column(each, text, dialect, None)
            if isinstance(each, exp.ColumnDef)
            else _constraints(each, 'add', dialect)
        )
        change.parts += [(part, _line(each, text)) for part in parts]
    return change


def _altered(action: exp.Expr, text: str, dialect: str) -> Iterator[Part]:
    from sqlglot import exp

    if isinstance(action, exp.ColumnDef):
        yield from _column(action, text, dialect, 'add')
    elif isinstance(action, exp.RenameColumn):
        yield _field(action.args['to'].name, '', {'change': 'rename', 'renamed-from': action.this.name})
    elif isinstance(action, exp.Drop):
        for dropped in action.args.get('tables') or [action.this]:
            if action.args.get('kind') == 'COLUMN':
                yield _field(dropped.name, '', {'change': 'drop'})
            else:
                yield Part(kind='constraint', argument=dropped.name, options={'change': 'drop'})
    elif isinstance(action, (exp.AlterColumn, exp.ModifyColumn)):
        yield from _modified(action, text, dialect)
    elif isinstance(action, exp.AddConstraint):
        for constraint in action.expressions:
            yield from _constraints(constraint, 'add', dialect)


def _modified(action: exp.Expr, text: str, dialect: str) -> Iterator[Part]:
    from sqlglot import exp

    if isinstance(action.this, exp.ColumnDef):
        yield from _column(action.this, text, dialect, 'modify')
        return
    options = {'change': 'modify'}
    if (allowed := action.args.get('allow_null')) is not None:
        options['nullable'] = 'yes' if allowed else 'no'
    if (default := action.args.get('default')) is not None:
        options['default'] = default.sql(dialect=dialect)
    dtype = action.args.get('dtype')
    yield _field(action.this.name, dtype.sql(dialect=dialect) if dtype is not None else '', options)


def _column(column: exp.ColumnDef, text: str, dialect: str, change: str | None) -> Iterator[Part]:
    from sqlglot import exp

    options = {'change': change} if change else {}
    extra: list[Part] = []
    for constraint in column.args.get('constraints') or ():
        kind = constraint.kind
        if isinstance(kind, exp.NotNullColumnConstraint):
            options['nullable'] = 'yes' if kind.args.get('allow_null') else 'no'
        elif isinstance(kind, exp.DefaultColumnConstraint):
            options['default'] = kind.this.sql(dialect=dialect).strip("'") or "''"
        elif isinstance(kind, exp.Reference):
            target = kind.this
            columns = [each.name for each in target.expressions] if isinstance(target, exp.Schema) else []
            table = target.this.name if isinstance(target, exp.Schema) else target.name
            extra.append(_constraint('foreign-key', (column.name,), 'add', '.'.join((table, *columns[:1]))))
        elif isinstance(kind, (exp.UniqueColumnConstraint, exp.PrimaryKeyColumnConstraint)):
            unique = isinstance(kind, exp.UniqueColumnConstraint)
            extra.append(_constraint('unique' if unique else 'primary-key', (column.name,), 'add'))
    yield _field(column.name, _type_of(column, text, dialect), options)
    yield from extra


def _type_of(column: exp.ColumnDef, text: str, dialect: str) -> str:
    """Return the type of a column as its author wrote it; as the parser writes it, where it has several words."""
    if column.kind is None:
        return ''
    told = column.kind.sql(dialect=dialect)
    end = column.this.meta.get('end')
    written = _TYPE.match(text, end + 1) if isinstance(end, int) else None
    return written['type'] if written and ' ' not in told.partition('(')[0] else told


def _field(name: str, type_: str, options: dict[str, str]) -> Part:
    return Part(kind='field', argument=f'{name}: {type_}' if type_ else name, options=options)


def _constraint(kind: str, columns: tuple[str, ...], change: str, references: str = '') -> Part:
    options = {'change': change, **({'references': references} if references else {})}
    return Part(kind='constraint', argument=f'{kind} on {", ".join(columns)}', options=options)


def _constraints(node: exp.Expr, change: str, dialect: str) -> Iterator[Part]:
    from sqlglot import exp

    kinds = {
        exp.PrimaryKey: 'primary-key',
        exp.UniqueColumnConstraint: 'unique',
        exp.ForeignKey: 'foreign-key',
        exp.CheckColumnConstraint: 'check',
    }
    for inner in node.find_all(*kinds):
        kind = kinds[type(inner)]
        columns = tuple(dict.fromkeys(each.name for each in _own_columns(inner)))
        reference = inner.args.get('reference')
        target = ''
        if reference is not None and isinstance(reference.this, exp.Schema):
            target = '.'.join((reference.this.this.name, *[each.name for each in reference.this.expressions][:1]))
        if columns:
            yield _constraint(kind, columns, change, target)


def _own_columns(node: exp.Expr) -> Iterator[exp.Expr]:
    from sqlglot import exp

    if isinstance(node, exp.CheckColumnConstraint):
        yield from node.find_all(exp.Column)
    elif isinstance(node, exp.UniqueColumnConstraint) and isinstance(node.this, exp.Schema):
        yield from node.this.expressions
    else:
        for each in node.expressions:
            yield from each.find_all(exp.Identifier)


def _index(statement: exp.Create, text: str) -> Iterator[TableChange]:
    from sqlglot import exp

    index = statement.this
    table = index.args.get('table')
    if table is None:
        return
    params = index.args.get('params')
    columns = tuple(dict.fromkeys(c.name for c in (params.args.get('columns') or ()) if c.name)) if params else ()
    options = {'change': 'add'}
    if statement.args.get('concurrently'):
        options['online'] = 'yes'
    where = params.args.get('where') if params else None
    if isinstance(where, exp.Where):
        options['where'] = where.this.sql()
    kind = 'unique' if statement.args.get('unique') else 'index'
    argument = f'{kind} on {", ".join(columns)}' if columns else index.name
    part = Part(kind='constraint', argument=argument, options=options)
    yield TableChange(table=table.name, change='changed', line=_line(index, text), parts=[(part, _line(index, text))])
