import math

import msgspec
import networkx as nx
import pytest

from arterial.plan.store import read_plan
from arterial.prove.exposure import exposures

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def wet_plan(drill_plan):
    """The drill's plan, as if one of its fibres lay under the sea."""
    plan = read_plan(drill_plan)
    wet = plan.lightpath_hops[0].fibre
    fibres = tuple(
        replace(fibre, subsea=True) if fibre.name == wet else fibre for fibre in plan.network.fibres
    )
    return replace(plan, network=replace(plan.network, fibres=fibres)), wet


def test_a_plan_on_land_is_not_exposed(drill_plan):
    assert exposures(read_plan(drill_plan)) == ()


def test_exposed_demands_are_those_that_a_further_cut_parts(wet_plan):
    plan, wet = wet_plan
    (one,) = exposures(plan)
    assert (one.element, one.system) == (wet, "")
    assert math.isnan(one.repair_weeks)
    rides = {wave.name: wave.link for wave in plan.lightpaths}
    on = {}
    for hop in plan.lightpath_hops:
        on.setdefault(hop.fibre, set()).add(rides[hop.lightpath])
    groups = [{name} for name in on]
    risks = {risk for fibre in plan.network.fibres for risk in fibre.risks}
    groups += [{f.name for f in plan.network.fibres if risk in f.risks} for risk in risks]
    edges = {row.market: {row.edge, row.failover} for row in plan.replicas}
    bare = set()
    for lost in groups:
        gone = set().union(*(on.get(name, set()) for name in {*lost, wet}))
        graph = nx.MultiGraph()
        graph.add_nodes_from(site.name for site in plan.network.sites)
        graph.add_edges_from((k.a, k.z) for k in plan.ip_links if k.name not in gone)
        for demand in plan.demands:
            here, there = demand.source, {demand.target}
            if demand.market:
                here = demand.target if demand.to_market else demand.source
                there = edges[demand.market]
            if not any(nx.has_path(graph, here, one) for one in there):
                bare.add(demand.name)
    assert set(one.demands) == bare
    assert bool(one.worst_case) == bool(bare)
    assert one.gbps == pytest.approx(sum(d.gbps for d in plan.demands if d.name in bare))


@pytest.mark.parametrize(("repair_h", "weeks"), [(100.0, None), (168.0, 1.0), (504.0, 3.0)])
def test_a_fibre_on_land_that_takes_a_week_to_mend_is_told_as_a_wet_one_is(
    drill_plan, wet_plan, repair_h, weeks
):
    plan, (under_sea, name) = read_plan(drill_plan), wet_plan
    fibres = tuple(
        replace(fibre, repair_h=repair_h) if fibre.name == name else fibre
        for fibre in plan.network.fibres
    )
    found = exposures(replace(plan, network=replace(plan.network, fibres=fibres)))
    assert [one.repair_weeks for one in found] == ([] if weeks is None else [weeks])
    (wet,) = exposures(under_sea)
    assert all((one.element, one.demands) == (name, wet.demands) for one in found)
