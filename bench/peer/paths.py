"""K shortest paths of pairs by netgraph-core or scipy's Yen; run by the peers' own Python.

``python paths.py QUESTION.npz ANSWER.npz``. Asked: ``tool``, ``ends`` (L, 2), ``sites``, ``metric``
(E,), ``pairs`` (K, 2) and ``k``. Told: ``length`` (K, k), inf where there are fewer, and ``cpu_s``,
the search alone. scipy knows no parallel links: it sees the shortest of them.
"""

import sys
import time

import netgraph_core
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import yen


def by_netgraph_core(source, target, sites, metric):
    """Loopless paths, equal ones apart."""
    arcs = np.arange(len(source), dtype=np.int64)
    graph = netgraph_core.StrictMultiDiGraph.from_arrays(
        sites, source, target, np.ones(len(arcs)), metric.astype(np.int64), arcs
    )
    algorithms = netgraph_core.Algorithms(netgraph_core.Backend.cpu())
    handle = algorithms.build_graph(graph)
    return lambda a, z, k: [far[z] for far, _ in algorithms.ksp(handle, a, z, k=k)]


def by_scipy(source, target, sites, metric):
    """The shortest of parallel links alone."""
    order = np.argsort(-metric, kind="stable")
    shortest = dict(zip(zip(source[order], target[order], strict=True), metric[order], strict=True))
    ends = np.array(list(shortest))
    matrix = csr_array((list(shortest.values()), (ends[:, 0], ends[:, 1])), shape=(sites, sites))
    return lambda a, z, k: yen(matrix, a, z, k)


TOOLS = {"netgraph-core": by_netgraph_core, "scipy": by_scipy}


def main():
    """Answer the question in the first file with the second."""
    with np.load(sys.argv[1], allow_pickle=False) as asked:
        given = {name: asked[name] for name in asked.files}
    ends, k = given["ends"].astype(np.int32), int(given["k"])
    source = np.ascontiguousarray(ends.reshape(-1))
    target = np.ascontiguousarray(ends[:, ::-1].reshape(-1))
    search = TOOLS[str(given["tool"])](source, target, int(given["sites"]), given["metric"])
    pairs = given["pairs"].tolist()
    search(*pairs[0], k)
    start = time.process_time()
    found = [search(a, z, k) for a, z in pairs]
    cpu_s = time.process_time() - start
    length = np.full((len(pairs), k), np.inf)
    for row, lengths in zip(length, found, strict=True):
        row[: len(lengths)] = lengths
    np.savez(sys.argv[2], length=length, cpu_s=cpu_s)


if __name__ == "__main__":
    main()
