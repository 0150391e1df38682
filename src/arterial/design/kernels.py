"""The inner loops of the search, compiled: bookings, the bill they make, and what an arc would add.

A search books and prices some ten thousand placements a round, each on a few arcs: arrays of that
size cost numpy more in calls than in sums (measured: six times slower). Shapes as in ``instance``
and ``state``; loops run in one order on one thread, so that sums are the same on every machine.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "ANY",
    "NO_OPTION",
    "NO_PAIR",
    "Tariff",
    "arc_prices",
    "book",
    "chassis",
    "cheapest",
    "fresh_pairs",
    "grown",
    "required_gbps",
    "site_ports",
    "total",
]

NO_PAIR = 1e6
"""What a pair costs that a cable does not have: finite, so that the fibre can be told at the end,
and beyond any way round."""

NO_OPTION = 1e6
"""Cost of a wave of an option that is not there: finite, so that no waves of it cost nothing."""

ANY = 2**40
"""Waves of a link that nobody limits: fibre sets the limit."""

NORMAL = 2
"""Row of what links need: what is booked without failure."""

LAST_BIT = 1e-9
"""What is forgiven when waves and pairs are rounded up."""


class Tariff(NamedTuple):
    """What capacity costs, as the loops read it; ``Instance`` says what each is."""

    rate_gbps: FloatArray
    wave_cost: FloatArray
    slot_ghz: FloatArray
    free: IntArray
    most: IntArray
    gbps_cost: FloatArray
    ends: IntArray
    first_fibre: IntArray
    """(L + 1,) where each link's fibres begin in ``fibre``."""
    fibre: IntArray
    """(hops of all links,)"""
    lit: IntArray
    pairs: IntArray
    pair_cost: FloatArray
    setup_cost: FloatArray
    """(M,) of a fibre's first pair, beside its own."""
    band_ghz: FloatArray
    """(M,) of one pair."""
    taken_ghz: FloatArray
    """(M,) of the pairs lit."""
    routers: IntArray
    stand_ports: IntArray
    """(N,) ports of bundles that stand."""
    stand_chassis: IntArray
    """(N,) chassis that stand."""
    chassis_ports: int
    chassis: float
    usable_normal: float
    usable_failed: float


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
def _price(count: int, free: int, most: int, wave_cost: float) -> float:
    """Waves beyond those that stand; what nobody sells is out of reach."""
    price = max(min(count, most) - free, 0) * wave_cost
    if count > most:
        price += (count - most) * NO_OPTION
    return price


@njit(cache=True)
def cheapest(required: FloatArray, tariff: Tariff) -> tuple[FloatArray, IntArray, IntArray]:
    """Cost, option and waves (L,) of the cheapest way to carry ``required`` (2 or 3, L) Gb/s.

    A third row is what is booked without failure: some links are paid by it.
    """
    links, options = tariff.rate_gbps.shape
    cost = np.empty(links)
    option = np.empty(links, dtype=np.int64)
    waves = np.empty(links, dtype=np.int64)
    for link in range(links):
        free = tariff.free[link]
        cost[link] = np.inf
        for o in range(options):
            rate_gbps = tariff.rate_gbps[link, o]
            count = _bundle(required[0, link], required[1, link], rate_gbps, free)
            price = _price(count, free, tariff.most[link], tariff.wave_cost[link, o])
            if price < cost[link]:
                cost[link], option[link], waves[link] = price, o, count
        if len(required) > NORMAL:
            cost[link] += tariff.gbps_cost[link] * required[NORMAL, link]
    return cost, option, waves


@njit(cache=True)
def fresh_pairs(waves: IntArray, option: IntArray, tariff: Tariff) -> IntArray:
    """(M,) pairs to light beyond those lit, by spectrum in use: what stands already included."""
    lit = tariff.lit
    used_ghz = tariff.taken_ghz.copy()
    for link in range(len(waves)):
        count = max(waves[link], tariff.free[link])
        if count:
            slot_ghz = tariff.slot_ghz[link, option[link]]
            for hop in range(tariff.first_fibre[link], tariff.first_fibre[link + 1]):
                used_ghz[tariff.fibre[hop]] += count * slot_ghz
    pairs = np.empty(len(lit), dtype=np.int64)
    for m in range(len(lit)):
        # A fibre whose band is closed whole carries no wave, and asks for no pair.
        if tariff.band_ghz[m] > 0.0:
            pairs[m] = max(_waves(used_ghz[m], tariff.band_ghz[m]) - lit[m], 0)
        else:
            pairs[m] = 0
    return pairs


