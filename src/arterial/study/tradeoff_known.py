"""Every plan that a trade-off has made, and the cheapest that answers each of its questions.

A plan answers all that asks less: fewer people near, slower training, laxer policies, other prices.
So the cheapest known for a point may be one that was designed for another, and a search that missed
something is helped by the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from msgspec import structs

from arterial.design.priced import CostGroup, repriced
from arterial.design.relaxed import Variant
from arterial.study.tradeoff_grid import Cell, Grid
from arterial.study.tradeoff_runs import Made

__all__ = ["SAME", "Changed", "Plan", "Pool", "Priced"]

SAME = 1e-9
"""Relative: figures that differ by less are equal, however they were added up."""


@dataclass(frozen=True)
class Priced:
    """A policy and the folder of the design that differs by it."""

    folder: str
    variant: Variant


@dataclass(frozen=True)
class Changed:
    """One group of prices multiplied."""

    group: CostGroup
    factor: float

    @property
    def folder(self) -> str:
        """Of its design."""
        return f"costs-{self.group.replace(' ', '-')}-{100 * self.factor:g}"


@dataclass(frozen=True)
class Plan:
    """A plan at the prices described, and the pace of training that it carries."""

    made: Made
    pace: float
    """1 where nothing is trained together."""


@dataclass(frozen=True)
class Pool:
    """Plans that hold the policies described."""

    plans: tuple[Plan, ...]
    own: Made
    """Of the base's own design."""
    base: Cell

    @staticmethod
    def of(
        grid: Grid,
        priced: Sequence[Priced],
        changes: Sequence[Changed],
        done: Mapping[str, Made],
    ) -> "Pool":
        """All that were made: of the grid, of stricter policies and of other prices."""
        plans = (
            *(Plan(done[cell.name], _pace(cell)) for cell in grid.cells if cell.name in done),
            *(Plan(done[one.folder], 1.0) for one in priced if one.variant.stricter),
            *(Plan(_at_old_prices(done[one.folder], one), 1.0) for one in changes),
        )
        kept = tuple(plan for plan in plans if not plan.made.refused)
        return Pool(kept, done[grid.base.name], grid.base)

    def known(self, cell: Cell, own: Made) -> Plan:
        """The cheapest that gives what a cell asks for; its own where none is cheaper."""
        best = Plan(own, _pace(cell))
        for plan in self.plans:
            if _serves(plan, cell) and not plan.made.cost >= best.made.cost * (1.0 - SAME):
                best = plan
        return best

    @property
    def old(self) -> Made:
        """The cheapest for the base, at the prices described."""
        return self.known(self.base, self.own).made

    @property
    def full(self) -> tuple[Made, ...]:
        """Plans that carry all that the load asks."""
        return tuple(plan.made for plan in self.plans if plan.pace >= 1.0)

    def cheapest(self, one: Changed) -> Made:
        """The cheapest at other prices."""
        return min(self.full, key=lambda plan: repriced(plan.spent, one.group, one.factor))

    def notes(self) -> Iterator[str]:
        """Where the search of the base missed a plan."""
        old = self.old
        if old.name != self.own.name:
            yield (
                f"{old.name}, designed for something else, costs {old.cost:.1f} here; the base's "
                f"own design costs {self.own.cost:.1f}: policies and prices start from the cheaper"
            )


def _pace(cell: Cell) -> float:
    return 1.0 if isnan(cell.pace) else cell.pace


def _serves(plan: Plan, cell: Cell) -> bool:
    near = cell.cover is None or plan.made.people >= cell.cover.share * (1.0 - SAME)
    return near and plan.pace >= _pace(cell)


def _at_old_prices(made: Made, one: Changed) -> Made:
    """The plan and its bound before prices changed.

    Any plan costs at most ``factor`` times as much at dearer prices and no more at cheaper ones, so
    the least cost was at least the new bound over the factor, or the new bound.
    """
    if made.refused:
        return made
    spent = {
        group: cost / (one.factor if group == one.group else 1.0)
        for group, cost in made.spent.items()
    }
    cost, bound = sum(spent.values()), made.bound / max(1.0, one.factor)
    gap = (cost - bound) / cost if cost else 0.0
    return structs.replace(made, spent=spent, cost=cost, bound=bound, gap=gap)
