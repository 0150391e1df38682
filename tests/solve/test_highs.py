from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.solve.highs import Session, solve
from arterial.solve.program import Program, Rows

EPS = 1e-7
SCIPY = {"optimal": 0, "infeasible": 2, "unbounded": 3}


@st.composite
def programs(draw, *, integer=False):
    """Small programs with small whole numbers: as often infeasible or tied as not."""
    columns = draw(st.integers(1, 4))
    whole = st.integers(-4, 4)
    low = np.array(draw(st.lists(st.integers(-2, 0), min_size=columns, max_size=columns)), float)
    wide = np.array(draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns)), float)
    entries = [
        (list(range(columns)), [float(v) for v in values], *sorted(map(float, ends)))
        for values, ends in draw(
            st.lists(
                st.tuples(
                    st.lists(whole, min_size=columns, max_size=columns), st.tuples(whole, whole)
                ),
                max_size=5,
            )
        )
    ]
    return Program(
        cost=np.array(draw(st.lists(whole, min_size=columns, max_size=columns)), float),
        low=low,
        high=low + wide,
        integer=np.full(columns, integer),
        rows=Rows.of(entries),
    )


def matrix(program):
    dense = np.zeros((len(program.rows), len(program.cost)))
    for row, (start, end) in enumerate(
        zip(program.rows.start[:-1], program.rows.start[1:], strict=True)
    ):
        np.add.at(dense[row], program.rows.column[start:end], program.rows.value[start:end])
    return dense


def scipy_answer(program):
    a, rows = matrix(program), program.rows
    return linprog(
        program.cost,
        A_ub=np.vstack([a, -a]) if len(rows) else None,
        b_ub=np.concatenate([rows.high, -rows.low]) if len(rows) else None,
        bounds=list(zip(program.low, program.high, strict=True)),
        method="highs-ipm",
    )


def feasible(program, x):
    activity = matrix(program) @ x
    rows = program.rows
    inside = (program.low - EPS <= x).all() and (x <= program.high + EPS).all()
    return inside and (rows.low - EPS <= activity).all() and (activity <= rows.high + EPS).all()


