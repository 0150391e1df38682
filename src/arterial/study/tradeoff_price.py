"""What policies cost and what prices do, from designs that differ in one thing."""

from collections.abc import Mapping, Sequence
from math import isnan, nan

from arterial.design.pareto import difference
from arterial.design.priced import repriced
from arterial.study.tradeoff_answer import PolicyPrice, Sensitivity
from arterial.study.tradeoff_known import SAME, Changed, Pool, Priced
from arterial.study.tradeoff_runs import Made

__all__ = ["prices_of", "sensitivities_of"]


def prices_of(
    known: Pool, priced: Sequence[Priced], done: Mapping[str, Made]
) -> tuple[PolicyPrice, ...]:
    """Each policy's, in the order given."""
    return tuple(_price(known, one, done[one.folder]) for one in priced)


def _price(known: Pool, one: Priced, other: Made) -> PolicyPrice:
    """A plan that holds a policy stands without it, so nothing without one costs more."""
    base, limit_ms = known.old, one.variant.rtt_ms
    with_costs = [other.cost if one.variant.stricter else base.cost]
    if one.variant.stricter and limit_ms is not None:
        with_costs += [plan.cost for plan in known.full if plan.slowest_ms <= limit_ms]
    held = min((cost for cost in with_costs if not isnan(cost)), default=nan)
    without = base.cost if one.variant.stricter else other.cost
    without = held if isnan(without) or held < without else without
    bounds = (other.bound, known.own.bound)
    strict, loose = bounds if one.variant.stricter else bounds[::-1]
    cost, least, most = difference((held, strict), (without, loose))
    notes = [note for note in (one.variant.note, other.refused) if note]
    return PolicyPrice(
        policy=one.variant.name,
        with_cost=held,
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
    if not known.full:
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
