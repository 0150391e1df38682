"""A network's links as candidates: modules as options name them, delays, sites that are lost."""

import numpy as np
import pytest
from monolith import monolith

from arterial.demand.traffic import Traffic
from arterial.design.capacity_links import Offer, links_task, offer_of
from arterial.errors import ModelError
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import cases_of_kinds
from arterial.fabric.ip_elements import elements_of

KM = np.array([100.0, 100.0, 50.0])


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("400:10", Offer(400.0, 10.0, 0.0)),
        ("400:10+0.02/km", Offer(400.0, 10.0, 0.02)),
        (" 100 : 0.5/km", Offer(100.0, 0.0, 0.5)),
    ],
)
def test_an_option_names_a_module(text, offer):
    assert offer_of(text) == offer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("400", "is no module"),
        ("400:x", "is no module"),
        ("400:1+2", "not by km"),
        ("0:1", "carries nothing"),
        ("-4:1", "carries nothing"),
        ("400:0", "nothing bounds how many"),
        ("400:-1", "nothing bounds how many"),
        ("400:1+-2/km", "nothing bounds how many"),
        ("400:nan", "is no module"),
        ("inf:1", "is no module"),
    ],
)
def test_a_module_that_cannot_be_meant_is_refused(text, words):
    with pytest.raises(ModelError, match=words):
        offer_of(text)


@pytest.fixture
def ring():
    """Three sites, a link between every two."""
    names = ("ab", "bc", "ca")
    return IpFabric(
        sites=("A", "B", "C"),
        links=names,
        ends=np.array([[0, 1], [1, 2], [2, 0]]),
        capacity_gbps=np.array([40.0, 40.0, 0.0, 0.0, 0.0, 0.0]),
        metric=np.ones(6),
        latency_ms=np.array([1.0, 1.0, 1.0, 1.0, np.nan, np.nan]),
        routers=np.ones(3, dtype=np.int64),
        fibres=tuple((name, (number,)) for number, name in enumerate(names)),
        risks=(),
    )


@pytest.fixture
def asked():
    """Two demands between the same sites, one of them with a bound, and one more."""
    return Traffic(
        classes=("slow", "fast"),
        priority=np.array([0, 1]),
        rtt_ms=np.array([np.inf, 10.0]),
        source=np.array([0, 0, 0, 2]),
        target=np.array([1, 1, 1, 1]),
        of_class=np.array([0, 0, 1, 0]),
        gbps=np.array([30.0, 20.0, 40.0, 10.0]),
        access_ms=np.zeros(4),
    )


def task(ring, asked, kinds, offers=("100:1+0.01/km",), *, km=KM, keep=False):
    failures = cases_of_kinds(ring, elements_of(ring), kinds) if kinds else None
    return links_task(
        "ring",
        ring,
        asked,
        failures,
        [offer_of(text) for text in offers],
        router_ms=0.1,
        length_km=km,
        direct_km=np.full((3, 3), 10.0),
        keep=keep,
    )


def test_demands_alike_are_one_and_a_bound_tells_them_apart(ring, asked):
    posed = task(ring, asked, ())
    assert posed.problem.cases.gbps.tolist() == [[50.0, 40.0, 10.0]]
    assert posed.problem.demands.limit_ms.tolist() == [np.inf, 10.0 / 2 - 0.1, np.inf]
    assert posed.demands == ("A -> B", "A -> B", "C -> B")
    assert posed.direct_ms == pytest.approx(np.full(3, 0.049))


def test_a_lost_site_asks_nothing_and_takes_its_links(ring, asked):
    posed = task(ring, asked, ("site",))
    lost = dict(zip(posed.problem.cases.names, posed.problem.cases.gbps, strict=True))
    assert posed.problem.cases.names[0] == "no failure"
    assert [rates.tolist() for rates in lost.values()][1:] == [
        [0.0, 0.0, 10.0],
        [0.0, 0.0, 0.0],
        [50.0, 40.0, 0.0],
    ]
    assert posed.problem.cases.alive[1].tolist() == [False, True, False]


def test_modules_cost_by_length_and_capacity_that_stands_counts_when_asked(ring, asked):
    assert monolith(task(ring, asked, ()).problem).cost == pytest.approx(2.0 + 1.5)
    kept = task(ring, asked, (), keep=True)
    assert kept.there_gbps.tolist() == [40.0, 0.0, 0.0]
    assert kept.link_gbps(np.zeros(3)).tolist() == [40.0, 0.0, 0.0]


def test_a_cost_by_km_asks_for_lengths(ring, asked):
    unknown = np.array([100.0, np.nan, 50.0])
    with pytest.raises(ModelError, match="length of 'bc' is unknown"):
        task(ring, asked, (), km=unknown)
    assert task(ring, asked, (), ("100:5",), km=unknown).bought[1].cost == 5.0
