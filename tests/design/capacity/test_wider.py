import numpy as np
import pytest
from by_hand import small
from draws import drawn
from monolith import monolith

from arterial.design.capacity.wider import Wider


@pytest.mark.parametrize("seed", [0, 3])
def test_columns_that_nothing_asks_for_change_nothing_else(seed):
    problem = drawn(seed)
    wider = Wider(problem)
    one, other = wider.column(1.0, 5.0), wider.column(2.0, 5.0)
    wide = wider.problem()
    before = len(problem.program.cost)
    assert (one, other, len(wide.program.cost)) == (before, before + 1, before + 2)
    assert (wide.links.supply.toarray()[:, :before] == problem.links.supply.toarray()).all()
    assert not wide.links.supply.toarray()[:, before:].any()
    assert monolith(wide).cost == pytest.approx(monolith(problem).cost)


def test_a_row_ties_a_new_column_to_an_old_one():
    problem = small(1)
    wider = Wider(problem)
    column = wider.column(7.0, 100.0)
    wider.row([(column, 1.0), *((c, -1.0) for c in range(len(problem.program.cost)))], 0.0)
    answer = monolith(wider.problem())
    bought = float(answer.columns[:column].sum())
    assert answer.columns[column] == pytest.approx(bought)
    own = float(problem.program.cost @ answer.columns[:column])
    assert answer.cost == pytest.approx(own + 7.0 * bought)
    assert np.isfinite(answer.cost)
