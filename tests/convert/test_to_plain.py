"""From directives to plain words: each kind once, in both syntaxes, and what must stay a directive."""

from __future__ import annotations

import textwrap

import pytest

from .conftest import Convert

#: Name, MyST with directives, the same in plain words.
CASES = [
    (
        'an endpoint with a field',
        """
        ## New Endpoints

        ````{endpoint} POST /jobs
        :change: new
        :purpose: start a job
        :request: {"name": "x"}
        :rate-limit: 10 a minute

        ```{field} dry_run: bool
        :change: add
        :in: request
        :default: false

        Nothing is stored.
        ```
        ````
        """,
        """
        ## New Endpoints

        - POST /jobs - start a job
          - Request: `{"name": "x"}`
          - Rate limit: 10 a minute
          - Add `dry_run: bool` field (default: false)
            - In: request

            Nothing is stored.
        """,
    ),
    (
        'an entity',
        """
        ## Modified Entities

        ````{entity} Job
        :change: modified

        ```{field} state: text
        :change: add
        :nullable: no
        ```

        ```{constraint} index on state
        :change: add
        ```
        ````
        """,
        """
        ## Modified Entities

        **Job table:**

        - Add `state: text` field (not null)
        - Add index on `state`
        """,
    ),
    (
        'None and its reason',
        """
        ## Breaking Changes

        ```{no-impact} breaking-changes
        Everything is additive.
        ```
        """,
        """
        ## Breaking Changes

        None. Everything is additive.
        """,
    ),
    (
        'a breaking change, and what keeps clients working',
        """
        ## Breaking Changes

        ```{breaking-change} The list is paged
        :affects: GET /jobs

        Clients must follow `next`.
        ```

        ## Backward Compatibility

        ```{compatibility} The old field stays
        :mechanism: additive
        :until: 2027-06-30
        ```
        """,
        """
        ## Breaking Changes

        - The list is paged
          - Affects: GET /jobs

          Clients must follow `next`.

        ## Backward Compatibility

        - The old field stays
          - Mechanism: additive
          - Until: 2027-06-30
        """,
    ),
    (
        'a migration',
        """
        ## Migration Story

        ~~~{migration} Alembic fills `state`
        :tool: Alembic
        :revision: 0042

        It locks nothing.
        ~~~
        """,
        """
        ## Migration Story

        Alembic fills `state`.

        - Tool: Alembic
        - Revision: 0042

        It locks nothing.
        """,
    ),
    (
        'security',
        """
        ## Authorization Touchpoints

        ```{authorization} POST /jobs
        :roles: editor
        ```

        ## Audit Fields

        ```{audit-event} job.started
        :change: new
        :retention: 1 year
        ```

        ## Other Security Considerations

        ```{security-consideration} Rate limiting
        :topic: rate-limiting

        Ten a minute.
        ```
        """,
        """
        ## Authorization Touchpoints

        - POST /jobs
          - Roles: editor

        ## Audit Fields

        - `job.started`
          - Retention: 1 year

        ## Other Security Considerations

        - Rate limiting: Ten a minute.
          - Topic: rate-limiting
        """,
    ),
    (
        'a flag, an interface',
        """
        ## Interfaces

        ```{interface} job.done
        :kind: event
        :change: new
        :purpose: tells that a job has ended
        ```

        ## Feature Flags

        ```{feature-flag} new_jobs
        :change: new
        :default: off
        :remove-by: 2027-06-30
        ```
        """,
        """
        ## Interfaces

        - `job.done` - tells that a job has ended
          - Change: new
          - Kind: event

        ## Feature Flags

        - `new_jobs` (default: off)
          - Remove by: 2027-06-30
        """,
    ),
    (
        'a rollout of directives, tests, an alternative',
        """
        ## Approach Summary

        ```{approach}
        We queue.
        ```

        ```{alternative} Threads
        :verdict: rejected
        ```

        ## Rollout Steps

        ````{rollout}
        ```{rollout-step} Deploy the API
        :gate: all tests pass
        ```

        ```{rollout-step} Enable it for all
        ```
        ````

        ## Testing Strategy

        ```{test-plan} integration
        - Test GET /jobs
        ```

        ```{test-case} Nothing breaks
        :level: manual
        ```
        """,
        """
        ## Approach Summary

        We queue.

        Alternatives considered:

        - Threads
          - Verdict: rejected

        ## Rollout Steps

        1. Deploy the API
          - Gate: all tests pass
        """,
    ),
    (
        'what a word of the text would be read as is ruled out with a dash',
        """
        ## Other Security Considerations

        ```{security-consideration} No passwords are involved
        ```
        """,
        """
        ## Other Security Considerations

        - No passwords are involved
          - Topic: –
        """,
    ),
]


