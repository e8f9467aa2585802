"""The documentation of a rule as text that is read where no markup is rendered."""

from __future__ import annotations

import inspect
import re

from sphinxcontrib_designnote.rules.definition import Rule

_BOLD = re.compile(r'\*\*([^*\n]{1,200})\*\*')
_LITERAL = re.compile(r'``([^`\n]{1,500})``')


def summary(rule: Rule) -> str:
    """Return the first paragraph of the rule's page on one line; empty where it has none."""
    return _plain(' '.join(inspect.cleandoc(rule.doc).partition('\n\n')[0].split()))


def reason(rule: Rule) -> str:
    """Return on one line why the rule's finding matters; empty where its page does not say."""
    label = 'Why. '
    paragraphs = (' '.join(paragraph.split()) for paragraph in readable(rule).split('\n\n'))
    return next((text.removeprefix(label) for text in paragraphs if text.startswith(label)), '')


def readable(rule: Rule) -> str:
    """Return the rule's page; of reStructuredText only what reads as plain text is left."""
    lines = []
    for line in inspect.cleandoc(rule.doc).splitlines():
        if not line.startswith(' '):  # what is indented is an example
            line = _plain(line.removesuffix(' ::') if line.endswith(' ::') else line)
            line = line[:-1] if line.endswith('::') else line
        lines.append(line)
    return '\n'.join(lines)


def _plain(text: str) -> str:
    return _LITERAL.sub(r'`\1`', _BOLD.sub(r'\1', text))
