"""ECMP loads of failure cases by ngraph, netgraph-core or pyNTM; run by the peers' own Python.

``python ecmp.py QUESTION.npz ANSWER.npz``. Asked: ``tool`` (its name), ``ends`` (L, 2), ``sites``,
``metric`` (E,), ``offered`` (N, N) with ``[d, v]`` from v to d, and ``lost`` (F,): the link that
each case takes, -1 for none. Told: ``load`` (F, E), of ngraph (F, 1) what is carried in all, and
``cpu_s``, the work alone: no import, no set-up. Every link has room for twice all traffic, so that
each tool carries all there is a way for.

All three split equally among the arcs of equal cost that leave a site: a parallel link is a next
hop of its own.
"""

import contextlib
import io
import sys
import time

import netgraph_core
import numpy as np
from ngraph.analysis.functions import build_demand_placement_inputs, demand_placement_analysis
from ngraph.model.network import Link, Network, Node
from pyNTM import Model

SMALLEST = 1e4
"""What the smallest demand becomes, in the tools' own unit: netgraph drops flows below 1/4096."""


def by_ngraph(ends, sites, metric, offered, lost):
    """The planner's tool, by the function that its failure manager calls for each case."""
    capacity = 2.0 * float(offered.sum())
    network = Network()
    for site in range(sites):
        network.add_node(Node(f"n{site}"))
    names = []
    for link, (a, z) in enumerate(ends.tolist()):
        made = Link(f"n{a}", f"n{z}", capacity=capacity, cost=float(metric[2 * link]))
        network.add_link(made)
        names.append(made.id)
    demands = [
        {
            "source": f"^n{v}$",
            "target": f"^n{d}$",
            "volume": float(offered[d, v]),
            "mode": "pairwise",
            "flow_policy": "SHORTEST_PATHS_ECMP_LOSSY",
        }
        for d, v in zip(*np.nonzero(offered), strict=True)
    ]
    context, expansion, ids = build_demand_placement_inputs(network, demands)
    for link in lost.tolist():
        result = demand_placement_analysis(
            network,
            set(),
            {names[link]} if link >= 0 else set(),
            demands_config=demands,
            context=context,
            expansion=expansion,
            resolved_ids=ids,
        )
        yield np.array([result.summary.total_placed])


def by_netgraph_core(ends, sites, metric, offered, lost):
    """Its C++ core alone: one shortest-path graph a source, one placement a pair."""
    capacity = 2.0 * float(offered.sum())

    source = np.ascontiguousarray(ends.reshape(-1), dtype=np.int32)
    target = np.ascontiguousarray(ends[:, ::-1].reshape(-1), dtype=np.int32)
    arcs = np.arange(len(source), dtype=np.int64)
    graph = netgraph_core.StrictMultiDiGraph.from_arrays(
        sites, source, target, np.full(len(arcs), capacity), metric.astype(np.int64), arcs
    )
    algorithms = netgraph_core.Algorithms(netgraph_core.Backend.cpu())
    handle, arc = algorithms.build_graph(graph), graph.ext_edge_ids_view()
    selection = netgraph_core.EdgeSelection(multi_edge=True, require_capacity=False)
    lossy = netgraph_core.FlowPlacement.EQUAL_BALANCED_LOSSY
    for link in lost.tolist():
        flows, stands = netgraph_core.FlowGraph(graph), arc // 2 != link
        for v in range(sites):
            distance, dag = algorithms.spf(handle, v, selection=selection, edge_mask=stands)
            for d in np.flatnonzero(offered[:, v]).tolist():
                if np.isfinite(distance[d]):
                    index = netgraph_core.FlowIndex(v, d, 0, v * sites + d)
                    flows.place(index, v, d, dag, float(offered[d, v]), lossy)
        load = np.empty(len(arc))
        load[arc] = flows.edge_flow_view()
        yield load


def by_pyntm(ends, sites, metric, offered, lost):
    """A model with one circuit a link; a failed interface takes its circuit."""
    capacity = 2.0 * float(offered.sum())

    sides = [
        {
            "name": f"arc{arc}",
            "cost": int(metric[arc]),
            "capacity": capacity,
            "node": f"n{ends[arc // 2, arc % 2]}",
            "remote_node": f"n{ends[arc // 2, 1 - arc % 2]}",
            "circuit_id": arc // 2 + 1,
            "failed": False,
        }
        for arc in range(2 * len(ends))
    ]
    model = Model()
    model.add_network_interfaces_from_list(sides)
    for d, v in zip(*np.nonzero(offered), strict=True):
        model.add_demand(f"n{v}", f"n{d}", traffic=float(offered[d, v]), name=f"{v}-{d}")
    for link in lost.tolist():
        if link >= 0:
            model.fail_interface(f"arc{2 * link}", f"n{ends[link, 0]}")
        model.update_simulation()
        load = np.zeros(2 * len(ends))
        for interface in model.interface_objects:
            if interface.traffic != "Down":
                load[int(interface.name.removeprefix("arc"))] = interface.traffic
        yield load
        if link >= 0:
            model.unfail_interface(f"arc{2 * link}", f"n{ends[link, 0]}")


TOOLS = {"ngraph": by_ngraph, "netgraph-core": by_netgraph_core, "pyNTM": by_pyntm}


def main():
    """Answer the question in the first file with the second."""
    with np.load(sys.argv[1], allow_pickle=False) as asked:
        given = {name: asked[name] for name in ("ends", "metric", "offered", "lost")}
        tool, sites = TOOLS[str(asked["tool"])], int(asked["sites"])
    scale = SMALLEST / given["offered"][given["offered"] > 0.0].min()
    given["offered"] = given["offered"] * scale
    # The first case is thrown away: with it goes what a tool sets up once.
    loads = tool(**given | {"lost": np.append([-1], given["lost"])}, sites=sites)
    with contextlib.redirect_stdout(io.StringIO()):
        next(loads)
        start = time.process_time()
        load = np.array(list(loads))
        cpu_s = time.process_time() - start
    np.savez(sys.argv[2], load=load / scale, cpu_s=cpu_s)


if __name__ == "__main__":
    main()
