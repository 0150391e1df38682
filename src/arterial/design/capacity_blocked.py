"""Why no point exists, told by demand and case: no way at all, none in time, or too little room.

Each case is tried alone with as much on every link as its columns allow. What fails there is a
proof; where nothing does, the rows of the program collide, and that is all that can be said.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.capacity_case import arcs_standing, routed_case, ways_in_case
from arterial.design.capacity_task import CapacityTask
from arterial.errors import InfeasibleError
from arterial.jobs.progress import Report, silent
from arterial.routing.pricing import Pricer
from arterial.solve.highs import solve
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["block", "left_parted", "most_gbps", "no_way", "parted"]

LISTED = 6
"""Links or sites that a message names."""
LACK_GBPS = 1e-6
BINDING = 0.01
"""Price of an arc, as the lack that one more Gb/s would end, from which it stands in the way."""


def parted(problem: Problem) -> BoolArray:
    """Demands that a case asks for and that have no way in it within their limit, (F, K)."""
    asked = problem.cases.gbps > 0.0
    every = np.arange(len(problem.demands.source))
    pricer = Pricer(ways_in_case(problem, every))
    none = np.full(len(every), -np.inf)
    shut = np.zeros_like(asked)
    for case in range(len(asked)):
        shut[case] = np.isinf(pricer.cheapest(arcs_standing(problem, case), none).price)
    return asked & shut


def left_parted(task: CapacityTask) -> CapacityTask:
    """The same task, in which no failure case asks for what no candidate could carry then."""
    shut = parted(task.problem)
    shut &= ~shut[0]
    if not shut.any():
        return task
    cases = task.problem.cases
    asked = replace(cases, gbps=np.where(shut, 0.0, cases.gbps))
    note = (
        f"not asked for: {int(shut.sum())} demands in {int(shut.any(axis=1).sum())} cases, for "
        "which no candidate link is left then"
    )
    return replace(task, problem=replace(task.problem, cases=asked), notes=(*task.notes, note))


def most_gbps(problem: Problem) -> FloatArray:
    """The most that each link can be given, (L,), each by itself."""
    program, supply = problem.program, problem.links.supply
    most = problem.links.base_gbps.copy()
    if not len(program.rows):
        return most + supply @ program.high
    for link in range(len(most)):
        span = slice(supply.indptr[link], supply.indptr[link + 1])
        cost = np.zeros(len(program.cost))
        cost[supply.indices[span]] = -supply.data[span]
        found = solve(replace(program, cost=cost))
        most[link] -= found.bound if found.status == "optimal" else 0.0
    return most


def block(task: CapacityTask, report: Report = silent) -> InfeasibleError | None:
    """What stands in the way of every answer; None where no single case is to blame.

    Raises
    ------
    SolverError
        A program was not solved.
    """
    told = no_way(task)
    if told is not None:
        return told
    full = _fullest(task, report)
    return None if full is None else _no_room(task, full)


def no_way(task: CapacityTask) -> InfeasibleError | None:
    """The first demand that finds no way in a case, or none in time; None where all find one."""
    shut = parted(task.problem)
    return _no_way(task, shut) if shut.any() else None


class _Full(NamedTuple):
    case: int
    lack_gbps: FloatArray
    links: IntArray
    """The problem's, one more Gb/s on which would help."""
    room_gbps: FloatArray


def _no_way(task: CapacityTask, shut: BoolArray) -> InfeasibleError:
    case = int(np.flatnonzero(shut.any(axis=1))[0])
    demand = int(np.flatnonzero(shut[case])[0])
    problem, one = task.problem, np.array([demand])
    free = Pricer(ways_in_case(problem, one, limited=False))
    standing = arcs_standing(problem, case)
    weight = standing * np.repeat(problem.links.latency_ms, 2)
    fastest_ms = float(free.cheapest(weight, np.full(1, -np.inf)).price[0])
    also = int(shut.sum()) - 1
    told = _demand(task, demand)
    if np.isfinite(fastest_ms):
        return _too_late(task, demand, case, fastest_ms, also)
    near = _reached(problem, standing, int(problem.demands.source[demand]))
    crossing = _crossing(task, near)
    # The smaller side is the one that a reader takes in.
    fewer = "out of" if 2 * near.sum() <= len(near) else "into"
    side = near if fewer == "out of" else ~near
    border = f"{fewer} {_listed([task.sites[site] for site in np.flatnonzero(side)])}"
    down = _listed([task.links[link] for link in crossing])
    gone = f"what would lead {border} is down: {down}" if down else f"no link leads {border}"
    remedies = [f"a candidate link {border} that stands in case '{_case(task, case)}'"]
    if case:
        remedies.append("--leave-parted, which asks for nothing that no candidate could carry")
    return InfeasibleError(told, f"in case '{_case(task, case)}' {gone}{_more(also)}", remedies)


