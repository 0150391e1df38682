"""A case routed by itself finds room where a program over all paths does, and only there."""

import numpy as np
import pytest
from draws import drawn
from monolith import arcs_of, carried_share

from arterial.design.capacity_case import arcs_standing, routed_case


@pytest.mark.parametrize("seed", range(24))
def test_it_lacks_something_exactly_where_no_routing_carries_all(seed):
    problem = drawn(seed)
    columns = np.full(len(problem.program.cost), float(seed % 3))
    for case in range(0, len(problem.cases.names), 2):
        room = problem.capacity_gbps(columns, case)
        asked = problem.asked_gbps(columns, case)
        routed = routed_case(problem, room, asked, case)
        whole = carried_share(problem, columns, case) >= 1.0 - 1e-9
        assert (routed.lack_gbps.sum() < 1e-6) == whole
        both = routed.load_gbps.reshape(-1, 2)
        load = both.sum(axis=1) if problem.links.shared else both.max(axis=1)
        assert (load <= room + 1e-6).all()
        standing = np.zeros(2 * len(room), dtype=np.bool_)
        standing[[arc for arc, _, _ in arcs_of(problem, case)]] = True
        assert (np.isfinite(arcs_standing(problem, case)) == standing).all()
        assert not routed.load_gbps[~standing].any()


def test_where_nothing_is_asked_nothing_flows():
    problem = drawn(0)
    room = problem.capacity_gbps(np.ones(len(problem.program.cost)), 0)
    routed = routed_case(problem, room, np.zeros(len(problem.demands.source)), 0)
    assert not routed.load_gbps.any()
    assert not routed.lack_gbps.any()
