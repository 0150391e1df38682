"""Which sites light might join at all: noise of the quietest ways, whatever route they take.

For each fibre the least mean over channels counts, of its two ways the quieter: the worst channel
of no route between two sites has less than the sum along the quietest way.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from arterial.optics.gsnr import REFERENCE_GHZ
from arterial.optics.mode_table import ModeTable
from arterial.optics.restore_light import Standing
from arterial.optics.restore_routes import ModuleMode, RouteBook
from arterial.optics.sections import FloatArray, Sections

__all__ = ["Joined", "Quiet", "bits"]


class Quiet:
    """Noise of the fibres in use, by comb; what hangs on no case."""

    def __init__(self, standing: Standing, routes: RouteBook, sections: Sections) -> None:
        network = standing.plan.network
        index = {site.name: number for number, site in enumerate(network.sites)}
        self.comb = routes.table.comb.tolist()
        self._sites = len(index)
        self._network = network
        self._table: ModeTable = routes.table
        self._fibres = np.array(
            [m for m in sorted(standing.pairs_lit) if np.isfinite(routes.weight[2 * m])],
            dtype=np.int64,
        )
        numbers: list[int] = self._fibres.tolist()
        fibres = [network.fibres[m] for m in numbers]
        ends = [sorted((index[fibre.a], index[fibre.z])) for fibre in fibres]
        pairs, place = np.unique(np.array(ends).reshape(-1, 2), axis=0, return_inverse=True)
        self._pairs, self._pair_of = pairs.astype(np.int64), place.reshape(-1)
        self._noise = [_of_fibres(values)[self._fibres] for values in sections.log_noise]
        self._most: dict[int, float] = {}

    def most(self, mode: ModuleMode) -> float:
        """Noise of sections, log1p, beyond which a mode gets nowhere; -inf where it never does."""
        if mode.number not in self._most:
            line = self._network.line
            asked_db = mode.osnr_db + self._network.margins.total_db
            ends = 10.0 ** (-line.add_drop_osnr_db / 10.0)
            ends += 10.0 ** (-float(self._table.tx_osnr_db[mode.number]) / 10.0)
            room = 10.0 ** (-asked_db / 10.0) - ends
            room *= float(self._table.baud_gbd[mode.number])
            most = float(np.log1p(room / REFERENCE_GHZ)) * (1.0 + 1e-9) if room > 0.0 else -np.inf
            self._most[mode.number] = most
        return self._most[mode.number]

    def least(self, comb: int, down: frozenset[int]) -> FloatArray:
        """(N, N) noise of the quietest ways while fibres are down."""
        stands = ~np.isin(self._fibres, list(down))
        least = np.full(len(self._pairs), np.inf)
        np.minimum.at(least, self._pair_of[stands], self._noise[comb][stands])
        open_ = np.isfinite(least)
        ends: NDArray[np.int64] = self._pairs[open_]
        graph = coo_array(
            (least[open_], (ends[:, 0], ends[:, 1])), shape=(self._sites, self._sites)
        )
        return np.asarray(dijkstra(graph.tocsr(), directed=False), dtype=np.float64)


class Joined:
    """The same for one case."""

    def __init__(self, quiet: Quiet, down: frozenset[int]) -> None:
        self._quiet = quiet
        self._down = down
        self._least: dict[int, FloatArray] = {}
        self._near: dict[int, list[int]] = {}

    def joined(self, a: int, z: int, mode: ModuleMode, stops: int) -> bool:
        """Whether the quietest ways join two sites, stop by stop.

        Parameters
        ----------
        stops
            Sites where light may be regenerated, as bits.
        """
        near = self._near_by(mode)
        target, places = 1 << z, stops & ~(1 << a)
        reached, waiting = near[a], near[a] & places
        while waiting and not reached & target:
            low = waiting & -waiting
            places &= ~low
            reached |= near[low.bit_length() - 1]
            waiting = (waiting ^ low) | (reached & places)
        return bool(reached & target)

    def _near_by(self, mode: ModuleMode) -> list[int]:
        """By site: those that a mode may get to without regeneration, as bits."""
        if mode.number not in self._near:
            comb = self._quiet.comb[mode.number]
            if comb not in self._least:
                self._least[comb] = self._quiet.least(comb, self._down)
            near = self._least[comb] <= self._quiet.most(mode)
            rows = np.packbits(near, axis=1, bitorder="little")
            self._near[mode.number] = [int.from_bytes(row.tobytes(), "little") for row in rows]
        return self._near[mode.number]


def bits(numbers: Iterable[int]) -> int:
    """Small numbers as bits of one."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _of_fibres(log_noise: FloatArray) -> FloatArray:
    """(M,) by fibre. A wet section says nothing under a comb that is not its own."""
    mean = log_noise.mean(axis=1)
    noise = np.fmin(mean[0::2], mean[1::2])
    return np.maximum(np.where(np.isfinite(noise), noise, 0.0), 1e-15)
