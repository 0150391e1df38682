"""The loops of installed backups: each demand runs on the first of its paths that stands.

Only what a case touches is worked out anew: demands whose primary is down, and those on arcs that
become too full. Priorities take what room there is in order; within one, each demand keeps the
share of its tightest arc.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.demand.traffic import Traffic
from arterial.paths.risks import starts
from arterial.routing.pathset import PathSet
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Net", "Told", "net_of", "stand_by"]

_NOTHING = 1e-10
"""Share of an arc's capacity: loads are mended by subtraction, and this is rounding."""


class Net(NamedTuple):
    """Installed paths over arcs with room."""

    capacity: FloatArray
    """(E,)"""
    choice: IntArray
    """(K + 1,) where a demand's paths begin."""
    start: IntArray
    arc: IntArray
    owner: IntArray
    """(P,) demand"""
    rider_first: IntArray
    """(E + 1,) where the paths over an arc begin in ``rider``."""
    rider: IntArray
    gbps: FloatArray
    of_class: IntArray
    level: IntArray
    """(K,) place of the demand's priority, 0 is served first."""
    levels: int
    classes: int
    delay_ms: FloatArray
    """(P,) 0 where unknown."""
    blind: BoolArray
    """(P,) delay unknown."""


class _Case(NamedTuple):
    """Working memory of one case."""

    dead: BoolArray
    """(L,)"""
    running: IntArray
    """(K,) path in use, -1 for none."""
    share: FloatArray
    """(K,)"""
    touched: IntArray
    """(K,) demands whose primary is down."""
    slowed: IntArray
    """(K,) demands that an arc slows."""
    wanted: FloatArray
    """(levels, E) what runs would load."""
    room: FloatArray
    """(E,) what the case leaves of the capacity."""
    left: FloatArray
    """(E,) of it, not yet taken."""


class Told(NamedTuple):
    """F cases."""

    carried: FloatArray
    """(F, C) Gb/s."""
    wanted: FloatArray
    """(F, C) Gb/s that have a path, with room or without."""
    travel: FloatArray
    """(F, C) Gb/s x ms of it, where the delay is known."""
    blind: IntArray
    """(F, C) demands whose path has an unknown delay."""
    used: FloatArray
    """(F,) carried load over room of the fullest arc."""
    used_arc: IntArray
    """(F,) that arc; -1 where nothing runs."""
    full: FloatArray
    """(F,) wanted load over room of the arc that is then fullest."""
    full_arc: IntArray
    peak: FloatArray
    """(L,) largest wanted load over room of either direction, in all cases."""
    peak_case: IntArray
    """(L,) the first case that gives it, -1 for none."""


def net_of(
    paths: PathSet, traffic: Traffic, capacity_gbps: FloatArray, delay_ms: FloatArray
) -> Net:
    """Paths by demand and, within one, in the order in which they take over.

    Parameters
    ----------
    capacity_gbps, delay_ms : float (E,)
        A delay is NaN where unknown.
    """
    assert (capacity_gbps >= 0.0).all(), "capacity is not negative"
    assert (np.diff(paths.demand) >= 0).all(), "paths come by demand"
    levels, level = np.unique(traffic.priority[traffic.of_class], return_inverse=True)
    count = np.bincount(paths.demand, minlength=len(traffic))
    order = np.argsort(paths.arc, kind="stable")
    along_ms = paths.along(delay_ms)
    return Net(
        np.ascontiguousarray(capacity_gbps, dtype=np.float64),
        starts(count),
        np.ascontiguousarray(paths.start),
        np.ascontiguousarray(paths.arc),
        np.ascontiguousarray(paths.demand),
        starts(np.bincount(paths.arc, minlength=len(capacity_gbps))),
        np.ascontiguousarray(paths.rider[order]),
        traffic.gbps,
        traffic.of_class,
        level.astype(np.int64),
        len(levels),
        len(traffic.classes),
        np.nan_to_num(along_ms, nan=0.0),
        np.isnan(along_ms),
    )


