"""The domain ``dn``: roles, indices, inventory, search, parallel reading, the pickled environment."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.util.inventory import InventoryFile

from sphinxcontrib_designnote.store.domain import DesignNoteDomain

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

NOTE = """\
# Design Note: Quick deploy

```{design-note}
:id: quick
:status: draft
```

```{endpoint} POST /api/jobs/{id}/run
:change: new
:flag: quick_deploy
```

```{endpoint} DELETE /api/jobs/<id>
:change: removed
```

````{entity} Deployment table
:table: deployments
```{field} auto_configured: boolean
```
````

```{feature-flag} quick_deploy
:default: off
```

```{migration} Add the column
:revision: 4f2a
```

```{test-case} It runs, on all nodes
:id: t-1
```

```{interface} job.started
:kind: event
```
"""


def references(built: Built, page: str = 'roles.html') -> list[tuple[str, str]]:
    """Target and text of each link in the body of a page."""
    html = built.read(page)
    body = html[html.index('<div class="body"') : html.index('<div class="sphinxsidebar"')]
    links = re.findall(r'<a class="reference (?:internal|external)" href="([^"]*)"[^>]*>(.*?)</a>', body)
    return [(href, re.sub(r'<[^>]*>', '', text)) for href, text in links]


ROLES = {
    ':dn:endpoint:`POST /api/jobs/{id}/run`': ('POST /api/jobs/{id}/run', 'quick-endpoint-post-api-jobs-id-run-new'),
    ':dn:endpoint:`POST /api/jobs/{job}/run/`': (
        'POST /api/jobs/{job}/run/',
        'quick-endpoint-post-api-jobs-id-run-new',
    ),
    ':dn:endpoint:`post /api/jobs/:id/run`': ('post /api/jobs/:id/run', 'quick-endpoint-post-api-jobs-id-run-new'),
    ':dn:endpoint:`DELETE /api/jobs/<id>`': (
        'DELETE /api/jobs/&lt;id&gt;',
        'quick-endpoint-delete-api-jobs-id-removed',
    ),
    ':dn:endpoint:`start it <POST /api/jobs/<id>/run>`': ('start it', 'quick-endpoint-post-api-jobs-id-run-new'),
    ':dn:endpoint:`~POST /api/jobs/{id}/run`': ('run', 'quick-endpoint-post-api-jobs-id-run-new'),
    ':dn:entity:`Deployment`': ('Deployment', 'quick-entity-deployment-table'),
    ':dn:entity:`deployments`': ('deployments', 'quick-entity-deployment-table'),
    ':dn:field:`Deployment.auto_configured`': (
        'Deployment.auto_configured',
        'quick-field-deployment-table-auto-configured',
    ),
    ':dn:field:`~Deployment.auto_configured`': ('auto_configured', 'quick-field-deployment-table-auto-configured'),
    ':dn:flag:`quick_deploy`': ('quick_deploy', 'quick-feature-flag-quick-deploy'),
    ':dn:flag:`the flag <quick_deploy>`': ('the flag', 'quick-feature-flag-quick-deploy'),
    ':dn:migration:`Add the column`': ('Add the column', 'quick-migration-add-the-column'),
    ':dn:migration:`add-the-column`': ('add-the-column', 'quick-migration-add-the-column'),
    ':dn:migration:`4f2a`': ('4f2a', 'quick-migration-add-the-column'),
    ':dn:item:`t-1`': ('t-1', 't-1'),
    ':dn:item:`It runs, on all nodes`': ('It runs, on all nodes', 't-1'),
    ':dn:item:`flag:quick_deploy`': ('flag:quick_deploy', 'quick-feature-flag-quick-deploy'),
    ':dn:note:`quick`': ('quick', 'quick'),
    ':dn:note:`Quick deploy`': ('Quick deploy', 'quick'),
    ':dn:interface:`job.started`': ('job.started', 'quick-interface-event-job-started'),
    ':any:`quick_deploy`': ('quick_deploy', 'quick-feature-flag-quick-deploy'),
    ':any:`t-1`': ('t-1', 't-1'),
    ':any:`POST /api/jobs/{id}/run`': ('POST /api/jobs/{id}/run', 'quick-endpoint-post-api-jobs-id-run-new'),
}


@pytest.fixture(scope='module')
def site(build_once: BuildProject) -> Built:
    """A note, and a page for each way to refer to what it states."""
    roles = 'Roles\n=====\n\n' + '\n\n'.join(ROLES) + '\n'
    in_myst = '# Roles\n\n' + '\n\n'.join(re.sub(r'^:([a-z:]+):`', r'{\1}`', role) for role in ROLES) + '\n'
    none = 'No\n==\n\n:dn:flag:`!quick_deploy` :dn:endpoint:`!POST /nope`\n'
    home = 'Home\n====\n\n.. toctree::\n   :glob:\n\n   *\n'
    return build_once(
        {'index.rst': home, 'quick.md': NOTE, 'roles.rst': roles, 'myst.md': in_myst, 'none.rst': none}, 'html'
    )


def test_the_site_builds_without_a_warning(site: Built) -> None:
    assert site.warnings == []


@pytest.mark.parametrize('page', ['roles.html', 'myst.html'])
@pytest.mark.parametrize('role', ROLES)
def test_a_role_links_to_what_it_names(site: Built, role: str, page: str) -> None:
    text, anchor = ROLES[role]
    position = list(ROLES).index(role)
    assert references(site, page)[position] == (f'quick.html#{anchor}', text)


def test_an_exclamation_mark_makes_plain_text(site: Built) -> None:
    assert references(site, 'none.html') == []
    html = site.read('none.html')
    assert 'quick_deploy' in html
    assert '!quick_deploy' not in html


def test_every_target_of_a_link_exists(site: Built) -> None:
    anchors = set(re.findall(r'\bid="([^"]+)"', site.read('quick.html')))
    assert {item.anchor for item in site.items()} | {'quick'} <= anchors


def test_an_unknown_target_is_one_warning_at_the_role(build: BuildProject) -> None:
    built = build('Page\n====\n\nText.\n\n:dn:item:`nope` and :dn:note:`other`\n', 'html')
    assert [re.sub(r': .*\[', ': [', w) for w in built.warnings] == ['index.rst:6: [designnote.DN201]'] * 2


def test_an_unknown_target_is_one_warning_when_sphinx_is_nitpicky(build: BuildProject) -> None:
    built = build(
        'Page\n====\n\n:dn:item:`nope`\n\n.. endpoint:: GET /x\n   :uses: Nope\n', 'html', conf={'nitpicky': True}
    )
    assert [re.sub(r': .*\[', ': [', w) for w in built.warnings] == ['index.rst:4: [designnote.DN201]']


def test_options_that_name_items_link_to_them(site: Built) -> None:
    assert ('#quick-feature-flag-quick-deploy', 'quick_deploy') in references(site, 'quick.html')


@pytest.mark.parametrize('option', ['verifies', 'implements'])
def test_an_exact_name_comes_before_a_title_that_only_looks_like_it(build: BuildProject, option: str) -> None:
    built = build(
        f'Quick deploy\n============\n\n.. design-note::\n\n.. alternative:: Quick deploy\n\n'
        f'.. feature-flag:: quick_deploy\n\n'
        f'.. test-case:: It works\n   :{option}: quick_deploy\n'
    )
    links = [(link.type, link.target) for link in built.domain.graph.links if link.type == option]
    assert links == [(option, 'index-feature-flag-quick-deploy')]


def test_the_index_of_a_kind_lists_its_items(site: Built) -> None:
    html = site.read('dn-endpoint.html')
    rows = re.findall(
        r'<a href="(quick\.html#[^"]+)"><code class="xref">([^<]*)</code></a>\s*<em>\(([^)]*)\)</em>', html
    )
    assert rows == [
        ('quick.html#quick-endpoint-delete-api-jobs-id-removed', 'DELETE /api/jobs/&lt;id&gt;', 'removed'),
        ('quick.html#quick-endpoint-post-api-jobs-id-run-new', 'POST /api/jobs/{id}/run', 'new'),
    ]


def test_every_kind_that_is_used_has_an_index(site: Built) -> None:
    pages = {path.name for path in site.outdir.glob('dn-*.html')}
    assert pages == {
        'dn-note.html', 'dn-endpoint.html', 'dn-entity.html', 'dn-field.html', 'dn-flag.html', 'dn-migration.html',
        'dn-test-case.html', 'dn-interface.html',
    }  # fmt: skip


def test_an_index_shows_each_note_that_speaks_of_a_thing(build: BuildProject) -> None:
    page = '# {0}\n\n```{{design-note}}\n```\n\n```{{endpoint}} GET /x\n:change: {1}\n```\n'
    built = build({'a.md': page.format('A', 'new'), 'b.md': page.format('B', 'removed')}, 'html')
    html = built.read('dn-endpoint.html')
    assert re.findall(r'href="((?:a|b)\.html#[^"]+)"><code class="xref">([AB])</code></a>\s*<em>\((\w+)\)', html) == [
        ('a.html#a-endpoint-get-x-new', 'A', 'new'), ('b.html#b-endpoint-get-x-removed', 'B', 'removed'),
    ]  # fmt: skip


# objects.inv


def inventory(built: Built) -> dict[str, dict[str, tuple[str, str]]]:
    data = InventoryFile.loads((built.outdir / 'objects.inv').read_bytes(), uri='').data
    return {
        type_: {
            name: (item.uri, name if item.display_name == '-' else item.display_name) for name, item in items.items()
        }
        for type_, items in data.items()
        if type_.startswith('dn:')
    }


def test_the_inventory_holds_everything_under_its_name(site: Built) -> None:
    found = inventory(site)
    items = found.pop('dn:item')
    assert found == {
        'dn:note': {'quick': ('quick.html#quick', 'Quick deploy')},
        'dn:endpoint': {
            'POST /api/jobs/{}/run': ('quick.html#quick-endpoint-post-api-jobs-id-run-new', 'POST /api/jobs/{id}/run'),
            'DELETE /api/jobs/{}': ('quick.html#quick-endpoint-delete-api-jobs-id-removed', 'DELETE /api/jobs/<id>'),
        },
        'dn:entity': {'Deployment table': ('quick.html#quick-entity-deployment-table', 'Deployment table')},
        'dn:field': {
            'Deployment table.auto_configured': (
                'quick.html#quick-field-deployment-table-auto-configured', 'Deployment table.auto_configured',
            )
        },
        'dn:flag': {'quick_deploy': ('quick.html#quick-feature-flag-quick-deploy', 'quick_deploy')},
        'dn:migration': {'add-the-column': ('quick.html#quick-migration-add-the-column', 'Add the column')},
        'dn:test-case': {'it-runs-on-all-nodes': ('quick.html#t-1', 'It runs, on all nodes')},
        'dn:interface': {'job.started': ('quick.html#quick-interface-event-job-started', 'job.started')},
    }  # fmt: skip
    assert {name: uri.partition('#')[2] for name, (uri, _) in items.items()} == {i.id: i.anchor for i in site.items()}


def test_the_inventory_names_the_introducing_note(build: BuildProject) -> None:
    page = '# {0}\n\n```{{endpoint}} GET /x\n:change: {1}\n```\n'
    built = build({'a.md': page.format('A', 'changed'), 'b.md': page.format('B', 'new')}, 'html')
    assert inventory(built)['dn:endpoint'] == {'GET /x': ('b.html#b-endpoint-get-x-new', 'GET /x')}


TITLES = ('Test retry after 3 attempts', 'A: b # c $ d', 'Wait 2 days', 'Step 2', 'Ramp up to 10 % of users', '1 2 3')


@pytest.mark.parametrize('title', TITLES)
def test_every_title_is_in_the_inventory(build: BuildProject, title: str) -> None:
    # An entry is "name type priority uri": Sphinx takes the first "word word number" of a name for its end.
    built = build(f'.. test-case:: {title}\n   :id: t\n', 'html')
    assert set(inventory(built)) == {'dn:item', 'dn:test-case'}
    assert list(inventory(built)['dn:test-case'].values()) == [('index.html#t', title)]
    other = build(
        f':external+a:dn:test-case:`{title}`\n',
        'html',
        conf={
            'extensions': ['myst_parser', 'sphinxcontrib_designnote', 'sphinx.ext.intersphinx'],
            'intersphinx_mapping': {'a': ('https://a.example.org/', str(built.outdir / 'objects.inv'))},
        },
    )
    assert [href for href, _ in references(other, 'index.html')] == ['https://a.example.org/index.html#t']


EXTERNAL = {
    '`POST /api/jobs/{id}/run`': ('dn:endpoint', 'quick.html#quick-endpoint-post-api-jobs-id-run-new'),
    '`POST /api/jobs/<job>/run`': ('dn:endpoint', 'quick.html#quick-endpoint-post-api-jobs-id-run-new'),
    '`run it <POST /api/jobs/{}/run>`': ('dn:endpoint', 'quick.html#quick-endpoint-post-api-jobs-id-run-new'),
    '`quick_deploy`': ('dn:flag', 'quick.html#quick-feature-flag-quick-deploy'),
    '`Deployment table`': ('dn:entity', 'quick.html#quick-entity-deployment-table'),
    '`Add the column`': ('dn:migration', 'quick.html#quick-migration-add-the-column'),
    '`quick`': ('dn:note', 'quick.html#quick'),
    '`t-1`': ('dn:item', 'quick.html#t-1'),
}


@pytest.fixture(scope='module')
def other_project(site: Built, build_once: BuildProject) -> Built:
    """Another project, which knows the first one's inventory."""
    forms = []
    for target, (role, _) in EXTERNAL.items():
        forms += [f':external+serving:{role}:{target}', f':{role}:{target}']
    return build_once(
        {'index.rst': 'Other\n=====\n\n' + '\n\n'.join(forms) + '\n'},
        'html',
        conf={
            'extensions': ['myst_parser', 'sphinxcontrib_designnote', 'sphinx.ext.intersphinx'],
            'intersphinx_mapping': {'serving': ('https://serving.example.org/', str(site.outdir / 'objects.inv'))},
        },
    )


