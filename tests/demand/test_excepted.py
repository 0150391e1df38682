from itertools import combinations
from math import inf

import msgspec
import pytest

from arterial.demand.excepted import Trip, excepted, trips_of
from arterial.fabric.delays import delay_arcs, end_ms
from arterial.model.reader import load_network
from arterial.plan.store import read_plan


@pytest.fixture(scope="module")
def network(drill):
    return load_network(drill)


def round_way_ms(network, trip, cut):
    """Bellman-Ford over names: the best way from a trip's near end to any of its far ends."""
    far = {site.name: inf for site in network.sites} | {trip.near: 0.0}
    arcs = [arc for arc in delay_arcs(network) if arc.name not in cut]
    for _ in network.sites:
        for arc in arcs:
            far[arc.z] = min(far[arc.z], far[arc.a] + arc.delay_ms)
            far[arc.a] = min(far[arc.a], far[arc.z] + arc.delay_ms)
    return min(far[end] for end in trip.far) + end_ms(network, away=True)


@pytest.mark.parametrize("limit_ms", [inf, 8.0, 6.0, 5.0, 4.0, 2.0])
@pytest.mark.parametrize("fewer", [0, 3, 6])
def test_what_is_excepted_is_what_no_way_is_left_for_in_time(network, limit_ms, fewer):
    thin = msgspec.structs.replace(network, fibres=network.fibres[fewer:])
    trips = [
        Trip(name=market.name, near=market.site, far=("Birch", "Fir"), limit_ms=limit_ms)
        for market in network.markets
    ]
    found = excepted(thin, trips)
    routes = [arc.name for arc in delay_arcs(thin)]
    for pair in combinations(routes, 2):
        expected = {
            trip
            for trip in trips
            if trip.near not in trip.far and round_way_ms(thin, trip, pair) > limit_ms * (1 + 1e-9)
        } | {trip for trip in trips if round_way_ms(thin, trip, pair) == inf}
        assert found.get(frozenset(pair), frozenset()) == expected, pair


def test_a_market_is_answered_at_any_edge_in_use(drill_plan):
    plan = read_plan(drill_plan)
    edges = {edge for row in plan.replicas for edge in (row.edge, row.failover)}
    trips = trips_of(plan.network, plan.demands, plan.replicas)
    assert set(trips) == {demand.name for demand in plan.demands}
    for demand in plan.demands:
        trip = trips[demand.name]
        assert set(trip.far) == (edges if demand.market else {demand.target})
        assert trip.name == (demand.market or demand.name)
