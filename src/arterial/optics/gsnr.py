"""GSNR of routes from the noise of their sections, by the product rule.

A ROADM restores the total power of a channel, noise included, so the signal itself droops by
1 / (1 + n) at each section and the ratios multiply: 1 + n_route = product(1 + n_section). Adding
1 / GSNR instead is optimistic by up to 0.29 dB on CONUS and 0.88 dB worldwide. Noise of add, drop
and transmitter is then added linearly in 0.1 nm, as GNPy does. The rule is exact to GNPy while all
sections carry the same comb and light reaches every ROADM at or above its target.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from arterial.optics.sections import FloatArray, Sections
from arterial.units import REFERENCE_GHZ

__all__ = ["gsnr_db", "route_log_noise", "routes_gsnr_db"]


def route_log_noise(sections: Sections, comb: int, routes: Sequence[Sequence[int]]) -> FloatArray:
    """Noise of transparent routes, sections only: log1p(noise / signal).

    Parameters
    ----------
    sections
        Of the network.
    comb
        Index into ``sections.combs``.
    routes
        R routes, each of one or more directed sections in order.

    Returns
    -------
    float (R, channels)
        NaN throughout a route over a fibre whose light is unknown.
    """
    hops = np.array([len(route) for route in routes], dtype=np.int64)
    assert (hops > 0).all(), "a route has sections"
    flat = np.fromiter(chain.from_iterable(routes), np.int64, hops.sum())
    order = np.argsort(-hops, kind="stable")
    first = (np.cumsum(hops) - hops)[order]
    log_noise = sections.log_noise[comb]

    # Longest first, hop by hop: 0.4 us a route of 9 hops and 64 channels (add.reduceat: 1.1 us).
    total = log_noise[flat[first]]
    for hop in range(1, int(hops.max(initial=0))):
        going = int(np.count_nonzero(hops > hop))
        total[:going] += log_noise[flat[first[:going] + hop]]
    unsorted = np.empty_like(total)
    unsorted[order] = total
    return unsorted


def gsnr_db(
    log_noise: FloatArray,
    baud_gbd: float | FloatArray,
    *,
    add_drop_osnr_db: float,
    tx_osnr_db: float | FloatArray,
) -> FloatArray:
    """GSNR in 0.1 nm at the receiver, dB, from the noise of the sections passed.

    ``log_noise`` is log1p(noise / signal) within the signal's bandwidth ``baud_gbd``.
    """
    in_01nm = np.expm1(log_noise) * (REFERENCE_GHZ / baud_gbd)
    ends = 10.0 ** (-add_drop_osnr_db / 10.0) + 10.0 ** (-np.asarray(tx_osnr_db) / 10.0)
    return -10.0 * np.log10(in_01nm + ends)


def routes_gsnr_db(
    sections: Sections,
    comb: int,
    routes: Sequence[Sequence[int]],
    *,
    add_drop_osnr_db: float,
    tx_osnr_db: float,
) -> FloatArray:
    """GSNR of transparent routes at the comb's baud rate, float (R, channels), dB in 0.1 nm."""
    return gsnr_db(
        route_log_noise(sections, comb, routes),
        sections.combs[comb].baud_gbd,
        add_drop_osnr_db=add_drop_osnr_db,
        tx_osnr_db=tx_osnr_db,
    )
