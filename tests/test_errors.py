import pytest
from inline_snapshot import snapshot

from arterial.errors import (
    ArterialError,
    BusyError,
    DamagedError,
    InfeasibleError,
    InterruptedRunError,
    ModelError,
    Problem,
    SolverError,
)

PROBLEMS = (
    Problem(
        file="fibres.csv",
        line=7,
        field="risks",
        found="no risk is called 'duct-7'",
        expected="Did you mean 'duct-17'?",
    ),
    Problem(file="network.yaml", found="the file is missing", expected="Create it"),
)


def test_a_model_error_tells_every_problem_of_every_file():
    error = ModelError(PROBLEMS)
    assert error.problems == PROBLEMS
    assert str(error) == snapshot(
        """\
fibres.csv:7: risks: no risk is called 'duct-7'. Did you mean 'duct-17'?
network.yaml: the file is missing. Create it\
"""
    )


def test_an_infeasible_design_names_what_collides_and_what_would_free_it():
    error = InfeasibleError("inference-down Miami", "no edge within 20 ms", ["a fibre", "25 ms"])
    assert error.remedies == ("a fibre", "25 ms")
    assert str(error) == snapshot(
        """\
inference-down Miami: no edge within 20 ms
  would free it: a fibre
  would free it: 25 ms\
"""
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InfeasibleError("a", "b", []), 1),
        (ModelError(PROBLEMS), 2),
        (DamagedError("plan.json", "cut short", "Design again"), 2),
        (BusyError("out"), 3),
        (SolverError("HiGHS", "Time limit reached"), 3),
        (InterruptedRunError("design", "3 rounds are saved"), 3),
        (ArterialError("unforeseen"), 3),
    ],
)
def test_each_error_answers_with_its_exit_code(error, code):
    assert error.exit_code == code
    assert isinstance(error, ArterialError)
    assert str(error)
