import importlib.util
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.gnpy import read_gnpy
from arterial.model.imports.write import write_network

EXAMPLES = Path(importlib.util.find_spec("gnpy").origin).parent / "example-data"


def roadm(name, lat=None, lon=None):
    place = {"city": name, "latitude": lat, "longitude": lon}
    return {"uid": f"roadm {name}", "type": "Roadm", "metadata": {"location": place}}


def span(uid, length, kind="SSMF", loss=0.2, units="km"):
    params = {"length": length, "length_units": units, "loss_coef": loss}
    return {"uid": uid, "type": "Fiber", "type_variety": kind, "params": params}


def line(*uids):
    return [{"from_node": a, "to_node": z} for a, z in pairwise(uids)]


def found(path, elements, *lines):
    connections = [connection for chain in lines for connection in chain]
    path.write_text(json.dumps({"elements": elements, "connections": connections}))
    return read_gnpy(path)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.json"


def test_conus_is_75_cities_and_99_routes_all_on_land(tmp_path):
    source = EXAMPLES / "CORONET_CONUS_Topology.json"
    network = write_network(read_gnpy(source), tmp_path / "conus")
    assert (len(network.sites), len(network.fibres)) == (75, 99)
    assert not any(fibre.subsea for fibre in network.fibres)
    lengths = {
        element["uid"]: element["params"]["length"]
        for element in json.loads(source.read_text(encoding="utf-8"))["elements"]
        if element["type"] == "Fiber"
    }
    for fibre in network.fibres:
        uid = f"fiber ({fibre.a} \N{RIGHTWARDS ARROW} {fibre.z})-"
        assert fibre.length_km == pytest.approx(lengths[uid])
        assert fibre.loss_db_per_km == 0.2


def test_global_has_its_ocean_spans_flagged_and_its_long_land_spans_not(tmp_path):
    network = write_network(read_gnpy(EXAMPLES / "CORONET_Global_Topology.json"), tmp_path / "g")
    assert (len(network.sites), len(network.fibres)) == (100, 136)
    wet = {frozenset((fibre.a, fibre.z)) for fibre in network.fibres if fibre.subsea}
    for a, z in [
        ("Amsterdam", "New_York"),
        ("London", "Washington_DC"),
        ("Miami", "Paris"),
        ("Honolulu", "Los_Angeles"),
        ("Honolulu", "Sydney"),
        ("Honolulu", "Taipei"),
        ("Oakland", "Taipei"),
        ("Portland", "Tokyo"),
        ("Hong_Kong", "Sydney"),
        ("Mumbai", "Singapore"),
        ("Singapore", "Sydney"),
        ("Seoul", "Tokyo"),
        ("London", "Paris"),
    ]:
        assert frozenset((a, z)) in wet, (a, z)
    for a, z in [("Beijing", "Shanghai"), ("Bangkok", "Delhi"), ("Delhi", "Istanbul")]:
        assert frozenset((a, z)) not in wet, (a, z)
    wet_rows = [fibre for fibre in network.fibres if fibre.subsea]
    assert all("ASSUMPTION: subsea" in fibre.source for fibre in wet_rows)
    assert any(note.startswith("ASSUMPTION: a span is subsea") for note in network.notes)


@pytest.mark.parametrize(
    "name",
    [
        "edfa_example_network.json",
        "fused_roadm_example_network.json",
        "meshTopologyExampleV2.json",
        "multiband_example_network.json",
        "raman_edfa_example_network.json",
        "Sweden_OpenROADMv5_example_network.json",
    ],
)
def test_every_network_that_gnpy_ships_becomes_a_description(tmp_path, name):
    network = write_network(read_gnpy(EXAMPLES / name), tmp_path / "network")
    assert network.fibres
    assert all(fibre.length_km > 0 for fibre in network.fibres)


def test_spans_add_up_across_amplifiers_and_splices_and_directions_merge(file):
    there = line("roadm A", "f1", "amp", "f2", "splice", "f3", "roadm B")
    back = line("roadm B", "f4", "splice", "f5", "roadm A")
    elements = [
        roadm("A"),
        roadm("B"),
        {"uid": "amp", "type": "Edfa"},
        {"uid": "splice", "type": "Fused"},
        span("f1", 80),
        span("f2", 70_000, units="m"),
        span("f3", 50, loss=0.23),
        span("f4", 50, loss=0.23),
        span("f5", 150),
    ]
    (fibre,) = found(file, elements, there, back).fibres
    assert (fibre.a, fibre.z, fibre.length_km) == ("A", "B", 200.0)
    assert fibre.loss_db_per_km == pytest.approx((150 * 0.2 + 50 * 0.23) / 200)


def test_parallel_routes_stay_apart(file):
    elements = [roadm("A"), roadm("B"), span("f1", 80), span("f2", 90), span("f3", 90)]
    lines = [line("roadm A", uid, "roadm B") for uid in ("f1", "f2")]
    fibres = found(file, elements, *lines, line("roadm B", "f3", "roadm A")).fibres
    assert [fibre.length_km for fibre in fibres] == [90.0, 80.0]
    assert len({fibre.name for fibre in fibres}) == 2
    assert "one direction only" in fibres[1].source


def test_a_type_that_arterial_does_not_know_is_an_assumption(file):
    elements = [roadm("A"), roadm("B"), span("f1", 80, kind="EXOTIC")]
    (fibre,) = found(file, elements, line("roadm A", "f1", "roadm B")).fibres
    assert fibre.type == "SSMF"
    assert "ASSUMPTION: SSMF, the file says 'EXOTIC'" in fibre.source


def test_a_span_without_length_leaves_the_route_without(file):
    elements = [roadm("A"), roadm("B"), span("f1", 80), {"uid": "f2", "type": "Fiber"}]
    (fibre,) = found(file, elements, line("roadm A", "f1", "f2", "roadm B")).fibres
    assert fibre.length_km is None
    assert "length unknown" in fibre.source


def test_coordinates_that_contradict_the_lengths_are_left_out_and_told(file):
    elements = [roadm("A", 10, 10), roadm("B", 40, 40), span("f1", 80)]
    result = found(file, elements, line("roadm A", "f1", "roadm B"))
    assert {site.lat for site in result.sites} == {None}
    assert any("coordinates are left out: 1 routes" in note for note in result.notes)


TWICE = """{"connections": [], "elements": [{"uid": "a", "type": "Roadm"},
                                            {"uid": "a", "type": "Roadm"}]}"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "Expected `object`"),
        ("{", "truncated"),
        ('{"elements": []}', "connections"),
        (TWICE, "second element"),
        ('{"elements": [], "connections": [{"from_node": "a", "to_node": "b"}]}', "'a'"),
        ("[" * 100_000, "GNPy topology"),
    ],
)
def test_what_is_no_topology_is_told(file, content, words):
    file.write_text(content)
    with pytest.raises(ModelError, match=words):
        read_gnpy(file)


def test_lines_that_branch_without_end_are_refused(file):
    splices = [f"s{number}" for number in range(40)]
    elements = [roadm("A"), *({"uid": uid, "type": "Fused"} for uid in splices)]
    lines = [line(a, z) for a in splices for z in splices if a != z]
    with pytest.raises(ModelError, match="branch without end"):
        found(file, elements, line("roadm A", "s0"), *lines)


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.json"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_gnpy(path)