@pytest.mark.parametrize('form', ['external', 'plain'])
@pytest.mark.parametrize('target', EXTERNAL)
def test_another_project_reaches_it_by_intersphinx(other_project: Built, target: str, form: str) -> None:
    position = 2 * list(EXTERNAL).index(target) + (form == 'plain')
    links = references(other_project, 'index.html')
    assert len(links) == 2 * len(EXTERNAL)
    assert links[position][0] == 'https://serving.example.org/' + EXTERNAL[target][1]


def test_what_intersphinx_resolves_does_not_dangle(other_project: Built) -> None:
    assert other_project.warnings == []


# Search


def search_index(built: Built) -> dict[str, Any]:
    text = built.read('searchindex.js')
    data: dict[str, Any] = json.loads(text[text.index('{') : text.rindex('}') + 1])
    return data


def test_the_search_finds_every_thing_by_its_name(site: Built) -> None:
    data = search_index(site)
    found = {name for prefix in data['objects'].values() for _, _, _, _, name in prefix}
    names = {
        (f'{prefix}.' if prefix else '') + entry[4] for prefix, entries in data['objects'].items() for entry in entries
    }
    wanted = {'quick_deploy', 'Deployment table', 'POST /api/jobs/{id}/run', 'It runs, on all nodes', 'job.started'}
    assert wanted <= names | found
    assert {'dn:endpoint', 'dn:flag', 'dn:entity', 'dn:test-case'} <= set(data['objtypes'].values())


