"""Routes that were moved carry all that is asked, within room and limits."""

import numpy as np
import pytest
from draws import drawn

from arterial.design.capacity.flow import Flows
from arterial.design.capacity.moved import Routes


@pytest.mark.parametrize("seed", range(20))
def test_what_is_moved_fits_and_is_all(seed):
    problem = drawn(seed)
    links, demands, flows = problem.links, problem.demands, Flows(problem)
    routes, delay = Routes.none(), np.repeat(links.latency_ms, 2)
    random = np.random.default_rng(seed)
    for case in range(len(problem.cases.names)):
        point = random.integers(1, 6, len(problem.program.cost)).astype(float)
        ground = flows.ground(point, case)
        found = flows.moved(ground, routes)
        if found is None:
            continue
        routes = found
        carried = np.bincount(routes.demand, routes.gbps, minlength=len(ground.asked))
        assert (carried >= ground.asked - 1e-6).all()
        booked = np.zeros(2 * len(links.ends))
        for number, k in enumerate(routes.demand.tolist()):
            path = list(routes.path(number))
            booked[path] += routes.gbps[number]
            assert ground.open_arc[path].all()
            assert delay[path].sum() <= demands.limit_ms[k] + 1e-6
        both = booked[0::2], booked[1::2]
        assert (
            (both[0] + both[1] if links.shared else np.maximum(*both)) <= ground.room + 1e-6
        ).all()
