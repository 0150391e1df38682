"""What no plan of a load costs less than, wherever replicas stand and whatever links are built.

Edges and waves are paid apart, so the least of each may be added. Edges: the placement's own bound,
without transport. Waves: what a site sends or takes must leave it on waves, each of which ends at
two sites. Fibre, chassis, regenerators, failures and all that people ask are left out: the floor is
far below the plan's own bound, but that bound holds for the plan's replicas and candidates alone.
"""

from collections import Counter

from arterial.demand.flows import flows
from arterial.demand.offers import market_offers
from arterial.model.network import Network
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import Cover, place

__all__ = ["cost_floor"]

ENDS = 2


def cost_floor(network: Network, load: str, *, cover: Cover | None = None) -> float:
    """The least that any plan of a load can cost; scope ``network``.

    More people asked for, or more traffic of training, never lower it.

    Raises
    ------
    ModelError
        The load is unknown.
    InfeasibleError
        A market has no two edges, or not so many people can be near one.
    """
    offers = market_offers(network, load)
    sited = place(network, offers, planning_rtt_ms(network, offers), cover=cover)
    return sited.bound + _waves(network, load)


def _waves(network: Network, load: str) -> float:
    """Of the load's traffic between sites that are given: training, transfers, the user's own."""
    if network.links or network.waves:
        return 0.0  # what stands already carries for nothing
    sent: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for demand in flows(network, load, ()):
        sent[demand.source] += demand.gbps  # pyright: ignore[reportArgumentType]
        taken[demand.target] += demand.gbps  # pyright: ignore[reportArgumentType]
    ended = sum(max(sent[site], taken[site]) for site in {*sent, *taken})
    usable = network.policy.usable(failed=False)
    return ended / usable / ENDS * _cheapest(network)


def _cheapest(network: Network) -> float:
    """Cost of a Gb/s on the cheapest wave: two pluggables and two ports."""
    port = network.costs.router_port
    prices = [2.0 * (mode.cost + port) / mode.rate_gbps for mode in network.modes if mode.cost]
    return min(prices, default=0.0) if all(mode.cost != 0.0 for mode in network.modes) else 0.0
