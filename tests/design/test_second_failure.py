"""Which two cuts count, and that outliving them is no cheaper in bound than outliving one."""

import networkx as nx

from arterial.design.ground import ground_of
from arterial.design.second_failure import two_cuts
from arterial.design.siting import Siting


def test_two_cuts_leave_every_market_joined_and_none_that_does_is_missed(drill):
    replicas = Siting(drill, "base", spare_fibre=False).placed().replicas
    told = {frozenset(case.fibres) for case in two_cuts(ground_of(drill), replicas)}
    for one in drill.fibres:
        for other in drill.fibres:
            at = {row.site for row in replicas if {row.site} <= {one.a, one.z} & {other.a, other.z}}
            if one.name < other.name and at:
                graph = nx.MultiGraph(
                    (f.a, f.z) for f in drill.fibres if f.name not in {one.name, other.name}
                )
                graph.add_nodes_from(site.name for site in drill.sites)
                joined = all(
                    nx.has_path(graph, row.site, row.edge)
                    or nx.has_path(graph, row.site, row.failover)
                    for row in replicas
                )
                assert (frozenset({one.name, other.name}) in told) == joined
    assert told
