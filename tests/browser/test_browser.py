"""Builds sites, and lets ``pages.test.mjs`` look at them in a headless Chromium.

Needs Node.js, Chromium, and ``npm ci`` in this folder; each is named where it is missing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from sphinxcontrib_designnote.model.schema import ArgumentType, Kind, ValueType, builtin_vocabulary
from sphinxcontrib_designnote.views import VIEWS
from tests.conftest import CONF, run_sphinx

HERE = Path(__file__).parent
STATIC = files('sphinxcontrib_designnote') / 'static'
EXAMPLE = HERE.parents[1] / 'docs' / 'examples' / 'orders-service'
CHROMIUM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
NODE = shutil.which('node')
#: For a browser as root, without a screen, that asks nobody for anything.
FLAGS = json.dumps([
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
])  # fmt: skip
#: Runs, if anything does; and what a spreadsheet would.
EVIL = '<script>hacked=1</script><img src=x onerror=hacked=1>"\'><svg onload=hacked=1>'
FORMULA = '=1+1'

#: The theme of most tests, and those that the looks are compared in where they are installed.
THEMES = ('furo', 'alabaster', 'pydata_sphinx_theme', 'sphinx_rtd_theme')

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(NODE is None, reason='Node.js is not installed'),
    pytest.mark.skipif(CHROMIUM is None, reason='Chromium is not installed (Debian package chromium)'),
    pytest.mark.skipif(not (HERE / 'node_modules').is_dir(), reason='run "npm ci" in tests/browser'),
]


def themes() -> list[str]:
    return [theme for theme in THEMES if find_spec(theme)]


def hostile_pages() -> dict[str, str]:
    """A note in which every argument, option and body tries to run something, and a page that shows it all.

    In reStructuredText, where text is never HTML: what runs, runs because of this extension.
    """
    kinds = builtin_vocabulary().kinds.values()
    title = f'Design Note: {EVIL}'
    note = [title, '=' * len(title), '', '.. design-note::', '   :id: hostile', f'   :owners: {EVIL}', '']
    note += [line for kind in kinds if kind.name not in ('design-note', 'no-impact') for line in hostile_item(kind)]
    note += [line for number in range(4) for line in (f'.. alternative:: {FORMULA} {number}', '')]
    views = ['Views', '=====', '', '.. traceability-table:: alternative', '']
    for kind in kinds:
        views += [f'.. traceability-table:: {kind.name}', f'   :title: {EVIL}', '']
    views += ['.. traceability-matrix:: endpoint x test', f'   :title: {EVIL}', f'   :filter: note == "{EVIL}"', '']
    views += [line for name in VIEWS for line in (f'.. {name}:: {EVIL}', '')]
    views += ['.. traceability-graph:: hostile', f'   :title: {EVIL}', '']
    views += ['.. impact-timeline::', f'   :title: {EVIL}', '', f'.. impact-timeline:: feature-flag:{EVIL}', '']
    index = 'Home\n====\n\n.. toctree::\n\n   hostile\n   views\n'
    return {'index.rst': index, 'hostile.rst': '\n'.join(note), 'views.rst': '\n'.join(views)}


def hostile_item(kind: Kind) -> list[str]:
    argument = {
        ArgumentType.HTTP_TARGET: f'POST /{EVIL.replace(" ", "_")}',
        ArgumentType.WORD: next(iter(kind.words), ''),
        ArgumentType.NONE: '',
    }.get(kind.argument, EVIL)
    written = [f'.. {kind.name}:: {argument}'.rstrip()]
    for option in kind.options.values():
        if option.name not in ('id', 'ignore', 'class'):
            value = option.values[0] if option.type is ValueType.CHOICE else EVIL
            written.append(f'   :{option.name}: {value}')
    return [*written, '', f'   {EVIL}', '', f'   - {EVIL}', '']


def large_note() -> str:
    items = ''.join(
        f'```{{endpoint}} GET /things/v{number}\n:change: new\n{f":purpose: v{number}" if number % 2 else ""}\n```\n\n'
        for number in range(450)
    )
    return f'# Design Note: Large\n\n```{{design-note}}\n:id: large\n```\n\n{items}'


@pytest.fixture(scope='module')
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name to folder of each site."""
    conf = dict(CONF) | {'html_theme': 'furo'}
    example = {str(p.relative_to(EXAMPLE)): p.read_bytes() for p in EXAMPLE.rglob('*') if p.is_file()}
    example_conf = {'code': example.pop('conf.py').decode(), 'html_title': 'Orders'}
    example.pop('README.md')
    large = {'index.md': '# Home\n\n```{traceability-table} endpoints\n```\n', 'large.md': large_note()}
    wanted = {theme: (example, 'html', example_conf | {'html_theme': theme}) for theme in themes()}
    wanted |= {
        'report': (example, 'designnote', example_conf),
        'hostile': (hostile_pages(), 'html', conf),
        'hostile-report': (hostile_pages(), 'designnote', conf),
        'large': (large, 'html', conf),
        'large-report': (large, 'designnote', conf),
    }
    return {
        name: str(run_sphinx(tmp_path_factory.mktemp(name), files, builder, settings).outdir)
        for name, (files, builder, settings) in wanted.items()
    }


def test_pages_in_a_browser(sites: dict[str, str]) -> None:
    report = Path(sites['large-report'], 'index.html').read_text('utf-8')
    rows = re.findall(r'<tr id="([^"]*)"', report)
    assert NODE is not None
    assert CHROMIUM is not None
    env = os.environ | {
        'SITES': json.dumps(sites),
        'CHROMIUM': CHROMIUM,
        'FLAGS': FLAGS,
        'THEMES': json.dumps(themes()),
        'LAST_ROW': rows[-1],
    }
    done = subprocess.run(
        [NODE, '--test', '--test-reporter=spec', 'pages.test.mjs'],
        cwd=HERE, env=env, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


def test_the_library_is_what_its_authors_published() -> None:
    package, vendored = HERE / 'node_modules' / 'datatables.net', STATIC / 'vendor' / 'datatables'
    licence, code = (
        (package / 'License.txt').read_text('utf-8'),
        (package / 'js' / 'dataTables.min.js').read_text('utf-8'),
    )
    assert (vendored / 'License.txt').read_text('utf-8') == licence
    commented = ''.join(f' * {line}'.rstrip() + '\n' for line in licence.splitlines())
    assert (vendored / 'dataTables.min.js').read_text('utf-8') == f'/*!\n{commented} */\n{code}'
