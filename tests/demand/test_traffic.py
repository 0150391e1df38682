import numpy as np

from arterial.demand.traffic import traffic_of
from arterial.model.network import Network
from arterial.model.policy import TrafficClass
from arterial.model.site import Site
from arterial.plan.rows import Demand

NETWORK = Network(
    name="n",
    sites=tuple(Site(name=name) for name in "ABC"),
    classes=(
        TrafficClass(name="bulk", priority=3),
        TrafficClass(name="idle", priority=1),
        TrafficClass(name="voice", priority=0, rtt_ms=20.0),
    ),
)


def demand(traffic_class, source, target, gbps):
    return Demand(
        name=f"{traffic_class} {source}{target}",
        traffic_class=traffic_class,
        source=source,
        target=target,
        gbps=gbps,
    )


def test_classes_in_use_stand_in_the_order_in_which_they_are_served():
    traffic = traffic_of(NETWORK, [demand("bulk", "A", "C", 5.0), demand("voice", "C", "B", 1.0)])
    assert traffic.classes == ("voice", "bulk")
    assert traffic.rtt_ms.tolist() == [20.0, np.inf]
    assert traffic.of_class.tolist() == [1, 0]
    assert (traffic.source.tolist(), traffic.target.tolist()) == ([0, 2], [2, 1])


def test_the_matrix_adds_up_demands_of_one_pair_and_class():
    rows = [demand("bulk", "A", "C", 5.0), demand("bulk", "A", "C", 2.0)]
    offered = traffic_of(NETWORK, rows).matrix(3)
    assert offered[2, 0].tolist() == [7.0]
    assert offered.sum() == 7.0


def test_what_stays_at_a_site_asks_nothing():
    assert len(traffic_of(NETWORK, [demand("bulk", "A", "A", 5.0)])) == 0


def test_no_demands_make_an_empty_matrix():
    assert traffic_of(NETWORK, []).matrix(3).shape == (3, 3, 1)
