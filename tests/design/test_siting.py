import numpy as np
import pytest
from msgspec import structs

from arterial.demand.offers import market_offers
from arterial.design.siting import Siting
from arterial.errors import InfeasibleError, SolverError
from arterial.model.policy import DEFAULT_CLASSES
from arterial.placement.edges import edge_sites
from arterial.placement.survival import apart_by_routes

LOAD = "base"


def pairs(siting):
    return {row.market: (row.edge, row.failover) for row in siting.placed().replicas}


def test_every_market_gets_two_edges_that_fail_apart(drill):
    apart = apart_by_routes(drill, market_offers(drill, LOAD))
    column = {site.name: number for number, site in enumerate(edge_sites(drill))}
    for row, (edge, failover) in enumerate(pairs(Siting(drill, LOAD, spare_fibre=False)).values()):
        assert apart[row, column[edge], column[failover]]


def test_to_spare_fibre_markets_that_lit_fibre_serves_are_kept_to_it(drill):
    lit = apart_by_routes(drill, market_offers(drill, LOAD), dark=False)
    column = {site.name: number for number, site in enumerate(edge_sites(drill))}
    for row, (edge, failover) in enumerate(pairs(Siting(drill, LOAD, spare_fibre=True)).values()):
        assert not lit[row].any() or lit[row, column[edge], column[failover]]


def test_a_pair_given_up_is_not_offered_again(drill):
    siting = Siting(drill, LOAD, spare_fibre=False)
    seen = set()
    for _ in range(4):
        market, pair = next(iter(pairs(siting).items()))
        assert (market, pair) not in seen
        seen.add((market, pair))
        siting.give_up(market, *pair)


def test_when_all_pairs_are_given_up_the_answer_is_unknown_not_impossible(drill):
    siting = Siting(drill, LOAD, spare_fibre=False)
    edges = [site.name for site in edge_sites(drill)]
    for edge in edges:
        for failover in edges:
            siting.give_up("Cedar metro", edge, failover)
    with pytest.raises(SolverError, match="Cedar metro"):
        siting.placed()


@pytest.mark.parametrize(
    "change",
    [
        {"classes": tuple(structs.replace(c, rtt_ms=1.5) for c in DEFAULT_CLASSES)},
        {"fibres": ()},
    ],
)
def test_what_one_failure_rules_out_is_impossible(drill, change):
    siting = Siting(structs.replace(drill, **change), LOAD, spare_fibre=False)
    with pytest.raises(InfeasibleError, match=r"inference .* metro") as told:
        siting.placed()
    assert told.value.remedies


def test_transport_is_free_at_home_and_dearer_farther_away(drill):
    near = structs.replace(drill, costs=structs.replace(drill.costs, edge_site_build=0.0))
    served = pairs(Siting(near, LOAD, spare_fibre=False))
    assert np.mean([edge.startswith(market.split()[0]) for market, (edge, _) in served.items()]) > 0
