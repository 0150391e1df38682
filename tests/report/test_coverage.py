import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.report.coverage import coverage_steps, covered_share, reach_km

CROWD = st.lists(
    st.tuples(
        st.integers(1, 20),
        st.one_of(st.floats(0.1, 60.0), st.just(math.nan), st.sampled_from([5.0, 10.0, 20.0])),
    ),
    min_size=1,
    max_size=12,
)


@given(CROWD, st.sampled_from([5.0, 10.0, 20.0]))
def test_the_share_is_what_counting_every_person_gives(crowd, bound):
    persons = [rtt for count, rtt in crowd for _ in range(count)]
    inside = sum(1 for rtt in persons if rtt <= bound)
    people, rtt_ms = zip(*crowd, strict=True)
    assert covered_share(people, rtt_ms, bound) == pytest.approx(inside / len(persons))


@given(CROWD)
def test_the_curve_rises_and_says_at_each_step_what_the_share_says(crowd):
    people, rtt_ms = zip(*crowd, strict=True)
    steps = coverage_steps(people, rtt_ms)
    assert list(steps) == sorted(steps)
    assert [share for _, share in steps] == sorted({share for _, share in steps})
    assert all(share == covered_share(people, rtt_ms, rtt) for rtt, share in steps)
    known = sum(count for count, rtt in crowd if not math.isnan(rtt))
    last = steps[-1][1] if steps else 0.0
    assert last == pytest.approx(known / sum(people))


def test_nobody_has_no_share():
    assert covered_share([], [], 10.0) is None


@given(
    st.floats(1.0, 50.0), st.floats(0.0, 2.0), st.floats(0.0, 100.0), st.floats(0.0, 50.0),
    st.floats(1.0, 3.0),
)  # fmt: skip
def test_a_fibre_of_the_reach_meets_the_bound_exactly(bound, access, router, fec, factor):
    km = reach_km(
        bound, access_ms=access, router_us=router, fec_us=fec, route_factor=factor, us_per_km=4.9
    )
    rtt = 2 * (access + 2 * router / 1000 + fec / 1000 + factor * km * 4.9 / 1000)
    if km:
        assert rtt == pytest.approx(bound)
    else:
        assert rtt >= bound - 1e-9
