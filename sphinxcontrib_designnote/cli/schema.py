"""``designnote schema``: the JSON Schema of ``designnote.json``."""

from __future__ import annotations

import argparse
import json

from sphinxcontrib_designnote.cli.exits import Command, Exit
from sphinxcontrib_designnote.cli.project import settings_of_project
from sphinxcontrib_designnote.model.schema import builtin_vocabulary
from sphinxcontrib_designnote.outputs.export import schema


def _run(arguments: argparse.Namespace) -> int:
    settings = settings_of_project(arguments.project)
    vocabulary = builtin_vocabulary() if settings is None else settings.vocabulary
    print(json.dumps(schema(vocabulary), indent=2))
    return Exit.CLEAN


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--project', metavar='DIR', help="with the project's own kinds of item")


SCHEMA = Command(
    name='schema',
    summary='print the JSON Schema of designnote.json',
    description='Print the JSON Schema (2020-12) of designnote.json.',
    examples="""\
examples:
  designnote schema > designnote.schema.json
  designnote schema --project docs
""",
    add_arguments=_add_arguments,
    run=_run,
)
