"""Sites that stand for several are told from sites proper."""

from dataclasses import replace

import numpy as np
from draws import drawn
from scipy import sparse

from arterial.design.capacity.places import places_of


def _with_a_stand_in(problem, plenty):
    """The first demand may end at site 0 or 1: a further site stands for both."""
    links, sites = problem.links, problem.links.sites
    count = len(links.ends)
    none = sparse.csr_array((2, links.supply.shape[1]))
    one_way = np.zeros(count, np.bool_) if links.one_way is None else links.one_way
    alive = np.asarray(problem.cases.alive, dtype=float)
    return replace(
        problem,
        links=replace(
            links,
            sites=sites + 1,
            ends=np.vstack([links.ends, [[0, sites], [1, sites]]]),
            base_gbps=np.append(links.base_gbps, [plenty, plenty]),
            supply=sparse.csr_array(sparse.vstack([links.supply, none])),
            latency_ms=np.append(links.latency_ms, [0.0, 0.0]),
            one_way=np.append(one_way, [True, True]),
        ),
        demands=replace(problem.demands, target=np.full_like(problem.demands.target, sites)),
        cases=replace(problem.cases, alive=np.hstack([alive, np.ones((len(alive), 2))])),
    )


def test_a_stand_in_is_its_members_where_what_leads_there_holds_all():
    problem = drawn(2)
    places = places_of(_with_a_stand_in(problem, 1e9))
    assert places.sites == problem.links.sites
    assert len(places.links) == len(problem.links.ends)
    assert all(sorted(target) == [0, 1] for target in places.target)
    outside = np.arange(places.sites) >= 2
    starts, _ = places.crossing(outside)
    assert starts.tolist() == [bool(outside[source]) for source in problem.demands.source]


def test_a_site_that_little_leads_to_is_a_site():
    problem = drawn(2)
    places = places_of(_with_a_stand_in(problem, 1e-3))
    assert places.sites == problem.links.sites + 1
