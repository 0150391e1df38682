"""The plan as arrays, for the sweep: links, waves, demands, tunnels; names only at the rim.

Built from the plan's rows after ``integrity`` let them pass. What is whole but wrong (a wave that
leads elsewhere, a capacity that its waves do not add up to, a delay that its fibres do not have) is
kept as a list of faults.
"""

import math
from dataclasses import dataclass

import numpy as np

from arterial.model.fibre import Link
from arterial.plan.plan import Plan
from arterial.prove.figures import figure_faults
from arterial.prove.integrity import check_integrity
from arterial.prove.tunnels import Demands, Tunnels, compile_demands, compile_tunnels
from arterial.prove.units import ready_gbps, unit_faults
from arterial.prove.waves import Waves, compile_waves
from arterial.solve.program import BoolArray, FloatArray, IntArray
from arterial.units import fibre_delay_ms

__all__ = ["Tables", "compile_tables"]

_TOLERANCE = 1e-6


@dataclass(frozen=True, kw_only=True)
class Tables:
    """A plan compiled: N sites, L links (E = 2 L directed), V waves, K demands, P tunnels."""

    plan: Plan
    sites: tuple[str, ...]
    links: tuple[str, ...]
    link_end: IntArray
    """int (L, 2): sites a and z."""
    link_gbps: FloatArray
    """float (L,): each direction, as the plan says; never more than a ready-made link has."""
    link_ms: FloatArray
    """float (L,): one way, planning value, from fibre lengths; NaN when one is missing."""
    ready_made: BoolArray
    """bool (L,): stood already or is bought in units; no waves under it."""
    waves: Waves
    demands: Demands
    tunnels: Tunnels
    faults: tuple[str, ...]
    """Rows that contradict each other."""


def compile_tables(plan: Plan) -> Tables:
    """Compile a plan.

    Raises
    ------
    DamagedError
        When a row names what is not there, or holds what is no number.
    """
    check_integrity(plan)
    site = {row.name: number for number, row in enumerate(plan.network.sites)}
    waves = compile_waves(plan)
    link_ms = _link_ms(plan, waves)
    tunnels = compile_tunnels(plan, site, link_ms)
    ends = [(site[link.a], site[link.z]) for link in plan.ip_links]
    given = ready_gbps(plan)
    gbps = [
        min(link.capacity_gbps, given[link.name]) if link.waves == 0 else link.capacity_gbps
        for link in plan.ip_links
    ]
    return Tables(
        plan=plan,
        sites=tuple(site),
        links=tuple(link.name for link in plan.ip_links),
        link_end=np.array(ends, dtype=np.int64).reshape(-1, 2),
        link_gbps=np.array(gbps, dtype=np.float64),
        link_ms=link_ms,
        ready_made=np.array([link.waves == 0 for link in plan.ip_links], dtype=np.bool_),
        waves=waves,
        demands=compile_demands(plan, site),
        tunnels=tunnels,
        faults=(
            *waves.faults,
            *tunnels.faults,
            *_link_faults(plan, given),
            *unit_faults(plan),
            *_rate_faults(plan),
            *_dearest_faults(plan),
            *figure_faults(plan, link_ms.tolist(), tunnels.round_trip_ms.tolist()),
        ),
    )


def _link_ms(plan: Plan, waves: Waves) -> FloatArray:
    """The slowest wave of each link, or what a ready-made link says."""
    given = {link.name: _given_ms(plan, link) for link in plan.network.links}
    delay_ms = np.array(
        [given[link.name] if link.waves == 0 else 0.0 for link in plan.ip_links], dtype=np.float64
    )
    with np.errstate(invalid="ignore"):
        np.maximum.at(delay_ms, waves.link, waves.delay_ms)  # NaN wins, as it should
    return delay_ms


def _given_ms(plan: Plan, link: Link) -> float:
    floor_ms = (link.floor_rtt_ms or 0.0) / 2.0
    if link.latency_ms is not None:
        return max(link.latency_ms, floor_ms)
    if link.length_km is None:
        return math.nan
    return max(plan.network.latency.route_factor * fibre_delay_ms(link.length_km), floor_ms)


def _link_faults(plan: Plan, given: dict[str, float]) -> list[str]:
    rate: dict[str, float] = {}
    count: dict[str, int] = {}
    for wave in plan.lightpaths:
        rate[wave.link] = rate.get(wave.link, 0.0) + wave.rate_gbps
        count[wave.link] = count.get(wave.link, 0) + 1
    faults: list[str] = []
    for link in plan.ip_links:
        real = given[link.name] if link.waves == 0 else rate.get(link.name, 0.0)
        if abs(link.capacity_gbps - real) > _TOLERANCE * max(1.0, real):
            faults.append(f"link '{link.name}' says {link.capacity_gbps:g} Gb/s and has {real:g}")
        if count.get(link.name, 0) != link.waves:
            faults.append(
                f"link '{link.name}' says {link.waves} waves and has {count.get(link.name, 0)}"
            )
    return faults


def _rate_faults(plan: Plan) -> list[str]:
    """Primaries' rates add up to the demand."""
    rate = dict.fromkeys((demand.name for demand in plan.demands), 0.0)
    for tunnel in plan.tunnels:
        if not tunnel.protects:
            rate[tunnel.demand] += tunnel.rate_gbps
    return [
        f"demand '{demand.name}' asks {demand.gbps:g} Gb/s; its tunnels have {rate[demand.name]:g}"
        for demand in plan.demands
        if abs(rate[demand.name] - demand.gbps) > _TOLERANCE * max(1.0, demand.gbps)
    ]


def _dearest_faults(plan: Plan) -> list[str]:
    """A fibre that costs a wave most is one that it rides."""
    ridden = {(hop.lightpath, hop.fibre) for hop in plan.lightpath_hops}
    return [
        f"lightpath '{wave.name}' does not ride '{wave.dearest_fibre}', its dearest fibre"
        for wave in plan.lightpaths
        if wave.dearest_fibre and (wave.name, wave.dearest_fibre) not in ridden
    ]
