from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design import light as lights
from arterial.design.build import settled
from arterial.design.light import light_of, link_names
from arterial.errors import InfeasibleError
from arterial.model.wave import Wave

SEEDS = st.integers(0, 2**32 - 1)


def lit(tiny, designs_of, seed):
    here = tiny(seed)
    for state in designs_of(here, np.random.default_rng(seed), 2):
        build = settled(here.instance, here.flows, state)
        yield here, build, light_of(here.instance, build)


@given(SEEDS)
@settings(max_examples=15)
def test_no_two_waves_share_spectrum_on_a_pair(tiny, designs_of, seed):
    for _, _, light in lit(tiny, designs_of, seed):
        slot = {row.name: row.slot_ghz for row in light.lightpaths}
        for one, other in combinations(light.hops, 2):
            if (one.fibre, one.pair) == (other.fibre, other.pair):
                apart = abs(one.centre_ghz - other.centre_ghz)
                assert apart >= (slot[one.lightpath] + slot[other.lightpath]) / 2 - 1e-6


@given(SEEDS)
@settings(max_examples=15)
def test_a_wave_rides_its_route_and_changes_frequency_only_where_it_is_regenerated(
    tiny, designs_of, seed
):
    for here, build, light in lit(tiny, designs_of, seed):
        names = link_names(here.instance)
        fibres = {fibre.name: fibre for fibre in here.network.fibres}
        assert len(light.lightpaths) == build.waves.sum()
        for wave in light.lightpaths:
            route = here.instance.routes[names.index(wave.link)]
            hops = [hop for hop in light.hops if hop.lightpath == wave.name]
            assert [hop.hop for hop in hops] == list(range(len(route.arcs)))
            passed = []
            for hop, arc in zip(hops, route.arcs, strict=True):
                fibre = fibres[hop.fibre]
                assert here.network.fibres[arc >> 1] is fibre
                assert hop.forward == (arc % 2 == 0)
                passed.append(fibre.z if hop.forward else fibre.a)
            for one, other, site in zip(hops, hops[1:], passed, strict=False):
                assert one.centre_ghz == other.centre_ghz or site in wave.regenerators
            assert set(wave.regenerators) <= set(passed[:-1])


@given(SEEDS)
@settings(max_examples=15)
def test_pairs_told_as_lit_are_those_that_waves_ride_and_that_there_are(tiny, designs_of, seed):
    for here, _, light in lit(tiny, designs_of, seed):
        fibres = {fibre.name: fibre for fibre in here.network.fibres}
        rows = {row.fibre: row for row in light.lit}
        assert set(rows) == {hop.fibre for hop in light.hops}
        for hop in light.hops:
            assert 1 <= hop.pair <= rows[hop.fibre].pairs
        for row in light.lit:
            assert row.new_pairs == max(0, row.pairs - fibres[row.fibre].lit_pairs)
            assert row.pairs <= fibres[row.fibre].pairs
            assert 0.0 < row.fill <= 1.0


@given(SEEDS)
@settings(max_examples=15)
def test_new_waves_keep_off_waves_in_service(tiny, posed, designs_of, seed):
    here = tiny(seed)
    fibres = tuple(structs.replace(fibre, lit_pairs=1) for fibre in here.network.fibres)
    waves = tuple(
        Wave(
            name=f"old {fibre.name}",
            a=fibre.a,
            fibres=(fibre.name,),
            pairs=(1,),
            centre_ghz=191_600.0 + 12.5 * number,
            slot_ghz=600.0,
        )
        for number, fibre in enumerate(fibres)
    )
    busy = posed(
        structs.replace(here.network, fibres=fibres, waves=waves), here.demands, here.replicas
    )
    for _, _, light in lit(lambda _: busy, designs_of, seed):
        slot = {row.name: row.slot_ghz for row in light.lightpaths}
        for hop, old in product(light.hops, waves):
            if (hop.fibre, hop.pair) == (old.fibres[0], 1):
                apart = abs(hop.centre_ghz - old.centre_ghz)
                assert apart >= (slot[hop.lightpath] + old.slot_ghz) / 2 - 1e-6


@given(SEEDS)
@settings(max_examples=15)
def test_a_router_s_add_drop_takes_a_frequency_once_where_it_is_not_contentionless(
    tiny, posed, designs_of, seed
):
    here = tiny(seed)
    sites = tuple(structs.replace(site, add_drop="CD") for site in here.network.sites)
    poor = posed(structs.replace(here.network, sites=sites), here.demands, here.replicas)
    try:
        lights_of = list(lit(lambda _: poor, designs_of, seed))
    except InfeasibleError:
        return  # four such waves fill a band: a fifth on one router has no frequency
    for there, _, light in lights_of:
        ends = dict(zip(link_names(there.instance), there.instance.routes, strict=True))
        on = {}
        for wave in light.lightpaths:
            hops = [hop for hop in light.hops if hop.lightpath == wave.name]
            route = ends[wave.link]
            for site, router, hop in (
                (route.a, wave.router_a, hops[0]),
                (route.z, wave.router_z, hops[-1]),
            ):
                on.setdefault((site, router), []).append((hop.centre_ghz, wave.slot_ghz))
        for waves in on.values():
            for one, other in combinations(waves, 2):
                assert abs(one[0] - other[0]) >= (one[1] + other[1]) / 2 - 1e-6


def test_a_cable_without_a_pair_left_is_told_and_never_overfilled(tiny, posed, designs_of):
    here = tiny(4)
    thin = tuple(structs.replace(fibre, pairs=1, lit_pairs=1) for fibre in here.network.fibres)
    demands = tuple(structs.replace(d, gbps=20 * d.gbps) for d in here.demands)
    lone = posed(structs.replace(here.network, fibres=thin), demands, here.replicas)
    state = next(designs_of(lone, np.random.default_rng(4), 1))
    build = settled(lone.instance, lone.flows, state)
    with pytest.raises(InfeasibleError, match="all 1 pairs are full") as told:
        light_of(lone.instance, build)
    assert told.value.demand.startswith("fibre 'F")
    assert told.value.remedies


def test_a_demand_beyond_every_cable_is_told_before_its_waves_are_listed(
    tiny, posed, designs_of, monkeypatch
):
    here = tiny(4)
    thin = tuple(structs.replace(fibre, pairs=1, lit_pairs=1) for fibre in here.network.fibres)
    demands = tuple(structs.replace(d, gbps=20 * d.gbps) for d in here.demands)
    vast = posed(structs.replace(here.network, fibres=thin), demands, here.replicas)
    build = settled(vast.instance, vast.flows, next(designs_of(vast, np.random.default_rng(4), 1)))
    monkeypatch.setattr(lights, "_requests", None)
    with pytest.raises(InfeasibleError, match="pairs are full"):
        light_of(vast.instance, build)


def test_parallel_routes_have_names_of_their_own(tiny):
    names = link_names(tiny(4).instance)
    assert len(set(names)) == len(names)
    assert any(name.endswith("#2") for name in names)
