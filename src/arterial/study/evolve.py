"""``evolve``: phases to a plan each, and three ways to build for all of them side by side.

Plans are real ones, each on top of the one before, in a folder of its own; the three ways are
compared as capacity on common candidates, where one bound holds for all.
"""

from collections.abc import Iterator, Sequence
from math import nan
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.design.horizon import Horizon, horizon_of, loads_asked
from arterial.design.horizon_hose import Hosed, hosed
from arterial.design.horizon_last import RunOut, run_out
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import Solve, Way, rolling, whole, yearly
from arterial.design.orders import order_month, orders_of
from arterial.design.outlook import Outlook, outlook
from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.plan.store import read_plan
from arterial.report.evolution_chart import Built, Curve, evolution_svg
from arterial.study.chain import PhasePlan, plan_place
from arterial.study.chain_point import with_chain
from arterial.study.chains import Chain, Chains, Plans, chains_of
from arterial.study.evolve_hose import HoseProof, hose_rows
from arterial.study.stopwatch import Stopwatch

__all__ = ["Demand", "Evolved", "Lasts", "OrderRow", "Plans", "Question", "WayRow", "evolve"]

Demand = Literal["matrix", "hose", "robust"]
ANSWER = "evolution.json"

_SCOPE = {
    "matrix": "each phase's matrix",
    "robust": "each phase's matrix and those of its further loads, one at a time",
    "hose": "each phase's hose; the point carries the matrices that were found in it",
}


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of an evolution."""

    demand: Demand = "matrix"
    gap: float = 0.01
    """Of each capacity problem."""
    rounds: int = 60
    draws: int = 3
    """Of forecasts, for building with a rolling horizon."""
    hose_rounds: int = 6
    plan_gap: float = 0.08
    plan_rounds: int = 6
    plans: Plans = "whole"
    """Plans of every phase: built ahead where that is cheaper over all phases, year by year, or
    none."""
    leads: int = 6
    """Chains of plans that build ahead, at most: each takes as long as that year by year."""
    seed: int = 0


class WayRow(Struct, frozen=True, kw_only=True):
    """What one way of building costs."""

    way: str
    cost: float
    """Discounted to the first phase, edges in it; inf where it ends without a way."""
    over_bound: float
    """(cost - bound) / cost."""
    by_phase: tuple[float, ...]


class OrderRow(Struct, frozen=True, kw_only=True):
    """What the whole horizon's way orders for one place."""

    phase: str
    item: str
    where: str
    kind: str
    quantity: int
    cost: float
    lead_months: float
    order_by: str
    in_service: str


class Lasts(Struct, frozen=True, kw_only=True):
    """How long what stands after a phase lasts."""

    way: str
    phase: str
    year: int
    runs_out: int | None
    """First year in which it no longer carries what is asked; None to the end."""
    proved: bool


class Evolved(Struct, frozen=True, kw_only=True):
    """An evolution in figures."""

    network: str
    folder: str
    demand: Demand
    phases: tuple[str, ...]
    years: tuple[int, ...]
    bound: float
    """No way on ``bound_scope`` costs less, discounted, edges in it."""
    bound_scope: str
    edge_cost: float
    """Part of the bound and of every way: edges are chosen first."""
    ways: tuple[WayRow, ...]
    orders: tuple[OrderRow, ...]
    lasts: tuple[Lasts, ...]
    matrices: int
    """Added to the loads' own."""
    matrices_closed: bool
    """The last search found no further matrix; True where none was asked for."""
    hose: tuple[HoseProof, ...]
    """What the whole horizon's way carries whatever matrix of the hose comes."""
    chains: tuple[Chain, ...]
    """Of plans: year by year first, then those that build ahead."""
    plans: tuple[PhasePlan, ...]
    """Of the chain that is kept, the cheapest."""
    plans_cost: float
    """What they add, discounted."""
    plans_over_bound: float
    """(plans_cost - bound) / plans_cost; NaN where their light is no candidate of the problem, or
    their replicas are others: the bound is none for them then."""
    picture: str
    seed: int


