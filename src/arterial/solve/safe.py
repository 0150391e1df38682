"""A bound that rests on arithmetic alone: true for any multipliers, whatever a solver returned.

Weak duality over rows and column bounds (Neumaier and Shcherbina 2004, without their rounding
modes): good multipliers make it tight, bad ones only loose. It is as exact as sums of doubles are.
"""

import numpy as np
from scipy import sparse

from arterial.solve.program import FloatArray, Program

__all__ = ["safe_bound"]


def safe_bound(program: Program, row_dual: FloatArray) -> float:
    """What no point within rows and column bounds costs less than.

    Parameters
    ----------
    program
        Minimised. Columns without a finite bound on the side that a bad multiplier asks for make
        the bound worthless (-inf): give columns bounds.
    row_dual : float (R,)
        Any numbers; positive ones are read as prices of a row's low end.

    Examples
    --------
    >>> from arterial.solve.program import Rows
    >>> rows = Rows.of([([0, 1], [1.0, 1.0], 3.0, np.inf)])
    >>> box = np.zeros(2), np.full(2, 9.0)
    >>> whole = np.zeros(2, dtype=np.bool_)
    >>> program = Program(cost=np.ones(2), low=box[0], high=box[1], integer=whole, rows=rows)
    >>> safe_bound(program, np.ones(1)), safe_bound(program, np.array([-5.0]))
    (3.0, 0.0)
    """
    rows = program.rows
    side = np.where(row_dual > 0.0, rows.low, rows.high)
    price = np.where(np.isfinite(side) & np.isfinite(row_dual), row_dual, 0.0)
    shape = (len(rows), len(program.cost))
    matrix = sparse.csr_array((rows.value, rows.column, rows.start), shape=shape)
    left = program.cost - matrix.T @ price
    end = np.where(left > 0.0, program.low, program.high)
    ours = left != 0.0
    paid = price != 0.0
    return float(price[paid] @ side[paid] + left[ours] @ end[ours])
