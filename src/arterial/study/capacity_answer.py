"""What came of `capacity`: modules by link, how full they get and in which case, cost and bound."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.design.capacity_case import CaseRouted, routed_case
from arterial.design.capacity_task import CapacityTask
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.jobs.progress import Report
from arterial.plan.verdict import Verdict
from arterial.solve.program import FloatArray, IntArray

__all__ = [
    "CapacityFound",
    "EcmpFound",
    "EcmpLink",
    "Filled",
    "LinkBought",
    "Stop",
    "filled",
    "gap_of",
    "link_rows",
    "unfilled",
]

Stop = Literal["gap", "rounds", "time", "memory", "end"]

CHECKED = 20_000
"""Cases that are routed once more; of more, the first ones."""
LACK = 1e-6
"""Share of what a case asks for that the check forgives."""


class LinkBought(Struct, frozen=True, kw_only=True):
    """One link."""

    link: str
    a: str
    z: str
    modules: str
    """What is bought, as ``2 x 400``; in parts where capacity has any size."""
    gbps: float
    """All that the link has, also what stood already."""
    cost: float
    utilisation: float
    """Share that is filled where nothing failed; the fuller direction."""
    worst_utilisation: float
    worst_case: str
    """The case in which it is fullest: whom to thank for its size."""


class EcmpLink(Struct, frozen=True, kw_only=True):
    """One link under ECMP."""

    link: str
    metric: int
    """The same in both directions; 0: not used."""
    gbps: float
    cost: float
    worst_filled: float
    """Share that is filled, at worst, of what may be; the fuller direction."""
    worst_case: str


class EcmpFound(Struct, frozen=True, kw_only=True):
    """What ECMP needs beside any routing."""

    cost: float
    """NaN where no metrics were found that carry every case."""
    bound: float
    """For any routing, and so for ECMP."""
    gap: float
    bound_scope: str
    rounds: int
    metrics_tried: int
    links: tuple[EcmpLink, ...]


class CapacityFound(Struct, frozen=True, kw_only=True):
    """The whole answer."""

    name: str
    verdict: Verdict
    """``proved`` where the gap is met and every case that was routed once more holds."""
    stopped: Stop
    """A stop by time may differ from run to run; ``end``: the search found nothing more."""
    cost: float
    """NaN where no point was found."""
    bound: float
    gap: float
    bound_scope: str
    rounds: int
    cuts: int
    sites: int
    demands: int
    offered_gbps: float
    cases: int
    checked_cases: int
    """Routed once more, apart from the engine."""
    lacking_case: str
    """Where that found no room, the first such case."""
    links: tuple[LinkBought, ...]
    resumed: bool
    output: str
    notes: tuple[str, ...]
    ecmp: EcmpFound | None = None
    """Metrics and modules for ECMP, where they were asked for."""


class Filled(Struct, frozen=True, kw_only=True):
    """How full the file's links get, (M,), over the cases that were routed once more."""

    normal: tuple[float, ...]
    worst: tuple[float, ...]
    case: tuple[str, ...]
    checked: int
    lacking: str


def gap_of(cost: float, bound: float) -> float:
    """What a cost may be above the best, as a share of it; NaN where nothing is known."""
    if not math.isfinite(cost) or not math.isfinite(bound):
        return math.nan
    return max(cost - bound, 0.0) / cost if cost > 0.0 else 0.0


def filled(
    task: CapacityTask, columns: FloatArray, report: Report, deadline: Deadline = FOREVER
) -> Filled:
    """Route each case once more, over as few links as fit, apart from the engine.

    When time is up the cases left are not looked at.
    """
    problem = task.problem
    count = min(len(problem.cases.names), CHECKED)
    links = len(task.links)
    normal, worst = np.zeros(links), np.zeros(links)
    culprit = np.full(links, -1, dtype=np.int64)
    lacking = ""
    for case in range(count):
        if deadline.late:
            count = case
            break
        report("routing each case once more", case, count)
        room = problem.capacity_gbps(columns, case)
        asked = problem.asked_gbps(columns, case)
        routed = routed_case(problem, room, asked, case)
        if not lacking and routed.lack_gbps.sum() > LACK * max(asked.sum(), 1.0):
            lacking = problem.cases.names[case]
        share = _shares(task, columns, routed)
        fuller = share > worst + LACK
        worst, culprit = np.where(fuller, share, worst), np.where(fuller, case, culprit)
        normal = share if case == 0 else normal
    if not count:
        return unfilled(task)
    return Filled(
        normal=tuple(normal.tolist()),
        worst=tuple(worst.tolist()),
        case=tuple(_named(task, culprit)),
        checked=count,
        lacking=lacking,
    )


def unfilled(task: CapacityTask) -> Filled:
    """Nothing routed once more: how full links are is not known."""
    unknown = (math.nan,) * len(task.links)
    return Filled(
        normal=unknown, worst=unknown, case=("",) * len(task.links), checked=0, lacking=""
    )


def _named(task: CapacityTask, culprit: IntArray) -> Iterator[str]:
    for case in culprit.tolist():
        yield "" if case < 0 else task.problem.cases.names[case]


def _shares(task: CapacityTask, columns: FloatArray, routed: CaseRouted) -> FloatArray:
    """Of each of the file's links, (M,), that a case fills."""
    both = routed.load_gbps.reshape(-1, 2)
    load = both.sum(axis=1) if task.problem.links.shared else both.max(axis=1)
    most = np.zeros(len(task.links))
    np.maximum.at(most, task.of_link, load)
    gbps = task.link_gbps(columns)
    return np.where(gbps > 0.0, most / np.where(gbps > 0.0, gbps, 1.0), 0.0)


def link_rows(task: CapacityTask, columns: FloatArray, full: Filled) -> Iterator[LinkBought]:
    """A row a link, in the file's order."""
    gbps, cost = task.link_gbps(columns), task.link_cost(columns)
    bought: list[Counter[float]] = [Counter() for _ in task.links]
    for one, count in zip(task.bought, columns.tolist(), strict=True):
        if one.gbps > 0.0 and count > LACK:
            bought[one.link][one.gbps] += round(count, 6)
    for link, name in enumerate(task.links):
        a, z = (int(site) for site in task.ends[link])
        yield LinkBought(
            link=name,
            a=task.sites[a],
            z=task.sites[z],
            modules=" + ".join(
                f"{bought[link][size]:g} x {size:g}" for size in sorted(bought[link])
            ),
            gbps=round(float(gbps[link]), 6),
            cost=round(float(cost[link]), 6),
            utilisation=full.normal[link],
            worst_utilisation=full.worst[link],
            worst_case=full.case[link],
        )
