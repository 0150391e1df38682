"""Needs are those of networkx, hop by hop; giving up early never gives up what is no worse."""

from dataclasses import replace

import numpy as np
import pytest
from by_hand import need_by_hand, small
from draws import drawn

from arterial.design.capacity.ecmp_loads import EcmpLoads
from arterial.errors import InfeasibleError


def plain(problem):
    """A drawn problem as ECMP takes it: demands as they are, without limits or stages."""
    return replace(
        problem,
        demands=replace(
            problem.demands,
            limit_ms=np.full(len(problem.demands.source), np.inf),
            scaled_by=np.full(len(problem.demands.source), -1),
        ),
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_need_of_every_link_is_the_worst_load_of_any_case_over_what_may_be_filled(seed):
    problem = plain(drawn(seed)) if seed % 2 else small(seed, sites=5, chords=2, routers=True)
    random = np.random.default_rng(seed)
    loads = EcmpLoads(problem)
    for _ in range(8):
        metrics = random.integers(0 if random.random() < 0.3 else 1, 5, len(problem.links.ends))
        need, expected = loads.need(metrics), need_by_hand(problem, metrics)
        if expected is None:
            assert np.isinf(need.gbps).any()
            continue
        np.testing.assert_allclose(need.gbps, expected, rtol=1e-9, atol=1e-9)
        assert ((need.case >= 0) == (expected > 0.0)).all()
        loads.remember(need)  # another order of cases says the same


@pytest.mark.parametrize("seed", range(6))
def test_the_culprit_alone_asks_for_the_whole_need(seed):
    problem = small(seed, sites=5, chords=2, routers=True)
    need = EcmpLoads(problem).need(np.ones(len(problem.links.ends), dtype=np.int64))
    for link in np.flatnonzero(need.case >= 0):
        case = int(need.case[link])
        one = replace(
            problem.cases,
            names=(problem.cases.names[case],),
            **{
                name: getattr(problem.cases, name)[[case]]
                for name in ("alive", "usable", "gbps", "stage")
            },
        )
        alone = need_by_hand(
            replace(problem, cases=one), np.ones(len(problem.links.ends), dtype=np.int64)
        )
        assert alone[link] == pytest.approx(need.gbps[link])


def test_what_is_worse_is_given_up_and_what_is_not_is_told_whole():
    problem = small(3, sites=5, chords=2)
    loads, random = EcmpLoads(problem), np.random.default_rng(3)
    for _ in range(30):
        metrics = random.integers(1, 5, len(problem.links.ends))
        whole = loads.need(metrics)
        total = whole.gbps.sum()
        kept = loads.need(metrics, lambda gbps, at=total: gbps.sum() > at)
        assert kept.gbps.tolist() == whole.gbps.tolist()
        assert loads.need(metrics, lambda gbps, at=total: gbps.sum() > at - 1e-6) is None


def test_a_case_that_parts_a_demand_is_refused_by_name():
    problem = small(0)
    alive = problem.cases.alive.copy()
    alive[2, (problem.links.ends == problem.demands.source[0]).any(axis=1)] = 0.0
    with pytest.raises(InfeasibleError, match="no way in case 'link 1'"):
        EcmpLoads(replace(problem, cases=replace(problem.cases, alive=alive)))
