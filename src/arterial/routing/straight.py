"""The most direct way out of a tie: what a detour may cost is far below what it may gain."""

import numpy as np

from arterial.routing.pathset import PathSet
from arterial.solve.program import FloatArray

__all__ = ["TIE", "shortest", "told", "toll_of"]

TIE = 1e-5
"""What the longest of the first paths pays in all, beside the 1 that a Gb/s is worth."""


def told(latency_ms: FloatArray, none_ms: float = 0.0) -> FloatArray:
    """Latencies (E,); unknown ones (NaN) are the longest known, ``none_ms`` if that is 0."""
    known = latency_ms[~np.isnan(latency_ms)]
    longest_ms = float(known.max(initial=0.0)) or none_ms
    return np.where(np.isnan(latency_ms), longest_ms, latency_ms)


def toll_of(paths: PathSet, latency_ms: FloatArray) -> FloatArray:
    """Latency as a toll, float (E,)."""
    longest_ms = float(paths.along(latency_ms).max(initial=0.0))
    return latency_ms * (TIE / longest_ms if longest_ms > 0.0 else 0.0)


def shortest(paths: PathSet, demand: FloatArray, latency_ms: FloatArray) -> FloatArray:
    """All of each demand on its path of least latency, float (P,)."""
    order = np.lexsort((paths.along(latency_ms), paths.demand))
    _, first = np.unique(paths.demand[order], return_index=True)
    best = order[first]
    rate = np.zeros(len(paths))
    rate[best] = demand[paths.demand[best]]
    return rate
