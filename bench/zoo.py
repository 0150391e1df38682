"""Networks of the Internet Topology Zoo as the arrays that the benchmarks of routing share.

What a file does not say is made up here, the same way every time: capacities are equal, metrics are
kilometres of a great circle times 1.3 (the importer's), and the matrix is gravity between seeded
masses, scaled so that ECMP without failure fills the worst arc exactly.
"""

from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np

from arterial.model.imports.graphml import read_graphml
from arterial.routing.ecmp import Base, Ip, base_of, ip_of
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["CAPACITY_GBPS", "NAMES", "Zoo", "routed", "single_failures", "zoo"]

DATA = Path(__file__).parent / "data" / "topology-zoo"
NAMES = tuple(sorted(file.stem for file in DATA.glob("*.graphml")))
CAPACITY_GBPS = 100.0
SEED = 7


class Zoo(NamedTuple):
    """The largest connected part of a network."""

    ends: IntArray
    """(L, 2) parallel links stay apart."""
    sites: int
    metric: FloatArray
    """(E,) whole kilometres, both ways alike; 1 where an end has no coordinates."""
    capacity: FloatArray
    """(E,) Gb/s"""
    offered: FloatArray
    """(N, N, 1) Gb/s, ``[d, v]`` from v to d; every pair asks for some."""


def zoo(name: str) -> Zoo:
    """The network called ``name``, one of ``NAMES``."""
    found = read_graphml(DATA / f"{name}.graphml")
    graph = nx.Graph((fibre.a, fibre.z) for fibre in found.fibres)
    joined = max(nx.connected_components(graph), key=len)
    index = {s.name: n for n, s in enumerate(s for s in found.sites if s.name in joined)}
    fibres = [fibre for fibre in found.fibres if fibre.a in joined]
    ends = np.array([(index[fibre.a], index[fibre.z]) for fibre in fibres], dtype=np.int64)
    metric = np.repeat([max(1.0, float(round(fibre.length_km or 1.0))) for fibre in fibres], 2)
    capacity = np.full(len(metric), CAPACITY_GBPS)
    mass = np.random.default_rng(SEED).lognormal(0.0, 1.0, len(index))
    offered = np.outer(mass, mass)
    np.fill_diagonal(offered, 0.0)
    worst = base_of(ip_of(ends, len(index), metric, np.ones(len(metric))), offered[:, :, None])
    offered *= CAPACITY_GBPS / worst.load.max()
    return Zoo(ends, len(index), metric, capacity, offered[:, :, np.newaxis])


def routed(network: Zoo) -> tuple[Ip, Base]:
    """Its IP layer with equal split, and routing without failure."""
    ip = ip_of(network.ends, network.sites, network.metric, np.ones(len(network.metric)))
    return ip, base_of(ip, network.offered)


def single_failures(network: Zoo) -> tuple[tuple[IntArray, IntArray], BoolArray]:
    """Each link alone, as ``play`` takes cases: the links of each, and no sites."""
    links = np.arange(len(network.ends))
    return (np.arange(len(links) + 1), links), np.zeros((len(links), network.sites), dtype=np.bool_)
