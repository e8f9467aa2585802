"""The rules and the engine that runs them.

What stands in ``__all__`` is all that a project's own rules need (``designnote_rules_extra``), and stays as it is.
"""

from __future__ import annotations

from sphinxcontrib_designnote.diagnostics import Severity, SourceLocation
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph, Subject
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Rule, RuleSettings, Scope, rule

__all__ = [
    'Graph',
    'Item',
    'Note',
    'NoteView',
    'Report',
    'Rule',
    'RuleSettings',
    'Scope',
    'Severity',
    'SourceLocation',
    'Subject',
    'rule',
]
