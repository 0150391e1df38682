"""Replicas for a design: placed at least cost, and placed anew where a pair cannot be routed.

The transport that a market pays to reach its edge is an estimate (a share of one wave and what it
rides), good enough to weigh a new edge against long haul; the design prices the real thing after.
"""

import numpy as np

from arterial.demand.offers import market_offers
from arterial.errors import InfeasibleError, SolverError
from arterial.fabric.failures import single_failures
from arterial.model.network import Network
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import Placement, place
from arterial.placement.survival import apart_by_routes
from arterial.placement.transport import transport_cost

__all__ = ["Siting"]


class Siting:
    """Places replicas, and remembers which pairs of edge and fail-over could not be routed."""

    def __init__(self, network: Network, load: str, *, spare_fibre: bool) -> None:
        """``spare_fibre``: markets that two edges reach over lit fibre are kept to such edges."""
        self._network = network
        self._offers = market_offers(network, load)
        self._edges = [site.name for site in edge_sites(network)]
        self._rtt_ms = planning_rtt_ms(network, self._offers)
        self._apart = apart_by_routes(network, self._offers)
        if spare_fibre:
            lit = apart_by_routes(network, self._offers, dark=False)
            enough = lit.any(axis=(1, 2))
            self._apart[enough] = lit[enough]
        self._transport = transport_cost(network, self._offers, self._edges, self._rtt_ms)

    def placed(self) -> Placement:
        """The cheapest placement without the pairs given up.

        Raises InfeasibleError where a single failure leaves a market no edge within its bound, and
        SolverError where no two edges were found for one although none does.
        """
        try:
            return place(
                self._network,
                self._offers,
                self._rtt_ms,
                apart=self._apart,
                traffic_cost=self._transport,
            )
        except InfeasibleError as error:
            if self._impossible():
                raise self._with_bound(error) from error
            raise SolverError("placement of replicas", f"not found: {error}") from error

    def _with_bound(self, error: InfeasibleError) -> InfeasibleError:
        """The same error, and the bound below which its market has no second edge at all."""
        row = next(n for n, o in enumerate(self._offers) if error.demand.endswith(f" {o.market}"))
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
        self._apart[row, self._edges.index(edge), self._edges.index(failover)] = False
