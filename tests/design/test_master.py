import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.bound import bound
from arterial.design.cuts import asks_of
from arterial.design.flows import flows_of
from arterial.design.ground import ground_of
from arterial.design.instance import instance_of
from arterial.design.master import master_of
from arterial.design.state import chassis_count, link_cost, new_pairs, total_cost
from arterial.model.fibre import Link

SEEDS = st.integers(0, 2**32 - 1)


def point(state):
    """A design as a point of the master: waves, new pairs, chassis."""
    instance = state.instance
    _, option, waves = link_cost(instance, state.required_gbps())
    table = np.zeros(instance.rate_gbps.shape)
    table[np.arange(len(option)), option] = waves
    pairs, chassis = new_pairs(instance, waves, option), chassis_count(instance, waves)
    return np.concatenate([table.reshape(-1), pairs, chassis]).astype(float)


@given(SEEDS)
@settings(max_examples=25)
def test_every_feasible_design_is_a_point_of_the_master_at_its_own_cost(tiny, designs_of, seed):
    here = tiny(seed)
    master = master_of(here.instance, asks_of(here.instance, here.flows))
    rows = master.rows
    for state in designs_of(here, np.random.default_rng(seed), 5):
        x = point(state)
        assert ((master.low <= x) & (x <= master.high)).all()
        entries = rows.value * x[rows.column]
        ends = zip(rows.start[:-1], rows.start[1:], strict=True)
        held = np.array([entries[start:end].sum() for start, end in ends])
        assert ((rows.low - 1e-9 <= held) & (held <= rows.high + 1e-9)).all()
        cost = total_cost(here.instance, state.required_gbps())
        assert master.cost @ x == pytest.approx(cost)


def test_a_ready_made_link_costs_nothing_and_takes_no_chassis(tiny):
    here = tiny(4)
    link = Link(name="L", a="S3", z="S4", capacity_gbps=1e5, latency_ms=1.0)
    twin = Link(name="K", a="S3", z="S4", capacity_gbps=1e5, latency_ms=1.0)
    network = structs.replace(here.network, links=(link, twin))
    told = here.instance.routes, here.instance.options
    instance = instance_of(ground_of(network), *told, ("S1", "S2"))
    flows = flows_of(instance, here.demands[2:4], ())
    for step in bound(instance, flows, rounds=0):
        assert step.bound == pytest.approx(0.0)
