"""What a command is, and how it ends."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """The exit status of a command."""

    CLEAN = 0
    #: At least one finding is as bad as ``--fail-on`` says.
    FINDINGS = 1
    #: The arguments or the configuration cannot be used.
    USAGE = 2
    #: There is no design note.
    NOTHING = 3
    #: As shells report the end by Ctrl-C.
    INTERRUPTED = 130


class UsageError(Exception):
    """The arguments or the configuration cannot be used. The message is one line."""

    status = Exit.USAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command of the command line."""

    name: str
    #: A line for the list of commands.
    summary: str
    description: str
    #: Shown below the options.
    examples: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    #: Takes the parsed arguments and returns the exit status.
    run: Callable[[argparse.Namespace], int]
