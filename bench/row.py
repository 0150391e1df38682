"""One line of the benchmark table, and how a time is taken."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

__all__ = ["Row", "median_s", "row_of"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What we take, what the peer takes for the same work, and what was promised."""

    name: str
    own_s: float
    peer_s: float | None = None
    goal: str = ""
    met: bool | None = None
    """Whether the goal is met; None where there is none."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times faster than the peer."""
        return None if self.peer_s is None or self.own_s <= 0.0 else self.peer_s / self.own_s


def row_of(given: Row | Mapping[str, object]) -> Row:
    """A row from a module that speaks in plain dicts, where a goal that is a number is a ratio."""
    if isinstance(given, Row):
        return given
    own_s, peer_s, goal = float(str(given["own_s"])), given.get("peer_s"), given.get("goal")
    row = Row(
        name=str(given["name"]),
        own_s=own_s,
        peer_s=None if peer_s is None else float(str(peer_s)),
        goal=str(goal or ""),
        note=str(given.get("note") or ""),
    )
    if not isinstance(goal, (int, float)):
        return row
    met = None if row.ratio is None else row.ratio >= goal
    return replace(row, goal=f">= {goal:,g} x", met=met)


def median_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Median wall time of ``work``, seconds, after one run that is not counted."""
    work()
    taken: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
