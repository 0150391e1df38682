from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.kernels import NO_PAIR, site_ports
from arterial.design.state import (
    State,
    chassis_count,
    link_cost,
    new_pairs,
    path_dead,
    total_cost,
)

SEEDS = st.integers(0, 2**32 - 1)
DESIGNS = settings(max_examples=15)


def alive(instance, case, path):
    return not any(instance.dead[case, arc >> 1] for arc in path)


def booked(tiny, placements, case):
    """Gb/s on each arc in a case (None: no failure), flow by flow and arc by arc."""
    instance = tiny.instance
    load = np.zeros(2 * len(instance.routes))
    for flow in tiny.flows:
        placement = placements[flow.name]
        ways = [(path, 1.0 / len(placement.paths)) for path in placement.paths]
        weight = 1.0
        if case is not None:
            weight = flow.weight[case]
            lost = flow.edge_lost[case]
            ways = [(p, s) for p, s in ways if not lost and alive(instance, case, p)]
            if placement.backup is not None and not ways:
                ways = [(placement.backup, 1.0)]
        for path, share in ways:
            for arc in path:
                load[arc] += flow.up_gbps * share * weight
                load[arc ^ 1] += flow.down_gbps * share * weight
    return load


def guarded(tiny, placements):
    """Gb/s on each arc, without failure, of flows of which a router's loss leaves something."""
    load = np.zeros(2 * len(tiny.instance.routes))
    for flow in tiny.flows:
        share = flow.guarded / len(placements[flow.name].paths)
        for arc in (arc for path in placements[flow.name].paths for arc in path):
            load[arc] += flow.up_gbps * share
            load[arc ^ 1] += flow.down_gbps * share
    return load


def bundle(count, half):
    """Waves of a bundle: of several, every other one must do after the loss of a router."""
    return count if count <= 1 else max(count, 2 * half)


@given(SEEDS)
@DESIGNS
def test_bookings_are_what_each_case_leaves_flow_by_flow(tiny, designs_of, seed):
    here = tiny(seed)
    for state in designs_of(here, np.random.default_rng(seed), 3):
        assert state.normal == pytest.approx(booked(here, state.placements, None))
        for case in range(len(here.instance.failures)):
            assert state.failed[:, case] == pytest.approx(booked(here, state.placements, case))


@given(SEEDS)
@DESIGNS
def test_what_is_lifted_leaves_no_trace(tiny, designs_of, placements_of, seed):
    here = tiny(seed)
    random = np.random.default_rng(seed)
    for state in designs_of(here, random, 2):
        before = state.copy()
        for flow in here.flows:
            old = state.lift(flow)
            others = placements_of(here, flow)
            state.place(flow, others[random.integers(len(others))])
            state.lift(flow)
            state.place(flow, old)
        assert state.placements == before.placements
        assert np.allclose(state.normal, before.normal, atol=1e-9)
        assert np.allclose(state.failed, before.failed, atol=1e-9)
        assert state.delay_ms == pytest.approx(before.delay_ms, abs=1e-9)


def test_a_copy_goes_its_own_way(tiny, designs_of):
    here = tiny(4)
    state = next(designs_of(here, np.random.default_rng(4), 1))
    twin, normal = state.copy(), state.normal.copy()
    for flow in here.flows:
        twin.lift(flow)
    assert twin.normal == pytest.approx(0.0)
    assert not twin.placements
    assert (state.normal == normal).all()
    assert len(state.placements) == len(here.flows)


@given(SEEDS)
@DESIGNS
def test_every_link_has_room_for_its_fullest_direction_and_case(tiny, designs_of, seed):
    here = tiny(seed)
    policy = here.network.policy
    for state in designs_of(here, np.random.default_rng(seed), 3):
        required, halved, _ = state.required_gbps()
        for link in range(len(required)):
            arcs = [2 * link, 2 * link + 1]
            normal = max(state.normal[arcs]) / policy.usable(failed=False)
            failed = state.failed[arcs].max() / policy.usable(failed=True)
            assert required[link] == pytest.approx(max(normal, failed, 0.0))
            kept = guarded(here, state.placements)[arcs].max() / policy.usable(failed=True)
            assert halved[link] == pytest.approx(kept)


