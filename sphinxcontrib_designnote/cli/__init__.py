"""The command line: ``designnote``.

A command is a module beside this file with a :class:`Command`; :data:`COMMANDS` lists them.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from sphinxcontrib_designnote.cli.acknowledge import ACKNOWLEDGE
from sphinxcontrib_designnote.cli.baseline import BASELINE
from sphinxcontrib_designnote.cli.check import CHECK
from sphinxcontrib_designnote.cli.convert import CONVERT
from sphinxcontrib_designnote.cli.exits import Exit, UsageError
from sphinxcontrib_designnote.cli.new import NEW
from sphinxcontrib_designnote.cli.rules import EXPLAIN, RULES_COMMAND
from sphinxcontrib_designnote.cli.schema import SCHEMA
from sphinxcontrib_designnote.version import __version__

#: In the order of ``--help``.
COMMANDS = (CHECK, BASELINE, ACKNOWLEDGE, RULES_COMMAND, EXPLAIN, NEW, CONVERT, SCHEMA)
_EPILOG = """\
examples:
  designnote check docs
  designnote explain DN301
  designnote new quick-deploy --directory docs/notes

'designnote COMMAND --help' shows the options of a command, with examples.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    :param argv: the arguments without the program's name; those of the process where absent.

    A mistake in the arguments raises :class:`SystemExit` with status 2, as argparse does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors='backslashreplace')  # a message may quote what the terminal cannot show
    arguments = make_parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough, such as 'head'
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINDINGS
    except KeyboardInterrupt:  # somebody pressed Ctrl-C, and knows
        return Exit.INTERRUPTED
    except UsageError as error:
        print(f'designnote: {error}', file=sys.stderr)
        return UsageError.status
    return status


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog='designnote',
        description='Design notes that are data: check what they say, and begin new ones.',
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--version', action='version', version=f'%(prog)s {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND', required=True)
    for command in COMMANDS:
        of_command = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.description,
            epilog=command.examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(of_command)
        of_command.set_defaults(run=command.run)
    return parser
