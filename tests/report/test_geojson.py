import json
import math

import msgspec
import pytest

from arterial.report.geojson import map_data
from arterial.report.spectrum import pair_spectra

EVIL = "</script>\"'\\\u2028"


def read(plan, proof=None):
    def refuse(word):
        raise AssertionError(word)

    return json.loads(map_data(plan, proof), parse_constant=refuse)


def layer(found, name):
    features = [row for row in found["features"] if row["properties"]["layer"] == name]
    return {row["properties"]["name"]: row for row in features}


def positions(geometry):
    kind, places = geometry["type"], geometry["coordinates"]
    return {"Point": [places], "LineString": places}.get(kind) or [
        p for part in places for p in part
    ]


def test_every_feature_is_a_feature_in_longitude_and_latitude(plan, proof):
    found = read(plan, proof)
    assert found["type"] == "FeatureCollection"
    for row in found["features"]:
        assert set(row) == {"type", "geometry", "properties"}
        assert row["type"] == "Feature"
        for lon, lat in positions(row["geometry"]):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    miami = next(site for site in plan.network.sites if site.name == "Miami")
    assert layer(found, "site")["Miami"]["geometry"]["coordinates"] == [miami.lon, miami.lat]


def test_every_site_fibre_and_link_is_there_once_or_listed_apart(builders):
    network = builders["network"]()
    sites = tuple(
        msgspec.structs.replace(site, lat=None) if site.name == "Denver" else site
        for site in network.sites
    )
    plan = builders["plan"](msgspec.structs.replace(network, sites=sites))
    found = read(plan)
    said = {"site": plan.network.sites, "fibre": plan.network.fibres, "link": plan.ip_links}
    for name, rows in said.items():
        drawn, apart = list(layer(found, name)), found["unplaced"][name]
        assert sorted(drawn + apart) == sorted(row.name for row in rows)
    assert found["unplaced"]["site"] == ["Denver"]
    assert all("Denver" in name for name in found["unplaced"]["fibre"])


def test_a_fibre_says_what_the_report_says_of_it(plan, proof):
    found = layer(read(plan, proof), "fibre")
    for row in pair_spectra(plan):
        said = found[row.fibre]["properties"]
        (pair,) = said["spectrum"]
        assert pair["fill"] == pytest.approx(row.fill)
        assert pair["fragmentation"] == pytest.approx(row.fragmentation)
        assert said["waves"] == pair["waves"] == len(row.bars)
    margin = {wave.link: wave.margin_db for wave in plan.lightpaths}
    link = plan.ip_links[0]
    assert found[f"{link.a}-{link.z}"]["properties"]["worst_margin_db"] == margin[link.name]


def test_what_is_unknown_is_null(plan):
    paths = [msgspec.structs.replace(row, margin_db=math.nan) for row in plan.lightpaths]
    found = read(msgspec.structs.replace(plan, lightpaths=tuple(paths)))
    for row in layer(found, "fibre").values():
        assert row["properties"]["worst_margin_db"] is None
        assert row["properties"]["restored_share"] is None
        assert row["properties"]["utilisation"] is None


def test_a_line_over_the_date_line_is_cut_there(builders):
    network = builders["network"]()
    there = {"Seattle": (52.0, 170.0), "San_Jose": (48.0, -170.0)}
    sites = tuple(
        msgspec.structs.replace(site, lat=there[site.name][0], lon=there[site.name][1])
        if site.name in there
        else site
        for site in network.sites
    )
    plan = builders["plan"](msgspec.structs.replace(network, sites=sites))
    geometry = layer(read(plan), "fibre")["Seattle-San_Jose"]["geometry"]
    assert geometry["type"] == "MultiLineString"
    west, east = geometry["coordinates"]
    assert west == [[170.0, 52.0], [180.0, pytest.approx(50.0)]]
    assert east == [[-180.0, pytest.approx(50.0)], [-170.0, 48.0]]


def test_a_name_of_the_user_s_comes_back_as_it_was(builders):
    network = builders["network"](title=EVIL)
    fibres = tuple(
        msgspec.structs.replace(fibre, name=f"{EVIL}{i}") for i, fibre in enumerate(network.fibres)
    )
    plan = builders["plan"](msgspec.structs.replace(network, fibres=fibres))
    assert sorted(layer(read(plan), "fibre")) == sorted(fibre.name for fibre in fibres)


def test_the_same_plan_gives_the_same_bytes_and_an_empty_one_gives_a_collection(plan, proof):
    assert map_data(plan, proof) == map_data(plan, proof)
    bare = msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, sites=(), fibres=(), markets=(),
                                              campuses=()),
        lightpaths=(), lightpath_hops=(), lit_fibres=(), ip_links=(), replicas=(), demands=(),
        tunnels=(), tunnel_hops=(),
    )  # fmt: skip
    assert read(bare)["features"] == []
