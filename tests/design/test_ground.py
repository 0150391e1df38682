from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.design.ground import ground_of, huts, pair_cost
from arterial.model.cost import Costs
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.units import fibre_delay_ms

SITES = tuple(Site(name=name) for name in "ABC")


def network(*fibres, **changes):
    return Network(name="n", sites=SITES, fibres=fibres, **changes)


def fibre(name="F", a="A", z="B", length_km=100.0, **changes):
    return Fibre(name=name, a=a, z=z, length_km=length_km, **changes)


def test_risks_are_the_fibre_itself_and_each_shared_risk_once():
    ground = ground_of(network(fibre("F", risks=("x", "y")), fibre("G"), fibre("H", risks=("y",))))
    assert ground.risk_names == ("x", "y")
    assert ground.risks == (frozenset({0, 3, 4}), frozenset({1}), frozenset({2, 4}))


@pytest.mark.parametrize("closed", [{"length_km": None}, {"subsea": True}])
def test_light_does_not_pass_where_nobody_can_say_whether_it_does(closed):
    ground = ground_of(network(fibre(), fibre("G", **closed)))
    assert ground.length_km == (100.0, 100.0, inf, inf)


def test_delay_is_the_sum_of_the_fibres_times_the_route_factor():
    ground = ground_of(network(fibre(), fibre("G", a="C", z="B", length_km=50.0)))
    assert ground.delay_ms((0, 3)) == pytest.approx(1.37 * fibre_delay_ms(150.0))
    assert ground.delay_ms(()) == 0.0


@given(st.floats(1.0, 5000.0), st.none() | st.floats(0.0, 1.0), st.integers(1, 9))
def test_a_pair_costs_its_lease_its_huts_and_two_degrees(length_km, own, years):
    costs = Costs(years=float(years), pair_km_year=0.01, amplifier_hut=3.0, roadm_degree=0.5)
    here = network(fibre(length_km=length_km, pair_km_year=own), costs=costs)
    rent = 0.01 if own is None else own
    spans = ceil(length_km / here.line.span_km)
    expected = rent * length_km * years + 3.0 * (spans - 1) + 1.0
    assert pair_cost(here, here.fibres[0]) == pytest.approx(expected)
    assert ground_of(here).pair_cost[0] == pytest.approx(expected)


def test_a_pair_of_unknown_length_has_no_price():
    here = network(fibre(length_km=None))
    assert pair_cost(here, here.fibres[0]) == inf


def test_huts_stand_between_spans():
    here = network(fibre())
    spans = [fibre(length_km=km) for km in (1.0, 80.0, 80.1, 160.0, 161.0)]
    assert [huts(here, one) for one in spans] == [0, 0, 1, 1, 2]


def test_routers_and_pairs_are_those_of_the_description():
    sites = (Site(name="A", roles=("edge",)), Site(name="B"), Site(name="C", routers=3))
    ground = ground_of(Network(name="n", sites=sites, fibres=(fibre(pairs=7, lit_pairs=2),)))
    assert ground.routers.tolist() == [2, 0, 3]
    assert (ground.pairs.tolist(), ground.lit.tolist()) == ([7], [2])