def _too_late(
    task: CapacityTask, demand: int, case: int, fastest_ms: float, also: int
) -> InfeasibleError:
    limit_ms = float(task.problem.demands.limit_ms[demand])
    told = _demand(task, demand)
    direct_ms = np.nan if task.direct_ms is None else float(task.direct_ms[demand])
    if direct_ms > limit_ms:
        return InfeasibleError(
            told,
            f"it may take {max(limit_ms, 0.0):.3g} ms one way, and light in fibre takes "
            f"{direct_ms:.3g} ms along the great circle{_more(also)}",
            [f"a limit of {fastest_ms:.4g} ms or more, which its fastest way takes"],
        )
    remedies = [f"a limit of {fastest_ms:.4g} instead of {max(limit_ms, 0.0):.4g}"]
    if case:
        remedies.append("--leave-parted, which asks for nothing that no candidate could carry")
    return InfeasibleError(
        told,
        f"in case '{_case(task, case)}' its fastest way takes {fastest_ms:.4g} (ms, or links where "
        f"hops are limited), and it may take {max(limit_ms, 0.0):.4g}{_more(also)}",
        remedies,
    )


def _fullest(task: CapacityTask, report: Report) -> _Full | None:
    """The case that lacks most with all links as large as can be."""
    problem, worst = task.problem, None
    most = most_gbps(problem)
    scaled = problem.demands.scaled_by >= 0
    for case in range(len(problem.cases.names)):
        report("looking for what stands in the way", case, len(problem.cases.names))
        room = np.where(problem.cases.alive[case], most, 0.0) * problem.cases.usable[case]
        asked = np.where(scaled, 0.0, problem.cases.gbps[case])
        routed = routed_case(problem, room, asked, case)
        lack = float(routed.lack_gbps.sum())
        if lack > LACK_GBPS and (worst is None or lack > worst.lack_gbps.sum()):
            link = np.unique(np.flatnonzero(routed.price > BINDING) // 2)
            worst = _Full(case, routed.lack_gbps, link, room)
    return worst


def _no_room(task: CapacityTask, full: _Full) -> InfeasibleError:
    demand = int(full.lack_gbps.argmax())
    total = float(full.lack_gbps.sum())
    also = int((full.lack_gbps > LACK_GBPS).sum()) - 1
    links = np.unique(task.of_link[full.links])
    named = _listed([task.links[link] for link in links])
    room = float(full.room_gbps[full.links].sum())
    case = f"in case '{_case(task, full.case)}'"
    return InfeasibleError(
        _demand(task, demand),
        f"{case} {total:.6g} Gb/s find no room: with all that can be bought, {named} have "
        f"{room:.6g} Gb/s{_more(also)}",
        [
            f"{total:.6g} Gb/s more on {named}",
            f"{total:.6g} Gb/s less asked for in that case",
        ],
    )


def _demand(task: CapacityTask, demand: int) -> str:
    known = task.problem.demands
    ends = f"{task.sites[known.source[demand]]} -> {task.sites[known.target[demand]]}"
    name = task.demands[demand]
    return f"demand {ends}" if name == ends else f"demand '{name}' ({ends})"


def _case(task: CapacityTask, case: int) -> str:
    return task.problem.cases.names[case]


def _more(also: int) -> str:
    return f" (and {also} more like it)" if also > 0 else ""


def _reached(problem: Problem, standing: FloatArray, source: int) -> BoolArray:
    """Sites that arcs that stand lead to."""
    near = np.zeros(problem.links.sites, dtype=np.bool_)
    near[source] = True
    start, end = _arc_ends(problem)
    open_arc = np.isfinite(standing)
    while True:
        onward = open_arc & near[start] & ~near[end]
        if not onward.any():
            return near
        near[end[onward]] = True


def _crossing(task: CapacityTask, near: BoolArray) -> list[int]:
    """The file's links that lead out of some sites, standing or not."""
    start, end = _arc_ends(task.problem)
    out = np.flatnonzero(near[start] & ~near[end])
    one_way = task.problem.links.one_way
    if one_way is not None:
        out = out[(out % 2 == 0) | ~one_way[out // 2]]
    return [int(link) for link in np.unique(task.of_link[out // 2])]


def _arc_ends(problem: Problem) -> tuple[IntArray, IntArray]:
    ends = problem.links.ends
    return ends.reshape(-1), ends[:, ::-1].reshape(-1)


def _listed(names: list[str]) -> str:
    return ", ".join(_some(names))


def _some(names: list[str]) -> Iterator[str]:
    yield from names[:LISTED]
    if len(names) > LISTED:
        yield f"{len(names) - LISTED} more"
