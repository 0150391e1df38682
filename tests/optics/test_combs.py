import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.catalogue import load_catalogue
from arterial.model.line import LineSystem
from arterial.optics.combs import comb_index, combs

LINE = LineSystem()


def test_the_catalogue_needs_a_narrow_and_a_wide_comb():
    found = combs(load_catalogue(), LINE)
    assert [(comb.name, comb.slot_ghz, comb.baud_gbd) for comb in found] == [
        ("narrow", 75.0, 60.1),
        ("wide", 150.0, 131.3),
    ]
    assert [len(comb.centres_thz) for comb in found] == [64, 32]


@given(
    slots=st.lists(st.sampled_from([50.0, 75.0, 87.5, 100.0, 112.5, 150.0, 300.0]), max_size=8),
    f_max_thz=st.floats(192.0, 196.1),
)
def test_channels_fill_the_band_and_every_mode_has_a_comb(slots, f_max_thz):
    modes = tuple(
        msgspec.structs.replace(
            load_catalogue()[0], name=str(n), slot_ghz=slot, baud_gbd=0.8 * slot
        )
        for n, slot in enumerate(slots)
    )
    line = LineSystem(f_max_thz=f_max_thz)
    found = combs(modes, line)
    assert len(found) == len({slot > 100.0 for slot in slots})
    for comb in found:
        half_thz = comb.slot_ghz / 2000.0
        assert comb.centres_thz[0] - half_thz == pytest.approx(line.f_min_thz)
        left_thz = line.f_max_thz - (comb.centres_thz[-1] + half_thz)
        assert -1e-9 < left_thz < comb.slot_ghz / 1000.0
    for mode in modes:
        comb = found[comb_index(mode, found)]
        assert (comb.slot_ghz <= 100.0) == (mode.slot_ghz <= 100.0)


@given(slot_ghz=st.sampled_from([50.0, 75.0, 87.5, 150.0]))
def test_a_comb_fills_both_bands_and_nothing_between(slot_ghz):
    line = LineSystem(bands="C+L")
    mode = msgspec.structs.replace(load_catalogue()[0], slot_ghz=slot_ghz, baud_gbd=0.8 * slot_ghz)
    (comb,) = combs((mode,), line)
    assert list(comb.centres_thz) == sorted(comb.centres_thz)
    limits = line.band_limits_thz
    for centre, band in zip(comb.centres_thz, comb.band, strict=True):
        low, high = limits[band]
        assert low - 1e-9 <= centre - slot_ghz / 2e3
        assert centre + slot_ghz / 2e3 <= high + 1e-9
    for number, (low, high) in enumerate(limits):
        assert comb.band.count(number) == int((high - low) * 1e3 / slot_ghz + 1e-9)
    alone = combs((mode,), LineSystem())[0]
    assert alone.centres_thz == comb.centres_thz[-len(alone.centres_thz) :]


def test_a_comb_is_its_channels():
    for comb in combs(load_catalogue(), LINE):
        assert tuple(channel.centre_thz for channel in comb.channels) == comb.centres_thz
        kinds = {(channel.slot_ghz, channel.baud_gbd) for channel in comb.channels}
        assert kinds == {(comb.slot_ghz, comb.baud_gbd)}


def test_a_band_too_narrow_for_a_channel_has_no_comb_for_it():
    modes = load_catalogue()
    found = combs(modes, LineSystem(f_max_thz=191.4))
    assert [comb.name for comb in found] == ["narrow"]
    wide = next(mode for mode in modes if mode.slot_ghz == 150.0)
    assert comb_index(wide, found) is None
    assert combs(modes, LineSystem(f_max_thz=191.31)) == ()


@pytest.mark.parametrize("figure", ["slot_ghz", "baud_gbd"])
def test_a_mode_of_unknown_width_has_no_comb(figure):
    known = load_catalogue()[0]
    blind = msgspec.structs.replace(known, **{figure: None})
    assert combs((blind,), LINE) == ()
    assert comb_index(blind, combs((known,), LINE)) is None