@pytest.mark.parametrize(('directives', 'expected'), [case[1:] for case in CASES[:-2]], ids=[c[0] for c in CASES[:-2]])
def test_directives_become_plain_words(to: Convert, directives: str, expected: str) -> None:
    assert to('plain', directives) == textwrap.dedent(expected).strip('\n') + '\n'


def test_a_dash_rules_out_what_the_words_seem_to_say(to: Convert) -> None:
    assert to('plain', CASES[-1][1]) == textwrap.dedent(CASES[-1][2]).strip('\n') + '\n'


def test_a_rollout_of_directives_becomes_a_numbered_list(to: Convert) -> None:
    got = to('plain', CASES[-2][1])
    assert got.startswith(textwrap.dedent(CASES[-2][2]).strip('\n').rpartition('1. Deploy')[0])
    assert '1. Deploy the API\n   - Gate: all tests pass\n2. Enable it for all\n' in got
    assert '**Integration tests:**\n\n- Test GET /jobs\n' in got
    assert got.endswith('\n- Manual: Nothing breaks\n')


def test_missing_headings_are_those_of_the_profile(to: Convert) -> None:
    directives = """
    Jobs are queued.

    ```{feature-flag} new_jobs
    :change: new
    :default: off
    ```

    ```{endpoint} POST /jobs
    :change: new
    ```
    """
    expected = """
    Jobs are queued.

    ## API / Interface Impacts

    ### New Endpoints

    - POST /jobs

    ## Rollout Plan

    ### Feature Flags

    - `new_jobs` (default: off)
    """
    assert to('plain', directives) == textwrap.dedent(expected).strip('\n') + '\n'


def test_a_directive_in_a_section_of_another_kind_moves_to_its_own(to: Convert) -> None:
    directives = """
    Approach Summary
    ----------------

    .. approach::

       We queue.

    .. endpoint:: GET /jobs
       :change: new

    New Endpoints
    -------------

    Two of them:

    .. endpoint:: POST /jobs
       :change: new

    Feature Flags
    -------------

    .. no-impact:: feature-flags

       Nobody calls it yet.
    """
    expected = """
    Approach Summary
    ----------------

    We queue.

    New Endpoints
    -------------

    Two of them:

    - POST /jobs
    - GET /jobs

    Feature Flags
    -------------

    None. Nobody calls it yet.
    """
    got = to('plain', directives, markdown=False)
    assert got.split() == textwrap.dedent(expected).split()


def test_text_that_would_be_markup_is_escaped(to: Convert) -> None:
    directives = """
    ## Breaking Changes

    ```{breaking-change} *All* [lists] end with <br>
    ```
    """
    got = to('plain', directives)
    assert got == '## Breaking Changes\n\n- \\*All\\* \\[lists\\] end with \\<br\\>\n'


def test_an_item_with_a_mistake_stays_the_directive_that_its_author_must_mend(to: Convert) -> None:
    directives = """
    ## New Endpoints

    ```{endpoint} POST /jobs
    :change: new
    :breaking: perhaps
    ```
    """
    assert to('plain', directives, left=1) == textwrap.dedent(directives).strip('\n') + '\n'


def test_a_comment_that_silences_a_rule_stays_with_its_directive(to: Convert) -> None:
    body = """
        ## New Endpoints

        ```{endpoint} POST /jobs
        :change: new

        <!-- designnote: ignore DN301 public -->
        ```
        """
    assert to('plain', body, left=1) == textwrap.dedent(body).strip('\n') + '\n'
