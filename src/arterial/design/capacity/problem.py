"""A capacity problem as arrays: what can be bought, and what each case asks to be carried.

Axes: N sites, L links (arc ``2 l`` from end 0 to end 1, ``2 l + 1`` back), X columns of what is
bought, K demands, F cases. Everything that is bought is a column of one program: modules, but also
pairs, ports, chassis, sites that open, who serves whom. Rows of that program say what has nothing
to do with routing. A column may belong to a stage (a year, say): it counts in cases of that stage
and of later ones.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from arterial.solve.program import BoolArray, FloatArray, IntArray, Program

__all__ = ["Cases", "Demands", "Links", "Problem"]

FIXED = -1
"""Of ``Demands.scaled_by``: asked for as it is, whatever is bought."""


@dataclass(frozen=True, kw_only=True)
class Links:
    """Candidate links, and what each column of the program gives them."""

    sites: int
    """N."""
    ends: IntArray
    """(L, 2) sites."""
    base_gbps: FloatArray
    """(L,) there already."""
    supply: sparse.csr_array
    """(L, X) Gb/s of a link for one unit of a column; not negative."""
    latency_ms: FloatArray
    """(L,) one way, with what a router adds."""
    shared: bool = False
    """Both directions share the capacity (SNDlib's undirected links); else each has it whole."""
    one_way: BoolArray | None = None
    """(L,) True where only the arc from end 0 to end 1 exists; None: every link has both."""

    @cached_property
    def gives(self) -> BoolArray:
        """(X,) True for columns that give links capacity."""
        return np.asarray(self.supply.sum(axis=0)).reshape(-1) > 0.0


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What is to be carried, from site to site, as parts of any size."""

    source: IntArray
    """(K,)"""
    target: IntArray
    """(K,) never the source."""
    limit_ms: FloatArray
    """(K,) most that the latencies of a path may add up to; inf for none."""
    scaled_by: IntArray
    """(K,) the column by whose value the demand is multiplied (1: this edge serves it, say), or
    ``FIXED``."""


@dataclass(frozen=True, kw_only=True)
class Cases:
    """States in which what is asked must be carried; the first is the one without failure."""

    names: tuple[str, ...]
    """(F,)"""
    alive: BoolArray | FloatArray
    """(F, L) share of each link that stands: 1 or 0, and between for the loss of one of its ends'
    routers."""
    usable: FloatArray
    """(F,) share of capacity that may be filled."""
    gbps: FloatArray
    """(F, K) asked for; 0 where the case asks nothing of a demand."""
    stage: IntArray
    """(F,) only columns of this stage or an earlier one count."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Minimise the program's cost so that its rows and all cases hold."""

    program: Program
    """X columns; ``Rows`` know nothing of routing."""
    links: Links
    demands: Demands
    cases: Cases
    stage: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """(X,) of each column; empty: all are of stage 0."""

    @cached_property
    def column_stage(self) -> IntArray:
        """Stage of each column, (X,)."""
        return self.stage if len(self.stage) else np.zeros(len(self.program.cost), dtype=np.int64)

    def capacity_gbps(self, columns: FloatArray, case: int) -> FloatArray:
        """(L,) what may be filled of each link in a case, with so much of each column bought."""
        counted = np.where(self.column_stage <= self.cases.stage[case], columns, 0.0)
        whole = self.links.base_gbps + self.links.supply @ counted
        return whole * self.cases.alive[case] * self.cases.usable[case]

    def asked_gbps(self, columns: FloatArray, case: int) -> FloatArray:
        """(K,) what a case asks for."""
        chosen = self.demands.scaled_by
        scale = np.where(chosen == FIXED, 1.0, columns[np.maximum(chosen, 0)])
        return self.cases.gbps[case] * scale
