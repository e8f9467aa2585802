"""Comments that silence rules, wherever an author may put one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.values import ignore_of_comment

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

HERE = SourceLocation(path='n.md', line=1)


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('designnote: ignore DN301 public health check', [('DN301', 'public health check')]),
        (' designnote: ignore DN301 ', [('DN301', '')]),
        ('designnote: ignore DN301 (public)', [('DN301', 'public')]),
        (
            'DesignNote:ignore endpoint-without-test\n  nobody\n  calls it\n',
            [('endpoint-without-test', 'nobody calls it')],
        ),
        ('designnote: ignore DN301 public, by design', [('DN301', 'public, by design')]),
        ('designnote: ignore DN301 - public', [('DN301', 'public')]),
        ('designnote: ignore DN301: public', [('DN301', 'public')]),
        ('designnote: ignore: DN301 public', [('DN301', 'public')]),
        ('designnote ignore DN301 public', [('DN301', 'public')]),
        ('design-note: ignore DN301 public', [('DN301', 'public')]),
        ('designnote: ignore DN301 (a, b), DN701 (c)', [('DN301', 'a, b'), ('DN701', 'c')]),
        ('designnote: ignore DN301, DN701', [('DN301', ''), ('DN701', '')]),
    ],
)
def test_a_comment_silences_one_rule_or_several(text: str, expected: list[tuple[str, str]]) -> None:
    found = ignore_of_comment(text.strip(), HERE)
    assert not isinstance(found, str)
    assert [(each.rule, each.reason) for each in found] == expected
    assert {each.location for each in found} == {HERE}


FORM = "write 'designnote: ignore DN301 reason'"
SEVERAL = "names several rules; write each reason in parentheses: 'DN301 (reason), DN501 (reason)'"


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('designnote: ignore', f"'designnote: ignore' names no rule; {FORM}"),
        ('designnote:', f"'designnote:' names no rule; {FORM}"),
        ('designnote: ignroe DN301', f"'ignroe' is nothing that a comment may ask for; {FORM}"),
        ('designnote: DN301 reason', f"'DN301' is nothing that a comment may ask for; {FORM}"),
        ('designnote: ignore DN301 one, DN701 two', f"'DN301 one, DN701 two' {SEVERAL}"),
        ('designnote: ignore DN301, DN701 two', f"'DN301, DN701 two' {SEVERAL}"),
        ('designnote: ignore DN301 (one), DN701 two', f"'DN301 (one), DN701 two' {SEVERAL}"),
    ],
)
def test_one_that_cannot_be_read_says_how_to_write_it(text: str, message: str) -> None:
    assert ignore_of_comment(text, HERE) == message


RST = 'New Endpoints\n-------------\n'
NEW = '## New Endpoints\n'
DETAILS = '  - so and so\n' * 60
#: Every place in which a comment may stand; ``@`` stands for it, in the syntax of the page.
PAGES = {
    'bullet.md': f'{NEW}- POST /a - start\n  @\n- POST /b - stop\n',
    'loose.md': f'{NEW}- POST /a - start\n\n  @\n\n- POST /b - stop\n',
    'details.md': f'{NEW}- POST /a - start\n  - Response: 201\n  @\n- POST /b - stop\n',
    'in a detail.md': f'{NEW}- POST /a - start\n  - Response: 201\n    @\n- POST /b - stop\n',
    'far down.md': f'{NEW}- POST /a - start\n{DETAILS}  @\n- POST /b - stop\n',
    'on the line.md': f'{NEW}- POST /a - start @\n- POST /b - stop\n',
    'in a row.md': f'{NEW}| Endpoint | Purpose |\n|---|---|\n| POST /a | start @ |\n| POST /b | stop |\n',
    'heading.md': f'{NEW}### POST /a\n@\n\nStart.\n\n### POST /b\nStop.\n',
    'below a heading.md': f'{NEW}### POST /a\nStart.\n\n- Response: 201\n\n@\n\n### POST /b\nStop.\n',
    'in a heading.md': f'{NEW}### POST /a @\nStart.\n\n### POST /b\nStop.\n',
    'bold.md': f'{NEW}**POST /a**\n@\n\n- Response: 201\n\n**POST /b**\n\n- Response: 204\n',
    'below bold.md': f'{NEW}**POST /a**\n- Response: 201\n\n@\n\n**POST /b**\n\n- Response: 204\n',
    'bullet.rst': f'{RST}- POST /a - start\n\n  @\n\n- POST /b - stop\n',
    'details.rst': f'{RST}- POST /a - start\n\n  - Response: 201\n\n  @\n\n- POST /b - stop\n',
    'far down.rst': f'{RST}- POST /a - start\n\n{DETAILS}\n  @\n\n- POST /b - stop\n',
    'heading.rst': f'{RST}POST /a\n.......\n@\n\nStart.\n\nPOST /b\n.......\nStop.\n',
    'definition.rst': f'{RST}POST /a\n  Start.\n\n  @\n\nPOST /b\n  Stop.\n',
    'directive.rst': '.. endpoint:: POST /a\n   :change: new\n\n   @\n\n.. endpoint:: POST /b\n   :change: new\n',
    'directive.md': ':::{endpoint} POST /a\n:change: new\n\n@\n:::\n\n:::{endpoint} POST /b\n:change: new\n:::\n',
}


def written(name: str, text: str) -> tuple[str, str, int]:
    """Return file name, page and the line of the comment."""
    comment = 'designnote: ignore DN301 public'
    is_markdown = name.endswith('.md')
    title = '# Design Note: X\n\n' if is_markdown else 'Design Note: X\n==============\n\n'
    page = title + text
    line = page[: page.index('@')].count('\n') + 1
    return (
        f'note.{name.rpartition(".")[2]}',
        page.replace('@', f'<!-- {comment} -->' if is_markdown else f'.. {comment}'),
        line,
    )


def speaking(built: Built, *codes: str) -> list[tuple[str, int, str | None]]:
    return [(f.code, f.location.line, f.suppressed) for f in built.domain.findings if f.code in codes]


@pytest.mark.parametrize('name', PAGES)
def test_it_silences_the_item_in_which_it_stands_and_no_other(build: BuildProject, name: str) -> None:
    file, page, line = written(name, PAGES[name])
    built = build({file: page}, 'designnote')
    items = [
        (item.key, [(each.rule, each.reason, each.location.line) for each in item.ignore])
        for item in built.items('endpoint')
    ]
    assert items == [('POST /a', [('DN301', 'public', line)]), ('POST /b', [])]
    assert [(code, suppressed) for code, _, suppressed in speaking(built, 'DN105', 'DN111', 'DN301')] == [
        ('DN301', 'public'), ('DN301', None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    'page',
    [
        '@\n\n# Design Note: X\n\n## New Endpoints\n- POST /a\n- POST /b\n',
        '# Design Note: X\n@\n\n## New Endpoints\n- POST /a\n- POST /b\n',
        '# Design Note: X\n\nWe need jobs.\n\n@\n\n## New Endpoints\n- POST /a\n- POST /b\n',
        '% designnote: ignore DN301 public\n\n# Design Note: X\n\n## New Endpoints\n- POST /a\n- POST /b\n',
        '# Design Note: X\n\n:::{design-note}\n:status: draft\n\n@\n:::\n\n## New Endpoints\n- POST /a\n- POST /b\n',
    ],
)
def test_at_the_top_of_the_page_it_silences_the_whole_note(build: BuildProject, page: str) -> None:
    built = build({'note.md': page.replace('@', '<!-- designnote: ignore DN301 public -->')}, 'designnote')
    assert [each.rule for each in built.note.ignore] == ['DN301']
    assert [s for _, _, s in speaking(built, 'DN105', 'DN111', 'DN301')] == ['public', 'public']


@pytest.mark.parametrize('above', ['', 'Design Note: X\n==============\n\n'])
def test_at_the_top_of_a_page_in_restructuredtext(build: BuildProject, above: str) -> None:
    below = '' if above else 'Design Note: X\n==============\n\n'
    page = f'{above}.. designnote: ignore DN301 public\n\n{below}New Endpoints\n-------------\n- POST /a\n- POST /b\n'
    built = build({'note.rst': page}, 'designnote')
    assert [(each.rule, each.location.line) for each in built.note.ignore] == [
        ('DN301', page[: page.index('.. ')].count('\n') + 1)
    ]
    assert [s for _, _, s in speaking(built, 'DN105', 'DN111', 'DN301')] == ['public', 'public']


MOVE = (
    "'designnote: ignore DN301 reason' silences rules inside an item, indented as its details are, or below the title "
    'for the whole note; move the comment there [designnote.DN105]'
)


@pytest.mark.parametrize(
    ('section', 'line'),
    [
        ('## New Endpoints\n@\n- POST /a\n', 4),
        ('## New Endpoints\n- POST /a\n\n@\n', 6),
        ('## New Endpoints\nThese are new:\n\n- POST /a\n\n@\n', 8),
        ('## Elsewhere\n@\n', 4),
        ('## New Endpoints\n**POST /a**\n\n- Response: 201\n\n### Questions\n@\n', 9),
    ],
)
def test_one_that_stands_in_no_item_is_reported(build: BuildProject, section: str, line: int) -> None:
    page = f'# Design Note: X\n\n{section.replace("@", "<!-- designnote: ignore DN301 public -->")}'
    warnings = build({'note.md': page}, 'designnote').warnings
    assert [w for w in warnings if 'DN105' in w or 'DN111' in w] == [f'note.md:{line}: {MOVE}']


def test_one_that_cannot_be_read_is_reported_at_its_line(build: BuildProject) -> None:
    page = '# Design Note: X\n\n## New Endpoints\n- POST /a\n  <!-- designnote: ignroe DN301 -->\n'
    assert [w for w in build({'note.md': page}, 'designnote').warnings if 'DN105' in w] == [
        f"note.md:5: 'ignroe' is nothing that a comment may ask for; {FORM} [designnote.DN105]"
    ]


def test_of_two_equal_comments_each_has_its_own_line(build: BuildProject) -> None:
    comment = '  .. designnote: ignore DN301 public\n\n'
    page = (
        f'Design Note: X\n==============\n\nNew Endpoints\n-------------\n- POST /a\n\n{comment}- POST /b\n\n{comment}'
    )
    built = build({'note.rst': page}, 'designnote')
    assert [each.location.line for item in built.items('endpoint') for each in item.ignore] == [8, 12]


def test_several_comments_and_the_option_add_up(build: BuildProject) -> None:
    page = (
        '# Design Note: X\n\n## New Endpoints\n- POST /a\n  - Ignore: DN501 (a)\n'
        '  <!-- designnote: ignore DN301 b --> <!-- designnote: ignore DN701 (c) -->\n'
    )
    (item,) = build({'note.md': page}, 'designnote').items('endpoint')
    assert [(each.rule, each.reason) for each in item.ignore] == [('DN501', 'a'), ('DN301', 'b'), ('DN701', 'c')]


def test_other_comments_are_none_of_ours(build: BuildProject) -> None:
    comments = '  <!-- the designnote: ignore it -->\n  <!-- prettier-ignore -->\n'
    page = f'# Design Note: X\n\n## New Endpoints\n- POST /a\n{comments}'
    built = build({'note.md': page}, 'designnote')
    assert [item.ignore for item in built.items('endpoint')] == [()]
    assert [w for w in built.warnings if 'DN105' in w] == []


def test_on_a_page_that_is_no_note_it_silences_its_directive(build: BuildProject) -> None:
    page = 'Page\n====\n\n.. endpoint:: POST /a\n   :change: new\n\n   .. designnote: ignore DN301 public\n'
    built = build({'page.rst': page}, 'designnote')
    assert speaking(built, 'DN105', 'DN111', 'DN301') == [('DN301', 4, 'public')]


def test_below_the_first_heading_of_a_page_without_a_title_it_stands_in_no_item(build: BuildProject) -> None:
    page = '---\ndesign-note: true\n---\n\n# New Endpoints\n<!-- designnote: ignore DN301 public -->\n- POST /a\n'
    built = build({'note.md': page}, 'designnote')
    assert built.note.ignore == ()
    assert [w for w in built.warnings if 'DN105' in w] == [f'note.md:6: {MOVE}']


def test_where_a_table_and_a_heading_state_one_item_a_comment_in_either_counts(build: BuildProject) -> None:
    table = '| Endpoint | Purpose |\n|---|---|\n| POST /a | start |\n\n'
    detail = '### POST /a\n<!-- designnote: ignore DN301 public -->\n\nStart.\n'
    page = f'# Design Note: X\n\n## New Endpoints\n{table}{detail}'
    (item,) = build({'note.md': page}, 'designnote').items('endpoint')
    assert [each.rule for each in item.ignore] == ['DN301']


def test_it_stands_on_the_item_and_not_on_its_parts(build: BuildProject) -> None:
    comment = '  <!-- designnote: ignore DN401 made by hand -->\n'
    page = f'# Design Note: X\n\n## New Entities\n- **jobs**: `id: uuid`, `state: text`\n{comment}'
    built = build({'note.md': page}, 'designnote')
    found = [(item.key, len(item.ignore)) for item in built.note.items]
    assert found == [('jobs', 1), ('jobs.id', 0), ('jobs.state', 0)]


def test_on_the_first_step_it_stands_on_that_step_and_not_on_the_rollout(build: BuildProject) -> None:
    comment = '   <!-- designnote: ignore DN610 no way back -->\n'
    page = f'# Design Note: X\n\n## Migrations\n1. Deploy backend\n{comment}2. Enable the flag\n'
    built = build({'note.md': page}, 'designnote')
    found = [(item.kind, item.key, len(item.ignore)) for item in built.note.items]
    assert found == [
        ('rollout', 'Rollout', 0), ('rollout-step', 'Deploy backend', 1), ('rollout-step', 'Enable the flag', 0),
    ]  # fmt: skip
