"""Wall time, in one place: engines are handed a deadline and never look at the clock themselves."""

import time
from collections.abc import Callable
from datetime import date, datetime

__all__ = ["Clock", "seconds", "today"]

Clock = Callable[[], float]
"""Returns seconds since some fixed moment, never going back."""


def seconds() -> float:
    """Seconds since some fixed moment, monotonic."""
    return time.monotonic()


def today() -> date:
    """The date where the machine stands."""
    return datetime.now().astimezone().date()
