"""Every town belongs to its nearest site, or to nobody."""

import csv

import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.model.site import Site
from arterial.study.populate.people import PEOPLE, Town, crowds, distances_km, read_people
from arterial.units import great_circle_km


def test_the_table_of_the_package_names_cities_of_the_world_with_their_people():
    towns = read_people()
    assert len(towns) > 6000
    assert 2.5e9 < sum(town.people for town in towns) < 4e9
    assert {"Tokyo", "Lagos", "New York City", "Paris"} <= {town.name for town in towns}
    assert min(town.people for town in towns) >= 100_000
    assert [town.people for town in towns] == sorted((t.people for t in towns), reverse=True)


def test_the_table_of_the_package_says_where_it_is_from():
    source = PEOPLE.with_name("SOURCE.md").read_text(encoding="utf-8")
    assert "GeoNames" in source
    assert "CC BY 4.0" in source
    with PEOPLE.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["name", "country", "lat", "lon", "people"]


def test_each_town_counts_at_its_nearest_site_and_only_within_the_distance(seed):
    draw = np.random.default_rng(seed)
    sites = [Site(name=f"s{n}", lat=lat, lon=lon) for n, (lat, lon) in enumerate(_places(draw, 9))]
    sites.append(Site(name="nowhere"))
    towns = [
        Town(f"t{n}", lat, lon, float(draw.integers(1, 100)))
        for n, (lat, lon) in enumerate(_places(draw, 60))
    ]
    expected: dict[str, float] = {}
    for town in towns:
        away = {
            site.name: great_circle_km(site.lat, site.lon, town.lat, town.lon)
            for site in sites
            if site.lat is not None
        }
        nearest = min(away, key=away.__getitem__)
        if away[nearest] <= 200.0:
            expected[nearest] = expected.get(nearest, 0.0) + town.people
    found = crowds(sites, towns, 200.0)
    assert {name: crowd.people for name, crowd in found.items()} == expected
    assert all(0.0 <= crowd.mean_km <= 200.0 for crowd in found.values())


def _places(draw, count):
    return zip(draw.uniform(40.0, 50.0, count), draw.uniform(0.0, 15.0, count), strict=True)


def test_distances_are_great_circles(seed):
    draw = np.random.default_rng(seed)
    degrees = draw.uniform(-90.0, 90.0, (9, 2)).tolist()
    some, others = degrees[:4], degrees[4:]
    found = distances_km(some, others)
    expected = [[great_circle_km(*a, *z) for z in others] for a in some]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,lat,lon\nA,1,2\n", "no column people"),
        ("name,lat,lon,people\nA,91,2,5\n", "lat 91"),
        ("name,lat,lon,people\nA,1,2,-5\n", "people -5"),
        ("name,lat,lon,people\nA,1,east,5\n", "lon is 'east'"),
    ],
)
def test_a_wrong_table_is_refused_where_it_is_wrong(tmp_path, text, words):
    (tmp_path / "people.csv").write_text(text)
    with pytest.raises(ModelError, match=words):
        read_people(tmp_path / "people.csv")
