"""A network whose shortest way lies under the sea: designed, proved, restored, grown, broken."""

import math

import msgspec
import pytest

from arterial.design.ground import pair_cost
from arterial.errors import InfeasibleError
from arterial.jobs.progress import silent
from arterial.plan.store import read_plan, write_plan
from arterial.prove.bill import dues
from arterial.prove.light import light_gates
from arterial.prove.proof import prove
from arterial.study.design import Question, design
from arterial.study.gnpy import export_gnpy
from arterial.study.growth import Growth, growth
from arterial.study.margins import segment_margins

replace = msgspec.structs.replace
SYSTEM = """
subsea:
  - {name: Lake, gsnr_db: 26, baud_gbd: 118, cd_ps_nm: 4000, pmd_ps: 2, f_min_thz: 193.0,
     f_max_thz: 194.0, modes: [400 ULH QPSK], repair_weeks: 3}
"""
FILES = {
    "network.yaml": """
name: sea
tables: {sites: sites.csv, fibres: fibres.csv, campuses: campuses.csv}
loads:
  - {name: base, demands: demands.csv}
"""
    + SYSTEM,
    "sites.csv": """
name,roles,spare_regenerators
West,campus,0
East,campus,0
Pier,junction,4
Quay,junction,4
Inland,junction,0
""",
    "fibres.csv": """
name,a,z,length_km,pairs,lit_pairs,risks,subsea,system,pair_km_year
West-Pier,West,Pier,95,4,0,,,,
Quay-East,Quay,East,90,4,0,,,,
Lake cable,Pier,Quay,500,2,0,,yes,Lake,0.02
Nobody's cable,Pier,Quay,480,4,0,,yes,,
West-Inland,West,Inland,350,4,0,trench,,,
Inland-East,Inland,East,340,4,0,trench,,,
""",
    "campuses.csv": """
name,site,mw,mw_planned
West campus,West,200,400
East campus,East,200,400
""",
    "demands.csv": """
traffic_class,source,target,gbps
sync,West,East,320
sync,East,West,320
""",
}


