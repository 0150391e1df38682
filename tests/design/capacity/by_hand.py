"""ECMP said by networkx, hop by hop, and all small metrics one after the other: slow and plain."""

from itertools import product

import networkx as nx
import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.solve.program import Program, Rows


def loads_by_hand(problem, metrics, case):
    """(L,) load of each link in a case; None where a demand has no way over links in use."""
    links, demands, cases = problem.links, problem.demands, problem.cases
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(links.sites))
    for link in range(len(links.ends)):
        if metrics[link] and cases.alive[case, link] > 0.0:
            a, z = (int(end) for end in links.ends[link])
            graph.add_edge(a, z, key=2 * link, w=int(metrics[link]))
            if links.one_way is None or not links.one_way[link]:
                graph.add_edge(z, a, key=2 * link + 1, w=int(metrics[link]))
    load = np.zeros(2 * len(links.ends))
    for k, gbps in enumerate(cases.gbps[case]):
        if gbps <= 0.0:
            continue
        source, target = int(demands.source[k]), int(demands.target[k])
        far = nx.single_source_dijkstra_path_length(graph.reverse(), target, weight="w")
        if source not in far:
            return None
        held = dict.fromkeys(far, 0.0) | {source: gbps}
        for site in sorted(set(far) - {target}, key=lambda site: -far[site]):
            hops = [
                (arc, there)
                for _, there, arc, row in graph.out_edges(site, keys=True, data=True)
                if there in far and far[site] == row["w"] + far[there]
            ]
            for arc, there in hops:
                load[arc] += held[site] / len(hops)
                held[there] += held[site] / len(hops)
    if links.shared:
        return load[0::2] + load[1::2]
    return np.maximum(load[0::2], load[1::2])


def need_by_hand(problem, metrics):
    """(L,) what each link must have over all cases; None where a case is not carried at all."""
    need = np.zeros(len(problem.links.ends))
    for case in range(len(problem.cases.names)):
        load = loads_by_hand(problem, metrics, case)
        if load is None:
            return None
        left = problem.cases.alive[case] * problem.cases.usable[case]
        with np.errstate(divide="ignore", invalid="ignore"):
            need = np.maximum(need, np.where(load > 0.0, load / left, 0.0))
    return need


def all_metrics(links, most):
    """Every way to give links a metric from 1 to ``most`` or close them."""
    return (np.array(each, dtype=np.int64) for each in product(range(most + 1), repeat=links))


def small(seed, *, sites=4, chords=1, routers=False, shared=False):
    """A ring with chords, two sizes of module, single cuts; all demands known, none limited."""
    random = np.random.default_rng(seed)
    ring = [(site, (site + 1) % sites) for site in range(sites)]
    far = [(a, z) for a in range(sites) for z in range(a + 2, sites) if (a, z) != (0, sites - 1)]
    drawn = random.choice(len(far), chords, replace=False)
    ends = np.array([*ring, *(far[n] for n in drawn)], dtype=np.int64)
    links = len(ends)
    length = random.integers(1, 9, links)
    cost = np.stack([3.0 + length, 6.0 + 2.5 * length], axis=1).reshape(-1)
    pairs = [tuple(random.choice(sites, 2, replace=False)) for _ in range(random.integers(2, 5))]
    alive = np.ones((links + 1, links))
    alive[np.arange(1, links + 1), np.arange(links)] = 0.0
    names = ["none", *(f"link {link}" for link in range(links))]
    if routers:
        half = np.where((ends == 0).any(axis=1), 0.5, 1.0)
        alive, names = np.vstack([alive, half]), [*names, "router 0/1"]
    columns = np.arange(2 * links)
    gbps = np.tile([10.0, 40.0], links)
    asked = random.integers(1, 30, len(pairs)).astype(float)
    return Problem(
        program=Program(
            cost=cost,
            low=np.zeros(2 * links),
            high=np.full(2 * links, 30.0),
            integer=np.ones(2 * links, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        links=Links(
            sites=sites,
            ends=ends,
            base_gbps=np.where(random.random(links) < 0.15, 10.0, 0.0),
            supply=sparse.csr_array((gbps, (columns // 2, columns)), shape=(links, 2 * links)),
            latency_ms=length.astype(float),
            shared=shared,
        ),
        demands=Demands(
            source=np.array([a for a, _ in pairs], dtype=np.int64),
            target=np.array([z for _, z in pairs], dtype=np.int64),
            limit_ms=np.full(len(pairs), np.inf),
            scaled_by=np.full(len(pairs), FIXED),
        ),
        cases=Cases(
            names=tuple(names),
            alive=alive,
            usable=np.where(np.arange(len(names)) == 0, 0.8, 1.0),
            gbps=np.tile(asked, (len(names), 1)),
            stage=np.zeros(len(names), dtype=np.int64),
        ),
    )
