"""What ``shapes`` tells of each shape: survival, criticality, delay, hops, cost and watts."""

import math

import numpy as np
from msgspec import Struct

from arterial.design.shape_cuts import Cannot
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Item, Tunnel
from arterial.plan.verdict import Proof, Verdict
from arterial.prove.answered import DoubleCuts, double_cuts
from arterial.prove.criticality import Loss, Spread, any_delay, criticality, spread_of
from arterial.prove.gates import overall
from arterial.prove.survival import Survived, survived, survived_all
from arterial.prove.tables import compile_tables
from arterial.units import fibre_delay_ms, great_circle_km

__all__ = [
    "SESSION_CALLS",
    "CostParts",
    "Delays",
    "HeldTwoCuts",
    "ShapeFigures",
    "figures_of",
    "no_figures",
]

SESSION_CALLS = 30
"""Calls of an agent that wait for each other (ASSUMPTION)."""

_PARTS: dict[str, tuple[Item, ...]] = {
    "light": ("pluggable", "regenerator", "spare regenerator"),
    "routers": ("router port", "chassis"),
    "fibre": ("fibre setup", "fibre pair", "amplifier hut", "roadm degree", "line terminal"),
    "edges": ("edge site", "edge build", "gpu", "gpu power"),
    "power": ("power",),
}


class CostParts(Struct, frozen=True, kw_only=True):
    """The bill in five sums; one 400G long-haul pluggable is 1."""

    light: float
    """Pluggables and regenerators."""
    routers: float
    """Ports and chassis."""
    fibre: float
    """Pairs, amplifiers, ROADM degrees, line terminals."""
    edges: float
    power: float


class Delays(Struct, frozen=True, kw_only=True):
    """Round trips of people to whoever answers them, and ways of all traffic, without failure."""

    rtt_ms: float
    """Mean over people, planning value, access included."""
    rtt_ms_worst: float
    """Of the market with the longest."""
    within_5_ms: float
    """Share of people."""
    within_10_ms: float
    within_20_ms: float
    session_ms: float
    """What an agent waits for the network in ``SESSION_CALLS`` calls, one after the other."""
    router_hops: float
    """Mean IP links on the way, by rate; traffic that rides none is left out."""
    stretch: float
    """Mean delay of such traffic over that of light along the great circle."""


class HeldTwoCuts(Struct, frozen=True, kw_only=True):
    """A shape under the rules on two cuts."""

    verdict: Verdict
    """Of the plan as installed: refuted beats unknown beats proved over the classes."""
    worst_case: str
    """Of the first class that is not kept; empty where all are."""
    cannot: Cannot | None
    """What its links cannot keep, however many waves they get; null where links are free."""


class ShapeFigures(Struct, frozen=True, kw_only=True):
    """One shape; NaN where there is no plan or nobody knows."""

    shape: str
    plan: str
    """Its folder; empty where there is no plan."""
    verdict: Verdict
    """Of its proof against the whole policy."""
    designed_for: str
    """What of the policy it was designed for."""
    refused: tuple[str, ...]
    """What stood in the way of more."""
    gates: int
    gates_failed: int
    """Not proved."""
    sites: int
    """Where links end."""
    ip_links: int
    waves: int
    fibre_km: float
    """Of routes with a wave on them."""
    cost: float
    bound: float
    gap: float
    cost_parts: CostParts
    watts: float
    """Of pluggables whose datasheets say what they draw."""
    watts_unknown: int
    """Waves whose datasheets do not."""
    delays: Delays
    offered_gbps: float
    people: float
    survived: float
    """Share of single failures after which every class keeps what the policy asks."""
    survived_late: float
    """The same with no round trip asked of anybody."""
    double_cuts: DoubleCuts
    two_cuts: HeldTwoCuts | None
    """Whether it holds to the rules on two cuts; null where the policy has none."""
    sites_lost: Spread
    fibres_lost: Spread
    kinds: tuple[Survived, ...]
    losses: tuple[Loss, ...]
    """Worst first."""


def figures_of(
    name: str,
    folder: str,
    plan: Plan,
    proof: Proof,
    designed: tuple[str, tuple[str, ...]],
    cannot: Cannot | None = None,
) -> ShapeFigures:
    """Every figure of a plan and its proof.

    Parameters
    ----------
    designed
        What of the policy it was designed for, and what stood in the way of more.
    cannot
        What its links cannot keep after two cuts; None where links are free, or nobody asks.
    """
    tables = compile_tables(plan)
    losses = criticality(tables)
    offered = float(tables.demands.gbps.sum())
    watts = [wave.watts for wave in plan.lightpaths if not math.isnan(wave.watts)]
    lit = {hop.fibre for hop in plan.lightpath_hops}
    order = sorted(losses, key=lambda loss: (-loss.lost_gbps, -loss.people_lost, loss.element))
    return ShapeFigures(
        shape=name,
        plan=folder,
        verdict=proof.verdict,
        designed_for=designed[0],
        refused=designed[1],
        gates=len(proof.gates),
        gates_failed=sum(gate.verdict != "proved" for gate in proof.gates),
        sites=len({end for link in plan.ip_links for end in (link.a, link.z)}),
        ip_links=len(plan.ip_links),
        waves=sum(link.waves for link in plan.ip_links),
        fibre_km=math.fsum(f.length_km or math.nan for f in plan.network.fibres if f.name in lit),
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        cost_parts=_parts(plan),
        watts=math.fsum(watts) if watts else math.nan,
        watts_unknown=len(plan.lightpaths) - len(watts),
        delays=_delays(plan),
        offered_gbps=offered,
        people=math.fsum(market.people for market in plan.network.markets),
        survived=survived_all(tables),
        survived_late=survived_all(any_delay(tables)),
        double_cuts=double_cuts(plan),
        two_cuts=_two_cuts(proof, cannot),
        sites_lost=spread_of([loss for loss in losses if loss.kind == "site"], offered),
        fibres_lost=spread_of([loss for loss in losses if loss.kind == "fibre"], offered),
        kinds=survived(tables),
        losses=tuple(order),
    )


