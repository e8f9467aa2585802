"""Names in the prose of a note are links where something has the name, and nothing at all where nothing has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_designnote.capture.links import link_names, stands_in
from tests.builds.test_writers import BUILDERS, CONF, text_of

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

OFF = {'designnote_link_mentions': False}

#: What the pages below are about.
DECLARED = """\
# Design Note: Declared

```{endpoint} POST /jobs/{id}
:id: ep
:change: new
```

```{endpoint} GET /jobs/{id}
:id: get
:change: new
```

```{feature-flag} quick_deploy
:id: flag
```

````{entity} Deployment
:id: table
:table: deployments
```{field} auto_configured: boolean
:id: column
```
````

```{endpoint} POST /servers/{id}/action#lock
:id: lock
```

```{entity} Ledger table
:id: ledger
```

```{interface} job.started
:id: event
:kind: event
```

```{audit-event} job.deleted
:id: audit
```
"""

#: Words of a paragraph, in Markdown, to the anchor and the text of each link in them.
MENTIONS: Mapping[str, list[tuple[str, str]]] = {
    'Call `POST /jobs/{id}` now.': [('ep', 'POST /jobs/{id}')],
    'Call POST /jobs/{id}.': [('ep', 'POST /jobs/{id}')],
    'Call POST `/jobs/{id}` now.': [('ep', '/jobs/{id}')],
    'Call `POST /jobs/{other}/?dry=1`.': [('ep', 'POST /jobs/{other}/?dry=1')],
    'Call **POST /jobs/42**, *GET /jobs/42.*': [('ep', 'POST /jobs/42'), ('get', 'GET /jobs/42')],
    'The path `/jobs/{id}`.': [('ep', '/jobs/{id}')],
    'The path /jobs/{id}.': [],
    'Call `POST /servers/7/action?dry=1#lock`.': [('lock', 'POST /servers/7/action?dry=1#lock')],
    'The `Ledger`, a Ledger.': [('ledger', 'Ledger'), ('ledger', 'Ledger')],
    'No DELETE /jobs/{id}, no `DELETE /jobs/{id}`.': [],
    'The flag quick_deploy and `quick_deploy`.': [('flag', 'quick_deploy'), ('flag', 'quick_deploy')],
    'Not quick_deployed, src/quick_deploy.py, quick_deploy/x.': [],
    'The Deployment and `Deployment`.': [('table', 'Deployment'), ('table', 'Deployment')],
    'Deployment begins a sentence.': [],
    'The deployments table, the table deployments, the column auto_configured.': [
        ('table', 'deployments'),
        ('table', 'deployments'),
    ],
    'All deployments, but `deployments`.': [('table', 'deployments')],
    'The column Deployment.auto_configured, `deployments.auto_configured`.': [
        ('column', 'Deployment.auto_configured'),
        ('column', 'deployments.auto_configured'),
    ],
    'The `job.started`, job.deleted; `job started`.': [('event', 'job.started'), ('audit', 'job.deleted')],
    '- An entry: quick_deploy\n\n  - inner `quick_deploy`': [('flag', 'quick_deploy'), ('flag', 'quick_deploy')],
    '> A quote of quick_deploy.': [('flag', 'quick_deploy')],
    '| a | b |\n|---|---|\n| quick_deploy | x |': [('flag', 'quick_deploy')],
    '```{note}\nAbout quick_deploy.\n```': [('flag', 'quick_deploy')],
    '```{test-case} A test\nOf quick_deploy.\n```': [('flag', 'quick_deploy')],
    '```{test-case} A test\n:automated: quick_deploy\n```': [('flag', 'quick_deploy')],
}

#: What is no prose, or leads somewhere already.
NO_MENTIONS = (
    '## About quick_deploy',
    '[quick_deploy](https://example.org)',
    '[see `quick_deploy`](#other)\n\n(other)=\n\n## Other',
    '```\nquick_deploy\n```',
    '    quick_deploy',
    '<!-- quick_deploy -->',
    '<b title="quick_deploy">x</b>',
    '{dn:flag}`!quick_deploy`',
    '{py:data}`!quick_deploy`',
    '$quick_deploy$',
    '```{test-case} quick_deploy works\n```',
    '```{rubric} quick_deploy\n```',
    '```{eval-rst}\n:quick_deploy: x\n```',
    '```{eval-rst}\nquick_deploy\n  A term.\n```',
    '```{figure} https://example.org/quick_deploy.png\n:alt: quick_deploy\n```',
)


def body_of(built: Built, page: str) -> str:
    html = built.read(page)
    return html[html.index('<div class="body"') : html.index('<div class="sphinxsidebar"')]


def links_of(built: Built, page: str) -> list[tuple[str, str]]:
    """Target and text of each link that the prose of a page has to a declared thing."""
    links = re.findall(r'<a class="reference internal" href="([^"]*)"[^>]*>(.*?)</a>', body_of(built, page), re.DOTALL)
    return [(href, re.sub(r'<[^>]*>', '', text)) for href, text in links]


@pytest.fixture(scope='module')
def site(build_once: BuildProject) -> Built:
    """The declaring note, and a note for each way to mention or not to mention what it declares."""
    title = '# Design Note: Says\n\n'
    pages = {f'says{at}.md': title + text for at, text in enumerate(MENTIONS)}
    pages |= {f'not{at}.md': title + text for at, text in enumerate(NO_MENTIONS)}
    conf = {'myst_enable_extensions': ['dollarmath', 'html_image'], 'suppress_warnings': ['toc', 'image', 'myst']}
    return build_once({'declared.md': DECLARED, **pages}, 'html', conf=conf)


@pytest.mark.parametrize('text', MENTIONS)
def test_a_mention_is_a_link(site: Built, text: str) -> None:
    found = links_of(site, f'says{list(MENTIONS).index(text)}.html')
    assert found == [(f'declared.html#{anchor}', words) for anchor, words in MENTIONS[text]]


@pytest.mark.parametrize('text', NO_MENTIONS)
def test_what_is_no_prose_has_no_link(site: Built, text: str) -> None:
    body = body_of(site, f'not{NO_MENTIONS.index(text)}.html')
    assert 'declared.html' not in body


def test_nothing_is_reported(site: Built) -> None:
    assert site.warnings == []


NOTE = {
    'rst': """\