def test_the_search_finds_the_words_of_options(build: BuildProject) -> None:
    built = build('Page\n====\n\n.. endpoint:: GET /x\n   :purpose: Recommends an ocelot\n', 'html')
    assert 'ocelot' in search_index(built)['terms']


# Parallel and incremental reading


def many_pages() -> dict[str, str]:
    pages = {'index.rst': 'Home\n====\n\n.. toctree::\n   :glob:\n\n   p*\n'}
    for i in range(12):
        before = f':depends-on: p{i - 1}\n' if i else ''
        pages[f'p{i}.md'] = (
            f'# Design Note: Note {i}\n\n```{{design-note}}\n:status: accepted\n{before}```\n\n'
            f'```{{endpoint}} POST /api/{i // 3}\n:change: {"new" if i % 3 == 0 else "changed"}\n'
            f':flag: flag_{i}\n:bad: x\n```\n\n'
            f'```{{feature-flag}} flag_{i}\n:default: off\n:id: {"same" if i in (4, 9) else f"f{i}"}\n```\n\n'
            f'```{{test-plan}} unit\n- Test POST /api/{i // 3}\n- Test `flag_{i + 1}`\n```\n\n'
            f'See {{dn:note}}`p{i + 1}`.\n'
        )
    return pages


def told(built: Built) -> tuple[object, ...]:
    """Everything that the domain derives."""
    domain = built.domain
    return (
        built.notes,
        domain.graph.links,
        domain.graph.dangling,
        domain.graph.subjects,
        tuple(domain.graph.items),
        tuple(domain.graph.notes),
        domain.findings,
        sorted(domain.get_objects()),
    )


