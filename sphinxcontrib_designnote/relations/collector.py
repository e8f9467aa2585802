"""Python's garbage collector, and how to keep it from work that makes no garbage."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec('P')
T = TypeVar('T')


def at_rest(function: Callable[P, T]) -> Callable[P, T]:
    """Let the collector rest while *function* runs.

    It looks at all that is alive again and again while much is made, and finds nothing: what is made here stays, and
    has no circles. With 30,000 items that is a quarter of the time, and more with more.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return wrapper
