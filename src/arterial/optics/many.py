"""Many routes at once: GSNR of the worst channel and whether each mode reaches, as two arrays.

For questions that ask of thousands of routes without regeneration: growth of a pair of campuses, or
what is left after a cut. The noise of a route's sections is summed channel by channel, its worst
channel kept, and every mode compared with that. Sums run over a route's own hops in their order, so
the figures of a route do not depend on the routes beside it, nor on threads.

Noise, ROADMs passed and dispersion are asked for here; polarisation dependent loss, power at both
ends and line terminals of wet sections are not: ``reach`` has the whole answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from arterial.optics.gsnr import gsnr_db, route_log_noise
from arterial.optics.sections import BoolArray, FloatArray, Sections

__all__ = ["Asked", "Many", "many_routes"]

AT_ONCE = 1_000
"""Routes summed together: their channels stay within a core's cache (1.4 times as fast)."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What each of Q modes asks of a route; NaN where a figure is unknown."""

    comb: NDArray[np.int64]
    """int (Q,): index into ``sections.combs``; -1 where no comb stands for the mode."""
    baud_gbd: FloatArray
    tx_osnr_db: FloatArray
    least_gsnr_db: FloatArray
    """Required OSNR and margins together, in 0.1 nm."""
    pass_db: FloatArray
    """Penalty of each ROADM passed between the ends."""
    cd_ps_nm: FloatArray
    pmd_ps: FloatArray


@dataclass(frozen=True, kw_only=True)
class Many:
    """What each of Q modes can do over each of R routes."""

    gsnr_db: FloatArray
    """float (R, Q): in 0.1 nm, worst channel, penalties not taken off; NaN where unknown."""
    feasible: BoolArray
    """bool (R, Q): False as well where a figure is unknown."""


def many_routes(
    sections: Sections,
    asked: Asked,
    routes: Sequence[Sequence[int]],
    *,
    add_drop_osnr_db: float,
) -> Many:
    """Every mode over every route, each transparent from end to end.

    Parameters
    ----------
    sections
        Of the network.
    asked
        By mode.
    routes
        R routes, each of one or more directed sections in order.
    add_drop_osnr_db
        Of the line system, 0.1 nm.
    """
    gsnr = gsnr_db(
        _worst(sections, routes)[:, asked.comb],
        asked.baud_gbd,
        add_drop_osnr_db=add_drop_osnr_db,
        tx_osnr_db=asked.tx_osnr_db,
    )
    hops = np.array([len(route) for route in routes], dtype=np.int64)
    cd = _along(sections.cd_ps_nm, routes, hops)
    pmd = np.sqrt(_along(sections.pmd_ps**2, routes, hops))
    passes = (hops - 1)[:, None]
    feasible = (
        (gsnr - asked.pass_db * passes >= asked.least_gsnr_db)
        & (cd[:, None] <= asked.cd_ps_nm)
        & (pmd[:, None] <= asked.pmd_ps)
    )
    return Many(gsnr_db=gsnr, feasible=feasible)


def _worst(sections: Sections, routes: Sequence[Sequence[int]]) -> FloatArray:
    """Log1p of the worst channel's noise, (R, combs + 1); the last is NaN: no comb."""
    worst = np.full((len(routes), len(sections.combs) + 1), np.nan)
    for start in range(0, len(routes), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        for comb in range(len(sections.combs)):
            worst[part, comb] = route_log_noise(sections, comb, routes[part]).max(axis=1)
    return worst


def _along(
    values: FloatArray, routes: Sequence[Sequence[int]], hops: NDArray[np.int64]
) -> FloatArray:
    """Sum of a figure over the sections of each route, (R,)."""
    flat = np.fromiter(chain.from_iterable(routes), np.int64, hops.sum())
    return np.add.reduceat(values[flat], np.cumsum(hops) - hops) if len(routes) else np.empty(0)
