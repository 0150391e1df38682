"""Room counted by filling it."""

from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.occupancy import Occupancy
from arterial.optics.spectrum_band import Band
from arterial.optics.spectrum_use import pair_use

SLOTS = 40


@given(closed=st.integers(0, 2**SLOTS - 1), used=st.integers(0, 2**SLOTS - 1))
def test_a_pair_is_described_by_its_slots(closed, used):
    band = Band(start_ghz=191_300.0, slots=SLOTS, closed=closed)
    (row,) = pair_use(Occupancy(band, {3: 1}, {3: (used,)}), {3: "F"}, (37.5, 75.0))
    free = [slot for slot in range(SLOTS) if not (closed | used) >> slot & 1]
    starts = [slot for slot in free if slot - 1 not in free]
    largest = max(
        (sum(all(k in free for k in range(s, e + 1)) for e in free if e >= s) for s in free),
        default=0,
    )
    assert (row.fibre, row.pair) == ("F", 1)
    assert row.open_slots == SLOTS - closed.bit_count()
    assert (row.free_slots, row.used_slots) == (len(free), row.open_slots - len(free))
    assert (row.free_runs, row.largest_run) == (len(starts), largest)
    assert row.fragmentation == (1 - largest / len(free) if free else 0.0)
    for width, count in zip((3, 6), row.more_waves, strict=True):
        occupancy = Occupancy(band, {3: 1}, {3: (used,)})
        placed = 0
        while (first := occupancy.first_fit([3], width)) is not None:
            occupancy.take(3, 1, first, width)
            placed += 1
        assert placed == count
