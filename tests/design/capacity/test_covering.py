"""Curves are what all choices of modules give; the program buys no more than they say."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from by_hand import small
from scipy import sparse

from arterial.design.capacity.covering import Covering, Curves
from arterial.solve.program import Rows

MOST_GBPS = 120.0


def cheapest(problem, link, gbps):
    """Least cost of modules of one link, all counts looked at."""
    costs = problem.program.cost[2 * link : 2 * link + 2]
    return min(
        ones * costs[0] + fours * costs[1]
        for ones, fours in product(range(14), range(5))
        if problem.links.base_gbps[link] + 10.0 * ones + 40.0 * fours >= gbps - 1e-6
    )


@pytest.mark.parametrize("seed", range(6))
def test_both_cost_what_the_best_of_all_counts_costs(seed):
    problem = small(seed, sites=5, chords=2)
    links = len(problem.links.ends)
    random = np.random.default_rng(seed)
    curves, covering = Curves(problem, MOST_GBPS), Covering(problem)
    for _ in range(5):
        need = np.where(random.random(links) < 0.3, 0.0, random.uniform(0.0, MOST_GBPS, links))
        need[random.integers(links)] = 50.0  # just full
        expected = [cheapest(problem, link, gbps) for link, gbps in enumerate(need)]
        assert curves.cost(need).tolist() == pytest.approx(expected)
        assert (curves.smooth(need) <= curves.cost(need) + 1e-9).all()
        bought = covering.columns(need)
        has = problem.links.base_gbps + problem.links.supply @ bought
        assert (has >= need - 1e-6).all()
        assert float(problem.program.cost @ bought) == pytest.approx(sum(expected), rel=1e-5)


def test_beyond_what_can_be_bought_a_need_costs_without_end():
    problem = small(0)
    few = replace(problem, program=replace(problem.program, high=np.ones(10)))
    need = np.full(5, 61.0)
    assert np.isinf(Curves(few, MOST_GBPS).cost(need)).all()
    assert Covering(few).columns(need) is None
    assert Covering(few).columns(np.full(5, np.inf)) is None


def test_curves_count_what_rows_ask_for_one_more():
    problem = small(1)
    count = len(problem.program.cost)
    # Four modules share a shelf that costs 8: each comes with 2 of it.
    rows = Rows.of([([*range(count), count], [-1.0] * count + [4.0], 0.0, np.inf)])
    program = problem.program
    shelved = replace(
        problem,
        program=replace(
            program,
            cost=np.append(program.cost, 8.0),
            low=np.append(program.low, 0.0),
            high=np.append(program.high, 1000.0),
            integer=np.append(program.integer, True),
            rows=rows,
        ),
        links=replace(
            problem.links,
            supply=sparse.csr_array(np.hstack([problem.links.supply.toarray(), np.zeros((5, 1))])),
        ),
    )
    need = problem.links.base_gbps + 10.0
    more = Curves(shelved, MOST_GBPS).cost(need) - Curves(problem, MOST_GBPS).cost(need)
    assert more.tolist() == pytest.approx([2.0] * 5)
