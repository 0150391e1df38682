"""A plan of every phase, each on top of the one before, in a folder of its own.

A plan that stands in its folder and was made from the same input is taken as it is: a run that was
stopped goes on from the last phase that it wrote.
"""

from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from arterial.design import engine
from arterial.design.ahead import Ahead
from arterial.design.phase_network import discount, phase_network, with_edges
from arterial.errors import ArterialError
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.study.stopwatch import Stopwatch

__all__ = ["PhasePlan", "Terms", "added_cost", "chained", "known_plan", "plan_place"]


class PhasePlan(Struct, frozen=True, kw_only=True):
    """The plan of a phase, in figures."""

    phase: str
    year: int
    plan: str
    plan_hash: str
    cost: float
    """Of all that stands then, at the prices of its year."""
    gap: float
    added: float
    """What is bought on top of the plan before, at the prices of its year."""
    added_discounted: float
    waves: int
    new_waves: int
    edges: int


class Terms(Protocol):
    """What a chain needs to know of a question."""

    @property
    def plan_gap(self) -> float:
        """Where each design stops."""
        ...

    @property
    def plan_rounds(self) -> int:
        """Of search, at most."""
        ...

    @property
    def seed(self) -> int:
        """Of every random draw."""
        ...


def chained(
    network: Network,
    folder: Path,
    terms: Terms,
    watch: Stopwatch,
    *,
    aheads: Sequence[Ahead] = (),
    most: float = inf,
) -> tuple[PhasePlan, ...]:
    """Design phase by phase and write each plan.

    Parameters
    ----------
    aheads
        By phase: what its design leans on. Without, each phase is built for itself.
    most
        The chain is given up after the phase by which it adds as much, discounted; fewer plans than
        phases tell.

    Raises
    ------
    InfeasibleError
        A phase finds no plan on top of what stands.
    """
    rows: list[PhasePlan] = []
    before: Plan | None = None
    edges: set[str] = set()
    for number, phase in enumerate(network.phases):
        here = with_edges(phase_network(network, number), edges)
        ask = engine.Ask(
            load=phase.load,
            gap=terms.plan_gap,
            rounds=terms.plan_rounds,
            seed=terms.seed,
            ahead=aheads[number] if aheads else None,
        )
        place = plan_place(folder, phase.name)
        plan = known_plan(place, engine.input_hash(here, ask, before))
        if plan is None:
            plan = engine.design(here, ask, before=before, report=watch)
            write_plan(plan, place, watch.facts())
        edges |= _edges(plan)
        rows.append(_row(network, number, place, plan, before))
        if sum(row.added_discounted for row in rows) >= most:
            break
        before = plan
    return tuple(rows)


def _row(network: Network, number: int, place: Path, plan: Plan, before: Plan | None) -> PhasePlan:
    phase, added = network.phases[number], added_cost(plan, before)
    return PhasePlan(
        phase=phase.name,
        year=phase.year,
        plan=str(place),
        plan_hash=plan_hash(plan),
        cost=plan.cost,
        gap=plan.gap,
        added=added,
        added_discounted=added * discount(network, number),
        waves=len(plan.lightpaths),
        new_waves=len(plan.lightpaths) - (len(before.lightpaths) if before else 0),
        edges=len(_edges(plan)),
    )


def _edges(plan: Plan) -> set[str]:
    return {site for row in plan.replicas for site in (row.edge, row.failover)}


def plan_place(folder: Path, phase: str) -> Path:
    """Where the plan of a phase stands."""
    return folder / phase.replace("/", "-")


def known_plan(place: Path, input_hash: str) -> Plan | None:
    """The plan that stands there, if it answers the same question."""
    if not place.exists():
        return None
    try:
        plan = read_plan(place)
    except (ArterialError, OSError):
        return None
    return plan if plan.input_hash == input_hash else None


def added_cost(plan: Plan, before: Plan | None) -> float:
    """What a plan's bill has beyond an earlier one's, line by line, at its own prices.

    Of an edge, years that are paid already are not paid again; what is freed brings nothing in.
    """
    had: dict[tuple[str, str, str], float] = {}
    for row in () if before is None else before.bill:
        key = row.item, row.where, "" if row.item.startswith("edge") else row.kind
        had[key] = had.get(key, 0.0) + row.quantity
    total = 0.0
    for row in plan.bill:
        key = row.item, row.where, "" if row.item.startswith("edge") else row.kind
        total += max(0.0, row.quantity - had.pop(key, 0.0)) * row.unit_cost
    return total
