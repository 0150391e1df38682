from dataclasses import replace

import numpy as np
import pytest

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.routing.ask import BARRED, barred, ways_of

IP = IpFabric(
    sites=("a", "b", "c", "d"),
    links=("ab", "bc"),
    ends=np.array([(0, 1), (1, 2)]),
    capacity_gbps=np.full(4, 10.0),
    metric=np.ones(4),
    latency_ms=np.array([3.0, 3.0, 4.0, 4.0]),
    routers=np.ones(4, dtype=np.int64),
    fibres=(),
    risks=(),
)
TRAFFIC = Traffic(
    classes=("quick", "any"),
    priority=np.array([0, 1]),
    rtt_ms=np.array([16.0, np.inf]),
    source=np.array([0, 0, 0, 0]),
    target=np.array([1, 2, 2, 3]),
    of_class=np.array([0, 0, 1, 1]),
    gbps=np.ones(4),
    access_ms=np.array([0.5, 0.5, 0.0, 0.0]),
)


def why(ip, router_ms=0.02):
    ways = ways_of(ip, TRAFFIC, router_ms)
    return [BARRED[number] for number in barred(ways, ip.capacity_gbps)]


def test_a_way_s_delay_is_links_and_routers_and_access():
    ways = ways_of(IP, TRAFFIC, 0.02)
    assert ways.budget_ms[:2] == pytest.approx([8.0 - 0.02 - 0.5] * 2)
    assert ways.delay_ms.tolist() == [3.02, 3.02, 4.02, 4.02]


def test_nothing_joins_the_ends_of_a_demand_without_a_way():
    assert why(IP) == ["", "", "", "no way"]


def test_a_round_trip_counts_every_router():
    # 3 + 4 + 0.5 + 3 routers: 8 one way is passed at 0.17 a router.
    assert why(IP, 0.16) == ["", "", "", "no way"]
    assert why(IP, 0.17) == ["", "too far", "", "no way"]


def test_an_unknown_delay_is_not_within_a_bound():
    ip = replace(IP, latency_ms=np.array([3.0, 3.0, np.nan, np.nan]))
    assert why(ip) == ["", "delay unknown", "", "no way"]
    assert ways_of(ip, TRAFFIC, 0.0).tie.tolist() == [3.0, 3.0, 3.0, 3.0]


def test_what_is_too_far_already_is_no_question_of_the_unknown():
    ip = replace(IP, latency_ms=np.array([30.0, 30.0, np.nan, np.nan]))
    assert why(ip) == ["too far", "too far", "", "no way"]


def test_a_link_without_room_is_no_way():
    ip = replace(IP, capacity_gbps=np.array([10.0, 10.0, 0.0, 10.0]))
    assert why(ip) == ["", "no way", "no way", "no way"]


def test_where_no_delay_is_known_all_links_are_alike():
    ip = replace(IP, latency_ms=np.full(4, np.nan))
    assert ways_of(ip, TRAFFIC, 0.0).tie.tolist() == [1.0] * 4
    assert why(ip)[0] == "delay unknown"
