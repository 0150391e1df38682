"""From a solver's answer to a path LP to rates that overload nothing, and a bound that holds.

Solvers keep rows to a tolerance only, first-order ones to a wide one; ``fitted`` and ``filled``
turn their answer into rates, and ``dual_bound`` turns their prices into a bound by arithmetic,
whatever the solver returned. The programs themselves stand in ``goals``.
"""

import numpy as np
from numba import njit

from arterial.routing.pathset import PathSet
from arterial.solve.program import FloatArray, IntArray

__all__ = ["dual_bound", "dual_bound_of", "filled", "fitted", "topped"]


def fitted(
    paths: PathSet, rate_gbps: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> FloatArray:
    """The rates cut down, where they exceed an offer or an arc's room, until they do not.

    float (P,), by at most the solver's tolerance if they come from one.
    """
    rate = np.maximum(rate_gbps, 0.0)
    sent = paths.by_demand(rate, len(demand_gbps))
    rate = rate * _share(demand_gbps, sent)[paths.demand]
    load = paths.load(rate, len(room_gbps))
    return rate * np.minimum(1.0, paths.least(_share(room_gbps, load)))


def topped(
    paths: PathSet, rate_gbps: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> FloatArray:
    """Rates that fit, and on top what the room left takes, path by path, float (P,)."""
    left = np.maximum(0.0, demand_gbps - paths.by_demand(rate_gbps, len(demand_gbps)))
    room = np.maximum(0.0, room_gbps - paths.load(rate_gbps, len(room_gbps)))
    rate = rate_gbps.copy()
    _top(paths.start, paths.arc, paths.demand, rate, left, room)
    return rate


@njit(cache=True, nogil=True)
def _top(
    start: IntArray,
    arc: IntArray,
    demand: IntArray,
    rate: FloatArray,
    left: FloatArray,
    room: FloatArray,
) -> None:
    for path in range(len(demand)):
        more = left[demand[path]]
        for place in range(start[path], start[path + 1]):
            more = min(more, room[arc[place]])
        if more <= 0.0:
            continue
        rate[path] += more
        left[demand[path]] -= more
        for place in range(start[path], start[path + 1]):
            room[arc[place]] -= more


def filled(paths: PathSet, rate_gbps: FloatArray, demand_gbps: FloatArray) -> FloatArray:
    """The rates scaled until each demand is carried whole; one without any takes its first path.

    float (P,). Demands without a path stay without.
    """
    rate = np.maximum(rate_gbps, 0.0)
    sent = paths.by_demand(rate, len(demand_gbps))
    named, first = np.unique(paths.demand, return_index=True)
    bare = sent[named] <= 0.0
    rate[first[bare]] = demand_gbps[named[bare]]
    sent[named[bare]] = demand_gbps[named[bare]]
    grow = np.divide(demand_gbps, sent, out=np.zeros_like(sent), where=sent > 0.0)
    return rate * grow[paths.demand]


def dual_bound(
    paths: PathSet, price: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> float:
    """What no routing over these paths carries more than, Gb/s, for any prices of arcs.

    The price of an arc is taken as 0 where it is negative.
    """
    paid = np.maximum(price, 0.0)
    cheapest = paths.cheapest(paid, len(demand_gbps))
    return dual_bound_of(cheapest, paid, demand_gbps, room_gbps)


def dual_bound_of(
    cheapest: FloatArray, price: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> float:
    """The same from the price of each demand's cheapest way, (K,), over whatever ways there are.

    Weak duality: a Gb/s that pays ``price[e]`` for every arc of its path, and the rest up to 1 to
    its demand, is paid for in full; so the traffic is at most the sum of all that can be paid.
    """
    rest = np.maximum(0.0, 1.0 - cheapest)
    return float(price @ room_gbps + rest @ demand_gbps)


def _share(limit: FloatArray, wanted: FloatArray) -> FloatArray:
    """Share of what is wanted that the limit allows, at most 1."""
    return np.divide(limit, wanted, out=np.ones_like(wanted), where=wanted > limit)
