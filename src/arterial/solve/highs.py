"""Programs through HiGHS: one shot, or a session that grows by rows and starts warm."""

from collections.abc import Callable

import highspy
import numpy as np

from arterial.solve.program import FloatArray, Program, Rows, Solution, SolveStatus

__all__ = ["Session", "solve"]

_EMPTY: FloatArray = np.zeros(0)

_STATUS: dict[highspy.HighsModelStatus, SolveStatus] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "limit",
    highspy.HighsModelStatus.kIterationLimit: "limit",
    highspy.HighsModelStatus.kSolutionLimit: "limit",
    highspy.HighsModelStatus.kObjectiveBound: "limit",
    highspy.HighsModelStatus.kInterrupt: "limit",
}


class Session:
    """A program inside HiGHS that can grow by rows; each solve starts from the last basis."""

    def __init__(self, program: Program, *, threads: int = 1, seed: int = 0) -> None:
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", threads)
        highs.setOptionValue("random_seed", seed)
        highs.passModel(_model(program))
        self._highs = highs
        self._integer = bool(program.integer.any())

    def add_rows(self, rows: Rows) -> None:
        """Append rows."""
        if len(rows):
            self._highs.addRows(
                len(rows),
                rows.low,
                rows.high,
                len(rows.column),
                rows.start[:-1].astype(np.int32),
                rows.column.astype(np.int32),
                rows.value,
            )

    def set_bounds(self, column: int, low: float, high: float) -> None:
        """Change one column's bounds."""
        self._highs.changeColBounds(column, low, high)

    def set_row_bounds(self, row: int, low: float, high: float) -> None:
        """Change one row's bounds."""
        self._highs.changeRowBounds(row, low, high)

    def set_start(self, primal: FloatArray) -> None:
        """Offer a point (need not be feasible) to start a mixed-integer solve from."""
        solution = highspy.HighsSolution()
        solution.col_value = primal.tolist()
        self._highs.setSolution(solution)

    def solve(
        self,
        *,
        gap: float = 0.0,
        time_limit_s: float = float("inf"),
        nodes: int | None = None,
        options: dict[str, str | float | int | bool] | None = None,
    ) -> Solution:
        """Solve to relative ``gap``, or stop by wall time or by branch-and-bound nodes."""
        highs = self._highs
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("time_limit", highs.getRunTime() + time_limit_s)
        if nodes is not None:
            highs.setOptionValue("mip_max_nodes", nodes)
        for name, value in (options or {}).items():
            highs.setOptionValue(name, value)
        highs.run()
        return self._answer()

    def _answer(self) -> Solution:
        highs = self._highs
        model_status = highs.getModelStatus()
        status = _STATUS.get(model_status, "failed")
        info = highs.getInfo()
        found = highs.getSolution()
        primal = np.array(found.col_value, dtype=np.float64) if found.value_valid else _EMPTY
        if self._integer:
            bound, dual, reduced = info.mip_dual_bound, _EMPTY, _EMPTY
        else:
            valid = bool(found.dual_valid)
            bound = info.objective_function_value if status == "optimal" else -np.inf
            dual = np.array(found.row_dual, dtype=np.float64) if valid else _EMPTY
            reduced = np.array(found.col_dual, dtype=np.float64) if valid else _EMPTY
            if status == "infeasible":
                dual = self._ray()
        return Solution(
            status=status,
            objective=info.objective_function_value if len(primal) else np.inf,
            bound=bound,
            primal=primal,
            row_dual=dual,
            reduced_cost=reduced,
            detail=highs.modelStatusToString(model_status),
        )

    def _ray(self) -> FloatArray:
        ray: Callable[[], tuple[object, bool, FloatArray]] = self._highs.getDualRay
        _, known, values = ray()
        return np.asarray(values, dtype=np.float64) if known else _EMPTY


def solve(
    program: Program,
    *,
    gap: float = 0.0,
    time_limit_s: float = float("inf"),
    threads: int = 1,
    seed: int = 0,
    options: dict[str, str | float | int | bool] | None = None,
) -> Solution:
    """Solve once. Deterministic for a given program, seed and thread count unless time runs out."""
    session = Session(program, threads=threads, seed=seed)
    return session.solve(gap=gap, time_limit_s=time_limit_s, options=options)


def _model(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_ = len(program.cost)
    lp.num_row_ = len(program.rows)
    lp.col_cost_ = program.cost
    lp.col_lower_ = program.low
    lp.col_upper_ = program.high
    lp.row_lower_ = program.rows.low
    lp.row_upper_ = program.rows.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.rows.start.astype(np.int32)
    lp.a_matrix_.index_ = program.rows.column.astype(np.int32)
    lp.a_matrix_.value_ = program.rows.value
    if program.integer.any():
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if flag else kinds.kContinuous for flag in program.integer]
    return lp
