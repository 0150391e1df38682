"""How many slots waves need at least: the widest crowd in which each meets every other.

All waves on one fibre are such a crowd. So are all waves that ride at least two of three fibres:
any two of them share one. On trees nothing else is (Golumbic and Jamison, 1985); on a continent
whose traffic turns at a few junctions the second kind is what packing runs into, 8 to 17 % above
the fullest fibre (measured: 1,000 waves over CONUS).
"""

from collections.abc import Sequence

import numpy as np

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["crowd", "riders", "widest_triple"]

AMONG = 128
"""Fullest places of which triples are formed: 0.1 s for a thousand waves."""


def crowd(routes: Sequence[Sequence[int]], widths: Sequence[int]) -> int:
    """Slots of the widest crowd found; every packing needs as many."""
    if not routes:
        return 0
    rides = riders(routes)
    weight = np.array(widths, dtype=np.float64)
    load = weight @ rides
    fullest = int(np.argmax(load))
    members = rides[:, fullest]
    kept = np.sort(np.argsort(-load, kind="stable")[:AMONG])
    total, triple = widest_triple(rides[:, kept], weight)
    if total > load[fullest]:
        members = rides[:, kept[list(triple)]].sum(axis=1) > 1
    return round(float(weight[_joined(rides, weight, members)].sum()))


def riders(routes: Sequence[Sequence[int]]) -> BoolArray:
    """Which wave rides which place; bool (V, M), places numbered as they come."""
    number: dict[int, int] = {}
    for route in routes:
        for place in route:
            number.setdefault(place, len(number))
    rides = np.zeros((len(routes), max(len(number), 1)), dtype=np.bool_)
    for wave, route in enumerate(routes):
        rides[wave, [number[place] for place in route]] = True
    return rides


def widest_triple(rides: BoolArray, weight: FloatArray) -> tuple[float, tuple[int, int, int]]:
    """The three places of which two or more are ridden by the widest waves together.

    Parameters
    ----------
    rides : bool (V, M)
    weight : float (V,)

    Returns
    -------
    Their width and the places, the lowest numbers first; 0 where there are fewer than three.
    """
    shared = (rides * weight[:, None]).T @ rides.astype(np.float64)  # (M, M)
    best, found = 0.0, (0, 0, 0)
    for one in range(rides.shape[1] - 2):
        own = rides[:, one]
        rest = rides[own, one + 1 :].astype(np.float64)
        all_three = (rest * weight[own, None]).T @ rest
        others = shared[one, one + 1 :]
        sums = others[:, None] + others[None, :] + shared[one + 1 :, one + 1 :] - 2.0 * all_three
        np.fill_diagonal(sums, 0.0)
        place = int(np.argmax(sums))
        two, three = sorted(divmod(place, sums.shape[1]))
        if sums[two, three] > best:
            best, found = float(sums[two, three]), (one, one + 1 + two, one + 1 + three)
    return best, found


def _joined(rides: BoolArray, weight: FloatArray, members: BoolArray) -> BoolArray:
    """A crowd with whoever else meets all of it, the widest first."""
    joined = members.copy()
    meets = rides.astype(np.float32) @ rides[joined].T.astype(np.float32) > 0
    fit: IntArray = np.flatnonzero(meets.all(axis=1) & ~joined)
    for wave in fit[np.argsort(-weight[fit], kind="stable")]:
        if (rides[joined] & rides[wave]).any(axis=1).all():
            joined[wave] = True
    return joined