@njit(cache=True)
def site_ports(waves: IntArray, tariff: Tariff) -> IntArray:
    """(N,) router ports in use, those of bundles that stand included."""
    ports = tariff.stand_ports.copy()
    for link in range(len(waves)):
        fresh = max(waves[link] - tariff.free[link], 0)
        for end in range(2):
            ports[tariff.ends[link, end]] += fresh
    return ports


@njit(cache=True)
def chassis(ports: IntArray, tariff: Tariff) -> IntArray:
    """(N,) chassis: one or more in each router of a site in use, which share its ports evenly.

    Those that stand already included.
    """
    count = tariff.stand_chassis.copy()
    steps = tariff.chassis_ports
    for site in range(len(ports)):
        if ports[site] > 0:
            boxes = max(tariff.routers[site], 1)
            each, more = ports[site] // boxes, ports[site] % boxes
            others = max((each + steps - 1) // steps, 1)
            needed = more * ((each + steps) // steps) + (boxes - more) * others
            count[site] = max(count[site], needed)
    return count


@njit(cache=True)
def total(required: FloatArray, tariff: Tariff) -> float:
    """New waves, fibres, pairs and chassis, and paid traffic, for ``required`` (2 or 3, L) Gb/s."""
    cost, option, waves = cheapest(required, tariff)
    result = cost.sum()
    pairs = fresh_pairs(waves, option, tariff)
    for m in range(len(pairs)):
        if pairs[m]:
            result += pairs[m] * tariff.pair_cost[m]
            if tariff.lit[m] == 0:
                result += tariff.setup_cost[m]
            beyond = tariff.lit[m] + pairs[m] - tariff.pairs[m]
            if beyond > 0:
                result += beyond * NO_PAIR
    fresh = chassis(site_ports(waves, tariff), tariff).sum() - tariff.stand_chassis.sum()
    return float(result + fresh * tariff.chassis)


@njit(cache=True)
def required_gbps(
    normal: FloatArray, worst: FloatArray, guarded: FloatArray, tariff: Tariff
) -> FloatArray:
    """(3, L) raw capacity for (2L,) bookings: whole, and of it what a router's loss leaves.

    The last row is no capacity: what is booked without failure, the fuller direction.
    """
    links = len(tariff.free)
    result = np.empty((3, links))
    for link in range(links):
        a, z = 2 * link, 2 * link + 1
        result[NORMAL, link] = max(normal[a], normal[z])
        plain = result[NORMAL, link] / tariff.usable_normal
        result[0, link] = max(plain, max(worst[a], worst[z]) / tariff.usable_failed)
        result[1, link] = max(guarded[a], guarded[z]) / tariff.usable_failed
    return result


@njit(cache=True)
def arc_prices(
    bookings: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    gbps: tuple[float, float, float, float],
    closed: BoolArray,
    tariff: Tariff,
) -> FloatArray:
    """(2L,) what riding an arc adds to the price of its link's waves; inf where closed.

    Parameters
    ----------
    bookings
        Without failure (2L,), the part of it that a router's loss leaves whole (2L,), and the worst
        case (2L,) were it to carry the flow's way up, and its way down.
    gbps
        Up and down, booked without failure; the same of what a router's loss leaves whole.
    closed : bool (L,)
        Links not to be ridden.
    """
    normal, guarded, worst_up, worst_down = bookings
    up, down, guarded_up, guarded_down = gbps
    usable = tariff.usable_failed
    result = np.full(len(normal), np.inf)
    for link in range(len(closed)):
        if closed[link]:
            continue
        for arc in (2 * link, 2 * link + 1):
            back = arc ^ 1
            booked = max(normal[arc] + up, normal[back] + down)
            plain = booked / tariff.usable_normal
            required = max(plain, max(worst_up[arc], worst_down[back]) / usable)
            halved = max(guarded[arc] + guarded_up, guarded[back] + guarded_down) / usable
            least = np.inf
            for o in range(tariff.rate_gbps.shape[1]):
                rate_gbps, free = tariff.rate_gbps[link, o], tariff.free[link]
                count = _bundle(required, halved, rate_gbps, free)
                price = _price(count, free, tariff.most[link], tariff.wave_cost[link, o])
                least = min(least, price)
            result[arc] = least + tariff.gbps_cost[link] * booked
    return result
