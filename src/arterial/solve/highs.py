"""Programs through HiGHS: one shot, or a session that grows by rows or columns and starts warm.

HiGHS says less than it seems to at a limit or after a failure: values are handed on only where it
vouches for them, and "infeasible or unbounded" is asked again instead of guessed.
"""

from collections.abc import Callable

import highspy
import numpy as np

from arterial.solve.program import (
    Columns,
    FloatArray,
    IntArray,
    Program,
    Rows,
    Solution,
    SolveStatus,
)

__all__ = ["Option", "Session", "solve"]

Option = str | float | int | bool

_EMPTY: FloatArray = np.zeros(0)
_ALL_NODES = 2**31 - 1

_STATUS: dict[highspy.HighsModelStatus, SolveStatus] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "limit",
    highspy.HighsModelStatus.kIterationLimit: "limit",
    highspy.HighsModelStatus.kSolutionLimit: "limit",
    highspy.HighsModelStatus.kObjectiveBound: "limit",
    highspy.HighsModelStatus.kInterrupt: "limit",
}


class Session:
    """A program inside HiGHS that can grow; each solve starts from the last basis."""

    def __init__(self, program: Program, *, threads: int = 1, seed: int = 0) -> None:
        highs = highspy.Highs()
        self._highs = highs
        self._integer = bool(program.integer.any())
        self._set({"output_flag": False, "threads": threads, "random_seed": seed})
        status = highs.passModel(_model(program))
        assert status != highspy.HighsStatus.kError, "HiGHS refuses the program"

    def add_rows(self, rows: Rows) -> None:
        """Append rows."""
        if len(rows):
            status = self._highs.addRows(
                len(rows),
                rows.low,
                rows.high,
                len(rows.column),
                rows.start[:-1].astype(np.int32),
                rows.column.astype(np.int32),
                rows.value,
            )
            assert status != highspy.HighsStatus.kError, "HiGHS refuses the rows"

    def add_columns(self, columns: Columns) -> None:
        """Append columns, none of them integer."""
        if len(columns):
            status = self._highs.addCols(
                len(columns),
                columns.cost,
                columns.low,
                columns.high,
                len(columns.row),
                columns.start[:-1].astype(np.int32),
                columns.row.astype(np.int32),
                columns.value,
            )
            assert status != highspy.HighsStatus.kError, "HiGHS refuses the columns"

    def set_bounds(self, column: int, low: float, high: float) -> None:
        """Change one column's bounds."""
        self._highs.changeColBounds(column, low, high)

    def set_row_bounds(self, row: int, low: float, high: float) -> None:
        """Change one row's bounds."""
        self._highs.changeRowBounds(row, low, high)

    def set_many_bounds(self, columns: IntArray, low: FloatArray, high: FloatArray) -> None:
        """Change bounds of columns, (n,) each."""
        status = self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)
        assert status != highspy.HighsStatus.kError, "HiGHS refuses the bounds"

    def set_many_row_bounds(self, rows: IntArray, low: FloatArray, high: FloatArray) -> None:
        """Change bounds of rows, (n,) each."""
        status = self._highs.changeRowsBounds(len(rows), rows.astype(np.int32), low, high)
        assert status != highspy.HighsStatus.kError, "HiGHS refuses the bounds"

    def set_cost(self, cost: FloatArray) -> None:
        """Change what is minimised, (X,)."""
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(cost), columns, cost)

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
        options: dict[str, Option] | None = None,
    ) -> Solution:
        """Solve to relative ``gap``, or stop by wall time or by branch-and-bound nodes.

        Limits and options hold for this solve alone. With no time, nothing is tried.
        """
        if time_limit_s <= 0.0:
            return _nothing("no time was given")
        before = self._set(
            {
                "mip_rel_gap": gap,
                "mip_max_nodes": _ALL_NODES if nodes is None else nodes,
                "time_limit": self._deadline_s(time_limit_s),
                **(options or {}),
            }
        )
        try:
            return self._run()
        finally:
            self._set(before)

    def held(self) -> tuple[FloatArray, FloatArray]:
        """Primal and row dual values after a solve, whether HiGHS vouches for them or not.

        For who makes them feasible, and draws bounds from prices, by itself.
        """
        found = self._highs.getSolution()
        primal = np.array(found.col_value if found.value_valid else (), dtype=np.float64)
        dual = np.array(found.row_dual if found.dual_valid else (), dtype=np.float64)
        return primal, dual

    def _set(self, options: dict[str, Option]) -> dict[str, Option]:
        """Set options; returns what they were."""
        before = {name: self._highs.getOptionValue(name)[1] for name in options}
        for name, value in options.items():
            status = self._highs.setOptionValue(name, value)
            assert status == highspy.HighsStatus.kOk, f"HiGHS has no option {name} = {value!r}"
        return before

    def _deadline_s(self, time_limit_s: float) -> float:
        """What HiGHS has to be told: its clock starts anew for each MIP, but runs on over LPs."""
        return time_limit_s if self._integer else self._highs.getRunTime() + time_limit_s

    def _run(self) -> Solution:
        # A scheduler stays as wide as its first session asked, and refuses one of another width.
        highspy.Highs.resetGlobalScheduler(True)
        self._highs.run()
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            before = self._set({"presolve": "off"})  # it is presolve that cannot tell
            self._highs.run()
            self._set(before)
        return self._answer()

    def _answer(self) -> Solution:
        highs = self._highs
        model_status = highs.getModelStatus()
        if model_status == highspy.HighsModelStatus.kMemoryLimit:
            raise MemoryError("HiGHS found no memory")
        status = _STATUS.get(model_status, "failed")
        info = highs.getInfo()
        found = highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        empty = model_status == highspy.HighsModelStatus.kModelEmpty
        known = status in {"optimal", "limit"} and (feasible or empty)
        objective = info.objective_function_value if known else np.inf
        dual, reduced = _EMPTY, _EMPTY
        if status == "infeasible" and not self._integer:
            dual = self._ray()
        elif status == "optimal" and found.dual_valid and not self._integer:
            dual = np.array(found.row_dual, dtype=np.float64)
            reduced = np.array(found.col_dual, dtype=np.float64)
        return Solution(
            status=status,
            objective=-np.inf if status == "unbounded" else objective,
            bound=self._bound(status, objective),
            primal=np.array(found.col_value, dtype=np.float64) if known else _EMPTY,
            row_dual=dual,
            reduced_cost=reduced,
            detail=highs.modelStatusToString(model_status),
        )

    def _bound(self, status: SolveStatus, objective: float) -> float:
        if self._integer and status in {"optimal", "limit"}:
            return min(self._highs.getInfo().mip_dual_bound, objective)
        return objective if status == "optimal" else -np.inf

    def _ray(self) -> FloatArray:
        ray: Callable[[], tuple[object, bool, FloatArray]] = self._highs.getDualRay
        _, known, values = ray()
        return np.asarray(values, dtype=np.float64) if known else _hollow_ray(self._highs.getLp())


