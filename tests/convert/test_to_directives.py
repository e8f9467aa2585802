"""From plain words to directives: each kind once, in both syntaxes, and what must stay as it is."""

from __future__ import annotations

import textwrap

import pytest

from sphinxcontrib_designnote.convert.snapshot import Workbench

from .conftest import Convert

#: Name, plain MyST, the same with directives.
CASES = [
    (
        'an endpoint with its options',
        """
        ## New Endpoints

        - POST /jobs - start a job
          - Request: `{"name": "x"}`
          - Rate limit: 10 a minute
        """,
        """
        ## New Endpoints

        ```{endpoint} POST /jobs
        :change: new
        :purpose: start a job
        :request: {"name": "x"}
        :rate-limit: 10 a minute
        ```
        """,
    ),
    (
        'comments that silence rules, which become an option',
        """
        ## New Endpoints

        - POST /jobs - start a job
          - Request: `{"name": "x"}`
          <!-- designnote: ignore DN301 public, by design -->
        - GET /jobs - list jobs <!-- designnote: ignore DN301 (public), DN701 (trivial) -->
        - PUT /jobs

          % designnote: ignore DN301
        """,
        """
        ## New Endpoints

        ```{endpoint} POST /jobs
        :change: new
        :ignore: DN301 (public, by design)
        :purpose: start a job
        :request: {"name": "x"}
        ```

        ```{endpoint} GET /jobs
        :change: new
        :ignore: DN301 (public), DN701 (trivial)
        :purpose: list jobs
        ```

        ```{endpoint} PUT /jobs
        :change: new
        :ignore: DN301
        ```
        """,
    ),
    (
        'a comment below a heading, and one above all that stays',
        """
        <!-- designnote: ignore DN602 nobody owns flags -->

        ## New Endpoints

        ### POST /jobs
        <!-- designnote: ignore DN301 public -->

        Start a job.
        """,
        """
        <!-- designnote: ignore DN602 nobody owns flags -->

        ## New Endpoints

        ### POST /jobs

        ```{endpoint} POST /jobs
        :change: new
        :ignore: DN301 (public)
        :purpose: Start a job.
        ```
        """,
    ),
    (
        'a table, whose other columns are text',
        """
        ## New Endpoints

        | Method | Path | Auth | Owner |
        |---|---|---|---|
        | GET | `/jobs` | any user | team [blue](https://blue.example) |
        | DELETE | `/jobs/{id}` | admin role | |
        """,
        """
        ## New Endpoints

        ```{endpoint} GET /jobs
        :change: new
        :auth: any user

        Owner: team [blue](https://blue.example)
        ```

        ```{endpoint} DELETE /jobs/{id}
        :change: new
        :auth: admin role
        ```
        """,
    ),
    (
        'an entity whose bullets the directive reads as well',
        """
        ## Modified Entities

        **Job table:**

        - Add `state: text` field (default: open), so that a worker finds it
        - Add index on `state`
        """,
        """
        ## Modified Entities

        ```{entity} Job
        :change: modified

        - Add `state: text` field (default: open), so that a worker finds it
        - Add index on `state`
        ```
        """,
    ),
    (
        'None and its reason',
        """
        ## Breaking Changes

        None. Everything is additive.
        """,
        """
        ## Breaking Changes

        ```{no-impact} breaking-changes
        Everything is additive.
        ```
        """,
    ),
    (
        'breaking changes and compatibility',
        """
        ## Breaking Changes

        - The list is paged. Clients must follow `next`.
          - Affects: GET /jobs

        ## Backward Compatibility

        Old clients are safe:

        - The old field stays until 2027-06-30
        """,
        """
        ## Breaking Changes

        ```{breaking-change} The list is paged
        :affects: GET /jobs

        Clients must follow `next`.
        ```

        ## Backward Compatibility

        Old clients are safe:

        ```{compatibility} The old field stays until 2027-06-30
        :until: 2027-06-30
        ```
        """,
    ),
    (
        'a migration, its second sentence and its steps',
        """
        ## Migration Story

        Alembic fills the column. It
        locks nothing.
        """,
        """
        ## Migration Story

        ```{migration} Alembic fills the column
        :tool: Alembic

        It
        locks nothing.
        ```
        """,
    ),
    (
        'an authorization',
        """
        ## Authorization Touchpoints

        - POST /jobs: requires editor role
        """,
        """
        ## Authorization Touchpoints

        ```{authorization} POST /jobs
        :roles: editor

        POST /jobs: requires editor role
        ```
        """,
    ),
    (
        'an audit event and a consideration',
        """
        ## Audit Fields

        - `job.started` when a job begins
          - Retention: 1 year

        ## Other Security Considerations

        - Rate limiting: ten a minute
        """,
        """
        ## Audit Fields

        ```{audit-event} job.started
        :change: new
        :trigger: a job begins
        :retention: 1 year

        `job.started` when a job begins
        ```

        ## Other Security Considerations

        ```{security-consideration} Rate limiting
        :topic: rate-limiting

        ten a minute
        ```
        """,
    ),
    (
        'a flag with a quoted word and a comment beside it',
        """
        ## Feature Flags

        <!-- ask the owner -->

        Feature flag: `new_jobs` (default: off)
        - When disabled: "Start" hidden # for now
        """,
        """
        ## Feature Flags

        <!-- ask the owner -->

        ```{feature-flag} new_jobs
        :change: new
        :default: off
        :when-disabled: "Start" hidden # for now
        ```
        """,
    ),
    (
        'an interface with a field',
        """
        ## Interfaces

        - `job.done` - event, when a job ends
          - Kind: event
          - Add `job_id: uuid` field
            - Required: yes
        """,
        """
        ## Interfaces

        ```{interface} job.done
        :kind: event
        :purpose: event, when a job ends

        - Add `job_id: uuid` field
          - Required: yes
        ```
        """,
    ),
    (
        'a rollout keeps its list, tests keep theirs',
        """
        ## Rollout Steps

        1. Deploy the API
        2. Enable `new_jobs` for all

        ## Testing Strategy

        **Unit tests:**

        - Test GET /jobs
        """,
        """
        ## Rollout Steps

        ```{rollout}
        1. Deploy the API
        2. Enable `new_jobs` for all
        ```

        ## Testing Strategy

        ```{test-plan} unit
        - Test GET /jobs
        ```
        """,
    ),
    (
        'a rollout that goes on below a next heading',
        """
        ## Rollout Steps

        ### Phase 1

        1. Deploy the API

        ### Phase 2

        1. Enable it for all
        """,
        """
        ## Rollout Steps

        ### Phase 1

        ````{rollout}
        ```{rollout-step} Deploy the API
        :phase: Phase 1
        ```
        ````

        ### Phase 2

        ````{rollout}
        ```{rollout-step} Enable it for all
        :phase: Phase 2
        ```
        ````
        """,
    ),
    (
        'the approach and what was rejected',
        """
        ## Approach Summary

        We queue *jobs*.

        ![picture](queue.png)

        Alternatives considered:

        - Threads: rejected, they block
        """,
        """
        ## Approach Summary

        ```{approach}
        We queue *jobs*.

        ![picture](queue.png)
        ```

        Alternatives considered:

        ```{alternative} Threads
        :verdict: rejected

        rejected, they block
        ```
        """,
    ),
    (
        'directives in an entry that is only a label',
        """
        ## New Endpoints

        - Public:
          - GET /jobs - list
        - Nothing else is said here
        """,
        """
        ## New Endpoints

        - Public:

          ```{endpoint} GET /jobs
          :change: new
          :purpose: list
          ```

        - Nothing else is said here
        """,
    ),
]