def knapsack(columns, rows, draw):
    """A mixed-integer program that takes branching."""
    weight = draw.integers(1, 40, (rows, columns)).astype(float)
    return Program(
        cost=-draw.integers(1, 40, columns).astype(float),
        low=np.zeros(columns),
        high=np.ones(columns),
        integer=np.ones(columns, dtype=bool),
        rows=Rows.of([(list(range(columns)), list(w), -np.inf, w.sum() // 2) for w in weight]),
    )


def market_split(columns, rows, draw):
    """A mixed-integer program that no solver ends within the life of a test."""
    weight = draw.integers(0, 100, (rows, columns)).astype(float)
    slack = 2 * rows
    return Program(
        cost=np.concatenate([np.zeros(columns), np.ones(slack)]),
        low=np.zeros(columns + slack),
        high=np.concatenate([np.ones(columns), np.full(slack, np.inf)]),
        integer=np.arange(columns + slack) < columns,
        rows=Rows.of(
            [
                (
                    [*range(columns), columns + 2 * row, columns + 2 * row + 1],
                    [*w, 1.0, -1.0],
                    w.sum() // 2,
                    w.sum() // 2,
                )
                for row, w in enumerate(weight)
            ]
        ),
    )


SCIPY_GAVE_UP = 4
"""linprog's own numerical trouble: no answer to agree with."""


@given(programs())
def test_a_linear_program_agrees_with_scipy(program):
    ours, theirs = solve(program), scipy_answer(program)
    assume(theirs.status != SCIPY_GAVE_UP)
    assert SCIPY[ours.status] == theirs.status
    if ours.status == "optimal":
        assert ours.objective == pytest.approx(theirs.fun, abs=EPS)
        assert ours.bound == ours.objective
        assert feasible(program, ours.primal)
        assert program.cost @ ours.primal == pytest.approx(ours.objective, abs=EPS)


@given(programs())
def test_duals_prove_the_optimum(program):
    found = solve(program)
    if found.status != "optimal":
        return
    y, d, rows = found.row_dual, found.reduced_cost, program.rows
    assert program.cost == pytest.approx(y @ matrix(program) + d, abs=EPS)
    # Each multiplier takes the end of its row or column that keeps the sum below every solution.
    proved = y @ np.where(y > 0, rows.low, rows.high) + d @ np.where(
        d > 0, program.low, program.high
    )
    assert proved == pytest.approx(found.objective, abs=EPS)


@given(programs())
def test_a_farkas_ray_contradicts_the_bounds(program):
    found = solve(program)
    if found.status != "infeasible":
        return
    y = found.row_dual
    assert len(y) == len(program.rows)
    asked = y @ np.where(y > 0, program.rows.low, program.rows.high)
    reach = y @ matrix(program)
    assert reach @ np.where(reach > 0, program.high, program.low) < asked - EPS


@given(programs(integer=True))
def test_an_integer_program_agrees_with_trying_every_point(program):
    ranges = [range(int(lo), int(hi) + 1) for lo, hi in zip(program.low, program.high, strict=True)]
    points = [np.array(point, float) for point in product(*ranges)]
    values = [program.cost @ point for point in points if feasible(program, point)]
    found = solve(program)
    if not values:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.objective == pytest.approx(min(values), abs=1e-6)
    assert found.bound <= found.objective
    assert found.bound == pytest.approx(min(values), abs=1e-5)
    assert feasible(program, found.primal)


@given(programs(), programs())
def test_rows_added_later_count_as_if_they_had_been_there(program, other):
    extra = other.rows
    inside = extra.column < len(program.cost)
    lengths = [
        int(inside[s:e].sum()) for s, e in zip(extra.start[:-1], extra.start[1:], strict=True)
    ]
    extra = replace(
        extra,
        start=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        column=extra.column[inside],
        value=extra.value[inside],
    )
    whole = Rows.joined([program.rows, extra])
    session = Session(program)
    session.solve()
    session.add_rows(extra)
    grown, fresh = session.solve(), solve(replace(program, rows=whole))
    assert grown.status == fresh.status
    assert grown.objective == pytest.approx(fresh.objective, abs=EPS)


def test_changed_bounds_are_those_that_count():
    program = Program(
        cost=np.array([1.0, 1.0]),
        low=np.zeros(2),
        high=np.full(2, 9.0),
        integer=np.zeros(2, dtype=bool),
        rows=Rows.of([([0, 1], [1.0, 1.0], 3.0, np.inf)]),
    )
    session = Session(program)
    assert session.solve().objective == 3.0
    session.set_row_bounds(0, 5.0, np.inf)
    assert session.solve().objective == 5.0
    session.set_bounds(0, 0.0, 1.0)
    assert session.solve().primal.tolist() == [1.0, 4.0]
    session.set_cost(np.array([-1.0, 2.0]))
    assert session.solve().objective == 7.0
    session.set_bounds(1, 0.0, 1.0)
    assert session.solve().status == "infeasible"


@pytest.mark.parametrize("integer", [False, True])
def test_unbounded_is_not_called_infeasible(integer):
    program = Program(
        cost=np.array([-1.0, -1.0]),
        low=np.zeros(2),
        high=np.full(2, np.inf),
        integer=np.full(2, integer),
        rows=Rows.of([([0, 1], [1.0, -1.0], -np.inf, 1.0)]),
    )
    found = solve(program)
    assert found.status == "unbounded"
    assert found.objective == found.bound == -np.inf
    assert len(found.primal) == 0


def test_a_program_of_nothing_is_solved_by_nothing():
    empty = np.zeros(0)
    program = Program(
        cost=empty, low=empty, high=empty, integer=np.zeros(0, dtype=bool), rows=Rows.of([])
    )
    found = solve(program)
    assert (found.status, found.objective, found.bound) == ("optimal", 0.0, 0.0)


@pytest.mark.parametrize("integer", [False, True])
def test_without_time_nothing_is_known(integer, seed):
    program = knapsack(12, 3, np.random.default_rng(seed))
    session = Session(replace(program, integer=np.full(12, integer)))
    for _ in range(2):
        found = session.solve(time_limit_s=0.0)
        assert found.status == "limit"
        assert (found.objective, found.bound, len(found.primal)) == (np.inf, -np.inf, 0)
        assert session.solve().status == "optimal"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stop_by_nodes_is_a_limit_and_keeps_its_point(threads, seed):
    program = market_split(40, 5, np.random.default_rng(seed))
    found = Session(program, threads=threads).solve(nodes=5)
    assert found.status == "limit"
    assert found.bound < found.objective
    assert feasible(program, found.primal)


def test_limits_hold_for_one_solve(seed):
    program = knapsack(30, 8, np.random.default_rng(seed))
    session = Session(program)
    assert session.solve(nodes=0).status == "limit"
    assert session.solve(gap=0.5).bound <= session.solve().bound
    assert session.solve().objective == pytest.approx(solve(program).objective)


@pytest.mark.parametrize("integer", [False, True])
def test_each_solve_has_its_own_time(integer, seed):
    # HiGHS adds up the time of linear solves; a session that has worked for long gets its due.
    draw = np.random.default_rng(seed)
    if integer:
        program, limit_s = market_split(40, 5, draw), 0.1
    else:
        program, limit_s = replace(knapsack(99, 99, draw), integer=np.zeros(99, dtype=bool)), 600.0
    session = Session(program)
    told = [session._deadline_s(limit_s)]  # noqa: SLF001 - a timed test would be the alternative
    worked = session.solve(time_limit_s=limit_s)
    told.append(session._deadline_s(limit_s))  # noqa: SLF001
    assert worked.status == ("limit" if integer else "optimal")
    assert (told[1] == told[0]) if integer else (told[1] > told[0] >= limit_s)


@pytest.mark.parametrize("integer", [False, True])
def test_one_and_two_threads_give_the_same_answer(integer, seed):
    program = knapsack(30, 6, np.random.default_rng(seed))
    program = replace(program, integer=np.full(30, integer))
    answers = [solve(program, threads=threads) for threads in (1, 2, 1, 2)]
    assert {answer.status for answer in answers} == {"optimal"}
    assert len({answer.primal.tobytes() for answer in answers}) == 1
    assert len({(answer.objective, answer.bound) for answer in answers}) == 1


def test_sessions_of_different_widths_take_turns(seed):
    program = knapsack(10, 3, np.random.default_rng(seed))
    narrow, wide = Session(program, threads=1), Session(program, threads=2)
    assert {session.solve().status for session in (narrow, wide, narrow)} == {"optimal"}


def test_an_offered_start_is_taken_up(seed):
    program = market_split(40, 5, np.random.default_rng(seed))
    good = Session(program).solve(nodes=200)
    session = Session(program)
    session.set_start(good.primal)
    assert session.solve(nodes=0).objective <= good.objective + EPS


def test_options_hold_for_one_solve_and_unknown_ones_are_our_mistake(seed):
    session = Session(
        replace(knapsack(10, 3, np.random.default_rng(seed)), integer=np.zeros(10, bool))
    )
    assert session.solve(options={"simplex_iteration_limit": 0}).status == "limit"
    assert session.solve().status == "optimal"
    with pytest.raises(AssertionError, match="no option"):
        session.solve(options={"no_such_option": 1})
