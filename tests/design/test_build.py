from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.build import settled
from arterial.design.search import restored, search
from arterial.errors import InfeasibleError, SolverError
from arterial.model.fibre import Link

SEEDS = st.integers(0, 2**32 - 1)


def built(here, designs_of, seed):
    for state in designs_of(here, np.random.default_rng(seed), 3):
        yield state, settled(here.instance, here.flows, state)


@given(SEEDS)
@settings(max_examples=15)
def test_no_router_takes_what_the_policy_keeps_after_its_loss(tiny, designs_of, seed):
    here = tiny(seed)
    instance = here.instance
    protected = [
        flow
        for flow in here.flows
        if here.network.policy.kept((flow.up or flow.down).traffic_class, "router")
    ]
    for state, build in built(here, designs_of, seed):
        for site in range(instance.graph.sites):
            for router in (1, 2):
                left = dict.fromkeys(range(len(instance.routes)), 0.0)
                for link, route in enumerate(instance.routes):
                    for ends in build.routers[link]:
                        if (site, router) not in zip((route.a, route.z), ends, strict=True):
                            left[link] += instance.rate_gbps[link, build.option[link]]
                booked = dict.fromkeys(range(2 * len(instance.routes)), 0.0)
                for flow in protected:
                    place = state.placements[flow.name]
                    ways = [p for p in (*place.paths, place.backup) if p is not None]
                    way = next(p for p in ways if all(left[arc >> 1] > 0 for arc in p))
                    for arc in way:
                        booked[arc] += flow.up_gbps
                        booked[arc ^ 1] += flow.down_gbps
                for arc, gbps in booked.items():
                    assert gbps <= left[arc >> 1] * instance.usable_failed + 1e-6


@given(SEEDS)
@settings(max_examples=15)
def test_every_link_has_the_waves_that_its_bookings_need(tiny, designs_of, seed):
    here = tiny(seed)
    for state, build in built(here, designs_of, seed):
        rate = here.instance.rate_gbps[np.arange(len(build.option)), build.option]
        assert (build.waves * rate >= state.required_gbps()[0] - 1e-6).all()
        assert [len(ends) for ends in build.routers] == build.waves.tolist()


@given(SEEDS)
@settings(max_examples=10)
def test_waves_end_on_routers_that_are_there_and_alternate_between_them(tiny, designs_of, seed):
    here = tiny(seed)
    for _, build in built(here, designs_of, seed):
        for ends in build.routers:
            for end in (0, 1):
                counts = [sum(pair[end] == router for pair in ends) for router in (1, 2)]
                assert sum(counts) == len(ends)
                assert abs(counts[0] - counts[1]) <= 1


def test_an_end_with_one_router_is_refused_where_routers_must_be_outlived(tiny, posed, designs_of):
    here = tiny(4)
    sites = tuple(
        structs.replace(site, routers=1) if site.name == "S0" else site
        for site in here.network.sites
    )
    lone = posed(structs.replace(here.network, sites=sites), here.demands, here.replicas)
    state = next(designs_of(lone, np.random.default_rng(4), 1))
    with pytest.raises(InfeasibleError, match="after 'router S0/1' nothing is left") as told:
        settled(lone.instance, lone.flows, state)
    assert told.value.remedies == ("a second router at S0",)


HALF_A_LINK_GBPS = 400.0 / 0.855
"""Raw capacity that 400 Gb/s take after a failure."""


@pytest.mark.parametrize("half_gbps", [HALF_A_LINK_GBPS, HALF_A_LINK_GBPS - 1.0])
def test_half_of_a_ready_made_link_must_do_when_a_router_is_lost(tiny, posed, half_gbps):
    here = tiny(4)
    joined = tuple(
        Link(name=f"{a}-{z}", a=a, z=z, capacity_gbps=2.0 * half_gbps, latency_ms=1.0)
        for a, z in (("S0", "S1"), ("S0", "S2"), ("S1", "S2"))
    )
    market = tuple(structs.replace(demand, gbps=400.0) for demand in here.demands[:2])
    network = structs.replace(here.network, fibres=(), links=joined)
    lone = posed(network, market, here.replicas)
    *_, found = search(lone.chooser, lone.flows, rounds=1)
    state = restored(lone.instance, lone.flows, found.placements)
    if half_gbps < HALF_A_LINK_GBPS:
        with pytest.raises(SolverError, match="no added wave protects from the loss of a router"):
            settled(lone.instance, lone.flows, state)
    else:
        build = settled(lone.instance, lone.flows, state)
        assert set(build.waves.tolist()) <= {0, 1}


@given(SEEDS)
@settings(max_examples=10)
def test_what_must_outlive_a_router_has_a_bundle_left_after_it(tiny, posed, designs_of, seed):
    here, least = tiny(seed), 2
    policy = structs.replace(here.network.policy, min_links=least)
    bundled = posed(structs.replace(here.network, policy=policy), here.demands, here.replicas)
    protected = [
        flow
        for flow in bundled.flows
        if bundled.network.policy.kept((flow.up or flow.down).traffic_class, "router")
    ]
    for state, build in built(bundled, designs_of, seed):
        assert (build.waves[build.waves > 0] >= least).all()
        for site, router in product(range(bundled.instance.graph.sites), (1, 2)):
            left = [
                sum(
                    (site, router) not in zip((route.a, route.z), ends, strict=True)
                    for ends in build.routers[link]
                )
                for link, route in enumerate(bundled.instance.routes)
            ]
            for flow in protected:
                place = state.placements[flow.name]
                ways = [path for path in (*place.paths, place.backup) if path is not None]
                assert any(all(left[arc >> 1] >= least for arc in path) for path in ways)
