"""Candidates for flows without two ways: found wherever the fibre has two that fail apart."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.apart import routes_apart
from arterial.paths.graph import arc_link
from arterial.paths.shortest import k_shortest

SEEDS = st.integers(0, 2**32 - 1)
ALL = 500


def risks_of(ground, arcs):
    return set().union(*(ground.risks[arc_link(arc)] for arc in arcs))


def lost_sites(instance, flow):
    """Sites but the near end whose loss the flow must outlive."""
    ground = instance.ground
    cases = (case for case, must in zip(instance.failures, flow.must, strict=True) if must)
    return {ground.site_index[case.site] for case in cases if case.kind == "site"} - {flow.near}


def apart(instance, flow, one, other):
    ground = instance.ground
    spared = set() if flow.far != flow.backup_far and not flow.halves else {flow.far}
    sites = lost_sites(instance, flow) - spared
    shared = risks_of(ground, one) & risks_of(ground, other)
    both = {*ground.graph.sites_of(one)} & {*ground.graph.sites_of(other)} & sites
    return not shared and not both


def twos(instance, flow):
    """Every two ways of a flow that fail apart, one to each far end."""
    ground = instance.ground
    back = flow.far if flow.halves else flow.backup_far
    ways = [
        k_shortest(ground.graph, ground.length_km, flow.near, far, ALL) for far in (flow.far, back)
    ]
    return [pair for pair in product(*ways) if apart(instance, flow, *pair)]


@given(SEEDS)
@settings(max_examples=20)
def test_a_flow_gets_two_ways_that_fail_apart_exactly_where_the_fibre_has_them(tiny, seed):
    here = tiny(seed)
    for flow in here.flows:
        if flow.near in {flow.far, flow.backup_far}:
            continue
        routes = {route.arcs for route in routes_apart(here.instance, [flow], ())}
        known = twos(here.instance, flow)
        mine = [pair for pair in known if all(told(way) & routes for way in pair)]
        assert bool(mine) == bool(known) == bool(routes)


def told(way):
    """A way as candidates tell it: from the lower of its ends on."""
    return {way, tuple(arc ^ 1 for arc in reversed(way))}