def written(folder, **changes):
    """The network in a folder, some of its files changed: (old, new) by file without its ending."""
    folder.mkdir()
    for name, text in FILES.items():
        old, new = changes.get(name.partition(".")[0], ("", ""))
        assert old in text
        whole = text.replace(old, new) if old else text
        (folder / name).write_text(whole.lstrip(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sea(tmp_path_factory):
    return written(tmp_path_factory.mktemp("sea") / "network")


@pytest.fixture(scope="module")
def plan(sea, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sea plan") / "plan"
    done = design(sea, folder, Question(gap=0.1))
    (told,) = done.subsea
    assert told == (
        "Lake cable (system Lake): a cut takes 3 weeks to mend; meanwhile one more cut leaves"
        " 2 demands (640 Gb/s) no way, worst fibre West-Inland"
    )
    return read_plan(folder)


@pytest.fixture(scope="module")
def margin_db(plan):
    return segment_margins(plan.network, silent)


def verdicts(plan, margin_db):
    return {gate.name: gate.verdict for gate in prove(plan, margin_db=margin_db).gates}


def test_a_route_over_a_described_cable_is_designed_and_proved(plan, margin_db):
    proof = prove(plan, margin_db=margin_db)
    assert {gate.name: gate.verdict for gate in proof.gates if gate.verdict != "proved"} == {}
    assert {"light: margin", "spectrum", "light: restoration", "bill"} <= {
        gate.name for gate in proof.gates
    }


def test_light_under_the_sea_ends_at_both_landings_in_the_system_s_band(plan):
    wet = {hop.lightpath: hop for hop in plan.lightpath_hops if hop.fibre == "Lake cable"}
    assert wet
    for wave in plan.lightpaths:
        if wave.name in wet:
            assert set(wave.regenerators) == {"Pier", "Quay"}
            assert wave.mode == "400 ULH QPSK"
            centre_ghz = wet[wave.name].centre_ghz
            assert centre_ghz - wave.slot_ghz / 2.0 >= 193_000.0
            assert centre_ghz + wave.slot_ghz / 2.0 <= 194_000.0
    assert "Nobody's cable" not in {hop.fibre for hop in plan.lightpath_hops}


def test_a_wet_pair_is_billed_with_terminals_and_without_huts(plan):
    lines = {line.item: line for line in plan.bill if line.where == "Lake cable"}
    assert set(lines) == {"fibre pair", "line terminal"}
    (row,) = (row for row in plan.lit_fibres if row.fibre == "Lake cable")
    assert lines["line terminal"].quantity == 2 * row.new_pairs
    (cable,) = (one for one in plan.network.fibres if one.name == "Lake cable")
    expected = pair_cost(plan.network, cable) * row.new_pairs
    assert sum(line.cost for line in lines.values()) == pytest.approx(expected)
    assert {due.item for due in dues(plan) if due.where == "Lake cable"} == set(lines)


def test_what_land_loses_comes_back_under_the_sea(plan):
    case = "srlg trench"
    back = [row for row in plan.restored_waves if row.case == case]
    assert back
    for row in back:
        hops = [
            hop for hop in plan.restored_hops if (hop.case, hop.lightpath) == (case, row.lightpath)
        ]
        assert [hop.fibre for hop in hops] == ["West-Pier", "Lake cable", "Quay-East"]
        assert row.regenerators == ("Pier", "Quay")


def moved(plan, centre_ghz):
    hops = tuple(
        replace(hop, centre_ghz=centre_ghz) if hop.fibre == "Lake cable" else hop
        for hop in plan.lightpath_hops
    )
    return replace(plan, lightpath_hops=hops)


def test_a_wave_out_of_the_system_s_band_is_refuted(plan, margin_db):
    gates = {gate.name: gate for gate in light_gates(moved(plan, 192_000.0), margin_db)}
    assert gates["spectrum"].verdict == "refuted"
    assert "leaves the band of subsea system 'Lake'" in gates["spectrum"].note
    assert verdicts(plan, margin_db)["spectrum"] == "proved"


def test_a_restored_wave_out_of_the_system_s_band_is_refuted(plan, margin_db):
    hops = tuple(
        replace(hop, centre_ghz=192_000.0) if hop.fibre == "Lake cable" else hop
        for hop in plan.restored_hops
    )
    assert verdicts(replace(plan, restored_hops=hops), margin_db)["light: restoration"] == "refuted"


def test_light_that_passes_a_landing_without_a_terminal_is_refuted(plan, margin_db):
    bare = tuple(replace(wave, regenerators=()) for wave in plan.lightpaths)
    broken = replace(plan, lightpaths=bare)
    gates = {gate.name: gate for gate in light_gates(broken, margin_db)}
    assert (gates["light: margin"].verdict, gates["light: margin"].value) == ("refuted", -math.inf)


def test_what_nobody_describes_any_more_is_unknown_to_the_prover(plan):
    network = replace(
        plan.network,
        fibres=tuple(replace(one, system=None) for one in plan.network.fibres),
        subsea=(),
    )
    gates = verdicts(replace(plan, network=network), segment_margins(network, silent))
    assert gates["light: margin"] == "unknown"


def test_without_its_description_there_is_one_way_only_and_no_plan(tmp_path):
    folder = written(tmp_path / "n", fibres=("yes,Lake,0.02", "yes,,0.02"), network=(SYSTEM, ""))
    with pytest.raises(InfeasibleError):
        design(folder, tmp_path / "plan", Question())


def test_gnpy_is_asked_about_land_and_told_nothing_of_the_cable(plan, tmp_path):
    folder = tmp_path / "plan"
    write_plan(plan, folder)
    found = export_gnpy(folder, tmp_path / "gnpy")
    assert found.services == found.lightpaths + 1, "two ends of one wave, and the way on land"
    assert [words.partition(": ")[2] for words in found.skipped] == [
        "subsea fibre 'Lake cable' (Lake)"
    ]


def test_growth_between_the_campuses_counts_the_cable(sea, tmp_path):
    dark = written(tmp_path / "n", fibres=("yes,Lake,0.02", "yes,,0.02"), network=(SYSTEM, ""))
    grown = [growth(one, Growth()).pairs[0].plants for one in (sea, dark)]
    most = [max(row.carried_gbps for row in rows if row.bands == "C") for rows in grown]
    waves = 2 * 6  # two pairs of 1,000 GHz, 150 GHz a wave
    assert most[0] == pytest.approx(most[1] + waves * 400.0)


def test_more_waves_than_the_cable_takes_name_it_and_what_would_do(tmp_path, ended):
    folder = written(tmp_path / "n", demands=(",320", ",12000"))
    code, out, said = ended("design", folder, "-o", tmp_path / "plan")
    assert (code, out) == (1, "")
    assert "fibre 'Lake cable': all 2 pairs are full" in said
    assert "would free it: more pairs on 'Lake cable'" in said
    assert not (tmp_path / "plan" / "plan.json").exists()


def test_waves_in_service_that_fill_the_only_way_name_it_and_what_would_do(tmp_path, ended):
    folder = written(
        tmp_path / "n",
        network=("campuses: campuses.csv}", "campuses: campuses.csv, waves: waves.csv}"),
        fibres=("West-Pier,West,Pier,95,4,0", "West-Pier,West,Pier,95,1,1"),
    )
    head = "name,a,fibres,pairs,centre_ghz,slot_ghz\n"
    (folder / "waves.csv").write_text(f"{head}old,West,West-Pier,1,193700,4800\n", encoding="utf-8")
    code, _, said = ended("design", folder, "-o", tmp_path / "plan")
    assert code == 1
    assert "fibre 'West-Pier': all 1 pairs are full and a wave finds no room" in said
    assert "1 waves in service stand there" in said
    assert "would free it: waves in service moved off 'West-Pier'" in said


def test_waves_in_service_that_overfill_a_pair_are_refused_line_by_line(tmp_path, ended):
    folder = written(
        tmp_path / "n",
        network=("campuses: campuses.csv}", "campuses: campuses.csv, waves: waves.csv}"),
        fibres=("West-Pier,West,Pier,95,4,0", "West-Pier,West,Pier,95,1,1"),
    )
    head = "name,a,fibres,pairs,centre_ghz,slot_ghz\n"
    rows = "".join(f"w{n},West,West-Pier,1,{191_350 + 90 * n},100\n" for n in range(3))
    (folder / "waves.csv").write_text(head + rows, encoding="utf-8")
    code, _, said = ended("check", folder)
    assert code == 2
    assert [f"waves.csv:{line}" in said for line in (2, 3, 4)] == [True, True, True]
    assert "overlaps 'w0'" in said
    assert "on 'West-Pier' pair 1" in said
