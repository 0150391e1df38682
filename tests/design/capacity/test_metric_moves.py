import numpy as np
import pytest
from by_hand import loads_by_hand, small

from arterial.design.capacity.ecmp_loads import CLOSED, EcmpLoads
from arterial.design.capacity.metric_moves import Moves


@pytest.mark.parametrize(("seed", "most"), [(0, 65535), (1, 4), (2, 1)])
def test_changes_stay_whole_within_their_end_and_touch_one_link_or_two_that_meet(seed, most):
    problem = small(seed, sites=5, chords=2)
    links = len(problem.links.ends)
    random = np.random.default_rng(seed)
    metrics = random.integers(1, most + 1, links)
    need, moves = EcmpLoads(problem).need(metrics), Moves(problem, most)
    for _ in range(200):
        tried = moves.changed(metrics, need, np.ones(links), random)
        touched = np.flatnonzero(tried != metrics)
        assert len(touched) <= 2
        if len(touched) == 2:
            one, other = (set(problem.links.ends[link].tolist()) for link in touched)
            assert one & other
        assert tried.min() >= CLOSED
        assert tried.max() <= most
        assert moves.kicked(metrics, need, random).max() <= most


def test_some_change_of_a_link_makes_its_traffic_split_and_some_take_another_way():
    problem = small(4, sites=5, chords=2)
    links = len(problem.links.ends)
    metrics, random = np.full(links, 1000), np.random.default_rng(0)
    need, moves = EcmpLoads(problem).need(metrics), Moves(problem, 65535)
    link = int(need.gbps.argmax())
    weight = np.eye(links)[link]
    before = loads_by_hand(problem, metrics, 0)[link]
    loads = set()
    for _ in range(100):
        tried = moves.changed(metrics, need, weight, random)
        load = loads_by_hand(problem, tried, 0)
        if load is not None:
            loads.add(round(float(load[link]), 6))
    assert 0.0 in loads
    assert any(0.0 < load < before for load in loads)
