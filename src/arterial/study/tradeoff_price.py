"""What policies cost and what prices do, from designs that differ in one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from arterial.design.pareto import difference
from arterial.design.priced import CostGroup, repriced
from arterial.design.relaxed import Variant
from arterial.study.tradeoff_answer import PolicyPrice, Sensitivity
from arterial.study.tradeoff_runs import Made

__all__ = ["Changed", "Priced", "prices_of", "sensitivities_of"]


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


def prices_of(
    base: Made, priced: Sequence[Priced], done: Mapping[str, Made]
) -> tuple[PolicyPrice, ...]:
    """Each policy's, in the order given."""
    return tuple(_price(base, one, done[one.folder]) for one in priced)


def _price(base: Made, one: Priced, other: Made) -> PolicyPrice:
    strict, loose = (other, base) if one.variant.stricter else (base, other)
    cost, least, most = difference((strict.cost, strict.bound), (loose.cost, loose.bound))
    notes = [note for note in (one.variant.note, other.refused) if note]
    return PolicyPrice(
        policy=one.variant.name,
        with_cost=strict.cost,
        without_cost=loose.cost,
        cost=cost,
        at_least=least,
        at_most=most,
        note="; ".join(notes),
        plan="" if other.refused else one.folder,
    )


def sensitivities_of(
    base: Made, changes: Sequence[Changed], done: Mapping[str, Made]
) -> tuple[Sensitivity, ...]:
    """Each change of prices, in the order given; none where there is no plan to start from."""
    if base.refused:
        return ()
    return tuple(_sensitivity(base, one, done[one.folder]) for one in changes)


def _sensitivity(base: Made, one: Changed, other: Made) -> Sensitivity:
    kept = repriced(base.spent, one.group, one.factor)
    best = kept if other.refused else min(kept, other.cost)
    regret = nan if other.refused else kept - best
    return Sensitivity(
        group=one.group,
        factor=one.factor,
        kept_cost=kept,
        cost=best,
        bound=other.bound,
        regret=regret,
        regret_at_most=max(regret, kept - other.bound),
        edges_opened=tuple(sorted({*other.edges} - {*base.edges})),
        edges_closed=() if other.refused else tuple(sorted({*base.edges} - {*other.edges})),
        links_changed=0 if other.refused else len({*base.ip_links} ^ {*other.ip_links}),
        waves=0 if other.refused else other.waves - base.waves,
        new_pairs=0 if other.refused else other.new_pairs - base.new_pairs,
        refused=other.refused,
        plan="" if other.refused else one.folder,
    )
