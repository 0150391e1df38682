"""Markets stand where people are, and only where two edges hold them."""

from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Market, Site
from arterial.study.populate.markets import equipped, markets_of, opened, unheld
from arterial.study.populate.people import Crowd

SITES = (
    Site(name="a", lat=45.0, lon=5.0),
    Site(name="b", lat=45.0, lon=9.0),
    Site(name="c", lat=48.0, lon=9.0),
    Site(name="hidden", lat=48.0, lon=5.0, routers=0),
)
CROWD = {
    "a": Crowd(9e6, 40.0, "Alpha", 3),
    "b": Crowd(2e6, 0.0, "Beta", 1),
    "c": Crowd(1e5, 0.0, "Gamma", 1),
    "hidden": Crowd(5e6, 0.0, "Delta", 1),
}
RING = tuple(Fibre(name=a + z, a=a, z=z, length_km=400.0) for a, z in ("ab", "bc", "ca"))


def test_a_market_needs_people_and_a_router():
    markets = markets_of(SITES, CROWD, from_people=5e5, within_km=100.0)
    assert [(market.name, market.site, market.people) for market in markets] == [
        ("Alpha", "a", 9e6),
        ("Beta", "b", 2e6),
    ]
    assert markets[1].access_ms == 0.5
    assert markets[0].access_ms > 0.5
    assert all("ASSUMPTION" in market.source for market in markets)


def test_a_market_is_held_by_two_edges_whose_ways_fail_apart():
    network = Network(name="n", sites=SITES, fibres=RING)
    market = Market(name="A", site="a", people=1.0)
    assert unheld(network, [market], ["b", "c"]) == ()
    assert unheld(network, [market], ["a", "c"]) == ()
    assert unheld(network, [market], ["b"]) == (market,)
    line = Network(name="n", sites=SITES, fibres=RING[:2])
    assert unheld(line, [market], ["b", "c"]) == (market,)
    far = Network(
        name="n",
        sites=SITES,
        fibres=tuple(Fibre(name=f.name, a=f.a, z=f.z, length_km=1600.0) for f in RING),
    )
    assert unheld(far, [market], ["b", "c"]) == (market,)


def test_roles_are_added_and_rooms_are_given_once():
    one, other = opened(SITES[:2], {"a": ("edge", "market")})
    assert one.roles == ("junction", "edge", "market")
    assert other.roles == ("junction",)
    edge, plain, own, single = equipped(
        (
            one,
            other,
            Site(name="own", roles=("edge",), ports=7),
            Site(name="single", roles=("market",), routers=1),
        )
    )
    assert (edge.ports, edge.slots, plain.ports, own.ports) == (144, 4, None, 7)
    assert single.routers == 2
    assert "a second router" in single.source
