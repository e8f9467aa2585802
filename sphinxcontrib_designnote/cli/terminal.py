"""What only terminals get: colours, and a bar while something takes long. Everything else is plain text."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from sphinxcontrib_designnote.diagnostics import Severity

STYLES = {str(Severity.ERROR): 'red', str(Severity.WARNING): 'yellow', str(Severity.INFO): 'cyan'}
#: Seconds after which somebody wonders whether anything happens.
_PATIENCE = 1.0


def console(*, stderr: bool = False) -> Console:
    """Return what writes to the standard output or error: as it is, in colour only on a terminal without NO_COLOR."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream, force_terminal=stream.isatty(), markup=False, emoji=False, highlight=False, soft_wrap=True
    )


def coloured(before: str, severity: str, after: str) -> Text:
    """Return a line in which only the severity has a colour."""
    return Text.assemble(before, (severity, STYLES.get(severity, '')), after)


class ReadingProgress:
    """A bar on the standard error, from the first second on, and gone at the end."""

    def __init__(self) -> None:
        shown = console(stderr=True)
        columns = (TextColumn('reading'), BarColumn(), MofNCompleteColumn(), TextColumn('{task.fields[page]}'))
        self._bar = Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal)
        self._task = self._bar.add_task('reading', page='')
        self._since = time.monotonic()

    def __enter__(self) -> ReadingProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar.live.is_started:
            self._bar.stop()

    def connect(self, app: Sphinx) -> None:
        """Follow what *app* reads."""
        app.connect('env-before-read-docs', self._begin)
        app.connect('source-read', self._advance)

    def _begin(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        self._bar.update(self._task, total=len(docnames))
        self._since = time.monotonic()

    def _advance(self, app: Sphinx, docname: str, source: list[str]) -> None:
        if time.monotonic() - self._since > _PATIENCE:
            self._bar.start()  # does nothing when it has started
        self._bar.update(self._task, advance=1, page=docname if docname.isprintable() else '')
