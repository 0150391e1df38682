"""The figures of one pair of campuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Literal

from arterial.design.growth_grid import Cell, Line, cells_between
from arterial.design.growth_plant import plant_of
from arterial.design.growth_years import asked_in_gbps, growth_to, runs_out_year
from arterial.model.network import Network
from arterial.model.site import Campus
from arterial.paths.graph import Graph, arc_link
from arterial.paths.maxflow import max_flow
from arterial.paths.shortest import distances, shortest_path
from arterial.plan.plan import Plan
from arterial.study.growth_answer import PairGrowth, PlantGrowth, Verdict
from arterial.study.growth_demand import Asked, planned_scale, terabytes_per_hour

__all__ = ["Pace", "Scope", "pair_growth"]

DAY_H = 24.0


@dataclass(frozen=True)
class Pace:
    """How demand grows."""

    growth_per_year: float
    from_year: int
    horizon: int

    @property
    def years(self) -> int:
        """To the horizon."""
        return self.horizon - self.from_year


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What every pair has in common."""

    network: Network
    plan: Plan | None
    asked: Asked
    lines: tuple[Line, ...]
    """C before C+L."""
    with_candidates: bool
    pace: Pace


def pair_growth(scope: Scope, a: Campus, z: Campus) -> PairGrowth:
    """Every figure of two campuses at different sites."""
    index = {site.name: number for number, site in enumerate(scope.network.sites)}
    ends = index[a.site], index[z.site]
    beside = scope.plan is not None or bool(scope.network.waves)
    cells = cells_between(scope.lines, ends, beside=beside, with_candidates=scope.with_candidates)
    asked = scope.asked.gbps(a.site, z.site)
    planned = asked * planned_scale(a, z)
    plants = tuple(_plant(scope, cell, asked, planned) for cell in cells)
    verdict, why = _verdict(scope, ends, plants, asked)
    today, by = _today(scope, ends, plants)
    return PairGrowth(
        a=a.name,
        z=z.name,
        verdict=verdict,
        why=why,
        length_km=_length_km(scope, ends),
        routes=max(cell.routes for cell in cells),
        asked_gbps=asked,
        training_gbps=scope.asked.training_gbps(a.site, z.site),
        planned_asked_gbps=planned,
        today_gbps=today,
        today_by=by,
        plants=plants,
    )


def _plant(scope: Scope, cell: Cell, asked: float, planned: float) -> PlantGrowth:
    found, pace = cell.carried, scope.pace
    gbps = found.filled.gbps
    paths, network = found.paths_bound_gbps, found.network_bound_gbps

    def out(demand: float, capacity: float) -> int | None:
        return runs_out_year(demand, capacity, pace.growth_per_year, pace.from_year)

    return PlantGrowth(
        bands=cell.variant.bands,
        pairs=cell.variant.pairs,
        beside=cell.variant.beside,
        regenerators=cell.variant.regenerators,
        carried_gbps=gbps,
        waves=found.filled.waves,
        terabytes_per_hour=terabytes_per_hour(gbps),
        terabytes_per_day=DAY_H * terabytes_per_hour(gbps),
        bound_gbps=paths,
        gap=(paths - gbps) / paths if paths > 0.0 else 0.0,
        network_bound_gbps=network,
        network_gap=(network - gbps) / network if network > 0.0 else 0.0,
        cut=tuple(scope.network.fibres[m].name for m in found.cut),
        runs_out=out(asked, gbps),
        runs_out_at_most=out(asked, network),
        growth_to_horizon=growth_to(asked, gbps, pace.years),
        planned_runs_out=out(planned, gbps),
        planned_growth_to_horizon=growth_to(planned, gbps, pace.years),
    )


def _verdict(
    scope: Scope, ends: tuple[int, int], plants: Sequence[PlantGrowth], asked: float
) -> tuple[Verdict, str]:
    """Whether some plant keeps pace to the horizon, and what leaves that open."""
    dark = _dark(scope, ends)
    if dark is None:
        return "no", "no fibre joins them"
    if dark:
        return "unknown", "; ".join(dark)
    if isnan(asked):
        return "unknown", "no load says what is asked"
    then = asked_in_gbps(asked, scope.pace.growth_per_year, scope.pace.years)
    needed = max(asked, then)  # demand that falls is largest now
    if any(plant.carried_gbps >= needed and plant.carried_gbps > 0.0 for plant in plants):
        return "yes", ""
    most = max(plant.network_bound_gbps for plant in plants)
    if most < needed or most <= 0.0:
        when = scope.pace.horizon if then >= asked else scope.pace.from_year
        return "no", f"{needed:,.0f} Gb/s in {when}; no light carries more than {most:,.0f}"
    return "unknown", f"{needed:,.0f} Gb/s lie between what is carried and the network's bound"


def _dark(scope: Scope, ends: tuple[int, int]) -> tuple[str, ...] | None:
    """Why the fibres of the least dark way are unknown; empty where light gets there, else None."""
    line = scope.lines[0]
    sections = line.light.sections
    plant = plant_of(
        line.light.network,
        sections,
        line.standing,
        "all",
        with_candidates=scope.with_candidates,
    )
    weight = [
        (0.0 if sections.known[arc_link(arc)] else 1.0) if plant.free[arc_link(arc)] else inf
        for arc in range(len(line.light.weight))
    ]
    way = shortest_path(line.light.graph, weight, *ends)
    if way is None:
        return None
    return tuple(
        f"light of fibre '{scope.network.fibres[m].name}' is unknown: {sections.why[m]}"
        for m in map(arc_link, way)
        if not sections.known[m]
    )


def _length_km(scope: Scope, ends: tuple[int, int]) -> float:
    light = scope.lines[0].light
    km = distances(light.graph, light.weight, ends[0])[ends[1]]
    return km if isfinite(km) else nan


def _today(
    scope: Scope, ends: tuple[int, int], plants: Sequence[PlantGrowth]
) -> tuple[float, Literal["ip-links", "lit fibre"]]:
    links = scope.plan.ip_links if scope.plan is not None else scope.network.standing_links
    if scope.plan is None and not links:
        lit = [plant for plant in plants if (plant.bands, plant.pairs) == ("C", "lit")]
        return max(plant.carried_gbps for plant in lit), "lit fibre"
    index = {site.name: number for number, site in enumerate(scope.network.sites)}
    graph = Graph.of(
        len(index), [index[link.a] for link in links], [index[link.z] for link in links]
    )
    room = [link.capacity_gbps for link in links]
    return max_flow(graph, room, *ends).value, "ip-links"
