"""Two edges are apart for a market when no failure takes both beyond its bound."""

from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.offers import Offer
from arterial.fabric.failures import single_failures
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.survival import apart_after

COUNT = 6
FIBRES = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1),
        st.integers(0, COUNT - 1),
        st.floats(10.0, 900.0),
        st.sampled_from([(), ("duct",), ("bridge",), ("duct", "bridge")]),
    ).filter(lambda fibre: fibre[0] != fibre[1]),
    min_size=4,
    max_size=12,
)


def offer(site):
    return Offer(
        market=f"at {site}",
        site=site,
        people=1.0,
        down_gbps=1.0,
        up_gbps=1.0,
        access_ms=0.5,
        limit_rtt_ms=12.0,
        limit_class="inference",
    )


def network(fibres):
    return Network(
        name="six",
        sites=tuple(
            Site(name=f"S{number}", roles=("junction", "edge") if number % 2 else ("junction",))
            for number in range(COUNT)
        ),
        fibres=tuple(
            Fibre(name=f"F{number}", a=f"S{a}", z=f"S{z}", length_km=km, risks=risks)
            for number, (a, z, km, risks) in enumerate(fibres)
        ),
    )


@given(FIBRES)
def test_two_edges_are_apart_when_one_is_near_enough_after_every_failure(fibres):
    here = network(fibres)
    offers = [offer(f"S{number}") for number in range(COUNT)]
    edges = ("S1", "S3", "S5")
    failures = single_failures(
        here, fibres={fibre.name for fibre in here.fibres}, router_sites={"S1"}, edges=edges
    )
    near = [planning_rtt_ms(here, offers, failure) <= 12.0 for failure in failures]
    found = apart_after(here, offers, failures)
    for row, market in enumerate(offers):
        for one in range(3):
            for other in range(3):
                expected = all(
                    left[row, one] or left[row, other]
                    for failure, left in zip(failures, near, strict=True)
                    if failure.name != f"site {market.site}"
                )
                assert found[row, one, other] == expected


def test_no_edge_is_apart_from_itself_once_edges_fail():
    here = network([(0, 1, 10.0, ()), (1, 2, 10.0, ()), (2, 3, 10.0, ()), (3, 4, 10.0, ())])
    failures = single_failures(here, fibres=(), router_sites=(), edges=("S1", "S3", "S5"))
    found = apart_after(here, [offer("S2")], failures)
    assert not found[0].diagonal().any()
    assert found[0, 0, 1]
