"""A proof that a capacity carries every matrix of a hose: one way of splitting that fits them all.

Each pair of sites of each class has shares of its paths that are the same for every matrix. What a
matrix of the hose puts on an arc e is then linear in it, and the most that any puts there is, by
duality, the least of

    sum_a out_a u_a + sum_z into_z v_z   with   u_a + v_z >= share_az f_az(e)   and u, v >= 0,

where f_az(e) is the sum of the shares of paths over e. So one program finds shares and, arc by arc,
the u and v that prove them. Routing that may change with the matrix carries no less: a fill above
one proves nothing. What comes out of the program is made feasible and added up anew before it
counts. Duffield et al. 1999 (the hose), Altin et al. 2007 (the compact program).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from arterial.paths.graph import Graph, Path
from arterial.paths.shortest import k_shortest
from arterial.solve.highs import Option, solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["FITS", "MOST", "HoseCase", "fill_of"]

PATHS = 24
"""Of a pair, the fastest: fewer prove less, and never too much."""
MOST = 40_000
"""Rows beyond which the program is too large to ask."""
FITS = 1.0 + 1e-6
INTERIOR: dict[str, Option] = {"solver": "ipm", "run_crossover": "off"}
"""Any point near the best will do, since it is made feasible: 0.6 s in place of 27 s by simplex for
7,200 rows of the reference network, and the same fill to ten digits."""


@dataclass(frozen=True, kw_only=True)
class HoseCase:
    """What must be carried in one case, and on what."""

    graph: Graph
    latency_ms: FloatArray
    """(E,) by arc."""
    capacity_gbps: FloatArray
    """(E,) what may be filled."""
    out_gbps: FloatArray
    """(C, N)"""
    into_gbps: FloatArray
    """(C, N)"""
    share: FloatArray
    """(C, N, N) of each demand that the case asks for."""
    limit_ms: FloatArray
    """(C,) most latency of a path."""
    fixed: Mapping[tuple[int, int, float], float]
    """Gb/s asked besides, by source, target and most latency."""


@dataclass(frozen=True)
class _Pairs:
    """Everything that is split over paths, P pairs, those of the hose first."""

    kind: IntArray
    """(P,) class; -1 of what is asked besides."""
    source: IntArray
    target: IntArray
    size: FloatArray
    """(P,) share of the demand that the case asks for, or its Gb/s where that is fixed."""
    paths: tuple[tuple[Path, ...], ...]


def fill_of(case: HoseCase, *, most: int = MOST) -> float | None:
    """How full the fullest arc is at most, whatever matrix of the hose comes.

    Up to ``FITS`` every matrix is carried. inf where a pair has no path or HiGHS no answer; None
    where the program has more than ``most`` rows.
    """
    pairs = _pairs(case)
    if not all(pairs.paths):
        return np.inf
    program = _Program(case, pairs)
    if program.size > most:
        return None
    asked = program.program()
    found = solve(asked, options=INTERIOR)
    if found.status != "optimal":
        found = solve(asked)
    return program.proved(found.primal) if found.status == "optimal" else np.inf


def _pairs(case: HoseCase) -> _Pairs:
    rows = [*_hose_pairs(case), *_fixed_pairs(case)]
    weight = np.where(case.capacity_gbps > 0.0, case.latency_ms, np.inf).tolist()
    known: dict[tuple[int, int, float], tuple[Path, ...]] = {}
    for _, a, z, _, limit in rows:
        if (a, z, limit) not in known:
            known[a, z, limit] = tuple(k_shortest(case.graph, weight, a, z, PATHS, limit))
    return _Pairs(
        kind=np.array([row[0] for row in rows], dtype=np.int64),
        source=np.array([row[1] for row in rows], dtype=np.int64),
        target=np.array([row[2] for row in rows], dtype=np.int64),
        size=np.array([row[3] for row in rows], dtype=np.float64),
        paths=tuple(known[row[1], row[2], row[4]] for row in rows),
    )


def _hose_pairs(case: HoseCase) -> Iterator[tuple[int, int, int, float, float]]:
    """(class, source, target, share, most latency) of all pairs that may ask for something."""
    may = np.minimum(case.out_gbps[:, :, None], case.into_gbps[:, None, :]) > 0.0
    for kind, a, z in np.argwhere(may & (case.share > 0.0)).tolist():
        if a != z:
            yield kind, a, z, float(case.share[kind, a, z]), float(case.limit_ms[kind])


def _fixed_pairs(case: HoseCase) -> Iterator[tuple[int, int, int, float, float]]:
    for (a, z, limit), gbps in sorted(case.fixed.items()):
        if gbps > 0.0 and a != z:
            yield -1, a, z, gbps, limit


class _Program:
    """Columns: how full, then shares of paths, then u and v; each u and v by class, site, arc."""

    def __init__(self, case: HoseCase, pairs: _Pairs) -> None:
        self._case, self._pairs = case, pairs
        self._arcs = len(case.capacity_gbps)
        lengths = [len(paths) for paths in pairs.paths]
        self._first = 1 + np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        entries = [
            (pair, int(self._first[pair]) + number, arc)
            for pair, paths in enumerate(pairs.paths)
            for number, path in enumerate(paths)
            for arc in path
        ]
        self._over = np.array(entries, dtype=np.int64).reshape(-1, 3)
        hose = pairs.kind[self._over[:, 0]] >= 0
        keys = self._over[hose, 0] * self._arcs + self._over[hose, 2]
        self._rows, self._row_of = np.unique(keys, return_inverse=True)
        self._hose = hose
        pair, arc = np.divmod(self._rows, self._arcs)
        sites = case.graph.sites
        self._u, self._at_u = np.unique(
            (pairs.kind[pair] * sites + pairs.source[pair]) * self._arcs + arc, return_inverse=True
        )
        self._v, self._at_v = np.unique(
            (pairs.kind[pair] * sites + pairs.target[pair]) * self._arcs + arc, return_inverse=True
        )

    @property
    def size(self) -> int:
        """Rows that say what a pair may put on an arc."""
        return len(self._rows)

    def program(self) -> Program:
        """The least fill."""
        first_u = int(self._first[-1])
        first_v = first_u + len(self._u)
        count = first_v + len(self._v)
        cost = np.zeros(count)
        cost[0] = 1.0
        shares = np.arange(1, first_u)
        pairs = len(self._pairs.kind)
        loads = pairs + len(self._rows)
        over = self._over[self._hose]
        fixed = self._over[~self._hose]
        used = np.flatnonzero(self._case.capacity_gbps > 0.0)
        numbers = np.arange(len(self._rows))
        parts = [
            (np.repeat(np.arange(pairs), np.diff(self._first)), shares, np.ones(len(shares))),
            (pairs + numbers, first_u + self._at_u, np.ones(len(numbers))),
            (pairs + numbers, first_v + self._at_v, np.ones(len(numbers))),
            (pairs + self._row_of, over[:, 1], -self._pairs.size[over[:, 0]]),
            (loads + self._u % self._arcs, first_u + np.arange(len(self._u)), self._weight_u()),
            (loads + self._v % self._arcs, first_v + np.arange(len(self._v)), self._weight_v()),
            (loads + fixed[:, 2], fixed[:, 1], self._pairs.size[fixed[:, 0]]),
            (loads + used, np.zeros(len(used), np.int64), -self._case.capacity_gbps[used]),
        ]
        rows, columns, values = zip(*parts, strict=True)
        low = np.concatenate([np.ones(pairs), np.zeros(self.size), np.full(self._arcs, -np.inf)])
        high = np.concatenate([np.ones(pairs), np.full(self.size, np.inf), np.zeros(self._arcs)])
        return Program(
            cost=cost,
            low=np.zeros(count),
            high=np.full(count, np.inf),
            integer=np.zeros(count, dtype=np.bool_),
            rows=Rows.gathered(
                np.concatenate(rows),
                np.concatenate(columns),
                np.concatenate(values),
                low=low,
                high=high,
            ),
        )

    def proved(self, primal: FloatArray) -> float:
        """The fill that shares, u and v prove once they are feasible: added up from them alone."""
        pairs, case = self._pairs, self._case
        shares = np.maximum(primal[1 : self._first[-1]], 0.0)
        of = np.repeat(np.arange(len(pairs.kind)), np.diff(self._first))
        sums = np.bincount(of, weights=shares, minlength=len(pairs.kind))
        if (sums <= 0.0).any():
            return np.inf
        shares = shares / sums[of]
        load = np.zeros(self._arcs)
        fixed = self._over[~self._hose]
        np.add.at(load, fixed[:, 2], shares[fixed[:, 1] - 1] * pairs.size[fixed[:, 0]])
        over = self._over[self._hose]
        most = np.bincount(
            self._row_of,
            weights=shares[over[:, 1] - 1] * pairs.size[over[:, 0]],
            minlength=self.size,
        )
        u, v = np.split(np.maximum(primal[self._first[-1] :], 0.0), [len(self._u)])
        np.maximum.at(v, self._at_v, most - u[self._at_u])
        np.add.at(load, self._u % self._arcs, u * self._weight_u())
        np.add.at(load, self._v % self._arcs, v * self._weight_v())
        used = load > 0.0
        return float((load[used] / case.capacity_gbps[used]).max(initial=0.0))

    def _weight_u(self) -> FloatArray:
        return self._case.out_gbps.reshape(-1)[self._u // self._arcs]

    def _weight_v(self) -> FloatArray:
        return self._case.into_gbps.reshape(-1)[self._v // self._arcs]
