"""How far light goes: which modes reach over one transparent segment, and with what in hand.

A mode reaches when its GSNR on the worst channel, less what it requires and less the penalties of
the ROADMs passed, leaves at least the margins of the network, when chromatic and polarisation mode
dispersion and polarisation dependent loss stay within its limits, when no power at either end is
known to be wrong, and when a wet section stands alone under a mode of its line terminals. A figure
that nobody gave makes the answer unknown, by name, unless another figure already says no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.subsea import SubseaSystem
from arterial.optics.gsnr import gsnr_db
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.sections import BoolArray, FloatArray, Sections
from arterial.optics.wet import TERMINALS, refusal, system_of, wet_allowed

__all__ = [
    "ASSUMPTIONS",
    "MENDED_BY_MARGIN",
    "Reach",
    "Segments",
    "route_segments",
    "segment_reach",
]

MENDED_BY_MARGIN = "gsnr"
"""What fails for noise alone; whatever else fails, no margin mends."""

ASSUMPTIONS = (
    "ASSUMPTION: amplifiers are set for 0 dBm into each span per 32 GBd, as in GNPy's example",
    "ASSUMPTION: every section carries a full comb of one kind; the pessimistic load",
    "ASSUMPTION: each channel has the worst channel's noise, so that spectrum can be given freely",
    "ASSUMPTION: PDL of ROADMs, ends included, adds up by squares and costs in proportion",
    "not counted: what dispersion within a mode's limits costs, 0.5 dB at a PMD limit",
)


class Reach(Struct, frozen=True, kw_only=True):
    """What one mode can do over one transparent segment."""

    mode: str
    verdict: Literal["yes", "no", "unknown"]
    why: tuple[str, ...]
    """For ``no`` what fails (gsnr, cd, pmd, pdl, a power, subsea); for ``unknown`` what is missing.
    """
    unchecked: tuple[str, ...]
    """Checks that were not made, each with the figure that is missing; they decide nothing."""
    gsnr_db: float
    """Start of life, 0.1 nm, worst channel; NaN where unknown."""
    osnr_db: float
    penalty_db: float
    """Of the ROADMs passed: filters, and polarisation dependent loss where the line gives it."""
    margin_db: float
    """Start of life: GSNR - required OSNR - penalties."""
    start_db: float
    """Start of life: the same after the margins that do not age."""
    left_db: float
    """End of life: the same after all margins of the network."""
    cd_ps_nm: float
    pmd_ps: float


@dataclass(frozen=True, kw_only=True)
class Segments:
    """Every transparent segment of one route under every mode.

    Q modes; a route of H sections has H + 1 ROADMs. Entry [q, i, j] is from ROADM i to ROADM j.
    """

    gsnr_db: FloatArray
    """float (Q, H + 1, H + 1), NaN unless i < j and light can pass."""
    margin_db: FloatArray
    """float (Q, H + 1, H + 1): start of life; NaN unless i < j and all its figures are known."""
    cd_ps_nm: FloatArray
    """float (H + 1, H + 1)."""
    pmd_ps: FloatArray
    """float (H + 1, H + 1)."""
    feasible: BoolArray
    """bool (Q, H + 1, H + 1)."""


def route_segments(
    network: Network, sections: Sections, table: ModeTable, route: Sequence[int]
) -> Segments:
    """Reach of every segment of a route of directed sections whose light is known."""
    hops = np.asarray(route, dtype=np.int64)
    roadm = np.arange(len(hops) + 1)
    ahead = roadm[:, None] < roadm[None, :]
    passes = np.maximum(roadm[None, :] - roadm[:, None] - 1, 0)
    gsnr = _segment_gsnr_db(network, sections, table, hops)
    gsnr[:, ~ahead] = np.nan
    allowed = wet_allowed(table.wet, hops)
    if allowed is not None:
        gsnr[~allowed] = np.nan
    margin = gsnr - table.osnr_db[:, None, None] - _penalty_db(network, table, passes)
    cd = _between(sections.cd_ps_nm[hops])
    pmd = np.sqrt(np.maximum(_between(sections.pmd_ps[hops] ** 2), 0.0))
    feasible = (
        (margin >= network.margins.total_db)
        & (cd <= table.cd_ps_nm[:, None, None])
        & (pmd <= table.pmd_ps[:, None, None])
    )
    feasible &= np.array([not check.fails for check in table.power], dtype=np.bool_)[:, None, None]
    if network.line.pdl_db > 0.0:
        feasible &= _pdl_db(network, passes) <= table.pdl_db[:, None, None]
    return Segments(gsnr_db=gsnr, margin_db=margin, cd_ps_nm=cd, pmd_ps=pmd, feasible=feasible)


def segment_reach(
    network: Network, sections: Sections, segment: Sequence[int]
) -> tuple[Reach, ...]:
    """What each mode of the catalogue can do over one transparent segment, in catalogue order.

    Parameters
    ----------
    network
        Its margins and modes.
    sections
        Of the same network.
    segment
        Directed sections, one or more, in order.
    """
    table = mode_table(network, sections)
    fibres = tuple(dict.fromkeys(section // 2 for section in segment))
    dark = tuple(
        f"light of fibre '{network.fibres[fibre].name}': {sections.why[fibre]}"
        for fibre in fibres
        if not sections.known[fibre]
    )
    wet = tuple(system for fibre in fibres if (system := system_of(network, fibre)) is not None)
    segments = route_segments(network, sections, table, segment)
    passes = np.full((1, 1), len(segment) - 1, dtype=np.int64)
    penalty, pdl = _penalty_db(network, table, passes), float(_pdl_db(network, passes)[0, 0])
    found: list[Reach] = []
    for number, mode in enumerate(table.modes):
        ends = (*table.power[number].fails, *_shut(network, mode, wet, alone=len(segment) == 1))
        ends = (*(("pdl",) if pdl > 0.0 and pdl > table.pdl_db[number] else ()), *ends)
        told = _Told(ends=ends, dark=dark, penalty_db=float(penalty[number, 0, 0]))
        found.append(_reach(network, table, segments, number, told))
    return tuple(found)


def _shut(
    network: Network, mode: Mode, wet: Sequence[SubseaSystem], *, alone: bool
) -> tuple[str, ...]:
    """Why a wet section of a segment does not take a mode."""
    if not wet:
        return ()
    if not alone:
        return (TERMINALS,)
    reason = refusal(network, wet[0], mode)
    return (reason,) if reason else ()


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What decides one mode over one segment beside noise and dispersion."""

    ends: tuple[str, ...]
    """What fails: polarisation dependent loss, powers, line terminals."""
    dark: tuple[str, ...]
    """Fibres whose light is unknown."""
    penalty_db: float