def no_figures(name: str, refused: tuple[str, ...]) -> ShapeFigures:
    """A shape of which there is no plan."""
    unknown = math.nan
    nothing = Spread(
        elements=0, critical=0, top="", top_gbps=unknown, top_people=unknown, top_share=unknown,
        gini=unknown,
    )  # fmt: skip
    return ShapeFigures(
        shape=name,
        plan="",
        verdict="unknown",
        designed_for="",
        refused=refused,
        gates=0,
        gates_failed=0,
        sites=0,
        ip_links=0,
        waves=0,
        fibre_km=unknown,
        cost=unknown,
        bound=unknown,
        gap=unknown,
        cost_parts=CostParts(**dict.fromkeys(CostParts.__struct_fields__, unknown)),
        watts=unknown,
        watts_unknown=0,
        delays=Delays(**dict.fromkeys(Delays.__struct_fields__, unknown)),
        offered_gbps=unknown,
        people=unknown,
        survived=unknown,
        survived_late=unknown,
        double_cuts=DoubleCuts(
            cases=0,
            no_way=0,
            answered_all=unknown,
            answered_mean=unknown,
            answered_worst=unknown,
            worst_case="",
        ),
        two_cuts=None,
        sites_lost=nothing,
        fibres_lost=nothing,
        kinds=(),
        losses=(),
    )


def _two_cuts(proof: Proof, cannot: Cannot | None) -> HeldTwoCuts | None:
    gates = [gate for gate in proof.gates if gate.name.endswith("after fibre2")]
    runs = [gate for gate in gates if gate.policy == "backup"]
    if not runs:
        return None
    verdict = overall(gate.verdict for gate in runs)
    fell = [gate.worst_case for gate in runs if gate.verdict == verdict != "proved"]
    return HeldTwoCuts(verdict=verdict, worst_case=fell[0] if fell else "", cannot=cannot)


def _parts(plan: Plan) -> CostParts:
    sums = {
        part: math.fsum(item.cost for item in plan.bill if item.item in items)
        for part, items in _PARTS.items()
    }
    assert math.isclose(math.fsum(sums.values()), plan.cost, rel_tol=1e-6, abs_tol=1e-6)
    return CostParts(**sums)


def _delays(plan: Plan) -> Delays:
    people = {market.name: market.people for market in plan.network.markets}
    rtt = np.array([row.rtt_ms for row in plan.replicas])
    weight = np.array([people[row.market] for row in plan.replicas])
    hops, stretch = _ways(plan)
    if not len(rtt):
        unknown = math.nan
        return Delays(
            rtt_ms=unknown, rtt_ms_worst=unknown, within_5_ms=unknown, within_10_ms=unknown,
            within_20_ms=unknown, session_ms=unknown, router_hops=hops, stretch=stretch,
        )  # fmt: skip
    mean = float(weight @ rtt / weight.sum())

    def within(bound_ms: float) -> float:
        return float(weight[rtt <= bound_ms].sum() / weight.sum())

    return Delays(
        rtt_ms=mean,
        rtt_ms_worst=float(rtt.max()),
        within_5_ms=within(5.0),
        within_10_ms=within(10.0),
        within_20_ms=within(20.0),
        session_ms=SESSION_CALLS * mean,
        router_hops=hops,
        stretch=stretch,
    )


def _ways(plan: Plan) -> tuple[float, float]:
    """Mean links and stretch over primaries that ride links, by rate."""
    links: dict[str, int] = {}
    for hop in plan.tunnel_hops:
        links[hop.tunnel] = links.get(hop.tunnel, 0) + 1
    demands = {demand.name: demand for demand in plan.demands}
    riding = [row for row in plan.tunnels if not row.protects and row.name in links]
    rate = np.array([row.rate_gbps for row in riding])
    if not rate.sum():
        return math.nan, math.nan
    hops = float(rate @ np.array([links[row.name] for row in riding]) / rate.sum())
    places = {site.name: (site.lat, site.lon) for site in plan.network.sites}
    both = [_delay_and_floor(row, demands[row.demand], places) for row in riding]
    ratio = np.array([delay / floor for delay, floor in both])
    return hops, float(rate @ ratio / rate.sum())


def _delay_and_floor(
    row: Tunnel, demand: Demand, places: dict[str, tuple[float | None, float | None]]
) -> tuple[float, float]:
    """One-way delay in the backbone, and light along the great circle; NaN where unknown."""
    ends = (*places[row.source], *places[row.target])
    known = [value for value in ends if value is not None]
    floor = fibre_delay_ms(great_circle_km(*known)) if len(known) == len(ends) else math.nan
    return row.rtt_ms / 2.0 - demand.access_ms, floor or math.nan
