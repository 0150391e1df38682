import csv
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from arterial.errors import ModelError
from arterial.plan.store import read_plan, read_proof
from arterial.study.design import Question as Design
from arterial.study.design import design
from arterial.study.shape_answer import SESSION_CALLS
from arterial.study.shapes import LOSSES, Question, shapes


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("shapes")


@pytest.fixture(scope="module")
def found(drill, designed, place):
    question = Question(gap=0.1, rounds=1, own=designed[0])
    return shapes(drill, place, question, table=place / "t.csv", picture=place / "p.svg")


@pytest.fixture(scope="module")
def rows(found):
    return {row.shape: row for row in found.shapes}


def test_every_shape_is_a_plan_with_a_proof_of_its_own(found, rows):
    assert list(rows) == ["hub-and-spoke", "dual-homed", "ring", "own", "free"]
    for row in found.shapes:
        plan, proof = read_plan(place_of(row)), read_proof(place_of(row))
        assert (plan.cost, proof.verdict) == (row.cost, row.verdict)
        assert plan.network.policy.rules
        tables = [g for g in proof.gates if g.policy == "table"]
        assert all(gate.verdict == "proved" for gate in tables), row.shape


def place_of(row):
    return Path(row.plan)


def test_the_free_design_is_what_design_gives(drill, place, tmp_path):
    alone = design(drill, tmp_path / "alone", Design(gap=0.1, rounds=1))
    assert alone.plan_hash == msgspec.json.decode((place / "free" / "plan.json").read_bytes())[
        "plan_hash"
    ]  # fmt: skip


def test_only_links_of_the_shape_are_built(found):
    hubs = set(found.hubs.sites)
    for name in ("hub-and-spoke", "dual-homed"):
        plan = read_plan(place_of(next(row for row in found.shapes if row.shape == name)))
        assert all({link.a, link.z} & hubs for link in plan.ip_links)
        assert {row.edge for row in plan.replicas} <= hubs


def test_a_spoke_of_one_home_is_lost_with_its_hub(found, rows):
    plan = read_plan(place_of(rows["hub-and-spoke"]))
    homes = {row.market: (row.site, row.edge) for row in plan.replicas}
    people = {market.name: market.people for market in plan.network.markets}
    lost = {loss.element: loss for loss in rows["hub-and-spoke"].losses if loss.kind == "site"}
    for hub in found.hubs.sites:
        spokes = [name for name, (site, edge) in homes.items() if edge == hub != site]
        assert lost[hub].people_lost >= sum(people[name] for name in spokes) - 1e-3
    assert rows["hub-and-spoke"].verdict == "refuted"


def test_a_ring_carries_on_after_any_cut_and_outlives_no_two(rows):
    ring = rows["ring"]
    assert ring.double_cuts.no_way == ring.double_cuts.cases > 0
    assert ring.double_cuts.answered_worst < ring.double_cuts.answered_mean < 1.0
    cuts = [loss for loss in ring.losses if loss.kind == "fibre"]
    assert cuts
    assert max(loss.people_lost for loss in cuts) < 1e-3


def test_bills_and_delays_add_up(found, rows):
    for row in found.shapes:
        assert sum(msgspec.structs.astuple(row.cost_parts)) == pytest.approx(row.cost)
        assert row.delays.session_ms == pytest.approx(SESSION_CALLS * row.delays.rtt_ms)
        assert 0.0 <= row.delays.within_10_ms <= row.delays.within_20_ms <= 1.0
        assert row.delays.stretch >= 1.0
        assert row.delays.router_hops >= 1.0
        assert row.bound <= row.cost
    assert rows["free"].survived == 1.0
    assert found.verdict == "proved"
    assert rows["own"].designed_for == "as it stands"


def test_tables_and_picture_tell_every_shape(found, place):
    with (place / "t.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["shape"] for row in table] == [row.shape for row in found.shapes]
    assert [float(row["cost"]) for row in table] == pytest.approx([r.cost for r in found.shapes])
    with (place / LOSSES).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(len(row.losses) for row in found.shapes)
    picture = ET.parse(place / "p.svg")  # noqa: S314 - our own
    words = " ".join(picture.getroot().itertext())
    assert all(row.shape in words for row in found.shapes)


def test_own_links_are_a_shape_and_hubs_that_cannot_be_are_told(drill, tmp_path):
    (tmp_path / "mine.csv").write_text(
        "a,z\nAlder,Birch\nBirch,Cedar\nCedar,Dogwood\nAlder,Gorse\nGorse,Hazel\nHazel,Juniper\n"
        "Juniper,Fir\nCedar,Fir\nDogwood,Larch\nFir,Larch\n",
        encoding="utf-8",
    )
    with (tmp_path / "mine.csv").open(encoding="utf-8", newline="") as file:
        mine = {frozenset((line["a"], line["z"])) for line in csv.DictReader(file)}
    asked = Question(rounds=0, bound_rounds=0, own=tmp_path / "mine.csv", bare=True, hubs=40)
    found = shapes(drill, tmp_path / "out", asked)
    plan = read_plan(place_of(next(row for row in found.shapes if row.shape == "own")))
    assert {frozenset((link.a, link.z)) for link in plan.ip_links} <= mine
    assert found.hubs is None
    assert any("40 hubs" in note for note in found.notes)
    assert [row.shape for row in found.shapes] == ["ring", "own", "free"]
    assert not any(row.designed_for.startswith("what") for row in found.shapes)


def test_a_network_without_fibre_has_no_shapes(tmp_path):
    folder = tmp_path / "ip"
    folder.mkdir()
    tables = {
        "network.yaml": "name: ip\ntables:\n  sites: sites.csv\n  links: links.csv\n",
        "sites.csv": "name\nA\nB\n",
        "links.csv": "name,a,z,capacity_gbps,latency_ms\nl,A,B,100,1\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="no fibre"):
        shapes(folder, tmp_path / "out", Question())