def solve(
    program: Program,
    *,
    gap: float = 0.0,
    time_limit_s: float = float("inf"),
    threads: int = 1,
    seed: int = 0,
    nodes: int | None = None,
    options: dict[str, Option] | None = None,
) -> Solution:
    """Solve once. Deterministic for a given program, seed and thread count unless time runs out."""
    session = Session(program, threads=threads, seed=seed)
    return session.solve(gap=gap, time_limit_s=time_limit_s, nodes=nodes, options=options)


def _hollow_ray(lp: highspy.HighsLp) -> FloatArray:
    """The ray of a row that asks for something and has no entry: HiGHS gives none for it."""
    low, high = np.asarray(lp.row_lower_), np.asarray(lp.row_upper_)
    matrix = lp.a_matrix_
    if matrix.format_ == highspy.MatrixFormat.kColwise:
        entries = np.bincount(np.asarray(matrix.index_, dtype=np.int64), minlength=len(low))
    else:
        entries = np.diff(np.asarray(matrix.start_, dtype=np.int64))
    asking = np.flatnonzero((entries == 0) & ((low > 0.0) | (high < 0.0)))
    if not len(asking):
        return _EMPTY
    ray = np.zeros(len(low))
    ray[asking[0]] = 1.0 if low[asking[0]] > 0.0 else -1.0
    return ray


def _nothing(detail: str) -> Solution:
    return Solution(
        status="limit",
        objective=np.inf,
        bound=-np.inf,
        primal=_EMPTY,
        row_dual=_EMPTY,
        reduced_cost=_EMPTY,
        detail=detail,
    )


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
        lp.integrality_ = [
            kinds.kInteger if flag else kinds.kContinuous for flag in program.integer
        ]
    return lp
