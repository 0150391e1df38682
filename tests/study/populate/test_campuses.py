"""Known campuses stand where they are near; else a rule places them."""

from arterial.model.fibre import Fibre
from arterial.model.site import Site
from arterial.study.populate.campuses import known_campuses, ruled_campuses
from arterial.study.populate.people import Crowd

TEXAS = (
    Site(name="Dallas", lat=32.8, lon=-96.8),
    Site(name="El Paso", lat=31.8, lon=-106.4),
    Site(name="Houston", lat=29.8, lon=-95.4),
)
SQUARE = tuple(
    Site(name=name, lat=lat, lon=lon)
    for name, lat, lon in (("a", 45.0, 5.0), ("b", 45.0, 9.0), ("c", 48.0, 9.0), ("d", 48.0, 5.0))
)
RING = tuple(Fibre(name=a + z, a=a, z=z, length_km=400.0) for a, z in ("ab", "bc", "cd", "da"))


def test_a_known_campus_is_a_site_with_two_ways_out():
    found = known_campuses(TEXAS, ())
    abilene = next(campus for campus in found.campuses if campus.name == "campus:abilene")
    assert (abilene.site, abilene.mw_planned) == ("campus:abilene", 2121.0)
    ends = {fibre.z for fibre in found.fibres if fibre.a == "campus:abilene"}
    assert ends == {"Dallas", "Houston"}
    assert all("ASSUMPTION" in fibre.source for fibre in found.fibres)
    assert {site.name for site in found.sites} - {site.name for site in TEXAS} == {
        campus.site for campus in found.campuses
    }
    assert "campus:the-dalles" not in {campus.name for campus in found.campuses}


def test_where_none_is_known_the_first_has_the_fewest_people_and_the_next_are_far():
    crowd = {
        "a": Crowd(9e6, 1.0, "A", 1),
        "b": Crowd(1.0, 1.0, "B", 1),
        "c": Crowd(5.0, 1.0, "C", 1),
    }
    found = ruled_campuses(SQUARE, RING, crowd, 2)
    assert [campus.site for campus in found.campuses] == ["d", "b"]
    assert [site.name for site in found.sites if "campus" in site.roles] == ["b", "d"]
    assert all("ASSUMPTION" in campus.source for campus in found.campuses)


def test_a_site_at_the_end_of_one_fibre_is_no_place_for_a_campus():
    assert ruled_campuses(SQUARE, RING[:1], {}, 2).campuses == ()
    assert known_campuses(SQUARE, RING).campuses == ()
