import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.demand.traffic import Traffic
from arterial.routing.ffc import guaranteed
from arterial.routing.pathset import PathSet
from arterial.routing.rescale import rescaled_outcome, standing


def drawn(seed):
    random = np.random.default_rng(seed)
    links, demands, classes = (int(random.integers(1, 6)) for _ in range(3))
    paths = PathSet.of(
        (demand, (2 * random.permutation(links)[: random.integers(1, 4)]).tolist())
        for demand in range(demands)
        for _ in range(int(random.integers(0, 4)))
    )
    traffic = Traffic(
        classes=tuple(f"class {c}" for c in range(classes)),
        priority=np.arange(classes),
        rtt_ms=np.full(classes, np.inf),
        source=np.zeros(demands, dtype=np.int64),
        target=np.ones(demands, dtype=np.int64),
        of_class=random.integers(0, classes, demands),
        gbps=random.integers(1, 9, demands).astype(float),
        access_ms=np.zeros(demands),
    )
    ends = np.tile([0, 1], (links, 1))
    capacity = random.integers(1, 12, 2 * links).astype(float)
    return paths, traffic, capacity, random.random((70, links)) < 0.4, ends


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_each_demand_carries_what_its_standing_reservations_hold(seed):
    paths, traffic, capacity, down, ends = drawn(seed)
    priority = traffic.priority[traffic.of_class]
    links = np.eye(len(ends), dtype=bool)
    kept = guaranteed(paths, traffic.gbps, priority, capacity, links)
    found = rescaled_outcome(
        paths, kept.rate_gbps, kept.admitted_gbps, traffic, capacity, down, ends=ends, sites=2
    )
    for case, gone in enumerate(down):
        carried, load = np.zeros(len(traffic.classes)), np.zeros(len(capacity))
        for demand in range(len(traffic)):
            alive = [
                p
                for p in np.flatnonzero(paths.demand == demand)
                if not gone[paths.arc[paths.start[p] : paths.start[p + 1]] >> 1].any()
            ]
            room = sum(kept.rate_gbps[p] for p in alive)
            sent = min(room, kept.admitted_gbps[demand])
            carried[traffic.of_class[demand]] += sent
            for p in alive if room > 0.0 else ():
                share = sent * kept.rate_gbps[p] / room
                load[paths.arc[paths.start[p] : paths.start[p + 1]]] += share
        assert found.carried_gbps[case] == pytest.approx(carried)
        assert found.utilisation[case] == pytest.approx((load / capacity).max())
        assert found.utilisation[case] <= 1.0 + 1e-9
        if gone.sum() <= 1:
            assert carried.sum() == pytest.approx(kept.admitted_gbps.sum())


def test_a_path_stands_while_all_of_its_links_do():
    paths = PathSet.of([(0, (0, 2)), (0, (3,)), (1, ())])
    down = np.array([[False, False], [True, False], [False, True]])
    assert standing(paths, down).tolist() == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
