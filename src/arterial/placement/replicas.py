"""Where replicas stand: the cheapest edges that serve every market, also after one of them is lost.

Each market is given an edge and a fail-over at another edge, both within the bound of its class. An
existing edge that serves nobody is given up: nothing forces it to stay. Among placements of equal
cost the one with the least round trip of people to edges is taken, then of people to fail-overs.
Fibres and spectrum are not seen here: the design hands back pairs that it could not route.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from arterial.demand.offers import Offer
from arterial.model.network import Network
from arterial.placement.choice import Choice, choose
from arterial.placement.collision import collision
from arterial.placement.edges import edge_sites, open_cost
from arterial.plan.rows import Replica
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Placement", "place"]

SCOPE = "planning round trips over the fibre graph"
SCOPE_FIXED = "without the pairs that the caller ruled out"


class Placement(Struct, frozen=True, kw_only=True):
    """Edges in service and who answers whom; none within ``scope`` costs less than ``bound``."""

    edges: tuple[str, ...]
    """Sites in service, in the network's order."""
    replicas: tuple[Replica, ...]
    """One a market, in the offers' order."""
    cost: float
    """Of edge sites over ``costs.years``, and of transport where the caller gave its cost."""
    edge_cost: float
    """The part of ``cost`` that edge sites are."""
    bound: float
    gap: float
    """(cost - bound) / cost; 0 when cost is 0."""
    scope: str
    """What was fixed before the bound was taken."""


def place(
    network: Network,
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    *,
    gap: float = 0.0,
    usable: BoolArray | None = None,
    apart: BoolArray | None = None,
    traffic_cost: FloatArray | None = None,
) -> Placement:
    """Cheapest edges with which every market has an edge and a fail-over within its bound.

    Parameters
    ----------
    offers
        The markets, in the order of the rows.
    rtt_ms : float (markets, edges)
        Planning round trip, access included, infinite or NaN where unknown; columns as
        ``arterial.placement.edges.edge_sites``.
    gap
        Relative gap to the bound at which the search for a cheaper placement stops.
    usable : bool (markets, edges), optional
        False where the pair could not be routed; all True when left out.
    apart : bool (edges, edges) or (markets, edges, edges), optional
        True where the second edge may take over when the first is lost; any other edge when left
        out. An edge never takes over from itself.
    traffic_cost : float (markets, edges), optional
        Estimate of transport per Gb/s (up and down added) over ``costs.years``. A market pays it
        to its edge and to its fail-over, for both must have room for its traffic.

    Raises
    ------
    InfeasibleError
        When a market has no such pair of edges: it names the market, the bound and what would
        free it.
    """
    edges = edge_sites(network)
    shape = (len(offers), len(edges))
    assert rtt_ms.shape == shape
    if not offers:
        return Placement(
            edges=(), replicas=(), cost=0.0, edge_cost=0.0, bound=0.0, gap=0.0, scope=SCOPE
        )
    limit_ms = np.array([offer.limit_rtt_ms for offer in offers])
    within = np.isfinite(rtt_ms) & (rtt_ms <= limit_ms[:, None])
    if usable is not None:
        within &= usable
    others = ~np.eye(len(edges), dtype=np.bool_)
    takes_over = others if apart is None else apart & others
    takes_over = np.broadcast_to(takes_over, (*shape, len(edges)))
    if error := collision(network, offers, edges, rtt_ms, within, takes_over):
        raise error
    traffic_gbps = np.array([offer.down_gbps + offer.up_gbps for offer in offers])
    people = np.array([offer.people for offer in offers])
    pair_cost = np.zeros(shape) if traffic_cost is None else traffic_gbps[:, None] * traffic_cost
    choice = choose(
        within=within,
        apart=takes_over,
        open_cost=np.array([open_cost(network, site) for site in edges]),
        pair_cost=pair_cost,
        tie=people[:, None] / people.sum() * rtt_ms,
        gap=gap,
    )
    scope = SCOPE if usable is None and apart is None else f"{SCOPE}, {SCOPE_FIXED}"
    return _placement(network, offers, rtt_ms, pair_cost, choice, scope)


def _placement(
    network: Network,
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    pair_cost: FloatArray,
    choice: Choice,
    scope: str,
) -> Placement:
    """The choice by name, with its cost added up afresh."""
    sites = edge_sites(network)
    rows = range(len(offers))
    opened = sorted({*choice.primary, *choice.failover})
    edge_cost = sum(open_cost(network, sites[edge]) for edge in opened)
    transport = pair_cost[rows, choice.primary].sum() + pair_cost[rows, choice.failover].sum()
    cost = edge_cost + float(transport)
    bound = min(choice.bound, cost)
    return Placement(
        edges=tuple(sites[edge].name for edge in opened),
        replicas=tuple(
            Replica(
                market=offer.market,
                site=offer.site,
                edge=sites[primary].name,
                failover=sites[failover].name,
                rtt_ms=float(rtt_ms[row, primary]),
                failover_rtt_ms=float(rtt_ms[row, failover]),
            )
            for row, offer, primary, failover in zip(
                rows, offers, choice.primary, choice.failover, strict=True
            )
        ),
        cost=cost,
        edge_cost=edge_cost,
        bound=bound,
        gap=(cost - bound) / cost if cost > 0.0 else 0.0,
        scope=scope,
    )
