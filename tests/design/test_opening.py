import pytest

from arterial.design.flows import flows_of
from arterial.design.opening import OPENING_ROUNDS, opened
from arterial.design.run import Run
from arterial.design.search import restored, stuck
from arterial.design.state import total_cost


@pytest.fixture(scope="module", params=["base", "given"])
def start(drill, request):
    return opened(drill, request.param, Run())


def test_every_demand_has_a_place_and_every_flow_a_route(start):
    assert not stuck(start.chooser, start.flows)
    assert set(start.first.placements) == {flow.name for flow in start.flows}
    riding = [d for flow in start.flows for d in (flow.up, flow.down) if d is not None]
    assert sorted(d.name for d in riding) == sorted(d.name for d in start.demands)
    assert start.first.round <= OPENING_ROUNDS


def test_the_first_design_costs_what_its_placements_cost(start):
    state = restored(start.instance, start.flows, start.first.placements)
    assert start.first.bill == pytest.approx(total_cost(start.instance, state.required_gbps()))
    assert start.edge_cost == start.sited.edge_cost


def test_inference_is_answered_at_its_replicas(start):
    homes = {row.market: row for row in start.sited.replicas}
    for demand in start.demands:
        if demand.market:
            home = homes[demand.market]
            assert {demand.source, demand.target} == {
                home.site,
                home.edge,
            } or home.site == home.edge


def test_candidates_join_sites_where_traffic_ends(start):
    names = [site.name for site in start.instance.ground.network.sites]
    ends = {site for demand in start.demands for site in (demand.source, demand.target)}
    ends |= {site for row in start.sited.replicas for site in (row.edge, row.failover)}
    assert {names[end] for r in start.instance.routes for end in (r.a, r.z)} <= ends
    assert flows_of(start.instance, start.demands, start.sited.replicas)[0].name == (
        start.flows[0].name
    )
