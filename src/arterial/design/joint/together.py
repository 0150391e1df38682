"""From a design whose placement came first to one of placement and network together."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from arterial.design.candidates import Express
from arterial.design.choose import Chooser
from arterial.design.draw import drawn
from arterial.design.joint.bound import bound
from arterial.design.joint.offered import offered
from arterial.design.joint.search import joined
from arterial.design.joint.stand import Stand, Stands
from arterial.design.joint.wide import carried_over, wide_instance
from arterial.design.opening import Opening
from arterial.design.run import Run
from arterial.design.search import Found, priced
from arterial.errors import InfeasibleError, SolverError
from arterial.plan.plan import Plan

__all__ = ["Together", "heard_by_nobody", "together"]

BOUND_ROUNDS = 4
"""Rounds of the bound, at most: 20 s each on a continent, and later ones bring little."""
NOTE = "on the candidate lightpaths, for edges, replicas and network together"


@dataclass(frozen=True, kw_only=True)
class Together:
    """What designing together came to beside placement first and capacity after."""

    apart_cost: float
    """Of the plan whose placement came first."""
    apart_bound: float
    """No network of that placement costs less, edges included."""
    cost: float
    bound: float
    """No placement with its network costs less, on the candidate lightpaths."""
    rounds: int
    """That found something cheaper."""

    @property
    def saving(self) -> float:
        """Share of the cost apart."""
        return (self.apart_cost - self.cost) / self.apart_cost if self.apart_cost else 0.0


def heard_by_nobody(told: Together) -> None:
    """Nobody asks what it came to."""


def together(
    start: Opening,
    found: Found,
    plan: Plan,
    *,
    load: str,
    rounds: int,
    search_rounds: int,
    seed: int,
    express: Express,
    run: Run,
    heard: Callable[[Together], None] = heard_by_nobody,
) -> Plan:
    """The cheaper of a plan and the best that changes its placement too, with a bound for both.

    Parameters
    ----------
    start, found, plan
        A design whose placement came first, its bound in the plan.
    heard
        Told what it came to.
    """
    if run.late and not run.memory.names():
        run.memory.cut_at("round 1")
        return plan
    instance = wide_instance(start, express)
    choices = offered(instance.ground.network, load)
    stands = Stands(Chooser(instance), choices, load, run.deadline)
    stand = _carried(stands, start, found)
    best, used = plan, 0
    if choices.offers:
        for step in joined(stands, stand, rounds=rounds, search_rounds=search_rounds, run=run):
            run.report("edges and network together", step.round, rounds)
            trial = plan if step.round == 0 else _drawn(start, stands, step.stand)
            if trial is not None and trial.cost < best.cost:
                best, used, stand = trial, step.round, step.stand
    if run.late and not used:
        run.memory.cut_at("bound")
        return plan  # its bound is for its placement, and needs no other
    floor = run.step("bound", float, lambda: _floor(stands, stand, plan.bound, seed, run))
    floor = min(floor, best.cost)
    heard(
        Together(
            apart_cost=plan.cost,
            apart_bound=plan.bound,
            cost=best.cost,
            bound=floor,
            rounds=used,
        )
    )
    return msgspec.structs.replace(
        best,
        load=plan.load,
        seed=plan.seed,
        input_hash=plan.input_hash,
        versions=plan.versions,
        bound=floor,
        gap=(best.cost - floor) / best.cost if best.cost else 0.0,
        bound_note=f"{NOTE}; placement first came to {plan.cost:.6g}",
        status=plan.status,
    )


def _floor(stands: Stands, stand: Stand, apart: float, seed: int, run: Run) -> float:
    """What no placement costs less than; without markets there is one, which ``apart`` is for."""
    floor = apart
    if not stands.choices.offers:
        return floor
    steps = bound(
        stands.chooser.instance,
        stands.choices,
        stands.traffic,
        stand.pairs,
        rounds=BOUND_ROUNDS,
        seed=seed,
        deadline=run.deadline,
    )
    for one in steps:
        run.report("bound for all placements", one.round, BOUND_ROUNDS + 1)
        floor = one.bound
    return floor


def _carried(stands: Stands, start: Opening, found: Found) -> Stand:
    """The design that stands, on the candidates for any placement."""
    instance, choices = stands.chooser.instance, stands.choices
    pairs = choices.pairs(start.sited.replicas)
    flows = stands.traffic.flows(choices.replicas(pairs))
    over = carried_over(found.placements, start.instance, instance)
    return stands.of(pairs, priced(instance, flows, over))


def _drawn(start: Opening, stands: Stands, stand: Stand) -> Plan | None:
    """The plan of a placement; None where a site is too full, or routers cannot be settled."""
    replicas = stands.choices.replicas(stand.pairs)
    opening = Opening(
        chooser=stands.chooser,
        sections=start.sections,
        flows=stand.flows,
        sited=stands.choices.placement(stand.pairs),
        demands=stands.traffic.demands(replicas),
        first=stand.found,
        serving=stands.choices.serving,
    )
    try:
        return drawn(opening, stand.found)
    except (InfeasibleError, SolverError):
        return None
