"""Every link built has members enough, and none costs more than the oracle says."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from by_hand import small
from monolith import carried, monolith

from arterial.design.capacity.bundles import members_for, usable_shares, with_min_links
from arterial.design.capacity.engine import capacity
from arterial.errors import ModelError

MEMBERS = (1, 4)
"""Of a small and of a big module: lanes of one breakout."""


def members_of(problem):
    return np.tile(MEMBERS, len(problem.links.ends))


@pytest.mark.parametrize(("least", "routers"), list(product(range(1, 8), range(2, 6))))
def test_members_are_the_fewest_of_which_enough_outlive_a_router(least, routers):
    def left(members):
        held = [len(range(router, members, routers)) for router in range(routers)]
        return members - max(held)

    needed = int(members_for(least, np.array([routers]))[0])
    assert left(needed) >= least
    assert all(left(fewer) < least for fewer in range(needed))


@pytest.mark.parametrize(("seed", "least"), list(product(range(4), (1, 2, 3))))
def test_a_link_is_built_with_enough_members_or_not_at_all_at_the_least_cost(seed, least):
    problem = small(seed, sites=5, chords=1)
    routers = np.array([1, 2, 2, 2, 3])
    bundled = with_min_links(problem, least, members_of(problem), routers)
    *_, last = capacity(bundled, gap=1e-7, rounds=200)
    count = np.round(last.columns[: len(problem.program.cost)]).reshape(-1, 2) @ MEMBERS
    needed = members_for(least, routers)[problem.links.ends].max(axis=1)
    assert ((count == 0) | (count >= needed)).all()
    assert last.cost == pytest.approx(monolith(bundled).cost, rel=1e-6)
    assert last.cost >= monolith(problem).cost - 1e-6
    assert all(carried(bundled, last.columns, case) for case in range(len(problem.cases.names)))


def test_the_least_over_all_sets_of_links_that_are_built_is_no_less():
    problem = small(0)
    bundled = with_min_links(problem, 3, members_of(problem))
    links = len(problem.links.ends)
    costs = []
    for built in product((False, True), repeat=links):
        high = np.where(np.repeat(built, 2), problem.program.high, 0.0)
        # Built links: three members at least, as one big module or three small ones.
        for kinds in product((0, 1), repeat=sum(built)):
            low = np.zeros_like(high)
            for link, kind in zip(np.flatnonzero(built), kinds, strict=True):
                low[2 * link + kind] = (3, 1)[kind]
            costs.append(
                monolith(replace(problem, program=replace(problem.program, low=low, high=high)))
            )
    least = min(answer.cost for answer in costs if answer.status == "optimal")
    assert monolith(bundled).cost == pytest.approx(least)


def test_one_member_is_no_rule():
    problem = small(2)
    bundled = with_min_links(problem, 1, members_of(problem))
    assert len(bundled.program.cost) == len(problem.program.cost)


def test_shares_are_ceilings_less_what_hashes_lose():
    shares = usable_shares(
        np.array([False, True]), normal=0.5, after_failure=1.0, hash_inefficiency=0.2
    )
    assert shares.tolist() == [0.4, 0.8]


def test_columns_without_end_or_of_several_links_are_refused_by_name():
    problem = small(0)
    supply = problem.links.supply.tolil()
    supply[1, 0] = 10.0
    wrong = replace(
        problem,
        program=replace(problem.program, high=np.full(len(problem.program.cost), np.inf)),
        links=replace(problem.links, supply=supply.tocsr()),
    )
    with pytest.raises(ModelError, match=r"(?s)without end.*several links"):
        with_min_links(wrong, 2, members_of(problem))