def stand_by(
    net: Net,
    lost: tuple[IntArray, IntArray],
    weak: tuple[IntArray, IntArray, FloatArray],
) -> Told:
    """Play cases.

    Parameters
    ----------
    lost
        Where each case's links begin that are down (F + 1,), and the links.
    weak
        The same of links that keep a share of their capacity, and the share.
    """
    cases, links = len(lost[0]) - 1, len(net.capacity) // 2
    told = Told(
        np.zeros((cases, net.classes)),
        np.zeros((cases, net.classes)),
        np.zeros((cases, net.classes)),
        np.zeros((cases, net.classes), dtype=np.int64),
        np.zeros(cases),
        np.full(cases, -1, dtype=np.int64),
        np.zeros(cases),
        np.full(cases, -1, dtype=np.int64),
        np.zeros(links),
        np.full(links, -1, dtype=np.int64),
    )
    if cases:
        _play(net, lost, weak, told)
    return told._replace(carried=np.maximum(told.carried, 0.0), wanted=np.maximum(told.wanted, 0.0))


@njit(cache=True, nogil=True)
def _play(
    net: Net,
    lost: tuple[IntArray, IntArray],
    weak: tuple[IntArray, IntArray, FloatArray],
    told: Told,
) -> None:
    first, links = lost
    weak_first, weak_links, weak_share = weak
    demands, arcs = len(net.gbps), len(net.capacity)
    case = _Case(
        np.zeros(arcs // 2, dtype=np.bool_),
        np.full(demands, -1, dtype=np.int64),
        np.ones(demands),
        np.empty(demands, dtype=np.int64),
        np.empty(demands, dtype=np.int64),
        np.empty((net.levels, arcs)),
        np.empty(arcs),
        np.empty(arcs),
    )
    usual = np.zeros((net.levels, arcs))
    for demand in range(demands):
        if net.choice[demand] < net.choice[demand + 1]:
            path = net.choice[demand]
            case.running[demand] = path
            _put(net, usual[net.level[demand]], path, float(net.gbps[demand]))
            _tell(net, told, 0, path, 1)
    told.wanted[:], told.travel[:], told.blind[:] = told.wanted[0], told.travel[0], told.blind[0]
    for number in range(len(first) - 1):
        own, dim = links[first[number] : first[number + 1]], weak_first[number]
        below = weak_first[number + 1]
        _begin(net, case, usual, own)
        _weaken(case, weak_links[dim:below], weak_share[dim:below])
        touched = _turn(net, case, own, number, told)
        _crowd(net, case, number, told)
        told.carried[number] = told.wanted[number]
        for level in range(net.levels):
            _serve(net, case, level, told.carried[number])
        told.used[number], told.used_arc[number] = _fullest(net, case)
        for place in range(touched):
            case.running[case.touched[place]] = net.choice[case.touched[place]]
        for link in own:
            case.dead[link] = False


@njit(cache=True, nogil=True)
def _begin(net: Net, case: _Case, usual: FloatArray, lost: IntArray) -> None:
    """The usual loads, and no room where the case's links are down."""
    for arc in range(len(net.capacity)):
        case.room[arc] = case.left[arc] = net.capacity[arc]
        for level in range(len(usual)):
            case.wanted[level, arc] = usual[level, arc]
    for link in lost:
        case.dead[link] = True
        for arc in (2 * link, 2 * link + 1):
            case.room[arc] = case.left[arc] = 0.0


@njit(cache=True, nogil=True)
def _weaken(case: _Case, links: IntArray, share: FloatArray) -> None:
    """What is left of the room of weak links."""
    for place in range(len(links)):
        for arc in (2 * links[place], 2 * links[place] + 1):
            case.room[arc] *= share[place]
            case.left[arc] = case.room[arc]


@njit(cache=True, nogil=True)
def _crowd(net: Net, case: _Case, number: int, told: Told) -> None:
    """What is wanted of each arc, whether it fits or not, over its room."""
    for arc in range(len(net.capacity)):
        room = case.room[arc]
        if room <= 0.0:
            continue
        total = 0.0
        for level in range(net.levels):
            total += case.wanted[level, arc]
        full = total / room if total > _NOTHING * net.capacity[arc] else 0.0
        if full > told.full[number]:
            told.full[number], told.full_arc[number] = full, arc
        if full > told.peak[arc >> 1]:
            told.peak[arc >> 1], told.peak_case[arc >> 1] = full, number


@njit(cache=True, nogil=True)
def _fullest(net: Net, case: _Case) -> tuple[float, int]:
    most, culprit = 0.0, -1
    for arc in range(len(net.capacity)):
        if case.room[arc] > 0.0:
            used = 1.0 - case.left[arc] / case.room[arc]
            if used > max(most, _NOTHING):
                most, culprit = used, arc
    return most, culprit


@njit(cache=True, nogil=True)
def _put(net: Net, load: FloatArray, path: int, gbps: float) -> None:
    for place in range(net.start[path], net.start[path + 1]):
        load[net.arc[place]] += gbps


@njit(cache=True, nogil=True)
def _turn(net: Net, case: _Case, lost: IntArray, number: int, told: Told) -> int:
    """Demands whose primary is down take the first path that stands; how many they are."""
    count = 0
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            for place in range(net.rider_first[arc], net.rider_first[arc + 1]):
                path = net.rider[place]
                demand = net.owner[path]
                if path != net.choice[demand] or case.running[demand] != path:
                    continue
                case.touched[count] = demand
                count += 1
                gbps, load = float(net.gbps[demand]), case.wanted[net.level[demand]]
                _put(net, load, path, -gbps)
                _tell(net, told, number, path, -1)
                case.running[demand] = _standing(net, case.dead, int(demand))
                if case.running[demand] >= 0:
                    _put(net, load, int(case.running[demand]), gbps)
                    _tell(net, told, number, int(case.running[demand]), 1)
    return count


@njit(cache=True, nogil=True)
def _tell(net: Net, told: Told, number: int, path: int, sign: int) -> None:
    """Count what a path would carry in or out."""
    demand = net.owner[path]
    of_class, gbps = net.of_class[demand], sign * net.gbps[demand]
    told.wanted[number, of_class] += gbps
    told.travel[number, of_class] += gbps * net.delay_ms[path]
    told.blind[number, of_class] += sign * net.blind[path]


@njit(cache=True, nogil=True)
def _standing(net: Net, dead: BoolArray, demand: int) -> int:
    for path in range(net.choice[demand], net.choice[demand + 1]):
        whole = True
        for place in range(net.start[path], net.start[path + 1]):
            if dead[net.arc[place] >> 1]:
                whole = False
                break
        if whole:
            return path
    return -1


@njit(cache=True, nogil=True)
def _serve(net: Net, case: _Case, level: int, carried: FloatArray) -> None:
    """One priority takes what room is left; each demand at the share of its tightest arc."""
    wanted, left, share = case.wanted[level], case.left, case.share
    count = 0
    for arc in range(len(left)):
        if wanted[arc] <= left[arc] + _NOTHING * net.capacity[arc]:
            continue
        allowed = left[arc] / wanted[arc]
        for place in range(net.rider_first[arc], net.rider_first[arc + 1]):
            path = net.rider[place]
            demand = net.owner[path]
            if case.running[demand] != path or net.level[demand] != level:
                continue
            if share[demand] == 1.0:
                case.slowed[count] = demand
                count += 1
            share[demand] = min(share[demand], allowed)
    for place in range(count):
        demand = case.slowed[place]
        less = float(net.gbps[demand] * (1.0 - share[demand]))
        carried[net.of_class[demand]] -= less
        _put(net, wanted, int(case.running[demand]), -less)
        share[demand] = 1.0
    for arc in range(len(left)):
        left[arc] = max(left[arc] - wanted[arc], 0.0)
