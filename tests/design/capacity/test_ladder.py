"""What links cost by their load, beside one program for each load."""

from dataclasses import replace

import numpy as np
import pytest
from draws import drawn
from explicit import explicit

from arterial.design.capacity.ladder import ladder_of
from arterial.solve.highs import solve
from arterial.solve.program import Rows


def least(problem, link, load_gbps):
    """Cost of the cheapest purchase that lets one link carry a load."""
    supply = problem.links.supply.tocsr()[[link]].tocoo()
    asked = [
        (
            supply.coords[1].tolist(),
            supply.data.tolist(),
            load_gbps - float(problem.links.base_gbps[link]),
            np.inf,
        )
    ]
    rows = Rows.joined([problem.program.rows, Rows.of(asked)])
    answer = solve(replace(problem.program, rows=rows))
    return answer.objective if answer.status == "optimal" else np.inf


def told(ladder, link, load_gbps):
    step = int(np.searchsorted(ladder.gbps[link], load_gbps - 1e-6))
    return (
        ladder.cost[link, step] + ladder.each[link] * load_gbps
        if step <= ladder.last[link]
        else np.inf
    )


@pytest.mark.parametrize("flow_cost", [0.0, 0.3])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_load_costs_what_the_cheapest_program_for_it_does(seed, flow_cost):
    problem = explicit(seed, flow_cost=flow_cost)
    if flow_cost:  # what stands already flows for nothing: no matter of the load alone
        problem = replace(problem, links=replace(problem.links, base_gbps=np.zeros(9)))
    ladder = ladder_of(problem, 0)
    for link in range(len(problem.links.ends)):
        for load_gbps in (0.0, 1.0, 9.0, 11.0, 41.0, 151.0, 170.0):
            assert told(ladder, link, load_gbps) == pytest.approx(least(problem, link, load_gbps))


def test_steps_rise_in_what_they_carry_and_cost():
    ladder = ladder_of(explicit(3), 0)
    for link, last in enumerate(ladder.last.tolist()):
        assert (np.diff(ladder.gbps[link, : last + 1]) > 0.0).all()
        assert (np.diff(ladder.cost[link, : last + 1]) > 0.0).all()
        assert np.isinf(ladder.gbps[link, last + 1])


def test_links_that_share_a_row_have_no_ladder():
    problem = explicit(0)
    ties = Rows.of([([0, 4], [1.0, 1.0], -np.inf, 1.0)])
    program = replace(problem.program, rows=Rows.joined([problem.program.rows, ties]))
    assert ladder_of(replace(problem, program=program), 0) is None


def test_too_many_ways_to_choose_have_no_ladder():
    problem = drawn(0, high=200.0, whole=True)
    assert ladder_of(problem, 0) is None
