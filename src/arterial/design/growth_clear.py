"""What can cross a fibre on its way from one site to another without regeneration.

A transparent route over a fibre has at least the noise of the least noisy way to the fibre, the
fibre's own, and that of the least noisy way on. The worst channel of a band is no better than the
mean of its channels, and means add up along a way, so two shortest-path searches a comb and band
bound every route at once. Dispersion and the ROADMs passed are left out: that makes the bound
looser, never wrong.
"""

from collections.abc import Sequence

import numpy as np

from arterial.design.growth_column import Item, best_items
from arterial.model.network import Network
from arterial.optics.gsnr import gsnr_db
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.sections import Sections
from arterial.optics.spectrum_band import slot_count
from arterial.paths.graph import Graph, reverse
from arterial.paths.shortest import distances
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["clear_items"]


def clear_items(
    network: Network,
    sections: Sections,
    graph: Graph,
    ends: tuple[int, int],
) -> tuple[frozenset[Item], ...]:
    """(M,) channels that may cross each fibre and go all the way between two sites in one piece.

    A fibre of unknown light counts as free of noise.
    """
    table = mode_table(network, sections)
    least = [_least_noise(graph, sections, comb, ends) for comb in range(len(sections.combs))]
    reaches = _reaches(network, table, least)  # (Q, M)
    return tuple(
        best_items(
            (mode.rate_gbps, slot_count(mode.slot_ghz))
            for mode, passes in zip(table.modes, reaches[:, m].tolist(), strict=True)
            if passes and mode.slot_ghz is not None
        )
        for m in range(len(network.fibres))
    )


def _least_noise(graph: Graph, sections: Sections, comb: int, ends: tuple[int, int]) -> FloatArray:
    """(M,) noise of the least noisy way over each fibre in its best band, as log1p."""
    band = np.array(sections.combs[comb].band, dtype=np.int64)
    ways = [
        _least_mean(graph, sections.log_noise[comb][:, band == number], ends)
        for number in sorted(set(band.tolist()))
    ]
    return np.minimum.reduce(ways)


def _least_mean(graph: Graph, log_noise: FloatArray, ends: tuple[int, int]) -> FloatArray:
    """(M,) the same by the mean of some channels, (2M, channels)."""
    weight = np.nan_to_num(log_noise.mean(axis=1), nan=0.0).tolist()
    back = [weight[reverse(arc)] for arc in range(len(weight))]
    here = distances(graph, weight, ends[0])
    there = distances(graph, back, ends[1])
    over = [
        here[graph.arc_target[reverse(arc)]] + weight[arc] + there[graph.arc_target[arc]]
        for arc in range(len(weight))
    ]
    return np.minimum(np.array(over[0::2]), np.array(over[1::2]))


def _reaches(network: Network, table: ModeTable, least: Sequence[FloatArray]) -> BoolArray:
    """(Q, M) modes whose margin is not already spent on the least noisy way."""
    fibres = len(network.fibres)
    noise = np.array([*least, np.full(fibres, np.nan)]).reshape(-1, fibres)[table.comb]
    found = gsnr_db(
        noise,
        table.baud_gbd[:, None],
        add_drop_osnr_db=network.line.add_drop_osnr_db,
        tx_osnr_db=table.tx_osnr_db[:, None],
    )
    return found - table.osnr_db[:, None] >= network.margins.total_db
