import pytest

from arterial.model.catalogue import load_catalogue

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
    assert {mode.name for mode in press} == {"800ZR", "800 ZR+", "1600ZR", "1600ZR+"}
    assert all("unverified" in mode.source for mode in press)
    assert {mode.osnr_db for mode in press} == {None}
    assert {mode.cost for mode in press} == {None}


def test_one_mode_is_assumed_and_can_be_checked_whole():
    (mode,) = [mode for mode in load_catalogue() if mode.status == "ASSUMPTION"]
    needed = (mode.baud_gbd, mode.slot_ghz, mode.osnr_db, mode.cd_ps_nm, mode.pmd_ps, mode.cost)
    assert None not in needed
    assert mode.rate_gbps == 800
    assert mode.source.startswith("ASSUMPTION")


def test_baud_rates_fit_their_slots():
    for mode in load_catalogue():
        if mode.baud_gbd and mode.slot_ghz:
            assert mode.baud_gbd <= mode.slot_ghz
