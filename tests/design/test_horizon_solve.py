import numpy as np
import pytest

from arterial.design.capacity.problem import FIXED
from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import Carried, rolling, whole
from arterial.errors import InfeasibleError
from arterial.paths.graph import Graph
from arterial.paths.shortest import k_shortest
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows

ALL_PATHS = 2000


def twin(problem, gap=0.0):
    """The cheapest columns that carry every case."""
    columns, rows = written_out(problem)
    count, more = len(problem.program.cost), len(columns)
    program = problem.program
    done = solve(
        Program(
            cost=np.concatenate([program.cost, np.zeros(more)]),
            low=np.concatenate([program.low, np.zeros(more)]),
            high=np.concatenate([program.high, np.full(more, np.inf)]),
            integer=np.concatenate([program.integer, np.zeros(more, dtype=bool)]),
            rows=Rows.joined([program.rows, Rows.of(rows)]),
        ),
        gap=gap,
    )
    if done.status == "infeasible":
        raise InfeasibleError("the demands", "nothing carries them", ())
    assert done.status == "optimal", done.detail
    return Carried(done.objective, done.bound, np.round(done.primal[:count]))


def written_out(problem):
    """(case, demand, path) of every flow column, and rows that join them to what is bought."""
    links, cases, demands = problem.links, problem.cases, problem.demands
    assert not links.shared
    assert (demands.scaled_by == FIXED).all()
    graph = Graph.of(links.sites, links.ends[:, 0].tolist(), links.ends[:, 1].tolist())
    weight = np.repeat(links.latency_ms, 2).tolist()
    paths = [
        k_shortest(graph, weight, int(s), int(t), ALL_PATHS, float(limit))
        for s, t, limit in zip(demands.source, demands.target, demands.limit_ms, strict=True)
    ]
    assert all(len(some) < ALL_PATHS for some in paths)
    supply = links.supply.tocsr()
    against = np.zeros(2 * len(links.ends), dtype=bool)
    against[1::2] = links.one_way
    base = len(problem.program.cost)
    columns, rows = [], []
    for case in range(len(cases.names)):
        arcs = [[] for _ in range(2 * len(links.ends))]
        for k in np.flatnonzero(cases.gbps[case]):
            mine = []
            for path in paths[k]:
                if all(cases.alive[case, arc >> 1] and not against[arc] for arc in path):
                    mine.append(base + len(columns))
                    for arc in path:
                        arcs[arc].append(base + len(columns))
                    columns.append((case, int(k), path))
            rows.append((mine, [1.0] * len(mine), float(cases.gbps[case, k]), np.inf))
        for arc, riders in enumerate(arcs):
            if riders:
                link = arc >> 1
                span = slice(supply.indptr[link], supply.indptr[link + 1])
                bought = [
                    (int(x), float(v))
                    for x, v in zip(supply.indices[span], supply.data[span], strict=True)
                    if problem.column_stage[x] <= cases.stage[case]
                ]
                usable = float(cases.usable[case])
                rows.append(
                    (
                        riders + [x for x, _ in bought],
                        [1.0] * len(riders) + [-v * usable for _, v in bought],
                        -np.inf,
                        float(links.base_gbps[link]) * usable,
                    )
                )
    return columns, rows


@pytest.mark.parametrize("seed", [0, 3])
def test_the_engine_finds_what_the_program_written_out_finds(years, seed):
    outlook = years(seed)
    problem = horizon_of(outlook, loads_asked(outlook)).problem
    asked, found = twin(problem), solver(gap=0.0, rounds=300, seed=0)(problem)
    assert found.cost == pytest.approx(asked.cost, abs=1e-6)
    assert found.bound <= found.cost + 1e-6
    assert found.bound == pytest.approx(asked.cost, rel=1e-4)
    assert (found.columns == np.round(found.columns)).all() or np.allclose(
        found.columns, np.round(found.columns), atol=1e-5
    )


def test_what_no_fibre_carries_is_told(years):
    outlook = years(0, growth=(1.0, 4000.0))
    problem = horizon_of(outlook, loads_asked(outlook)).problem
    with pytest.raises(InfeasibleError, match="all that can be bought"):
        solver(gap=0.01, rounds=300, seed=0)(problem)


def test_what_is_too_large_has_a_bound_and_ways_still_have_points(years):
    """A point is built year by year, leaning on parts of modules."""
    outlook = years(0)
    horizon = horizon_of(outlook, loads_asked(outlook))
    parts, exact = (solver(gap=0.01, rounds=300, seed=0, many=many) for many in (0, 10_000))
    asked, found = exact(horizon.problem), parts(horizon.problem)
    assert found.bound <= asked.cost + 1e-6
    assert found.parts.any()
    assert not len(asked.parts)
    way = whole(horizon, parts)
    assert asked.bound - 1e-6 <= way.cost < np.inf
    assert rolling(horizon, parts, 0, 0).cost >= way.bound - 1e-6
