"""All rules, in the order of their codes."""

from __future__ import annotations

from sphinxcontrib_designnote.rules import (
    across,
    agreement,
    api,
    authorization,
    breaking,
    contraction,
    data,
    drops,
    flags,
    needed,
    offstate,
    plan,
    privacy,
    promises,
    references,
    rollout,
    rows,
    security,
    structure,
    suspects,
    testing,
    undeclared,
    unreadable,
)
from sphinxcontrib_designnote.rules.definition import Rule
from sphinxcontrib_designnote.rules.engine import rule_crashed

_MODULES = (
    *(structure, unreadable, references, suspects, undeclared, api, breaking, promises),
    *(data, rows, drops, contraction, agreement, security, authorization, privacy),
    *(flags, rollout, plan, offstate, testing, across, needed),
)

RULES: tuple[Rule, ...] = tuple(
    sorted((*(rule for module in _MODULES for rule in module.RULES), rule_crashed), key=lambda rule: rule.code)
)
