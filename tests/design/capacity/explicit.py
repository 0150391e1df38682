"""Random problems of one case whose links choose one module of three, for a charge, by seed."""

import numpy as np
from draws import Columns
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem

MODULES = ((10.0, 5.0), (40.0, 12.0), (150.0, 30.0))
"""Gb/s and cost for a link of length 1."""


def explicit(seed, *, sites=6, demands=8, flow_cost=0.0):
    """A ring and chords, undirected; what flows costs something where ``flow_cost`` does."""
    random = np.random.default_rng(seed)
    chords = [tuple(random.choice(sites, 2, replace=False)) for _ in range(3)]
    ends = np.array([*((s, (s + 1) % sites) for s in range(sites)), *chords], dtype=np.int64)
    columns = Columns()
    for link in range(len(ends)):
        _link(random, columns, link, flow_cost)
    row, column, gbps = zip(*columns.supply, strict=True)
    pairs = np.array([random.choice(sites, 2, replace=False) for _ in range(demands)])
    program = columns.program()
    return Problem(
        program=program,
        links=Links(
            sites=sites,
            ends=ends,
            base_gbps=np.where(random.random(len(ends)) < 0.2, 15.0, 0.0),
            supply=sparse.csr_array((gbps, (row, column)), shape=(len(ends), len(program.cost))),
            latency_ms=np.ones(len(ends)),
            shared=True,
        ),
        demands=Demands(
            source=pairs[:, 0].astype(np.int64),
            target=pairs[:, 1].astype(np.int64),
            limit_ms=np.full(demands, np.inf),
            scaled_by=np.full(demands, FIXED, dtype=np.int64),
        ),
        cases=Cases(
            names=("none",),
            alive=np.ones((1, len(ends)), dtype=np.bool_),
            usable=np.ones(1),
            gbps=random.integers(1, 12, (1, demands)).astype(np.float64),
            stage=np.zeros(1, dtype=np.int64),
        ),
    )


def _link(random, columns, link, flow_cost):
    length, charge = float(random.integers(1, 9)), columns.add(random.integers(1, 10), 1.0)
    modules = [columns.add(cost * length, 1.0) for _, cost in MODULES]
    columns.row([(one, 1.0) for one in modules], -np.inf, 1.0)
    for one in modules:
        columns.row([(one, 1.0), (charge, -1.0)], -np.inf, 0.0)
    given = [(one, gbps) for one, (gbps, _) in zip(modules, MODULES, strict=True)]
    if flow_cost:
        flow = columns.add(flow_cost * length, 1e3, integer=False)
        columns.row([(flow, 1.0), *((one, -gbps) for one, gbps in given)], -np.inf, 0.0)
        given = [(flow, 1.0)]
    columns.supply += [(link, column, gbps) for column, gbps in given]
