"""Checks a proof that no routing exists: prices on links that the demands cannot afford to pay.

If every Gb/s over a link pays its price, a routing within capacity pays at most capacity times
price over all links, and at least rate times cheapest path over all demands. Prices for which the
second exceeds the first refute every routing at once. Plain Python over the plan's rows; a delay
that is unknown counts as none, so a refutation never rests on a missing figure.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping

from arterial.plan.rows import Demand
from arterial.prove.outage import Outage
from arterial.prove.register import Register, left_gbps

__all__ = ["cut_excess", "ends_of", "standing_arcs"]

_LABELS = 200_000
"""Paths kept while one cheapest path is sought; beyond that the cut is not confirmed."""

_Arc = tuple[str, float, float]
"""(site it leads to, price, delay in ms with the router there)."""


def cut_excess(
    book: Register,
    out: Outage,
    required_gbps: Mapping[str, float],
    price: Mapping[tuple[str, bool], float],
    *,
    failed: bool,
    two_cuts: bool = False,
) -> float:
    """By how much the demands overpay, as a share of what the links can take; > 0 refutes.

    Parameters
    ----------
    required_gbps
        By demand: what must be carried.
    price
        By link and direction (True from a to z): per Gb/s, not negative; absent means 0.
    failed
        True when the ceiling after a failure applies.
    two_cuts
        Two fibres are cut: a market is answered at any edge in use, where a rule speaks of that.

    Returns
    -------
    float
        0 or less says nothing. Infinite when a demand has no path at all.
    """
    assert all(value >= 0.0 for value in price.values())
    policy = book.plan.network.policy
    ceiling = policy.ceiling_failed if failed else policy.ceiling_normal
    usable = ceiling * (1.0 - policy.hash_inefficiency)
    arcs: dict[str, list[_Arc]] = {}
    worth = 0.0
    for link, forward, start, end, gbps in standing_arcs(book, out):
        cost = price.get((link, forward), 0.0)
        worth += cost * usable * gbps
        delay = book.delays_ms[link] + book.plan.network.latency.router_ms
        arcs.setdefault(start, []).append((end, cost, 0.0 if math.isnan(delay) else delay))
    paid = 0.0
    for name, gbps in required_gbps.items():
        if gbps > 0.0:
            demand = book.demands[name]
            ends = ends_of(book, out, demand, two_cuts=two_cuts)
            paid += gbps * _cheapest(book, ends, arcs, demand)
    if math.isinf(paid):
        return math.inf
    return (paid - worth) / max(paid, worth) if paid > worth else 0.0


def standing_arcs(book: Register, out: Outage) -> Iterator[tuple[str, bool, str, str, float]]:
    """(link, forward, from, to, Gb/s left) of every direction that stands."""
    for name, link in book.links.items():
        gbps = left_gbps(book, name, out)
        if gbps > 0.0:
            yield name, True, link.a, link.z, gbps
            yield name, False, link.z, link.a, gbps


def ends_of(
    book: Register, out: Outage, demand: Demand, *, two_cuts: bool = False
) -> Iterator[tuple[str, str]]:
    """Every pair of ends that a demand may be carried between while ``out`` is lost."""
    pairs: Iterable[tuple[str, str]] = [(demand.source, demand.target)]
    if demand.market:
        replica = book.replicas[demand.market]
        further = book.further.get(demand.traffic_class, frozenset[str]()) if two_cuts else ()
        edges = dict.fromkeys((replica.edge, replica.failover, *sorted(further)))
        standing = [edge for edge in edges if ("edge", edge, 0) not in out]
        up = [(replica.site, edge) for edge in standing]
        pairs = [(edge, home) for home, edge in up] if demand.to_market else up
    for pair in pairs:
        if not any(("site", end, 0) in out for end in pair):
            yield pair


def _cheapest(
    book: Register,
    ends: Iterable[tuple[str, str]],
    arcs: Mapping[str, list[_Arc]],
    demand: Demand,
) -> float:
    """Price of the cheapest path within the demand's round trip; infinite when there is none."""
    bound = book.classes[demand.traffic_class].rtt_ms
    spent = demand.access_ms + book.plan.network.latency.router_ms
    budget = math.inf if bound is None else bound / 2.0 * (1.0 + 1e-6) - spent
    prices = (_search(arcs, *pair, budget) for pair in ends)
    return min(prices, default=math.inf)


def _search(arcs: Mapping[str, list[_Arc]], source: str, target: str, budget: float) -> float:
    """Labels in order of (price, delay); one is kept where none before it was as fast."""
    fastest: dict[str, float] = {}
    queue = [(0.0, 0.0, source)] if budget >= 0.0 else []
    seen = 0
    while queue:
        cost, delay, site = heapq.heappop(queue)
        if delay >= fastest.get(site, math.inf):
            continue
        if site == target:
            return cost
        fastest[site] = delay if math.isfinite(budget) else -math.inf
        seen += 1
        if seen > _LABELS:
            return 0.0
        for end, price, more in arcs.get(site, ()):
            if delay + more <= budget:
                heapq.heappush(queue, (cost + price, delay + more, end))
    return math.inf
