"""``designnote rules``, ``explain`` and ``schema``, and what ``--help`` says of every command."""

from __future__ import annotations

import json
import sys
from importlib.resources import files

import pytest

from sphinxcontrib_designnote.cli import COMMANDS
from sphinxcontrib_designnote.rules.catalogue import RULES
from tests.cli.conftest import Run, Write


def test_every_rule_is_listed_on_a_line(run: Run) -> None:
    ran = run('rules')
    assert [line.split()[:3] for line in ran.lines] == [[rule.code, rule.name, str(rule.severity)] for rule in RULES]
    (line,) = [line for line in ran.lines if line.startswith('DN301 ')]
    assert line.endswith('  warning  A new or changed endpoint does not say who may call it.')


def test_the_list_is_data_too(run: Run) -> None:
    records = json.loads('\n'.join(run('rules', '--format', 'json').lines))
    assert [record['code'] for record in records] == [rule.code for rule in RULES]
    assert [record for record in records if record['code'] == 'DN301'] == [
        {
            'code': 'DN301',
            'name': 'endpoint-without-authorization',
            'severity': 'warning',
            'scope': 'note',
            'summary': 'A new or changed endpoint does not say who may call it.',
        }
    ]


@pytest.mark.parametrize('name', ['DN990', 'rule-crashed'])
def test_so_is_the_one_that_the_engine_finds_itself(run: Run, name: str) -> None:
    ran = run('explain', name)
    assert (ran.status, ran.lines[0]) == (0, 'DN990 rule-crashed (error)')


@pytest.mark.parametrize('name', ['DN301', 'endpoint-without-authorization'])
def test_a_rule_is_explained_by_its_page(run: Run, name: str) -> None:
    ran = run('explain', name)
    assert ran.status == 0
    assert ran.lines[:6] == [
        'DN301 endpoint-without-authorization (warning)',
        '',
        'A new or changed endpoint does not say who may call it.',
        '',
        'Why. What nobody has decided, the implementation decides, and its default is often "anyone".',
        '',
    ]
    assert '    .. endpoint:: POST /serving/auto-config' in ran.lines


def test_several_rules_are_explained_one_after_another(run: Run) -> None:
    lines = run('explain', 'DN301', 'DN105').lines
    assert [line for line in lines if line.endswith((' (warning)', ' (error)'))] == [
        'DN301 endpoint-without-authorization (warning)',
        'DN105 invalid-value (error)',
    ]


def test_a_rule_that_does_not_exist_cannot_be_explained(run: Run) -> None:
    ran = run('explain', 'DN105', 'invalid-valeu')
    message = "'invalid-valeu' is no rule; did you mean 'invalid-value'? ('designnote rules' lists them)"
    assert (ran.status, ran.lines, ran.errors) == (2, [], [f'designnote: {message}'])


def test_terminals_get_colours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: True)
    monkeypatch.setenv('TERM', 'xterm')
    assert '\x1b' not in ''.join(run('rules').lines).replace('\x1b[0m', '')
    monkeypatch.delenv('NO_COLOR')
    assert '\x1b[33mwarning\x1b[0m' in ''.join(run('rules').lines)


def test_the_schema_is_that_of_the_package(run: Run, write: Write) -> None:
    shipped = files('sphinxcontrib_designnote.outputs').joinpath('designnote.schema.json').read_text('utf-8')
    assert run('schema').lines == shipped.splitlines()
    write({'docs/conf.py': "designnote_kinds = {'risk': {}}\n"})
    with_kind = json.loads('\n'.join(run('schema', '--project', 'docs').lines))
    assert set(with_kind['$defs']) - set(json.loads(shipped)['$defs']) == {'kind-risk'}


@pytest.mark.parametrize('argv', [('rules',), ('explain', 'DN301'), ('schema',)])
def test_a_project_that_does_not_exist_is_a_mistake(run: Run, argv: tuple[str, ...]) -> None:
    ran = run(*argv, '--project', 'dosc')
    assert (ran.status, ran.lines, ran.errors) == (2, [], ["designnote: --project: 'dosc' is no folder"])


@pytest.mark.parametrize('argv', [(), *((command.name,) for command in COMMANDS)], ids=str)
def test_help_has_examples(run: Run, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*argv, '--help')
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    prefix = ' '.join(('  designnote', *argv))
    assert [line for line in shown.partition('examples:\n')[2].splitlines() if line.startswith(prefix)]


def test_the_rules_of_a_project_are_listed_explained_and_chosen(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = (
        'from sphinxcontrib_designnote.rules import Report, Scope, Severity, rule\n\n\n'
        "@rule('ORD001', 'no-delete', Severity.ERROR, Scope.ITEM)\n"
        'def no_delete(item, view):\n'
        '    """Orders are never deleted."""\n'
        "    if item.kind == 'endpoint':\n"
        "        yield Report(message='orders are never deleted; cancel them', about=item)\n"
    )
    conf = (
        "extensions = ['myst_parser', 'sphinxcontrib_designnote']\n"
        "designnote_rules_extra = ['own_rules_of_orders.no_delete']\n"
    )
    root = write({'lib/own_rules_of_orders.py': module, 'docs/conf.py': conf, 'docs/index.md': '# Design Note: N\n\n'
                  '```{endpoint} DELETE /orders/{id}\n```\n'})  # fmt: skip
    monkeypatch.syspath_prepend(root / 'lib')
    assert run('rules', '--project', 'docs').lines[-1].split()[:3] == ['ORD001', 'no-delete', 'error']
    assert run('explain', 'no-delete', '--project', 'docs').lines[2] == 'Orders are never deleted.'
    assert run('explain', 'no-delete').status == 2
    for chosen in ('ORD001', 'ORD', 'no-delete'):
        assert run('check', 'docs', '--select', chosen).lines[:-1] == [
            'docs/index.md:3: error: orders are never deleted; cancel them [ORD001 no-delete]',
            'docs/index.md: 1 error, 0 warnings (ORD001)',
        ]
