"""Builds that are broken off: a build changes what is on disk when it opens a file, renames or deletes one.

Between two such moments it makes no difference when it ends, so one of them is chosen.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

_BROKEN_OFF = 3
_HOW = st.sampled_from(('killed', 'torn', 'stopped', 'failed'))
_CHANGES = frozenset({'os.rename', 'os.remove'})


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """When a build ends, and how."""

    #: How the path of the file ends.
    suffix: str
    #: So many of these files are written before.
    after: int
    #: ``killed`` before it is written, or when it is ``torn``: open, and still empty; ``stopped`` at the keyboard;
    #: ``failed`` with an exception.
    how: str


def interruptions(*suffixes: str) -> st.SearchStrategy[Interruption]:
    """Of builds that write files with these *suffixes*; often where one is about to store what it has read."""
    return st.builds(
        Interruption,
        suffix=st.sampled_from(('', '.doctree', *suffixes)),
        after=st.sampled_from((0, 0, 0, 1, 2, 4, 8, 16, 32)),
        how=_HOW,
    ) | st.builds(Interruption, suffix=st.just('environment.pickle'), after=st.just(0), how=_HOW)


def break_off(interruption: Interruption, roots: tuple[str, ...], build: Callable[[], Any]) -> None:
    """Run *build* in a process of its own until it comes to the *interruption* of a file below *roots*, if it does.

    :raises AssertionError: when it ends in an error for another reason.
    """
    process = multiprocessing.get_context('fork').Process(target=_run, args=(interruption, roots, build))
    process.start()
    process.join()
    assert process.exitcode in (0, _BROKEN_OFF, -signal.SIGKILL)


def _run(interruption: Interruption, roots: tuple[str, ...], build: Callable[[], Any]) -> None:
    interrupter = _Interrupter(interruption, roots)
    sys.addaudithook(interrupter)
    try:
        build()
    except BaseException:
        if interrupter.seen <= interruption.after:
            raise
        sys.exit(_BROKEN_OFF)


class _BrokenOffError(Exception):
    """Nothing that Sphinx knows how to handle."""


@dataclass
class _Interrupter:
    interruption: Interruption
    roots: tuple[str, ...]
    seen: int = field(default=0)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        opened = event == 'open' and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if not (opened or event in _CHANGES) or not isinstance(args[0], str | os.PathLike):
            return
        path = os.fspath(args[0])
        if not path.startswith(self.roots) or not path.endswith(self.interruption.suffix):
            return
        self.seen += 1
        if self.seen == self.interruption.after + 1:
            self._interrupt(path if opened else None)

    def _interrupt(self, opened: str | None) -> None:
        match self.interruption.how:
            case 'stopped':
                raise KeyboardInterrupt
            case 'failed':
                raise _BrokenOffError
            case 'torn' if opened is not None:
                os.close(os.open(opened, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
        os.kill(os.getpid(), signal.SIGKILL)
