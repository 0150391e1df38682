"""The pluggable catalogue as arrays: one row a mode, NaN where a figure was not found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.optics.combs import comb_index
from arterial.optics.power import PowerCheck, power_check
from arterial.optics.sections import BoolArray, FloatArray, Sections
from arterial.optics.spectrum import grid_band, slot_count
from arterial.optics.wet import wet_modes

__all__ = ["NEEDED", "NEEDED_FOR_PDL", "NO_COMB", "ModeTable", "mode_table"]

NO_COMB = "a comb: the band has no room for its slot"

NEEDED = ("baud_gbd", "slot_ghz", "osnr_db", "cd_ps_nm", "pmd_ps")
"""Figures without which nobody can say whether a mode reaches."""

NEEDED_FOR_PDL = ("pdl_db", "pdl_penalty_db")
"""And those needed where the line says what a ROADM's polarisation dependent loss is."""


@dataclass(frozen=True, kw_only=True)
class ModeTable:
    """Figures of the catalogue's modes that physics and price lists need; Q modes, in its order."""

    modes: tuple[Mode, ...]
    missing: tuple[tuple[str, ...], ...]
    """By mode: which needed figures the catalogue does not give, or ``NO_COMB``."""
    comb: NDArray[np.int64]
    """int (Q,): index of the comb that stands for the mode, -1 where that is unknown."""
    baud_gbd: FloatArray
    osnr_db: FloatArray
    tx_osnr_db: FloatArray
    """The line system's where a mode gives none."""
    cd_ps_nm: FloatArray
    pmd_ps: FloatArray
    filter_db: FloatArray
    """Penalty of each ROADM passed; the line system's where a mode gives none."""
    pdl_db: FloatArray
    pdl_penalty_db: FloatArray
    """At ``pdl_db``."""
    power: tuple[PowerCheck, ...]
    """Power at both ends, by mode."""
    wet: dict[int, BoolArray]
    """By described wet fibre: bool (Q,), modes that its line terminals take."""


def mode_table(network: Network, sections: Sections) -> ModeTable:
    """Arrays over ``network.modes``, with the comb of each."""
    modes, line = network.modes, network.line
    needed = (*NEEDED, *(NEEDED_FOR_PDL if line.pdl_db > 0.0 else ()))
    widest = grid_band(line).widest
    combs = [
        None
        if mode.slot_ghz is not None and slot_count(mode.slot_ghz) > widest
        else comb_index(mode, sections.combs)
        for mode in modes
    ]
    tx_osnr_db = [line.tx_osnr_db if mode.tx_osnr_db is None else mode.tx_osnr_db for mode in modes]
    filter_db = [line.filter_db if mode.filter_db is None else mode.filter_db for mode in modes]
    return ModeTable(
        modes=modes,
        missing=tuple(
            _missing(mode, comb, needed) for mode, comb in zip(modes, combs, strict=True)
        ),
        comb=np.array([-1 if comb is None else comb for comb in combs], dtype=np.int64),
        baud_gbd=_column([mode.baud_gbd for mode in modes]),
        osnr_db=_column([mode.osnr_db for mode in modes]),
        tx_osnr_db=_column(tx_osnr_db),
        cd_ps_nm=_column([mode.cd_ps_nm for mode in modes]),
        pmd_ps=_column([mode.pmd_ps for mode in modes]),
        filter_db=_column(filter_db),
        pdl_db=_column([mode.pdl_db for mode in modes]),
        pdl_penalty_db=_column([mode.pdl_penalty_db for mode in modes]),
        power=tuple(power_check(mode, line) for mode in modes),
        wet=wet_modes(network, modes),
    )


def _missing(mode: Mode, comb: int | None, needed: tuple[str, ...]) -> tuple[str, ...]:
    absent = tuple(figure for figure in needed if getattr(mode, figure) is None)
    return (NO_COMB,) if comb is None and not absent else absent


def _column(values: list[float] | list[float | None]) -> FloatArray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
