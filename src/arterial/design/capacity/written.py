"""A problem of few cases as one program: every case's flows beside what is bought.

Flows of one source in one case are one, on arcs. A whole point of it carries every case: none need
be looked at. Its bound with parts is weak and its size grows with the cases: rows found elsewhere
take part, and it is there for problems of few cases alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Problem
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Written", "flow_count", "written"]


@dataclass(frozen=True)
class Written:
    """The program, and what its flows are: what is bought comes first, (X,), then flows, (Y,)."""

    program: Program
    source: IntArray
    """(Y,) where each flow begins."""
    arc: IntArray
    """(Y,) which it rides."""


def flow_count(problem: Problem) -> float:
    """How many flows the program would have; inf where a demand has a limit on delay."""
    demands, gbps = problem.demands, problem.cases.gbps
    if np.isfinite(demands.limit_ms[(gbps > 0.0).any(axis=0)]).any():
        return np.inf
    sources = sum(len(_sources(problem, case)) for case in range(len(gbps)))
    return float(sources * len(_arcs(problem)))


def written(problem: Problem) -> Written:
    """The whole problem; only of one whose ``flow_count`` is finite."""
    program, arcs = problem.program, _arcs(problem)
    asked = [_sources(problem, case) for case in range(len(problem.cases.names))]
    first = len(program.cost) + len(arcs) * np.cumsum([0, *(len(own) for own in asked)])
    width = int(first[-1])
    rows = [program.rows]
    for case, own in enumerate(asked):
        if len(own):
            before = int(first[case])
            rows += [
                _balance(problem, case, own, arcs, (before, width)),
                _room(problem, case, len(own), arcs, (before, width)),
            ]
    flows = width - len(program.cost)
    return Written(
        program=Program(
            cost=np.concatenate([program.cost, np.zeros(flows)]),
            low=np.concatenate([program.low, np.zeros(flows)]),
            high=np.concatenate([program.high, np.full(flows, np.inf)]),
            integer=np.concatenate([program.integer, np.zeros(flows, dtype=np.bool_)]),
            rows=Rows.joined(rows),
        ),
        source=np.repeat(np.concatenate(asked), len(arcs)),
        arc=np.tile(arcs, flows // max(len(arcs), 1)),
    )


def _arcs(problem: Problem) -> IntArray:
    """Arcs that there are: twice a link's number from its end 0, one more for the way back."""
    links = problem.links
    exists = np.ones((len(links.ends), 2), dtype=np.bool_)
    if links.one_way is not None:
        exists[:, 1] = ~links.one_way
    return np.flatnonzero(exists.reshape(-1)).astype(np.int64)


def _sources(problem: Problem, case: int) -> IntArray:
    """Sites where something begins that a case asks for."""
    return np.unique(problem.demands.source[problem.cases.gbps[case] > 0.0])


def _balance(
    problem: Problem, case: int, own: IntArray, arcs: IntArray, span: tuple[int, int]
) -> Rows:
    """What reaches each site and does not leave it is what the site is asked for, by source."""
    demands, sites = problem.demands, problem.links.sites
    (first, width), gbps = span, problem.cases.gbps[case]
    ends = problem.links.ends[arcs >> 1]
    back = (arcs & 1) > 0
    begin, end = np.where(back, ends[:, 1], ends[:, 0]), np.where(back, ends[:, 0], ends[:, 1])
    block = np.repeat(np.arange(len(own)), len(arcs))
    flow = np.arange(len(block))
    asks = np.flatnonzero(gbps > 0.0)
    row = np.searchsorted(own, demands.source[asks]) * sites + demands.target[asks]
    scale, fixed = demands.scaled_by[asks], demands.scaled_by[asks] == FIXED
    entries = (
        (block * sites + np.tile(end, len(own)), first + flow, np.ones(len(flow))),
        (block * sites + np.tile(begin, len(own)), first + flow, -np.ones(len(flow))),
        (row[~fixed], scale[~fixed], -gbps[asks][~fixed]),
    )
    right = np.zeros(len(own) * sites)
    np.add.at(right, row[fixed], gbps[asks][fixed])
    kept = np.ones(len(right), dtype=np.bool_)
    kept[np.arange(len(own)) * sites + own] = False  # what leaves the source follows from the rest
    whole = _matrix(entries, (len(right), width))
    return _rows(whole[kept], right[kept], right[kept])


def _room(problem: Problem, case: int, sources: int, arcs: IntArray, span: tuple[int, int]) -> Rows:
    """Flows of all sources together fit into what a case leaves of a link."""
    links, cases = problem.links, problem.cases
    share = np.asarray(cases.alive[case], dtype=np.float64) * cases.usable[case]
    place = arcs >> 1 if links.shared else np.arange(len(arcs))
    link = np.arange(len(links.ends)) if links.shared else arcs >> 1
    first, width = span
    flow = np.arange(sources * len(arcs))
    supply = links.supply.tocsr()[link].tocoo()
    row, column = (np.asarray(place, dtype=np.int64) for place in supply.coords)
    counted = problem.column_stage[column] <= cases.stage[case]
    given = np.where(counted, supply.data * share[link][row], 0.0)
    entries = (
        (np.tile(place, sources), first + flow, np.ones(len(flow))),
        (row, column, -given),
    )
    whole = _matrix(entries, (len(link), width))
    return _rows(whole, np.full(len(link), -np.inf), share[link] * links.base_gbps[link])


def _matrix(
    entries: Sequence[tuple[IntArray, IntArray, FloatArray]], shape: tuple[int, int]
) -> sparse.csr_array:
    """The sum of entries by row and column."""
    row = np.concatenate([entry[0] for entry in entries])
    column = np.concatenate([entry[1] for entry in entries])
    value = np.concatenate([entry[2] for entry in entries])
    return sparse.coo_array((value, (row, column)), shape=shape).tocsr()


def _rows(matrix: sparse.csr_array, low: FloatArray, high: FloatArray) -> Rows:
    return Rows(
        start=matrix.indptr.astype(np.int64),
        column=matrix.indices.astype(np.int64),
        value=matrix.data,
        low=low,
        high=high,
    )
