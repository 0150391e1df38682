"""Replicas for a design: placed at least cost, and placed anew where a pair cannot be routed.

The transport that a market pays to reach its edge is an estimate (a share of one wave and what it
rides), good enough to weigh a new edge against long haul; the design prices the real thing after.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from arterial.demand.offers import market_offers
from arterial.errors import InfeasibleError, SolverError
from arterial.fabric.failures import single_failures
from arterial.model.network import Network
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import Cover, Placement, most_near, place
from arterial.placement.serving import Meet, Serving, serving_of
from arterial.placement.shortage import shortage
from arterial.placement.survival import apart_by_routes
from arterial.placement.transport import transport_cost
from arterial.plan.rows import Replica
from arterial.solve.program import BoolArray

__all__ = ["Siting"]

MEETS = 12
"""Groups of markets that are told one by one before an edge must have room for everybody."""


class Siting:
    """Places replicas, and remembers which pairs of edge and fail-over could not be routed."""

    def __init__(
        self,
        network: Network,
        load: str,
        *,
        spare_fibre: bool,
        cover: Cover | None = None,
        held: Sequence[Replica] = (),
    ) -> None:
        """``held``: where markets are answered now; they stay there while that can be routed.

        ``spare_fibre``: markets that two edges reach over lit fibre are kept to such edges.

        ``cover``: people who must be near their edge; fibre is not spared where it would cost them.
        """
        self._network = network
        self._offers = market_offers(network, load)
        self._edges = [site.name for site in edge_sites(network)]
        self._rtt_ms = planning_rtt_ms(network, self._offers)
        self._apart = apart_by_routes(network, self._offers)
        self._wide = self._apart.copy()
        if spare_fibre:
            lit = apart_by_routes(network, self._offers, dark=False)
            enough = lit.any(axis=(1, 2))
            lit[~enough] = self._apart[~enough]
            if cover is None or cover.share <= self._most_near(cover.rtt_ms, lit):
                self._apart = lit
        self._free = self._apart
        self._apart = self._held(held)
        self._cover = cover
        self._given_up = False
        self._known: Placement | None = None
        self._transport = transport_cost(network, self._offers, self._edges, self._rtt_ms)
        self.serving = serving_of(network, load, self._offers, edge_sites(network))
        """Replicas to count and room for them; None where no workload says what one takes."""

    def most_near(self, within_ms: float) -> float:
        """The largest share of people that any placement has within a round trip of their edge."""
        return self._most_near(within_ms, self._apart)

    @property
    def limited(self) -> Serving | None:
        """The same, where some edge holds only so much."""
        return self.serving if self.serving is not None and self.serving.limited else None

    def met(self, meets: Sequence[Meet]) -> bool:
        """Routes bring these markets together at edges that have no room for them.

        The next placement has; after ``MEETS`` of them, for all that such an edge may ever answer.
        Tells whether there are any.
        """
        assert self.serving is not None, "where nothing is counted nobody meets"
        if len(self.serving.meets) >= MEETS:
            meets = [self.serving.all_at(meet.edge) for meet in meets]
        self.serving, self._known = self.serving.with_meets(meets), None
        return bool(meets)

    def placed(self) -> Placement:
        """The cheapest placement without the pairs given up, worked out once for each that is.

        Raises InfeasibleError where a single failure leaves a market no edge within its bound or
        edges have too little room, and SolverError where no two edges were found for one although
        none does.
        """
        if self._known is None:
            self._known = self._placed()
        return self._known

    def _placed(self) -> Placement:
        try:
            return self._place(self._apart)
        except InfeasibleError as error:
            if self._too_few_near():
                raise
            if self.limited is not None and (self._apart != self._wide).any():
                self._apart = self._free = self._wide.copy()  # room before fibre that is spared
                return self._placed()
            if (lacking := self._lacking()) is not None:
                raise lacking from error
            if self._impossible():
                raise self._with_bound(error) from error
            raise SolverError("placement of replicas", f"not found: {error}") from error

    def _place(self, apart: BoolArray) -> Placement:
        return place(
            self._network,
            self._offers,
            self._rtt_ms,
            apart=apart,
            traffic_cost=self._transport,
            cover=self._cover,
            serving=self.serving,
        )

    def _lacking(self) -> InfeasibleError | None:
        """Why edges have too little room wherever replicas stand, if they have."""
        if self.limited is None:
            return None
        limit_ms = np.array([offer.limit_rtt_ms for offer in self._offers])
        within = np.isfinite(self._rtt_ms) & (self._rtt_ms <= limit_ms[:, None])
        others = ~np.eye(len(self._edges), dtype=np.bool_)
        anywhere = np.broadcast_to(others, self._apart.shape)
        return shortage(self._offers, within, anywhere, replace(self.limited, meets=()))

    def _most_near(self, within_ms: float, apart: BoolArray) -> float:
        return most_near(self._offers, self._rtt_ms, within_ms, apart=apart)

    def _too_few_near(self) -> bool:
        """Whether no placement at all has the people asked for near their edge."""
        cover = self._cover
        return (
            cover is not None
            and not self._given_up
            and bool(self._offers)
            and cover.share > self._most_near(cover.rtt_ms, self._apart)
        )

    def _with_bound(self, error: InfeasibleError) -> InfeasibleError:
        """The same error, and the bound below which its market has no second edge at all."""
        named = (n for n, o in enumerate(self._offers) if error.demand.endswith(f" {o.market}"))
        row = next(named, None)
        if row is None:
            return error
        second_ms = np.sort(self._rtt_ms[row])[1:2]
        if not (second_ms > self._offers[row].limit_rtt_ms).any() or np.isinf(second_ms).any():
            return error
        remedy = f"class {self._offers[row].limit_class}: rtt_ms above {second_ms[0]:.1f}"
        return InfeasibleError(error.demand, error.constraint, (*error.remedies, remedy))

    def _impossible(self) -> bool:
        """Whether a failure that inference must outlive leaves some market without an edge."""
        network = self._network
        limit_ms = np.array([offer.limit_rtt_ms for offer in self._offers])
        keeps = {
            offer.limit_class: {
                kind
                for rule in network.policy.rules
                if offer.limit_class in rule.classes and rule.keep > 0
                for kind in rule.after
            }
            for offer in self._offers
        }
        failures = single_failures(
            network,
            fibres=[route.name for route in (*network.fibres, *network.links)],
            router_sites=(),
            edges=self._edges,
        )
        for failure in (None, *failures):
            rtt_ms = planning_rtt_ms(network, self._offers, failure)
            near = np.isfinite(rtt_ms) & (rtt_ms <= limit_ms[:, None])
            for row, offer in enumerate(self._offers):
                asked = failure is None or failure.kind in keeps[offer.limit_class]
                own = failure is not None and failure.kind == "site" and failure.site == offer.site
                if asked and not own and not near[row].any():
                    return True
        return False

    def give_up(self, market: str, edge: str, failover: str) -> None:
        """The design found no routes for this pair."""
        row = next(n for n, offer in enumerate(self._offers) if offer.market == market)
        self._given_up, self._known = True, None
        pair = self._edges.index(edge), self._edges.index(failover)
        self._free[row, *pair] = self._apart[row, *pair] = self._wide[row, *pair] = False
        if not self._apart[row].any():
            self._apart[row] = self._free[row]

    def _held(self, held: Sequence[Replica]) -> BoolArray:
        """(M, E, E) pairs allowed, of a market that has one now that may stay only that one."""
        apart = self._free.copy()
        now = {row.market: row for row in held}
        column = {name: number for number, name in enumerate(self._edges)}
        for row, offer in enumerate(self._offers):
            has = now.get(offer.market)
            if has is None or has.edge not in column or has.failover not in column:
                continue
            pair = [column[has.edge], column[has.failover]]
            if self._free[row, *pair] and (self._rtt_ms[row, pair] <= offer.limit_rtt_ms).all():
                apart[row] = False
                apart[row, *pair] = True
        return apart
