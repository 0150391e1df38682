"""Where replicas may stand: which edge may answer which market, and which may take over from it.

Axes: M markets, E edge sites. A pair of an edge and its fail-over stands for a market's answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.demand.offers import Offer, market_offers
from arterial.model.network import Network
from arterial.placement.edges import edge_sites, open_cost
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import Placement
from arterial.placement.serving import Serving, serving_of
from arterial.placement.survival import apart_by_routes
from arterial.placement.transport import transport_cost
from arterial.plan.rows import Replica
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Offered", "Pairs", "offered"]

Pairs = tuple[tuple[int, int], ...]
"""(M,) edge and fail-over of each market, by number."""

SCOPE = "the placement that the design came to"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Choices of a placement."""

    offers: tuple[Offer, ...]
    edges: tuple[str, ...]
    """(E,) sites."""
    rtt_ms: FloatArray
    """(M, E) planning round trip, access included."""
    within: BoolArray
    """(M, E) True where the edge is within the market's bound."""
    allowed: BoolArray
    """(M, E, E) True where both are, and the second may take over from the first."""
    transport_cost: FloatArray
    """(M, E) estimate per Gb/s over the years, before any network is there."""
    open_cost: FloatArray
    """(E,) of an edge in service, over the years."""
    serving: Serving | None = None
    """Replicas that markets keep busy and room for them; None where none are counted."""

    def pairs(self, replicas: Sequence[Replica]) -> Pairs:
        """Replicas by number, in the offers' order."""
        number = {name: e for e, name in enumerate(self.edges)}
        at = {row.market: (number[row.edge], number[row.failover]) for row in replicas}
        return tuple(at[offer.market] for offer in self.offers)

    def replicas(self, pairs: Pairs) -> tuple[Replica, ...]:
        """Numbers as replicas, with planning round trips."""
        return tuple(
            Replica(
                market=offer.market,
                site=offer.site,
                edge=self.edges[edge],
                failover=self.edges[failover],
                rtt_ms=float(self.rtt_ms[row, edge]),
                failover_rtt_ms=float(self.rtt_ms[row, failover]),
            )
            for row, (offer, (edge, failover)) in enumerate(zip(self.offers, pairs, strict=True))
        )

    @property
    def tie(self) -> FloatArray:
        """(M, E) round trips by people: what decides among equals."""
        people = np.array([offer.people for offer in self.offers])
        return people[:, None] / people.sum() * self.rtt_ms

    def nearest(self, market: int) -> list[int]:
        """Edges within a market's bound, least round trip first."""
        order = np.argsort(self.rtt_ms[market], kind="stable")
        return [edge for edge in order.tolist() if self.within[market, edge]]

    def edge_cost(self, pairs: Pairs) -> float:
        """Of the edges in service."""
        return float(self.open_cost[self.opened(pairs)].sum())

    def has_room(self, pairs: Pairs) -> bool:
        """Whether edges have room for the fewest replicas that a placement asks for."""
        serving = self.serving
        return serving is None or not serving.over(self._counts(serving, pairs)).any()

    def replica_cost(self, pairs: Pairs) -> float:
        """Of those replicas; routes may ask for more."""
        serving = self.serving
        return 0.0 if serving is None else serving.cost(self._counts(serving, pairs))

    def _counts(self, serving: Serving, pairs: Pairs) -> IntArray:
        return serving.counts([edge for edge, _ in pairs], [failover for _, failover in pairs])

    def opened(self, pairs: Pairs) -> list[int]:
        """Edges in service, in the network's order."""
        return sorted({edge for pair in pairs for edge in pair})

    def nearest_pairs(
        self, market: int, opened: Sequence[int], allowed: BoolArray
    ) -> Iterator[tuple[int, int]]:
        """Pairs of ``opened`` edges that a (E, E) array allows, least round trips first."""
        inside = np.zeros(len(self.edges), dtype=np.bool_)
        inside[list(opened)] = True
        found = np.argwhere(allowed & inside[:, None] & inside[None, :])
        rtt_ms = self.rtt_ms[market]
        near = sorted(found.tolist(), key=lambda pair: (rtt_ms[pair[0]] + rtt_ms[pair[1]], *pair))
        yield from ((edge, failover) for edge, failover in near)

    def placement(self, pairs: Pairs) -> Placement:
        """Numbers as a placement; what it costs is what its edges and their replicas cost."""
        edges, replicas = self.edge_cost(pairs), self.replica_cost(pairs)
        cost = edges + replicas
        return Placement(
            edges=tuple(self.edges[edge] for edge in self.opened(pairs)),
            replicas=self.replicas(pairs),
            cost=cost,
            edge_cost=edges,
            replica_cost=replicas,
            bound=cost,
            gap=0.0,
            scope=SCOPE,
        )


def offered(network: Network, load: str) -> Offered:
    """Choices of a network under a load; of no markets where the load asks for no inference."""
    offers = market_offers(network, load)
    sites = edge_sites(network)
    rtt_ms = planning_rtt_ms(network, offers)
    limit_ms = np.array([offer.limit_rtt_ms for offer in offers])
    within = np.isfinite(rtt_ms) & (rtt_ms <= limit_ms[:, None])
    apart = apart_by_routes(network, offers) & within[:, :, None] & within[:, None, :]
    return Offered(
        offers=offers,
        edges=tuple(site.name for site in sites),
        rtt_ms=rtt_ms,
        within=within,
        transport_cost=transport_cost(network, offers, [site.name for site in sites], rtt_ms),
        allowed=apart & ~np.eye(len(sites), dtype=np.bool_),
        open_cost=np.array([open_cost(network, site) for site in sites]),
        serving=serving_of(network, load, offers, sites),
    )
