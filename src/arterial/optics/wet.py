"""Wet spans: subsea systems as sections of constant noise that only line terminals enter and leave.

A described system has the same noise on every channel: its owner states the worst one. Noise to
signal is kept within the signal's bandwidth like that of any section, for the reference channel's
symbol rate; others keep the power spectral density, so the ratio is theirs too. A transparent
segment that holds a wet section holds nothing else: light is regenerated at both landings, and only
modes that the line terminals take go through. Spectrum beyond the system's own band is closed.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.subsea import SubseaSystem
from arterial.optics.combs import GRID_GHZ
from arterial.optics.spectrum_band import Band, grid_band, slot_count, span
from arterial.units import REFERENCE_GHZ, ratio

__all__ = [
    "TERMINALS",
    "WetLight",
    "network_band",
    "refusal",
    "system_of",
    "wet_allowed",
    "wet_light",
    "wet_modes",
]

TERMINALS = "subsea: light ends in line terminals at both landings"

_GHZ_IN_THZ = 1000.0
_ROUNDING = 1e-6
"""Of a slot: edges that are off the grid by less lie on it."""


class WetLight(Struct, frozen=True, kw_only=True):
    """What a described wet fibre does to light, either way and on every channel."""

    noise: float
    """Over signal, in the bandwidth of the channel that the system's GSNR is stated for."""
    cd_ps_nm: float
    pmd_ps: float


def system_of(network: Network, fibre: int) -> SubseaSystem | None:
    """The subsea system that describes a wet fibre, None on land and where nobody described it."""
    one = network.fibres[fibre]
    if not one.subsea or one.system is None:
        return None
    return next(system for system in network.subsea if system.name == one.system)


def wet_light(network: Network) -> dict[int, WetLight]:
    """By fibre: the light of every described wet span."""
    return {
        fibre: WetLight(
            noise=system.baud_gbd / REFERENCE_GHZ / ratio(system.gsnr_db),
            cd_ps_nm=system.cd_ps_nm,
            pmd_ps=system.pmd_ps,
        )
        for fibre, system in _systems(network).items()
    }


def network_band(network: Network) -> Band:
    """The grid of a network's line, with what is closed on wet fibres beyond their own band."""
    band = grid_band(network.line)
    own = {
        fibre: _system_band(network.line, band, system).closed
        for fibre, system in _systems(network).items()
    }
    return msgspec.structs.replace(band, own=own) if own else band


def wet_modes(network: Network, modes: Sequence[Mode]) -> dict[int, NDArray[np.bool_]]:
    """By described wet fibre: bool (Q,), which modes its line terminals take."""
    return {
        fibre: np.array([not refusal(network, system, mode) for mode in modes], dtype=np.bool_)
        for fibre, system in _systems(network).items()
    }


def wet_allowed(
    taken: Mapping[int, NDArray[np.bool_]], hops: NDArray[np.int64]
) -> NDArray[np.bool_] | None:
    """Whether a mode may light each segment of a route, (Q, H + 1, H + 1); None if all is land.

    Parameters
    ----------
    taken
        ``wet_modes``.
    hops
        int (H,): directed sections of the route.
    """
    wet = [taken.get(int(hop) // 2) for hop in hops]
    found = [modes for modes in wet if modes is not None]
    if not found:
        return None
    count = np.concatenate([[0], np.cumsum([modes is not None for modes in wet])])
    allowed = np.repeat((count[None, :] - count[:, None] <= 0)[None], len(found[0]), axis=0)
    for hop, modes in enumerate(wet):
        if modes is not None:
            allowed[:, hop, hop + 1] = modes
    return allowed


def refusal(network: Network, system: SubseaSystem, mode: Mode) -> str:
    """Why the line terminals of a system do not take a mode; empty where they do."""
    if system.modes and mode.name not in system.modes:
        return f"no mode of subsea system '{system.name}'"
    if mode.slot_ghz is None:
        return ""
    band = _system_band(network.line, grid_band(network.line), system)
    if slot_count(mode.slot_ghz) > band.widest:
        return f"the band of subsea system '{system.name}'"
    return ""


def _systems(network: Network) -> dict[int, SubseaSystem]:
    """By fibre: the system that describes it."""
    if not network.subsea:
        return {}
    found = {fibre: system_of(network, fibre) for fibre in range(len(network.fibres))}
    return {fibre: system for fibre, system in found.items() if system is not None}


def _system_band(line: LineSystem, band: Band, system: SubseaSystem) -> Band:
    """The whole slots of a line's grid that lie in a system's band too."""
    low_thz = line.f_min_thz if system.f_min_thz is None else system.f_min_thz
    high_thz = line.f_max_thz if system.f_max_thz is None else system.f_max_thz
    edges = [(thz * _GHZ_IN_THZ - band.start_ghz) / GRID_GHZ for thz in (low_thz, high_thz)]
    first = min(max(math.ceil(edges[0] - _ROUNDING), 0), band.slots)
    last = min(max(math.floor(edges[1] + _ROUNDING), first), band.slots)
    closed = band.closed | (span(0, band.slots) & ~span(first, last - first))
    return Band(start_ghz=band.start_ghz, slots=band.slots, closed=closed)
