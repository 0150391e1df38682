"""How far each mode of a catalogue goes on a line system, over straight lines of equal spans.

Lines of several lengths lie side by side in one network of two sites, so GNPy runs once for all of
them and its answer is kept. Between two lengths noise and dispersion grow in proportion to length.
No ROADM stands on the way: each that light passes takes a little off.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, structs

from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.site import Site
from arterial.optics.reach import Reach, segment_reach
from arterial.optics.sections import load_sections
from arterial.report.reach import Limit, ModeReach, ReachCurve
from arterial.units import ratio

__all__ = ["reach_curve"]

SHORTEST_SPANS = 0.25
"""Length of the shortest line, in spans of the line system; each other is twice the one before."""

LONGEST_KM = 5000.0
"""The last line is this long or longer."""

FIBRE = "SSMF"


class _Line(Struct, frozen=True, kw_only=True):
    """What one mode can do over one line."""

    km: float
    reach: Reach


def reach_curve(network: Network, report: Report = silent) -> ReachCurve | None:
    """Reach of every mode at the margins of a network; None where GNPy gives no figures.

    A failure is told to ``report`` as a warning: a picture less is no reason to go without a page.
    """
    if not network.modes:
        return None
    lines_km = [SHORTEST_SPANS * network.line.span_km]
    while lines_km[-1] < LONGEST_KM:
        lines_km.append(2.0 * lines_km[-1])
    straight = _straight(network, lines_km)
    try:
        sections = load_sections(straight, report)
    except SolverError as failure:
        report(f"warning: how far modes go was not worked out: {failure}", 0, 0)
        return None
    rows = [segment_reach(straight, sections, [2 * line]) for line in range(len(lines_km))]
    by_mode = [
        [_Line(km=km, reach=row[place]) for km, row in zip(lines_km, rows, strict=True)]
        for place in range(len(network.modes))
    ]
    return ReachCurve(
        modes=tuple(
            _reach(mode, lines, network.margins.total_db)
            for mode, lines in zip(network.modes, by_mode, strict=True)
        ),
        fibre=FIBRE,
        span_km=network.line.span_km,
        longest_km=lines_km[-1],
    )


def _straight(network: Network, lines_km: Sequence[float]) -> Network:
    """Two sites, and a fibre of each length between them, on the network's own line system."""
    return Network(
        name="straight",
        sites=(Site(name="a"), Site(name="z")),
        fibres=tuple(
            Fibre(name=f"{km:g} km", a="a", z="z", length_km=km, type=FIBRE) for km in lines_km
        ),
        modes=network.modes,
        line=network.line,
        margins=network.margins,
    )


def _reach(mode: Mode, lines: Sequence[_Line], need_db: float) -> ModeReach:
    said = ModeReach(
        mode=mode.name,
        rate_gbps=mode.rate_gbps,
        slot_ghz=mode.slot_ghz,
        reach_km=math.nan,
        limit="unknown",
    )
    if any(line.reach.verdict == "unknown" for line in lines):
        missing = next(line.reach.why for line in lines if line.reach.verdict == "unknown")
        return structs.replace(said, missing=missing)
    needed = ratio(-need_db)
    ends: dict[Limit, float] = {
        "gsnr": _crossing(lines, [ratio(-line.reach.margin_db) for line in lines], needed),
        "cd": _crossing(lines, [line.reach.cd_ps_nm for line in lines], mode.cd_ps_nm),
        "pmd": _crossing(
            lines,
            [line.reach.pmd_ps**2 for line in lines],
            None if mode.pmd_ps is None else mode.pmd_ps**2,
        ),
    }
    limit, km = min(ends.items(), key=lambda end: end[1])
    if math.isinf(km):
        return structs.replace(said, reach_km=lines[-1].km, limit="beyond")
    return structs.replace(said, reach_km=km, limit=limit if km else "none")


def _crossing(lines: Sequence[_Line], values: Sequence[float], most: float | None) -> float:
    """Length at which a figure that grows with length reaches ``most``.

    0 where the shortest line is over it already, infinity where the longest is not.
    """
    if most is None or values[-1] <= most:
        return math.inf
    if values[0] > most:
        return 0.0
    pairs = pairwise(zip(lines, values, strict=True))
    (before, low), (after, high) = next(pair for pair in pairs if pair[1][1] > most)
    return before.km + (after.km - before.km) * (most - low) / (high - low)
