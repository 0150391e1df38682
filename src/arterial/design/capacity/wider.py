"""A problem with more columns that give no link capacity, and rows that tie them to the others."""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.solve.program import Rows

__all__ = ["Wider"]

Entry = tuple[list[int], list[float], float, float]


@dataclass
class Wider:
    """Grows beside a problem until ``problem`` joins both."""

    before: Problem
    cost: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    rows: list[Entry] = field(default_factory=list[Entry])

    def column(self, cost: float, high: float) -> int:
        """Another whole column from 0 to ``high``; its number."""
        self.cost.append(cost)
        self.high.append(high)
        return len(self.before.program.cost) + len(self.cost) - 1

    def row(self, entries: list[tuple[int, float]], low: float, high: float = np.inf) -> None:
        """Another row over (column, value)."""
        self.rows.append(([c for c, _ in entries], [v for _, v in entries], low, high))

    def problem(self) -> Problem:
        """The problem with all of them; its own columns keep their numbers."""
        before, more = self.before, len(self.cost)
        program, supply = before.program, before.links.supply.tocoo()
        wide = sparse.csr_array(
            (supply.data, (supply.row, supply.col)),
            shape=(supply.shape[0], len(program.cost) + more),
        )
        none = np.zeros(more)
        return replace(
            before,
            program=replace(
                program,
                cost=np.concatenate([program.cost, self.cost]),
                low=np.concatenate([program.low, none]),
                high=np.concatenate([program.high, self.high]),
                integer=np.concatenate([program.integer, np.ones(more, dtype=np.bool_)]),
                rows=Rows.joined([program.rows, Rows.of(self.rows)]),
            ),
            links=replace(before.links, supply=wide),
            stage=np.concatenate([before.stage, none.astype(np.int64)])
            if len(before.stage)
            else before.stage,
        )
