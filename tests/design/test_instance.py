import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.candidates import Route
from arterial.design.ground import ground_of
from arterial.design.instance import (
    NO_OPTION,
    instance_of,
    link_latency_ms,
    option_latency_ms,
    wave_columns,
    wave_cost,
)
from arterial.model.fibre import Link
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.units import fibre_delay_ms

SEEDS = st.integers(0, 2**32 - 1)
PAIR = (Site(name="A"), Site(name="B"))


@given(SEEDS)
@settings(max_examples=20)
def test_a_case_takes_the_links_that_ride_its_fibres_or_touch_its_site(tiny, seed):
    instance = tiny(seed).instance
    network = instance.ground.network
    for case, failure in enumerate(instance.failures):
        for link, route in enumerate(instance.routes):
            rides = {network.fibres[arc >> 1].name for arc in route.arcs}
            ends = [(network.fibres[arc >> 1].a, network.fibres[arc >> 1].z) for arc in route.arcs]
            touches = {site for pair in ends for site in pair}
            hit = rides & set(failure.fibres) or (
                failure.kind == "site" and failure.site in touches
            )
            assert instance.dead[case, link] == bool(hit)


@given(SEEDS)
@settings(max_examples=20)
def test_cases_are_single_failures_of_what_can_be_lit_but_no_routers(tiny, seed):
    instance = tiny(seed).instance
    kinds = [failure.kind for failure in instance.failures]
    assert set(kinds) <= {"fibre", "srlg", "site", "edge"}
    used = {
        instance.ground.network.fibres[arc >> 1].name for r in instance.routes for arc in r.arcs
    }
    assert {f.name for f in instance.failures if f.kind == "fibre"} == {f"fibre {m}" for m in used}
    assert kinds.count("edge") == 2


def test_options_without_a_price_or_worse_in_everything_are_left_out(tiny):
    ground = tiny(4).instance.ground
    route, (cheap, good) = tiny(4).instance.routes[0], tiny(4).instance.options[0]
    unpriced = structs.replace(good, cost=float("nan"))
    wider = structs.replace(good, slot_ghz=good.slot_ghz + 1.0)
    kept = instance_of(ground, [route, route], [(wider, good, unpriced, cheap), (unpriced,)], ())
    assert kept.options == ((cheap, good),)
    assert kept.real.tolist() == [[True, True]]


def test_places_without_an_option_are_out_of_reach(tiny):
    here = tiny(4)
    ground, (one, other) = here.instance.ground, here.instance.routes[:2]
    (cheap, good) = here.instance.options[0]
    kept = instance_of(ground, [one, other], [(cheap, good), (good,)], ())
    assert kept.real.tolist() == [[True, True], [True, False]]
    assert (kept.wave_cost[1, 1], kept.slot_ghz[1, 1]) == (NO_OPTION, 0.0)


def test_a_wave_costs_its_pluggables_two_ports_and_its_power_over_the_years(tiny):
    here = tiny(4)
    option = here.instance.options[0][0]
    costs = here.network.costs
    expected = option.cost + 2 * costs.router_port + option.watts * costs.watt_year * costs.years
    assert wave_cost(here.network, option) == pytest.approx(expected)
    unknown = structs.replace(option, watts=float("nan"))
    assert wave_cost(here.network, unknown) == pytest.approx(option.cost + 2 * costs.router_port)


def test_light_pays_fec_at_its_end_and_at_each_regenerator(tiny):
    here = tiny(4)
    route = next(r for r in here.instance.routes if len(r.arcs) == 1)
    (own, other) = here.instance.options[here.instance.routes.index(route)]
    km = here.instance.ground.length_km[route.arcs[0]]
    fibre_ms = 1.37 * fibre_delay_ms(km)
    ground = here.instance.ground
    assert option_latency_ms(ground, route, own) == pytest.approx(fibre_ms + 0.010)  # by default
    assert option_latency_ms(ground, route, other) == pytest.approx(fibre_ms + 0.003)  # its own
    twice = structs.replace(other, regenerator_hops=(0, 1))
    assert option_latency_ms(ground, route, twice) == pytest.approx(fibre_ms + 0.009)


def test_a_ready_made_link_is_one_wave_that_stands_already():
    link = Link(name="L", a="A", z="B", capacity_gbps=40.0, latency_ms=2.0, risks=("duct",))
    network = Network(name="n", sites=PAIR, links=(link,))
    instance = instance_of(ground_of(network), (), (), ())
    assert instance.routes == (Route(0, 1, (), "L"),)
    assert (instance.rate_gbps.tolist(), instance.free_waves.tolist()) == ([[40.0]], [1])
    assert instance.latency_ms.tolist() == [2.0]
    names = [failure.name for failure in instance.failures]
    assert names == ["fibre L", "srlg duct", "site A", "site B"]
    assert instance.dead.all()


@pytest.mark.parametrize(
    ("known", "delay_ms"),
    [
        ({"latency_ms": 1.0, "length_km": 500.0}, 1.0),
        ({"length_km": 100.0}, 1.37 * fibre_delay_ms(100.0)),
        ({}, np.inf),
    ],
)
def test_the_delay_of_a_ready_made_link_is_told_or_follows_from_its_length(known, delay_ms):
    link = Link(name="L", a="A", z="B", capacity_gbps=1.0, **known)
    network = Network(name="n", sites=PAIR, links=(link,))
    assert link_latency_ms(network, link) == pytest.approx(delay_ms)


@given(SEEDS)
@settings(max_examples=5)
def test_columns_of_links_are_all_their_options_in_order(tiny, seed):
    instance = tiny(seed).instance
    numbers = np.arange(instance.rate_gbps.size).reshape(instance.rate_gbps.shape)
    links = np.arange(len(instance.routes))[::2]
    assert wave_columns(instance, links).tolist() == numbers[links].ravel().tolist()
