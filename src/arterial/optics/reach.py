"""How far light goes: which modes reach over one transparent segment, and with what in hand.

A mode reaches when its GSNR on the worst channel, less what it requires and less the penalty of the
ROADMs passed, leaves at least the margins of the network, and when chromatic and polarisation mode
dispersion stay within its limits. A figure that nobody gave makes the answer unknown, by name,
unless another figure already says no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.optics.gsnr import gsnr_db
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.sections import BoolArray, FloatArray, Sections

__all__ = ["ASSUMPTIONS", "PASS_DB", "Reach", "Segments", "route_segments", "segment_reach"]

PASS_DB = 0.05
"""Penalty of each ROADM that light passes, for filter narrowing and PDL together."""

ASSUMPTIONS = (
    f"ASSUMPTION: each ROADM passed costs {PASS_DB} dB, filter narrowing and PDL together",
    "ASSUMPTION: amplifiers are set for 0 dBm into each span per 32 GBd, as in GNPy's example",
    "ASSUMPTION: every section carries a full comb of one kind; the pessimistic load",
    "ASSUMPTION: each channel has the worst channel's noise, so that spectrum can be given freely",
    "not counted: power of the transmitter against loss of the add path, and receiver sensitivity",
)


class Reach(Struct, frozen=True, kw_only=True):
    """What one mode can do over one transparent segment."""

    mode: str
    verdict: Literal["yes", "no", "unknown"]
    why: tuple[str, ...]
    """For ``no`` what fails (gsnr, cd, pmd); for ``unknown`` the figures that are missing."""
    gsnr_db: float
    """Start of life, 0.1 nm, worst channel; NaN where unknown."""
    osnr_db: float
    margin_db: float
    """Start of life: GSNR - required OSNR - penalties."""
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
    """float (Q, H + 1, H + 1), NaN unless i < j."""
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
    gsnr = _segment_gsnr_db(network, sections, table, hops)
    gsnr[:, ~ahead] = np.nan
    passes = np.maximum(roadm[None, :] - roadm[:, None] - 1, 0)
    margin = gsnr - table.osnr_db[:, None, None] - PASS_DB * passes
    cd = _between(sections.cd_ps_nm[hops])
    pmd = np.sqrt(np.maximum(_between(sections.pmd_ps[hops] ** 2), 0.0))
    feasible = (
        (margin >= network.margins.total_db)
        & (cd <= table.cd_ps_nm[:, None, None])
        & (pmd <= table.pmd_ps[:, None, None])
    )
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
    dark = tuple(
        f"light of fibre '{network.fibres[fibre].name}'"
        for fibre in dict.fromkeys(section // 2 for section in segment)
        if not sections.known[fibre]
    )
    segments = route_segments(network, sections, table, segment)
    return tuple(
        _reach(network, table, segments, number, dark) for number in range(len(table.modes))
    )


def _reach(
    network: Network, table: ModeTable, segments: Segments, number: int, dark: tuple[str, ...]
) -> Reach:
    gsnr, margin = float(segments.gsnr_db[number, 0, -1]), float(segments.margin_db[number, 0, -1])
    cd, pmd = float(segments.cd_ps_nm[0, -1]), float(segments.pmd_ps[0, -1])
    left = margin - network.margins.total_db
    fails = tuple(
        what
        for what, broken in (
            ("gsnr", left < 0),
            ("cd", cd > table.cd_ps_nm[number]),
            ("pmd", pmd > table.pmd_ps[number]),
        )
        if broken
    )
    unknown = (*table.missing[number], *dark)
    reaches = bool(segments.feasible[number, 0, -1])
    assert reaches == (not fails and not unknown), "what is neither broken nor missing reaches"
    return Reach(
        mode=table.modes[number].name,
        verdict="yes" if reaches else "no" if fails else "unknown",
        why=fails or unknown,
        gsnr_db=gsnr,
        osnr_db=float(table.osnr_db[number]),
        margin_db=margin,
        left_db=left,
        cd_ps_nm=cd,
        pmd_ps=pmd,
    )


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