Design Note: Jobs
=================

Calls ``POST /jobs`` -- "POST /jobs" -- when quick_deploy is on; see ``nothing_here`` and POST /nowhere.

.. endpoint:: POST /jobs
   :change: new
   :purpose: Not GET /jobs, not POST /jobs

   As POST /jobs with ``quick_deploy``.

.. entity:: Job

   - Add ``state: text`` field: POST /jobs sets ``state``, see Job.

   .. field:: owner: text

      Of the Job, and ``owner``.

.. feature-flag:: quick_deploy

The Job has ``state`` and ``owner``.
""",
    'md': """\
# Design Note: Jobs

Calls `POST /jobs` -- "POST /jobs" -- when quick_deploy is on; see `nothing_here` and POST /nowhere.

```{endpoint} POST /jobs
:change: new
:purpose: Not GET /jobs, not POST /jobs

As POST /jobs with `quick_deploy`.
```

````{entity} Job

- Add `state: text` field: POST /jobs sets `state`, see Job.

```{field} owner: text

Of the Job, and `owner`.
```
````

```{feature-flag} quick_deploy
```

The Job has `state` and `owner`.
""",
}
SMART = {'myst_enable_extensions': ['smartquotes', 'replacements']}


@pytest.mark.parametrize('suffix', NOTE)
def test_a_statement_has_no_link_to_itself(build: BuildProject, suffix: str) -> None:
    built = build({f'jobs.{suffix}': NOTE[suffix]}, 'html')
    assert built.warnings == []
    endpoint, job, flag = '#jobs-endpoint-post-jobs-new', '#jobs-entity-job', '#jobs-feature-flag-quick-deploy'
    assert links_of(built, 'jobs.html') == [
        (endpoint, 'POST /jobs'),
        (endpoint, 'POST /jobs'),
        (flag, 'quick_deploy'),
        # The endpoint's own words, and then those of the bullet and the field of the entity.
        (flag, 'quick_deploy'),
        (endpoint, 'POST /jobs'),
        (job, 'Job'),
        ('#jobs-field-job-state-add', 'state'),
        ('#jobs-field-job-owner', 'owner'),
    ]


@pytest.mark.parametrize(
    'shown',
    [
        nodes.list_item('', nodes.paragraph('', 'x'), ids=['it']),
        nodes.paragraph('', 'x', ids=['it']),
        nodes.row('', nodes.entry('', nodes.paragraph('', 'x')), ids=['it']),
        nodes.section('', nodes.title('', 't', ids=['it']), nodes.paragraph('', 'x')),
        nodes.definition_list_item('', nodes.term('', 't', ids=['it']), nodes.definition('', nodes.paragraph('', 'x'))),
        addnodes.desc('', addnodes.desc_signature(), addnodes.desc_signature(ids=['it']), nodes.paragraph('', 'x')),
    ],
    ids=lambda node: type(node).__name__,
)
def test_whatever_shows_an_item_holds_no_link_to_it(shown: nodes.Element) -> None:
    beside = nodes.paragraph('', 'x')
    nodes.section('', shown, beside)
    (paragraph,) = shown.findall(nodes.paragraph)
    assert stands_in(paragraph, 'it')
    assert not stands_in(paragraph, 'other')
    assert not stands_in(beside, 'it')


def output(built: Built, builder: str) -> str:
    (path,) = Path(built.outdir).glob(BUILDERS[builder].replace('in_rest', 'jobs'))
    # Both the hour and the folder differ from build to build.
    return re.sub(r'"POT-Creation-Date: .*\n|/project-\d+/', '', path.read_text('utf-8'))


PAGES = {'index.rst': 'Home\n====\n\n.. toctree::\n\n   jobs\n'}


@pytest.mark.parametrize('suffix', NOTE)
@pytest.mark.parametrize('builder', ['text', 'gettext'])
def test_links_change_no_byte_of_text_and_of_catalogues(build: BuildProject, builder: str, suffix: str) -> None:
    pages = PAGES | {f'jobs.{suffix}': NOTE[suffix]}
    linked, plain = (build(pages, builder, conf=SMART | extra) for extra in ({}, OFF))
    assert linked.note.links
    assert not plain.note.links
    assert output(linked, builder) == output(plain, builder)


@pytest.mark.parametrize('suffix', NOTE)
@pytest.mark.parametrize('builder', BUILDERS)
def test_a_page_on_which_nothing_has_the_names_is_as_without_us(
    build: BuildProject, builder: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('SOURCE_DATE_EPOCH', '1767225600')
    text = NOTE[suffix].partition('.. endpoint')[0].partition('```{endpoint')[0]
    pages = PAGES | {f'jobs.{suffix}': text}
    linked, plain = (build(pages, builder, conf=CONF | SMART | extra) for extra in ({}, OFF))
    assert {'POST /jobs', 'quick_deploy', '`nothing_here`'} <= set(linked.note.links)
    assert linked.warnings == plain.warnings == []
    assert output(linked, builder) == output(plain, builder)


@pytest.mark.parametrize('builder', BUILDERS)
def test_every_builder_shows_the_words_of_links(build: BuildProject, builder: str) -> None:
    pages = {'index.rst': 'Home\n====\n\n.. toctree::\n\n   in_rest\n', 'in_rest.rst': NOTE['rst']}
    linked, plain = (build(pages, builder, conf=CONF | extra) for extra in ({}, OFF))
    assert linked.warnings == []
    if builder in ('latex', 'texinfo', 'man', 'pseudoxml'):  # these say where a link leads in words of their own
        assert len(text_of(linked, builder)) >= len(text_of(plain, builder))
    else:
        assert text_of(linked, builder) == text_of(plain, builder)


def test_quotes_and_dashes_beside_links_are_set_as_ever(build: BuildProject) -> None:
    for suffix, text in NOTE.items():
        built = build({f'jobs.{suffix}': text}, 'html', conf=SMART)
        words = re.sub(r'<[^>]*>', '', body_of(built, 'jobs.html'))
        assert 'Calls POST /jobs – “POST /jobs” – when' in words


def test_a_link_from_latex_leads_to_a_label(build: BuildProject) -> None:
    built = build(PAGES | {'jobs.md': NOTE['md']}, 'latex', conf=CONF)
    (path,) = Path(built.outdir).glob('*.tex')
    tex = path.read_text('utf-8')
    links = set(re.findall(r'\\hyperref\[\\detokenize\{(jobs:[^}]*)\}\]', tex))
    assert 'jobs:jobs-field-job-state-add' in links
    assert links <= set(re.findall(r'\\label\{\\detokenize\{([^}]*)\}\}', tex))


# Which of several


def note(title: str, *lines: str) -> str:
    return '\n'.join([f'# Design Note: {title}', '', '```{design-note}', '```', '', *lines, ''])


def endpoint(change: str) -> str:
    return f'```{{endpoint}} POST /x\n:change: {change}\n:id: {change}\n```\n'


@pytest.mark.parametrize('builder', ['html', 'singlehtml'])
def test_the_own_note_comes_first_and_then_the_introduction(build: BuildProject, builder: str) -> None:
    pages = {
        'index.rst': 'Home\n====\n\n.. toctree::\n   :glob:\n\n   ?\n',
        'a.md': note('A', endpoint('changed'), 'Says POST /x.'),
        'b.md': note('B', endpoint('new'), 'Says POST /x.'),
        'c.md': note('C', 'Says POST /x.'),
    }
    built = build(pages, builder)
    found = [
        href
        for page in (['index.html'] if builder == 'singlehtml' else ['a.html', 'b.html', 'c.html'])
        for href, text in links_of(built, page)
        if text == 'POST /x'
    ]
    assert [href.rpartition('#')[2] for href in found] == ['changed', 'new', 'new']


def test_a_path_of_several_endpoints_means_the_own_one(build: BuildProject) -> None:
    own = note('Own', '```{endpoint} POST /x\n:id: own\n```\n', 'Says `/x`.')
    built = build({'a.md': note('A', '```{endpoint} GET /x\n:change: new\n```'), 'own.md': own}, 'html')
    assert links_of(built, 'own.html') == [('#own', '/x')]


def test_only_notes_are_linked(build: BuildProject) -> None:
    pages = {'declared.md': DECLARED, 'page.md': '# Page\n\nThe flag `quick_deploy`.\n\n```{test-case} T\n```\n'}
    built = build(pages, 'html')
    assert built.notes['page'].links == ()
    assert links_of(built, 'page.html') == []


def test_links_can_be_turned_off(build: BuildProject) -> None:
    pages = {'declared.md': DECLARED, 'page.md': note('P', 'The flag `quick_deploy`.')}
    built = build(pages, 'html')
    assert links_of(built, 'page.html') == [('declared.html#flag', 'quick_deploy')]
    off = built.again(conf=OFF)
    assert links_of(off, 'page.html') == []
    assert off.notes['page'].links == ()


def test_a_nitpicky_build_says_nothing(build: BuildProject) -> None:
    built = build({'page.md': NOTE['md']}, 'html', conf={'nitpicky': True})
    assert built.warnings == []


def test_names_are_kept_once_and_in_order(build: BuildProject) -> None:
    built = build({'page.md': note('P', 'The b_b, a_a, `c`, GET /x, b_b; the users table.', '', 'Again b_b.')})
    assert built.note.links == ('GET /x', '`c`', 'a_a', 'b_b', 'users table')


def test_a_parallel_build_writes_the_same_links(build: BuildProject) -> None:
    pages = {'declared.md': DECLARED} | {f'p{at}.md': note(f'P{at}', 'The quick_deploy.') for at in range(8)}
    serial, parallel = (build(pages, 'html', parallel=jobs) for jobs in (1, 2))
    assert serial.notes == parallel.notes
    for at in range(8):
        found = links_of(parallel, f'p{at}.html')
        assert found == links_of(serial, f'p{at}.html') == [('declared.html#flag', 'quick_deploy')]


# Freshness


def written(built: Built) -> list[str]:
    """Return the pages that the build wrote."""
    return sorted(re.findall(r'writing output\.\.\. \[ *\d+%\] (.*)', built.output))


SAYS = {
    'says.md': note('Says', 'POST /x and quick_deploy.'),
    'silent.md': note('Silent', 'Nothing of the sort.'),
}


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('', endpoint('new')),
        (endpoint('new'), ''),
        (endpoint('new'), endpoint('changed')),
        (endpoint('new'), endpoint('new').replace('/x', '/y')),
        ('', '```{feature-flag} quick_deploy\n```'),
    ],
)
def test_a_page_is_written_again_when_a_mention_begins_ceases_or_leads_elsewhere(
    build: BuildProject, before: str, after: str
) -> None:
    built = build({**SAYS, 'other.md': note('Other', before)}, 'html')
    again = built.again({'other.md': note('Other', after)})
    assert written(again) == ['other', 'says']
    clean = build({**SAYS, 'other.md': note('Other', after)}, 'html')
    assert links_of(again, 'says.html') == links_of(clean, 'says.html')


@pytest.mark.parametrize(
    'after', [endpoint('new') + '\nMore words, quick_deploys.', endpoint('new') + '\n```{endpoint} POST /z\n```\n']
)
def test_a_page_is_not_written_again_when_its_mentions_stay(build: BuildProject, after: str) -> None:
    built = build({**SAYS, 'other.md': note('Other', endpoint('new'))}, 'html')
    assert written(built.again({'other.md': note('Other', after)})) == ['other']


# Hostile input


def test_markup_in_names_stays_text(build: BuildProject) -> None:
    declared = (
        '```{endpoint} GET /x/<b>&\n:id: x\n```\n\n'
        '````{entity} E\n```{field} owner: text "><script>alert(1)</script>\n:id: owner\n```\n````\n'
    )
    says = 'Calls `GET /x/<i>&` and `E.owner`; `"><script>alert(2)</script>`.'
    built = build({'more.md': note('M', declared), 'says.md': note('S', says)}, 'html')
    html = built.read('says.html')
    assert [href for href, _ in links_of(built, 'says.html')] == ['more.html#x', 'more.html#owner']
    assert '<script>alert' not in html
    assert '<i>' not in html
    assert 'title="owner: text &quot;&gt;&lt;script&gt;' in html


@pytest.mark.parametrize('text', ['`' * 7, 'POST /', 'POST /\\', '`POST /x', '`\n', 'a.b.', '_._', '\u202ea_b', '/ /x'])
def test_odd_text_is_no_error(build: BuildProject, text: str) -> None:
    built = build(
        {
            'declared.md': DECLARED,
            'page.md': note('P', text),
            'page2.rst': f'Design Note: P\n==============\n\n{text}\n',
        },
        'html',
    )
    assert not [w for w in built.warnings if 'designnote' in w]


def test_equal_texts_in_a_paragraph_are_told_apart() -> None:
    code = nodes.literal('', 'x')
    paragraph = nodes.paragraph('', '', nodes.Text('a_b '), code, nodes.Text('a_b '), nodes.emphasis('', 'a_b '))

    def link(name: str, parent: nodes.Element, content: nodes.Node) -> nodes.Element | None:
        made.append(name)
        return nodes.reference('', '', content) if len(made) == 3 else None

    made: list[str] = []
    link_names(paragraph, link)
    assert made == ['a_b', '`x`', 'a_b']
    assert [type(child).__name__ for child in paragraph] == ['Text', 'literal', 'reference', 'Text', 'emphasis']
    assert paragraph.astext() == 'a_b xa_b a_b '
    assert all(child.parent is paragraph for child in paragraph)
