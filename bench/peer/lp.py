"""The path LP of most throughput by OR-Tools' PDLP or GLOP; run by the peers' own Python.

``python lp.py QUESTION.npz ANSWER.npz``. Asked: ``solver`` (``pdlp`` or ``glop``); path p rides
``arc[start[p]:start[p + 1]]`` and serves ``demand[p]``; ``demand_gbps`` (K,) and ``capacity`` (E,)
bound what paths of one demand, and over one arc, carry; ``gap``, relative, for PDLP; ``limit_s``.
Told: ``rate`` (P,), ``carried_gbps``, ``bound_gbps`` (its own, nan where it tells none), ``cpu_s``
of the solver alone, ``excess``, the largest share by which an arc or a demand is overrun, and
``status``.
"""

import sys
import time

import numpy as np
import scipy.sparse as sp
from ortools.linear_solver.python import model_builder_helper
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp


def by_pdlp(matrix, limit, gap, limit_s):
    """First-order; its answer may overrun rows a little."""
    program = pdlp.QuadraticProgram()
    rows, paths = matrix.shape
    program.resize_and_initialize(paths, rows)
    program.objective_vector = -np.ones(paths)
    program.constraint_matrix = matrix.tocsc()
    program.constraint_lower_bounds = np.full(rows, -np.inf)
    program.constraint_upper_bounds = limit
    program.variable_lower_bounds = np.zeros(paths)
    program.variable_upper_bounds = np.full(paths, np.inf)
    asked = solvers_pb2.PrimalDualHybridGradientParams()
    asked.termination_criteria.simple_optimality_criteria.eps_optimal_relative = gap
    asked.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 0.0
    asked.termination_criteria.time_sec_limit = limit_s
    start = time.process_time()
    result = pdlp.primal_dual_hybrid_gradient(program, asked)
    cpu_s = time.process_time() - start
    log = result.solve_log
    bound = -log.solution_stats.convergence_information[0].dual_objective
    status = type(log).DESCRIPTOR.fields_by_name["termination_reason"].enum_type
    return (
        result.primal_solution,
        bound,
        cpu_s,
        status.values_by_number[log.termination_reason].name,
    )


def by_glop(matrix, limit, _gap, limit_s):
    """Simplex, exact."""
    model = model_builder_helper.ModelBuilderHelper()
    rows, paths = matrix.shape
    bounds = np.zeros(paths), np.full(paths, np.inf), np.ones(paths)
    model.fill_model_from_sparse_data(*bounds, np.full(rows, -np.inf), limit, matrix.tocsr())
    model.set_maximize(True)
    solver = model_builder_helper.ModelSolverHelper("glop")
    solver.set_time_limit_in_seconds(limit_s)
    start = time.process_time()
    solver.solve(model)
    cpu_s = time.process_time() - start
    rate = np.array(solver.variable_values()) if solver.has_solution() else np.zeros(paths)
    status = str(solver.status())
    bound = rate.sum() if status.endswith("OPTIMAL") else np.nan
    return rate, bound, cpu_s, status


SOLVERS = {"pdlp": by_pdlp, "glop": by_glop}


def main():
    """Answer the question in the first file with the second."""
    with np.load(sys.argv[1], allow_pickle=False) as asked:
        given = {name: asked[name] for name in asked.files}
    start, arc, capacity = given["start"], given["arc"], given["capacity"]
    paths = len(start) - 1
    rider = np.repeat(np.arange(paths), np.diff(start))
    rows = np.concatenate([arc, len(capacity) + given["demand"]])
    columns = np.concatenate([rider, np.arange(paths)])
    limit = np.concatenate([capacity, given["demand_gbps"]]).astype(float)
    shape = (len(limit), paths)
    matrix = sp.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    solve = SOLVERS[str(given["solver"])]
    rate, bound, cpu_s, status = solve(matrix, limit, float(given["gap"]), float(given["limit_s"]))
    over = matrix @ rate - limit
    np.savez(
        sys.argv[2],
        rate=rate,
        carried_gbps=rate.sum(),
        bound_gbps=bound,
        cpu_s=cpu_s,
        excess=max(0.0, float((over / np.maximum(limit, 1e-300)).max())),
        status=status,
    )


if __name__ == "__main__":
    main()
