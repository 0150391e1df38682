"""What stands gets light, markets get candidates, and nothing is dug under a sea."""

import pytest

from arterial.model.fibre import Fibre, Link
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.study.populate.roads import (
    places_of,
    regional_fibres,
    standing_fibres,
    subsea_systems,
)
from arterial.units import great_circle_km

SITES = (
    Site(name="London", lat=51.5, lon=-0.1),
    Site(name="Paris", lat=48.9, lon=2.3),
    Site(name="Lyon", lat=45.8, lon=4.8),
    Site(name="Turin", lat=45.1, lon=7.7),
    Site(name="Lost"),
)
FIBRES = (
    Fibre(name="channel", a="London", z="Paris", length_km=450.0, subsea=True, source="x"),
    Fibre(name="rhone", a="Paris", z="Lyon", length_km=500.0, source="x"),
    Fibre(name="offer", a="Lyon", z="Turin", length_km=400.0, status="leasable", source="x"),
    Fibre(name="vague", a="Lyon", z="Lost", source="x"),
)


def test_what_stands_and_has_a_length_gets_one_pair_lit_and_says_so():
    fibres = standing_fibres(Network(name="n", sites=SITES, fibres=FIBRES))
    assert [fibre.lit_pairs for fibre in fibres] == [1, 1, 0, 0]
    assert all("ASSUMPTION: one pair lit" in fibre.source for fibre in fibres if fibre.lit_pairs)


def test_a_wet_fibre_gets_a_system_that_is_noisier_the_longer_it_is():
    long = Fibre(name="ocean", a="London", z="Paris", length_km=4500.0, subsea=True)
    network = Network(name="n", sites=SITES, fibres=(*FIBRES, long))
    fibres = standing_fibres(network)
    near, far = subsea_systems(network, fibres)
    assert [fibre.system for fibre in fibres] == ["channel", None, None, None, "ocean"]
    assert all("ASSUMPTION" in system.source for system in (near, far))
    assert far.gsnr_db < near.gsnr_db
    assert far.cd_ps_nm == pytest.approx(10.0 * near.cd_ps_nm)


def test_links_of_known_length_become_fibres_where_there_is_none():
    links = (
        Link(name="one", a="Paris", z="Lyon", capacity_gbps=100.0, length_km=500.0),
        Link(name="two", a="Lyon", z="Turin", capacity_gbps=100.0),
        Link(name="wet", a="London", z="Paris", capacity_gbps=100.0, length_km=450.0),
    )
    fibres = standing_fibres(Network(name="n", sites=SITES, links=links))
    assert [(fibre.name, fibre.subsea) for fibre in fibres] == [("one", False), ("wet", True)]


def test_a_market_gets_candidates_to_its_two_nearest_sites_but_not_under_a_sea():
    places = places_of(SITES)
    made = regional_fibres(["London", "Turin", "Paris"], places, FIBRES)
    assert [(fibre.a, fibre.z) for fibre in made] == [("Turin", "Paris")]
    (fibre,) = made
    assert fibre.status == "candidate"
    assert "ASSUMPTION" in fibre.source
    direct_km = great_circle_km(*places["Turin"], *places["Paris"])
    assert fibre.length_km == pytest.approx(1.3 * direct_km, abs=0.1)
