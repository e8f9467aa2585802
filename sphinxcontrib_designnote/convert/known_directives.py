"""Directives that both syntaxes have, by what their body is."""

from __future__ import annotations

#: The body is markup.
CONTAINERS = frozenset(
    {
        *('note', 'warning', 'tip', 'hint', 'important', 'caution', 'danger', 'attention', 'error', 'admonition'),
        *('seealso', 'topic', 'sidebar', 'container', 'figure', 'rubric', 'versionadded', 'versionchanged'),
        *('deprecated', 'table', 'epigraph', 'pull-quote', 'compound', 'only'),
    }
)
#: The body is not, or there is none.
LITERAL = frozenset(
    {
        *('code-block', 'code', 'sourcecode', 'literalinclude', 'math', 'image', 'csv-table', 'list-table', 'toctree'),
        *('include', 'mermaid', 'graphviz', 'uml', 'plantuml', 'contents', 'index', 'highlight', 'parsed-literal'),
    }
)