def _reach(
    network: Network,
    table: ModeTable,
    segments: Segments,
    number: int,
    told: _Told,
) -> Reach:
    margin = float(segments.margin_db[number, 0, -1])
    cd, pmd = float(segments.cd_ps_nm[0, -1]), float(segments.pmd_ps[0, -1])
    left = margin - network.margins.total_db
    broken = (
        ("gsnr", left < 0),
        ("cd", cd > table.cd_ps_nm[number]),
        ("pmd", pmd > table.pmd_ps[number]),
    )
    fails = (*(what for what, is_broken in broken if is_broken), *told.ends)
    unknown = (*table.missing[number], *told.dark)
    reaches = bool(segments.feasible[number, 0, -1])
    assert reaches == (not fails and not unknown), "what is neither broken nor missing reaches"
    return Reach(
        mode=table.modes[number].name,
        verdict="yes" if reaches else "no" if fails else "unknown",
        why=fails or unknown,
        unchecked=table.power[number].unchecked,
        gsnr_db=float(segments.gsnr_db[number, 0, -1]),
        osnr_db=float(table.osnr_db[number]),
        penalty_db=told.penalty_db,
        margin_db=margin,
        start_db=margin - network.margins.start_db,
        left_db=left,
        cd_ps_nm=cd,
        pmd_ps=pmd,
    )


def _penalty_db(network: Network, table: ModeTable, passes: NDArray[np.int64]) -> FloatArray:
    """What the ROADMs of every segment cost each mode: (H, H) passed to (Q, H, H)."""
    filters = table.filter_db[:, None, None] * passes
    if network.line.pdl_db <= 0.0:
        return filters
    slope = (table.pdl_penalty_db / table.pdl_db)[:, None, None]
    return filters + slope * _pdl_db(network, passes)


def _pdl_db(network: Network, passes: NDArray[np.int64]) -> FloatArray:
    """Polarisation dependent loss of the ROADMs passed and the two at the ends."""
    return network.line.pdl_db * np.sqrt(passes + 2.0)


def _segment_gsnr_db(
    network: Network, sections: Sections, table: ModeTable, hops: NDArray[np.int64]
) -> FloatArray:
    """GSNR of the worst channel of every segment, (Q, H + 1, H + 1); NaN without a comb."""
    size = len(hops) + 1
    worst = np.full((len(sections.combs) + 1, size, size), np.nan)  # the last one: no comb
    for comb, log_noise in enumerate(sections.log_noise):
        worst[comb] = _between(log_noise[hops]).max(axis=-1)
    return gsnr_db(
        worst[table.comb],
        table.baud_gbd[:, None, None],
        add_drop_osnr_db=network.line.add_drop_osnr_db,
        tx_osnr_db=table.tx_osnr_db[:, None, None],
    )


def _between(values: FloatArray) -> FloatArray:
    """Sums over every stretch of a route, [i, j] from i to j: (H, ...) -> (H + 1, H + 1, ...)."""
    prefix = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=prefix[1:])
    return np.maximum(prefix[None, :] - prefix[:, None], 0.0)
