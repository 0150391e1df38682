import math

from msgspec import structs

from arterial.model.line import LineSystem
from arterial.optics.combs import comb_index
from arterial.optics.mode_table import NEEDED, NO_COMB, mode_table
from arterial.optics.reach import segment_reach


def test_a_table_holds_what_the_catalogue_says_and_names_what_it_does_not(chain, drawn):
    network = chain([100.0])
    sections = drawn(network, 0)
    table = mode_table(network, sections)
    assert table.modes == network.modes
    for number, mode in enumerate(network.modes):
        absent = tuple(figure for figure in NEEDED if getattr(mode, figure) is None)
        assert table.missing[number] == absent
        comb = comb_index(mode, sections.combs)
        assert table.comb[number] == (-1 if comb is None else comb)
        for figure in ("baud_gbd", "osnr_db", "cd_ps_nm", "pmd_ps"):
            value = getattr(table, figure)[number]
            assert math.isnan(value) if figure in absent else value == getattr(mode, figure)
        assert table.tx_osnr_db[number] == (mode.tx_osnr_db or network.line.tx_osnr_db)


def test_a_mode_too_wide_for_the_band_is_missing_its_comb(chain, drawn):
    network = chain([100.0], line=LineSystem(f_max_thz=191.4))
    table = mode_table(network, drawn(network, 0))
    for mode, missing in zip(network.modes, table.missing, strict=True):
        complete = all(getattr(mode, figure) is not None for figure in NEEDED)
        if complete:
            assert missing == ((NO_COMB,) if mode.slot_ghz > 100.0 else ())
    assert any(missing == (NO_COMB,) for missing in table.missing)


def test_a_mode_wider_than_the_band_is_missing_its_comb_though_its_class_has_one(chain, drawn):
    modes = chain([100.0]).modes
    usual = next(mode for mode in modes if mode.slot_ghz == 150.0 and mode.osnr_db)
    wider = structs.replace(usual, name="wider", slot_ghz=300.0)
    network = chain([100.0], modes=(usual, wider), line=LineSystem(f_max_thz=191.5))
    sections = drawn(network, 0, worst=1e-5)
    assert mode_table(network, sections).missing == ((), (NO_COMB,))
    assert [row.verdict for row in segment_reach(network, sections, [0])] == ["yes", "unknown"]
