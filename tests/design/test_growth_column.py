from itertools import product

import numpy as np
import pytest

from arterial.design.growth_column import columns_of, fibre_most_gbps, room_for
from arterial.optics.modes import RouteOption
from arterial.optics.spectrum_band import free_runs, slot_count

KINDS = ((100.0, 25.0), (250.0, 37.5), (500.0, 62.5))


def option(rate, slot_ghz, stops=()):
    return RouteOption(
        mode=f"m{rate:g}",
        rate_gbps=rate,
        slot_ghz=slot_ghz,
        regenerator_hops=tuple(stops),
        cost=1.0,
        watts=1.0,
        gsnr_db=25.0,
        osnr_db=20.0,
        margin_db=5.0,
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_most_of_a_pair_is_the_best_packing_of_each_run(seed):
    random = np.random.default_rng(seed)
    items = frozenset((rate, slot_count(slot)) for rate, slot in KINDS)
    free = int(random.integers(1 << 16))
    expected = 0.0
    for _, length in free_runs(free):
        counts = product(*(range(length // width + 1) for _, width in sorted(items)))
        expected += max(
            sum(n * rate for n, (rate, _) in zip(count, sorted(items), strict=True))
            for count in counts
            if sum(n * width for n, (_, width) in zip(count, sorted(items), strict=True)) <= length
        )
    assert fibre_most_gbps(items, (free,)) == expected


def test_room_counts_channels_run_by_run():
    assert room_for(3, (0b111_0111_0011, 0b11_1111)) == 4


def test_without_regenerators_only_light_that_needs_none_is_left():
    found = (option(500.0, 62.5, (0,)), option(100.0, 25.0))
    both = columns_of([(0, 2)], [found], regenerators=True)
    assert [one.segments for one in both] == [((0,), (1,)), ((0, 1),)]
    assert [one.gbps for one in columns_of([(0, 2)], [found], regenerators=False)] == [100.0]
