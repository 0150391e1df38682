from itertools import combinations

import numpy as np
import pytest

from arterial.demand.flows import demands
from arterial.design.choose import Chooser
from arterial.design.doubles import with_doubles
from arterial.design.eased import eased
from arterial.design.flows import flows_of
from arterial.design.ground import ground_of
from arterial.design.instance import instance_of
from arterial.design.search import stuck
from arterial.design.shape import shape_placement, shape_routes
from arterial.design.spokes import hub_and_spoke, hubs_of
from arterial.model.reader import load_network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import load_sections


@pytest.fixture(scope="module")
def ground(drill):
    return ground_of(drill)


def placed(ground, homes, more=None):
    shape = hub_and_spoke(ground, "base", hubs_of(ground, "base", 3), homes).shape
    (sited, _), routes = shape_placement(ground, shape, "base"), shape_routes(ground, shape)
    sections = load_sections(ground.network, lambda *_: None)
    options = options_of_routes(ground.network, sections, [route.arcs for route in routes])
    instance = instance_of(ground, routes, options, sited.edges)
    instance = more(instance) if more else instance
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


def every_pair(instance):
    names = [case.fibres[0] for case in instance.failures if case.kind == "fibre"]
    return with_doubles(instance, combinations(names, 2))


def test_what_two_cuts_ask_gives_way_and_what_one_asks_stays(doubled_drill):
    """Every pair of fibres at once: dual homes do not outlive them all, and outlive any one cut."""
    chooser, flows = placed(ground_of(load_network(doubled_drill)), 2, every_pair)
    assert stuck(chooser, flows)
    found = eased(chooser, flows)
    assert (found.some > 0, found.all) == (True, 0)
    assert stuck(chooser, found.flows) == []
    double = chooser.instance.double
    for before, after in zip(flows, found.flows, strict=True):
        assert (after.must | double == before.must | double).all()
        if before.name in found.released:
            assert not (after.must & double).any()


def test_flows_that_were_released_stay_released(doubled_drill):
    chooser, flows = placed(ground_of(load_network(doubled_drill)), 2, every_pair)
    one = next(flow.name for flow in flows if (flow.must & chooser.instance.double).any())
    found = eased(chooser, flows, frozenset({one}))
    assert one in found.released
    (left,) = (flow for flow in found.flows if flow.name == one)
    assert not (left.must & chooser.instance.double).any()
