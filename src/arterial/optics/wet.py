"""Wet spans: subsea systems as sections of constant noise that only line terminals enter and leave.

A described system has the same noise on every channel: its owner states the worst one. Noise to
signal is kept within the signal's bandwidth like that of any section, for the reference channel's
symbol rate; others keep the power spectral density, so the ratio is theirs too. A transparent
segment that holds a wet section holds nothing else: light is regenerated at both landings, and only
modes that the line terminals take go through.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.subsea import SubseaSystem
from arterial.optics.combs import Comb
from arterial.units import REFERENCE_GHZ, ratio

__all__ = ["TERMINALS", "refusal", "system_of", "wet_allowed", "with_wet"]

TERMINALS = "subsea: light ends in line terminals at both landings"


class _Light(Protocol):
    """Sections, told by their figures: this module lies below theirs."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def combs(self) -> tuple[Comb, ...]: ...
    @property
    def noise(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def log_noise(self) -> tuple[NDArray[np.float64], ...]: ...
    @property
    def cd_ps_nm(self) -> NDArray[np.float64]: ...
    @property
    def pmd_ps(self) -> NDArray[np.float64]: ...
    @property
    def known(self) -> NDArray[np.bool_]: ...


L = TypeVar("L", bound=_Light)


def system_of(network: Network, fibre: int) -> SubseaSystem | None:
    """The subsea system that describes a wet fibre, None on land and where nobody described it."""
    one = network.fibres[fibre]
    if not one.subsea or one.system is None:
        return None
    return next(system for system in network.subsea if system.name == one.system)


def with_wet(network: Network, sections: L) -> L:
    """The same sections with those of described wet spans filled in, both ways alike."""
    systems = _systems(network)
    if not systems or not sections.combs:
        return sections
    noise = tuple(values.copy() for values in sections.noise)
    cd, pmd, known = (
        sections.cd_ps_nm.copy(),
        sections.pmd_ps.copy(),
        sections.known.copy(),
    )
    for fibre, system in systems.items():
        both = slice(2 * fibre, 2 * fibre + 2)
        for values in noise:
            values[both] = _noise(system)
        cd[both], pmd[both], known[fibre] = system.cd_ps_nm, system.pmd_ps, True
    for values in (*noise, cd, pmd, known):
        values.setflags(write=False)
    log_noise = tuple(np.log1p(values) for values in noise)
    for values in log_noise:
        values.setflags(write=False)
    return replace(sections, noise=noise, log_noise=log_noise, cd_ps_nm=cd, pmd_ps=pmd, known=known)


def wet_allowed(
    network: Network, modes: Sequence[Mode], hops: NDArray[np.int64]
) -> NDArray[np.bool_] | None:
    """Whether a mode may light each segment of a route, (Q, H + 1, H + 1); None if all is land."""
    systems = _systems(network)
    wet = [systems.get(int(hop) // 2) for hop in hops]
    if not any(wet):
        return None
    size = len(hops) + 1
    count = np.concatenate([[0], np.cumsum([system is not None for system in wet])])
    allowed = np.repeat((count[None, :] - count[:, None] <= 0)[None], len(modes), axis=0)
    for hop, system in enumerate(wet):
        if system is not None:
            allowed[:, hop, hop + 1] = [not refusal(network, system, mode) for mode in modes]
    assert allowed.shape == (len(modes), size, size)
    return allowed


def refusal(network: Network, system: SubseaSystem, mode: Mode) -> str:
    """Why the line terminals of a system do not take a mode; empty where they do."""
    if system.modes and mode.name not in system.modes:
        return f"no mode of subsea system '{system.name}'"
    low = network.line.f_min_thz if system.f_min_thz is None else system.f_min_thz
    high = network.line.f_max_thz if system.f_max_thz is None else system.f_max_thz
    if mode.slot_ghz is not None and mode.slot_ghz > (high - low) * 1000.0:
        return f"the band of subsea system '{system.name}'"
    return ""


def _systems(network: Network) -> dict[int, SubseaSystem]:
    """By fibre: the system that describes it."""
    if not network.subsea:
        return {}
    found = {fibre: system_of(network, fibre) for fibre in range(len(network.fibres))}
    return {fibre: system for fibre, system in found.items() if system is not None}


def _noise(system: SubseaSystem) -> float:
    """Noise over signal in the bandwidth of the channel that the system's GSNR is stated for."""
    return system.baud_gbd / REFERENCE_GHZ / ratio(system.gsnr_db)
