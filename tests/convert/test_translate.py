"""The same note in the other syntax."""

from __future__ import annotations

import textwrap

import pytest

from sphinxcontrib_designnote.convert.naming import with_id
from sphinxcontrib_designnote.convert.snapshot import Workbench
from sphinxcontrib_designnote.convert.translate import translate

from .conftest import Convert, note, read, same

#: Name, MyST, reST; each is the translation of the other.
BOTH_WAYS = [
    (
        'directives, nested, with options and a body',
        """
        ## New Endpoints

        ~~~~{endpoint} POST /jobs
        :change: new
        :request: {"a": "b"}
        :purpose: '"quoted"'

        Text with `code` and **bold**.

        ```{field} a: str
        :in: request
        ```
        ~~~~

        ```{feature-flag} x
        ```
        """,
        """
        New Endpoints
        -------------

        .. endpoint:: POST /jobs
           :change: new
           :request: {"a": "b"}
           :purpose: "quoted"

           Text with ``code`` and **bold**.

           .. field:: a: str
              :in: request

        .. feature-flag:: x
        """,
    ),
    (
        'text, links, roles, emphasis',
        """
        ## Approach Summary

        A *plain* text with a [link](https://example.org/a_b), {dn:flag}`x` and `a|b`
        over two lines.

        [guide]: https://example.org/guide
        """,
        """
        Approach Summary
        ----------------

        A *plain* text with a `link <https://example.org/a_b>`__, :dn:flag:`x` and ``a|b``
        over two lines.

        .. _guide: https://example.org/guide
        """,
    ),
    (
        'lists and code',
        """
        ## Rollout Steps

        1. Deploy
           - the API
           - the web client
        2. Enable it

        ```python
        if a:

            b()
        ```

        <!-- a comment -->

        <!--
        two lines
        of it
        -->
        """,
        """
        Rollout Steps
        -------------

        1. Deploy

           - the API
           - the web client

        2. Enable it

        .. code-block:: python

           if a:

               b()

        .. a comment

        ..
           two lines
           of it
        """,
    ),
    (
        'other directives and targets',
        """
        ## Approach Summary

        (here)=

        ```{note}
        Mind *this*.
        ```

        ```{image} a.png
        :alt: A picture
        ```
        """,
        """
        Approach Summary
        ----------------

        .. _here:

        .. note::

           Mind *this*.

        .. image:: a.png
           :alt: A picture
        """,
    ),
]


def tidy(text: str) -> str:
    return textwrap.dedent(text).strip('\n') + '\n'


@pytest.mark.parametrize(('myst', 'rest'), [case[1:] for case in BOTH_WAYS], ids=[case[0] for case in BOTH_WAYS])
def test_myst_becomes_restructuredtext(translated: Convert, myst: str, rest: str) -> None:
    assert translated(myst, markdown=True) == tidy(rest)


@pytest.mark.parametrize(('myst', 'rest'), [case[1:] for case in BOTH_WAYS], ids=[case[0] for case in BOTH_WAYS])
def test_restructuredtext_becomes_myst(translated: Convert, myst: str, rest: str) -> None:
    assert translated(rest, markdown=False) == tidy(myst).replace('~~~~{endpoint}', '````{endpoint}').replace(
        'request\n```\n~~~~', 'request\n```\n````'
    )


def test_a_table_becomes_a_list_table(translated: Convert) -> None:
    table = """
    ## New Endpoints

    | Method | Path |
    |---|---|
    | GET | `/jobs` |
    """
    assert (
        '.. list-table::\n   :header-rows: 1\n\n   * - Method\n     - Path\n   * - GET\n     - ``/jobs``\n'
        in translated(table, markdown=True)
    )


@pytest.mark.parametrize(
    'table',
    [
        '====== =========\nMethod Path\n====== =========\nGET    ``/jobs``\n====== =========\n',
        '+--------+-----------+\n| Method | Path      |\n+========+===========+\n'
        '| GET    | ``/jobs`` |\n+--------+-----------+\n',
    ],
    ids=['simple', 'grid'],
)
def test_a_table_of_restructuredtext_becomes_one_of_markdown(translated: Convert, table: str) -> None:
    got = translated(f'New Endpoints\n-------------\n\n{table}', markdown=False)
    assert got.endswith('| Method | Path |\n|---|---|\n| GET | `/jobs` |\n')


def test_what_has_no_counterpart_is_kept_and_named(bench: Workbench) -> None:
    text = note('## Approach Summary\n\nText.\n\n```{mystery} x\nInside.\n```\n', markdown=True)
    result = translate(bench, read(bench, text, markdown=True))
    assert result.untranslated == ('```{mystery} x',)
    assert result.after is not None
    assert '.. code-block:: markdown\n\n   ```{mystery} x\n   Inside.\n   ```\n' in result.after.text
    text = note('Approach Summary\n----------------\n\n.. |x| replace:: y\n\nText with |x|.\n', markdown=False)
    result = translate(bench, read(bench, text, markdown=False))
    assert result.untranslated == ('.. |x| replace:: y',)
    assert result.after is not None
    assert '```{eval-rst}\n.. |x| replace:: y\n```\n' in result.after.text


def test_front_matter_and_the_marking_directive_are_each_other(bench: Workbench) -> None:
    marked = (
        '---\ndesign-note:\n  id: things\n  status: draft\n  owners: "a: b"\n---\n\n'
        '# Design Note: Things\n\n## Breaking Changes\n\n```{no-impact} breaking-changes\n```\n'
    )
    before = read(bench, marked, markdown=True)
    result = translate(bench, before)
    assert result.differences == ()
    assert result.after is not None
    assert '\n.. design-note::\n   :id: things\n   :status: draft\n   :owners: a: b\n\n' in result.after.text
    back = translate(bench, result.after)
    assert back.after is not None
    assert back.after.text == marked


@pytest.mark.parametrize('markdown', [True, False], ids=['myst', 'rst'])
@pytest.mark.parametrize('form', ['bare', 'marked', 'front'])
def test_an_id_is_written_where_there_is_none(bench: Workbench, form: str, markdown: bool) -> None:
    text = note(
        '## Breaking Changes\n\nNone.\n' if markdown else 'Breaking Changes\n----------------\n\nNone.\n',
        markdown=markdown,
    )
    if form == 'front' and markdown:
        text = '---\nauthor: me\ndesign-note:\n  status: draft\n---\n\n' + text
    elif form == 'marked':
        marker = '```{design-note}\n:status: draft\n```\n' if markdown else '.. design-note::\n   :status: draft\n'
        title, rest = text.split('\n\n', 1)
        text = f'{title}\n\n{marker}\n{rest}'
    before = read(bench, text, markdown=markdown)
    lines = with_id(before)
    after = read(bench, '\n'.join(lines), markdown=markdown)
    same(before, after)
    assert 'id' in after.note.lines
    assert after.note.id == before.note.id == 'note'
    assert after.note.status == before.note.status
    assert with_id(after) == lines


def test_comments_that_silence_rules_are_translated(translated: Convert) -> None:
    text = """
        .. designnote: ignore DN602 nobody owns flags

        New Endpoints
        -------------

        - POST /jobs

          .. designnote: ignore DN301 public
        """
    expected = """
        <!-- designnote: ignore DN602 nobody owns flags -->

        ## New Endpoints

        - POST /jobs

          <!-- designnote: ignore DN301 public -->
        """
    assert translated(text, markdown=False) == textwrap.dedent(expected).strip('\n') + '\n'
