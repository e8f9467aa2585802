"""Every builder of Sphinx shows a note, with its own writer and no visitor of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

PAGES = {
    'index.rst': 'Home\n====\n\n.. toctree::\n\n   in_rest\n   in_myst\n',
    'in_rest.rst': """\
Design Note: In reST
====================

.. design-note::
   :status: in-review
   :owners: Ann, Bob

New Endpoints
-------------

.. endpoint:: GET, POST /api/jobs/{id}
   :change: new
   :purpose: Recommends an ocelot & more
   :request: {"model_id": "uuid"}
   :flag: jobs_enabled
   :sunset: 2027-06-30
   :breaking: no
   :unknown: kept text

   A body with **markup** and :dn:flag:`jobs_enabled`.

.. entity:: Job

   - Add ``state: text`` field

   .. field:: owner: text
      :pii: yes

.. rollout::

   1. Deploy the backend
   2. Enable it

.. test-plan:: unit

   - Test POST /api/jobs/{id}
""",
    'in_myst.md': """\
---
design-note:
  status: draft
---
# Design Note: In MyST

```{feature-flag} jobs_enabled
:default: off
:when-disabled: "Jobs" hidden, `x_y` & <z>
```

```{authorization}
- POST /api/jobs/{id}: requires editor role
```

```{no-impact} audit
```
""",
}

BUILDERS = {
    'html': 'in_rest.html',
    'dirhtml': 'in_rest/index.html',
    'singlehtml': 'index.html',
    'latex': '*.tex',
    'text': 'in_rest.txt',
    'man': '*.1',
    'texinfo': '*.texi',
    'epub': 'in_rest.xhtml',
    'xml': 'in_rest.xml',
    'gettext': 'in_rest.pot',
    'pseudoxml': 'in_rest.pseudoxml',
}

CONF = {
    'man_pages': [('index', 'serving', 'Serving', ['Ann'], 1)],
    'texinfo_documents': [('index', 'serving', 'Serving', 'Ann', 'Serving', 'One line.', 'Miscellaneous')],
    'epub_copyright': '2026', 'epub_author': 'Ann', 'version': '1', 'copyright': '2026',
    'suppress_warnings': ['designnote.DN105'],
}  # fmt: skip


def text_of(built: Built, builder: str) -> str:
    (path,) = Path(built.outdir).glob(BUILDERS[builder])
    text = path.read_text('utf-8')
    if builder in ('html', 'dirhtml', 'singlehtml', 'epub', 'xml'):
        text = re.sub(r'<[^>]*>', '', text).replace('&amp;', '&').replace('&quot;', '"').replace('&#34;', '"')
    # Escapes of LaTeX, roff and Texinfo are theirs.
    text = re.sub(r'\\sphinxhyphen\{\}|\\PYGZhy\{\}|\\textquotesingle\{\}|\\{2}', '', text)
    return re.sub(r'\s+', ' ', re.sub(r'\\([{}_&%$#-])|@([{}@])', lambda m: m[1] or m[2], text)).replace('\\', '')


@pytest.mark.parametrize('builder', BUILDERS)
def test_every_builder_shows_the_items_and_says_nothing(build: BuildProject, builder: str) -> None:
    built = build(PAGES, builder, conf=CONF)
    assert built.warnings == []
    text = text_of(built, builder)
    if builder == 'gettext':
        assert 'A body with **markup**' in text
        return
    for words in ('/api/jobs/{id}', 'POST', 'Recommends an ocelot & more', 'kept text', 'Ann', 'Deploy the backend'):
        assert words in text, words


@pytest.mark.parametrize('builder', ['html', 'latex', 'text', 'xml'])
def test_no_visitor_of_our_own_is_registered(build: BuildProject, builder: str) -> None:
    built = build(PAGES, builder, conf=CONF)
    handlers = built.app.registry.translation_handlers
    assert not [
        node for nodes in handlers.values() for node, functions in nodes.items()
        if any('designnote' in getattr(function, '__module__', '') for function in functions if function)
    ]  # fmt: skip


def test_no_node_of_our_own_is_on_a_page(build: BuildProject) -> None:
    built = build(PAGES, conf=CONF)
    for docname in ('in_rest', 'in_myst'):
        modules = {type(node).__module__ for node in built.app.env.get_doctree(docname).findall()}
        assert modules <= {'docutils.nodes', 'sphinx.addnodes', 'myst_parser.sphinx_ext.myst_refs'}


@pytest.fixture(scope='module')
def html(build_once: BuildProject) -> str:
    """The page in reST, as HTML."""
    return build_once(PAGES, 'html', conf=CONF).read('in_rest.html')


def test_an_item_is_a_description_list_with_its_id(html: str) -> None:
    match = re.search(
        r'<dl class="dn [^"]*dn-endpoint[^"]*">\s*'
        r'<dt class="[^"]*" id="([^"]+)">(.*?)</dt>\s*<dt class="[^"]*" id="([^"]+)">',
        html,
        re.DOTALL,
    )
    assert match is not None
    assert (match[1], match[3]) == ('in-rest-endpoint-get-api-jobs-id-new', 'in-rest-endpoint-post-api-jobs-id-new')
    assert '<dd>' in html[match.end() :]


def test_an_item_has_a_permalink(html: str) -> None:
    for anchor in (
        'in-rest-endpoint-get-api-jobs-id-new',
        'in-rest-endpoint-post-api-jobs-id-new',
        'in-rest-entity-job',
    ):
        assert re.search(rf'<a class="headerlink" href="#{anchor}"', html), anchor


def words_of(html: str, classes: str) -> list[str]:
    """Text of each ``span`` of these classes."""
    return re.findall(rf'<span class="{classes}">(?:<span class="pre">)?([^<]*)<', html)


def test_an_item_has_badges_of_its_method_and_change(html: str) -> None:
    assert words_of(html, 'dn-badge dn-new') == ['New', 'New']
    assert words_of(html, 'dn-method dn-method-get') == ['GET']
    assert words_of(html, 'dn-method dn-method-post') == ['POST']


def test_the_status_of_a_note_is_a_badge(html: str) -> None:
    assert words_of(html, 'dn-badge dn-in-review') == ['In-review']


def test_options_are_a_field_list(html: str) -> None:
    assert re.search(r'<dl class="[^"]*dn-options[^"]*">\s*<dt class="[^"]*">Purpose', html)
    assert '<code class="docutils literal notranslate"><span class="pre">{&quot;model_id&quot;:' in html
    assert 'June' not in html
    assert '2027-06-30' in html


def test_a_bullet_that_is_an_item_has_its_id(html: str) -> None:
    for anchor in (
        'in-rest-field-job-state-add',
        'in-rest-rollout-step-deploy-the-backend',
        'in-rest-test-case-unit-test-post-api-jobs-id',
    ):
        assert html.count(f'id="{anchor}"') == 1, anchor


def test_every_id_of_a_page_is_there_once(html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_every_link_within_a_page_has_its_target(html: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


def test_the_stylesheet_is_linked(html: str) -> None:
    assert 'designnote.css' in html


@pytest.mark.parametrize('theme', ['alabaster', 'furo', 'basic', 'classic'])
def test_common_themes_show_the_items(build: BuildProject, theme: str) -> None:
    pytest.importorskip(theme) if theme == 'furo' else None
    built = build(PAGES, 'html', conf=CONF | {'html_theme': theme})
    assert built.warnings == []
    assert 'id="in-rest-endpoint-post-api-jobs-id-new"' in built.read('in_rest.html')


def test_an_untitled_page_with_items_builds(build: BuildProject) -> None:
    built = build({'index.md': '```{endpoint} GET /x\n```\n\n```{design-note}\n```\n'}, 'html')
    assert built.items()[0].key == 'GET /x'


def test_class_option_reaches_the_page(build: BuildProject) -> None:
    built = build('.. endpoint:: GET /x\n   :class: wide, My Class\n', 'html')
    assert re.search(r'<dl class="[^"]*dn-endpoint wide my-class[^"]*">', built.read('index.html'))


def test_text_in_a_language_is_translated_by_sphinx_catalogues_only(build: BuildProject) -> None:
    built = build(PAGES, 'html', conf=CONF | {'language': 'de'})
    assert built.warnings == []