def evolve(
    network_folder: Path,
    folder: Path,
    question: Question,
    *,
    picture: Path | None = None,
    report: Report = silent,
) -> Evolved:
    """Plan for all phases of a network and write a plan of each.

    Raises
    ------
    ModelError
        The description is wrong or has no phases.
    InfeasibleError
        Some phase cannot be built, whatever stands before it.
    """
    watch = Stopwatch(report)
    watch("reading the network", 0, 1)
    network = load_network(network_folder)
    _check(network, network_folder)
    solve = solver(gap=question.gap, rounds=question.rounds, seed=question.seed)
    seen = outlook(network, robust=question.demand == "robust", report=watch)
    asked = _asked(seen, solve, question, watch)
    horizon = horizon_of(seen, asked.asked)
    ways = _ways(horizon, solve, question, watch)
    plans, bounded = Chains(tried=(), plans=()), False
    if question.plans != "none":
        plans = chains_of(horizon, ways, folder, question, watch)
        ways, bounded = _with_plans(horizon, ways, plans)
    answer = _answer(folder, question, horizon, asked, ways, plans)
    if bounded:
        over = max(0.0, (answer.plans_cost - answer.bound) / answer.plans_cost)
        answer = msgspec.structs.replace(answer, plans_over_bound=over)
    lasts = tuple(_lasts(horizon, ways[:2], solve, watch))
    proofs = hose_rows(horizon, ways[0], watch) if question.demand == "hose" else ()
    drawn = "" if picture is None else str(picture)
    answer = msgspec.structs.replace(answer, lasts=lasts, hose=proofs, picture=drawn)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / ANSWER, msgspec.json.format(msgspec.json.encode(answer)) + b"\n")
    if picture is not None:
        write_atomically(picture, _picture(answer, horizon, ways[0]).encode())
    return answer


def _check(network: Network, folder: Path) -> None:
    if not network.phases:
        expected = "Add phases: each has a name, a year and a load"
        place = str(folder / NETWORK_FILE)
        found = "there is no phase"
        raise ModelError([Problem(file=place, field="phases", found=found, expected=expected)])


def _asked(seen: Outlook, solve: Solve, question: Question, report: Report) -> Hosed:
    if question.demand == "hose":
        return hosed(seen, solve, rounds=question.hose_rounds, seed=question.seed, report=report)
    return Hosed(loads_asked(seen), 0, 0, closed=True)


def _ways(horizon: Horizon, solve: Solve, question: Question, report: Report) -> tuple[Way, ...]:
    """The whole horizon first, then year by year, then the draws."""
    total = 2 + question.draws
    report("ways", 0, total)
    others = [yearly(horizon, solve)]
    for draw in range(question.draws):
        report("ways", 1 + draw, total)
        others.append(rolling(horizon, solve, draw, question.seed))
    report("ways", total - 1, total)
    return (whole(horizon, solve, tuple(others)), *others)


def _with_plans(
    horizon: Horizon, ways: tuple[Way, ...], plans: Chains
) -> tuple[tuple[Way, ...], bool]:
    """Ways no dearer than chains of plans built alike; whether the bound is one for those kept."""
    whole_way, yearly_way, *others = ways
    first = plans.tried[0]
    if not first.ended:
        phases = horizon.outlook.network.phases
        alike = [read_plan(plan_place(Path(first.folder), phase.name)) for phase in phases]
        yearly_way, _ = with_chain(horizon, yearly_way, alike)
        whole_way, _ = with_chain(horizon, whole_way, alike)
    kept = [read_plan(Path(row.plan)) for row in plans.plans]
    whole_way, bounded = with_chain(horizon, whole_way, kept)
    return (whole_way, yearly_way, *others), bounded


def _answer(
    folder: Path,
    question: Question,
    horizon: Horizon,
    asked: Hosed,
    ways: Sequence[Way],
    plans: Chains,
) -> Evolved:
    network = horizon.outlook.network
    edges = horizon.edge_cost
    bound = ways[0].bound + edges
    return Evolved(
        network=network.name,
        folder=str(folder),
        demand=question.demand,
        phases=tuple(phase.name for phase in network.phases),
        years=tuple(phase.year for phase in network.phases),
        bound=bound,
        bound_scope=_scope(network, question),
        edge_cost=edges,
        ways=tuple(_way(horizon, way, bound) for way in ways),
        orders=_orders(network, horizon, ways[0]),
        lasts=(),
        matrices=asked.matrices,
        matrices_closed=asked.closed,
        hose=(),
        chains=plans.tried,
        plans=plans.plans,
        plans_cost=sum(row.added_discounted for row in plans.plans),
        plans_over_bound=nan,
        picture="",
        seed=question.seed,
    )


