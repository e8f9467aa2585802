"""The card: what a note states, in a few lines at its top."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sphinxcontrib_designnote.capture.card import LINES, NONE, WITHOUT_LINE
from sphinxcontrib_designnote.model.schema import builtin_vocabulary
from tests.builds.test_writers import BUILDERS, CONF, text_of

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

ON = {'designnote_summary_card': True}

NOTE = {
    'rst': """\
Design Note: Jobs
=================

.. design-note::
   :status: in-review
   :owners: Ann, Bob

Words of the author.

.. endpoint:: POST /jobs
   :change: new

.. endpoint:: GET /jobs
   :change: changed

.. interface:: job.started
   :kind: event

.. entity:: Job
   :change: new

.. migration:: Add the ``jobs`` table

.. feature-flag:: jobs_enabled

.. rollout::

   1. Deploy the backend
   2. Enable it

.. test-plan:: unit

   - Test one
   - Test two

.. test-plan:: manual

   - Look at it

.. no-impact:: breaking-changes

.. no-impact:: audit
""",
    'md': """\
---
design-note:
  status: in-review
  owners: [Ann, Bob]
---
# Design Note: Jobs

Words of the author.

```{endpoint} POST /jobs
:change: new
```

```{endpoint} GET /jobs
:change: changed
```

```{interface} job.started
:kind: event
```

```{entity} Job
:change: new
```

~~~{migration} Add the `jobs` table
~~~

```{feature-flag} jobs_enabled
```

```{rollout}
1. Deploy the backend
2. Enable it
```

```{test-plan} unit
- Test one
- Test two
```

```{test-plan} manual
- Look at it
```

```{no-impact} breaking-changes
```

