"""One pair of sites raised to a target: choices made until one finds an order of work.

The plan before and the stock of pieces are given, so that pairs can be raised one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from msgspec import Struct

from arterial.design.exchange import Choice, Question, choose
from arterial.design.meanwhile import Meanwhile
from arterial.design.order import NoOrderError, worked
from arterial.design.renewed import renewed
from arterial.design.standing import Standing, standing
from arterial.design.stock import Stock
from arterial.design.ways import Terms, Way, actions_of, ways_of
from arterial.design.works import Works
from arterial.jobs.progress import Report, silent
from arterial.optics.occupancy import occupancy_of
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan

__all__ = ["Ask", "Before", "Raised", "raised"]

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
class Before:
    """Where an upgrade starts from."""

    plan: Plan
    sections: Sections
    stock: Stock
    meanwhile: Meanwhile

    @classmethod
    def of(cls, plan: Plan, sections: Sections) -> "Before":
        """A plan on which no work was done yet."""
        return cls(plan, sections, Stock(plan), Meanwhile(plan))


@dataclass(frozen=True)
class Raised:
    """A pair of sites after the work, or as it was where nothing is done."""

    verdict: Literal["yes", "no", "unknown"]
    base: Standing
    ways: tuple[Way, ...]
    plan: Plan
    """Restored light left out where anything was done."""
    works: Works | None
    """None where nothing is done."""
    question: Question | None
    """As it was first asked."""
    bound: float
    notes: tuple[str, ...]
    """Why choices were taken back, and why no other is left."""


def raised(before: Before, ask: Ask, report: Report = silent) -> Raised:
    """Raise one pair of sites.

    Raises
    ------
    InfeasibleError
        A site has too few ports, slots or watts for what is chosen.
    SolverError
        HiGHS stopped without an answer.
    """
    base = standing(before.plan, ask.a, ask.z)
    more_gbps = ask.target_gbps - base.capacity_gbps
    report("routes and modes", 0, 1)
    terms = Terms(mode=ask.mode, in_place=ask.in_place, regenerators=ask.regenerators)
    ways = ways_of(base, before.sections, terms)
    if more_gbps <= _SMALL:
        why = ("the links carry that already: nothing to do",)
        return Raised("yes", base, ways, before.plan, None, None, 0.0, why)
    actions = actions_of(base, ways, terms, more_gbps)
    occupancy = occupancy_of(before.plan)
    question = Question(base, ways, actions, occupancy, before.stock, more_gbps)
    works, bound, notes = _tried(before, question, report)
    if works is None:
        verdict = _refused(ways, ask)
        return Raised(verdict, base, ways, before.plan, None, question, 0.0, notes)
    plan = renewed(base, works, before.sections)
    return Raised("yes", base, ways, plan, works, question, bound, notes)


def _tried(
    before: Before, question: Question, report: Report
) -> tuple[Works | None, float, tuple[str, ...]]:
    """Works, the bound of the first choice, and why choices were taken back."""
    notes: list[str] = []
    bound: float | None = None
    for turn in range(TRIES):
        report("choice", turn, turn + 1)
        choice = choose(question)
        if choice is None:
            break
        bound = choice.bound if bound is None else bound
        works = Works(question.base, question.ways, before.stock, before.meanwhile)
        try:
            worked(works, question.actions, choice.counts)
        except NoOrderError as stop:
            notes.append(stop.why)
            question = _less(question, choice, stop.action)
            continue
        return works, bound, tuple(dict.fromkeys(notes))
    return None, 0.0, tuple(dict.fromkeys(notes))


def _less(question: Question, choice: Choice, number: int) -> Question:
    """The same question with fewer of an action than were chosen."""
    actions = list(question.actions)
    actions[number] = replace(actions[number], most=max(0, choice.counts[number] - 1))
    return replace(question, actions=actions)


def _refused(ways: Sequence[Way], ask: Ask) -> Literal["no", "unknown"]:
    """Unknown only where figures are missing of every mode that was asked for."""
    verdicts = {row.verdict for way in ways for row in way.modes if ask.mode in ("", row.mode)}
    return "unknown" if verdicts == {"unknown"} else "no"
