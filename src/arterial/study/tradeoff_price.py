"""What policies cost and what prices do, from designs that differ in one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

from msgspec import structs

from arterial.design.pareto import difference
from arterial.design.priced import CostGroup, repriced
from arterial.design.relaxed import Variant
from arterial.study.tradeoff_answer import PolicyPrice, Sensitivity
from arterial.study.tradeoff_runs import Made

__all__ = ["Changed", "Pool", "Priced", "prices_of", "sensitivities_of"]


SAME = 1e-9
"""Relative: costs that differ by less are equal, however they were added up."""


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
class Pool:
    """Plans that all answer what was described, whatever prices they were designed for.

    A search may find under other prices what it missed under its own: the cheapest of all is the
    plan that is known.
    """

    base: Made
    plans: tuple[Made, ...]
    """At the prices described; empty where the base has no plan."""

    @staticmethod
    def of(base: Made, changes: Sequence[Changed], done: Mapping[str, Made]) -> "Pool":
        """The base's plan and those of other prices."""
        if base.refused:
            return Pool(base, ())
        others = (_at_old_prices(done[one.folder], one) for one in changes)
        return Pool(base, (base, *(one for one in others if not one.refused)))

    @property
    def old(self) -> Made:
        """The cheapest at the prices described."""
        return min(self.plans, key=lambda one: one.cost, default=self.base)

    def cheapest(self, one: Changed) -> Made:
        """The cheapest at other prices."""
        return min(self.plans, key=lambda plan: repriced(plan.spent, one.group, one.factor))

    def notes(self) -> tuple[str, ...]:
        """Where the search of the base missed a plan."""
        if self.old.cost >= self.base.cost * (1.0 - SAME):
            return ()
        told = (
            f"{self.old.name}, designed for other prices, costs {self.old.cost:.1f} at these, the "
            f"base {self.base.cost:.1f}: policies and prices are told from the cheaper"
        )
        return (told,)


def _at_old_prices(made: Made, one: Changed) -> Made:
    if made.refused:
        return made
    spent = {
        group: cost / (one.factor if group == one.group else 1.0)
        for group, cost in made.spent.items()
    }
    return structs.replace(made, spent=spent, cost=sum(spent.values()))


def prices_of(
    known: Pool, priced: Sequence[Priced], done: Mapping[str, Made]
) -> tuple[PolicyPrice, ...]:
    """Each policy's, in the order given."""
    return tuple(_price(known, one, done[one.folder]) for one in priced)


def _price(known: Pool, one: Priced, other: Made) -> PolicyPrice:
    """A plan that holds a policy stands without it, so nothing without one costs more."""
    base = structs.replace(known.base, cost=known.old.cost)
    strict, loose = (other, base) if one.variant.stricter else (base, other)
    without = min(loose.cost, strict.cost)
    cost, least, most = difference((strict.cost, strict.bound), (without, loose.bound))
    notes = [note for note in (one.variant.note, other.refused) if note]
    return PolicyPrice(
        policy=one.variant.name,
        with_cost=strict.cost,
        without_cost=without,
        cost=cost,
        at_least=nan if isnan(least) else _least(cost, least),
        at_most=nan if isnan(most) else max(cost, most),
        note="; ".join(notes),
        plan="" if other.refused else one.folder,
    )


def _least(cost: float, least: float) -> float:
    """Never below 0, for no policy saves money; never above what was found."""
    least = max(0.0, least)
    return least if isnan(cost) else min(cost, least)


def sensitivities_of(
    known: Pool, changes: Sequence[Changed], done: Mapping[str, Made]
) -> tuple[Sensitivity, ...]:
    """Each change of prices, in the order given; none where there is no plan to start from."""
    if not known.plans:
        return ()
    return tuple(_sensitivity(known, one, done[one.folder]) for one in changes)


def _sensitivity(known: Pool, one: Changed, other: Made) -> Sensitivity:
    old, new = known.old, known.cheapest(one)
    kept = repriced(old.spent, one.group, one.factor)
    cost = repriced(new.spent, one.group, one.factor)
    new = old if cost >= kept * (1.0 - SAME) else new
    cost = kept if new is old else cost
    return Sensitivity(
        group=one.group,
        factor=one.factor,
        kept_cost=kept,
        cost=cost,
        bound=other.bound,
        regret=kept - cost,
        regret_at_most=max(kept - cost, kept - other.bound),
        edges_opened=tuple(sorted({*new.edges} - {*old.edges})),
        edges_closed=tuple(sorted({*old.edges} - {*new.edges})),
        links_changed=len({*old.ip_links} ^ {*new.ip_links}),
        waves=new.waves - old.waves,
        new_pairs=new.new_pairs - old.new_pairs,
        refused=other.refused,
        plan="" if other.refused else one.folder,
    )
