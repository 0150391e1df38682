"""Which sites hang together: a graph's parts in many states at once, compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["parts"]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


def parts(ends: IntArray, sites: int, dead: BoolArray) -> IntArray:
    """The part that each site is in, int (F, N): equal numbers hang together.

    A part is called by its lowest site.

    Parameters
    ----------
    ends : int (L, 2)
        Sites that each link joins.
    dead : bool (F, L)
        Links that each state lacks.

    >>> parts(np.array([[0, 1], [1, 2]]), 3, np.array([[False, False], [True, False]])).tolist()
    [[0, 0, 0], [0, 1, 1]]
    """
    part = np.empty((len(dead), sites), dtype=np.int64)
    _join(ends, dead, part)
    return part


@njit(cache=True, nogil=True)
def _join(ends: IntArray, dead: BoolArray, part: IntArray) -> None:
    """Union by the lower number; afterwards each site looks through to the lowest."""
    for state in range(len(dead)):
        under = part[state]
        for site in range(len(under)):
            under[site] = site
        for link in range(len(ends)):
            if dead[state, link]:
                continue
            a, z = ends[link, 0], ends[link, 1]
            while under[a] != a:
                under[a] = under[under[a]]
                a = under[a]
            while under[z] != z:
                under[z] = under[under[z]]
                z = under[z]
            if a < z:
                under[z] = a
            else:
                under[a] = z
        for site in range(len(under)):
            under[site] = under[under[site]]
