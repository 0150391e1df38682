import numpy as np
import pytest
from msgspec import structs

from arterial.demand.offers import market_offers
from arterial.model.reader import load_network
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.transport import transport_cost


@pytest.fixture
def asked(drill):
    network = load_network(drill)
    offers = market_offers(network, "base")
    return network, offers, [site.name for site in edge_sites(network)]


def test_an_edge_at_home_costs_no_transport_and_no_nearer_edge_costs_more(asked):
    network, offers, edges = asked
    rtt_ms = planning_rtt_ms(network, offers)
    cost = transport_cost(network, offers, edges, rtt_ms)
    for row, offer in enumerate(offers):
        assert [cost[row, e] == 0.0 for e in range(len(edges))] == [
            edge == offer.site for edge in edges
        ]
        by_distance = cost[row, np.argsort(rtt_ms[row])]
        assert by_distance.tolist() == sorted(by_distance)


def test_without_prices_nothing_is_weighed(asked):
    network, offers, edges = asked
    free = tuple(structs.replace(mode, cost=None) for mode in network.modes)
    rtt_ms = planning_rtt_ms(network, offers)
    cost = transport_cost(structs.replace(network, modes=free), offers, edges, rtt_ms)
    assert not cost.any()
