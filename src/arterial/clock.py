"""Wall time, in one place: engines are handed a deadline and never look at the clock themselves."""

import time
from collections.abc import Callable

__all__ = ["Clock", "seconds"]

Clock = Callable[[], float]
"""Returns seconds since some fixed moment, never going back."""


def seconds() -> float:
    """Seconds since some fixed moment, monotonic."""
    return time.monotonic()
