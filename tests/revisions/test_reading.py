"""Pages as they were, read beside a build."""

from __future__ import annotations

import logging

from docutils.parsers.rst import directives, roles
from sphinx.util.docutils import docutils_namespace

from sphinxcontrib_designnote.revisions.reading import read_pages
from tests.conftest import BuildProject

FLAG = 'Design Note: Flags\n==================\n\n.. feature-flag:: fast\n   :default: {}\n'


def test_versions_of_a_page_are_told_apart_and_one_that_says_nothing_is_absent(build: BuildProject) -> None:
    built = build({'index.rst': 'Home\n====\n'})
    pages = {
        ('notes/flags.rst', 1): FLAG.format('on').encode(),
        ('notes/flags.rst', 2): FLAG.format('off').encode(),
        ('plain.md', 1): b'# Whatever\n\n### Feature Flags\n- `slow` (default: on)\n',
        ('plain.md', 2): b'Nothing\xff.',
        ('empty.rst', 1): b'',
        ('broken.rst', 1): b'.. no-such::\n\n.. include:: gone.txt\n\n.. feature-flag:: fast\n',
    }
    notes = read_pages(built.app.config, built.srcdir, pages)
    assert {key: [(item.key, item.text('default')) for item in note.items] for key, note in notes.items()} == {
        ('notes/flags.rst', 1): [('fast', 'on')],
        ('notes/flags.rst', 2): [('fast', 'off')],
        ('plain.md', 1): [('slow', 'on')],
        ('plain.md', 2): [],
        ('empty.rst', 1): [],
        ('broken.rst', 1): [('fast', None)],
    }
    assert read_pages(built.app.config, built.srcdir, {}) == {}


def test_names_of_directives_and_places_to_log_to_stay_as_they_are(build: BuildProject) -> None:
    built = build({'index.rst': 'Home\n====\n'})

    def state() -> tuple[object, ...]:
        names = [dict(registry) for registry in (directives._directives, roles._roles)]  # type: ignore[attr-defined]
        return *names, list(logging.getLogger('sphinx').handlers)

    with docutils_namespace():
        directives.register_directive('feature-flag', built.domain.directives['feature-flag'])
        roles.register_local_role('of-the-build', roles.generic_custom_role)
        before = state()
        (note,) = read_pages(built.app.config, built.srcdir, {('a.rst', 1): FLAG.encode()}).values()
        assert [item.key for item in note.items] == ['fast']
        assert state() == before
