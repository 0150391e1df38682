import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.flows import HALVES_FROM_GBPS, PART_GBPS, flows_of, policy_weight
from arterial.model.policy import Policy, Rule, TrafficClass

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=15)
def test_every_demand_rides_whole_and_largest_come_first(tiny, seed):
    here = tiny(seed)
    riding = [demand for flow in here.flows for demand in (flow.up, flow.down) if demand]
    for demand in here.demands:
        parts = [part.gbps for part in riding if part.name == demand.name]
        assert sum(parts) == pytest.approx(demand.gbps)
    assert {part.name for part in riding} == {demand.name for demand in here.demands}
    sizes = [flow.up_gbps + flow.down_gbps for flow in here.flows]
    assert sizes == sorted(sizes, reverse=True)


@given(SEEDS)
@settings(max_examples=15)
def test_only_a_market_s_flow_is_cut_and_no_finer_than_it_must_be(tiny, seed):
    here = tiny(seed)
    for whole in {flow.demand for flow in here.flows}:
        parts = [flow for flow in here.flows if flow.demand == whole]
        sizes = [max(flow.up_gbps, flow.down_gbps) for flow in parts]
        if not parts[0].market:
            assert len(parts) == 1
            continue
        assert max(sizes) <= PART_GBPS
        assert len(parts) == 1 or sum(sizes) > PART_GBPS * (len(parts) - 1)


@given(SEEDS)
@settings(max_examples=15)
def test_a_flow_runs_from_near_to_far_and_a_market_is_near(tiny, seed):
    here = tiny(seed)
    index = here.instance.ground.site_index
    for flow in here.flows:
        if flow.up:
            assert (index[flow.up.source], index[flow.up.target]) == (flow.near, flow.far)
            assert flow.up.gbps == flow.up_gbps
        if flow.down:
            assert (index[flow.down.source], index[flow.down.target]) == (flow.far, flow.near)
            assert flow.down.gbps == flow.down_gbps
    market = next(flow for flow in here.flows if flow.market)
    assert (market.near, market.far, market.backup_far) == (index["S0"], index["S1"], index["S2"])
    assert market.limit_ms == pytest.approx(20.0 / 2 - 0.5)


@given(SEEDS)
@settings(max_examples=15)
def test_the_policy_asks_after_each_case_but_the_loss_of_a_flow_s_own_end(tiny, seed):
    here = tiny(seed)
    names = [site.name for site in here.network.sites]
    for flow in here.flows:
        kind = (flow.up or flow.down).traffic_class
        own = {names[flow.near]} | (set() if flow.market else {names[flow.far]})
        for case, failure in enumerate(here.instance.failures):
            asked = here.network.policy.kept(kind, failure.kind) > 0
            ended = failure.kind == "site" and failure.site in own
            assert flow.must[case] == (asked and not ended)
            assert flow.edge_lost[case] == (
                bool(flow.market) and failure.kind == "edge" and failure.site == names[flow.far]
            )


@given(SEEDS)
@settings(max_examples=15)
def test_halves_are_for_large_flows_of_which_the_policy_keeps_a_half(tiny, seed):
    for flow in tiny(seed).flows:
        synchronous = (flow.up or flow.down).traffic_class == "sync"
        large = max(flow.up_gbps, flow.down_gbps) >= HALVES_FROM_GBPS
        assert flow.halves == (synchronous and large)


def test_what_is_kept_is_what_the_strictest_rule_says(tiny):
    rules = tuple(
        Rule(classes=("sync",), after=after, keep=keep)
        for after, keep in ((("fibre",), 0.25), (("fibre", "srlg"), 0.75))
    )
    network = tiny(4, policy=Policy(rules=rules)).network
    kinds = ("fibre", "srlg", "site")
    assert [network.policy.kept("sync", kind) for kind in kinds] == [0.75, 0.75, 0.0]
    assert [network.policy.kept("inference", kind) for kind in kinds] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("priorities", "weights"),
    [
        ((0, 1, 2), (1.0, 1.0, 0.2)),  # a class above another that is protected is served whole
        ((0, 1, 1), (1.0, 0.7, 0.7)),  # one priority shares in proportion
        ((2, 1, 0), (0.0, 0.7, 1.0)),
    ],
)
def test_a_class_books_what_those_of_lower_rank_need_of_it(tiny, priorities, weights):
    names = ("inference", "sync", "checkpoint")
    classes = tuple(
        TrafficClass(name=name, priority=priority)
        for name, priority in zip(names, priorities, strict=True)
    )
    rules = (
        Rule(classes=("sync",), after=("fibre",), keep=0.7),
        Rule(classes=("checkpoint",), after=("fibre",), keep=0.2),
    )
    network = tiny(4, classes=classes, policy=Policy(rules=rules)).network
    assert tuple(policy_weight(network, name, "fibre") for name in names) == weights
    assert [policy_weight(network, name, "srlg") for name in names] == [0.0, 0.0, 0.0]


def test_two_demands_one_way_are_two_flows(tiny):
    here = tiny(4)
    twice = (here.demands[-1], here.demands[-1])
    assert len(flows_of(here.instance, twice, ())) == 2
