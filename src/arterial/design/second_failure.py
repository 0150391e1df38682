"""What it costs at least that people outlive two fibre cuts at once.

Cases of two fibres that end at one market's site are added to the policy's own, where the market
stays joined by fibre to an edge of its; all other classes are let off every failure, so the bound
is one of a weaker question and holds. No design answers it: a market has one backup, not two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
from msgspec import structs

from arterial.demand.offers import market_offers
from arterial.design.bound import bound
from arterial.design.flows import flows_of
from arterial.design.ground import Ground
from arterial.design.instance import Instance
from arterial.design.opening import opened
from arterial.fabric.failures import Failure
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.paths.graph import arc_link
from arterial.plan.rows import Replica

__all__ = ["second_failure_bound", "two_cuts"]

SPARED = 2
"""Fibres that are cut at once; a market with no more is cut off, whatever is built."""


def second_failure_bound(network: Network, load: str, report: Report) -> float:
    """The least cost of a plan under which people outlive two cuts; scope ``restricted``.

    Raises
    ------
    InfeasibleError
        No design on the candidates outlives them, or not even one failure.
    """
    start = opened(_people_first(network, load), load, report)
    old = start.instance
    doubles = tuple(two_cuts(old.ground, start.sited.replicas))
    index = {fibre.name: m for m, fibre in enumerate(network.fibres)}
    cut = np.array([[index[name] for name in case.fibres] for case in doubles], dtype=np.int64)
    rides = old.link_fibre[:, cut.reshape(-1, SPARED)].any(axis=2)  # (L, doubles)
    dead = np.vstack([old.dead, rides.T])
    instance: Instance = replace(
        old,
        failures=(*old.failures, *doubles),
        dead=dead,
        dead_of=np.ascontiguousarray(dead.T),
    )
    flows = flows_of(instance, start.demands, start.sited.replicas)
    *_, last = bound(instance, flows, rounds=0)
    return last.bound + start.edge_cost


def _people_first(network: Network, load: str) -> Network:
    """Only the classes of people outlive anything."""
    offers = market_offers(network, load)
    named = tuple(dict.fromkeys(offer.limit_class for offer in offers))
    rules = tuple(
        structs.replace(rule, classes=tuple(name for name in named if name in rule.classes))
        for rule in network.policy.rules
        if not set(named).isdisjoint(rule.classes)
    )
    return structs.replace(network, policy=structs.replace(network.policy, rules=rules))


def two_cuts(ground: Ground, replicas: Sequence[Replica]) -> Iterator[Failure]:
    """Cuts of two fibres at a market's site that part no market from both edges of its."""
    site = ground.site_index
    fibres = [fibre.name for fibre in ground.network.fibres]
    pairs = {
        pair
        for market in {site[row.site] for row in replicas}
        for pair in combinations(map(arc_link, ground.graph.leaving[market]), SPARED)
        if pair[0] != pair[1]
    }
    ends = [(site[row.site], {site[row.edge], site[row.failover]}) for row in replicas]
    for pair in sorted({tuple(sorted(pair)) for pair in pairs}):
        if not any(edges.isdisjoint(_reached(ground, market, pair)) for market, edges in ends):
            names = tuple(fibres[m] for m in pair)
            yield Failure(name=" + ".join(names), kind="fibre", fibres=names)


def _reached(ground: Ground, site: int, cut: Sequence[int]) -> set[int]:
    """Sites that fibre of known length still joins to one."""
    graph = ground.graph
    seen, waiting = {site}, [site]
    while waiting:
        for arc in graph.leaving[waiting.pop()]:
            end = graph.arc_target[arc]
            open_ = arc_link(arc) not in cut and ground.length_km[arc] < inf
            if open_ and end not in seen:
                seen.add(end)
                waiting.append(end)
    return seen
