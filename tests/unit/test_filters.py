"""The language of filters: what it understands, what it says of the rest, and that it runs nothing."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.relations.filters import FilterError, read_filter

NAMES = ('status', 'component', 'flag', 'date')
ROW = {'status': {'in-review'}, 'component': {'web', 'api'}, 'flag': set(), 'date': {'2026-09-01'}}


def holds(text: str) -> bool:
    return read_filter(text, NAMES)(lambda name: frozenset(ROW[name]))


@pytest.mark.parametrize(
    'text',
    [
        'status == "in-review"',
        'status == "IN-REVIEW"',
        "status != 'draft'",
        'status in ("draft", "in-review")',
        'status in ["in-review"]',
        'status not in ("draft",)',
        '"web" in component',
        '"ops" not in component',
        'component == "api"',
        'component',
        'not flag',
        'date < "2026-10-01" and date >= "2026-09-01"',
        'flag or status == "in-review"',
        'not (flag or status == "draft")',
        '  status == "in-review"  ',
    ],
)
def test_holds(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    'text',
    [
        'status == "draft"',
        'status != "in-review"',
        'component != "api"',
        'flag',
        'flag == "x"',
        'date > "2026-09-01"',
        'component and flag',
        'status in ("draft",)',
        '"web" not in component',
    ],
)
def test_does_not_hold(text: str) -> None:
    assert not holds(text)


FORMS = 'compare a name with a word: status == "draft", release in ("26.08", "26.09"), "web" in component'
UNKNOWN = "'statsu' is no name of a filter; did you mean 'status'? (accepted: status, component, flag, date)"
NO_COMPARISON = f'status is compared in a way that is not understood; {FORMS}'


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('statsu == "draft"', UNKNOWN),
        ('status = "draft"', f'\'status = "draft"\' is no expression; {FORMS}'),
        ('', f"'' is no expression; {FORMS}"),
        ('status == "\0"', f'\'status == "\N{REPLACEMENT CHARACTER}"\' is no expression; {FORMS}'),
        ('__import__("os")', f'\'__import__("os")\' is not understood; {FORMS}'),
        ('lambda: status', f"'lambda: status' is not understood; {FORMS}"),
        ('[status for status in "x"]', f'\'[status for status in "x"]\' is not understood; {FORMS}'),
        ('"a" < date < "b"', f'\'"a" < date < "b"\' is not understood; {FORMS}'),
        ('status == component', "'component' is no word; write words in quotes"),
        ('status == ()', "'()' is no word; write words in quotes"),
        ('status == True', "'True' is no word; write words in quotes"),
        ('"a" == "b"', f'\'"a"\' is no name; {FORMS}'),
        ('status.upper == "x"', f"'status.upper' is no name; {FORMS}"),
        ('status < ("a", "b")', NO_COMPARISON),
        ('status is "draft"', NO_COMPARISON),
        ('status' + ' or status' * 100, 'is longer than 500 characters'),
    ],
)
def test_says_what_is_not_understood(text: str, message: str) -> None:
    with pytest.raises(FilterError) as error:
        read_filter(text, NAMES)
    assert str(error.value) == message


def test_depth_is_no_danger() -> None:
    assert read_filter('not ' * 120 + 'flag', NAMES)(lambda _: frozenset()) is False
    with pytest.raises(FilterError, match='is no expression'):
        read_filter('(' * 240 + 'status' + ')' * 240, NAMES)
