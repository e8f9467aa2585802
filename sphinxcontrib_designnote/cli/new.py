"""``designnote new``: a fresh note, from the profile."""

from __future__ import annotations

import argparse
import datetime
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from docutils.utils import column_width

from sphinxcontrib_designnote.cli.exits import Command, Exit, UsageError
from sphinxcontrib_designnote.cli.project import find_conf, read_settings
from sphinxcontrib_designnote.diagnostics import accepted
from sphinxcontrib_designnote.grammar.profile import Profile, Section
from sphinxcontrib_designnote.grammar.profiles import (
    builtin_names,
    builtin_profiles,
    is_path,
    read_profile,
    with_kinds,
)
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.schema import builtin_vocabulary

_ADORNMENTS = '=-~^"\''
_SUFFIXES = {'.md': 'md', '.rst': 'rst'}


def render_note(profile: Profile, title: str, options: dict[str, str], *, restructured: bool = False) -> str:
    """Return the text of a fresh note: its title and options, every heading of *profile*, and what to write there.

    :param title: without the words by which the profile knows a note.
    :param options: of the directive ``design-note``.
    """
    prefix = next((prefix for prefix in profile.title_prefixes if prefix.endswith(':')), '')
    heading = f'{prefix} {title}'.strip()
    lines = _restructured(profile, heading, options) if restructured else _markdown(profile, heading, options)
    return '\n'.join(lines) + '\n'


def headings_of(profile: Profile) -> Iterator[tuple[int, str, Section | None]]:
    """Yield the headings of a fresh note: level (2 is below the title), words, and the section; groups have none."""
    above: tuple[str, ...] = ()
    for section in profile.sections:
        if not section.guidance:
            continue
        for depth, group in enumerate(section.group):
            if above[: depth + 1] != section.group[: depth + 1]:
                yield depth + 2, group, None
        above = (*section.group, section.title)
        yield len(above) + 1, section.title, section


def _markdown(profile: Profile, title: str, options: dict[str, str]) -> Iterator[str]:
    yield from ('---', 'design-note:', *(f'  {name}: {value}' for name, value in options.items()), '---', '')
    yield f'# {title}'
    for level, heading, section in headings_of(profile):
        yield from ('', f'{"#" * level} {heading}')
        if section is not None:
            yield from ('', '<!--', *section.guidance.splitlines(), '-->')


def _restructured(profile: Profile, title: str, options: dict[str, str]) -> Iterator[str]:
    yield from (title, '=' * column_width(title), '', '.. design-note::')
    yield from (f'   :{name}: {value}' for name, value in options.items())
    for level, heading, section in headings_of(profile):
        yield from ('', heading, _ADORNMENTS[level - 1] * column_width(heading))
        if section is not None:
            yield from ('', '..', *textwrap.indent(section.guidance, '   ').splitlines())


def _profile_of(name: str, directory: Path) -> Profile:
    """Return the profile called *name*, of the project in which *directory* is; its default where *name* is empty."""
    confdir = find_conf(directory.resolve())
    settings = read_settings(confdir) if confdir is not None else None
    vocabulary = settings.vocabulary if settings is not None else builtin_vocabulary()
    profiles = settings.profiles if settings is not None else builtin_profiles()
    if not name:
        return profiles.default
    try:
        if is_path(name):
            return with_kinds(read_profile(Path(name), name, vocabulary), vocabulary.kinds)
    except DeclarationError as error:
        raise UsageError(f'--profile: {error}') from None
    if name not in profiles.by_name:
        raise UsageError(f'--profile: {name!r} is no profile{accepted(name, profiles.by_name)}')
    return profiles.by_name[name]


def _today() -> datetime.date:
    epoch = os.environ.get('SOURCE_DATE_EPOCH', '')
    if epoch.isdecimal():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('name', metavar='NAME', help="name of the note and of its file: 'quick-deploy'")
    parser.add_argument('--format', choices=('md', 'rst'), help='MyST Markdown (the default) or reStructuredText')
    parser.add_argument(
        '--profile',
        default='',
        metavar='PROFILE',
        help=f"{', '.join(builtin_names())}, or the path of a TOML file (default: the project's, else design-note)",
    )
    parser.add_argument('--directory', default='.', metavar='DIR', help='where the file goes (default: here)')


def _run(arguments: argparse.Namespace) -> int:
    written: str = arguments.name
    stem, suffix = os.path.splitext(written)  # noqa: PTH122 - not a path yet
    form = arguments.format or _SUFFIXES.get(suffix, 'md')
    name = stem if suffix in _SUFFIXES else written
    if not re.search(r'\w', name) or re.search(r'[\\/\n]', name):
        raise UsageError(
            f"{written!r} is no name of a note; write one such as 'quick-deploy', and the folder as --directory"
        )
    directory = Path(arguments.directory)
    if not directory.is_dir():
        raise UsageError(f'{arguments.directory!r} is no folder; create it, or choose another as --directory')
    profile = _profile_of(arguments.profile, directory)
    words = ' '.join(re.sub(r'[-_]+', ' ', name).split())
    title = words[:1].upper() + words[1:]
    id_ = slug(name)
    options = {'id': id_, 'status': 'draft', 'created': _today().isoformat()}
    if arguments.profile:
        options['profile'] = profile.name
    path = directory / f'{id_}.{form}'
    try:
        with path.open('x', encoding='utf-8') as file:
            file.write(render_note(profile, title, options, restructured=form == 'rst'))
    except FileExistsError:
        raise UsageError(f"'{path}' exists; choose another name, or delete it first") from None
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None
    print(f'wrote {path}')
    return Exit.CLEAN


NEW = Command(
    name='new',
    summary='write a fresh note',
    description="""\
Write a fresh note: every heading of its profile, and below each a comment that says what to write there.""",
    examples="""\
examples:
  designnote new quick-deploy
  designnote new quick-deploy --format rst --directory docs/notes
  designnote new quick-deploy --profile docs/profile.toml
""",
    add_arguments=_add_arguments,
    run=_run,
)
