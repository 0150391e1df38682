"""``reach``: which modes get from one site to another, over up to three diverse fibre routes."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.model.line import Margins
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.names import did_you_mean
from arterial.optics.dearest import dearest_section
from arterial.optics.mode_table import mode_table
from arterial.optics.modes import NEVER, fewest_regenerators
from arterial.optics.reach import ASSUMPTIONS, route_segments, segment_reach
from arterial.optics.routes import ridden_fibre, route_sites
from arterial.optics.sections import Sections, load_sections
from arterial.optics.wet import system_of
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Graph
from arterial.paths.graph import Path as Route
from arterial.units import fibre_delay_ms

__all__ = ["ModeReach", "Reached", "RouteReach", "reach"]

Verdict = Literal["yes", "no", "unknown"]

ROUTES = 3
NO_LENGTH_KM = 1000.0
"""Weight of a fibre of unknown length while routes are looked for; the answer leaves it unknown."""


class ModeReach(Struct, frozen=True, kw_only=True):
    """What one mode can do over one route; figures are NaN where unknown."""

    mode: str
    rate_gbps: float
    verdict: Verdict
    regenerators: int
    """Fewest that it takes; 0 where light passes from end to end, or where it never gets there."""
    regenerator_sites: tuple[str, ...]
    gsnr_db: float
    """Of the segment with least margin: the whole route, unless light is regenerated on it."""
    osnr_db: float
    penalty_db: float
    """Of the ROADMs that the same segment passes."""
    margin_db: float
    """Start of life, of the same segment: GSNR less required OSNR less penalties."""
    start_db: float
    """Left of it on the first day, after the margins that do not age."""
    left_db: float
    """Left of it at end of life, after all margins of the network."""
    dearest: str
    """The fibre whose section adds most noise to the worst segment; empty where unknown."""
    dearest_share: float
    """Its share, 0 to 1, of the noise that the segment's sections add."""
    why: tuple[str, ...]
    """What fails, or which figure is missing."""
    unchecked: tuple[str, ...]
    """Checks that were not made, each with the figure that is missing."""


class RouteReach(Struct, frozen=True, kw_only=True):
    """A fibre route and every mode over it."""

    fibres: tuple[str, ...]
    sites: tuple[str, ...]
    length_km: float
    """NaN where a fibre's is unknown."""
    floor_ms: float
    """One way, light in fibre alone."""
    planning_ms: float
    """One way with route factor and one FEC, routers not counted."""
    shared_risks: tuple[str, ...]
    """Risks that an earlier route of the answer rides as well."""
    subsea: tuple[str, ...]
    """Subsea systems on the way."""
    repair_weeks: float
    """Of the slowest of them to mend; NaN where there is none or one does not say."""
    modes: tuple[ModeReach, ...]


class Reached(Struct, frozen=True, kw_only=True):
    """Every route with its modes. ``yes`` when one mode gets there on one route."""

    a: str
    z: str
    verdict: Verdict
    margin_needed_db: float
    """At end of life: the sum of ``margins``."""
    start_needed_db: float
    """On the first day: without what is kept for ageing."""
    margins: Margins
    assumptions: tuple[str, ...]
    """What physics takes for granted."""
    routes: tuple[RouteReach, ...]


def reach(folder: Path, a: str, z: str, *, mode: str = "", report: Report = silent) -> Reached:
    """Which modes reach from site ``a`` to site ``z``.

    Parameters
    ----------
    mode
        Name of the only mode to ask for; empty asks for all.

    Raises
    ------
    ModelError
        The description is wrong, or holds no such site or mode.
    """
    network = load_network(folder)
    _known(network, str(folder), a, z, mode)
    paths = _routes(network, a, z)
    sections = load_sections(network, report) if paths else None
    routes: list[RouteReach] = []
    for path in paths:
        assert sections is not None
        earlier = {risk for route in routes for risk in _risks(network, route.fibres)}
        routes.append(_route(network, sections, path, mode, earlier))
    return Reached(
        a=a,
        z=z,
        verdict=_verdict([row.verdict for route in routes for row in route.modes]),
        margin_needed_db=network.margins.total_db,
        start_needed_db=network.margins.start_db,
        margins=network.margins,
        assumptions=ASSUMPTIONS,
        routes=tuple(routes),
    )


def _verdict(verdicts: Sequence[Verdict]) -> Verdict:
    if "yes" in verdicts:
        return "yes"
    return "unknown" if "unknown" in verdicts else "no"


