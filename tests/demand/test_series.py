import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from arterial.demand.series import busiest_step, p95_gbps, peak_gbps, shifted_gbps

curves = arrays(
    float,
    st.tuples(st.integers(1, 30), st.integers(1, 4)),
    elements=st.integers(0, 100).map(float),
)


@given(curves)
def test_the_95th_percentile_is_the_least_rate_seen_that_19_of_20_steps_keep(gbps):
    steps = len(gbps)
    for curve, rate in zip(gbps.T, p95_gbps(gbps), strict=True):
        kept = [seen for seen in curve if sum(curve <= seen) >= 0.95 * steps - 1e-9]
        assert rate == min(kept)


@given(curves)
def test_no_step_exceeds_the_peaks_and_the_busiest_has_the_largest_sum(gbps):
    assert (gbps <= peak_gbps(gbps)).all()
    assert gbps[busiest_step(gbps)].sum() == gbps.sum(axis=1).max()


@given(curves, st.integers(-40, 40), st.sampled_from([0.25, 1.0, 3.0]))
def test_a_shift_by_whole_steps_turns_the_curve(gbps, steps, step_h):
    ahead_h = np.full(gbps.shape[1], steps * step_h)
    np.testing.assert_array_equal(
        shifted_gbps(gbps, step_h, ahead_h), np.roll(gbps, -steps, axis=0)
    )


@given(curves, st.floats(-12.0, 12.0))
def test_a_shift_moves_traffic_in_time_and_neither_adds_nor_takes_any(gbps, ahead_h):
    moved = shifted_gbps(gbps, 0.5, np.full(gbps.shape[1], ahead_h))
    np.testing.assert_allclose(moved.sum(axis=0), gbps.sum(axis=0), rtol=1e-9, atol=1e-9)
    assert (moved <= peak_gbps(gbps) + 1e-9).all()
    assert (moved >= gbps.min(axis=0) - 1e-9).all()


def test_each_demand_moves_by_its_own_longitude():
    gbps = np.zeros((24, 2))
    gbps[20] = 1.0  # the evening peak, 20:00 everywhere
    moved = shifted_gbps(gbps, 1.0, np.array([0.0, -75.0 / 15.0]))  # Greenwich, New York
    assert moved.argmax(axis=0).tolist() == [20, 1]  # 20:00 in New York is 01:00 in Greenwich
