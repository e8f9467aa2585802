"""Loads a project's own rules: dotted paths to what :func:`~sphinxcontrib_designnote.rules.definition.rule` made."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sphinxcontrib_designnote.diagnostics import did_you_mean, quote
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.rules.definition import Rule, Scope

_CODE = re.compile(r'(?!DN)[A-Z]{2,10}[0-9]{1,5}')
_NAME = re.compile(r'[a-z][a-z0-9]{0,60}(?:-[a-z0-9]{1,60}){0,20}')


def with_extra_rules(builtin: Sequence[Rule], paths: Sequence[str]) -> tuple[Rule, ...]:
    """Return the *builtin* rules and those at *paths*, in the order of their codes.

    :raises DeclarationError: when one cannot be imported, is no rule, or has what another one has.
    """
    rules = list(builtin)
    for path in dict.fromkeys(paths):
        extra = _imported(path)
        _check(path, extra, rules)
        rules.append(extra)
    return tuple(sorted(rules, key=lambda each: each.code))


def _imported(path: str) -> Rule:
    module_name, _, name = path.rpartition('.')
    if not all(part.isidentifier() for part in path.split('.')) or not module_name:
        raise DeclarationError(f"{path!r} is no dotted path to a rule; write one such as 'myproject.rules.no_delete'")
    try:
        module = importlib.import_module(module_name)
    except SyntaxError as error:
        raise DeclarationError(f'{path!r}: {error.filename}, line {error.lineno}: {error.msg}') from None
    except BaseException as error:  # whatever the project's module does when it is imported
        if isinstance(error, KeyboardInterrupt):
            raise
        hint = '; conf.py may put its folder on sys.path' if isinstance(error, ModuleNotFoundError) else ''
        said = quote(str(error), 200) if str(error) else 'no message'
        raise DeclarationError(f'{path!r} cannot be imported: {type(error).__name__}: {said}{hint}') from None
    known = [each for each, value in vars(module).items() if isinstance(value, Rule)]
    found: Any = getattr(module, name, None)
    if isinstance(found, Rule):
        return found
    if found is None:
        raise DeclarationError(f'{path!r}: {module_name} has no {name!r}{did_you_mean(name, known)}')
    decorator = 'sphinxcontrib_designnote.rules.rule'
    raise DeclarationError(f'{path!r} is a {type(found).__name__} and no rule; decorate the function with {decorator}')


def _check(path: str, extra: Rule, rules: Sequence[Rule]) -> None:
    if _CODE.fullmatch(str(extra.code)) is None:
        raise DeclarationError(
            f"{path!r} has the code {extra.code!r}; it must be capital letters, not 'DN', and digits, such as 'ORD001'"
        )
    if _NAME.fullmatch(str(extra.name)) is None:
        raise DeclarationError(
            f"{path!r} has the name {extra.name!r}; it must be words in small letters, such as 'no-delete'"
        )
    if extra.scope is Scope.ENGINE:
        accepted = ', '.join(scope for scope in Scope if scope is not Scope.ENGINE)
        raise DeclarationError(f"{path!r} has the scope 'engine', which is not for rules (accepted: {accepted})")
    kinds: object = extra.kinds
    if not isinstance(kinds, (tuple, list)):
        raise DeclarationError(f"{path!r} has the kinds {kinds!r}; they must be a list, such as ['endpoint']")
    thresholds: object = extra.thresholds
    if not isinstance(thresholds, Mapping) or any(type(n) is not int or n < 0 for n in thresholds.values()):
        raise DeclarationError(
            f'{path!r} has the thresholds {thresholds!r}; they must be names with whole numbers, 0 or more, such as '
            "{'max-endpoints': 10}"
        )
    for other in rules:
        for what, mine, theirs in (('code', extra.code, other.code), ('name', extra.name, other.name)):
            if mine == theirs:
                raise DeclarationError(
                    f'{path!r} has the {what} {mine!r}, which {other.code} ({other.name}) has; choose another'
                )
        for threshold in extra.thresholds:
            if threshold in other.thresholds:
                raise DeclarationError(
                    f'{path!r} has the threshold {threshold!r}, which {other.code} ({other.name}) has; choose another'
                )
