import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.reoptimised import reoptimised
from arterial.routing.sweep import ecmp, joined


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_who_has_a_way_and_who_has_lost_an_end_is_as_under_ecmp(drawn, seed):
    ip, traffic, cases = drawn(seed)
    chunk = cases.chunk(0, len(cases))
    best, usual = reoptimised(ip, traffic, 0.0, 3)(chunk), ecmp(ip, traffic, 0.0)(chunk)
    assert np.allclose(best.dropped, usual.dropped)
    assert np.allclose(best.ended, usual.ended)
    assert best.cut_off.tolist() == usual.cut_off.tolist()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_all_is_accounted_for_and_no_link_is_overloaded(drawn, seed):
    ip, traffic, cases = drawn(seed)
    found = reoptimised(ip, traffic, 0.0, 3)(cases.chunk(0, len(cases)))
    offered = np.bincount(traffic.of_class, weights=traffic.gbps, minlength=3)
    total = found.carried + found.dropped + found.ended + found.overload
    assert np.allclose(total, offered, atol=1e-5)
    assert (found.utilisation <= 1.0 + 1e-9).all()
    assert (found.gap <= 1e-6).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_cases_may_be_played_one_by_one(drawn, seed):
    ip, traffic, cases = drawn(seed)
    player = reoptimised(ip, traffic, 0.0, 2)
    whole = player(cases.chunk(0, len(cases)))
    single = joined([player(cases.chunk(case, case + 1)) for case in range(len(cases))])
    for one, other in zip(whole, single, strict=True):
        assert one.tobytes() == other.tobytes()
