import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.build import settled
from arterial.design.traffic import ip_links, traffic_of
from arterial.units import fibre_delay_ms

SEEDS = st.integers(0, 2**32 - 1)


def routed(tiny, designs_of, seed):
    here = tiny(seed)
    for state in designs_of(here, np.random.default_rng(seed), 2):
        build = settled(here.instance, here.flows, state)
        links = {link.name: link for link in ip_links(here.instance, build)}
        yield here, build, links, traffic_of(here.instance, here.flows, state.placements, build)


@given(SEEDS)
@settings(max_examples=15)
def test_a_tunnel_runs_hop_by_hop_from_its_source_to_its_target(tiny, designs_of, seed):
    for here, _, links, traffic in routed(tiny, designs_of, seed):
        ends = {demand.name: (demand.source, demand.target) for demand in here.demands}
        for tunnel in traffic.tunnels:
            hops = [hop for hop in traffic.hops if hop.tunnel == tunnel.name]
            assert [hop.hop for hop in hops] == list(range(len(hops)))
            at = tunnel.source
            for hop in hops:
                link = links[hop.link]
                start, end = (link.a, link.z) if hop.forward else (link.z, link.a)
                assert start == at
                at = end
            assert at == tunnel.target
            source, target = ends[tunnel.demand]
            if tunnel.protects and tunnel.demand.endswith("M"):
                source, target = ("S2", target) if source == "S1" else (source, "S2")
            assert (tunnel.source, tunnel.target) == (source, target)


@given(SEEDS)
@settings(max_examples=15)
def test_primaries_add_up_to_their_demand_and_a_backup_carries_its_own_whole(
    tiny, designs_of, seed
):
    for here, _, _, traffic in routed(tiny, designs_of, seed):
        for demand in here.demands:
            own = [tunnel for tunnel in traffic.tunnels if tunnel.demand == demand.name]
            primaries = [tunnel for tunnel in own if not tunnel.protects]
            assert sum(tunnel.rate_gbps for tunnel in primaries) == pytest.approx(demand.gbps)
            assert [t.name for t in own] == [f"{demand.name} t{n + 1}" for n in range(len(own))]
            rate = {tunnel.name: tunnel.rate_gbps for tunnel in primaries}
            for backup in (tunnel for tunnel in own if tunnel.protects):
                assert backup.rate_gbps == rate[backup.protects]


@given(SEEDS)
@settings(max_examples=15)
def test_round_trips_count_fibre_fec_routers_and_access(tiny, designs_of, seed):
    for here, _, links, traffic in routed(tiny, designs_of, seed):
        access = {demand.name: demand.access_ms for demand in here.demands}
        for tunnel in traffic.tunnels:
            hops = [hop.link for hop in traffic.hops if hop.tunnel == tunnel.name]
            one_way = sum(links[link].latency_ms for link in hops)
            one_way += here.network.latency.router_us / 1000 * (len(hops) + 1)
            assert tunnel.rtt_ms == pytest.approx(2 * (one_way + access[tunnel.demand]))


@given(SEEDS)
@settings(max_examples=10)
def test_links_that_are_built_are_those_with_waves(tiny, designs_of, seed):
    for here, build, links, _ in routed(tiny, designs_of, seed):
        assert len(links) == (build.waves > 0).sum()
        assert sum(link.waves for link in links.values()) == build.waves.sum()
        for link in links.values():
            assert link.capacity_gbps in {link.waves * rate for rate in (100.0, 400.0)}
            assert link.floor_ms == pytest.approx(fibre_delay_ms(link.length_km))
            light_ms = here.network.latency.route_factor * link.floor_ms
            assert light_ms < link.latency_ms <= light_ms + 0.020 + 1e-9
