"""``catalogue``: the modes there are, what is missing of each and what that blocks."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.model.catalogue import load_catalogue, read_catalogue
from arterial.model.files import YAML_BYTES, read_text
from arterial.model.impossible import above_shannon_db
from arterial.model.line import LineSystem, Margins
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.reader import load_network
from arterial.model.schema import field_words
from arterial.names import did_you_mean
from arterial.optics.mode_table import NEEDED, NEEDED_FOR_PDL
from arterial.optics.nominal import nominal_reach_km

__all__ = ["CatalogueRow", "Catalogued", "Figure", "Gap", "catalogue"]

Origin = Literal["package", "network", "file"]

BLOCKS = {
    **dict.fromkeys(NEEDED, "reach"),
    **dict.fromkeys(NEEDED_FOR_PDL, "reach where line.pdl_db is above 0"),
    "tx_dbm": "power of the transmitter",
    "rx_dbm": "power at the receiver",
    "rx_max_dbm": "overload of the receiver",
    "watts": "power of sites",
    "cost": "design and bill",
}
"""What a figure's absence blocks; no other absence blocks anything."""


class Gap(Struct, frozen=True, kw_only=True):
    """Figures that a mode lacks, and the one check that they block."""

    blocks: str
    missing: tuple[str, ...]


class CatalogueRow(Struct, frozen=True, kw_only=True):
    """A mode, and what follows from its figures; NaN where one is missing."""

    mode: Mode
    origin: Origin
    """Where the row stands: the package, the network, or the file that was named."""
    bit_per_s_hz: float
    """Spectral efficiency: rate over slot."""
    watts_per_gbps: float
    above_shannon_db: float
    """Required OSNR above the least at which any code carries the rate at the symbol rate."""
    reach_km: float
    """Nominal reach on the line; NaN unless asked for."""
    gaps: tuple[Gap, ...]


class Figure(Struct, frozen=True, kw_only=True):
    """One field of one mode."""

    name: str
    value: str
    """Empty where absent."""
    says: str
    """What the field is, and what stands in for it or is blocked where it is absent."""
    source: str
    """Where the value was read."""


class Catalogued(Struct, frozen=True, kw_only=True):
    """The catalogue; figures of one mode where one was asked for."""

    rows: tuple[CatalogueRow, ...]
    figures: tuple[Figure, ...]
    span_km: float
    """Of the line that nominal reach is on."""
    margin_db: float
    """In hand at the end of a nominal reach."""


def catalogue(
    folder: Path | None = None,
    *,
    file: Path | None = None,
    mode: str = "",
    reach: bool = False,
    report: Report = silent,
) -> Catalogued:
    """Modes of the package, of the package and a network, or of a file of pluggables.

    Parameters
    ----------
    folder
        A network: its own rows, line and margins count.
    file
        A YAML file that holds ``pluggables:`` alone; only its rows are told.
    mode
        Name of the one mode to explain; empty lists all.
    reach
        Work out nominal reach by GNPy.

    Raises
    ------
    ModelError
        A file is wrong, or no mode has that name.
    """
    network = None if folder is None else load_network(folder)
    line = LineSystem() if network is None else network.line
    margins = Margins() if network is None else network.margins
    modes, origins = _modes(network, file)
    chosen = _chosen(modes, mode, str(file or folder or "catalogue"))
    km = nominal_reach_km(modes, line, margins, report) if reach else [math.nan] * len(modes)
    rows = [
        _row(one, origin, float(far))
        for one, origin, far in zip(modes, origins, km, strict=True)
        if one in chosen
    ]
    return Catalogued(
        rows=tuple(rows),
        figures=_figures(chosen[0]) if mode else (),
        span_km=line.span_km,
        margin_db=margins.total_db,
    )


def _modes(network: Network | None, file: Path | None) -> tuple[tuple[Mode, ...], list[Origin]]:
    if file is not None:
        modes = read_catalogue(read_text(file.parent, file.name, YAML_BYTES), file.name)
        return modes, ["file" for _ in modes]
    package = load_catalogue()
    if network is None:
        return package, ["package" for _ in package]
    ours = {mode.name: _unpriced(mode) for mode in package}
    return network.modes, [
        "package" if ours.get(mode.name) == _unpriced(mode) else "network" for mode in network.modes
    ]


def _unpriced(mode: Mode) -> Mode:
    """A network's own price makes no other row of it."""
    return msgspec.structs.replace(mode, cost=None, cost_source="")


def _chosen(modes: Sequence[Mode], name: str, where: str) -> list[Mode]:
    chosen = [mode for mode in modes if name in ("", mode.name)]
    if name and not chosen:
        expected = did_you_mean(name, [mode.name for mode in modes])
        expected = expected or "`arterial catalogue` lists them"
        found = f"no mode is called '{name}'"
        raise ModelError([Problem(file=where, found=found, expected=expected)])
    return chosen


def _row(mode: Mode, origin: Origin, reach_km: float) -> CatalogueRow:
    gaps: dict[str, list[str]] = {}
    for name, blocks in BLOCKS.items():
        if getattr(mode, name) is None:
            gaps.setdefault(blocks, []).append(name)
    return CatalogueRow(
        mode=mode,
        origin=origin,
        bit_per_s_hz=math.nan if mode.slot_ghz is None else mode.rate_gbps / mode.slot_ghz,
        watts_per_gbps=math.nan if mode.watts is None else mode.watts / mode.rate_gbps,
        above_shannon_db=above_shannon_db(mode.rate_gbps, mode.baud_gbd, mode.osnr_db),
        reach_km=reach_km,
        gaps=tuple(Gap(blocks=what, missing=tuple(names)) for what, names in gaps.items()),
    )


def _figures(mode: Mode) -> tuple[Figure, ...]:
    words = field_words(Mode)
    told: list[Figure] = []
    for name in Mode.__struct_fields__:
        if name in ("name", "status", "source", "cost_source"):
            continue
        value = getattr(mode, name)
        blocked = f" Absent: blocks {BLOCKS[name]}." if value is None and name in BLOCKS else ""
        shown = f"{value:.12g}" if isinstance(value, int | float) else str(value or "")
        source = mode.cost_source if name == "cost" else mode.source
        told.append(
            Figure(
                name=name,
                value=shown,
                says=words[name] + blocked,
                source=source if shown else "",
            )
        )
    return tuple(told)
