"""Candidate paths of many demands: short, within each demand's delay, and failing apart.

Each further path of a demand pays for every risk that an earlier one rides, so paths that share
none come first where they exist. A path found again makes its links dearer until another is found.
Demands without a bound on delay are searched all together (``paths.many``): a continent's half
million in seconds.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numba import njit

from arterial.paths.many import Fates, many_paths
from arterial.paths.risks import Risks
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import LABELS, Ways, settle, unwound
from arterial.solve.program import FloatArray, IntArray

__all__ = ["candidates"]

ROUNDS = 3
"""Searches a path that is asked for."""

LEAST = 1e-9
"""What an arc without delay weighs."""


def candidates(ways: Ways, risks: Sequence[Sequence[int]], k: int) -> PathSet:
    """At most ``k`` different paths of each demand, the shortest first.

    Parameters
    ----------
    risks
        By risk: links that fall together. A link's own cut needs no entry.
    """
    free = np.isinf(ways.budget_ms)
    parts = [
        _joined(found, np.flatnonzero(chosen))
        for found, chosen in (
            (_many(ways.of(np.flatnonzero(free)), risks, k), free),
            (_bounded(ways.of(np.flatnonzero(~free)), risks, k), ~free),
        )
        if chosen.any()
    ]
    paths = PathSet.joined(parts)
    order = np.argsort(paths.demand, kind="stable").astype(np.int64)
    return paths if (np.diff(order) == 1).all() else paths.taken(order)


def _joined(paths: PathSet, demand: IntArray) -> PathSet:
    """Paths by the numbers that all demands have."""
    return replace(paths, demand=demand[paths.demand])


def _many(ways: Ways, risks: Sequence[Sequence[int]], k: int) -> PathSet:
    links = len(ways.tie) // 2
    fates: list[set[int]] = [{link} for link in range(links)]
    for group in risks:
        for link in group:
            fates[link].update(group)
    first = np.cumsum([0, *map(len, fates)], dtype=np.int64)
    fallen = np.array([one for group in fates for one in sorted(group)], dtype=np.int64)
    weight = np.maximum(ways.tie, LEAST)
    found = many_paths(ways.adjacency, weight, ways.source, ways.target, k, Fates(first, fallen))
    return PathSet(start=found.start, arc=found.arc, demand=found.pair)


def _bounded(ways: Ways, risks: Sequence[Sequence[int]], k: int) -> PathSet:
    links = len(ways.tie) // 2
    fates = Risks.of(links, risks)
    demand, hops, ridden = _apart(
        *ways.adjacency,
        ways.tie,
        ways.delay_ms,
        ways.source,
        ways.target,
        ways.budget_ms,
        fates.first,
        fates.held,
        links + len(risks),
        k,
    )
    start = np.concatenate([[0], np.cumsum(hops)]).astype(np.int64)
    return PathSet(start=start, arc=ridden, demand=demand)


@njit(cache=True, nogil=True)
def _apart(
    first: IntArray,
    arcs: IntArray,
    arc_target: IntArray,
    tie: FloatArray,
    delay_ms: FloatArray,
    source: IntArray,
    target: IntArray,
    budget_ms: FloatArray,
    risk_first: IntArray,
    risk: IntArray,
    risks: int,
    k: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """The demand of each path, its hops, and the arcs of all."""
    sites, links = len(first) - 1, len(risk_first) - 1
    room = max(LABELS * sites, len(arcs)) + 1
    cost, slow = np.empty(room), np.empty(room)
    site, by = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    parent, heap = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    fastest, wanted = np.empty(sites), np.zeros(sites, dtype=np.int64)
    used, worn = np.zeros(risks, dtype=np.int64), np.zeros(links, dtype=np.int64)
    penalty = 2.0 * tie.sum() + 1.0
    weight = np.empty(len(tie))
    demands: list[int] = []
    hops: list[int] = []
    out = np.empty(len(source) * 8 + sites, dtype=np.int64)
    filled = 0
    for number in range(len(source)):
        used[:] = 0
        worn[:] = 0
        begun, found = len(hops), 0
        bounded = budget_ms[number] < np.inf
        for _ in range(ROUNDS * k):
            if found == k:
                break
            _bend(tie, penalty, risk_first, risk, used, worn, weight)
            ends = np.full(1, -1, dtype=np.int64)
            settle(
                first, arcs, arc_target, weight, delay_ms if bounded else tie, source[number],
                budget_ms[number], bounded, target[number : number + 1],
                budget_ms[number : number + 1], ends,
                cost, slow, site, by, parent, heap, fastest, wanted,
            )  # fmt: skip
            if ends[0] < 0:
                break
            out, count = unwound(int(ends[0]), by, parent, out, filled)
            again = _known(out, filled, count, hops, begun)
            _wear(out[filled : filled + count], again, risk_first, risk, used, worn)
            if not again:
                demands.append(number)
                hops.append(count)
                filled += count
                found += 1
    return (
        np.array(demands, dtype=np.int64),
        np.array(hops, dtype=np.int64),
        out[:filled].copy(),
    )


@njit(cache=True, nogil=True)
def _bend(
    tie: FloatArray,
    penalty: float,
    risk_first: IntArray,
    risk: IntArray,
    used: IntArray,
    worn: IntArray,
    weight: FloatArray,
) -> None:
    """Make dear what earlier paths ride."""
    for link in range(len(worn)):
        shared = worn[link]
        for place in range(risk_first[link], risk_first[link + 1]):
            shared += used[risk[place]]
        weight[2 * link] = tie[2 * link] + penalty * shared
        weight[2 * link + 1] = tie[2 * link + 1] + penalty * shared


@njit(cache=True, nogil=True)
def _known(out: IntArray, filled: int, count: int, hops: list[int], begun: int) -> bool:
    """Whether the path behind ``filled`` is one of the demand's earlier ones."""
    before = filled
    for other in range(len(hops) - 1, begun - 1, -1):
        before -= hops[other]
        if (
            hops[other] == count
            and (out[before : before + count] == out[filled : filled + count]).all()
        ):
            return True
    return False


@njit(cache=True, nogil=True)
def _wear(
    arcs: IntArray,
    again: bool,  # noqa: FBT001 - compiled
    risk_first: IntArray,
    risk: IntArray,
    used: IntArray,
    worn: IntArray,
) -> None:
    """Count a path's risks, or its links where it came again."""
    for arc in arcs:
        link = arc // 2
        if again:
            worn[link] += 1
            continue
        for place in range(risk_first[link], risk_first[link + 1]):
            used[risk[place]] += 1
