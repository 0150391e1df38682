import msgspec
import numpy as np
import pytest

from arterial.model.subsea import SubseaSystem
from arterial.optics.modes import options_of_routes
from arterial.optics.reach import segment_reach
from arterial.optics.spectrum_band import grid_band
from arterial.optics.wet import (
    TERMINALS,
    network_band,
    wet_allowed,
    wet_light,
    wet_modes,
)

LAKE = SubseaSystem(
    name="Lake", gsnr_db=26.0, baud_gbd=118.2, cd_ps_nm=4000.0, pmd_ps=2.0, modes=("400 ULH QPSK",)
)


def drowned(network, number, **figures):
    """The same network with one fibre under the sea, its system described."""
    fibres = list(network.fibres)
    fibres[number] = msgspec.structs.replace(fibres[number], subsea=True, system="Lake")
    system = msgspec.structs.replace(LAKE, **figures)
    return msgspec.structs.replace(network, fibres=tuple(fibres), subsea=(system,))


def lit(network, drawn):
    return drawn(network, 1, worst=1e-4)


def test_land_is_left_as_it_was(chain):
    network = chain([100.0] * 2)
    assert wet_light(network) == {}
    assert network_band(network) == grid_band(network.line)
    assert wet_allowed(wet_modes(network, network.modes), np.array([0, 2])) is None


def test_an_undescribed_wet_fibre_stays_unknown_by_name(chain, drawn):
    network = chain([100.0] * 2)
    fibre = msgspec.structs.replace(network.fibres[1], subsea=True)
    network = msgspec.structs.replace(network, fibres=(network.fibres[0], fibre))
    found = segment_reach(network, lit(network, drawn), (2,))
    assert {row.verdict for row in found} == {"unknown"}
    assert all("light of fibre 'f1': it is a wet span" in "".join(r.why) for r in found)


def test_the_described_gsnr_is_what_its_channel_sees_before_the_ends_add_theirs(chain, drawn):
    network = drowned(chain([100.0]), 0, modes=())
    rows = {row.mode: row for row in segment_reach(network, lit(network, drawn), (0,))}
    for name in ("400 ULH QPSK", "bright 400"):
        mode = next(mode for mode in network.modes if mode.name == name)
        line = 10 ** (-LAKE.gsnr_db / 10) * LAKE.baud_gbd / mode.baud_gbd
        ends = 10 ** (-network.line.add_drop_osnr_db / 10) + 10 ** (-network.line.tx_osnr_db / 10)
        assert rows[name].gsnr_db == pytest.approx(-10 * np.log10(line + ends))
        assert rows[name].cd_ps_nm == LAKE.cd_ps_nm
        assert rows[name].pmd_ps == pytest.approx(LAKE.pmd_ps)


def test_only_the_modes_of_its_line_terminals_go_through(chain, drawn):
    network = drowned(chain([100.0]), 0)
    for row in segment_reach(network, lit(network, drawn), (0,)):
        if row.mode == "400 ULH QPSK":
            assert row.verdict == "yes"
        else:
            assert row.verdict == "no"
            assert "no mode of subsea system 'Lake'" in row.why


def test_a_band_that_is_too_narrow_takes_no_mode(chain, drawn):
    network = drowned(chain([100.0]), 0, modes=(), f_min_thz=193.0, f_max_thz=193.1)
    rows = {row.mode: row for row in segment_reach(network, lit(network, drawn), (0,))}
    assert rows["400 ULH QPSK"].why == ("the band of subsea system 'Lake'",)
    assert rows["OpenZR+ 200"].verdict == "yes"


def test_a_segment_with_a_wet_section_holds_nothing_else(chain, drawn):
    network = drowned(chain([50.0] * 3), 1)
    sections = lit(network, drawn)
    for row in segment_reach(network, sections, (0, 2)):
        assert row.verdict == "no"
        assert TERMINALS in row.why
    ((option,),) = [
        tuple(one for one in options if one.mode == "400 ULH QPSK")
        for options in options_of_routes(network, sections, [(0, 2, 4)])
    ]
    assert option.regenerator_hops == (0, 1)
    assert {one.mode for one in options_of_routes(network, sections, [(0, 2, 4)])[0]} == {
        "400 ULH QPSK"
    }


def test_every_allowed_segment_is_all_land_or_one_wet_section(chain):
    network = drowned(chain([50.0] * 4), 2, modes=())
    network = drowned(network, 1, modes=())
    allowed = wet_allowed(wet_modes(network, network.modes[:1]), np.array([0, 2, 4, 6]))[0]
    wet = [False, True, True, False]
    for start in range(4):
        for end in range(start + 1, 5):
            ridden = wet[start:end]
            assert allowed[start, end] == (not any(ridden) or len(ridden) == 1)
