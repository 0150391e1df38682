"""Where a search for the least to buy stands after a round: all that is needed to go on."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from arterial.design.capacity.row import Row
from arterial.solve.program import FloatArray

__all__ = ["Cut", "Phase", "Step"]

Phase = Literal["parts", "whole"]
Cut = Literal["", "time", "memory"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where the search stands after a round."""

    round: int
    phase: Phase
    bound: float
    """Nothing costs less."""
    cost: float
    """Of the best point that carries every case; inf until one is known."""
    columns: FloatArray = field(repr=False)
    """(X,) of it; empty until one is known."""
    parts: FloatArray = field(repr=False)
    """(X,) the cheapest point with parts of everything under the rows known."""
    rows: tuple[Row, ...] = field(repr=False)
    """All inequalities found: with ``columns`` all that is needed to go on."""
    short: int
    """Cases found short in this round."""
    solved: int
    """Programs of single cases solved so far."""
    cut: Cut = ""
    """What ended the search in the middle of this round."""
    infeasible: bool = False
    """Nothing that can be bought is enough."""

    @property
    def gap(self) -> float:
        """(cost - bound) / cost; inf without a point."""
        if not np.isfinite(self.cost):
            return np.inf
        return max(0.0, (self.cost - self.bound) / abs(self.cost)) if self.cost else 0.0
