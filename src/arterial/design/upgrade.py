"""Upgrades in the ground: more capacity between two sites of a plan, over what lies there.

Waves of the links between them are exchanged for faster ones in their place, waves are added on the
same fibres and on routes beside them, in an order that drops no traffic. What physics forbids is
told mode by mode and route by route.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
from msgspec import Struct

from arterial import __version__
from arterial.design.exchange import Choice, Question, choose
from arterial.design.order import NoOrderError, worked
from arterial.design.renewed import renewed
from arterial.design.standing import Standing, standing
from arterial.design.stock import Exchanged
from arterial.design.ways import Terms, Way, actions_of, ways_of
from arterial.design.works import Step, Works
from arterial.jobs.progress import Report, silent
from arterial.optics.occupancy import occupancy_of
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem
from arterial.plan.store import plan_hash

__all__ = ["Ask", "Upgrade", "upgrade"]

TRIES = 200
"""Choices made again after one for which no room or order was found."""

_SMALL = 1e-9


class Ask(Struct, frozen=True, kw_only=True):
    """What is asked of an upgrade."""

    a: str
    z: str
    target_gbps: float
    mode: str = ""
    """The only mode that may be newly lit; empty for any."""
    in_place: bool = False
    """Only exchange waves that stand."""
    regenerators: bool = False
    """Light may be regenerated where it is not yet."""


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
    """Why choices were taken back, and why no other is left."""


def upgrade(plan: Plan, sections: Sections, ask: Ask, report: Report = silent) -> Upgrade:
    """Raise the capacity between two sites that IP links of a plan join.

    Raises
    ------
    InfeasibleError
        A site has too few ports, slots or watts for what is chosen.
    SolverError
        HiGHS stopped without an answer.
    """
    base = standing(plan, ask.a, ask.z)
    more_gbps = ask.target_gbps - base.capacity_gbps
    report("routes and modes", 0, 1)
    terms = Terms(mode=ask.mode, in_place=ask.in_place, regenerators=ask.regenerators)
    ways = ways_of(base, sections, terms)
    if more_gbps <= _SMALL:
        return _as_it_is(base, ways, "yes", ("the links carry that already: nothing to do",))
    question = Question(
        base, ways, actions_of(base, ways, terms, more_gbps), occupancy_of(plan), more_gbps
    )
    notes: list[str] = []
    bound: float | None = None
    for turn in range(TRIES):
        report("choice", turn, turn + 1)
        choice = choose(question) if question.actions else None
        if choice is None:
            break
        bound = choice.bound if bound is None else bound
        try:
            works = worked(base, ways, question.actions, choice.counts)
        except NoOrderError as stop:
            notes.append(stop.why)
            question = _less(question, choice, stop.action)
            continue
        return _done(base, ways, works, ask, bound, notes)
    return _as_it_is(base, ways, _refused(ways, ask), tuple(dict.fromkeys(notes)))


def _less(question: Question, choice: Choice, number: int) -> Question:
    """The same question with fewer of an action than were chosen."""
    actions = list(question.actions)
    actions[number] = replace(actions[number], most=max(0, choice.counts[number] - 1))
    return replace(question, actions=actions)


def _as_it_is(
    base: Standing,
    ways: tuple[Way, ...],
    verdict: Literal["yes", "no", "unknown"],
    notes: tuple[str, ...],
) -> Upgrade:
    return Upgrade(verdict, base, ways, base.plan, (), (), 0.0, 0.0, 0.0, notes)


def _refused(ways: Sequence[Way], ask: Ask) -> Literal["no", "unknown"]:
    """Unknown only where figures are missing of every mode that was asked for."""
    verdicts = {row.verdict for way in ways for row in way.modes if ask.mode in ("", row.mode)}
    return "unknown" if verdicts == {"unknown"} else "no"


def _done(
    base: Standing,
    ways: tuple[Way, ...],
    works: Works,
    ask: Ask,
    bound: float,
    notes: Sequence[str],
) -> Upgrade:
    plan = renewed(base, works)
    exchanged = (*works.stock.rows(), *_pairs(base, works), *_chassis(base, plan))
    cost = sum(row.cost for row in exchanged) + _power(plan.bill) - _power(base.plan.bill)
    bound = min(bound, cost)
    saved = cost - bound
    gap = saved / plan.cost if plan.cost else 0.0
    known = msgspec.json.encode((plan_hash(base.plan), ask, __version__))
    plan = msgspec.structs.replace(
        plan,
        input_hash=hashlib.sha256(known).hexdigest(),
        bound=plan.cost - saved,
        gap=gap,
        bound_scope="restricted",
        bound_note=(
            f"all else kept as it stood: {ask.a} to {ask.z} raised from"
            f" {base.capacity_gbps:g} to {ask.target_gbps:g} Gb/s over {len(ways)} routes"
        ),
        status="gap" if saved <= _SMALL else "rounds",
    )
    return Upgrade(
        "yes",
        base,
        ways,
        plan,
        tuple(works.steps),
        exchanged,
        cost,
        bound,
        saved / abs(cost) if saved > _SMALL else 0.0,
        tuple(dict.fromkeys(notes)),
    )


def _pairs(base: Standing, works: Works) -> list[Exchanged]:
    """Pairs lit for the upgrade."""
    before, after = occupancy_of(base.plan), works.seats.occupancy
    rows: list[Exchanged] = []
    for number, fibre in enumerate(base.plan.network.fibres):
        bought = after.pairs(number) - before.pairs(number)
        if bought:
            rows.append(
                Exchanged(
                    item="fibre pair",
                    where=fibre.name,
                    kind=fibre.status,
                    before=before.pairs(number),
                    bought=bought,
                    freed=0,
                    reused=0,
                    after=after.pairs(number),
                    cost=float(base.ground.pair_cost[number]) * bought,
                )
            )
    return rows


def _chassis(base: Standing, plan: Plan) -> list[Exchanged]:
    """Chassis that more ports ask for."""
    before = {row.where: row.quantity for row in base.plan.bill if row.item == "chassis"}
    rows: list[Exchanged] = []
    for row in plan.bill:
        had = int(before.get(row.where, 0.0)) if row.item == "chassis" else 0
        if row.item == "chassis" and row.quantity > had:
            bought = int(row.quantity) - had
            rows.append(
                Exchanged(
                    item="chassis",
                    where=row.where,
                    kind="",
                    before=had,
                    bought=bought,
                    freed=0,
                    reused=0,
                    after=int(row.quantity),
                    cost=bought * row.unit_cost,
                )
            )
    return rows


def _power(bill: Sequence[BillItem]) -> float:
    return sum(row.cost for row in bill if row.item == "power")
