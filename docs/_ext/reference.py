"""Directives that write the reference from the code: kinds, configuration, rules, profiles, commands."""

from __future__ import annotations

import argparse
import inspect
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from sphinxcontrib_designnote.cli import COMMANDS
from sphinxcontrib_designnote.conf_values import CONFIG_VALUES
from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.grammar.profile import Section
from sphinxcontrib_designnote.grammar.profiles import builtin_profiles
from sphinxcontrib_designnote.grammar.profiles.keys import PROFILE_KEYS, SECTION_KEYS
from sphinxcontrib_designnote.model.schema import NOTE, Kind, Option, builtin_vocabulary
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule
from sphinxcontrib_designnote.views import VIEWS

#: How many headings of a section the reference lists.
_SHOWN = 12
#: Where the examples of the rules are.
_CASES = Path(__file__).parents[2] / 'tests' / 'rules' / 'cases'


class Reference(SphinxDirective):
    """Parses what :meth:`lines` yields as reStructuredText in place of itself."""

    def run(self) -> list[nodes.Node]:
        """Return the parsed text, sections included."""
        return self.parse_text_to_nodes('\n'.join(self.lines()), allow_section_headings=True)

    def lines(self) -> Iterator[str]:
        """Yield reStructuredText."""
        raise NotImplementedError


class Kinds(Reference):
    """Every kind of item with its options, and the links between kinds."""

    def lines(self) -> Iterator[str]:
        """Yield a section for the common options, one a kind, and one for the links."""
        vocabulary = builtin_vocabulary()
        own = {
            kind.name: [option for option in kind.options.values() if not _is_common(option)]
            for kind in vocabulary.kinds.values()
        }
        yield from _heading('Options of every kind')
        yield from _options([option for option in vocabulary.kinds[NOTE].options.values() if _is_common(option)])
        for kind in vocabulary.kinds.values():
            yield from _heading(kind.name)
            yield from (
                _literals(kind.doc),
                '',
                f':Directive: ``.. {kind.name}::{_argument(kind)}``',
                f':Role: ``:dn:{kind.role}:``',
            )
            if slots := dict.fromkeys(kind.slots.values()):
                yield f':Slot: {", ".join(f"``{slot}``" for slot in slots)}'
            if kind.parts:
                yield f':Holds: {", ".join(f"``{part}``" for part in kind.parts)}'
            if kind.words:
                yield f':Accepts: {", ".join(f"``{word}``" for word in kind.words)}'
            yield ''
            yield from _options(own[kind.name])
        yield from _heading('Links')
        rows = [
            (f'``{link.name}``', link.inverse, _names(link.sources), _names(link.targets))
            for link in vocabulary.links.values()
        ]
        yield from _table(('Link', 'Seen from the other end', 'From', 'To'), rows)


class Configuration(Reference):
    """Every value of ``conf.py``."""

    def lines(self) -> Iterator[str]:
        """Yield a ``confval`` a value."""
        for value in CONFIG_VALUES:
            yield from (
                f'.. confval:: {value.name}',
                f'   :type: {" or ".join(f"``{t.__name__}``" for t in value.types)}',
            )
            yield from (f'   :default: ``{value.default!r}``', '', f'   {value.doc}', '')


class Views(Reference):
    """Every directive that shows something."""

    def lines(self) -> Iterator[str]:
        """Yield a section a directive, with its options."""
        for view in VIEWS.values():
            yield from _heading(view.name)
            yield from (_literals(view.doc), '')
            if view.argument:
                yield from (f':Argument: {_literals(view.argument)}', '')
            rows = [(f'``:{name}:``', _literals(doc)) for name, doc in view.options.items()]
            yield from _table(('Option', 'What it does'), rows) if rows else ()


class Rules(Reference):
    """Every rule of the catalogue, each with a page of its own."""

    def lines(self) -> Iterator[str]:
        """Yield a table of all rules, and the tree of their pages."""
        rows = [(f':doc:`rules/{rule.code}`', f'``{rule.name}``', *_facts(rule)) for rule in RULES]
        yield from _table(('Code', 'Name', 'Severity', 'Looks at'), rows)
        yield from ('.. toctree::', '   :hidden:', '', *(f'   rules/{rule.code}' for rule in RULES), '')


def write_rule_pages(app: Sphinx) -> None:
    """Write a page a rule from its docstring and from the examples that the tests run; those of no rule are deleted."""
    folder = Path(app.srcdir, 'rules')
    folder.mkdir(exist_ok=True)
    pages = {folder / f'{rule.code}.rst': '\n'.join(_rule_page(rule)) for rule in RULES}
    for path, text in pages.items():
        if not path.exists() or path.read_text('utf-8') != text:
            path.write_text(text, 'utf-8')
    for stale in set(folder.iterdir()) - set(pages):
        stale.unlink()


def _rule_page(rule: Rule) -> Iterator[str]:
    severity, scope = _facts(rule)
    yield from _heading(f'{rule.code} {rule.name}', '=')
    yield from (f':Severity: {severity}', f':Looks at: {scope}')
    if rule.thresholds:
        yield f':Measures by: {", ".join(f"``{name}`` ({number})" for name, number in rule.thresholds.items())}'
    if rule.answered_by:
        yield f':Silent where: the note says None under ``{rule.answered_by}``, and why'
    yield from ('', inspect.cleandoc(rule.doc), '')
    yield from _examples(rule)


