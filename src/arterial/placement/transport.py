"""What reaching an edge costs a market: an estimate, a share of one wave and what it rides.

Good enough to weigh a new edge against long haul; a design prices the real thing.
"""

from collections.abc import Sequence

import numpy as np

from arterial.demand.offers import Offer
from arterial.model.network import Network
from arterial.solve.program import FloatArray
from arterial.units import fibre_delay_ms

__all__ = ["transport_cost"]

WAVE_REACH_KM = 1000.0
"""A wave is priced anew for each such distance."""


def transport_cost(
    network: Network, offers: Sequence[Offer], edges: Sequence[str], rtt_ms: FloatArray
) -> FloatArray:
    """(markets, edges) cost per Gb/s of reaching an edge elsewhere; 0 where it is on site."""
    prices = [mode.cost / mode.rate_gbps for mode in network.modes if mode.cost]
    rates = [mode.rate_gbps for mode in network.modes if mode.cost]
    if not prices:
        return np.zeros(rtt_ms.shape)
    usable = network.policy.usable(failed=False)
    port = network.costs.router_port / max(rates)
    per_wave = 2 * (float(np.median(prices)) + port) / usable
    km_ms = network.latency.route_factor * fibre_delay_ms(1.0)
    access = np.array([[offer.access_ms] for offer in offers]).reshape(-1, 1)
    away = np.array([[edge != offer.site for edge in edges] for offer in offers])
    km = np.maximum(rtt_ms / 2.0 - access, 0.0) / km_ms
    waves = np.ceil(np.where(np.isfinite(km), km, 0.0) / WAVE_REACH_KM)
    return np.where(away.reshape(rtt_ms.shape), per_wave * np.maximum(waves, 1.0), 0.0)
