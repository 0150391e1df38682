"""Rows of replicas that contradict the network, or that nobody asks for."""

import pytest
from msgspec import UNSET, structs

from arterial.model.workload import ReplicaNeed
from arterial.plan.rows import Serving
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.prove.proof import prove

NEED = ReplicaNeed(model="talk", gpus=8, kw=11.0, requests_per_s=1e4)


@pytest.fixture(scope="module")
def bare(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture
def plan(bare):
    """A plan made without figures, with one replica at each edge: one answers everybody."""
    edges = sorted({edge for row in bare.replicas for edge in (row.edge, row.failover)})
    rows = tuple(Serving(edge=edge, model="talk", replicas=1, gpus=8, kw=11.0) for edge in edges)
    return structs.replace(counted(bare, NEED), serving=rows)


def counted(plan, need):
    works = tuple(
        structs.replace(work, replica=need) if work.name == "people" else work
        for work in plan.network.workloads
    )
    return structs.replace(plan, network=structs.replace(plan.network, workloads=works))


def limited(plan, **limits):
    sites = tuple(structs.replace(site, **limits) for site in plan.network.sites)
    return structs.replace(plan, network=structs.replace(plan.network, sites=sites))


def gates(plan):
    return {gate.name: gate for gate in prove(plan).gates}


def changed(plan, **fields):
    return structs.replace(
        plan, serving=(structs.replace(plan.serving[0], **fields), *plan.serving[1:])
    )


def test_one_replica_an_edge_is_enough_and_none_is_not(plan):
    found = gates(plan)
    assert (found["serving"].verdict, found["replicas at edges"].verdict) == ("proved", "proved")
    assert gates(structs.replace(plan, serving=()))["replicas at edges"].verdict == "refuted"
    assert gates(structs.replace(plan, serving=UNSET))["replicas at edges"].verdict == "refuted"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"model": "song"}, "asks for this model"),
        ({"edge": "Hazel"}, "no edge site"),
        ({"gpus": 7}, "1 replicas have 8 accelerators"),
        ({"kw": 10.0}, "power of 1 replicas is not 10 kW"),
    ],
)
def test_a_row_that_contradicts_the_network_is_told(plan, fields, told):
    gate = gates(changed(plan, **fields))["serving"]
    assert gate.verdict == "refuted"
    assert told in gate.note


def test_room_holds_to_the_last_accelerator_and_kilowatt(plan):
    for field, name, used in (("gpus", "gpus", 8), ("gpu_kw", "gpu power", 11.0)):
        assert gates(limited(plan, **{field: used}))[name].verdict == "proved"
        gate = gates(limited(plan, **{field: used - 1}))[name]
        assert (gate.verdict, gate.value, gate.limit) == ("refuted", used, used - 1)


def test_power_that_nobody_gives_is_unknown_where_it_is_limited(plan):
    silent = counted(plan, structs.replace(NEED, kw=None))
    rows = tuple(structs.replace(row, kw=float("nan")) for row in silent.serving)
    silent = structs.replace(silent, serving=rows)
    assert gates(silent)["serving"].verdict == "proved"
    assert gates(limited(silent, gpu_kw=1e6))["gpu power"].verdict == "unknown"
    assert "gpu power" not in gates(silent)


def test_a_plan_without_figures_has_no_such_gates(bare):
    assert not {"serving", "replicas at edges", "gpus", "gpu power"} & gates(bare).keys()


def test_rows_come_back_from_disk_and_none_are_written_where_none_are_said(plan, bare, tmp_path):
    for number, one in enumerate((plan, bare)):
        write_plan(one, tmp_path / str(number))
        assert plan_hash(read_plan(tmp_path / str(number))) == plan_hash(one)
        tables = [path.stem for path in (tmp_path / str(number)).glob("plan-*/*.parquet")]
        assert ("serving" in tables) == (one is plan)