def _facts(rule: Rule) -> tuple[str, str]:
    draft = ', info in a draft' if rule.asks and rule.severity is not Severity.INFO else ''
    return f'{rule.severity.value}{draft}', rule.scope.value


def _examples(rule: Rule) -> Iterator[str]:
    """Yield the examples with which the rule is tested; the marks say where its findings stand."""
    path = _CASES / f'{rule.code}.toml'
    table = tomllib.loads(path.read_text('utf-8')) if path.exists() else {}
    for sort, title in (('fails', 'Reported'), ('passes', 'Not reported'), ('near-misses', 'Near misses')):
        yield from _heading(title) if sort in table else ()
        for example in table.get(sort, ()):
            yield from (f'**{example["title"][:1].upper()}{example["title"][1:]}**', '')
            for language, name in (('markdown', 'plain'), ('rst', 'rst'), ('markdown', 'myst')):
                if name in example:
                    text = example[name].strip('\n').split('\n')
                    yield from (f'.. code-block:: {language}', '   :force:', '', *(f'   {line}' for line in text), '')


class ProfileKeys(Reference):
    """Every key of a profile's file."""

    def lines(self) -> Iterator[str]:
        """Yield a table of the keys at the top, and one of those of a section."""
        for title, keys in (('At the top', PROFILE_KEYS), ('Of a section', SECTION_KEYS)):
            yield from _heading(title)
            yield from _table(('Key', 'Value', 'Meaning'), [(f'``{key.name}``', key.takes, key.doc) for key in keys])


class Profiles(Reference):
    """The profiles that ship, with their sections and some of the headings."""

    def lines(self) -> Iterator[str]:
        """Yield a section a profile; sections that are known by their parents only are left out."""
        for profile in builtin_profiles().by_name.values():
            yield from _heading(profile.name)
            rows = [
                (section.title, _slots(section), 'yes' if section.required.always else '', _some(section.headings[1:]))
                for section in profile.sections
                if not section.parents
            ]
            yield from _table(('Heading', 'Slots', 'Required', 'Also read'), rows)


class CommandHelp(SphinxDirective):
    """What ``--help`` says of a command."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a literal block."""
        (command,) = (command for command in COMMANDS if command.name == self.arguments[0])
        parser = argparse.ArgumentParser(
            prog=f'designnote {command.name}',
            description=command.description,
            epilog=command.examples,
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=100),
        )
        command.add_arguments(parser)
        text = parser.format_help().rstrip()
        return [nodes.literal_block(text, text, language='text')]


def _slots(section: Section) -> str:
    return 'not read' if section.ignored else ', '.join(f'``{slot}``' for slot in section.slots)


def _some(headings: tuple[str, ...]) -> str:
    shown = [heading.rstrip('$') for heading in headings[:_SHOWN]]
    more = len(headings) - len(shown)
    return ', '.join(shown) + (f' and {more} more' if more else '')


def _is_common(option: Option) -> bool:
    kinds = builtin_vocabulary().kinds.values()
    return all(option.name in kind.options for kind in kinds)


def _argument(kind: Kind) -> str:
    if not kind.required:
        return '' if kind.argument.value == 'none' else f' [{kind.argument.value}]'
    return {'http-target': ' METHOD /path', 'declaration': ' name: type', 'constraint': ' index on column'}.get(
        kind.argument.value, f' {kind.argument.value}'
    )


def _names(names: tuple[str, ...]) -> str:
    return 'any kind' if '*' in names else ', '.join(names)


def _type(option: Option) -> str:
    if option.values:
        return ', '.join(f'``{value}``' for value in option.values)
    return f'references (``{option.link}``)' if option.link else option.type.value


def _meaning(option: Option) -> str:
    also = ', '.join(option.also)
    return _literals(option.doc) + (f' Plain notes may also say: {also}.' if also else '')


def _options(options: list[Option]) -> Iterator[str]:
    if options:
        yield from _table(('Option', 'Value', 'Meaning'), [(f'``{o.name}``', _type(o), _meaning(o)) for o in options])


def _literals(text: str) -> str:
    """Write the code spans of the vocabulary as literals."""
    return text.replace('`', '``')


def _heading(text: str, underline: str = '-') -> Iterator[str]:
    yield from (text, underline * len(text), '')


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield from ('.. list-table::', '   :header-rows: 1', '')
    for row in (head, *rows):
        yield from (f'   {"  -" if index else "* -"} {cell}' for index, cell in enumerate(row))
    yield ''


_DIRECTIVES: dict[str, type[SphinxDirective]] = {
    'kinds': Kinds,
    'configuration': Configuration,
    'rules': Rules,
    'views': Views,
    'profile-keys': ProfileKeys,
    'profiles': Profiles,
    'command-help': CommandHelp,
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, and the pages that are written."""
    for name, directive in _DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect('builder-inited', write_rule_pages)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