def _scope(network: Network, question: Question) -> str:
    paid = any(link.gbps_year for link in network.links)
    left_out = "; what links ask for each Gb/s is left out, of the ways too" if paid else ""
    return f"candidate links, replicas chosen first; {_SCOPE[question.demand]}{left_out}"


def _way(horizon: Horizon, way: Way, bound: float) -> WayRow:
    edges = [stage.edge_cost for stage in horizon.outlook.stages]
    spent = [float(one) for one in horizon.spent(way.columns)] if len(way.columns) else []
    cost = way.cost + sum(edges)
    return WayRow(
        way=way.name,
        cost=cost,
        over_bound=max(0.0, (cost - bound) / cost) if cost and spent else float(not spent),
        by_phase=tuple(one + edge for one, edge in zip(spent, edges, strict=False)),
    )


def _orders(network: Network, horizon: Horizon, way: Way) -> tuple[OrderRow, ...]:
    rows = [
        (order.stage, order.item, order.where, order.kind, order.quantity, order.cost,
         order.lead_months)
        for order in orders_of(horizon, way.columns)
    ]  # fmt: skip
    for number, stage in enumerate(horizon.outlook.stages):
        if stage.built:
            each = stage.built_cost / len(stage.built)
            lead = network.lead_times.site
            rows += [(number, "edge", name, "candidate", 1, each, lead) for name in stage.built]
    return tuple(
        OrderRow(
            phase=network.phases[stage].name,
            item=item,
            where=where,
            kind=kind,
            quantity=quantity,
            cost=cost,
            lead_months=lead,
            order_by=order_month(network.phases[stage].year, lead),
            in_service=order_month(network.phases[stage].year, 0.0),
        )
        for stage, item, where, kind, quantity, cost, lead in sorted(rows)
    )


def _lasts(horizon: Horizon, ways: Sequence[Way], solve: Solve, report: Report) -> list[Lasts]:
    found: list[Lasts] = []
    for number, way in enumerate(way for way in ways if len(way.columns)):
        for stage, here in enumerate(horizon.outlook.stages):
            report("how long it lasts", number, len(ways))
            out: RunOut = run_out(horizon, way.columns, stage, solve)
            found.append(
                Lasts(
                    way=way.name,
                    phase=here.phase.name,
                    year=here.phase.year,
                    runs_out=out.year,
                    proved=out.proved,
                )
            )
    return found


def _picture(answer: Evolved, horizon: Horizon, way: Way) -> str:
    network, instance = horizon.outlook.network, horizon.outlook.instance
    added = horizon.added_gbps(way.columns)
    built: dict[str, list[float]] = {}
    for link, route in enumerate(instance.routes):
        if added[:, link].any():
            name = f"{network.sites[route.a].name}--{network.sites[route.z].name}"
            row = built.setdefault(name, [0.0] * len(added))
            built[name] = [a + float(b) for a, b in zip(row, added[:, link], strict=True)]
    return evolution_svg(
        title=f"{network.title or network.name}: {answer.years[0]} to {answer.years[-1]}",
        phases=tuple(
            f"{name} {year}" for name, year in zip(answer.phases, answer.years, strict=True)
        ),
        years=answer.years,
        curves=(*_way_curves(answer), *_chain_curves(answer)),
        bound=answer.bound,
        built=tuple(Built(name=name, gbps=tuple(row)) for name, row in built.items()),
    )


def _way_curves(answer: Evolved) -> Iterator[Curve]:
    for row in answer.ways:
        if row.by_phase:
            yield Curve(name=row.way.partition(", draw")[0], spent=row.by_phase)


def _chain_curves(answer: Evolved) -> Iterator[Curve]:
    """Year by year, and what is kept where that is another."""
    for number, row in enumerate(answer.chains):
        if not row.ended and (row.kept or not number):
            yield Curve(
                name="plans that build ahead" if number else "plans, year by year",
                spent=row.by_phase,
            )
