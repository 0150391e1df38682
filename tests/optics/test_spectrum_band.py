"""The grid against plain arithmetic in GHz."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from arterial.model.line import LineSystem, Reserved
from arterial.optics.spectrum_band import Band, free_runs, grid_band, slots_touched, span


def line(**figures):
    return LineSystem(**figures)


def test_the_gap_between_two_bands_is_closed():
    band = grid_band(line(bands="C+L"))
    assert (band.start_ghz, band.slots) == (186_550.0, 764)
    assert free_runs(band.closed) == [(280, 100)]
    assert band.open_slots == 280 + 384
    assert band.widest == 384


def test_bands_that_touch_are_kept_apart_by_a_slot():
    band = grid_band(line(bands="C+L", l_max_thz=191.3))
    assert free_runs(band.closed) == [(380, 1)]


def test_guards_stand_inside_each_edge_of_each_band():
    band = grid_band(line(bands="C+L", guard_ghz=25.0))
    assert free_runs(band.open) == [(2, 276), (382, 380)]


@given(
    bands=st.sampled_from(["C", "C+L"]),
    guard_ghz=st.integers(0, 240).map(lambda quarter: quarter / 4),
    slices=st.lists(st.tuples(st.integers(186_000, 196_500), st.integers(1, 400)), max_size=4),
)
def test_a_slot_is_open_where_the_whole_of_it_may_be_used(bands, guard_ghz, slices):
    own = line(
        bands=bands,
        guard_ghz=guard_ghz,
        reserved=tuple(
            Reserved(low_ghz=float(low), high_ghz=float(low + width)) for low, width in slices
        ),
    )
    band = grid_band(own)
    for slot in range(band.slots):
        low, high = band.start_ghz + slot * 12.5, band.start_ghz + (slot + 1) * 12.5
        inside = any(
            start * 1000 + guard_ghz - 1e-4 <= low and high <= end * 1000 - guard_ghz + 1e-4
            for start, end in own.band_limits_thz
        )
        kept = any(low < edge + width - 1e-4 and high > edge + 1e-4 for edge, width in slices)
        assert bool(band.open >> slot & 1) == (inside and not kept)


@given(mask=st.integers(0, 2**70))
def test_runs_put_together_are_the_mask(mask):
    runs = free_runs(mask)
    assert sum(span(*run) for run in runs) == mask
    assert all(one[0] + one[1] < two[0] for one, two in pairwise(runs))


def test_a_channel_off_the_grid_touches_every_slot_that_it_lies_in():
    band = Band(start_ghz=191_300.0, slots=8)
    assert slots_touched(band, 191_337.5, 75.0) == (0, 6)
    assert slots_touched(band, 191_340.0, 75.0) == (0, 7)
    assert slots_touched(band, 191_300.0, 75.0) == (0, 3)
    assert slots_touched(band, 199_000.0, 75.0) == (8, 0)
