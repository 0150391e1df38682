"""What no network can keep after two cuts: ends that are left without a way in time.

Told from the network alone: every fibre that anybody could light, and every ready-made link, rides
at its planning delay, as one IP link without regenerators. A demand whose near end reaches none of
its far ends within its class's round trip so is owed nothing, whoever builds and whoever routes.
The same is told of any set of links that each ride some routes (``excepted_over``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import inf

from arterial.fabric.delays import delay_arcs, end_ms
from arterial.model.network import Network
from arterial.paths.graph import Graph, Path, arc_link
from arterial.paths.shortest import path_weight, shortest_path
from arterial.plan.rows import Demand, Replica

__all__ = ["NEAR_ENOUGH", "Pair", "Trip", "Way", "excepted", "excepted_over", "trips_of"]

Pair = frozenset[str]
"""Names of two routes that are cut at once."""

NEAR_ENOUGH = 1e-9
"""Relative: what the last bits of a sum may add to a round trip."""


@dataclass(frozen=True, kw_only=True)
class Trip:
    """A near end, and far ends of which any will do."""

    name: str
    """The market, else the demand."""
    near: str
    far: tuple[str, ...]
    limit_ms: float
    """One way, access taken off; inf without a bound."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a trip may ride: a route, or a link over several."""

    a: str
    z: str
    routes: tuple[str, ...]
    """Lost with any of these."""
    delay_ms: float
    """One way, all that a further one on the same trip adds with it."""


def trips_of(
    network: Network, demands: Iterable[Demand], replicas: Sequence[Replica]
) -> dict[str, Trip]:
    """By demand, the trip that carries it: a market's to any edge that holds replicas."""
    edges = tuple(sorted({edge for row in replicas for edge in (row.edge, row.failover)}))
    homes = {row.market: row.site for row in replicas}
    bound = {kind.name: kind.rtt_ms for kind in network.classes}
    found: dict[str, Trip] = {}
    for demand in demands:
        limit_ms = bound[demand.traffic_class]
        found[demand.name] = Trip(
            name=demand.market or demand.name,
            near=homes[demand.market] if demand.market else demand.source,
            far=edges if demand.market else (demand.target,),
            limit_ms=inf if limit_ms is None else limit_ms / 2.0 - demand.access_ms,
        )
    return found


def excepted(network: Network, trips: Iterable[Trip]) -> Mapping[Pair, frozenset[Trip]]:
    """By two routes that are cut, the trips that have no way left in time.

    Only cuts on the best way, and on the best way without the first cut, are looked at: any other
    leaves one of these.
    """
    ways = tuple(
        Way(a=arc.a, z=arc.z, routes=(arc.name,), delay_ms=arc.delay_ms)
        for arc in delay_arcs(network)
    )
    return excepted_over(network, ways, trips, ends_ms=end_ms(network, away=True))


def excepted_over(
    network: Network, ways: Sequence[Way], trips: Iterable[Trip], *, ends_ms: float
) -> Mapping[Pair, frozenset[Trip]]:
    """By two routes that are cut, the trips that have no way left in time over some links.

    Parameters
    ----------
    ends_ms
        One way: what stands at the ends of a trip, whatever it rides.
    """
    roads = _Roads.of(network, ways, ends_ms)
    found: dict[Pair, set[Trip]] = {}
    for trip in dict.fromkeys(trips):
        for pair in roads.fatal(trip):
            found.setdefault(pair, set()).add(trip)
    return {pair: frozenset(lost) for pair, lost in found.items()}


@dataclass(frozen=True)
class _Roads:
    """What can be ridden, and further steps that join far ends for nothing."""

    ways: tuple[Way, ...]
    riding: dict[str, list[int]]
    """By route, the ways that are lost with it."""
    site: dict[str, int]
    ends_ms: float

    @staticmethod
    def of(network: Network, ways: Sequence[Way], ends_ms: float) -> "_Roads":
        site = {row.name: number for number, row in enumerate(network.sites)}
        riding: dict[str, list[int]] = {}
        for number, way in enumerate(ways):
            for name in way.routes:
                riding.setdefault(name, []).append(number)
        return _Roads(tuple(ways), riding, site, ends_ms)

    def fatal(self, trip: Trip) -> Iterator[Pair]:
        """Pairs of routes without which the trip is not made in time."""
        if trip.near in trip.far:
            return
        graph, weight = self._towards(trip)
        names = tuple(self.riding)
        seen: set[Pair] = set()
        for first in self._way(graph, weight, trip, ()):
            others = self._way(graph, weight, trip, (first,))
            # A route that no way does without is fatal with any other.
            certain = not others
            for second in others or names:
                pair = frozenset({first, second})
                if first == second or pair in seen:
                    continue
                seen.add(pair)
                if certain or not self._way(graph, weight, trip, (first, second)):
                    yield pair
        if not self._way(graph, weight, trip, ()):
            yield from (frozenset(pair) for pair in combinations(names, 2))

    def _towards(self, trip: Trip) -> tuple[Graph, list[float]]:
        """The graph with one more site, which every far end leads to for nothing."""
        goal = len(self.site)
        a = [self.site[way.a] for way in self.ways] + [self.site[end] for end in trip.far]
        z = [self.site[way.z] for way in self.ways] + [goal] * len(trip.far)
        weight = [way.delay_ms for way in self.ways for _ in range(2)]
        return Graph.of(goal + 1, a, z), weight + [0.0, inf] * len(trip.far)

    def _way(
        self, graph: Graph, weight: list[float], trip: Trip, cut: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Routes of the best way in time while some are cut; empty where there is none."""
        left = list(weight)
        for number in chain.from_iterable(self.riding[name] for name in cut):
            left[2 * number] = left[2 * number + 1] = inf
        path: Path | None = shortest_path(graph, left, self.site[trip.near], len(self.site))
        limit_ms = trip.limit_ms - self.ends_ms
        if path is None or path_weight(left, path) > limit_ms * (1.0 + NEAR_ENOUGH):
            return ()
        ridden = (self.ways[arc_link(arc)].routes for arc in path[:-1])
        return tuple(dict.fromkeys(chain.from_iterable(ridden)))
