"""All rules, in the order of their codes."""

from __future__ import annotations

from sphinxcontrib_designnote.rules import (
    api,
    breaking,
    data,
    offstate,
    plan,
    promises,
    references,
    rollout,
    security,
    structure,
    testing,
    undeclared,
)
from sphinxcontrib_designnote.rules.engine import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *structure.RULES,
            *references.RULES,
            *undeclared.RULES,
            *api.RULES,
            *breaking.RULES,
            *promises.RULES,
            *data.RULES,
            *security.RULES,
            *rollout.RULES,
            *plan.RULES,
            *offstate.RULES,
            *testing.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
