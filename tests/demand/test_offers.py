"""A market's offer is what its people ask, at their peak, under the strictest bound among it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.offers import market_offers
from arterial.model.network import Network
from arterial.model.policy import TrafficClass
from arterial.model.site import Market, Site
from arterial.model.workload import Inference, Load

CLASSES = (
    TrafficClass(name="chat", priority=0, rtt_ms=20.0),
    TrafficClass(name="voice", priority=0, rtt_ms=12.0),
    TrafficClass(name="batch", priority=3),
)


def asking(name, traffic_class, requests=10.0):
    return Inference(
        name=name,
        traffic_class=traffic_class,
        requests_per_person_day=requests,
        megabytes_down=0.5,
        megabytes_up=0.1,
        peak_to_mean=2.0,
    )


def network(people, workloads, **load):
    return Network(
        name="markets",
        sites=(Site(name="A"),),
        markets=tuple(
            Market(name=f"M{number}", site="A", people=count, access_ms=float(number) or None)
            for number, count in enumerate(people)
        ),
        classes=CLASSES,
        workloads=workloads,
        loads=(Load(name="day", workloads=tuple(work.name for work in workloads), **load),),
    )


@given(st.lists(st.floats(1.0, 1e8), min_size=1, max_size=5), st.floats(0.1, 50.0))
def test_a_day_at_the_peak_rate_carries_the_peak_times_a_days_requests(people, scale):
    offers = market_offers(network(people, (asking("a", "chat"),), scale={"a": scale}), "day")
    day_gb = [offer.down_gbps / 8 * 86400 for offer in offers]
    assert day_gb == pytest.approx([count * 10 * 0.0005 * 2.0 * scale for count in people])
    assert [offer.up_gbps * 5 for offer in offers] == pytest.approx([o.down_gbps for o in offers])


def test_the_workloads_of_a_load_add_up():
    both = network([1e6], (asking("a", "chat", 10.0), asking("b", "voice", 5.0)))
    alone = network([1e6], (asking("a", "chat", 15.0),))
    assert market_offers(both, "day")[0].down_gbps == pytest.approx(
        market_offers(alone, "day")[0].down_gbps
    )


@pytest.mark.parametrize(
    ("classes", "limit_ms", "by"),
    [
        (("batch", "chat"), 20.0, "chat"),
        (("chat", "voice"), 12.0, "voice"),
        (("batch",), math.inf, "batch"),
    ],
)
def test_the_strictest_class_sets_the_limit(classes, limit_ms, by):
    workloads = tuple(asking(f"to {name}", name) for name in classes)
    offer = market_offers(network([1e6], workloads), "day")[0]
    assert (offer.limit_rtt_ms, offer.limit_class) == (limit_ms, by)


def test_a_market_s_own_access_delay_comes_before_the_network_s():
    offers = market_offers(network([1.0, 1.0, 1.0], (asking("a", "chat"),)), "day")
    assert [offer.access_ms for offer in offers] == [0.5, 1.0, 2.0]


def test_nobody_asks_where_no_inference_runs():
    assert market_offers(network([1e6], ()), "day") == ()
