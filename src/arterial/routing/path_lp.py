"""The path LP: its rows, rates that overload nothing, and a bound that holds.

Columns are a goal's own one, if it has any, then rates x_p >= 0. One function builds them all, from
a family of rows each:

    offered   sum of x_p over the paths of demand k, beside d_k
    room      sum of x_p over the paths on arc e, at most what the arc has
    total     sum of all x_p, at least what must be carried      (where a goal asks for it)

Solvers keep rows to a tolerance only, first-order ones to a wide one; ``fitted`` and ``filled``
turn their answer into rates, and ``dual_bound`` turns their prices into a bound by arithmetic,
whatever the solver returned.
"""

import numpy as np
from numba import njit

from arterial.routing.pathset import PathSet
from arterial.solve.program import Columns, FloatArray, IntArray, Program, Rows

__all__ = [
    "dual_bound",
    "dual_bound_of",
    "filled",
    "fitted",
    "path_columns",
    "path_program",
    "room_rows",
    "topped",
    "utilisation",
]

DUST = 1e-9


def path_program(
    paths: PathSet,
    *,
    cost: FloatArray,
    offered: tuple[FloatArray, FloatArray],
    room: FloatArray,
    own: tuple[IntArray, FloatArray, float] | None = None,
    own_most: float = np.inf,
    total: float | None = None,
) -> Program:
    """A program over paths: least ``cost @ x``.

    Parameters
    ----------
    cost : float (P,)
    offered : float (K,), float (K,)
        Low and high ends.
    room : float (E,)
        High ends; there are no low ones.
    own
        Of a goal's own first column, if it has one: its rows, its values there, and its cost; it
        is at most ``own_most``.
    total
        Least sum of all rates; None for no such row.
    """
    demands, first = len(offered[0]), 0 if own is None else 1
    number = np.arange(len(paths), dtype=np.int64)
    entries = [
        (paths.demand, number + first, np.ones(len(paths))),
        (paths.arc + demands, paths.rider + first, np.ones(len(paths.arc))),
    ]
    low, high = [offered[0], np.full(len(room), -np.inf)], [offered[1], room]
    if own is not None:
        entries.append((own[0], np.zeros(len(own[0]), dtype=np.int64), own[1]))
    if total is not None:
        row = np.full(len(paths), demands + len(room), dtype=np.int64)
        entries.append((row, number + first, np.ones(len(paths))))
        low.append(np.array([total]))
        high.append(np.array([np.inf]))
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    mine = [] if own is None else [own[2]]
    width = first + len(paths)
    return Program(
        cost=np.concatenate([mine, cost]),
        low=np.zeros(width),
        high=np.concatenate([[own_most] * first, np.full(len(paths), np.inf)]),
        integer=np.zeros(width, dtype=np.bool_),
        rows=Rows.gathered(
            rows, columns, values, low=np.concatenate(low), high=np.concatenate(high)
        ),
    )


def room_rows(paths: PathSet, room: FloatArray) -> Rows:
    """The ``room`` rows (E,) by themselves."""
    return Rows.gathered(
        paths.arc, paths.rider, np.ones(len(paths.arc)), low=np.full(len(room), -np.inf), high=room
    )


def path_columns(
    paths: PathSet, cost: FloatArray, demands: int, *, total_row: int | None = None
) -> Columns:
    """Further columns of such a program, their ``cost`` (P,), in rows of ``demands`` offers.

    ``total_row`` is the row of the total, where there is one.
    """
    count, hops = len(paths), np.diff(paths.start)
    extra = 1 if total_row is None else 2
    start = paths.start + extra * np.arange(count + 1)
    row = np.empty(int(start[-1]), dtype=np.int64)
    row[start[:-1]] = paths.demand
    if total_row is not None:
        row[start[:-1] + 1] = total_row
    within = np.arange(len(paths.arc)) - np.repeat(paths.start[:-1], hops)
    row[np.repeat(start[:-1], hops) + extra + within] = paths.arc + demands
    return Columns(
        start=start.astype(np.int64),
        row=row,
        value=np.ones(len(row)),
        cost=cost,
        low=np.zeros(count),
        high=np.full(count, np.inf),
    )


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
    # Less than that is a solver's dust, and says nothing of where a demand should go.
    bare = sent <= DUST * demand_gbps
    rate[bare[paths.demand]] = 0.0
    named, first = np.unique(paths.demand, return_index=True)
    lone = bare[named]
    rate[first[lone]] = sent[named[lone]] = demand_gbps[named[lone]]
    grow = np.divide(demand_gbps, sent, out=np.zeros_like(sent), where=sent > 0.0)
    return rate * grow[paths.demand]


def utilisation(load_gbps: FloatArray, room_gbps: FloatArray) -> float:
    """Load over room of the fullest arc that has any, from (E,) each; 0 where none has."""
    inside = room_gbps > 0.0
    return float((load_gbps[inside] / room_gbps[inside]).max(initial=0.0))


def dual_bound(
    paths: PathSet, price: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> float:
    """What no routing over these paths carries more than, Gb/s, for any prices of arcs.

    The price of an arc is taken as 0 where it is negative, and as any where it has no room.
    """
    paid = np.maximum(price, 0.0)
    cheapest = paths.cheapest(np.where(room_gbps > 0.0, paid, np.inf), len(demand_gbps))
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
