"""The inner loops of the search, compiled: bookings, the bill they make, and what an arc would add.

A search books and prices some ten thousand placements a round, each on a few arcs: arrays of that
size cost numpy more in calls than in sums (measured: six times slower). Shapes as in ``instance``
and ``state``; loops run in one order on one thread, so that sums are the same on every machine.
"""

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["LAST_BIT", "arc_prices", "book", "chassis", "cheapest", "fresh_pairs", "grown"]

LAST_BIT = 1e-9
"""What is forgiven when waves and pairs are rounded up."""


@njit(cache=True)
def book(
    failed: FloatArray, worst: FloatArray, arcs: IntArray, gbps: float, by_case: FloatArray
) -> None:
    """Add to the bookings of some arcs ``by_case`` (F,) of ``gbps``.

    ``failed`` (2L, F) and ``worst`` (2L,), the largest of each arc's cases, change in place.
    """
    for arc in arcs:
        most = 0.0
        for case in range(failed.shape[1]):
            failed[arc, case] += gbps * by_case[case]
            most = max(most, failed[arc, case])
        worst[arc] = most


@njit(cache=True)
def grown(
    failed: FloatArray, worst: FloatArray, cases: IntArray, extra: FloatArray, gbps: float
) -> FloatArray:
    """(2L,) worst booking of each arc with ``extra`` (cases,) of ``gbps`` on it in ``cases``."""
    result = worst.copy()
    if gbps == 0.0:
        return result
    for arc in range(failed.shape[0]):
        for number, case in enumerate(cases):
            result[arc] = max(result[arc], failed[arc, case] + extra[number] * gbps)
    return result


@njit(cache=True)
def _waves(gbps: float, rate_gbps: float) -> int:
    return int(np.ceil(gbps / rate_gbps - LAST_BIT))


@njit(cache=True)
def _bundle(required_gbps: float, halved_gbps: float, rate_gbps: float, free: int) -> int:
    """Waves of one bundle. Where there are several, a router's loss leaves every other one.

    A single wave is lost whole and its traffic takes the backups; how a ready-made link ends is not
    for the design to say.
    """
    count = _waves(required_gbps, rate_gbps)
    if count > 1 and not free:
        count = max(count, 2 * _waves(halved_gbps, rate_gbps))
    return count


@njit(cache=True)
def cheapest(
    required: FloatArray, rate_gbps: FloatArray, wave_cost: FloatArray, free: IntArray
) -> tuple[FloatArray, IntArray, IntArray]:
    """Cost, option and waves (L,) of the cheapest way to carry ``required`` (2, L) Gb/s."""
    links, options = rate_gbps.shape
    cost = np.empty(links)
    option = np.empty(links, dtype=np.int64)
    waves = np.empty(links, dtype=np.int64)
    for link in range(links):
        cost[link] = np.inf
        for o in range(options):
            count = _bundle(required[0, link], required[1, link], rate_gbps[link, o], free[link])
            price = max(count - free[link], 0) * wave_cost[link, o]
            if price < cost[link]:
                cost[link], option[link], waves[link] = price, o, count
    return cost, option, waves


@njit(cache=True)
def fresh_pairs(
    waves: IntArray,
    slot_ghz: FloatArray,
    first_fibre: IntArray,
    fibre: IntArray,
    lit: IntArray,
    band_ghz: float,
) -> IntArray:
    """(M,) pairs to light beyond those lit; a link rides ``fibre[first_fibre[l]:...]``.

    ``slot_ghz`` (L,) is that of each link's option.
    """
    used_ghz = np.zeros(len(lit))
    for link in range(len(waves)):
        if waves[link]:
            for hop in range(first_fibre[link], first_fibre[link + 1]):
                used_ghz[fibre[hop]] += waves[link] * slot_ghz[link]
    pairs = np.empty(len(lit), dtype=np.int64)
    for m in range(len(lit)):
        pairs[m] = max(_waves(used_ghz[m], band_ghz) - lit[m], 0)
    return pairs


@njit(cache=True)
def chassis(ports: IntArray, routers: IntArray, steps: int) -> IntArray:
    """(N,) chassis: one or more in each router of a site in use, which share its ports evenly."""
    count = np.zeros(len(ports), dtype=np.int64)
    for site in range(len(ports)):
        if ports[site] > 0:
            boxes = max(routers[site], 1)
            each, more = ports[site] // boxes, ports[site] % boxes
            others = max((each + steps - 1) // steps, 1)
            count[site] = more * ((each + steps) // steps) + (boxes - more) * others
    return count


@njit(cache=True)
def arc_prices(
    bookings: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    gbps: tuple[float, float, float, float],
    usable: tuple[float, float],
    prices: tuple[FloatArray, FloatArray, IntArray],
    closed: BoolArray,
) -> FloatArray:
    """(2L,) what riding an arc adds to the price of its link's waves; inf where closed.

    Parameters
    ----------
    bookings
        Without failure (2L,), the part of it that a router's loss leaves whole (2L,), and the worst
        case (2L,) were it to carry the flow's way up, and its way down.
    gbps
        Up and down, booked without failure; the same of what a router's loss leaves whole.
    usable
        Shares without and with failure.
    prices
        Rates, wave costs (L, O) and free waves (L,).
    closed : bool (L,)
        Links not to be ridden.
    """
    normal, guarded, worst_up, worst_down = bookings
    up, down, guarded_up, guarded_down = gbps
    rate_gbps, wave_cost, free = prices
    result = np.full(len(normal), np.inf)
    for link in range(len(closed)):
        if closed[link]:
            continue
        for arc in (2 * link, 2 * link + 1):
            back = arc ^ 1
            there = max((normal[arc] + up) / usable[0], worst_up[arc] / usable[1])
            here = max((normal[back] + down) / usable[0], worst_down[back] / usable[1])
            required = max(there, here)
            halved = max(guarded[arc] + guarded_up, guarded[back] + guarded_down) / usable[1]
            least = np.inf
            for o in range(rate_gbps.shape[1]):
                count = _bundle(required, halved, rate_gbps[link, o], free[link]) - free[link]
                least = min(least, max(count, 0) * wave_cost[link, o])
            result[arc] = least
    return result
