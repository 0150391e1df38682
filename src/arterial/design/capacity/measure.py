"""A point measured: in whole units of few module sizes, and what each case asks.

Capacity is counted in units, rounded up: that is what a border of modules must obey.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.design.capacity.cut_kernels import Thin
from arterial.design.capacity.places import Places, places_of
from arterial.design.capacity.problem import FIXED, Problem
from arterial.paths.graph import Graph
from arterial.paths.parts import parts
from arterial.paths.tree import Adjacency
from arterial.solve.program import FloatArray, IntArray

__all__ = ["ENDS", "Still", "measured", "still_of"]

ENDS = 2
"""Sites that a demand proper has."""
NEARLY = 1e-6
"""Of a unit: so little more is not another one."""
SIZES = 3
"""Module sizes that borders are counted in, those of most columns first."""


@dataclass(frozen=True)
class Still:
    """What does not change from point to point."""

    adjacency: Adjacency
    places: Places
    pairs: IntArray
    """(n, 2) sites that traffic must join, each with the first of its part."""
    size_gbps: FloatArray
    whole: tuple[sparse.csr_array, ...]
    """By size, (L, X) whole units that one unit of a column gives."""
    base: FloatArray
    """(U, L)"""


def measured(problem: Problem, point: FloatArray, still: Still | None = None) -> Thin:
    """A point (X,) in whole units, and what each case asks."""
    still = still or still_of(problem)
    cases, demands, links = problem.cases, problem.demands, problem.links
    stages = int(cases.stage.max(initial=0)) + 1
    places = still.places
    units = np.zeros((stages, len(still.size_gbps), len(places.links)))
    for stage in range(stages):
        counted = np.where(problem.column_stage <= stage, point, 0.0)
        for number, whole in enumerate(still.whole):
            units[stage, number] = whole @ counted + still.base[number]
    scale = np.where(demands.scaled_by == FIXED, 1.0, point[np.maximum(demands.scaled_by, 0)])
    gbps, pattern = np.unique(cases.gbps / cases.usable[:, None], axis=0, return_inverse=True)
    alive = np.asarray(cases.alive, dtype=np.float64)[:, places.links]
    case, link = np.nonzero(alive < 1.0)
    one_way = links.one_way
    back = np.ones(len(links.ends)) if one_way is None else 1.0 - one_way.astype(np.float64)
    return Thin(
        ends=links.ends[places.links],
        back=back[places.links],
        units=units,
        size_gbps=still.size_gbps,
        first_source=_firsts(places.source),
        source=_joined(places.source),
        first_target=_firsts(places.target),
        target=_joined(places.target),
        gbps=np.ascontiguousarray(gbps * scale),
        pattern=pattern.reshape(-1).astype(np.int64),
        stage=cases.stage,
        first_lost=np.concatenate([[0], np.cumsum((alive < 1.0).sum(axis=1))]).astype(np.int64),
        lost=link.astype(np.int64),
        lost_share=1.0 - alive[case, link],
        shared=links.shared,
    )


def still_of(problem: Problem) -> Still:
    """What points of a problem are measured against."""
    links = problem.links
    places = places_of(problem)
    ends = links.ends[places.links]
    graph = Graph.of(places.sites, ends[:, 0], ends[:, 1])
    size_gbps = _sizes(problem)
    supply = links.supply.tocsr()[places.links]
    base_gbps = links.base_gbps[places.links]
    whole: list[sparse.csr_array] = []
    for size in size_gbps.tolist():
        counted = supply.copy()
        continuous = ~problem.program.integer[counted.indices]
        counted.data = np.where(
            continuous, counted.data / size, np.ceil(counted.data / size - NEARLY)
        )
        whole.append(counted)
    return Still(
        adjacency=Adjacency.of(graph),
        places=places,
        pairs=_pairs(problem, places),
        size_gbps=size_gbps,
        whole=tuple(whole),
        base=np.array([np.ceil(base_gbps / size - NEARLY) for size in size_gbps]),
    )


def _sizes(problem: Problem) -> FloatArray:
    """(U,) module sizes of most columns; 1 Gb/s where nothing is whole."""
    supply = problem.links.supply.tocsr()
    data = supply.data[problem.program.integer[supply.indices]]
    sizes, count = np.unique(np.round(data[data > 0.0], 6), return_counts=True)
    if not len(sizes):
        return np.ones(1)
    return np.asarray(sizes[np.argsort(-count, kind="stable")[:SIZES]], dtype=np.float64)


def _pairs(problem: Problem, places: Places) -> IntArray:
    """Every site where traffic ends, with the first site of those that traffic joins to it."""
    joined: list[tuple[int, int]] = []
    ends: set[int] = set()
    for k in np.flatnonzero((problem.cases.gbps > 0.0).any(axis=0)).tolist():
        own = [*places.source[k].tolist(), *places.target[k].tolist()]
        joined += [(own[0], other) for other in own[1:]]
        ends |= set(own) if len(own) == ENDS else set()
    by = np.array(joined, dtype=np.int64).reshape(-1, 2)
    first = parts(by, places.sites, np.zeros((1, len(by)), dtype=np.bool_))[0].tolist()
    pairs = [(first[site], site) for site in sorted(ends) if first[site] != site]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _firsts(sites: tuple[IntArray, ...]) -> IntArray:
    return np.concatenate([[0], np.cumsum([len(own) for own in sites])]).astype(np.int64)


def _joined(sites: tuple[IntArray, ...]) -> IntArray:
    return np.concatenate([*sites, np.zeros(0, np.int64)]).astype(np.int64)
