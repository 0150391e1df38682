"""K shortest paths on the reference network, beside networkx."""

from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path as Folder

import networkx as nx
import numpy as np

from arterial.model.reader import load_network
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Graph, arc_link
from arterial.paths.shortest import k_shortest, path_weight
from bench.row import Row, median_s

__all__ = ["reference_graph", "run"]

NETWORK = Folder(__file__).parents[1] / "networks" / "us-ai-backbone"
PAIRS = 40
K = 10


def run() -> list[Row]:
    """Ten shortest paths, and six that share few risks, for forty pairs of sites."""
    graph, length_km = reference_graph()
    weight = [length_km[arc_link(arc)] for arc in range(2 * len(length_km))]
    peer = nx.Graph()
    for link, km in enumerate(length_km):
        peer.add_edge(*_ends(graph, link), km=km)
    draw = np.random.default_rng(0)
    reached = sorted(nx.node_connected_component(peer, graph.arc_target[0]))
    pairs = [tuple(map(int, draw.choice(reached, 2, replace=False))) for _ in range(PAIRS)]
    ours = _lengths(
        lambda a, z: [path_weight(weight, p) for p in k_shortest(graph, weight, a, z, K)], pairs
    )
    theirs = _lengths(lambda a, z: _peer_lengths(peer, a, z), pairs)
    assert np.allclose(ours(), theirs()), "both find paths of the same lengths"
    risks = [{link} for link in range(len(length_km))]
    note = f"{graph.sites} sites, {len(length_km)} fibres, {PAIRS} pairs"
    return [
        Row(
            name=f"{K} shortest paths",
            own_s=median_s(ours, 3),
            peer_s=median_s(theirs, 3),
            note=f"{note}; peer: networkx shortest_simple_paths",
        ),
        Row(
            name="6 diverse paths",
            own_s=median_s(
                lambda: [diverse_paths(graph, weight, risks, a, z, 6) for a, z in pairs], 3
            ),
            note=note,
        ),
    ]


def reference_graph() -> tuple[Graph, list[float]]:
    """The reference network's long-haul fibres: existing ones between junctions."""
    network = load_network(NETWORK)
    junctions = [site.name for site in network.sites if "junction" in site.roles]
    site = {name: number for number, name in enumerate(junctions)}
    shortest: dict[tuple[int, int], float] = {}
    for fibre in network.fibres:
        if fibre.status != "existing" or not {fibre.a, fibre.z} <= set(site):
            continue
        ends = sorted((site[fibre.a], site[fibre.z]))
        pair = ends[0], ends[1]
        shortest[pair] = min(fibre.length_km, shortest.get(pair, fibre.length_km))
    ends_of = sorted(shortest)
    graph = Graph.of(len(site), [a for a, _ in ends_of], [z for _, z in ends_of])
    return graph, [shortest[pair] for pair in ends_of]


def _ends(graph: Graph, link: int) -> tuple[int, int]:
    return graph.arc_target[2 * link + 1], graph.arc_target[2 * link]


def _peer_lengths(peer: nx.Graph, a: int, z: int) -> list[float]:
    walks = islice(nx.shortest_simple_paths(peer, a, z, weight="km"), K)
    return [sum(peer.edges[hop]["km"] for hop in pairwise(walk)) for walk in walks]


def _lengths(
    search: Callable[[int, int], list[float]], pairs: list[tuple[int, ...]]
) -> Callable[[], list[float]]:
    return lambda: [km for a, z in pairs for km in search(a, z)]
