"""Every joined pair of sites raised to a multiple of what it has: one plan, one order, one list.

Pairs are raised one after the other on the plan that the last one left; what one frees at a site
the next one uses. A pair that cannot be raised stays as it is and says why. One bound for all pairs
that were raised shares pieces at sites and slots on fibres between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.design.account import cost_of, exchanged, gap_of, sealed
from arterial.design.exchange import Question, joint_bound
from arterial.design.raised import Ask, Before, Raised, raised
from arterial.design.stock import Exchanged
from arterial.design.upgrade import warnings
from arterial.design.ways import Way
from arterial.design.works import Step
from arterial.errors import InfeasibleError
from arterial.jobs.progress import Report, silent
from arterial.optics.occupancy import occupancy_of
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan

__all__ = ["AskAll", "Pair", "UpgradeAll", "pairs_of", "upgrade_all"]


class AskAll(Struct, frozen=True, kw_only=True):
    """What is asked of every pair of sites."""

    target_factor: float
    """Times what stands between the two."""
    mode: str = ""
    """The only mode that may be newly lit; empty for any."""
    in_place: bool = False
    """Only exchange waves that stand."""
    regenerators: bool = False
    """Light may be regenerated where it is not yet."""


@dataclass(frozen=True)
class Pair:
    """What became of one pair of sites."""

    ask: Ask
    verdict: Literal["yes", "no", "unknown"]
    before_gbps: float
    after_gbps: float
    ways: tuple[Way, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class UpgradeAll:
    """What the upgrade of all pairs comes to."""

    plan: Plan
    """The plan afterwards; as it was where nothing is done."""
    pairs: tuple[Pair, ...]
    steps: tuple[Step, ...]
    exchanged: tuple[Exchanged, ...]
    cost: float
    """Of all that is bought, and of power over the plan's years; freed pieces bring nothing in."""
    bound: float
    """No upgrade of the pairs that were raised, on these routes, costs less."""
    gap: float
    notes: tuple[str, ...]
    """Steps that no failure may hit."""

    @property
    def verdict(self) -> Literal["yes", "no", "unknown"]:
        """Whether every pair was raised."""
        verdicts = {pair.verdict for pair in self.pairs}
        return "no" if "no" in verdicts else "unknown" if "unknown" in verdicts else "yes"


def pairs_of(plan: Plan) -> Iterator[tuple[str, str, float]]:
    """(a, z, Gb/s): every pair of sites that IP links join, in the order of the links."""
    found: dict[frozenset[str], tuple[str, str, float]] = {}
    for link in plan.ip_links:
        a, z, gbps = found.get(frozenset((link.a, link.z)), (link.a, link.z, 0.0))
        found[frozenset((link.a, link.z))] = (a, z, gbps + link.capacity_gbps)
    yield from found.values()


def upgrade_all(plan: Plan, sections: Sections, ask: AskAll, report: Report = silent) -> UpgradeAll:
    """Raise every pair of sites that IP links of a plan join.

    Raises SolverError when HiGHS stops without an answer.
    """
    here = Before.of(plan, sections)
    done: list[Pair] = []
    steps: list[Step] = []
    questions: list[Question] = []
    wanted = list(pairs_of(plan))
    for turn, (a, z, gbps) in enumerate(wanted):
        report("pairs of sites", turn, len(wanted))
        own = Ask(
            a=a,
            z=z,
            target_gbps=gbps * ask.target_factor,
            mode=ask.mode,
            in_place=ask.in_place,
            regenerators=ask.regenerators,
        )
        found, pair = _one(here, own)
        done.append(pair)
        if found is not None and found.works is not None and found.question is not None:
            here = replace(here, plan=found.plan, stock=found.works.stock)
            steps += found.works.steps
            questions.append(found.question)
    report("restoration", 0, 1)
    return _whole(plan, here, ask, done, _counted(steps), questions)


def _one(here: Before, ask: Ask) -> tuple[Raised | None, Pair]:
    """One pair; a site without room for the work refuses it."""
    stands = _gbps(here.plan, ask)
    try:
        found = raised(here, ask)
    except InfeasibleError as stop:
        return None, Pair(ask, "no", stands, stands, (), (str(stop),))
    after = _gbps(found.plan, ask)
    return found, Pair(ask, found.verdict, stands, after, found.ways, found.notes)


def _whole(
    plan: Plan,
    end: Before,
    ask: AskAll,
    pairs: list[Pair],
    steps: tuple[Step, ...],
    questions: list[Question],
) -> UpgradeAll:
    if not steps:
        return UpgradeAll(plan, tuple(pairs), (), (), 0.0, 0.0, 0.0, ())
    start, occupancy = Before.of(plan, end.sections), occupancy_of(plan)
    rows = exchanged(plan, end.plan, end.stock)
    cost = cost_of(plan, end.plan, rows)
    together = [replace(one, occupancy=occupancy, stock=start.stock) for one in questions]
    bound = min(cost, joint_bound(together))
    note = f"{len(questions)} pairs of sites raised {ask.target_factor:g} times"
    after = sealed(plan, end.plan, end.sections, ask, cost - bound, note)
    gap = gap_of(cost, bound)
    return UpgradeAll(after, tuple(pairs), steps, rows, cost, bound, gap, warnings(steps))


def _counted(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(
        msgspec.structs.replace(step, number=number) for number, step in enumerate(steps, 1)
    )


def _gbps(plan: Plan, ask: Ask) -> float:
    ends = {ask.a, ask.z}
    return sum(row.capacity_gbps for row in plan.ip_links if {row.a, row.z} == ends)
