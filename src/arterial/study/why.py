"""``why``: the failure and demand that make an element necessary, and what is lost without it."""

import math
from pathlib import Path

from msgspec import Struct

from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, stored_hash
from arterial.plan.verdict import Verdict
from arterial.prove.barrier import Barrier
from arterial.prove.loss import Loss
from arterial.prove.lost import GateTurned, Word
from arterial.prove.ridden import CaseLoad, Rider
from arterial.prove.why import Reason, reason
from arterial.report.price import PricePart, price_without
from arterial.study.stopwatch import Stopwatch

__all__ = ["Explained", "TwoCuts", "why"]


class TwoCuts(Struct, frozen=True, kw_only=True):
    """What was asked of double cuts."""

    classes: tuple[str, ...]
    """That the policy promises something after two cuts."""
    cases: int
    """Every two fibres in use."""
    states: int
    """Apart for these classes and those served before them: cases in one take the same waves."""
    excused: int
    """Cases after which somebody is owed nothing, for no network could serve them in time."""
    missed: int
    """Cases in which a demand misses a promise without the element that it has with it."""
    alone: bool
    """Two cuts alone need it: every gate that says something else without it is one of theirs."""


class Explained(Struct, frozen=True, kw_only=True):
    """Why an element of a plan is there."""

    plan: str
    plan_hash: str
    load: str
    element: str
    kind: str
    """``link``, ``wave``, ``fibre``, ``pair`` or ``edge``."""
    word: Word
    """``needed``: a gate is refuted without it; ``spare``: none says anything else."""
    reroute: Verdict
    """Whether some routing keeps every promise without it; ``unknown`` where nobody could say."""
    without: tuple[str, ...]
    """What was done without, as ``prove --without`` takes it: of an IP link the wave that is missed
    least, else the element."""
    links: tuple[str, ...]
    waves: tuple[str, ...]
    """On the element."""
    two_cuts: TwoCuts | None
    """Null where no rule of the policy speaks of two cuts: single failures alone are asked then."""
    cases: tuple[CaseLoad, ...]
    """Single failures, and the double cuts that need it most, the binding case first."""
    riders: tuple[Rider, ...]
    """Without failure, in the binding case and in the second one."""
    gates: tuple[GateTurned, ...]
    losses: tuple[Loss, ...]
    barrier: Barrier | None
    """What refutes every routing; null where a re-routing does, or where that is unknown."""
    price: tuple[PricePart, ...]
    cost: float
    """Of ``without``: the sum of ``price``."""
    cost_share: float
    """Of the plan's cost; NaN where that is 0."""
    seconds: float


def why(folder: Path, name: str, *, report: Report = silent) -> Explained:
    """Explain an IP link, a wave, a fibre, a pair of one or an edge site.

    Raises
    ------
    DamagedError
        The plan is missing, cut or changed, or breaks its own promises.
    ModelError
        The plan holds nothing of this name, or nothing of it rides there.
    """
    watch = Stopwatch(report)
    watch("reading the plan", 0, 1)
    plan = read_plan(folder)
    found = reason(plan, name, report=watch)
    price = price_without(plan, *_gone(plan, found))
    cost = math.fsum(part.cost for part in price)
    return Explained(
        plan=str(folder),
        plan_hash=stored_hash(folder),
        load=plan.load,
        element=_called(found),
        kind=found.element[0],
        word=found.lost.word,
        reroute=found.lost.reroute,
        without=found.out,
        links=found.links,
        waves=found.waves,
        two_cuts=_two_cuts(found),
        cases=found.cases,
        riders=found.riders,
        gates=found.lost.turned,
        losses=found.lost.losses,
        barrier=found.lost.barrier,
        price=price,
        cost=cost,
        cost_share=cost / plan.cost if plan.cost else math.nan,
        seconds=round(watch.elapsed_s, 3),
    )


def _two_cuts(found: Reason) -> TwoCuts | None:
    pairs = found.pairs
    if pairs is None:
        return None
    turned = found.lost.turned
    return TwoCuts(
        classes=tuple(promise.traffic_class.name for promise in pairs.promises),
        cases=len(pairs),
        states=len(pairs.example),
        excused=sum(bool(pairs.excused(case)) for case in range(len(pairs))),
        missed=found.lost.two_cuts,
        alone=bool(turned) and all(row.gate.endswith("after fibre2") for row in turned),
    )


def _called(found: Reason) -> str:
    kind, name, number = found.element
    return f"{name}#{number}" if kind == "pair" else name


def _gone(plan: Plan, found: Reason) -> tuple[set[str], set[str]]:
    """Waves and edges that go with what was done without."""
    kind, name, _ = found.element
    if kind == "edge":
        return set(), {name}
    if kind != "link":
        return set(found.waves), set()
    waves = {wave.name for wave in plan.lightpaths}
    return {one.removeprefix("wave ") for one in found.out} & waves, set()
