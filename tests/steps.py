"""How many steps a function takes: each line of Python that is run counts one, so that no clock has a part in it.

What a built-in function does in one call, the search of an expression say, is no more than a part of its line's step:
``tests/bench/linear_time.py`` measures that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

#: Twice the size may take so many times the steps; what is quadratic takes four times as many.
LIMIT = 2.5
#: Steps that do not depend on the size, and too few to tell anything.
FEW = 300


def steps(run: Callable[[], object]) -> int:
    """Return how many lines *run* runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        nonlocal count
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


def grows_too_fast(small: Callable[[], object], large: Callable[[], object], limit: float = LIMIT) -> bool:
    """Whether *large*, of twice the size, takes more than about twice the steps of *small*.

    :param limit: closer to 2 where much else would hide that a part is quadratic.
    """
    small()  # what is loaded or compiled once is no part of it
    return steps(large) > limit * steps(small) + FEW
