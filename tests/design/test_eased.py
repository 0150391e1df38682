import numpy as np
import pytest

from arterial.demand.flows import demands
from arterial.design.choose import Chooser
from arterial.design.eased import eased
from arterial.design.flows import flows_of
from arterial.design.ground import ground_of
from arterial.design.instance import instance_of
from arterial.design.search import stuck
from arterial.design.shape import shape_placement, shape_routes
from arterial.design.spokes import hub_and_spoke, hubs_of
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import load_sections


@pytest.fixture(scope="module")
def ground(drill):
    return ground_of(drill)


def placed(ground, homes):
    shape = hub_and_spoke(ground, "base", hubs_of(ground, "base", 3), homes).shape
    sited, routes = shape_placement(ground, shape), shape_routes(ground, shape)
    sections = load_sections(ground.network, lambda *_: None)
    options = options_of_routes(ground.network, sections, [route.arcs for route in routes])
    instance = instance_of(ground, routes, options, sited.edges)
    wanted = demands(ground.network, "base", sited.replicas)
    return Chooser(instance), flows_of(instance, wanted, sited.replicas)


def test_flows_that_have_their_place_are_left_alone(ground):
    chooser, flows = placed(ground, 2)
    found = eased(chooser, flows)
    assert stuck(chooser, flows) == []
    assert (found.some, found.all) == (0, 0)
    assert all(a is b for a, b in zip(flows, found.flows, strict=True))


def test_stuck_flows_are_asked_for_less_until_none_is_stuck(ground):
    chooser, flows = placed(ground, 1)
    blocked = {flow.name for flow in stuck(chooser, flows)}
    found = eased(chooser, flows)
    assert blocked
    assert found.some + found.all == len(blocked)
    assert stuck(chooser, found.flows) == []
    for before, after in zip(flows, found.flows, strict=True):
        assert before.name == after.name
        assert not (after.must & ~before.must).any()
        assert (after.weight <= before.weight).all()
        if before.name in blocked:
            assert (
                np.array_equal(after.weight == 0.0, after.weight < before.weight)
                or (before.weight == 0.0).any()
            )
        else:
            assert after is before
