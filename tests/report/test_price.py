import math

import msgspec
import pytest

from arterial.design.bill import bill_of
from arterial.plan.store import read_plan
from arterial.report.price import price_without


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


def test_nothing_costs_nothing(plan):
    assert price_without(plan, ()) == ()


def test_all_waves_and_edges_cost_all_that_the_bill_has_of_them(plan):
    waves = {wave.name for wave in plan.lightpaths}
    edges = {item.where for item in plan.bill if item.item == "edge site"}
    cost = math.fsum(part.cost for part in price_without(plan, waves, edges))
    assert cost == pytest.approx(plan.cost - plan.spares_cost)


def test_the_price_of_a_wave_is_what_the_bill_is_less_without_it(plan):
    for wave in plan.lightpaths:
        parts = price_without(plan, {wave.name})
        assert all(part.quantity > 0.0 and part.cost >= 0.0 for part in parts)
        own = [p for p in parts if p.item == "pluggable"]
        assert [part.quantity for part in own] == [2.0 + 2.0 * len(wave.regenerators)]
        assert sum(p.quantity for p in parts if p.item == "router port") == 2.0


def test_a_pair_goes_with_the_last_wave_on_it_alone(plan):
    wave = plan.lightpaths[0]
    twin = msgspec.structs.replace(wave, name="twin")
    hops = [hop for hop in plan.lightpath_hops if hop.lightpath == wave.name]
    double = msgspec.structs.replace(
        plan,
        lightpaths=(*plan.lightpaths, twin),
        lightpath_hops=(
            *plan.lightpath_hops,
            *(msgspec.structs.replace(hop, lightpath="twin") for hop in hops),
        ),
    )
    for names in ({wave.name}, {"twin"}):
        assert not [p for p in price_without(double, names) if p.item == "fibre pair"]
    both = price_without(double, {wave.name, "twin"})
    new = {row.fibre for row in plan.lit_fibres if row.new_pairs}
    ridden = {hop.fibre for hop in hops}
    shared = {h.fibre for h in plan.lightpath_hops if h.lightpath != wave.name}
    pairs = {part.where for part in both if part.item == "fibre pair"}
    assert pairs == (ridden & new) - shared
    assert bill_of(plan.network, (), (), (), ()) == ()
