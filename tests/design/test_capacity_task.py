"""Names behind a problem's numbers."""

from math import comb

import numpy as np
import pytest

from arterial.design.capacity_task import Bought, Buying, failure_cases


@pytest.mark.parametrize("together", [0, 1, 2])
def test_each_set_of_links_that_fail_together_stands_once(together):
    names, alive = failure_cases(["a", "b", "c"], np.array([0, 0, 1, 2]), together=together)
    assert len(names) == len(set(names)) == sum(comb(3, lost) for lost in range(together + 1))
    assert names[0] == "no failure"
    assert alive[0].all()
    assert len({row.tobytes() for row in alive}) == len(names)
    assert (alive[:, 0] == alive[:, 1]).all()


def test_columns_and_rows_become_a_program_and_what_links_get():
    buying = Buying()
    small = buying.column(Bought(0, "module", 10.0, 3.0), high=4.0, supply=[(0, 10.0), (1, 10.0)])
    right = buying.column(Bought(0, "setup", 0.0, 5.0), high=1.0, stage=1)
    buying.row([(small, 1.0), (right, -4.0)], -np.inf, 0.0)
    program = buying.program()
    assert program.cost.tolist() == [3.0, 5.0]
    assert program.rows.value.tolist() == [1.0, -4.0]
    assert buying.supply(2).toarray().tolist() == [[10.0, 0.0], [10.0, 0.0]]
    assert buying.stages().tolist() == [0, 1]
