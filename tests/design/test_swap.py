import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.search import built_cost, restored, search, searched_cost, stuck
from arterial.design.swap import swaps

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=15)
def test_what_a_swap_comes_to_is_a_design_without_the_links_given_up(
    charged, designs_of, placements_of, seed
):
    here = charged(seed)
    flows = {flow.name: flow for flow in here.flows}
    for state in designs_of(here, np.random.default_rng(seed), 2):
        used = here.instance.link_fibre[state.required_gbps()[0] > 0].any(axis=0)
        for m in np.flatnonzero(used).tolist():
            closed = here.instance.link_fibre[:, m]
            for trial in swaps(here.chooser, state, flows, closed):
                assert (trial.required_gbps()[0][closed] <= 1e-9).all()
                for flow in here.flows:
                    assert trial.placements[flow.name] in placements_of(here, flow)
                afresh = restored(here.instance, here.flows, trial.placements)
                assert searched_cost(trial) == pytest.approx(searched_cost(afresh))


def test_flows_that_share_a_fibre_go_together_to_one_that_costs_less(charged):
    """Seed 310 has two fibres beside each other; one by one its flows stay on the dearer."""
    here = charged(310)
    assert not stuck(here.chooser, here.flows)
    *_, found = search(here.chooser, here.flows, rounds=4)
    state = restored(here.instance, here.flows, found.placements)
    first, last = (np.array(r.arcs) // 2 for r in here.instance.routes if r.arcs in ((0,), (12,)))
    used = here.instance.link_fibre[state.required_gbps()[0] > 0].any(axis=0)
    cost = here.instance.ground.setup_cost
    assert cost[first] < cost[last]
    assert used[first].all()
    assert not used[last].any()
    assert built_cost(state) == pytest.approx(264.88)


def test_nothing_is_swapped_where_nothing_is_charged(tiny, designs_of):
    here = tiny(4)
    flows = {flow.name: flow for flow in here.flows}
    for state in designs_of(here, np.random.default_rng(4), 1):
        for m in range(here.instance.link_fibre.shape[1]):
            closed = here.instance.link_fibre[:, m]
            assert list(swaps(here.chooser, state, flows, closed)) == []
