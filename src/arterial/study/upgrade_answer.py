"""What ``upgrade`` answers: capacity, steps, pieces, sections, and each route mode by mode."""

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from arterial.design.carried import Carried
from arterial.design.stock import Exchanged
from arterial.design.upgrade import Ask, Upgrade
from arterial.design.ways import Way, sites_of_chain
from arterial.design.works import Step
from arterial.plan.plan import Plan

__all__ = ["ModeFigures", "RouteFigures", "SectionFigures", "Upgraded", "answered"]


class ModeFigures(Struct, frozen=True, kw_only=True):
    """One mode on one route, regenerated where it is already; figures are NaN where unknown."""

    mode: str
    rate_gbps: float
    verdict: Literal["yes", "no", "unknown"]
    gsnr_db: float
    """Start of life, 0.1 nm, worst segment and direction."""
    osnr_db: float
    margin_db: float
    """Start of life, before the margins of the network."""
    short_db: float
    """How many dB it misses the network's margins by."""
    dearest_fibre: str
    """The section that adds most noise."""
    dearest_share: float
    why: tuple[str, ...]
    """What fails, or which figure is missing."""
    regenerator_sites: tuple[str, ...]
    """Where it would have to be regenerated to get there; empty where it need not or cannot be."""
    priced: bool
    """A mode without a price is not lit: its bill would be unknown."""


class RouteFigures(Struct, frozen=True, kw_only=True):
    """One fibre route between the two sites."""

    link: str
    """The IP link on it; empty for a route beside those that stand."""
    fibres: tuple[str, ...]
    sites: tuple[str, ...]
    length_km: float
    gbps_before: float
    gbps_after: float
    modes: tuple[ModeFigures, ...]
    frees: tuple[str, ...]
    """What would let more through."""


class SectionFigures(Struct, frozen=True, kw_only=True):
    """One fibre under the two sites' routes; all lightpaths on it count."""

    fibre: str
    gbps_before: float
    gbps_after: float
    pairs_before: int
    pairs_after: int
    fill_before: float
    """Share of the open slots in use on the fullest pair."""
    fill_after: float


class Upgraded(Struct, frozen=True, kw_only=True):
    """An upgrade in figures. ``yes`` when the target is reached, in steps that drop nothing."""

    plan: str
    """The plan that was asked."""
    output: str
    """Where the upgraded plan was written; empty where it was not."""
    plan_hash: str
    """Of the upgraded plan."""
    a: str
    z: str
    mode: str
    """The only mode that might be newly lit; empty for any."""
    verdict: Literal["yes", "no", "unknown"]
    target_gbps: float
    gbps_before: float
    gbps_after: float
    cost: float
    """Of all that is bought, and of power; freed pieces bring nothing in."""
    bound: float
    gap: float
    bound_scope: Literal["paths"]
    """No upgrade over these routes, with such steps, costs less than the bound."""
    watts_per_gbps_before: float
    """Of the waves between the two sites; NaN where a datasheet gives none."""
    watts_per_gbps_after: float
    steps: tuple[Step, ...]
    exchanged: tuple[Exchanged, ...]
    sections: tuple[SectionFigures, ...]
    routes: tuple[RouteFigures, ...]
    notes: tuple[str, ...]


def answered(done: Upgrade, ask: Ask, *, plan: str, output: str, plan_hash: str) -> Upgraded:
    """The answer from what the engine found."""
    before, after = done.base.plan, done.plan
    return Upgraded(
        plan=plan,
        output=output,
        plan_hash=plan_hash,
        a=ask.a,
        z=ask.z,
        mode=ask.mode,
        verdict=done.verdict,
        target_gbps=ask.target_gbps,
        gbps_before=done.base.capacity_gbps,
        gbps_after=sum(
            row.capacity_gbps for row in after.ip_links if {row.a, row.z} == {ask.a, ask.z}
        ),
        cost=done.cost,
        bound=done.bound,
        gap=done.gap,
        bound_scope="paths",
        watts_per_gbps_before=_watts_per_gbps(before, ask),
        watts_per_gbps_after=_watts_per_gbps(after, ask),
        steps=done.steps,
        exchanged=done.exchanged,
        sections=tuple(_sections(before, after, ask)) if done.steps else (),
        routes=tuple(_route(done, ask, way) for way in done.ways),
        notes=done.notes,
    )


def _watts_per_gbps(plan: Plan, ask: Ask) -> float:
    links = {row.name for row in plan.ip_links if {row.a, row.z} == {ask.a, ask.z}}
    waves = [row for row in plan.lightpaths if row.link in links]
    gbps = sum(row.rate_gbps for row in waves)
    return sum(row.watts for row in waves) / gbps if gbps else math.nan


