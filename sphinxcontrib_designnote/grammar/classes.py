"""Tables written as classes: SQLAlchemy, Django and dataclasses by Python's own parser, others line by line."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from sphinxcontrib_designnote.grammar.columns import Part
from sphinxcontrib_designnote.grammar.sql import TableChange

_LIMIT = 50_000
#: Calls that declare a column, of SQLAlchemy and SQLModel; and the modules of Django's fields.
_COLUMNS = frozenset({'Column', 'mapped_column', 'Field', 'db.Column', 'sa.Column', 'relationship'})
_OPENING = re.compile(
    r'^\s*(?:(?:export|pub|public|@\w+(?:\([^()]{0,100}\))?)\s+)*(?:(?:class|struct|model|interface|type|entity|table)\s+'
    r'(?P<name>[A-Za-z_]\w{0,100})\b[^{;\n]{0,100}\{|type\s+(?P<go>[A-Za-z_]\w{0,100})\s+struct\s*\{)\s*$'
)
#: ``name: Type`` of TypeScript and Rust, ``name Type`` of Prisma and Go.
_MEMBER = re.compile(
    r'^\s*(?:pub(?:\([^()]{0,20}\))?\s+|public\s+|private\s+|readonly\s+)*(?P<name>[A-Za-z_]\w{0,100})(?P<optional>\??)'
    r'(?:\s*:\s*|\s+)(?P<type>[*A-Za-z_][\w<>\[\].|?*:]{0,100})(?P<rest>.{0,200})$'
)
IS_CLASS = re.compile(r'^[ \t]*(?:\w+[ \t]+){0,3}(?:class|struct|model|interface|type|entity|table)\s+\w', re.MULTILINE)


def read_classes(text: str) -> list[TableChange]:
    """Read the classes of a block of code as tables; their change is not said. Nothing is executed."""
    if len(text) > _LIMIT:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # they are about the author's code
            module = ast.parse(text)
        return [change for node in module.body if isinstance(node, ast.ClassDef) for change in _python_class(node)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return list(_by_lines(text.split('\n')))


def _python_class(node: ast.ClassDef) -> Iterator[TableChange]:
    change = TableChange(table=node.name, change='', line=node.lineno - 1)
    for statement in node.body:
        name, value, annotation = _assignment(statement)
        if name == '__tablename__' and isinstance(value, ast.Constant) and isinstance(value.value, str):
            change.stored_as = value.value
        elif name and not name.startswith('__') and (part := _member(name, value, annotation)) is not None:
            change.parts.append((part, statement.lineno - 1))
    if change.parts or change.stored_as:
        yield change


def _assignment(statement: ast.stmt) -> tuple[str, ast.expr | None, ast.expr | None]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value, statement.annotation
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value, None
    return '', None, None


def _member(name: str, value: ast.expr | None, annotation: ast.expr | None) -> Part | None:
    options: dict[str, str] = {}
    type_ = ast.unparse(annotation) if annotation is not None else ''
    if type_.startswith('Mapped['):
        type_ = type_[7:-1]
    if isinstance(value, ast.Call):
        called = ast.unparse(value.func)
        if called.split('.')[-1] == 'relationship' or not (
            called in _COLUMNS or called.split('.')[-1] in _COLUMNS or called.split('.')[-1].endswith('Field')
            or called.startswith('models.')
        ):  # fmt: skip
            return None
        if called.startswith('models.') or (called.endswith('Field') and called != 'Field'):
            type_ = type_ or called.split('.')[-1]
        for argument in value.args if not type_ else ():
            text = ast.unparse(argument)
            if not text.startswith(("'", '"', 'ForeignKey', 'sa.ForeignKey', 'db.ForeignKey')):
                type_ = text
                break
        for keyword in value.keywords:
            if keyword.arg in ('nullable', 'null') and isinstance(keyword.value, ast.Constant):
                options['nullable'] = 'yes' if keyword.value.value else 'no'
            elif keyword.arg in ('default', 'server_default'):
                options['default'] = ast.unparse(keyword.value).strip('\'"')
    elif annotation is None:
        return None
    elif value is not None:
        options['default'] = ast.unparse(value).strip('\'"')
    type_ = re.sub(r'^(?:sa|db|models)\.', '', ' '.join(type_.split()))[:100]
    return Part(kind='field', argument=f'{name}: {type_}' if type_ else name, options=options)


def _by_lines(lines: list[str]) -> Iterator[TableChange]:
    change: TableChange | None = None
    depth = 0
    for number, line in enumerate(lines):
        text = line[:500]
        if change is None:
            if opening := _OPENING.match(text.split('//')[0].rstrip()):
                change = TableChange(table=opening['name'] or opening['go'], change='', line=number)
                depth = 1
            continue
        depth += text.count('{') - text.count('}')
        if depth <= 0:
            yield change
            change = None
        elif (
            depth == 1
            and '@relation' not in text
            and (member := _MEMBER.match(text.split('//')[0].rstrip().rstrip(',;')))
        ):
            type_ = member['type'].rstrip(',;')
            optional = bool(member['optional']) or type_.endswith('?') or type_.startswith(('Option<', '*'))
            options = {'nullable': 'yes'} if optional else {}
            if default := re.search(r'@default\((?P<value>[^()]{0,60}(?:\(\))?)\)', member['rest']):
                options['default'] = default['value'].strip('"')
            argument = f'{member["name"]}: {type_.rstrip("?")}'
            change.parts.append((Part(kind='field', argument=argument, options=options), number))
    if change is not None:
        yield change