@pytest.mark.parametrize('builder', ['html', 'designnote'])
def test_a_parallel_build_equals_a_serial_one(build: BuildProject, builder: str) -> None:
    serial, parallel = build(many_pages(), builder), build(many_pages(), builder, parallel=2)
    assert told(serial) == told(parallel)
    assert sorted(serial.warnings) == sorted(parallel.warnings)
    assert len(serial.domain.findings) > 20
    if builder == 'html':
        assert inventory(serial) == inventory(parallel)


def test_a_page_that_is_read_again_replaces_what_it_said(build: BuildProject) -> None:
    built = build({'a.rst': '.. entity:: Old\n\n.. entity:: Kept\n'})
    assert [i.key for i in built.again({'a.rst': '.. entity:: Kept\n'}).items()] == ['Kept']
    assert built.again({'a.rst': 'Nothing.\n'}).notes == {}


def test_what_a_page_says_survives_a_build_that_does_not_read_it(build: BuildProject) -> None:
    built = build(many_pages())
    again = built.again()
    assert told(again) == told(built)


# The pickled environment


FRESH = """
import pickle, pickletools, sys
from docutils import nodes
from sphinx.environment import BuildEnvironment

seen = []
class Watching(pickle.Unpickler):
    def find_class(self, module, name):
        found = super().find_class(module, name)
        seen.append((module, name))
        return found

with open(sys.argv[1], 'rb') as file:
    env = Watching(file).load()
notes = env.domaindata['dn']['notes']
print(sorted(notes), [i.key for n in notes.values() for i in n.items], env.domaindata['dn']['version'])
data = pickle.dumps(env.domaindata['dn'])
modules = {op[1].split()[0] for op in ((o.name, a) for o, a, _ in pickletools.genops(data)) if op[0] == 'GLOBAL'}
strings = [a for o, a, _ in pickletools.genops(data) if isinstance(a, str)]
theirs = ('docutils', 'sphinx.')
print([s for s in strings if s.startswith(theirs)], [m for m in modules if m.startswith(theirs)])
"""


