"""All double cuts of the reference network's long-haul fibres, and all that ``--beyond`` tells."""

import tempfile
from pathlib import Path

import numpy as np

from arterial.fabric.failures import Failure
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan
from arterial.prove.cases import compile_cases
from arterial.prove.doubles import doubles_of
from arterial.prove.keeping import Kept, engines_of, kept
from arterial.prove.proof import prove
from arterial.prove.tables import compile_tables
from arterial.study.design import Question, design
from bench.row import Row, median_s

__all__ = ["run"]

NETWORK = Path(__file__).parents[1] / "networks" / "us-ai-backbone"
GOAL_S = 2.0
CHUNK = 1024


def run() -> list[Row]:
    """On one thread what the goal names; then a whole proof, and what the losses add to it."""
    with tempfile.TemporaryDirectory() as scratch:
        design(NETWORK, Path(scratch), Question(load="draft", gap=0.1))
        plan = read_plan(Path(scratch))
    count = _double_cuts(plan)
    cuts_s = median_s(lambda: _double_cuts(plan))
    plain_s = median_s(lambda: prove(plan), 3)
    whole_s = median_s(lambda: prove(plan, two_losses=True), 3)
    return [
        Row(
            name=f"{count:,} double cuts, long haul",
            own_s=cuts_s,
            goal=f"<= {GOAL_S:g} s",
            met=cuts_s <= GOAL_S,
            note="all classes, as installed and by ECMP",
        ),
        Row(name="proof of the draft load", own_s=plain_s),
        Row(name="the same with --beyond", own_s=whole_s, note="the worst and a sample verified"),
    ]


def _double_cuts(plan: Plan) -> int:
    """Route every pair of long-haul fibres; how many there are."""
    tables = compile_tables(plan)
    names = [
        fibre.name
        for fibre in plan.network.fibres
        if fibre.status == "existing" and "campus:" not in fibre.name
    ]
    cuts = [Failure(name=f"fibre {name}", kind="fibre", fibres=(name,)) for name in names]
    pairs = doubles_of(tables, compile_cases(tables, cuts))
    engines, both = engines_of(tables), ~pairs.maintenance
    states = np.unique(pairs.state[both])
    into = Kept.empty(len(states), len(engines.classes))
    for begin in range(0, len(states), CHUNK):
        rows = slice(begin, min(begin + CHUNK, len(states)))
        kept(engines, pairs.cases(pairs.example[states[rows]]), into, rows)
    return int(both.sum())
