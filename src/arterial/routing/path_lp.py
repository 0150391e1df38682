"""The path LP: how much of each demand rides each of its candidate paths.

Columns are rates x_p >= 0 in Gb/s and, last, t: how full the fullest arc may be. One function a
family of rows:

    offered   sum of x_p over the paths of demand k  <=  d_k
    room      sum of x_p over the paths on arc e     <=  t c_e - u_e,   u_e in use beforehand

HiGHS keeps rows to a tolerance only; ``fitted`` and ``dual_bound`` turn its answer into rates that
overload nothing and a bound that holds by arithmetic, whatever HiGHS returned.
"""

import numpy as np

from arterial.routing.pathset import PathSet
from arterial.solve.program import FloatArray, Program, Rows

__all__ = ["dual_bound", "fitted", "path_program", "total_row"]


def path_program(
    paths: PathSet, demand_gbps: FloatArray, capacity_gbps: FloatArray, used_gbps: FloatArray
) -> Program:
    """Carry as much as possible: least ``-sum(x)``, with t held at 1.

    Parameters
    ----------
    demand_gbps : float (K,)
    capacity_gbps, used_gbps : float (E,)
        By arc; what is in use does not exceed the capacity.

    Returns
    -------
    Program
        P + 1 columns; K rows of offers, then E rows of room.
    """
    columns = len(paths) + 1
    return Program(
        cost=np.append(np.full(len(paths), -1.0), 0.0),
        low=np.append(np.zeros(len(paths)), 1.0),
        high=np.append(np.full(len(paths), np.inf), 1.0),
        integer=np.zeros(columns, dtype=np.bool_),
        rows=Rows.joined(
            [_offered_rows(paths, demand_gbps), _room_rows(paths, capacity_gbps, used_gbps)]
        ),
    )


def total_row(paths: PathSet, least_gbps: float) -> Rows:
    """One row: all paths together carry at least this much."""
    columns = list(range(len(paths)))
    return Rows.of([(columns, [1.0] * len(columns), least_gbps, np.inf)])


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


def dual_bound(
    paths: PathSet, price: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> float:
    """What no routing over these paths carries more than, Gb/s, for any prices of arcs.

    Weak duality: a Gb/s that pays ``price[e]`` for every arc of its path, and the rest up to 1 to
    its demand, is paid for in full; so the traffic is at most the sum of all that can be paid.
    The price of an arc is taken as 0 where it is negative.
    """
    paid = np.maximum(price, 0.0)
    cheapest = np.full(len(demand_gbps), np.inf)
    np.minimum.at(cheapest, paths.demand, paths.along(paid))
    rest = np.maximum(0.0, 1.0 - cheapest)
    return float(paid @ room_gbps + rest @ demand_gbps)


def _offered_rows(paths: PathSet, demand_gbps: FloatArray) -> Rows:
    return Rows.gathered(
        paths.demand,
        np.arange(len(paths), dtype=np.int64),
        np.ones(len(paths)),
        low=np.full(len(demand_gbps), -np.inf),
        high=demand_gbps,
    )


def _room_rows(paths: PathSet, capacity_gbps: FloatArray, used_gbps: FloatArray) -> Rows:
    arcs = np.arange(len(capacity_gbps), dtype=np.int64)
    return Rows.gathered(
        np.concatenate([paths.arc, arcs]),
        np.concatenate([paths.rider, np.full(len(arcs), len(paths))]),
        np.concatenate([np.ones(len(paths.arc)), -capacity_gbps]),
        low=np.full(len(arcs), -np.inf),
        high=-used_gbps,
    )


def _share(limit: FloatArray, wanted: FloatArray) -> FloatArray:
    """Share of what is wanted that the limit allows, at most 1."""
    return np.divide(limit, wanted, out=np.ones_like(wanted), where=wanted > limit)
