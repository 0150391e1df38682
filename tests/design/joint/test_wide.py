"""A design means the same on the candidates for any placement."""

import pytest

from arterial.design.flows import flows_of


def test_a_design_taken_over_costs_what_it_did(start):
    assert start.stand.bill == pytest.approx(start.opening.first.bill + start.opening.edge_cost)


def test_no_candidate_of_the_design_is_lost(start):
    wide = {route.arcs for route in start.stands.chooser.instance.routes}
    assert {route.arcs for route in start.opening.instance.routes} <= wide


def test_flows_made_one_by_one_are_those_made_at_once(start):
    instance = start.stands.chooser.instance
    replicas = start.opening.sited.replicas
    whole = flows_of(instance, start.opening.demands, replicas)
    assert [repr(flow) for flow in start.stand.flows] == [repr(flow) for flow in whole]
