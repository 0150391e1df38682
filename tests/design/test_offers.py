"""One duct offered twice: leased by pair and year, or built once and cheap then."""

import pytest
from msgspec import structs

from arterial.design.bound import bound
from arterial.design.candidates import Route
from arterial.design.ground import ground_of
from arterial.design.offers import MOST_WAYS, with_offers
from arterial.design.search import restored, search
from arterial.design.state import link_cost, new_pairs
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.policy import Policy
from arterial.model.site import Site
from arterial.plan.rows import Demand

LEASE, BUILD, UPKEEP = 0.02, 30.0, 0.001


def duct(number, a, z):
    """100 km between two sites: for lease, or to be built."""
    both = {"a": a, "z": z, "length_km": 100.0, "risks": (f"duct {number}",)}
    return (
        Fibre(
            name=f"built {number}",
            status="candidate",
            pair_km_year=UPKEEP,
            **both,
            setup_cost=BUILD,
        ),
        Fibre(name=f"leased {number}", status="leasable", pair_km_year=LEASE, **both),
    )


def line_of(hops):
    """Sites in a row with a duct between neighbours."""
    ends = [(f"S{n}", f"S{n + 1}") for n in range(hops)]
    return Network(
        name="row",
        sites=tuple(Site(name=f"S{n}", roles=("campus",)) for n in range(hops + 1)),
        fibres=tuple(fibre for n, (a, z) in enumerate(ends) for fibre in duct(n, a, z)),
        policy=Policy(rules=()),
        line=LineSystem(f_min_thz=191.3, f_max_thz=196.1),
    )


# A pair holds three waves and a half. Built costs 30 + 0.5 a pair, leased 10 a pair; both have line
# equipment on top.
@pytest.mark.parametrize(("waves", "pairs", "offer"), [(3, 1, "leased"), (12, 4, "built")])
def test_the_offer_that_is_cheaper_for_the_load_is_taken(posed, waves, pairs, offer):
    network = line_of(1)
    each = waves / 3 * 400.0 * network.policy.usable(failed=False)
    demands = tuple(
        Demand(name=f"data {n}", traffic_class="checkpoint", source="S0", target="S1", gbps=each)
        for n in range(3)
    )
    here = posed(network, demands, ())
    *_, found = search(here.chooser, here.flows, rounds=4)
    state = restored(here.instance, here.flows, found.placements)
    _, option, count = link_cost(here.instance, state.required_gbps())
    fresh = new_pairs(here.instance, count, option).tolist()
    lit = {row.name: n for row, n in zip(network.fibres, fresh, strict=True) if n}
    assert lit == {f"{offer} 0": pairs}
    *_, last = bound(here.instance, here.flows, rounds=2)
    assert 0.95 * found.bill <= last.bound <= found.bill + 1e-6


def test_a_route_is_offered_in_every_way_while_these_are_few():
    ground = ground_of(line_of(3))
    route = Route(0, 3, (0, 4, 8))
    found = {way.arcs for way in with_offers(ground, [route])}
    assert found == {(a, b, c) for a in (0, 2) for b in (4, 6) for c in (8, 10)}
    assert len(found) == MOST_WAYS


def test_a_long_route_is_offered_built_throughout_and_leased_throughout():
    ground = ground_of(line_of(5))
    route = Route(0, 5, (0, 6, 8, 12, 16))
    found = [way.arcs for way in with_offers(ground, [route])]
    assert found == [route.arcs, (2, 6, 10, 14, 18), (0, 4, 8, 12, 16)]


def test_ways_that_fail_apart_and_those_that_cost_nothing_once_are_no_offers():
    network = line_of(1)
    apart = tuple(structs.replace(fibre, risks=()) for fibre in network.fibres)
    free = tuple(structs.replace(fibre, setup_cost=None) for fibre in network.fibres)
    for fibres in (apart, free):
        ground = ground_of(structs.replace(network, fibres=fibres))
        assert [way.arcs for way in with_offers(ground, [Route(0, 1, (0,))])] == [(0,)]
