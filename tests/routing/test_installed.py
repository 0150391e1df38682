import numpy as np
import pytest

from arterial.demand.traffic import Traffic
from arterial.routing.installed import installed

# Three ways from 0 to 1: direct, by 2, by 3; the first two leave through one duct.
ENDS = np.array([(0, 1), (0, 2), (2, 1), (0, 3), (3, 1)])
DUCT = (0, 1)


def traffic(rtt_ms, access_ms=0.0):
    count = len(rtt_ms)
    return Traffic(
        classes=tuple(f"class {c}" for c in range(count)),
        priority=np.arange(count),
        rtt_ms=np.array(rtt_ms),
        source=np.zeros(count, dtype=np.int64),
        target=np.ones(count, dtype=np.int64),
        of_class=np.arange(count),
        gbps=np.ones(count),
        access_ms=np.full(count, access_ms),
    )


def told(rtt_ms, latency, k=2, **more):
    arc_ms = np.repeat(np.array(latency, dtype=float), 2)
    asks = traffic(rtt_ms, more.pop("access_ms", 0.0))
    found = installed(asks, ENDS, 4, arc_ms, [DUCT], k=k, **more)
    return found, [
        [
            tuple(found.paths.arc[found.paths.start[p] : found.paths.start[p + 1]].tolist())
            for p in np.flatnonzero(found.paths.demand == demand)
        ]
        for demand in range(len(rtt_ms))
    ]


def test_the_backup_leaves_by_another_duct():
    found, ways = told([np.inf], [1, 1, 1, 5, 5])
    assert ways == [[(0,), (6, 8)]]
    assert (found.shared.tolist(), found.exact.tolist()) == ([0], [True])
    assert found.first(1).arc.tolist() == [0]


@pytest.mark.parametrize(
    ("rtt_ms", "more", "ways"),
    [
        (20.0, {}, [(0,), (6, 8)]),
        (19.9, {}, [(0,), (2, 4)]),  # the way by 3 is too long: better one duct than none
        (21.0, {"access_ms": 1.0}, [(0,), (2, 4)]),
        (22.9, {"hop_ms": 0.5}, [(0,), (2, 4)]),  # three routers
        (23.0, {"hop_ms": 0.5}, [(0,), (6, 8)]),
        (3.0, {}, [(0,)]),
        (1.9, {}, []),
    ],
)
def test_each_way_keeps_its_round_trip_access_and_routers_in(rtt_ms, more, ways):
    found, listed = told([rtt_ms], [1, 1, 1, 5, 5], **more)
    assert listed == [ways]
    assert found.without_path().tolist() == ([] if ways else [0])


def test_an_unknown_delay_is_refused_to_a_bound_and_avoided_without_one():
    latency = [1, 1, np.nan, 5, 5]
    found, (bounded, free) = told([40.0, np.inf], latency, k=3)
    assert bounded == [(0,), (6, 8)]
    assert free == [(0,), (6, 8), (2, 4)]
    assert found.rank.tolist() == [0, 1, 0, 1, 2]
    assert found.shared.tolist() == [0, 0]
