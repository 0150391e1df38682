"""Upgrades in the ground: more capacity between two sites of a plan, over what lies there.

Waves of the links between them are exchanged for faster ones in their place, waves are added on the
same fibres and on routes beside them, in an order that drops no traffic. What physics forbids is
told mode by mode and route by route.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from arterial.design.account import cost_of, exchanged, gap_of, sealed
from arterial.design.raised import Ask, Before, Raised, raised
from arterial.design.standing import Standing
from arterial.design.stock import Exchanged
from arterial.design.ways import Way
from arterial.design.works import Step
from arterial.jobs.progress import Report, silent
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan

__all__ = ["Ask", "Upgrade", "upgrade", "warnings"]


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade comes to."""

    verdict: Literal["yes", "no", "unknown"]
    base: Standing
    ways: tuple[Way, ...]
    plan: Plan
    """The plan afterwards; as it was where nothing is done."""
    steps: tuple[Step, ...]
    exchanged: tuple[Exchanged, ...]
    cost: float
    """Of all that is bought, and of power over the plan's years; freed pieces bring nothing in."""
    bound: float
    """No upgrade on these routes costs less."""
    gap: float
    notes: tuple[str, ...]
    """Why choices were taken back, why no other is left, and steps that no failure may hit."""


def upgrade(plan: Plan, sections: Sections, ask: Ask, report: Report = silent) -> Upgrade:
    """Raise the capacity between two sites that IP links of a plan join.

    Raises
    ------
    InfeasibleError
        A site has too few ports, slots or watts for what is chosen.
    SolverError
        HiGHS stopped without an answer.
    """
    found = raised(Before.of(plan, sections), ask, report)
    if found.works is None:
        return Upgrade(
            found.verdict, found.base, found.ways, plan, (), (), 0.0, 0.0, 0.0, found.notes
        )
    report("restoration", 0, 1)
    return _done(plan, sections, ask, found)


def warnings(steps: Iterable[Step]) -> tuple[str, ...]:
    """Steps during which one failure would take more than the policy allows."""
    return tuple(
        f"step {step.number}: if {step.failed_case} failed meanwhile,"
        f" {step.failed_load_gbps:g} Gb/s would want {step.link}, which then takes"
        f" {step.failed_usable_gbps:g}"
        for step in steps
        if not step.holds_failed
    )


def _done(plan: Plan, sections: Sections, ask: Ask, found: Raised) -> Upgrade:
    assert found.works is not None, "work was done"
    base, steps = found.base, tuple(found.works.steps)
    rows = exchanged(plan, found.plan, found.works.stock)
    cost = cost_of(plan, found.plan, rows)
    bound = min(found.bound, cost)
    note = (
        f"{ask.a} to {ask.z} raised from {base.capacity_gbps:g} to {ask.target_gbps:g} Gb/s"
        f" over {len(found.ways)} routes"
    )
    after = sealed(plan, found.plan, sections, ask, cost - bound, note)
    notes = (*found.notes, *warnings(steps))
    return Upgrade(
        "yes", base, found.ways, after, steps, rows, cost, bound, gap_of(cost, bound), notes
    )
