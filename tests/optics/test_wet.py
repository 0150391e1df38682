import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.subsea import SubseaSystem
from arterial.optics.modes import options_of_routes
from arterial.optics.occupancy import Occupancy
from arterial.optics.reach import segment_reach
from arterial.optics.spectrum import SpectrumRequest, assign
from arterial.optics.spectrum_band import grid_band
from arterial.optics.spectrum_use import pair_use
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


@given(st.floats(191.0, 196.2), st.floats(0.05, 3.0), st.sampled_from(["C", "C+L"]))
def test_a_wet_fibre_opens_the_slots_that_lie_wholly_in_its_band_and_the_line_s(low, width, bands):
    line = LineSystem(bands=bands, guard_ghz=25.0)
    ends = {"a": "A", "z": "B", "length_km": 90.0}
    network = Network(
        name="n",
        sites=(Site(name="A"), Site(name="B")),
        fibres=(Fibre(name="land", **ends), Fibre(name="sea", subsea=True, system="Lake", **ends)),
        subsea=(msgspec.structs.replace(LAKE, f_min_thz=low, f_max_thz=low + width),),
        line=line,
    )
    band = network_band(network)
    assert band.on(0).open == grid_band(line).open
    for slot in range(band.slots):
        start_ghz = band.start_ghz + 12.5 * slot
        inside = low * 1000 - 1e-5 <= start_ghz and start_ghz + 12.5 <= (low + width) * 1000 + 1e-5
        assert band.on(1).open >> slot & 1 == (inside and band.open >> slot & 1)


def test_spectrum_under_the_sea_is_given_from_its_own_band(chain):
    network = drowned(chain([50.0] * 2), 1, f_min_thz=194.0, f_max_thz=194.3)
    band = network_band(network)
    requests = [
        SpectrumRequest(name=f"{fibre} {n}", fibres=(fibre,), slot_ghz=150.0)
        for fibre in (0, 1)
        for n in range(3)
    ]
    found = assign(requests, {0: 1, 1: 1}, band)
    wet = [row.centre_ghz for row in found.placed if row.name.startswith("1")]
    assert wet == [194_075.0, 194_225.0]
    assert [(row.name, row.why) for row in found.unplaced] == [("1 2", "full")]
    assert found.fill(1) == 1.0
    assert found.fill(0) < 0.1
    occupancy = Occupancy(band, {0: 1, 1: 1})
    assert occupancy.first_fit([1], 12) == round((194_000.0 - band.start_ghz) / 12.5)
    assert occupancy.first_fit([0], 12) == 0
    (used,) = [
        row for row in pair_use(occupancy, {0: "f0", 1: "f1"}, (150.0,)) if row.fibre == "f1"
    ]
    assert (used.open_slots, used.more_waves) == (24, (2,))
