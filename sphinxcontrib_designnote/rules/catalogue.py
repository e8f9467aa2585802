"""All rules, in the order of their codes."""

from __future__ import annotations

from sphinxcontrib_designnote.rules import api, data, references, rollout, security, structure, testing, undeclared
from sphinxcontrib_designnote.rules.engine import Rule

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *references.RULES,
    *undeclared.RULES,
    *api.RULES,
    *data.RULES,
    *security.RULES,
    *rollout.RULES,
    *testing.RULES,
)
