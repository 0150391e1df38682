"""Where replicas stand: the cheapest edges that serve every market, also after one of them is lost.

Each market is given an edge and a fail-over at another edge, both within the bound of its class. An
existing edge that serves nobody is given up: nothing forces it to stay. Among placements of equal
cost the one with the least round trip of people to edges is taken, then of people to fail-overs.
Fibres and spectrum are not seen here: the design hands back pairs that it could not route.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct, structs

from arterial.demand.offers import Offer
from arterial.errors import InfeasibleError, SolverError
from arterial.model.network import Network
from arterial.placement.choice import Choice, Quota, choose
from arterial.placement.collision import collision
from arterial.placement.edges import edge_sites, open_cost
from arterial.placement.serving import Serving
from arterial.placement.shortage import shortage
from arterial.plan.rows import Replica
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Cover", "Placement", "most_near", "place"]

SCOPE = "planning round trips over the fibre graph"
SCOPE_FIXED = "without the pairs that the caller ruled out"


PEOPLE_TOLERANCE = 1e-9
"""A share is a quotient: the most that can be had, told back, must not be refused."""


class Cover(Struct, frozen=True, kw_only=True):
    """At least this share of people within this round trip of their edge, failures apart."""

    rtt_ms: float
    """Planning value over the fibre graph, access included."""
    share: float
    """Of the people of all markets, 0 to 1."""


class Placement(Struct, frozen=True, kw_only=True):
    """Edges in service and who answers whom; none within ``scope`` costs less than ``bound``."""

    edges: tuple[str, ...]
    """Sites in service, in the network's order."""
    replicas: tuple[Replica, ...]
    """One a market, in the offers' order."""
    cost: float
    """Of edge sites and replicas over ``costs.years``, and of transport where its cost is given."""
    edge_cost: float
    """The part of ``cost`` that edge sites are."""
    replica_cost: float = 0.0
    """The part that accelerators and their power are, at least: routes may ask for more."""
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
    cover: Cover | None = None,
    serving: Serving | None = None,
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
    cover
        People who must be near their edge, besides; the bound then holds for such placements.
    serving
        Replicas that markets keep busy, and what edges hold of them; None counts none.

    Raises
    ------
    InfeasibleError
        When a market has no such pair of edges: it names the market, the bound and what would
        free it. When no placement has so many people so near. When edges have too little room.
    """
    edges = edge_sites(network)
    shape = (len(offers), len(edges))
    assert rtt_ms.shape == shape
    if not offers:
        return Placement(
            edges=(), replicas=(), cost=0.0, edge_cost=0.0, bound=0.0, gap=0.0, scope=SCOPE
        )
    within, takes_over = _allowed(offers, rtt_ms, usable, apart)
    if error := collision(network, offers, edges, rtt_ms, within, takes_over):
        raise error
    quota = None if cover is None else _quota(offers, rtt_ms, within, takes_over, cover)
    traffic_gbps = np.array([offer.down_gbps + offer.up_gbps for offer in offers])
    people = np.array([offer.people for offer in offers])
    pair_cost = np.zeros(shape) if traffic_cost is None else traffic_gbps[:, None] * traffic_cost
    try:
        choice = choose(
            within=within,
            apart=takes_over,
            open_cost=np.array([open_cost(network, site) for site in edges]),
            pair_cost=pair_cost,
            tie=people[:, None] / people.sum() * rtt_ms,
            gap=gap,
            quota=quota,
            serving=serving,
        )
    except SolverError as error:
        why = serving and shortage(offers, within, takes_over, serving, quota)
        raise (why or error) from error
    scope = SCOPE if usable is None and apart is None else f"{SCOPE}, {SCOPE_FIXED}"
    placement = _placement(network, offers, rtt_ms, pair_cost, choice, scope)
    return placement if serving is None else _with_replicas(placement, serving, choice)


def _with_replicas(placement: Placement, serving: Serving, choice: Choice) -> Placement:
    """The placement with what its replicas cost."""
    more = serving.cost(serving.counts(choice.primary, choice.failover))
    cost = placement.cost + more
    bound = min(choice.bound, cost)
    return structs.replace(
        placement,
        cost=cost,
        replica_cost=more,
        bound=bound,
        gap=(cost - bound) / cost if cost > 0.0 else 0.0,
    )


def most_near(
    offers: Sequence[Offer], rtt_ms: FloatArray, within_ms: float, *, apart: BoolArray | None = None
) -> float:
    """The largest share of people that any placement has within a round trip of their edge.

    Parameters
    ----------
    rtt_ms : float (markets, edges)
        As for ``place``.
    apart : bool (edges, edges) or (markets, edges, edges), optional
        As for ``place``.

    Returns
    -------
    float
        0 to 1; 0 without people. Room at edges is not counted, so markets do not compete.
    """
    people = np.array([offer.people for offer in offers])
    if not len(offers):
        return 0.0
    within, takes_over = _allowed(offers, rtt_ms, None, apart)
    near = _near(rtt_ms, within, takes_over, within_ms).any(axis=1)
    return float(people[near].sum() / people.sum())


def _allowed(
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    usable: BoolArray | None,
    apart: BoolArray | None,
) -> tuple[BoolArray, BoolArray]:
    """(M, E) pairs within bound, and (M, E, E) where the second edge may take over."""
    limit_ms = np.array([offer.limit_rtt_ms for offer in offers])
    within = np.isfinite(rtt_ms) & (rtt_ms <= limit_ms[:, None])
    if usable is not None:
        within &= usable
    edges = rtt_ms.shape[1]
    others = ~np.eye(edges, dtype=np.bool_)
    takes_over = others if apart is None else apart & others
    return within, np.broadcast_to(takes_over, (*rtt_ms.shape, edges))


def _near(
    rtt_ms: FloatArray, within: BoolArray, takes_over: BoolArray, within_ms: float
) -> BoolArray:
    """(M, E) edges that are near and have some fail-over beside them."""
    relieved = (takes_over & within[:, None, :]).any(axis=2)
    return within & relieved & (np.where(within, rtt_ms, np.inf) <= within_ms)


def _quota(
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    within: BoolArray,
    takes_over: BoolArray,
    cover: Cover,
) -> Quota:
    """The people asked for, as the program takes them.

    Raises InfeasibleError where not so many can be near.
    """
    people = np.array([offer.people for offer in offers])
    near = _near(rtt_ms, within, takes_over, cover.rtt_ms)
    asked, most = cover.share * people.sum(), people[near.any(axis=1)].sum()
    if asked > most * (1.0 + PEOPLE_TOLERANCE):
        raise InfeasibleError(
            f"{100.0 * cover.share:.4g} % of people within {cover.rtt_ms:g} ms",
            f"edges and fail-overs so near exist for {100.0 * most / people.sum():.4g} %",
            ("candidate edges nearer to the other markets", "a longer round trip"),
        )
    return Quota(near=near, people=people, least=min(float(asked), float(most)))


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
