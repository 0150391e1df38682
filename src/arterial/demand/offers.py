"""What each market asks of inference at its peak, before anybody knows where it is answered.

An offer has no edge yet: ``arterial.placement`` chooses one, and a second for when the first is
lost.
"""

import math

from msgspec import Struct

from arterial.demand.loads import scaled_workloads
from arterial.model.network import Network
from arterial.model.site import Market
from arterial.model.workload import Inference
from arterial.units import gbps

__all__ = ["Offer", "down_up_gbps", "market_access_ms", "market_offers"]

DAY_S = 86_400.0
MEGABYTES_PER_GIGABYTE = 1000.0


class Offer(Struct, frozen=True, kw_only=True):
    """Traffic between a market and whichever edge serves it, all inference workloads together."""

    market: str
    site: str
    people: float
    down_gbps: float
    """Edge to people, at peak."""
    up_gbps: float
    """People to edge, at peak."""
    access_ms: float
    """One way, from a user to the market's site."""
    limit_rtt_ms: float
    """Largest round trip of the strictest of its classes; infinite when none has a bound."""
    limit_class: str
    """The class that sets it."""


def market_offers(network: Network, load_name: str) -> tuple[Offer, ...]:
    """Every market's offer under a load, in the network's order; none without inference in it.

    Raises
    ------
    ModelError
        When the load is unknown.
    """
    scaled = scaled_workloads(network, load_name)
    asked = [(work, factor) for work, factor in scaled if isinstance(work, Inference)]
    if not asked:
        return ()
    bounds = {entry.name: entry.rtt_ms for entry in network.classes}
    limits = [(bounds[work.traffic_class] or math.inf, work.traffic_class) for work, _ in asked]
    limit_rtt_ms, limit_class = min(limits)
    return tuple(
        Offer(
            market=market.name,
            site=market.site,
            people=market.people,
            down_gbps=sum(down_up_gbps(work, market.people)[0] * factor for work, factor in asked),
            up_gbps=sum(down_up_gbps(work, market.people)[1] * factor for work, factor in asked),
            access_ms=market_access_ms(network, market),
            limit_rtt_ms=limit_rtt_ms,
            limit_class=limit_class,
        )
        for market in network.markets
    )


def down_up_gbps(workload: Inference, people: float) -> tuple[float, float]:
    """Peak rate towards the people and from them, Gb/s.

    >>> work = Inference(
    ...     name="chat",
    ...     traffic_class="inference",
    ...     requests_per_person_day=10.0,
    ...     megabytes_down=0.5,
    ...     megabytes_up=0.1,
    ... )
    >>> [round(rate, 3) for rate in down_up_gbps(work, 1e6)]
    [1.157, 0.231]
    """
    requests = workload.requests_per_person_day * people * workload.peak_to_mean
    down_gb = requests * workload.megabytes_down / MEGABYTES_PER_GIGABYTE
    up_gb = requests * workload.megabytes_up / MEGABYTES_PER_GIGABYTE
    return gbps(down_gb, DAY_S), gbps(up_gb, DAY_S)


def market_access_ms(network: Network, market: Market) -> float:
    """One-way delay from a user to the market's site, ms."""
    return network.latency.access_ms if market.access_ms is None else market.access_ms
