"""Backups installed beforehand: what runs in each failure case before anybody re-optimises.

Each demand runs on the first of its paths that stands. Classes take links in order of priority;
within one priority each demand keeps the share of its tightest link, as equipment does that drops
what does not fit. Nothing here looks for another path. Only what a case touches is worked out anew:
the demands whose primary is down, and those on arcs that become too full.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.demand.traffic import Traffic
from arterial.routing.outcome import Outcome, cut_off_gbps, offered_gbps
from arterial.routing.pathset import PathSet
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["backup_outcome"]

_NOTHING = 1e-10
"""Share of an arc's capacity: loads are mended by subtraction, and this is rounding."""


def backup_outcome(
    paths: PathSet,
    traffic: Traffic,
    capacity_gbps: FloatArray,
    down: BoolArray,
    *,
    ends: IntArray,
    sites: int,
) -> Outcome:
    """What the installed paths carry in each case.

    Parameters
    ----------
    paths
        By demand and, within one, in the order in which they take over: the primary first.
    capacity_gbps : float (E,)
        What traffic may take of each arc. A link that is down has none.
    down : bool (F, L)
        Link l is down in case f; its arcs are 2l and 2l + 1.
    ends : int (L, 2)
        Sites that each link joins: what has no way at all is told apart from what is dropped.

    Examples
    --------
    >>> one = np.array([0])
    >>> asks = Traffic(
    ...     classes=("gold",),
    ...     priority=one,
    ...     rtt_ms=np.array([np.inf]),
    ...     source=one,
    ...     target=one + 1,
    ...     of_class=one,
    ...     gbps=np.array([8.0]),
    ...     access_ms=np.zeros(1),
    ... )
    >>> two_links = PathSet.of([(0, (0,)), (0, (2,))])
    >>> room = np.array([9.0, 9.0, 6.0, 6.0])
    >>> cases = np.array([[False, False], [True, False], [True, True]])
    >>> ends = np.array([[0, 1], [0, 1]])
    >>> backup_outcome(two_links, asks, room, cases, ends=ends, sites=2).carried_gbps.tolist()
    [[8.0], [6.0], [0.0]]
    """
    assert (capacity_gbps >= 0.0).all(), "capacity is not negative"
    assert (np.diff(paths.demand) >= 0).all(), "paths come by demand"
    assert down.shape[1] * 2 == len(capacity_gbps), "a column a link"
    levels, level = np.unique(traffic.priority[traffic.of_class], return_inverse=True)
    count = np.bincount(paths.demand, minlength=len(traffic))
    order = np.argsort(paths.arc, kind="stable")
    net = _Net(
        np.ascontiguousarray(capacity_gbps, dtype=np.float64),
        _starts(count),
        np.ascontiguousarray(paths.start),
        np.ascontiguousarray(paths.arc),
        np.ascontiguousarray(paths.demand),
        _starts(np.bincount(paths.arc, minlength=len(capacity_gbps))),
        np.ascontiguousarray(paths.rider[order]),
        traffic.gbps,
        traffic.of_class,
        level.astype(np.int64),
    )
    where, links = np.nonzero(down)
    first = _starts(np.bincount(where, minlength=len(down)))
    carried, most, arc = _play(
        net, first, links.astype(np.int64), len(levels), len(traffic.classes)
    )
    return Outcome(
        offered_gbps=offered_gbps(traffic),
        carried_gbps=carried,
        cut_off_gbps=cut_off_gbps(traffic, ends, sites, down),
        utilisation=most,
        arc=arc,
    )


class _Net(NamedTuple):
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
    left: FloatArray
    """(E,) room"""


def _starts(count: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)


@njit(cache=True, nogil=True)
def _play(
    net: _Net, first: IntArray, links: IntArray, levels: int, classes: int
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Carried by case and class, utilisation of the fullest arc, and that arc."""
    demands, arcs = len(net.gbps), len(net.capacity)
    usual, normal = np.zeros((levels, arcs)), np.zeros(classes)
    case = _Case(
        np.zeros(arcs // 2, dtype=np.bool_),
        np.full(demands, -1, dtype=np.int64),
        np.ones(demands),
        np.empty(demands, dtype=np.int64),
        np.empty(demands, dtype=np.int64),
        np.empty((levels, arcs)),
        np.empty(arcs),
    )
    for demand in range(demands):
        if net.choice[demand] < net.choice[demand + 1]:
            case.running[demand] = net.choice[demand]
            normal[net.of_class[demand]] += net.gbps[demand]
            _put(net, usual[net.level[demand]], net.choice[demand], float(net.gbps[demand]))
    cases = len(first) - 1
    carried, most = np.empty((cases, classes)), np.zeros(cases)
    culprit = np.full(cases, -1, dtype=np.int64)
    for number in range(cases):
        lost = links[first[number] : first[number + 1]]
        _begin(net, case, usual, lost)
        for c in range(classes):
            carried[number, c] = normal[c]
        touched = _turn(net, case, lost, carried[number])
        for level in range(levels):
            _serve(net, case, level, carried[number])
        most[number], culprit[number] = _fullest(net, case)
        for place in range(touched):
            case.running[case.touched[place]] = net.choice[case.touched[place]]
        for link in lost:
            case.dead[link] = False
    return np.maximum(carried, 0.0), most, culprit


@njit(cache=True, nogil=True)
def _begin(net: _Net, case: _Case, usual: FloatArray, lost: IntArray) -> None:
    """The usual loads, and no room where the case's links are down."""
    for arc in range(len(net.capacity)):
        case.left[arc] = net.capacity[arc]
        for level in range(len(usual)):
            case.wanted[level, arc] = usual[level, arc]
    for link in lost:
        case.dead[link] = True
        case.left[2 * link] = case.left[2 * link + 1] = 0.0


@njit(cache=True, nogil=True)
def _fullest(net: _Net, case: _Case) -> tuple[float, int]:
    most, culprit = 0.0, -1
    for arc in range(len(net.capacity)):
        room = net.capacity[arc]
        if room > 0.0 and not case.dead[arc >> 1]:
            used = 1.0 - case.left[arc] / room
            if used > max(most, _NOTHING):
                most, culprit = used, arc
    return most, culprit


@njit(cache=True, nogil=True)
def _put(net: _Net, load: FloatArray, path: int, gbps: float) -> None:
    for place in range(net.start[path], net.start[path + 1]):
        load[net.arc[place]] += gbps


@njit(cache=True, nogil=True)
def _turn(net: _Net, case: _Case, lost: IntArray, carried: FloatArray) -> int:
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
                case.running[demand] = _standing(net, case.dead, int(demand))
                if case.running[demand] < 0:
                    carried[net.of_class[demand]] -= gbps
                else:
                    _put(net, load, int(case.running[demand]), gbps)
    return count


@njit(cache=True, nogil=True)
def _standing(net: _Net, dead: BoolArray, demand: int) -> int:
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
def _serve(net: _Net, case: _Case, level: int, carried: FloatArray) -> None:
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