def _sections(before: Plan, after: Plan, ask: Ask) -> Iterator[SectionFigures]:
    """Fibres that carry light between the two sites, before or after, in the network's order."""
    gbps = [_gbps(plan, None) for plan in (before, after)]
    own = [_gbps(plan, ask) for plan in (before, after)]
    lit = [{row.fibre: row for row in plan.lit_fibres} for plan in (before, after)]
    for fibre in after.network.fibres:
        name = fibre.name
        if name not in own[0] and name not in own[1]:
            continue
        rows = [table.get(name) for table in lit]
        yield SectionFigures(
            fibre=name,
            gbps_before=gbps[0].get(name, 0.0),
            gbps_after=gbps[1].get(name, 0.0),
            pairs_before=fibre.lit_pairs if rows[0] is None else rows[0].pairs,
            pairs_after=fibre.lit_pairs if rows[1] is None else rows[1].pairs,
            fill_before=0.0 if rows[0] is None else rows[0].fill,
            fill_after=0.0 if rows[1] is None else rows[1].fill,
        )


def _gbps(plan: Plan, ask: Ask | None) -> dict[str, float]:
    """By fibre: what lightpaths carry over it; with ``ask`` those between its sites alone."""
    ends = {row.name: {row.a, row.z} for row in plan.ip_links}
    rate = {
        row.name: row.rate_gbps
        for row in plan.lightpaths
        if ask is None or ends[row.link] == {ask.a, ask.z}
    }
    found: dict[str, float] = {}
    for hop in plan.lightpath_hops:
        if hop.lightpath in rate:
            found[hop.fibre] = found.get(hop.fibre, 0.0) + rate[hop.lightpath]
    return found


def _route(done: Upgrade, ask: Ask, way: Way) -> RouteFigures:
    ground, network = done.base.ground, done.base.plan.network
    fibres = tuple(network.fibres[arc // 2].name for arc in way.arcs)
    modes = tuple(_mode(done, way, row) for row in way.modes)
    link = "" if way.bundle is None else way.bundle.link.name
    return RouteFigures(
        link=link,
        fibres=fibres,
        sites=tuple(network.sites[site].name for site in ground.graph.sites_of(way.arcs)),
        length_km=sum(ground.length_km[arc] for arc in way.arcs),
        gbps_before=_on_route(done.base.plan, ask, fibres),
        gbps_after=_on_route(done.plan, ask, fibres),
        modes=modes,
        frees=tuple(_frees(way, modes, ask)),
    )


def _on_route(plan: Plan, ask: Ask, fibres: Sequence[str]) -> float:
    """What waves between the two sites carry on just these fibres."""
    ends = {row.name: {row.a, row.z} for row in plan.ip_links}
    ridden: dict[str, set[str]] = {}
    for hop in plan.lightpath_hops:
        ridden.setdefault(hop.lightpath, set()).add(hop.fibre)
    return sum(
        row.rate_gbps
        for row in plan.lightpaths
        if ends[row.link] == {ask.a, ask.z} and ridden[row.name] == set(fibres)
    )


def _mode(done: Upgrade, way: Way, row: Carried) -> ModeFigures:
    network = done.base.plan.network
    chain = way.chains.get(row.mode, ()) if row.verdict == "no" else ()
    return ModeFigures(
        mode=row.mode,
        rate_gbps=row.rate_gbps,
        verdict=row.verdict,
        gsnr_db=row.gsnr_db,
        osnr_db=row.osnr_db,
        margin_db=row.margin_db,
        short_db=row.short_db,
        dearest_fibre=row.dearest_fibre,
        dearest_share=row.dearest_share,
        why=row.why,
        regenerator_sites=tuple(sites_of_chain(done.base, way.arcs, chain)),
        priced=any(mode.name == row.mode and mode.cost is not None for mode in network.modes),
    )


def _frees(way: Way, modes: Sequence[ModeFigures], ask: Ask) -> Iterator[str]:
    """Regenerators that would carry a faster mode, a price, the fastest mode that gets there."""
    stands = (
        max((wave.row.rate_gbps for wave in way.bundle.waves), default=0.0) if way.bundle else 0.0
    )
    for row in modes:
        if ask.mode not in ("", row.mode) or row.rate_gbps <= stands:
            continue
        if row.regenerator_sites and row.priced:
            yield f"regenerators at {', '.join(row.regenerator_sites)} would carry {row.mode}"
        elif row.verdict == "yes" and not row.priced:
            yield f"a price of {row.mode} under costs.pluggables"
    reach = [row for row in modes if row.verdict == "yes" and row.priced]
    best = max(reach, key=lambda row: row.rate_gbps, default=None)
    if best is not None and ask.mode not in ("", best.mode):
        yield f"{best.mode} gets there, with {best.rate_gbps:g} Gb/s a wave"
