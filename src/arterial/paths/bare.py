"""The decorator of the innermost compiled loops: they hold no count of who uses an array.

numba counts the users of each array that is handed to a function, atomically and at each call. In a
failure sweep, whose functions are short and many, counts and calls were three quarters of the time.
A bare function becomes a part of whoever calls it; it makes no array and returns none, and whoever
calls the outermost one holds what it is handed.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.options import DefaultOptions

__all__ = ["bare"]

Loops = TypeVar("Loops", bound=Callable[..., object])

# The second option is numba's own and no promise of it: without it, loops are right and slower.
OPTIONS: dict[str, Any] = {
    "forceinline": True,
    **({"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}),
}


def bare(function: Loops) -> Loops:
    """``function`` compiled, to run without the interpreter's lock."""
    return cast("Loops", njit(cache=True, nogil=True, **OPTIONS)(function))
