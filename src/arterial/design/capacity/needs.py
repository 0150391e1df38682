"""Which modules rows say cannot be spared: looked at before any case is."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from arterial.design.capacity.row import Row
from arterial.solve.program import FloatArray

__all__ = ["Needs"]

SLACK = 1e-6


class Needs:
    """Rows beside the costs of columns (X,)."""

    def __init__(self, cost: FloatArray, rows: Sequence[Row]) -> None:
        self._cost = cost
        self._low = np.array([row.low for row in rows])
        empty = [np.zeros(0)]
        self._rows = sparse.csr_array(
            (
                np.concatenate(empty + [row.values for row in rows]),
                (
                    np.repeat(np.arange(len(rows)), [len(row.columns) for row in rows]),
                    np.concatenate(empty + [row.columns for row in rows]).astype(np.int64),
                ),
            ),
            shape=(len(rows), len(cost)),
        )
        self._by_column = self._rows.tocsc()

    def kept(self, point: FloatArray, column: int) -> bool:
        """Whether one less of a column breaks rows that no cheaper column is in all of."""
        start, end = self._by_column.indptr[column : column + 2]
        held = self._by_column.indices[start:end]
        left = (self._rows @ point - self._low)[held]
        broken = held[left - self._by_column.data[start:end] < -SLACK]
        if not len(broken):
            return False
        among = np.asarray((self._rows[broken] > 0.0).sum(axis=0)).reshape(-1)
        among[column] = 0
        return not ((among == len(broken)) & (self._cost < self._cost[column])).any()
