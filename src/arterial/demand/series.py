"""Series of traffic matrices down to the demands that a network is built or tried for.

A demand's own peak is the safe side, its 95th percentile what transit is billed by, the busiest
step what the network saw at once. Curves drawn in local time are first moved to one clock.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["busiest_step", "p95_gbps", "peak_gbps", "shifted_gbps"]

FloatArray = NDArray[np.float64]

P95 = 0.95


def peak_gbps(gbps: FloatArray) -> FloatArray:
    """Each demand at its own peak.

    Parameters
    ----------
    gbps : float (T, K)
        Rate of each demand at each step.

    Returns
    -------
    float (K,)
    """
    return gbps.max(axis=0)


def p95_gbps(gbps: FloatArray) -> FloatArray:
    """The least rate of each demand that 95 % of its steps do not exceed; shapes as ``peak_gbps``.

    A rate that was seen, not one between two: the nearest rank, as billing takes it.

    >>> p95_gbps(np.arange(1.0, 21.0).reshape(20, 1)).tolist()
    [19.0]
    """
    return np.quantile(gbps, P95, axis=0, method="inverted_cdf")


def busiest_step(gbps: FloatArray) -> int:
    """The step with the largest sum over all demands, the first of equals; (T, K)."""
    return int(gbps.sum(axis=1).argmax())


def shifted_gbps(gbps: FloatArray, step_h: float, ahead_h: FloatArray) -> FloatArray:
    """Curves in local time as they run on one clock.

    What a demand does at local time t is seen at t less ``ahead_h`` on the common clock. The series
    is taken as a cycle of T steps; between two steps the rate is on the line between them.

    Parameters
    ----------
    gbps : float (T, K)
        Rate of each demand at each step of its local time.
    step_h
        Hours from one step to the next, above 0.
    ahead_h : float (K,)
        Hours by which each demand's local time is ahead of the common clock.

    Returns
    -------
    float (T, K)

    Examples
    --------
    >>> day = np.array([[1.0], [2.0], [5.0], [3.0]])
    >>> shifted_gbps(day, 6.0, np.array([6.0])).ravel().tolist()
    [2.0, 5.0, 3.0, 1.0]
    """
    assert step_h > 0.0
    steps = len(gbps)
    whole = np.floor(ahead_h / step_h)
    part = ahead_h / step_h - whole
    first = (np.arange(steps)[:, np.newaxis] + whole.astype(np.int64)) % steps  # (T, K)
    demand: NDArray[np.int64] = np.arange(gbps.shape[1], dtype=np.int64)
    return (1.0 - part) * gbps[first, demand] + part * gbps[(first + 1) % steps, demand]
