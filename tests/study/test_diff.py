"""Laws of ``diff``: nothing differs from itself, the mirror is mirrored, sums are the bills'."""

import csv
import math
import shutil

import msgspec
import pytest

from arterial.errors import DamagedError, ModelError
from arterial.plan.store import read_plan
from arterial.plan.table import database, read_table
from arterial.study.design import Question, design
from arterial.study.diff import diff
from arterial.study.diff_table import DiffRow
from arterial.study.prove import prove

MIRROR = {
    **{word: word for word in ("", "same", "moved", "unknown")},
    "built": "freed",
    "freed": "built",
    "raised": "lowered",
    "lowered": "raised",
    "better": "worse",
    "worse": "better",
}


@pytest.fixture(scope="module")
def plans(drill, tmp_path_factory):
    """Two plans of the drill network for two loads, the second without an edge at Fir; proofs."""
    base = tmp_path_factory.mktemp("diff")
    bare = shutil.copytree(drill, base / "drill")
    sites = (bare / "sites.csv").read_text()
    assert "junction;edge;market" in sites
    (bare / "sites.csv").write_text(sites.replace("junction;edge;market", "junction;market"))
    for name, network, load in (("a", drill, "base"), ("b", bare, "heavy")):
        design(network, base / name, Question(load=load, gap=0.2))
        prove(base / name)
    return base / "a", base / "b"


def test_a_plan_does_not_differ_from_itself(plans):
    told = diff(plans[0], plans[0])
    assert told.same
    assert told.network == "same"
    assert told.cost_change == told.retuned == told.tunnels.primaries == told.tunnels.backups == 0
    assert told.built == told.served == told.markets == told.gates == told.links == told.notes == ()
    assert {row.word for row in told.figures} <= {"same", "unknown"}
    assert {row.change for row in told.bill} == {0.0}


def mirrored(rows):
    """Rows with a and b swapped: pairs of fields that end so, changes and words."""
    out = set()
    for row in rows:
        plain = msgspec.structs.asdict(row)
        swapped = {}
        for field, value in plain.items():
            if "_a" in field and field.replace("_a", "_b") in plain:
                swapped[field.replace("_a", "_b")] = value
            elif "_b" in field and field.replace("_b", "_a") in plain:
                swapped[field.replace("_b", "_a")] = value
            else:
                swapped[field] = value
        if "a" in plain:
            swapped |= {"a": plain["b"], "b": plain["a"]}
        if "change" in plain:
            swapped["change"] = -plain["change"]
        for key in ("fate", "word"):
            if key in plain:
                swapped[key] = MIRROR[plain[key]]
        out.add(
            tuple(
                sorted(
                    (key, str(value + 0.0 if isinstance(value, float) else value))
                    for key, value in swapped.items()
                    if key != "limit"
                )
            )
        )
    return out


def plainly(rows):
    return {
        tuple(
            sorted(
                (key, str(value + 0.0 if isinstance(value, float) else value))
                for key, value in msgspec.structs.asdict(row).items()
                if key != "limit"
            )
        )
        for row in rows
    }


def test_the_other_way_round_everything_is_mirrored(plans):
    there, back = diff(*plans), diff(*plans[::-1])
    assert not there.same
    for section in ("built", "served", "bill", "figures", "markets", "gates", "links"):
        rows = getattr(there, section)
        assert rows
        assert mirrored(rows) == plainly(getattr(back, section))
    assert there.tunnels.primaries_gbps == pytest.approx(back.tunnels.primaries_gbps)


def test_items_add_up_to_the_difference_of_the_bills(plans):
    told, (a, b) = diff(*plans), map(read_plan, plans)
    assert math.fsum(row.change for row in told.bill) == pytest.approx(b.cost - a.cost)
    assert told.cost_change == b.cost - a.cost
    for thing, before, after in (
        ("wave", len(a.lightpaths), len(b.lightpaths)),
        ("fibre pair", sum(r.pairs for r in a.lit_fibres), sum(r.pairs for r in b.lit_fibres)),
        ("router port", 2 * len(a.lightpaths), 2 * len(b.lightpaths)),
    ):
        assert sum(r.change for r in told.built if r.thing == thing) == after - before


def test_other_loads_and_networks_are_said_and_compared(plans, changed_drill, tmp_path):
    told = diff(*plans)
    assert any("loads differ: base and heavy" in note for note in told.notes)
    folder = changed_drill("network.yaml", "name: drill", "name: other")
    design(folder, tmp_path / "plan", Question(load="base", gap=0.2))
    other = diff(plans[0], tmp_path / "plan")
    assert other.network == "other"
    assert other.same
    assert any("networks differ: drill and other" in note for note in other.notes)
    assert any("no proof stands beside" in note for note in other.notes)
    assert other.gates is None


@pytest.mark.parametrize("name", ["d.csv", "d.parquet"])
def test_the_table_has_every_difference(plans, tmp_path, name):
    told = diff(*plans, table=tmp_path / name, picture=tmp_path / "d.svg")
    if name.endswith("csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            sections = [row["section"] for row in csv.DictReader(file)]
    else:
        with database() as inside:
            rows = read_table(inside, tmp_path / name, DiffRow)
        sections = [row.section for row in rows]
    assert sections.count("built") == len(told.built)
    assert sections.count("bill") == len(told.bill)
    assert sections.count("figure") == len(told.figures)
    assert sections.count("link") == len(told.links)
    picture = (tmp_path / "d.svg").read_text(encoding="utf-8")
    assert all(f'class="line {fate}' in picture for fate in ("built", "freed"))
    assert diff(*plans, picture=tmp_path / "e.svg").built == told.built
    assert (tmp_path / "e.svg").read_bytes() == (tmp_path / "d.svg").read_bytes()


def test_what_is_no_plan_or_no_table_is_refused(plans, tmp_path):
    with pytest.raises(DamagedError, match="no such folder"):
        diff(plans[0], tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"does not end in .csv or .parquet"):
        diff(*plans, table=tmp_path / "d.xlsx")
    with pytest.raises(ModelError, match=r"does not end in .svg"):
        diff(*plans, picture=plans[0] / "plan.json")
    with pytest.raises(ModelError, match="among a plan's tables"):
        diff(*plans, table=plans[1] / "plan-0" / "bill.parquet")


def test_a_proof_of_another_plan_is_not_believed(plans, tmp_path):
    folder = tmp_path / "mixed"
    shutil.copytree(plans[0], folder)
    shutil.copy(plans[1] / "proof.json", folder)
    for proof in plans[1].glob("proof-*"):
        (shutil.copytree if proof.is_dir() else shutil.copy)(proof, folder / proof.name)
    told = diff(folder, plans[1])
    assert told.gates is None
    assert any("is of another plan" in note for note in told.notes)
