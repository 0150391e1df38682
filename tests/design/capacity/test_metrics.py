import numpy as np
import pytest
from by_hand import small

from arterial.design.capacity.ecmp_loads import CLOSED
from arterial.design.capacity.engine import capacity
from arterial.design.capacity.metrics import MOST, starts


def found(seed, most=MOST):
    problem = small(seed, sites=5, chords=2)
    *_, core = capacity(problem, gap=1e-6, rounds=100)
    return problem, core, dict(starts(problem, core.columns, core.rows, most=most))


@pytest.mark.parametrize(("seed", "most"), [(0, MOST), (1, 3), (2, 1)])
def test_starts_are_whole_within_their_end_and_no_two_alike(seed, most):
    problem, core, told = found(seed, most)
    bought = problem.links.base_gbps + problem.links.supply @ core.columns > 0.0
    for name, metrics in told.items():
        assert metrics.dtype == np.int64
        assert metrics.min() >= CLOSED
        assert metrics.max() <= most
        assert (metrics == CLOSED).tolist() == ((~bought) & ("bought" in name)).tolist()
    assert len({metrics.tobytes() for metrics in told.values()}) == len(told)


def test_longer_links_never_have_the_smaller_metric():
    problem, _, told = found(3)
    order = np.argsort(problem.links.latency_ms, kind="stable")
    assert (np.diff(told["delay, 2000, all links"][order]) >= 0).all()


def test_without_a_point_of_the_core_all_links_are_open():
    problem = small(1)
    told = dict(starts(problem, np.zeros(0), ()))
    assert {name.split(",")[0] for name in told} <= {"hops", "delay", "price"}
    assert all((metrics >= 1).all() for metrics in told.values())
