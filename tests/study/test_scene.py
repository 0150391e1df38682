from pathlib import Path

import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.plan.store import read_plan
from arterial.study.imports import import_graphml
from arterial.study.scene import scene

ZOO = Path(__file__).parents[1] / "data" / "topology-zoo"


def test_a_network_without_links_has_one_over_every_existing_fibre(drill):
    found = scene(drill, fibre_gbps=100.0)
    existing = [fibre.name for fibre in load_network(drill).fibres if fibre.status == "existing"]
    assert list(found.ip.links) == existing
    assert set(found.ip.capacity_gbps.tolist()) == {100.0}
    assert any("ASSUMPTION" in note for note in found.notes)


def test_a_plan_brings_its_links_demands_and_what_a_cut_takes(designed):
    found = scene(designed[0])
    plan = read_plan(designed[0])
    assert found.ip.links == tuple(link.name for link in plan.ip_links)
    assert found.demands == plan.demands
    link_of = {wave.name: wave.link for wave in plan.lightpaths}
    for fibre, links in found.ip.fibres:
        riding = {link_of[hop.lightpath] for hop in plan.lightpath_hops if hop.fibre == fibre}
        assert {found.ip.links[link] for link in links} == riding
    assert found.notes == ()


def test_a_table_of_demands_takes_the_place_of_a_load(drill, tmp_path):
    table = tmp_path / "mine.csv"
    names = [site.name for site in load_network(drill).sites[:2]]
    rows = f"sync,{names[0]},{names[1]},7\nsync,{names[0]},{names[0]},7\n"
    table.write_text(f"traffic_class,source,target,gbps\n{rows}", "utf-8")
    found = scene(drill, demand_file=table)
    assert found.traffic.gbps.tolist() == [7.0]
    assert any("stay at their site" in note and note.endswith(": 1") for note in found.notes)


def test_who_sends_to_whom_must_be_said(tmp_path):
    import_graphml(ZOO / "Abilene.graphml", tmp_path / "net")
    with pytest.raises(ModelError, match="there is no load"):
        scene(tmp_path / "net")


def test_a_table_named_demands_beside_a_network_without_loads_is_taken(tmp_path):
    import_graphml(ZOO / "Abilene.graphml", tmp_path / "net")
    a, z = (site.name for site in load_network(tmp_path / "net").sites[:2])
    table = f"traffic_class,source,target,gbps\nsync,{a},{z},3\n"
    (tmp_path / "net" / "demands.csv").write_text(table, "utf-8")
    assert scene(tmp_path / "net").traffic.gbps.tolist() == [3.0]