```{no-impact} audit
```
""",
}

CARD = [
    ('Status', 'in-review'),
    ('Owners', 'Ann, Bob'),
    ('API', 'new POST /jobs, changed GET /jobs, job.started'),
    ('Data', 'new Job, Add the jobs table'),
    ('Flags', 'jobs_enabled'),
    ('Rollout', '2 steps'),
    ('Tests', '3 (unit 2, manual 1)'),
    ('None', 'breaking changes, audit'),
]


def card_of(html: str) -> str:
    match = re.search(r'<div class="dn-card docutils container">.*?</dl>\s*</div>', html, re.DOTALL)
    return match[0] if match else ''


def lines_of(html: str) -> list[tuple[str, str]]:
    rows = re.findall(r'<dt[^>]*>(.*?)<span class="colon">.*?<dd[^>]*><p>(.*?)</p>', card_of(html), re.DOTALL)
    return [(name, re.sub(r'<[^>]*>', '', text)) for name, text in rows]


@pytest.mark.parametrize('suffix', NOTE)
def test_the_card_says_what_the_note_states(build: BuildProject, suffix: str) -> None:
    built = build({f'jobs.{suffix}': NOTE[suffix]}, 'html', conf=ON)
    assert built.warnings == []
    assert lines_of(built.read('jobs.html')) == CARD


@pytest.mark.parametrize('suffix', NOTE)
def test_each_name_leads_to_its_statement_on_the_page(build: BuildProject, suffix: str) -> None:
    html = build({f'jobs.{suffix}': NOTE[suffix]}, 'html', conf=ON).read('jobs.html')
    links = re.findall(r'<a class="reference internal" href="#([^"]+)">(.*?)</a>', card_of(html))
    assert [(re.sub(r'<[^>]*>', '', text), anchor) for anchor, text in links] == [
        ('POST /jobs', 'jobs-endpoint-post-jobs-new'),
        ('GET /jobs', 'jobs-endpoint-get-jobs-changed'),
        ('job.started', 'jobs-interface-event-job-started'),
        ('Job', 'jobs-entity-job-new'),
        ('Add the jobs table', 'jobs-migration-add-the-jobs-table'),
        ('jobs_enabled', 'jobs-feature-flag-jobs-enabled'),
        ('2 steps', 'jobs-rollout-step-deploy-the-backend'),
        ('3', 'jobs-test-case-unit-test-one'),
        ('unit 2', 'jobs-test-case-unit-test-one'),
        ('manual 1', 'jobs-test-case-manual-look-at-it'),
        ('breaking changes', 'jobs-no-impact-breaking-changes'),
        ('audit', 'jobs-no-impact-audit'),
    ]
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert {anchor for anchor, _ in links} <= ids


def test_there_is_no_card_unless_it_is_asked_for(build: BuildProject) -> None:
    built = build({'jobs.md': NOTE['md']}, 'html')
    assert 'dn-card' not in built.read('jobs.html')
    assert card_of(built.again(conf=ON).read('jobs.html'))


def order_of(html: str) -> list[str]:
    """Return in which order title, marker, card and words stand."""
    marks = {'title': '<h1>', 'marker': 'dn-design-note', 'card': 'dn-card', 'words': 'Words of the author'}
    return sorted((name for name, mark in marks.items() if mark in html), key=lambda name: html.index(marks[name]))


TOP = '.. comment\n\n.. _target:\n\n'
MARKER = '.. design-note::\n   :status: draft\n\n'
PLACES = {
    'Design Note: J\n==============\n\n' + MARKER + 'Words of the author.\n': ['title', 'marker', 'card', 'words'],
    'Design Note: J\n==============\n\n' + TOP + MARKER + 'Words of the author.\n': [
        'title',
        'marker',
        'card',
        'words',
    ],
    'Design Note: J\n==============\n\nWords of the author.\n\n' + MARKER: ['title', 'card', 'words', 'marker'],
    MARKER + 'Words of the author.\n': ['marker', 'card', 'words'],
    ':orphan:\n\n' + MARKER + 'Words of the author.\n': ['marker', 'card', 'words'],
    'Words of the author.\n\n' + MARKER: ['card', 'words', 'marker'],
}


@pytest.mark.parametrize('text', PLACES)
def test_the_card_stands_below_title_and_marker(build: BuildProject, text: str) -> None:
    built = build({'jobs.rst': text}, 'html', conf=ON)
    html = built.read('jobs.html')
    assert order_of(html[html.index('<div class="body"') :]) == PLACES[text]
    assert ('orphan' in built.app.env.metadata['jobs']) == (':orphan:' in text)


def test_a_page_that_is_no_note_and_a_note_that_says_nothing_have_no_card(build: BuildProject) -> None:
    pages = {'page.rst': 'Page\n====\n\n.. feature-flag:: f\n', 'note.rst': 'Design Note: N\n==============\n\nText.\n'}
    built = build(pages, 'html', conf=ON)
    assert [card_of(built.read(page)) for page in ('page.html', 'note.html')] == ['', '']


def test_a_kind_of_the_project_has_a_line_under_its_label(build: BuildProject) -> None:
    kinds = {'risk': {'label': 'Risks & more'}, 'service-level': {'argument': 'name', 'options': {'level': {}}}}
    page = 'Design Note: N\n==============\n\n.. risk:: It forgets\n\n.. service-level:: latency\n'
    built = build({'note.rst': page}, 'html', conf=ON | {'designnote_kinds': kinds})
    assert lines_of(built.read('note.html')) == [('Risks &amp; more', 'It forgets'), ('Service level', 'latency')]


def test_every_built_in_kind_is_in_a_line_or_has_none_on_purpose() -> None:
    in_lines = [kind for line in (*LINES, NONE) for kind in line.kinds]
    assert len(in_lines) == len(set(in_lines))
    assert set(in_lines) | WITHOUT_LINE == set(builtin_vocabulary().kinds)
    assert not set(in_lines) & WITHOUT_LINE


def test_many_names_and_long_ones_are_cut(build: BuildProject) -> None:
    flags = ''.join(f'.. feature-flag:: f{at}\n\n' for at in range(15))
    title = 'A break that is told at length, `in code` and so on, ' * 4
    page = f'Design Note: N\n==============\n\n{flags}.. breaking-change:: {title}\n'
    lines = dict(lines_of(build({'note.rst': page}, 'html', conf=ON).read('note.html')))
    assert lines['Flags'] == ', '.join(f'f{at}' for at in range(12)) + ', and 3 more'
    assert lines['Breaking changes'].endswith('…')
    assert len(lines['Breaking changes']) <= 81


def test_one_step_is_one_step(build: BuildProject) -> None:
    page = 'Design Note: N\n==============\n\n.. rollout-step:: Deploy\n\n.. test-case:: It works\n'
    assert lines_of(build({'note.rst': page}, 'html', conf=ON).read('note.html')) == [
        ('Rollout', '1 step'),
        ('Tests', '1'),
    ]


def test_names_are_escaped(build: BuildProject) -> None:
    page = (
        'Design Note: N\n==============\n\n.. design-note::\n   :owners: <script>, "&\n\n'
        '.. feature-flag:: "><script>alert(1)</script>\n\n.. breaking-change:: <b>\'"&\n'
    )
    card = card_of(build({'note.rst': page}, 'html', conf=ON).read('note.html'))
    assert '<script>' not in card
    assert '<b>' not in card


def pot(built: Built) -> str:
    return re.sub(r'"POT-Creation-Date: .*\n', '', built.read('jobs.pot'))


@pytest.mark.parametrize('suffix', NOTE)
def test_translators_do_not_see_the_card(build: BuildProject, suffix: str) -> None:
    with_card, without = (build({f'jobs.{suffix}': NOTE[suffix]}, 'gettext', conf=conf) for conf in (ON, {}))
    assert pot(with_card) == pot(without)


@pytest.mark.parametrize('builder', [name for name in BUILDERS if name != 'gettext'])
def test_every_builder_shows_the_card(build: BuildProject, builder: str) -> None:
    pages = {'index.rst': 'Home\n====\n\n.. toctree::\n\n   in_rest\n', 'in_rest.rst': NOTE['rst']}
    built = build(pages, builder, conf=CONF | ON)
    assert built.warnings == []
    text = re.sub(r'\s+', ' ', text_of(built, builder))
    for words in ('Rollout', '2 steps', 'unit 2', 'breaking changes'):
        assert words in text, words


def test_names_in_the_card_are_not_taken_for_the_authors(build: BuildProject) -> None:
    pages = {
        'jobs.md': NOTE['md'].replace('Words', 'The in-review words'),
        'more.md': '# Design Note: M\n\n```{feature-flag} in-review\n```\n',
    }
    built = build(pages, 'html', conf=ON)
    assert built.notes['jobs'].links == ('in-review',)
    html = built.read('jobs.html')
    assert 'The <a class="reference internal" href="more.html#' in html
    assert 'more.html' not in card_of(html)


@pytest.mark.parametrize('theme', ['alabaster', 'furo', 'basic', 'classic'])
def test_common_themes_show_the_card(build: BuildProject, theme: str) -> None:
    pytest.importorskip(theme) if theme == 'furo' else None
    built = build({'jobs.rst': NOTE['rst']}, 'html', conf=ON | {'html_theme': theme})
    assert built.warnings == []
    assert lines_of(built.read('jobs.html')) == CARD
    assert '.dn-card' in Path(built.outdir, '_static', 'designnote.css').read_text('utf-8')
