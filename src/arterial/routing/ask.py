"""From links and traffic to what a routing engine asks for: ways, delays, budgets; who has none.

A way's delay is that of its links and of a router a hop, one router more, and the access. Within a
class's round trip counts only what is known to be: a link of unknown delay serves no class with a
bound. Where no bound asks, an unknown delay is taken as the longest known one.
"""

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.routing.pricing import Pricer, Ways
from arterial.solve.program import FloatArray, IntArray

__all__ = ["BARRED", "barred", "ways_of"]

BARRED = ("", "no way", "too far", "delay unknown")
"""Why a demand has no way: none joins its ends; each breaks its class's round trip; one might keep
it if all delays were known."""


def ways_of(ip: IpFabric, traffic: Traffic, router_ms: float) -> Ways:
    """Ways of all demands.

    Parameters
    ----------
    router_ms
        One way, of each router passed, the first and the last among them.
    """
    graph = Graph.of(len(ip.sites), ip.ends[:, 0], ip.ends[:, 1])
    known = ~np.isnan(ip.latency_ms)
    longest_ms = ip.latency_ms[known].max() if known.any() else 1.0
    return Ways(
        adjacency=Adjacency.of(graph),
        source=traffic.source,
        target=traffic.target,
        delay_ms=np.where(known, ip.latency_ms + router_ms, np.inf),
        budget_ms=traffic.rtt_ms[traffic.of_class] / 2.0 - router_ms - traffic.access_ms,
        tie=np.where(known, ip.latency_ms, longest_ms) + router_ms,
    )


def barred(ways: Ways, room_gbps: FloatArray) -> IntArray:
    """For each demand, (K,), its place in ``BARRED``; 0 where it has a way."""
    weight = np.where(room_gbps > 0.0, ways.tie, np.inf)
    reason = np.zeros(len(ways), dtype=np.int64)
    shut = np.flatnonzero(np.isinf(_price(ways, weight)))
    if not len(shut):
        return reason
    some = ways.of(shut)
    nearest = np.where(np.isinf(some.delay_ms), 0.0, some.delay_ms)
    hopeful = Ways(some.adjacency, some.source, some.target, nearest, some.budget_ms, some.tie)
    free = Ways(
        some.adjacency,
        some.source,
        some.target,
        nearest,
        np.full(len(some), np.inf),
        some.tie,
    )
    reason[shut] = np.where(
        np.isinf(_price(free, weight)), 1, np.where(np.isinf(_price(hopeful, weight)), 2, 3)
    )
    return reason


def _price(ways: Ways, weight: FloatArray) -> FloatArray:
    return Pricer(ways).cheapest(weight, np.full(len(ways), -np.inf)).price
