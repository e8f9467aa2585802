"""``designnote rules`` and ``designnote explain``: what is checked, and why."""

from __future__ import annotations

import argparse
import json

from rich.text import Text

from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import rules_of
from sphinxcontrib_designnote.cli.terminal import STYLES, console
from sphinxcontrib_designnote.diagnostics import did_you_mean
from sphinxcontrib_designnote.outputs.rule_pages import readable, summary
from sphinxcontrib_designnote.rules.definition import Rule


def _list(arguments: argparse.Namespace) -> int:
    rules = rules_of(arguments.project)
    if arguments.format == 'json':
        print(json.dumps([_record(rule) for rule in rules], indent=1))
        return Exit.CLEAN
    code_width, name_width = (max(len(text) for text in texts) for texts in zip(*_labels(rules), strict=True))
    out = console()
    for rule in rules:
        severity = str(rule.severity)
        out.print(
            Text.assemble(
                f'{rule.code:<{code_width}}  {rule.name:<{name_width}}  ',
                (f'{severity:<7}', STYLES.get(severity, '')),
                f'  {summary(rule)}',
            )
        )
    return Exit.CLEAN


def _labels(rules: tuple[Rule, ...]) -> list[tuple[str, str]]:
    return [(rule.code, rule.name) for rule in rules]


def _record(rule: Rule) -> dict[str, str]:
    return {
        'code': rule.code,
        'name': rule.name,
        'severity': str(rule.severity),
        'scope': str(rule.scope),
        'summary': summary(rule),
    }


def _explain(arguments: argparse.Namespace) -> int:
    rules = rules_of(arguments.project)
    named = {name: rule for rule in rules for name in (rule.code, rule.name)}
    for name in arguments.rules:
        if name not in named:
            raise UsageError(f"{name!r} is no rule{did_you_mean(name, named)} ('designnote rules' lists them)")
    out = console()
    for number, rule in enumerate(named[name] for name in arguments.rules):
        if number:
            out.print()
        severity = str(rule.severity)
        heading = (f'{rule.code} {rule.name}', 'bold')
        out.print(Text.assemble(heading, ' (', (severity, STYLES.get(severity, '')), ')\n'))
        out.print(Text(readable(rule) or 'The rule has no documentation.'))
    return Exit.CLEAN


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--project', metavar='DIR', help="with the project's own rules")


def _add_list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--format', choices=('text', 'json'), default='text', help='lines (the default), or JSON')
    _add_project(parser)


def _add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('rules', nargs='+', metavar='RULE', help="code or name: 'DN301', 'flag-without-default'")
    _add_project(parser)


RULES_COMMAND = Command(
    name='rules',
    summary='list the rules',
    description='List the rules: code, name, the severity that each has by default, and what it finds.',
    examples="""\
examples:
  designnote rules
  designnote rules --format json
  designnote rules --project docs
""",
    add_arguments=_add_list_arguments,
    run=_list,
)

EXPLAIN = Command(
    name='explain',
    summary='explain a rule: what it finds, why that matters, what to write instead',
    description='Print the documentation of rules.',
    examples="""\
examples:
  designnote explain DN301
  designnote explain flag-without-default DN607 | less
""",
    add_arguments=_add_explain_arguments,
    run=_explain,
)
