"""What reaches over each of very many routes: a compiled twin of ``route_segments`` for dry land.

Sums over stretches of a route are taken section by section in the same order, so every figure is
the same to the last bit; what does not hang on the route is worked out once.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.optics.mode_table import ModeTable
from arterial.optics.reach import Segments, route_segments
from arterial.optics.sections import BoolArray, FloatArray, Sections
from arterial.units import REFERENCE_GHZ

__all__ = ["RouteReach", "fewest"]

_ENDS = 64
"""Routes of up to so many ROADMs share one table of ROADMs passed."""


class RouteReach:
    """Reach over routes of one network's sections under the modes of one table."""

    def __init__(self, network: Network, sections: Sections, table: ModeTable) -> None:
        self._network = network
        self._sections = sections
        self._table = table
        self._plain = network.line.pdl_db <= 0.0 and not network.subsea
        self._pmd_squared = sections.pmd_ps**2
        self._to_01nm = (REFERENCE_GHZ / table.baud_gbd)[:, None, None]
        line = network.line
        self._ends = (10.0 ** (-line.add_drop_osnr_db / 10.0) + 10.0 ** (-table.tx_osnr_db / 10.0))[
            :, None, None
        ]
        roadm = np.arange(_ENDS)
        passes = np.maximum(roadm[None, :] - roadm[:, None] - 1, 0)
        self._filters = table.filter_db[:, None, None] * passes
        self._powered = np.array([not check.fails for check in table.power], dtype=np.bool_)

    def segments(self, arcs: tuple[int, ...]) -> Segments:
        """The same as ``route_segments``."""
        size = len(arcs) + 1
        if not self._plain or size > _ENDS:
            return route_segments(self._network, self._sections, self._table, arcs)
        table = self._table
        hops = np.array(arcs, dtype=np.int64)
        worst = np.full((len(self._sections.combs) + 1, size, size), np.nan)  # the last: no comb
        for comb, log_noise in enumerate(self._sections.log_noise):
            _worst(log_noise, hops, worst[comb])
        cd = _between(self._sections.cd_ps_nm, hops)
        pmd = np.sqrt(_between(self._pmd_squared, hops))
        gsnr = -10.0 * np.log10(np.expm1(worst[table.comb]) * self._to_01nm + self._ends)
        margin = gsnr - table.osnr_db[:, None, None] - self._filters[:, :size, :size]
        feasible: BoolArray = margin >= self._network.margins.total_db
        feasible &= cd <= table.cd_ps_nm[:, None, None]
        feasible &= pmd <= table.pmd_ps[:, None, None]
        feasible &= self._powered[:, None, None]
        return Segments(gsnr_db=gsnr, margin_db=margin, cd_ps_nm=cd, pmd_ps=pmd, feasible=feasible)


@njit(cache=True)
def _worst(log_noise: FloatArray, arcs: NDArray[np.int64], worst: FloatArray) -> None:
    """Noise of the worst channel from place i to a later place j of a route, into ``worst``."""
    channels = log_noise.shape[1]
    hops = len(arcs)
    prefix = np.zeros((hops + 1, channels))
    for hop in range(hops):
        for channel in range(channels):
            prefix[hop + 1, channel] = prefix[hop, channel] + log_noise[arcs[hop], channel]
    for start in range(hops):
        for end in range(start + 1, hops + 1):
            most = 0.0
            for channel in range(channels):
                most = _more(most, prefix[end, channel] - prefix[start, channel])
            worst[start, end] = most


@njit(cache=True)
def _more(one: float, other: float) -> float:
    """The greater, NaN if either is."""
    return other if other > one or np.isnan(other) else one


@njit(cache=True)
def _between(values: FloatArray, arcs: NDArray[np.int64]) -> FloatArray:
    hops = len(arcs)
    prefix = np.zeros(hops + 1)
    for hop in range(hops):
        prefix[hop + 1] = prefix[hop] + values[arcs[hop]]
    found = np.zeros((hops + 1, hops + 1))
    for start in range(hops):
        for end in range(start + 1, hops + 1):
            found[start, end] = _more(0.0, prefix[end] - prefix[start])
    return found


@njit(cache=True)
def fewest(
    feasible: BoolArray, margin_db: FloatArray, stands: NDArray[np.int64]
) -> NDArray[np.int64]:
    """By place, where light that reaches it was regenerated last; -1 where none reaches.

    Fewest spare regenerators, then fewest, then the most margin of the worst segment.

    Parameters
    ----------
    feasible, margin_db
        (H + 1, H + 1): of one mode, from a place to a later one.
    stands
        By place: 0 no regenerator, 1 a spare one, 2 the wave's own.
    """
    size = len(stands)
    before = np.full(size, -1, dtype=np.int64)
    spares, stops = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    worst = np.zeros(size)
    before[0], worst[0] = 0, -np.inf
    for end in range(1, size):
        for start in range(end):
            held = start == 0 or stands[start] > 0
            if before[start] < 0 or not held or not feasible[start, end]:
                continue
            used = spares[start] + (1 if stands[start] == 1 else 0)
            count = stops[start] + (1 if start else 0)
            short = max(worst[start], -margin_db[start, end])
            if (
                before[end] < 0
                or used < spares[end]
                or (used == spares[end] and count < stops[end])
                or (used == spares[end] and count == stops[end] and short < worst[end])
            ):
                before[end], spares[end], stops[end] = start, used, count
                worst[end] = short
    return before
