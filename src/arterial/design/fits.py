"""Does a matrix fit into given capacity, and if not, which arcs are to blame.

The largest share of a matrix that parts of any size carry at once, one flow a source; bounds on
delay are not asked about, so what does not fit here fits nowhere.
"""

from dataclasses import dataclass

import numpy as np

from arterial.errors import SolverError
from arterial.paths.graph import Graph
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Fit", "carried_share"]


@dataclass(frozen=True)
class Fit:
    """How much of a matrix is carried."""

    share: float
    """inf where nothing is asked for."""
    price: FloatArray
    """(E,) not negative: with these lengths, sum of price * capacity over sum of demand * distance
    is ``share``."""


def carried_share(graph: Graph, capacity_gbps: FloatArray, asked_gbps: FloatArray) -> Fit:
    """The largest share.

    Parameters
    ----------
    capacity_gbps : float (E,)
        Of every arc.
    asked_gbps : float (N, N)
        From row to column.

    Raises SolverError where HiGHS stops without an answer.
    """
    sources = np.flatnonzero(asked_gbps.sum(axis=1) > 0.0)
    arcs = len(capacity_gbps)
    if not len(sources):
        return Fit(np.inf, np.zeros(arcs))
    columns = 1 + len(sources) * arcs
    cost = np.zeros(columns)
    cost[0] = -1.0
    found = solve(
        Program(
            cost=cost,
            low=np.zeros(columns),
            high=np.full(columns, np.inf),
            integer=np.zeros(columns, dtype=np.bool_),
            rows=_rows(graph, capacity_gbps, asked_gbps, sources),
        )
    )
    if found.status != "optimal":
        raise SolverError("HiGHS (does a matrix fit)", found.detail)
    return Fit(float(found.primal[0]), np.maximum(-found.row_dual[-arcs:], 0.0))


def _rows(
    graph: Graph, capacity_gbps: FloatArray, asked_gbps: FloatArray, sources: IntArray
) -> Rows:
    """Conservation at each site but the source, flow by flow; then the capacity of every arc.

    in - out - share * asked = 0
    """
    arcs, sites = len(capacity_gbps), graph.sites
    tail, head = _ends(graph, arcs)
    number = np.arange(len(sources))
    flow = 1 + number[:, None] * arcs + np.arange(arcs)
    into = number[:, None] * sites + head
    out_of = number[:, None] * sites + tail
    wanted_row = number[:, None] * sites + np.arange(sites)
    wanted = asked_gbps[sources]
    some = wanted > 0.0
    own = (number * sites + sources)[:, None]
    first = len(sources) * sites
    row = np.concatenate(
        [
            into.ravel(),
            out_of.ravel(),
            wanted_row[some],
            np.broadcast_to(first + np.arange(arcs), flow.shape).ravel(),
        ]
    )
    column = np.concatenate(
        [flow.ravel(), flow.ravel(), np.zeros(int(some.sum()), dtype=np.int64), flow.ravel()]
    )
    value = np.concatenate(
        [np.ones(flow.size), -np.ones(flow.size), -wanted[some], np.ones(flow.size)]
    )
    low, high = np.zeros(first + arcs), np.zeros(first + arcs)
    low[own.ravel()], high[own.ravel()] = -np.inf, np.inf
    low[first:], high[first:] = -np.inf, capacity_gbps
    return Rows.gathered(row, column, value, low=low, high=high)


def _ends(graph: Graph, arcs: int) -> tuple[IntArray, IntArray]:
    head = np.array(graph.arc_target, dtype=np.int64)
    return head[np.arange(arcs) ^ 1], head