def test_the_environment_loads_in_a_fresh_process_and_holds_no_node(build: BuildProject) -> None:
    built = build({'a.md': NOTE, 'b.rst': '.. rollout::\n\n   1. Deploy\n'})
    pickled = next(built.root.rglob('environment.pickle'))
    script = built.root / 'load.py'
    script.write_text(FRESH)
    run = subprocess.run([sys.executable, str(script), str(pickled)], capture_output=True, text=True, check=False)
    assert run.stderr == ''
    records, modules = run.stdout.splitlines()
    assert records.startswith("['a', 'b'] ['POST /api/jobs/{id}/run'")
    assert records.endswith(f' {DesignNoteDomain.data_version}')
    assert modules == '[] []'


def test_the_environment_does_not_hold_the_settings(build: BuildProject) -> None:
    built = build({'a.md': NOTE})
    pickled = next(built.root.rglob('environment.pickle')).read_bytes()
    assert b'sphinxcontrib_designnote.config' not in pickled
    assert b'sphinxcontrib_designnote.relations' not in pickled
    assert b'sphinxcontrib_designnote.capture' not in pickled


def test_an_environment_of_another_version_is_read_again(build: BuildProject, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build({'a.md': NOTE})
    assert '0 added, 0 changed' in built.again().output
    monkeypatch.setattr(DesignNoteDomain, 'data_version', DesignNoteDomain.data_version + 1)
    again = built.again()
    assert '2 added' in again.output
    assert again.notes == built.notes


def test_the_extension_states_its_versions(build: BuildProject) -> None:
    import sphinxcontrib_designnote

    extension = build('A\n=\n').app.extensions['sphinxcontrib_designnote']
    assert extension.version == sphinxcontrib_designnote.__version__
    assert isinstance(extension.metadata['env_version'], int)
    assert (extension.parallel_read_safe, extension.parallel_write_safe) == (True, True)


def test_records_do_not_depend_on_the_order_of_reading(build: BuildProject) -> None:
    pages = many_pages()
    first = build(pages)
    second = build({'index.rst': pages['index.rst']})
    for name in sorted(pages, reverse=True):
        second = second.again({name: pages[name]})
    assert told(first)[1:] == told(second)[1:]


def test_no_deprecated_part_of_sphinx_is_used(build: BuildProject, recwarn: pytest.WarningsRecorder) -> None:
    build({'a.md': NOTE, 'roles.rst': '\n\n'.join(ROLES)}, 'html')
    ours = [str(w.message) for w in recwarn if 'sphinxcontrib_designnote' in str(w.filename)]
    assert ours == []


def test_a_damaged_inventory_name_is_not_written(site: Built) -> None:
    raw = (site.outdir / 'objects.inv').read_bytes()
    assert raw.startswith(b'# Sphinx inventory version 2')
    assert InventoryFile.load(io.BytesIO(raw), '', lambda base, path: path)


def test_all_output_stays_below_its_directory(site: Built) -> None:
    assert not [
        p
        for p in site.srcdir.iterdir()
        if p.name not in {'conf.py', 'index.rst', 'quick.md', 'roles.rst', 'myst.md', 'none.rst'}
    ]
    assert Path(site.outdir, '_static', 'designnote.css').is_file()


def test_the_words_of_a_note_are_those_that_a_reader_reads(build: BuildProject) -> None:
    text = """\
Design Note: Two words
======================

.. A comment of six words here.
.. contents::
   :local:

Three ``literal words`` and four::

   code code code

Why
---
"""
    assert build({'note.rst': text}).note.words == 10


def test_a_directive_below_the_heading_of_another_kind_is_told_where_it_belongs(build: BuildProject) -> None:
    text = """\
Design Note: Exports
====================

Backward Compatibility
----------------------

.. breaking-change:: GET /orders has no total

.. endpoint:: GET, POST /exports
   :change: changed

.. rollout::

   1. Deploy
"""
    findings = build({'note.rst': text}, 'designnote').domain.findings
    assert [(f.message, f.location.line, f.item) for f in findings if f.code == 'DN109'] == [
        (
            "breaking change 'GET /orders has no total' stands below 'Backward Compatibility'; move it below "
            "'Breaking Changes'",
            7,
            'note-breaking-change-get-orders-has-no-total',
        ),
        (
            "endpoint 'GET /exports' stands below 'Backward Compatibility'; move it below 'Changed Endpoints'",
            9,
            'note-endpoint-get-exports-changed',
        ),
        ("rollout stands below 'Backward Compatibility'; move it below 'Migrations'", 12, 'note-rollout-rollout'),
    ]


def test_the_index_of_a_kind_that_is_gone_is_no_target(build: BuildProject) -> None:
    pages = {'index.rst': 'Home\n====\n', 'dn-page.rst': '.. _dn-own:\n\nPage\n====\n'}
    first = build(pages, 'html', conf={'designnote_kinds': {'risk': {}, 'cost': {}}})
    after = first.again(conf={'designnote_kinds': {'cost': {'label': 'Price'}}})
    labels = after.app.env.domains.standard_domain.labels
    assert 'dn-risk' not in labels
    assert labels['dn-cost'] == ('dn-cost', '', 'Design notes: price')
    assert labels['dn-own'] == ('dn-page', 'dn-own', 'Page')
    clean = build(pages, 'html', conf={'designnote_kinds': {'cost': {'label': 'Price'}}})
    assert (after.outdir / 'objects.inv').read_bytes() == (clean.outdir / 'objects.inv').read_bytes()
