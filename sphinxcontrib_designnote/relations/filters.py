"""The language of ``:filter:``: comparisons of names with words, joined by ``and``, ``or``, ``not`` and parentheses.

``status in ("draft", "accepted") and not flag and component == "billing"``. It is read by Python's own parser, and of
what that understands only these few forms are taken; nothing is ever executed. A name stands for a set of words, as a
note has several components: ``==`` asks whether one of them is the word, ``!=`` whether none is, and a name alone
whether there is any. Case does not count, and dates compare as text.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping

from sphinxcontrib_designnote.diagnostics import accepted, quote

#: Name to the words that it stands for, all in lower case.
Lookup = Callable[[str], frozenset[str]]
Test = Callable[[Lookup], bool]

#: Characters of a filter: what is longer is no filter, and keeps the parser from deep nesting.
_LONGEST = 500
_ORDER: Mapping[type[ast.cmpop], Callable[[str, str], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FORMS = 'compare a name with a word: status == "draft", release in ("26.08", "26.09"), "web" in component'


class FilterError(ValueError):
    """What stands in a filter is not of its language; the message says what, and what is."""


def read_filter(text: str, names: Collection[str]) -> Test:
    """Return what *text* asks of a row.

    :param names: those that may be asked for.
    :raises FilterError: for anything but the forms above.
    """
    if len(text) > _LONGEST:
        raise FilterError(f'is longer than {_LONGEST} characters')
    try:
        tree = ast.parse(text.strip(), mode='eval')
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FilterError(f'{quote(text)} is no expression; {_FORMS}') from None
    return _Reader(text.strip(), names).read(tree.body)


class _Reader:
    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        self.names = names

    def read(self, node: ast.expr) -> Test:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                tests = [self.read(value) for value in values]
                return lambda look: all(test(look) for test in tests)
            case ast.BoolOp(op=ast.Or(), values=values):
                tests = [self.read(value) for value in values]
                return lambda look: any(test(look) for test in tests)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                test = self.read(operand)
                return lambda look: not test(look)
            case ast.Name():
                name = self.name(node)
                return lambda look: bool(look(name))
            case ast.Compare(left=ast.Constant() as word, ops=[ast.In() | ast.NotIn() as op], comparators=[right]):
                return self.compare(self.name(right), op, self.words(word))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(self.name(left), op, self.words(right))
        raise FilterError(f'{self.shown(node)} is not understood; {_FORMS}')

    def compare(self, name: str, op: ast.cmpop, words: frozenset[str]) -> Test:
        match op:
            case ast.Eq() | ast.In():
                return lambda look: not words.isdisjoint(look(name))
            case ast.NotEq() | ast.NotIn():
                return lambda look: words.isdisjoint(look(name))
        if (order := _ORDER.get(type(op))) is None or len(words) != 1:
            raise FilterError(f'{name} is compared in a way that is not understood; {_FORMS}')
        (limit,) = words
        return lambda look: any(order(word, limit) for word in look(name))

    def name(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Name):
            raise FilterError(f'{self.shown(node)} is no name; {_FORMS}')
        if node.id not in self.names:
            raise FilterError(f'{quote(node.id)} is no name of a filter{accepted(node.id, self.names)}')
        return node.id

    def words(self, node: ast.expr) -> frozenset[str]:
        match node:
            case ast.Constant(value=str() | int() | float() as value) if not isinstance(value, bool):
                return frozenset({str(value).casefold()})
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements) if elements:
                return frozenset().union(*(self.words(element) for element in elements))
        raise FilterError(f'{self.shown(node)} is no word; write words in quotes')

    def shown(self, node: ast.expr) -> str:
        """Return *node* as its author wrote it."""
        return quote(ast.get_source_segment(self.text, node) or '')
