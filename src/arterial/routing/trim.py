"""Reservations that nothing needs, taken off: lower classes have the rest."""

import numpy as np

from arterial.routing.pathset import PathSet
from arterial.routing.patterns import Patterns, place_of, survivors
from arterial.solve.program import FloatArray

__all__ = ["trimmed"]


def trimmed(
    paths: PathSet, rate_gbps: FloatArray, patterns: Patterns, target_gbps: FloatArray
) -> FloatArray:
    """Rates cut down, last paths first, until each serves some pattern, float (P,).

    What survives a pattern stays as it is where it is at or below the target of the demand, and
    does not fall below it elsewhere.

    Parameters
    ----------
    rate_gbps : float (P,)
    patterns
        Of dead paths; the one without any goes without saying.
    target_gbps : float (K,)

    Examples
    --------
    >>> way = PathSet.of([(0, (0,)), (0, (2,)), (0, (4,))])
    >>> one = np.array([0])
    >>> first_falls = Patterns(demand=one, dead=one + 1, loose=np.zeros(1, dtype=np.bool_))
    >>> trimmed(way, np.array([4.0, 4.0, 4.0]), first_falls, np.array([5.0])).tolist()
    [0.0, 4.0, 1.0]
    """
    demands = len(target_gbps)
    place = place_of(paths, demands)
    every = np.arange(demands, dtype=np.int64)
    told = Patterns(
        demand=np.concatenate([every, patterns.demand]),
        dead=np.concatenate([np.zeros_like(every), patterns.dead]),
        loose=patterns.loose,
    )
    pattern, path = survivors(paths, told, demands)
    held = np.bincount(pattern, weights=rate_gbps[path], minlength=len(told))
    surplus = np.maximum(held - target_gbps[told.demand], 0.0)
    rate = rate_gbps.copy()
    for rank in range(int(place.max(initial=-1)), -1, -1):
        own = place[path] == rank
        spare = np.full(len(paths), np.inf)
        np.minimum.at(spare, path[own], surplus[pattern[own]])
        cut = np.where(place == rank, np.minimum(rate, spare), 0.0)
        rate -= cut
        surplus[pattern[own]] = np.maximum(surplus[pattern[own]] - cut[path[own]], 0.0)
    return rate
