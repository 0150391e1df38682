import numpy as np
import pytest

from arterial.design.fits import carried_share
from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_hose import hosed, stage_arcs_gbps
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import whole
from arterial.design.hose import hose_of, inside, share_of, worst_for
from arterial.model.policy import Policy

SOLVE = solver(gap=0.0, rounds=300, seed=0)


@pytest.fixture(scope="module")
def found(years):
    outlook = years(2, growth=(2.0, 8.0))
    return outlook, hosed(outlook, SOLVE, rounds=8)


def test_a_hose_asks_no_less_than_its_load(found):
    outlook, hose = found
    assert hose.closed
    plain = whole(horizon_of(outlook, loads_asked(outlook)), SOLVE)
    robust = whole(horizon_of(outlook, hose.asked), SOLVE)
    assert robust.bound >= plain.bound - 1e-6
    assert len(hose.asked) == len(outlook.stages) + hose.matrices


def test_every_matrix_drawn_within_the_hose_is_carried(found):
    outlook, hose = found
    horizon = horizon_of(outlook, hose.asked)
    columns = whole(horizon, SOLVE).columns
    instance = outlook.instance
    random = np.random.default_rng(7)
    for number, stage in enumerate(outlook.stages):
        ours = hose_of(instance, stage.flows[0])
        raw = stage_arcs_gbps(horizon.problem, columns, number)
        usable = Policy().usable(failed=False)
        share = share_of(instance, ours, 0)
        for _ in range(10):
            matrix = worst_for(ours, random.uniform(0.0, 1.0, (5, 5)))
            matrix *= random.uniform(0.5, 1.0)
            assert inside(ours, matrix)
            real = raw[: 2 * len(instance.routes)] * usable
            fit = carried_share(instance.graph, real, (share * matrix).sum(axis=0))
            assert fit.share >= 1.0 - 1e-6
