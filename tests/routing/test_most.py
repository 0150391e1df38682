import numpy as np
import pytest
from scipy.optimize import linprog

from arterial.routing.most import SOLVERS, most
from arterial.routing.pathset import PathSet

SEEDS = range(12)
NEAR = {"own": 2e-3, "highs-simplex": 1e-7, "highs-ipx": 1e-5, "highs-pdlp": 2e-3}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_carries_what_scipy_carries_and_proves_it(world_of, checked, seed, solver):
    world = world_of(seed)
    paths = world.every_path
    if not len(paths):
        return
    found = most(paths, world.demand, world.room, solver=solver)
    on = np.array([paths.load(one, len(world.room)) for one in np.eye(len(paths))]).T
    of = np.array([(paths.demand == k) * 1.0 for k in range(len(world.demand))])
    limits = np.concatenate([world.room, world.demand])
    best = -linprog(-np.ones(len(paths)), np.vstack([on, of]), limits).fun
    checked(world, paths, found.rate_gbps)
    assert found.rate_gbps.sum() == pytest.approx(best, rel=NEAR[solver], abs=1e-6)
    assert found.rate_gbps.sum() <= best + 1e-6 <= found.bound_gbps + 2e-6
    assert found.gap <= 1e-3
    assert found.status in {"optimal", "gap"}
    assert (found.price >= 0.0).all()


@pytest.mark.parametrize("solver", SOLVERS)
def test_with_no_time_the_bound_still_holds(world_of, solver):
    world = world_of(1)
    paths = world.every_path
    found = most(paths, world.demand, world.room, solver=solver, left_s=lambda: 0.0)
    best = most(paths, world.demand, world.room, solver="highs-simplex")
    assert found.status == "limit"
    assert found.rate_gbps.sum() <= best.rate_gbps.sum() <= found.bound_gbps + 1e-9


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_path_carries_nothing(solver):
    found = most(PathSet.of([]), np.array([3.0]), np.array([1.0]), solver=solver)
    assert (len(found.rate_gbps), found.bound_gbps, found.status) == (0, 0.0, "optimal")
