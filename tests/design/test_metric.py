import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.cuts import asks_of, border_of, cut_rows
from arterial.design.master import master_of
from arterial.design.metric import metric_row
from arterial.design.state import link_cost

SEEDS = st.integers(0, 2**32 - 1)


def row_of(here, case):
    asks = asks_of(here.instance, here.flows)
    ends = sorted({site for flow in here.flows for site in (flow.near, flow.far)})
    borders = [border_of(here.instance, asks, frozenset({site})) for site in ends]
    cuts = list(cut_rows(here.instance, borders))
    return metric_row(here.instance, asks, master_of(here.instance, asks), cuts, case)


@given(SEEDS)
@settings(max_examples=20)
def test_no_feasible_design_breaks_the_row_of_any_case(tiny, designs_of, seed):
    here = tiny(seed)
    instance = here.instance
    random = np.random.default_rng(seed)
    for case in random.choice(1 + len(instance.failures), 4, replace=False):
        row = row_of(here, int(case))
        if row is None:
            continue
        columns, values, least, _ = row
        for state in designs_of(here, random, 5):
            _, option, waves = link_cost(instance, state.required_gbps())
            built = np.zeros(instance.rate_gbps.shape)
            built[np.arange(len(option)), option] = waves
            assert built.reshape(-1)[columns] @ values >= least - 1e-7


@pytest.mark.parametrize("gbps", [2000.0, 30000.0])
def test_one_way_with_just_room_enough_keeps_the_row(tiny, posed, gbps):
    # Capacity gbps / usable along any one way from end to end carries the demand.
    here = tiny(4)
    demand = structs.replace(here.demands[2], gbps=gbps)
    alone = posed(here.network, (demand,), ())
    asks = asks_of(alone.instance, alone.flows)
    row = metric_row(alone.instance, asks, master_of(alone.instance, asks), (), 0)
    assert row is not None
    columns, values, least, _ = row
    options = alone.instance.rate_gbps.shape[1]
    length = np.zeros(len(alone.instance.routes))
    for column, value in zip(columns, values, strict=True):
        rate = alone.instance.rate_gbps[column // options, column % options]
        length[column // options] = value / rate
    graph = nx.MultiGraph()
    for route, weight in zip(alone.instance.routes, length, strict=True):
        graph.add_edge(route.a, route.z, weight=float(weight))
    flow = alone.flows[0]
    distance = nx.shortest_path_length(graph, flow.near, flow.far, weight="weight")
    assert least == 1.0
    assert gbps * distance / alone.instance.usable_normal >= 1.0 - 1e-9
