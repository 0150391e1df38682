"""Lists say who belongs to what, each once."""

import numpy as np
from draws import drawn

from arterial.design.capacity.measure import measured
from arterial.design.capacity.near import near_of


def test_links_demands_and_cases_are_listed_where_they_are():
    problem = drawn(3)
    thin = measured(problem, np.ones(len(problem.program.cost)))
    near = near_of(problem.links.sites, thin)
    for site in range(problem.links.sites):
        own = near.links.of[near.links.first[site] : near.links.first[site + 1]]
        assert sorted(own) == sorted(np.flatnonzero((thin.ends == site).any(axis=1)))
        asked = near.demands.of[near.demands.first[site] : near.demands.first[site + 1]]
        ends = (problem.demands.source == site) | (problem.demands.target == site)
        assert sorted(asked) == sorted(np.flatnonzero(ends))
    for link in range(len(thin.ends)):
        entries = near.losses.of[near.losses.first[link] : near.losses.first[link + 1]]
        assert (thin.lost[entries] == link).all()
        cases = near.case[entries]
        alive = np.asarray(problem.cases.alive)[:, link]
        assert sorted(cases) == sorted(np.flatnonzero(alive < 1.0))
    assert near.group_size.sum() == len(problem.cases.names)
