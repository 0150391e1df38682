import numpy as np
import pytest

from arterial.design.horizon import loads_asked
from arterial.design.horizon_cases import answer_alive, answer_ends, cases_of, demands_of


@pytest.fixture(scope="module")
def seen(years):
    return years(1)


def test_without_failure_everything_is_asked_for(seen):
    for stage, asked in zip(seen.stages, loads_asked(seen), strict=True):
        flows = [flow for flow in stage.flows[0] if flow.market or flow.near != flow.far]
        total = sum(flow.up_gbps + flow.down_gbps for flow in flows)
        assert sum(asked.gbps[0].values()) == pytest.approx(total)


def test_a_failure_asks_for_what_the_policy_keeps(seen):
    network, instance = seen.network, seen.instance
    asked = loads_asked(seen)[0]
    for case, failure in enumerate(instance.failures, 1):
        for pair, rate in asked.gbps[case].items():
            share = network.policy.kept(pair[3], failure.kind)
            assert rate == pytest.approx(share * asked.gbps[0][pair])


def test_markets_are_answered_where_the_case_lets_them_be(seen):
    instance, answers = seen.instance, seen.answers
    edge, failover = answers[0]
    names = [site.name for site in seen.network.sites]
    assert answer_alive(instance, answers, 0).tolist() == [True, False] * 2
    for case, failure in enumerate(instance.failures, 1):
        lost = failure.site if failure.kind in {"edge", "site"} else ""
        want = [lost != names[edge], lost != names[failover]]
        assert answer_alive(instance, answers, case).tolist() == want * 2


def test_nothing_passes_through_a_place_where_markets_are_answered(seen):
    sites = seen.instance.graph.sites
    tails, heads = answer_ends(sites, seen.answers).T
    assert not set(tails[tails >= sites]) & set(heads[heads >= sites])


def test_cases_left_out_are_implied_by_others(seen):
    asked = loads_asked(seen)
    pairs, _ = demands_of(asked)
    some = cases_of(seen.instance, seen.answers, asked, pairs)
    assert 2 <= len(some.names) <= len(asked) * (1 + len(seen.instance.failures))
    for case in range(len(some.names)):
        harder = (some.gbps / some.usable[:, None] >= some.gbps[case] / some.usable[case]).all(1)
        fewer = (some.alive[case] | ~some.alive).all(axis=1)
        others = np.flatnonzero(harder & fewer & (some.stage == some.stage[case]))
        first = int(np.argmax(some.stage == some.stage[case]))
        assert set(others.tolist()) <= {case, first} or case == first
