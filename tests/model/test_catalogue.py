import json
import math
from importlib.util import find_spec
from pathlib import Path

import pytest

from arterial.errors import ModelError
from arterial.model.catalogue import load_catalogue, read_catalogue
from arterial.model.impossible import above_shannon_db

# Mode: baud rate, slot, OSNR, CD, watts as published (None: not published). Smartoptics datasheets
# SO-TQSFPDD4CCZRP r5.10, TQD017 r6.4, TQD029 r5.2; OpenROADM MSA optical specification 6.0.
PUBLISHED = {
    "400ZR": (60, 75, 26, 2400, 15),
    "OpenZR+ 400": (60.1, 75, 23.4, 13000, 23.6),
    "OpenZR+ 300": (60.1, 75, 20.3, 26000, 22.8),
    "OpenZR+ 200": (60.1, 75, 15, 50000, 21.8),
    "OpenZR+ 100": (30, 75, 11.8, 80000, 18.7),
    "bright 400": (63.1, 87.5, 23.5, 12000, 24.7),
    "400 ULH QPSK": (118.2, 150, 17.9, 58000, 24),
    "400 ULH PCS-98": (97.9, 112.5, 19.2, 35000, 25),
    "OpenROADM 400 QPSK": (118.2, 150, 20, 24000, None),
    "OpenROADM 800 16QAM": (118.2, 150, 27, 12000, None),
    "OpenROADM 800 PCS E": (131.3, 150, 25, 20000, None),
    "OpenROADM 800 PCS M": (131.3, 150, 26, 20000, None),
}


def modes():
    return {mode.name: mode for mode in load_catalogue()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_catalogue_says_what_was_published(name):
    mode = modes()[name]
    said = (mode.baud_gbd, mode.slot_ghz, mode.osnr_db, mode.cd_ps_nm, mode.watts)
    assert said == PUBLISHED[name]


def test_every_mode_has_a_source_and_every_cost_its_own():
    for mode in load_catalogue():
        assert len(mode.source) > 20
        assert (mode.cost is None) == (not mode.cost_source)


def test_every_cost_is_an_assumption_but_the_unit():
    units = {mode.name for mode in load_catalogue() if "ASSUMPTION" not in mode.cost_source}
    priced = {mode.name for mode in load_catalogue() if mode.cost is not None}
    assert units & priced == {"400 ULH QPSK", "400 ULH PCS-98"}
    assert {modes()[name].cost for name in units & priced} == {1.0}


def test_what_the_press_says_is_marked_and_what_was_not_found_is_absent():
    press = [mode for mode in load_catalogue() if mode.status == "press"]
    named = {"800ZR", "800 ZR+", "1600ZR", "1600ZR+", "OpenROADM 600"}
    assert {mode.name for mode in press} == named
    assert all("unverified" in mode.source for mode in press)
    assert {mode.osnr_db for mode in press} == {None}
    assert {mode.cost for mode in press} == {None}


def test_one_module_is_assumed_at_two_rates_and_can_be_checked_whole():
    fast, slow = [mode for mode in load_catalogue() if mode.status == "ASSUMPTION"]
    for mode in (fast, slow):
        needed = (mode.baud_gbd, mode.slot_ghz, mode.osnr_db, mode.cd_ps_nm, mode.pmd_ps)
        assert None not in (*needed, mode.cost, mode.watts)
        assert mode.source.startswith("ASSUMPTION")
    assert (fast.rate_gbps, slow.rate_gbps) == (800, 400)
    assert (fast.module, fast.cost, fast.watts) == (slow.module, slow.cost, slow.watts)


def test_half_the_rate_of_the_assumed_module_never_wins_over_a_module_made_for_it():
    made, slow = modes()["400 ULH QPSK"], modes()["400G QPSK ASSUMPTION"]
    assert (made.rate_gbps, made.slot_ghz) == (slow.rate_gbps, slow.slot_ghz)
    assert made.cost < slow.cost
    assert made.watts <= slow.watts
    assert made.osnr_db <= slow.osnr_db
    assert made.cd_ps_nm >= slow.cd_ps_nm
    assert made.pmd_ps >= slow.pmd_ps


def test_the_standard_rows_are_those_that_gnpy_ships():
    shipped = Path(find_spec("gnpy").origin).parent / "example-data"
    library = json.loads((shipped / "eqpt_config_openroadm_ver5.json").read_text("utf-8"))
    (msa,) = [one for one in library["Transceiver"] if "5.0" in one["type_variety"]]
    wide = {row["bit_rate"] / 1e9: row for row in msa["mode"] if row["baud_rate"] == 63.1e9}
    ours = {mode.rate_gbps: mode for mode in load_catalogue() if mode.module == "OpenROADM 5.0"}
    assert ours.keys() == wide.keys()
    for rate, row in wide.items():
        mode, limit = ours[rate], {}
        for step in row["penalties"]:
            (figure,) = step.keys() - {"penalty_value"}
            limit[figure] = (step[figure], step["penalty_value"])
        assert mode.osnr_db == row["OSNR"]
        assert mode.tx_osnr_db == row["tx_osnr"]
        assert mode.slot_ghz == row["min_spacing"] / 1e9
        assert limit["chromatic_dispersion"] == (mode.cd_ps_nm, 0.5)
        assert limit["pmd"] == (mode.pmd_ps, 0.5)
        assert limit["pdl"] == (mode.pdl_db, mode.pdl_penalty_db)


def test_no_row_is_impossible_and_every_known_one_stands_above_shannon():
    for mode in load_catalogue():
        above = above_shannon_db(mode.rate_gbps, mode.baud_gbd, mode.osnr_db)
        assert math.isnan(above) == (mode.baud_gbd is None or mode.osnr_db is None)
        assert not above <= 3.0


def test_a_file_of_pluggables_alone_is_a_catalogue():
    row = """
  - name: {name}
    module: X
    rate_gbps: 400
    baud_gbd: 60
    osnr_db: {osnr}
    status: datasheet
    source: X sheet
"""
    one = "pluggables:" + row.format(name="A", osnr=20)
    assert [mode.name for mode in read_catalogue(one, "v.yaml")] == ["A"]
    with pytest.raises(ModelError) as told:
        read_catalogue(one + row.format(name="A", osnr=12), "v.yaml")
    said = str(told.value)
    assert "v.yaml:10: pluggables[A].name" in said
    assert "v.yaml:14: pluggables[A].osnr_db: 12 dB is below Shannon's limit of 16.39 dB" in said


def test_problems_of_one_line_are_told_in_one_order():
    words = ", ".join(f"{letter}: 1" for letter in "hgfedcba")
    with pytest.raises(ModelError) as told:
        read_catalogue(f"pluggables: [{{name: A, {words}}}]", "v.yaml")
    problems = told.value.problems
    places = [(problem.line or 0, problem.field, problem.found) for problem in problems]
    assert len(places) > len("hgfedcba")
    assert places == sorted(places)


@pytest.mark.parametrize("text", ["", "- a", "modes: []", "pluggables: 3"])
def test_what_is_no_catalogue_is_refused(text):
    with pytest.raises(ModelError, match=r"v\.yaml"):
        read_catalogue(text, "v.yaml")


def test_baud_rates_fit_their_slots():
    for mode in load_catalogue():
        if mode.baud_gbd and mode.slot_ghz:
            assert mode.baud_gbd <= mode.slot_ghz
