"""People within a round trip: shares, percentiles, and which failure takes most people out.

M markets, F failures, B bounds. Somebody whose round trip is infinite or NaN is within no bound.
People whose own site is lost are no question of distance: they count as they did before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["WorstCases", "felt_ms", "percentiles_ms", "share_within", "worst_cases"]


@dataclass(frozen=True, kw_only=True)
class WorstCases:
    """For each bound the failure after which fewest people are within it."""

    case: IntArray
    """int (B,): the failure, the first among equals; -1 where no failure takes anybody out."""
    share: FloatArray
    """float (B,): of people within the bound after it."""
    hurt: BoolArray
    """bool (B, M): markets within before and not after, their own site standing."""


def share_within(people: FloatArray, rtt_ms: FloatArray, bounds_ms: FloatArray) -> FloatArray:
    """Share of people whose round trip is at most a bound.

    Parameters
    ----------
    people : float (M,)
    rtt_ms : float (..., M)
        ms; infinite or NaN where nobody answers, or after an unknown time.
    bounds_ms : float (B,)

    Returns
    -------
    float (..., B)
        From 0 to 1.

    Examples
    --------
    >>> rtt_ms = np.array([[4.0, np.inf], [4.0, 12.0]])
    >>> share_within(np.array([3e6, 1e6]), rtt_ms, np.array([5.0, 20.0])).tolist()
    [[0.75, 0.75], [0.75, 1.0]]
    """
    within = rtt_ms[..., np.newaxis, :] <= bounds_ms[:, np.newaxis]
    return np.asarray(within @ people / people.sum(), dtype=np.float64)


def percentiles_ms(
    people: FloatArray, rtt_ms: FloatArray, shares: Sequence[float] = (0.5, 0.95, 1.0)
) -> tuple[float, ...]:
    """Least round trip within which a share of people are; infinite where they never are.

    Examples
    --------
    >>> percentiles_ms(np.array([3e6, 1e6]), np.array([4.0, 12.0]))
    (4.0, 12.0, 12.0)
    """
    late = np.where(np.isnan(rtt_ms), np.inf, rtt_ms)
    order = np.argsort(late, kind="stable")
    reached = np.cumsum(people[order])
    # Rounding of a sum must not push a share that is met exactly to the next market.
    least = [share * float(reached[-1]) * (1.0 - 1e-12) for share in shares]
    return tuple(float(late[order[(reached < count).sum()]]) for count in least)


def felt_ms(before_ms: FloatArray, after_ms: FloatArray, home_lost: BoolArray) -> FloatArray:
    """Round trips after failures, with those whose own site is lost as they were before.

    Parameters
    ----------
    before_ms : float (M,)
    after_ms : float (F, M)
    home_lost : bool (F, M)

    Returns
    -------
    float (F, M)
    """
    return np.where(home_lost, before_ms, after_ms)


def worst_cases(
    people: FloatArray, before_ms: FloatArray, felt: FloatArray, bounds_ms: FloatArray
) -> WorstCases:
    """The failure that takes most people out of each bound.

    Parameters
    ----------
    people : float (M,)
    before_ms : float (M,)
    felt : float (F, M)
        After each failure, as ``felt_ms``.
    bounds_ms : float (B,)
    """
    count = len(bounds_ms)
    case = np.full(count, -1, dtype=np.int64)
    hurt = np.zeros((count, len(people)), dtype=np.bool_)
    share = share_within(people, before_ms, bounds_ms)
    for place, bound_ms in enumerate(bounds_ms):
        out = (before_ms <= bound_ms) & ~(felt <= bound_ms)  # (F, M)
        lost = out @ people
        if len(lost) and lost.max() > 0.0:
            case[place] = int(lost.argmax())
            hurt[place] = out[case[place]]
            share[place] = share_within(people, felt[case[place]], bounds_ms[place : place + 1])[0]
    return WorstCases(case=case, share=share, hurt=hurt)
