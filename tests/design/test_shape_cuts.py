"""What links cannot keep after two cuts: every pair tried by itself, over every way there is."""

from itertools import combinations
from math import inf, nan

import numpy as np
import pytest
from msgspec import structs

from arterial.demand.excepted import excepted, trips_of
from arterial.demand.flows import demands
from arterial.design.ground import ground_of
from arterial.design.roads import pair_links
from arterial.design.shape import Shape
from arterial.design.shape_cuts import cannot, links_of, shape_owed_nothing
from arterial.model.reader import load_network
from arterial.plan.rows import Replica
from arterial.plan.store import read_plan
from arterial.units import US_PER_MS, fibre_delay_ms


@pytest.fixture(scope="module")
def network(doubled_drill):
    return load_network(doubled_drill)


def shape_of(network, seed):
    """Some pairs of sites joined over one route or two, answered at two edges."""
    ground = ground_of(network)
    pairs = list(combinations(range(len(network.sites)), 2))
    random = np.random.default_rng(seed)
    chosen = random.choice(len(pairs), 12, replace=False)
    links = [link for k in chosen for link in pair_links(ground, *pairs[k])]
    replicas = tuple(
        Replica(market=market.name, site=market.site, edge="Birch", failover="Fir", rtt_ms=nan,
                failover_rtt_ms=nan)
        for market in network.markets
    )  # fmt: skip
    return Shape(name="own", links=tuple(links), replicas=replicas)


def least_ms(network, links, trip, cut):
    """Bellman-Ford over names: a link is as fast as light, its FEC and the router behind it."""
    own_ms = network.latency.fec_us / US_PER_MS + network.latency.router_ms
    length_km = {fibre.name: fibre.length_km for fibre in network.fibres}
    arcs = [
        (
            link.a,
            link.z,
            own_ms
            + network.latency.route_factor * fibre_delay_ms(sum(length_km[f] for f in link.fibres)),
        )
        for link in links
        if not set(cut) & set(link.fibres)
    ]
    far = {site.name: inf for site in network.sites} | {trip.near: network.latency.router_ms}
    for _ in network.sites:
        for a, z, delay_ms in arcs:
            far[z] = min(far[z], far[a] + delay_ms)
            far[a] = min(far[a], far[z] + delay_ms)
    return min(far[end] for end in trip.far)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rtt_ms", [20.0, 8.0])
def test_what_links_cannot_keep_is_what_no_way_is_left_for_on_them(network, seed, rtt_ms):
    assert all(mode.fec_us is None for mode in network.modes)
    classes = tuple(
        structs.replace(one, rtt_ms=rtt_ms) if one.name == "inference" else one
        for one in network.classes
    )
    network = structs.replace(network, classes=classes)
    shape = shape_of(network, seed)
    wanted = demands(network, "base", shape.replicas)
    people = [row for row in wanted if row.traffic_class == "inference"]
    trips = set(trips_of(network, people, shape.replicas).values())
    trips = {trip for trip in trips if trip.near not in trip.far}
    every = excepted(network, trips)
    told = shape_owed_nothing(network, shape, wanted, shape.replicas)
    used = sorted({name for link in shape.links for name in link.fibres})
    lost = late = 0
    for pair in combinations(used, 2):
        found_ms = {trip: least_ms(network, shape.links, trip, pair) for trip in trips}
        slow = {trip for trip, ms in found_ms.items() if ms > trip.limit_ms * (1 + 1e-9)}
        excused = every.get(frozenset(pair), frozenset())
        assert told.get(frozenset(pair), frozenset()) == slow | excused
        lost += bool(slow - excused)
        late += any(found_ms[trip] == inf for trip in trips)
    found = cannot(network, shape.links, wanted, shape.replicas)
    assert (found.lost, found.lost_late) == (lost, late)
    assert found.pairs == len(used) * (len(used) - 1) // 2
    assert bool(found.example) == bool(found.names) == bool(lost)


def test_a_plan_that_outlives_two_cuts_has_links_that_can(doubled_plan):
    plan = read_plan(doubled_plan)
    found = cannot(plan.network, links_of(plan), plan.demands, plan.replicas)
    assert found.lost == 0
    assert found.pairs >= len({hop.fibre for hop in plan.lightpath_hops})


def test_nobody_is_asked_where_no_rule_speaks_of_two_cuts(drill_plan):
    plan = read_plan(drill_plan)
    assert cannot(plan.network, links_of(plan), plan.demands, plan.replicas) is None