@pytest.mark.parametrize(('plain', 'expected'), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_plain_section_becomes_directives(to: Convert, plain: str, expected: str) -> None:
    wanted = textwrap.dedent(expected).strip('\n') + '\n'
    got = to('directives', plain)
    assert got == wanted


def test_what_a_sentence_says_besides_stays_with_its_links_and_code(to: Convert) -> None:
    plain = """
    ## Changed Endpoints

    - `GET` and `PUT /jobs/{id}` - as the [guide](https://example.org/guide) says

      ```python
      get('/jobs/1')
      ```
    """
    got = to('directives', plain)
    assert 'as the [guide](https://example.org/guide) says' in got
    assert "```python\nget('/jobs/1')\n```" in got


def test_restructuredtext_keeps_its_own_markup(to: Convert) -> None:
    plain = """
    New Endpoints
    -------------

    - ``POST /jobs`` - start ``x``

      - Auth: editor

      .. note:: Not on Sundays.

    .. a comment

    Feature Flags
    -------------

    Feature flag: ``new_jobs`` (default: off)
    """
    expected = """
    New Endpoints
    -------------

    .. endpoint:: POST /jobs
       :change: new
       :purpose: start `x`
       :auth: editor

       .. note:: Not on Sundays.

    .. a comment

    Feature Flags
    -------------

    .. feature-flag:: new_jobs
       :change: new
       :default: off
    """
    assert to('directives', plain, markdown=False) == textwrap.dedent(expected).strip('\n') + '\n'


def test_a_definition_and_a_literal_block_become_directives_too(to: Convert) -> None:
    plain = """
    Changed Endpoints
    -----------------

    ``GET /jobs``
        Lists them, ten a page.

    One more::

        PUT /jobs/{id}   # replace
    """
    expected = """
    Changed Endpoints
    -----------------

    .. endpoint:: GET /jobs
       :change: changed
       :purpose: Lists them, ten a page.

    One more:

    .. endpoint:: PUT /jobs/{id}
       :change: changed
       :purpose: replace
    """
    assert to('directives', plain, markdown=False) == textwrap.dedent(expected).strip('\n') + '\n'


def test_what_no_directive_says_stays_plain(to: Convert) -> None:
    # An endpoint without a method has no directive.
    plain = """
    ## New Endpoints

    - `/jobs/{id}/cancel` - ends it
    - POST /jobs - start one
    """
    got = to('directives', plain, left=1)
    assert got.startswith('## New Endpoints\n\n- `/jobs/{id}/cancel` - ends it\n\n```{endpoint} POST /jobs\n')


def test_an_included_part_stays_as_it_is(bench: Workbench, tmp_path: object) -> None:
    from pathlib import Path

    from sphinxcontrib_designnote.convert.directives import to_directives
    from sphinxcontrib_designnote.convert.equal import convert
    from sphinxcontrib_designnote.convert.snapshot import workbench

    folder = Path(str(tmp_path))
    (folder / 'shared.txt').write_text('- GET /shared - of all\n')
    text = '# Design Note: X\n\n## New Endpoints\n\n- GET /jobs - list\n\n```{include} shared.txt\n```\n'
    with workbench(folder / 'x.md', None) as own:
        before = own.read(text, markdown=True)
        assert before is not None
        assert [s.item.key for s in before.statements] == ['GET /jobs', 'GET /shared']
        result = convert(own, before, to_directives)
    assert result is not None
    assert not result.differences
    assert result.text.endswith(':purpose: list\n```\n\n```{include} shared.txt\n```\n')
    assert (folder / 'shared.txt').read_text() == '- GET /shared - of all\n'
    assert sorted(p.name for p in folder.iterdir()) == ['shared.txt']