def _known(network: Network, file: str, a: str, z: str, mode: str) -> None:
    """Raise ModelError for every name that the network does not hold."""
    sites = [site.name for site in network.sites]
    modes = [one.name for one in network.modes]
    asked = [("site", a, sites), ("site", z, sites)]
    asked += [("mode", mode, modes)] if mode else []
    problems = [
        Problem(
            file=file,
            found=f"no {word} is called '{name}'",
            expected=did_you_mean(name, known) or f"`arterial check` counts {len(known)} {word}s",
        )
        for word, name, known in asked
        if name not in known
    ]
    if a == z:
        found = f"'{a}' stands at both ends"
        problems.append(Problem(file=file, found=found, expected="Name two sites"))
    if problems:
        raise ModelError(problems)


def _routes(network: Network, a: str, z: str) -> list[Route]:
    """Directed sections of each route, the shortest first."""
    index = {site.name: number for number, site in enumerate(network.sites)}
    fibres = network.fibres
    graph = Graph.of(
        len(index), [index[fibre.a] for fibre in fibres], [index[fibre.z] for fibre in fibres]
    )
    weight = [fibre.length_km or NO_LENGTH_KM for fibre in fibres for _ in range(2)]
    numbers: dict[str, int] = {}
    risks = [
        [numbers.setdefault(risk, len(numbers)) for risk in (f"fibre {fibre.name}", *fibre.risks)]
        for fibre in fibres
    ]
    return diverse_paths(graph, weight, risks, index[a], index[z], ROUTES)


def _risks(network: Network, names: Sequence[str]) -> set[str]:
    return {
        risk
        for fibre in network.fibres
        if fibre.name in names
        for risk in (f"fibre {fibre.name}", *fibre.risks)
    }


def _route(
    network: Network, sections: Sections, path: Route, mode: str, earlier: set[str]
) -> RouteReach:
    fibres = [ridden_fibre(network, section) for section in path]
    names = tuple(fibre.name for fibre in fibres)
    length_km = sum(math.nan if fibre.length_km is None else fibre.length_km for fibre in fibres)
    fec_ms = network.latency.fec_us / 1000.0
    wet = [system_of(network, section // 2) for section in path]
    weeks = [
        math.nan if system.repair_weeks is None else system.repair_weeks for system in wet if system
    ]
    return RouteReach(
        fibres=names,
        sites=route_sites(network, path),
        length_km=length_km,
        floor_ms=fibre_delay_ms(length_km),
        planning_ms=network.latency.route_factor * fibre_delay_ms(length_km) + fec_ms,
        shared_risks=tuple(sorted(_risks(network, names) & earlier)),
        subsea=tuple(dict.fromkeys(system.name for system in wet if system)),
        repair_weeks=math.nan if not weeks or math.isnan(sum(weeks)) else max(weeks),
        modes=tuple(row for row in _modes(network, sections, path) if mode in ("", row.mode)),
    )


def _modes(network: Network, sections: Sections, path: Route) -> list[ModeReach]:
    table = mode_table(network, sections)
    segments = route_segments(network, sections, table, path)
    fewest, margin, before = fewest_regenerators(segments)
    sites = route_sites(network, path)
    rows: list[ModeReach] = []
    for number, whole in enumerate(segment_reach(network, sections, path)):
        chained = whole.verdict == "no" and fewest[number] < NEVER - 1 and not table.missing[number]
        stops = _stops(before[number].tolist()) if chained else []
        worst_db = float(margin[number]) if chained else whole.margin_db
        ends = pairwise((0, *stops, len(path)))
        start, end = min(ends, key=lambda pair: float(segments.margin_db[number][pair]))
        gsnr_db = float(segments.gsnr_db[number, start, end]) if chained else whole.gsnr_db
        penalty_db = gsnr_db - whole.osnr_db - worst_db if chained else whole.penalty_db
        dearest = dearest_section(sections, table, number, path[start:end])
        rows.append(
            ModeReach(
                mode=whole.mode,
                rate_gbps=table.modes[number].rate_gbps,
                verdict="yes" if chained else whole.verdict,
                regenerators=len(stops),
                regenerator_sites=tuple(sites[stop] for stop in stops),
                gsnr_db=gsnr_db,
                osnr_db=whole.osnr_db,
                penalty_db=penalty_db,
                margin_db=worst_db,
                start_db=worst_db - network.margins.start_db,
                left_db=worst_db - network.margins.total_db,
                dearest=network.fibres[dearest[0]].name if dearest else "",
                dearest_share=dearest[1] if dearest else math.nan,
                why=whole.why if not chained else (),
                unchecked=whole.unchecked,
            )
        )
    return rows


def _stops(before: Sequence[int]) -> list[int]:
    """ROADMs at which a chain is regenerated, in order."""
    stops: list[int] = []
    here = before[-1]
    while here > 0:
        stops.insert(0, here)
        here = before[here]
    return stops
