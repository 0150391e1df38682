"""How much spectrum a design may fill on each fibre: on a further pair, and on those that are lit.

What the search and the bound count in GHz; where each wave then goes is ``light``'s to find, which
lights a further pair where gaps are too narrow. So a count here never asks for more pairs than are
lit in the end.
"""

from dataclasses import dataclass

import numpy as np

from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.optics.combs import GRID_GHZ
from arterial.optics.occupancy import installed_slots
from arterial.optics.spectrum_band import Band
from arterial.optics.wet import network_band
from arterial.solve.program import FloatArray

__all__ = ["Room", "room_of"]

_GHZ_IN_THZ = 1000.0
_ROUNDING_GHZ = 1e-6


@dataclass(frozen=True)
class Room:
    """Spectrum of M fibres."""

    band_ghz: FloatArray
    """(M,) that a design may fill of one pair."""
    taken_ghz: FloatArray
    """(M,) of that, on all lit pairs together, what waves in service take."""


def room_of(network: Network) -> Room:
    """Open slots of every fibre and what stands in them, both within ``line.fill``."""
    band = network_band(network)
    stands = installed_slots(network, band)
    fibres = range(len(network.fibres))
    fill = network.line.fill
    whole = np.array([_open_ghz(network.line, band.on(m)) * fill for m in fibres])
    taken = np.zeros(len(whole))
    for m, pairs in stands.items():
        opened = band.on(m).open
        for mask in pairs:
            taken[m] += min((mask & opened).bit_count() * GRID_GHZ, float(whole[m]))
    return Room(whole, taken)


def _open_ghz(line: LineSystem, band: Band) -> float:
    """Open slots, as the limits of the line say where they lie on the grid and nothing is closed.

    The difference of two limits is not a slot's multiple to the last bit; designs on such lines
    keep theirs.
    """
    limits = sum((high - low) * _GHZ_IN_THZ for low, high in line.band_limits_thz)
    slots = band.open_slots * GRID_GHZ
    return limits if abs(limits - slots) <= _ROUNDING_GHZ else slots
