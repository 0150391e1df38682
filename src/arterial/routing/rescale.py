"""What reservations are worth in each failure case: each demand rescales over its paths that stand.

A headend shares what was admitted among the standing paths in proportion to their reservations. It
sends no path more than its reservation, so that no link is overloaded, whatever fails; where what
stands reserves less than was admitted, the rest is dropped.
"""

import numpy as np
from scipy import sparse

from arterial.demand.traffic import Traffic
from arterial.routing.outcome import Outcome, cut_off_gbps, fullest, offered_gbps
from arterial.routing.pathset import PathSet
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["rescaled_outcome", "standing"]

_CASES = 64
"""Cases at a time: cases by paths has to fit into memory."""


def rescaled_outcome(
    paths: PathSet,
    rate_gbps: FloatArray,
    admitted_gbps: FloatArray,
    traffic: Traffic,
    capacity_gbps: FloatArray,
    down: BoolArray,
    *,
    ends: IntArray,
    sites: int,
) -> Outcome:
    """What is carried in each case.

    Parameters
    ----------
    rate_gbps : float (P,)
        Reserved on each path.
    admitted_gbps : float (K,)
        What each headend sends at most.
    capacity_gbps : float (E,)
    down : bool (F, L)
    ends : int (L, 2)
    """
    demands, classes = len(traffic), len(traffic.classes)
    owner = _incidence(np.arange(len(paths)), paths.demand, (len(paths), demands))
    arcs = _incidence(paths.rider, paths.arc, (len(paths), len(capacity_gbps)))
    of_class = _incidence(np.arange(demands), traffic.of_class, (demands, classes))
    carried, most = np.zeros((len(down), classes)), np.zeros(len(down))
    arc = np.full(len(down), -1, dtype=np.int64)
    for begin in range(0, len(down), _CASES):
        part = slice(begin, begin + _CASES)
        alive = np.where(standing(paths, down[part]), rate_gbps, 0.0)
        left = alive @ owner
        sent = np.minimum(left, admitted_gbps)
        scale = np.divide(sent, left, out=np.zeros_like(left), where=left > 0.0)
        carried[part] = sent @ of_class
        load = (alive * scale[:, paths.demand]) @ arcs
        most[part], arc[part] = fullest(load, capacity_gbps)
    return Outcome(
        offered_gbps=offered_gbps(traffic),
        carried_gbps=carried,
        cut_off_gbps=cut_off_gbps(traffic, ends, sites, down),
        utilisation=most,
        arc=arc,
    )


def standing(paths: PathSet, down: BoolArray) -> BoolArray:
    """Which paths stand in each case, bool (F, P)."""
    uses = _incidence(paths.rider, paths.arc >> 1, (len(paths), down.shape[1]))
    hit = uses @ down.T.astype(np.float64)
    return np.asarray(hit == 0.0, dtype=np.bool_).T


def _incidence(row: IntArray, column: IntArray, shape: tuple[int, int]) -> "sparse.csr_array":
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