@given(SEEDS)
@DESIGNS
def test_a_link_takes_the_cheapest_mode_for_what_it_carries(tiny, seed):
    instance = tiny(seed).instance
    random = np.random.default_rng(seed)
    required = random.uniform(0.0, 1500.0, (2, len(instance.routes)))
    required[:, random.random(len(instance.routes)) < 0.3] = 0.0
    required[1] = np.minimum(required[1], required[0])
    cost, option, waves = link_cost(instance, required)
    for link, (gbps, halved) in enumerate(required.T):
        counts = [
            bundle(ceil(gbps / mode.rate_gbps - 1e-9), ceil(halved / mode.rate_gbps - 1e-9))
            for mode in instance.options[link]
        ]
        prices = [count * instance.wave_cost[link, number] for number, count in enumerate(counts)]
        assert cost[link] == pytest.approx(min(prices))
        assert prices[option[link]] == min(prices)
        assert waves[link] == counts[option[link]]


@given(SEEDS)
@DESIGNS
def test_the_total_is_waves_pairs_and_chassis_counted_one_by_one(tiny, designs_of, seed):
    here = tiny(seed)
    instance, costs = here.instance, here.network.costs
    for state in designs_of(here, np.random.default_rng(seed), 3):
        required = state.required_gbps()
        cost, option, waves = link_cost(instance, required)
        total, ports = float(cost.sum()), dict.fromkeys(range(instance.graph.sites), 0)
        for m, fibre in enumerate(here.network.fibres):
            used_ghz = sum(
                waves[link] * instance.options[link][option[link]].slot_ghz
                for link, route in enumerate(instance.routes)
                if m in {arc >> 1 for arc in route.arcs}
            )
            fresh = max(0, ceil(used_ghz / instance.room.band_ghz[m] - 1e-9) - fibre.lit_pairs)
            assert new_pairs(instance, waves, option)[m] == fresh
            total += fresh * instance.ground.pair_cost[m]
            total += max(0, fibre.lit_pairs + fresh - fibre.pairs) * NO_PAIR
        for link, route in enumerate(instance.routes):
            ports[route.a] += waves[link]
            ports[route.z] += waves[link]
        assert site_ports(waves, instance.tariff).tolist() == list(ports.values())
        for site, count in ports.items():
            routers = max(1, int(instance.ground.routers[site]))
            shares = [len(range(r, count, routers)) for r in range(routers)] if count else []
            chassis = sum(max(1, ceil(share / costs.chassis_ports)) for share in shares)
            assert chassis_count(instance, waves)[site] == chassis
            total += chassis * costs.chassis
        assert total_cost(instance, required) == pytest.approx(total)


def test_many_ports_are_shared_by_the_routers_of_a_site(tiny):
    instance = tiny(4).instance
    waves = np.zeros(len(instance.routes), dtype=np.int64)
    waves[0] = 73  # 37 and 36 ports on two routers of 36: three chassis
    route = instance.routes[0]
    counts = chassis_count(instance, waves)
    assert [counts[site] for site in (route.a, route.z)] == [3, 3]
    assert counts.sum() == 6


def test_a_tunnel_inside_one_site_is_lost_with_its_replicas_alone(tiny):
    here = tiny(4)
    flow = next(flow for flow in here.flows if flow.market)
    assert path_dead(here.instance, flow, ()).tolist() == flow.edge_lost.tolist()


def test_nothing_placed_costs_nothing(tiny):
    state = State(tiny(4).instance)
    assert total_cost(state.instance, state.required_gbps()) == 0.0
