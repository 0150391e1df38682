import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.bill import bill_of
from arterial.design.build import settled
from arterial.design.ground import pair_cost
from arterial.design.light import light_of
from arterial.design.state import chassis_count, link_cost, new_pairs, total_cost
from arterial.design.traffic import ip_links

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=20)
def test_the_bill_adds_up_to_what_the_search_brought_down(tiny, designs_of, seed):
    here = tiny(seed)
    instance, costs = here.instance, here.network.costs
    for state in designs_of(here, np.random.default_rng(seed), 2):
        required = state.required_gbps()
        build = settled(instance, here.flows, state)
        light = light_of(instance, build)
        bill = bill_of(
            here.network, ip_links(instance, build), light.lightpaths, light.lit, ("S1", "S2")
        )
        # Waves added for routers and pairs lit for want of one frequency are not in the search.
        _, option, _ = link_cost(instance, required)
        price = instance.wave_cost[np.arange(len(option)), option]
        known = new_pairs(instance, build.waves, build.option)
        extra = {row.fibre: row.new_pairs for row in light.lit}
        lit = sum(
            pair_cost(here.network, fibre) * extra.get(fibre.name, 0)
            for fibre in here.network.fibres
        )
        chassis = chassis_count(instance, build.waves).sum() * costs.chassis
        expected = build.waves @ price + lit + chassis + 2 * costs.years * costs.edge_site_year
        assert sum(item.cost for item in bill) == pytest.approx(expected)
        same_pairs = [extra.get(f.name, 0) for f in here.network.fibres] == known.tolist()
        if same_pairs and build.waves @ price == pytest.approx(
            link_cost(instance, required)[0].sum()
        ):
            edges = 2 * costs.years * costs.edge_site_year
            assert expected == pytest.approx(total_cost(instance, required) + edges)


@given(SEEDS)
@settings(max_examples=10)
def test_every_line_is_its_quantity_times_its_price_and_stands_once(tiny, designs_of, seed):
    here = tiny(seed)
    for state in designs_of(here, np.random.default_rng(seed), 1):
        build = settled(here.instance, here.flows, state)
        light = light_of(here.instance, build)
        bill = bill_of(
            here.network, ip_links(here.instance, build), light.lightpaths, light.lit, ("S1",)
        )
        assert all(item.cost == pytest.approx(item.quantity * item.unit_cost) for item in bill)
        assert all(item.quantity > 0 for item in bill)
        keys = [(item.item, item.where) for item in bill]
        assert len(set(keys)) == len(keys)


def test_a_candidate_edge_is_built_and_an_existing_one_only_kept(drill):
    items = {
        (item.item, item.where): item.cost for item in bill_of(drill, (), (), (), ("Cedar", "Fir"))
    }
    costs = drill.costs
    assert items == {
        ("edge site", "Cedar"): costs.years * costs.edge_site_year,
        ("edge build", "Cedar"): costs.edge_site_build,
        ("edge site", "Fir"): costs.years * costs.edge_site_year,
    }
