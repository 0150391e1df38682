"""Figures that follow from other rows, worked out again: a plan that holds must not boast either.

Reports show them beside the verdict, so one that is wrong contradicts the plan. A figure that is
NaN says nothing; one that nobody can work out, since a length or a datasheet's figure is missing,
contradicts nothing. How full a fibre is stays unchecked: it rests on the grid of the planner.
"""

import math
from collections.abc import Iterator, Sequence

from arterial.plan.plan import Plan
from arterial.units import fibre_delay_ms

__all__ = ["figure_faults"]

_TOLERANCE = 1e-6

_Figure = tuple[str, str, float, float]
"""(where, column, what the plan says, what follows from other rows)."""


def figure_faults(
    plan: Plan, link_ms: Sequence[float], round_trip_ms: Sequence[float]
) -> Iterator[str]:
    """Every derived figure that is not what it says.

    Parameters
    ----------
    link_ms
        By IP link, in the order of the table: one way, planning value.
    round_trip_ms
        By tunnel, in the order of the table: planning value, access included.
    """
    figures = (*_links(plan, link_ms), *_light(plan), *_round_trips(plan, round_trip_ms))
    for where, column, said, found in figures:
        if abs(said - found) > _TOLERANCE * max(1.0, abs(found)):  # never true of NaN
            yield f"{where}: {column} says {said:g} and is {found:g}"


def _links(plan: Plan, link_ms: Sequence[float]) -> Iterator[_Figure]:
    """Length of the longest wave, or as the network says, and what follows from it."""
    fibre_km = {fibre.name: _known(fibre.length_km) for fibre in plan.network.fibres}
    wave_km = dict.fromkeys((wave.name for wave in plan.lightpaths), 0.0)
    for hop in plan.lightpath_hops:
        wave_km[hop.lightpath] += fibre_km[hop.fibre]
    link_km = {link.name: _known(link.length_km) for link in plan.network.links}
    for link in plan.ip_links:
        if link.waves:
            own = [wave_km[wave.name] for wave in plan.lightpaths if wave.link == link.name]
            length_km = _longest(own)
        else:
            length_km = link_km[link.name]
        yield f"link '{link.name}'", "length_km", link.length_km, length_km
        yield f"link '{link.name}'", "floor_ms", link.floor_ms, fibre_delay_ms(length_km)
    for link, found_ms in zip(plan.ip_links, link_ms, strict=True):
        yield f"link '{link.name}'", "latency_ms", link.latency_ms, found_ms


def _light(plan: Plan) -> Iterator[_Figure]:
    modes = {mode.name: mode for mode in plan.network.modes}
    for wave in plan.lightpaths:
        mode, pluggables = modes[wave.mode], 2 * (1 + len(wave.regenerators))
        where = f"lightpath '{wave.name}'"
        yield where, "osnr_db", wave.osnr_db, _known(mode.osnr_db)
        yield where, "watts", wave.watts, _known(mode.watts) * pluggables
    lit_before = {fibre.name: fibre.lit_pairs for fibre in plan.network.fibres}
    for row in plan.lit_fibres:
        fresh = max(0, row.pairs - lit_before[row.fibre])
        yield f"fibre '{row.fibre}'", "new_pairs", row.new_pairs, fresh


def _round_trips(plan: Plan, round_trip_ms: Sequence[float]) -> Iterator[_Figure]:
    """Of each tunnel, and of each market over its tunnels: primaries first, then backups."""
    market = {demand.name: demand.market for demand in plan.demands}
    slowest: dict[tuple[str, bool], float] = {}
    for tunnel, found_ms in zip(plan.tunnels, round_trip_ms, strict=True):
        yield f"tunnel '{tunnel.name}'", "rtt_ms", tunnel.rtt_ms, found_ms
        key = (market[tunnel.demand], bool(tunnel.protects))
        slowest[key] = _longest((slowest.get(key, 0.0), found_ms))
    for row in plan.replicas:
        where = f"market '{row.market}'"
        yield where, "rtt_ms", row.rtt_ms, slowest.get((row.market, False), math.nan)
        found_ms = slowest.get((row.market, True), math.nan)
        yield where, "failover_rtt_ms", row.failover_rtt_ms, found_ms


def _longest(figures: Sequence[float]) -> float:
    """NaN as soon as one is unknown, and when there is none."""
    return math.nan if any(map(math.isnan, figures)) else max(figures, default=math.nan)


def _known(figure: float | None) -> float:
    return math.nan if figure is None else figure
